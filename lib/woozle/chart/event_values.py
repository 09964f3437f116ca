"""What happened in the world, in figures."""

from __future__ import annotations

import altair as alt
import pandas as pd

from woozle.chart.layout import BOLD, TITLE
from woozle.chart.theme import INK, layered
from woozle.text import wrapped

_BREAK = " ¶ "  # between the lines of a label


def event_values(values: pd.DataFrame, title: str, description: str, width: float = 820) -> alt.LayerChart:
    """Draw the values of events, one bar each, in the order of time.

    Parameters
    ----------
    values
        `event`, `when` (words), `value`, `told` (value, unit and change in words), in the order in which to draw; all
        in one unit.
    title, description
        The finding in a sentence; what a reader who does not see the chart should know.
    width
        Of the whole, in pixels.
    """
    labels = min(420.0, width * 0.5)
    drawn = values.assign(line=pd.Series([wrapped(text, labels - 12, 11) for text in values["event"]], values.index))
    drawn["place"] = range(len(drawn))
    lines = int(drawn["line"].map(len).max())
    drawn["line"] = [_BREAK.join(line) for line in drawn["line"]]
    axis = alt.Axis(
        labelExpr=f"split(datum.label, '{_BREAK}')", labelLimit=labels, labelPadding=8, ticks=False, domain=False
    )
    y = alt.Y("line:N", sort=drawn["line"].to_list(), title=None, axis=axis)
    low, high = min(0.0, float(drawn["value"].min())), max(0.0, float(drawn["value"].max()))
    reach = (high - low) * 1.45 or 1.0
    x = alt.X("value:Q", title=None, axis=alt.Axis(grid=True, tickCount=4), scale=alt.Scale(domain=[low, low + reach]))
    tips = [alt.Tooltip(f"{name}:N", title=name) for name in ("event", "when", "told")]
    bars = alt.Chart(drawn).mark_bar(color="#4a90c4", stroke=INK, strokeWidth=0.5).encode(y=y, x=x, tooltip=tips)
    told = alt.Chart(drawn).mark_text(align="left", dx=5).encode(y=y, x=x, text="told:N")
    return layered(bars, told).properties(
        width=width - labels - 30,
        height=alt.Step(max(30, 14 * lines + 10)),
        title=alt.TitleParams(wrapped(title, BOLD * width, TITLE), frame="bounds"),
        description=description,
    )
