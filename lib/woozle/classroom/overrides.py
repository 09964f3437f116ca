"""Points that a person changed: a table that is read at each grading, and never written over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from woozle.classroom.assignments import Assignment
from woozle.classroom.essays import points_in
from woozle.classroom.roster import at_row, id_as_meant, read_csv
from woozle.errors import WoozleError, did_you_mean, listed
from woozle.files import whole

FILE = "overrides.csv"
COLUMNS = ("student", "assignment", "item", "points", "reason", "by", "when")


@dataclass(frozen=True)
class Override:
    """Points that a person gave in the place of those that were worked out: how many, why, who and when."""

    points: float
    reason: str = ""
    by: str = ""
    when: str = ""


Overrides = dict[tuple[str, str, str], Override]  # by student, assignment, item


def read_overrides(path: Path, assignments: Sequence[Assignment], students: Collection[str]) -> Overrides:
    """Return the changed points of a table with the columns `student`, `item`, `points`, `reason`, `by` and `when`.

    `assignment` says where an item is of, if its name stands in two. Where there is no table an empty one is written.

    Raises
    ------
    WoozleError
        A row names no item, or points that can't be given, or says not why; all faults are told with their rows.
    """
    if not path.exists():
        with whole(path) as fresh:
            fresh.write_text(",".join(COLUMNS) + "\n", "utf-8")
        return {}
    found: Overrides = {}
    faults: list[str] = []
    for number, row in enumerate(read_csv(path), start=2):
        try:
            key, override = _read(row, assignments, students)
            if key in found:
                raise WoozleError(f"{', '.join(key)} appears twice. Delete one of the rows.")
            found[key] = override
        except WoozleError as error:
            faults.append(at_row(path, number, error))
    if faults:
        raise WoozleError("\n".join(faults))
    return found


def _names_of(assignment: Assignment) -> tuple[str, ...]:
    """Return by what an assignment may be named."""
    return assignment.name, assignment.name.partition("_")[0], assignment.title


def _read(
    row: dict[str, str], assignments: Sequence[Assignment], students: Collection[str]
) -> tuple[tuple[str, str, str], Override]:
    cell = {name: (row.get(name) or "").strip() for name in COLUMNS}
    student = id_as_meant(cell["student"], students)
    told = cell["assignment"]
    fit = [
        (assignment, item)
        for assignment in assignments
        if told in ("", *_names_of(assignment))
        for item in assignment.items
        if cell["item"] in (item.name, item.title)
    ]
    own = [assignment for assignment in assignments if told in _names_of(assignment)]
    if told and not own:
        known = [assignment.name for assignment in assignments]
        near = did_you_mean(told, known)
        raise WoozleError(f"column assignment: there is no '{told}'.{near} There are {listed(known)}.")
    names = [item.name for assignment in own or assignments for item in assignment.items]
    if not fit:
        near = did_you_mean(cell["item"], names)
        raise WoozleError(f"column item: there is no item '{cell['item']}'{f' in {told}' if told else ''}.{near}")
    if len(fit) > 1:
        raise WoozleError(f"column assignment: several assignments have an item '{cell['item']}'. Name the assignment.")
    assignment, item = fit[0]
    points = points_in(cell["points"], item.points)
    if points is None:
        raise WoozleError(f"column points: it is empty. Write a number from 0 to {item.points:g}.")
    if not cell["reason"]:
        raise WoozleError("column reason: it is empty. The student reads it.")
    if cell["when"]:
        try:
            date.fromisoformat(cell["when"][:10])
        except ValueError:
            raise WoozleError(f"column when: '{cell['when']}' is not a date. Write it like 2026-12-03.") from None
    return (student, assignment.name, item.name), Override(points, cell["reason"], cell["by"], cell["when"])
