"""A made-up class: its course, and notebooks as students hand them in."""

from __future__ import annotations

import copy
import functools
import json
from pathlib import Path

from woozle.classroom.answers import read_answers
from woozle.classroom.assignments import Assignment, find_assignments, open_assignment
from woozle.classroom.course import Course
from woozle.classroom.entries import Entry, find_entries
from woozle.classroom.grade import Grader
from woozle.classroom.names import Person
from woozle.classroom.release import released_notebook
from woozle.classroom.roster import Student
from woozle.classroom.submissions import Handed, HandedIn, Wanted, read_submission

KEY = bytes(range(32))


def assignments(root: Path) -> dict[int, Assignment]:
    return dict(enumerate(find_assignments(root), start=1))


def course(*students: str) -> Course:
    return Course({name: Student(name) for name in students}, KEY)


def released(assignment: Assignment) -> dict:
    return json.loads(_released(assignment.folder))


@functools.cache
def _released(folder: Path) -> str:
    return json.dumps(released_notebook(open_assignment(folder)))


def model(assignment: Assignment) -> dict[str, str]:
    """Return the model answer to each item, by name."""
    return read_answers(assignment)


def auto(assignment: Assignment) -> float:
    """Return the points that no person gives."""
    return sum(item.points for item in assignment.items if item.kind != "essay")


def filled(assignment: Assignment, answers: dict[str, str]) -> dict:
    """Return the released notebook with some cells filled in."""
    notebook = copy.deepcopy(released(assignment))
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell["source"] = answers[name]
    return notebook


def hand_in(folder: Path, student: str, assignment: Assignment, notebook: dict | bytes) -> Path:
    path = folder / student / f"{assignment.name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode())
    return path


def grade(root: Path, submissions: Path, out: Path, who: Course, only: tuple[int, ...] = (1, 2, 3, 4), **options):
    """Return what comes of grading: by student and number of the assignment, and all of it."""
    chosen = [assignments(root)[number] for number in only]
    with Grader(chosen, who, out, **options) as grader:
        done = grader.grade(submissions, 3)
    return {(found.student, int(found.assignment.name[0])): found for found in done.graded}, done


def people(students: dict[str, str]) -> dict[str, Person]:
    """Return persons by id, of ids and names."""
    return {key: Person(key, name) for key, name in students.items()}


def owned(folder: Path, students: dict[str, str]) -> tuple[dict[str, list[Entry]], list[str]]:
    """Return what belongs to whom, and the names of what belongs to nobody."""
    return find_entries(folder, people(students))


def read(entries: list[Entry] | list[Path], *names: str) -> HandedIn:
    """Return what was handed in, for assignments that are known by their names alone."""
    found = [entry if isinstance(entry, Entry) else Entry(entry.name, str(entry)) for entry in entries]
    return read_submission(found, [Wanted(name, f"Title of {name}") for name in names])


def notebook_in(entries: list[Entry] | list[Path], name: str) -> Handed | None:
    """Return what was handed in for one assignment."""
    return read(entries, name).notebooks.get(name)


def marked(text: str) -> bytes:
    """Return a notebook that holds nothing but a mark to know it by."""
    return json.dumps({"cells": [], "mark": text}).encode()
