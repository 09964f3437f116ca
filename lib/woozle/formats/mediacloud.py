"""Lists of stories as Media Cloud exports them, in CSV."""

from __future__ import annotations

from collections.abc import Iterator

from woozle.formats.encoding import text_of
from woozle.formats.items import Format, Head, Item, Source
from woozle.formats.moments import edtf
from woozle.formats.table_files import table_rows


def suits(head: Head) -> bool:
    """Tell whether a file has the columns of a list of stories, of today's or of the older kind."""
    return head.has("media_name", "title", "url") and ("publish_date" in head.columns or "indexed_date" in head.columns)


def read(source: Source) -> Iterator[Item]:
    """Yield the stories of a list."""
    for row, cells in table_rows(source):
        cell = {name: text_of(value) for name, value in cells.items()}
        if not (cell["url"] or cell["title"]):
            source.note(row, "has neither an address nor a title; left out")
            continue
        yield Item(
            row=row,
            key=cell.get("id") or cell.get("stories_id", ""),
            url=cell["url"],
            title=cell["title"],
            outlet=cell["media_name"],
            outlet_url=cell.get("media_url", ""),
            published=edtf(cell.get("publish_date", "")),
            language=cell.get("language", "").split("-")[0].lower(),
            kind="news",
        )


FORMAT = Format(
    "mediacloud",
    "Media Cloud (CSV)",
    "stories: title, address, medium, day, language",
    "the day on which a story was indexed; texts, which Media Cloud does not give out",
    suits,
    read,
    seen="named",
)
