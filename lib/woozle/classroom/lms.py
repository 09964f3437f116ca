"""Grade books as Moodle and Canvas take them in: their own columns from the roster, and one for each assignment."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from woozle.classroom.assignments import Assignment
from woozle.classroom.roster import Student, canvas_columns, moodle_columns
from woozle.files import whole
from woozle.page.outputs import cell_for_csv
from woozle.text import visible

if TYPE_CHECKING:
    from woozle.classroom.book import Book

MOODLE, CANVAS = "moodle.csv", "canvas.csv"


def write_exports(out: Path, book: Book) -> None:
    """Write `moodle.csv`; if the roster is a grade book from Canvas, also `canvas.csv`.

    Where nothing was handed in, an import changes nothing: the cell is empty for Moodle, and keeps the old grade for
    Canvas. Points for texts that are not graded yet are left out.
    """
    _write(out / MOODLE, _for_moodle(book))
    if canvas_columns(book.course.columns):
        _write(out / CANVAS, _for_canvas(book))


def _for_moodle(book: Book) -> Iterable[Sequence[str]]:
    """Yield the rows for Moodle's import of grades: who it is in Moodle's own columns, then the points.

    Only columns that are filled in every row are there: Moodle gives the points of a row whose cell is empty to the
    student of the row before.
    """
    own = moodle_columns(book.course.columns)
    rows = []
    for student in book.course.students.values():
        points = _points(book, student)
        who = {column: student.row.get(column, "") for column in own}
        who = who or {"ID number": student.id, "Email address": student.email}
        for member in student.members:
            rows.append(({"Email address" if "@" in member else "ID number": member}, points))
        if not student.members:
            rows.append((who, points))
    named = list(dict.fromkeys(column for who, _ in rows for column in who))
    header = [column for column in named if all(who.get(column, "").strip() for who, _ in rows)] or named
    yield [*header, *(assignment.title for assignment in book.assignments)]
    yield from ([*(who.get(column, "") for column in header), *points] for who, points in rows)


def _for_canvas(book: Book) -> Iterable[Sequence[str]]:
    """Yield the rows for Canvas's import: Canvas's own columns in its order, then one for each of our assignments.

    If Canvas has an assignment already, we use its name and number; otherwise Canvas offers to create it. Where
    nothing was handed in, the grade from the roster stays, because Canvas would clear a grade for an empty cell.
    """
    own = canvas_columns(book.course.columns)
    there = [_column_of(assignment, book.course.columns) for assignment in book.assignments]
    yield [*own, *(column or one.title for column, one in zip(there, book.assignments, strict=True))]
    blank = [""] * (len(own) - 1)
    yield ["    Points Possible", *blank, *(f"{assignment.points:g}" for assignment in book.assignments)]
    for student in book.course.students.values():
        points = [now or student.row.get(column, "") for now, column in zip(_points(book, student), there, strict=True)]
        yield [*(student.row.get(column, "") for column in own), *points]


def _column_of(assignment: Assignment, columns: Iterable[str]) -> str:
    """Return the column of Canvas's grade book that is called as the assignment; its number stands behind it."""
    names = {_plain(assignment.title), _plain(assignment.name)}
    for column in columns:
        if _plain(re.sub(r"\(\d+\)\s*$", "", column)) in names:
            return column
    return ""


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _points(book: Book, student: Student) -> list[str]:
    by_name = {work.assignment.name: work for work in book.of(student.id)}
    works = [by_name.get(assignment.name) for assignment in book.assignments]
    return [f"{book.standing(work).points:g}" if work and book.counts(work) else "" for work in works]


def _write(path: Path, rows: Iterable[Sequence[str]]) -> None:
    with whole(path) as fresh, fresh.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows([_cell(cell) for cell in row] for row in rows)


def _cell(text: str) -> str:
    """Return a cell that no spreadsheet computes; the blanks before Canvas's own words stay."""
    return text if text.strip() == "Points Possible" else cell_for_csv(visible(text))
