"""Where did the claim become false: from the start, at a hop, or by a source that nobody knows?"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from woozle import dates
from woozle.description import Column, columns, described
from woozle.measure.drift import TAKEN, TURNING, changes_into, main_path
from woozle.model.cascade import Cascade

_ORIGIN = ["parent", "relation", "basis", "below", "of", "may_be_first", "earliest", "latest", "inferred"]


def false_versions(cascade: Cascade) -> set[tuple[str, int]]:
    """Return the versions (document, number) that a document which can be out by then shows to be false."""
    return {version for version, basis in cascade.case.said_false.items() if basis in cascade.visible_ids}


def false_from_start(cascade: Cascade) -> tuple[str, ...]:
    """Return the documents with which the claim was false from the start; none where it became false on its way.

    They rely on no other document, are false, and may have been the first of all. Either all that may have been first
    are false, or no hop made the claim false later on. Such a case has no turn. What is not coded is not known to be
    false.

    Examples
    --------
    >>> import woozle
    >>> false_from_start(woozle.open("poland_missile_2022").cascade())
    ('us_official',)
    >>> false_from_start(woozle.open("dprk_troops_2024").cascade())
    ()
    """
    false = false_versions(cascade)
    first = _may_be_first(cascade, [name for name in cascade.carriers if name not in cascade.main_hops])
    wrong = [name for name in first if (name, 1) in false]
    if len(wrong) < len(first) and became_false(cascade):
        return ()
    return tuple(wrong)


_FALSE_BELOW = {
    "below": Column(
        "count", "false versions, itself one of them, on or below it along main parents", "false, it and below"
    ),
    "of": Column("count", "all false versions", "of all false"),
}


@described(
    "Where falsity came in",
    "By document, that with most false versions below it first",
    columns(
        "parent",
        "relation",
        "basis",
        "earliest",
        "latest",
        "inferred",
        document=Column("document", "the document that is false", "to"),
        may_be_first=Column("words", "yes: it surely was the first false version; perhaps; no", "the first"),
        **_FALSE_BELOW,
    ),
    caption="Where falsity came in: false versions whose known sources were not false, and how many false versions lie "
    "on or below each along main parents.",
    shown=("parent", "document", "relation", "days", "below", "of", "may_be_first"),
    limits="a source that nobody coded may stand before it",
)
def false_origins(cascade: Cascade) -> pd.DataFrame:
    """Return the false documents none of whose known sources is false.

    Either a hop made the claim false there, from a main parent that is not false; or no source of it is known.

    Examples
    --------
    >>> import woozle
    >>> found = false_origins(woozle.open("jang_dogs_2013").cascade())
    >>> found[["parent", "below", "of", "may_be_first"]].values.tolist()
    [['weibo_post', 4, 4, 'yes']]
    """
    false, hops = false_versions(cascade), cascade.main_hops
    all_false = [name for name in cascade.carriers if (name, 1) in false]
    names = _newly_false(cascade)
    first = _may_be_first(cascade, names)
    passing = [step for name in all_false for step in main_path(cascade, name)]
    rows = {
        name: {
            "parent": hops[name].cited if name in hops else "",
            "relation": hops[name].relation if name in hops else "",
            "basis": cascade.case.lead_facts[name]["basis"],
            "below": passing.count(name),
            "of": len(all_false),
            "may_be_first": ("yes" if len(first) == 1 else "perhaps") if name in first else "no",
            "earliest": cascade.spans[name].earliest,
            "latest": cascade.spans[name].latest,
            "inferred": name in hops and cascade.is_inferred(hops[name]),
        }
        for name in names
    }
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=_ORIGIN).rename_axis("document")
    return frame.sort_values("below", ascending=False, kind="stable")


@described(
    "The turn",
    "By document; all hops that may be the first where the order is unknown",
    columns(
        "parent",
        "relation",
        "basis",
        "earliest",
        "latest",
        "inferred",
        document=Column("document", "the document in which it is false", "to"),
        made_by=Column("list", "the kinds of drift on this hop that make a turn, or if none does, all", "made by"),
        before=Column("list", "those that make a turn, on the way from the root to the parent", "on the way there"),
        **_FALSE_BELOW,
    ),
    caption="The turn: the earliest hop from a version that is not false to a false one.",
    shown=("parent", "document", "relation", "when", "made_by", "basis"),
    limits="none where a case was false from the start; all that may be first where the order is open",
)
def turn(cascade: Cascade) -> pd.DataFrame:
    """Return the earliest main-parent hop from a version that is not false to a false one, and what made it.

    Where the order is unknown, all hops that may be the first; where there is none (false from the start, or not yet),
    an empty table. A version counts as false only once the document that shows it can have been out. A document with a
    source that is false took it from there: its hop is no turn. Kinds that make a turn: genre lost, date lost, new
    date, own word, told as a fact, upgraded source, dropped attribution.

    Examples
    --------
    >>> import woozle
    >>> turn(woozle.open("ual_bankruptcy_2008").cascade())[["parent", "made_by", "before"]].loc["isa_summary"].to_list()
    ['sun_sentinel_page', ('new date',), ('date lost',)]
    """
    origins = false_origins(cascade).drop(columns="may_be_first")
    first = [] if false_from_start(cascade) else _may_be_first(cascade, became_false(cascade))
    origins = origins.loc[[name for name in origins.index if name in first]]
    before = [_kinds(cascade, main_path(cascade, parent)) for parent in origins["parent"]]
    origins.insert(7, "made_by", [_kinds(cascade, [name]) for name in origins.index])
    origins.insert(8, "before", [tuple(kind for kind in kinds if kind in TURNING) for kinds in before])
    return origins


def became_false(cascade: Cascade) -> list[str]:
    """Return the documents that a hop made false: those of `false_origins` whose main parent has a coded version."""
    hops = cascade.main_hops
    return [name for name in _newly_false(cascade) if name in hops and hops[name].version]


def _newly_false(cascade: Cascade) -> list[str]:
    """Return the documents that are false and had that from no source that is known to be false."""
    false = false_versions(cascade)
    wrong = {document for document, _ in false}
    false_carriers = [name for name in cascade.carriers if (name, 1) in false]
    return [name for name in false_carriers if wrong.isdisjoint(hop.cited for hop in cascade.choices.get(name, []))]


@described(
    "False roots",
    "By document that is false and has no coded source",
    columns(
        "document",
        "earliest",
        "latest",
        before_turn=Column("words", "whether it was out before the turn: yes, no, unknown; missing without a turn"),
    ),
    limits="a source that nobody coded may stand before it",
)
def false_roots(cascade: Cascade) -> pd.DataFrame:
    """Return the documents that are false and have no coded source: no hop made them so, and they may be older.

    Examples
    --------
    >>> import woozle
    >>> false_roots(woozle.open("poland_missile_2022").cascade())["before_turn"].isna().to_dict()
    {'us_official': True}
    """
    roots = false_origins(cascade).query("parent == ''")[["earliest", "latest"]]
    turns = [cascade.spans[name] for name in turn(cascade).index]
    order = [{dates.before(cascade.spans[name], other) for other in turns} for name in roots.index]
    roots["before_turn"] = [(one.pop() if len(one) == 1 else "unknown") if turns else None for one in order]
    return roots


def _may_be_first(cascade: Cascade, names: Iterable[str]) -> list[str]:
    """Return the documents that may be the first: no other of these surely came before them. In the order given."""
    spans = {name: cascade.spans[name] for name in names}
    return [a for a in spans if not any(dates.before(spans[b], spans[a]) == "yes" for b in spans)]


def _kinds(cascade: Cascade, documents: Iterable[str]) -> tuple[str, ...]:
    """Return the kinds of drift on the main hops into these documents: those that make a turn, if any."""
    drifted = (change.kind for name in documents for change in changes_into(cascade, name) if change.kind != TAKEN)
    kinds = list(dict.fromkeys(drifted))
    return tuple([kind for kind in TURNING if kind in kinds] or kinds)
