"""Timelines in the spreadsheet or the JSON of Knight Lab's TimelineJS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from woozle.formats.encoding import text_of
from woozle.formats.items import Format, Head, Item, Source
from woozle.formats.json_files import inside, json_records
from woozle.formats.mastodon import plain
from woozle.formats.moments import edtf
from woozle.formats.table_files import table_rows

_ABOUT = re.compile(r"\b(ca|circa|about|around|approx\w*|c)\b\.?|~", re.I)
_PICTURE = re.compile(r"\.(jpe?g|png|gif|webp|svg|mp4|mp3)(\?|$)", re.I)


def suits(head: Head) -> bool:
    """Tell whether a file has the columns of the spreadsheet, or the fields of the JSON."""
    return head.has("Year", "Headline") or "start_date" in head.record


def read(source: Source) -> Iterator[Item]:
    """Yield each slide as a document; the title slide and eras are left out and noted."""
    if source.path.name.lower().endswith(".json"):
        yield from _of_json(source)
        return
    for row, cells in table_rows(source):
        cell = {name: text_of(value) for name, value in cells.items()}
        if cell.get("Type", "").lower() in ("title", "era"):
            source.note(row, f"is the {cell['Type'].lower()} of the timeline, not a document; left out")
            continue
        begun = _date(*(cell.get(name, "") for name in ("Year", "Month", "Day", "Time")))
        ended = _date(*(cell.get(f"End {name}", "") for name in ("Year", "Month", "Day", "Time")))
        shown = cell.get("Display Date", "")
        media = cell.get("Media", "")
        yield _slide(source, row, (begun, ended, shown), cell["Headline"], cell.get("Text", ""), media,
                     cell.get("Media Credit", ""))  # fmt: skip


def _of_json(source: Source) -> Iterator[Item]:
    for row, record in json_records(source):
        began, ended = record.get("start_date") or {}, record.get("end_date") or {}
        if not isinstance(began, Mapping) or not isinstance(ended, Mapping):
            source.note(row, "has no date that can be read; left out")
            continue
        text: Any = record.get("text") or {}
        shown = text_of(record.get("display_date") or began.get("display_date"))
        yield _slide(
            source,
            row,
            (_of_parts(began), _of_parts(ended), shown),
            text_of(inside(text, "headline")),
            text_of(inside(text, "text")),
            text_of(inside(record, "media", "url")),
            text_of(inside(record, "media", "credit")),
        )


def _of_parts(parts: Mapping[str, Any]) -> str:
    year, month, day, hour, minute = (text_of(parts.get(key)) for key in ("year", "month", "day", "hour", "minute"))
    return _date(year, month, day, f"{hour}:{(minute or '0').zfill(2)}" if hour else "")


def _slide(
    source: Source, row: int, dated: tuple[str, str, str], headline: str, text: str, media: str, credit: str
) -> Item:
    begun, ended, shown = dated
    published = begun
    if begun and ended and ended != begun and not ("T" in begun and "T" not in ended):
        published = f"{begun}/{ended}"
    elif begun and "T" not in begun and _ABOUT.search(shown):
        published = f"{begun}~"
    if not published:
        source.note(row, "has no date that can be read")
    is_page = media.startswith("http") and not _PICTURE.search(media)
    return Item(
        row=row,
        url=media if is_page else "",
        title=plain(headline),
        outlet=plain(credit),
        published=published,
        text=plain(text),
        found=f"published: as the timeline shows it, “{shown}”" if shown else "",
    )


def _date(year: str, month: str, day: str, time: str) -> str:
    """Return the parts of a date as EDTF: `2011`, `2011-03`, `2011-03-14`, with an hour where the day has one."""
    if not re.fullmatch(r"\d{4}", year):
        return ""
    whole = year
    for part in (month, day):
        if not re.fullmatch(r"\d{1,2}", part):
            return edtf(whole)
        whole += f"-{part.zfill(2)}"
    return edtf(f"{whole}T{time}") or edtf(whole) if time else edtf(whole)


FORMAT = Format(
    "timelinejs",
    "TimelineJS (spreadsheet, JSON)",
    "slides: headline, text, date (a year or a month stays one; “circa” becomes approximate; a span stays a span), the "
    "page that is shown, its credit",
    "pictures, groups, eras, the title slide, colours",
    suits,
    read,
    seen="named",
)
