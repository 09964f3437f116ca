"""The texts of imported documents. They are beside the case, outside git; very many wait on disk, not in memory."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from woozle.files import whole, write_whole
from woozle.locate import texts_place

_FEW = 5_000  # up to this number, each text is a file of its own
_LONGEST = 1 << 30  # letters of a text in a table; the csv module stops at 131,072 by itself


def text_of(folder: Path, document: str) -> str:
    """Return the text of a document of the case in a folder; nothing where there is none."""
    place = texts_place(folder)
    path = place / f"{document}.txt"
    if path.is_file():
        return path.read_text("utf-8", "replace")
    table = place.with_name(f"{place.name}.csv")
    if not table.is_file():
        return ""
    with table.open(encoding="utf-8", newline="") as file:
        return next((row[1] for row in _rows(file) if row[0] == document), "")


def _rows(file: Iterable[str]) -> Iterator[list[str]]:
    """Yield the rows of a table of texts, whatever their length."""
    csv.field_size_limit(_LONGEST)
    return (row for row in csv.reader(file) if len(row) > 1)


class Texts:
    """Texts by document, on their way from a file to `texts/`; beyond 5,000, they wait in a temporary file."""

    def __init__(self) -> None:
        self._ids = set[str]()
        self._few: list[tuple[str, str]] = []
        self._many = None

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, document: str, text: str) -> None:
        """Keep the text of a document; a second text of the same document is ignored."""
        if document in self._ids:
            return
        self._ids.add(document)
        self._few.append((document, text))
        if len(self._few) > _FEW:
            if self._many is None:
                self._many = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115
            csv.writer(self._many, lineterminator="\n").writerows(self._few)
            self._few.clear()

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield documents with their texts, in the order in which they came."""
        if self._many is not None:
            self._many.seek(0)
            yield from ((row[0], row[1]) for row in _rows(self._many))
        yield from self._few

    def write(self, folder: Path) -> None:
        """Write the texts beside the case in a folder: each into a file of its own, or very many into one table.

        A file that exists already is kept. In the table, a new text replaces the old one of the same document.
        """
        if not self:
            return
        place = texts_place(folder)
        table = place.with_name(f"{place.name}.csv")
        if table.is_file() or (len(self) > _FEW and not place.is_dir()):
            place.parent.mkdir(parents=True, exist_ok=True)
            with ExitStack() as stack:
                fresh = stack.enter_context(whole(table))
                file = stack.enter_context(fresh.open("w", encoding="utf-8", newline=""))
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(["id", "text"])
                if table.is_file():
                    old = _rows(stack.enter_context(table.open(encoding="utf-8", newline="")))
                    next(old, None)
                    writer.writerows(row for row in old if row[0] not in self._ids)
                writer.writerows(self)
            return
        place.mkdir(parents=True, exist_ok=True)
        for name, text in self:
            if not (place / f"{name}.txt").exists():
                write_whole(place / f"{name}.txt", text)
