"""Bring what was read into a case: find what it has already, add what is new, list what contradicts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from woozle.errors import WoozleError
from woozle.formats.cleaning import (
    address_key,
    cut_label,
    cut_quotation,
    differs,
    first_words,
    has_offset,
    host_of,
    is_address,
    language_form,
    on_one_line,
    slug,
)
from woozle.formats.gather import Gathered, Read
from woozle.formats.items import Item, Link, Note
from woozle.formats.moments import of_address
from woozle.formats.ordering import Citation, DocumentRow, Order
from woozle.formats.plan import FOLDER, Plan
from woozle.formats.registry import FORMATS
from woozle.locate import short
from woozle.package import codebook, schema
from woozle.package.csv_files import TableFile

ORIGINS = ("document", "identity", "source", "row", "found", "imported")
MISSING = ("citing", "address", "relation", "evidence", "source", "row", "imported")
REPORT = ("imported", "source", "row", "problem")
_ADDRESS = re.compile(r"https?://[^\s<>\"'“”]+[^\s<>\"'“”.,;:!?)\]]")
_GUESS = "marked as uncertain"
_UNKNOWN = "not known"  # the name of the outlet of documents that name none
_FILLED = ("title", "url", "author", "language", "published", "label")


def plan(
    folder: Path, gathered: Gathered, time_zone: str = "", step: Callable[[int], None] = lambda count: None
) -> Plan:
    """Return what an import would change in the case of a folder.

    Parameters
    ----------
    folder
        The folder of the package. If it does not exist, a new package with the ready vocabularies is planned.
    gathered
        What was read.
    time_zone
        The zone of times that name none; empty: that of the outlet.
    step
        Called with 1000 after every thousand documents.

    Raises
    ------
    WoozleError
        The package can't be read.
    """
    merged = _Merge(folder, gathered, time_zone)
    for number, (read, item) in enumerate(gathered.spent(), start=1):
        merged.take(read, item)
        if number % 1000 == 0:
            step(1000)
    merged.link()
    return merged.done()


class _Merge:
    """One import in progress: what the case has, what the files bring, and which documents are the same."""

    def __init__(self, folder: Path, gathered: Gathered, time_zone: str):
        self.folder = folder
        self.ready: dict[str, Any] = codebook.template()["vocabularies"]
        try:
            self.terms: dict[str, Any] = (
                json.loads((folder / "datapackage.json").read_text("utf-8"))["woozle"]["vocabularies"]
                if folder.exists()
                else codebook.template()["vocabularies"]
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise WoozleError(
                f"{short(folder / 'datapackage.json')} can't be read. See woozle check {folder.name}."
            ) from error
        self.zone = ZoneInfo(time_zone) if time_zone else None
        layout = schema.tables()
        self.tables = {name: TableFile.read(folder / f"{name}.csv", layout[name].columns) for name in
                       ("outlets", "documents", "citations")}  # fmt: skip
        for name, columns in (("documents", ORIGINS), ("missing", MISSING), ("report", REPORT)):
            self.tables[f"{FOLDER}/{name}"] = TableFile.read(folder / FOLDER / f"{name}.csv", columns)
        self.plan = Plan(folder, self.tables, notes=list(gathered.notes))
        held, self.tables["documents"].rows = self.tables["documents"].rows, []
        self.documents = {row["id"]: DocumentRow.of_row(row) for row in held}
        self.outlets = {row["id"]: row for row in self.tables["outlets"].rows}
        self.by_name: dict[str, str] = {}
        for row in self.tables["outlets"].rows:
            for name in [row["name"], *row.get("aliases", "").split(";")]:
                self.by_name.setdefault(name.strip().casefold(), row["id"])
        self.known = {address_key(row.url): row.id for row in self.documents.values() if row.url}
        for row in self.tables[f"{FOLDER}/documents"].rows:
            if row["document"] in self.documents:
                self.known.setdefault(row["identity"], row["document"])
        self.titles: dict[str, str] = {}
        self.read_terms: dict[tuple[str, str], str] = {}
        self.origins: list[tuple[str, str, Read, int, str]] = []
        self.before = set(self.documents)
        self.local: dict[Path, dict[str, str]] = {}  # by file: documents by their number there
        self.links: list[tuple[str, Link, Read, int]] = []
        self.met = set[str]()  # documents of the case that were in the files
        self.counts: dict[str, int] = {}
        self.today = f"{datetime.now(UTC):%Y-%m-%d}"
        self.tomorrow = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}"  # it is the next day somewhere already

    def take(self, read: Read, item: Item) -> None:
        """Take one item: as a new document, or as one that is known already."""
        item = self._clean(read, item)
        identities = _identities(read, item)
        document = next((self.known[identity] for identity in identities if identity in self.known), "")
        if document:
            self.plan.merged += document not in self.before
            self._compare(document, read, item)
        else:
            document = self._add(read, item)
        fresh = [identity for identity in identities if identity not in self.known]
        self.known.update(dict.fromkeys(fresh, document))
        if fresh:  # its address is in documents.csv; what else identifies it goes into imports/documents.csv
            self._origin(document, fresh[-1], read, item)
        if item.key and not read.format.is_posts:
            first = self.local.setdefault(read.path, {}).setdefault(item.key, document)
            if first != document:
                self._note(read, item.row, f"the number '{item.key}' is that of {first}, too; links to it lead there")
        if item.text:
            self.plan.texts.add(document, item.text)
        self.links += [(document, link, read, item.row) for link in item.links]
        if read.format.is_posts and "://" in item.text:  # an address in the words of a post: a citation if it is here
            addresses = dict.fromkeys(_ADDRESS.findall(item.text))
            self.links += [(document, Link(to, "links", "", False), read, item.row) for to in addresses]

    def _clean(self, read: Read, item: Item) -> Item:
        """Return an item as the tables can hold it: on one line, with a true address, with the zone of its time."""
        url = item.url if is_address(item.url) else ""
        if item.url and not url:
            self._note(read, item.row, f"'{item.url[:60]}' is not a web address; it was left out")
        published = item.published
        if (
            self.zone
            and "T" in published
            and "/" not in published
            and published[-1].isdigit()
            and not has_offset(published)
        ):
            published = datetime.fromisoformat(published).replace(tzinfo=self.zone).isoformat(timespec="auto")
            published = published.replace("+00:00", "Z")
            published = re.sub(r"(T\d\d:\d\d):00(?=[Z+-])", r"\1", published)
        found = item.found
        if not published and (day := of_address(url)):
            published, found = day, "; ".join(filter(None, [found, f"published: the address, {_GUESS}"]))
        if published[:10] > self.tomorrow:
            self._note(read, item.row, f"the date {published} is in the future: see whether it is right")
        title = on_one_line(item.title) or first_words(item.text)
        return item._replace(
            url=url, published=published, title=title, outlet=on_one_line(item.outlet), author=on_one_line(item.author),
            label=on_one_line(item.label), found=found, language=language_form(item.language),
        )  # fmt: skip

    def _add(self, read: Read, item: Item) -> str:
        """Add a document, and its outlet where that is new."""
        outlet = self._outlet(item)
        day = re.sub(r"\D", "", item.published[:10])[:8] or "undated"
        document = self._fresh(f"{outlet[:30]}_{day}", self.documents)
        # Where nobody knows who published it, charts call it by its title.
        label = item.label or ("" if self.outlets[outlet]["name"] != _UNKNOWN else cut_label(item.title))
        seen = read.format.seen
        kind = self._term("document_kind", item.kind, read, item.row) or schema.UNKNOWN
        self._need("document_kind", kind)
        self.documents[document] = DocumentRow(
            id=document, outlet=outlet, label=label, kind=kind, language=item.language, published=item.published,
            title=item.title, url=item.url, author=item.author, seen=seen,
            seen_note="" if seen == "page" else self._place(read, item.row),
        )  # fmt: skip
        self.plan.added.append(document)
        return document

    def _outlet(self, item: Item) -> str:
        """Return the id of the outlet of an item, which is added where it is not known."""
        name = item.outlet or host_of(item.outlet_url or item.url)
        kind = item.outlet_kind or (schema.UNCODED if name else schema.UNKNOWN)
        name = name or _UNKNOWN
        if known := self.by_name.get(name.casefold()):
            return known
        self._need("outlet_kind", kind)
        base = slug(name) or slug(host_of(item.outlet_url or item.url)) or "outlet"
        outlet = self._fresh(base[:40], self.outlets)
        self.outlets[outlet] = {"id": outlet, "name": name, "country": item.country, "kind": kind}
        self.by_name[name.casefold()] = outlet
        return outlet

    def _fresh(self, base: str, taken: Mapping[str, object]) -> str:
        """Return an id that is not taken: the base, or the base and a number."""
        if base not in taken:
            return base
        number = self.counts.get(base, 1) + 1
        while f"{base}_{number}" in taken:
            number += 1
        self.counts[base] = number
        return f"{base}_{number}"

    def _term(self, vocabulary: str, told: str, read: Read, row: int) -> str:
        """Return the term that a file means, by the term or its title; a term of the ready vocabulary is added."""
        if not told or (vocabulary, told) in self.read_terms:
            return self.read_terms.get((vocabulary, told), "")
        self.read_terms[vocabulary, told] = ""
        low = told.strip().casefold().replace(" ", "_")
        for terms in (self.terms.get(vocabulary, {}), self.ready[vocabulary]):
            for term, facts in terms.items():
                if low in (term, str(facts.get("title", "")).casefold().replace(" ", "_")):
                    self._need(vocabulary, term)
                    self.read_terms[vocabulary, told] = term
                    return term
        self._note(read, row, f"'{told[:40]}' is not a term of {vocabulary}; left out, here and in any other row")
        return ""

    def _need(self, vocabulary: str, term: str) -> None:
        """Make sure that the case has a term: if its own vocabulary lacks it, add it from the ready one."""
        terms = self.terms.setdefault(vocabulary, {})
        if term not in terms:
            terms[term] = self._ranked(vocabulary, terms, self.ready[vocabulary][term])
            self.plan.terms[vocabulary, term] = terms[term]

    @staticmethod
    def _ranked(vocabulary: str, terms: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
        """Return a term with a rank of its own: behind all others."""
        if "rank" not in schema.TERM_KEYS[vocabulary]:
            return dict(facts)
        return {**facts, "rank": max((int(other["rank"]) for other in terms.values()), default=0) + 1}

    def _compare(self, document: str, read: Read, item: Item) -> None:
        """Fill what was empty in a document that is known, and list what contradicts it."""
        row = self.documents[document]
        if document in self.before and document not in self.met:
            self.met.add(document)
            self.plan.known += 1
        for column in _FILLED:
            had, new = getattr(row, column), getattr(item, column)
            if not new or had == new:
                continue
            if not had:
                setattr(row, column, new)
                if document in self.before:
                    self.plan.filled.append((document, column, new))
            elif differs(column, had, new):
                sentence = f"{document}, {column}: the case has '{had[:80]}', the file '{new[:80]}'; the former is kept"
                self.plan.conflicts.append(Note(read.path.name, item.row, sentence))
        outlet = self.outlets.get(row.outlet, {})
        if item.outlet and outlet.get("kind") == schema.UNKNOWN and outlet.get("name") == _UNKNOWN:
            row.outlet = self._outlet(item)
        if row.kind == schema.UNKNOWN and item.kind:
            row.kind = self._term("document_kind", item.kind, read, item.row) or schema.UNKNOWN

    def link(self) -> None:
        """Turn links into citations, also those left open by earlier imports; keep what is still missing."""
        citations = self.tables["citations"].rows
        self.pairs = {(row["citing"], row["cited"]) for row in citations}
        self.fresh: list[Citation] = []
        missing = self.tables[f"{FOLDER}/missing"]
        still: list[dict[str, str]] = []
        for row in missing.rows:
            cited = self.known.get(address_key(row["address"])) or self._by_any_key(row["address"])
            if cited and row["citing"] in self.documents:
                seen = self.documents[row["citing"]].seen
                self._cite(
                    Citation(row["citing"], cited, row["relation"], row["evidence"], row["source"], row["row"], seen)
                )
            else:
                still.append(row)
        known = {(row["citing"], row["address"]) for row in still}
        self.links.reverse()
        while self.links:  # each is dropped once used, to save memory
            citing, link, read, number = self.links.pop()
            cited = self._target(link, read)
            if cited:
                relation = self._term("relation", link.relation, read, number) or "cites"
                place = (read.path.name, str(number), read.format.seen)
                self._cite(Citation(citing, cited, relation, link.words, *place))
            elif link.kept and (citing, link.to) not in known:
                known.add((citing, link.to))
                facts = (citing, link.to, link.relation, link.words, read.path.name, str(number), self.today)
                still.append(dict(zip(MISSING, facts, strict=True)))
                self.plan.missing += 1
        missing.rows = still

    def _target(self, link: Link, read: Read) -> str:
        """Return the document that a link leads to: by number, key, address, title or id."""
        return (
            self.local.get(read.path, {}).get(link.to)
            or self.known.get(f"{read.format.name}:{link.to}")
            or (self.known.get(address_key(link.to)) if link.to.startswith("http") else "")
            or ("" if read.format.is_posts else self._titled(link.to))
        )

    def _titled(self, told: str) -> str:
        """Return the document of this title or id; nothing where none or several have it."""
        if told in self.documents:
            return told
        if told.isdigit() or told.startswith("http"):
            return ""
        if not self.titles:
            for document, row in self.documents.items():
                title = row.title.casefold()
                self.titles[title] = "" if title in self.titles else document
        return self.titles.get(told.casefold(), "")

    def _by_any_key(self, told: str) -> str:
        return next((self.known[f"{name}:{told}"] for name in _posts() if f"{name}:{told}" in self.known), "")

    def _cite(self, one: Citation) -> None:
        if one.citing == one.cited or (one.citing, one.cited) in self.pairs:
            return
        self.pairs.add((one.citing, one.cited))
        self._need("relation", one.relation)
        self.fresh.append(one)

    def _rows(self, citations: Iterable[Citation]) -> Iterator[tuple[str, ...]]:
        """Yield citations as rows of their table."""
        columns = self.tables["citations"].columns
        for one in citations:
            quoted = one.relation == "links" and bool(one.words)
            evidence = on_one_line(one.words) or f"named in {one.source}, row {one.row}"
            facts = {
                "citing": one.citing, "cited": one.cited, "relation": one.relation,
                "evidence": cut_quotation(evidence) if quoted else evidence,
                "evidence_type": "quotation" if quoted else "paraphrase", "seen": one.seen,
                "seen_note": "" if one.seen == "page" else f"in {one.source}, row {one.row}",
            }  # fmt: skip
            yield tuple(facts.get(name, "") for name in columns)

    def done(self) -> Plan:
        """Return the plan, without citations that contradict dates or form a circle."""
        plan = self.plan
        documents = self.tables["documents"]
        documents.more = (tuple(map(row.cell, documents.columns)) for row in self.documents.values())
        self.tables["outlets"].rows = list(self.outlets.values())
        good, left_out = self._ordered()
        for one, why in left_out:
            self._drop(one, why)
        plan.citations = len(good)
        self.tables["citations"].more = self._rows(good)
        self.tables[f"{FOLDER}/documents"].more = (
            (document, identity, read.path.name, str(row or ""), found, self.today)
            for document, identity, read, row, found in self.origins
        )
        plan.undated = [document for document in plan.added if not self.documents[document].published]
        facts = [*plan.notes, *plan.conflicts]
        report = self.tables[f"{FOLDER}/report"]
        told = {(row["source"], row["row"], row["problem"]) for row in report.rows}
        for note in facts:
            if (note.file, str(note.row or ""), note.problem) not in told:
                entry = (self.today, note.file, str(note.row or ""), note.problem)
                report.rows.append(dict(zip(REPORT, entry, strict=True)))
        return plan

    def _ordered(self) -> tuple[list[Citation], list[tuple[Citation, str]]]:
        """Return the new citations that the dates allow, and the others; drop guessed dates that contradict one."""
        guessed = {document: (read, row) for document, _, read, row, found in self.origins if _GUESS in found}
        guessed = {name: place for name, place in guessed.items() if name not in self.before}
        while True:
            order = Order(self.documents, self.outlets, self.tables["citations"].rows)
            good = order.of(self.fresh)
            wrong = [
                name for one, _ in order.left_out for name in (one.citing, one.cited)
                if name in guessed and self.documents[name].published
            ]  # fmt: skip
            if not wrong:
                return good, order.left_out
            for name in dict.fromkeys(wrong):
                told = self.documents[name].published
                self.documents[name].published = ""
                self._note(
                    *guessed[name], f"the date {told} of {name} was a guess and contradicts who cites whom: left out"
                )

    def _drop(self, one: Citation, why: str) -> None:
        ends = [self.documents[name].published for name in (one.citing, one.cited)]
        self.plan.clocks |= any("T" in end and not has_offset(end) for end in ends)
        number = int(one.row) if one.row.isdigit() else 0
        sentence = f"the citation of {one.cited} by {one.citing} was left out: {why}"
        self.plan.notes.append(Note(one.source, number, sentence))

    def _origin(self, document: str, identity: str, read: Read, item: Item) -> None:
        self.origins.append((document, identity, read, item.row, item.found))

    def _place(self, read: Read, row: int) -> str:
        return f"in {read.path.name}, row {row}" if row else f"in {read.path.name}"

    def _note(self, read: Read, row: int, problem: str) -> None:
        self.plan.notes.append(Note(read.path.name, row, problem))


def _posts() -> list[str]:
    return [one.name for one in FORMATS if one.is_posts]


def _identities(read: Read, item: Item) -> list[str]:
    """Return what identifies an item in later imports: address, id of a post, or else its outlet, title and day."""
    told: list[str] = []
    if item.url:
        told.append(address_key(item.url))
    if item.key and read.format.is_posts:
        told.append(f"{read.format.name}:{item.key}")
    if item.key.startswith("at://"):
        told.append(item.key)
    if not told:
        words = "|".join((item.outlet, item.title, item.published)).casefold()
        told.append(f"as:{words}" if words.strip("|") else f"in:{read.path.name}#{item.row}")
    return list(dict.fromkeys(told))
