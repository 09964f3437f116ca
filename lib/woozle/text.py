"""Texts for people: times and how a fact was seen in words, and how wide a text is when it is drawn."""

from __future__ import annotations

import functools
import html
import json
import re
from datetime import timedelta
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def when(earliest: pd.Timestamp, latest: pd.Timestamp, time_zone: str = "UTC") -> str:
    """Return an interval in words, with the time zone if it names times.

    Examples
    --------
    >>> import pandas as pd
    >>> when(pd.Timestamp("2024-06-21T12:02Z"), pd.Timestamp("2024-06-21T12:02:59Z"), "Asia/Seoul")
    '21 June 2024, 21:02 (Seoul time)'
    >>> when(pd.Timestamp("2024-06-25T04:00Z"), pd.Timestamp("2024-06-25T23:54Z"))
    '25 June 2024, 04:00 to 23:54 (UTC)'
    >>> when(pd.Timestamp("2024-06-26T23:00Z"), pd.Timestamp("2024-06-27T22:59Z"))
    '26 June, 23:00 to 27 June 2024, 22:59 (UTC)'

    Whole days need no time.

    >>> when(pd.Timestamp("2024-06-26T15:00Z"), pd.Timestamp("2024-06-27T14:59:59Z"), "Asia/Seoul")
    '27 June 2024'
    """
    a, b = earliest.tz_convert(time_zone), latest.tz_convert(time_zone)
    if a.floor("D") == a and b == b.floor("D") + timedelta(hours=23, minutes=59, seconds=59):
        return days(earliest, latest, time_zone)
    year = "" if a.year == b.year else f" {a.year}"
    whole = f"{a.day} {a:%B}{year}, {a:%H:%M} to {b.day} {b:%B %Y, %H:%M}"
    if a.date() == b.date():
        whole = f"{a.day} {a:%B %Y, %H:%M}" + ("" if a.floor("min") == b.floor("min") else f" to {b:%H:%M}")
    return f"{whole} ({zone_in_words(time_zone)})"


def zone_in_words(time_zone: str) -> str:
    """Return the name of a zone for people.

    Examples
    --------
    >>> zone_in_words("America/New_York"), zone_in_words("UTC"), zone_in_words("+03:00")
    ('New York time', 'UTC', 'UTC+3')
    """
    if re.fullmatch(r"[+-]\d\d:\d\d", time_zone):
        return "UTC" + re.sub(r"^([+-])0", r"\1", time_zone).removesuffix(":00")
    place = time_zone.rpartition("/")[2].replace("_", " ")
    return place if place in ("UTC", "GMT") else f"{place} time"


def duration(hours: float) -> str:
    """Return a number of hours as people say it, in minutes to years; a negative number keeps its minus.

    Examples
    --------
    >>> duration(0.4), duration(30), duration(153.6), duration(2200), duration(17614), duration(-1.5)
    ('24 minutes', '30 hours', '6.4 days', '3 months', '2 years', '−1.5 hours')
    """
    import pandas as pd

    if pd.isna(hours):
        return "–"
    unit, size = unit_of_time(hours)
    value = round(abs(hours) / size, 1) if unit != "minutes" else round(abs(hours) / size)
    word = unit.removesuffix("s") if value == 1 else unit
    return f"{'−' if hours < 0 and value else ''}{plain_number(value)} {word}"


def unit_of_time(hours: float) -> tuple[str, float]:
    """Return the unit that people would take for a time span, and how many hours it has."""
    most = {"minutes": (1, 1 / 60), "hours": (72, 1), "days": (24 * 61, 24), "months": (24 * 730, 24 * 30.44)}
    return next(((unit, size) for unit, (end, size) in most.items() if abs(hours) < end), ("years", 24 * 365.25))


def days(earliest: pd.Timestamp, latest: pd.Timestamp, time_zone: str = "UTC") -> str:
    """Return the days of an interval in words.

    Examples
    --------
    >>> import pandas as pd
    >>> days(pd.Timestamp("2024-06-26T23:00Z"), pd.Timestamp("2024-06-27T22:59Z"))
    '26 or 27 June 2024'
    >>> days(pd.Timestamp("2024-06-29T23:00Z"), pd.Timestamp("2024-07-02T22:59Z"))
    'between 29 June and 2 July 2024'
    """
    a, b = (moment.tz_convert(time_zone) for moment in (earliest, latest))
    last = f"{b.day} {b:%B %Y}"
    if a.date() == b.date():
        return last
    first = f"{a.day}" if (a.year, a.month) == (b.year, b.month) else f"{a.day} {a:%B}"
    first = first if a.year == b.year else f"{a.day} {a:%B %Y}"
    return f"{first} or {last}" if (b.normalize() - a.normalize()).days == 1 else f"between {first} and {last}"


def plain_number(value: float) -> str:
    """Return a number as people write it; a dash where it has no value.

    Examples
    --------
    >>> plain_number(46.0), plain_number(3.4971), plain_number(float("nan"))
    ('46', '3.5', '–')
    """
    import pandas as pd

    if pd.isna(value):
        return "–"
    value = round(float(value), 1)
    return f"{value:,.0f}" if value.is_integer() or abs(value) >= 1000 else f"{value:,.1f}"


@functools.cache
def _widths() -> dict[str, float]:
    return json.loads((resources.files("woozle") / "fonts" / "widths.json").read_text("utf-8"))


def text_width(text: str, size: float) -> float:
    """Return the width of a text in pixels, with some room for readers who see it in another font.

    Examples
    --------
    >>> text_width("ii", 10) < text_width("WW", 10)
    True
    """
    table = _widths()
    return 1.06 * size * sum(table.get(letter, 1.0) for letter in text)


_LONG = 400  # no label of a chart is longer


def cut_at_word(text: str, width: float, size: float) -> str:
    """Return a text that is no wider than `width`, cut at a word where there is one.

    Examples
    --------
    >>> cut_at_word("Institute for the Study of War", 120, 11)
    'Institute for the…'
    """
    if len(text) <= _LONG and text_width(text, size) <= width:
        return text
    fits = text[:_LONG]
    while fits and text_width(fits + "…", size) > width:
        fits = fits[:-1]
    at_word = fits.rsplit(" ", 1)[0] if " " in fits else fits
    return (at_word if len(at_word) > len(fits) / 2 else fits).rstrip(" ,:;(") + "…"


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Return a text in lines that are no wider than `width`.

    Examples
    --------
    >>> wrapped("who relied on whom", 65, 11)
    ['who relied', 'on whom']
    """
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


# Languages that are not written in Latin letters: a text without any other letter is not in that language.
_OTHER_LETTERS = frozenset(
    re.findall(r"\w+", "am ar be bg bn el fa he hi hy ja ka km ko lo mk mn my ne ru sr ta te th uk ur zh")
)


def language_mark(language: str) -> str:
    """Return the HTML attributes for words in this language; the letters decide the direction of the text.

    Examples
    --------
    >>> language_mark("ko"), language_mark("")
    (' lang="ko" dir="auto"', '')
    """
    return f' lang="{html.escape(language)}" dir="auto"' if language else ""


def language_of(text: str, language: str) -> str:
    """Return the language a text is to be marked with in an English page: empty where it needs no mark.

    A quotation that was seen in translation is not in the language of its document.

    Examples
    --------
    >>> language_of("прибытие", "ru"), language_of("unfamiliar with", "ru"), language_of("ha anunciado", "es")
    ('ru', '', 'es')
    """
    if not text or not language or language == "en" or not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", language):
        return ""
    foreign = any(letter.isalpha() and letter > "\u024f" for letter in text)
    return language if foreign or language.split("-")[0] not in _OTHER_LETTERS else ""


_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
    "|(?<=[A-Za-z0-9 ])[\u200c\u200d]|^[\u200c\u200d]"
)


def visible(text: str) -> str:
    r"""Return a text whose hidden signs are shown: controls, turns of direction, letters without width.

    They could make a text look like another, or reverse the text after it. Joiners stay where a script needs them.

    Examples
    --------
    >>> visible("a\u202eb\u200bc\x00"), visible("می‌روم")
    ('a⟨U+202E⟩b⟨U+200B⟩c⟨U+0000⟩', 'می‌روم')
    """
    return _HIDDEN.sub(lambda sign: f"⟨U+{ord(sign[0]):04X}⟩", text)


def json_for_script(value: object) -> str:
    r"""Return JSON that can stand inside a script element.

    Examples
    --------
    >>> json_for_script({"a": "</script>"})
    '{"a":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def address(url: str) -> str:
    """Return an address if a page may link to it (http or https), else an empty text.

    Examples
    --------
    >>> address("https://example.org/a"), address("javascript:alert(1)")
    ('https://example.org/a', '')
    """
    return url if re.match(r"https?://[^\s<>\"']+$", url) else ""
