"""The network of accounts that share the same things together: its edges, its communities, and who was first."""

from __future__ import annotations

import numpy as np
import pandas as pd

from woozle.collection.columns import column_of
from woozle.collection.coordination import PAIRS
from woozle.errors import ParameterError


def network(pairs: pd.DataFrame, quantile: float = 0.5) -> pd.DataFrame:
    """Return who shares the same things together, and how often.

    Parameters
    ----------
    pairs
        As `coordination` returns them.
    quantile
        Edges whose weight is above this quantile of all weights are marked.

    Returns
    -------
    DataFrame
        One row an edge, the heaviest first: `account`, `other` (in the order of the alphabet), `weight` (pairs), `led`
        (in how many of them `account` was surely first), `objects` (how many different ones), `median_seconds`, and
        `above` (whether the weight is above the quantile).

    Examples
    --------
    >>> pairs = pd.DataFrame({"object": ["x", "y"], "first": ["1", "4"], "second": ["2", "3"],
    ...     "first_account": ["a", "b"], "second_account": ["b", "a"], "seconds": [8, 5]})
    >>> network(pairs).to_numpy().tolist()
    [['a', 'b', 2, 1, 2, 6.5, False]]
    """
    if not 0 <= quantile <= 1:
        raise ParameterError(f"quantile={quantile}: a number from 0 to 1 is needed.")
    first, second = column_of(pairs, "first_account"), column_of(pairs, "second_account")
    turned = (first > second).to_numpy(dtype=bool)
    table = pd.DataFrame(
        {
            "account": first.where(~turned, second), "other": second.where(~turned, first),
            "led": ~turned & (pairs["seconds"] > 0).to_numpy(dtype=bool), "object": pairs["object"],
            "seconds": pairs["seconds"],
        }
    )  # fmt: skip
    edges = table.groupby(["account", "other"], sort=True, as_index=False).agg(
        weight=("led", "size"), led=("led", "sum"), objects=("object", "nunique"), median_seconds=("seconds", "median")
    )
    edges["above"] = edges["weight"] > edges["weight"].quantile(quantile)
    return edges.sort_values(["weight", "account", "other"], ascending=[False, True, True], ignore_index=True)


def communities(edges: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """Return the communities of accounts, by the Leiden algorithm on the weights of edges.

    Returns
    -------
    DataFrame
        One row an account: `account`, `community` (0 is the largest), `size` of the community, `weight` (of all edges
        of the account).

    References
    ----------
    Traag, Waltman & van Eck (2019), From Louvain to Leiden, doi 10.1038/s41598-019-41695-z.

    Examples
    --------
    >>> edges = pd.DataFrame({"account": ["a", "a", "b", "x"], "other": ["b", "c", "c", "y"], "weight": [3, 2, 4, 1]})
    >>> communities(edges)["community"].to_list()
    [0, 0, 0, 1, 1]
    """
    import random

    import igraph

    names = pd.Index(pd.unique(pd.concat([edges["account"], edges["other"]]))).sort_values()
    if names.empty:
        return pd.DataFrame({"account": [], "community": [], "size": [], "weight": []})
    ends = np.stack([names.get_indexer(pd.Index(edges[name])) for name in ("account", "other")], axis=1)
    graph = igraph.Graph(n=len(names), edges=ends.tolist())
    igraph.set_random_number_generator(random.Random(seed))
    weights = edges["weight"].tolist()
    found = graph.community_leiden(objective_function="modularity", weights=weights, n_iterations=-1)
    table = pd.DataFrame({"account": names, "community": found.membership, "weight": graph.strength(weights=weights)})
    table["size"] = table.groupby("community")["account"].transform("size")
    # Numbered from the largest on; of equally large ones, the one with the first name comes first.
    table = table.sort_values(["size", "community", "account"], ascending=[False, True, True])
    table = table.assign(at=table.groupby("community")["account"].transform("min"))
    order = table.drop_duplicates("community").sort_values(["size", "at"], ascending=[False, True])["community"]
    table["community"] = table["community"].map({old: new for new, old in enumerate(order)})
    table["weight"] = table["weight"].astype(np.int64)
    return table.sort_values(["community", "account"], ignore_index=True)[["account", "community", "size", "weight"]]


def who_was_first(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return how often each account was first, and how often it came after another.

    Returns
    -------
    DataFrame
        One row an account, the one that was most often first on top: `account`, `first`, `after` and `together` (in how
        many pairs it was first, after the other, or at the same time), `with_others` (how many other accounts).

    Examples
    --------
    >>> pairs = pd.DataFrame({"object": ["x", "y"], "first": ["1", "4"], "second": ["2", "3"],
    ...     "first_account": ["a", "b"], "second_account": ["b", "c"], "seconds": [8, 0]})
    >>> who_was_first(pairs).head(2).to_numpy().tolist()
    [['a', 1, 0, 0, 1], ['b', 0, 1, 1, 2]]
    """
    for name in PAIRS:
        column_of(pairs, name)
    at_once = (pairs["seconds"] == 0).to_numpy(dtype=bool)
    sides = []
    for own, other, name in (
        ("first_account", "second_account", "first"),
        ("second_account", "first_account", "after"),
    ):
        sides.append(pd.DataFrame({"account": pairs[own], "other": pairs[other], name: ~at_once, "together": at_once}))
    table = pd.concat(sides, ignore_index=True).fillna({"first": False, "after": False})
    counts = (
        table.astype({"first": int, "after": int})
        .groupby("account", as_index=False)
        .agg(
            first=("first", "sum"),
            after=("after", "sum"),
            together=("together", "sum"),
            with_others=("other", "nunique"),
        )
    )
    return counts.sort_values(["first", "account"], ascending=[False, True], ignore_index=True)
