"""Dates in other programs' files, read as EDTF; unclear ones stay empty, and a date with two readings is reported."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from woozle.errors import DateError
from woozle.formats.items import FormatError

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ]+(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)*)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?)?",
    re.A,
)
_NUMBERS = re.compile(
    r"(\d{1,4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{1,4})\.?(?:[,T ]+(\d{1,2}):(\d\d)(?::(\d\d))?\s*([AaPp]\.?[Mm]\.?)?)?",
    re.A,
)
_EAST = re.compile(
    r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?(?:\s*(\d{1,2})[:時时](\d\d)(?::(\d\d))?分?)?"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may may", "june jun", "july jul", "august aug",
         "september sep sept", "october oct", "november nov", "december dec"), start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAY_MONTH = re.compile(r"(?:[A-Za-z]+,?\s+)?(\d{1,2})(?:st|nd|rd|th)?\.?\s+([A-Za-z]+)\.?,?\s+(\d{4})(.*)")
_MONTH_DAY = re.compile(r"(?:[A-Za-z]+,\s+)?([A-Za-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(.*)")
_MONTH_YEAR = re.compile(r"([A-Za-z]+)\.?,?\s+(\d{4})")
_CLOCK = re.compile(r"(?:[,\s]+(?:at\s+)?(\d{1,2}):(\d\d)(?::(\d\d))?\s*([AaPp]\.?[Mm]\.?)?)?", re.A)
_ABOUT = re.compile(r"(?:ca\.?|c\.|circa|about|around|approx\.?|approximately|early|mid|late|~)[\s-]*", re.I)
_PLAIN = re.compile(r"\d{4}(-\d\d(-\d\d)?)?[~?]?")
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](0[1-9]|1[0-2])[/-](0[1-9]|[12]\d|3[01])(?=[/_.-]|$)")
_EXCEL = date(1899, 12, 30)


# Zones that exports write by their letters; those that mean several places are left out.
_ZONES = {"EST": "-05:00", "EDT": "-04:00", "MST": "-07:00", "MDT": "-06:00", "PST": "-08:00", "PDT": "-07:00",
          "CET": "+01:00", "CEST": "+02:00", "EET": "+02:00", "EEST": "+03:00", "WET": "Z", "WEST": "+01:00",
          "MSK": "+03:00", "JST": "+09:00", "KST": "+09:00"}  # fmt: skip
_ZONED = re.compile(rf"(.*\d) ({'|'.join(_ZONES)})", re.I)


def edtf(text: str, order: str = "") -> str:
    """Return a date as foreign files write it as EDTF, or nothing where it can't be read for sure.

    Parameters
    ----------
    text
        ISO 8601, RFC 2822, seconds or milliseconds since 1970, 14.03.2011 09:30, 14 March 2011, March 2011, 2011,
        2011年3月14日, 2011. 3. 14.; with `circa` or the like in front it becomes approximate.
    order
        `day-first` or `month-first`: how 04/05/2011 is read. Without it a date with two readings is not read. With
        points (04.05.2011) the day is always first.

    Examples
    --------
    >>> edtf("2011-03-14T09:00:38.679025+00:00"), edtf("14.03.2011 11:50", "day-first"), edtf("c. March 2011")
    ('2011-03-14T09:00:38Z', '2011-03-14T11:50', '2011-03~')
    >>> edtf("04/05/2011"), edtf("04/05/2011", "month-first"), edtf("13/05/2011")
    ('', '2011-04-05', '2011-05-13')
    >>> edtf("14.03.11"), edtf("03/04/11"), edtf("03/04/11", "month-first")
    ('2011-03-14', '', '2011-03-04')
    >>> edtf("1300093238"), edtf("Wed, 27 Aug 2008 13:08:45 +0000"), edtf("soon")
    ('2011-03-14T09:00:38Z', '2008-08-27T13:08:45Z', '')
    >>> edtf("2022-03-01 08:00:03 CET"), edtf("2022-03-01 08:00:03 EST")
    ('2022-03-01T08:00:03+01:00', '2022-03-01T08:00:03-05:00')
    >>> edtf("1300093238000"), edtf("1300093238.25")
    ('2011-03-14T09:00:38Z', '2011-03-14T09:00:38Z')
    """
    text = text.strip()
    if not text:
        return ""
    match = _ISO.fullmatch(text)
    if match:
        return _checked(*match.groups())
    return _other(text, order)


@functools.lru_cache(maxsize=100_000)
def _other(text: str, order: str) -> str:
    if _PLAIN.fullmatch(text):
        return _whole(text)
    if match := re.fullmatch(r"(\d{9,16})(\.\d*)?", text, re.A):
        return _since_1970(match[1])
    if match := _NUMBERS.fullmatch(text):
        return _in_order(match, order)
    if match := _EAST.fullmatch(text):
        year, month, day, hour, minute, second = match.groups()
        return _checked(year, month.zfill(2), day.zfill(2), hour, minute, second, None)
    if about := _ABOUT.match(text):
        said = edtf(text[about.end() :], order)
        return f"{said}~" if said and "/" not in said and said[-1] not in "~?Z" else ""
    if zoned := _ZONED.fullmatch(text):
        said = edtf(zoned[1], order)
        return said + _ZONES[zoned[2].upper()] if "T" in said and said[-1] not in "~?Z" else ""
    return _named(text) or _mail(text)


def _whole(text: str) -> str:
    from woozle import dates

    try:
        dates.parse(text)
    except DateError:
        return ""
    return text


def _since_1970(text: str) -> str:
    seconds = {9: 1, 10: 1, 13: 1000, 16: 1_000_000}.get(len(text))
    if not seconds:
        return ""
    return f"{datetime.fromtimestamp(int(text) // seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _in_order(match: re.Match[str], order: str) -> str:
    first, sign, second, third, hour, minute, second_of, half = match.groups()
    if len(first) == 4:
        year, month, day = first, second, third
    elif len(third) == 4:
        a, b = int(first), int(second)
        usual = DAY_FIRST if sign == "." else order
        usual = usual or (DAY_FIRST if a > 12 or a == b else MONTH_FIRST if b > 12 else "")
        if not usual:
            return ""
        month, day = (second, first) if usual == DAY_FIRST else (first, second)
        year = third
    elif len(third) == 2 and len(first) < 3:
        year = f"{'20' if int(third) < 69 else '19'}{third}"  # as POSIX reads two digits
        usual = DAY_FIRST if sign == "." else order or (DAY_FIRST if int(first) > 12 else "")
        if not usual:
            return ""
        month, day = (second, first) if usual == DAY_FIRST else (first, second)
    else:
        return ""
    return _checked(year, month.zfill(2), day.zfill(2), _hour(hour, half), minute, second_of, None)


def _hour(hour: str | None, half: str | None) -> str | None:
    if hour is None or not half:
        return hour
    return str(int(hour) % 12 + 12 * (half[0] in "Pp"))


def _named(text: str) -> str:
    """Return a date with the English name of a month."""
    if match := _DAY_MONTH.fullmatch(text):
        day, name, year, rest = match.groups()
    elif match := _MONTH_DAY.fullmatch(text):
        name, day, year, rest = match.groups()
    elif match := _MONTH_YEAR.fullmatch(text):
        month = _MONTHS.get(match[1].lower())
        return f"{match[2]}-{month:02}" if month else ""
    else:
        return ""
    month, clock = _MONTHS.get(name.lower()), _CLOCK.fullmatch(rest)
    if not month or not clock:
        return ""
    hour, minute, second, half = clock.groups()
    return _checked(year, f"{month:02}", day.zfill(2), _hour(hour, half), minute, second, None)


def _mail(text: str) -> str:
    """Return a date as mail and older posts write it: with the offset of its zone."""
    if match := re.fullmatch(r"(\w{3}) (\w{3}) (\d\d) (\d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})", text):
        text = f"{match[1]}, {match[3]} {match[2]} {match[6]} {match[4]} {match[5]}"
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return ""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment.tzinfo else ""


def _checked(
    year: str, month: str, day: str, hour: str | None, minute: str | None, second: str | None, zone: str | None
) -> str:
    """Return a date of these parts, if there is such a day and hour."""
    try:
        if hour is None:
            date(int(year), int(month), int(day))
            return f"{year}-{month}-{day}"
        datetime(int(year), int(month), int(day), int(hour), int(minute or 0), min(int(second or 0), 59))
    except ValueError:
        return ""
    offset = "" if zone is None else "Z" if zone in ("Z", "UTC", "GMT") else f"{zone[:3]}:{zone[3:].strip(':') or '00'}"
    if offset in ("+00:00", "-00:00"):
        offset = "Z"
    seconds = f":{min(int(second), 59):02}" if second is not None else ""
    return f"{year}-{month}-{day}T{int(hour):02}:{minute}{seconds}{offset}"


def of_moment(moment: datetime | date) -> str:
    """Return a date or a moment as EDTF; midnight without a zone, as spreadsheets store days, becomes the day.

    Examples
    --------
    >>> of_moment(datetime(2011, 3, 14)), of_moment(datetime(2011, 3, 14, 11, 50))
    ('2011-03-14', '2011-03-14T11:50')
    """
    if not isinstance(moment, datetime):
        return moment.isoformat()
    if moment.tzinfo:
        return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return f"{moment:%Y-%m-%d}"
    return f"{moment:%Y-%m-%dT%H:%M:%S}" if moment.second else f"{moment:%Y-%m-%dT%H:%M}"


def of_serial(text: str) -> str:
    """Return the day that a spreadsheet stores as a number: 40616 is 14 March 2011.

    Examples
    --------
    >>> of_serial("40616"), of_serial("40616.5"), of_serial("12")
    ('2011-03-14', '2011-03-14T12:00', '')
    """
    if not re.fullmatch(r"\d{5}(\.\d+)?", text, re.A):
        return ""
    days = float(text)
    moment = datetime(_EXCEL.year, _EXCEL.month, _EXCEL.day) + timedelta(seconds=round(days * 86400))
    return of_moment(moment)


def of_address(url: str) -> str:
    """Return the day that stands in an address, marked as uncertain, or nothing.

    Examples
    --------
    >>> of_address("https://example.org/2011/03/14/salt.html"), of_address("https://example.org/salt")
    ('2011-03-14?', '')
    """
    match = _IN_ADDRESS.search(url)
    day = _checked(match[1], match[2], match[3], None, None, None, None) if match else ""
    return f"{day}?" if day else ""


def order_of(texts: Iterable[str], told: str = "") -> str:
    """Return `day-first` or `month-first`: how dates such as 04/05/2011 in a column are read, as its values show.

    If the user `told` which, that is returned; if the column has no such date, an empty text. Dates with points
    (04.05.2011) don't count.

    Raises
    ------
    FormatError
        All fit both, and the user did not say which; or values contradict each other.

    Examples
    --------
    >>> order_of(["04/05/2011", "14/05/2011"]), order_of(["04/05/2011", "04/15/2011"]), order_of(["2011-05-04"])
    ('day-first', 'month-first', '')
    >>> order_of(["01.03.2011"])
    ''
    """
    if told:
        return told
    shown, either = set[str](), ""
    for text in texts:
        match = _NUMBERS.fullmatch(text.strip())
        if not match or len(match[1]) > 2 or len(match[4]) not in (2, 4) or match[2] == ".":
            continue
        a, b = int(match[1]), int(match[3])
        if a > 12 and b <= 12:
            shown.add(DAY_FIRST)
        elif b > 12:
            shown.add(MONTH_FIRST)
        elif a != b:
            either = either or text.strip()
    if len(shown) > 1:
        raise FormatError(
            f"Some dates have the day first, some the month. Which is right? --dates {DAY_FIRST} or {MONTH_FIRST}."
        )
    if not shown and either:
        raise FormatError(
            f"Dates such as '{either}' could have the day or the month first. Say which: --dates {DAY_FIRST} or "
            f"--dates {MONTH_FIRST}."
        )
    return next(iter(shown), "")
