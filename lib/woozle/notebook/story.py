"""The head of a story and the claim hop by hop: plain HTML that reads in order, prints, and needs no script."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from typing import TYPE_CHECKING

from woozle import dates, measure
from woozle.errors import UnknownDocumentError, did_you_mean
from woozle.model.in_words import days_published, how_seen, when_published
from woozle.notebook.unfinished import TO_WRITE
from woozle.notebook.words import Teller, Words, evidence_link
from woozle.package.check import marked_parts
from woozle.package.schema import FIRST_HAND, UNKNOWN
from woozle.text import language_mark, language_of, visible

if TYPE_CHECKING:
    from woozle.model.cascade import Cascade
    from woozle.notebook.comparison import Comparison
    from woozle.notebook.study import Study


class Shown:
    """What a notebook shows as HTML, and in words where it can't."""

    def __init__(self, body: str, words: str):
        self.body, self.words = body, words

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        if not self.body:
            return {"text/plain": ""}
        style = (resources.files("woozle.notebook") / "template" / "story_in_notebook.css").read_text("utf-8")
        # The page of a report takes the style out, and has its own.
        shown = f'<style>\n{style}</style><div class="woozle-story">{self.body}</div>'
        return {"text/html": shown, "text/plain": self.words}


def opening(study: Study, tell: Teller | Comparison) -> Shown:
    """Return the head of a story: headline, standfirst, authors and date, and its tiles.

    Texts are those of `case.yaml` (or `comparison.yaml`), filled as `tell` fills them; a tile whose number is empty is
    left out. `tell` is a `Teller`, or a `Comparison`.
    """
    is_case = isinstance(tell, Teller)
    facts = [", ".join(study.authors), f"{study.date.day} {study.date:%B %Y}"]
    if is_case and tell.cascade.as_of != "latest":
        facts.append(f"numbers as of {tell.moment}, text written later")
    fill = tell if is_case else tell.tell
    headline = html.unescape(fill(study.headline or study.title).markdown)
    if headline.startswith("*"):  # nothing that it speaks of was out
        headline = study.title
    under = study.standfirst or study.truth
    standfirst = fill(under) if under else None
    tiles = [tile for tile in (_tile(fill, tile) for tile in study.tiles) if tile]
    links = any('class="fact"' in claims for claims in [standfirst.marked if standfirst else "", *tiles])
    facts += ["each underlined number leads to its evidence"] * (is_case or links)
    body = [f'<h1 class="headline">{html.escape(visible(headline))}</h1>']
    if standfirst and standfirst.marked and not standfirst.markdown.startswith("*"):
        body.append(f'<p class="standfirst">{standfirst.marked}</p>')
    if is_case and not any(TO_WRITE in text for text in (study.claim, study.truth)):
        claims = (("The claim", study.claim), ("What is true", study.truth))
        pairs = "".join(f"<div><dt>{name}</dt><dd>{html.escape(visible(text))}</dd></div>" for name, text in claims)
        body.append(f'<dl class="brief">{pairs}</dl>')
    body.append(f'<p class="byline">{html.escape(visible(" · ".join(facts)))}</p>')
    if tiles:
        body.append(f'<ul class="tiles">{"".join(tiles)}</ul>')
    words = "\n\n".join([headline, html.unescape(standfirst.markdown) if standfirst else "", *map(_plain, tiles)])
    return Shown("\n".join(body), words)


def _tile(fill: Callable[[str], Words], tile: Mapping[str, str]) -> str:
    number, means = fill(tile["number"]), fill(tile["means"])
    if not number.markdown or not means.markdown or number.markdown.startswith("*"):
        return ""
    tone = tile.get("tone", "plain")
    return f'<li class="tile {tone}"><b>{number.marked}</b> {means.marked}</li>'


def _plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def story(
    cascade: Cascade,
    path: Sequence[str] | None = None,
    between: Mapping[str, str] | None = None,
    correction: str = "",
) -> Shown:
    """Show the claim hop by hop: a card for each document, and what changed from the card above.

    Parameters
    ----------
    cascade
        The cascade. Documents that were not out by its moment are left out.
    path
        The documents, in order; by default those of `woozle.measure.story_path`.
    between
        A sentence before the card of a document, in place of the usual one; filled as `Teller` fills sentences.
    correction
        The correction at the end, where no path is given; by default the first.

    Raises
    ------
    UnknownDocumentError
        The case has no such document.

    Examples
    --------
    >>> import woozle
    >>> woozle.story(woozle.open("jang_dogs_2013").cascade(), ["pudelek"]).words.partition(" (")[0]
    'about 3 January 2014, Pudelek: “thrown into a cage with starved dogs”'
    """
    known = cascade.case.documents.index
    for name in [*(path or ()), *(between or ())]:
        if name not in known:
            raise UnknownDocumentError(f"There is no document '{name}' in this case.{did_you_mean(name, known)}")
    names = [name for name in path or measure.story_path(cascade, correction) if name in cascade.visible_ids]
    tell, turns = Teller(cascade), set(measure.turn(cascade).index)
    items, words, above = [], [], ""
    for name in names:
        card = _Card(cascade, name, above, name in turns)
        if above:
            sentence = tell((between or {}).get(name, "")) if (between or {}).get(name) else None
            line = sentence.marked if sentence and not sentence.markdown.startswith("*") else html.escape(card.how)
            sign = "×" if card.tone == "right" else "↓"
            items.append(f'<li class="between"><p><span class="sign">{sign}</span> {line}</p></li>')
        items.append(card.html())
        words.append(card.words())
        above = name if card.tone != "right" else above
    return Shown(f'<ol class="hops">{"".join(items)}</ol>' if items else "", "\n".join(words))


# How a claim passed from one document to the next, by the usual relations; of others the title is shown.
_PASSED = {
    "attributes": "says where it got this",
    "quotes": "quotes it",
    "reposts": "publishes the same text again",
    "republishes": "publishes the same text again",
    "translates": "translates it",
    "background": "mentions it further down",
    "presupposes": "takes it as given",
    "repeats": "says it again",
    "relays": "passes it on",
    "cites": "names it as its source",
    "links": "links to it",
    "replies": "replies to it",
}


# What people say for the fields that every case has, and for their barest terms.
_TITLES = {"said_by": "who says so", "modality": "told as", "certainty": "how sure"}
_TERMS = {("modality", "occurred"): "something that happened", ("modality", "none"): "no claim of its own"}


class _Card:
    """One document of a story: its words, and how they differ from those of the card above."""

    def __init__(self, cascade: Cascade, name: str, above: str, is_turn: bool):
        self.cascade, self.name, self.above, self.is_turn = cascade, name, above, is_turn
        self.case, self.facts = cascade.case, cascade.facts[name]
        self.lead = self.case.lead_facts.get(name, {})
        corrects = self.lead.get("stance") in self.case.correcting
        wrong = self.case.said_false.get((name, 1)) in cascade.visible_ids
        self.tone = "right" if corrects else "wrong" if wrong else "open"

    @property
    def how(self) -> str:
        """How the claim came from the card above, in words."""
        if self.tone == "right":
            spans = self.cascade.spans
            if not self.above or spans[self.name].earliest >= spans[self.above].latest:
                return "corrected"
            days = {days_published(self.cascade, name) for name in (self.name, self.above)}
            zones = "" if len(days) == 1 else " (their days are in different time zones)"
            return f"corrected, perhaps before the one above was out{zones}"
        hop = self.cascade.main_hops.get(self.name)
        if hop is None:
            return "we do not know where it got the claim"
        title = self.case.vocabularies["relation"].title(hop.relation)
        verb = _PASSED.get(hop.relation, f"how: {title}")
        way = ""
        if hop.cited != self.above:
            way = f", by way of {self.cascade.facts[hop.cited]['label']}"
        sure = " (we infer this link)" if self.cascade.is_inferred(hop) else ""
        return f"{verb}{way}{sure}"

    def said(self) -> str:
        """The words of the claim as HTML, in translation if there is one; what carries the change is marked."""
        text = self.lead.get("translation") or self.lead.get("wording", "")
        if not text:
            return f'<p class="said none">{html.escape(self._without_words())}</p>'
        shown = html.escape(visible(text))
        for part in marked_parts(self.lead.get("marked", "")):
            shown = shown.replace(html.escape(visible(part)), f"<mark>{html.escape(visible(part))}</mark>", 1)
        language = "" if self.lead.get("translation") else language_of(text, self.facts["language"])
        said = f'<p class="said"{language_mark(language)}>“{shown}”</p>'
        if self.lead.get("translation"):
            own = self.lead["wording"]
            language = language_of(own, self.facts["language"]) or self.facts["language"]
            said += f'<p class="original"{language_mark(language)}>{html.escape(visible(own))}</p>'
        return said

    def _without_words(self) -> str:
        """A sentence on a version whose words are not shown: why, and what is coded of it."""
        seen = (self.lead or self.facts)["seen"] in FIRST_HAND
        why = "Its words are not quoted here" if seen else "The words were not seen"
        if not self.lead:
            return f"{why}."
        slots = [
            (slot.title, self.case.term_title(slot.name, self.lead[slot.name]))
            for slot in self.case.slots
            if self.lead[slot.name]
        ]
        details = "; ".join(f"{title}: {value}" for title, value in slots[:3])
        others = "" if not details else f". {'It says' if seen else 'As others have it'}: {details}"
        return f"{why}{others}."

    def changed(self) -> list[tuple[str, str, str]]:
        """What differs from the card above: field, what it was (empty on the first card), what it became."""
        if self.tone == "right" or not self.lead:
            return []
        if not self.above:
            return [(name, "", self._word(name, self.lead[name])) for name in self.case.fields if self.lead[name]]
        before = self.case.codes.get(self.above, {}).get(1)
        if before is None:
            return []
        own = self.case.codes[self.name][1]
        whole = self.lead["seen"] in FIRST_HAND  # what words that are known in part do not say is no change
        pairs = zip(self.case.fields, before, own, strict=True)
        return [
            (name, self._word(name, old), self._word(name, new))
            for name, old, new in pairs
            if old is not None and new is not None and old != new and (new or whole)
        ]

    def _word(self, field: str, code: str) -> str:
        unsaid = "nobody" if field == "said_by" else "not stated"
        if (field, code) in _TERMS:
            return _TERMS[field, code]
        return self.case.term_title(field, code) or unsaid

    def html(self) -> str:
        """The card as an item of a list."""
        facts = self.facts
        kinds = [
            "" if facts["outlet_kind"] == UNKNOWN else self.case.term_title("outlet_kind", facts["outlet_kind"]),
            dates.country_name(facts["country"]),
        ]
        kind = html.escape(visible(", ".join(filter(None, kinds))))
        label = evidence_link(f"document-{self.name}", html.escape(visible(str(facts["label"]))))
        badge = ' <b class="badge">the turn</b>' if self.is_turn else ""
        seen = [how_seen(self.case, self.lead or facts), *(["our translation"] if self.lead.get("translation") else [])]
        changes = "".join(
            f"<div><dt>{html.escape(_TITLES.get(name) or self.case.field_title(name))}</dt><dd>"
            + (f"{html.escape(old)} → <b>{html.escape(new)}</b>" if old else html.escape(new))
            + "</dd></div>"
            for name, old, new in self.changed()
        )
        return (
            f'<li class="hop {self.tone}"><p class="dated">{html.escape(visible(self.when))}</p><div class="card">'
            f'<p class="who"><b>{label}</b> <span class="kind">{kind}</span>'
            f"{badge}</p>"
            f'{self.said()}<p class="seen">{html.escape(visible(" · ".join(seen)))}</p></div>'
            + (f'<dl class="changes">{changes}</dl>' if changes else "")
            + "</li>"
        )

    @property
    def when(self) -> str:
        """The day, and the time where it is known, as in the place of the outlet."""
        days, full = (words_of(self.cascade, self.name) for words_of in (days_published, when_published))
        exact = re.fullmatch(r"[^,]+, (\d\d:\d\d) \((.+)\)", full)
        return f"{days.removesuffix(' (UTC)')}, {exact[1]} ({exact[2]})" if exact else days

    def words(self) -> str:
        """The card in a line of plain text."""
        text = self.lead.get("translation") or self.lead.get("wording", "")
        changed = "; ".join(
            f"{_TITLES.get(name) or self.case.field_title(name)}: {f'{old} → ' if old else ''}{new}"
            for name, old, new in self.changed()
        )
        said = f"“{text}”" if text else self._without_words()
        return f"{self.when}, {self.facts['label']}: {said}" + (f" ({changed})" if changed else "")
