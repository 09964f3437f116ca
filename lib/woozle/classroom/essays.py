"""The texts that a person grades: one row for each line of a rubric, clicked on a page or filled in in a table."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from woozle.classroom.assignments import Assignment, Criterion, Task
from woozle.classroom.roster import at_row, id_as_meant, read_csv
from woozle.classroom.runs import Graded
from woozle.errors import WoozleError
from woozle.files import whole
from woozle.page.outputs import cell_for_csv

FILE = "essays.csv"
CLICKED = "essays.json"  # what the page saves
COLUMNS = ("student", "assignment", "item", "criterion", "most", "points", "comment", "text")


@dataclass(frozen=True)
class Mark:
    """What a person gave for one line of a rubric; no points: not graded yet."""

    criterion: Criterion
    points: float | None = None
    comment: str = ""


Marks = dict[tuple[str, str, str], list[Mark]]  # by student, assignment, item


def read_marks(
    folder: Path, assignments: Iterable[Assignment], students: Collection[str]
) -> tuple[dict[tuple, dict[str, str]], Marks]:
    """Return the rows of `essays.csv` by student, assignment, item and criterion, and the marks in them.

    Points that were clicked on the page (`essays.json`) replace those in the table.

    Raises
    ------
    WoozleError
        A row is wrong, appears twice, or has an id that a spreadsheet changed; the message names each row, with
        column and value.
    """
    criteria = {
        (assignment.name, item.name, criterion.name): criterion
        for assignment in assignments
        for item in assignment.items
        for criterion in item.rubric
    }
    rows: dict[tuple, dict[str, str]] = {}
    faults: list[str] = []
    table = folder / FILE
    for number, row in enumerate(read_csv(table) if table.exists() else [], start=2):
        try:
            key = _key_of(row, criteria, students)
            points_in(row["points"], criteria[key[1:]].points)
            if key in rows:
                raise WoozleError(f"{', '.join(key[:3])}: '{key[3]}' appears twice. Delete one of the rows.")
            rows[key] = row | {"student": key[0], "comment": _as_written((row["comment"] or "").strip())}
        except WoozleError as error:
            faults.append(at_row(table, number, error))
    for number, mark in enumerate(_clicked(folder / CLICKED), start=1):
        try:
            key = _key_of(mark, criteria, students)
            points_in(mark["points"], criteria[key[1:]].points)
            rows[key] = rows.get(key, {}) | mark | {"student": key[0]}
        except WoozleError as error:
            faults.append(f"{folder / CLICKED}, mark {number}: {error}")
    if faults:
        raise WoozleError("\n".join(faults))
    marks: Marks = {}
    for key, row in rows.items():
        criterion = criteria[key[1:]]
        mark = Mark(criterion, points_in(row["points"], criterion.points), row["comment"])
        marks.setdefault(key[:3], []).append(mark)
    return rows, marks


def _key_of(row: Mapping[str, str], criteria: Collection[tuple], students: Collection[str]) -> tuple:
    """Return whose mark a row is, and for what."""
    if missing := [name for name in COLUMNS if row.get(name) is None]:
        raise WoozleError(f"the column '{missing[0]}' is missing.")
    if (row["assignment"], row["item"], row["criterion"]) not in criteria:
        raise WoozleError(f"column criterion: there is no '{row['criterion']}' in the rubric.")
    return id_as_meant(row["student"], students), row["assignment"], row["item"], row["criterion"]


def _clicked(path: Path) -> list[dict[str, str]]:
    """Return the marks that were given on the page."""
    if not path.exists():
        return []
    try:
        marks = json.loads(path.read_text("utf-8"))["marks"]
        return [{name: str(mark.get(name, "")) for name in COLUMNS} for mark in marks]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WoozleError(f"{path} can't be read. Save it again from essays.html. ({error})") from error


def _as_written(text: str) -> str:
    """Return a comment without the apostrophe that keeps a spreadsheet from computing it."""
    return text[1:] if text.startswith("'") and cell_for_csv(text[1:]) == text else text


def points_in(text: str, most: float) -> float | None:
    """Return the points that a cell holds, with a point or a comma; None where it is empty.

    Raises
    ------
    WoozleError
        It is no number from 0 to the most that can be had.
    """
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        points = float(text)
    except ValueError:
        points = -1.0
    if not 0 <= points <= most:
        raise WoozleError(f"column points: '{text}' is not a number from 0 to {most:g}.")
    return points


def text_digest(text: str) -> str:
    """Return what tells a text from another that was handed in later."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def write_essays(path: Path, graded: Iterable[Graded], rows: dict[tuple, dict[str, str]]) -> list[str]:
    """Write a row for each text and line of its rubric, keep what was filled in, and return warnings about changes."""
    changed, lines, kept = [], [], dict(rows)
    for work in graded:
        for item in work.assignment.items:
            if item.kind != "essay" or not work.run or work.writer != work.student:
                continue
            name = f"{work.student}, {work.assignment.name}, {item.name}"
            if text := work.run.essays.get(item.name):
                told = _lines(work, item, text_digest(text), kept)
                lines += told
                if any(line["points"] and line["text"] != text_digest(text) for line in told):
                    changed.append(f"{name}: another text was handed in after you graded it. Your points stand.")
            elif any(_key(work, item, criterion) in kept and kept[_key(work, item, criterion)]["points"]
                     for criterion in item.rubric):  # fmt: skip
                changed.append(f"{name}: the text that you graded is gone. Its points stay in {FILE} and do not count.")
    lines += [row for row in kept.values() if row.get("points") or row.get("comment")]  # nothing of a person is lost
    with whole(path) as fresh, fresh.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for line in lines:  # "id:" keeps a spreadsheet from making 7 of 007
            writer.writerow([f"id:{line['student']}", *(cell_for_csv(line.get(name, "")) for name in COLUMNS[1:])])
    return changed


def _key(work: Graded, item: Task, criterion: Criterion) -> tuple[str, str, str, str]:
    return work.student, work.assignment.name, item.name, criterion.name


def _lines(work: Graded, item: Task, text: str, kept: dict) -> list[dict[str, str]]:
    lines = []
    for criterion in item.rubric:
        row = kept.pop(_key(work, item, criterion), {})
        facts = dict(zip(COLUMNS, _key(work, item, criterion), strict=False)) | {"most": f"{criterion.points:g}"}
        given = {"points": row.get("points", ""), "comment": row.get("comment", "")}
        lines.append(facts | {"text": row["text"] if row.get("points") else text} | given)
    return lines
