"""What changed at each hop."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from woozle.description import Column, columns, described
from woozle.model.cascade import Cascade
from woozle.model.case import Case
from woozle.model.document import ParentChoice
from woozle.package.schema import UNDATED
from woozle.rows import records_by_id

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
        All documents from which the citing one has the claim. A code that one of them has was taken from it.

    Examples
    --------
    >>> import woozle
    >>> cascade = woozle.open("dprk_troops_2024").cascade()
    >>> [(change.field, change.kind) for change in changes(cascade.case, cascade.main_hops["unn_isw"])]
    [('modality', 'strengthened'), ('deadline', 'moved time')]
    """
    old_codes, codes = case.codes[hop.cited][hop.version], case.codes[hop.citing][1]
    own_word = codes[case.fields.index("said_by")] in case.actor_terms
    changed = []
    for name in case.changed_fields(hop.cited, hop.version, hop.citing):
        place = case.fields.index(name)
        known_codes = {other: _told(case, other, place) for other in (hop.cited, *sources)}
        old, new = old_codes[place] or "", codes[place] or ""
        source = next((other for other, known in known_codes.items() if new in known), "")
        known = {old}.union(*known_codes.values())
        changed.append(
            Change(name, old, new, TAKEN if source else _kind(case, name, old, new, own_word, known), source)
        )
    return changed


def _told(case: Case, document: str, place: int) -> set[str]:
    """Return the codes that the versions of a document are known to have for a field."""
    return {code for version in case.codes.get(document, {}).values() if (code := version[place]) is not None}


def changes_into(cascade: Cascade, document: str) -> list[Change]:
    """Return what differs between a document and its main parent, given all that it has the claim from."""
    hop = cascade.main_hops.get(document)
    if hop is None or not hop.version:
        return []
    return changes(cascade.case, hop, [choice.cited for choice in cascade.choices[document]])


def drift_of(cascade: Cascade, document: str) -> list[Change]:
    """Return the changes along a document's main hop that were not taken from another of its sources."""
    return [change for change in changes_into(cascade, document) if change.kind != TAKEN]


def taken_at(cascade: Cascade, document: str) -> set[str]:
    """Return the fields in which a document differs from its main parent but agrees with another of its sources."""
    return {change.field for change in changes_into(cascade, document) if change.kind == TAKEN}


_LEDGER_COLUMNS = columns(
    "parent", "document", "field", "from", "to", "from_wording", "to_wording", "kind", "source", "relation", "inferred"
)


@described(
    "The drift ledger",
    "One row a hop and changed field, and one a contradiction",
    _LEDGER_COLUMNS,
    caption="The drift ledger: every code that differs along a main-parent hop. A code that another source of the "
    "document has was taken from that source, and is no drift.",
    shown=("parent", "document", "field", "from", "to", "kind", "source", "to_wording"),
    limits="codes, not words; the main parent is chosen by the fewest changed codes, so changes are counted at least",
)
def drift_ledger(cascade: Cascade) -> pd.DataFrame:
    """Return what changed along each main-parent hop, and what contradicts itself inside one document.

    The lead of a document is compared with the version of its main parent whose codes are nearest. An empty code in a
    version whose own words were not seen is not known, and makes no row. Kinds:

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
    for contradiction in contradictions(cascade).itertuples():
        ends = claims[contradiction.document, 1], claims[contradiction.document, contradiction.version]
        words = [end[_wording(case, str(contradiction.field))] for end in ends]
        facts = [CONTRADICTION, "", "", False]
        rows.append(
            [
                contradiction.document,
                contradiction.document,
                contradiction.field,
                contradiction.lead,
                contradiction.other,
                *words,
                *facts,
            ]
        )
    return pd.DataFrame(rows, columns=_LEDGER)


@described(
    "Drift",
    "One row a hop and changed field",
    _LEDGER_COLUMNS,
    limits="the same as for `drift_ledger`",
)
def drift(cascade: Cascade) -> pd.DataFrame:
    """Return the rows of the ledger that are drift: neither taken from another source nor a contradiction."""
    ledger = drift_ledger(cascade)
    return ledger[~ledger["kind"].isin(_NO_DRIFT)]


_CONVERSION_COLUMNS = columns(
    "document",
    "parent",
    "relation",
    "earliest",
    "latest",
    "inferred",
    what=Column("words", "the fields that changed in this way", "what changed"),
)


@described(
    "Conversions",
    "By document, earliest first",
    columns(kind=Column("words", "own word; told as a fact")) | _CONVERSION_COLUMNS,
    limits="by codes of `said_by` and `modality` alone; from which rank on is the case's own (`conversion_from`)",
)
def conversions(cascade: Cascade) -> pd.DataFrame:
    """Return the hops at which the claim became the actor's own word, or was told as a fact, which no source did.

    Examples
    --------
    >>> import woozle
    >>> conversions(woozle.open("dprk_troops_2024").cascade())["kind"].loc["pentagon_question"]
    'own word'
    """
    kinds = drift(cascade).query("kind in @_CONVERSIONS").groupby("document")["kind"].first()
    converted = _hops_of_kind(cascade, *_CONVERSIONS)
    converted.insert(0, "kind", kinds.reindex(converted.index))
    return converted


@described(
    "Own word",
    "By document, earliest first",
    _CONVERSION_COLUMNS,
    caption="Own word: hops at which the claim was put into the mouth of {actor}.",
    shown=("parent", "document", "relation", "when", "what"),
    limits="by codes of `said_by` and `modality` alone",
)
def own_words(cascade: Cascade) -> pd.DataFrame:
    """Return the hops at which the claim was put into the mouth of the actor, which no source did.

    Examples
    --------
    >>> import woozle
    >>> own_words(woozle.open("dprk_troops_2024").cascade()).index[0]
    'pentagon_question'
    """
    return conversions(cascade).query("kind == @OWN_WORD").drop(columns="kind")


@described(
    "Told as a fact",
    "By document, earliest first",
    _CONVERSION_COLUMNS,
    caption="Told as a fact: hops at which the claim came to be told as done, and not as the word of {actor}.",
    shown=("parent", "document", "relation", "when", "what"),
    limits="by codes of `said_by` and `modality` alone; from which rank on is the case's own (`conversion_from`)",
)
def told_as_fact(cascade: Cascade) -> pd.DataFrame:
    """Return the hops at which the claim came to be told as a fact, which no source did.

    Examples
    --------
    >>> import woozle
    >>> told_as_fact(woozle.open("ual_bankruptcy_2008").cascade()).index.to_list()
    []
    """
    return conversions(cascade).query("kind == @TOLD_AS_FACT").drop(columns="kind")


@described(
    "Upgraded sources",
    "By document, earliest first",
    _CONVERSION_COLUMNS
    | {"from": Column("code", "to whom the parent attributes it", "was", of="said_by")}
    | {"to": Column("code", "to whom it does", "became", of="said_by")},
    caption="Upgraded sources: the class of who is said to have said it rises (unnamed, person, outlet, institution, "
    "state). To name the agency where one read it counts as a rise too, and is no fault.",
    shown=("parent", "document", "from", "to", "relation", "days"),
    limits="to name what one has read is an upgrade, and no reproach",
)
def upgraded_sources(cascade: Cascade) -> pd.DataFrame:
    """Return the hops at which a higher class of source was named, with both codes (an official becomes an agency)."""
    upgraded = _hops_of_kind(cascade, "upgraded source")
    codes = drift(cascade).query("kind == 'upgraded source'").set_index("document")[["from", "to"]]
    return upgraded.join(codes)


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


def deepest_document(cascade: Cascade) -> str:
    """Return the false document with most hops from its root; of several, the one that differs most from the root.

    If none is false, all documents with the claim are compared. Empty if nothing carries it.

    Examples
    --------
    >>> import woozle
    >>> deepest_document(woozle.open("dprk_troops_2024").cascade())
    'huffpost_es'
    """
    codes, false = cascade.case.codes, cascade.case.said_false

    def distance(document: str) -> tuple[bool, int, int]:
        path = main_path(cascade, document)
        coded = path[0] in codes and document in codes
        return (
            false.get((document, 1)) in cascade.visible_ids,
            len(path),
            len(cascade.case.changed_fields(path[0], 1, document)) if coded else 0,
        )

    return max(cascade.carriers, key=distance, default="")


@described(
    "The telephone game",
    "By document along main parents, from the root",
    columns(
        "document",
        "said_by",
        "modality",
        "certainty",
        "wording",
        "inferred",
        "earliest",
        "latest",
        relation=Column("term", "how it relies on the one before; empty at the root", "how"),
        changed=Column("fields", "the fields that drifted on this hop", "changed here"),
    ),
    caption="The story of the claim on the way to {document}.",
    limits="one path of several; the slots of the case stand beside these columns",
)
def story(cascade: Cascade, document: str | None = None) -> pd.DataFrame:
    """Return how the claim reads at each document from a root to this one: the telephone game.

    Parameters
    ----------
    cascade
        The cascade.
    document
        The last in the line; if not given, that of `deepest_document`.

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
    document = deepest_document(cascade) if document is None else document
    path = main_path(cascade, document) if document else []
    path_versions = cascade.leads[[*case.fields, "wording"]].reindex(path).rename_axis("document")
    path_versions.insert(0, "relation", [hops["relation"].get(name, "") for name in path])
    path_versions["changed"] = [tuple(change.field for change in drift_of(cascade, name)) for name in path]
    path_versions["inferred"] = [bool(hops["inferred"].get(name, False)) for name in path]
    return path_versions.join(cascade.documents[["earliest", "latest"]])


@described(
    "Laundering chains",
    "By the document that completes it",
    columns(
        "document",
        path=Column("path", "from the root along main parents"),
        upgrades=Column("count", "how often the class of the source rises above all before"),
        said_by=Column("codes", "to whom each document on the path attributes the claim", "who said it"),
    ),
    caption="Laundering chains: along these paths the class of the source rises twice or more.",
    shown=("document", "path", "said_by"),
    limits="to name what one has read is a rise, and no reproach",
)
def laundering_chains(cascade: Cascade, least: int = 2) -> pd.DataFrame:
    """Return the paths along which the source is upgraded at least twice, each to the hop that completes it.

    A rise counts where the claim is attributed to a class of speaker above all that it was attributed to before on
    the path; to name nobody in between and then somebody again is none.

    Examples
    --------
    An unnamed official, then a newspaper, then a ministry would be one. In this case no source rises twice.

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


@described(
    "Contradictions",
    "One row a document, later version and field",
    columns(
        "document",
        "field",
        version=Column("count", "number of the later version"),
        lead=Column("code of the field", "the code of its lead", "its lead"),
        other=Column("code of the field", "the code of the later version", "further down"),
    ),
    caption="Documents of which two versions differ.",
    shown=("document", "field", "lead", "other"),
    limits="what only one of the two states is no contradiction",
)
def contradictions(cascade: Cascade) -> pd.DataFrame:
    """Return the fields in which two versions inside one document differ."""
    claims = cascade.case.claims
    rows = []
    for (document, version), later in records_by_id(claims[claims.index.get_level_values("version") > 1]).items():
        if document in cascade.visible_ids:
            lead = cascade.leads.loc[document]
            for name in cascade.case.fields:
                if lead[name] and later[name] and later[name] != lead[name]:
                    rows.append([document, version, name, lead[name], later[name]])
    return pd.DataFrame(rows, columns=["document", "version", "field", "lead", "other"])


def _hops_of_kind(cascade: Cascade, *kinds: str) -> pd.DataFrame:
    ledger = drift_ledger(cascade)
    chosen = ledger[ledger["kind"].isin(kinds)]
    hops = chosen.groupby("document", sort=False).agg(
        parent=("parent", "first"),
        relation=("relation", "first"),
        what=("field", lambda names: ", ".join(cascade.case.field_title(name) for name in names)),
        inferred=("inferred", "first"),
    )
    times = cascade.documents[["earliest", "latest"]]
    hops = hops.join(times).sort_values(["earliest", "latest"], kind="stable")
    return hops[["parent", "relation", "what", "earliest", "latest", "inferred"]]


def _class_rank(speakers: Mapping[str, Mapping[str, Any]], rank: Callable[[str], int], said_by: str) -> int:
    return rank(str(speakers[said_by]["class"])) if said_by else 0


def _kind(case: Case, name: str, old: str, new: str, own_word: bool, known_codes: Collection[str]) -> str:
    """Return the kind of a change from `old` to `new`, where the sources have `known_codes`, `old` among them."""
    if name == "said_by":
        return _kind_of_source(case, old, new, known_codes)
    if name in _ORDINAL:
        return _kind_of_strength(case, name, old, new, own_word, known_codes)
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


def _kind_of_strength(case: Case, name: str, old: str, new: str, own_word: bool, known_codes: Collection[str]) -> str:
    vocabulary = case.vocabularies[name]
    rank, genre = vocabulary.rank, {code: bool(vocabulary.terms[code].get("genre")) for code in (*known_codes, new)}
    if all(genre[code] for code in known_codes) and not genre[new]:
        return "genre lost"
    ranked = name == "modality" and case.conversion_from
    least = case.vocabularies["modality"].rank(case.conversion_from) if ranked else math.inf
    if max(map(rank, known_codes)) < least <= rank(new):
        return OWN_WORD if own_word else TOLD_AS_FACT
    if rank(new) == rank(old):
        return "changed modality"
    return "strengthened" if rank(new) > rank(old) else "weakened"


def _kind_of_source(case: Case, old: str, new: str, known_codes: Collection[str]) -> str:
    if new in case.actor_terms and not case.actor_terms.intersection(known_codes):
        return OWN_WORD
    if not old or not new:
        return "added attribution" if new else "dropped attribution"
    speakers, rank = case.vocabularies["said_by"].terms, case.vocabularies["source_class"].rank
    rises = _class_rank(speakers, rank, new) > max(_class_rank(speakers, rank, code) for code in known_codes)
    return "upgraded source" if rises else "changed speaker"


def _wording(case: Case, name: str) -> str:
    return f"{name}_wording" if name in {slot.name for slot in case.slots} else "wording"
