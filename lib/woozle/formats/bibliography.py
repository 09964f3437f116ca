"""Bibliographies as Zotero and others export them: CSL JSON, BibTeX and BibLaTeX, RIS."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from woozle.formats.encoding import extra, read_text, text_of
from woozle.formats.items import Format, FormatError, Head, Item, Source
from woozle.formats.json_files import json_records
from woozle.formats.moments import edtf
from woozle.formats.spreadsheet import language_code

_NEWS = ("article-newspaper", "article-magazine", "broadcast", "webpage", "post-weblog", "interview")
_OUTLETS = ("journaltitle", "journal", "organization", "institution", "publisher")
_MONTHS = {
    name: f"{n:02}"
    for n, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}


def suits_csl(head: Head) -> bool:
    """Tell whether a file holds items of CSL JSON."""
    return {"id", "type"} <= set(head.record) and bool({"issued", "container-title", "URL", "DOI"} & set(head.record))


def suits_bibtex(head: Head) -> bool:
    """Tell whether a file holds entries of BibTeX."""
    return head.suffix in (".bib", ".bibtex") or bool(re.match(r"\s*@\w+\s*\{", head.text))


def suits_ris(head: Head) -> bool:
    """Tell whether a file holds records of RIS."""
    return head.suffix == ".ris" or bool(re.search(r"^TY {2}- ", head.text, re.M))


def read_csl(source: Source) -> Iterator[Item]:
    """Yield the items of CSL JSON."""
    for row, record in json_records(source):
        kind = text_of(record.get("type"))
        yield Item(
            row=row,
            key=text_of(record.get("id")),
            url=text_of(record.get("URL")),
            title=text_of(record.get("title")),
            outlet=text_of(record.get("container-title") or record.get("publisher")),
            published=_csl_date(record.get("issued")),
            language=language_code(text_of(record.get("language"))),
            kind=_kind(kind),
            author="; ".join(_csl_name(name) for name in record.get("author") or [] if isinstance(name, Mapping)),
        )


def _csl_date(issued: object) -> str:
    """Return a date of CSL as EDTF: parts of one date or of two, or a text."""
    if not isinstance(issued, Mapping):
        return edtf(text_of(issued))
    parts = issued.get("date-parts")
    ends = ["-".join(text_of(part).zfill(2) for part in end if text_of(part)) for end in parts] if parts else []
    read = [edtf(end) for end in ends]
    if read and all(read):
        day = "/".join(read) if len(read) == 2 and read[0] != read[1] else read[0]
        return f"{day}~" if issued.get("circa") and "/" not in day else day
    return edtf(text_of(issued.get("literal") or issued.get("raw")))


def _csl_name(name: Mapping[str, Any]) -> str:
    return text_of(name.get("literal")) or " ".join(filter(None, map(text_of, (name.get("given"), name.get("family")))))


def read_bibtex(source: Source) -> Iterator[Item]:
    """Yield the entries of BibTeX. The date comes from `date`, or else from `year`, `month` and `day`."""
    bibtexparser = extra("bibtexparser", "BibTeX")
    decoding = extra("bibtexparser.middlewares", "BibTeX").LatexDecodingMiddleware
    library = bibtexparser.parse_string(read_text(source), append_middleware=[decoding()])
    for block in library.failed_blocks:
        source.note((block.start_line or 0) + 1, "is an entry that can't be read; left out")
    for entry in library.entries:
        row = (entry.start_line or 0) + 1
        told = {field.key.lower(): re.sub(r"[{}]", "", text_of(field.value)).strip() for field in entry.fields}
        told |= {"id": entry.key, "entrytype": entry.entry_type}
        month = told.get("month", "")
        parts = [told.get("year", ""), _MONTHS.get(month[:3].lower(), month.zfill(2) if month.isdigit() else ""),
                 told.get("day", "").zfill(2) if told.get("day") else ""]  # fmt: skip
        whole = "-".join(parts[: parts.index("")] if "" in parts else parts)
        yield Item(
            row=row,
            key=told.get("id", ""),
            url=told.get("url") or _in_howpublished(told.get("howpublished", "")),
            title=told.get("title", ""),
            outlet=next(filter(None, (told.get(key) for key in _OUTLETS)), ""),
            published=edtf(told.get("date", "")) or _ranged(told.get("date", "")) or edtf(whole),
            language=language_code(told.get("langid") or told.get("language", "")),
            kind=_kind(told.get("entrytype", "")),
            author="; ".join(part.strip() for part in re.split(r"\s+and\s+", told.get("author", "")) if part.strip()),
        )


def _ranged(text: str) -> str:
    """Return a range that BibLaTeX writes as start/end as EDTF; an empty text if it is no such range."""
    ends = [edtf(end) for end in text.split("/")]
    return "/".join(ends) if len(ends) == 2 and all(ends) else ""


def _in_howpublished(text: str) -> str:
    found = re.search(r"https?://[^\s}]+", text)
    return found[0] if found else ""


def read_ris(source: Source) -> Iterator[Item]:
    """Yield the records of RIS."""
    rispy = extra("rispy", "RIS")
    try:
        records = rispy.loads(read_text(source), skip_unknown_tags=True)
    except Exception as error:  # rispy does not say which errors it raises
        raise FormatError(f"{source.path.name} can't be read as RIS: {error}.") from error
    for row, told in enumerate(records, start=1):
        urls = told.get("urls") or told.get("url") or []
        day = text_of(told.get("date") or told.get("publication_year") or told.get("year"))
        yield Item(
            row=row,
            key=text_of(told.get("id")),
            url=next(iter([urls] if isinstance(urls, str) else urls), ""),
            title=text_of(told.get("title") or told.get("primary_title")),
            outlet=text_of(told.get("secondary_title") or told.get("journal_name") or told.get("publisher")),
            published=edtf("-".join(part.zfill(2) for part in day.split("/") if part.strip())[:10]) or edtf(day),
            language=language_code(text_of(told.get("language"))),
            kind=_kind(text_of(told.get("type_of_reference"))),
            author="; ".join(told.get("authors") or told.get("first_authors") or []),
        )


def _kind(kind: str) -> str:
    """Return the document kind for an entry type of a bibliography; empty if the type does not tell."""
    low = kind.lower()
    if low in _NEWS[:4] or low in ("news", "mgzn", "newspaperarticle"):
        return "news" if low != "webpage" else ""
    return {"post": "social_post", "blog": "analysis", "report": "analysis", "rprt": "analysis"}.get(low, "")


_READS = "entries: title, address, date, medium, language, authors"
_LOSES = "volumes, pages, notes, tags, attached files; the day on which somebody looked at a page"
CSL = Format("csl", "CSL JSON (Zotero, Citavi, …)", _READS, _LOSES, suits_csl, read_csl, "named")
BIBTEX = Format("bibtex", "BibTeX, BibLaTeX (Zotero, JabRef, …)", _READS, _LOSES, suits_bibtex, read_bibtex, "named")
RIS = Format("ris", "RIS (EndNote, Factiva, Zotero, …)", _READS, _LOSES, suits_ris, read_ris, "named")
