"""A person accepts, rejects or defers proposals; what is accepted enters the case, and nothing is half-written.

Each decision is written at once: to `reviews.csv` of the package, and where it is accepted to `citations.csv`. A file
is written beside the old one and put in its place in one step, so that at any moment the old or the new one is there.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from woozle.errors import WoozleError, listed
from woozle.files import alone
from woozle.infer.model import NOBODY
from woozle.infer.proposals import Inference
from woozle.model.case import Case
from woozle.model.changes import write_checked
from woozle.model.opening import open_case
from woozle.package import csv_files, schema

_REVIEWED = ("reviewer", "reviewed")


class ReviewError(WoozleError):
    """A decision can't be written; nothing has changed."""


@dataclass(frozen=True)
class Decision:
    """What a person says of one proposal.

    Attributes
    ----------
    citing, cited : str
        The documents; `cited` is empty for "no source in this collection".
    decision : str
        accept, reject or defer.
    probability : float
        As proposed.
    reviewer, reviewed : str
        Who decided, and on which day.
    note : str
        In the person's words.
    relation, reason : str
        Of an accepted hop: its relation, a term of the case, and why it was proposed.
    """

    citing: str
    cited: str
    decision: str
    probability: float
    reviewer: str
    reviewed: str
    note: str = ""
    relation: str = ""
    reason: str = ""


def usual_relation(case: Case, citing: str) -> str:
    """Return the relation that documents of the same kind have most often to their sources."""
    kinds = case.documents["kind"]
    known = case.citations
    alike = known[known["citing"].map(kinds) == kinds[citing]]
    counts = Counter((alike if len(alike) else known)["relation"])
    return min(counts or case.vocabularies["relation"], key=lambda term: (-counts[term], term))


def open_proposals(
    folder: Path, threshold: float, texts: Mapping[str, str] | None = None, deferred: bool = False
) -> Iterator[tuple[Case, dict]]:
    """Yield the case and the proposal to be decided next, until none is left; the case is read anew each time.

    A proposal is a row of `propose`, and `nobody`, the probability that the source is not in the collection.

    Documents come in the order of the case, the proposals of each by their probability. What was decided is not asked
    again; what was deferred only with `deferred`, and then once. After a hop is accepted, or no source is said to be
    in the collection, the next document follows.
    """
    asked: set[tuple[str, str]] = set()
    while True:
        case = open_case(folder)
        decided = case.reviews if not deferred else case.reviews[case.reviews["decision"] != "defer"]
        done = asked | set(zip(decided["citing"], decided["cited"], strict=True))
        proposals = Inference(case, texts=texts).table
        nobody = proposals[proposals["cited"] == NOBODY].set_index("citing")["probability"]
        proposals = proposals[(proposals["probability"] >= threshold) & (proposals["cited"] != NOBODY)]
        left = [row for row in proposals.to_dict("records") if (row["citing"], row["cited"]) not in done]
        if not left:
            return
        asked.add((left[0]["citing"], left[0]["cited"]))
        yield case, left[0] | {"nobody": float(nobody[left[0]["citing"]])}


def record(folder: Path, decision: Decision) -> None:
    """Write a decision; an accepted hop first enters `citations.csv`.

    Raises
    ------
    ReviewError
        It is no known decision, names no reviewer, somebody has decided already, or the package would have errors with
        it. Nothing has changed then.
    """
    if decision.decision not in schema.DECISIONS:
        raise ReviewError(f"'{decision.decision}' is not one of {listed(schema.DECISIONS)}.")
    with alone(folder.with_name(f".{folder.name}.lock")):
        _record(folder, decision)


def _record(folder: Path, decision: Decision) -> None:
    if not _one_line(decision.reviewer):
        raise ReviewError("A review needs the name of the reviewer, in printable characters.")
    _check_earlier(open_case(folder), decision)
    changes = {}
    if decision.decision == "accept" and decision.cited != NOBODY:
        changes["citations.csv"] = _with_hop(folder, decision)
        described = _with_columns(folder)
        if described is not None:
            changes["datapackage.json"] = described
    changes["reviews.csv"] = _with_review(folder, decision)
    # The hop is written before the review: if writing stops in between, the hop is in and is not asked again.
    write_checked(folder, changes, "With this decision", ReviewError)


def _check_earlier(case: Case, decision: Decision) -> None:
    """Raise `ReviewError` if somebody has decided in the meantime: the first decision is kept."""
    settled = case.reviews[(case.reviews["citing"] == decision.citing) & (case.reviews["decision"] != "defer")]
    for row in settled.itertuples():
        taken = row.decision == "accept"
        if row.cited == decision.cited or (
            taken and decision.decision == "accept" and NOBODY in (row.cited, decision.cited)
        ):
            what = f"the hop from '{row.cited}'" if row.cited else "that its source is not in this collection"
            raise ReviewError(
                f"{row.reviewer} has decided on '{decision.citing}' ({row.decision}: {what}, {row.reviewed}); "
                "nothing was written. To change that, delete the row in reviews.csv, and the hop in citations.csv."
            )


def _one_line(text: str) -> str:
    """Return a person's words for a cell: one line, printable, and not to be taken for a formula by a spreadsheet."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line.lstrip("=+-@ ")


def _with_hop(folder: Path, decision: Decision) -> str:
    """Return `citations.csv` with an accepted hop."""
    case = open_case(folder)
    evidence_type = next(
        term
        for term in ("paraphrase", *case.vocabularies["evidence_type"])
        if term in case.vocabularies["evidence_type"]
    )
    if "inferred" not in case.vocabularies["seen"]:
        raise ReviewError("datapackage.json: the vocabulary 'seen' lacks the term 'inferred'. Add it to accept hops.")
    row = {
        "citing": decision.citing,
        "cited": decision.cited,
        "relation": decision.relation or usual_relation(case, decision.citing),
        "evidence": f"proposed by a model ({decision.probability:.0%}): {decision.reason or 'no reason given'}",
        "evidence_type": evidence_type,
        "seen": "inferred",
        "seen_in": decision.citing,
        "seen_note": _one_line(decision.note),
        "reviewer": _one_line(decision.reviewer),
        "reviewed": decision.reviewed,
    }
    return _appended(folder / "citations.csv", row, tuple(schema.tables(case.slots)["citations"].columns))


def _with_review(folder: Path, decision: Decision) -> str:
    """Return `reviews.csv` with a decision; an older one on the same pair is replaced."""
    row = {name: getattr(decision, name) for name in schema.REVIEWS}
    row |= {"probability": f"{decision.probability:.3f}"}
    row |= {name: _one_line(row[name]) for name in ("reviewer", "note")}
    return _appended(folder / "reviews.csv", row, schema.REVIEWS, key=("citing", "cited"))


def _appended(path: Path, row: Mapping[str, str], columns: tuple[str, ...], key: tuple[str, ...] = ()) -> str:
    """Return a CSV file with one more row; columns of `row` that it lacks are added, empty in the other rows."""
    faults: list[str] = []
    rows: list[dict[str, str]] = []
    header = list(columns)
    if path.exists():
        csv_files.read_text(path, faults.append)
        if faults:
            raise ReviewError(f"{path.name}: {faults[0]}")
        found, records = csv_files.read_table(path, columns, comments=True)
        header = found or header
        rows = [dict(zip(header, record, strict=False)) for record in records if any(record)]
        header += [name for name in columns if name in row and name not in header]
    rows = [old for old in rows if not key or any(old[name] != row[name] for name in key)]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows([*rows, dict(row)])
    return out.getvalue()


def _with_columns(folder: Path) -> str | None:
    """Return `datapackage.json` with the columns for reviewers, or None where it has them."""
    path = folder / "datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    fields = next(r for r in package["resources"] if r["name"] == "citations")["schema"]["fields"]
    missing = [name for name in _REVIEWED if name not in {field["name"] for field in fields}]
    if not missing:
        return None
    words = {
        "reviewer": "who accepted a hop that a model proposed; empty for what a person coded",
        "reviewed": "the day on which it was accepted, in EDTF",
    }
    fields += [{"name": name, "type": "string", "title": name, "description": words[name]} for name in missing]
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"
