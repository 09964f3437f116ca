"""Draw Vega-Lite specifications with the fonts that come with woozle, so that they look the same on every machine."""

from __future__ import annotations

import base64
import contextlib
import functools
import html
import io
import json
import os
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from types import ModuleType

from woozle.fonts import more_fonts

# JupyterLab and nbconvert know Vega-Lite by this name; a specification of a later version is drawn under it too.
VEGA_LITE = "application/vnd.vegalite.v5+json"
PRIVATE = "application/vnd.woozle."  # begins the names of what only reports hold
NARROW = f"{PRIVATE}narrow+json"  # read by the report; other programs take the wide chart
ROWS = f"{PRIVATE}rows+json"  # a JSON text: the rows behind a chart or table, for a report
MARKED = f"{PRIVATE}marked+json"  # Markdown with the marks that only the page of a report shows
ABOUT = f"{PRIVATE}about+json"  # what a report is about, for its page
PNG = "image/png"
PNG_SCALE = 1.25
_KEPT = 64  # pictures of each form: a report asks twice, for the notebook and for the file or page
# Set in the environment of a kernel in which a report is built: charts leave their pictures to the other process.
LATER = "WOOZLE_PICTURES_LATER"


def for_report() -> bool:
    """Tell whether a report is being built in this kernel; if so, outputs also hold what only its page needs."""
    return bool(os.environ.get(LATER))


def to_svg(spec: dict) -> str:
    """Return the picture of a Vega-Lite specification as SVG."""
    return _svg(json.dumps(spec))


def _kept(function: Callable) -> Callable:
    """Cache the latest results of a function, as `functools.lru_cache` does; `put` adds results made elsewhere."""
    known: OrderedDict[tuple, object] = OrderedDict()

    @functools.wraps(function)
    def once(*arguments: object, **named: object) -> object:
        key = (*arguments, *named.items())
        made = known.get(key)
        if made is None:
            made = function(*arguments, **named)
            put(made, *key)
        return made

    def put(made: object, *key: object) -> None:
        known[key] = made
        while len(known) > _KEPT:
            known.popitem(last=False)

    setattr(once, "put", put)  # noqa: B010
    return once


@_kept
def _svg(spec: str) -> str:
    return converter().vegalite_to_svg(json.loads(spec))


@_kept
def svg_to_png(svg: str, scale: float = PNG_SCALE) -> bytes:
    """Return an SVG as a PNG of 128 colours, which takes a tenth of the space."""
    from PIL import Image

    picture = Image.open(io.BytesIO(converter().svg_to_png(svg, scale=scale))).convert("RGB")
    small = io.BytesIO()
    picture.quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(small, "PNG", compress_level=8)
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


@_kept
def png_to_webp(png: bytes) -> bytes:
    """Return a PNG as lossless WebP: a third smaller, the same in every pixel."""
    from PIL import Image

    small = io.BytesIO()
    # These settings take a tenth of the time of the best compression; the file is a fifteenth larger.
    Image.open(io.BytesIO(png)).convert("RGB").save(small, "WEBP", lossless=True, quality=25, method=2)
    return small.getvalue()


def keep(spec: dict, svg: str, png: bytes, webp: bytes) -> None:
    """Keep what another process has drawn of a specification."""
    for function, given, made in ((_svg, json.dumps(spec), svg), (svg_to_png, svg, png), (png_to_webp, png, webp)):
        function.put(made, given)


@functools.cache
def converter() -> ModuleType:
    """Return the module vl_convert, set up with woozle's fonts and without those of the system."""
    import vl_convert

    with resources.as_file(resources.files("woozle") / "fonts") as folder, _no_system_fonts():
        vl_convert.register_font_directory(str(folder))  # the first call: now it asks for the fonts of the system
        for place in more_fonts():
            vl_convert.register_font_directory(place)
    return vl_convert


@contextlib.contextmanager
def _no_system_fonts() -> Iterator[None]:
    """Let fontconfig name one folder that is empty: where it names none, all fonts below /usr/share are read."""
    before = os.environ.get("FONTCONFIG_FILE")
    with tempfile.TemporaryDirectory() as folder:
        config, none = Path(folder) / "fonts.conf", Path(folder) / "none"
        none.mkdir()
        config.write_text(f"<?xml version='1.0'?><fontconfig><dir>{html.escape(str(none))}</dir></fontconfig>", "utf-8")
        os.environ["FONTCONFIG_FILE"] = str(config)
        try:
            yield
        finally:
            del os.environ["FONTCONFIG_FILE"]
            if before is not None:
                os.environ["FONTCONFIG_FILE"] = before
