"""What rests on which root."""

from __future__ import annotations

import altair as alt
import pandas as pd

from woozle.chart.layout import BOLD, TITLE
from woozle.chart.theme import INK, layered
from woozle.text import wrapped

_PARTS = {
    "others_coded": ("along coded hops", "#4a90c4"),
    "inferred": ("only through inferred hops", "#c9dff0"),
}


def roots(resting: pd.DataFrame, title: str, description: str, width: float = 820) -> alt.LayerChart:
    """Draw how many other documents rest on each root.

    Parameters
    ----------
    resting
        From `woozle.measure.resting_on`, with a column `label`.
    title, description
        The finding in a sentence; what a reader who does not see the chart should know.
    width
        Of the whole, in pixels.
    """
    labels = min(230.0, width * 0.4)
    wide = resting.reset_index().assign(others_coded=resting["others"].to_numpy() - resting["inferred"].to_numpy())
    order = wide["label"].to_list()
    long = wide.melt(
        id_vars=["label", "others", "of"], value_vars=list(_PARTS), var_name="part", value_name="documents"
    )
    long["how"] = [_PARTS[part][0] for part in long["part"]]
    most = max(int(wide["others"].max()), 1)
    y = alt.Y(
        "label:N",
        sort=order,
        title=None,
        axis=alt.Axis(labelLimit=labels, labelPadding=6, ticks=False, domain=False),
    )
    axis = alt.Axis(tickMinStep=1, tickCount=8 if width > 500 else 4, format="d", grid=True)
    x = alt.X(
        "documents:Q",
        title="other documents that rest on it",
        axis=axis,
        scale=alt.Scale(domain=[0, most * 1.1]),
    )
    scale = alt.Scale(domain=[words for words, _ in _PARTS.values()], range=[colour for _, colour in _PARTS.values()])
    bars = (
        alt.Chart(long)
        .mark_bar(stroke=INK, strokeWidth=0.5)
        .encode(
            y=y,
            x=x.stack("zero"),
            color=alt.Color("how:N", scale=scale, legend=alt.Legend(title=None, orient="bottom")),
            order=alt.Order("part:N", sort="descending"),
            tooltip=[alt.Tooltip("label:N", title="root"), alt.Tooltip("how:N"), alt.Tooltip("documents:Q")],
        )
    )
    counts = (
        alt.Chart(wide)
        .mark_text(align="left", dx=5, fontWeight="bold")
        .encode(y=y, x=alt.X("others:Q"), text="others:Q")
    )
    return layered(bars, counts).properties(
        width=width - labels - 30,
        height=alt.Step(30),
        title=alt.TitleParams(wrapped(title, BOLD * width, TITLE), frame="bounds"),
        description=description,
    )
