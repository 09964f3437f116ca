"""An axis of days on which long empty spans are cut short: places come from `woozle.chart.layout.TimeAxis`."""

from __future__ import annotations

import json
from collections.abc import Iterable

import altair as alt
import pandas as pd

from woozle.chart.layout import FONT, TimeAxis
from woozle.chart.theme import QUIET

_CUT = "#f0f1f3"


def placed(frame: pd.DataFrame, moments: Iterable[str], days: TimeAxis, span: float) -> pd.DataFrame:
    """Return a frame in which the columns `moments` hold places in pixels instead of moments."""
    return frame.assign(**{name: [round(days.at(at, span), 1) for at in frame[name]] for name in moments})


def time(name: str, days: TimeAxis, span: float) -> alt.X:
    """Return x for a column of places, with a tick at each day that has room for its name."""
    ticks = days.ticks(span).round({"x": 1})
    named = ticks[(ticks["label"] != "") & ~ticks["cut"]]
    names = dict(zip(named["x"].map("{:.1f}".format), named["label"], strict=True))
    axis = alt.Axis(
        values=named["x"].to_list(),
        labelExpr=f"({json.dumps(names)})[format(datum.value, '.1f')]",
        title=f"day ({days.days.tz})",
        labelAlign="left",
        labelOverlap=False,
    )
    return alt.X(f"{name}:Q", scale=alt.Scale(domain=[0, span], nice=False, zero=False), axis=axis)


def time_cuts(days: TimeAxis, span: float) -> list[alt.Chart]:
    """Return the marks of what is cut out: a grey band, and two strokes in it."""
    ticks = days.ticks(span).round({"x": 1, "x1": 1})
    cuts = ticks[ticks["cut"]][["x", "x1"]]
    if cuts.empty:
        return []
    base = alt.Chart(cuts)
    strokes = {"fontSize": FONT, "color": QUIET, "text": "//", "baseline": "top", "align": "left", "dx": 9, "dy": 2}
    return [
        base.mark_rect(color=_CUT, opacity=1).encode(x=time("x", days, span), x2="x1:Q"),
        base.mark_text(**strokes).encode(x=time("x", days, span), y=alt.YValue(0)),
    ]
