"""The problems of the assignments: made-up cases of one difficulty, each with its questions and answers."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from woozle.classroom.fiction import Rumour
from woozle.classroom.rng import Dice
from woozle.errors import WoozleError

QUESTIONS = "questions.json"
KINDS = ("conversion", "sources", "times", "stopping")
TRIES = 50_000  # of the rarest kind one draw in some three hundred will do


# Each module of a kind has a function `make(dice, wish)`. If a draw is too easy or too hard, it raises TryAgain, and
# is called again with other dice. `wish` stays the same in all tries, so that both of its outcomes come equally often.


class TryAgain(Exception):  # noqa: N818  not an error: chance made a case of another difficulty
    """The draw is easier or harder than cases should be."""


@dataclass(frozen=True)
class Problem:
    """A made-up case with its questions and answers.

    Attributes
    ----------
    rumour : Rumour
        The case.
    asked : mapping
        What the questions name: documents, moments.
    answers : mapping
        The right answer to each item.
    mistakes : mapping
        For each item, what a common mistake comes to, and the hint that names the mistake.
    difficulty : mapping
        What makes it easy or hard; the same for all students.
    hidden : tuple of str
        Documents whose version the student is to code.
    """

    rumour: Rumour
    asked: Mapping[str, Any]
    answers: Mapping[str, Any]
    mistakes: Mapping[str, list[tuple[object, str]]] = field(default_factory=dict)
    difficulty: Mapping[str, Any] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()

    def write(self, folder: Path) -> None:
        """Write what the student gets: the package and the questions, without an answer."""
        self.rumour.write(folder, self.hidden)
        text = json.dumps(self.asked, ensure_ascii=False, indent=1) + "\n"
        (folder / QUESTIONS).write_text(text, "utf-8", newline="\n")


@functools.lru_cache(1024)  # grading asks for each three or four times, and a hard one takes a sixth of a second
def problem_of(kind: str, key: bytes, *names: str) -> Problem:
    """Return the problem of a kind that belongs to these names: always the same for one key.

    Parameters
    ----------
    kind
        One of `KINDS`.
    key
        The secret of the course.
    names
        Whom it is for: the assignment and the id of the student.

    Examples
    --------
    >>> problem = problem_of("sources", b"a key", "2_how_many_sources", "ada")
    >>> sorted(problem.answers)
    ['independent', 'resting', 'roots_early', 'roots_late', 'seeming']
    """
    if kind not in KINDS:
        raise WoozleError(f"There is no problem of the kind '{kind}'.")
    make: Callable[[Dice, Dice], Problem] = import_module(f"woozle.classroom.problems.{kind}").make
    for number in range(TRIES):
        try:
            return make(Dice(key, kind, *names, str(number)), Dice(key, kind, *names, "wish"))
        except TryAgain:
            continue
    raise WoozleError(f"No case of the kind '{kind}' in {TRIES} draws.")
