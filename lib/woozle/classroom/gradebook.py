"""nbgrader's gradebook: scores filled in as those of a person, so that nothing of its own scoring counts."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

from woozle.classroom.assignments import Assignment
from woozle.classroom.book import Book
from woozle.classroom.course import Course
from woozle.classroom.release import nbgrader
from woozle.classroom.runs import Graded

FILE = "gradebook.db"


def write_gradebook(path: Path, book: Book) -> None:
    """Write a gradebook anew: students, assignments, and of each submission the points and a comment by cell."""
    nbgrader()
    from nbgrader.api import Gradebook

    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        fresh = Path(scratch) / FILE
        with warnings.catch_warnings(), _alembic_found(), Gradebook(f"sqlite:///{fresh}") as grades:
            warnings.filterwarnings("ignore", "Object of type", module="nbgrader")  # its own order of adding
            for assignment in book.assignments:
                _add_assignment(grades, assignment, book.course)
            for student in book.course.students.values():
                first, _, last = student.name.rpartition(" ")
                facts: dict[str, Any] = {"first_name": first, "last_name": last, "email": student.email or None}
                grades.update_or_create_student(student.id, **facts)
            for work in book.graded:
                if work.run:
                    _add_submission(grades, work, book)
        fresh.replace(path)


@contextlib.contextmanager
def _alembic_found() -> Iterator[None]:
    """Let nbgrader find the program `alembic`, which it starts for a new gradebook, where this Python has it."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = f"{Path(sys.prefix) / 'bin'}{os.pathsep}{before}"
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _add_assignment(grades, assignment: Assignment, course: Course) -> None:
    due = course.due.get(assignment.name)
    # nbgrader keeps moments in UTC, without a zone.
    grades.update_or_create_assignment(
        assignment.name, duedate=due.astimezone(UTC).replace(tzinfo=None) if due else None
    )
    grades.update_or_create_notebook(assignment.name, assignment.name)
    for item in assignment.items:
        kind = "markdown" if item.kind == "essay" else "code"
        place = (item.name, assignment.name, assignment.name)
        grades.update_or_create_grade_cell(*place, max_score=item.points, cell_type=kind)
        grades.update_or_create_solution_cell(*place)
        grades.update_or_create_source_cell(*place, cell_type=kind, locked=False)


def _add_submission(grades, work: Graded, book: Book) -> None:
    name = work.assignment.name
    grades.update_or_create_submission(name, work.student)
    for item in work.assignment.items:
        grade = grades.find_grade(item.name, name, name, work.student)
        comment = grades.find_comment(item.name, name, name, work.student)
        points = book.item_points(work, item)
        has_text = item.kind != "essay" or bool(work.run and work.run.essays.get(item.name))
        grade.manual_score = points if has_text or points else None
        grade.needs_manual_grade = points is None
        changed = book.overrides.get((work.student, name, item.name))
        if changed:
            comment.manual_comment = f"Changed by your teacher: {changed.reason}"
        elif item.kind == "essay":
            given = book.marks.get((work.student, name, item.name), [])
            comment.manual_comment = (
                "\n".join(f"{mark.criterion.name}: {mark.comment}" for mark in given if mark.comment) or None
            )
        else:
            score = work.scores[item.name]
            mark = " [run without a sandbox]" if work.run and work.run.unsafe else ""
            comment.manual_comment = f"{score.told} {score.hint}".strip() + mark
    grades.db.commit()
