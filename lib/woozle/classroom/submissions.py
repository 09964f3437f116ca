"""Read the folders and zip files that students hand in, without unpacking or trusting anything in them.

This module runs in a process of its own, with limits on time and memory (`python -m woozle.classroom.submissions`). A
malicious file can break that process only.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from woozle.classroom.archives import BROKEN, File, files_of, in_words
from woozle.classroom.bounded import MEMORY, SECONDS, bounded, natural
from woozle.classroom.entries import Entry, find
from woozle.classroom.names import Person, copy_number, names_assignment
from woozle.text import visible

BARE = 5_000_000  # bytes of a notebook without its outputs
_SAME_MOMENT = 60  # seconds: what is unpacked at once has times that say nothing


@dataclass(frozen=True)
class Wanted:
    """An assignment as it is known again: its name, its title, the names of its answers."""

    name: str
    title: str
    answers: tuple[str, ...] = ()


@dataclass
class Handed:
    """The notebook that a student handed in for an assignment.

    Attributes
    ----------
    notebook : bytes, optional
        Its content; None where there is none that can be read.
    notes : list of str
        What is to be said of it.
    when : datetime, optional
        When it was handed in, by the `timestamp.txt` that nbgrader writes beside it.
    late : bool
        Whether the platform says that it was late.
    together : tuple of str
        The ids of all whose it is, where it is of more than one.
    written : bool
        Whether an answer is written in it, as far as its text shows.
    """

    notebook: bytes | None = None
    notes: list[str] = field(default_factory=list)
    when: datetime | None = None
    late: bool = False
    together: tuple[str, ...] = ()
    written: bool = True


@dataclass
class HandedIn:
    """All that a student handed in: the notebooks by assignment, and each file that was not read, with the reason."""

    notebooks: dict[str, Handed] = field(default_factory=dict)
    unread: list[tuple[str, str]] = field(default_factory=list)


# Whose is it?


# What is in it?


def read_submission(entries: Sequence[Entry], assignments: Iterable[Wanted]) -> HandedIn:
    """Return what a student handed in, read in a process of its own.

    One notebook counts for each assignment. Of several submissions it is the last: by nbgrader's `timestamp.txt` if all
    have one, else by name (ada.zip, ada_2.zip). Of several copies in one submission it is the one changed last. If the
    times do not tell them apart, it is the one with the highest number in its name, then the outermost. A copy that
    can't be read, or holds no answer, never replaces another.
    """
    job = {
        "what": "read",
        "entries": [asdict(entry) for entry in entries],
        "assignments": [asdict(wanted) for wanted in assignments],
    }
    with tempfile.TemporaryDirectory() as scratch:
        found = bounded(job, Path(scratch))
        if isinstance(found, str):
            return HandedIn(unread=[(entry.name, found) for entry in entries])
        handed = HandedIn(unread=[(name, why) for name, why in found["unread"]])
        for name, facts in found["notebooks"].items():
            path = Path(scratch) / f"{facts['file']}.ipynb"
            when = datetime.fromisoformat(facts["when"]) if facts["when"] else None
            data = path.read_bytes() if facts["file"] else None
            handed.notebooks[name] = Handed(data, facts["notes"], when, facts["late"], tuple(facts["together"]))
    return handed


def main(scratch: Path) -> None:
    """Do the job in a folder, under limits of memory and time."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows knows no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    job = json.loads((scratch / "job.json").read_text("utf-8"))
    if job["what"] == "list":
        people = {facts["id"]: Person(**{**facts, "members": tuple(facts["members"])}) for facts in job["people"]}
        entries, strange = find(Path(job["path"]), people)
        found: Any = [[[who, [asdict(entry) for entry in own]] for who, own in entries.items()], strange]
    else:
        entries = [Entry(**{**facts, "together": tuple(facts["together"])}) for facts in job["entries"]]
        wanted = [Wanted(facts["name"], facts["title"], tuple(facts["answers"])) for facts in job["assignments"]]
        handed = _read_all(entries, wanted)
        found = {"unread": handed.unread, "notebooks": {}}
        for number, (name, one) in enumerate(handed.notebooks.items(), start=1):
            if one.notebook is not None:
                (scratch / f"{number}.ipynb").write_bytes(one.notebook)
            found["notebooks"][name] = {
                "file": number if one.notebook is not None else 0, "notes": one.notes, "late": one.late,
                "when": one.when.isoformat() if one.when else "", "together": one.together,
            }  # fmt: skip
    (scratch / "found.json").write_text(json.dumps(found), "utf-8")


def _read_all(entries: Sequence[Entry], assignments: Sequence[Wanted]) -> HandedIn:
    found, every = HandedIn(), {wanted.name: [] for wanted in assignments}
    for entry in entries:
        by_assignment = _read_entry(entry, assignments, found.unread)
        for name, handed in by_assignment.items():
            every[name].append(handed)
    for name, handed_in in every.items():
        if handed_in:
            found.notebooks[name] = _last(handed_in)
    found.unread = list(dict.fromkeys((_told(name), why) for name, why in found.unread))
    return found


def _last(handed_in: list[Handed]) -> Handed:
    """Return the submission that counts, with the notes of all."""
    whole = [handed for handed in handed_in if handed.notebook is not None]
    whole = [handed for handed in whole if handed.written] or whole  # a blank one takes nothing away
    if not whole:
        return Handed(notes=[note for handed in handed_in for note in handed.notes])
    timed = all(handed.when for handed in whole)
    handed = max(enumerate(whole), key=lambda pair: (pair[1].when, pair[0]) if timed else (pair[0],))[1]
    notes = [note for other in handed_in for note in other.notes]
    if len(whole) > 1:
        notes.append(f"Handed in {len(whole)} times; the last counts.")
    return Handed(handed.notebook, list(dict.fromkeys(notes)), handed.when, handed.late, handed.together)


def _read_entry(entry: Entry, assignments: Sequence[Wanted], unread: list[tuple[str, str]]) -> dict[str, Handed]:
    """Return the notebooks of one submission by assignment; what was not read is added to the list."""
    try:
        files = list(files_of(entry.name, Path(entry.path), entry.inside, unread))
    except BROKEN as error:
        unread.append((entry.name, in_words(error)))
        return {}
    found: dict[str, list[tuple[File, bytes]]] = {}
    notes: dict[str, list[str]] = {}
    for file in files:
        if file.path.name == "timestamp.txt":
            continue
        named = [wanted.name for wanted in assignments if names_assignment(file.path.name, wanted.name)]
        try:
            data = file.read()
        except BROKEN as error:
            unread.append((str(file.path), in_words(error)))
            for name in named:
                notes.setdefault(name, []).append(f"The notebook can't be read: {in_words(error)}.")
            continue
        data = data if len(data) <= BARE else _without_outputs(data)
        if len(data) > BARE or not _is_notebook(data):
            why = (
                f"the notebook has more than {BARE // 1_000_000} MB: take out outputs and large data, "
                "and hand it in again"
                if len(data) > BARE
                else "it is no notebook, or it was cut off"
            )
            unread.append((str(file.path), why))
            for name in named:
                notes.setdefault(name, [])
            continue
        known = _by_content(data, assignments) or (named[0] if named else "")
        if known:
            found.setdefault(known, []).append((file, data))
        else:
            unread.append((str(file.path), "it is the notebook of no assignment"))
    handed: dict[str, Handed] = {}
    for name in dict.fromkeys([*found, *notes]):
        own = Handed(
            notes=notes.get(name, []), late=bool(re.search(r"_LATE_\d+_", entry.name)), together=entry.together
        )
        if copies := found.get(name):
            wanted = next(one for one in assignments if one.name == name)
            file, own.notebook = _newest(copies, wanted, own.notes)
            own.written = _is_written(own.notebook, wanted)
            own.when = _timestamp(files, file.path, own.notes)
        handed[name] = own
    return handed


def _newest(copies: list[tuple[File, bytes]], wanted: Wanted, notes: list[str]) -> tuple[File, bytes]:
    """Return which of several copies counts, and say so: a blank one only where all are."""
    name = wanted.name
    written = [pair for pair in copies if _is_written(pair[1], wanted)] or copies
    times = [file.changed for file, _ in written]
    dated = min(times) > 0 and max(times) - min(times) > _SAME_MOMENT

    def rank(pair: tuple[File, bytes]) -> tuple:
        path = pair[0].path
        return (pair[0].changed if dated else 0, copy_number(path.name, name), -len(path.parts), natural(str(path)))

    chosen = max(written, key=rank)
    others = [str(file.path) for file, data in copies if (file, data) != chosen]
    if others:
        how = "it was changed last" if dated else "by its name it is the last copy"
        how = (
            how
            if len(written) > 1
            else "the other holds no answer"
            if len(others) == 1
            else ("the others hold no answer")
        )
        notes.append(f"We read {_told(str(chosen[0].path))}: {how}. Not read: {', '.join(map(_told, others[:10]))}.")
    return chosen


def _is_notebook(data: bytes) -> bool:
    try:
        facts = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(facts, dict) and any(isinstance(facts.get(key), list) for key in ("cells", "worksheets"))


def _is_written(data: bytes, wanted: Wanted) -> bool:
    """Tell whether a notebook gives any answer a value that is not the three dots it was given out with."""
    if not wanted.answers:
        return True
    sources = _sources(data)
    return any(
        re.search(rf"^\s*{re.escape(name)}\b[^=\n]*=(?!=)(?!\s*\.\.\.\s*$)", source, re.M)
        for source in sources
        for name in wanted.answers
    )


def _without_outputs(data: bytes) -> bytes:
    """Return a notebook without what its cells put out, which may be large pictures; other data as they are."""
    try:
        facts = json.loads(data)
        for cell in facts["cells"]:
            cell.pop("outputs", None)
            cell.pop("attachments", None)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return data
    return json.dumps(facts).encode()


def _sources(data: bytes) -> list[str]:
    """Return the texts of the cells, in any form of notebooks."""
    try:
        facts = json.loads(data)
        cells = facts.get("cells") or [cell for sheet in facts.get("worksheets", ()) for cell in sheet["cells"]]
        return ["".join(cell.get("source", cell.get("input", ""))) for cell in cells if isinstance(cell, dict)]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []


def _by_content(data: bytes, assignments: Sequence[Wanted]) -> str:
    """Return the assignment whose notebook this is, by its title, or else by the names of its answers."""
    sources = _sources(data)
    titled = [wanted for wanted in assignments if any(_heads(source, wanted.title) for source in sources[:5])]
    if len(titled) == 1:
        return titled[0].name
    shares = {
        wanted.name: sum(_assigns(sources, name) for name in wanted.answers) / len(wanted.answers)
        for wanted in assignments
        if wanted.answers
    }
    best = max(shares, key=lambda name: shares[name], default="")
    return best if best and shares[best] >= 0.75 else ""


def _heads(source: str, title: str) -> bool:
    return source.lstrip("# \n\r").casefold().startswith(title.casefold())


def _assigns(sources: Iterable[str], name: str) -> bool:
    return any(re.search(rf"^\s*{re.escape(name)}\s*=", source, re.M) for source in sources)


def _told(name: str) -> str:
    name = " ".join(visible(name).split())
    return name if len(name) <= 120 else f"{name[:60]}…{name[-50:]}"


def _timestamp(files: Iterable[File], notebook: PurePosixPath, notes: list[str]) -> datetime | None:
    """Return when nbgrader's exchange took a submission; a student's own zip can't say it.

    nbgrader writes a date, a time and the zone that its settings name: UTC, an offset, or a name.
    """
    for file in files:
        if file.trusted and file.path == notebook.parent / "timestamp.txt":
            text = file.read()[:60].decode("utf-8", "replace").strip()
            time, _, zone = text.rpartition(" ")
            with contextlib.suppress(ValueError):
                if (moment := datetime.fromisoformat(text)).tzinfo:
                    return moment
            with contextlib.suppress(ValueError, OSError, ZoneInfoNotFoundError):
                if re.fullmatch(r"UTC|GMT|[A-Z][A-Za-z_]+/[A-Za-z_/+-]+", zone):
                    return datetime.fromisoformat(time).replace(tzinfo=ZoneInfo(zone))
            notes.append(
                f"timestamp.txt: we don't know the time zone of '{visible(text)}', so we can't say if it was late. "
                "Set nbgrader to UTC."
            )
    return None


if __name__ == "__main__":
    main(Path(sys.argv[1]))
