"""The fonts that woozle brings, and which scripts they lack."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from importlib import resources

FONT_PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")  # what `pip install woozle[fonts]` brings


def more_fonts() -> list[str]:
    """Return the folders of the optional packages of fonts that are installed, for scripts that woozle's own lack."""
    specs = (importlib.util.find_spec(name) for name in FONT_PACKAGES)
    return [place for spec in specs if spec for place in spec.submodule_search_locations or ()]


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
    ours = (resources.files("woozle.fonts") / "han.txt").read_text("utf-8")  # the Han letters of our cases
    letters = {ord(letter) for text in texts for letter in text if letter not in ours}
    here = [importlib.util.find_spec(name) is not None for name in FONT_PACKAGES]
    return [
        name
        for name, first, last, package in _SCRIPTS
        if not here[package] and any(first <= letter <= last for letter in letters)
    ]
