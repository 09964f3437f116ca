"""On how many independent sources does it rest, and on which one does all rest?"""

from __future__ import annotations

import pandas as pd

from woozle.cascade import Cascade

_NOBODY = ""


def independent_roots(cascade: Cascade) -> pd.DataFrame:
    """Return the roots that each document which carries the claim can be traced to.

    An upper bound of independence: two roots may share a source that nobody coded. And a missing hop makes a root of
    a document that had a source.

    Returns
    -------
    DataFrame
        By document: `roots` (tuple of ids; a root has itself), `n_roots`, `inferred` (whether every path from some
        root passes an inferred hop).

    Examples
    --------
    >>> import woozle
    >>> independent_roots(woozle.open("dprk_troops_2024").cascade()).loc["daily_mail", "roots"]
    ('rok_official',)
    """
    coded = _coded_ancestors(cascade)
    rows = {}
    for name in cascade.carriers:
        roots = cascade.roots(name)
        rows[name] = {
            "roots": roots,
            "n_roots": len(roots),
            "inferred": any(root not in coded[name] for root in roots),
        }
    columns = ["roots", "n_roots", "inferred"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("document")


def resting_on(cascade: Cascade) -> pd.DataFrame:
    """Return how many other documents that carry the claim rest on each root.

    Returns
    -------
    DataFrame
        By root, most first: `others` (other documents that carry the claim and can be traced to it), `only` (those
        that can be traced to no other root), `surely` (those of `others` that surely exist by then), `inferred` (those
        of `others` that are traced to it only through inferred hops), `of` (all documents that carry the claim).

    Examples
    --------
    >>> import woozle
    >>> resting_on(woozle.open("dprk_troops_2024").cascade()).loc["naudittt", ["others", "only"]].to_list()
    [1, 0]
    """
    found, documents, coded = independent_roots(cascade), cascade.documents, _coded_ancestors(cascade)
    rows = {}
    for root in cascade.roots():
        below = [name for name in found.index if name != root and root in found["roots"][name]]
        if root not in found.index and not below:
            continue  # with all hops: a document that states no claim and that no carrier relies on
        rows[root] = {
            "others": len(below),
            "only": sum(found["n_roots"][name] == 1 for name in below),
            "surely": sum(documents["exists"][name] == "surely" for name in below),
            "inferred": sum(root not in coded[name] for name in below),
            "of": len(cascade.carriers),
        }
    columns = ["others", "only", "surely", "inferred", "of"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("root")
    return frame.sort_values("others", ascending=False, kind="stable")


def immediate_dominators(cascade: Cascade) -> pd.DataFrame:
    """Return the single point nearest to each document through which every path from the roots passes.

    By the algorithm of Cooper, Harvey and Kennedy (2001) on the graph with one source above all roots. If the
    dominator was wrong, so is everything below it, as far as the coded hops go.

    Returns
    -------
    DataFrame
        By document that carries the claim: `dominator` (id; empty where no single document dominates it),
        `dominated` (number of other documents that carry the claim and that this one dominates, at any distance).

    Examples
    --------
    >>> import woozle
    >>> immediate_dominators(woozle.open("dprk_troops_2024").cascade()).loc["express", "dominator"]
    'pentagon_question'
    """
    import networkx as nx

    graph = nx.DiGraph(cascade.graph)
    graph.add_edges_from((_NOBODY, root) for root in cascade.roots())
    nearest = nx.immediate_dominators(graph, _NOBODY)
    carriers = set(cascade.carriers)
    dominated = dict.fromkeys(graph, 0)
    for name in carriers:
        above = nearest[name]
        while above != _NOBODY:
            dominated[above] += 1
            above = nearest[above]
    rows = {
        name: {"dominator": nearest[name], "dominated": dominated[name]}
        for name in graph
        if name in carriers or (name != _NOBODY and dominated[name])
    }
    columns = ["dominator", "dominated"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("document")


def _coded_ancestors(cascade: Cascade) -> dict[str, set[str]]:
    """Return for each document what it can be traced to along coded hops alone, itself included."""
    import networkx as nx

    graph = nx.DiGraph(cascade.graph)
    hops = cascade.citations
    certain = {(hop.cited, hop.citing) for hop in hops.itertuples() if not hop.inferred}
    graph.remove_edges_from([hop for hop in graph.edges if hop not in certain])
    return {name: {name, *nx.ancestors(graph, name)} for name in graph}
