"""Small charts for the findings of a story."""

from __future__ import annotations

import altair as alt
import pandas as pd

from woozle.chart.layout import BOLD, TITLE
from woozle.chart.theme import INK, QUIET, layered
from woozle.text import wrapped

_BLUE, _RED, _LIGHT = "#2b6ca3", "#b5241d", "#e3a9a4"


def second_sources(points: pd.DataFrame, title: str, description: str, width: float = 760) -> alt.LayerChart:
    """Draw the two ways from one document to another that seems to have two sources.

    Parameters
    ----------
    points
        `document` (label), `x` (0 to 1), `y` (-1, 0, 1), `way` (1 or -1); both ends have a row in each way.
    title, description
        The finding in a sentence; what a reader who does not see the chart should know.
    width
        Of the whole, in pixels.
    """
    is_wide = width > 500
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.16, 1.16] if is_wide else [-0.3, 1.3]))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[-1.7, 1.7]))
    lines = (
        alt.Chart(points)
        .mark_line(interpolate="monotone", color=QUIET, strokeWidth=1.5)
        .encode(x=x, y=y, detail="way:N", order="x:Q")
    )
    once = points.drop_duplicates("document")
    once = once.assign(
        above=once["y"] - 0.42 + 0.84 * (once["y"] >= 0),
        lines=pd.Series([wrapped(text, 150 if is_wide else 88, 12) for text in once["document"]], once.index),
    )
    marks = alt.Chart(once).mark_point(size=110, filled=True, opacity=1, color=_BLUE).encode(x=x, y=y)
    names = (
        alt.Chart(once)
        .mark_text(fontSize=12, fontWeight="bold", lineHeight=14, baseline="middle")
        .encode(x=x, y=alt.Y("above:Q", axis=None, scale=alt.Scale(domain=[-1.7, 1.7])), text="lines:N")
    )
    heading = alt.TitleParams(wrapped(title, BOLD * width, TITLE), frame="bounds")
    return layered(lines, marks, names).properties(width=width - 20, height=200, title=heading, description=description)


def stopped(bars: pd.DataFrame, most: int, title: str, description: str, width: float = 760) -> alt.LayerChart:
    """Draw how many documents each of some events would have cut off, at least and at most.

    Parameters
    ----------
    bars
        `what`, `at_least`, `at_most`, `told` (the number in words), in their order.
    most
        How many there are in all: the end of the axis.
    title, description
        As in `second_sources`.
    width
        Of the whole, in pixels.
    """
    labels = min(260.0, width * 0.45)
    bars = bars.assign(lines=pd.Series([wrapped(text, labels, 12) for text in bars["what"]], bars.index))
    y = alt.Y("what:N", sort=bars["what"].to_list(), axis=None, scale=alt.Scale(paddingInner=0.35))
    scale = alt.Scale(domain=[0, max(most, 1) * 1.12])
    x = alt.X(
        "at_most:Q",
        scale=scale,
        axis=alt.Axis(title="other documents with the claim", tickMinStep=1, tickCount=5, format="d"),
    )
    base = alt.Chart(bars)
    layers = [
        base.mark_bar(color=_LIGHT, stroke=INK, strokeWidth=0.4).encode(x=x, y=y),
        base.mark_bar(color=_RED, stroke=INK, strokeWidth=0.4).encode(x=alt.X("at_least:Q", scale=scale), y=y),
        base.mark_text(align="left", dx=6, fontWeight="bold", fontSize=12).encode(
            x=alt.X("at_most:Q", scale=scale), y=y, text="told:N"
        ),
        base.mark_text(align="right", dx=-8, fontSize=12, lineHeight=14, baseline="middle").encode(
            x=alt.value(0), y=y, text="lines:N"
        ),
    ]
    heading = alt.TitleParams(wrapped(title, BOLD * width, TITLE), frame="bounds")
    return layered(*layers).properties(
        width=width - labels - 40, height=alt.Step(46), title=heading, description=description
    )
