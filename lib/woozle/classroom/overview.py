"""The page over a class: how points are spread, items too hard or too easy, common mistakes, what to look at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import pandas as pd

from woozle.classroom.answers import read_answers
from woozle.classroom.assignments import Assignment
from woozle.classroom.book import Book
from woozle.classroom.runs import Graded
from woozle.errors import WoozleError
from woozle.notebook.figures import NARROW
from woozle.text import visible

HARD, EASY = 0.35, 0.95  # mean shares below and above which an item is told apart
_RUN, _ALIKE = 5, 0.5  # texts are alike where half of the runs of five words of the shorter are in the other
_WIDTHS = (740, NARROW)  # pixels
_MODEL = "the model answer"
_FEW = 5  # students: of fewer nothing is said of an item
_FILES = 10  # of a student that are named
_ALIEN = 2  # documents of another's case: one may be a slip


def _alike(book: Book) -> list[dict[str, str]]:
    """Return who handed in texts that have most of their words in common: for a teacher to look at."""
    found = []
    for assignment in book.assignments:
        for item in (item for item in assignment.items if item.kind == "essay"):
            runs = _model_runs(assignment, item.name) | {
                work.student: _runs_of(work.run.essays.get(item.name, ""))
                for work in book.graded
                if work.assignment.name == assignment.name and work.run
            }
            groups: list[set[str]] = []
            partners = {work.student: work.together for work in book.graded if work.assignment.name == assignment.name}
            for one, other in combinations(runs, 2):
                shared = len(runs[one] & runs[other])
                least = min(len(runs[one]), len(runs[other]))
                if other in partners.get(one, ()) or not least or shared < _ALIKE * least:
                    continue
                touched = [group for group in groups if {one, other} & group]
                groups = [group for group in groups if group not in touched] + [set().union({one, other}, *touched)]
            for group in groups:
                names = ", ".join(one if one == _MODEL else book.called(one) for one in sorted(group))
                found.append({"students": names, "title": assignment.title, "item": item.title})
    return found


def _model_runs(assignment: Assignment, item: str) -> dict[str, set[tuple[str, ...]]]:
    """Return the runs of the model answer, where it is at hand."""
    try:
        return {_MODEL: _runs_of(read_answers(assignment)[item])}
    except WoozleError:
        return {}


def _unread(book: Book) -> list[dict[str, Any]]:
    """Return the first files of each student that were not read, and how many more there are."""
    of_each: dict[str, list[dict[str, str]]] = {}
    for who, file, why in book.unread:
        of_each.setdefault(who, []).append({"name": visible(file), "why": why})
    return [
        {"student": book.called(who), "files": files[:_FILES], "more": len(files) - _FILES}
        for who, files in of_each.items()
    ]


def _runs_of(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}


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
            "How many students got which share of the points, by assignment. Texts that you have not graded yet are "
            "left out."
        )
        drawn = [chart.point_shares(shares, titles, width) for width in _WIDTHS]
        blocks.append(chart_block(drawn, "points", words, outline))
        items = item_table(assignments, handed)
        words = (
            "Each item: mean share of its points, and how many have all of them. "
            f"Below {HARD:.0%} it may be too hard, above {EASY:.0%} too easy."
        )
        drawn = [chart.item_shares(items, width) for width in _WIDTHS]
        blocks.append(chart_block(drawn, "items", words, outline))
        blocks.append(_table(items.drop(columns=["mean"]), "item-table", "The same as a table.", outline, table_block))
        mistakes = mistake_table(handed)
        if len(mistakes):
            blocks.append(
                _table(mistakes, "mistakes", "The most common mistakes, and missing answers.", outline, table_block)
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
        {
            "student": book.called(work.student),
            "title": work.assignment.title,
            "notes": list(map(visible, work.run.notes)),
        }
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
        unread=_unread(book),
        strange=[" ".join(visible(name).split()) for name in book.strange],
        strangers=_strangers(book),
        alike=_alike(book),
        overrides=[
            {
                "student": book.called(key[0]),
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
                    found.append(
                        {
                            "student": book.called(work.student),
                            "title": assignment.title,
                            "other": book.called(other),
                            "names": names,
                        }
                    )
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
            remark = ("too hard?" if mean < HARD else "too easy?" if mean > EASY else "") if len(own) >= _FEW else ""
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
    """Return the 20 most common mistakes: those that a hint names, then missing answers and answers of a wrong type.

    Columns: `assignment`, `item`, `mistake` (in words), `students` (how many made it).
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
