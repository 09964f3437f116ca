"""On how many independent sources does the claim rest, and on which single document does everything depend?"""

from __future__ import annotations

from itertools import combinations, pairwise

import pandas as pd

from woozle.description import Column, columns, described
from woozle.measure.flow import NONE, ancestor_sets, below, dominators, flow_of, places, root_sets
from woozle.model.cascade import Cascade


@described(
    "Independent roots",
    "By document with the claim",
    columns(
        "document",
        roots=Column("documents", "the roots that it can be traced to; a root has itself"),
        n_roots=Column("count", "how many"),
        inferred=Column("yes or no", "every path from some root passes an inferred hop"),
    ),
    limits="an upper bound: two roots may share a source that nobody coded, and a missing hop makes a false root",
)
def independent_roots(cascade: Cascade) -> pd.DataFrame:
    """Return the roots that each document which carries the claim can be traced to.

    The number of roots is an upper bound of the independent sources: two roots may share a source that nobody coded,
    and a missing hop turns a document that had a source into a root.

    Examples
    --------
    Two roots; AP's later story names another source than its alert.

    >>> import woozle
    >>> independent_roots(woozle.open("poland_missile_2022").cascade())["roots"].loc[["dw", "gorge_ap"]].to_list()
    [('us_official',), ('gorge_ap',)]
    """
    flow = flow_of(cascade)
    coded = _coded_ancestors(cascade)
    order = {name: place for place, name in enumerate(cascade.documents.index)}
    sets = dict(zip(flow.names, root_sets(flow.parents), strict=True))
    rows = {}
    for name in cascade.carriers:
        roots = tuple(sorted(flow.members(sets[name]), key=order.__getitem__))
        rows[name] = {
            "roots": roots,
            "n_roots": len(roots),
            "inferred": any(root not in coded[name] for root in roots),
        }
    columns = ["roots", "n_roots", "inferred"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("document")


@described(
    "The roots",
    "By root, most first",
    columns(
        "root",
        others=Column("count", "other documents with the claim that can be traced to it", "others resting on it"),
        only=Column("count", "those that can be traced to no other root"),
        surely=Column("count", "those of `others` that surely exist by then"),
        inferred=Column("count", "those of `others` that are traced to it only through inferred hops"),
        of=Column("count", "all documents with the claim"),
    ),
    caption="The roots: documents that the others can be traced to, and that have it from no other document of the "
    "case.",
    shown=("root", "days", "said_by", "modality", "seen", "others"),
    limits="an upper bound: two roots may share a source that nobody coded, and a missing hop makes a false root",
)
def resting_on(cascade: Cascade) -> pd.DataFrame:
    """Return how many other documents that carry the claim rest on each root.

    Examples
    --------
    The alert and five that took it from there rest on the official; on AP's later story nobody.

    >>> import woozle
    >>> resting_on(woozle.open("poland_missile_2022").cascade())["others"].to_dict()
    {'us_official': 6, 'gorge_ap': 0}
    """
    roots_table, documents, coded = independent_roots(cascade), cascade.documents, _coded_ancestors(cascade)
    roots, n_roots, exists = (
        roots_table["roots"].to_dict(),
        roots_table["n_roots"].to_dict(),
        documents["exists"].to_dict(),
    )
    rows = {}
    for root in cascade.roots():
        resting = [name for name in roots if name != root and root in roots[name]]
        if root not in roots and not resting:
            continue  # with all hops: a document that states no claim and that no carrier relies on
        rows[root] = {
            "others": len(resting),
            "only": sum(n_roots[name] == 1 for name in resting),
            "surely": sum(exists[name] == "surely" for name in resting),
            "inferred": sum(root not in coded[str(name)] for name in resting),
            "of": len(cascade.carriers),
        }
    columns = ["others", "only", "surely", "inferred", "of"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("root")
    return frame.sort_values("others", ascending=False, kind="stable")


@described(
    "Perhaps with the claim",
    "One row a citation by a document without a coded version",
    columns("document", "cited", "relation", "evidence"),
    caption="Documents without a coded version that rely on a document with the claim. They are not counted.",
    shown=("document", "cited", "relation", "evidence"),
    limits="they may pass it on, doubt it, or tell something else",
)
def perhaps_carriers(cascade: Cascade) -> pd.DataFrame:
    """Return the documents without a coded version that may carry the claim though they are not counted.

    They rely on a document that carries it, by a relation that does not check it, and no document relies on them
    (else they would count as inferred).

    Examples
    --------
    >>> import woozle
    >>> list(perhaps_carriers(woozle.open("jang_dogs_2013").cascade())["document"])
    ['fox_news', 'daily_mail']
    """
    documents, hops = cascade.documents, cascade.citations
    checks = cascade.case.vocabularies["relation"].having("role", "check")
    uncoded = documents.index[documents["stance"].isna() & (documents["carries"] == "no")]
    into_uncoded = (
        hops["citing"].isin(uncoded) & hops["cited"].isin(set(cascade.carriers)) & ~hops["relation"].isin(checks)
    )
    columns = ["citing", "cited", "relation", "evidence"]
    return hops.loc[into_uncoded, columns].rename(columns={"citing": "document"}).reset_index(drop=True)


_DOMINATORS = columns(
    "document",
    dominator=Column(
        "document", "the nearest one through which every path from the roots to it runs; empty: none", "itself rests on"
    ),
    dominated=Column("count", "other documents that it dominates, at any distance", "others that cannot do without it"),
)


@described(
    "Dominators",
    "By document with the claim",
    _DOMINATORS,
    limits="as far as hops are coded",
    source='K. D. Cooper, T. J. Harvey and K. Kennedy, "A Simple, Fast Dominance Algorithm" (2001)',
)
def immediate_dominators(cascade: Cascade) -> pd.DataFrame:
    """Return the single point nearest to each document through which every path from the roots passes.

    If the dominator was wrong, so is everything below it, as far as the coded hops go. The rows form the dominator
    tree (Cooper, Harvey and Kennedy 2001).

    Examples
    --------
    Tribune → Sun-Sentinel's page → Google News → newsletter. It also had the page, so it did not need Google News.

    >>> import woozle
    >>> immediate_dominators(woozle.open("ual_bankruptcy_2008").cascade())["dominated"].to_dict()
    {'tribune_2002': 3, 'sun_sentinel_page': 2, 'google_news': 0, 'isa_summary': 0}
    """
    flow = flow_of(cascade)
    nearest = dominators(flow.parents)
    dominated = below(nearest, flow.carries)
    rows = {
        name: {"dominator": flow.names[nearest[place]] if nearest[place] != NONE else "", "dominated": dominated[place]}
        for place, name in enumerate(flow.names)
        if flow.carries[place] or dominated[place]
    }
    columns = ["dominator", "dominated"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("document")
    return frame.reindex([name for name in cascade.documents.index if name in rows])


@described(
    "Single points",
    "By document that others hang on, most first",
    _DOMINATORS,
    caption="Single points: every path from the roots to so many other documents passes through this one.",
    shown=("document", "dominated", "dominator"),
    limits="as far as hops are coded",
)
def single_points(cascade: Cascade) -> pd.DataFrame:
    """Return the documents through which every path from the roots to some other document passes.

    Examples
    --------
    >>> import woozle
    >>> single_points(woozle.open("jang_dogs_2013").cascade()).index[0]
    'weibo_post'
    """
    dominating = immediate_dominators(cascade).query("dominated > 0")
    return dominating.sort_values("dominated", ascending=False, kind="stable")


@described(
    "Circular reporting",
    "One row a document and pair of its sources",
    columns(
        "document",
        first=Column("document", "one source"),
        second=Column("document", "the other"),
        common=Column("document", "the nearest that both lead back to"),
        kind=Column("words", "back to the first; both back to a third"),
        path_first=Column("path", "the shortest way from `common` by the first", "one way"),
        path_second=Column("path", "the shortest way by the second", "the other way"),
        inferred=Column("yes or no", "a hop on them is inferred"),
    ),
    caption="Apparent second sources, with both ways from the document in which they meet.",
    shown=("document", "path_first", "path_second", "inferred"),
    limits="they may have had sources that they do not name",
)
def circular_reports(cascade: Cascade) -> pd.DataFrame:
    """Return the documents whose apparent second source leads back to the first, with both paths.

    A document that relies on two others looks twice confirmed. It is not where the second relies on the first, or
    where both rely on a third.

    Examples
    --------
    The newsletter found the story by Google News and on the page; Google News had it from the page.

    >>> import woozle
    >>> found = circular_reports(woozle.open("ual_bankruptcy_2008").cascade()).set_index("document")
    >>> found.loc["isa_summary", ["first", "path_second"]].to_list()
    ['sun_sentinel_page', ('sun_sentinel_page', 'google_news', 'isa_summary')]
    """
    flow = flow_of(cascade)
    above, number = ancestor_sets(flow.parents), flow.number()
    inferred = {(hop.cited, hop.citing) for hop in cascade.citations.itertuples() if hop.inferred}
    rows = []
    for name in cascade.carriers:
        place = number[name]
        for first, second in combinations(flow.parents[place], 2):
            shared = (above[first] | 1 << first) & (above[second] | 1 << second)
            if not shared:
                continue
            common = shared.bit_length() - 1  # the last in the order: nothing that both rest on lies below it
            back = "back to the first" if common == first else "both back to a third"
            paths = [
                tuple(flow.names[step] for step in (*_path(flow.parents, common, end), place))
                for end in (first, second)
            ]
            hops = {hop for path in paths for hop in pairwise(path)}
            ends = [flow.names[step] for step in (first, second, common)]
            rows.append([name, *ends, back, *paths, bool(hops & inferred)])
    columns = ["document", "first", "second", "common", "kind", "path_first", "path_second", "inferred"]
    return pd.DataFrame(rows, columns=columns)


def _path(parents: tuple[tuple[int, ...], ...], start: int, end: int) -> tuple[int, ...]:
    """Return the shortest path along the flow, both ends included."""
    below_of = {end: NONE}
    waiting = [end]
    for step in waiting:  # grows while it is read: breadth first, up from the end
        for parent in parents[step]:
            if parent not in below_of:
                below_of[parent] = step
                waiting.append(parent)
    path = [start]
    while path[-1] != end:
        path.append(below_of[path[-1]])
    return tuple(path)


def _coded_ancestors(cascade: Cascade) -> dict[str, set[str]]:
    """Return for each document what it can be traced to along coded hops alone, itself included."""
    hops = cascade.citations
    pairs = list(zip(hops["cited"], hops["citing"], hops["inferred"], strict=True))
    coded = {(cited, citing) for cited, citing, inferred in pairs if not inferred}
    flow = flow_of(cascade)
    numbers = flow.number()
    parents = [
        tuple(p for p in above if (flow.names[p], flow.names[place]) in coded)
        for place, above in enumerate(flow.parents)
    ]
    sets = ancestor_sets(parents)
    return {name: {name, *(flow.names[p] for p in places(sets[numbers[name]]))} for name in flow.names}
