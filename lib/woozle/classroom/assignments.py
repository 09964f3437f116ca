"""The assignments: what each is about, its items, and the notebook that students work in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from woozle.classroom.problems import KINDS, Problem, problem_of
from woozle.declared import faults, keys, read_yaml, text, texts
from woozle.errors import WoozleError, listed

SETTINGS = "assignment.yaml"
ANSWER_KINDS = ("line", "hop", "set", "table", "one", "essay")


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric: what is asked of a text, and its points."""

    name: str
    points: float
    told: str


@dataclass(frozen=True)
class Task:
    """One question that is graded.

    Attributes
    ----------
    name : str
        The variable that holds the answer, and the `grade_id` of its cell.
    title : str
        The question in a few words.
    kind : str
        How an answer is compared: one of `ANSWER_KINDS`; an essay is graded by a person.
    points : float
        At most.
    rubric : sequence of Criterion
        Of an essay.
    """

    name: str
    title: str
    kind: str
    points: float
    rubric: Sequence[Criterion] = ()


@dataclass(frozen=True)
class Assignment:
    """An assignment: its folder, its items, and which functions of the library it is about."""

    folder: Path
    title: str
    problem: str
    case: str
    minutes: int
    goals: Sequence[str]
    withheld: Sequence[str]
    items: Sequence[Task] = field(default=())

    @property
    def name(self) -> str:
        """The name of its folder, as `1_find_the_conversion`."""
        return self.folder.name

    @property
    def notebook(self) -> Path:
        """The notebook; where an answer goes it has `name = ...`."""
        return self.folder / f"{self.name}.ipynb"

    @property
    def answers(self) -> Path:
        """The model answers, which are kept with the tests: a heading `## name` each, and code or words below it."""
        return self.folder.parents[2] / "tests" / "classroom" / "answers" / f"{self.name}.md"

    @property
    def points(self) -> float:
        """All points that can be had."""
        return sum(item.points for item in self.items)

    def personal(self, key: bytes, student: str) -> Problem:
        """Return the problem that belongs to a student."""
        return problem_of(self.problem, key, self.name, student)


def find_assignments(home: Path) -> list[Assignment]:
    """Return the assignments of a checkout, by their numbers.

    Raises
    ------
    WoozleError
        There are none, or one can't be read; the message names file and key.
    """
    settings = sorted((home / "case_studies" / "assignments").glob(f"*/{SETTINGS}"))
    if not settings:
        raise WoozleError(f"There are no assignments in {home}: go to your checkout of woozle.")
    return [open_assignment(path.parent) for path in settings]


def open_assignment(folder: Path) -> Assignment:
    """Return the assignment in a folder; see `find_assignments`."""
    path = folder / SETTINGS
    facts = read_yaml(path)
    if wrong := faults(facts, _SCHEMA):
        raise WoozleError("\n".join(f"{path}, {fault}" for fault in wrong))
    items = [_task(path, number, entry) for number, entry in enumerate(facts.pop("items"), start=1)]
    if len({item.name for item in items}) < len(items):
        raise WoozleError(f"{path}, key items: a name appears twice.")
    return Assignment(folder=folder, items=tuple(items), **facts)


_POINTS = {"type": "number", "exclusiveMinimum": 0, "needed": "a number above 0 is needed."}
_RUBRIC = {
    "type": "array",
    "minItems": 1,
    "needed": "a list of criteria is needed, each with name, points and told.",
    "items": keys({"name": text(), "points": _POINTS, "told": text()}),
}
_SCHEMA = keys(
    {
        "title": text(),
        "problem": {"enum": list(KINDS), "needed": f"one of {listed(KINDS)} is needed."},
        "case": text(),
        "minutes": {"type": "integer", "needed": "a whole number is needed."},
        "goals": texts(),
        "withheld": texts(),
        "items": {
            "type": "array",
            "needed": "a list is needed.",
            "items": keys(
                {
                    "name": {
                        "type": "string",
                        "pattern": r"^[a-z][a-z0-9_]*\Z",
                        "needed": "the name of a variable is needed (a-z, 0-9, _).",
                    },
                    "title": text(),
                    "kind": {"enum": list(ANSWER_KINDS), "needed": f"one of {listed(ANSWER_KINDS)} is needed."},
                },
                {"points": _POINTS, "rubric": _RUBRIC},
            ),
        },
    }
)


def _task(path: Path, number: int, entry: Mapping[str, Any]) -> Task:
    rubric = tuple(Criterion(c["name"], float(c["points"]), c["told"]) for c in entry.get("rubric", []))
    if (entry["kind"] == "essay") != bool(rubric) or bool(rubric) == ("points" in entry):
        raise WoozleError(f"{path}, key 'items', entry {number}: an essay needs a rubric, all others need points.")
    points = sum(criterion.points for criterion in rubric) if rubric else float(entry["points"])
    return Task(entry["name"], entry["title"], entry["kind"], points, rubric)
