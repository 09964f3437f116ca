"""Posts of Mastodon as its API gives them: a list of statuses, or a search with `statuses`, in JSON."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from woozle.formats.encoding import text_of
from woozle.formats.items import Format, Head, Item, Link, Source
from woozle.formats.json_files import inside, json_records
from woozle.formats.moments import edtf


def suits(head: Head) -> bool:
    """Tell whether a file holds statuses."""
    return {"created_at", "content", "account"} <= set(head.record) and "in_reply_to_id" in head.record


def read(source: Source) -> Iterator[Item]:
    """Yield the statuses of a file."""
    for row, record in json_records(source):
        yield of_post(source, row, record)


def of_post(source: Source, row: int, status: Mapping[str, Any]) -> Item:
    """Return a status; a boost repeats another, and has no text of its own."""
    published = edtf(text_of(status.get("created_at")))
    if not published:
        source.note(row, "has no time that can be read")
    account = text_of(inside(status, "account", "acct"))
    host = re.sub(r"^https?://([^/]+)/.*$", r"\1", text_of(status.get("url") or status.get("uri")))
    boosted = inside(status, "reblog", "uri") or inside(status, "reblog", "id")
    quoted = inside(status, "quote", "quoted_status", "id") or inside(status, "quote", "id")
    named = ((status.get("in_reply_to_id"), "replies", "in_reply_to_id"), (quoted, "quotes", "quote"))
    links = [Link(text_of(to), relation, f"{word} in the export") for to, relation, word in named if to]
    if boosted:
        other = inside(status, "reblog", "id")
        links.append(Link(text_of(other or boosted), "reposts", "reblog in the export"))
    return Item(
        row=row,
        key=text_of(status.get("id")),
        url=text_of(status.get("url") or status.get("uri")),
        outlet=f"@{account}" if "@" in account or not host else f"@{account}@{host}",
        outlet_kind="social",
        published=published,
        language=text_of(status.get("language")).split("-")[0].lower(),
        kind="social_post",
        text=plain(text_of(status.get("content"))),
        links=tuple(links),
        shares=tuple(_shares(status)),
    )


def _shares(status: Mapping[str, Any]) -> Iterator[str]:
    if card := inside(status, "card", "url"):
        yield text_of(card)
    for tag in status.get("tags") or []:
        if name := inside(tag, "name"):
            yield f"#{name}"


def plain(markup: str) -> str:
    r"""Return the words of simple HTML.

    Examples
    --------
    >>> plain("<p>One &amp; two<br>three</p><p>four</p>")
    'One & two\nthree\n\nfour'
    """
    text = re.sub(r"<br\s*/?>", "\n", markup)
    text = re.sub(r"</p>\s*<p[^>]*>", "\n\n", text)
    return html.unescape(re.sub(r"<[^>]+>", "", text)).strip()


FORMAT = Format(
    "mastodon",
    "Mastodon (JSON of its API)",
    "statuses: account, time, text, language, what each replies to, boosts or quotes",
    "counts, media, polls, content warnings",
    suits,
    read,
    is_posts=True,
)
