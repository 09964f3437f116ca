"""Tables as they come: separated values in any encoding, and spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from woozle.formats.encoding import HEAD, LONGEST, bytes_of, encoding_of, extra, is_utf8
from woozle.formats.items import FormatError, Source

SPREADSHEETS = (".xlsx", ".xls", ".xlsb", ".xlsm", ".ods")
TABLES = (".csv", ".tsv", ".tab", ".txt", ".edges", ".edgelist")


def table_rows(source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the rows of a table by column, each with its number (the header is row 1).

    Values of a spreadsheet keep their types.

    Rows with nothing in them are left out; a row that is too short or too long is mended and noted.
    """
    spread = source.path.suffix.lower() in SPREADSHEETS
    rows = enumerate(cells_of(source.path), start=1) if spread else _lines(source)
    header: list[str] = []
    for number, cells in rows:
        if not any(cell not in ("", None) for cell in cells):
            continue
        if not header:
            header = _names(cells)
            continue
        if len(cells) > len(header):
            if any(cells[len(header) :]):
                source.note(number, f"has {len(cells)} values for {len(header)} columns; the last ones were left out")
            cells = cells[: len(header)]
        elif len(cells) < len(header):
            if not spread:
                count = "1 value" if len(cells) == 1 else f"{len(cells)} values"
                if swallowed := _swallowed(cells, len(header)):
                    source.note(number, f"a quote opens here and swallows {swallowed}; all left out. Close it")
                    continue
                source.note(number, f"has {count} for {len(header)} columns; the last ones are empty")
            cells = [*cells, *[""] * (len(header) - len(cells))]
        yield number, dict(zip(header, cells, strict=True))


def _swallowed(cells: list[str], columns: int) -> str:
    """Return how many rows a cell of a row that is too short holds: behind a quote that is not closed."""
    lines = [line for cell in cells for line in cell.splitlines()[1:]]
    rows = sum(any(line.count(mark) == columns - 1 for mark in ",;\t|") for line in lines)
    return "" if not rows or columns < 2 else "1 more row" if rows == 1 else f"{rows} more rows"


def _names(cells: list[Any]) -> list[str]:
    """Return the names of columns: each once, none empty."""
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = str(cell if cell is not None else "").strip() or f"column {place}"
        count = 2
        plain = name
        while name in names:
            name, count = f"{plain} ({count})", count + 1
        names.append(name)
    return names


def _lines(source: Source) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a file with separated values, with the numbers of their lines."""
    with bytes_of(source.path) as file:
        begun = file.read(HEAD)
        encoding, sure = encoding_of(begun, whole=len(begun) < HEAD)
    if sure and encoding == "utf-8-sig" and not is_utf8(source.path):
        with bytes_of(source.path) as file:
            encoding, sure = encoding_of(file.read(50_000_000), whole=True)
    if not sure:
        source.note(0, f"read as {encoding}, because it is not UTF-8")
    mark = separator(begun.decode(encoding, "replace"))
    csv.field_size_limit(LONGEST)
    with bytes_of(source.path) as file:
        counted = _Counted(file, source)
        text = io.TextIOWrapper(io.BufferedReader(counted, 1 << 16), encoding, errors="replace", newline="")
        reader = csv.reader((line.replace("\0", "") for line in text), delimiter=mark)
        number = 0
        while True:
            number = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                source.note(number, f"can't be read as a row ({error}); left out")
                continue
            yield number, row


class _Counted(io.RawIOBase):
    """A file that tells how much of it was read."""

    def __init__(self, file: IO[bytes], source: Source):
        self._file, self._source = file, source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        data = self._file.read(min(len(buffer), 1 << 16))
        buffer[: len(data)] = data
        self._source.step(len(data))
        return len(data)


def separator(text: str) -> str:
    r"""Return the separator of a table: of comma, semicolon, tab and |, the one that splits its first line most.

    Examples
    --------
    >>> separator("a;b\n1,5;2\n"), separator("a\tb\n"), separator("one column\n")
    (';', '\t', ',')
    """
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    first = lines[0] if lines else ""
    counts = {mark: len(next(csv.reader([first], delimiter=mark), [])) for mark in ",;\t|"}
    return max(counts, key=counts.__getitem__)


def cells_of(path: Path) -> Iterator[list[Any]]:
    """Yield the rows of the first sheet of a spreadsheet that holds anything."""
    calamine = extra("python_calamine", "spreadsheets (XLSX, ODS)")
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height:
                yield from sheet.iter_rows()
                return
    except (calamine.CalamineError, OSError) as error:
        raise FormatError(f"{path.name} can't be read as a spreadsheet: {error}.") from error
