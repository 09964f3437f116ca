"""Charts of many posts: densities, curves and small multiples, which stay readable however many posts there are."""

from __future__ import annotations

import altair as alt
import pandas as pd

from woozle.chart.layout import BOLD, TITLE
from woozle.chart.panels import columns_for
from woozle.chart.theme import INK, layered
from woozle.text import wrapped

_VALUE, _CHANCE = "#17508a", "#b9790f"


def _titled(chart: alt.TopLevelMixin, title: str, description: str, width: float) -> alt.TopLevelMixin:
    """Return a chart with its title in lines that fit, and its description."""
    return chart.properties(title=alt.TitleParams(wrapped(title, BOLD * width, TITLE)), description=description)  # type: ignore[attr-defined]


def posts_by_day(days: pd.DataFrame, title: str, description: str, width: float = 740) -> alt.TopLevelMixin:
    """Draw the posts of each day, hour or month as bars: `day` (start), `end`, `posts`."""
    bars = alt.Chart(days.assign(none=0)).mark_rect(color=_VALUE, stroke="white", strokeWidth=0.5)
    bars = bars.encode(
        x=alt.X("day:T", title=None, scale=alt.Scale(type="utc")),
        x2="end:T",
        y=alt.Y("posts:Q", title="posts", axis=alt.Axis(tickCount=5, tickMinStep=1, format=",d")),
        y2="none:Q",
        tooltip=[alt.Tooltip("day:T", title="from", format="%-d %B %Y, %H:%M"), alt.Tooltip("posts:Q", format=",")],
    )
    return _titled(bars.properties(width=width - 70, height=180), title, description, width)


def growth(curves: pd.DataFrame, title: str, description: str, width: float = 740) -> alt.TopLevelMixin:
    """Draw how cascades grew, a panel for each: `cascade` (title), `hours` (after the first post), `posts` (so far)."""
    names = list(curves["cascade"].drop_duplicates())
    columns = columns_for(len(names), width, 260)
    plot = width / columns - 60
    lines = alt.Chart(curves).mark_line(interpolate="step-after", color=_VALUE, strokeWidth=1.6)
    lines = lines.encode(
        x=alt.X("hours:Q", title="hours after its first post", axis=alt.Axis(tickCount=4)),
        y=alt.Y("posts:Q", title="posts", axis=alt.Axis(tickCount=3, format=",d", tickMinStep=1)),
    )
    facet = alt.Facet("cascade:N", sort=names, title=None, header=alt.Header(labelFontSize=12, labelAnchor="start"))
    panels = (
        lines.properties(width=plot, height=110)
        .facet(facet, columns=columns)
        .resolve_scale(x="independent", y="independent")
    )
    return _titled(panels, title, description, width)


def shapes(cells: pd.DataFrame, title: str, description: str, width: float = 740) -> alt.TopLevelMixin:
    """Draw how many cascades have which size and depth.

    Columns: `size`, `depth` (names of steps), `size_at`, `depth_at` (places of the steps, for their order), `cascades`.
    """
    sizes = list(cells.sort_values("size_at")["size"].drop_duplicates())
    depths = list(cells.sort_values("depth_at", ascending=False)["depth"].drop_duplicates())
    base = alt.Chart(cells).encode(
        x=alt.X("size:N", sort=sizes, title="posts in the cascade", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("depth:N", sort=depths, title="hops to the farthest"),
    )
    tiles = base.mark_rect(stroke="white").encode(
        color=alt.Color("cascades:Q", scale=alt.Scale(type="log", scheme="blues"), legend=None)
    )
    dark = f"datum.cascades > {float(cells['cascades'].max()) ** 0.6}"
    words = base.mark_text(fontSize=11).encode(
        text=alt.Text("cascades:Q", format=",d"), color=alt.condition(dark, alt.value("white"), alt.value(INK))
    )
    chart = layered(tiles, words).properties(width=min(width - 120, 70 * len(sizes)), height=alt.Step(24))
    return _titled(chart, title, description, width)


def by_window(curve: pd.DataFrame, title: str, description: str, width: float = 740) -> alt.TopLevelMixin:
    """Draw the pairs within each window beside those expected by chance, from `woozle.collection.by_window`."""
    long = pd.concat(
        [curve.assign(what="seen", value=curve["pairs"]), curve.assign(what="by chance", value=curve["expected"])]
    )
    long = long[long["value"] >= 1]  # the logarithmic axis begins at one
    x = alt.X("window:Q", title="seconds between the two shares, at most", scale=alt.Scale(type="log"))
    scale = alt.Scale(type="log", domainMin=1)
    lines = alt.Chart(long).mark_line(point=True, strokeWidth=1.8)
    lines = lines.encode(
        x=x,
        y=alt.Y("value:Q", title="pairs", scale=scale, axis=alt.Axis(tickCount=5, format=",d")),
        color=alt.Color("what:N", scale=alt.Scale(domain=["seen", "by chance"], range=[_VALUE, _CHANCE]),
                        legend=alt.Legend(title=None, orient="top")),
        strokeDash=alt.StrokeDash("what:N", scale=alt.Scale(domain=["seen", "by chance"], range=[[1, 0], [5, 3]]),
                                  legend=None),
        tooltip=[alt.Tooltip("window:Q"), alt.Tooltip("what:N", title="pairs"), alt.Tooltip("value:Q", format=",.0f")],
    )  # fmt: skip
    band = alt.Chart(curve[curve["low"] >= 1]).mark_area(color=_CHANCE, opacity=0.25)
    band = band.encode(x=x, y=alt.Y("low:Q", scale=scale), y2="high:Q")
    return _titled(layered(band, lines).properties(width=width - 70, height=240), title, description, width)
