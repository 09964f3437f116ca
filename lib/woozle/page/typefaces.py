"""Put the fonts of a page into the page, each with only the letters that occur there."""

from __future__ import annotations

import base64
import functools
import io
from importlib import resources

from woozle.fonts import more_fonts

_FACES = (
    ("Woozle Serif", "WoozleSerif-Regular.woff", 400),
    ("Woozle Serif", "WoozleSerif-Bold.woff", 700),
    ("Woozle Sans", "WoozleSans-Regular.woff", 400),
    ("Woozle Sans", "WoozleSans-Bold.woff", 700),
    ("Woozle Arrows", "WoozleArrows-Regular.woff", 400),
    ("Woozle Signs", "WoozleSigns-Regular.woff", 400),
)
_OTHERS = ("WoozleSans-Regular.ttf", "WoozleSansKR-Regular.otf")  # for letters that the faces above lack


def font_faces(text: str) -> str:
    """Return the rules of CSS that hold the fonts of a page with this text.

    Letters that no font of woozle has, nor one of `woozle[fonts]`, are left to the reader's system.

    Examples
    --------
    >>> font_faces("Seoul").count("@font-face"), font_faces("서울").count("@font-face")
    (4, 1)
    """
    letters = {ord(letter) for letter in text}
    rules = [
        _rule(family, _cut(name, frozenset(here)), weight)
        for family, name, weight in _FACES
        if (here := letters & _letters(name))
    ]
    left = {letter for letter in letters if letter > 0x20} - _latin()
    for number, name in enumerate([*_OTHERS, *_more()], start=1):
        here = left & _letters(name)
        if here:
            rules.append(_rule(f"Woozle Other {number}", _cut(name, frozenset(here)), 400))
            left -= here
    return "\n".join(rules)


def families(serif: bool) -> str:
    """Return the list of families for CSS: serif or sans, then those with other letters."""
    others = [f'"Woozle Other {number}"' for number in range(1, 3 + len(_more()))]
    own = ['"Woozle Serif"'] if serif else []
    return ", ".join(
        [*own, '"Woozle Sans"', *others, '"Woozle Arrows"', '"Woozle Signs"', "serif" if serif else "sans-serif"]
    )


def _rule(family: str, woff: bytes, weight: int) -> str:
    packed = base64.b64encode(woff).decode()
    return (
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-display: block; '
        f"src: url(data:font/woff;base64,{packed}) format('woff'); }}"
    )


@functools.cache
def _file(name: str) -> bytes:
    return (resources.files("woozle") / "fonts" / name).read_bytes()


@functools.cache
def _more() -> tuple[str, ...]:
    from pathlib import Path

    return tuple(str(path) for place in more_fonts() for path in sorted(Path(place).rglob("*Regular*.[ot]tf")))


@functools.cache
def _latin() -> frozenset[int]:
    return frozenset().union(*(_letters(name) for _, name, weight in _FACES if weight == 400 and "Serif" not in name))


@functools.cache
def _letters(name: str) -> frozenset[int]:
    return frozenset(_open(name).getBestCmap() or ())


def _open(name: str):
    from fontTools.ttLib import TTFont

    return TTFont(io.BytesIO(_file(name)) if "/" not in name else name, lazy=True)


@functools.lru_cache(maxsize=32)
def _cut(name: str, letters: frozenset[int]) -> bytes:
    """Return a font with just these letters, packed."""
    from fontTools import subset

    font = _open(name)
    options = subset.Options(
        hinting=False, name_IDs=[0, 13, 14], layout_features=["kern", "mark", "mkmk", "ccmp"], notdef_outline=True
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    font.recalcTimestamp, font.flavor = False, "woff"
    packed = io.BytesIO()
    font.save(packed)
    return packed.getvalue()
