"""Pictures of Vega-Lite specifications, with the fonts that woozle brings, so that no machine's own fonts show."""

from __future__ import annotations

import base64
import functools
import io
import json
from importlib import resources
from types import ModuleType

# JupyterLab and nbconvert know Vega-Lite by this name; a specification of a later version is drawn under it too.
VEGA_LITE = "application/vnd.vegalite.v5+json"
NARROW = "application/vnd.woozle.narrow+json"  # read by the report; other programs take the wide chart
ROWS = "application/vnd.woozle.rows+json"  # a JSON text: the rows behind a chart or table, for a report
MARKED = "application/vnd.woozle.marked+json"  # Markdown with the marks that only the page of a report shows
PNG = "image/png"
PNG_SCALE = 1.25
# Where this is set in a kernel's environment, charts leave their pictures to the process that runs the notebook.
LATER = "WOOZLE_PICTURES_LATER"


def to_svg(spec: dict) -> str:
    """Return the picture of a Vega-Lite specification as SVG."""
    return _svg(json.dumps(spec))


@functools.lru_cache(maxsize=64)  # a report asks twice: for the picture and for the file
def _svg(spec: str) -> str:
    return converter().vegalite_to_svg(json.loads(spec))


def svg_to_png(svg: str, scale: float = PNG_SCALE) -> bytes:
    """Return an SVG as PNG with a palette: a tenth of the size."""
    from PIL import Image

    picture = Image.open(io.BytesIO(converter().svg_to_png(svg, scale=scale))).convert("RGB")
    small = io.BytesIO()
    picture.quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def png_output(png: bytes) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    """Return data and metadata of a picture as a notebook stores it."""
    width, height = (round(side / PNG_SCALE) for side in png_size(png))
    return {PNG: base64.b64encode(png).decode("ascii")}, {PNG: {"width": width, "height": height}}


def png_size(png: bytes) -> tuple[int, int]:
    """Return width and height of a PNG in pixels, from its header.

    Examples
    --------
    >>> png_size(bytes(16) + (640).to_bytes(4, "big") + (480).to_bytes(4, "big"))
    (640, 480)
    """
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


@functools.lru_cache(maxsize=32)
def png_to_webp(png: bytes) -> bytes:
    """Return a PNG as lossless WebP: a third smaller, the same in every pixel."""
    from PIL import Image

    small = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(
        small, "WEBP", lossless=True, quality=50
    )  # a tenth of the time of 100, a fifteenth larger
    return small.getvalue()


@functools.cache
def converter() -> ModuleType:
    """Return vl-convert, told of woozle's fonts."""
    import vl_convert

    with resources.as_file(resources.files("woozle") / "fonts") as folder:
        vl_convert.register_font_directory(str(folder))
    return vl_convert
