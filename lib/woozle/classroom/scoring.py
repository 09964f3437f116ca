"""Compare answers with the right ones, outside the sandbox. What is not clearly right counts as wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from woozle.classroom.assignments import Task

LONG, MANY = 300, 200  # letters of a text, entries of a list or a table
NEAR = 0.11  # by which a number may differ: what is asked to one decimal may be rounded either way
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(?::\d\d)?(?: ?UTC|Z|\+00:00)?", re.ASCII)
_SHAPES = {
    "line": "a list of texts, in order",
    "hop": "a list of two texts",
    "set": "a list of texts",
    "table": "a dict",
    "one": "a text",
}


@dataclass(frozen=True)
class ScoredEntry:
    """One entry of a table: its name, what was answered, whether that is right, and what the mistake may be."""

    name: str
    given: object
    right: bool
    hint: str = ""


@dataclass(frozen=True)
class Score:
    """The score of one item.

    Attributes
    ----------
    points, most : float
        The points that were given, and the most that can be had.
    told : str
        What was right, in a sentence.
    hint : str
        Names the mistake if it is a common one; otherwise empty.
    mistake : str
        For the overview of the class: the hint, or else a short label such as "no answer".
    entries : tuple of ScoredEntry
        If the answer is a table: each entry, and whether it is right.
    """

    points: float
    most: float
    told: str
    hint: str = ""
    mistake: str = ""
    entries: tuple[ScoredEntry, ...] = ()


def score(item: Task, value: object, right: object, mistakes: Sequence[tuple[object, str]] = ()) -> Score:
    """Return the score of an answer.

    Parameters
    ----------
    item
        The question.
    value
        The answer, as it came out of the sandbox: plain texts, numbers, lists and dicts; None where there is none.
    right
        What is right.
    mistakes
        What common mistakes come to, each with the hint that names it.

    Examples
    --------
    >>> item = Task("roots", "the roots", "set", 4)
    >>> score(item, ["a", "c"], ["a", "b"]).points, score(item, ["b", "a"], ["a", "b"]).points
    (0.0, 4.0)
    >>> score(item, "a", ["a", "b"]).told
    'The answer is not a list of texts.'
    >>> score(Task("code", "the codes", "table", 4), {"a": ["x"]}, {"a": "x"}).told
    "The entry for 'a' is neither a text nor a number."
    """
    if value is None:
        return Score(0.0, item.points, "There is no answer.", mistake="no answer")
    if not _fits(item.kind, value):
        return Score(0.0, item.points, _misfit(item.kind, value), mistake="another type")
    share, remark = _COMPARE[item.kind](value, right)
    points = round(item.points * share, 2)
    entries = _entries(value, right, mistakes) if isinstance(value, Mapping) and isinstance(right, Mapping) else ()
    if share == 1:
        return Score(points, item.points, remark, entries=entries)
    hint = next((remark for wrong, remark in mistakes if wrong != right and _alike(item.kind, value, wrong)), "")
    hint = hint or _near(item.kind, value, right)
    if hint:  # it is of all of them: no need to say it beside each
        entries = tuple(replace(entry, hint="") if entry.hint == hint else entry for entry in entries)
    return Score(points, item.points, remark, hint, hint or ("partly right" if share else "not right"), entries)


def _entries(
    value: Mapping[str, Any], right: Mapping[str, Any], mistakes: Sequence[tuple[object, str]]
) -> tuple[ScoredEntry, ...]:
    """Return each entry that is asked for, with a hint where it is what a common mistake comes to."""
    found = []
    for key in right:
        given, is_right = value.get(key), key in value and _same(value[key], right[key])
        hint = ""
        if key in value and not is_right:
            hint = next(
                (
                    remark
                    for wrong, remark in mistakes
                    if isinstance(wrong, Mapping) and key in wrong and not _same(wrong[key], right[key])
                    and _same(given, wrong[key])
                ),
                _near("one", given, right[key]),
            )  # fmt: skip
        found.append(ScoredEntry(key, given, is_right, hint))
    return tuple(found)


def _near(kind: str, value: Any, right: Any) -> str:
    """Return a hint for what is nearly an answer: a form that can't be read, one entry of several."""
    if kind == "one" and isinstance(right, str) and _MOMENT.fullmatch(right) and isinstance(value, str):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip()):
            return "This is a day without a time. Write date and time, like 2024-06-21 12:02."
        return (
            "" if _MOMENT.fullmatch(value.strip()) else "This can't be read as a moment. Write it as 2024-06-21 12:02."
        )
    if kind == "one" and type(right) in (int, float) and isinstance(value, str):
        return "A number is asked for, without quotation marks."
    if kind == "set" and value and set(value) < set(right):
        return "These are right, but some are missing."
    return ""


def _fits(kind: str, value: object) -> bool:
    """Tell whether a value has the type that is asked for, and a size that can be shown."""
    if kind == "one":
        return _is_text(value)
    if kind == "table":
        return (
            isinstance(value, dict)
            and len(value) <= MANY
            and all(_is_text(key) and (_is_text(v) or _is_number(v)) for key, v in value.items())
        )
    return (
        isinstance(value, list)
        and len(value) <= MANY
        and all(map(_is_text, value))
        and (kind != "hop" or len(value) == 2)
    )


def _misfit(kind: str, value: object) -> str:
    """Say in what way a value is not what is asked for."""
    if kind != "table" or not isinstance(value, dict):
        return f"The answer is not {_SHAPES[kind]}."
    if len(value) > MANY:
        return f"The answer has more than {MANY} entries."
    bad = next(key for key, entry in value.items() if not (_is_text(key) and (_is_text(entry) or _is_number(entry))))
    return f"The entry for {str(bad)[:40]!r} is neither a text nor a number."


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONG


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < 1e15  # neither NaN nor infinite


def _same(value: Any, right: Any) -> bool:
    """Tell whether two entries are the same; whole numbers must be equal, others near."""
    if type(right) is float:
        return _is_number(value) and abs(value - right) <= NEAR
    if type(right) is int:
        return _is_number(value) and value == right
    return isinstance(value, str) and _moment(value.strip()) == _moment(right)


def _moment(text: str) -> str:
    """Return a moment in UTC in one form, whichever of the usual ones it has; any other text as it is."""
    match = _MOMENT.fullmatch(text)
    return f"{match[1]} {match[2]}" if match else text


def _alike(kind: str, value: Any, wrong: Any) -> bool:
    """Tell whether an answer is the same as another one of its kind."""
    if kind == "set":
        return set(value) == set(wrong)
    if kind == "table":
        return value.keys() == wrong.keys() and all(_same(value[key], wrong[key]) for key in wrong)
    return value == wrong


def _line(value: list[str], right: list[str]) -> tuple[float, str]:
    hops, given = set(pairwise(right)), set(pairwise(value))
    hits, wrong = len(hops & given), len(given - hops)
    repeated = len(value) - len(set(value))
    share = max(0, hits - wrong - repeated) / len(hops)
    return share, f"{hits} of {len(hops)} hops are right{_and(wrong, 'is not on the line', 'are not on the line')}."


def _hop(value: list[str], right: list[str]) -> tuple[float, str]:
    if value == right:
        return 1.0, "Both documents of the hop are right."
    return (
        (0.5, "The second document is right; the first, its source, is not.")
        if value[1] == right[1]
        else (0.0, "This is not the hop.")
    )


def _set(value: list[str], right: list[str]) -> tuple[float, str]:
    hits, wrong = len(set(value) & set(right)), len(set(value) - set(right))
    share = max(0, hits - wrong) / len(right)
    return share, f"{hits} of {len(right)} are right{_and(wrong, 'does not belong here', 'do not belong here')}."


def _table(value: Mapping[str, Any], right: Mapping[str, Any]) -> tuple[float, str]:
    good = [key for key in right if key in value and _same(value[key], right[key])]
    named = f": {', '.join(good)}" if good and len(good) < len(right) else ""
    numbers = [key for key in right if not isinstance(right[key], str)]
    texts = any(isinstance(value.get(key), str) for key in numbers)
    form = " Numbers are asked for, not texts." if texts else ""
    return len(good) / len(right), f"{len(good)} of {len(right)} are right{named}.{form}"


def _one(value: str, right: str) -> tuple[float, str]:
    return (1.0, "Right.") if _same(value, right) else (0.0, "Not right.")


def _and(count: int, one: str, more: str) -> str:
    return f"; {count} {one if count == 1 else more}" if count else ""


_COMPARE = {"line": _line, "hop": _hop, "set": _set, "table": _table, "one": _one}
