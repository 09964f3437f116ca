"""Posts of X (Twitter): the JSON of its API v2, in pages or one a line, and tweets of API v1.1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from woozle.formats.encoding import text_of
from woozle.formats.items import Format, Head, Item, Link, Source
from woozle.formats.json_files import inside, json_records, json_values
from woozle.formats.moments import edtf

_RELATIONS = {"replied_to": "replies", "quoted": "quotes", "retweeted": "reposts"}


def suits(head: Head) -> bool:
    """Tell whether a file holds tweets, or pages of the API with tweets under `data`."""
    record = head.record
    page = record.get("data")
    tweet = page[0] if isinstance(page, list) and page else record
    if not isinstance(tweet, Mapping) or not ("created_at" in tweet and {"text", "full_text"} & set(tweet)):
        return False
    return bool({"author_id", "referenced_tweets", "edit_history_tweet_ids", "conversation_id", "id_str"} & set(tweet))


def read(source: Source) -> Iterator[Item]:
    """Yield the tweets of a file, with the names of their authors where the file lists them."""
    users = {
        text_of(user.get("id")): text_of(user.get("username")) for user in json_values(source, "includes.users.item")
    }
    held = set[str]()
    for row, record in json_records(source):
        page = record.get("data")
        if not isinstance(page, list):
            if users:  # a file that lists users may list tweets as well, and some twice
                held.add(text_of(record.get("id")))
            yield of_post(source, row, record, users)
            continue
        more = inside(record, "includes", "users") or []
        users |= {text_of(user.get("id")): text_of(user.get("username")) for user in more if isinstance(user, Mapping)}
        for tweet in (tweet for tweet in page if isinstance(tweet, Mapping)):
            held.add(text_of(tweet.get("id")))
            yield of_post(source, row, tweet, users)
        for tweet in inside(record, "includes", "tweets") or []:
            if isinstance(tweet, Mapping) and text_of(tweet.get("id")) not in held:
                yield of_post(source, row, tweet, users)
    for tweet in json_values(source, "includes.tweets.item"):
        if isinstance(tweet, Mapping) and text_of(tweet.get("id")) not in held:
            yield of_post(source, 0, tweet, users)


def of_post(source: Source, row: int, tweet: Mapping[str, Any], users: Mapping[str, str] | None = None) -> Item:
    """Return a tweet by the fields of API v2, or else of v1.1."""
    key = text_of(tweet.get("id_str") or tweet.get("id"))
    number = text_of(tweet.get("author_id") or inside(tweet, "user", "id_str"))
    name = text_of(
        inside(tweet, "author", "username")
        or inside(tweet, "author_user", "username")
        or inside(tweet, "user", "screen_name")
        or (users or {}).get(number)
    )
    published = edtf(text_of(tweet.get("created_at")))
    if not published:
        source.note(row, "has no time that can be read")
    language = text_of(tweet.get("lang"))
    return Item(
        row=row,
        key=key,
        url=f"https://x.com/{name or 'i/web'}/status/{key}" if key else "",
        outlet=f"@{name}" if name else f"user {number}" if number else "",
        outlet_kind="social",
        published=published,
        language="" if language in ("und", "zxx", "qme", "qst", "qht", "qam", "qct") else language,
        kind="social_post",
        text=text_of(inside(tweet, "note_tweet", "text") or tweet.get("full_text") or tweet.get("text")),
        links=tuple(_links(tweet)),
        shares=tuple(_shares(tweet)),
    )


def _shares(tweet: Mapping[str, Any]) -> Iterator[str]:
    for one in inside(tweet, "entities", "urls") or []:
        if to := inside(one, "unwound_url") or inside(one, "expanded_url"):
            yield text_of(to)
    for one in inside(tweet, "entities", "hashtags") or []:
        if tag := inside(one, "tag") or inside(one, "text"):
            yield f"#{tag}"
    for key in inside(tweet, "attachments", "media_keys") or []:
        yield f"media:{key}"


def _links(tweet: Mapping[str, Any]) -> Iterator[Link]:
    for named in tweet.get("referenced_tweets") or []:
        relation = _RELATIONS.get(text_of(inside(named, "type")))
        if relation and inside(named, "id"):
            yield Link(text_of(named["id"]), relation, "referenced_tweets in the export")
    for to, relation in (
        (tweet.get("in_reply_to_status_id_str"), "replies"),
        (tweet.get("quoted_status_id_str"), "quotes"),
        (inside(tweet, "retweeted_status", "id_str"), "reposts"),
    ):
        if to:
            yield Link(text_of(to), relation, "in the export")


FORMAT = Format(
    "x",
    "X / Twitter (JSON of API v2, v1.1)",
    "tweets, and those that they refer to where the file has them: author, time, text, language, what each replies to, "
    "quotes or reposts",
    "counts, media, places, polls, and what a tweet links to outside X",
    suits,
    read,
    is_posts=True,
)
