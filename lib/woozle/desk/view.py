"""What the desk shows, as plain values: the documents with their state, one with its form, and the proposals."""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from woozle import dates
from woozle.desk.session import NEEDED, Session
from woozle.errors import DateError, WoozleError
from woozle.infer import Inference
from woozle.infer.model import NOBODY
from woozle.infer.wording import copies
from woozle.rows import records
from woozle.text import zone_in_words

THRESHOLD = 0.1  # proposals that are less probable are not shown
_PILLS = ("stance", "modality", "certainty", "accuracy")
_TITLES = {
    "stance": "What it does with the claim",
    "said_by": "Who is said to have said it",
    "modality": "How real",
    "certainty": "How sure",
    "accuracy": "Is it true",
}
_KEYS = {"stance": "s", "said_by": "b", "modality": "m", "certainty": "y", "accuracy": "v"}


def vocabularies(session: Session) -> dict[str, Any]:
    """Return the fields of the form, in its order, with their terms; and the terms of relations and kinds."""
    case = session.case

    def terms(name: str) -> list[dict[str, str]]:
        facts = case.vocabularies[name].terms if name in case.vocabularies else {}
        return [
            {"term": term, "title": str(of["title"]), "means": str(of["description"])} for term, of in facts.items()
        ]

    fields = [
        {
            "name": name, "title": _TITLES[name], "key": _KEYS[name], "terms": terms(name),
            "form": "pills" if name in _PILLS else "words", "needed": name in NEEDED, "vocabulary": name,
        }
        for name in ("stance", "said_by", "modality", "certainty", "accuracy")
    ]  # fmt: skip
    for place, slot in enumerate(case.slots, start=1):
        fields.append({
            "name": slot.name, "title": slot.title[:1].upper() + slot.title[1:],
            "key": str(place) if place < 10 else "",
            "terms": terms(slot.vocabulary) if slot.kind != "time" else [], "form": "words", "needed": False,
            "vocabulary": slot.vocabulary,
        })  # fmt: skip
    return {"fields": fields, "relation": terms("relation"), "source_class": terms("source_class")}


def overview(session: Session) -> dict[str, Any]:
    """Return all documents with their state, in the order of their dates, and who relies on whom."""
    shown = []
    for (name,), row in session.rows["documents.csv"].items():
        state = session.state_of(name)
        shown.append({
            "id": name, "label": session.label(name), "state": state, "title": row.get("title", ""),
            "when": when(row.get("published", "")), "at": _at(session, row), "outlet": _outlet(session, row),
        })  # fmt: skip
    shown.sort(key=lambda one: (one["at"] is None, one["at"] or 0.0))
    return {
        "case": session.folder.name,
        "coder": session.coder,
        "second": session.second,
        "documents": shown,
        "coded": sum(one["state"] == "coded" for one in shown),
        "edges": [[key[1], key[0]] for key in session.rows["citations.csv"]],
        "undo": session.journal.to_undo() >= 0,
        "redo": session.journal.to_redo() >= 0,
    }


def document(session: Session, name: str, version: str, proposed: list[dict[str, Any]]) -> dict[str, Any]:
    """Return one document: what is known of it, its text, its codes, its sources, and what is proposed."""
    row = session.rows["documents.csv"].get((name,), {})
    codes = session.codes_of(name, version)
    cited = [
        {
            "id": key[1], "label": session.label(key[1]), "relation": key[2], "evidence": facts.get("evidence", ""),
            "reviewer": facts.get("reviewer", ""),
        }
        for key, facts in session.rows["citations.csv"].items()
        if key[0] == name
    ]  # fmt: skip
    text, found = session.text_of(name), _date_found(session, name)
    places = {
        key[2]: [int(facts["start"]), int(facts["end"])]
        for key, facts in session.rows["wordings.csv"].items()
        if key[:2] == (name, version) and facts.get("end", "").isdigit()
    }
    return {
        "id": name,
        "label": session.label(name),
        "dated": found,
        "facts": {key: row.get(key, "") for key in ("title", "url", "published", "kind", "language", "author", "seen")},
        "outlet": _outlet(session, row),
        "when": when(row.get("published", "")),
        "version": version,
        "versions": session.versions_of(name),
        "state": session.state_of(name),
        "codes": codes,
        "cited": cited,
        "text": text,
        "text_place": f"texts/{session.folder.name}/{name}.txt" if text else "",
        "places": places,
        "proposals": [
            *_dates(row, found),
            *(one for one in proposed if one["citing"] == name and _is_open(session, one)),
        ],
    }


def _dates(row: Mapping[str, str], found: str) -> list[dict[str, Any]]:
    """Return the date of a document as a proposal, where an import marked it as uncertain."""
    published = row.get("published", "")
    if not published.endswith("?") or "uncertain" not in found:
        return []
    told = {"citing": row["id"], "cited": "", "label": f"Date: {when(published.rstrip('?'))}"}
    return [{**told, "probability": None, "reason": f"from {found}", "kind": "date"}]


def _date_found(session: Session, name: str) -> str:
    """Return where an imported document has its date from, as the import tells it; nothing where it does not."""
    path = session.folder / "imports" / "documents.csv"
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8", newline="") as file:
        found = next((str(row["found"]) for row in csv.DictReader(file) if row.get("document") == name), "")
    start = "published: "
    return next((part.removeprefix(start) for part in found.split("; ") if part.startswith(start)), "")


def _is_open(session: Session, proposal: Mapping[str, Any]) -> bool:
    """Tell whether nobody has decided on a proposal, nor coded the citation."""
    return not any(key[:2] == (proposal["citing"], proposal["cited"]) for key in session.rows["citations.csv"])


def proposals(session: Session) -> list[dict[str, Any]]:
    """Return the sources that the machine proposes: likely ones by words, details and times, and originals of copies.

    A copy has most of its words from an older document. Each proposal has a reason, and a likely source also a
    probability. Proposals that somebody has decided on are left out.
    """
    case = session.case
    decided = set(zip(case.reviews["citing"], case.reviews["cited"], strict=True))
    found: list[dict[str, Any]] = []
    texts = {name: text for name in case.documents.index if (text := session.text_of(name)).strip()}
    alike = {pair: share for pair, share in _copies(session, texts).items() if pair not in decided}
    try:
        table = Inference(case, texts=texts or None).table
    except WoozleError:
        table = pd.DataFrame(columns=["citing", "cited", "probability", "reason"])
    for row in records(table):
        pair = row["citing"], row["cited"]
        if row["cited"] != NOBODY and row["probability"] >= THRESHOLD and pair not in decided and pair not in alike:
            found.append({
                "citing": row["citing"], "cited": row["cited"], "label": session.label(str(row["cited"])),
                "probability": round(float(row["probability"]), 3), "reason": str(row["reason"]), "kind": "source",
            })  # fmt: skip
    copied = [
        {"citing": citing, "cited": cited, "label": session.label(cited), "probability": None,
         "reason": f"{_how_alike(share)}, and older", "kind": "copy"}
        for (citing, cited), share in alike.items()
    ]  # fmt: skip
    return [*copied, *found]


def _copies(session: Session, texts: Mapping[str, str]) -> dict[tuple[str, str], float]:
    """Return which documents have most of their words from an older one."""
    earliest = session.case.documents["earliest"]
    seconds = {name: moment.timestamp() for name in texts if not pd.isna(moment := earliest[name])}
    return copies({name: texts[name] for name in seconds}, seconds)


def _how_alike(share: float) -> str:
    """Say how much of the words is the same.

    Examples
    --------
    >>> _how_alike(1.0), _how_alike(0.93), _how_alike(0.55)
    ('the same words', 'almost the same words (93 %)', 'many of the same words (55 %)')
    """
    if share >= 0.995:  # as a text with a greeting before it
        return "the same words"
    return f"{'almost' if share >= 0.8 else 'many of'} the same words ({100 * share:.0f} %)"


def when(published: str) -> str:
    """Return a coded date in words; that it is not known, where it is empty.

    Examples
    --------
    >>> when("2003-01-28"), when("2003-01-28T21:00Z"), when("")
    ('28 January 2003', '28 January 2003, 21:00 UTC', 'date not known')
    >>> when("2003-01-28T21:00+09:00"), when("2003-01-28T21:00")
    ('28 January 2003, 21:00 UTC+9', '28 January 2003, 21:00')
    """
    if not published:
        return "date not known"
    if "T" not in published or "/" in published:
        return dates.in_words(published)
    day, _, time = published.rstrip("~?").partition("T")
    offset = re.search(r"[+-]\d\d:\d\d$", time)
    zone = " UTC" if time.endswith("Z") else f" {zone_in_words(offset[0])}" if offset else ""
    return f"{dates.in_words(day + published[len(published.rstrip('~?')) :])}, {time[:5]}{zone}"


def _at(session: Session, row: Mapping[str, str]) -> float | None:
    """Return when a document was published at the earliest, in seconds; None where that is not known."""
    zones = session.case.zones.get(row.get("outlet", ""))
    return _earliest(row["published"], zones) if row.get("published") and zones else None


@functools.lru_cache(maxsize=10_000)  # asked of each document on each step
def _earliest(published: str, zones: tuple[str, ...]) -> float | None:
    try:
        return dates.parse(published, zones).earliest.timestamp()
    except DateError:
        return None


def _outlet(session: Session, row: Mapping[str, str]) -> str:
    return session.outlets.get(row.get("outlet", ""), "")
