"""Sentences and tables whose every figure comes from the data, safe to show whatever the data hold."""

from __future__ import annotations

import functools
import html
import re
import string
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import pandas as pd

from woozle import dates
from woozle.cascade import Cascade
from woozle.errors import WoozleError, did_you_mean
from woozle.measure import false_roots, headline, headline_intervals
from woozle.pictures import MARKED
from woozle.text import RIGHT_TO_LEFT, days, how_seen, kind_of_sight, language_of, plain_number, visible, when

if TYPE_CHECKING:
    from woozle.case import Case
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
    return _MARKUP.sub(lambda sign: f"&#{ord(sign[0])};", visible(" ".join(str(text).split()))).replace("_", "&#95;")


class Words:
    """What stands in a notebook as Markdown; `marked` is the same with the marks that the page of a report shows."""

    def __init__(self, markdown: str, marked: str | None = None):
        self.markdown, self.marked = markdown, markdown if marked is None else marked

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        shown = {"text/markdown": self.markdown, "text/plain": html.unescape(self.markdown)}
        return shown if self.marked == self.markdown else shown | {MARKED: self.marked}


def fill(text: str, **values: object) -> Words:
    r"""Return a text with values in place of names in braces, as `Teller` fills it, without a cascade.

    Examples
    --------
    >>> fill("{n:case|cases}.\n\n{?none} Nothing.", n=2, none=0).markdown
    '2 cases.'
    """
    told = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        filled: list[str] | None = []
        for literal, name, noun, _ in string.Formatter().parse(" ".join(paragraph.split())):
            filled.append(literal)
            if name is None:
                continue
            if name.removeprefix("?") not in values:
                raise UnknownNameError(f"'{name}' is not given.{did_you_mean(name, values)}")
            value = values[name.removeprefix("?")]
            if name.startswith("?") and not value:
                filled = None
                break
            if not name.startswith("?"):
                filled.append(escape_markdown(_counted(value, noun) if noun else value))
        if filled:
            told.append("".join(filled).strip())
    return Words("\n\n".join(told))


class Marks:
    """What the page adds to facts of documents in a text, each once a text.

    How the document was seen; the language of its words; that the case's log has a correction of it.
    """

    def __init__(self, cascade: Cascade):
        self._cascade, self._marked = cascade, set()

    def put(self, told: str, document: str, fact: str) -> str:
        """Return `told` (Markdown), a fact of a document, with its marks."""
        if not document:
            return told
        case, facts = self._cascade.case, facts_of(self._cascade)[document]
        if fact in ("wording", "title"):
            plain = html.unescape(told)
            if language := language_of(plain, facts["language"]):
                right = ' dir="rtl"' if language.split("-")[0] in RIGHT_TO_LEFT else ""
                told = f'<span lang="{language}"{right}>{told}</span>'
        if fact not in ("label", "outlet", "author", "wording") or document in self._marked:
            return told
        self._marked.add(document)
        words = escape_markdown(how_seen(case, facts))
        mark = f'<i class="{kind_of_sight(facts["seen"])}" title="{words}"></i><span class="sr"> ({words})</span>'
        entry = log_entries(case).get(document)
        note = f'<a class="corrected" href="#case-log-{entry}" title="corrected: see the log">†</a>' if entry else ""
        return told + mark + note


def log_entries(case: Case) -> dict[str, int]:
    """Return the number of the first correction in the case's log, by the document that it is about."""
    found: dict[str, int] = {}
    for number, row in enumerate(case.log["row"], start=1):
        about = next((name for name in re.findall(r"[a-z0-9_]+", row) if name in case.documents.index), None)
        found.setdefault(about, number)
    found.pop(None, None)
    return found


class Teller:
    r"""Fill sentences with figures of a cascade.

    A name in braces is a headline figure (`{carriers}`; `{carriers:document}` adds the noun, "1 document",
    "2 documents"; `{countries:country|countries}` gives the plural too), a value given to the call, or a fact of a
    document (`{tvchosun.label}`, `.outlet`, `.author`, `.when`, `.days`, `.title`, `.wording`, `.said_by`,
    `.modality`, `.seen`).

    A paragraph that speaks of a document that cannot have been out by then is left out: what was not known is not
    told. So is one with `{?conversions}` where that figure is 0 or empty. `{at_most}` is "at most " where documents
    are counted that were perhaps not out yet, else nothing.

    A figure of `woozle.measure.FIGURES` has `.range`, its median with the middle 90 % of the draws and its unit
    (`{half_h.range}`: "6.4 days (90 %: 5.6 to 7.4)"), `.value`, as coded, `.of` and `.of_drawn`, its
    denominator as coded and in the draws, `.high`, the upper end of that interval, `.coded_only` and `.seen_only`, what
    is left without inferred hops or second-hand citations, and `.driver`, which uncertainty moves it most.

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
        marks = Marks(self.cascade)
        told = [self._fill(paragraph, values, marks) for paragraph in re.split(r"\n\s*\n", text.strip())]
        if all(paragraph is None for paragraph in told):
            return Words(f"*By then ({escape_markdown(self.moment)}) nothing of this was out.*")
        pairs = [paragraph for paragraph in told if paragraph and paragraph[0]]
        return Words(*("\n\n".join(parts) for parts in zip(*pairs, strict=True))) if pairs else Words("")

    def plain(self, text: str, **values: object) -> str:
        """Return the text with its figures as plain text, for titles and descriptions."""
        return html.unescape(self(text, **values).markdown)

    @functools.cached_property
    def intervals(self) -> pd.DataFrame:
        """The headline figures with their uncertainty."""
        return headline_intervals(self.cascade)

    @property
    def moment(self) -> str:
        """The moment of reading, in words."""
        moment = self.cascade.moment
        return when(moment, moment, self.cascade.time_zone)

    def _fill(self, paragraph: str, values: Mapping[str, object], marks: Marks) -> tuple[str, str] | None:
        """Return a paragraph with its figures, plain and marked; None where a document was not out, empty for a figure.

        The marks say how what is told was seen, in which language words are, and what was corrected in the case.
        """
        filled, marked = [], []
        for literal, name, noun, _ in string.Formatter().parse(" ".join(paragraph.split())):
            filled.append(literal)
            marked.append(literal)
            if name is None:
                continue
            value = self._value(name.removeprefix("?"), values)
            if value is None:
                return None
            if name.startswith("?") and not value:
                return "", ""
            if not name.startswith("?"):
                told = value.markdown if isinstance(value, Words) else escape_markdown(value)
                filled.append(escape_markdown(_counted(value, noun)) if noun else told)
                marked.append(marks.put(filled[-1], *self._document_of(name, values)))
        return "".join(filled).strip(), "".join(marked).strip()

    def _document_of(self, field: str, values: Mapping[str, object]) -> tuple[str, str]:
        """Return the document that a name in braces stands for, and which of its facts; nothing for a figure."""
        name, _, fact = field.partition(".")
        document = self._shorthand.get(name, name)
        known = name not in values and (bool(fact) or name not in self.figures)
        return (document, fact or "label") if known and document in self._documents.index else ("", "")

    def _value(self, field: str, values: Mapping[str, object]) -> object:
        name, _, fact = field.partition(".")
        if name in values:
            return values[name]
        facts = ("range", "value", "high", "of", "of_drawn", "coded_only", "seen_only", "driver")
        if fact in facts and name in self.intervals.index:
            row = self.intervals.loc[name]
            if fact in ("range", "driver"):
                return row["driver"] if fact == "driver" else range_in_words(row)
            return plain_number(row[fact])
        if name in self.figures and not fact:
            return Words(self.figures[name]) if name == "at_most" else self.figures[name]
        document = self._shorthand.get(name, name)
        if document in self._documents.index:
            return document_fact(self.cascade, document, fact or "label")
        if document in self.cascade.case.documents.index or name in self.figures:
            return None
        known = [*values, *self.figures, *self.intervals.index, *self.cascade.case.documents.index]
        raise UnknownNameError(f"'{name}' is neither a figure nor a document.{did_you_mean(name, known)}")


def range_in_words(row: Mapping[str, object]) -> str:
    """Return a row of `woozle.measure.headline_intervals` in words; nothing where it has no value.

    Examples
    --------
    >>> range_in_words({"median": 153.6, "low": 134.4, "high": 177.6, "unit": "hours"})
    '6.4 days (90 %: 5.6 to 7.4)'
    >>> range_in_words({"median": 3.0, "low": 3.0, "high": 3.0, "unit": "hops"})
    '3 hops'
    """
    median, low, high, unit = (row[name] for name in ("median", "low", "high", "unit"))
    if pd.isna(median):
        return ""
    if unit == "hours" and abs(high) >= 72:
        median, low, high, unit = median / 24, low / 24, high / 24, "days"
    ends = [plain_number(value) for value in (low, high)]
    one = f"{unit[:-3]}y" if unit.endswith("ies") else unit.removesuffix("s")
    unit = one if median == 1 else unit
    return f"{plain_number(median)} {unit}" + (f" (90 %: {ends[0]} to {ends[1]})" if low != high else "")


def _counted(number: object, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    one, _, many = noun.partition("|")
    return f"{number} {one if number == 1 else many or one + 's'}"


def facts_of(cascade: Cascade) -> Mapping[str, Mapping[str, object]]:
    """Return the columns of `Cascade.documents` by document: looked up for each cell and word, so made once."""
    kept = vars(cascade)
    if "facts" not in kept:
        kept["facts"] = cascade.documents.to_dict("index")
    return kept["facts"]


def leads_of(cascade: Cascade) -> Mapping[str, Mapping[str, object]]:
    """Return the columns of `Cascade.leads` by document."""
    return cascade.case.lead_facts


def _as_told(facts: Mapping[str, object]) -> bool:
    """Tell whether a date is best said as it was told where the outlet is: a day or month, narrowed by nothing."""
    untouched = (facts["earliest"], facts["latest"]) == (facts["coded_earliest"], facts["coded_latest"])
    return untouched and not set("T/") & set(facts["published"])


def document_fact(cascade: Cascade, document: str, name: str) -> str:
    """Return a fact of a document in words; the names are those that `Teller` knows.

    Examples
    --------
    >>> import woozle
    >>> document_fact(woozle.open("dprk_troops_2024").cascade(), "tvchosun", "days")
    '21 June 2024'
    """
    case, facts = cascade.case, facts_of(cascade)[document]
    simple = {
        "label": "label",
        "outlet": "outlet_name",
        "title": "title",
        "author": "author",
        "coded": "published",
    }
    if name in simple:
        return facts[simple[name]]
    if name == "days" and _as_told(facts):
        return dates.in_words(facts["published"])
    if name in ("when", "days"):
        return (when if name == "when" else days)(facts["earliest"], facts["latest"], cascade.time_zone)
    if name == "seen":
        return how_seen(case, facts)
    coded, free = (*case.fields, "accuracy", "stance"), ("wording", "note")
    if name not in (*coded, *free):
        known = (*simple, "when", "days", "seen", *free, *coded)
        raise UnknownNameError(f"'{document}.{name}': there is no such fact.{did_you_mean(name, known)}")
    lead = leads_of(cascade).get(document)
    if lead is None:
        return "" if name in free else "not coded"
    code = lead[name]
    return code if name in free else case.term_title(name, code) or "not stated"


class Summary:
    """The first screen of a report: the claim, what is true, the turn, and what it all rests on."""

    def __init__(self, study: Study, tell: Teller):
        self.rows = {
            "The claim": f"{escape_markdown(study.claim)} {_what_counts(tell)}",
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
    if study.shown_by not in cascade.here:
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
    told = tell(
        "From {turn_parent.label} ({turn_parent.modality}, said by {turn_parent.said_by}) to {turn.label} "
        "({turn.modality}, said by {turn.said_by}), {turn.days}."
    ).markdown
    roots = false_roots(tell.cascade)
    older = roots.index[roots["before_turn"] != "no"]
    if not len(older):
        return told
    labels = escape_markdown(", ".join(tell.cascade.documents["label"][name] for name in older))
    return f"{told} It is the earliest hop that is known. False too, of unknown source, and perhaps older: {labels}."


def _what_counts(tell: Teller) -> str:
    return tell(
        "Below, a document carries the claim where it states it in any form, from a forecast on, or questions or "
        "presupposes it: {at_most}{carriers:document}. Coded ones: {false.of}; of these, in a form that "
        "another document shows to be false: {false.value}."
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
        "coded; known to be independent: {effective_roots.value}. On the first root rest, in draws of what is "
        "inferred: {top_others.range}; if only citations count that were seen on the page of the citing document: "
        "{top_others.seen_only}."
    ).markdown
