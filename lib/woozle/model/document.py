"""A document and a hop as they stand in a cascade, each with a card that a notebook shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from woozle.errors import UnknownDocumentError, did_you_mean
from woozle.model.cards import Card
from woozle.model.in_words import how_seen, kind_of_sight, when_published
from woozle.text import language_of, when

if TYPE_CHECKING:
    from woozle.model.cascade import Cascade
    from woozle.model.case import Case


class ParentChoice(NamedTuple):
    """A citation as a candidate for the main parent: see `Cascade.main_parents` for the rule.

    `version` is the version of the cited document that is nearest to the citing one, and `changed` the number of codes
    that differ from it (0 and infinite if either document has no coded version). `place` is the row of the citation;
    `confidence` is the probability that the citation holds.
    """

    citing: str
    cited: str
    relation: str
    rank: int
    seen: str
    changed: float
    version: int
    place: int
    confidence: float = 1.0


@dataclass(frozen=True, eq=False)
class Document:
    """A document as it stands in a cascade; ask a cascade for it: `cascade.document("tvchosun")`.

    Examples
    --------
    >>> import woozle
    >>> found = woozle.open("dprk_troops_2024").cascade().document("express")
    >>> found.label, found.parents
    ('Daily Express', ('pentagon_question', 'pentagon_answer'))
    """

    cascade: Cascade
    name: str

    @property
    def label(self) -> str:
        """What charts and prose call it."""
        return str(self._facts["label"])

    @property
    def when(self) -> str:
        """When it was published, in words."""
        return when_published(self.cascade, self.name)

    @property
    def parents(self) -> tuple[str, ...]:
        """The documents that it relies on in this cascade; none if it is not part of its graph."""
        return self.cascade.parents(self.name) if self._carries else ()

    @property
    def below(self) -> tuple[str, ...]:
        """The documents that rely on it in this cascade, directly or through others."""
        return self.cascade.descendants(self.name) if self._carries else ()

    @property
    def roots(self) -> tuple[str, ...]:
        """The roots that it can be traced to."""
        return self.cascade.roots(self.name) if self._carries else ()

    @property
    def _carries(self) -> bool:
        return self.name in self.cascade.graph

    @cached_property
    def _facts(self) -> Mapping[str, Any]:
        return self.cascade.facts[self.name]

    @property
    def card(self) -> Card:
        """The card that a notebook shows."""
        case, facts = self.cascade.case, self._facts
        lead = case.lead_facts.get(self.name)
        labels = self.cascade.documents["label"]
        wording = f"“{lead['wording']}”" if lead and lead["wording"] else ""
        rows = {
            "outlet": ", ".join(filter(None, [str(facts["outlet_name"]), str(facts["country"])])),
            "published": self.when,
            "title": str(facts["title"]),
            "says": version_in_words(case, lead or {}) or "not coded",
            "in its words": wording,
            "accuracy": case.term_title("accuracy", lead["accuracy"]) if lead else "",
            "has it from": ", ".join(labels[name] for name in self.parents),
            "rest on it": f"{len(self.below)} document{'s' * (len(self.below) != 1)}" if self.below else "",
            "goes back to": ", ".join(labels[name] for name in self.roots if name != self.name),
            "how seen": how_seen(case, facts),
        }
        languages = {
            "title": language_of(rows["title"], facts["language"]),
            "in its words": language_of(wording, facts["language"]),
        }
        return Card(self.label, rows, kind_of_sight(facts["seen"]), languages)

    def __repr__(self) -> str:
        return str(self.card)

    def _repr_html_(self) -> str:
        return self.card.html()


@dataclass(frozen=True, eq=False)
class Hop:
    """A citation as it stands in a cascade; ask a cascade for it: `cascade.hop("tvchosun", "pentagon_question")`.

    Examples
    --------
    >>> import woozle
    >>> hop = woozle.open("dprk_troops_2024").cascade().hop("tvchosun", "pentagon_question")
    >>> hop.relation, hop.changed
    ('presupposes', ('said_by', 'modality', 'certainty', 'purpose'))
    """

    cascade: Cascade
    choice: ParentChoice

    @property
    def relation(self) -> str:
        """How the citing document relies on the cited one, in words."""
        return self.cascade.case.vocabularies["relation"].title(self.choice.relation)

    @property
    def changed(self) -> tuple[str, ...]:
        """The fields whose code differs; none where an end has no coded version."""
        hop = self.choice
        return self.cascade.case.changed_fields(hop.cited, hop.version, hop.citing) if hop.version else ()

    @property
    def card(self) -> Card:
        """The card that a notebook shows."""
        cascade, hop = self.cascade, self.choice
        case, labels = cascade.case, cascade.documents["label"]
        facts = case.citations.iloc[hop.place]
        inferred = cascade.is_inferred(hop)
        rows = {
            "how": self.relation,
            "shown by": f"“{facts['evidence']}”" if facts["evidence_type"] == "quotation" else facts["evidence"],
            "changed": "; ".join(self._change(name) for name in self.changed)
            if hop.version
            else "not known, because an end is not coded",
            "how seen": how_seen(case, facts),
            "counts": "as inferred" if inferred else "",
        }
        rows["changed"] = rows["changed"] or "nothing that is coded"
        kind = "inferred" if inferred else kind_of_sight(facts["seen"])
        return Card(f"{labels[hop.cited]} → {labels[hop.citing]}", rows, kind)

    def _change(self, name: str) -> str:
        case, hop = self.cascade.case, self.choice
        place = case.fields.index(name)
        ends = (case.codes[hop.cited][hop.version][place], case.codes[hop.citing][1][place])
        was, is_now = (case.term_title(name, code or "") or "not stated" for code in ends)
        return f"{case.field_title(name)}: {was} → {is_now}"

    def __repr__(self) -> str:
        return str(self.card)

    def _repr_html_(self) -> str:
        return self.card.html()


def version_in_words(case: Case, lead: Mapping[str, str]) -> str:
    """Return what a version says of the claim: how real, who says it, how sure; empty where none is coded."""
    if not lead:
        return ""
    titles = {name: case.term_title(name, lead[name]) for name in ("modality", "said_by", "certainty")}
    speaker = f"said by {titles['said_by']}" if titles["said_by"] else "without saying who says it"
    return f"{titles['modality']}, {speaker} ({titles['certainty']})"


def find_document(cascade: Cascade, name: str) -> Document:
    """Return a document of a cascade, or raise `UnknownDocumentError`."""
    if name not in cascade.visible_ids:
        known = cascade.case.documents.index
        if name in known:
            first = cascade.case.documents["earliest"][name]
            then, ready = when(cascade.moment, cascade.moment), when(first, first)
            raise UnknownDocumentError(f"'{name}' was not out by then ({then}): not before {ready}.")
        raise UnknownDocumentError(f"There is no document '{name}' in this case.{did_you_mean(name, known)}")
    return Document(cascade, name)


def find_hop(cascade: Cascade, cited: str, citing: str) -> Hop:
    """Return the citation from one document to another, or raise `UnknownDocumentError`."""
    ends = [find_document(cascade, name).name for name in (cited, citing)]
    for hop in cascade.citations_that_count:
        if [hop.cited, hop.citing] == ends:
            return Hop(cascade, hop)
    reverse = any([hop.citing, hop.cited] == ends for hop in cascade.citations_that_count)
    turned = f" The other way there is: '{cited}' relies on '{citing}'." if reverse else ""
    raise UnknownDocumentError(f"No citation of '{cited}' by '{citing}' counts in this cascade.{turned}")
