"""Posts of Bluesky as its API gives them: a search, a feed or a thread, in JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from woozle.formats.encoding import text_of
from woozle.formats.items import Format, Head, Item, Link, Source
from woozle.formats.json_files import inside, json_records
from woozle.formats.moments import edtf


def suits(head: Head) -> bool:
    """Tell whether a file holds posts with the fields of the ATProto lexicon."""
    post = inside(head.record, "post") or head.record
    return str(post.get("uri", "")).startswith("at://") and isinstance(post.get("record"), Mapping)


def read(source: Source) -> Iterator[Item]:
    """Yield the posts of a file, and those above and below them in a thread.

    For a repost in a feed, the original post is yielded, with its own time.
    """
    for row, record in json_records(source):
        left = [record]
        while left:
            held = left.pop()
            inner = held.get("post")
            post = inner if isinstance(inner, dict) else held
            if isinstance(post.get("record"), dict):
                yield of_post(source, row, post)
            for key in ("parent", "replies"):
                more = held.get(key)
                left += [part for part in (more if isinstance(more, list) else [more]) if isinstance(part, dict)]


def of_post(source: Source, row: int, post: Mapping[str, Any]) -> Item:
    """Return a post by the fields of the lexicon, in the spelling of the API or of its Python client."""
    said: Mapping[str, Any] = post["record"]
    uri, handle = text_of(post.get("uri")), text_of(inside(post, "author", "handle"))
    published = edtf(text_of(said.get("createdAt") or said.get("created_at")))
    if not published:
        source.note(row, "has no time that can be read")
    quoted = inside(said, "embed", "record", "uri") or inside(said, "embed", "record", "record", "uri")
    answered = inside(said, "reply", "parent", "uri")
    languages = said.get("langs") or []
    return Item(
        row=row,
        key=uri,
        url=address(uri, handle),
        outlet=f"@{handle}" if handle else text_of(inside(post, "author", "did")),
        outlet_kind="social",
        published=published,
        language=text_of(languages[0]).split("-")[0].lower() if languages else "",
        kind="social_post",
        text=text_of(said.get("text")),
        links=tuple(
            Link(text_of(to), relation, f"{word} in the export")
            for to, relation, word in ((answered, "replies", "reply.parent"), (quoted, "quotes", "embed.record"))
            if to
        ),
        shares=tuple(_shares(said)),
    )


def _shares(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a post shares: addresses, hashtags, and pictures by their CID, a hash of what they show."""
    if page := inside(said, "embed", "external", "uri"):
        yield text_of(page)
    for facet in said.get("facets") or []:
        for feature in inside(facet, "features") or []:
            if to := inside(feature, "uri"):
                yield text_of(to)
            if tag := inside(feature, "tag"):
                yield f"#{tag}"
    for image in inside(said, "embed", "images") or []:
        if cid := inside(image, "image", "ref", "$link"):
            yield f"media:{cid}"


def address(uri: str, handle: str) -> str:
    """Return the address of the page of a post.

    Examples
    --------
    >>> address("at://did:plc:abc/app.bsky.feed.post/3k", "ada.example")
    'https://bsky.app/profile/ada.example/post/3k'
    """
    parts = uri.removeprefix("at://").split("/")
    return f"https://bsky.app/profile/{handle or parts[0]}/post/{parts[-1]}" if len(parts) == 3 else ""


FORMAT = Format(
    "bluesky",
    "Bluesky (JSON of its API)",
    "posts of a search, feed or thread: author, time, text, language, what each replies to or quotes",
    "likes and other counts, images, labels",
    suits,
    read,
    is_posts=True,
)
