"""Saved web pages: what they say of themselves in JSON-LD, Open Graph and the like, their text, and their links."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from woozle.formats.claimreview import first, kinds, of_review
from woozle.formats.encoding import extra, read_text, text_of
from woozle.formats.items import Format, Head, Item, Link, Source
from woozle.formats.moments import edtf, of_address
from woozle.formats.spreadsheet import language_code

_ARTICLES = (
    "NewsArticle", "Article", "ReportageNewsArticle", "BlogPosting", "AnalysisNewsArticle", "OpinionNewsArticle",
    "BackgroundNewsArticle", "LiveBlogPosting", "WebPage", "SocialMediaPosting", "AdvertiserContentArticle",
    "ReviewNewsArticle", "TechArticle", "ScholarlyArticle", "Report",
)  # fmt: skip
_KINDS = {"BlogPosting": "analysis", "SocialMediaPosting": "social_post", "WebPage": ""}
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_ELSEWHERE = "ancestor::nav or ancestor::footer or ancestor::header or ancestor::aside"
_WORDS = 25


def suits(head: Head) -> bool:
    """Tell whether a file is a web page."""
    return head.suffix in (".html", ".htm", ".xhtml", ".mhtml") or bool(
        re.match(r"\s*(<!doctype html|<html)", head.text, re.I)
    )


def read(source: Source) -> Iterator[Item]:
    """Yield the document of a saved page."""
    markup = _of_mail(source) if source.path.suffix.lower() == ".mhtml" else read_text(source)
    if not markup.strip():
        source.note(0, "is empty; left out")
        return
    yield from of_page(source, markup, "")


def _of_mail(source: Source) -> str:
    """Return the page within an archive in the form of mail, as browsers save it."""
    import email
    import email.policy

    message = email.message_from_bytes(source.path.read_bytes(), policy=email.policy.default)
    part = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    if part is None:
        return ""
    return f"<!-- saved from url=(0){message['Snapshot-Content-Location'] or ''} -->{part.get_content()}"


def of_page(source: Source, markup: str, url: str, saved: str = "") -> Iterator[Item]:
    """Yield what a page says of itself.

    Parameters
    ----------
    source
        Collects the notes that are made while reading.
    markup
        The page.
    url
        The address that it was fetched from; empty where it is not known.
    saved
        When the page was saved (EDTF), if known. It is not used for the date.
    """
    html = extra("lxml.html", "web pages")
    try:
        tree = html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", markup))
    except (ValueError, html.etree.ParserError) as error:
        source.note(0, f"can't be read as a page ({error}); left out")
        return
    things = list(_things(tree, source))
    reviews = [thing for thing in things if "ClaimReview" in kinds(thing)]
    article = next((thing for thing in things if set(kinds(thing)) & set(_ARTICLES)), {})
    metas = _metas(tree)
    found: dict[str, str] = {}

    def choose(what: str, *options: tuple[str, str]) -> str:
        """Return the first value that is not empty, and remember where it was found."""
        for value, where in options:
            if value:
                found[what] = where
                return value
        return ""

    address = choose("address", *_addresses(tree, metas, article, markup, url))
    heading = next((" ".join(node.text_content().split()) for node in tree.xpath("//h1")), "")
    title = choose(
        "title",
        (text_of(article.get("headline")), "JSON-LD"),
        (metas.get("og:title", ""), "Open Graph"),
        (heading, "the heading"),
        (" ".join((tree.findtext(".//title") or "").split()), "the title of the window"),
    )
    publisher = first(article.get("publisher"))
    outlet = choose(
        "outlet",
        (text_of(publisher.get("name")), "JSON-LD"),
        (metas.get("og:site_name", ""), "Open Graph"),
        (urlsplit(address).hostname or "", "the address"),
    )
    text = _text(markup, tree)
    if not (title or article or text.strip()):
        source.note(0, "holds no page: neither a title nor a text was found; left out")
        return
    published = choose("published", *_dates(tree, metas, article, markup, address, saved))
    if not published:
        source.note(0, "no clear date of publication was found; it stays empty")
    if not address:
        source.note(0, "no address was found; it stays empty")
    language = language_code(
        choose(
            "language",
            (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "", "the page"),
            (text_of(article.get("inLanguage")), "JSON-LD"),
            (metas.get("og:locale", ""), "Open Graph"),
        )
    )
    kind = next((_KINDS.get(name, "news") for name in kinds(article) if name in _ARTICLES), "")
    item = Item(
        key=address,
        url=address,
        title=" ".join(title.split()),
        outlet=outlet,
        outlet_url=urlsplit(address).hostname or "",
        published=published,
        language=language,
        kind="fact_check" if reviews else kind,
        author=_author(article, metas),
        text=text,
        found="; ".join(f"{what}: {where}" for what, where in found.items()),
        links=tuple(_links(tree, address or url)),
    )
    for review in reviews:
        told, *others = of_review(source, 0, {**review, "url": text_of(review.get("url")) or address})
        if told.url == item.url:
            item = item._replace(links=(*item.links, *told.links))
            yield from others
    yield item


def _things(tree: Any, source: Source) -> Iterator[Mapping[str, Any]]:
    """Yield the things that a page describes in JSON-LD; those in a graph or a list too."""
    for node in tree.xpath("//script[@type='application/ld+json']"):
        try:
            held: Any = json.loads(re.sub(r"^\s*(//)?<!\[CDATA\[|(//)?\]\]>\s*$", "", node.text or ""), strict=False)
        except (ValueError, RecursionError):
            source.note(0, "its JSON-LD is broken and was not read")
            continue
        left = [held]
        while left:
            thing = left.pop(0)
            if isinstance(thing, list):
                left += thing
            elif isinstance(thing, Mapping):
                yield thing
                left += [thing[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in thing]


def _metas(tree: Any) -> dict[str, str]:
    """Return what the meta elements of a page say, by name in lower case; the first of each counts."""
    metas: dict[str, str] = {}
    for node in tree.xpath("//meta[@content]"):
        name = node.get("property") or node.get("name") or node.get("itemprop")
        if name:
            metas.setdefault(name.lower(), node.get("content").strip())
    return metas


def _addresses(
    tree: Any, metas: Mapping[str, str], article: Mapping[str, Any], markup: str, url: str
) -> list[tuple[str, str]]:
    saved = _SAVED_FROM.search(markup[:4000])
    base = url or (saved[1] if saved else "") or metas.get("og:url", "")
    canonical = next((node.get("href", "") for node in tree.xpath("//link[@rel='canonical']")), "")
    told = [
        (urljoin(base, canonical.strip()) if canonical else "", "the canonical link"),
        (metas.get("og:url", ""), "Open Graph"),
        (url, "where it was fetched"),
        (saved[1] if saved else "", "the browser that saved it"),
        (text_of(article.get("url")), "JSON-LD"),
    ]
    return [(address if address.startswith(("http://", "https://")) else "", where) for address, where in told]


def _dates(
    tree: Any, metas: Mapping[str, str], article: Mapping[str, Any], markup: str, address: str, saved: str
) -> Iterator[tuple[str, str]]:
    """Yield the dates that a page gives, the surest first; a guess from its words or its address is marked as one."""
    yield edtf(text_of(article.get("datePublished"))), "JSON-LD"
    for name in ("article:published_time", "og:article:published_time", "og:published_time", "datepublished",
                 "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date", "publication_date",
                 "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.created", "citation_publication_date", "date",
                 "cxenseparse:recs:publishtime", "article.published"):  # fmt: skip
        yield edtf(metas.get(name, "").replace("/", "-")), f"the meta element {name}"
    for node in tree.xpath(f"//time[@datetime and not({_ELSEWHERE.replace(' or ancestor::header', '')})]"):
        yield edtf(node.get("datetime")), "the element <time>"
        break
    guess = of_address(address)
    yield guess, "the address, marked as uncertain"
    day = _guessed(markup, address)
    if day and _either(markup, day):
        yield "", "two readings"
    elif day:
        yield f"{day}?", "a guess from the words of the page (htmldate), marked as uncertain"


def _either(markup: str, day: str) -> bool:
    """Tell whether a guessed day stands in the page as 4/7/2021, which has the day or the month first."""
    year, month, date = (int(part) for part in day.split("-"))
    if month == date or date > 12:
        return False
    return bool(re.search(rf"\b(0?{date}/0?{month}|0?{month}/0?{date})/{year}\b", markup))


def _guessed(markup: str, address: str) -> str:
    htmldate = extra("htmldate", "web pages")
    try:
        return htmldate.find_date(markup, original_date=True, url=address or None, extensive_search=False) or ""
    except (ValueError, TypeError, OverflowError):
        return ""


def _author(article: Mapping[str, Any], metas: Mapping[str, str]) -> str:
    told = article.get("author")
    names = [text_of(first(part).get("name")) for part in (told if isinstance(told, list) else [told]) if part]
    return "; ".join(filter(None, names)) or metas.get("author", "")


def _text(markup: str, tree: Any) -> str:
    trafilatura = extra("trafilatura", "web pages")
    try:
        text = trafilatura.extract(markup, include_comments=False, include_tables=True, favor_precision=False) or ""
    except (ValueError, TypeError, AttributeError):
        text = ""
    if text:
        return text
    return "\n".join(" ".join(node.text_content().split()) for node in tree.xpath(f"//p[not({_ELSEWHERE})]")).strip()


def _links(tree: Any, base: str) -> Iterator[Link]:
    """Yield the links in the body of a page, each address once, with its paragraph or, if long, its own words."""
    met = set[str]()
    for node in tree.xpath(f"//a[@href and not({_ELSEWHERE})]"):
        try:
            address = urljoin(base, node.get("href").strip())
        except ValueError:
            continue
        if address.startswith(("http://", "https://")) and address not in met and address != base:
            met.add(address)
            yield Link(address, "links", _around(node), kept=False)


def _around(node: Any) -> str:
    """Return the paragraph of a link if it has at most 25 words, else the first 25 words of the link itself."""
    words = node.text_content().split()
    parent = node.getparent()
    whole = " ".join((parent.text_content() if parent is not None else "").split())
    if whole and len(whole.split()) <= _WORDS:
        return whole
    return " ".join(words[:_WORDS])


FORMAT = Format(
    "page",
    "a saved web page (HTML, MHTML)",
    "title, address, outlet, date, authors, language, each with where it was found; its text, kept outside the case; "
    "links in its body that lead to other documents of the case",
    "pictures, comments, scripts; what stands in menus, headers and footers",
    suits,
    read,
)
