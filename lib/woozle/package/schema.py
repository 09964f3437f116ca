"""What a case package must hold: its tables, their columns, and the words of its vocabularies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

FORMAT = 1
SLOT_KINDS = ("term", "place", "time")
# How a fact was seen. The first three show its own words, the first two as it was published.
FIRST_HAND = ("page", "repost")
OWN_WORDS = (*FIRST_HAND, "quoted")
SEEN = (*OWN_WORDS, "named", "described", "seed", "inferred")
# How probable it is that a citation holds, where its row does not say, by how it was seen. Guesses, told as such.
CONFIDENCE: Mapping[str, float] = MappingProxyType(
    {"page": 1.0, "repost": 1.0, "quoted": 0.98, "seed": 0.95, "described": 0.95, "named": 0.9, "inferred": 0.5}
)
ACCURACY = ("accurate", "unverified", "false", "no_claim")
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
class Column:
    """What a column holds.

    `kind` is text, id, label, date, date_told, url, zone, country, language, version, number, share, quotation, term or
    ref;
    `of` names the vocabulary of a term or the table of a reference. A table may lack an `optional` column.
    """

    kind: str = "text"
    required: bool = False
    of: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Table:
    """The columns of a table, and those that identify a row."""

    columns: Mapping[str, Column]
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

    `kind` is term, place (both coded by the vocabulary of that name) or time (coded in EDTF).
    """

    name: str
    title: str
    kind: str = "term"
    vocabulary: str = ""


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


_SEEN = {
    "seen": Column("term", True, "seen"),
    "seen_in": Column("ref", False, "documents"),
    "seen_note": Column(),
}


# What a person has said of proposed hops, in a file that most packages lack. An empty cited: no source in the package.
DECISIONS = ("accept", "reject", "defer")
LOG = ("version", "table", "row", "was", "now", "why")  # of what was mended in a package
REVIEWS = ("citing", "cited", "decision", "probability", "reviewer", "reviewed", "note")


def tables(slots: tuple[Slot, ...] = ()) -> dict[str, Table]:
    """Return the tables of a package whose case has these slots.

    Examples
    --------
    >>> list(tables()["events"].columns)
    ['id', 'date', 'event', 'url', 'value', 'unit', 'seen', 'seen_in', 'seen_note']
    """
    slot_columns: dict[str, Column] = {}
    for slot in slots:
        slot_columns[slot.name] = Column("date_told") if slot.kind == "time" else Column("term", False, slot.vocabulary)
        slot_columns[f"{slot.name}_wording"] = Column("quotation")
    documents = {
        "id": Column("id", True),
        "outlet": Column("ref", True, "outlets"),
        "label": Column("label"),
        "kind": Column("term", True, "document_kind"),
        "language": Column("language", True),
        "published": Column("date", True),
        "title": Column(),
        "url": Column("url"),
        "author": Column(),
    }
    claims = {
        "document": Column("ref", True, "documents"),
        "version": Column("version", True),
        "stance": Column("term", True, "stance"),
        "said_by": Column("term", False, "said_by"),
        "modality": Column("term", True, "modality"),
        "certainty": Column("term", True, "certainty"),
        "accuracy": Column("term", True, "accuracy"),
        "basis": Column("ref", True, "documents"),
        **slot_columns,
        "wording": Column("quotation"),
        "translation": Column("quotation", optional=True),
        "marked": Column(optional=True),
        **_SEEN,
        "note": Column(),
    }
    citations = {
        "citing": Column("ref", True, "documents"),
        "cited": Column("ref", True, "documents"),
        "relation": Column("term", True, "relation"),
        "evidence": Column("quotation", True),
        "evidence_type": Column("term", True, "evidence_type"),
    }
    reviewed = {
        "confidence": Column("share", optional=True),
        "reviewer": Column(optional=True),
        "reviewed": Column("date", optional=True),
    }
    outlets = {
        "id": Column("id", True),
        "name": Column("text", True),
        "country": Column("country"),
        "kind": Column("term", True, "outlet_kind"),
        "time_zone": Column("zone"),
        "aliases": Column(optional=True),
    }
    events = {
        "id": Column("id", True),
        "date": Column("date", True),
        "event": Column("text", True),
        "url": Column("url"),
        "value": Column("number", optional=True),
        "unit": Column(optional=True),
    }
    return {
        "outlets": Table(outlets),
        "documents": Table(documents | _SEEN),
        "citations": Table(citations | _SEEN | reviewed, ("citing", "cited", "relation")),
        "claims": Table(claims, ("document", "version")),
        "events": Table(events | _SEEN),
    }
