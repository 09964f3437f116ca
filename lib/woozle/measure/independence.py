"""How many roots are at most independent, how many are known to be, and which hop would change that most?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from woozle import dates
from woozle.description import Column, columns, described
from woozle.measure.flow import Flow, flow_of, root_sets
from woozle.measure.sourcing import resting_on
from woozle.model.cascade import Cascade
from woozle.package.schema import CONFIDENCE, FIRST_HAND
from woozle.rows import records_by_id

_ORIGINS = ["speaks", "first_hand", "origin", "group", "why", "may_rest_on", "differs"]


@described(
    "Where the roots had it from",
    "By root",
    columns(
        "root",
        speaks=Column("yes or no", "it speaks for itself", "speaks for itself"),
        first_hand=Column("yes or no", "and was seen as it published it", "seen as it published it"),
        origin=Column("document", "the document that it says it has the claim from; empty: not known"),
        group=Column("document", "the first root of those that effectively are one source"),
        why=Column(
            "words",
            "first-hand, through another, names its source, same outlet, same author, source not known, "
            "nothing earlier",
        ),
        may_rest_on=Column("document", "perhaps out before, and nearest to it on codes; else empty", "may rest on"),
        differs=Column("count", "codes that differ from that one", "codes that differ"),
    ),
    caption="Where the roots had it from. A root whose source is not known may rest on an earlier document: the one "
    "with the nearest codes is shown.",
    shown=("root", "speaks", "why", "may_rest_on", "differs"),
    limits="“may rest” is no hop: effective roots are those known to be independent, a lower bound; coded roots are "
    "the upper",
)
def root_origins(cascade: Cascade) -> pd.DataFrame:
    """Return what is known of where each root itself had the claim from, and which roots may share a source.

    A root speaks for itself if it attributes the claim to its own speaker. It is first-hand if we also saw its words as
    it published them. The words of an official that only a broadcaster quotes are not: they are known
    *through another*. Else it had the claim from somebody: from the document that its attribution names, or from a
    source that is not coded. Nothing then speaks against that source being a document that was out before.

    Examples
    --------
    >>> import woozle
    >>> origins = root_origins(woozle.open("dprk_troops_2024").cascade())
    >>> origins["why"].to_dict()["rf_news"], origins["may_rest_on"].to_dict()["rf_news"]
    ('source not known', 'express')
    """
    flow, spans, seen = flow_of(cascade), cascade.spans, cascade.documents["seen"].to_dict()
    sets = dict(zip(flow.names, root_sets(flow.parents), strict=True))
    roots = sorted(resting_on(cascade).index, key=lambda root: (spans[root].earliest, spans[root].latest))
    rows: dict[str, dict] = {}
    links = []
    for root in roots:
        speaks, origin = said_origin(cascade, root)
        first_hand = speaks and seen[root] in FIRST_HAND
        near, differs = "", None
        twin, why = _twin(cascade, roots[: len(rows)], root)
        if origin:
            why = "first-hand" if first_hand else "through another" if speaks else "names its source"
        elif not twin:
            near, differs = _nearest_earlier(cascade, flow, sets, spans, root, list(rows))
            why = "source not known" if near else "nothing earlier"
        above = {name: flow.members(sets[name]) for name in (origin, near) if name in sets}
        links += source_links(root, origin, twin, near, above)
        rows[root] = dict(zip(_ORIGINS, (speaks, first_hand, origin, "", why, near, differs), strict=True))
    for root, group in grouped(roots, links).items():
        rows[root]["group"] = group
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=_ORIGINS).rename_axis("root")
    return frame.reindex(resting_on(cascade).index).astype({"differs": "Int64"})


def source_links(
    root: str, origin: str, twin: str, near: str, above: Mapping[str, Sequence[str]]
) -> list[tuple[str, str]]:
    """Return pairs, for `grouped`, of a root and the documents with which it shares its source.

    What the root itself says comes first: its `origin`, and the roots `above` that. Else its `twin`, an earlier root of
    the same outlet or author. Else a root above `near`, a document that perhaps came before.

    Examples
    --------
    >>> source_links("x", "", "", "b", {"b": ["a"]})
    [('x', 'a')]
    """
    if origin:
        return [(root, origin), *((origin, other) for other in above.get(origin, ()))]
    if twin:
        return [(root, twin)]
    return [(root, above[near][0])] if near else []


def grouped(roots: Sequence[str], links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return for each root the first of those that it is linked with, directly or through others.

    Examples
    --------
    >>> grouped(["a", "b", "c"], [("c", "x"), ("a", "x")])
    {'a': 'a', 'b': 'b', 'c': 'a'}
    """
    group = {name: {name} for name in roots}
    for one, other in links:
        union = group.get(one, {one}) | group.get(other, {other})
        for name in union:
            group[name] = union
    return {root: next(first for first in roots if first in group[root]) for root in roots}


@described(
    "The woozle index",
    "By bound: at most independent, effectively independent",
    columns(
        bound=Column("words", "which roots count"),
        roots=Column("count", "the roots"),
        carriers=Column("count", "documents with the claim"),
        index=Column("number", "carriers / roots: from 1, each its own source, to the number of carriers"),
    ),
    limits="counts documents, not readers; roots are not weighed",
)
def woozle_index(cascade: Cascade) -> pd.DataFrame:
    """Return how many documents carry the claim per independent root.

    The index is carriers / roots. It lies between 1 (each document is its own source) and the number of carriers (all
    rest on one). At most all coded roots are independent: counting all gives the lower bound of the index.
    Counting only those known to be independent (`root_origins`) gives the upper bound, as far as documents are coded.

    Examples
    --------
    Eight documents carry it, on two roots: the US official, and the Polish ministry that AP's later story names.

    >>> import woozle
    >>> woozle_index(woozle.open("poland_missile_2022").cascade())["index"].to_list()
    [4.0, 4.0]
    """
    origins, carriers = root_origins(cascade), len(cascade.carriers)
    counts = {"at most independent": len(origins), "effectively independent": origins["group"].nunique()}
    rows = [(bound, roots, carriers, carriers / roots if roots else None) for bound, roots in counts.items()]
    return pd.DataFrame(rows, columns=["bound", "roots", "carriers", "index"]).set_index("bound")


_DOUBTFUL_COLUMNS = columns(
    "cited",
    "citing",
    kind=Column(
        "words", "missing: a root may rest on this document; inferred; second hand; doubtful: held less than certain"
    ),
    confidence=Column("share", "the probability that it holds; empty for a hop that is missing"),
    roots=Column("count", "as coded"),
    roots_then=Column("count", "roots with the missing hop, or without the doubtful one", "roots then"),
    documents=Column("count", "documents whose roots would change, or that would no longer count"),
    of=Column("count", "documents with the claim"),
    leader=Column("document", "the root that most others rest on, as coded"),
    leads=Column("count", "how many do"),
    leader_then=Column("document", "the same then", "most rest then on"),
    leads_then=Column("count", "how many do then"),
)


@described(
    "Doubtful hops",
    "One row a hop, those that change most first",
    _DOUBTFUL_COLUMNS,
    caption="Hops that are missing or in doubt: how many roots there would be with the missing one, or without the "
    "doubtful one, and how many documents would change theirs.",
    shown=("kind", "confidence", "cited", "citing", "roots", "roots_then", "documents", "leader_then"),
    limits="one at a time; together they may change more",
)
def doubtful_hops(cascade: Cascade) -> pd.DataFrame:
    """Return the hops that are missing or in doubt, and how the roots would change with or without each.

    Examples
    --------
    >>> import woozle
    >>> found = doubtful_hops(woozle.open("dprk_troops_2024").cascade())
    >>> found.loc[found["kind"] == "missing", "citing"].to_list()
    ['naudittt', 'rf_news', 'sic_noticias']
    """
    flow = flow_of(cascade)
    before = _roots_by_name(flow)
    rows = []
    origins = root_origins(cascade)
    for root, facts in origins[origins["why"] == "source not known"].iterrows():
        new = before[facts["may_rest_on"]]
        then = {name: (roots - {root}) | new if root in roots else roots for name, roots in before.items()}
        rows.append(["missing", None, facts["may_rest_on"], root, *_compare(before, then)])
    for hop in {(hop.cited, hop.citing): hop for options in cascade.choices.values() for hop in options}.values():
        inferred = cascade.is_inferred(hop)
        if inferred or hop.seen != "page" or hop.confidence < 1:
            without = _roots_by_name(flow_of(cascade, {(hop.cited, hop.citing)}))
            kind = "inferred" if inferred else "second hand" if hop.seen != "page" else "doubtful"
            confidence = min(hop.confidence, CONFIDENCE["inferred"] if inferred else 1.0)
            rows.append([kind, confidence, hop.cited, hop.citing, *_compare(before, without)])
    frame = pd.DataFrame(rows, columns=_DOUBTFUL)
    weight = (frame["roots_then"] - frame["roots"]).abs()
    order = frame.assign(weight=weight).sort_values(["weight", "documents"], ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)


_DOUBTFUL = [
    "kind", "confidence", "cited", "citing", "roots", "roots_then", "documents", "of", "leader", "leads", "leader_then",
    "leads_then",
]  # fmt: skip


@described(
    "Hops that decide who leads",
    "One row a hop, those that change most first",
    _DOUBTFUL_COLUMNS,
    limits="one at a time; together they may change more",
)
def deciding_hops(cascade: Cascade) -> pd.DataFrame:
    """Return the rows of `doubtful_hops` that alone decide which root most others rest on.

    Examples
    --------
    Without the hop from the broadcast to the question, more would rest on the question than on the official.

    >>> import woozle
    >>> found = deciding_hops(woozle.open("dprk_troops_2024").cascade())
    >>> found[["citing", "leader", "leader_then"]].values.tolist()
    [['pentagon_question', 'rok_official', 'pentagon_question']]
    """
    doubtful = doubtful_hops(cascade)
    return doubtful[doubtful["leader"] != doubtful["leader_then"]].reset_index(drop=True)


def _roots_by_name(flow: Flow) -> dict[str, set[str]]:
    rows = zip(flow.names, root_sets(flow.parents), flow.carries, strict=True)
    return {name: set(flow.members(bits)) for name, bits, carries in rows if carries}


def _compare(before: dict[str, set[str]], then: dict[str, set[str]]) -> tuple[object, ...]:
    changed = sum(then.get(name) != roots for name, roots in before.items())
    counts = len(set().union(*before.values())), len(set().union(*then.values())), changed, len(before)
    return *counts, *_leader(before), *_leader(then, _leader(before)[0])


def _leader(roots: dict[str, set[str]], known: str = "") -> tuple[str, int]:
    """Return the root that most other documents rest on, and how many; of several, the `known` one, else the first."""
    counts = Counter(root for name, own in roots.items() for root in own if root != name)
    counts.update(dict.fromkeys(set().union(*roots.values()), 0))
    leader = max(counts, key=lambda root: (counts[root], root == known), default="")
    return leader, counts[leader]


def _nearest_earlier(
    cascade: Cascade,
    flow: Flow,
    sets: Mapping[str, int],
    spans: Mapping[str, dates.Interval],
    root: str,
    before: Sequence[str],
) -> tuple[str, int | None]:
    """Return the document that was perhaps out before `root` and differs least from it, and in how many codes.

    Only coded documents count that rest on one of the roots `before` and not on this one.
    """
    case, number = cascade.case, flow.number()
    own, others = 1 << number[root], sum(1 << number[name] for name in before)
    nearest = []
    for name, carries in zip(flow.names, flow.carries, strict=True):
        related = sets[name] & own or not sets[name] & others
        coded = {name, root} <= set(case.codes)
        if carries and coded and not related and dates.before(spans[root], spans[name]) != "yes":
            differs = min(len(case.changed_fields(name, version, root)) for version in case.codes[name])
            nearest.append((differs, spans[name].earliest, name))
    return (min(nearest)[2], min(nearest)[0]) if nearest else ("", None)


def _twin(cascade: Cascade, before: Sequence[str], root: str) -> tuple[str, str]:
    """Return a root among those `before` that likely has its source in common with this one, and why."""
    facts = records_by_id(cascade.documents[["outlet", "author"]])
    shared = ((other, shared_source(facts[other], facts[root])) for other in before)
    return next(((other, why) for other, why in shared if why), ("", ""))


def said_origin(cascade: Cascade, document: str) -> tuple[bool, str]:
    """Return whether a document speaks for itself, and the document to which it attributes the claim (empty: none).

    Examples
    --------
    >>> import woozle
    >>> said_origin(woozle.open("poland_missile_2022").cascade(), "gorge_ap")
    (False, 'poland_mfa')
    """
    return said_origins(cascade, [document])[document]


def said_origins(cascade: Cascade, documents: Iterable[str]) -> dict[str, tuple[bool, str]]:
    """Return the same as `said_origin` for several documents."""
    leads, here = cascade.case.lead_facts, cascade.visible_ids
    terms, origins = cascade.case.vocabularies["said_by"].terms, {}
    for document in documents:
        facts = terms.get(leads[document]["said_by"], {}) if document in leads else {}
        named = [name for name in facts.get("documents", []) if name in here]
        speaks = document in named
        origins[document] = speaks, document if speaks else next(iter(named), "")
    return origins


def shared_source(a: Mapping[str, str], b: Mapping[str, str]) -> str:
    """Return why two documents (rows with `outlet` and `author`) likely share a source; empty where nothing says so.

    Examples
    --------
    >>> shared_source({"outlet": "ap", "author": ""}, {"outlet": "ap", "author": "A. Writer"})
    'same outlet'
    """
    if a["outlet"] == b["outlet"]:
        return "same outlet"
    return "same author" if a["author"] and a["author"] == b["author"] else ""
