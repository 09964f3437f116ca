"""The assignments: what each is about, its items, and the notebook that students work in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from woozle.classroom.problems import KINDS, Problem, problem_of
from woozle.errors import WoozleError, did_you_mean, listed

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
        """The notebook with the model answers."""
        return self.folder / f"{self.name}.ipynb"

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
    found = sorted((home / "case_studies" / "assignments").glob(f"*/{SETTINGS}"))
    if not found:
        raise WoozleError(f"There are no assignments in {home}: go to your checkout of woozle.")
    return [open_assignment(path.parent) for path in found]


def open_assignment(folder: Path) -> Assignment:
    """Return the assignment in a folder; see `find_assignments`."""
    import yaml

    path = folder / SETTINGS
    try:
        facts = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise WoozleError(f"{path}: it can't be read: {error}.") from error
    needed = {"title": str, "problem": str, "case": str, "minutes": int, "goals": list, "withheld": list, "items": list}
    if not isinstance(facts, dict):
        raise WoozleError(f"{path}: not a list of keys and values.")
    for key, kind in needed.items():
        if not isinstance(facts.get(key), kind):
            raise WoozleError(f"{path}, key {key}: missing, or not a {kind.__name__}.")
    if unknown := sorted(set(facts) - set(needed)):
        raise WoozleError(f"{path}: there is no key '{unknown[0]}'.{did_you_mean(unknown[0], needed)}")
    if facts["problem"] not in KINDS:
        raise WoozleError(f"{path}, key problem: '{facts['problem']}' is not one of {listed(KINDS)}.")
    items = [_item(path, number, entry) for number, entry in enumerate(facts.pop("items"), start=1)]
    if len({item.name for item in items}) < len(items):
        raise WoozleError(f"{path}, key items: a name stands twice.")
    return Assignment(folder=folder, items=tuple(items), **facts)


def _item(path: Path, number: int, entry: object) -> Task:
    where = f"{path}, key items, item {number}"
    if not isinstance(entry, Mapping) or not {"name", "title", "kind"} <= set(entry):
        raise WoozleError(f"{where}: needs name, title and kind.")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", str(entry["name"])):
        raise WoozleError(f"{where}: the name '{entry['name']}' is not one of a variable (a-z, 0-9, _).")
    if entry["kind"] not in ANSWER_KINDS:
        raise WoozleError(f"{where}: kind '{entry['kind']}' is not one of {listed(ANSWER_KINDS)}.")
    try:
        rubric = tuple(Criterion(str(c["name"]), float(c["points"]), str(c["told"])) for c in entry.get("rubric", []))
        points = sum(criterion.points for criterion in rubric) if rubric else float(entry["points"])
    except (KeyError, TypeError, ValueError) as error:
        raise WoozleError(f"{where}: points, or a rubric of name, points and told, are missing.") from error
    if (entry["kind"] == "essay") != bool(rubric) or points <= 0:
        raise WoozleError(f"{where}: an essay needs a rubric, and only an essay; points above 0.")
    return Task(str(entry["name"]), str(entry["title"]), str(entry["kind"]), points, rubric)
