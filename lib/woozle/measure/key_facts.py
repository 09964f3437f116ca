"""The figures that a report opens with, and the stations that a correction names."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from woozle.description import Column, columns, described
from woozle.errors import UnknownDocumentError, did_you_mean
from woozle.measure.correction import non_confirmations
from woozle.measure.headline import states_of
from woozle.measure.sourcing import immediate_dominators, resting_on
from woozle.measure.turn import false_from_start, turn
from woozle.model.cascade import Cascade


@dataclass(frozen=True)
class Headline:
    """Figures of a cascade, for sentences.

    Attributes
    ----------
    documents, surely, perhaps : int
        All documents by then, those surely and those only perhaps published.
    carriers, coded, inferred : int
        Documents that carry the claim; those of them with a coded version, and those without one.
    others : int
        Documents that carry the claim, less one: the others, from the point of view of any one of them.
    citations, carrying_hops, inferred_hops, second_hand : int
        Citations, hops along which the claim passed, those of them inferred, documents whose page was not seen.
    roots, lone_roots : int
        Roots among the documents that carry the claim, and those on which no other rests.
    top_root : str
        The root on which most others rest (id).
    top_others, top_only, top_inferred : int
        Documents that rest on it, on it alone, only through inferred hops; itself not counted.
    false, false_below : int
        Documents that are false; those of them on or below the turn along main parents (0 where there is no one turn).
    hops_compared, hops_changed, own_words, told_as_fact, upgrades : int
        Main-parent hops with codes at both ends; those where any code drifted; those at which the claim became the
        actor's own word, or was told as a fact; upgraded sources.
    turn, turn_parent : str
        The document of the turn and its parent (ids); empty where there is none or the order is unknown.
    turns : int
        Hops that may be the turn.
    from_start : str
        Where the claim is false from the start, the document that was first (id; of several, the earliest); else empty.
    dominator : str
        The document that dominates most others (id), and `dominated` how many; roots are left out.
    corrections, non_confirmations : int
        Documents that correct; documents that neither confirm nor correct.
    outlets, false_outlets : int
        Outlets that published the claim in any form, and in a false one; an official or an account is none.
    countries, languages : int
        Of the documents that carry the claim.
    """

    documents: int
    surely: int
    perhaps: int
    carriers: int
    others: int
    coded: int
    inferred: int
    citations: int
    carrying_hops: int
    inferred_hops: int
    second_hand: int
    roots: int
    lone_roots: int
    top_root: str
    top_others: int
    top_only: int
    top_inferred: int
    hops_compared: int
    hops_changed: int
    own_words: int
    told_as_fact: int
    upgrades: int
    false: int
    false_below: int
    turn: str
    turn_parent: str
    turns: int
    from_start: str
    dominator: str
    dominated: int
    corrections: int
    non_confirmations: int
    outlets: int
    false_outlets: int
    countries: int
    languages: int


def headline(cascade: Cascade) -> Headline:
    """Return the headline figures of a cascade.

    Examples
    --------
    >>> import woozle
    >>> found = headline(woozle.open("dprk_troops_2024").cascade())
    >>> found.carriers, found.top_root, found.top_others, found.turn
    (46, 'rok_official', 42, 'pentagon_question')
    """
    documents, citations = cascade.documents, cascade.citations
    counted = states_of(cascade).as_coded()
    carrying = citations[citations["carrying"]].drop_duplicates(["citing", "cited"])
    resting, turns, start = resting_on(cascade), turn(cascade), false_from_start(cascade)
    below = immediate_dominators(cascade)
    inner = below[~below.index.isin(cascade.roots())].sort_values("dominated", ascending=False, kind="stable")
    top = resting.iloc[0] if len(resting) else {"only": 0, "inferred": 0}
    one_turn = len(turns) == 1
    return Headline(
        **{name: int(counted[name]) for name in _COUNTED},
        surely=int((documents["exists"] == "surely").sum()),
        perhaps=int((documents["exists"] == "perhaps").sum()),
        inferred=int(counted["carriers"] - counted["coded"]),
        citations=len(citations),
        carrying_hops=len(carrying),
        inferred_hops=int(carrying["inferred"].sum()),
        second_hand=int(documents["second_hand"].sum()),
        lone_roots=int((resting["others"] == 0).sum()),
        top_root=str(resting.index[0]) if len(resting) else "",
        top_only=int(top["only"]),
        top_inferred=int(top["inferred"]),
        false_below=int(turns["below"].iloc[0]) if one_turn else 0,
        turn=str(turns.index[0]) if one_turn else "",
        turn_parent=str(turns["parent"].iloc[0]) if one_turn else "",
        turns=len(turns),
        from_start=min(start, key=lambda name: cascade.spans[name], default=""),
        dominator=str(inner.index[0]) if len(inner) else "",
        non_confirmations=len(non_confirmations(cascade)),
    )


# What `States` counts in the coded state as in every draw: one engine for all headline figures.
_COUNTED = (
    "documents", "carriers", "others", "coded", "roots", "top_others", "hops_compared", "hops_changed", "own_words",
    "told_as_fact", "upgrades", "false", "dominated", "corrections", "outlets", "false_outlets", "countries",
    "languages",
)  # fmt: skip


@described(
    "Stations",
    "By document that the correction names, in order of time; empty if the correction was not out by then",
    columns(
        "stance",
        "said_by",
        "modality",
        "accuracy",
        "relation",
        "earliest",
        "latest",
        document=Column("document", "the station", "station"),
        evidence=Column("words", "what the correction says of it", "the fact-check says"),
        parent=Column("document", "its main parent, or else the first document that it cites", "took it from"),
    ),
    caption="The stations that the fact-check names.",
    shown=("document", "days", "evidence", "parent", "modality", "accuracy"),
)
def stations(cascade: Cascade, correction: str) -> pd.DataFrame:
    """Return the documents that a correction names on the claim's way, with what the case codes for each.

    Raises
    ------
    UnknownDocumentError
        The case has no such document.
    """
    known = cascade.case.documents.index
    if correction not in known:
        raise UnknownDocumentError(
            f"There is no document '{correction}' in this case.{did_you_mean(correction, known)}"
        )
    citations = cascade.citations
    named = citations[citations["citing"] == correction].set_index("cited")[["relation", "evidence"]]
    table = named.join(cascade.leads[["stance", "said_by", "modality", "accuracy"]])
    table = table.join(cascade.documents[["earliest", "latest"]])
    first_cited = citations.drop_duplicates("citing").set_index("citing")["cited"]
    parents = cascade.main_parents["parent"].combine_first(first_cited)
    table["parent"] = parents.reindex(table.index).fillna("")
    return table.sort_values(["earliest", "latest"], kind="stable").rename_axis("document")
