"""The tables that every case shows alike: what they count, how they are called, and which columns they have.

Each is called with a `Teller`: `exhibits.corrections(tell)`. What else is given goes on to the measure, but for
`caption`, which takes the place of the usual one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from woozle import dates, measure
from woozle.cascade import Cascade
from woozle.report.tables import Table
from woozle.report.words import Teller, Words
from woozle.text import unit_of_time


@dataclass(frozen=True)
class Exhibit:
    """A table that is made for any case: of what, with which caption and columns.

    In the caption, `{actor}` is the actor of the case; all else is filled as `Teller` fills sentences.

    Examples
    --------
    >>> import woozle
    >>> tell = Teller(woozle.open("dprk_troops_2024").cascade())
    >>> print(Exhibit(measure.turn, "The turn.", ["parent", "document", "days"])(tell))
    The turn.
         from                                  to    published
    TV Chosun reporter’s question at the Pentagon 25 June 2024
    """

    of: Callable[..., pd.DataFrame]
    caption: str
    columns: Sequence[str] | Mapping[str, str]

    def __call__(self, tell: Teller, *facts: object, caption: str = "", **options: object) -> Table:
        """Return the table for a cascade."""
        words = tell.plain(caption or self.caption, actor=tell.cascade.case.actor)
        return Table(self.of(tell.cascade, *facts, **options), tell.cascade, words, self.columns)


# 1. Where did it start?
roots = Exhibit(
    measure.resting_on,
    "The roots: documents that the others can be traced to, and that have it from no other document of the case.",
    ["root", "days", "said_by", "modality", "seen", "others"],
)

# 2. What changed?
versions = Exhibit(
    lambda cascade: cascade.leads.loc[[name for name in cascade.carriers if name in cascade.leads.index]],
    "What each document with the claim says, where that is coded.",
    ["document", "days", "said_by", "modality", "certainty", "accuracy", "wording", "seen"],
)
turn = Exhibit(
    measure.turn,
    "The turn: the earliest hop from a version that is not false to a false one.",
    ["parent", "document", "relation", "when", "made_by", "basis"],
)
first_false = Exhibit(
    measure.first_false,
    "Which false version was the first: in how many draws of possible dates, and how many false versions lie on or "
    "below it by main parents. One without a source was false from the start, or had it from a document that nobody "
    "coded.",
    {
        "parent": "from",
        "document": "to",
        "draws": "first in draws",
        "of_draws": "of draws",
        "below": "false, it and below",
        "of": "of all false",
    },
)
false_origins = Exhibit(
    measure.false_origins,
    "Where falsity came in: false versions that no source had so, with how many false ones lie on or below each by "
    "main parents.",
    {
        "parent": "from",
        "document": "to",
        "relation": "how",
        "days": "published",
        "below": "false, it and below",
        "of": "of all false",
        "may_be_first": "the first",
    },
)
own_words = Exhibit(
    lambda cascade: measure.conversions(cascade).query("kind == 'own word'"),
    "Own word: hops at which the claim was put into the mouth of {actor}.",
    ["parent", "document", "relation", "when", "what"],
)
told_as_fact = Exhibit(
    lambda cascade: measure.conversions(cascade).query("kind == 'told as a fact'"),
    "Told as a fact: hops at which the claim came to be told as done, and not as the word of {actor}.",
    ["parent", "document", "relation", "when", "what"],
)
contradictions = Exhibit(
    measure.contradictions, "Documents of which two versions differ.", ["document", "field", "lead", "other"]
)
upgraded_sources = Exhibit(
    lambda cascade: measure.drift(cascade).query("kind == 'upgraded source'"),
    "Upgraded sources: the class of who is said to have said it rises (unnamed, person, outlet, institution, state). "
    "To name what one has read is one of these, and no reproach.",
    ["parent", "document", "from", "to", "relation", "days"],
)
drift_ledger = Exhibit(
    measure.drift_ledger,
    "The drift ledger: every code that differs along a main-parent hop. What another source of the document has so was "
    "taken from it, and is no drift.",
    {
        "parent": "from",
        "document": "to",
        "field": "field",
        "from": "was",
        "to": "became",
        "kind": "kind",
        "source": "taken from",
        "to_wording": "in its words",
    },
)
laundering_chains = Exhibit(
    measure.laundering_chains,
    "Laundering chains: along these paths the class of the source rises twice or more.",
    ["document", "path", "said_by"],
)
hop_hazard = Exhibit(
    measure.hop_hazard,
    "The same with each hop counted once, however many documents lie behind it: hops that changed a field which had "
    "lasted till then.",
    {
        "field": "field",
        "hops": "hop",
        "changed": "changed",
        "of": "of",
        "share_low": "share, at least",
        "share_high": "share, at most",
    },
)
hop_changes = Exhibit(
    measure.hop_changes,
    "Which kind of hop changes the claim. The share has an exact interval; counts are small, and most kinds can't be "
    "told apart.",
    ["relation", "changed", "of", "share_low", "share_high", "fields", "lost"],
)
losses = Exhibit(
    measure.losses,
    "Where something that was told is told no more, and how many documents lie below on main paths.",
    ["parent", "document", "field", "kind", "relation", "below"],
)

# 3. On how many independent sources does it rest?
root_origins = Exhibit(
    measure.root_origins,
    "Where the roots had it from. One whose source is not known may rest on what was out before: the nearest such "
    "document on codes.",
    ["root", "speaks", "why", "may_rest_on", "differs"],
)
circular_reports = Exhibit(
    measure.circular_reports,
    "Apparent second sources, with both ways from the document in which they meet.",
    ["document", "path_first", "path_second", "inferred"],
)
phantom_sources = Exhibit(
    measure.phantom_sources,
    "Phantom sources: who is credited with the claim without having made it, as far as documents of this case show. "
    "Where the source is empty, there is no such document.",
    ["said_by", "source", "document", "relation", "modality"],
)
borrowed_authority = Exhibit(
    measure.borrowed_authority,
    "Borrowed authority: who relies on a reaction that does not confirm the claim, and what each makes of it.",
    ["source", "document", "said_by", "modality", "beyond", "elsewhere"],
)
citation_distortions = Exhibit(
    measure.citation_distortions,
    "What Greenberg (2009) measured on citations among papers, fitted to news. In the place of papers with data stand "
    "documents that speak for themselves, which does not make them right. For amplification, the count is of documents "
    "that repeat, and what it is of, those that speak for themselves.",
    {
        "measure": "measure",
        "count": "count",
        "of": "of",
        "share_low": "share, at least",
        "share_high": "share, at most",
        "inferred": "of these inferred",
    },
)
dead_ends = Exhibit(
    measure.dead_ends,
    "Dead ends: documents with the claim cite these, which do not state it. To quote one for what it does say is no "
    "fault.",
    ["document", "cited", "relation", "evidence"],
)
inventions = Exhibit(
    measure.inventions,
    "Inventions: citations that credit the cited document with what it does not say.",
    ["document", "cited", "relation", "evidence"],
)


def _dominators(cascade: Cascade) -> pd.DataFrame:
    found = measure.immediate_dominators(cascade).query("dominated > 0")
    return found.sort_values("dominated", ascending=False, kind="stable")


dominators = Exhibit(
    _dominators,
    "Single points: every path from the roots to so many other documents passes through this one.",
    ["document", "dominated", "dominator"],
)

# 4. How far and how fast?
speed = Exhibit(
    lambda cascade, every=1: measure.speed(cascade).iloc[::every],
    "When so many documents with the claim were out: between which times, and how long after the first.",
    {
        "n": "documents",
        "earliest": "not before",
        "latest": "not after",
        "earliest_h": "after the first, at least",
        "latest_h": "after the first, at most",
    },
)
shape = Exhibit(
    measure.shape,
    "The shape of each tree of main parents. Structural virality is the mean distance of two documents, in hops (Goel "
    "and others, 2015).",
    ["root", "size", "depth", "max_breadth", "structural_virality", "inferred"],
)
shape_by_sampled_parents = Exhibit(
    measure.shape_by_sampled_parents,
    "What hangs on the rule for main parents: the largest tree by the rule, and where each document takes any of its "
    "sources as parent.",
    ["figure", "by_rule", "median", "low", "high"],
)
size_alone = Exhibit(
    lambda cascade: measure.size_alone(measure.shape(cascade)["size"].head(1).to_list()),
    "What size alone would do: trees of the same size in which each document takes it from any earlier one (after Juul "
    "and Ugander, 2021).",
    {"figure": "figure", "median": "median", "low": "low", "high": "high"},
)

# 5. When did corrections come?
corrections = Exhibit(
    measure.corrections,
    "Corrections, by the earliest time at which they can have come; overlapping times leave their order open.",
    ["document", "stance", "when", "surely_before", "perhaps_before", "of", "repost", "may_be_first"],
)
non_confirmations = Exhibit(
    measure.non_confirmations,
    "Documents that neither confirm nor correct.",
    ["document", "stance", "when", "surely_before", "perhaps_before", "of"],
)
correction_by_language = Exhibit(
    measure.correction_by_language,
    "In which languages it was carried, and corrected; how many came after the first correction in their language.",
    ["language", "carriers", "corrections", "non_confirmations", "surely_after", "perhaps_after"],
)
correction_lag = Exhibit(
    measure.correction_lag,
    "From each document to the first correction; with a minus: the correction was out so long before it.",
    ["document", "when", "lag_low_h", "lag_high_h", "own_when", "own_low_h", "own_high_h"],
)
flawed_answers = Exhibit(
    measure.flawed_answers,
    "Corrections and doubts that are at fault themselves, or repeat another's correction.",
    {"document": "document", "stance": "stance", "fault": "what is to be said", "of": "of", "note": "note"},
)
uncoded_answers = Exhibit(
    measure.uncoded_answers,
    "Documents without a coded version that rely on a correction, and may pass it on.",
    ["document", "days", "cited", "relation", "evidence"],
)
stations = Exhibit(
    measure.stations,
    "The stations that the fact-check names.",
    {
        "document": "station",
        "days": "published",
        "evidence": "the fact-check says",
        "parent": "took it from",
        "modality": "how real",
        "accuracy": "accuracy",
    },
)

# 6. What would have stopped it?
best_removals = Exhibit(
    measure.best_removals,
    "The best removal of up to three documents below the roots; a smaller set stands here where more would not help. "
    "What it cuts off no longer has the claim in any form.",
    ["removed", "cut_off", "of", "exact"],
)
best_removals_false = Exhibit(
    lambda cascade, k=3, **options: measure.best_removals(cascade, k, false=True, **options),
    "The same for false versions alone: what it cuts off has no source left for what is false in it, and may still "
    "have the claim in another form.",
    ["removed", "cut_off", "of", "exact"],
)


def best_removals_kept(tell: Teller, k: int = 3) -> Table:
    """Return the best removal where the document on which most hangs stands."""
    keep = [name for name in [tell.figures["dominator"]] if name]
    return best_removals(
        tell, k, keep=keep, caption="The best removal of up to three, if the document on which most hangs stands."
    )


# 7. What could a reader know by then?
def _events(cascade: Cascade, known: bool) -> pd.DataFrame:
    found = cascade.events[cascade.events["known"] == known].sort_values(["earliest", "latest"], kind="stable")
    return found.assign(day=[dates.in_words(date) for date in found["date"]])


known_events = Exhibit(
    lambda cascade: _events(cascade, known=True), "What had happened by then.", ["day", "event", "seen"]
)
later_events = Exhibit(
    lambda cascade: _events(cascade, known=False),
    "What came later, and could not be known.",
    ["day", "event", "seen"],
)

# 8. What is not known?
doubtful_hops = Exhibit(
    lambda cascade: measure.doubtful_hops(cascade).assign(share=lambda found: found["confidence"]),
    "Hops that are missing or in doubt: how many roots there would be with the missing one, or without the doubtful "
    "one, and how many documents would change theirs.",
    {
        "kind": "kind",
        "share": "confidence",
        "cited": "from",
        "citing": "to",
        "roots": "roots",
        "roots_then": "roots then",
        "documents": "documents",
        "leader_then": "most rest then on",
    },
)
perhaps_carriers = Exhibit(
    measure.perhaps_carriers,
    "Documents without a coded version that rely on one with the claim, and are not counted.",
    ["document", "cited", "relation", "evidence"],
)
second_hand = Exhibit(
    lambda cascade: cascade.documents.query("second_hand"),
    "Documents whose page was not seen.",
    ["document", "when", "coded", "seen", "seen_note"],
)
inferred_hops = Exhibit(
    lambda cascade: cascade.citations.query("inferred"),
    "Inferred hops: an end has no coded version, or the citation itself is inferred.",
    ["cited", "citing", "relation", "evidence", "seen"],
)
agreement = Exhibit(
    lambda cascade: measure.agreement(cascade.case),
    "Agreement of coders, field by field (Krippendorff's alpha).",
    ["field", "alpha", "low", "high", "versions", "disagreements"],
)

proposals = Exhibit(
    lambda cascade, proposed: proposed.assign(
        cited=proposed["cited"].replace("", "no source in this collection"), share=proposed["probability"]
    ),
    "Proposed sources, with what speaks most for each.",
    {"citing": "document", "cited": "perhaps from", "share": "probability", "reason": "why"},
)
believed = Exhibit(
    lambda cascade, believed: in_units_for_people(believed.query("moves")).reset_index(drop=True),
    "Headline figures that would change if the proposals were believed, each as far as its probability goes (median "
    "and middle nine tenths of draws); those whose draws differ by more than chance.",
    {
        "title": "figure",
        "median": "as coded",
        "low": "low",
        "high": "high",
        "then_median": "if believed",
        "then_low": "low then",
        "then_high": "high then",
        "unit": "unit",
    },
)


def story(tell: Teller, slots: Sequence[str] = (), document: str | None = None) -> Table:
    """Return the claim on the way from its root to a document, by default that of `woozle.measure.farthest`."""
    columns = ["document", "relation", "said_by", "modality", *slots, "changed"]
    found = measure.story(tell.cascade, *((document,) if document else ()))
    end = tell.cascade.documents["label"].get(document or measure.farthest(tell.cascade), "its end")
    return Table(found, tell.cascade, f"The story of the claim on the way to {end}.", columns)


def in_time(tell: Teller, document: str) -> Table | Words:
    """Return what would have been cut off if nobody had relied on a document any more, from each moment on."""
    if document not in tell.cascade.carriers:
        return Words("")
    label = tell.cascade.documents["label"][document]
    caption = f"Documents cut off if nobody had relied any more, from a moment on, on: {label}."
    columns = {"moment": "from", "hours": "after it can have been out", "at_least": "cut off, at least"}
    columns |= {"at_most": "at most", "of": "of"}
    columns |= {"false_at_least": "false ones, at least", "false_at_most": "at most ", "false_of": "of "}
    return Table(measure.in_time(tell.cascade, document), tell.cascade, caption, columns)


def headline_figures(tell: Teller) -> Table:
    """Return all headline figures with what is uncertain in them."""
    caption = (
        "All headline figures: with all documents and hops, also those that are uncertain; in draws of dates and of "
        "what is inferred (median, and the middle nine tenths); what moves a figure most; what is left without "
        "inferred hops, and without citations seen at second hand."
    )
    columns = {"title": "figure", "value": "all counted", "of": "of", "median": "median", "low": "low", "high": "high"}
    columns |= {"unit": "unit", "driver": "moved by", "coded_only": "without inferred hops"}
    return Table(
        in_units_for_people(tell.intervals), tell.cascade, caption, columns | {"seen_only": "without second hand"}
    )


_NUMBERS = ("value", "median", "low", "high", "then_median", "then_low", "then_high")


def in_units_for_people(intervals: pd.DataFrame) -> pd.DataFrame:
    """Return figures with their hours turned into the unit that people would take."""
    found = intervals.copy()
    for name in found.index[found["unit"] == "hours"]:
        most = found.loc[name, ["low", "median", "high"]].abs().max()
        if pd.notna(most):
            unit, size = unit_of_time(most)
            numbers = [column for column in _NUMBERS if column in found]
            found.loc[name, numbers] = found.loc[name, numbers].astype(float) / size
            found.loc[name, "unit"] = unit
    return found
