"""For a notebook in which one learns by doing: checks that tell whether something worked, and copies to break."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from woozle import moved
from woozle.model.cards import Card
from woozle.model.case import Case
from woozle.model.opening import inspect_folder

if TYPE_CHECKING:
    from woozle.model.cascade import Cascade


class Told:
    """A card in a notebook: its heading, and sentences below."""

    def __init__(self, heading: str, sentences: Iterable[str], kind: str = ""):
        self._card = Card(heading, {f"{number}.": text for number, text in enumerate(sentences, 1)}, kind)

    def __repr__(self) -> str:
        return str(self._card)

    def _repr_html_(self) -> str:
        return self._card.html()


def verdict(done: bool, yes: str, no: str) -> Told:
    """Return a card that says whether an exercise worked.

    Parameters
    ----------
    done
        Whether it did.
    yes, no
        What to say then: what it shows, or what to try.

    Examples
    --------
    >>> verdict(1 + 1 == 2, "So it is.", "Count again.")
    Done.
      1.  So it is.
    """
    return Told("Done." if done else "Not yet.", [yes if done else no], "page" if done else "second")


def solved(exercise: str, *given: object) -> Told:
    """Return a card that says whether an exercise of START_HERE worked; the notebook does not show the right answer.

    Examples
    --------
    >>> import woozle
    >>> solved("count", *2 * [woozle.open("jang_dogs_2013").cascade()])
    Not yet.
      1.  Both have the same roots. Set second_hand to False and run the cell again.
    """
    rule, yes, no = _SOLVED[exercise]
    return verdict(bool(rule(*given)), yes, no)


def _hangs(cascade: Cascade, answer: str) -> bool:
    from woozle.measure import headline

    return answer == headline(cascade).dominator


def _is_before_corrections(then: Cascade) -> bool:
    from woozle.measure import corrections

    return corrections(then).empty and len(then.carriers) > 2


_SOLVED: dict[str, tuple[Callable[..., bool], str, str]] = {
    "hang": (
        _hangs,
        "Without it no other document has a coded way to the post.",
        "Look in the column 'dominated': after the first document, which has most others behind it?",
    ),
    "moment": (
        _is_before_corrections,
        "The claim was out in several documents, and no correction yet.",
        "Either a correction was out by then, or hardly anything was. Try a day early in January.",
    ),
    "break": (
        lambda copy: bool(inspect_folder(copy)[1]),
        "The error names the place in the copy, and what you may have meant where a word is near. Nothing of a faulty "
        "case is opened.",
        "The copy has no error yet: change the second of the two texts above, and run that cell again.",
    ),
    "count": (
        lambda cascade, strict: len(strict.roots()) > len(cascade.roots()),
        "There are more roots now: lost evidence looks like independence. That is why a root is an upper bound.",
        "Both have the same roots. Set second_hand to False and run the cell again.",
    ),
    "report": (
        lambda folder, moment, chosen: moment == parameter_of(folder, "as_of") and moment == chosen != "latest",
        "Below its headline, your report names the moment as of which it reads the case.",
        "The report in that folder is as of another moment than the day that you chose above. Set my_moment to that "
        "day, and build it again.",
    ),
}


def copy_of(case: Case) -> Path:
    """Return the folder of a copy of a case's package, in a temporary place: it may be broken without harm."""
    copy = Path(tempfile.mkdtemp(prefix="woozle-exercise-")) / "data" / f"copy_of_{case.folder.name}"
    shutil.copytree(case.folder, copy)
    return copy


def replace_in(path: Path, was: str, now: str) -> None:
    """Replace the first place of a text in a file by another text.

    Raises
    ------
    ValueError
        The file does not hold it.
    """
    text = path.read_text("utf-8")
    if was not in text:
        raise ValueError(f"{path.name} does not hold {was!r}: make a fresh copy, or change another text.")
    path.write_text(text.replace(was, now, 1), "utf-8", newline="")


def parameter_of(report: str | Path, name: str) -> object:
    """Return the value of a parameter that a report was built with; None where there is no such report."""
    with contextlib.suppress(OSError, ValueError, KeyError, AttributeError):
        return json.loads((Path(report) / "manifest.json").read_text("utf-8"))["parameters"].get(name)
    return None


def faults(folder: Path) -> Told:
    """Return a card with all that is wrong with a package: what `woozle check` says of it."""
    problems = inspect_folder(folder)[1]
    return Told(
        f"{len(problems)} error{'s' * (len(problems) != 1)}" if problems else "No errors.",
        problems,
        "second" if problems else "page",
    )


_OPEN = "There is no answer yet. Write it into the cell above, in the place of the three dots, and run both cells."


def part_two(*names: str) -> Told:
    """Take away the functions that are missing when a notebook is graded, so that it fails at home as in grading.

    Parameters
    ----------
    names
        Functions and methods (`woozle.dates:before`, `woozle.model.cascade:Cascade.roots`), or modules, whose
        public functions all go.

    Examples
    --------
    >>> from woozle import dates
    >>> kept = dates.before
    >>> part_two("woozle.dates:before")
    Part 2
      1.  Functions that this assignment is about do not work from here on: before.
    >>> dates.before(None, None)
    Traceback (most recent call last):
    NotImplementedError: before is not there when this is graded: write your own. Restart the kernel to redo part 1.
    >>> dates.before = kept
    """
    gone: list[str] = []
    for told in names:
        module_name, _, path = told.partition(":")
        module = importlib.import_module(module_name)
        for name in [path] if path else _functions_of(module):
            _take_away(module, name)
            gone.append(name.rpartition(".")[2])
    shown = ", ".join(gone[:6]) + (f" and {len(gone) - 6} more" if len(gone) > 6 else "")
    return Told("Part 2", [f"Functions that this assignment is about do not work from here on: {shown}."])


def _functions_of(module: ModuleType) -> list[str]:
    return [
        name
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    ]


def _take_away(module: ModuleType, path: str) -> None:
    """Replace a function in all loaded modules of woozle by one that raises an error with the reason."""
    name = path.rpartition(".")[2]

    def gone(*_: object, **__: object) -> None:
        raise NotImplementedError(
            f"{name} is not there when this is graded: write your own. Restart the kernel to redo part 1."
        )

    if "." in path:
        kind = getattr(module, path.partition(".")[0])
        setattr(kind, name, gone if callable(vars(kind)[name]) else property(gone))
        return
    was = getattr(module, path)
    for other in [one for key, one in sys.modules.items() if key.partition(".")[0] == "woozle"]:
        for known, value in list(vars(other).items()):
            if value is was:
                setattr(other, known, gone)
    setattr(module, path, gone)


def check_ids(value: Any, known: Iterable[str], count: int | None = None) -> Told:
    """Return a card that says whether an answer is a list of ids; whether it is right, only grading can tell.

    Examples
    --------
    >>> check_ids(["a", "x"], ["a", "b"])
    Not yet.
      1.  'x' is not an id of this case.
    """
    if value is None or value is ...:
        return _form(_OPEN)
    if hasattr(value, "tolist"):  # an array, an index, a Series
        value = value.tolist()
    if not isinstance(value, list | tuple | set) or (count and isinstance(value, set)):
        return _form(f"The answer must be a list of ids; this is {_kind(value)}.")
    known = set(known)
    strange = next((name for name in value if not isinstance(name, str) or name not in known), None)
    if strange is not None:
        return _form(f"{strange!r} is not an id of this case.")
    if len(set(value)) < len(value):
        return _form("An id appears twice.")
    wrong = not value or (count is not None and len(value) != count)
    return _form(
        f"{'No ids' if not value else _counted(len(value))}, where {_counted(count) if count else 'at least one'} "
        f"{'are' if (count or 1) > 1 else 'is'} asked for."
        if wrong
        else ""
    )


def _counted(count: int) -> str:
    return f"{count} id{'s' * (count != 1)}"


def check_table(value: Any, keys: Iterable[str], allowed: type | Iterable[str] | None = None) -> Told:
    """Return a card that says whether an answer is a dict with one entry for each key.

    Parameters
    ----------
    value
        The answer.
    keys
        The keys that it must have.
    allowed
        What an entry may be: `int`, `float` (any number), some words, or any text if not given.

    Examples
    --------
    >>> check_table({"a": "1"}, ["a"], int)
    Not yet.
      1.  a: a whole number is asked for; this is a text ('1').
    >>> check_table({"a": 1}, ["a"], int)
    Done.
      1.  The form is right. Whether the answer is, the grading tells.
    """
    if value is None or value is ...:
        return _form(_OPEN)
    if hasattr(value, "to_dict") and not hasattr(value, "columns"):
        value = value.to_dict()
    if not isinstance(value, dict):
        return _form(f"A dict is asked for; this is {_kind(value)}.")
    keys = list(keys)
    if missing := [key for key in keys if key not in value]:
        return _form(f"There is no entry for {missing[0]!r}.")
    if more := [key for key in value if key not in keys]:
        return _form(f"{more[0]!r} is not asked for.")
    words = {int: "a whole number", float: "a number", None: "a text"}
    for key in keys:
        entry = value[key].item() if hasattr(value[key], "item") else value[key]
        if entry is None or entry is ...:
            return _form(f"There is nothing for {key!r} yet.")
        number = isinstance(entry, int | float) and not isinstance(entry, bool)
        if allowed is int or allowed is float or allowed is None:
            fits = isinstance(entry, str) if allowed is None else number and (allowed is float or entry == int(entry))
            if not fits:
                return _form(f"{key}: {words[allowed]} is asked for; this is {_kind(entry)}.")
        elif not isinstance(allowed, type) and entry not in list(allowed):
            return _form(f"{key}: {entry!r} is not one of {', '.join(allowed)}.")
    return _form("")


def check_choice(value: Any, choices: Iterable[str]) -> Told:
    """Return a card that says whether an answer is one of some words.

    Examples
    --------
    >>> check_choice("maybe", ["yes", "no"])
    Not yet.
      1.  'maybe' is not one of yes, no.
    >>> check_choice(..., ["yes", "no"])
    Not yet.
      1.  There is no answer yet. Write it into the cell above, in the place of the three dots, and run both cells.
    """
    choices = list(choices)
    if value is None or value is ...:
        return _form(_OPEN)
    fits = isinstance(value, str) and value in choices
    shown = ", ".join(choices[:8]) + (", …" if len(choices) > 8 else "")
    told = repr(value) if isinstance(value, str) else f"This is {_kind(value)}; it"
    return _form("" if fits else f"{told} is not one of {shown}.")


def _form(fault: str) -> Told:
    return verdict(not fault, "The form is right. Whether the answer is, the grading tells.", fault)


def _kind(value: Any) -> str:
    if value is None or value is ...:
        return "nothing yet"
    kinds = {str: "a text", list: "a list", dict: "a dict", int: "a number", float: "a number", set: "a set"}
    return f"{kinds.get(type(value), type(value).__name__)} ({str(value)[:40]!r})"


def __getattr__(name: str) -> object:
    if name == "check":
        moved.tell("exercises.check", "exercises.verdict")
        return verdict
    raise AttributeError(f"module 'woozle.notebook.exercises' has no attribute '{name}'")
