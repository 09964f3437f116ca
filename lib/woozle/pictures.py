"""Pictures of Vega-Lite specifications, with the fonts that woozle brings, so that no machine's own fonts show."""

from __future__ import annotations

import base64
import contextlib
import functools
import html
import importlib.util
import io
import json
import os
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from importlib import resources
from pathlib import Path
from types import ModuleType

# JupyterLab and nbconvert know Vega-Lite by this name; a specification of a later version is drawn under it too.
VEGA_LITE = "application/vnd.vegalite.v5+json"
NARROW = "application/vnd.woozle.narrow+json"  # read by the report; other programs take the wide chart
ROWS = "application/vnd.woozle.rows+json"  # a JSON text: the rows behind a chart or table, for a report
MARKED = "application/vnd.woozle.marked+json"  # Markdown with the marks that only the page of a report shows
PNG = "image/png"
PNG_SCALE = 1.25
_KEPT = 64  # pictures of each form: a report asks twice, for the notebook and for the file or page
# Where this is set in a kernel's environment, charts leave their pictures to the process that runs the notebook.
LATER = "WOOZLE_PICTURES_LATER"


def to_svg(spec: dict) -> str:
    """Return the picture of a Vega-Lite specification as SVG."""
    return _svg(json.dumps(spec))


def _kept(function: Callable) -> Callable:
    """Keep what a function returned last, as `functools.lru_cache` does; `put` takes what was made elsewhere."""
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

    once.put = put
    return once


@_kept
def _svg(spec: str) -> str:
    return converter().vegalite_to_svg(json.loads(spec))


@_kept
def svg_to_png(svg: str, scale: float = PNG_SCALE) -> bytes:
    """Return an SVG as PNG with a palette: a tenth of the size."""
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
    # A tenth of the time of the best, a fifteenth larger.
    Image.open(io.BytesIO(png)).convert("RGB").save(small, "WEBP", lossless=True, quality=25, method=2)
    return small.getvalue()


def keep(spec: dict, svg: str, png: bytes, webp: bytes) -> None:
    """Keep what another process has drawn of a specification."""
    for function, given, made in ((_svg, json.dumps(spec), svg), (svg_to_png, svg, png), (png_to_webp, png, webp)):
        function.put(made, given)


@functools.cache
def converter() -> ModuleType:
    """Return vl-convert, which knows woozle's fonts and none of the system."""
    import vl_convert

    with resources.as_file(resources.files("woozle") / "fonts") as folder, _no_system_fonts():
        vl_convert.register_font_directory(str(folder))  # the first call: now it asks for the fonts of the system
        for place in more_fonts():
            vl_convert.register_font_directory(place)
    return vl_convert


FONT_PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")  # what `pip install woozle[fonts]` brings


def more_fonts() -> list[str]:
    """Return the folders of the optional packages of fonts that are installed, for scripts that woozle's own lack."""
    found = (importlib.util.find_spec(name) for name in FONT_PACKAGES)
    return [place for spec in found if spec for place in spec.submodule_search_locations or ()]


# Scripts whose letters woozle's own fonts lack: name, first and last of their block, and which package has them.
_SCRIPTS = (
    ("Armenian", 0x530, 0x58F, 0), ("Hebrew", 0x590, 0x5FF, 0), ("Arabic", 0x600, 0x6FF, 0),
    ("Devanagari", 0x900, 0x97F, 0), ("Bengali", 0x980, 0x9FF, 0), ("Gurmukhi", 0xA00, 0xA7F, 0),
    ("Gujarati", 0xA80, 0xAFF, 0), ("Oriya", 0xB00, 0xB7F, 0), ("Tamil", 0xB80, 0xBFF, 0),
    ("Telugu", 0xC00, 0xC7F, 0), ("Kannada", 0xC80, 0xCFF, 0), ("Malayalam", 0xD00, 0xD7F, 0),
    ("Sinhala", 0xD80, 0xDFF, 0), ("Thai", 0xE00, 0xE7F, 0), ("Lao", 0xE80, 0xEFF, 0), ("Burmese", 0x1000, 0x109F, 0),
    ("Georgian", 0x10A0, 0x10FF, 0), ("Ethiopic", 0x1200, 0x137F, 0), ("Khmer", 0x1780, 0x17FF, 0),
    ("Japanese", 0x3040, 0x30FF, 1), ("Chinese", 0x3400, 0x9FFF, 1),
)  # fmt: skip


def scripts_without_font(texts: Iterable[str]) -> list[str]:
    """Return the scripts of some texts that charts can't draw with the fonts that are installed here.

    Examples
    --------
    >>> scripts_without_font(["Wen Wei Po", "한국", "Україна"])
    []
    """
    ours = (resources.files("woozle") / "fonts" / "han.txt").read_text("utf-8")  # the Han letters of our cases
    letters = {ord(letter) for text in texts for letter in text if letter not in ours}
    here = [importlib.util.find_spec(name) is not None for name in FONT_PACKAGES]
    return [
        name
        for name, first, last, package in _SCRIPTS
        if not here[package] and any(first <= letter <= last for letter in letters)
    ]


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
