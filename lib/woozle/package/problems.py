"""Collect all that is wrong with a package, each fault with its place, so that it can be reported at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from woozle.package.csv_files import counted_rows

_IN_FILE = re.compile(r"(rows?|columns?|keys?|lines?) ")


class Problems:
    """What is wrong with a package, a sentence for each cause, with file, row, column and value.

    The same fault in several rows, or of one name in several tables, is one cause. `notes` are sentences on
    what is no fault but worth knowing.
    """

    def __init__(self, place: Path):
        self.place = place
        self.notes: list[str] = []
        # By sentence: the cells (file, column, row) with this fault; none if the fault is not in a cell.
        self._faults: dict[tuple[str, ...], dict[tuple[str, str], list[int]]] = {}

    @property
    def found(self) -> list[str]:
        """The sentences, in the order in which each cause was first met."""
        return [self._told(key, cells) for key, cells in self._faults.items()]

    def of(self, file: str) -> Callable[[str], None]:
        """Return a function that notes a fault of this file."""

        def note_fault(sentence: str) -> None:
            between = ", " if _IN_FILE.match(sentence) else ": "
            self._faults.setdefault((f"{self.place / file}{between}{sentence}",), {})

        return note_fault

    def note(self, file: str) -> Callable[[str], None]:
        """Return a function that notes what should be known of this file."""
        return lambda sentence: self.notes.append(f"{self.place / file}: {sentence}")

    def cell(self, table: str, row: int, column: str, value: str, sentence: str, everywhere: bool = False) -> None:
        """Note a fault of one cell; with `everywhere`, the same fault in other tables has the same cause."""
        what = f"{quoted(value) if value else 'the cell'} {sentence}"
        key = (what,) if everywhere else (table, column, what)
        self._faults.setdefault(key, {}).setdefault((f"{table}.csv", column), []).append(row)

    def _told(self, key: tuple[str, ...], cells: dict[tuple[str, str], list[int]]) -> str:
        places = [
            f"{file}, {counted_rows(rows)}, column{'s' * (',' in column)} {column}"
            for (file, column), rows in cells.items()
        ]
        return f"{self.place / '; '.join(places)}: {key[-1]}" if places else key[-1]


def quoted(value: str, most: int = 60) -> str:
    r"""Return a value in quotes, safe to print on a terminal, cut where it is long.

    Examples
    --------
    >>> quoted("a\x1b[31m")
    "'a\\x1b[31m'"
    """
    cut = value if len(value) <= most else value[: most - 1] + "…"
    return "'" + "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in cut) + "'"
