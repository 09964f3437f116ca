"""Small cases drawn on paper: a package in a folder from a few lines."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

from woozle.model.case import Case
from woozle.model.opening import open_case
from woozle.package import schema
from woozle.package.schema import Slot

SLOTS = (
    Slot("force", "who", "term", "force"),
    Slot("place", "where", "place", "place"),
    Slot("deadline", "by when", "time"),
)


def terms(*words: str, **extra: list) -> dict:
    terms = {}
    for number, word in enumerate(words):
        facts = {key: values[number] for key, values in extra.items() if values[number] is not None}
        terms[word] = {"title": word, "description": word, "rank": number, **facts}
    return terms


VOCABULARIES = {
    "outlet_kind": terms("news"),
    "document_kind": terms("news"),
    "relation": terms(
        "reposts",
        "quotes",
        "attributes",
        "presupposes",
        "debunks",
        "misattributes",
        role=["copy", None, None, None, "check", "miscredit"],
    ),
    "stance": terms(
        "asserts",
        "questions",
        "context",
        "denies_knowledge",
        "debunks",
        "reacts",
        role=[None, "doubt", None, "non_confirmation", "correction", "reaction"],
    ),
    "said_by": terms(
        "official",
        "person",
        "paper",
        "ministry",
        "country",
        "actor_state",
        **{"class": ["unnamed", "named_person", "outlet", "institution", "state", "state"]},
        actor=[None, None, None, None, None, True],
    ),
    "source_class": terms("unnamed", "named_person", "outlet", "institution", "state"),
    "modality": terms(
        "none",
        "hypothetical",
        "expected",
        "planned",
        "pledged",
        "announced",
        "satire",
        rank=[0, 2, 3, 4, 5, 6, 1],
        genre=[None, None, None, None, None, None, "satire"],
    ),
    "certainty": terms("possible", "probable", "certain"),
    "accuracy": terms(*schema.ACCURACY),
    "seen": terms(*schema.SEEN),
    "evidence_type": terms("quotation", "paraphrase"),
    "force": terms("engineers", "troops"),
    "place": terms("city", "region"),
}
LEAD = {
    "version": "1", "stance": "asserts", "said_by": "official", "modality": "expected", "certainty": "probable",
    "accuracy": "unverified", "force": "engineers", "place": "city", "deadline": "2024-07",
}  # fmt: skip


def write(
    folder: Path,
    tables: dict[str, list[dict[str, str]]],
    slots: tuple[Slot, ...] = SLOTS,
    vocabularies: dict[str, dict] = VOCABULARIES,
    conversion_from: str = "pledged",
) -> Path:
    """Write a whole package; cells that are not given are empty."""
    folder.mkdir(parents=True, exist_ok=True)
    layout = schema.tables(slots)
    resources = []
    for name, table in layout.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(table.columns), restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(tables.get(name, []))
        enums = {column: {"enum": list(vocabularies[r.of])} for column, r in table.columns.items() if r.kind == "term"}
        fields = [
            {"name": column, "constraints": {"required": rule.required, **enums.get(column, {})}}
            for column, rule in table.columns.items()
        ]
        described = {"fields": fields, "primaryKey": list(table.key)}
        resources.append({"name": name, "path": f"{name}.csv", "schema": described})
    package = {
        "name": folder.name,
        "title": "A small case",
        "version": "1.0.0",
        "resources": resources,
        "woozle": {
            "format": 1,
            "actor": "the actor",
            "conversion_from": conversion_from,
            "slots": [{"name": s.name, "title": s.title, "kind": s.kind, "vocabulary": s.vocabulary} for s in slots],
            "vocabularies": vocabularies,
        },
    }
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")
    return folder


def tables(
    hops: str,
    versions: dict[str, dict | None] | None = None,
    days: dict[str, str] | None = None,
    outlets: dict[str, str] | None = None,
) -> dict:
    """Return the tables of a case.

    `hops` is "a>b c>d:quotes": b relies on a, d on c by quoting. All documents are of June 2024 in UTC where `days`
    does not say otherwise, and have the lead of an official's forecast where `versions` does not: a mapping of what
    differs, or None for a document without a version. All are of one outlet but for those that `outlets` names.
    """
    pairs = [(*part.partition(":")[0].split(">"), part.partition(":")[2] or "attributes") for part in hops.split()]
    names = list(dict.fromkeys([name for *ends, _ in pairs for name in ends] + list(versions or {}) + list(days or {})))
    leads = {name: (versions or {}).get(name, {}) for name in names}
    return {
        "outlets": [
            {"id": name, "name": f"The {name.title()}", "country": "GB", "kind": "news", "time_zone": "UTC"}
            for name in dict.fromkeys(["paper", *(outlets or {}).values()])
        ],
        "documents": [
            {"id": name, "outlet": (outlets or {}).get(name, "paper"), "label": name.upper(), "kind": "news", "language": "en", "seen": "page",
             "published": (days or {}).get(name, "2024-06")} for name in names
        ],
        "citations": [
            {"citing": b, "cited": a, "relation": relation, "evidence": "it says so", "evidence_type": "quotation", "seen": "page"}
            for a, b, relation in pairs
        ],
        "claims": [
            {"document": name, "basis": name, "seen": "page", **LEAD, **lead} for name, lead in leads.items() if lead is not None
        ],
        "events": [],
    }  # fmt: skip


def case(
    folder: Path, hops: str, versions: dict | None = None, days: dict | None = None, outlets: dict | None = None
) -> Case:
    """Return an opened case; see `tables`."""
    return open_case(write(folder / "data" / "tiny", tables(hops, versions, days, outlets)))


def own_outlets(names: str) -> dict[str, str]:
    """Return an outlet of its own for each of these documents (one letter each)."""
    return {name: f"paper_{name}" for name in names}


def write_checkout(root: Path, home: Path) -> Path:
    """Write a copy of the flagship's data and notebook into a folder, with evidence that is quick to run."""
    for part in ("data", "case_studies"):
        shutil.copytree(root / part / "dprk_troops_2024", home / part / "dprk_troops_2024")
    shutil.copy(root / "requirements.lock", home)
    write_evidence(home)
    return home


def write_evidence(home: Path) -> Path:
    """Write a notebook of evidence that is quick to run, for tests of other things than evidence."""
    import nbformat

    parameters = (
        'case: str = ""  # the case\nas_of: str = "latest"  # the moment\nhops: str = "carrying"  # which\n'
        'time_zone: str = ""  # a zone\nthreshold: float = 0.1  # the least'
    )
    code = nbformat.v4.new_code_cell
    cells = [
        code(parameters, id="p", metadata={"tags": ["parameters", "setup"]}),
        code(
            "import woozle\nfrom woozle import measure\nfrom woozle.notebook import begin, table",
            id="i",
            metadata={"tags": ["setup"]},
        ),
        code("_, tell = begin(case, globals())\ntable(tell, measure.resting_on)", id="r"),
    ]
    path = home / "case_studies" / "evidence.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path
