"""How all charts look, and how a notebook shows them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

import altair as alt
import pandas as pd

from woozle.pictures import NARROW, ROWS, VEGA_LITE, converter, for_report, png_output, svg_to_png, to_svg
from woozle.rows import records
from woozle.text import visible

FONT_FAMILY = "Woozle Sans, Woozle Sans KR, Noto Sans, Arial, Helvetica, sans-serif"
INK, QUIET, FAINT, PAPER = "#1f2328", "#6b7280", "#e3e6ea", "#ffffff"
_LONG = 2000  # letters at most in a text of a chart: room for the description of a large one
# Light blue to orange: others foresee it. Violet: it is told as a fact. Red: it is told as the actor's own word.
# Readers with any colour vision can tell these colours apart; in grey, the shapes do it.
_BELOW = ["#a6c8e4", "#74add8", "#3f85bd", "#f0a445"]
_RAMPS = {
    "below": (_BELOW, "circle"),
    "told_as_fact": (["#b58ad0", "#8a4fae", "#5b2c82"], "triangle-down"),
    "own_word": (["#e9724c", "#c3281f", "#7f1416"], "diamond"),
}
_TONES = {
    "not_coded": ("#a3a9b0", "circle"),
    "none": ("#8b9096", "square"),
    "non_confirmation": ("#3aa39a", "triangle-up"),
    "correction": ("#1b7f3b", "cross"),
}


def scales(legend: pd.DataFrame) -> tuple[alt.Scale, alt.Scale]:
    """Return the scales of colour and shape for a legend (`says`, `tone`, `step`) of a layout."""
    colours, shapes = [], []
    for row in records(legend):
        if row["tone"] in _RAMPS:
            ramp, shape = _RAMPS[row["tone"]]
            colours.append(ramp[round(row["step"] * (len(ramp) - 1))])
            # The strongest forecast has a shape of its own, so that it reads in grey as well.
            shapes.append("triangle-right" if row["tone"] == "below" and row["step"] == 1 else shape)
        else:
            colour, shape = _TONES[row["tone"]]
            colours.append(colour)
            shapes.append(shape)
    domain = legend["says"].to_list()
    return alt.Scale(domain=domain, range=colours), alt.Scale(domain=domain, range=shapes)


def layered(*layers: alt.Chart) -> alt.LayerChart:
    """Return charts drawn over each other."""
    return cast(alt.LayerChart, alt.layer(*layers))


def theme() -> alt.theme.ThemeConfig:
    """Return the configuration of all charts."""
    text = {"font": FONT_FAMILY, "labelFont": FONT_FAMILY, "titleFont": FONT_FAMILY}
    return alt.theme.ThemeConfig(
        config={  # pyright: ignore[reportArgumentType]
            "background": PAPER,
            "font": FONT_FAMILY,
            "view": {"stroke": None},
            # Screen readers get the words and rows beside each chart. A list of all marks would help nobody, and its
            # times would depend on the time zone of the machine.
            "mark": {"aria": False},
            "title": {
                "font": FONT_FAMILY,
                "anchor": "start",
                "fontSize": 15,
                "color": INK,
                "subtitleFont": FONT_FAMILY,
            },
            "axis": {
                **text,
                "labelColor": INK,
                "titleColor": QUIET,
                "gridColor": FAINT,
                "titleFontWeight": "normal",
            },
            "legend": {
                **text,
                "titleFontWeight": "normal",
                "titleColor": QUIET,
                "labelLimit": 300,
                "titleLimit": 600,
            },
            "text": {"font": FONT_FAMILY, "color": INK},
        }
    )


def apply_theme() -> None:
    """Set theme and renderer, and make vl-convert use the fonts that come with woozle, not those of the system."""
    if not for_report():  # while a report is built, another process draws
        converter()
    alt.theme.register("woozle", enable=True)(theme)
    alt.renderers.register("woozle", mimebundle)
    alt.renderers.enable("woozle")
    alt.data_transformers.enable("default", max_rows=None)


def mimebundle(spec: dict) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a chart as a notebook stores it: live for JupyterLab, a picture for others, words for screen readers.

    Where a report is built, the picture is drawn by the process that runs the notebook, while the kernel goes on.
    """
    spec = visible_spec(spec)
    data, metadata = ({}, {}) if for_report() else png_output(svg_to_png(to_svg(spec)))
    return {VEGA_LITE: spec, **data, "text/plain": spec.get("description", "Chart")}, metadata


def visible_spec(value: Any) -> Any:
    """Return a specification whose texts show hidden characters and are cut after 2,000 letters."""
    if isinstance(value, str):
        text = visible(value)
        return text if len(text) <= _LONG else f"{text[:_LONG]}…"
    if isinstance(value, dict):
        return {key: visible_spec(inner) for key, inner in value.items()}
    return [visible_spec(inner) for inner in value] if isinstance(value, list) else value


class Figure:
    """A chart of a report: wide for notebooks and screens, narrow for phones, and the rows behind it.

    Parameters
    ----------
    name
        Its permanent name: the anchor in the page and the name of its files.
    rows
        The rows behind it, for readers, as `woozle.notebook.Table.rows` gives them.
    wide, narrow
        The charts; one that has no narrow version is scrolled sideways on a phone.
    """

    def __init__(
        self, name: str, rows: Mapping[str, Any], wide: alt.TopLevelMixin, narrow: alt.TopLevelMixin | None = None
    ):
        self.name, self.rows, self.wide, self.narrow = name, rows, wide, narrow

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[dict, dict]:
        # The tests check that each chart is a valid specification; checking each time would take as long as drawing.
        data, metadata = mimebundle(self.wide.to_dict(validate=False))
        if not for_report():
            return data, metadata
        data[ROWS] = json.dumps({**self.rows, "name": self.name})
        if self.narrow is not None:
            data[NARROW] = visible_spec(self.narrow.to_dict(validate=False))
        return data, metadata
