"""How would the headline figures change if proposed hops were believed, each as far as its probability goes?"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from woozle.cascade import Cascade
from woozle.errors import DateError
from woozle.infer.proposals import Inference
from woozle.measure.intervals import check_draws, quantiles
from woozle.measure.states import FIGURES
from woozle.measure.uncertainty import headline_draws

FORESTS = 30  # so many joint choices of sources are drawn; each is used for several draws of dates
_SWEEPS = 60
_SEEN, _CHANCE = 0.05, 0.001  # what a reader sees of a difference; how probable it may be by chance alone


def believed_draws(
    cascade: Cascade, inference: Inference | None = None, draws: int = 600, seed: int = 0
) -> pd.DataFrame:
    """Draw every headline figure with sources drawn for the documents that have none coded.

    Each draw takes one joint choice of sources (see `woozle.infer.Inference.sources`): a document has at most one, no
    circle is formed, the dates allow it. Dates and other inferred hops vary as in `headline_draws`. A cascade without
    inferred hops, or with only what was seen on a page, has none of the proposed ones either.

    Returns
    -------
    DataFrame
        Draws × figures, as `headline_draws`.

    Examples
    --------
    >>> import woozle
    >>> drawn = believed_draws(woozle.open("ual_bankruptcy_2008").cascade(), draws=60)
    >>> float(drawn["roots"].min())
    1.0
    """
    check_draws(draws, seed)
    inference = inference or Inference(cascade)
    forests = inference.sources
    step = max(1, len(forests) // FORESTS)
    parts = []
    for number, sources in enumerate(forests[::step][:FORESTS]):
        try:
            case = cascade.case.with_sources(sources, inference.choosing)
        except DateError:  # what came after the moment of reading does not allow it
            continue
        share = -(-draws // FORESTS)
        then = replace(cascade, case=case)
        counted = {(hop.cited, hop.citing) for hop in then.citations_that_count}  # inferred ones may be left out
        believed = {(cited, citing): 1.0 for citing, cited in sources.items() if (cited, citing) in counted}
        parts.append(headline_draws(then, share, seed + number, probability=believed, sweeps=_SWEEPS))
    return pd.concat(parts, ignore_index=True)[:draws].rename_axis("draw")


def believed_intervals(
    cascade: Cascade, inference: Inference | None = None, draws: int = 600, seed: int = 0
) -> pd.DataFrame:
    """Return every headline figure as coded, and if proposed hops are believed.

    Returns
    -------
    DataFrame
        By `figure`, in the order of `FIGURES`: `title`, `unit`; `median`, `low`, `high` (the middle 90 % of draws
        without proposals), and the same with `then_` in front, with them; `moves`: the median or an end of the interval
        differs, and the draws differ by more than chance (two-sample test of Kolmogorov and Smirnov, p < 0.001).

    Examples
    --------
    >>> import woozle
    >>> found = believed_intervals(woozle.open("ual_bankruptcy_2008").cascade(), draws=60)
    >>> bool(found["moves"].loc["roots"])
    False
    """
    drawn = {"": headline_draws(cascade, draws, seed), "then_": believed_draws(cascade, inference, draws, seed)}
    rows = {}
    for figure in FIGURES:
        row: dict[str, object] = {"title": figure.title, "unit": figure.unit}
        for prefix, draws_of in drawn.items():
            low, median, high = quantiles(draws_of[figure.name])
            row |= {f"{prefix}median": median, f"{prefix}low": low, f"{prefix}high": high}
        pairs = [(row[end], row[f"then_{end}"]) for end in ("median", "low", "high")]
        row["moves"] = any(abs(a - b) > _SEEN for a, b in pairs) and _differ(*(d[figure.name] for d in drawn.values()))
        rows[figure.name] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("figure")


def _differ(one: pd.Series, other: pd.Series) -> bool:
    """Tell whether two sets of draws differ by more than chance."""
    from scipy.stats import ks_2samp

    one, other = one.dropna(), other.dropna()
    if one.empty or other.empty:
        return one.empty != other.empty
    return bool(ks_2samp(one, other).pvalue < _CHANCE)
