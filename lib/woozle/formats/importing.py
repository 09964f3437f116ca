"""Bring what was read into a case: find what it has already, add what is new, list what contradicts."""

from __future__ import annotations

import calendar
import csv
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from woozle import dates
from woozle.errors import DateError, WoozleError
from woozle.files import alone, whole, write_whole
from woozle.formats.gather import Gathered, Read
from woozle.formats.items import Item, Link, Note
from woozle.formats.moments import of_address
from woozle.locate import texts_place
from woozle.package import codebook, schema
from woozle.package.check import ID, LABEL, WORDS, find_cycle, too_long_to_quote
from woozle.package.tables import TableFile

FOLDER = "imports"  # in the package: where each document came from, what is missing, what was left out
ORIGINS = ("document", "identity", "source", "row", "found", "imported")
MISSING = ("citing", "address", "relation", "evidence", "source", "row", "imported")
REPORT = ("imported", "source", "row", "problem")
_TITLE_WORDS, _TITLE_LETTERS = 12, 40  # of a text, where a document has no title
_FEW_TEXTS = 5_000  # up to so many are files of their own
_TRACKING = re.compile(r"[?&](utm_\w+|fbclid|gclid|igshid|mc_[ce]id|ref_src|ref_url|s_cid|cmpid|at_medium)=[^&]*")
_TWEET = re.compile(r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?:\w+|i/web)/status/(\d+)")
_UNKNOWN = "not known"  # the name of the outlet of documents that name none
_FILLED = ("title", "url", "author", "language", "published", "label")


@dataclass(slots=True)
class Document:
    """A row of documents.csv."""

    id: str
    outlet: str
    label: str = ""
    kind: str = ""
    language: str = ""
    published: str = ""
    title: str = ""
    url: str = ""
    author: str = ""
    seen: str = ""
    seen_in: str = ""
    seen_note: str = ""


class Citation(NamedTuple):
    """A new row of citations.csv, and where it comes from."""

    citing: str
    cited: str
    relation: str
    words: str
    source: str
    row: str


@dataclass
class Plan:
    """What an import would change in a case; nothing is written before `write`.

    Attributes
    ----------
    folder : Path
        Of the package.
    added : list of str
        The ids of new documents.
    citations : int
        How many citations are new.
    filled : list of (document, column, value)
        Empty cells of documents that the case had, which are filled.
    conflicts : list of Note
        Where a file says otherwise than the case; the case keeps what it says.
    missing : int
        How many replies, quotes, reposts and cited sources lead to what is not there; their addresses are kept.
    merged : int
        How many documents stood twice in what was read.
    known : int
        How many documents of the files the case had already.
    undated : list of str
        New documents without a date: they wait until one is given.
    notes : list of Note
        What was left out or mended.
    texts : dict
        The texts of documents, by id.
    terms : dict
        Terms of the ready vocabularies that the case lacked, by vocabulary and term.
    clocks : bool
        Whether a citation was left out whose times name no zone: the file may use one clock for all.
    """

    folder: Path
    tables: dict[str, TableFile]
    added: list[str] = field(default_factory=list[str])
    citations: int = 0
    filled: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])
    conflicts: list[Note] = field(default_factory=list[Note])
    missing: int = 0
    merged: int = 0
    known: int = 0
    undated: list[str] = field(default_factory=list[str])
    notes: list[Note] = field(default_factory=list[Note])
    texts: dict[str, str] = field(default_factory=dict[str, str])
    terms: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict[tuple[str, str], dict[str, Any]])
    clocks: bool = False

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.added or self.citations or self.filled or self.missing)

    def write(self) -> None:
        """Write all tables, whole or not at all each: what others refer to before what refers to it.

        Raises
        ------
        WoozleError
            It can't be written.
        """
        try:
            with alone(self.folder.with_name(f".{self.folder.name}.lock")):
                if self.terms:
                    self._write_terms()
                (self.folder / FOLDER).mkdir(exist_ok=True)
                for name, table in self.tables.items():
                    table.write(self.folder / f"{name}.csv")
                codebook.describe(self.folder)
                _write_texts(self.folder, self.texts)
        except OSError as error:
            raise WoozleError(f"data/{self.folder.name} can't be written: {error.strerror}.") from error

    def _write_terms(self) -> None:
        path = self.folder / "datapackage.json"
        package = json.loads(path.read_text("utf-8"))
        for (vocabulary, term), facts in self.terms.items():
            package["woozle"]["vocabularies"].setdefault(vocabulary, {}).setdefault(term, facts)
        write_whole(path, json.dumps(package, ensure_ascii=False, indent=2) + "\n")


def plan(
    folder: Path, gathered: Gathered, time_zone: str = "", step: Callable[[int], None] = lambda count: None
) -> Plan:
    """Return what an import would change in the case of a folder.

    Parameters
    ----------
    folder
        Of the package; one that is not there yet is taken for a new one, with the ready vocabularies.
    gathered
        What was read.
    time_zone
        The zone of times that name none; empty: that of the outlet.
    step
        Called with the number of documents that were matched since the last call.

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
    """One import on its way: what the case has, what comes, and which is which."""

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
                f"data/{folder.name}/datapackage.json can't be read. See woozle check {folder.name}."
            ) from error
        self.zone = ZoneInfo(time_zone) if time_zone else None
        layout = schema.tables()
        self.tables = {name: TableFile.read(folder / f"{name}.csv", layout[name].columns) for name in
                       ("outlets", "documents", "citations")}  # fmt: skip
        for name, columns in (("documents", ORIGINS), ("missing", MISSING), ("report", REPORT)):
            self.tables[f"{FOLDER}/{name}"] = TableFile.read(folder / FOLDER / f"{name}.csv", columns)
        self.plan = Plan(folder, self.tables, notes=list(gathered.notes))
        names = list(layout["documents"].columns)
        held, self.tables["documents"].rows = self.tables["documents"].rows, []
        self.documents = {row["id"]: Document(**{name: row.get(name, "") for name in names}) for row in held}
        self.outlets = {row["id"]: row for row in self.tables["outlets"].rows}
        self.by_name: dict[str, str] = {}
        for row in self.tables["outlets"].rows:
            for name in [row["name"], *row.get("aliases", "").split(";")]:
                self.by_name.setdefault(name.strip().casefold(), row["id"])
        self.known = {_address_key(row.url): row.id for row in self.documents.values() if row.url}
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
        if fresh:  # its address is in the table of documents; what else it is known by stands here
            self._origin(document, fresh[-1], read, item)
        if item.key and not read.format.is_posts:
            self.local.setdefault(read.path, {}).setdefault(item.key, document)
        if item.text and document not in self.plan.texts:
            self.plan.texts[document] = item.text
        self.links += [(document, link, read, item.row) for link in item.links]

    def _clean(self, read: Read, item: Item) -> Item:
        """Return an item as the tables can hold it: on one line, with a true address, with the zone of its time."""
        url = item.url if _is_address(item.url) else ""
        if item.url and not url:
            self._note(read, item.row, f"the address '{item.url[:60]}' is none; it was left out")
        published = item.published
        if (
            self.zone
            and "T" in published
            and "/" not in published
            and published[-1].isdigit()
            and not _has_offset(published)
        ):
            published = datetime.fromisoformat(published).replace(tzinfo=self.zone).isoformat(timespec="auto")
            published = published.replace("+00:00", "Z")
            published = re.sub(r"(T\d\d:\d\d):00(?=[Z+-])", r"\1", published)
        found = item.found
        if not published and (day := of_address(url)):
            published, found = day, "; ".join(filter(None, [found, "published: the address, marked as uncertain"]))
        title = _line(item.title) or first_words(item.text)
        return item._replace(
            url=url, published=published, title=title, outlet=_line(item.outlet), author=_line(item.author),
            label=_line(item.label), found=found, language=_known_form(item.language),
        )  # fmt: skip

    def _add(self, read: Read, item: Item) -> str:
        """Add a document, and its outlet where that is new."""
        outlet = self._outlet(item)
        day = re.sub(r"\D", "", item.published[:10])[:8] or "undated"
        document = self._fresh(f"{outlet[:30]}_{day}", self.documents)
        # Where nobody knows who published it, charts call it by its title.
        label = item.label or ("" if self.outlets[outlet]["name"] != _UNKNOWN else _cut_label(item.title))
        seen = read.format.seen
        kind = self._term("document_kind", item.kind, read, item.row) or "unknown"
        self._need("document_kind", kind)
        self.documents[document] = Document(
            id=document, outlet=outlet, label=label, kind=kind, language=item.language, published=item.published,
            title=item.title, url=item.url, author=item.author, seen=seen,
            seen_note="" if seen == "page" else self._place(read, item.row),
        )  # fmt: skip
        self.plan.added.append(document)
        return document

    def _outlet(self, item: Item) -> str:
        """Return the id of the outlet of an item, which is added where it is not known."""
        name = item.outlet or _host(item.outlet_url or item.url)
        kind = item.outlet_kind or "unknown"
        if not name:
            name = _UNKNOWN
        if known := self.by_name.get(name.casefold()):
            return known
        self._need("outlet_kind", kind)
        base = slug(name) or slug(_host(item.outlet_url or item.url)) or "outlet"
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
        self._note(read, row, f"'{told[:40]}' is no term of {vocabulary}, here and in other rows; it stays uncoded")
        return ""

    def _need(self, vocabulary: str, term: str) -> None:
        """See to it that the case has a term; what its own vocabulary lacks is taken from the ready one."""
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
            elif _differs(column, had, new):
                sentence = f"{document}, {column}: the case has '{had[:80]}', the file '{new[:80]}'; the case's is kept"
                self.plan.conflicts.append(Note(read.path.name, item.row, sentence))
        outlet = self.outlets.get(row.outlet, {})
        if item.outlet and outlet.get("kind") == "unknown" and outlet.get("name") == _UNKNOWN:
            row.outlet = self._outlet(item)
        if row.kind == "unknown" and item.kind:
            row.kind = self._term("document_kind", item.kind, read, item.row) or "unknown"

    def link(self) -> None:
        """Make citations of links, and of what earlier imports lacked; keep the address of what is still missing."""
        citations = self.tables["citations"].rows
        self.pairs = {(row["citing"], row["cited"]) for row in citations}
        self.fresh: list[Citation] = []
        missing = self.tables[f"{FOLDER}/missing"]
        still: list[dict[str, str]] = []
        for row in missing.rows:
            cited = self.known.get(_address_key(row["address"])) or self._by_any_key(row["address"])
            if cited and row["citing"] in self.documents:
                self._cite(row["citing"], cited, row["relation"], row["evidence"], row["source"], row["row"])
            else:
                still.append(row)
        known = {(row["citing"], row["address"]) for row in still}
        self.links.reverse()
        while self.links:  # each is let go of: very many need much room
            citing, link, read, number = self.links.pop()
            cited = self._target(link, read)
            if cited:
                relation = self._term("relation", link.relation, read, number) or "cites"
                self._cite(citing, cited, relation, link.words, read.path.name, str(number))
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
            or (self.known.get(_address_key(link.to)) if link.to.startswith("http") else "")
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
        return next((self.known[f"{name}:{told}"] for name in _POSTS if f"{name}:{told}" in self.known), "")

    def _cite(self, citing: str, cited: str, relation: str, words: str, source: str, row: str) -> None:
        if citing == cited or (citing, cited) in self.pairs:
            return
        self.pairs.add((citing, cited))
        self._need("relation", relation)
        self.fresh.append(Citation(citing, cited, relation, words, source, row))

    def _rows(self, citations: Iterable[Citation]) -> Iterator[tuple[str, ...]]:
        """Yield citations as rows of their table."""
        columns = self.tables["citations"].columns
        for one in citations:
            seen = self.documents[one.citing].seen
            quoted = one.relation == "links" and bool(one.words)
            evidence = _line(one.words) or f"named in {one.source}, row {one.row}"
            facts = {
                "citing": one.citing, "cited": one.cited, "relation": one.relation,
                "evidence": _cut(evidence) if quoted else evidence,
                "evidence_type": "quotation" if quoted else "paraphrase", "seen": seen,
                "seen_note": "" if seen == "page" else f"in {one.source}, row {one.row}",
            }  # fmt: skip
            yield tuple(facts.get(name, "") for name in columns)

    def done(self) -> Plan:
        """Return the plan, without citations that dates or circles forbid."""
        plan = self.plan
        documents = self.tables["documents"]
        documents.more = (tuple(getattr(row, name) for name in documents.columns) for row in self.documents.values())
        self.tables["outlets"].rows = list(self.outlets.values())
        good = self._in_order(self.fresh)
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

    def _in_order(self, fresh: list[Citation]) -> list[Citation]:
        """Return new citations without those of a document that surely came before the one that it cites."""
        ordered = [self._plainly_ordered(one.cited, one.citing) for one in fresh]
        tied = [(one.cited, one.citing) for one, order in zip(fresh, ordered, strict=True) if order == "same"]
        if all(ordered) and not find_cycle(tied):
            return (
                fresh  # in the order of exact moments there is no contradiction, and a circle only of the same moment
            )
        ends = {row[name] for row in self.tables["citations"].rows for name in ("citing", "cited")}
        spans = self._spans(ends.union(*((one.citing, one.cited) for one in fresh)))
        good: list[Citation] = []
        for one in fresh:
            citing, cited = spans.get(one.citing), spans.get(one.cited)
            if citing and cited and citing[1] < cited[0]:
                self._drop(one, "the one cited was published later")
            else:
                good.append(one)
        while True:
            good, circling = self._along_chains(good, spans)
            if not circling:
                return good
            good = self._without_circle(good, circling)

    def _plainly_ordered(self, cited: str, citing: str) -> str:
        """Return "before" or "same" for two moments that are exact to the second, in UTC, as their texts sort."""
        first, second = self.documents[cited].published, self.documents[citing].published
        exact = len(first) == len(second) == 20 and first[-1] == second[-1] == "Z"
        return "" if not exact or first > second else "before" if first < second else "same"

    def _along_chains(
        self, good: list[Citation], spans: Mapping[str, tuple[int, int]]
    ) -> tuple[list[Citation], set[str]]:
        """Leave out what contradicts dates only by way of others, and return what cites in a circle, or after one.

        A document is out when all that it relies on is out, at the earliest; it is passed on along the citations.
        """
        pairs = [(row["cited"], row["citing"]) for row in self.tables["citations"].rows]
        held = len(pairs)
        pairs += [(one.cited, one.citing) for one in good]
        cited_by: dict[str, list[int]] = {}
        waits: dict[str, int] = {}
        for place, (cited, citing) in enumerate(pairs):
            cited_by.setdefault(cited, []).append(place)
            waits[citing] = waits.get(citing, 0) + 1
        earliest = {name: span[0] for name, span in spans.items()}
        dropped = set[int]()
        ready = [name for name in cited_by if name not in waits]
        while ready:
            name = ready.pop()
            for place in cited_by.get(name, ()):
                citing = pairs[place][1]
                if name in earliest and citing in earliest and earliest[name] > earliest[citing]:
                    if earliest[name] > spans[citing][1] and place >= held:
                        dropped.add(place - held)
                        self._drop(good[place - held], "by way of others the one cited was published later")
                    else:
                        earliest[citing] = earliest[name]
                waits[citing] -= 1
                if not waits[citing]:
                    ready.append(citing)
        circling = {name for name, left in waits.items() if left}
        return [one for place, one in enumerate(good) if place not in dropped], circling

    def _without_circle(self, good: list[Citation], circling: set[str]) -> list[Citation]:
        """Leave out the last new citation of a circle; where the case itself has one, its check says so."""
        pairs = [(row["cited"], row["citing"]) for row in self.tables["citations"].rows]
        pairs += [(one.cited, one.citing) for one in good]
        circle = find_cycle(pair for pair in pairs if circling.issuperset(pair))
        steps = set(zip(circle, [*circle[1:], *circle[:1]], strict=True))
        inside = [one for one in good if (one.cited, one.citing) in steps]
        if not inside:
            raise WoozleError(f"The case has an error that comes first. See woozle check {self.folder.name}.")
        # Out goes the one that runs most against the order of the dates; of several alike the last.
        spans = self._spans(circle)
        late = [spans[one.cited][0] - spans[one.citing][0] if one.cited in spans and one.citing in spans else 0
                for one in inside]  # fmt: skip
        worst = max(range(len(inside)), key=lambda place: (late[place], place))
        self._drop(inside[worst], "the two would rely on each other, directly or by way of others")
        return [one for one in good if one is not inside[worst]]

    def _drop(self, one: Citation, why: str) -> None:
        ends = [self.documents[name].published for name in (one.citing, one.cited)]
        self.plan.clocks |= any("T" in end and not _has_offset(end) for end in ends)
        number = int(one.row) if one.row.isdigit() else 0
        sentence = f"that {one.citing} cites {one.cited} was left out: {why}"
        self.plan.notes.append(Note(one.source, number, sentence))

    def _spans(self, names: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Return the first and last second of documents that have a date; exact moments are read without more ado."""
        spans: dict[str, tuple[int, int]] = {}
        zones: dict[str, tuple[str, ...]] = {}
        for name in names:
            row = self.documents.get(name)
            if row is None or not row.published:
                continue
            text, outlet = row.published, row.outlet
            if len(text) == 20 and text[-1] == "Z":
                second = calendar.timegm((int(text[:4]), int(text[5:7]), int(text[8:10]), int(text[11:13]),
                                          int(text[14:16]), int(text[17:19])))  # fmt: skip
                spans[name] = second, second
                continue
            try:
                if outlet not in zones:
                    of = self.outlets[outlet]
                    zones[outlet] = dates.zones_of(of.get("time_zone", ""), of.get("country", ""))
                span = dates.parse(text, zones[outlet])
            except (DateError, KeyError):
                continue
            spans[name] = int(span.earliest.timestamp()), int(span.latest.timestamp())
        return spans

    def _origin(self, document: str, identity: str, read: Read, item: Item) -> None:
        self.origins.append((document, identity, read, item.row, item.found))

    def _place(self, read: Read, row: int) -> str:
        return f"in {read.path.name}, row {row}" if row else f"in {read.path.name}"

    def _note(self, read: Read, row: int, problem: str) -> None:
        self.plan.notes.append(Note(read.path.name, row, problem))


_POSTS = ("4cat", "bluesky", "x", "mastodon", "telegram", "reddit", "pheme", "semeval", "hoaxy", "coortweet")


def _identities(read: Read, item: Item) -> list[str]:
    """Return by what an item is known again: its address, the id of a post, or else its outlet, title and day."""
    told: list[str] = []
    if item.url:
        told.append(_address_key(item.url))
    if item.key and read.format.is_posts:
        told.append(f"{read.format.name}:{item.key}")
    if item.key.startswith("at://"):
        told.append(item.key)
    if not told:
        words = "|".join((item.outlet, item.title, item.published)).casefold()
        told.append(f"as:{words}" if words.strip("|") else f"in:{read.path.name}#{item.row}")
    return list(dict.fromkeys(told))


def _address_key(url: str) -> str:
    """Return what is the same in all spellings of an address.

    Examples
    --------
    >>> _address_key("http://www.Example.org/a/?utm_source=x#top") == _address_key("https://example.org/a")
    True
    >>> _address_key("https://twitter.com/ada/status/123"), _address_key("https://x.com/i/web/status/123")
    ('x:123', 'x:123')
    """
    if match := _TWEET.match(url):
        return f"x:{match[1]}"
    bare = url.partition("#")[0]
    if "?" in bare:
        bare = _TRACKING.sub("", bare)
    _, mark, rest = bare.partition("://")
    host, slash, path = (rest if mark else bare).partition("/")
    host = host.lower().removeprefix("www.").removeprefix("m.").removeprefix("mobile.")
    return f"{host}{slash}{path}".rstrip("/?&")


def _is_address(value: str) -> bool:
    if not value.startswith(("http://", "https://")) or not value.isprintable() or " " in value:
        return False
    try:
        return bool(urlsplit(value).hostname)
    except ValueError:
        return False


def _host(address: str) -> str:
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def slug(name: str) -> str:
    """Return a name as an identifier; nothing where it has no Latin letters or digits.

    Examples
    --------
    >>> slug("Kvällsnytt"), slug("@user14.bsky.social"), slug("新华社")
    ('kvallsnytt', 'user14_bsky_social', '')
    """
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ø", "o").replace("Ø", "O").replace("ł", "l"))
    made = re.sub(r"[^a-z0-9]+", "_", plain.encode("ascii", "ignore").decode().lower()).strip("_")
    return made if ID.fullmatch(made) else ""


def first_words(text: str) -> str:
    """Return the first words of a text, which stand for its title: the whole text never enters a package.

    Examples
    --------
    >>> first_words("heard that salt helps"), first_words("one " * 20)
    ('heard that salt helps', 'one one one one one one one one one one one one …')
    """
    if not text:
        return ""
    words = text[:600].split()
    cut = " ".join(words[:_TITLE_WORDS])
    if too_long_to_quote(cut):
        cut = cut[:_TITLE_LETTERS]
    shown = _line(cut)
    return shown if len(words) <= _TITLE_WORDS and len(shown) >= len(_line(" ".join(words))) else f"{shown} …"


def _cut(words: str) -> str:
    """Return words no longer than a quotation may be."""
    if not too_long_to_quote(words):
        return words
    cut = " ".join(words.split()[: WORDS - 1])
    return cut[:_TITLE_LETTERS] if too_long_to_quote(cut) else cut


def _cut_label(title: str) -> str:
    return title if len(title) <= LABEL else title[: LABEL - 2].rstrip() + " …"


def _known_form(language: str) -> str:
    return language if re.fullmatch("[a-z]{2,3}", language) else ""


def _line(text: str) -> str:
    """Return a text on one line, of letters that can be shown."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    kept = "".join(
        " " if unicodedata.category(letter)[0] in "CZ" and letter not in "\u200c\u200d" else letter for letter in text
    )
    return " ".join(kept.split())


def _differs(column: str, had: str, new: str) -> bool:
    if column == "url":
        return _address_key(had) != _address_key(new)
    if column == "published":
        return not (had.startswith(new) or new.startswith(had)) or had[-1] in "~?" or new[-1] in "~?"
    return had.casefold() != new.casefold()


def _has_offset(text: str) -> bool:
    return bool(re.search(r"(Z|[+-]\d\d:\d\d)$", text))


def _write_texts(folder: Path, texts: Mapping[str, str]) -> None:
    """Write texts beside the case: each into a file of its own, or very many into one table."""
    if not texts:
        return
    place = texts_place(folder)
    table = place.with_name(f"{place.name}.csv")
    if table.is_file() or (len(texts) > _FEW_TEXTS and not place.is_dir()):
        place.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            fresh = stack.enter_context(whole(table))
            file = stack.enter_context(fresh.open("w", encoding="utf-8", newline=""))
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["id", "text"])
            if table.is_file():
                old = csv.reader(stack.enter_context(table.open(encoding="utf-8", newline="")))
                next(old, None)
                writer.writerows(row for row in old if row and row[0] not in texts)
            writer.writerows((name, text) for name, text in texts.items())
        return
    place.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        if not (place / f"{name}.txt").exists():
            write_whole(place / f"{name}.txt", text)
