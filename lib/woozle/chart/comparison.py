"""Several cases side by side."""

from __future__ import annotations

import altair as alt
import pandas as pd

from woozle.chart.layout import BOLD, TITLE
from woozle.chart.panels import columns_for
from woozle.chart.theme import INK, PAPER, QUIET, layered
from woozle.text import wrapped

_VALUE, _ALONE = "#3f85bd", "#d5dae0"


def compared_figures(values: pd.DataFrame, title: str, description: str, width: float = 1160) -> alt.FacetChart:
    """Draw shares of several cases, one panel a figure: a point as coded, a line for the middle 90 % of the draws.

    Parameters
    ----------
    values
        `title` (of the figure), `case`, `share`, `low`, `high` (from 0 to 1), `told` (count and denominator in words).
    title, description
        The finding in a sentence; what a reader who does not see the chart should know.
    width
        Of the whole, in pixels.
    """
    cases, titles = list(values["case"].drop_duplicates()), list(values["title"].drop_duplicates())
    columns = columns_for(len(titles), width, 330)
    labels = min(150.0, width * 0.3)
    plot = width / columns - labels - 25
    y = alt.Y("case:N", sort=cases, title=None, axis=alt.Axis(labelLimit=labels, ticks=False, domain=False))
    scale = alt.Scale(domain=[0, 1.32])
    axis = alt.Axis(values=[0, 0.5, 1], format="%", grid=True)
    base = alt.Chart(values.round(4))
    tips = [alt.Tooltip("case:N"), alt.Tooltip("title:N", title="figure"), alt.Tooltip("told:N", title="as coded")]
    lines = base.mark_rule(strokeWidth=3, color=_VALUE, opacity=0.45).encode(
        y=y, x=alt.X("low:Q", scale=scale, axis=axis, title=None), x2="high:Q"
    )
    points = base.mark_point(filled=True, size=60, color=_VALUE, stroke=INK, strokeWidth=0.6, opacity=1).encode(
        y=y, x=alt.X("share:Q", scale=scale, axis=axis, title=None), tooltip=tips
    )
    told = base.mark_text(align="right", fontSize=10, color=QUIET).encode(y=y, x=alt.XValue(plot), text="told:N")
    facet = alt.Facet("title:N", sort=titles, title=None, header=alt.Header(labelFontSize=12, labelAnchor="start"))
    return (
        layered(lines, points, told)
        .properties(width=plot, height=alt.Step(20))
        .facet(facet, columns=columns)
        .properties(title=alt.TitleParams(wrapped(title, BOLD * width, TITLE)), description=description)
    )


def hop_typology(shares: pd.DataFrame, title: str, description: str, width: float = 820) -> alt.LayerChart:
    """Draw how often each kind of citing changes each field; the surer a high share, the darker the cell.

    Parameters
    ----------
    shares
        `kind` (of citing), `field` (words), `at_least` (lower end of the share, from 0 to 1), `told` (changed of hops),
        `cases`.
    title, description
        The finding in a sentence; what a reader who does not see the chart should know.
    width
        Of the whole, in pixels.
    """
    labels = min(200.0, width * 0.36)
    kinds, fields = list(shares["kind"].drop_duplicates()), list(shares["field"].drop_duplicates())
    shares = shares.assign(dark=shares["at_least"] > 0.45).round(4)
    x = alt.X(
        "field:N",
        sort=fields,
        title=None,
        axis=alt.Axis(orient="top", labelAngle=0 if width > 500 else -40, ticks=False, domain=False, labelLimit=140),
    )
    y = alt.Y("kind:N", sort=kinds, title=None, axis=alt.Axis(labelLimit=labels, ticks=False, domain=False))
    scale = alt.Scale(domain=[0, 1], range=["#f7f9fb", "#17508a"], interpolate="rgb")
    base = alt.Chart(shares).encode(x=x, y=y)
    tips = [alt.Tooltip(f"{name}:N", title=words) for name, words in _TIPS.items()]
    legend = alt.Legend(title="least share of hops that changed the field (90 %)", format="%", orient="bottom")
    cells = base.mark_rect(stroke=PAPER, strokeWidth=2).encode(
        color=alt.Color("at_least:Q", scale=scale, legend=legend), tooltip=tips
    )
    counts = base.mark_text(fontSize=11).encode(
        text="told:N", color=alt.condition("datum.dark", alt.value(PAPER), alt.value(INK))
    )
    return layered(cells, counts).properties(
        width=width - labels - 30,
        height=alt.Step(24),
        title=alt.TitleParams(wrapped(title, BOLD * width, TITLE), frame="bounds"),
        description=description,
    )


_TIPS = {"kind": "kind of citing", "field": "field", "told": "changed", "cases": "cases"}


def shapes_beside_chance(shapes: pd.DataFrame, title: str, description: str, width: float = 1160) -> alt.FacetChart:
    """Draw the shape of each case's largest tree beside what trees of its size do by chance.

    Parameters
    ----------
    shapes
        `figure` (words), `case` (with the size of its tree), `value`, `low`, `median`, `high`.
    title, description
        The finding in a sentence; what a reader who does not see the chart should know.
    width
        Of the whole, in pixels.
    """
    cases, figures = list(shapes["case"].drop_duplicates()), list(shapes["figure"].drop_duplicates())
    columns = columns_for(len(figures), width, 330)
    labels = min(190.0, width * 0.42)
    y = alt.Y("case:N", sort=cases, title=None, axis=alt.Axis(labelLimit=labels, ticks=False, domain=False))
    axis = alt.Axis(grid=True, tickCount=5)
    base = alt.Chart(shapes.round(3))
    chance = base.mark_bar(height=12, color=_ALONE).encode(
        y=y, x=alt.X("low:Q", axis=axis, title=None, scale=alt.Scale(zero=True)), x2="high:Q"
    )
    middle = base.mark_tick(thickness=2, height=12, color=QUIET).encode(y=y, x="median:Q")
    tips = [alt.Tooltip(f"{name}:Q", title=name) for name in ("value", "low", "median", "high")]
    points = base.mark_point(filled=True, size=70, color=_VALUE, stroke=INK, strokeWidth=0.6, opacity=1).encode(
        y=y, x="value:Q", tooltip=[alt.Tooltip("case:N"), *tips]
    )
    facet = alt.Facet("figure:N", sort=figures, title=None, header=alt.Header(labelFontSize=12, labelAnchor="start"))
    return (
        layered(chance, middle, points)
        .properties(width=width / columns - labels - 25, height=alt.Step(24))
        .facet(facet, columns=columns)
        .resolve_scale(x="independent")
        .properties(title=alt.TitleParams(wrapped(title, BOLD * width, TITLE)), description=description)
    )
