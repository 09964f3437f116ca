"""How many roots are independent at most, how many effectively, and which hop would change that most?"""

from __future__ import annotations

import pandas as pd

from woozle import dates
from woozle.cascade import Cascade
from woozle.measure.flow import Flow, flow_of, root_sets

_ORIGINS = ["first_hand", "origin", "group", "why", "may_rest_on", "differs"]


def root_origins(cascade: Cascade) -> pd.DataFrame:
    """Return what is known of where each root itself had the claim from, and which roots may share a source.

    A root is first-hand where its own version is the speaker's: the one to whom it attributes the claim is itself.
    Else it had the claim from somebody: from the document that its attribution names, or from a source that is not
    coded. Nothing then speaks against that source being a document that was out before.

    Returns
    -------
    DataFrame
        By root: `first_hand`; `origin` (the document that it says it has the claim from; empty: not known); `group`
        (roots of one group effectively are one source); `why` (first-hand, names its source, same outlet, same author,
        same speaker, source not known, nothing earlier); `may_rest_on` (the document that was perhaps out before and
        is nearest to it on codes; empty where none is) and `differs` (how many codes differ from that one).

    Examples
    --------
    >>> import woozle
    >>> origins = root_origins(woozle.open("dprk_troops_2024").cascade())
    >>> origins["why"].to_dict()["rf_news"], origins["may_rest_on"].to_dict()["rf_news"]
    ('source not known', 'kyiv_post')
    """
    case, documents = cascade.case, cascade.documents
    flow = flow_of(cascade)
    sets = dict(zip(flow.names, root_sets(flow.parents), strict=True))
    roots = [name for name in cascade.roots() if name in sets and cascade.documents["carries"][name] != "no"]
    speakers = case.vocabularies["said_by"].terms
    rows: dict[str, dict] = {}
    for root in roots:
        speaker = cascade.leads["said_by"].get(root, "")
        named = [name for name in speakers.get(speaker, {}).get("documents", []) if name in documents.index]
        first_hand = root in named
        origin = root if first_hand else next(iter(named), "")
        near, differs = _nearest_earlier(cascade, flow, sets, root)
        rows[root] = dict(zip(_ORIGINS, (first_hand, origin, origin, "", near, differs), strict=True))
        twin, why = _shares_with(cascade, rows, root)
        if twin:
            rows[root] |= {"group": rows[twin]["group"], "why": why}
        elif first_hand:
            rows[root] |= {"group": root, "why": "first-hand"}
        elif origin:
            rows[root] |= {"why": "names its source"}
        else:
            rows[root] |= {"group": root, "why": "source not known" if near else "nothing earlier"}
    known = {facts["group"] for facts in rows.values() if facts["why"] != "source not known"}
    for root, facts in rows.items():
        if facts["why"] == "source not known" and known:
            above = flow.members(sets[facts["may_rest_on"]])
            facts["group"] = next((rows[name]["group"] for name in above if rows[name]["group"] in known), root)
        if facts["why"] != "source not known":
            facts |= {"may_rest_on": "", "differs": None}
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=_ORIGINS).rename_axis("root")
    return frame.astype({"differs": "Int64"})


def woozle_index(cascade: Cascade) -> pd.DataFrame:
    """Return how many documents carry the claim per independent root.

    The index is carriers / roots. It lies between 1 (each document is its own source) and the number of carriers (all
    rest on one). Roots that are coded are the most that can be independent: with them the index is at least so high.
    Effectively there may be fewer (`root_origins`): with those it is at most so high, as far as documents are coded.

    Returns
    -------
    DataFrame
        By `bound` (at most independent, effectively independent): `roots`, `carriers`, `index`.

    Examples
    --------
    >>> import woozle
    >>> woozle_index(woozle.open("dprk_troops_2024").cascade())[["roots", "carriers"]].values.tolist()
    [[4, 46], [1, 46]]
    """
    origins, carriers = root_origins(cascade), len(cascade.carriers)
    counts = {"at most independent": len(origins), "effectively independent": origins["group"].nunique()}
    rows = [(bound, roots, carriers, carriers / roots if roots else None) for bound, roots in counts.items()]
    return pd.DataFrame(rows, columns=["bound", "roots", "carriers", "index"]).set_index("bound")


def doubtful_hops(cascade: Cascade) -> pd.DataFrame:
    """Return the hops that are missing or in doubt, and how the roots would change with or without each.

    Returns
    -------
    DataFrame
        One row a hop, those that change most first: `kind` (missing: a root whose source is not known may rest on this
        document; inferred; second hand: not seen on the page of the citing document), `cited`, `citing`, `roots` (as
        coded), `roots_then` (with the missing hop, or without the doubtful one), `documents` (that could then be traced
        to other roots, or would no longer be known to carry the claim), `of` (documents that carry the claim).

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
        rows.append(["missing", facts["may_rest_on"], root, *_compare(before, then)])
    hops = cascade.citations
    hops = hops[hops["carrying"]].drop_duplicates(["cited", "citing"])
    for hop in hops.itertuples():
        if hop.inferred or hop.seen != "page":
            without = _roots_by_name(flow_of(cascade, {(hop.cited, hop.citing)}))
            kind = "inferred" if hop.inferred else "second hand"
            rows.append([kind, hop.cited, hop.citing, *_compare(before, without)])
    columns = ["kind", "cited", "citing", "roots", "roots_then", "documents", "of"]
    frame = pd.DataFrame(rows, columns=columns)
    weight = (frame["roots_then"] - frame["roots"]).abs()
    order = frame.assign(weight=weight).sort_values(["weight", "documents"], ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def _roots_by_name(flow: Flow) -> dict[str, set[str]]:
    found = zip(flow.names, root_sets(flow.parents), flow.carries, strict=True)
    return {name: set(flow.members(bits)) for name, bits, carries in found if carries}


def _compare(before: dict[str, set[str]], then: dict[str, set[str]]) -> tuple[int, int, int, int]:
    changed = sum(then.get(name) != roots for name, roots in before.items())
    return len(set().union(*before.values())), len(set().union(*then.values())), changed, len(before)


def _nearest_earlier(cascade: Cascade, flow: Flow, sets: dict[str, int], root: str) -> tuple[str, int | None]:
    """Return the coded document that does not rest on `root`, was perhaps out before it, and differs least from it."""
    case, documents = cascade.case, cascade.documents
    if root not in case.codes:
        return "", None
    spans = {
        name: dates.Interval(*documents.loc[name, ["earliest", "latest"]])
        for name, carries in zip(flow.names, flow.carries, strict=True)
        if carries
    }
    number = flow.number()[root]
    found = []
    for name, span in spans.items():
        rests = sets[name] >> number & 1
        if name in case.codes and not rests and dates.before(spans[root], span) != "yes":
            differs = min(len(case.changed_fields(name, version, root)) for version in case.codes[name])
            found.append((differs, span.earliest, name))
    return (min(found)[2], min(found)[0]) if found else ("", None)


def _shares_with(cascade: Cascade, rows: dict[str, dict], root: str) -> tuple[str, str]:
    """Return an earlier row that surely or likely has its source in common with `root`, and why."""
    documents, _said_by = cascade.documents, cascade.leads["said_by"]
    for other, facts in rows.items():
        if other == root:
            break
        if documents.loc[root, "outlet"] == documents.loc[other, "outlet"]:
            return other, "same outlet"
        if documents.loc[root, "author"] and documents.loc[root, "author"] == documents.loc[other, "author"]:
            return other, "same author"
        origin = rows[root]["origin"]
        if origin and origin == facts["origin"]:
            return other, "same speaker"
    return "", ""
