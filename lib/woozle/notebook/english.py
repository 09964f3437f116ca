"""Numbers, spans of time and lists as people say them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from woozle.text import plain_number, unit_of_time

FORMS = ("word", "Word", "ordinal")
_NUMBERS = (
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def number_in_words(number: float) -> str:
    """Return a whole number below a hundred in words; others in digits.

    Examples
    --------
    >>> [number_in_words(n) for n in (0, 13, 42, 60, 120, 3.4)]
    ['none', 'thirteen', 'forty-two', 'sixty', '120', '3.4']
    """
    if number != int(number) or not 0 <= number < 100:
        return plain_number(number)
    if number < 20:
        return _NUMBERS[int(number)]
    tens, ones = divmod(int(number), 10)
    return _TENS[tens] + (f"-{_NUMBERS[ones]}" if ones else "")


def ordinal(number: int) -> str:
    """Return the place of something in an order.

    Examples
    --------
    >>> ordinal(1), ordinal(4), ordinal(12), ordinal(22)
    ('first', 'fourth', 'twelfth', '22nd')
    """
    if 0 < number < 13:
        return _ORDINALS[number - 1]
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if 10 < number % 100 < 20 else ends.get(number % 10, 'th')}"


def in_words(value: object, form: str) -> object:
    """Return a number as the form asks (`word`, `Word`, `ordinal`); other values unchanged, NaN as an empty text."""
    if not isinstance(value, int | float) or isinstance(value, bool) or pd.isna(value):
        return "" if isinstance(value, float) else value
    if form == "ordinal":
        return ordinal(int(value))
    words = number_in_words(value)
    return words[:1].upper() + words[1:] if form == "Word" else words


def span_in_words(hours: float) -> str:
    """Return a span of time as people say it.

    Examples
    --------
    >>> [span_in_words(hours) for hours in (0.1, 0.5, 1.2, 5, 30, 43, 150, 400, 9000)]
    ['six minutes', 'half an hour', 'an hour', 'five hours', 'a day', 'two days', 'six days', 'two weeks', 'a year']
    """
    for unit, size, most in _SPANS:
        number = round(hours / size)
        if hours < most:
            if unit == "minute" and 25 <= number <= 35:
                return "half an hour"
            one = "an hour" if unit == "hour" else f"a {unit}"
            count = number_in_words(number) if number <= 12 else str(number)
            return one if number <= 1 else f"{count} {unit}s"
    return plain_number(hours)


_SPANS = (
    ("minute", 1 / 60, 0.9), ("hour", 1.0, 24.0), ("day", 24.0, 14 * 24.0), ("week", 168.0, 9 * 168.0),
    ("month", 730.5, 12 * 730.5), ("year", 8766.0, float("inf")),
)  # fmt: skip


def about(row: Mapping[str, Any]) -> str:
    """Return the median of a span of time as people say it, without its sign, with "about" where it is not sure."""
    if pd.isna(row["median"]) or row["unit"] != "hours":
        return plain_number(row["median"]) if pd.notna(row["median"]) else ""
    span = span_in_words(abs(row["median"]))
    return span if row["low"] == row["high"] else f"about {span}"


def before_date(date: str) -> str:
    """Return the word that stands before a date in a sentence.

    Examples
    --------
    >>> [before_date(told) for told in ("4 January 2014", "January 2014", "between 4 and 6 January 2014")]
    ['on ', 'in ', '']
    """
    if re.match(r"\d{1,2} ", date):
        return "on "
    return "in " if re.match(r"[A-Z]|\d{4}", date) else ""


def range_in_words(row: Mapping[str, Any]) -> str:
    """Return a row of `woozle.measure.headline_intervals` in words; nothing where it has no value.

    Examples
    --------
    >>> range_in_words({"median": 153.6, "low": 134.4, "high": 177.6, "unit": "hours"})
    '6.4 days (90 %: 5.6 to 7.4)'
    >>> range_in_words({"median": 3.0, "low": 3.0, "high": 3.0, "unit": "hops"})
    '3 hops'
    >>> range_in_words({"median": 0.4, "low": -0.5, "high": 1.3, "unit": "hours"})
    '24 minutes (90 %: 30 minutes before to 78 after)'
    """
    median, low, high, unit = (row[name] for name in ("median", "low", "high", "unit"))
    if pd.isna(median):
        return ""
    ends = [plain_number(value) for value in (low, high)]
    if unit == "hours":
        unit, size = unit_of_time(median or max(high, -low))
        median, low, high = (value / size for value in (median, low, high))
        ends = [plain_number(abs(low)) + (f" {unit} before" if low < 0 < high else ""), plain_number(high)]
        ends[1] += " after" if low < 0 < high else ""
    one = f"{unit[:-3]}y" if unit.endswith("ies") else unit.removesuffix("s")
    unit = one if median == 1 else unit
    return f"{plain_number(median)} {unit}" + (f" (90 %: {ends[0]} to {ends[1]})" if low != high else "")


def counted(number: object, noun: str) -> str:
    """Return a number with its noun, in the plural unless it is 1; `country|countries` gives an irregular plural."""
    one, _, many = noun.partition("|")
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed_in_words(words: Sequence[str]) -> str:
    """Return words as people list them.

    Examples
    --------
    >>> listed_in_words(["a", "b", "c"]), listed_in_words(["a"])
    ('a, b and c', 'a')
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
