"""Read the beginning of a file, to recognize its format."""

from __future__ import annotations

import csv
from pathlib import Path

from woozle.formats.encoding import HEAD, bytes_of, encoding_of
from woozle.formats.items import FormatError, Head
from woozle.formats.json_files import json_head
from woozle.formats.table_files import SPREADSHEETS, TABLES, cells_of, separator


def head_of(path: Path) -> Head:
    """Return the beginning of a file.

    Raises
    ------
    FormatError
        The file is missing or empty, or can't be read.
    """
    if path.is_dir():
        return Head(path)
    if path.is_file() and not path.stat().st_size:
        raise FormatError(f"{path.name} is empty.")
    if path.suffix.lower() in SPREADSHEETS:
        return Head(path, columns=_first_row(path))
    try:
        with bytes_of(path) as file:
            data = file.read(HEAD)
    except (OSError, EOFError) as error:
        raise FormatError(f"{path} can't be read: {getattr(error, 'strerror', None) or error}.") from error
    if data[:4] in (b"%PDF", b"PK\x03\x04", b"\x7fELF", b"\x89PNG"):
        return Head(path)
    text = data.decode(encoding_of(data, whole=len(data) < HEAD)[0], "replace").replace("\0", "")
    start = text.lstrip("\ufeff \t\r\n")
    if start[:1] in ("{", "["):
        return json_head(path, start)
    columns: tuple[str, ...] = ()
    if path.suffix.lower() in (*TABLES, ".gz") or "\n" in start:
        line = start.splitlines()[0] if start else ""
        columns = tuple(name.strip() for name in next(csv.reader([line], delimiter=separator(start)), []))
    return Head(path, text, columns)


def _first_row(path: Path) -> tuple[str, ...]:
    rows = (row for row in cells_of(path) if any(value not in ("", None) for value in row))
    return tuple(str(value).strip() for value in next(rows, []))
