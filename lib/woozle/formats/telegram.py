"""Chats and channels as Telegram Desktop exports them: `result.json`; and messages as 4CAT stores them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from woozle.formats.encoding import text_of
from woozle.formats.items import Format, Head, Item, Link, Source
from woozle.formats.json_files import inside, json_records, json_values
from woozle.formats.moments import edtf


def suits(head: Head) -> bool:
    """Tell whether a file holds messages of a chat."""
    record = head.record
    return "messages" in head.keys or ({"date", "from_id"} <= set(record) and "type" in record)


def read(source: Source) -> Iterator[Item]:
    """Yield the messages of a chat; notices, such as that somebody joined, are left out."""
    chat, name = (next(iter(json_values(source, key)), "") for key in ("id", "name"))
    for row, record in json_records(source):
        if record.get("type", "message") != "message":
            continue
        yield of_post(source, row, record, text_of(chat), text_of(name))


def of_post(source: Source, row: int, message: Mapping[str, Any], chat: str = "", name: str = "") -> Item:
    """Return a message; its key holds the id of the chat and its own id."""
    published = edtf(text_of(message.get("date_unixtime"))) or edtf(text_of(message.get("date")))
    if not published:
        source.note(row, "has no time that can be read")
    answered, forwarded = message.get("reply_to_message_id"), text_of(message.get("forwarded_from"))
    links: list[Link] = []
    if answered:
        links.append(Link(f"telegram:{chat}/{text_of(answered)}", "replies", "reply_to_message_id in the export"))
    if forwarded:
        links.append(
            Link(f"Telegram: {forwarded}", "reposts", "forwarded_from in the export: a name without a message")
        )
    author = text_of(message.get("from")) or name
    return Item(
        row=row,
        key=f"telegram:{chat}/{text_of(message.get('id'))}",
        outlet=author or text_of(message.get("from_id")),
        outlet_kind="social",
        published=published,
        kind="social_post",
        text=_words(message.get("text") or message.get("message")),
        links=tuple(links),
        shares=tuple(_shares(message.get("text"))),
    )


def _shares(text: object) -> Iterator[str]:
    """Yield the addresses and hashtags of a message: its marked parts say where each ends."""
    for part in text if isinstance(text, list) else ():
        words, kind = text_of(inside(part, "text")), inside(part, "type")
        if kind == "text_link":
            yield text_of(inside(part, "href"))
        elif kind == "link":
            yield words if "://" in words else f"https://{words}"
        elif kind == "hashtag":
            yield words


def _words(text: object) -> str:
    """Return the text of a message, which is a text or a list of texts and marked parts."""
    if isinstance(text, list):
        return "".join(part if isinstance(part, str) else text_of(inside(part, "text")) for part in text)
    return text_of(text)


FORMAT = Format(
    "telegram",
    "Telegram Desktop (result.json)",
    "messages of a chat or channel: who, when, text, what each replies to, and the name of what it was forwarded from",
    "media, reactions, the message that a forwarded one was taken from (the export only names its author), languages",
    suits,
    read,
    is_posts=True,
)
