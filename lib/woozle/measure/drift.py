"""What changed at each hop, and which hop was the turn."""

from __future__ import annotations

import pandas as pd

from woozle import dates
from woozle.cascade import Cascade
from woozle.case import Case

_ORDINAL = ("modality", "certainty")
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


def drift_ledger(cascade: Cascade) -> pd.DataFrame:
    """Return what changed along each main-parent hop.

    The lead of a document is compared with that version of its main parent that it is nearest to, on codes. What is
    empty in a version whose own words were not seen is not known, and makes no row.

    Returns
    -------
    DataFrame
        One row a hop and changed field: `parent`, `document`, `field`, `from`, `to` (codes), `from_wording`,
        `to_wording`, `kind`, `relation`, `inferred`. Kinds:

        - conversion: the modality passes from below the one that commits the actor to it or above; or the claim is
          put into the mouth of the actor by a document whose parent did not;
        - strengthened, weakened: modality or certainty rises or falls otherwise;
        - upgraded source: the class of `said_by` rises otherwise;
        - dropped attribution, added attribution, changed speaker: `said_by` changes otherwise;
        - added detail, lost detail, moved time, changed place, changed detail: a slot changes.

    Examples
    --------
    >>> import woozle
    >>> ledger = drift_ledger(woozle.open("dprk_troops_2024").cascade())
    >>> ledger.query("document == 'rubryka'")[["field", "from", "to", "kind"]].values.tolist()[0]
    ['said_by', 'rok_official', 'isw', 'upgraded source']
    """
    case = cascade.case
    rows = []
    for document, hop in cascade.main_parents.iterrows():
        if not hop["parent_version"]:
            continue
        old = case.claims.loc[(hop["parent"], hop["parent_version"])]
        new = cascade.leads.loc[document]
        for name in cascade.changed_fields(hop["parent"], hop["parent_version"], document):
            kind = _kind(case, name, old[name], new[name])
            wordings = [version[_wording(case, name)] for version in (old, new)]
            rows.append(
                [
                    hop["parent"],
                    document,
                    name,
                    old[name],
                    new[name],
                    *wordings,
                    kind,
                    hop["relation"],
                    hop["inferred"],
                ]
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
    """Return the earliest main-parent hop from a version that is not false to a false one.

    Where the order is unknown, all hops that may be the first; where there is none (wrong from the start, or not yet),
    an empty table. A version counts as false only once the document that shows it can have been out.

    Returns
    -------
    DataFrame
        By document: `parent`, `relation`, `basis` (the document that shows it to be false), `earliest`, `latest`
        (UTC), `inferred`.

    Examples
    --------
    >>> import woozle
    >>> turn(woozle.open("dprk_troops_2024").cascade())["parent"].to_dict()
    {'pentagon_question': 'tvchosun'}
    """
    documents, leads = cascade.documents, cascade.leads
    hops = cascade.main_parents
    hops = hops[hops["parent_version"] > 0].copy()
    claims = cascade.case.claims
    false = (claims["accuracy"] == "false") & claims["basis"].isin(documents.index)
    was = false.reindex(pd.MultiIndex.from_frame(hops[["parent", "parent_version"]])).to_numpy()
    hops = hops[~was & false.xs(1, level="version").reindex(hops.index).to_numpy()]
    spans = {
        name: dates.Interval(documents.loc[name, "earliest"], documents.loc[name, "latest"]) for name in hops.index
    }
    first = [a for a in spans if not any(dates.before(spans[b], spans[a]) == "yes" for b in spans)]
    found = hops.loc[first, ["parent", "relation"]]
    found["basis"] = leads["basis"].reindex(found.index)
    return found.join(documents[["earliest", "latest"]]).join(hops["inferred"])


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
        if document in cascade.documents.index:
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


def _kind(case: Case, name: str, old: str, new: str) -> str:
    if name == "said_by":
        return _kind_of_source(case, old, new)
    if name in _ORDINAL:
        rank = case.vocabularies[name].rank
        if name == "modality" and rank(old) < rank(case.conversion_from) <= rank(new):
            return "conversion"
        return "strengthened" if rank(new) > rank(old) else "weakened"
    if not old or not new:
        return "added detail" if new else "lost detail"
    kinds = {"time": "moved time", "place": "changed place"}
    return kinds.get(next(slot.kind for slot in case.slots if slot.name == name), "changed detail")


def _kind_of_source(case: Case, old: str, new: str) -> str:
    if new in case.actor_terms and old not in case.actor_terms:
        return "conversion"
    if not old or not new:
        return "added attribution" if new else "dropped attribution"
    class_of = {term: str(facts["class"]) for term, facts in case.vocabularies["said_by"].terms.items()}
    rank = case.vocabularies["source_class"].rank
    return "upgraded source" if rank(class_of[new]) > rank(class_of[old]) else "changed speaker"


def _wording(case: Case, name: str) -> str:
    return f"{name}_wording" if name in {slot.name for slot in case.slots} else "wording"
