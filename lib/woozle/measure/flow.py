"""The hops of a cascade as plain numbers, and the counts on them that all measures share.

Documents are numbered so that each comes after all that it relies on; a set of documents is a whole number whose bit
`i` stands for document `i`. That is small and fast enough to count a cascade thousands of times.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from woozle.model.cascade import Cascade

NONE = -1  # no document


@dataclass(frozen=True)
class Flow:
    """Documents and what each relies on.

    Attributes
    ----------
    names : tuple of str
        The documents; each comes after all that it relies on, else in the order of the package.
    parents : tuple of tuple of int
        For each document the numbers of those that it relies on.
    carries : tuple of bool
        For each document whether it carries the claim.
    """

    names: tuple[str, ...]
    parents: tuple[tuple[int, ...], ...]
    carries: tuple[bool, ...]

    def number(self) -> dict[str, int]:
        """Return the number of each document."""
        return {name: place for place, name in enumerate(self.names)}

    def members(self, bits: int) -> list[str]:
        """Return the documents of a set."""
        return [self.names[place] for place in places(bits)]


def flow_of(cascade: Cascade, without: Collection[tuple[str, str]] = ()) -> Flow:
    """Return the documents and hops of a cascade that count, except the hops in `without` (pairs cited, citing).

    A document that carries the claim only because a hop leads into it drops out with its last hop.

    Examples
    --------
    >>> import woozle
    >>> flow = flow_of(woozle.open("dprk_troops_2024").cascade())
    >>> len(flow.names), flow.names[0], flow.parents[1]
    (46, 'rok_official', (0,))
    """
    graph, how = cascade.graph, cascade.documents["carries"]
    order = {name: place for place, name in enumerate(how.index)}
    waiting = {name: graph.in_degree(name) for name in graph}
    ready = [order[name] for name, left in waiting.items() if not left]
    heapq.heapify(ready)
    names, parents = [], []
    numbers: dict[str, int] = {}
    listed = list(order)
    while ready:
        name = listed[heapq.heappop(ready)]
        kept = [numbers[p] for p in graph.predecessors(name) if p in numbers and (p, name) not in without]
        if kept or how[name] != "inferred":
            numbers[name] = len(names)
            names.append(name)
            parents.append(tuple(sorted(kept)))
        for child in graph.successors(name):
            waiting[child] -= 1
            if not waiting[child]:
                heapq.heappush(ready, order[child])
    return Flow(tuple(names), tuple(parents), tuple(bool(how[name] != "no") for name in names))


def places(bits: int) -> Iterable[int]:
    """Return the numbers in a set.

    Examples
    --------
    >>> list(places(0b1010))
    [1, 3]
    """
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def root_sets(parents: Sequence[Sequence[int]]) -> list[int]:
    """Return for each document the set of roots that it can be traced to; a root has itself.

    Examples
    --------
    >>> root_sets([(), (), (0, 1), (2,)])
    [1, 2, 3, 3]
    """
    sets: list[int] = []
    for place, above in enumerate(parents):
        bits = 0 if above else 1 << place
        for parent in above:
            bits |= sets[parent]
        sets.append(bits)
    return sets


def ancestor_sets(parents: Sequence[Sequence[int]]) -> list[int]:
    """Return for each document the set of all that it rests on, itself not included.

    Examples
    --------
    >>> ancestor_sets([(), (0,), (1,)])
    [0, 1, 3]
    """
    sets: list[int] = []
    for above in parents:
        bits = 0
        for parent in above:
            bits |= sets[parent] | 1 << parent
        sets.append(bits)
    return sets


def dominators(parents: Sequence[Sequence[int]]) -> list[int]:
    """Return the immediate dominator of each document: the nearest that every path from the roots passes.

    The algorithm of Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001): one pass is enough where
    documents come after what they rely on. `NONE` where no single document dominates.

    Examples
    --------
    >>> dominators([(), (0,), (0,), (1, 2), (3,)])
    [-1, 0, 0, 0, 3]
    """
    nearest: list[int] = []
    for above in parents:
        common = above[0] if above else NONE
        for other in above[1:]:
            while common != other:
                if common > other:
                    common = nearest[common]
                else:
                    other = nearest[other]
        nearest.append(common)
    return nearest


def below(parent_of: Sequence[int], counts: Sequence[int] | None = None) -> list[int]:
    """Return for each node of a forest how many nodes lie below it, itself not included.

    `parent_of` has each node's parent (a smaller number, or `NONE`); `counts` says what each node counts (1 each).

    Examples
    --------
    >>> below([-1, 0, 0, 1])
    [3, 1, 0, 0]
    """
    own = [1] * len(parent_of) if counts is None else list(counts)
    total = [0] * len(parent_of)
    for place in range(len(parent_of) - 1, -1, -1):
        parent = parent_of[place]
        if parent != NONE:
            total[parent] += total[place] + own[place]
    return total


def cut_off(flow: Flow, removed: np.ndarray, false: Sequence[bool] | None = None) -> np.ndarray:
    """Return which documents lose all their paths from the roots, for many removals at once.

    Parameters
    ----------
    flow
        The documents and hops.
    removed
        Boolean, documents × removals: what each removal takes away.
    false
        Which documents are false. If given, the result marks those whose false version is cut off: either no path is
        left to them, or they relied on false documents and none of these is left.

    Returns
    -------
    ndarray
        Boolean, documents × removals: carries the claim, is not itself removed, and no path is left to it.

    Examples
    --------
    Without b, c still has the claim from a. But what is false in it came from b.

    >>> flow = Flow(("a", "b", "c"), ((), (0,), (0, 1)), (True,) * 3)
    >>> removed = np.array([[0, 1, 0]], dtype=bool).T
    >>> cut_off(flow, removed)[:, 0].tolist(), cut_off(flow, removed, [False, True, True])[:, 0].tolist()
    ([False, False, False], [False, False, True])
    """
    packed = np.packbits(removed, axis=1)
    gone = _gone(flow, packed, _reached(flow, packed), false)
    return np.unpackbits(gone, axis=1, count=removed.shape[1]).astype(bool)


def cut_off_counts(
    flow: Flow, removed: np.ndarray, removals: int, which: Sequence[Sequence[bool] | None]
) -> list[np.ndarray]:
    """Return how many documents each removal cuts off, for several meanings of `false` in `cut_off` at once.

    `removed` is packed along its second axis, as `numpy.packbits` does; `removals` says how many there are.

    Examples
    --------
    >>> flow = Flow(("a", "b", "c"), ((), (0,), (0, 1)), (True,) * 3)
    >>> packed = np.packbits(np.array([[0, 1, 0], [1, 0, 0]], dtype=bool).T, axis=1)
    >>> [counts.tolist() for counts in cut_off_counts(flow, packed, 2, [None, [False, True, True]])]
    [[0, 2], [1, 2]]
    """
    reached = _reached(flow, removed)
    gone = (_gone(flow, removed, reached, false) for false in which)
    return [np.unpackbits(bits, axis=1, count=removals).sum(axis=0, dtype=np.int32) for bits in gone]


def _reached(flow: Flow, removed: np.ndarray) -> np.ndarray:
    """Return which documents still have the claim in some form, for packed removals."""
    alive = np.zeros_like(removed)
    stands = ~removed
    for place, above in enumerate(flow.parents):
        if len(above) > 1:
            alive[place] = np.bitwise_or.reduce(alive[list(above)], axis=0) & stands[place]
        else:
            alive[place] = alive[above[0]] & stands[place] if above else stands[place]
    return alive


def _gone(flow: Flow, removed: np.ndarray, reached: np.ndarray, false: Sequence[bool] | None) -> np.ndarray:
    """Return which documents are cut off, for packed removals."""
    if false is None:
        gone = ~(reached | removed)
        gone[~np.array(flow.carries, dtype=bool)] = 0
        return gone
    kept = np.where(np.array(false, dtype=bool)[:, None], reached, np.uint8(255))
    for place, above in enumerate(flow.parents):
        if sources := [parent for parent in above if false[place] and false[parent]]:
            kept[place] &= np.bitwise_or.reduce(kept[sources], axis=0)
    kept |= removed
    return ~kept
