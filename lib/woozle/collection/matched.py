"""Two groups of cascades compared at the same sizes: larger ones are deeper and broader whatever they tell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from woozle.collection.columns import column_of
from woozle.collection.null import LEVEL
from woozle.errors import ParameterError

STATISTICS = ("depth", "breadth", "virality", "hours_to_half")


def size_matched(
    first: pd.DataFrame,
    second: pd.DataFrame,
    statistics: Sequence[str] = STATISTICS,
    least: int = 2,
    draws: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return how two groups of cascades differ, and how they differ at the same sizes.

    In each draw cascades are resampled within both groups. Of each size, both groups then give as many cascades as the
    group that has fewer.

    Parameters
    ----------
    first, second
        As `woozle.collection.cascades` returns them.
    statistics
        Columns to compare.
    least
        Cascades of fewer posts are left out.
    draws, seed
        How many draws, and their seed.

    Returns
    -------
    DataFrame
        One row a statistic: `statistic`, `first`, `second` (means of all), `difference` (first minus second), `low`,
        `high` (90 % of the draws); `matched`, `matched_low`, `matched_high` (the difference at the same sizes: mean and
        90 % of the draws), `pairs` (how many cascades of each group are compared: mean of the draws). The matched
        columns are NaN where no size occurs in both.

    Raises
    ------
    ParameterError
        A column is missing, or a group has no cascade of `least` posts or more.

    References
    ----------
    Juul & Ugander (2021), Comparing information diffusion mechanisms by matching on cascade size,
    doi 10.1073/pnas.2100786118.

    Examples
    --------
    >>> stars = pd.DataFrame({"size": [5, 9], "depth": [1, 1]})
    >>> chains = pd.DataFrame({"size": [5, 2], "depth": [4, 1]})
    >>> size_matched(stars, chains, ["depth"])[["difference", "matched"]].to_numpy().tolist()
    [[-1.5, -3.0]]
    """
    groups = []
    for name, of in (("first", first), ("second", second)):
        kept = of[column_of(of, "size") >= least]
        for statistic in statistics:
            column_of(of, statistic)
        if kept.empty:
            raise ParameterError(f"{name}: there is no cascade of {least} posts or more.")
        groups.append(kept)
    values = [of[list(statistics)].to_numpy(dtype=float) for of in groups]
    sizes = [of["size"].to_numpy() for of in groups]
    draw = np.random.default_rng(seed)
    plain, matched, pairs = np.empty((draws, len(statistics))), np.empty((draws, len(statistics))), np.empty(draws)
    for number in range(draws):
        taken = [draw.integers(len(of), size=len(of)) for of in sizes]
        plain[number] = _means(values[0][taken[0]]) - _means(values[1][taken[1]])
        both = _matched(sizes[0][taken[0]], sizes[1][taken[1]])
        pairs[number] = len(both[0])
        sides = [_means(values[side][taken[side][both[side]]]) for side in (0, 1)]
        matched[number] = sides[0] - sides[1]
    ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    rows = []
    for at, statistic in enumerate(statistics):
        means = [_means(of)[at] for of in values]
        known = matched[~np.isnan(matched[:, at]), at]
        low, high = np.quantile(known, ends) if len(known) else (np.nan, np.nan)
        rows.append(
            [statistic, *means, means[0] - means[1], *np.nanquantile(plain[:, at], ends),
             known.mean() if len(known) else np.nan, low, high, pairs.mean()]
        )  # fmt: skip
    names = [
        "statistic",
        "first",
        "second",
        "difference",
        "low",
        "high",
        "matched",
        "matched_low",
        "matched_high",
        "pairs",
    ]
    return pd.DataFrame(rows, columns=names)


def _means(values: np.ndarray) -> np.ndarray:
    """Return the means of columns over what is known; NaN where nothing is."""
    known = ~np.isnan(values)
    counts = known.sum(axis=0)
    with np.errstate(invalid="ignore"):
        return np.where(counts, np.where(known, values, 0).sum(axis=0) / counts, np.nan)


def _matched(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return places in both arrays so that each size occurs as often in either."""
    sides = []
    for own, other in ((first, second), (second, first)):
        order = np.argsort(own, kind="stable")
        ranked = own[order]
        rank = np.arange(len(own)) - np.searchsorted(ranked, ranked)  # how many of its size came before
        sizes, counts = np.unique(other, return_counts=True)
        at = np.minimum(np.searchsorted(sizes, ranked), len(sizes) - 1)
        room = np.where(sizes[at] == ranked, counts[at], 0)
        sides.append(order[rank < room])
    return sides[0], sides[1]
