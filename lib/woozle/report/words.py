"""Sentences and tables whose every figure comes from the data, safe to show whatever the data hold."""

from __future__ import annotations

import functools
import html
import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import pandas as pd

from woozle import dates, measure
from woozle.cascade import Cascade
from woozle.errors import WoozleError, did_you_mean
from woozle.measure import headline, headline_intervals
from woozle.measure.drift import TURNING
from woozle.measure.turn import false_versions
from woozle.pictures import MARKED
from woozle.releases import read_release
from woozle.text import (
    RIGHT_TO_LEFT,
    days_published,
    how_seen,
    kind_of_sight,
    language_of,
    plain_number,
    unit_of_time,
    visible,
    when,
    when_published,
)

if TYPE_CHECKING:
    from woozle.case import Case
    from woozle.report.study import Study

_IDS = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b|(?<=\()[a-z0-9]+\b")
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
                filled.append(escape_markdown(counted(value, noun) if noun else value))
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
        case, facts = self._cascade.case, self._cascade.facts[document]
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
    """Return the number of the first correction made after a release in the case's log, by the document it is about."""
    found: dict[str, int] = {}
    release = read_release(case.folder)
    for number, (row, version) in enumerate(zip(case.log["row"], case.log["version"], strict=True), start=1):
        if release is None or _version(version) <= _version(release.first):
            continue  # mended before anybody had the data
        about = next((name for name in re.findall(r"[a-z0-9_]+", row) if name in case.documents.index), None)
        found.setdefault(about, number)
    found.pop(None, None)
    return found


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
        self._documents, self._events = cascade.documents, cascade.events
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

    def uncertain(self, name: str) -> bool:
        """Tell whether a figure differs between draws."""
        row = self.intervals.loc[name]
        return bool(row["low"] != row["high"])

    def interval_in_words(self, name: str) -> str:
        """Return the middle nine tenths of the draws of a figure, in words."""
        row = self.intervals.loc[name]
        low, high = plain_number(row["low"]), plain_number(row["high"])
        return f"{low} to {high} in nine tenths of the draws, in which uncertain links may not hold and dates vary"

    @property
    def moment(self) -> str:
        """The moment of reading, in words."""
        moment = self.cascade.moment
        return when(moment, moment, self.cascade.clock)

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
                if name.endswith((".days", ".when")) and literal.endswith(" on "):
                    filled[-1] = marked[-1] = literal.removesuffix("on ") + _before_date(str(value))
                told = value.markdown if isinstance(value, Words) else escape_markdown(value)
                filled.append(escape_markdown(counted(value, noun)) if noun else told)
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
        if name in self._events.index and fact in ("event", "days"):
            told = self._events.loc[name]
            return (told["event"] if fact == "event" else dates.in_words(told["date"])) if told["known"] else None
        if document in self._documents.index:
            return document_fact(self.cascade, document, fact or "label")
        if document in self.cascade.case.documents.index or name in self.figures:
            return None
        if name in self._events.index:
            raise UnknownNameError(f"'{field}': an event has the facts event and days.")
        known = [*values, *self.figures, *self.intervals.index, *self.cascade.case.documents.index]
        raise UnknownNameError(f"'{name}' is neither a figure nor a document.{did_you_mean(name, known)}")


def _before_date(told: str) -> str:
    """Return the word that stands before a date in a sentence.

    Examples
    --------
    >>> [_before_date(told) for told in ("4 January 2014", "January 2014", "between 4 and 6 January 2014")]
    ['on ', 'in ', '']
    """
    if re.match(r"\d{1,2} ", told):
        return "on "
    return "in " if re.match(r"[A-Z]|\d{4}", told) else ""


def range_in_words(row: Mapping[str, object]) -> str:
    """Return a row of `woozle.measure.headline_intervals` in words; nothing where it has no value.

    Examples
    --------
    >>> range_in_words({"median": 153.6, "low": 134.4, "high": 177.6, "unit": "hours"})
    '6.4 days (90 %: 5.6 to 7.4)'
    >>> range_in_words({"median": 3.0, "low": 3.0, "high": 3.0, "unit": "hops"})
    '3 hops'
    >>> range_in_words({"median": 0.4, "low": -0.5, "high": 1.3, "unit": "hours"})
    '24 minutes (90 %: 30 minutes before to 78 after)'
    """
    median, low, high, unit = (row[name] for name in ("median", "low", "high", "unit"))
    if pd.isna(median):
        return ""
    ends = [plain_number(value) for value in (low, high)]
    if unit == "hours":
        unit, size = unit_of_time(median or max(high, -low))
        median, low, high = (value / size for value in (median, low, high))
        ends = [plain_number(abs(low)) + (f" {unit} before" if low < 0 < high else ""), plain_number(high)]
        ends[1] += " after" if low < 0 < high else ""
    one = f"{unit[:-3]}y" if unit.endswith("ies") else unit.removesuffix("s")
    unit = one if median == 1 else unit
    return f"{plain_number(median)} {unit}" + (f" (90 %: {ends[0]} to {ends[1]})" if low != high else "")


def counted(number: object, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    one, _, many = noun.partition("|")
    return f"{number} {one if number == 1 else many or one + 's'}"


def leads_of(cascade: Cascade) -> Mapping[str, Mapping[str, object]]:
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
    coded, free = (*case.fields, "accuracy", "stance"), ("wording", "note")
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

    An id without a line below is taken for one only behind a bracket: else it may be a word.
    """
    labels = case.documents["label"]
    return re.sub(_IDS, lambda word: labels.get(word[0], word[0]), note)


class Summary:
    """The first screen of a report: the claim, what is true, where it became false, and what it all rests on."""

    def __init__(self, study: Study, tell: Teller):
        self.rows = {
            "The claim": [Words(escape_markdown(study.claim)), what_counts(tell)],
            "What is true": _truth(study, tell),
            "Where it became false": where_false(tell),
            "What it rests on": what_it_rests_on(tell),
        }
        if tell.figures["perhaps"]:
            self.rows["Read as of"] = [_moment(tell)]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return joined(*self._lines())._repr_mimebundle_()

    def _lines(self) -> Iterator[Words]:
        for name, told in self.rows.items():
            sentences = [words for words in told if words.markdown]
            if sentences:
                yield joined(Words(f"**{name}.**"), *sentences, between=" ")


def joined(*parts: Words, between: str = "\n\n") -> Words:
    """Return several texts as one."""
    return Words(between.join(part.markdown for part in parts), between.join(part.marked for part in parts))


def _truth(study: Study, tell: Teller) -> list[Words]:
    if study.shown_by not in tell.cascade.here:
        return [Words(f"By {escape_markdown(tell.moment)} no document that shows it was out.")]
    surely = tell.cascade.documents.loc[study.shown_by, "exists"] == "surely"
    doubt = "" if surely else ", perhaps not out yet by then"
    shown = tell(f"(shown by {{{study.shown_by}.label}}, {{{study.shown_by}.days}}{doubt})")
    return [Words(escape_markdown(study.truth)), shown]


def what_counts(tell: Teller) -> Words:
    """Say how many documents repeat the story in any form, and how many of them in a false one."""
    if not tell.figures["carriers"]:
        return Words("")
    return tell(
        "{at_most}{carriers:document} told the story in some form. {false_ones}{unknown}",
        false_ones=tell.plain("{false} did so falsely.")
        if tell.figures["false"]
        else "None of them is shown to be false.",
        unknown=clause(
            tell.plain("{?inferred} Of {inferred}, the words are not known: they rely on one that told it.")
        ),
    )


def where_false(tell: Teller) -> list[Words]:
    """Say where the claim became false: from the start, at a hop, or nobody knows where; each with what is not sure."""
    if tell.figures["from_start"]:
        return [_from_start(tell)]
    origins = measure.false_origins(tell.cascade)
    if origins.empty:
        return [Words("Nothing that was out by then shows that it is false.")]
    told = [_turned(tell)] if tell.figures["turns"] == 1 else []
    largest = _largest(tell, origins)
    # A turn that nobody followed is not what the reader came for.
    told = [*largest, *told] if tell.figures["false_below"] == 1 else [*told, *largest]
    return [*told, *_candidates(tell)]


def _from_start(tell: Teller) -> Words:
    """Say that the claim was false from the start, and who said it first."""
    first = tell.figures["from_start"]
    others = [name for name in measure.false_from_start(tell.cascade) if name != first]
    through = tell.cascade.facts[first]["seen_in"]
    return tell(
        "False from the start: {from_start.label} said so on {from_start.days}, the earliest that we know of"
        + (f", as {{{through}.label}} has it." if through else ".")
        + (" Perhaps older, and false too: {others}." if others else ""),
        others=_labels(tell, others),
    )


def _turned(tell: Teller) -> Words:
    """Say at which hop the claim turned, and what changed there."""
    case = tell.cascade.case
    ledger = measure.drift(tell.cascade)
    ledger = ledger[ledger["document"] == tell.figures["turn"]]
    making = ledger[ledger["kind"].isin(TURNING)]
    rows = (making if len(making) else ledger)[["field", "from", "to"]].values.tolist()
    changed = [
        f"{case.field_title(name)} ({_code(case, name, old)} → {_code(case, name, new)})" for name, old, new in rows
    ]
    return tell(
        "It turned with {turn.label}, {turn.days}, which had it from {turn_parent.label}. {what}{below}",
        what=Words(escape_markdown(f"What changed: {'; '.join(changed)}.") + " " if changed else ""),
        below=_below(tell.figures["false_below"], tell.figures["false"]),
    )


def _code(case: Case, field: str, code: str) -> str:
    return case.term_title(field, code) or "not stated"


def _below(below: int, of: int) -> str:
    """Say how many false versions go back to one document."""
    if of == 1:
        return "It is the only false one."
    if below == 1:
        return "Nobody is known to have it from there."
    return f"{'All' if below == of else below} of the {of} false ones go back to it, itself counted."


def _largest(tell: Teller, origins: pd.DataFrame) -> list[Words]:
    """Say from where most false versions come, where that is not the turn."""
    first, row = str(origins.index[0]), origins.iloc[0]
    if first == tell.figures["turn"] or row["below"] == 1 or row["below"] <= tell.figures["false_below"]:
        return []
    source = f"took it from {{{row['parent']}.label}}" if row["parent"] else "names no source that we know"
    return [
        tell(
            f"Most false ones, {{below}} of {{of}}, go back to {{{first}.label}}, {{{first}.days}}, which {source}.",
            below=int(row["below"]),
            of=int(row["of"]),
        )
    ]


def _candidates(tell: Teller) -> list[Words]:
    """Say which others may have been the first false ones, each with its share of the draws."""
    roots, shares = measure.false_roots(tell.cascade), measure.first_false(tell.cascade)
    older = [name for name in roots.index if roots["before_turn"][name] == "yes"]
    told = []
    if older:
        told.append(
            tell(
                "{older} {had} it false before that; where {it} had it from, we do not know.",
                older=_labels(tell, older),
                had="had" if len(older) == 1 else "all had",
                it="it" if len(older) == 1 else "they",
            )
        )
    if len(shares) > 1:
        of = int(shares["of_draws"].iloc[0])
        each = [
            f"{tell.plain(f'{{{name}.label}}')}{'' if row['parent'] else ' (source not known)'} in {row['draws']}"
            for name, row in shares.iterrows()
        ]
        told.append(
            tell(
                "Which of {n} was the first false one, their dates leave open. Of {of} draws of possible dates, the "
                "first was {each}.",
                n=len(shares),
                of=f"{of:,}",
                each=listed_in_words(each),
            )
        )
    return told


def _labels(tell: Teller, names: Sequence[str]) -> str:
    return listed_in_words([str(tell.cascade.facts[name]["label"]) for name in names])


def clause(text: str) -> Words:
    """Return a text with a space before it, for a sentence that goes on with it; nothing for nothing."""
    return Words(f" {escape_markdown(text)}" if text else "")


def listed_in_words(words: Sequence[str]) -> str:
    """Return words as people list them.

    Examples
    --------
    >>> listed_in_words(["a", "b", "c"]), listed_in_words(["a"])
    ('a, b and c', 'a')
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _moment(tell: Teller) -> Words:
    return tell(
        "{moment}. Surely out by then: {surely:document}; perhaps: {perhaps} more. Figures count both, so they say "
        "what was out at most.",
        moment=tell.moment,
    )


def what_it_rests_on(tell: Teller) -> list[Words]:
    """Say to which root most can be traced, how much of that is guessed, and which doubtful hop would change it."""
    figures = tell.figures
    if not figures["carriers"]:
        return [Words("By then nobody had repeated it.")]
    if not figures["top_others"]:
        return [tell("Of {at_most}{carriers:document} none relies on another, as far as it is coded.")]
    wrong = _false_of(tell)
    told = [
        tell(
            ("Others" if figures["top_others"] == figures["others"] else "{top_others} of the others")
            + " with the claim ({at_most}{others:document}) can be traced to {top_root.label}"
            + (f" ({wrong} of them false)" if 0 < wrong < figures["top_others"] else "")
            + (f", if every link holds; {tell.interval_in_words('top_others')}" if tell.uncertain("top_others") else "")
            + "."
        )
    ]
    if figures["top_inferred"]:
        told.append(
            tell(
                "{top_inferred} of these only through what was not coded: an inferred link, or a document without a "
                "version."
            )
        )
    told += deciding(tell)
    if figures["roots"] > 1:
        apart = int(tell.intervals["value"]["effective_roots"])
        told.append(
            tell(
                "{roots} have it from no other document of the case"
                + ("; nobody else relied on {lone_roots} of them" if figures["lone_roots"] else "")
                + (
                    ". None is known to share a source with another."
                    if apart == figures["roots"]
                    else ". They may share a source that nobody coded: nothing shows that any two are independent."
                    if apart == 1
                    else ". Some may share a source that nobody coded; at least {apart} are independent."
                ),
                apart=apart,
            )
        )
    return told


def _false_of(tell: Teller) -> int:
    """Return how many of those that rest on the first root are false."""
    roots = measure.independent_roots(tell.cascade)["roots"]
    false = {document for document, version in false_versions(tell.cascade) if version == 1}
    root = tell.figures["top_root"]
    return sum(name in false and root in own for name, own in roots.items() if name != root)


def deciding(tell: Teller) -> list[Words]:
    """Say which doubtful hop alone decides on whom most rests."""
    found = measure.deciding_hops(tell.cascade)
    if found.empty:
        return []
    row = found.iloc[0]
    return [
        tell(
            f"Which root leads hangs on one link, held {{held}} probable. Without {{{row['cited']}.label}} → "
            f"{{{row['citing']}.label}}, {{{row['leader_then']}.label}} leads with {{then}}; with it, "
            f"{{{row['leader']}.label}} with {{now}}.",
            held=f"{row['confidence']:.0%}",
            then=int(row["leads_then"]),
            now=int(row["leads"]),
        )
        if row["kind"] != "missing"
        else tell(
            f"A link that nobody coded would change that. With {{{row['cited']}.label}} → {{{row['citing']}.label}}, "
            f"{{{row['leader_then']}.label}} would lead with {{then}}; without it, {{{row['leader']}.label}} leads "
            "with {now}.",
            then=int(row["leads_then"]),
            now=int(row["leads"]),
        )
    ]
