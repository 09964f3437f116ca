"""Headline figures over a grid of parameters."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from woozle.chart.layout import BOLD, TITLE
from woozle.chart.panels import columns_for
from woozle.chart.theme import INK, layered
from woozle.text import wrapped

_COLOURS = ["#3f85bd", "#c3281f", "#1b7f3b", "#f0a445", "#7c3aed", "#6b7280"]


def multiples(
    rows: pd.DataFrame, along: str, apart: Sequence[str], figures: Sequence[str], width: float = 1080
) -> alt.FacetChart:
    """Draw small multiples: each figure over one parameter, a line for each combination of the others.

    Parameters
    ----------
    rows
        One row a combination: the parameters as text, and the figures as numbers.
    along
        The parameter along x, in the order of the rows.
    apart
        The other parameters.
    figures
        The columns to draw.
    width
        In pixels, the axes included.
    """
    columns = min(3, columns_for(len(figures), width, 340))
    rows = rows.assign(line=[", ".join(values) for values in rows[list(apart)].astype(str).to_numpy()])
    long = rows.melt([along, "line"], list(figures), var_name="figure", value_name="value")
    long = long.rename(columns={along: "along"})
    lines = list(dict.fromkeys(rows["line"]))
    colours = alt.Scale(domain=lines, range=[_COLOURS[n % len(_COLOURS)] for n in range(len(lines))])
    legend = alt.Legend(title=", ".join(apart), orient="bottom") if apart else None
    colour = alt.Color("line:N", scale=colours, legend=legend)
    base = alt.Chart(long).encode(
        x=alt.X("along:O", sort=None, title=along, axis=alt.Axis(labelAngle=-90 if rows[along].nunique() > 4 else 0)),
        y=alt.Y("value:Q", title=None, axis=alt.Axis(format="d", tickMinStep=1, tickCount=4)),
        color=colour,
        tooltip=[
            alt.Tooltip("along:N", title=along),
            alt.Tooltip("line:N", title=", ".join(apart) or "line"),
            alt.Tooltip("value:Q"),
        ],
    )
    points = base.mark_point(filled=True, size=36, opacity=1, stroke=INK, strokeWidth=0.4)
    layer = layered(base.mark_line(strokeWidth=1.5), points).properties(width=width / columns - 60, height=140)
    words = wrapped(
        f"Headline figures over {along}" + (f", by {', '.join(apart)}" if apart else ""), BOLD * width, TITLE
    )
    facet = alt.Facet("figure:N", sort=list(figures), title=None, header=alt.Header(labelFontSize=12))
    return (
        layer.facet(facet, columns=columns)
        .resolve_scale(y="independent")
        .properties(title=words, description=f"Small multiples: {', '.join(figures)}.")
    )
