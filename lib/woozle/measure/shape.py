"""How far, how deep, how fast?

All this is measured on the tree of main parents. A cascade with several roots is a forest: depth, breadth and
structural virality are then those of its largest tree; `shape` gives those of the other trees too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from woozle.description import Column, columns, described
from woozle.errors import ParameterError
from woozle.measure.flow import NONE, below, flow_of
from woozle.measure.intervals import check_draws, quantiles
from woozle.model.cascade import Cascade
from woozle.rows import records_by_id

DRAWS = 1000


def tree_of(cascade: Cascade) -> tuple[list[str], list[int]]:
    """Return the documents that carry the claim, sources first, and for each the number of its main parent (-1: none).

    Examples
    --------
    >>> import woozle
    >>> names, parents = tree_of(woozle.open("ual_bankruptcy_2008").cascade())
    >>> names, parents
    (['tribune_2002', 'sun_sentinel_page', 'google_news', 'isa_summary'], [-1, 0, 1, 1])
    """
    parents, carriers = cascade.main_parents["parent"].to_dict(), set(cascade.carriers)
    names = [name for name in flow_of(cascade).names if name in carriers]
    numbers = {name: place for place, name in enumerate(names)}
    return names, [numbers[parents[name]] if name in parents else NONE for name in names]


def depths(parent_of: Sequence[int]) -> list[int]:
    """Return how many hops each node of a forest lies below its root; parents come before children.

    Examples
    --------
    >>> depths([-1, 0, 1, -1])
    [0, 1, 2, 0]
    """
    levels: list[int] = []
    for parent in parent_of:
        levels.append(0 if parent == NONE else levels[parent] + 1)
    return levels


def structural_virality(parent_of: Sequence[int]) -> float:
    """Return the mean distance over all pairs of nodes of a tree; 0 for a single node.

    Goel, Anderson, Hofman and Watts, "The Structural Virality of Online Diffusion", Management Science 62 (2015).
    Between 2 (1 - 1/n) for a star, where all took it from one, and (n + 1)/3 for a chain, where each took it from the
    last. By subtree sizes in O(n): a hop with s nodes below it lies between s (n - s) pairs.

    Examples
    --------
    A chain of three: distances 1, 1 and 2.

    >>> structural_virality([-1, 0, 1])
    1.3333333333333333
    """
    n = len(parent_of)
    under = below(parent_of)
    total = sum((size + 1) * (n - size - 1) for size, parent in zip(under, parent_of, strict=True) if parent != NONE)
    return total / (n * (n - 1) / 2) if n > 1 else 0.0


def roots_of(parent_of: Sequence[int]) -> list[int]:
    """Return the root of each node of a forest; parents come before children.

    Examples
    --------
    >>> roots_of([-1, 0, -1, 1])
    [0, 0, 2, 0]
    """
    roots: list[int] = []
    for place, parent in enumerate(parent_of):
        roots.append(place if parent == NONE else roots[parent])
    return roots


def trees(parent_of: Sequence[int]) -> dict[int, list[int]]:
    """Return the trees of a forest by root, each numbered anew.

    Examples
    --------
    >>> trees([-1, -1, 0, 1, 2])
    {0: [-1, 0, 1], 1: [-1, 0]}
    """
    by_root: dict[int, list[int]] = {}
    number: list[int] = []
    for root, parent in zip(roots_of(parent_of), parent_of, strict=True):
        tree = by_root.setdefault(root, [])
        number.append(len(tree))
        tree.append(NONE if parent == NONE else number[parent])
    return by_root


def tree_figures(parent_of: Sequence[int]) -> dict[str, float]:
    """Return size, depth, greatest breadth and structural virality of the largest tree of a forest.

    Of trees of one size the first counts. Breadth is the number of nodes at one depth (Vosoughi, Roy and Aral 2018).

    Examples
    --------
    >>> tree_figures([-1, 0, 0, 1, -1])
    {'size': 4, 'depth': 2, 'max_breadth': 2, 'structural_virality': 1.6666666666666667}
    """
    tree = max(trees(parent_of).values(), key=len, default=[])
    if not tree:
        return {"size": 0, "depth": 0, "max_breadth": 0, "structural_virality": 0.0}
    levels = np.bincount(depths(tree))
    return {
        "size": len(tree),
        "depth": len(levels) - 1,
        "max_breadth": int(levels.max()),
        "structural_virality": structural_virality(tree),
    }


@described(
    "Shape",
    "By root, the largest tree first",
    columns(
        "root",
        size=Column("count", "documents of the tree"),
        depth=Column("count", "hops from the root to the deepest"),
        max_breadth=Column("count", "documents at one depth, at most", "greatest breadth"),
        structural_virality=Column("number", "mean distance of two documents, in hops", "structural virality"),
        inferred=Column("count", "hops of the tree that are inferred"),
    ),
    caption="The shape of each tree of main parents. Structural virality is the mean distance of two documents, in "
    "hops (Goel and others, 2015).",
    limits="depends on the rule for main parents: `shape_by_sampled_parents`",
    source="S. Goel, A. Anderson, J. Hofman and D. J. Watts, Management Science 62 (2015); S. Vosoughi, D. Roy and S. "
    "Aral, Science 359 (2018)",
)
def shape(cascade: Cascade) -> pd.DataFrame:
    """Return the shape of each tree of main parents.

    Examples
    --------
    >>> import woozle
    >>> shape(woozle.open("ual_bankruptcy_2008").cascade()).loc["tribune_2002", ["size", "depth"]].to_list()
    [4, 2]
    """
    names, parent_of = tree_of(cascade)
    of_tree = trees(parent_of)
    inferred: dict[int, int] = dict.fromkeys(of_tree, 0)
    for name, root in zip(names, roots_of(parent_of), strict=True):
        inferred[root] += bool(cascade.main_parents["inferred"].get(name, False))
    rows = {names[root]: tree_figures(tree) | {"inferred": inferred[root]} for root, tree in of_tree.items()}
    columns = ["size", "depth", "max_breadth", "structural_virality", "inferred"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("root")
    return frame.sort_values("size", ascending=False, kind="stable")


@described(
    "Shape by sampled parents",
    "By figure of the largest tree: size, depth, max_breadth, structural_virality",
    columns(
        "figure",
        "median",
        "low",
        "high",
        by_rule=Column("number", "by the rule for main parents", "by the rule"),
    ),
    caption="How much the rule for main parents matters: the largest tree by the rule, and if each document took one "
    "of its sources as parent at random.",
    shown=("figure", "by_rule", "median", "low", "high"),
    limits="each source with the same chance, which is a convention",
)
def shape_by_sampled_parents(cascade: Cascade, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """Return how the shape depends on the rule that picks main parents.

    Each document takes one of the documents that it relies on as its parent, at random with equal chances, instead of
    the one that the rule picks.

    Examples
    --------
    >>> import woozle
    >>> shape_by_sampled_parents(woozle.open("jang_dogs_2013").cascade()).loc["depth", ["low", "high"]].to_list()
    [3.0, 3.0]
    """
    check_draws(draws, seed)
    names, parent_of = tree_of(cascade)
    numbers = {name: place for place, name in enumerate(names)}
    random = np.random.default_rng(seed)
    picks = []
    for name in names:
        options = sorted({numbers[hop.cited] for hop in cascade.choices.get(name, [])}) or [NONE]
        picks.append(random.choice(options, size=draws))
    drawn = pd.DataFrame([tree_figures([int(pick[i]) for pick in picks]) for i in range(draws)])
    rows = {}
    for name, by_rule in tree_figures(parent_of).items():
        low, median, high = quantiles(drawn[name])
        rows[name] = {"by_rule": by_rule, "median": median, "low": low, "high": high}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("figure")


@described(
    "Size alone",
    "By size and figure (depth, max_breadth, structural_virality)",
    columns("figure", "median", "low", "high", size=Column("count", "documents")),
    caption="What size alone would do: trees of the same size in which each document takes it from any earlier one "
    "(after Juul and Ugander, 2021).",
    shown=("figure", "median", "low", "high"),
    limits="Juul and Ugander match observed cascades by size; here a random recursive tree stands in for them",
    source="J. L. Juul and J. Ugander, PNAS 118 (2021)",
)
def size_alone(sizes: Sequence[int] | Cascade, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """Return the shapes of random trees of the same size, to compare a cascade with.

    Larger cascades are deeper, broader and more viral whatever their content; compare cascades only beside this (Juul
    and Ugander, "Comparing information diffusion mechanisms by matching on cascade size", PNAS 118, 2021). Here each
    new document takes the claim from one of the earlier ones, each with the same chance (a random recursive tree). Of a
    cascade, the size is that of its largest tree.

    Raises
    ------
    ParameterError
        A size is below 1, or the number of draws or the seed is not allowed.

    Examples
    --------
    Of two documents one can only have taken it from the other.

    >>> size_alone([2]).loc[(2, "depth")].to_list()
    [1.0, 1.0, 1.0]
    """
    check_draws(draws, seed)
    if isinstance(sizes, Cascade):
        sizes = shape(sizes)["size"].head(1).to_list()
    for size in sizes:
        if size < 1:
            raise ParameterError(f"sizes: a tree has at least 1 node, not {size}.")
    random = np.random.default_rng(seed)
    rows = {}
    for size in dict.fromkeys(sizes):
        trees = [[NONE, *(random.random(size - 1) * np.arange(1, size)).astype(int).tolist()] for _ in range(draws)]
        drawn = pd.DataFrame([tree_figures(tree) for tree in trees])
        for name in ("depth", "max_breadth", "structural_virality"):
            low, median, high = quantiles(drawn[name])
            rows[(size, name)] = {"median": median, "low": low, "high": high}
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["median", "low", "high"])
    frame.index = pd.MultiIndex.from_tuples(frame.index, names=["size", "figure"])
    return frame


def unlike_size_alone(cascade: Cascade) -> list[str]:
    """Return the names of the figures in which a cascade's largest tree is unlike random trees of its size.

    Examples
    --------
    A chain of four is as deep as four can be, but one in six random trees of that size is: nothing to wonder at.

    >>> import woozle
    >>> unlike_size_alone(woozle.open("ual_bankruptcy_2008").cascade())
    []
    """
    shapes = shape(cascade)
    if shapes.empty:
        return []
    largest = shapes.iloc[0]
    ranges = size_alone([int(largest["size"])]).droplevel(0)
    return [name for name, row in records_by_id(ranges).items() if not row["low"] <= largest[name] <= row["high"]]


@described(
    "Speed",
    "By number of documents: 1, 2, …",
    columns(
        n=Column("count", "so many documents with the claim", "documents"),
        earliest=Column("moment", "the last of them was not out before", "not before"),
        latest=Column("moment", "it was out by then", "not after"),
        earliest_h=Column("hours", "since the first document, at least", "after the first, at least"),
        latest_h=Column("hours", "since the first document, at most", "after the first, at most"),
    ),
    caption="When so many documents with the claim were out: between which times, and how long after the first.",
    limits="only what is in the collection",
)
def time_to_n(cascade: Cascade) -> pd.DataFrame:
    """Return how long it took until so many documents carried the claim.

    Examples
    --------
    >>> import woozle
    >>> time_to_n(woozle.open("ual_bankruptcy_2008").cascade()).loc[1, ["earliest_h", "latest_h"]].to_list()
    [0.0, 0.0]
    """
    documents = cascade.documents.loc[list(cascade.carriers)]
    earliest, latest = (documents[end].sort_values().reset_index(drop=True) for end in ("earliest", "latest"))
    frame = pd.DataFrame({"earliest": earliest, "latest": latest})
    hour = pd.Timedelta(hours=1)
    frame["earliest_h"] = ((earliest - latest.iloc[0]) / hour).clip(lower=0) if len(frame) else []
    frame["latest_h"] = (latest - earliest.iloc[0]) / hour if len(frame) else []
    frame.loc[:0, ["earliest_h", "latest_h"]] = 0.0
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="n")
    return frame


@described(
    "Reach",
    "One row a moment at which it can have changed",
    columns("moment")
    | {
        f"{name}_{end}": Column("count", f"{words}, {end.replace('_', ' ')}")
        for name, words in (
            ("documents", "documents with the claim"),
            ("outlets", "outlets that carried it"),
            ("countries", "countries of these outlets, where known"),
            ("languages", "languages in which it was carried"),
        )
        for end in ("at_least", "at_most")
    },
    limits="only what is in the collection",
)
def reach(cascade: Cascade) -> pd.DataFrame:
    """Return how many outlets, countries and languages carried the claim at each moment at which that can have changed.

    Documents of outlets whose country is not known count for outlets and languages, not for countries.

    Examples
    --------
    >>> import woozle
    >>> int(reach(woozle.open("dprk_troops_2024").cascade())["languages_at_most"].max())
    11
    """
    carriers = cascade.documents.loc[list(cascade.carriers)]
    moments = pd.concat([carriers["earliest"], carriers["latest"]])
    moments = moments[moments <= cascade.moment].drop_duplicates().sort_values()
    rows = []
    for moment in moments:
        row: dict[str, Any] = {"moment": moment}
        for bound, end in (("at_least", "latest"), ("at_most", "earliest")):
            out = carriers[carriers[end] <= moment]
            row[f"documents_{bound}"] = len(out)
            row[f"outlets_{bound}"] = out["outlet"].nunique()
            row[f"countries_{bound}"] = out.loc[out["country"] != "", "country"].nunique()
            row[f"languages_{bound}"] = out.loc[out["language"] != "", "language"].nunique()
        rows.append(row)
    return pd.DataFrame(rows)
