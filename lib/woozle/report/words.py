"""Sentences and tables whose every figure comes from the data, safe to show whatever the data hold."""

from __future__ import annotations

import html
import re
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from woozle.cascade import Cascade
from woozle.errors import WoozleError, did_you_mean
from woozle.measure import headline
from woozle.text import days, how_seen, when

if TYPE_CHECKING:
    from woozle.report.study import Study

FOLDED = 20  # tables of more rows are folded
HEADINGS = {
    "parent": "from",
    "cited": "from",
    "citing": "to",
    "relation": "how",
    "when": "published",
    "days": "published",
    "coded": "date as coded",
    "said_by": "who said it",
    "modality": "how real",
    "certainty": "how sure",
    "seen": "how seen",
    "seen_in": "seen in",
    "seen_note": "note",
    "others": "others resting on it",
    "what": "what changed",
    "from": "was",
    "to": "became",
    "to_wording": "in its words",
    "lead": "its lead",
    "other": "further down",
    "dominated": "others that cannot do without it",
    "dominator": "itself rests on",
    "surely_before": "carriers surely before",
    "perhaps_before": "at most before",
    "repost": "repeats another",
    "basis": "shown to be false by",
}
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
    r"""Fill sentences with figures of a cascade.

    A name in braces is a headline figure (`{carriers}`; `{carriers:document}` adds the noun, "1 document",
    "2 documents"; `{countries:country|countries}` gives the plural too), a value given to the call, or a fact of a
    document (`{tvchosun.label}`, `.outlet`, `.author`, `.when`, `.days`, `.title`, `.wording`, `.said_by`,
    `.modality`, `.seen`).

    A paragraph that speaks of a document that cannot have been out by then is left out: what was not known is not
    told. So is one with `{?conversions}` where that figure is 0 or empty. `{at_most}` is "at most " where documents
    are counted that were perhaps not out yet, else nothing.

    Parameters
    ----------
    cascade
        The cascade.

    Examples
    --------
    >>> import woozle
    >>> tell = Teller(woozle.open("dprk_troops_2024").cascade(as_of="2024-06-22"))
    >>> tell("By then {documents} documents, one by {tvchosun.label}.\n\nThen came {express.label}.").markdown
    'By then 2 documents, one by TV Chosun.'
    """

    def __init__(self, cascade: Cascade):
        self.cascade = cascade
        self.figures = asdict(headline(cascade))
        # Counts hold what was surely and what was perhaps out; where the two differ, they are upper bounds.
        self.figures["at_most"] = "at most " if self.figures["perhaps"] else ""
        self._documents = cascade.documents
        self._shorthand = {
            key: value
            for key, value in self.figures.items()
            if isinstance(value, str) and value in self._documents.index
        }

    def __call__(self, text: str, **values: object) -> Words:
        """Return the text with its figures; paragraphs are separated by empty lines."""
        told = [self._fill(paragraph, values) for paragraph in re.split(r"\n\s*\n", text.strip())]
        if all(paragraph is None for paragraph in told):
            return Words(f"*By then ({escape_markdown(self.moment)}) nothing of this was out.*")
        return Words("\n\n".join(paragraph for paragraph in told if paragraph))

    def plain(self, text: str, **values: object) -> str:
        """Return the text with its figures as plain text, for titles and descriptions."""
        return html.unescape(self(text, **values).markdown)

    @property
    def moment(self) -> str:
        """The moment of reading, in words."""
        moment = self.cascade.moment
        return when(moment, moment, self.cascade.time_zone)

    def _fill(self, paragraph: str, values: Mapping[str, object]) -> str | None:
        """Return a paragraph with its figures; None where a document was not out, empty where a figure is."""
        filled = []
        for literal, name, noun, _ in string.Formatter().parse(" ".join(paragraph.split())):
            filled.append(literal)
            if name is None:
                continue
            value = self._value(name.removeprefix("?"), values)
            if value is None:
                return None
            if name.startswith("?") and not value:
                return ""
            if not name.startswith("?"):
                told = value.markdown if isinstance(value, Words) else escape_markdown(value)
                filled.append(escape_markdown(_counted(value, noun)) if noun else told)
        return "".join(filled).strip()

    def _value(self, field: str, values: Mapping[str, object]) -> object:
        name, _, fact = field.partition(".")
        if name in values:
            return values[name]
        if name in self.figures and not fact:
            return Words(self.figures[name]) if name == "at_most" else self.figures[name]
        document = self._shorthand.get(name, name)
        if document in self._documents.index:
            return document_fact(self.cascade, document, fact or "label")
        if document in self.cascade.case.documents.index or name in self.figures:
            return None
        known = [*values, *self.figures, *self.cascade.case.documents.index]
        raise UnknownNameError(f"'{name}' is neither a figure nor a document.{did_you_mean(name, known)}")


def _counted(number: object, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    one, _, many = noun.partition("|")
    return f"{number} {one if number == 1 else many or one + 's'}"


def document_fact(cascade: Cascade, document: str, name: str) -> str:
    """Return a fact of a document in words; the names are those that `Teller` knows.

    Examples
    --------
    >>> import woozle
    >>> document_fact(woozle.open("dprk_troops_2024").cascade(), "tvchosun", "days")
    '21 June 2024'
    """
    case, facts = cascade.case, cascade.documents.loc[document]
    simple = {
        "label": "label",
        "outlet": "outlet_name",
        "title": "title",
        "author": "author",
        "coded": "published",
    }
    if name in simple:
        return facts[simple[name]]
    if name in ("when", "days"):
        return (when if name == "when" else days)(facts["earliest"], facts["latest"], cascade.time_zone)
    if name == "seen":
        return how_seen(case, facts)
    coded, free = (*case.fields, "accuracy", "stance"), ("wording", "note")
    if name not in (*coded, *free):
        known = (*simple, "when", "days", "seen", *free, *coded)
        raise UnknownNameError(f"'{document}.{name}': there is no such fact.{did_you_mean(name, known)}")
    if document not in cascade.leads.index:
        return "" if name in free else "not coded"
    code = cascade.leads.loc[document, name]
    return code if name in free else case.term_title(name, code) or "not stated"


class Table:
    """A table for readers: headings, codes, times and flags in words, and all text shown as it is.

    Parameters
    ----------
    frame
        The rows.
    cascade
        Gives the words for ids of documents, for codes and times.
    caption
        What the table shows, in a sentence.
    columns
        The columns (or index levels) to show, in order; a mapping gives them other headings than `HEADINGS`. A name
        that is no column is looked up as a fact of the document that `document`, or else the first column, holds.

    Examples
    --------
    >>> import woozle
    >>> cascade = woozle.open("dprk_troops_2024").cascade()
    >>> print(Table(woozle.measure.turn(cascade), cascade, "The turn.", ["parent", "document", "days"]))
    The turn.
         from                                  to    published
    TV Chosun reporter’s question at the Pentagon 25 June 2024
    """

    def __init__(self, frame: pd.DataFrame, cascade: Cascade, caption: str, columns: Sequence[str] | Mapping[str, str]):
        self.caption = caption
        frame = frame.reset_index()
        key = "document" if "document" in frame else next(iter(columns))
        for name in columns:
            if name not in frame:
                frame[name] = [document_fact(cascade, document, name) for document in frame[key]]
        titles = columns if isinstance(columns, Mapping) else {name: _heading(name, columns) for name in columns}
        shown = {title: [_cell(cascade, name, row) for _, row in frame.iterrows()] for name, title in titles.items()}
        self.frame = pd.DataFrame(shown, columns=list(titles.values()))

    def __str__(self) -> str:
        return f"{self.caption}\n{self.frame.to_string(index=False)}" if len(self.frame) else f"{self.caption} None."

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        caption = html.escape(self.caption)
        if self.frame.empty:
            return {"text/html": f"<p>{caption} None.</p>", "text/plain": str(self)}
        with pd.option_context("display.max_colwidth", None):
            body = self.frame.to_html(index=False, border=0, escape=True, classes="woozle", justify="left")
        # JupyterLab sets tables flush right; a page without scripts of its own needs the scope of each heading.
        body = body.replace(' style="text-align: left;"', "").replace("<td>", '<td style="text-align: left">')
        body = body.replace("<th>", '<th scope="col" style="text-align: left">')
        body = body.replace("<thead>", f"<caption>{caption}</caption>\n  <thead>", 1)
        if len(self.frame) > FOLDED:
            body = f"<details><summary>{caption} ({len(self.frame)} rows)</summary>\n{body}\n</details>"
        return {"text/html": body, "text/plain": str(self)}


class Summary:
    """The first screen of a report: the claim, what is true, the turn, and what it all rests on."""

    def __init__(self, study: Study, tell: Teller):
        self.rows = {
            "The claim": escape_markdown(study.claim),
            "What is true": _truth(study, tell),
            "The hop that turned it": _turn(tell),
            "What it rests on": _sources(tell),
        }
        if tell.figures["perhaps"]:
            self.rows["Read as of"] = _moment(tell)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        lines = [f"**{name}.** {words}" for name, words in self.rows.items()]
        return Words("\n\n".join(lines))._repr_mimebundle_()


def _truth(study: Study, tell: Teller) -> str:
    cascade = tell.cascade
    if study.shown_by not in cascade.documents.index:
        return f"Not known by then ({escape_markdown(tell.moment)}): no document that shows it was out."
    surely = cascade.documents.loc[study.shown_by, "exists"] == "surely"
    doubt = "" if surely else ", perhaps not out yet by then"
    shown = tell(f"(shown by {{{study.shown_by}.label}}, {{{study.shown_by}.days}}{doubt})").markdown
    return f"{escape_markdown(study.truth)} {shown}"


def _turn(tell: Teller) -> str:
    turns = tell.figures["turns"]
    if not turns:
        return "None that could be known by then: no hop from a version that is not false to one shown to be false."
    if turns > 1:
        return tell("Unknown: {turns} hops may have been the first, their order cannot be told.").markdown
    return tell(
        "From {turn_parent.label} ({turn_parent.modality}, said by {turn_parent.said_by}) to {turn.label} "
        "({turn.modality}, said by {turn.said_by}), {turn.days}."
    ).markdown


def _moment(tell: Teller) -> str:
    return tell(
        "{moment} ({zone}). Surely out by then: {surely:document}; perhaps: {perhaps} more. Figures count both, so "
        "they say what was out at most.",
        moment=tell.moment,
        zone=tell.cascade.time_zone,
    ).markdown


def _sources(tell: Teller) -> str:
    if not tell.figures["top_others"]:
        return tell("By then {at_most}{carriers:document} carried the claim; none rests on another.").markdown
    return tell(
        "Of {at_most}{others:other document} with the claim, {top_others} can be traced to one root: {top_root.label}; "
        "{top_inferred} of these only through inferred hops. Roots in all: {roots}; nobody else relied on {lone_roots} "
        "of them. That is an upper bound of independent sources: roots may share a source that is not "
        "coded."
    ).markdown


def _heading(name: str, columns: Iterable[str]) -> str:
    """Return the heading of a column; in a table of hops the document is where the hop leads."""
    if name == "document" and "parent" in columns:
        return "to"
    return HEADINGS.get(name, name)


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
    if name == "seen" and "seen_in" in row:
        return how_seen(case, row)
    if name == "field":
        return case.field_title(value)
    if name in ("note", "seen_note"):
        labels = case.documents["label"]
        return re.sub(r"\b[a-z0-9]+(?:_[a-z0-9]+)*\b", lambda word: labels.get(word[0], word[0]), value)
    if name in ("from", "to", "lead", "other"):
        return case.term_title(row["field"], value) or "not stated"
    if value in case.documents.index and name not in case.fields:
        return case.documents.loc[value, "label"]
    if not value and name in case.fields:
        return "not stated"
    return case.term_title(name, value)
