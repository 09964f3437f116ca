"""What comes of grading: pages for each student, one over the class, one table, files for Moodle and Canvas."""

from __future__ import annotations

import csv
from pathlib import Path

from woozle.classroom.book import Book, Standing
from woozle.classroom.feedback import feedback_page, texts_page
from woozle.classroom.lms import write_exports
from woozle.classroom.overview import overview_page
from woozle.classroom.runs import Graded
from woozle.files import whole
from woozle.page.outputs import cell_for_csv
from woozle.text import visible

FEEDBACK, TEACHER, OVERVIEW, TABLE, TEXTS = "feedback", "teacher", "class.html", "grades.csv", "essays.html"


def write_results(out: Path, book: Book) -> None:
    """Write all results but the gradebook into a folder; the same submissions give the same bytes."""
    for folder, for_teacher in ((FEEDBACK, False), (TEACHER, True)):
        (out / folder).mkdir(parents=True, exist_ok=True)
        for student in book.course.students.values():
            _write(out / folder / f"{student.id}.html", feedback_page(student, book, for_teacher))
    _write(out / OVERVIEW, overview_page(book))
    _write(out / TEXTS, texts_page(book))
    write_table(out / TABLE, book)
    write_exports(out, book)


def write_table(path: Path, book: Book) -> None:
    """Write one row a student: id, name, email, points by assignment, total, most, waiting, remarks."""
    names = [assignment.name for assignment in book.assignments]
    columns = ["id", "name", "email", *names, "total", "most", "waiting", "remarks"]
    with whole(path) as fresh, fresh.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for student in book.course.students.values():
            works = book.of(student.id)
            total = sum((book.standing(work) for work in works), Standing(0, 0))
            points = [f"{book.standing(work).points:g}" if book.counts(work) else "" for work in works]
            remarks = "; ".join(remark for work in works for remark in _remarks(book, work))
            facts = [f"{value:g}" for value in (total.points, total.most, total.waits)]
            writer.writerow(
                map(cell_for_csv, [student.id, visible(student.name), student.email, *points, *facts, remarks])
            )


def _remarks(book: Book, work: Graded) -> list[str]:
    name = work.assignment.name
    changed = [key[2] for key in book.overrides if key[:2] == (work.student, name)]
    remarks = {
        "not handed in": not work.run and not book.waits_for_day(work),
        "not due yet": book.waits_for_day(work),
        "late": work.late is True,
        "a text waits for a person": bool(work.run) and book.standing(work).waits > 0,
        "run without a sandbox": bool(work.run and work.run.unsafe),
        f"changed by a person: {', '.join(changed)}": bool(changed),
        f"together with {', '.join(one for one in work.together if one != work.student)}": bool(work.together),
    }
    return [f"{name}: {words}" for words, holds in remarks.items() if holds]


def _write(path: Path, text: str) -> None:
    from woozle.report.store import write_text

    write_text(path, text)
