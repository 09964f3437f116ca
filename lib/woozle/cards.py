"""Small cards: how a case, a cascade, a document and a hop show themselves in a notebook."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from woozle.errors import UnknownDocumentError, did_you_mean
from woozle.text import RIGHT_TO_LEFT, how_seen, kind_of_sight, language_of, visible, when, when_published

if TYPE_CHECKING:
    from woozle.cascade import Cascade
    from woozle.case import Case, ParentChoice

_STYLE = (
    "border:1px solid #c9ced6;border-left:4px solid {colour};border-radius:4px;padding:.5em .9em;margin:.3em 0;"
    "max-width:44em;font-size:.95em;line-height:1.45"
)
_EDGES = {"page": "#1f6f43", "second": "#b7791f", "inferred": "#8b5cf6", "": "#17508a"}
_CELL = "text-align:left;vertical-align:top;padding:.1em .8em .1em 0"
_LONG = 400  # letters of one value in a card


class Card:
    """A heading and named values, as text and as HTML; all that the data hold is shown as text."""

    def __init__(
        self, heading: str, rows: Mapping[str, str], kind: str = "", languages: Mapping[str, str] | None = None
    ):
        self.heading = visible(heading)
        self.rows = {name: _cut(visible(value)) for name, value in rows.items() if value}
        self.kind, self.languages = kind, languages or {}

    def __str__(self) -> str:
        width = max(map(len, self.rows), default=0)
        return "\n".join([self.heading, *(f"  {name:<{width}}  {value}" for name, value in self.rows.items())])

    def html(self) -> str:
        """Return the card as HTML without any script or address."""
        head = f"{_CELL};font-weight:normal;white-space:nowrap;opacity:.75"
        rows = "".join(
            f'<tr><th scope="row" style="{head}">{html.escape(name)}</th>'
            f'<td style="{_CELL}"{self._language(name)}>{html.escape(value)}</td></tr>'
            for name, value in self.rows.items()
        )
        style = _STYLE.format(colour=_EDGES[self.kind])
        return f'<div style="{style}"><strong>{html.escape(self.heading)}</strong><table>{rows}</table></div>'

    def _language(self, name: str) -> str:
        language = self.languages.get(name, "")
        if not language:
            return ""
        right = ' dir="rtl"' if language.split("-")[0] in RIGHT_TO_LEFT else ""
        return f' lang="{html.escape(language)}"{right}'


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


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
        """The documents that it has the claim from; none where it does not carry it."""
        return self.cascade.parents(self.name) if self._carries else ()

    @property
    def below(self) -> tuple[str, ...]:
        """The documents that have the claim from it, directly or through others."""
        return self.cascade.descendants(self.name) if self._carries else ()

    @property
    def roots(self) -> tuple[str, ...]:
        """The roots that it can be traced to."""
        return self.cascade.roots(self.name) if self._carries else ()

    @property
    def _carries(self) -> bool:
        return self.name in self.cascade.graph

    @cached_property
    def _facts(self) -> Mapping[str, object]:
        return self.cascade.documents.loc[self.name]

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
            "rest on it": _documents(len(self.below)) if self.below else "",
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
            else "not known: not coded",
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
    told = {name: case.term_title(name, lead[name]) for name in ("modality", "said_by", "certainty")}
    speaker = f"said by {told['said_by']}" if told["said_by"] else "without saying who says it"
    return f"{told['modality']}, {speaker} ({told['certainty']})"


def _documents(count: int) -> str:
    return f"{count} document{'s' * (count != 1)}"


def case_card(case: Case) -> Card:
    """Return the card of a case."""
    documents = case.documents
    rows = {
        "name": case.name,
        "documents": f"{len(documents)}, {len(case.codes)} with a coded version of the claim",
        "from": when(documents["earliest"].min(), documents["latest"].max()),
        "citations": str(len(case.citations)),
        "whose act": case.actor,
        "details": ", ".join(slot.title for slot in case.slots),
        "version": case.version,
        "next": "case.cascade(), case.documents, case.citations, case.claims, woozle.explore(case)",
    }
    return Card(case.title, rows)


def cascade_card(cascade: Cascade) -> Card:
    """Return the card of a cascade."""
    from woozle.measure import headline

    found, labels = headline(cascade), cascade.documents["label"]
    turn = f"{labels[found.turn_parent]} → {labels[found.turn]}" if found.turn else "none, or not known"
    left = [name for name, on in _SWITCHES.items() if not getattr(cascade, name)]
    rows = {
        "as of": when(cascade.moment, cascade.moment, cascade.clock),
        "documents": f"{found.documents}, {found.perhaps} of them perhaps not out yet"
        if found.perhaps
        else str(found.documents),
        "carry the claim": str(found.carriers),
        "roots": f"{found.roots} at most independent",
        "most go back to": f"{labels[found.top_root]} ({found.top_others} of {found.others})" if found.top_root else "",
        "the turn": turn,
        "corrections": str(found.corrections),
        "left out": ", ".join(_SWITCHES[name] for name in left),
        "next": "cascade.document(…), cascade.hop(…, …), woozle.chart.cascade(cascade), woozle.measure",
    }
    return Card(cascade.case.title, rows)


_SWITCHES = {"include_inferred": "inferred hops", "include_second_hand": "citations seen at second hand"}


def find_document(cascade: Cascade, name: str) -> Document:
    """Return a document of a cascade, or raise `UnknownDocumentError`."""
    if name not in cascade.here:
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
