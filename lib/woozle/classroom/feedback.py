"""The pages about one student, and the page on which texts are read: what was right, hints, what a person said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from woozle.classroom.assignments import Task
from woozle.classroom.book import Book, Standing
from woozle.classroom.essays import Mark, text_digest
from woozle.classroom.roster import Student
from woozle.classroom.runs import Graded, Run
from woozle.text import visible

_SHOWN = 400  # letters of an answer


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
                "not_due": book.waits_for_day(work),
                "notes": work.run.notes if work.run else [],
                "unsafe": bool(work.run and work.run.unsafe),
                "questions": [_item(book, work, item, right) for item in work.assignment.items]
                if book.counts(work)
                else [],
            }
        )
    name = book.called(student.id) if for_teacher else student.name or student.id
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
        facts["changed"] = {"reason": _as_sentence(visible(changed.reason)), "by": visible(by), "before": before}
    if item.kind == "essay":
        given = {m.criterion.name: m for m in book.marks_of(work, item)} if run.essays.get(item.name) else {}
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


def _as_sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


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
            "heading": f"{', '.join(map(book.called, work.together or (work.student,)))}: {work.assignment.title}",
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
        if work.run and work.writer == work.student
        for item in work.assignment.items
        if item.kind == "essay" and work.run.essays.get(item.name)
    ]  # fmt: skip
    for text in texts:
        for row in text["rubric"]:
            most = int(float(row["most"]))
            row["steps"] = [f"{step:g}" for step in range(most + 1)]
    return sealed(render("essays.html.j2", own_script="essays.js", title="Texts to be graded", texts=texts))
