"""Cascades as a forest: size, depth, breadth, structural virality and speed of millions of trees at once.

A forest is two flat arrays: the place of each post's parent, and its time. Everything is counted in a few passes over
them, whatever the number of trees.
"""

from __future__ import annotations

from collections.abc import Sequence

import numba
import numpy as np
import pandas as pd

from woozle.errors import ParameterError

ROOT = -1
CASCADES = ("root", "size", "depth", "breadth", "virality", "hours", "hours_to_half", "known_root")


def cascades(parents: np.ndarray, times: np.ndarray | None = None, known: np.ndarray | None = None) -> pd.DataFrame:
    """Return the shape and the speed of each cascade of a forest.

    Parameters
    ----------
    parents
        By post: the place of its parent in this array, or -1 where it begins a cascade.
    times
        By post: seconds, NaN where the time is not known: such a post counts for the shape and not for the speed.
        If not given, the columns on speed are NaN.
    known
        By post: whether it is in the collection. A place that is not is a parent that only its children name:
        it joins them, but is not counted itself.

    Returns
    -------
    DataFrame
        One row a cascade, in the order of roots: `root` (place), `size` (posts), `depth` (hops from the root, or
        from its children if the root is missing, to the farthest post), `breadth` (most posts at one depth), `virality`
        (structural virality: the mean distance between two posts; NaN for one post), `hours` (from its first post to
        its last), `hours_to_half` (from the first until half of its posts with a time were there), `known_root`
        (whether the root is in the collection).

    Raises
    ------
    ParameterError
        A parent is no place of this array, posts answer each other in a circle (it names one), or the arrays differ in
        length.

    References
    ----------
    Goel, Anderson, Hofman & Watts (2015), doi 10.1287/mnsc.2015.2158. Vosoughi, Roy & Aral (2018),
    doi 10.1126/science.aap9559.

    Examples
    --------
    A star of four, and a chain of three: 0 ← 1, 0 ← 2, 0 ← 3; 4 ← 5 ← 6.

    >>> shapes = cascades(np.array([-1, 0, 0, 0, -1, 4, 5]))
    >>> shapes[["size", "depth", "breadth"]].to_numpy().tolist()
    [[4, 1, 3], [3, 2, 1]]
    >>> shapes["virality"].round(3).to_list()
    [1.5, 1.333]
    """
    parents, times, known = _checked(parents, times, known)
    rising = bool(_rises(parents))  # then no order is needed: each parent stands before its children
    order = parents[:0] if rising else _sorted(parents)
    if not rising and len(order) < len(parents):
        stuck = np.ones(len(parents), dtype=bool)
        stuck[order] = False
        raise ParameterError(
            f"{int(stuck.sum()):,} posts answer each other in a circle, or lead to one: "
            f"post {int(stuck.argmax())} is the first."
        )
    trees, roots, size, depth, breadth, distances = _shapes(parents, order, rising, known)
    with np.errstate(invalid="ignore", divide="ignore"):
        virality = distances / (size * (size - 1.0) / 2)
    hours, half = (np.full(len(roots), np.nan) for _ in range(2))
    if times is not None:
        dated = ~np.isnan(times) if known is None else ~np.isnan(times) & known
        counts = np.bincount(trees[dated], minlength=len(roots))
        first, last, half_at = _speed(trees, times, np.argsort(times, kind="stable"), dated, counts)
        hours, half = (last - first) / 3600, (half_at - first) / 3600
    return pd.DataFrame(
        {
            "root": roots, "size": size, "depth": depth, "breadth": breadth, "virality": virality, "hours": hours,
            "hours_to_half": half, "known_root": known[roots] if known is not None else np.ones(len(roots), dtype=bool),
        }
    )  # fmt: skip


def _checked(
    parents: np.ndarray, times: np.ndarray | None, known: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray | None, np.ndarray | None]:
    parents = np.asarray(parents)
    if parents.ndim != 1 or not np.issubdtype(parents.dtype, np.integer):
        raise ParameterError("parents: one whole number a post is needed.")
    bad = (parents < ROOT) | (parents >= len(parents))
    if bad.any():
        place = int(bad.argmax())
        raise ParameterError(f"parents: post {place} has the parent {int(parents[place])}, which does not exist.")
    for name, of in (("times", times), ("known", known)):
        if of is not None and len(of) != len(parents):
            raise ParameterError(f"{name}: {len(of):,} values for {len(parents):,} posts.")
    if times is not None:
        times = np.asarray(times, dtype=float)
        if np.isinf(times).any():
            raise ParameterError(f"times: that of post {int(np.isinf(times).argmax())} is infinite.")
    small = parents.astype(np.int32, copy=False) if len(parents) < 2**31 else parents.astype(np.int64, copy=False)
    return small, times, None if known is None else np.asarray(known, dtype=bool)


@numba.njit(cache=True)
def _rises(parents: np.ndarray) -> bool:
    """Tell whether each parent stands before its children."""
    for place in range(len(parents)):  # noqa: SIM110 - compiled
        if parents[place] >= place:
            return False
    return True


@numba.njit(cache=True)
def _sorted(parents: np.ndarray) -> np.ndarray:
    """Return the places level by level, without those that no root leads to."""
    count = len(parents)
    starts = np.zeros(count + 2, dtype=np.int64)  # children of each, as ranges of one array
    for place in range(count):
        starts[parents[place] + 2] += 1
    for place in range(count):
        starts[place + 2] += starts[place + 1]
    children, filled = np.empty(count, dtype=parents.dtype), starts[:-1].copy()
    for place in range(count):
        children[filled[parents[place] + 1]] = place
        filled[parents[place] + 1] += 1
    order, end = np.empty(count, dtype=parents.dtype), starts[1]
    order[:end] = children[:end]
    at = 0
    while at < end:
        for child in range(starts[order[at] + 1], starts[order[at] + 2]):
            order[end] = children[child]
            end += 1
        at += 1
    return order[:end]


@numba.njit(cache=True)
def _shapes(parents, order, rising, known):
    """Return the tree of each post; of each tree its root, size, depth, breadth and the sum of all distances."""
    count = len(parents)
    below = np.ones(count, dtype=parents.dtype)  # posts in the tree below each, itself included
    depths = np.zeros(count, dtype=np.int32)
    trees = np.empty(count, dtype=parents.dtype)
    roots = 0
    for at in range(count):
        place = at if rising else order[at]
        if known is not None and not known[place]:
            below[place] = 0
        if parents[place] < 0:
            trees[place] = roots
            roots += 1
        else:
            trees[place] = trees[parents[place]]
            depths[place] = depths[parents[place]] + 1
    for at in range(count - 1, -1, -1):
        place = at if rising else order[at]
        if parents[place] >= 0:
            below[parents[place]] += below[place]
    places = np.empty(roots, dtype=np.int64)
    size, depth = np.empty(roots, dtype=np.int64), np.zeros(roots, dtype=np.int64)
    distances, hidden = np.zeros(roots), np.zeros(roots, dtype=np.int64)
    for place in range(count):
        tree = trees[place]
        if parents[place] < 0:
            places[tree], size[tree] = place, below[place]
            hidden[tree] = known is not None and not known[place]
        depth[tree] = max(depth[tree], depths[place])
    for place in range(count):  # each hop lies between as many pairs as there are posts on both its sides
        if parents[place] >= 0:
            distances[trees[place]] += float(below[place]) * (size[trees[place]] - below[place])
    starts = np.zeros(roots + 1, dtype=np.int64)
    for tree in range(roots):
        starts[tree + 1] = starts[tree] + depth[tree] + 1
    levels = np.zeros(starts[roots], dtype=np.int64)
    for place in range(count):
        if known is None or known[place]:
            levels[starts[trees[place]] + depths[place]] += 1
    breadth = np.zeros(roots, dtype=np.int64)
    for tree in range(roots):
        for level in range(starts[tree], starts[tree + 1]):
            breadth[tree] = max(breadth[tree], levels[level])
        depth[tree] = max(depth[tree] - hidden[tree], 0)
    return trees, places, size, depth, breadth, distances


@numba.njit(cache=True)
def _speed(trees, times, by_time, dated, size):
    """Return the times of the first post, the last, and the one with which half of the dated ones are there."""
    first, last, half = np.full(len(size), np.nan), np.full(len(size), np.nan), np.full(len(size), np.nan)
    seen = np.zeros(len(size), dtype=np.int64)
    for place in by_time:
        if not dated[place]:
            continue
        tree = trees[place]
        if seen[tree] == 0:
            first[tree] = times[place]
        seen[tree] += 1
        last[tree] = times[place]
        if 2 * seen[tree] >= size[tree] and half[tree] != half[tree]:
            half[tree] = times[place]
    return first, last, half


def joined(
    keys: Sequence[str] | pd.Series, parents: Sequence[str] | pd.Series
) -> tuple[np.ndarray, np.ndarray, pd.Index]:
    """Return the place of each post's parent, found by name; a parent that is missing gets a place at the end.

    Parameters
    ----------
    keys, parents
        By post: its name, and that of its parent; empty where it has none.

    Returns
    -------
    parents, known : arrays
        As `cascades` takes them: first the places of the posts, then those of missing parents.
    names : Index
        The name of each place.

    Raises
    ------
    ParameterError
        Two posts have the same name.

    Examples
    --------
    >>> places, known, names = joined(["b", "c", "d"], ["a", "a", "c"])
    >>> places.tolist(), known.tolist(), names.to_list()
    ([3, 3, 1, -1], [True, True, True, False], ['b', 'c', 'd', 'a'])
    """
    names = pd.Index(pd.Series(keys, dtype="str"))
    if names.has_duplicates:
        raise ParameterError(f"The post '{names[names.duplicated()][0]}' appears twice. Keep one.")
    told = pd.Series(parents, dtype="str").fillna("")
    has = (told != "").to_numpy(dtype=bool)
    places = np.full(len(names), ROOT, dtype=np.int64)
    places[has] = names.get_indexer(pd.Index(told[has]))
    lost = has & (places < 0)
    codes, missing = pd.factorize(told[lost])
    places[lost] = len(names) + codes
    known = np.r_[np.ones(len(names), dtype=bool), np.zeros(len(missing), dtype=bool)]
    every = names.append(pd.Index(missing).astype(names.dtype))
    return np.r_[places, np.full(len(missing), ROOT, dtype=np.int64)], known, every


def roots_of(parents: np.ndarray) -> np.ndarray:
    """Return the place of the root of each post of a forest without circles; each step doubles how far up it looks.

    Examples
    --------
    >>> roots_of(np.array([-1, 0, 1, -1])).tolist()
    [0, 0, 0, 3]
    """
    top = np.where(parents >= 0, parents, np.arange(len(parents)))
    while not ((above := top[top]) == top).all():
        top = above
    return top


def without_circles(parents: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a forest in which no posts answer each other in a circle, and the places that became roots by that.

    A circle can't be true: somebody was first. The oldest post of each is taken to begin it. A time may be NaN.

    Examples
    --------
    >>> parents, cut = without_circles(np.array([-1, 2, 1, 2]), np.array([0.0, 5.0, 3.0, 9.0]))
    >>> parents.tolist(), cut.tolist()
    ([-1, 2, -1, 2], [2])
    """
    parents, cut = np.array(parents), []
    while not _rises(parents) and len(order := _sorted(parents)) < len(parents):
        stuck = np.ones(len(parents), dtype=bool)
        stuck[order] = False
        at = np.flatnonzero(stuck)[0]
        circle, here = [], at
        while here not in circle:  # upwards, until a post comes again
            circle.append(here)
            here = parents[here]
        circle = circle[circle.index(here) :]
        oldest = min(circle, key=lambda place: (np.isnan(times[place]), times[place], place))
        parents[oldest] = ROOT
        cut.append(int(oldest))
    return parents, np.array(cut, dtype=np.int64)


def missing_parents(shapes: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Return how far missing parents leave two figures open, each as (least, most).

    A cascade whose first post is missing may be a part of any other. So there may be fewer cascades, and the largest
    may be larger by all of them.

    Returns
    -------
    dict
        `cascades`: how many there are; `largest`: the size of the largest.

    Examples
    --------
    >>> missing_parents(pd.DataFrame({"size": [5, 2], "known_root": [True, False]}))
    {'cascades': (1, 2), 'largest': (5, 7)}
    """
    if shapes.empty:
        return {"cascades": (0, 0), "largest": (0, 0)}
    lost = ~shapes["known_root"].to_numpy(dtype=bool)
    sizes = shapes["size"].to_numpy()
    return {
        "cascades": (max(int((~lost).sum()), 1), len(shapes)),
        "largest": (int(sizes.max()), int(sizes[lost].sum() + sizes[~lost].max(initial=0))),
    }
