"""Dates as they are written in a case, and what they mean as intervals in UTC.

A date is an EDTF string (ISO 8601-2), with one extension: a date-time may lack seconds and may carry `~` or `?`.
Each becomes an `Interval` of whole seconds in UTC. A day means that day in the time zone of the outlet.
"""

from __future__ import annotations

import calendar
import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from importlib import resources
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from woozle.errors import DateError, did_you_mean

FORMS = (
    "2024, 2024-06, 2024-06-24, 2024-06-24T21:02+09:00, each followed by ~ or ? if it is uncertain, or two of them "
    "with / between"
)
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d))?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_SECOND = timedelta(seconds=1)
WIDEN = 1  # units on both sides of what is marked with ~ or ?
_FIRST, _LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@dataclass(frozen=True, order=True)
class Interval:
    """A span of time in which a moment lies: first and last possible second, both in UTC."""

    earliest: datetime
    latest: datetime

    def __post_init__(self) -> None:
        if self.earliest > self.latest:
            raise DateError(f"the interval begins at {self.earliest} after it ends at {self.latest}")

    def __str__(self) -> str:
        return f"{self.earliest:%Y-%m-%d %H:%M:%S} to {self.latest:%Y-%m-%d %H:%M:%S} UTC"


def parse(text: str, zones: Iterable[str] = ("UTC",)) -> Interval:
    """Return the interval that an EDTF string means.

    Parameters
    ----------
    text
        One of the forms `2024`, `2024-06`, `2024-06-24`, `2024-06-24T21:02`, `2024-06-24T21:02:30+09:00`; with `~` or
        `?` behind it one unit (hour for a date-time, day, month, year) is added on both sides; `a/b` spans from a to b.
    zones
        IANA names of the zones in which a day or an hour without offset may lie; the interval spans them all.

    Raises
    ------
    DateError
        The string has another form, names a day that does not exist, or ends before it begins.

    Examples
    --------
    >>> print(parse("2024-06-24", ["Asia/Seoul"]))
    2024-06-23 15:00:00 to 2024-06-24 14:59:59 UTC
    >>> print(parse("2024-06-21T21:02+09:00"))
    2024-06-21 12:02:00 to 2024-06-21 12:02:59 UTC
    >>> print(parse("2024-06-26~", ["Europe/Kyiv"]))
    2024-06-24 21:00:00 to 2024-06-27 20:59:59 UTC
    >>> print(parse("2014-01-03/2014-01"))
    2014-01-03 00:00:00 to 2014-01-31 23:59:59 UTC
    """
    if len(text) > 100:
        raise DateError(f"a text of {len(text)} characters is not a date. Write {FORMS}.")
    if hint := _hint(text):
        raise DateError(f"'{text}' {hint}")
    sides = text.split("/")
    if len(sides) > 2:
        raise DateError(f"'{text}' has more than one '/'. Write {FORMS}.")
    read_zones = [_zone(name) for name in zones]
    try:
        ends = [_spans_of(side, read_zones) for side in (sides[0], sides[-1])]
    except OverflowError as error:
        raise DateError(f"'{text}' lies outside the years that woozle can handle (1 to 9999).") from error
    first, last = min(span[0] for span in ends[0]), max(span[1] for span in ends[1])
    if len(sides) == 2 and all(b[1] < a[0] for a, b in zip(*ends, strict=False)):
        raise DateError(f"'{text}' ends before it begins.")
    return Interval(first, last)


def in_words(text: str) -> str:
    """Return an EDTF string in words.

    Examples
    --------
    >>> in_words("2024-07~"), in_words("2024-07-01?"), in_words("2024-06-24/2024-06-30")
    ('about July 2024', 'perhaps 1 July 2024', '24 June 2024 to 30 June 2024')
    """
    if "/" in text:
        return " to ".join(in_words(side) for side in text.split("/"))
    bare = text.rstrip("~?")
    words = {"~": "about ", "?": "perhaps "}.get(text[len(bare) :], "")
    match = _DATE.fullmatch(bare)
    if not match:
        return words + bare
    year, month, day = match.groups()
    name = f"{calendar.month_name[int(month)]} " if month else ""
    return f"{words}{int(day)} {name}{year}" if day else f"{words}{name}{year}"


_HINTS = (
    (
        r"[\dXu~?/.-]*[Xu][\dXu~?/.-]*",
        "has unknown digits. Write what is known: 2024-06 for some day in June, 2024 for some day in that year.",
    ),
    (r"\.\./.*|.*/\.\.|/.*|.*/", "is open at one end. Write the earliest and the latest possible date with / between."),
    (r"\d{4}-(2[1-9]|3\d|4[01])[~?%]?", "names a part of the year. Write its months, as 2024-06/2024-08."),
    (r".*%.*", "is marked as both uncertain and approximate. Write one of ? and ~."),
    (r"[~?].*", "has its mark in front. Write it behind, as 2024-06-24~."),
    (r"[\[{].*[\]}]", "is a set of dates. Write the first and the last of them, as 2024-06-21/2024-06-24."),
    (r"\d{4}-W\d\d.*", "counts weeks. Write the days of the week, as 2024-06-24/2024-06-30."),
    (
        r"\d\d?[./]\d\d?[./]\d{2,4}",
        "is in a form that some read with the day first, some with the month. Write 2024-06-24.",
    ),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d.*", "has a space before its time. Write a T: 2024-06-24T21:02+09:00."),
)


def _hint(text: str) -> str:
    """Return what is wrong with a date in another common notation and how to write it here; else an empty text."""
    return next((hint for form, hint in _HINTS if re.fullmatch(form, text)), "")


def before(a: Interval, b: Interval) -> str:
    """Tell whether a moment in `a` lies before one in `b`: "yes", "no" or "unknown".

    Examples
    --------
    >>> day = parse("2024-06-24", ["Asia/Seoul"])
    >>> before(day, parse("2024-06-25", ["Asia/Seoul"]))
    'yes'
    >>> before(day, parse("2024-06-24", ["Europe/Zurich"]))
    'unknown'
    """
    if a.latest < b.earliest:
        return "yes"
    return "no" if a.earliest >= b.latest else "unknown"


def narrow(spans: Mapping[str, Interval], hops: Iterable[tuple[str, str]]) -> dict[str, Interval]:
    """Return the interval of each document, narrowed by the rule that nobody relies on what is not out yet.

    Parameters
    ----------
    spans
        The coded interval of each document.
    hops
        Pairs (cited, citing); they form no cycle.

    Raises
    ------
    DateError
        A document surely came before one that it relies on; the message names the chain between the two.

    Examples
    --------
    >>> spans = {"a": parse("2024-06-20/2024-06-30"), "b": parse("2024-06-25")}
    >>> print(narrow(spans, [("a", "b")])["a"])
    2024-06-20 00:00:00 to 2024-06-25 23:59:59 UTC
    """
    hops = list(hops)
    earliest: dict[str, tuple[datetime, tuple[str, ...]]] = {
        name: (span.earliest, (name,)) for name, span in spans.items()
    }
    latest = {name: span.latest for name, span in spans.items()}
    # One round carries each bound one hop further: no path is longer than the number of documents.
    for _ in spans:
        moved = False
        for cited, citing in hops:
            if earliest[cited][0] > earliest[citing][0]:
                earliest[citing] = (earliest[cited][0], (*earliest[cited][1], citing))
                moved = True
            if latest[citing] < latest[cited]:
                latest[cited] = latest[citing]
                moved = True
        if not moved:
            break
    for name, (moment, chain) in earliest.items():
        if moment > spans[name].latest:
            raise DateError(
                f"{name} was published by {spans[name].latest:%Y-%m-%d %H:%M} UTC at the latest, but relies "
                f"({' → '.join(chain)}) on {chain[0]}, not published before {moment:%Y-%m-%d %H:%M} UTC."
            )
    return {name: Interval(earliest[name][0], latest[name]) for name in spans}


def zones_of(time_zone: str = "", country: str = "") -> tuple[str, ...]:
    """Return the zones in which an outlet's day may lie.

    The outlet's own zone if it is known, else all zones of its country (ISO 3166-1 code), else the first and the
    last zone of the world.

    Raises
    ------
    DateError
        `country` is not an ISO 3166-1 code.

    Examples
    --------
    >>> zones_of("Asia/Seoul", "KR"), zones_of("", "PT"), zones_of()
    (('Asia/Seoul',), ('Europe/Lisbon', 'Atlantic/Madeira', 'Atlantic/Azores'), ('Etc/GMT+12', 'Etc/GMT-14'))
    """
    if time_zone:
        return (time_zone,)
    if not country:
        return ("Etc/GMT+12", "Etc/GMT-14")
    if country not in countries():
        raise DateError(f"'{country}' is not an ISO 3166-1 code of a country.{did_you_mean(country, countries())}")
    return countries()[country]


@functools.cache
def countries() -> dict[str, tuple[str, ...]]:
    """Return the zones of each country, by its ISO 3166-1 code."""
    zones: dict[str, tuple[str, ...]] = {}
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8")
    for line in table.splitlines():
        if not line.startswith("#"):
            code, _, zone = line.split("\t")[:3]
            zones[code] = (*zones.get(code, ()), zone)
    return zones


def country_name(code: str) -> str:
    """Return the name of a country by its ISO 3166-1 code; the code where none is known.

    Examples
    --------
    >>> country_name("KR"), country_name("GB"), country_name("DE"), country_name("")
    ('South Korea', 'Britain', 'Germany', '')
    """
    return _country_names().get(code, code)


@functools.cache
def _country_names() -> dict[str, str]:
    table = (resources.files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    # "Korea (South)" is South Korea; other brackets hold another name.
    return {code: re.sub(r"^(.*) \((North|South)\)$", r"\2 \1", name).partition(" (")[0] for code, name in rows}


@functools.cache
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        near = did_you_mean(name, available_timezones())
        cut = name if len(name) < 60 else name[:59] + "…"
        raise DateError(f"'{cut}' is not the IANA name of a time zone.{near}") from error


class _SkippedError(DateError):
    """Clocks in a zone went past this day or hour."""


def _spans_of(text: str, zones: Iterable[tzinfo]) -> list[tuple[datetime, datetime]]:
    """Return first and last second of one side of an interval, in each zone whose clocks showed it."""
    spans, skipped = [], []
    for zone in zones:
        try:
            spans.append(_span(text, zone))
        except _SkippedError as error:
            skipped.append(error)
    if not spans:
        raise skipped[0]
    return spans


def _span(text: str, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return first and last second of one side of an interval."""
    bare = text.rstrip("~?")
    widen = WIDEN if text != bare else 0
    if len(text) - len(bare) > 1:
        raise DateError(f"'{text}' has more than one mark of uncertainty. Write {FORMS}.")
    if match := _TIME.fullmatch(bare):
        return _span_of_time(text, match, zone, timedelta(hours=widen))
    match = _DATE.fullmatch(bare)
    if not match:
        raise DateError(f"'{text}' is not a date. Write {FORMS}.")
    year = int(match[1])
    month, day = (int(part) if part else None for part in match.groups()[1:])
    if year < 1:
        raise DateError(f"'{text}' names the year {match[1]}; years begin with 0001.")
    if month is not None and not 1 <= month <= 12:
        raise DateError(f"'{text}' names month {match[2]}; a year has the months 01 to 12.")
    if month is not None and day is not None and not 1 <= day <= (days := calendar.monthrange(year, month)[1]):
        raise DateError(f"'{text}' names day {match[3]}; {calendar.month_name[month]} {year} has {days} days.")
    first, after = _start(year, month, day, -widen, zone), _start(year, month, day, 1 + widen, zone)
    last = after if after == _LAST else after - _SECOND
    if first > last:
        raise _SkippedError(f"'{text}': clocks in {zone} skipped this day.")
    return first, last


def _start(year: int, month: int | None, day: int | None, units: int, zone: tzinfo) -> datetime:
    """Return the start of the year, month or day that lies `units` further on, in UTC, within the calendar's years."""
    try:
        if month is not None and day is not None:
            local = datetime(year, month, day) + timedelta(days=units)
        else:
            years, month0 = divmod((month or 1) - 1 + (units if month is not None else 12 * units), 12)
            local = datetime(year + years, month0 + 1, 1)
        return local.replace(tzinfo=zone).astimezone(UTC)
    except (OverflowError, ValueError):
        return _LAST if units > 0 or year > 1 else _FIRST


def _span_of_time(text: str, match: re.Match, zone: tzinfo, widen: timedelta) -> tuple[datetime, datetime]:
    date, hour, minute, second, offset = match.groups()
    try:
        local = datetime.fromisoformat(f"{date}T{hour}:{minute}:{second or '00'}")
        if offset:
            moments = [local.replace(tzinfo=_offset(offset)).astimezone(UTC)]
        else:
            # An hour that a clock shows twice may be either; one that it skips does not exist.
            moments = [local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
            if moments[0].astimezone(zone).replace(tzinfo=None) != local:
                raise _SkippedError(f"'{text}': clocks in {zone} skipped this hour.")
    except ValueError as error:
        if isinstance(error, DateError):
            raise
        raise DateError(f"'{text}' is not a date and time: {error}.") from error
    width = timedelta() if second else timedelta(seconds=59)
    return min(moments) - widen, max(moments) + width + widen


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 14 or minutes > 59:
        raise DateError(f"'{text}' is not an offset from UTC.")
    size = timedelta(hours=hours, minutes=minutes)
    return timezone(-size if text[0] == "-" else size)
