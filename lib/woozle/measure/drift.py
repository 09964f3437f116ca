"""What changed at each hop."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from woozle.cascade import Cascade
from woozle.case import Case, ParentChoice
from woozle.schema import UNDATED

_ORDINAL = ("modality", "certainty")
# The kinds that make a turn, the most telling first.
TURNING = (
    "genre lost", "date lost", "new date", "own word", "told as a fact", "upgraded source", "dropped attribution",
)  # fmt: skip
OWN_WORD, TOLD_AS_FACT = "own word", "told as a fact"
TAKEN, CONTRADICTION = "taken from another source", "contradiction"
_CONVERSIONS = (OWN_WORD, TOLD_AS_FACT)
_NO_DRIFT = (TAKEN, CONTRADICTION)
_LEDGER = [
    "parent", "document", "field", "from", "to", "from_wording", "to_wording", "kind", "source", "relation", "inferred",
]  # fmt: skip


class Change(NamedTuple):
    """A field of the claim that differs along a hop: codes, kind, and the source that it was taken from, if any."""

    field: str
    old: str
    new: str
    kind: str
    source: str


def changes(case: Case, hop: ParentChoice, sources: Iterable[str] = ()) -> list[Change]:
    """Return what differs along a hop, field by field; for kinds see `drift_ledger`.

    Parameters
    ----------
    case
        The case.
    hop
        From a version of the cited document to the lead of the citing one.
    sources
        All documents from which the citing one has the claim. What one of them says so was taken from it.

    Examples
    --------
    >>> import woozle
    >>> cascade = woozle.open("dprk_troops_2024").cascade()
    >>> [(change.field, change.kind) for change in changes(cascade.case, cascade.main_hops["unn_isw"])]
    [('modality', 'strengthened'), ('deadline', 'moved time')]
    """
    old_codes, codes = case.codes[hop.cited][hop.version], case.codes[hop.citing][1]
    own_word = codes[case.fields.index("said_by")] in case.actor_terms
    found = []
    for name in case.changed_fields(hop.cited, hop.version, hop.citing):
        place = case.fields.index(name)
        told = {other: _told(case, other, place) for other in (hop.cited, *sources)}
        old, new = old_codes[place] or "", codes[place] or ""
        source = next((other for other, known in told.items() if new in known), "")
        known = {old}.union(*told.values())
        found.append(Change(name, old, new, TAKEN if source else _kind(case, name, old, new, own_word, known), source))
    return found


def _told(case: Case, document: str, place: int) -> set[str]:
    """Return the codes that the versions of a document are known to have for a field."""
    return {version[place] for version in case.codes.get(document, {}).values() if version[place] is not None}


def changes_into(cascade: Cascade, document: str) -> list[Change]:
    """Return what differs between a document and its main parent, given all that it has the claim from."""
    hop = cascade.main_hops.get(document)
    if hop is None or not hop.version:
        return []
    return changes(cascade.case, hop, [choice.cited for choice in cascade.choices[document]])


def drift_of(cascade: Cascade, document: str) -> list[Change]:
    """Return what no source of a document says so: the changes along its main hop that were not taken from another."""
    return [change for change in changes_into(cascade, document) if change.kind != TAKEN]


def taken_at(cascade: Cascade, document: str) -> set[str]:
    """Return the fields in which a document differs from its main parent as another of its sources does."""
    return {change.field for change in changes_into(cascade, document) if change.kind == TAKEN}


def drift_ledger(cascade: Cascade) -> pd.DataFrame:
    """Return what changed along each main-parent hop, and what contradicts itself inside one document.

    The lead of a document is compared with that version of its main parent that it is nearest to, on codes. What is
    empty in a version whose own words were not seen is not known, and makes no row.

    Returns
    -------
    DataFrame
        One row a hop and changed field: `parent`, `document`, `field`, `from`, `to` (codes), `from_wording`,
        `to_wording`, `kind`, `source` (the document that it was taken from; else empty), `relation`, `inferred`. Kinds:

        - genre lost: what was told in a genre of its own (satire) is told as a fact;
        - own word: the claim is put into the mouth of the actor, whose act it is about; or the actor, who is named
          already, is said to have committed itself to it;
        - told as a fact: the modality passes the rank of the case (`conversion_from`), and the actor is not the one
          who is said to have said it;
        - strengthened, weakened, changed modality: modality or certainty rises, falls or moves sideways otherwise;
        - upgraded source: the class of `said_by` rises otherwise;
        - dropped attribution, added attribution, changed speaker: `said_by` changes otherwise;
        - date lost: a time that was told is told no more; new date: one is told where none was shown before;
        - added detail, lost detail, moved time, changed place, changed detail: a slot changes otherwise;
        - taken from another source: the main parent has another code, and another document from which this one has
          the claim has the same (`source`). That is no drift, and no other measure counts it;
        - contradiction: a later version in the same document differs from its lead (`parent` is the document itself,
          `relation` is empty). No drift either.

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
    for document, hop in cascade.main_hops.items():
        for change in changes_into(cascade, document):
            ends = claims[hop.cited, hop.version], claims[document, 1]
            words = [end[_wording(case, change.field)] for end in ends]
            facts = [change.kind, change.source, hop.relation, cascade.is_inferred(hop)]
            rows.append([hop.cited, document, change.field, change.old, change.new, *words, *facts])
    for found in contradictions(cascade).itertuples():
        ends = claims[found.document, 1], claims[found.document, found.version]
        words = [end[_wording(case, found.field)] for end in ends]
        facts = [CONTRADICTION, "", "", False]
        rows.append([found.document, found.document, found.field, found.lead, found.other, *words, *facts])
    return pd.DataFrame(rows, columns=_LEDGER)


def drift(cascade: Cascade) -> pd.DataFrame:
    """Return the rows of the ledger that are drift: neither taken from another source nor a contradiction."""
    ledger = drift_ledger(cascade)
    return ledger[~ledger["kind"].isin(_NO_DRIFT)]


def conversions(cascade: Cascade) -> pd.DataFrame:
    """Return the hops at which the claim became the actor's own word, or was told as a fact, which no source did.

    Returns
    -------
    DataFrame
        By document, earliest first: `kind` (own word; told as a fact), `parent`, `relation`, `what` (the fields that
        converted, by words), `earliest`, `latest` (UTC), `inferred`.

    Examples
    --------
    >>> import woozle
    >>> conversions(woozle.open("dprk_troops_2024").cascade())["kind"].loc["pentagon_question"]
    'own word'
    """
    kinds = drift(cascade).query("kind in @_CONVERSIONS").groupby("document")["kind"].first()
    found = _hops_of_kind(cascade, *_CONVERSIONS)
    found.insert(0, "kind", kinds.reindex(found.index))
    return found


def upgraded_sources(cascade: Cascade) -> pd.DataFrame:
    """Return the hops at which the source was upgraded (an official becomes the agency); columns as `conversions`,
    without the kind.
    """
    return _hops_of_kind(cascade, "upgraded source")


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
    """Return the false version with most hops from its root; of several, that whose lead differs most from the root's.

    Where none is false, any document with the claim. Empty where nothing carries it.

    Examples
    --------
    >>> import woozle
    >>> farthest(woozle.open("dprk_troops_2024").cascade())
    'huffpost_es'
    """
    codes, false = cascade.case.codes, cascade.case.said_false

    def distance(document: str) -> tuple[bool, int, int]:
        path = main_path(cascade, document)
        coded = path[0] in codes and document in codes
        return (
            false.get((document, 1)) in cascade.here,
            len(path),
            len(cascade.case.changed_fields(path[0], 1, document)) if coded else 0,
        )

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
        (codes of its lead; missing where none is coded), `wording`, `changed` (tuple of the fields that drifted on
        this hop), `inferred`, `earliest`, `latest` (UTC).

    Raises
    ------
    UnknownDocumentError
        The document does not carry the claim by then.

    Examples
    --------
    >>> import woozle
    >>> story(woozle.open("dprk_troops_2024").cascade(), "ostro")["modality"].to_list()
    ['planned', 'planned']
    """
    case, hops = cascade.case, cascade.main_parents
    document = farthest(cascade) if document is None else document
    path = main_path(cascade, document) if document else []
    found = cascade.leads[[*case.fields, "wording"]].reindex(path).rename_axis("document")
    found.insert(0, "relation", [hops["relation"].get(name, "") for name in path])
    found["changed"] = [tuple(change.field for change in drift_of(cascade, name)) for name in path]
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
        One row a document, later version and field: `document`, `version`, `field`, `lead`, `other` (codes). What
        only one of the two states is no contradiction.
    """
    claims = cascade.case.claims
    rows = []
    for (document, version), later in claims[claims.index.get_level_values("version") > 1].iterrows():
        if document in cascade.here:
            lead = cascade.leads.loc[document]
            for name in cascade.case.fields:
                if lead[name] and later[name] and later[name] != lead[name]:
                    rows.append([document, version, name, lead[name], later[name]])
    return pd.DataFrame(rows, columns=["document", "version", "field", "lead", "other"])


def _hops_of_kind(cascade: Cascade, *kinds: str) -> pd.DataFrame:
    ledger = drift_ledger(cascade)
    found = ledger[ledger["kind"].isin(kinds)]
    hops = found.groupby("document", sort=False).agg(
        parent=("parent", "first"),
        relation=("relation", "first"),
        what=("field", lambda names: ", ".join(cascade.case.field_title(name) for name in names)),
        inferred=("inferred", "first"),
    )
    times = cascade.documents[["earliest", "latest"]]
    hops = hops.join(times).sort_values(["earliest", "latest"], kind="stable")
    return hops[["parent", "relation", "what", "earliest", "latest", "inferred"]]


def _class_rank(speakers: Mapping[str, Mapping[str, object]], rank: Callable[[str], int], said_by: str) -> int:
    return rank(str(speakers[said_by]["class"])) if said_by else 0


def _kind(case: Case, name: str, old: str, new: str, own_word: bool, told: Collection[str]) -> str:
    """Return the kind of a change from `old` to `new`, where the sources have `told` these codes, `old` among them."""
    if name == "said_by":
        return _kind_of_source(case, old, new, told)
    if name in _ORDINAL:
        return _kind_of_strength(case, name, old, new, own_word, told)
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


def _kind_of_strength(case: Case, name: str, old: str, new: str, own_word: bool, told: Collection[str]) -> str:
    vocabulary = case.vocabularies[name]
    rank, genre = vocabulary.rank, {code: bool(vocabulary.terms[code].get("genre")) for code in (*told, new)}
    if all(genre[code] for code in told) and not genre[new]:
        return "genre lost"
    least = case.vocabularies["modality"].rank(case.conversion_from) if name == "modality" else math.inf
    if max(map(rank, told)) < least <= rank(new):
        return OWN_WORD if own_word else TOLD_AS_FACT
    if rank(new) == rank(old):
        return "changed modality"
    return "strengthened" if rank(new) > rank(old) else "weakened"


def _kind_of_source(case: Case, old: str, new: str, told: Collection[str]) -> str:
    if new in case.actor_terms and not case.actor_terms.intersection(told):
        return OWN_WORD
    if not old or not new:
        return "added attribution" if new else "dropped attribution"
    speakers, rank = case.vocabularies["said_by"].terms, case.vocabularies["source_class"].rank
    rises = _class_rank(speakers, rank, new) > max(_class_rank(speakers, rank, code) for code in told)
    return "upgraded source" if rises else "changed speaker"


def _wording(case: Case, name: str) -> str:
    return f"{name}_wording" if name in {slot.name for slot in case.slots} else "wording"
