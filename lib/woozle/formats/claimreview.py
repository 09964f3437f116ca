"""Fact-checks as their publishers mark them up: ClaimReview of Schema.org, in JSON-LD or in Google's data feed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from woozle.formats.encoding import text_of
from woozle.formats.items import Format, Head, Item, Link, Source
from woozle.formats.json_files import inside, json_records
from woozle.formats.moments import edtf


def suits(head: Head) -> bool:
    """Tell whether a file holds reviews of claims."""
    return "ClaimReview" in kinds(head.record) or "claimReviewed" in head.record or (
        "dataFeedElement" in head.keys and "ClaimReview" in head.text
    )  # fmt: skip


def kinds(thing: Mapping[str, Any]) -> list[str]:
    """Return the types of a thing of Schema.org."""
    named = thing.get("@type")
    return [text_of(name) for name in (named if isinstance(named, list) else [named]) if name]


def read(source: Source) -> Iterator[Item]:
    """Yield the fact-checks of a file, and the pages on which each says that its claim appeared."""
    for row, record in json_records(source):
        for review in _reviews(record):
            yield from of_review(source, row, review)


def _reviews(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    left: list[Any] = [record]
    while left:
        held = left.pop(0)
        if isinstance(held, list):
            left += held
        elif isinstance(held, Mapping):
            if "ClaimReview" in kinds(held):
                yield held
            left += [held.get("item"), held.get("@graph")]


def of_review(source: Source, row: int, review: Mapping[str, Any]) -> Iterator[Item]:
    """Yield a fact-check and the pages on which its claim appeared; often only their addresses are known."""
    url = text_of(review.get("url"))
    claim = first(review.get("itemReviewed"))
    appeared = [*things(claim.get("firstAppearance")), *things(claim.get("appearance"))]
    rating = text_of(inside(first(review.get("reviewRating")), "alternateName"))
    links = [
        Link(address_of(thing), "traces", "itemReviewed.appearance in the ClaimReview")
        for thing in appeared
        if address_of(thing)
    ]
    publisher = first(review.get("publisher")) or first(review.get("author"))
    title = text_of(review.get("name") or review.get("headline") or review.get("claimReviewed"))
    yield Item(
        row=row,
        key=url,
        url=url,
        title=title,
        outlet=text_of(publisher.get("name")),
        outlet_url=text_of(publisher.get("url")),
        published=edtf(text_of(review.get("datePublished"))),
        language=text_of(review.get("inLanguage")).split("-")[0].lower(),
        kind="fact_check",
        found=f"rating: “{rating}”, as the ClaimReview says" if rating else "",
        links=tuple(links),
    )
    for thing in appeared:
        address = address_of(thing)
        if not address:
            source.note(row, "an appearance of the claim has no address; left out")
            continue
        by = first(thing.get("publisher")) or first(thing.get("author"))
        yield Item(
            row=row,
            key=address,
            url=address,
            title=text_of(thing.get("headline") or thing.get("name")),
            outlet=text_of(by.get("name")),
            outlet_url=text_of(by.get("url")),
            published=edtf(text_of(thing.get("datePublished"))),
            kind="news" if "NewsArticle" in kinds(thing) else "",
        )


def things(value: object) -> list[Mapping[str, Any]]:
    """Return a value of JSON-LD as a list of things: a text is the address or name of one."""
    held = value if isinstance(value, list) else [value]
    told = [{"url": thing, "name": thing} if isinstance(thing, str) else thing for thing in held]
    return [thing for thing in told if isinstance(thing, Mapping)]


def first(value: object) -> Mapping[str, Any]:
    """Return the first thing of a value of JSON-LD; an empty one where there is none."""
    return next(iter(things(value)), {})


def address_of(thing: Mapping[str, Any]) -> str:
    """Return the address of a thing."""
    told = text_of(thing.get("url") or thing.get("@id"))
    return told if told.startswith(("http://", "https://")) else ""


FORMAT = Format(
    "claimreview",
    "ClaimReview (JSON-LD, data feed)",
    "fact-checks: title, publisher, day; the pages on which the claim appeared, cited as what the check traces",
    "the rating (noted, but never used as a code); who made the claim",
    suits,
    read,
    seen="named",
)
