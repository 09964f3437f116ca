"""What comes of grading: a page for each student, one over the class, one table, and nbgrader's gradebook."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from woozle.classroom.assignments import Assignment, Task
from woozle.classroom.course import Course, Student
from woozle.classroom.essays import Marks
from woozle.classroom.grade import Graded, Run
from woozle.files import whole
from woozle.page.outputs import cell_for_csv
from woozle.text import visible

FEEDBACK, OVERVIEW, TABLE, TEXTS = "feedback", "class.html", "grades.csv", "essays.html"
HARD, EASY = 0.35, 0.95  # mean shares below and above which an item is told apart
_SHOWN = 400  # letters of an answer


def points_of(work: Graded, marks: Marks) -> tuple[float, bool]:
    """Return all points of a graded assignment, those of a person included, and whether a person has still to grade."""
    points, waits = work.points, False
    for item in work.assignment.items:
        if item.kind == "essay" and work.run:
            given = marks.get((work.student, work.assignment.name, item.name), [])
            points += sum(mark.points or 0 for mark in given)
            ungraded = not given or any(mark.points is None for mark in given)
            waits = waits or (ungraded and bool(work.run.essays.get(item.name)))
    return round(points, 2), waits


def write_results(
    out: Path, assignments: Sequence[Assignment], course: Course, graded: Sequence[Graded], marks: Marks
) -> None:
    """Write all results but the gradebook into a folder; the same submissions give the same bytes."""
    by_student: dict[str, list[Graded]] = {}
    for work in graded:
        by_student.setdefault(work.student, []).append(work)
    (out / FEEDBACK).mkdir(parents=True, exist_ok=True)
    for name, work in by_student.items():
        _write(out / FEEDBACK / f"{name}.html", feedback_page(course.students[name], work, marks))
    _write(out / OVERVIEW, overview_page(assignments, graded, marks))
    _write(out / TEXTS, texts_page(graded, marks))
    write_table(out / TABLE, assignments, course, by_student, marks)


def feedback_page(student: Student, graded: Iterable[Graded], marks: Marks) -> str:
    """Return the page for one student: what was right, hints, what a person said; sealed as reports are."""
    from woozle.page.html import render, sealed

    parts, total, most = [], 0.0, 0.0
    for work in graded:
        points, waits = points_of(work, marks)
        total, most = total + points, most + work.assignment.points
        parts.append(
            {
                "title": work.assignment.title,
                "name": work.assignment.name,
                "points": f"{points:g}",
                "most": f"{work.assignment.points:g}",
                "waits": waits,
                "late": work.late,
                "handed": work.run is not None,
                "notes": work.run.notes if work.run else [],
                "unsafe": bool(work.run and work.run.unsafe),
                "questions": [_item(work, item, marks) for item in work.assignment.items] if work.run else [],
            }
        )
    name = student.name or student.id
    page = render(
        "feedback.html.j2", title=f"Feedback for {visible(name)}", parts=parts, total=f"{total:g}", most=f"{most:g}"
    )
    return sealed(page)


def _item(work: Graded, item: Task, marks: Marks) -> dict[str, Any]:
    run = work.run or Run()
    facts = {"title": item.title, "name": item.name, "most": f"{item.points:g}", "essay": item.kind == "essay"}
    if item.kind == "essay":
        given = marks.get((work.student, work.assignment.name, item.name), [])
        answer = {mark.criterion.name: mark for mark in given}
        rubric = []
        for criterion in item.rubric:
            mark = answer.get(criterion.name)
            points = f"{mark.points:g}" if mark is not None and mark.points is not None else "–"
            rubric.append(
                {
                    "told": criterion.told,
                    "most": f"{criterion.points:g}",
                    "points": points,
                    "comment": visible(mark.comment) if mark else "",
                }
            )
        done = all(row["points"] != "–" for row in rubric)
        points = f"{sum(mark.points or 0 for mark in given):g}" if done else "–"
        return facts | {"points": points, "rubric": rubric, "text": run.essays.get(item.name, "")}
    score = work.scores[item.name]
    value = run.values.get(item.name)
    answer = json.dumps(value, ensure_ascii=False) if value is not None else ""
    return facts | {
        "points": f"{score.points:g}",
        "told": score.told,
        "hint": score.hint,
        "answer": visible(answer if len(answer) <= _SHOWN else answer[:_SHOWN] + "…"),
        "error": run.errors.get(item.name, ""),
        "printed": run.texts.get(item.name, ""),
        "full": score.points == score.most,
    }


def texts_page(graded: Iterable[Graded], marks: Marks) -> str:
    """Return the page on which a teacher reads all texts beside each other."""
    from woozle.page.html import render, sealed

    texts = [
        {"student": work.student, "title": work.assignment.title} | _item(work, item, marks)
        for work in graded
        if work.run
        for item in work.assignment.items
        if item.kind == "essay" and work.run.essays.get(item.name)
    ]
    return sealed(render("essays.html.j2", title="Texts to be graded", texts=texts))


def overview_page(assignments: Sequence[Assignment], graded: Sequence[Graded], marks: Marks) -> str:
    """Return the page over the class: how the points are spread, items too hard or too easy, common mistakes."""
    from woozle import chart
    from woozle.page.html import chart_block, render, sealed, table_block
    from woozle.page.prose import Outline

    outline, blocks = Outline(), []
    handed = [work for work in graded if work.run]
    if handed:
        shares = pd.DataFrame(
            {"assignment": work.assignment.title, "share": points_of(work, marks)[0] / work.assignment.points}
            for work in handed
        )
        titles = [assignment.title for assignment in assignments]
        words = (
            "How many students have which share of the points, by assignment; texts that wait for a person count as "
            "nothing yet."
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
            "handed": sum(work.assignment is assignment for work in handed),
            "of": sum(work.assignment is assignment for work in graded),
            "late": sum(work.assignment is assignment and work.late is True for work in handed),
            "waits": sum(work.assignment is assignment and points_of(work, marks)[1] for work in handed),
        }
        for assignment in assignments
    ]
    notes = [
        {"student": work.student, "title": work.assignment.title, "notes": work.run.notes}
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
        own = [work for work in handed if work.assignment is assignment]
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


def write_table(
    path: Path, assignments: Sequence[Assignment], course: Course, by_student: dict[str, list[Graded]], marks: Marks
) -> None:
    """Write one row a student: id, name, email, points by assignment, total, most, and remarks."""
    columns = ["id", "name", "email", *(assignment.name for assignment in assignments), "total", "most", "remarks"]
    with whole(path) as fresh, fresh.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for student in course.students.values():
            points, remarks, total = [], [], 0.0
            for work in by_student[student.id]:
                got, waits = points_of(work, marks)
                total += got
                points.append(f"{got:g}" if work.run else "")
                remarks += _remarks(work, waits)
            most = sum(assignment.points for assignment in assignments)
            row = [student.id, student.name, student.email, *points, f"{total:g}", f"{most:g}", "; ".join(remarks)]
            writer.writerow(map(cell_for_csv, row))


def _remarks(work: Graded, waits: bool) -> list[str]:
    name = work.assignment.name
    if not work.run:
        return [f"{name}: not handed in"]
    remarks = {"late": work.late is True, "a text waits for a person": waits, "run without a sandbox": work.run.unsafe}
    return [f"{name}: {words}" for words, holds in remarks.items() if holds]


def _write(path: Path, text: str) -> None:
    from woozle.report.store import write_text

    write_text(path, text)
