"""How would the headline figures change if proposed hops counted, each as often as its probability says?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from woozle.description import STANDARD, Column, columns, described
from woozle.errors import DateError
from woozle.infer.proposals import Inference
from woozle.measure.headline import STATISTICS
from woozle.measure.intervals import check_draws, quantiles
from woozle.measure.uncertainty import headline_draws
from woozle.model.cascade import Cascade

FORESTS = 30  # so many joint choices of sources are drawn; each is used for several draws of dates
_SWEEPS = 60
_SEEN, _CHANCE = 0.05, 0.001  # what a reader sees of a difference; how probable it may be by chance alone


def believed_draws(
    cascade: Cascade, inference: Inference | None = None, draws: int = 600, seed: int = 0
) -> pd.DataFrame:
    """Return draws of every headline figure in which documents without a coded source get one at random.

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
            case = cascade.case.add_hops(sources, inference.choosing)
        except DateError:  # what came after the moment of reading does not allow it
            continue
        share = -(-draws // FORESTS)
        then = replace(cascade, case=case)
        counted = {(hop.cited, hop.citing) for hop in then.citations_that_count}  # inferred ones may be left out
        believed = [(cited, citing) for citing, cited in sources.items() if (cited, citing) in counted]
        certain: dict[str | tuple[str, str], float] = dict.fromkeys(believed, 1.0)
        parts.append(headline_draws(then, share, seed + number, probability=certain, sweeps=_SWEEPS))
    return pd.concat(parts, ignore_index=True)[:draws].rename_axis("draw")


@described(
    "If proposals are believed",
    "By figure, in the order of `STATISTICS`",
    columns(
        "figure",
        title=Column("words", "the title of the figure", "figure"),
        unit=STANDARD["unit"],
        median=Column("in its unit", "the median of the draws without proposals", "as coded"),
        low=Column("in its unit", "the lower end of the middle 90 % of the draws"),
        high=Column("in its unit", "the upper end of the middle 90 % of the draws"),
        then_median=Column("in its unit", "the median with them", "if believed"),
        then_low=Column("in its unit", "the lower end with them", "low then"),
        then_high=Column("in its unit", "the upper end with them", "high then"),
        moves=Column("yes or no", "median or an end differs, and the draws differ by more than chance (p < 0.001)"),
    ),
    caption="Headline figures that would change by more than chance if proposals counted, each as often as its "
    "probability says (median and middle nine tenths of draws).",
    shown=("title", "median", "low", "high", "then_median", "then_low", "then_high", "unit"),
    limits="the probabilities are a model's, fitted on few cases",
    source="the two-sample test of Kolmogorov and Smirnov",
)
def believed_intervals(
    cascade: Cascade, inference: Inference | None = None, draws: int = 600, seed: int = 0
) -> pd.DataFrame:
    """Return every headline figure as coded, and if proposed hops are believed.

    Examples
    --------
    >>> import woozle
    >>> found = believed_intervals(woozle.open("ual_bankruptcy_2008").cascade(), draws=60)
    >>> bool(found["moves"].loc["roots"])
    False
    """
    drawn = {"": headline_draws(cascade, draws, seed), "then_": believed_draws(cascade, inference, draws, seed)}
    rows = {}
    for figure in STATISTICS:
        row: dict[str, Any] = {"title": figure.title, "unit": figure.unit}
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
    return bool(ks_2samp(one, other).pvalue < _CHANCE)  # pyright: ignore[reportAttributeAccessIssue]
