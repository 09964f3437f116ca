"""How a class did."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from woozle.chart.layout import BOLD, TITLE
from woozle.chart.panels import columns_for
from woozle.chart.theme import INK, layered
from woozle.text import wrapped

_BLUE, _RED, _GREEN = "#4a90c4", "#c3281f", "#1b7f3b"


def point_shares(shares: pd.DataFrame, titles: Sequence[str], width: float = 740) -> alt.FacetChart:
    """Draw how many students got what share of the points, in steps of a tenth, with a panel for each assignment.

    Parameters
    ----------
    shares
        `assignment` (title), `share` (0 to 1), one row a student and assignment.
    titles
        The assignments, in their order.
    width
        In pixels, the axes included.
    """
    columns = columns_for(len(titles), width, 340)
    step = alt.Bin(extent=[0, 1], step=0.1)
    bars = (
        alt.Chart(shares)
        .mark_bar(color=_BLUE, stroke=INK, strokeWidth=0.5)
        .encode(
            x=alt.X("share:Q", bin=step, title="share of the points", axis=alt.Axis(format="%", tickCount=5)),
            y=alt.Y("count():Q", title="students", axis=alt.Axis(format="d", values=_whole(shares))),
            tooltip=[alt.Tooltip("count():Q", title="students")],
        )
        .properties(width=width / columns - 70, height=120)
    )
    facet = alt.Facet("assignment:N", sort=list(titles), title=None, header=alt.Header(labelFontSize=12))
    words = f"Half of {len(shares)} submissions have at least {shares['share'].median():.0%} of the points"
    title = wrapped(words, BOLD * width, TITLE)
    return bars.facet(facet, columns=columns).properties(title=title, description="Histograms of the shares of points.")


def _whole(shares: pd.DataFrame) -> list[int]:
    """Return a few whole numbers for the axis of the largest bar."""
    steps = shares["share"].mul(10).astype(int).clip(upper=9)
    most = int(shares.groupby(["assignment", steps]).size().max())
    return list(range(0, most + 1, max(1, -(-most // 4))))


def item_shares(items: pd.DataFrame, width: float = 740) -> alt.LayerChart:
    """Draw the mean share of the points of each item; those that may be too hard or too easy have a colour and a word.

    Parameters
    ----------
    items
        `assignment`, `item`, `mean` (share of the points, 0 to 1), `remark` (empty, "too hard?" or "too easy?").
    width
        In pixels, the names of the items included.
    """
    names = min(320.0, width * 0.45)
    drawn = items.assign(
        place=range(len(items)),
        told=[f"{mean:.0%}  {remark}" for mean, remark in zip(items["mean"], items["remark"], strict=True)],
    )
    y = alt.Y(
        "item:N", sort=drawn["item"].to_list(), title=None, axis=alt.Axis(labelLimit=names, ticks=False, domain=False)
    )
    x = alt.X(
        "mean:Q",
        title="mean share of the points",
        scale=alt.Scale(domain=[0, 1.25]),
        axis=alt.Axis(format="%", values=[0, 0.5, 1]),
    )
    colour = alt.Color(
        "remark:N", legend=None, scale=alt.Scale(domain=["", "too hard?", "too easy?"], range=[_BLUE, _RED, _GREEN])
    )
    tips = [alt.Tooltip(f"{name}:N") for name in ("assignment", "item", "told")]
    bars = alt.Chart(drawn).mark_bar(stroke=INK, strokeWidth=0.5).encode(y=y, x=x, color=colour, tooltip=tips)
    labels = alt.Chart(drawn).mark_text(align="left", dx=5).encode(y=y, x=x, text="told:N")
    hard = int((drawn["remark"] == "too hard?").sum())
    title = f"{hard} of {len(drawn)} items may be too hard" if hard else "No item looks too hard"
    return layered(bars, labels).properties(
        width=width - names, height=alt.Step(24), title=title, description=f"Mean shares of {len(drawn)} items."
    )
