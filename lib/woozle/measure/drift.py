"""What changed at each hop, and which hop was the turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from woozle import dates
from woozle.cascade import Cascade
from woozle.case import Case
from woozle.schema import UNDATED

_ORDINAL = ("modality", "certainty")
# The kinds that make a turn, the most telling first.
TURNING = ("genre lost", "date lost", "new date", "conversion", "upgraded source", "dropped attribution")
_LEDGER = [
    "parent",
    "document",
    "field",
    "from",
    "to",
    "from_wording",
    "to_wording",
    "kind",
    "relation",
    "inferred",
]


def hop_kinds(case: Case, parent: str, version: int, document: str) -> dict[str, str]:
    """Return the kind of each field that changed along a hop; for kinds see `drift_ledger`.

    Examples
    --------
    >>> import woozle
    >>> hop_kinds(woozle.open("dprk_troops_2024"), "isw", 1, "unn_isw")
    {'modality': 'strengthened', 'deadline': 'moved time'}
    """
    old, new = (
        dict(zip(case.fields, codes, strict=True)) for codes in (case.codes[parent][version], case.codes[document][1])
    )
    return {name: _kind(case, name, old[name], new[name]) for name in case.changed_fields(parent, version, document)}


def drift_ledger(cascade: Cascade) -> pd.DataFrame:
    """Return what changed along each main-parent hop, and what contradicts itself inside one document.

    The lead of a document is compared with that version of its main parent that it is nearest to, on codes. What is
    empty in a version whose own words were not seen is not known, and makes no row.

    Returns
    -------
    DataFrame
        One row a hop and changed field: `parent`, `document`, `field`, `from`, `to` (codes), `from_wording`,
        `to_wording`, `kind`, `relation`, `inferred`. Kinds:

        - genre lost: what was told in a genre of its own (satire) is told as a fact;
        - conversion: the modality passes from below the one that commits the actor to it or above; or the claim is
          put into the mouth of the actor by a document whose parent did not;
        - strengthened, weakened, changed modality: modality or certainty rises, falls or moves sideways otherwise;
        - upgraded source: the class of `said_by` rises otherwise;
        - dropped attribution, added attribution, changed speaker: `said_by` changes otherwise;
        - date lost: a time that was told is told no more; new date: one is told where none was shown before;
        - added detail, lost detail, moved time, changed place, changed detail: a slot changes otherwise;
        - contradiction: a later version in the same document differs from its lead (`parent` is the document itself,
          `relation` is empty).

    Examples
    --------
    >>> import woozle
    >>> ledger = drift_ledger(woozle.open("dprk_troops_2024").cascade())
    >>> ledger.query("document == 'rubryka'")[["field", "from", "to", "kind"]].values.tolist()[0]
    ['said_by', 'rok_official', 'isw', 'upgraded source']
    """
    case = cascade.case
    claims = dict(zip(case.claims.index, case.claims.to_dict("records"), strict=True))
    rows = []
    for hop in cascade.main_parents.reset_index().itertuples():
        if not hop.parent_version:
            continue
        ends = claims[hop.parent, hop.parent_version], claims[hop.document, 1]
        for name, kind in hop_kinds(case, hop.parent, hop.parent_version, hop.document).items():
            codes, words = ([end[column] for end in ends] for column in (name, _wording(case, name)))
            rows.append([hop.parent, hop.document, name, *codes, *words, kind, hop.relation, hop.inferred])
    for found in contradictions(cascade).itertuples():
        ends = claims[found.document, 1], claims[found.document, found.version]
        words = [end[_wording(case, found.field)] for end in ends]
        rows.append(
            [found.document, found.document, found.field, found.lead, found.other, *words, "contradiction", "", False]
        )
    return pd.DataFrame(rows, columns=_LEDGER)


def conversions(cascade: Cascade) -> pd.DataFrame:
    """Return the hops at which the claim became the actor's own word.

    Returns
    -------
    DataFrame
        By document, earliest first: `parent`, `relation`, `what` (the fields that converted, by words), `earliest`,
        `latest` (UTC), `inferred`.

    Examples
    --------
    >>> import woozle
    >>> list(conversions(woozle.open("dprk_troops_2024").cascade()).index)
    ['pentagon_question', 'daily_mail', 'global_defense_corp']
    """
    return _hops_of_kind(cascade, "conversion")


def upgraded_sources(cascade: Cascade) -> pd.DataFrame:
    """Return the hops at which the source was upgraded (an official becomes the agency); columns as `conversions`."""
    return _hops_of_kind(cascade, "upgraded source")


def turn(cascade: Cascade) -> pd.DataFrame:
    """Return the earliest main-parent hop from a version that is not false to a false one, and what made it.

    Where the order is unknown, all hops that may be the first; where there is none (wrong from the start, or not yet),
    an empty table. A version counts as false only once the document that shows it can have been out.

    Returns
    -------
    DataFrame
        By document: `parent`, `relation`, `basis` (the document that shows it to be false), `earliest`, `latest`
        (UTC), `made_by` (the kinds of drift on this hop, those that make a turn first), `before` (those that make a
        turn, on the way from the root to the parent), `inferred`. Kinds that make a turn: genre lost, date lost, new
        date, conversion, upgraded source, dropped attribution.

    Examples
    --------
    >>> import woozle
    >>> turn(woozle.open("ual_bankruptcy_2008").cascade())[["parent", "made_by", "before"]].loc["isa_summary"].to_list()
    ['google_news', ('new date',), ('date lost',)]
    """
    case, hops = cascade.case, cascade.main_parents
    false = false_versions(cascade)
    ends = zip(hops.index, hops["parent"], hops["parent_version"], strict=True)
    turns = [bool(version) and (name, 1) in false and (parent, version) not in false for name, parent, version in ends]
    hops = hops[np.array(turns, dtype=bool)]
    spans = {name: cascade.spans[name] for name in hops.index}
    first = [a for a in spans if not any(dates.before(spans[b], spans[a]) == "yes" for b in spans)]
    found = hops.loc[first, ["parent", "relation"]]
    found["basis"] = cascade.leads["basis"].reindex(found.index)
    found = found.join(cascade.documents[["earliest", "latest"]])
    found["made_by"] = [
        _turning_first(hop_kinds(case, hops["parent"][name], hops["parent_version"][name], name).values())
        for name in first
    ]
    found["before"] = [_turned_before(cascade, hops["parent"][name]) for name in first]
    return found.join(hops["inferred"])


def false_roots(cascade: Cascade) -> pd.DataFrame:
    """Return the documents that are false and have no coded source: no hop made them so, and they may be older.

    Returns
    -------
    DataFrame
        By document: `earliest`, `latest` (UTC), `before_turn` (yes, no, unknown; missing where there is no one turn).

    Examples
    --------
    >>> import woozle
    >>> false_roots(woozle.open("dprk_troops_2024").cascade())["before_turn"].to_dict()
    {'naudittt': 'unknown', 'rf_news': 'unknown'}
    """
    false, turns = false_versions(cascade), turn(cascade)
    names = [name for name in cascade.carriers if (name, 1) in false and name not in cascade.main_parents.index]
    found = cascade.documents.loc[names, ["earliest", "latest"]]
    only = turns.index[0] if len(turns) == 1 else None
    spans = cascade.spans
    found["before_turn"] = [dates.before(spans[name], spans[only]) if only else None for name in names]
    return found


def false_versions(cascade: Cascade) -> set[tuple[str, int]]:
    """Return the versions (document, number) that a document which can be out by then shows to be false."""
    return {version for version, basis in cascade.case.said_false.items() if basis in cascade.here}


def main_path(cascade: Cascade, document: str) -> list[str]:
    """Return the documents from a root to `document` along main parents, both ends included.

    Examples
    --------
    >>> import woozle
    >>> main_path(woozle.open("dprk_troops_2024").cascade(), "globalgulag")
    ['rok_official', 'tvchosun', 'pentagon_question', 'express', 'globalgulag']
    """
    cascade.parents(document)  # raises where there is no such document
    parents = cascade.main_parents["parent"]
    path = [document]
    while path[-1] in parents.index:
        path.append(parents[path[-1]])
    return path[::-1]


def farthest(cascade: Cascade) -> str:
    """Return the document with most hops from its root; of several, that whose lead differs most from the root's.

    Empty where nothing carries the claim.

    Examples
    --------
    >>> import woozle
    >>> farthest(woozle.open("dprk_troops_2024").cascade())
    'huffpost_es'
    """
    codes = cascade.case.codes

    def distance(document: str) -> tuple[int, int]:
        path = main_path(cascade, document)
        coded = path[0] in codes and document in codes
        return len(path), len(cascade.case.changed_fields(path[0], 1, document)) if coded else 0

    return max(cascade.carriers, key=distance, default="")


def story(cascade: Cascade, document: str | None = None) -> pd.DataFrame:
    """Return how the claim reads at each document from a root to this one: the telephone game.

    Parameters
    ----------
    cascade
        The cascade.
    document
        The last in the line; if not given, that of `farthest`.

    Returns
    -------
    DataFrame
        By document along main parents: `relation` (to the one before; empty at the root), the fields of the claim
        (codes of its lead; missing where none is coded), `wording`, `changed` (tuple of the fields that changed on
        this hop), `inferred`, `earliest`, `latest` (UTC).

    Raises
    ------
    UnknownDocumentError
        The document does not carry the claim by then.

    Examples
    --------
    >>> import woozle
    >>> story(woozle.open("dprk_troops_2024").cascade(), "ostro")["modality"].to_list()
    ['announced', 'announced']
    """
    case, hops = cascade.case, cascade.main_parents
    document = farthest(cascade) if document is None else document
    path = main_path(cascade, document) if document else []
    found = cascade.leads[[*case.fields, "wording"]].reindex(path).rename_axis("document")
    found.insert(0, "relation", [hops["relation"].get(name, "") for name in path])
    versions = hops["parent_version"]
    found["changed"] = [
        case.changed_fields(hops["parent"][name], versions[name], name) if versions.get(name, 0) else ()
        for name in path
    ]
    found["inferred"] = [bool(hops["inferred"].get(name, False)) for name in path]
    return found.join(cascade.documents[["earliest", "latest"]])


def laundering_chains(cascade: Cascade, least: int = 2) -> pd.DataFrame:
    """Return the paths along which the source is upgraded at least twice, each to the hop that completes it.

    A rise counts where the claim is attributed to a class of speaker above all that it was attributed to before on
    the path; to name nobody in between and then somebody again is none.

    Returns
    -------
    DataFrame
        By the document that completes it: `path` (tuple of ids along main parents), `upgrades` (how many), `said_by`
        (tuple: to whom each document on the path attributes the claim).

    Examples
    --------
    An official, then a newspaper, then a ministry would be one; in this case the source rises once on each path.

    >>> import woozle
    >>> len(laundering_chains(woozle.open("jang_dogs_2013").cascade()))
    0
    """
    case = cascade.case
    speakers, rank = case.vocabularies["said_by"].terms, case.vocabularies["source_class"].rank
    rows = {}
    for document in cascade.main_parents.index:
        path = [name for name in main_path(cascade, document) if name in case.codes]
        said_by = cascade.leads["said_by"].reindex(path)
        named = [(name, _class_rank(speakers, rank, who)) for name, who in said_by.items() if who]
        highest = [max(found for _, found in named[:end]) for end in range(1, len(named) + 1)]
        rises = [name for (name, _), low, high in zip(named[1:], highest, highest[1:], strict=False) if high > low]
        if len(rises) >= least and rises[-1] == document:
            path = main_path(cascade, document)
            said_by = tuple(cascade.leads["said_by"].reindex(path).fillna(""))
            rows[document] = {"path": tuple(path), "upgrades": len(rises), "said_by": said_by}
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["path", "upgrades", "said_by"])
    return frame.reindex([name for name in cascade.documents.index if name in rows]).rename_axis("document")


def contradictions(cascade: Cascade) -> pd.DataFrame:
    """Return the fields in which two versions inside one document differ.

    Returns
    -------
    DataFrame
        One row a document, later version and field: `document`, `version`, `field`, `lead`, `other` (codes). A slot
        that a later version leaves empty is no contradiction.
    """
    claims = cascade.case.claims
    rows = []
    for (document, version), later in claims[claims.index.get_level_values("version") > 1].iterrows():
        if document in cascade.here:
            lead = cascade.leads.loc[document]
            for name in cascade.case.fields:
                if later[name] and later[name] != lead[name]:
                    rows.append([document, version, name, lead[name], later[name]])
    return pd.DataFrame(rows, columns=["document", "version", "field", "lead", "other"])


def _hops_of_kind(cascade: Cascade, kind: str) -> pd.DataFrame:
    ledger = drift_ledger(cascade)
    found = ledger[ledger["kind"] == kind]
    hops = found.groupby("document", sort=False).agg(
        parent=("parent", "first"),
        relation=("relation", "first"),
        what=("field", lambda names: ", ".join(cascade.case.field_title(name) for name in names)),
        inferred=("inferred", "first"),
    )
    times = cascade.documents[["earliest", "latest"]]
    hops = hops.join(times).sort_values(["earliest", "latest"], kind="stable")
    return hops[["parent", "relation", "what", "earliest", "latest", "inferred"]]


def _turning_first(kinds: Iterable[str]) -> tuple[str, ...]:
    found = list(dict.fromkeys(kinds))
    return tuple([kind for kind in TURNING if kind in found] or found)


def _turned_before(cascade: Cascade, document: str) -> tuple[str, ...]:
    case, hops = cascade.case, cascade.main_parents
    on_the_way = [
        kind
        for name in main_path(cascade, document)
        if name in hops.index and hops["parent_version"][name]
        for kind in hop_kinds(case, hops["parent"][name], hops["parent_version"][name], name).values()
    ]
    return tuple(kind for kind in TURNING if kind in on_the_way)


def _class_rank(speakers: Mapping[str, Mapping[str, object]], rank: Callable[[str], int], said_by: str) -> int:
    return rank(str(speakers[said_by]["class"])) if said_by else 0


def _kind(case: Case, name: str, old: str, new: str) -> str:
    if name == "said_by":
        return _kind_of_source(case, old, new)
    if name in _ORDINAL:
        return _kind_of_strength(case, name, old, new)
    if slot_kind(case, name) == "time" and new in ("", UNDATED) and old not in ("", UNDATED):
        return "date lost"
    if old == UNDATED and new:
        return "new date"
    if not old or not new:
        return "added detail" if new else "lost detail"
    return {"time": "moved time", "place": "changed place"}.get(slot_kind(case, name), "changed detail")


def slot_kind(case: Case, name: str) -> str:
    """Return the kind of a slot: term, place or time."""
    return next(slot.kind for slot in case.slots if slot.name == name)


def _kind_of_strength(case: Case, name: str, old: str, new: str) -> str:
    vocabulary = case.vocabularies[name]
    rank = vocabulary.rank
    if vocabulary.terms[old].get("genre") and not vocabulary.terms[new].get("genre"):
        return "genre lost"
    if name == "modality" and rank(old) < rank(case.conversion_from) <= rank(new):
        return "conversion"
    if rank(new) == rank(old):
        return "changed modality"
    return "strengthened" if rank(new) > rank(old) else "weakened"


def _kind_of_source(case: Case, old: str, new: str) -> str:
    if new in case.actor_terms and old not in case.actor_terms:
        return "conversion"
    if not old or not new:
        return "added attribution" if new else "dropped attribution"
    speakers, rank = case.vocabularies["said_by"].terms, case.vocabularies["source_class"].rank
    rises = _class_rank(speakers, rank, new) > _class_rank(speakers, rank, old)
    return "upgraded source" if rises else "changed speaker"


def _wording(case: Case, name: str) -> str:
    return f"{name}_wording" if name in {slot.name for slot in case.slots} else "wording"
