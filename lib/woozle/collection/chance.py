"""What chance alone would do: how often accounts share the same thing together because many share it in that hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import poisson

from woozle.collection.coordination import HOUR, Shares
from woozle.errors import ParameterError

REDRAWN, SHUFFLED = "redrawn", "shuffled"
LEVEL = 0.9
_CELLS = 100_000_000  # counts (draws times edges) that are kept in memory


@dataclass(frozen=True, eq=False)
class Chance:
    """Pairs as they were seen, and as they come about by chance, with times drawn anew.

    Attributes
    ----------
    edges : DataFrame
        One row an edge that was seen, the least probable first: `account`, `other`, `weight` (pairs seen), `expected`
        (mean of the draws), `low`, `high` (90 % of the draws), `p` (probability that chance
        gives as many pairs or more, from a Poisson distribution around the draws), `q` (the largest share of false
        edges if all edges up to this `p` are accepted; Benjamini & Hochberg 1995, over all pairs of shares that could
        meet).
    pairs : int
        How many pairs were seen.
    expected, low, high : float
        How many there are in the draws: mean, and 90 %.
    draws, seed : int
        How many draws were made, and their seed.
    bound : float
        The proportion of shares, from 0 to 1, whose time the draws can't change; 0 for `redrawn`.
    """

    edges: pd.DataFrame
    pairs: int
    expected: float
    low: float
    high: float
    draws: int
    seed: int
    bound: float


def by_chance(
    shares: pd.DataFrame,
    window: float = 60,
    min_participation: int = 2,
    times: str = REDRAWN,
    draws: int = 500,
    seed: int = 0,
    within: float = HOUR,
) -> Chance:
    """Return how often accounts would share together by chance, beside how often they did.

    In each draw every account shares what it shared, in the hour in which it shared it; only the moment within the hour
    is drawn at random. So a link that many share in one hour makes many pairs in the draws as well.

    Parameters
    ----------
    shares, window, min_participation
        As for `coordination`.
    times
        `redrawn`: each moment is drawn evenly from its hour. `shuffled`: the moments of one account in one hour change
        places among its shares. Nothing changes where an account has one share in an hour (`bound` is the proportion of
        such shares), so few edges can stand out.
    draws, seed
        How many draws, and their seed. Of very many edges fewer are made: `Chance.draws` says how many.
    within
        The length of the hour, in seconds.

    Raises
    ------
    ParameterError
        A parameter is impossible, or the table has a fault, as for `coordination`.

    Examples
    --------
    Two accounts share twenty links, within two seconds of each other each time.

    >>> hours = np.arange(20) * 3600 + 1000
    >>> shares = pd.DataFrame({"object": [f"link{n}" for n in range(20)] * 2, "account": ["a"] * 20 + ["b"] * 20,
    ...     "content": [str(n) for n in range(40)], "time": [*hours, *(hours + 2)]})
    >>> found = by_chance(shares, window=10, draws=200)
    >>> found.pairs, found.expected < 1, bool(found.edges["p"][0] < 0.01)
    (20, True, True)
    """
    if times not in (REDRAWN, SHUFFLED):
        raise ParameterError(f"times='{times}' is not known. Use {REDRAWN} or {SHUFFLED}.")
    if draws < 1 or not within > 0:
        raise ParameterError("draws and within: a number above 0 is needed.")
    of = Shares(shares, min_participation)
    seen = _edges(of, *of.numbered(of.times, window))
    known, weights = np.unique(seen, return_counts=True)
    draws = max(1, min(draws, _CELLS // max(len(known), 1)))
    draw = _Draw(of, times, within, np.random.default_rng(seed))
    totals, counts = np.empty(draws, dtype=np.int64), np.empty((draws, len(known)), dtype=np.int32)
    for number in range(draws):
        order, drawn = draw()
        pairs = _edges(of, *of.numbered(drawn, window, order=order))
        totals[number] = len(pairs)
        places = np.searchsorted(known, pairs)
        places[places == len(known)] = 0
        counts[number] = np.bincount(places[known[places] == pairs], minlength=len(known)) if len(known) else 0
    low, high = np.quantile(totals, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    could_meet = of.candidates(window + within)
    edges = _table(of, known, weights, counts, could_meet)
    return Chance(edges, len(seen), float(totals.mean()), float(low), float(high), draws, seed, draw.bound)


class _Draw:
    """Draws moments anew: each call returns the order of the shares by object and new moment, and the new moments."""

    def __init__(self, of: Shares, times: str, within: float, generator: np.random.Generator):
        self.of, self.within, self.generator, self.shuffled = of, within, generator, times == SHUFFLED
        self.hours = np.floor_divide(of.times, within).astype(np.int64)
        cells = pd.factorize(of.in_order * (self.hours.max(initial=0) - self.hours.min(initial=0) + 1) + self.hours)[0]
        self.cells = cells
        alone = np.bincount(cells, minlength=1)[cells] == 1 if len(cells) else np.empty(0, dtype=bool)
        self.bound = float(alone.mean()) if self.shuffled and len(alone) else 0.0
        self.by_cell = np.lexsort((of.times, cells))

    def __call__(self) -> tuple[np.ndarray, np.ndarray]:
        size = len(self.of.times)
        if self.shuffled:
            moments = np.empty(size)
            mixed = np.lexsort((self.generator.random(size), self.cells))
            moments[mixed] = self.of.times[self.by_cell]
        else:
            moments = (self.hours + self.generator.random(size)) * self.within
        order = np.lexsort((moments, self.of.objects))
        return order, moments[order]


def _edges(of: Shares, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the edge of each pair as one number."""
    a, b = of.in_order[first], of.in_order[second]
    return np.minimum(a, b) * len(of.accounts) + np.maximum(a, b)


def _table(of: Shares, known: np.ndarray, weights: np.ndarray, counts: np.ndarray, could_meet: int) -> pd.DataFrame:
    ends = np.stack([known // len(of.accounts), known % len(of.accounts)]) if len(known) else np.empty((2, 0), int)
    named = np.sort(of.accounts.to_numpy(dtype=object)[ends], axis=0)
    low, high = np.quantile(counts, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    # Half a pair more than was drawn: what never came about in the draws is rare and not impossible.
    p = poisson.sf(weights - 1, (counts.sum(axis=0) + 0.5) / len(counts))
    table = pd.DataFrame(
        {"account": named[0].astype(str), "other": named[1].astype(str), "weight": weights,
         "expected": counts.mean(axis=0), "low": low, "high": high, "p": p, "q": _false_share(p, could_meet)}
    )  # fmt: skip
    return table.sort_values(
        ["p", "weight", "account", "other"], ascending=[True, False, True, True], ignore_index=True
    )


def _false_share(p: np.ndarray, tests: int) -> np.ndarray:
    """Return for each p the largest share of false edges up to it, if `tests` edges could have been seen."""
    order = np.argsort(-p, kind="stable")
    ranks = np.arange(len(p), 0, -1)
    q = np.empty(len(p))
    q[order] = np.minimum.accumulate(np.minimum(p[order] * max(tests, len(p)) / ranks, 1.0)) if len(p) else []
    return q


def by_window(
    shares: pd.DataFrame,
    windows: Sequence[float] = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600),
    min_participation: int = 2,
    draws: int = 100,
    seed: int = 0,
) -> pd.DataFrame:
    """Return how the number of pairs depends on the window, with what chance alone would give.

    Parameters
    ----------
    shares, min_participation
        As for `coordination`.
    windows
        Seconds.
    draws, seed
        How many draws, and their seed; each moment is drawn evenly from its hour.

    Returns
    -------
    DataFrame
        One row a window: `window` (s), `pairs`, `edges`, `accounts`, `expected`, `low`, `high` (pairs by chance, as of
        `by_chance`).

    Examples
    --------
    >>> shares = pd.DataFrame({"object": ["x"] * 3 + ["y"] * 3, "account": ["a", "b", "c"] * 2,
    ...     "content": list("123456"), "time": [0, 5, 50, 900, 905, 2000]})
    >>> by_window(shares, [10, 100], draws=10)["pairs"].to_list()
    [2, 4]
    """
    if draws < 1:
        raise ParameterError("draws: a number above 0 is needed.")
    of = Shares(shares, min_participation)
    draw, totals = _Draw(of, REDRAWN, HOUR, np.random.default_rng(seed)), []
    for _ in range(draws):
        order, drawn = draw()
        totals.append([len(of.numbered(drawn, window, order=order)[0]) for window in windows])
    rows = []
    for window, counts in zip(windows, np.transpose(totals), strict=True):
        first, second = of.numbered(of.times, window)
        accounts = len(np.union1d(of.in_order[first], of.in_order[second]))
        bounds = np.quantile(counts, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        edges = len(np.unique(_edges(of, first, second)))
        rows.append([window, len(first), edges, accounts, counts.mean(), *bounds])
    return pd.DataFrame(rows, columns=["window", "pairs", "edges", "accounts", "expected", "low", "high"])
