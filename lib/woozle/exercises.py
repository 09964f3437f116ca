"""For a notebook in which one learns by doing: checks that tell whether something worked, and copies to break."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from woozle.cards import Card
from woozle.case import Case, inspect_folder


class Told:
    """A card in a notebook: its heading, and sentences below."""

    def __init__(self, heading: str, sentences: Iterable[str], kind: str = ""):
        self._card = Card(heading, {f"{number}.": text for number, text in enumerate(sentences, 1)}, kind)

    def __repr__(self) -> str:
        return str(self._card)

    def _repr_html_(self) -> str:
        return self._card.html()


def check(done: bool, yes: str, no: str) -> Told:
    """Return a card that says whether an exercise worked.

    Parameters
    ----------
    done
        Whether it did.
    yes, no
        What to say then: what it shows, or what to try.

    Examples
    --------
    >>> check(1 + 1 == 2, "So it is.", "Count again.")
    Done.
      1.  So it is.
    """
    return Told("Done." if done else "Not yet.", [yes if done else no], "page" if done else "second")


def copy_of(case: Case) -> Path:
    """Return the folder of a copy of a case's package, in a temporary place: it may be broken without harm."""
    copy = Path(tempfile.mkdtemp(prefix="woozle-exercise-")) / "data" / case.folder.name
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


def faults(folder: Path) -> Told:
    """Return a card with all that is wrong with a package: what `woozle check` says of it."""
    found = inspect_folder(folder)[1]
    return Told(
        f"{len(found)} error{'s' * (len(found) != 1)}" if found else "No errors.", found, "second" if found else "page"
    )
