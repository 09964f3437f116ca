"""What notebooks came to: read from the sandbox with no trust in it, scored, and kept so that nothing is run twice."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from woozle.classroom import sandbox
from woozle.classroom.assignments import Assignment
from woozle.classroom.scoring import Score, score
from woozle.classroom.work import Work
from woozle.files import write_whole
from woozle.text import visible

RUNS = "runs"  # the folder


@dataclass
class Run:
    """What a notebook came to in the sandbox.

    Attributes
    ----------
    values : dict
        The answer by item; an item whose cell did not run is missing.
    texts, errors : dict
        What its cells printed, and their errors, by item.
    notes : list of str
        Notes for the teacher and the student.
    essays : dict
        The texts of essays, by item.
    unsafe : bool
        It was run without a sandbox.
    settled : bool
        Whether another run would give the same. False if the machine ran out of memory, or the notebook did not start.
    key : str
        A hash of the notebook and of everything that its run depends on.
    """

    values: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    essays: dict[str, str] = field(default_factory=dict)
    unsafe: bool = False
    settled: bool = True
    key: str = ""


@dataclass
class Graded:
    """An assignment of a student, graded.

    Attributes
    ----------
    student : str
        The id.
    assignment : Assignment
        What was asked.
    run : Run, optional
        What the notebook came to; None where nothing was handed in.
    scores : dict of str to Score
        By item that is graded here.
    late : bool, optional
        Whether it came after it was due; None where that is not known.
    case : str
        Whose case it was graded with: of those who handed in together the one that fits.
    together : tuple of str
        The ids of all who handed it in, where there was more than one.
    """

    student: str
    assignment: Assignment
    run: Run | None = None
    scores: dict[str, Score] = field(default_factory=dict)
    late: bool | None = None
    case: str = ""
    together: tuple[str, ...] = ()

    @property
    def writer(self) -> str:
        """Under whose id a text is graded: of those who handed in together the first."""
        return self.together[0] if self.together else self.student

    @property
    def points(self) -> float:
        """The points of all items that are graded here."""
        return round(sum(score.points for score in self.scores.values()), 2)


def read_run(ending: sandbox.Ending, code: Sequence[str], work: Work, unsafe: bool) -> Run:
    """Return what the sandbox handed out, none of it believed: known items, plain values."""
    run = Run(notes=list(work.notes), essays={name: visible(text) for name, text in work.texts.items()}, unsafe=unsafe)
    done = started = False
    for line in ending.output.split(b"\n"):
        try:
            facts = _plain(json.loads(line)) if len(line) < 200_000 else None
        except (ValueError, RecursionError):
            continue
        if not isinstance(facts, dict):
            continue
        done, started = done or facts.get("done") is True, started or facts.get("started") is True
        name = facts.get("item")
        if isinstance(name, str) and name in code and facts.get("at_the_end") is True:
            if facts.get("value") is not None and run.values.get(name) is None:
                run.values[name] = facts["value"]
        elif isinstance(name, str) and name in code and (name not in run.values or facts.get("value") is not None):
            run.values[name] = facts.get("value")
            run.texts[name], run.errors[name] = _text(facts.get("text")), _text(facts.get("error"))
        elif isinstance(facts.get("failed"), int):
            run.notes.append(f"Cell {facts['failed']} of those that we ran failed: {_text(facts.get('error'))[:200]}")
    if ending.stopped:
        run.notes.append(f"The notebook was stopped: {ending.stopped}. What was answered before counts.")
    elif not done:
        ended = "The notebook stopped running before its last cell. What was answered before counts."
        run.notes.append(ended if started else "The notebook could not be started.")
    run.notes = list(map(as_note, run.notes[:50]))
    run.settled = started and ending.stopped != sandbox.LOW_MEMORY
    return run


def as_note(text: str) -> str:
    """Return a note as it can be written and read: names of files may be anything."""
    text = visible(text.encode("utf-8", "replace").decode())
    return text if len(text) <= 300 else f"{text[:300]}…"


def _text(value: object) -> str:
    return visible(value[:4000]) if isinstance(value, str) else ""


def _plain(value: object) -> object:
    """Return a value of JSON whose texts can be written: half a surrogate pair can't."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return {_plain(key): _plain(entry) for key, entry in value.items()} if isinstance(value, dict) else value


def no_scores(assignment: Assignment) -> dict[str, Score]:
    """Return the scores of an assignment that was not handed in."""
    return {item.name: score(item, None, None) for item in assignment.items if item.kind != "essay"}


def kept_run(path: Path) -> tuple[Run | None, Mapping[str, Any]]:
    """Return what was kept of an earlier grading: the run and what is told of it."""
    try:
        facts = json.loads(path.read_text("utf-8"))
        return Run(**facts["run"]), facts
    except (OSError, ValueError, KeyError, TypeError):
        return None, {}


def keep_run(path: Path, work: Graded) -> None:
    """Keep a run and what is told of it; the file is written only where it changes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    facts = {"run": asdict(work.run or Run()), "late": work.late, "case": work.case, "together": list(work.together)}
    text = json.dumps(facts, ensure_ascii=False, indent=1) + "\n"
    if not path.exists() or path.read_text("utf-8") != text:
        write_whole(path, text)
