"""The journal of a coder's steps. Nothing is lost, even if the program is killed in the middle of a step.

A step is one line of `journal/<coder>.jsonl` in the package. We announce it in a file of its own, then write the
tables, then the journal. If a step was cut off, it is completed when the case is next opened.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from woozle.errors import WoozleError
from woozle.files import write_whole

FOLDER = "journal"


@dataclass(frozen=True)
class Edit:
    """One row of one table, before and after.

    Attributes
    ----------
    table : str
        Its file, from the folder of the package: `claims.csv`.
    key : tuple of str
        What identifies the row: the values of the key columns.
    was, now : mapping, or None
        The columns that change, before and after; None where there is no row.
    """

    table: str
    key: tuple[str, ...]
    was: Mapping[str, str] | None
    now: Mapping[str, str] | None

    def reversed(self) -> Edit:
        """Return the edit that takes this one back."""
        return Edit(self.table, self.key, self.now, self.was)


@dataclass(frozen=True)
class Step:
    """What a coder did at once, in words, and the rows that it changed.

    Attributes
    ----------
    what : str
        In words.
    when : str
        The moment (UTC).
    edits : tuple of Edit
        The rows.
    undoes : int
        The number of the step that this one takes back; -1 for none.
    """

    what: str
    when: str
    edits: tuple[Edit, ...]
    undoes: int = -1


def _step(line: str) -> Step:
    told = json.loads(line)
    edits = tuple(Edit(one["table"], tuple(one["key"]), one["was"], one["now"]) for one in told["edits"])
    return Step(told["what"], told["when"], edits, told["undoes"])


class Journal:
    """The steps of one coder, oldest first.

    Parameters
    ----------
    folder
        Of the package.
    coder
        Whose steps they are.
    """

    def __init__(self, folder: Path, coder: str):
        self.path = folder / FOLDER / f"{coder}.jsonl"
        self.pending = self.path.with_suffix(".pending.json")
        self.steps: list[Step] = []
        self._read()

    def _read(self) -> None:
        if not self.path.is_file():
            return
        data = self.path.read_bytes()
        if data and not data.endswith(b"\n"):  # cut off in the middle: its step is still announced
            data = data[: data.rfind(b"\n") + 1]
            with self.path.open("rb+") as file:
                file.truncate(len(data))
        for number, line in enumerate(data.decode("utf-8").splitlines(), start=1):
            try:
                self.steps.append(_step(line))
            except (ValueError, KeyError, TypeError) as error:
                raise WoozleError(
                    f"{self.path}, line {number}: it can't be read. Move the file away: you can then no "
                    "longer undo, but all codes are in the tables."
                ) from error

    def announce(self, step: Step) -> None:
        """Write to disk what is about to be done, so that it can be completed if it is cut off."""
        self.path.parent.mkdir(exist_ok=True)
        write_whole(self.pending, json.dumps(asdict(step), ensure_ascii=False) + "\n")

    def announced(self) -> Step | None:
        """Return the step that was cut off, if there is one."""
        try:
            return _step(self.pending.read_text("utf-8")) if self.pending.is_file() else None
        except (ValueError, KeyError, TypeError):
            return None

    def add(self, step: Step) -> None:
        """Write a step that was carried out."""
        if not self.steps or self.steps[-1] != step:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(step), ensure_ascii=False) + "\n")
                file.flush()
                os.fsync(file.fileno())
            self.steps.append(step)
        self.pending.unlink(missing_ok=True)

    def to_undo(self) -> int:
        """Return the number of the step that undo takes back: the last that stands and is no undo; -1 for none."""
        undone = self._undone()
        return next((n for n in reversed(range(len(self.steps))) if self.steps[n].undoes < 0 and n not in undone), -1)

    def to_redo(self) -> int:
        """Return the number of the undo that redo takes back; -1 where a new step came after it."""
        undone = self._undone()
        for number in reversed(range(len(self.steps))):
            step = self.steps[number]
            if step.undoes < 0:
                if number not in undone:
                    return -1
            elif self.steps[step.undoes].undoes < 0 and number not in undone:
                return number
        return -1

    def _undone(self) -> set[int]:
        """Return the numbers of steps that stand taken back."""
        undone = set[int]()
        for number, step in enumerate(self.steps):
            if step.undoes >= 0:
                target = self.steps[step.undoes]
                if target.undoes >= 0:  # an undo was taken back: what it took back stands again
                    undone.discard(target.undoes)
                undone.add(step.undoes)
                if target.undoes >= 0:
                    undone.discard(number)
        return undone
