"""How many documents were out when, and when corrections came."""

from __future__ import annotations

import altair as alt
import pandas as pd

from woozle.chart.layout import BOLD, TITLE, TimeAxis
from woozle.chart.theme import INK, layered
from woozle.chart.time import placed, time, time_cuts
from woozle.text import wrapped

_KINDS = {"correction": ("#1b7f3b", "cross"), "non-confirmation": ("#3aa39a", "triangle-up")}


def timeline(
    published: pd.DataFrame,
    answers: pd.DataFrame,
    days: TimeAxis,
    title: str,
    description: str,
    width: float = 960,
    counted: str = "documents that carry the claim",
) -> alt.VConcatChart:
    """Draw the number of published documents as a band, and below it corrections and non-confirmations as bars.

    Parameters
    ----------
    published
        From `woozle.measure.published`.
    answers
        Corrections and non-confirmations: `label`, `kind` (correction, non-confirmation), `earliest`, `middle`,
        `latest`, `when` (in words).
    days
        The axis of time.
    title, description
        The finding in a sentence; what a reader who does not see the chart should know.
    width
        Of the whole, in pixels.
    counted
        What the band counts.
    """
    labels = min(220.0, width * 0.35)
    plot = width - labels - 20
    cuts, whole = time_cuts(days, plot), alt.Axis(tickMinStep=1)
    band = (
        alt.Chart(placed(published, ["moment"], days, plot))
        .mark_area(interpolate="step-after", opacity=0.55, color="#8fbfe0", line={"color": "#4a90c4"})
        .encode(
            x=time("moment", days, plot),
            y=alt.Y("at_least:Q", title=[counted, "(at least, at most)"], axis=whole),
            y2="at_most:Q",
        )
    )
    band = layered(*cuts, band).properties(width=plot, height=230)
    if answers.empty:
        return alt.vconcat(band).properties(
            title=alt.TitleParams(wrapped(title, BOLD * width, TITLE)), description=description
        )
    present = [kind for kind in _KINDS if kind in set(answers["kind"])]
    colour = alt.Scale(domain=present, range=[_KINDS[kind][0] for kind in present])
    shape = alt.Scale(domain=present, range=[_KINDS[kind][1] for kind in present])
    legend = alt.Legend(title=None, orient="bottom")
    base = alt.Chart(placed(answers.reset_index(), ["earliest", "middle", "latest"], days, plot)).encode(
        y=alt.Y("label:N", sort=answers["label"].to_list(), title=None, axis=alt.Axis(labelLimit=labels, grid=True)),
        tooltip=[
            alt.Tooltip("label:N", title="document"),
            alt.Tooltip("kind:N"),
            alt.Tooltip("when:N", title="when"),
        ],
    )
    rows = layered(
        *cuts[:1],
        base.mark_bar(height=7, opacity=0.5).encode(
            x=time("earliest", days, plot),
            x2="latest:Q",
            color=alt.Color("kind:N", scale=colour, legend=legend),
        ),
        base.mark_point(size=70, filled=True, opacity=1, stroke=INK, strokeWidth=0.6).encode(
            x=time("middle", days, plot),
            color=alt.Color("kind:N", scale=colour, legend=legend),
            shape=alt.Shape("kind:N", scale=shape, legend=legend),
        ),
    ).properties(width=plot, height=alt.Step(20))
    heading = alt.TitleParams(wrapped(title, BOLD * width, TITLE))
    return (
        alt.vconcat(band, rows, spacing=8).resolve_scale(x="shared").properties(title=heading, description=description)
    )
