"""Sentences and tables whose every figure comes from the data, safe to show whatever the data hold."""

from __future__ import annotations

import functools
import html
import re
import string
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from woozle import dates, measure, moved
from woozle.errors import WoozleError, did_you_mean
from woozle.locate import EVIDENCE_PAGE
from woozle.measure import headline, headline_intervals
from woozle.measure.uncertainty import headline_ranges
from woozle.model.cascade import Cascade
from woozle.model.in_words import days_published, how_seen, kind_of_sight, when_published
from woozle.notebook.english import FORMS, about, before_date, counted, in_words, range_in_words, span_in_words
from woozle.package.releases import read_release
from woozle.pictures import MARKED, for_report
from woozle.rows import records_by_id
from woozle.text import language_mark, language_of, plain_number, visible, when

if TYPE_CHECKING:
    from woozle.model.case import Case

_OF_DRAWS = (
    "range", "value", "median", "low", "high", "of", "of_drawn", "coded_only", "seen_only", "driver", "between",
    "span",
)  # fmt: skip
_SLOW = ("coded_only", "seen_only", "driver")  # need more draws
_STATISTICS = frozenset(figure.name for figure in measure.STATISTICS)
_IDS = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b|(?<=\()[a-z0-9]+\b")
_MARKUP = re.compile(r"[^\w\s,;%–—‘’“”…]")


class UnknownNameError(WoozleError, KeyError):
    """A sentence names a figure, a document or a fact that does not exist."""

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
        return shown | {MARKED: self.marked} if self.marked != self.markdown and for_report() else shown


def fill(text: str, evidence: str = "", **values: object) -> Words:
    r"""Return a text with values in place of names in braces, as `Teller` fills it, without a cascade.

    Examples
    --------
    >>> fill("{n:case|cases}.\n\n{?none} Nothing.\n\n{?not none} Something.", n=2, none=0).markdown
    '2 cases.\n\nSomething.'
    """

    def given(name: str) -> object:
        if name.startswith("not "):  # a paragraph for where there is none
            return not given(name[4:])
        if name not in values:
            raise UnknownNameError(f"'{name}' is not given.{did_you_mean(name, values)}")
        return values[name]

    paragraphs = [_filled(paragraph, given) for paragraph in re.split(r"\n\s*\n", text.strip())]
    plain = "\n\n".join(paragraph[0] for paragraph in paragraphs if paragraph and paragraph[0])
    return Words(plain, f"{plain}\n\n{evidence_link(evidence, 'Evidence')}" if evidence and plain else plain)


def _filled(
    paragraph: str, value_of: Callable[[str], Any], mark: Callable[[str, str], str] = lambda _, words: words
) -> tuple[str, str] | None:
    """Return a paragraph with values in place of names in braces: as it is, and with marks.

    None where a value is not known yet (None), empty where a name with ? in front stands for nothing. `mark` gets a
    name and its words.
    """
    plain, marked = [], []
    for literal, name, noun, _ in string.Formatter().parse(" ".join(paragraph.split())):
        plain.append(literal)
        marked.append(literal)
        if name is None:
            continue
        value = value_of(name.removeprefix("?"))
        if value is None:
            return None
        if name.startswith("?"):
            if not value:
                return "", ""
            continue
        if name.endswith((".days", ".when")) and literal.endswith(" on "):
            plain[-1] = marked[-1] = literal.removesuffix("on ") + before_date(str(value))
        words = value.markdown if isinstance(value, Words) else escape_markdown(value)
        plain.append(escape_markdown(counted(value, noun)) if noun else words)
        marked.append(mark(name, plain[-1]))
    return "".join(plain).strip(), "".join(marked).strip()


class Marks:
    """Put the marks of the page beside documents that a text names, once for each document.

    How the document was seen; the language of its words; that the case's log has a correction of it.
    """

    def __init__(self, cascade: Cascade):
        self._cascade, self._marked = cascade, set()

    def put(self, text: str, document: str, fact: str) -> str:
        """Return `text` (Markdown), a fact of a document, with its marks."""
        if not document:
            return text
        case, facts = self._cascade.case, self._cascade.facts[document]
        if fact in ("wording", "title"):
            plain = html.unescape(text)
            if language := language_of(plain, facts["language"]):
                text = f"<span{language_mark(language)}>{text}</span>"
        link = evidence_link(f"document-{document}", text) if fact in ("label", "outlet", "author") else text
        if fact not in ("label", "outlet", "author", "wording") or document in self._marked:
            return link
        self._marked.add(document)
        words = escape_markdown(how_seen(case, facts))
        mark = f'<i class="{kind_of_sight(facts["seen"])}" role="img" title="{words}" aria-label="{words}"></i>'
        entry = log_entries(case).get(document)
        at = f"{EVIDENCE_PAGE}#case-log-{entry}"
        note = f'<a class="corrected" href="{at}" title="corrected: see the log">†</a>' if entry else ""
        return link + mark + note


def log_entries(case: Case) -> dict[str, int]:
    """Return the number of the first correction made after a release in the case's log, by the document it is about."""
    entries: dict[str, int] = {}
    release = read_release(case.folder)
    for number, (row, version) in enumerate(zip(case.log["row"], case.log["version"], strict=True), start=1):
        if release is None or _version(version) <= _version(release.first):
            continue  # mended before anybody had the data
        about = next((name for name in re.findall(r"[a-z0-9_]+", row) if name in case.documents.index), None)
        if about is not None:
            entries.setdefault(about, number)
    return entries


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))


class Teller:
    r"""Fill sentences with figures of a cascade.

    A name in braces is a headline figure (`{carriers}`; `{carriers:document}` adds the noun, "1 document",
    "2 documents"; `{countries:country|countries}` gives the plural too), a value given to the call, or a fact of a
    document (`{tvchosun.label}`, `.outlet`, `.author`, `.when`, `.days`, `.title`, `.wording`, `.said_by`,
    `.modality`, `.seen`), or of an event (`{treaty.event}`, `{treaty.days}`).

    A paragraph that speaks of a document that cannot have been out by then is left out: what was not known is not
    told. So is one with `{?own_words}` where that figure is 0 or empty. `{at_most}` is "at most " where documents
    are counted that were perhaps not out yet, else nothing.

    A figure of `woozle.measure.STATISTICS` has more forms. `.range` is its median with the middle 90 % of the draws and
    its unit (`{half_h.range}`: "6.4 days (90 %: 5.6 to 7.4)"). `.median`, `.low`, `.high` and `.between` (low to high)
    give its parts in the unit of the figure, for times hours. `.span` is `.between`, but reaches up to the figure as
    coded if that is higher. `.value` is the figure as coded; `.of` and `.of_drawn` are its denominator as coded and in
    the draws. `.coded_only` is the figure without inferred hops, `.seen_only` without second-hand citations. `.driver`
    is the uncertainty that moves it most.

    In words: `{roots.word}` is "four", `{roots.Word}` "Four", `{roots.ordinal}` "fourth"; `{half_h.about}` is
    "about two days"; `{nknews.after_tvchosun}` says how long after another a document came ("six days"). `{?not false}`
    keeps a paragraph for where a figure is 0 or empty. A text may begin with a heading; where nothing below it was out
    by then, it vanishes with it.

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
        self.statistics = asdict(headline(cascade))
        # Counts hold what was surely and what was perhaps out; where the two differ, they are upper bounds.
        self.statistics["at_most"] = "at most " if self.statistics["perhaps"] else ""
        self._documents, self._events = cascade.documents, cascade.events
        self._shorthand = {
            key: value
            for key, value in self.statistics.items()
            if isinstance(value, str) and value in self._documents.index
        }

    @property
    def figures(self) -> dict[str, Any]:
        """The old name of `statistics`; a figure is a chart."""
        moved.tell("tell.figures", "tell.statistics")
        return self.statistics

    def __call__(self, text: str, evidence: str = "", **values: object) -> Words:
        """Return the text with its figures; paragraphs are separated by empty lines.

        `evidence` is the anchor of a section of the evidence, to which a report links at the end of the section.
        """
        marks = Marks(self.cascade)
        paragraphs = [self._fill(paragraph, values, marks) for paragraph in re.split(r"\n\s*\n", text.strip())]
        heading = text.lstrip().startswith("#")
        if (evidence or heading) and not any(pair and pair[0] for pair in (paragraphs[1:] if heading else paragraphs)):
            return Words("")  # a section without a word
        if all(paragraph is None for paragraph in paragraphs):
            return Words(f"*By then ({escape_markdown(self.moment)}) nothing of this was out.*")
        pairs = [paragraph for paragraph in paragraphs if paragraph and paragraph[0]]
        if not pairs:
            return Words("")
        plain, marked = ("\n\n".join(parts) for parts in zip(*pairs, strict=True))
        return Words(plain, f"{marked}\n\n{evidence_link(evidence, 'Evidence')}" if evidence else marked)

    def plain(self, text: str, **values: Any) -> str:
        """Return the text with its figures as plain text, for titles and descriptions."""
        return html.unescape(self(text, **values).markdown)

    @functools.cached_property
    def ranges(self) -> pd.DataFrame:
        """The headline figures with the columns of `intervals` up to `of_drawn`, counted in half the time."""
        return headline_ranges(self.cascade)

    @functools.cached_property
    def _ranges(self) -> dict[str, dict[str, Any]]:
        return records_by_id(self.ranges)

    @functools.cached_property
    def intervals(self) -> pd.DataFrame:
        """The headline figures with their uncertainty: `woozle.measure.headline_intervals`."""
        return headline_intervals(self.cascade)

    def uncertain(self, name: str) -> bool:
        """Tell whether a figure differs between draws."""
        row = self.ranges.loc[name]
        return bool(row["low"] != row["high"])

    def interval_in_words(self, name: str) -> str:
        """Return the middle nine tenths of the draws of a figure, in words."""
        row = self._ranges[name]
        low, high = plain_number(row["low"]), plain_number(row["high"])
        return f"{low} to {high} in nine tenths of the draws, in which uncertain links may not hold and dates vary"

    @property
    def moment(self) -> str:
        """The moment of reading, in words."""
        moment = self.cascade.moment
        return when(moment, moment, self.cascade.clock)

    def _fill(self, paragraph: str, values: Mapping[str, Any], marks: Marks) -> tuple[str, str] | None:
        """Return a paragraph with its figures, plain and marked; None where a document was not out, empty for a figure.

        The marks say how what is told was seen, in which language words are, and what was corrected in the case.
        """

        def mark(name: str, words: str) -> str:
            marked = marks.put(words, *self._document_of(name, values))
            return (
                evidence_link(f"figure-{name.partition('.')[0]}", marked) if self._is_figure(name, values) else marked
            )

        return _filled(paragraph, lambda name: self._value(name, values), mark)

    def _is_figure(self, name: str, values: Mapping[str, Any]) -> bool:
        """Tell whether a name in braces is a headline figure, which has a row in the evidence."""
        figure = name.partition(".")[0]
        return figure not in values and figure in _STATISTICS

    def _document_of(self, field: str, values: Mapping[str, Any]) -> tuple[str, str]:
        """Return the document that a name in braces stands for, and which of its facts; nothing for a figure."""
        name, _, fact = field.partition(".")
        document = self._shorthand.get(name, name)
        known = name not in values and (bool(fact) or name not in self.statistics)
        return (document, fact or "label") if known and document in self._documents.index else ("", "")

    def _value(self, field: str, values: Mapping[str, Any]) -> Any:
        name, _, fact = field.partition(".")
        if name in values:
            return in_words(values[name], fact) if fact in FORMS else values[name]
        inner, _, form = field.rpartition(".")
        if form in FORMS and "." in inner:  # {circular.of.word}
            told = self._value(inner, values)
            return in_words(int(told), form) if str(told).isdigit() else told
        if field.startswith("not "):  # a paragraph for where there is none
            return not self._value(field[4:], values)
        if fact.startswith("after_"):
            return days_between(self.cascade, self._shorthand.get(fact[6:], fact[6:]), self._shorthand.get(name, name))
        if name in self.statistics and fact in FORMS:
            return in_words(self.statistics[name], fact)
        if name in self.ranges.index and fact in (*FORMS, "about"):
            row = self._ranges[name]
            if fact == "about":
                return about(row)
            return in_words(row["value"] if pd.notna(row["value"]) else row["median"], fact)
        if fact in _OF_DRAWS and name in self.ranges.index:
            row = records_by_id(self.intervals)[name] if fact in _SLOW else self._ranges[name]
            if fact in ("range", "driver"):
                return row["driver"] if fact == "driver" else range_in_words(row)
            if fact in ("between", "span"):  # of the draws; or from those to what is counted if every link holds
                high = row["high"] if fact == "between" or pd.isna(row["value"]) else max(row["high"], row["value"])
                low, high = plain_number(row["low"]), plain_number(high)
                return low if low == high else f"{low} to {high}"
            return plain_number(row[fact])
        if name in self.statistics and not fact:
            return Words(self.statistics[name]) if name == "at_most" else self.statistics[name]
        if name in self.ranges.index and not fact:
            value = self._ranges[name]["value"]
            return int(value) if pd.notna(value) and float(value).is_integer() else plain_number(value)
        document = self._shorthand.get(name, name)
        if name in self._events.index and fact in ("event", "days"):
            told = records_by_id(self._events)[name]
            return (told["event"] if fact == "event" else dates.in_words(told["date"])) if told["known"] else None
        if document in self._documents.index:
            return document_fact(self.cascade, document, fact or "label")
        if name in self.statistics and fact and not isinstance(self.statistics[name], str):
            raise UnknownNameError(
                f"'{field}': a figure has no '{fact}'.{did_you_mean(fact, [*_OF_DRAWS, *FORMS, 'about'])}"
            )
        if document in self.cascade.case.documents.index or name in self.statistics:
            return None
        if name in self._events.index:
            raise UnknownNameError(f"'{field}': an event has the facts event and days.")
        known = [*values, *self.statistics, *self.ranges.index, *self.cascade.case.documents.index]
        raise UnknownNameError(f"'{name}' is neither a figure nor a document.{did_you_mean(name, known)}")


def evidence_link(anchor: str, words: str) -> str:
    """Return words that lead to a place in the evidence of the report; Markdown and HTML alike."""
    return f'<a class="fact" href="{EVIDENCE_PAGE}#{anchor}">{words}</a>' if words else words


def leads_of(cascade: Cascade) -> Mapping[str, Mapping[str, Any]]:
    """Return the columns of `Cascade.leads` by document."""
    return cascade.case.lead_facts


def document_fact(cascade: Cascade, document: str, name: str) -> str:
    """Return a fact of a document in words; the names are those that `Teller` knows.

    Examples
    --------
    >>> import woozle
    >>> document_fact(woozle.open("dprk_troops_2024").cascade(), "tvchosun", "days")
    '21 June 2024'
    """
    case, facts = cascade.case, cascade.facts[document]
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
        return (when_published if name == "when" else days_published)(cascade, document)
    if name == "seen":
        return how_seen(case, facts)
    coded, free = (*case.fields, "accuracy", "stance"), ("wording", "note", "translation", "marked")
    if name not in (*coded, *free):
        known = (*simple, "when", "days", "seen", *free, *coded)
        raise UnknownNameError(f"'{document}.{name}': there is no such fact.{did_you_mean(name, known)}")
    lead = leads_of(cascade).get(document)
    if lead is None:
        return "" if name in free else "not coded"
    code = lead[name]
    empty = "not stated" if None not in case.codes[document][1] else "not known"
    if name in free:
        return with_labels(case, code) if name == "note" else code
    return case.term_title(name, code) or empty


def with_labels(case: Case, note: str) -> str:
    """Return a coder's note with the labels of the documents that it names by their ids.

    An id without an underscore counts only right after an opening bracket; elsewhere it may be a word.
    """
    labels = case.documents["label"]
    return re.sub(_IDS, lambda word: labels.get(word[0], word[0]), note)


def joined(*parts: Words, between: str = "\n\n") -> Words:
    """Return several texts as one."""
    return Words(between.join(part.markdown for part in parts), between.join(part.marked for part in parts))


def clause(text: str) -> Words:
    """Return a text with a space before it, to be added to a sentence; an empty text stays empty."""
    return Words(f" {escape_markdown(text)}" if text else "")


def days_between(cascade: Cascade, first: str, second: str) -> str | None:
    """Return how long after the first document the second came; None if one was not out, or the second came before.

    Examples
    --------
    >>> import woozle
    >>> days_between(woozle.open("dprk_troops_2024").cascade(), "tvchosun", "pentagon_question")
    'four days'
    """
    if first not in cascade.visible_ids or second not in cascade.visible_ids:
        return None
    spans = [cascade.spans[name] for name in (first, second)]
    middles = [(span.earliest.timestamp() + span.latest.timestamp()) / 7200 for span in spans]
    hours, open_for = (
        middles[1] - middles[0],
        max((span.latest - span.earliest).total_seconds() / 3600 for span in spans),
    )
    if hours < 0:
        return None
    if hours < 20 and open_for > 2:
        return "within a day"
    wide = open_for > max(25, hours / 10)
    return f"about {span_in_words(hours)}" if wide else span_in_words(hours)
