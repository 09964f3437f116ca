"""Sentences and tables whose every figure comes from the data, safe to show whatever the data hold."""

from __future__ import annotations

import html
import re
import string
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from woozle.cascade import Cascade
from woozle.errors import WoozleError, did_you_mean
from woozle.layout import how_seen, when
from woozle.measure import headline

if TYPE_CHECKING:
    from woozle.report.study import Study

_MARKUP = re.compile(r"[^\w\s,;%–—‘’“”…]")


class UnknownNameError(WoozleError, KeyError):
    """A sentence asks for a figure or document that there is not."""

    def __str__(self) -> str:
        return str(self.args[0])


def escape_markdown(text: object) -> str:
    """Return a text that Markdown, mathematics in it, and HTML show as it is: signs become entities.

    Examples
    --------
    >>> escape_markdown("<b> *x*")
    '&#60;b&#62; &#42;x&#42;'
    """
    return _MARKUP.sub(lambda sign: f"&#{ord(sign[0])};", " ".join(str(text).split())).replace("_", "&#95;")


class Words:
    """What stands in a notebook as Markdown."""

    def __init__(self, markdown: str):
        self.markdown = markdown

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/markdown": self.markdown, "text/plain": html.unescape(self.markdown)}


class Teller:
    """Fill sentences with figures of a cascade.

    A name in braces is a headline figure (`{carriers}`), a value given to the call, or a fact of a document
    (`{tvchosun.label}`, `.outlet`, `.when`, `.title`, `.wording`, `.said_by`, `.modality`, `.seen`). A paragraph that
    speaks of a document that cannot have been out by then is left out: what was not known is not told.

    Parameters
    ----------
    cascade
        The cascade.

    Examples
    --------
    >>> import woozle
    >>> tell = Teller(woozle.open("dprk_troops_2024").cascade(as_of="2024-06-22"))
    >>> tell("By then {documents} documents, one by {tvchosun.label}.\\n\\nThen came {express.label}.").markdown
    'By then 2 documents, one by TV Chosun.'
    """

    def __init__(self, cascade: Cascade):
        self.cascade = cascade
        self.figures = asdict(headline(cascade))
        self._documents = cascade.documents
        self._shorthand = {
            key: value for key, value in self.figures.items() if isinstance(value, str) and value in self._documents.index
        }

    def __call__(self, text: str, **values: object) -> Words:
        """Return the text with its figures; paragraphs are separated by empty lines."""
        paragraphs = re.split(r"\n\s*\n", text.strip())
        told = [told for paragraph in paragraphs if (told := self._fill(paragraph, values)) is not None]
        return Words("\n\n".join(told) if told else f"*By then ({escape_markdown(self.moment)}) nothing of this was out.*")

    def plain(self, text: str, **values: object) -> str:
        """Return the text with its figures as plain text, for titles and descriptions."""
        return html.unescape(self(text, **values).markdown)

    @property
    def moment(self) -> str:
        """The moment of reading, in words."""
        moment = self.cascade.moment
        return when(moment, moment, self.cascade.time_zone)

    def fact(self, document: str, name: str) -> str:
        """Return a fact of a document in words."""
        cascade, case = self.cascade, self.cascade.case
        facts = self._documents.loc[document]
        simple = {"label": "label", "outlet": "outlet_name", "title": "title", "country": "country", "coded": "published"}
        if name in simple:
            return facts[simple[name]]
        if name == "when":
            return when(facts["earliest"], facts["latest"], cascade.time_zone)
        if name == "seen":
            return how_seen(case, facts)
        lead = cascade.leads.loc[document] if document in cascade.leads.index else None
        if name == "wording":
            return lead["wording"] if lead is not None else ""
        if name in (*case.fields, "accuracy", "stance"):
            return case.term_title(name, lead[name]) if lead is not None else "not coded"
        known = (*simple, "when", "seen", "wording", *case.fields, "accuracy", "stance")
        raise UnknownNameError(f"'{document}.{name}': there is no such fact.{did_you_mean(name, known)}")

    def _fill(self, paragraph: str, values: Mapping[str, object]) -> str | None:
        filled = []
        for literal, field, _, _ in string.Formatter().parse(" ".join(paragraph.split())):
            filled.append(literal)
            if field is None:
                continue
            value = self._value(field, values)
            if value is None:
                return None
            filled.append(value.markdown if isinstance(value, Words) else escape_markdown(value))
        return "".join(filled)

    def _value(self, field: str, values: Mapping[str, object]) -> object:
        name, _, fact = field.partition(".")
        if name in values:
            return values[name]
        if name in self.figures and not fact:
            return self.figures[name]
        document = self._shorthand.get(name, name)
        if document in self._documents.index:
            return self.fact(document, fact or "label")
        if document in self.cascade.case.documents.index or name in self.figures:
            return None
        known = [*values, *self.figures, *self.cascade.case.documents.index]
        raise UnknownNameError(f"'{name}' is neither a figure nor a document.{did_you_mean(name, known)}")


class Table:
    """A table for readers: columns by words, times and flags in words, all text shown as it is.

    Parameters
    ----------
    frame
        The rows.
    columns
        Column (or index level) → heading, in the order to show.
    cascade
        Gives the words for ids of documents, for codes and times.
    caption
        What the table shows, in a sentence.
    """

    def __init__(self, frame: pd.DataFrame, columns: Mapping[str, str], cascade: Cascade, caption: str = ""):
        self.caption = caption
        frame = frame.reset_index()
        if "when" in columns and "earliest" in frame:
            spans = zip(frame["earliest"], frame["latest"], strict=True)
            frame["when"] = [when(a, b, cascade.time_zone) for a, b in spans]
        shown = {title: [_cell(cascade, name, row) for _, row in frame.iterrows()] for name, title in columns.items()}
        self.frame = pd.DataFrame(shown, columns=list(columns.values()))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        if self.frame.empty:
            words = f"{self.caption} None.".strip()
            return {"text/html": f"<p>{html.escape(words)}</p>", "text/plain": words}
        with pd.option_context("display.max_colwidth", None):
            body = self.frame.to_html(index=False, border=0, escape=True, classes="woozle", justify="unset")
        caption = f"<caption>{html.escape(self.caption)}</caption>" if self.caption else ""
        body = body.replace(' style="text-align: unset;"', "").replace("<th>", '<th scope="col">')
        return {
            "text/html": body.replace("<thead>", f"{caption}\n  <thead>", 1),
            "text/plain": f"{self.caption}\n{self.frame.to_string(index=False)}".strip(),
        }


class Summary:
    """The first screen of a report: the claim, what is true, the turn, and what it all rests on."""

    def __init__(self, study: Study, tell: Teller):
        self.rows = {
            "The claim": escape_markdown(study.claim),
            "What is true": _truth(study, tell),
            "The hop that turned it": _turn(tell),
            "What it rests on": _sources(tell),
        }

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        lines = [f"**{name}.** {words}" for name, words in self.rows.items()]
        return Words("\n\n".join(lines))._repr_mimebundle_()


def _truth(study: Study, tell: Teller) -> str:
    cascade = tell.cascade
    if study.shown_by not in cascade.documents.index:
        return f"Not known by then ({escape_markdown(tell.moment)}): no document that shows it was out."
    surely = cascade.documents.loc[study.shown_by, "exists"] == "surely"
    doubt = "" if surely else ", perhaps not out yet by then"
    shown = tell(f"(shown by {{{study.shown_by}.label}}, {{{study.shown_by}.when}}{doubt})").markdown
    return f"{escape_markdown(study.truth)} {shown}"


def _turn(tell: Teller) -> str:
    turns = tell.figures["turns"]
    if not turns:
        return "None by then: no hop led from a version that is not false to a false one."
    if turns > 1:
        return tell("Unknown: {turns} hops may have been the first, their order cannot be told.").markdown
    return tell(
        "From {turn_parent.label} ({turn_parent.modality}, said by {turn_parent.said_by}) to {turn.label} "
        "({turn.modality}, said by {turn.said_by}), {turn.when}."
    ).markdown


def _sources(tell: Teller) -> str:
    if tell.figures["top_others"] == 0:
        return tell("Of {carriers} documents that carry the claim, none rests on another.").markdown
    return tell(
        "{top_others} of the other {others} documents that carry the claim can be traced to one root: {top_root.label} "
        "({top_inferred} of them only through inferred hops). {roots} roots in all, {lone_roots} of which nobody else "
        "relied on. That is an upper bound of independent sources: roots may share a source that is not coded.",
        others=tell.figures["carriers"] - 1,
    ).markdown


def _cell(cascade: Cascade, name: str, row: pd.Series) -> str:
    value = row[name]
    if value is None or (not isinstance(value, tuple) and pd.isna(value)):
        return "not coded"
    if isinstance(value, tuple):
        return ", ".join(_cell(cascade, "document", pd.Series({"document": item})) for item in value)
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _words(cascade, name, value, row)
    return str(value)


def _words(cascade: Cascade, name: str, value: str, row: pd.Series) -> str:
    case = cascade.case
    if name == "field":
        return case.field_title(value)
    if name in ("from", "to", "lead", "other"):
        return case.term_title(row["field"], value) or "not stated"
    if value in case.documents.index and name not in case.fields:
        return case.documents.loc[value, "label"]
    return case.term_title(name, value) if value else ""

