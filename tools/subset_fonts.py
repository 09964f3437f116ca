"""Cut the fonts that charts are drawn with from Noto Sans, and note how wide each letter is.

Run by `make fonts`, by hand, when a case brings letters that are not covered yet (a test says so). Needs the
fonts themselves: Debian's packages fonts-noto-core and fonts-noto-cjk. The cut fonts get a family name of their
own, so that a Noto Sans installed on the reader's system never takes their place.
"""

import csv
import json
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[1]
FONTS = ROOT / "lib" / "woozle" / "fonts"
FAMILY = "Woozle Sans"
NOTO = Path("/usr/share/fonts")
KOREAN_FACE = 1  # the Korean face in Debian's collection of CJK faces
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x180), 0x1E9E]  # what stands in the page of a report; others when they occur
PAGE_SIGNS = [*range(0x2010, 0x2016), *range(0x2018, 0x201F), 0x2020, 0x2022, 0x2026, 0x2032, 0x20AC]
ARROWS, SIGNS_ALONE = [*range(0x2190, 0x2194), 0x2212, 0x2248], [0x25B8, 0x25CB, 0x25CF, 0x25D0]
LATIN_GREEK_CYRILLIC = [*range(0x20, 0x250), *range(0x2B0, 0x530), *range(0x1E00, 0x2000)]
SIGNS = [
    *range(0x2000, 0x2070),
    *range(0x20A0, 0x20C0),
    *range(0x2100, 0x2200),
    0x2212,
    0x2248,
    0x2264,
    0x2265,
]


def letters_of_cases() -> set[int]:
    """Every letter that occurs in a table of a case."""
    letters = set()
    for path in ROOT.glob("data/*/*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                row.pop("aliases", None)  # never shown: only looked for in texts
                letters |= {ord(letter) for value in row.values() for letter in value}
    return letters


def common_hangul() -> set[int]:
    """The 2,350 Hangul syllables of KS X 1001."""
    rows = (bytes([high, low]) for high in range(0xB0, 0xC9) for low in range(0xA1, 0xFF))
    return {ord(row.decode("euc_kr")) for row in rows}


def cut(
    source: Path, face: int, letters: set[int], family: str, style: str, flavor: str | None = None
) -> dict[str, float]:
    """Write the letters of one face to a file; return the width of each in units of the font size.

    With the flavor woff it is packed, for the pages of reports.
    """
    font = TTFont(source, fontNumber=face)
    postscript = f"{family}-{style}".replace(" ", "")
    options = subset.Options(
        layout_features=["kern", "mark", "mkmk", "ccmp"], hinting=False, name_IDs=[0, 1, 2, 13, 14]
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    for name, text in ((1, family), (2, style), (4, f"{family} {style}"), (6, postscript)):
        font["name"].setName(text, name, 3, 1, 0x409)
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    if "CFF " in font:
        font["CFF "].cff.fontNames[0] = postscript
    font.flavor = flavor
    font.save(FONTS / f"{postscript}.{flavor or ('otf' if 'CFF ' in font else 'ttf')}")
    units, advances = font["head"].unitsPerEm, font["hmtx"].metrics
    return {chr(code): round(advances[glyph][0] / units, 3) for code, glyph in font.getBestCmap().items()}


def main() -> None:
    """Write the fonts of charts and of pages, `widths.json`, and `han.txt`: the Chinese letters that they have."""
    wanted = letters_of_cases()
    western = {*LATIN_GREEK_CYRILLIC, *SIGNS}
    noto = NOTO / "truetype" / "noto"
    widths = cut(noto / "NotoSans-Regular.ttf", -1, western, FAMILY, "Regular")
    cut(noto / "NotoSans-Bold.ttf", -1, western, FAMILY, "Bold")
    for family, name in ((FAMILY, "NotoSans"), ("Woozle Serif", "NotoSerif")):
        for style in ("Regular", "Bold"):
            cut(noto / f"{name}-{style}.ttf", -1, {*LATIN, *PAGE_SIGNS}, family, style, "woff")
    cut(noto / "NotoSansMath-Regular.ttf", -1, set(ARROWS), "Woozle Arrows", "Regular", "woff")
    cut(noto / "NotoSansSymbols2-Regular.ttf", -1, set(SIGNS_ALONE), "Woozle Signs", "Regular", "woff")
    korean = (common_hangul() | wanted) - {ord(letter) for letter in widths}
    cjk = NOTO / "opentype" / "noto" / "NotoSansCJK-Regular.ttc"
    widths |= cut(cjk, KOREAN_FACE, korean, f"{FAMILY} KR", "Regular")
    han = "".join(sorted(letter for letter in widths if "\u3040" <= letter <= "\u9fff"))
    (FONTS / "han.txt").write_text(han + "\n", "utf-8")
    missing = sorted(chr(code) for code in wanted if code > 0x1F and chr(code) not in widths)
    if missing:
        sys.exit(f"no font here has these letters: {' '.join(missing)}")
    # Every Hangul and Chinese letter is one wide: the table holds the others.
    table = {letter: width for letter, width in sorted(widths.items()) if width != 1.0 and ord(letter) < 0x1100}
    (FONTS / "widths.json").write_text(json.dumps(table, ensure_ascii=True, indent=0, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
