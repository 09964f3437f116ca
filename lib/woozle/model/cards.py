"""Small cards: how a case, a cascade, a document and a hop show themselves in a notebook."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import TYPE_CHECKING

from woozle.text import language_mark, visible, when

if TYPE_CHECKING:
    from woozle.model.cascade import Cascade
    from woozle.model.case import Case

_STYLE = (
    "border:1px solid #c9ced6;border-left:4px solid {colour};border-radius:4px;padding:.5em .9em;margin:.3em 0;"
    "max-width:44em;font-size:.95em;line-height:1.45"
)
_EDGES = {"page": "#1f6f43", "second": "#b7791f", "inferred": "#8b5cf6", "": "#17508a"}
_CELL = "text-align:left;vertical-align:top;padding:.1em .8em .1em 0"
_LONG = 400  # letters of one value in a card


class Card:
    """A heading and named values, as text and as HTML; markup in the data is never interpreted."""

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
        return language_mark(self.languages.get(name, ""))


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


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
    documents = cascade.documents
    perhaps = int((documents["exists"] == "perhaps").sum())
    rows = {
        "as of": when(cascade.moment, cascade.moment, cascade.clock),
        "documents": f"{len(documents)}, {perhaps} of them perhaps not out yet" if perhaps else str(len(documents)),
        "carry the claim": str(len(cascade.carriers)),
        "roots": f"at most {len(cascade.roots())} independent sources",
        "corrections": str(int(documents["stance"].isin(cascade.case.correcting).sum())),
        "left out": ", ".join(cascade.left_out),
        "next": "cascade.document(…), cascade.hop(…, …), woozle.chart.cascade(cascade), woozle.measure",
    }
    return Card(cascade.case.title, rows)
