"""A class as it stands: what was handed in, what persons gave, and what it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from woozle.classroom.assignments import Assignment, Task
from woozle.classroom.course import Course
from woozle.classroom.essays import Mark, Marks
from woozle.classroom.overrides import Overrides
from woozle.classroom.runs import Graded
from woozle.text import visible


@dataclass(frozen=True)
class Book:
    """The results of a class so far: what was handed in, the points that teachers gave, and what was not read.

    Attributes
    ----------
    assignments : sequence of Assignment
        Those that anybody handed in, or that the teacher asked to grade.
    course : Course
        The students, the key and the due dates.
    graded : sequence of Graded
        One entry for each student and assignment.
    marks, overrides : mapping
        The points that a teacher gave for texts, and those that replace computed points.
    unread : sequence of tuple
        Student, file, and why it was not read.
    strange : sequence of str
        The names of files and folders that match no student.
    """

    assignments: Sequence[Assignment]
    course: Course
    graded: Sequence[Graded]
    marks: Marks = field(default_factory=dict)
    overrides: Overrides = field(default_factory=dict)
    unread: Sequence[tuple[str, str, str]] = ()
    strange: Sequence[str] = ()

    def called(self, student: str) -> str:
        """Return a student as a teacher knows them: by the name, with the id behind it; all of it visible text."""
        known = self.course.students.get(student)
        return visible(f"{known.name} ({student})" if known and known.name else student)

    def of(self, student: str) -> list[Graded]:
        """Return the work of a student."""
        return [work for work in self.graded if work.student == student]

    def counts(self, work: Graded) -> bool:
        """Tell whether there is anything of an assignment: it was handed in, or a person gave points for it."""
        return bool(work.run) or any(key[:2] == (work.student, work.assignment.name) for key in self.overrides)

    def item_points(self, work: Graded, item: Task) -> float | None:
        """Return the points of an item; None where a text waits for a person."""
        if changed := self.overrides.get((work.student, work.assignment.name, item.name)):
            return changed.points
        if item.kind != "essay":
            return work.scores[item.name].points
        if work.run and not work.run.essays.get(item.name):  # what was given for a text that is gone does not count
            return 0.0
        given = self.marks_of(work, item)
        if given and all(mark.points is not None for mark in given):
            return sum(mark.points or 0 for mark in given)
        return None if work.run else 0.0

    def marks_of(self, work: Graded, item: Task) -> list[Mark]:
        """Return the marks that a teacher gave for a text; the members of a group share those of the first."""
        return self.marks.get((work.writer, work.assignment.name, item.name), [])

    def waits_for_day(self, work: Graded) -> bool:
        """Tell whether nothing of an assignment is there, and it is not due yet: then it costs nothing."""
        due = self.course.due.get(work.assignment.name)
        return bool(due) and not self.counts(work) and datetime.now(UTC) < due

    def standing(self, work: Graded) -> Standing:
        """Return how a piece of work stands."""
        if self.waits_for_day(work):
            return Standing(0, 0)
        points = {item.name: self.item_points(work, item) for item in work.assignment.items}
        waits = sum(item.points for item in work.assignment.items if points[item.name] is None)
        got = sum(value or 0 for value in points.values())
        return Standing(round(got, 2), round(work.assignment.points - waits, 2), round(waits, 2))


@dataclass(frozen=True)
class Standing:
    """Points, out of how many that are graded, and how many more wait for a person.

    Examples
    --------
    >>> print(Standing(69, 79, 10)), print(Standing(9, 22, 0)), print(Standing(1, 1, 0))
    69 of 79 points; 10 more wait for your teacher
    9 of 22 points
    1 of 1 point
    (None, None, None)
    """

    points: float
    most: float
    waits: float = 0.0

    def __add__(self, other: Standing) -> Standing:
        return Standing(
            round(self.points + other.points, 2), round(self.most + other.most, 2), round(self.waits + other.waits, 2)
        )

    def __str__(self) -> str:
        more = f"; {self.waits:g} more wait{'s' * (self.waits == 1)} for your teacher" if self.waits else ""
        return f"{self.points:g} of {self.most:g} point{'s' * (self.most != 1)}{more}"
