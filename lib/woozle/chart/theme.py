"""How all charts look, and how a notebook shows them."""

from __future__ import annotations

import base64
import functools
import io
from importlib import resources

import altair as alt
import pandas as pd

FONT_FAMILY = "Woozle Sans, Woozle Sans KR, Noto Sans, Arial, Helvetica, sans-serif"
INK, QUIET, FAINT, PAPER = "#1f2328", "#6b7280", "#e3e6ea", "#ffffff"
# JupyterLab and nbconvert know Vega-Lite by this name; a specification of a later version is drawn under it too.
VEGA_LITE = "application/vnd.vegalite.v5+json"
NARROW = "application/vnd.woozle.narrow+json"  # read by the report; other programs take the wide chart
PNG_SCALE = 1.25
# From light blue over blue to orange while others foresee it, red where it is the actor's own word; told apart by
# readers with any colour vision, and in grey by the shapes.
_BELOW = ["#a6c8e4", "#74add8", "#3f85bd", "#f0a445"]
_OWN_WORD = ["#e9724c", "#c3281f", "#7f1416"]
_TONES = {
    "not_coded": ("#a3a9b0", "circle"),
    "none": ("#8b9096", "square"),
    "non_confirmation": ("#3aa39a", "triangle-up"),
    "correction": ("#1b7f3b", "cross"),
}


def scales(legend: pd.DataFrame) -> tuple[alt.Scale, alt.Scale]:
    """Return the scales of colour and shape for a legend (`says`, `tone`, `step`) of a layout."""
    colours, shapes = [], []
    for row in legend.itertuples():
        if row.tone in ("below", "own_word"):
            ramp = _BELOW if row.tone == "below" else _OWN_WORD
            colours.append(ramp[round(row.step * (len(ramp) - 1))])
            # The strongest forecast has a shape of its own, so that it reads in grey as well.
            forecast = "triangle-right" if row.step == 1 else "circle"
            shapes.append(forecast if row.tone == "below" else "diamond")
        else:
            colour, shape = _TONES[row.tone]
            colours.append(colour)
            shapes.append(shape)
    domain = legend["says"].to_list()
    return alt.Scale(domain=domain, range=colours), alt.Scale(domain=domain, range=shapes)


def theme() -> alt.theme.ThemeConfig:
    """Return the configuration of all charts."""
    text = {"font": FONT_FAMILY, "labelFont": FONT_FAMILY, "titleFont": FONT_FAMILY}
    return alt.theme.ThemeConfig(
        config={
            "background": PAPER,
            "font": FONT_FAMILY,
            "view": {"stroke": None},
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
    """Set theme and renderer, and let vl-convert know the fonts that woozle brings."""
    alt.theme.register("woozle", enable=True)(theme)
    alt.renderers.register("woozle", mimebundle)
    alt.renderers.enable("woozle")
    alt.data_transformers.enable("default", max_rows=None)


def mimebundle(spec: dict) -> tuple[dict[str, object], dict[str, object]]:
    """Return a chart as a notebook stores it: live for JupyterLab, a picture for others, words for screen readers."""
    from PIL import Image

    picture = to_png(spec)
    width, height = (round(side / PNG_SCALE) for side in Image.open(io.BytesIO(picture)).size)
    data = {
        VEGA_LITE: spec,
        "image/png": base64.b64encode(picture).decode("ascii"),
        "text/plain": spec.get("description", "Chart"),
    }
    return data, {"image/png": {"width": width, "height": height}}


class Responsive:
    """A chart in two versions: wide for notebooks and screens, narrow for a report on a phone."""

    def __init__(self, wide: alt.TopLevelMixin, narrow: alt.TopLevelMixin):
        self.wide, self.narrow = wide, narrow

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[dict, dict]:
        data, metadata = mimebundle(self.wide.to_dict())
        return data | {NARROW: self.narrow.to_dict()}, metadata


def to_png(spec: dict, scale: float = PNG_SCALE) -> bytes:
    """Return the picture of a Vega-Lite specification, with a palette: a tenth of the size."""
    from PIL import Image

    picture = Image.open(io.BytesIO(_converter().vegalite_to_png(spec, scale=scale))).convert("RGB")
    small = io.BytesIO()
    picture.quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


@functools.cache
def _converter():
    import vl_convert

    with resources.as_file(resources.files("woozle") / "fonts") as folder:
        vl_convert.register_font_directory(str(folder))
    return vl_convert
