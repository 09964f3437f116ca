"""The texts that a person grades: one table with a row for each line of a rubric, to be filled in and read again."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from woozle.classroom.assignments import Assignment, Criterion, Task
from woozle.classroom.course import is_one_number, read_csv
from woozle.classroom.grade import Graded
from woozle.errors import WoozleError
from woozle.files import whole
from woozle.page.outputs import cell_for_csv

FILE = "essays.csv"
_COLUMNS = ("student", "assignment", "item", "criterion", "most", "points", "comment", "text")


@dataclass(frozen=True)
class Mark:
    """What a person gave for one line of a rubric; no points: not graded yet."""

    criterion: Criterion
    points: float | None = None
    comment: str = ""


Marks = dict[tuple[str, str, str], list[Mark]]  # by student, assignment, item


def read_marks(
    path: Path, assignments: Iterable[Assignment], students: Collection[str]
) -> tuple[dict[tuple, dict[str, str]], Marks]:
    """Return the rows of the table by their key, and the marks in them.

    Raises
    ------
    WoozleError
        A row is wrong, stands twice, or names a student as a spreadsheet has changed the id; the message names row,
        column and value.
    """
    criteria = {
        (assignment.name, item.name, criterion.name): criterion
        for assignment in assignments
        for item in assignment.items
        for criterion in item.rubric
    }
    rows: dict[tuple, dict[str, str]] = {}
    marks: Marks = {}
    if not path.exists():
        return rows, marks
    found = read_csv(path)
    for number, row in enumerate(found, start=2):
        if missing := [name for name in _COLUMNS if row.get(name) is None]:
            raise WoozleError(f"{path}, row {number}: the column '{missing[0]}' is missing.")
        criterion = criteria.get((row["assignment"], row["item"], row["criterion"]))
        if criterion is None:
            raise WoozleError(
                f"{path}, row {number}, column criterion: there is no '{row['criterion']}' in the rubric."
            )
        key = (row["student"], row["assignment"], row["item"])
        meant = next((name for name in students if is_one_number(name, row["student"])), "")
        if row["student"] not in students and not meant and re.fullmatch(r"\d(\.\d+)?E\+\d+", row["student"], re.I):
            raise WoozleError(
                f"{path}, row {number}, column student: '{row['student']}' is what a spreadsheet made of a long id. "
                "Write the id again, and save the column as text."
            )
        if row["student"] not in students and meant:
            raise WoozleError(
                f"{path}, row {number}, column student: '{row['student']}' is not in the roster. A spreadsheet made it "
                f"of '{meant}'. Write '{meant}' again, and save the column as text."
            )
        if (*key, criterion.name) in rows:
            raise WoozleError(
                f"{path}, row {number}: {', '.join(key)}: '{criterion.name}' stands twice. Delete one of the rows."
            )
        row["comment"] = _as_written(row["comment"].strip())
        mark = Mark(criterion, _points(path, number, row["points"], criterion.points), row["comment"])
        rows[(*key, criterion.name)] = row
        marks.setdefault(key, []).append(mark)
    return rows, marks


def _as_written(text: str) -> str:
    """Return a comment without the apostrophe that keeps a spreadsheet from computing it."""
    return text[1:] if text.startswith("'") and cell_for_csv(text[1:]) == text else text


def _points(path: Path, number: int, text: str, most: float) -> float | None:
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        points = float(text)
    except ValueError:
        points = -1.0
    if not 0 <= points <= most:
        raise WoozleError(f"{path}, row {number}, column points: '{text}' is not a number from 0 to {most:g}.")
    return points


def write_essays(path: Path, graded: Iterable[Graded], rows: dict[tuple, dict[str, str]]) -> list[str]:
    """Write a row for each text handed in, keep what was filled in, and return whose text has changed since."""
    changed, lines, kept = [], [], dict(rows)
    for work in graded:
        for item in work.assignment.items:
            if item.kind == "essay" and work.run and work.run.essays.get(item.name):
                text = hashlib.sha256(work.run.essays[item.name].encode()).hexdigest()[:12]
                lines += _lines(work, item, text, kept, changed)
    lines += list(kept.values())  # of students that are not in the roster any more: nothing is lost
    with whole(path) as fresh, fresh.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows({name: cell_for_csv(value) for name, value in line.items()} for line in lines)
    return changed


def _lines(work: Graded, item: Task, text: str, kept: dict, changed: list[str]) -> list[dict[str, str]]:
    lines = []
    for criterion in item.rubric:
        row = kept.pop((work.student, work.assignment.name, item.name, criterion.name), {})
        if row.get("points") and row["text"] != text:
            changed.append(f"{work.student}, {work.assignment.name}, {item.name}: {criterion.name}")
        facts = {
            "student": work.student,
            "assignment": work.assignment.name,
            "item": item.name,
            "criterion": criterion.name,
        }
        given = {"points": row.get("points", ""), "comment": row.get("comment", "")}
        lines.append(
            facts | {"most": f"{criterion.points:g}", "text": row["text"] if row.get("points") else text} | given
        )
    return lines
