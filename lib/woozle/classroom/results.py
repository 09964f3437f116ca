"""What comes of grading: pages for each student, one over the class, one table, files for Moodle and Canvas."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from woozle.classroom.assignments import Assignment, Task
from woozle.classroom.course import Course
from woozle.classroom.essays import Mark, Marks, text_digest
from woozle.classroom.exports import write_exports
from woozle.classroom.grade import Graded, Run
from woozle.classroom.overrides import Overrides
from woozle.classroom.roster import Student
from woozle.files import whole
from woozle.page.outputs import cell_for_csv
from woozle.text import visible

FEEDBACK, TEACHER, OVERVIEW, TABLE, TEXTS = "feedback", "teacher", "class.html", "grades.csv", "essays.html"
HARD, EASY = 0.35, 0.95  # mean shares below and above which an item is told apart
_SHOWN = 400  # letters of an answer
_ALIEN = 2  # documents of another's case: one may be a slip


@dataclass(frozen=True)
class Book:
    """A class as it stands: what was handed in by now, what persons gave, and what was not read.

    Attributes
    ----------
    assignments : sequence of Assignment
        Those that anybody handed in.
    course : Course
        Who is in it.
    graded : sequence of Graded
        By student and assignment.
    marks, overrides : mapping
        What persons gave for texts, and in the place of what was worked out.
    unread : sequence of tuple
        Student, file, and why it was not read.
    strange : sequence of str
        The names of what belongs to nobody.
    """

    assignments: Sequence[Assignment]
    course: Course
    graded: Sequence[Graded]
    marks: Marks = field(default_factory=dict)
    overrides: Overrides = field(default_factory=dict)
    unread: Sequence[tuple[str, str, str]] = ()
    strange: Sequence[str] = ()

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
        given = self.marks.get((work.student, work.assignment.name, item.name), [])
        if given and all(mark.points is not None for mark in given):
            return sum(mark.points or 0 for mark in given)
        return None if work.run and work.run.essays.get(item.name) else 0.0

    def standing(self, work: Graded) -> Standing:
        """Return how a piece of work stands."""
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


def feedback_page(student: Student, book: Book, for_teacher: bool = False) -> str:
    """Return the page for one student: what was right, hints, what a person said; sealed as reports are.

    For a teacher also with each right answer.
    """
    from woozle.page.html import render, sealed

    parts, total = [], Standing(0, 0)
    for work in book.of(student.id):
        standing = book.standing(work)
        total += standing
        right = work.assignment.personal(book.course.key, work.case or student.id).answers if for_teacher else {}
        parts.append(
            {
                "title": work.assignment.title,
                "name": work.assignment.name,
                "standing": str(standing),
                "late": work.late,
                "handed": book.counts(work),
                "notes": work.run.notes if work.run else [],
                "unsafe": bool(work.run and work.run.unsafe),
                "questions": [_item(book, work, item, right) for item in work.assignment.items]
                if book.counts(work)
                else [],
            }
        )
    name = student.name or student.id
    page = render(
        "feedback.html.j2",
        title=f"{'Answers and points of' if for_teacher else 'Feedback for'} {visible(name)}",
        parts=parts,
        total=str(total),
        unread=[{"name": visible(file), "why": why} for who, file, why in book.unread if who == student.id],
        for_teacher=for_teacher,
    )
    return sealed(page)


def _item(book: Book, work: Graded, item: Task, right: Mapping[str, Any]) -> dict[str, Any]:
    run = work.run or Run()
    points = book.item_points(work, item)
    facts: dict[str, Any] = {
        "title": item.title,
        "name": item.name,
        "most": f"{item.points:g}",
        "points": "–" if points is None else f"{points:g}",
        "essay": item.kind == "essay",
    }
    if changed := book.overrides.get((work.student, work.assignment.name, item.name)):
        before = f"{work.scores[item.name].points:g}" if item.name in work.scores else ""
        by = " ".join(
            filter(None, [f"by {changed.by}" if changed.by else "", f"on {changed.when}" if changed.when else ""])
        )
        facts["changed"] = {"reason": visible(changed.reason), "by": visible(by), "before": before}
    if item.kind == "essay":
        given = {m.criterion.name: m for m in book.marks.get((work.student, work.assignment.name, item.name), [])}
        rubric = [
            {
                "name": criterion.name,
                "told": criterion.told,
                "most": f"{criterion.points:g}",
                "points": f"{given[criterion.name].points:g}" if _is_marked(given, criterion.name) else "–",
                "comment": visible(given[criterion.name].comment) if criterion.name in given else "",
            }
            for criterion in item.rubric
        ]
        return facts | {"rubric": rubric, "text": run.essays.get(item.name, "")}
    score = work.scores[item.name]
    value = run.values.get(item.name)
    return facts | {
        "told": score.told,
        "hint": score.hint,
        "entries": [
            {
                "name": visible(entry.name),
                "given": "" if entry.given is None else _shown(entry.given),
                "right": entry.right,
                "hint": entry.hint,
            }
            for entry in score.entries
        ],
        "answer": _shown(value) if value is not None else "",
        "right": _shown(right[item.name]) if item.name in right else "",
        "error": run.errors.get(item.name, ""),
        "printed": run.texts.get(item.name, ""),
        "full": score.points == score.most,
    }


def _is_marked(given: Mapping[str, Mark], name: str) -> bool:
    return name in given and given[name].points is not None


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return visible(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def texts_page(book: Book) -> str:
    """Return the page on which a teacher reads all texts beside the student's own figures, and clicks points."""
    from woozle.page.html import render, sealed

    texts = [
        {
            "student": work.student,
            "assignment": work.assignment.name,
            "heading": f"{visible(book.course.students[work.student].name or work.student)}: {work.assignment.title}",
            "digest": text_digest(work.run.essays[item.name]),
            "figures": [
                {"title": other.title, "name": other.name, "value": _shown(work.run.values.get(other.name)),
                 "told": work.scores[other.name].told}
                for other in work.assignment.items
                if other.kind != "essay"
            ],
        }
        | _item(book, work, item, {})
        for work in book.graded
        if work.run
        for item in work.assignment.items
        if item.kind == "essay" and work.run.essays.get(item.name)
    ]  # fmt: skip
    for text in texts:
        for row in text["rubric"]:
            most = int(float(row["most"]))
            row["steps"] = [f"{step:g}" for step in range(most + 1)]
    return sealed(render("essays.html.j2", own_script="essays.js", title="Texts to be graded", texts=texts))


def _strangers(book: Book) -> list[dict[str, str]]:
    """Return whose answers hold documents of another student's case, and whose: for a teacher to look at."""
    found = []
    for assignment in book.assignments:
        ids = {
            student: {row["id"] for row in assignment.personal(book.course.key, student).rumour.tables["documents"]}
            for student in book.course.students
        }
        for work in book.graded:
            if work.assignment.name != assignment.name or not work.run:
                continue
            told = {text for value in work.run.values.values() for text in _texts_in(value)}
            own = ids[work.case or work.student]
            for other, theirs in ids.items():
                alien = (told & theirs) - own
                if other not in (work.student, *work.together) and len(alien) >= _ALIEN:
                    names = ", ".join(sorted(alien)[:4])
                    found.append({"student": work.student, "title": assignment.title, "other": other, "names": names})
    return found


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _texts_in(key)
            yield from _texts_in(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _texts_in(entry)


def overview_page(book: Book) -> str:
    """Return the page over the class: how the points are spread, items too hard or too easy, common mistakes."""
    from woozle import chart
    from woozle.page.html import chart_block, render, sealed, table_block
    from woozle.page.prose import Outline

    outline, blocks = Outline(), []
    assignments, graded = book.assignments, book.graded
    handed = [work for work in graded if work.run]
    if handed:
        shares = pd.DataFrame(
            {"assignment": work.assignment.title, "share": standing.points / (standing.most or 1)}
            for work in handed
            for standing in [book.standing(work)]
        )
        titles = [assignment.title for assignment in assignments]
        words = (
            "How many students have which share of the points, by assignment; texts that wait for a person are left "
            "out."
        )
        blocks.append(chart_block(chart.point_shares(shares, titles), "points", words, outline))
        items = item_table(assignments, handed)
        words = (
            "Each item: mean share of its points, and how many have all of them. "
            f"Below {HARD:.0%} it may be too hard, above {EASY:.0%} too easy."
        )
        blocks.append(chart_block(chart.item_shares(items), "items", words, outline))
        blocks.append(_table(items.drop(columns=["mean"]), "item-table", "The same as a table.", outline, table_block))
        mistakes = mistake_table(handed)
        if len(mistakes):
            blocks.append(
                _table(mistakes, "mistakes", "The most common mistakes that have a name.", outline, table_block)
            )
    facts = [
        {
            "title": assignment.title,
            "handed": sum(work.assignment.name == assignment.name for work in handed),
            "of": sum(work.assignment.name == assignment.name for work in graded),
            "late": sum(work.assignment.name == assignment.name and work.late is True for work in handed),
            "waits": sum(work.assignment.name == assignment.name and book.standing(work).waits > 0 for work in handed),
        }
        for assignment in assignments
    ]
    notes = [
        {"student": work.student, "title": work.assignment.title, "notes": list(map(visible, work.run.notes))}
        for work in handed
        if work.run and work.run.notes
    ]
    unsafe = any(work.run and work.run.unsafe for work in handed)
    page = render(
        "class.html.j2",
        title="The class",
        blocks=blocks,
        facts=facts,
        notes=notes,
        unread=[{"student": who, "name": visible(file), "why": why} for who, file, why in book.unread],
        strange=[" ".join(visible(name).split()) for name in book.strange],
        strangers=_strangers(book),
        overrides=[
            {
                "student": key[0],
                "item": key[2],
                "points": f"{one.points:g}",
                "reason": visible(one.reason),
                "by": visible(one.by),
                "when": visible(one.when),
            }
            for key, one in book.overrides.items()
        ],
        unsafe=unsafe,
        has_charts=bool(handed),
    )
    return sealed(page)


def _table(frame: pd.DataFrame, name: str, caption: str, outline, table_block) -> dict[str, Any]:
    cells = [list(map(str, row)) for row in frame.itertuples(index=False)]
    rows = {"name": name, "caption": caption, "columns": list(frame.columns), "rows": cells}
    return table_block(rows, outline, "Table") | {"kind": "table"}


def item_table(assignments: Sequence[Assignment], handed: Sequence[Graded]) -> pd.DataFrame:
    """Return how an item went: `assignment`, `item`, `mean` (share), `mean share`, `all points`, `of`, `remark`."""
    rows = []
    for assignment in assignments:
        own = [work for work in handed if work.assignment.name == assignment.name]
        for item in assignment.items:
            if item.kind == "essay" or not own:
                continue
            shares = [work.scores[item.name].points / item.points for work in own]
            mean = sum(shares) / len(shares)
            remark = "too hard?" if mean < HARD else "too easy?" if mean > EASY and len(own) > 4 else ""
            rows.append(
                [
                    assignment.title,
                    item.title,
                    mean,
                    f"{mean:.0%}",
                    sum(share == 1 for share in shares),
                    len(own),
                    remark,
                ]
            )
    return pd.DataFrame(rows, columns=["assignment", "item", "mean", "mean share", "all points", "of", "remark"])


def mistake_table(handed: Sequence[Graded]) -> pd.DataFrame:
    """Return the mistakes that have a name, most common first, then what is no answer.

    Columns: `assignment`, `item`, `mistake`, `students`.
    """
    mistakes: Counter = Counter()
    named = {score.hint for one in handed for score in one.scores.values() if score.hint}
    for one in handed:
        for item in one.assignment.items:
            score = one.scores.get(item.name)
            if score and (score.hint or score.mistake in ("no answer", "another type")):
                mistakes[one.assignment.title, item.title, score.hint or score.told] += 1
    rows = [
        [*what, count]
        for what, count in sorted(mistakes.items(), key=lambda pair: (pair[0][2] not in named, -pair[1], pair[0]))
    ]
    return pd.DataFrame(rows[:20], columns=["assignment", "item", "mistake", "students"])


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
        "not handed in": not work.run,
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
