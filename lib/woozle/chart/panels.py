"""Small multiples: the same axes for many curves, each with the band in which it may lie."""

from __future__ import annotations

import math

import altair as alt
import pandas as pd

from woozle.chart.layout import BOLD, TITLE, TimeAxis
from woozle.chart.theme import INK, layered
from woozle.chart.time import placed, time
from woozle.text import wrapped

LINE, BAND = "#3f85bd", "#a6c8e4"


def survival(curves: pd.DataFrame, title: str, description: str, width: float = 1160) -> alt.FacetChart:
    """Draw, for each field, what share of its codes is unchanged after each number of hops from the root.

    Parameters
    ----------
    curves
        From `woozle.measure.field_survival`, with a column `title` (of the field).
    title, description
        The finding in a sentence; what a reader who does not see the chart should know.
    width
        Of the whole, in pixels.
    """
    start = curves.drop_duplicates("title").assign(hops=0, survival=1.0, low=1.0, high=1.0, changed=0)
    start["at_risk"] = start["documents"]
    data = pd.concat([start, curves]).sort_values(["title", "hops"], kind="stable")
    data = data[["title", "hops", "survival", "low", "high", "at_risk", "changed"]].round(4)
    most = int(data["hops"].max())
    x = alt.X("hops:Q", title="hops from the root", axis=alt.Axis(values=list(range(most + 1)), format="d"))
    y = alt.Y(
        "survival:Q", title="share unchanged", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(tickCount=3, format="%")
    )
    base = alt.Chart(data)
    band = base.mark_area(interpolate="step-after", color=BAND, opacity=0.6).encode(x=x, y=alt.Y("low:Q"), y2="high:Q")
    line = base.mark_line(interpolate="step-after", color=LINE, strokeWidth=2).encode(x=x, y=y)
    points = base.mark_point(filled=True, color=INK, size=26, opacity=1).encode(
        x=x,
        y=y,
        tooltip=[
            alt.Tooltip("title:N", title="field"),
            alt.Tooltip("hops:Q"),
            alt.Tooltip("survival:Q", title="unchanged", format=".0%"),
            alt.Tooltip("low:Q", title="low", format=".0%"),
            alt.Tooltip("high:Q", title="high", format=".0%"),
            alt.Tooltip("at_risk:Q", title="documents so far"),
            alt.Tooltip("changed:Q", title="changed here"),
        ],
    )
    return _panels(layered(band, line, points), list(curves["title"].drop_duplicates()), title, description, width)


def as_known(series: pd.DataFrame, days: TimeAxis, title: str, description: str, width: float = 1160) -> alt.FacetChart:
    """Draw figures as they could be known at each moment: with what surely was out, and with what perhaps was.

    Parameters
    ----------
    series
        From `woozle.measure.as_of_series`, of some figures: `moment`, `title` (of the figure), `surely`, `perhaps`.
    days
        The axis of time.
    title, description
        The finding in a sentence; what a reader who does not see the chart should know.
    width
        Of the whole, in pixels.
    """
    titles = list(series["title"].drop_duplicates())
    plot = _plot(len(titles), width)
    x = time("moment", days, plot)
    shown = series[["moment", "title", "surely", "perhaps"]].round({"surely": 4, "perhaps": 4})
    base = alt.Chart(placed(shown, ["moment"], days, plot))
    band = base.mark_area(interpolate="step-after", color=BAND, opacity=0.6).encode(
        x=x, y=alt.Y("surely:Q", title=None, axis=alt.Axis(tickMinStep=1)), y2="perhaps:Q"
    )
    lines = [
        base.mark_line(interpolate="step-after", color=LINE, strokeWidth=1.5, strokeDash=dash).encode(x=x, y=f"{end}:Q")
        for end, dash in (("surely", [1, 0]), ("perhaps", [4, 3]))
    ]
    chart = _panels(layered(band, *lines), titles, title, description, width)
    return chart.resolve_scale(y="independent")


def _panels(layer: alt.LayerChart, titles: list[str], title: str, description: str, width: float) -> alt.FacetChart:
    """Return a layer once for each of `titles`, beside and below each other."""
    columns = columns_for(len(titles), width)
    plot = _plot(len(titles), width)
    facet = alt.Facet("title:N", sort=titles, title=None, header=alt.Header(labelFontSize=12, labelAnchor="start"))
    return (
        layer.properties(width=plot, height=110)
        .facet(facet, columns=columns)
        .properties(title=alt.TitleParams(wrapped(title, BOLD * width, TITLE)), description=description)
    )


def columns_for(panels: int, width: float, each: float = 280) -> int:
    """Return how many columns to use for panels that need `each` pixels, so that all rows are about equally full."""
    rows = math.ceil(panels / max(1, int(width // each)))
    return math.ceil(panels / max(1, rows)) or 1


def _plot(panels: int, width: float) -> float:
    """Return the width of one panel without its axis."""
    return width / columns_for(panels, width) - 70
