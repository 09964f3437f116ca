"""Texts for people: times and how a fact was seen in words, and how wide a text is when it is drawn."""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from woozle.case import Case


def when(earliest: pd.Timestamp, latest: pd.Timestamp, time_zone: str = "UTC") -> str:
    """Return an interval in words.

    Examples
    --------
    >>> when(pd.Timestamp("2024-06-21T12:02Z"), pd.Timestamp("2024-06-21T12:02:59Z"))
    '21 June 2024, 12:02'
    >>> when(pd.Timestamp("2024-06-25T04:00Z"), pd.Timestamp("2024-06-25T23:54Z"))
    '25 June 2024, 04:00 to 23:54'
    >>> when(pd.Timestamp("2024-06-26T23:00Z"), pd.Timestamp("2024-06-27T22:59Z"))
    '26 June, 23:00 to 27 June 2024, 22:59'
    """
    a, b = earliest.tz_convert(time_zone), latest.tz_convert(time_zone)
    if a.floor("min") == b.floor("min"):
        return f"{a.day} {a:%B %Y, %H:%M}"
    if a.date() == b.date():
        return f"{a.day} {a:%B %Y, %H:%M} to {b:%H:%M}"
    year = "" if a.year == b.year else f" {a.year}"
    return f"{a.day} {a:%B}{year}, {a:%H:%M} to {b.day} {b:%B %Y, %H:%M}"


def days(earliest: pd.Timestamp, latest: pd.Timestamp, time_zone: str = "UTC") -> str:
    """Return the days of an interval in words.

    Examples
    --------
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
    if pd.isna(value):
        return "–"
    value = round(float(value), 1)
    return f"{value:,.0f}" if value.is_integer() or abs(value) >= 1000 else f"{value:,.1f}"


def how_seen(case: Case, facts: pd.Series) -> str:
    """Return in words how a fact was seen: the term, and the document that it was seen in."""
    where = f" ({case.documents.loc[facts['seen_in'], 'label']})" if facts["seen_in"] else ""
    return case.vocabularies["seen"].title(facts["seen"]) + where


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


def cut_at_word(text: str, width: float, size: float) -> str:
    """Return a text that is no wider than `width`, cut at a word where there is one.

    Examples
    --------
    >>> cut_at_word("Institute for the Study of War", 120, 11)
    'Institute for the…'
    """
    if text_width(text, size) <= width:
        return text
    fits = text
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
