"""Collections of 4CAT: its CSV, with the columns that all its sources share, and its NDJSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from woozle.formats import bluesky, mastodon, reddit, telegram, x
from woozle.formats.encoding import text_of
from woozle.formats.items import Format, Head, Item, Link, Source
from woozle.formats.json_files import json_records
from woozle.formats.moments import edtf
from woozle.formats.table_files import table_rows

# Columns that name another post, by relation. Those of Twitter hold ids, those of Bluesky addresses.
_LINKS = (
    ("replies", ("replied_to_post", "in_reply_to", "replied_to_id", "reply_to")),
    ("quotes", ("quoted_post", "quoted_tweet_id", "quote_tweet_id", "quoted_id")),
    ("reposts", ("reposted_post", "retweeted_id", "retweet_id", "reblogged_post", "boosted_post")),
)
_PLATFORMS = (bluesky, x, mastodon, telegram, reddit)


def suits(head: Head) -> bool:
    """Tell whether a file has the columns that 4CAT writes for every source, or its metadata."""
    return head.has("id", "thread_id", "timestamp", "body") or "4CAT_metadata" in head.record


def read(source: Source) -> Iterator[Item]:
    """Yield the posts of a collection."""
    yield from _of_lines(source) if _is_json(source) else _of_table(source)


def _is_json(source: Source) -> bool:
    return source.path.name.lower().removesuffix(".gz").endswith(("json", "jsonl"))


def _of_table(source: Source) -> Iterator[Item]:
    for row, cells in table_rows(source):
        cell = {name: text_of(value) for name, value in cells.items()}
        key = cell["id"]
        published = edtf(cell.get("created_at", "")) or edtf(cell["timestamp"]) or _spaced(cell["timestamp"])
        if not published:
            source.note(row, "has no time that can be read")
        named = [(relation, column) for relation, columns in _LINKS for column in columns if cell.get(column)]
        links = [Link(cell[column], relation, f"{column} in the export") for relation, column in named]
        if not links and cell["thread_id"] not in ("", key):
            links = [Link(cell["thread_id"], "replies", "thread_id in the export: the thread that the post belongs to")]
        author = cell.get("author", "")
        yield Item(
            row=row,
            key=key,
            url=next((cell[name] for name in ("link", "url", "post_url") if cell.get(name, "").startswith("http")), ""),
            title=cell.get("subject", ""),
            outlet=author if author.startswith("@") or not author else f"@{author}",
            outlet_kind="social",
            published=published,
            language=_language(cell),
            kind="social_post",
            text=cell["body"],
            links=tuple(links),
            shares=tuple(_shares(cell)),
        )


def _shares(cell: dict[str, str]) -> Iterator[str]:
    for column, before in (
        ("urls", ""),
        ("url", ""),
        ("hashtags", "#"),
        ("images", "media:"),
        ("image_urls", "media:"),
    ):
        for told in cell.get(column, "").split(","):
            if name := told.strip().removeprefix("#"):
                yield f"{before}{name}"


def _language(cell: dict[str, str]) -> str:
    told = cell.get("languages") or cell.get("language") or cell.get("language_guess") or ""
    return told.split(",")[0].split("-")[0].strip().lower()


def _spaced(text: str) -> str:
    """Return a time as older versions wrote it, in UTC: `2011-03-14 09:00:38`."""
    told = edtf(text.replace(" ", "T"))
    return f"{told}Z" if "T" in told and told[-1].isdigit() and "+" not in told else told


def _of_lines(source: Source) -> Iterator[Item]:
    inner = Source(source.path, source.choices, step=source.step)
    for row, record in json_records(source):
        module = next((module for module in _PLATFORMS if module.suits(Head(source.path, record=record))), None)
        if module is None:
            source.note(row, "is from a platform whose NDJSON woozle can't read; left out. Export it from 4CAT as CSV")
            continue
        yield from _of_record(module, inner, row, record)
    source.notes += inner.notes


def _of_record(module: Any, source: Source, row: int, record: dict[str, Any]) -> Iterator[Item]:
    post = module.of_post(source, row, record)
    if post is not None:
        yield post


FORMAT = Format(
    "4cat",
    "4CAT (CSV, NDJSON)",
    "posts of any of its sources: author, time, text, language, address, what each replies to, quotes or reposts",
    "counts, labels, images, and what its processors computed",
    suits,
    read,
    is_posts=True,
)
