"""What can go wrong, said to the person who can mend it."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Sequence
from typing import Self


class WoozleError(Exception):
    """The data or the request is wrong; the message says what and how to mend it."""

    @classmethod
    def of_text(cls, text: str) -> Self:
        """Return an error with this message, as another process reported it."""
        error = cls.__new__(cls)
        Exception.__init__(error, text)
        return error


def _sentence(error: WoozleError) -> list[str]:
    """Return what a notebook shows of an error: the message alone, because the mistake is not in woozle's code."""
    return [f"{type(error).__name__}: {error}"]


# While a report is built, the full traceback is needed: it shows in which line of the cell the error arose.
if not os.environ.get("WOOZLE_PICTURES_LATER"):
    setattr(WoozleError, "_render_traceback_", _sentence)  # noqa: B010 - IPython asks for it by name


class StudyError(WoozleError):
    """The `case.yaml` of a case study, or the `comparison.yaml` of a comparison, is missing or wrong."""


class DateError(WoozleError, ValueError):
    """A date is not written in one of the accepted forms, or contradicts another."""


class ParameterError(WoozleError, ValueError):
    """A parameter has an unknown name, a wrong type or an impossible value."""


class NotebookError(WoozleError):
    """A cell of a notebook failed.

    Attributes
    ----------
    where, line, source, what
        The cell in words, the line in it (0: not known), its code, and what went wrong; empty if no cell failed.
    """

    where, line, source, what = "", 0, "", ""


class UnknownCaseError(WoozleError, LookupError):
    """No case of this name was found in the folders that are searched."""


class UnknownDocumentError(WoozleError, LookupError):
    """There is no document of this name in the cascade."""


class CaseError(WoozleError):
    """A data package has errors; `problems` holds one sentence for each.

    Examples
    --------
    >>> print(CaseError("demo", ["citations.csv, row 2: a citation of itself"]))
    The case 'demo' has 1 error:
      citations.csv, row 2: a citation of itself
    """

    def __init__(self, name: str, problems: Sequence[str]):
        self.problems = tuple(problems)
        count = f"{len(problems)} error{'s' * (len(problems) != 1)}"
        super().__init__("\n  ".join([f"The case '{name}' has {count}:", *problems]))

    @classmethod
    def of_text(cls, text: str) -> Self:
        """Return an error with this message, as another process reported it."""
        error = super().of_text(text)
        error.problems = tuple(text.split("\n  ")[1:])
        return error


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the sentence that offers the nearest known word, or nothing.

    Examples
    --------
    >>> did_you_mean("straits_tmes", ["straits_times", "guardian"])
    " Did you mean 'straits_times'?"
    >>> did_you_mean("xyz", ["straits_times"]), did_you_mean("tz", ["time_zone"])
    ('', " Did you mean 'time_zone'?")
    """
    known = list(known)
    near = difflib.get_close_matches(word, known, n=1) or [name for name in known if _is_short_for(word, name)]
    return f" Did you mean '{near[0]}'?" if near else ""


def _is_short_for(word: str, name: str) -> bool:
    """Tell whether a word is short for a name: its first letters (tz, time_zone), or a whole part of it (zone)."""
    parts = name.lower().split("_")
    return len(parts) > 1 and word.lower() in (*parts, "".join(part[:1] for part in parts))


def listed(words: Iterable[str], most: int = 12) -> str:
    """Return words in quotes with commas, cut after `most`.

    Examples
    --------
    >>> listed(["a", "b"])
    "'a', 'b'"
    >>> listed("abc", most=2)
    "'a', 'b', … (3 in all)"
    """
    words = list(words)
    shown = ", ".join(f"'{word}'" for word in words[:most])
    return shown if len(words) <= most else f"{shown}, … ({len(words)} in all)"
