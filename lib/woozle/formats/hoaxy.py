"""Spreads of articles as Hoaxy exports them: a CSV with one row for each tweet that passed an article on."""

from __future__ import annotations

from collections.abc import Iterator

from woozle.formats.encoding import text_of
from woozle.formats.items import Format, Head, Item, Link, Source
from woozle.formats.moments import edtf
from woozle.formats.table_files import table_rows

_RELATIONS = {"retweet": "reposts", "quote": "quotes", "reply": "replies"}


def suits(head: Head) -> bool:
    """Tell whether a file has the columns of an edge of Hoaxy."""
    return head.has("from_user_id", "to_user_id", "tweet_id", "tweet_created_at")


def read(source: Source) -> Iterator[Item]:
    """Yield each tweet, and each article once.

    A row names the account that was passed on, not its tweet. If that account has exactly one earlier tweet on the
    article in the file, this tweet is taken. Otherwise the account is noted as a missing source.
    """
    rows = [(row, {name: text_of(value) for name, value in cells.items()}) for row, cells in table_rows(source)]
    rows = [(row, cell) for row, cell in rows if _is_whole(source, row, cell)]
    tweets: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for _, cell in rows:
        tweets.setdefault((cell["to_user_id"], cell["canonical_url"]), []).append(
            (edtf(cell["tweet_created_at"]), cell["tweet_id"])
        )
    articles = set[str]()
    for row, cell in rows:
        if cell["canonical_url"] and cell["canonical_url"] not in articles:
            articles.add(cell["canonical_url"])
            yield _article(row, cell)
        yield _tweet(row, cell, tweets)


def _is_whole(source: Source, row: int, cell: dict[str, str]) -> bool:
    if cell.get("tweet_id") and cell.get("canonical_url"):
        return True
    source.note(row, "names no tweet or no article; left out")
    return False


def _article(row: int, cell: dict[str, str]) -> Item:
    site = cell.get("site_domain") or cell.get("domain", "")
    return Item(
        row=row,
        key=cell["canonical_url"],
        url=cell["canonical_url"],
        title=cell.get("title", ""),
        outlet=site,
        outlet_url=site,
        published=edtf(cell.get("pub_date") or cell.get("date_published", "")),
        kind="fact_check" if cell.get("site_type") == "fact_checking" else "",
    )


def _tweet(row: int, cell: dict[str, str], tweets: dict[tuple[str, str], list[tuple[str, str]]]) -> Item:
    published, by = edtf(cell["tweet_created_at"]), cell.get("from_user_screen_name") or cell["from_user_id"]
    earlier = [
        tweet for time, tweet in tweets.get((cell["from_user_id"], cell["canonical_url"]), []) if time < published
    ]
    links = [Link(cell["canonical_url"], "links", "the article that it shares")]
    relation = _RELATIONS.get(cell.get("tweet_type", ""))
    if relation and cell["from_user_id"] not in ("", cell["to_user_id"]):
        named = f"tweet_type {cell['tweet_type']}: Hoaxy names the account @{by}, not its tweet"
        links.append(Link(earlier[0] if len(earlier) == 1 else f"a tweet of @{by}", relation, named))
    return Item(
        row=row,
        shares=(cell["canonical_url"],),
        key=cell["tweet_id"],
        url=cell.get("tweet_url", ""),
        outlet=f"@{cell.get('to_user_screen_name') or cell['to_user_id']}",
        outlet_kind="social",
        published=published,
        kind="social_post",
        links=tuple(links),
    )


FORMAT = Format(
    "hoaxy",
    "Hoaxy (CSV)",
    "tweets that passed an article on, the article, and the tweet that each retweets, quotes or answers, where the "
    "file leaves no doubt which it was",
    "bot scores, mentions; which tweet was passed on, where its account has several or none in the file",
    suits,
    read,
    is_posts=True,
)
