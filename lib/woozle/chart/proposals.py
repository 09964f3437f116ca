"""Draw what a model proposes: dashed, like everything that nobody coded."""

from __future__ import annotations

import altair as alt
import pandas as pd

from woozle.chart.layout import BOLD, TITLE
from woozle.chart.theme import INK, QUIET, layered
from woozle.text import wrapped

_FILL, _EDGE, _NOBODY = "#dbe9f5", "#3f85bd", "#f1f2f4"


def proposals(table: pd.DataFrame, title: str, description: str, width: float = 820) -> alt.VConcatChart:
    """Draw for each document the probability of each source that is proposed for it.

    Parameters
    ----------
    table
        One row a proposal: `document`, `source` (labels), `probability`, `reason`, `is_hop` (False: no source in this
        collection).
    title, description
        The finding in a sentence; what a reader who does not see the chart should know.
    width
        Of the whole, in pixels.
    """
    data = table[["document", "source", "probability", "reason", "is_hop"]].round({"probability": 3})
    data = data.assign(name=data["source"].str.slice(0, 60))
    marks = _marks()
    parts = [_bars(of, str(document), width, *marks) for document, of in data.groupby("document", sort=False)]
    heading = alt.TitleParams(wrapped(title, BOLD * width, TITLE), offset=14)
    return alt.vconcat(*parts, spacing=14).properties(title=heading, description=description)


def _bars(data: pd.DataFrame, document: str, width: float, bars: alt.Chart, labels: alt.Chart) -> alt.LayerChart:
    """Draw the proposals for one document."""
    room = min(260, 0.42 * width)
    y = alt.Y("name:N", sort=list(data["name"]), title=None, axis=alt.Axis(labelLimit=room, minExtent=room))
    shown = [part.properties(data=data.drop(columns="source")).encode(y=y) for part in (bars, labels)]
    return layered(*shown).properties(
        width=width - room - 60, height=alt.Step(19), title=alt.TitleParams(document, fontSize=12)
    )


def _marks() -> tuple[alt.Chart, alt.Chart]:
    """Return marks for bars and labels without data: Altair checks conditions slowly, so they are made only once."""
    x = alt.X(
        "probability:Q",
        scale=alt.Scale(domain=[0, 1]),
        title=None,
        axis=alt.Axis(format="%", tickCount=4),
        stack=None,
    )
    told = [
        alt.Tooltip("document:N"),
        alt.Tooltip("name:N", title="perhaps from"),
        alt.Tooltip("probability:Q", format=".0%"),
        alt.Tooltip("reason:N"),
    ]
    bars = (
        alt.Chart()
        .mark_bar(strokeWidth=1.2, height=13)
        .encode(
            x=x,
            tooltip=told,
            fill=alt.condition("datum.is_hop", alt.value(_FILL), alt.value(_NOBODY)),
            stroke=alt.condition("datum.is_hop", alt.value(_EDGE), alt.value(QUIET)),
            strokeDash=alt.condition("datum.is_hop", alt.value([4, 3]), alt.value([1, 0])),
        )
    )
    labels = (
        alt.Chart()
        .mark_text(align="left", dx=5, color=INK, fontSize=11)
        .encode(x=x, text=alt.Text("probability:Q", format=".0%"), tooltip=told)
    )
    return bars, labels


def reliability(table: pd.DataFrame, title: str, description: str, width: float = 420) -> alt.LayerChart:
    """Draw how often proposals were right, by their probability; on the diagonal, the two are equal.

    Parameters
    ----------
    table
        From `woozle.infer.checking.reliability`, with a column `of` (what was checked).
    title, description
        The finding in a sentence; what a reader who does not see the chart should know.
    width
        Of the plot, in pixels; it is square.
    """
    axis = alt.Axis(format="%", tickCount=5)
    unit = alt.Scale(domain=[0, 1])
    x = alt.X("probability:Q", scale=unit, axis=axis, title="probability of the first proposal")
    data = table.reset_index(drop=True).round(4)
    diagonal = alt.Chart(pd.DataFrame({"probability": [0, 1], "right": [0, 1]}))
    line = diagonal.mark_line(color=QUIET, strokeDash=[2, 3], strokeWidth=1).encode(
        x=x, y=alt.Y("right:Q", scale=unit, axis=axis, title="share that is right")
    )
    base = alt.Chart(data)
    colour = alt.Color("of:N", title=None, scale=alt.Scale(range=["#3f85bd", "#c3281f", "#1b7f3b"]))
    shape = alt.Shape("of:N", title=None)
    bars = base.mark_rule(strokeWidth=1.2, opacity=0.7).encode(x=x, y="low:Q", y2="high:Q", color=colour)
    points = base.mark_point(filled=True, opacity=1).encode(
        x=x,
        y="right:Q",
        color=colour,
        shape=shape,
        size=alt.Size("documents:Q", scale=alt.Scale(range=[25, 260]), title="documents"),
    )
    return layered(line, bars, points).properties(
        width=width, height=width, title=alt.TitleParams(wrapped(title, BOLD * width, TITLE)), description=description
    )
