"""Posts and comments of Reddit: dumps with one object a line, or listings of its API, in JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from woozle.formats.encoding import text_of
from woozle.formats.items import Format, Head, Item, Link, Source
from woozle.formats.json_files import json_records
from woozle.formats.moments import edtf


def suits(head: Head) -> bool:
    """Tell whether a file holds posts or comments, or a listing of them."""
    record = head.record
    if head.keys[:2] == ("kind", "data") or record.get("kind") in ("Listing", "t1", "t3"):
        return True
    return "subreddit" in record and "created_utc" in record


def read(source: Source) -> Iterator[Item]:
    """Yield the posts and comments of a file; of a listing also the comments below comments."""
    for row, record in json_records(source):
        left: list[Any] = [record]
        while left:
            held = left.pop()
            if isinstance(held, list):
                left += held
            elif isinstance(held, Mapping):
                inner = held.get("data") if "kind" in held else held
                if not isinstance(inner, Mapping):
                    continue
                left += [inner.get("children"), inner.get("replies")]
                if "created_utc" in inner:
                    yield of_post(source, row, inner)


def of_post(source: Source, row: int, post: Mapping[str, Any]) -> Item:
    """Return a post or a comment."""
    published = edtf(text_of(post.get("created_utc")).split(".")[0])
    if not published:
        source.note(row, "has no time that can be read")
    is_comment = "body" in post
    name, place, author = (_there(post.get(key)) for key in ("name", "permalink", "author"))
    key = name or f"t{1 if is_comment else 3}_{text_of(post.get('id'))}"
    links: list[Link] = []
    if post.get("parent_id"):
        links.append(Link(text_of(post["parent_id"]), "replies", "parent_id in the export"))
    if post.get("crosspost_parent"):
        links.append(Link(text_of(post["crosspost_parent"]), "reposts", "crosspost_parent in the export"))
    outside = text_of(post.get("url_overridden_by_dest") or post.get("url"))
    if not is_comment and outside.startswith("http") and "reddit.com" not in outside and "redd.it" not in outside:
        links.append(Link(outside, "links", "the address that was posted"))
    return Item(
        row=row,
        key=key,
        url=f"https://www.reddit.com{place}" if place.startswith("/") else place,
        title=_there(post.get("title")),
        outlet=f"u/{author}" if author else "",
        outlet_kind="social",
        published=published,
        kind="forum_post",
        text=_there(post.get("body") or post.get("selftext") or post.get("title")),
        links=tuple(links),
    )


def _there(value: object) -> str:
    """Return a text; an empty one if Reddit shows [deleted] or [removed] in its place."""
    told = text_of(value)
    return "" if told in ("[deleted]", "[removed]") else told


FORMAT = Format(
    "reddit",
    "Reddit (dumps, JSON of its API)",
    "posts and comments: author, time, title, text, what each answers, crossposts, the address that was posted",
    "scores, flairs, awards, media, languages",
    suits,
    read,
    is_posts=True,
)
