"""What a case package must hold: its tables, their columns, and the words of its vocabularies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from woozle.dates import WIDEN

FORMAT = 1
SLOT_KINDS = ("term", "place", "time")
# How a fact was seen. The first three show its own words, the first two as it was published.
FIRST_HAND = ("page", "repost")
OWN_WORDS = (*FIRST_HAND, "quoted")
SEEN = (*OWN_WORDS, "named", "described", "seed", "inferred")
# If its row does not say: how probable it is that a citation holds, by how it was seen. These are guesses.
CONFIDENCE: Mapping[str, float] = MappingProxyType(
    {"page": 1.0, "repost": 1.0, "quoted": 0.98, "seed": 0.95, "described": 0.95, "named": 0.9, "inferred": 0.5}
)
ACCURACY = ("accurate", "unverified", "false", "no_claim")
# The ready term for the kind of an outlet or a document that nobody coded.
UNKNOWN, UNCODED = "unknown", "uncoded"  # kinds: nobody can tell, nobody has said yet
# What a version has where its coder says nothing of it.
USUAL: Mapping[str, str] = MappingProxyType({"accuracy": "unverified", "seen": "page"})
# What code must know of each term, by vocabulary.
TERM_KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "outlet_kind": (),
        "document_kind": (),
        "relation": ("rank",),
        "stance": (),
        "said_by": ("class",),
        "source_class": ("rank",),
        "modality": ("rank",),
        "certainty": ("rank",),
        "accuracy": (),
        "seen": (),
        "evidence_type": (),
    }
)
# What a term does, where code must know it, by vocabulary.
ROLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "stance": ("correction", "doubt", "non_confirmation", "reaction"),
        "relation": ("copy", "miscredit", "check"),
        "document_kind": ("unpublished",),
        "outlet_kind": ("no_publisher",),
    }
)
# In a slot of kind time: known to state no date. Empty means as elsewhere: not stated, or not known.
UNDATED = "undated"


@dataclass(frozen=True)
class ColumnSchema:
    """What a column holds, for the checks, the descriptions for other tools, and the codebook.

    Attributes
    ----------
    kind : str
        text, id, label, date, date_told, url, zone, country, language, version, number, share, quotation, term or ref:
        how its values are checked.
    title, description : str
        For readers; what a value says, and what it says where it is empty.
    required : bool
        Whether each row needs a value.
    of : str
        The vocabulary of a term, or the table that a ref refers to.
    optional : bool
        Whether a table may lack the column.
    """

    kind: str = "text"
    title: str = ""
    description: str = ""
    required: bool = False
    of: str = ""
    optional: bool = False

    def field(self, name: str, terms: Mapping[str, Iterable[str]], unique: bool) -> dict[str, Any]:
        """Return its description as a field of a Frictionless Table Schema; `terms` are the vocabularies by name."""
        facts = {"name": name, "type": _TYPES.get(self.kind, "string")}
        if self.kind == "url":
            facts["format"] = "uri"
        facts |= {"title": self.title, "description": self.description}
        rules: dict[str, Any] = {"required": True} if self.required else {}
        rules |= _RULES.get(self.kind, {})
        if unique:
            rules["unique"] = True
        if self.kind == "term":
            rules["enum"] = list(terms[self.of])
        return facts | {"constraints": rules} if rules else facts


# What other tools can check, by the kind of a column.
_TYPES = {"version": "integer", "number": "number"}
_RULES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "id": {"pattern": "^[a-z0-9][a-z0-9_]*$"},
        "country": {"pattern": "^[A-Z]{2}$"},
        "label": {"maxLength": 40},
        "language": {"pattern": "^[a-z]{2,3}$"},
        "url": {"pattern": "^https?://.*"},
        "version": {"minimum": 1},
    }
)


@dataclass(frozen=True)
class TableSchema:
    """The columns of a table, what it holds, and the columns that identify a row."""

    columns: Mapping[str, ColumnSchema]
    title: str = ""
    key: tuple[str, ...] = ("id",)

    @property
    def optional(self) -> tuple[str, ...]:
        """The columns that it may lack."""
        return tuple(name for name, column in self.columns.items() if column.optional)

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that it must have."""
        return tuple(name for name in self.columns if name not in self.optional)


@dataclass(frozen=True)
class Slot:
    """A detail of the claim that a case declares for itself.

    `kind` is term or place (both coded by the vocabulary that `vocabulary` names) or time (coded in EDTF).
    """

    name: str
    title: str
    kind: str = "term"
    vocabulary: str = ""


def term_of(terms: Mapping[str, Mapping[str, Any]], told: str) -> str:
    """Return the term that a person means, given the term or its title; if it is neither, what the person wrote.

    Examples
    --------
    >>> term_of({"relays": {"title": "passes on"}}, "Passes on"), term_of({"relays": {}}, "asserts")
    ('relays', 'asserts')
    """
    if told in terms:
        return told
    plain = told.strip().casefold()
    return next((term for term, of in terms.items() if plain in (term, str(of.get("title", "")).casefold())), told)


@dataclass(frozen=True)
class Vocabulary:
    """The terms of a coded column, with what code and readers must know of each."""

    name: str
    terms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    def __contains__(self, term: object) -> bool:
        return term in self.terms

    def __iter__(self):
        return iter(self.terms)

    def title(self, term: str) -> str:
        """Return the word for readers; the term itself where it is not in the vocabulary."""
        return str(self.terms.get(term, {}).get("title", term))

    def rank(self, term: str) -> int:
        """Return the place of a term in the order of its vocabulary."""
        return int(self.terms[term]["rank"])

    def having(self, key: str, value: object) -> frozenset[str]:
        """Return the terms that have `value` under `key`."""
        return frozenset(term for term, facts in self.terms.items() if facts.get(key) == value)


def _seen(what: str) -> dict[str, ColumnSchema]:
    return {
        "seen": ColumnSchema("term", "how seen", f"how {what} was seen", required=True, of="seen"),
        "seen_in": ColumnSchema("ref", "seen in", "the document that it was seen in", of="documents"),
        "seen_note": ColumnSchema("text", "note on how seen", "anything else on how it was seen"),
    }


# What a person has said of proposed hops, in a file that most packages lack. An empty cited: no source in the package.
DECISIONS = ("accept", "reject", "defer")
LOG = ("version", "table", "row", "was", "now", "why")  # of what was mended in a package
# How disagreements of coders were settled: what claims.csv had (was), what the others had (codes). A row with * as its
# field means that claims.csv did not code that version yet, and took over the codes of the coder named in `codes`.
SETTLED = ("document", "version", "field", "was", "codes", "settled", "by", "when")
TAKEN_OVER = "*"
REVIEWS = ("citing", "cited", "decision", "probability", "reviewer", "reviewed", "note")


_DATE = (
    "EDTF: a date, a date-time with a zone, an interval a/b; "
    f"~ and ? widen by {'one unit' if WIDEN == 1 else f'{WIDEN} units'}; a day is that day"
)
_SHARES = "; ".join(
    f"{', '.join(seen for seen, share in CONFIDENCE.items() if share == each)} {each:g}"
    for each in sorted(set(CONFIDENCE.values()), reverse=True)
)
_HOW_SURE = (
    f"how probable it is that the citation holds, from 0 to 1; empty: by how it was seen ({_SHARES}). These are "
    "guesses; they decide how often it holds in draws"
)


def _of_slot(slot: Slot) -> dict[str, ColumnSchema]:
    """Return the two columns of a slot: code and wording."""
    if slot.kind == "time":
        code = f"{slot.title}, in EDTF; `undated`: known to state none; empty: not stated"
        held, words = ColumnSchema("date_told", slot.title, code), "the words coded; empty where they were not kept"
    else:
        held = ColumnSchema("term", slot.title, f"code: {slot.title}; empty: not stated", of=slot.vocabulary)
        words = "the words coded, in English where the text is in another language"
    return {slot.name: held, f"{slot.name}_wording": ColumnSchema("quotation", f"{slot.title} (wording)", words)}


def coded_fields(slots: Iterable[Slot]) -> tuple[str, ...]:
    """Return the coded columns of a version, in the order in which they are coded; a second coding has no more."""
    return ("stance", "said_by", "modality", "certainty", "accuracy", *(slot.name for slot in slots))


def tables(slots: tuple[Slot, ...] = ()) -> dict[str, TableSchema]:
    """Return the tables of a package whose case has these slots.

    Examples
    --------
    >>> list(tables()["events"].columns)
    ['id', 'date', 'event', 'url', 'value', 'unit', 'seen', 'seen_in', 'seen_note']
    """
    slot_columns: dict[str, ColumnSchema] = {}
    for slot in slots:
        slot_columns |= _of_slot(slot)
    documents = {
        "id": ColumnSchema("id", "document", "identifier", required=True),
        "outlet": ColumnSchema("ref", "outlet", "who published it", required=True, of="outlets"),
        "label": ColumnSchema("label", "label", "what charts and prose call it; empty: the name of the outlet"),
        "kind": ColumnSchema("term", "kind", "kind of document", required=True, of="document_kind"),
        "language": ColumnSchema("language", "language", "BCP 47 code of the language; empty where not known"),
        "published": ColumnSchema(
            "date",
            "published",
            f"{_DATE} in the time zone of the outlet; empty: not known yet, and the document is not counted until then",
        ),
        "title": ColumnSchema("text", "title", "its title, in its language"),
        "url": ColumnSchema("url", "address", "address of the page"),
        "author": ColumnSchema("text", "author", "named authors"),
    }
    claims = {
        "document": ColumnSchema("ref", "document", "whose version of the claim", required=True, of="documents"),
        "version": ColumnSchema(
            "version",
            "version",
            "1 for the version of headline or lead, 2 and up for others in the same text",
            required=True,
        ),
        "stance": ColumnSchema("term", "stance", "what the document does with the claim", required=True, of="stance"),
        "said_by": ColumnSchema("term", "said by", "to whom it attributes the claim; empty: to nobody", of="said_by"),
        "modality": ColumnSchema("term", "modality", "how real the act is said to be", required=True, of="modality"),
        "certainty": ColumnSchema("term", "certainty", "how sure the document is", required=True, of="certainty"),
        "accuracy": ColumnSchema(
            "term", "accuracy", "whether the claim is true, as far as documents show", required=True, of="accuracy"
        ),
        "basis": ColumnSchema("ref", "basis of accuracy", "the document that shows it", required=True, of="documents"),
        **slot_columns,
        "wording": ColumnSchema(
            "quotation", "wording", "the words of the claim (at most 25), in the language of the document"
        ),
        "translation": ColumnSchema(
            "quotation",
            "translation",
            "the wording in English, where it is in another language; shown as “our translation”",
            optional=True,
        ),
        "marked": ColumnSchema(
            "text",
            "words that carry the change",
            "the words of the translation, or else of the wording, that carry the change; several with | between",
            optional=True,
        ),
        **_seen("this version"),
        "note": ColumnSchema("text", "note", "what the coder noticed"),
    }
    citations = {
        "citing": ColumnSchema(
            "ref", "citing document", "the document that relies on the other", required=True, of="documents"
        ),
        "cited": ColumnSchema("ref", "cited document", "the document relied on", required=True, of="documents"),
        "relation": ColumnSchema("term", "relation", "how it relies on it", required=True, of="relation"),
        "evidence": ColumnSchema(
            "quotation", "evidence", "the words that show it (at most 25), or a paraphrase", required=True
        ),
        "evidence_type": ColumnSchema(
            "term", "type of evidence", "quotation or paraphrase", required=True, of="evidence_type"
        ),
    }
    reviewed = {
        "confidence": ColumnSchema(
            "share",
            "confidence",
            _HOW_SURE,
            optional=True,
        ),
        "reviewer": ColumnSchema(
            "text", "reviewer", "who accepted a hop that a model proposed; empty for what a person coded", optional=True
        ),
        "reviewed": ColumnSchema("date", "reviewed", "the day on which it was accepted, in EDTF", optional=True),
    }
    outlets = {
        "id": ColumnSchema("id", "outlet", "identifier", required=True),
        "name": ColumnSchema("text", "name", "name of the outlet as it calls itself, in Latin letters", required=True),
        "country": ColumnSchema("country", "country", "ISO 3166-1 code of the country; empty where not known"),
        "kind": ColumnSchema("term", "kind", "kind of outlet", required=True, of="outlet_kind"),
        "time_zone": ColumnSchema(
            "zone",
            "time zone",
            "IANA name, only where the seat is certain; empty: the zones of the country, or of the world",
        ),
        "aliases": ColumnSchema(
            "text",
            "other names",
            "other names and initials that it is called by, also in other scripts, with semicolons between",
            optional=True,
        ),
    }
    events = {
        "id": ColumnSchema("id", "event", "identifier", required=True),
        "date": ColumnSchema(
            "date",
            "date",
            f"{_DATE} in UTC",
            required=True,
        ),
        "event": ColumnSchema("text", "event", "what happened, in one sentence", required=True),
        "url": ColumnSchema("url", "address", "where it can be read"),
        "value": ColumnSchema("number", "value", "a figure that the event gives, as a price", optional=True),
        "unit": ColumnSchema("text", "unit", "unit of the value", optional=True),
    }
    return {
        "outlets": TableSchema(outlets, "Who published"),
        "documents": TableSchema(documents | _seen("this document"), "Dated items"),
        "citations": TableSchema(
            citations | _seen("this citation") | reviewed,
            "Which document relies on which",
            ("citing", "cited", "relation"),
        ),
        "claims": TableSchema(claims, "What each document says of the claim", ("document", "version")),
        "events": TableSchema(events | _seen("it"), "What happened in the world"),
    }
