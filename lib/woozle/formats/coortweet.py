"""Shares of objects in the table of CooRTweet and CooRnet: who shared which object, in which post, when."""

from __future__ import annotations

from collections.abc import Iterator

from woozle.formats.encoding import text_of
from woozle.formats.items import Format, Head, Item, Source
from woozle.formats.moments import edtf
from woozle.formats.table_files import table_rows

_TIMES = ("timestamp_share", "share_time")


def suits(head: Head) -> bool:
    """Tell whether a file has the columns of shares."""
    return head.has("object_id", "account_id", "content_id") and any(time in head.columns for time in _TIMES)


def read(source: Source) -> Iterator[Item]:
    """Yield each post that shares an object. Sharing the same object makes no citation between posts."""
    for row, cells in table_rows(source):
        cell = {name: text_of(value) for name, value in cells.items()}
        published = edtf(next((cell[time] for time in _TIMES if cell.get(time)), ""))
        if not cell["content_id"]:
            source.note(row, "names no post; left out")
            continue
        if not published:
            source.note(row, "has no time that can be read")
        yield Item(
            row=row,
            key=cell["content_id"],
            url=cell["content_id"] if cell["content_id"].startswith("http") else "",
            title=f"shares {cell['object_id']}" if cell["object_id"] else "",
            outlet=cell["account_id"],
            outlet_kind="social",
            published=published,
            kind="social_post",
            shares=(cell["object_id"],) if cell["object_id"] else (),
        )


FORMAT = Format(
    "coortweet",
    "CooRTweet, CooRnet (CSV)",
    "shares: account, post, time, and the object that was shared, as the title",
    "nothing; it does not say who copied whom, so there are no citations",
    suits,
    read,
    is_posts=True,
)
