"""A case as linked data: fact-checks (ClaimReview), provenance (PROV-O), threat intelligence (STIX 2.1 with DISARM)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from woozle.formats.json_files import as_json
from woozle.rows import records, records_by_id

if TYPE_CHECKING:
    from woozle.model.case import Case


def write_claimreview(case: Case, claim: str) -> bytes:
    """Return a ClaimReview for each correction; the documents that state the claim falsely are its appearances."""
    leads, documents = case.lead_facts, records_by_id(case.documents)
    corrections = [name for name in documents if name in leads and leads[name]["stance"] in case.correcting]
    false = [name for name, _ in case.said_false if name in documents and documents[name]["url"]]
    by_time = sorted(dict.fromkeys(false), key=lambda name: documents[name]["earliest"])
    claimed: dict[str, Any] = {"@type": "Claim"}
    if by_time:
        claimed["firstAppearance"] = _work(documents[by_time[0]])
        claimed["appearance"] = [_work(documents[name]) for name in by_time[1:]]
    return as_json([
        {"@context": "https://schema.org", "@type": "ClaimReview", "claimReviewed": claim or case.title,
         "itemReviewed": claimed, **_work(documents[name], "ClaimReview")}
        for name in corrections
    ])  # fmt: skip


def _work(facts: Mapping[str, Any], kind: str = "CreativeWork") -> dict[str, Any]:
    day = str(facts["published"]).partition("/")[0].rstrip("~?")
    told = {
        "@type": kind, "url": facts["url"], "headline": facts["title"], "datePublished": day,
        "inLanguage": facts["language"],
    }  # fmt: skip
    work = {key: value for key, value in told.items() if value}
    return work | {"author": {"@type": "Organization", "name": facts["outlet_name"]}}


_PROV = {
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    "woozle": "https://w3id.org/woozle/terms#",
    "label": {"@id": "http://www.w3.org/2000/01/rdf-schema#label"},
}
_DERIVED = {"reposts": "prov:wasDerivedFrom", "translates": "prov:wasDerivedFrom", "quotes": "prov:wasQuotedFrom"}


def write_prov(case: Case, claim: str) -> bytes:
    """Return the provenance of each document in PROV-O (W3C 2013), as JSON-LD."""
    base = f"urn:woozle:{case.name}:"
    graph: list[dict[str, Any]] = []
    for name, facts in records_by_id(case.outlets).items():
        graph.append({"@id": f"{base}outlet:{name}", "@type": "prov:Agent", "label": facts["name"]})
    cited: dict[str, list[Mapping[str, Any]]] = {}
    for row in records(case.citations):
        cited.setdefault(str(row["citing"]), []).append(row)
    for name, facts in records_by_id(case.documents).items():
        node: dict[str, Any] = {
            "@id": f"{base}{name}",
            "@type": "prov:Entity",
            "label": facts["title"] or facts["label"],
            "prov:wasAttributedTo": {"@id": f"{base}outlet:{facts['outlet']}"},
            "dcterms:issued": facts["published"],
            "woozle:earliest": f"{facts['earliest']:%Y-%m-%dT%H:%M:%SZ}",
            "woozle:latest": f"{facts['latest']:%Y-%m-%dT%H:%M:%SZ}",
        }
        if facts["url"]:
            node["prov:atLocation"] = {"@id": facts["url"]}
        for row in cited.get(name, []):
            relation = _DERIVED.get(str(row["relation"]), "prov:wasInfluencedBy")
            node.setdefault(relation, []).append({"@id": f"{base}{row['cited']}"})
            node.setdefault("prov:qualifiedInfluence", []).append(
                {
                    "@type": "prov:Influence",
                    "prov:influencer": {"@id": f"{base}{row['cited']}"},
                    "woozle:relation": row["relation"],
                    "woozle:evidence": row["evidence"],
                    "woozle:seen": row["seen"],
                }
            )
        graph.append(node)
    return as_json({"@context": _PROV, "@graph": graph})


_SPACE = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")  # the namespace in which STIX 2.1 derives ids from contents


def write_stix(case: Case, claim: str) -> bytes:
    """Return a bundle of STIX 2.1: outlets, what was observed when, who derives from whom.

    DISARM's techniques are named where a term of the package has them under the key `disarm`, and nowhere else: a
    technique says that somebody meant to mislead, which no date and no citation shows.
    """
    documents = records_by_id(case.documents)
    stamp = f"{min(facts['earliest'] for facts in documents.values()):%Y-%m-%dT%H:%M:%S.000Z}"

    def made(kind: str, of: str, **facts: Any) -> dict[str, Any]:
        common = {
            "type": kind,
            "spec_version": "2.1",
            "id": f"{kind}--{uuid.uuid5(_SPACE, f'{case.name} {kind} {of}')}",
        }
        return common | {"created": stamp, "modified": stamp} | {key: value for key, value in facts.items() if value}

    objects: dict[str, dict[str, Any]] = {}

    def add(thing: dict[str, Any]) -> str:
        objects.setdefault(thing["id"], thing)
        return str(thing["id"])

    observed: dict[str, str] = {}
    for name, facts in documents.items():
        outlet = add(made("identity", str(facts["outlet"]), name=facts["outlet_name"], identity_class="organization"))
        if not facts["url"]:
            continue
        url = f"url--{uuid.uuid5(_SPACE, json.dumps({'value': facts['url']}, separators=(',', ':')))}"
        add({"type": "url", "spec_version": "2.1", "id": url, "value": facts["url"]})
        first, last = (f"{facts[end]:%Y-%m-%dT%H:%M:%SZ}" for end in ("earliest", "latest"))
        seen = made(
            "observed-data", name, created_by_ref=outlet, number_observed=1, object_refs=[url], first_observed=first,
            last_observed=last,
        )  # fmt: skip
        observed[name] = add(seen)
    for row in records(case.citations):
        ends = [observed.get(str(row[end])) for end in ("citing", "cited")]
        if all(ends):
            kind = "duplicate-of" if row["relation"] == "reposts" else "derived-from"
            named = f"{row['citing']} {row['cited']} {row['relation']}"
            words = f"{row['relation']}: {row['evidence']}"
            add(
                made(
                    "relationship",
                    named,
                    relationship_type=kind,
                    source_ref=ends[0],
                    target_ref=ends[1],
                    description=words,
                )
            )
    for name, technique in _techniques(case):
        pattern = made(
            "attack-pattern", technique, name=technique,
            external_references=[{"source_name": "DISARM", "external_id": technique}],
        )  # fmt: skip
        if name in observed:
            add(pattern)
            add(made("relationship", f"{name} {technique}", relationship_type="related-to", source_ref=observed[name],
                     target_ref=pattern["id"]))  # fmt: skip
    bundle = f"bundle--{uuid.uuid5(_SPACE, f'{case.name} {case.version}')}"
    return as_json({"type": "bundle", "id": bundle, "objects": list(objects.values())})


def _techniques(case: Case) -> Iterable[tuple[str, str]]:
    """Yield the documents with the DISARM techniques that the package gives their codes."""
    for column in ("stance", "said_by", "modality"):
        terms = case.vocabularies[column].terms
        for name, facts in case.lead_facts.items():
            technique = terms.get(facts[column], {}).get("disarm")
            if isinstance(technique, str):
                yield name, technique
    terms = case.vocabularies["relation"].terms
    for row in records(case.citations):
        technique = terms[str(row["relation"])].get("disarm")
        if isinstance(technique, str):
            yield str(row["citing"]), technique
