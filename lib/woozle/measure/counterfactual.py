"""What would have stopped it: which removal or early correction cuts off most?

Two questions: what cuts off the claim in any form, and what cuts off its false versions (`false=True`)? Suppose that a
document had it from a false document and from a true one. Without the false one it still has the claim, but not in the
false form.

These answers are structural, not causal: nobody knows what people would have written without the source they relied on.
A document that had another way to know is not cut off.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Collection, Iterable, Sequence
from itertools import chain, combinations, islice

import numpy as np
import pandas as pd

from woozle.description import Column, columns, described
from woozle.errors import ParameterError
from woozle.measure.flow import NONE, Flow, below, cut_off, cut_off_counts, flow_of
from woozle.measure.shape import tree_of
from woozle.measure.sourcing import single_points
from woozle.measure.turn import false_versions
from woozle.model.cascade import Cascade, read_moment

EXACT_SETS = 2_000_000  # up to so many sets are tried; beyond, the search is greedy
_CHUNK = 200_000


@described(
    "Cut off without some documents",
    "By document that is cut off",
    columns("document", "earliest", "latest", "language", "outlet_name"),
    limits="structural, not causal: they might have had it elsewhere",
)
def without(cascade: Cascade, documents: Iterable[str], false: bool = False) -> pd.DataFrame:
    """Return the documents that lose all their paths from the roots if these had not carried the claim.

    With `false`, those whose false version is cut off; see `woozle.measure.flow.cut_off`.

    Raises
    ------
    UnknownDocumentError
        One of them is not in the cascade.

    Examples
    --------
    Without Google News the newsletter still has the page; without the page neither has anything.

    >>> import woozle
    >>> cascade = woozle.open("ual_bankruptcy_2008").cascade()
    >>> list(without(cascade, ["google_news"]).index), list(without(cascade, ["sun_sentinel_page"]).index)
    ([], ['google_news', 'isa_summary'])
    """
    flow = flow_of(cascade)
    numbers = flow.number()
    removed = np.zeros((len(flow.names), 1), dtype=bool)
    for name in _several(cascade, documents):
        removed[numbers[name]] = True
    cut = cut_off(flow, removed, _false_of(cascade, flow) if false else None)[:, 0]
    gone = {name for name, lost in zip(flow.names, cut, strict=True) if lost}
    return cascade.documents.loc[[name for name in cascade.carriers if name in gone], _CUT_OFF]


_REMOVALS = columns(
    removed=Column("documents", "the documents that are removed"),
    cut_off=Column("count", "other documents that lose all paths, or their false version", "others cut off"),
    of=Column("count", "documents that carry the claim, or are false, and are not removed"),
    bound=Column("count", "k removals can't cut off more than this; missing with hops “all” and for false versions"),
    exact=Column("yes or no", "all sets were tried: nothing does better", "all sets tried"),
)
_SHOWN = ("removed", "cut_off", "of", "exact")


@described(
    "The best removals",
    "One row a best set: all of the smallest size that do equally well, at most 20",
    _REMOVALS,
    caption="The best removal of up to three documents below the roots, or of fewer if more would not help. A document "
    "that is cut off no longer has the claim in any form.",
    shown=_SHOWN,
    limits="structural, not causal. Up to two million sets all are tried; with more, documents are added greedily, "
    "which may miss the best set, so the bound shows how much better one could be",
)
def best_removals(
    cascade: Cascade, k: int = 1, roots: bool = False, keep: Iterable[str] = (), false: bool = False
) -> pd.DataFrame:
    """Return the at most k documents whose removal cuts off most others.

    All sets are tried where they are at most two million (k = 3 at 200 documents); beyond, the set grows greedily.
    Greedy removal has no guarantee on a graph where two documents must go together to cut off a third. But what is
    cut off in the graph is cut off in the tree of main parents as well, and there the best k removals are known: the
    k largest subtrees. That is the bound.

    Parameters
    ----------
    cascade
        The cascade.
    k
        How many documents to remove, at most.
    roots
        Whether roots may be removed; a rumour that is never started never spreads, so they are left out.
    keep
        Documents that may not be removed.
    false
        Whether to count only false versions; else the claim in any form.

    Raises
    ------
    ParameterError
        k is not a whole number above 0.
    UnknownDocumentError
        A document of `keep` is not in the cascade.

    Examples
    --------
    >>> import woozle
    >>> best_removals(woozle.open("ual_bankruptcy_2008").cascade())[["removed", "cut_off"]].values.tolist()
    [[('sun_sentinel_page',), 2]]
    """
    if not isinstance(k, int) or k < 1:
        raise ParameterError(f"k: {k!r} documents can't be removed. Give a whole number, 1 or higher.")
    flow, keep = flow_of(cascade), _several(cascade, keep)
    wrong = _false_of(cascade, flow) if false else None
    counted = flow.carries if wrong is None else wrong
    sets, cut, exact = best_sets(flow, k, {flow.number()[name] for name in keep}, roots, wrong)
    bound = _tree_bound(cascade, k, roots, set(keep)) if cascade.hops == "carrying" and not false else None
    rows = [
        [
            tuple(flow.names[place] for place in chosen),
            cut,
            sum(counted) - sum(counted[place] for place in chosen),
            bound,
            exact,
        ]
        for chosen in sets[:20]
    ]
    return pd.DataFrame(rows, columns=["removed", "cut_off", "of", "bound", "exact"])


@described(
    "The best removals, for false versions",
    "One row a best set: all of the smallest size that do equally well, at most 20",
    _REMOVALS,
    caption="The best removal for false versions alone: a document that is cut off has no source left for what is "
    "false in it, but may still have the claim in another form.",
    shown=_SHOWN,
    limits="structural, not causal: a document that had it from false sources and has none of them left counts, even "
    "where it still has another, true source",
)
def best_removals_false(cascade: Cascade, k: int = 1) -> pd.DataFrame:
    """Return the at most k documents whose removal cuts off most false versions.

    Examples
    --------
    >>> import woozle
    >>> best_removals_false(woozle.open("jang_dogs_2013").cascade())[["cut_off", "of"]].values.tolist()
    [[3, 3]]
    """
    return best_removals(cascade, k, false=True)


@described(
    "The best removals beside the single point",
    "One row a best set: all of the smallest size that do equally well, at most 20",
    _REMOVALS,
    caption="The best removal of up to three documents if the one that most others depend on stays.",
    shown=_SHOWN,
    limits="structural, not causal",
)
def best_removals_kept(cascade: Cascade, k: int = 1) -> pd.DataFrame:
    """Return the at most k documents whose removal cuts off most others, where the one on which most hangs stays.

    Examples
    --------
    >>> import woozle
    >>> cascade = woozle.open("jang_dogs_2013").cascade()
    >>> point = woozle.measure.headline(cascade).dominator
    >>> any(point in removed for removed in best_removals_kept(cascade, 2)["removed"])
    False
    """
    points = [name for name in single_points(cascade).index if name not in cascade.roots()]
    return best_removals(cascade, k, keep=points[:1])


def best_sets(
    flow: Flow, k: int, keep: Collection[int] = (), roots: bool = False, false: Sequence[bool] | None = None
) -> tuple[list[tuple[int, ...]], int, bool]:
    """Return the smallest sets of at most k documents that cut off most, how many, and whether all were tried.

    With `false`, only the false versions that are cut off count.

    Examples
    --------
    Two ways lead to d; only both together cut it off.

    >>> flow = Flow(("a", "b", "c", "d"), ((), (0,), (0,), (1, 2)), (True,) * 4)
    >>> best_sets(flow, 1), best_sets(flow, 2)
    (([], 0, True), ([(1, 2)], 1, True))
    """
    candidates = _candidates(flow, keep, roots)
    if _sets_of(len(candidates), k) > EXACT_SETS:
        return *_grow(flow, candidates, k, false), False
    return *_try_all(flow, candidates, k, false), True


def most_cut_off(flow: Flow, k: int, which: Sequence[Sequence[bool] | None]) -> list[int]:
    """Return how many documents `best_sets` cuts off, for several meanings of `false` at once: the counting is shared.

    Examples
    --------
    >>> flow = Flow(("a", "b", "c", "d"), ((), (0,), (0,), (1, 2)), (True,) * 4)
    >>> most_cut_off(flow, 2, [None, [False, True, False, True]])
    [1, 1]
    """
    candidates = _candidates(flow)
    if _sets_of(len(candidates), k) > min(EXACT_SETS, _CHUNK):
        return [best_sets(flow, k, false=false)[1] for false in which]
    sets, removed = _removals(flow, candidates, k)
    return [int(counts.max(initial=0)) for counts in cut_off_counts(flow, removed, len(sets), which)]


def _candidates(flow: Flow, keep: Collection[int] = (), roots: bool = False) -> tuple[int, ...]:
    """Return the documents whose removal can cut off others: they carry the claim, and others rely on them."""
    above = {parent for parents in flow.parents for parent in parents} - set(keep)
    return tuple(place for place in sorted(above) if (roots or flow.parents[place]) and flow.carries[place])


@described(
    "Cut off by a correction at a moment",
    "By document that is cut off",
    columns(
        "document",
        "earliest",
        "latest",
        surely=Column("yes or no", "it is cut off even if all documents of uncertain date came before the moment"),
    ),
    limits="its earlier readers pass it on all the same",
)
def corrected_at(cascade: Cascade, document: str, moment: pd.Timestamp | str, false: bool = False) -> pd.DataFrame:
    """Return the documents that would lose all their paths if nobody relied on this one any more from a moment on.

    The moment is a `Timestamp` with a zone, or as the parameter `as_of` of a cascade: a day means its end. With
    `false`, those that would lose their false version.

    Raises
    ------
    UnknownDocumentError
        The document is not in the cascade.
    ParameterError
        The moment can't be read.

    Examples
    --------
    >>> import woozle
    >>> cascade = woozle.open("dprk_troops_2024").cascade()
    >>> late = corrected_at(cascade, "pentagon_question", cascade.moment)
    >>> len(late)
    0
    """
    cascade.parents(document)  # raises where there is no such document
    if not isinstance(moment, pd.Timestamp) or moment.tzinfo is None:
        moment = read_moment(str(moment).replace(" ", "T"), cascade.clock)
    flow, times = flow_of(cascade), cascade.documents[["earliest", "latest"]]
    wrong = _false_of(cascade, flow) if false else None
    cut = {}
    for surely, end in ((False, "latest"), (True, "earliest")):
        late = set(times.index[times[end] > moment])
        cut[surely] = _cut_by_hops(flow, {(document, name) for name in late}, wrong)
    reached = times.loc[[name for name in cascade.carriers if name in cut[False]]]
    reached.insert(0, "surely", [name in cut[True] for name in reached.index])
    return reached


@described(
    "Corrected in time",
    "One row a moment at which it can change",
    columns(
        moment=Column("moment", "the moment from which on nobody relies on the document", "from"),
        hours=Column("hours", "since the document can have been out", "after it can have been out"),
        at_least=Column("count", "documents cut off, at least", "cut off, at least"),
        at_most=Column("count", "documents cut off, at most", "at most"),
        of=Column("count", "other documents with the claim"),
        false_at_least=Column("count", "false versions cut off, at least", "false ones, at least"),
        false_at_most=Column("count", "false versions cut off, at most", "at most "),
        false_of=Column("count", "other false versions", "of "),
    ),
    caption="How many documents would have been cut off if, from a moment on, nobody had relied on {document}.",
    shown=("moment", "hours", "at_least", "at_most", "of", "false_at_least", "false_at_most", "false_of"),
    limits="structural, not causal; its earlier readers pass it on all the same",
)
def early_correction_effect(cascade: Cascade, document: str) -> pd.DataFrame:
    """Return how many documents a correction of this one would have cut off, by when it came.

    Examples
    --------
    At once it would have cut off all that hangs on it, at the end nothing.

    >>> import woozle
    >>> found = early_correction_effect(woozle.open("jang_dogs_2013").cascade(), "wen_wei_po")
    >>> found[["at_least", "at_most"]].iloc[[0, -1]].values.tolist()
    [[7, 7], [0, 0]]
    """
    times = cascade.documents[["earliest", "latest"]]
    children = times.loc[list(cascade.children(document))]
    start = times.loc[document, "earliest"]
    others = sum(_false_of(cascade, flow_of(cascade))) - ((document, 1) in false_versions(cascade))
    rows = []
    for moment in pd.Index([start, *children["earliest"], *children["latest"]]).unique().sort_values():
        reached, wrong = (corrected_at(cascade, document, moment, false) for false in (False, True))
        counts = [int(reached["surely"].sum()), len(reached), len(cascade.carriers) - 1]
        counts += [int(wrong["surely"].sum()), len(wrong), others]
        rows.append([moment, (moment - start) / pd.Timedelta(hours=1), *counts])
    counted = ["at_least", "at_most", "of", "false_at_least", "false_at_most", "false_of"]
    return pd.DataFrame(rows, columns=["moment", "hours", *counted])


def _false_of(cascade: Cascade, flow: Flow) -> list[bool]:
    """Return which documents of a flow are false."""
    false = false_versions(cascade)
    return [(name, 1) in false for name in flow.names]


def _several(cascade: Cascade, documents: Iterable[str]) -> list[str]:
    """Return documents as a list, each of which is in the cascade; a single one may be given by its id alone."""
    names = [documents] if isinstance(documents, str) else list(documents)
    for name in names:
        cascade.parents(name)  # raises where there is no such document
    return names


_CUT_OFF = ["earliest", "latest", "language", "outlet_name"]


def _try_all(
    flow: Flow, candidates: tuple[int, ...], k: int, false: Sequence[bool] | None
) -> tuple[list[tuple[int, ...]], int]:
    """Return all smallest sets of at most k documents that cut off most, and how many they cut off."""
    best: list[tuple[int, ...]] = []
    most, parts = 0, math.ceil(_sets_of(len(candidates), k) / _CHUNK)
    for part in range(parts):
        sets, removed = _removals(flow, candidates, k, part)
        (counts,) = cut_off_counts(flow, removed, len(sets), [false])
        if counts.max() > most:
            best, most = [], int(counts.max())
        found = [sets[place] for place in np.flatnonzero(counts == most)] if most else []
        found = [tuple(candidates[number] for number in chosen) for chosen in found]
        best += [chosen for chosen in found if len(chosen) == len((best or found)[0])]  # the smallest come first
    return best, most


def _sets_of(candidates: int, k: int) -> int:
    """Return how many sets of at most k there are."""
    return sum(math.comb(candidates, size) for size in range(1, k + 1))


def _removals(
    flow: Flow, candidates: tuple[int, ...], k: int, part: int = 0
) -> tuple[list[tuple[int, ...]], np.ndarray]:
    """Return a part of all sets of at most k candidates, by their place, and what each takes away, packed."""
    made = _sets if _sets_of(len(candidates), k) <= _CHUNK else _sets.__wrapped__  # large ones would fill the memory
    sets, members = made(len(candidates), k, part)
    removed = np.zeros((len(flow.names), members.shape[1]), dtype=np.uint8)
    removed[list(candidates)] = members
    return sets, removed


@functools.lru_cache(maxsize=32)
def _sets(candidates: int, k: int, part: int) -> tuple[list[tuple[int, ...]], np.ndarray]:
    """Return a part of all sets of at most k numbers, the smallest first; and which number is in which, packed."""
    sizes = range(1, min(k, candidates) + 1)
    every = chain.from_iterable(combinations(range(candidates), size) for size in sizes)
    sets = list(islice(every, part * _CHUNK, (part + 1) * _CHUNK))
    members = np.zeros((candidates, len(sets)), dtype=bool)
    for place, chosen in enumerate(sets):
        members[list(chosen), place] = True
    return sets, np.packbits(members, axis=1)


def _grow(
    flow: Flow, candidates: Sequence[int], size: int, false: Sequence[bool] | None
) -> tuple[list[tuple[int, ...]], int]:
    """Return a set that takes in each step the document that cuts off most with those before."""
    chosen: tuple[int, ...] = ()
    cut = 0
    for _ in range(size):
        left = [place for place in candidates if place not in chosen]
        removed = np.zeros((len(flow.names), len(left)), dtype=bool)
        removed[list(chosen)] = True
        removed[left, np.arange(len(left))] = True
        counts = cut_off(flow, removed, false).sum(axis=0)
        if counts.max(initial=0) <= cut:
            break
        chosen, cut = (*chosen, left[int(counts.argmax())]), int(counts.max())
    return [chosen] if chosen else [], cut


def _tree_bound(cascade: Cascade, k: int, roots: bool, keep: set[str]) -> int:
    """Return how many documents the best removals cut off in the tree of main parents.

    In a tree, removing a document cuts off all that removing one below it would, so only the topmost count.
    """
    names, parent_of = tree_of(cascade)
    under = below(parent_of)
    topmost, covered = [], []
    for place, parent in enumerate(parent_of):
        removable = names[place] not in keep and (roots or parent != NONE)
        under_one = parent != NONE and covered[parent]
        covered.append(removable or under_one)
        if removable and not under_one:
            topmost.append(under[place])
    return sum(sorted(topmost, reverse=True)[:k])


def _cut_by_hops(flow: Flow, hops: set[tuple[str, str]], false: Sequence[bool] | None = None) -> set[str]:
    alive: list[bool] = []
    for place, (name, above) in enumerate(zip(flow.names, flow.parents, strict=True)):
        left = [p for p in above if alive[p] and (flow.names[p], name) not in hops]
        sources = [p for p in above if false[place] and false[p]] if false else []
        alive.append(bool(not above or left) and (not sources or bool(set(sources) & set(left))))
    counted = flow.carries if false is None else false
    return {name for name, lives, counts in zip(flow.names, alive, counted, strict=True) if counts and not lives}
