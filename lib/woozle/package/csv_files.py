"""Read the files of a package: bytes in, rows of strings out, and a sentence for each fault."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeGuard

from woozle.errors import did_you_mean, listed
from woozle.files import whole
from woozle.package import schema

LIMIT_MB = 100
Report = Callable[[str], None]


def read_text(path: Path, report: Report, marks: list[str] | None = None) -> str | None:
    """Return the text of a file, or None where it can't be read.

    A byte order mark is dropped and line ends become LF; words for what was found are appended to `marks`.
    """
    if path.is_symlink() and not path.exists():
        report("the file is a link that leads nowhere.")
        return None
    if path.exists() and not path.is_file():
        report("this is not a file (perhaps a folder).")
        return None
    if not path.is_file():
        report(f"the file is missing.{did_you_mean(path.name, _neighbours(path))}")
        return None
    size = path.stat().st_size
    if size == 0:
        report(
            "the file is empty. Its first row must be the header." if path.suffix == ".csv" else "the file is empty."
        )
        return None
    if size > LIMIT_MB * 1_000_000:
        report(f"the file has {size / 1e6:,.0f} MB; at most {LIMIT_MB} MB are read.")
        return None
    try:
        data = path.read_bytes()
    except OSError as error:
        report(f"the file can't be read: {error.strerror}.")
        return None
    return _decode(data, report, [] if marks is None else marks)


def read_rows(
    path: Path,
    columns: tuple[str, ...],
    report: Report,
    optional: tuple[str, ...] = (),
    note: Report = lambda sentence: None,
) -> list[tuple[int, dict[str, str]]] | None:
    """Return the rows of a CSV file, each with its number (the header is row 1).

    Files as spreadsheets save them are read too: with a byte order mark, Windows line ends, semicolons or tabs instead
    of commas, every cell in quotes, or empty rows and columns at the end.

    Parameters
    ----------
    path
        The file.
    columns
        The columns that it must have, in any order; others are an error too.
    report
        Called with a sentence for each fault.
    optional
        Columns that it may have.
    note
        Called with one sentence if the file deviates from plain CSV in a way that could be read.
    """
    marks: list[str] = []
    text = read_text(path, report, marks)
    if text is None:
        return None
    if line := _open_quote(text):
        report(f"line {line}: a quote opens here and is not closed in this line. Close it; double a quote in a text.")
        return None
    separator = _separator(text, (*columns, *optional))
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        report(f"not a CSV file: {error}.")
        return None
    header, records = _trimmed(records, marks)
    if not _header_is_right(header, columns, report, optional):
        return None
    if separator != ",":
        marks.insert(0, "tabs between the columns" if separator == "\t" else "semicolons between the columns")
    if marks:
        note(f"read as a spreadsheet saved it: {', '.join(marks)}.")
    return _rows(header, records, report)


COMMENT = "#"  # a row whose first cell begins with this is no data, but an example or a remark


def is_comment(record: Sequence[str]) -> bool:
    """Tell whether a row of a table is a comment and no data."""
    return bool(record) and record[0].startswith(COMMENT)


def read_table(
    path: Path, columns: tuple[str, ...], comments: bool = False, most: int | None = None
) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of a table as they are in the file, faults included; empty lists if it can't be read.

    Comments (rows that begin with `COMMENT`) are left out unless `comments` is true. With `most`, only the first `most`
    lines of the file are read, header included; then a file that can't be opened raises `OSError`.
    """
    if most is None:
        text = read_text(path, lambda sentence: None) or ""
    else:  # no more of a large file than is asked for
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            text = "".join(islice(file, most))
    records = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text, columns))
    header, rows = _trimmed(list(records), [])
    return header, [record for record in rows if comments or not is_comment(record)]


@dataclass
class TableFile:
    """A table as it stands in its file, to be changed and written again: its rows, and the comments before them.

    Attributes
    ----------
    columns : list of str
        The names in its header.
    comments : list of list of str
        Rows that are no data.
    rows : list of dict
        Its rows, by column.
    more : iterable of tuple
        Further rows, in the order of `columns`, written after the others; very many can be produced while writing.
    """

    columns: list[str]
    comments: list[list[str]]
    rows: list[dict[str, str]]
    more: Iterable[tuple[str, ...]] = ()

    @classmethod
    def read(cls, path: Path, columns: Iterable[str]) -> TableFile:
        """Return the table of a file; an empty one with these columns where there is none.

        Examples
        --------
        >>> TableFile.read(Path("data/dprk_troops_2024/events.csv"), ("id", "date")).columns[:2]
        ['id', 'date']
        """
        names = list(columns)
        if not path.is_file():
            return cls(names, [], [])
        header, records = read_table(path, tuple(names), comments=True)
        comments = [record for record in records if is_comment(record)]
        rows = [dict(zip(header, record, strict=False)) for record in records if not is_comment(record) and any(record)]
        return cls(header or names, comments, rows)

    def lines(self) -> Iterator[list[str] | tuple[str, ...]]:
        """Yield header, comments and rows as they are written."""
        yield self.columns
        yield from self.comments
        yield from ([row.get(name, "") for name in self.columns] for row in self.rows)
        yield from self.more

    def text(self) -> str:
        """Return the table as it is written."""
        file = io.StringIO(newline="")
        csv.writer(file, lineterminator="\n").writerows(self.lines())
        return file.getvalue()

    def write(self, path: Path) -> None:
        """Write the table, whole or not at all."""
        with whole(path) as fresh, fresh.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(self.lines())
            file.flush()
            os.fsync(file.fileno())


def _rows(header: list[str], records: list[list[str]], report: Report) -> list[tuple[int, dict[str, str]]]:
    """Return records as rows; report those that are empty or have too many or too few values, one sentence a fault."""
    rows: list[tuple[int, dict[str, str]]] = []
    faults: dict[str, list[int]] = {}
    for number, record in enumerate(records, start=2):
        if is_comment(record):
            continue
        if not any(record):
            faults.setdefault("", []).append(number)
        elif len(record) != len(header):
            cells = "1 value" if len(record) == 1 else f"{len(record)} values"
            more = (
                "A value with a comma in it needs quotes."
                if len(record) > len(header)
                else "An empty cell needs its comma, too."
            )
            fault = f"{cells} for {len(header)} columns. {more}"
            faults.setdefault(fault, []).append(number)
        else:
            rows.append((number, dict(zip(header, record, strict=True))))
    for fault, numbers in faults.items():
        empty = "the row is empty. Delete it." if len(numbers) == 1 else "these are empty. Delete them."
        report(f"{counted_rows(numbers)}: {fault or empty}")
    return rows


def counted_rows(numbers: Sequence[int], most: int = 12) -> str:
    """Return the numbers of rows in words.

    Examples
    --------
    >>> counted_rows([2]), counted_rows([2, 3, 5]), counted_rows(range(2, 30))
    ('row 2', 'rows 2, 3, 5', 'rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, … (28 in all)')
    """
    first = ", ".join(map(str, numbers[:most]))
    more = f", … ({len(numbers)} in all)" if len(numbers) > most else ""
    return f"row{'s' * (len(numbers) > 1)} {first}{more}"


def _open_quote(text: str) -> int:
    """Return the line in which a quote opens that is not closed there (no cell holds a line end); 0 where none does."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count('"') % 2:
            return number
    return 0


def _separator(text: str, columns: tuple[str, ...]) -> str:
    """Return the separator of a table: the one by which its first line splits into most of the known column names."""
    first = text.split("\n", 1)[0]
    known = {mark: sum(name in columns for name in next(csv.reader([first], delimiter=mark))) for mark in ",;\t"}
    return max(known, key=known.__getitem__)


def _trimmed(records: list[list[str]], marks: list[str]) -> tuple[list[str], list[list[str]]]:
    """Return header and records without what is empty at the end; what was left out is noted in `marks`."""
    rows = len(records)
    while len(records) > 1 and not any(records[-1]):
        records.pop()
    if len(records) < rows:
        marks.append(_left_out(rows - len(records), "row"))
    header = records[0] if records else []
    named = max((place + 1 for place, name in enumerate(header) if name.strip()), default=0)
    if named < len(header) and not any(any(record[named:]) for record in records):
        marks.append(_left_out(len(header) - named, "column"))
        records = [record[:named] if len(record) == len(header) else record for record in records]
    return records[0] if records else [], records[1:]


def _left_out(count: int, word: str) -> str:
    return f"{count} empty {word}{'s' * (count > 1)} at the end left out"


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Tell whether a value read from JSON, YAML or TOML is an object: names with values."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Tell whether a value read from JSON, YAML or TOML is a list."""
    return isinstance(value, list)


def read_json(path: Path, report: Report) -> dict[str, Any] | None:
    """Return the object in a JSON file, or None."""
    text = read_text(path, report)
    if text is None:
        return None
    try:
        value = json.loads(text, object_pairs_hook=_no_duplicates)
    except json.JSONDecodeError as error:
        report(f"line {error.lineno}: not JSON from column {error.colno} on: {error.msg}.")
        return None
    except (ValueError, RecursionError) as error:
        report(f"not JSON: {error}.")
        return None
    if not _is_unicode(value):
        report("a text in it holds half a character (a lone surrogate). Write that text again.")
        return None
    if not is_object(value):
        report("not a JSON object: the file must begin with '{'.")
        return None
    return value


def _is_unicode(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise ValueError(f"the key {listed(sorted(twice))} appears twice in one object")
    return dict(pairs)


def _decode(data: bytes, report: Report, marks: list[str]) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        report("the encoding is UTF-16. Save it as UTF-8.")
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        marks.append("a byte order mark")
        data = data[3:]
    if b"\0" in data:
        report(f"line {data[: data.index(0)].count(10) + 1}: a NUL byte. Delete it; the file may be damaged.")
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        report(f"line {line}: byte 0x{data[error.start]:02x} is not UTF-8. Save the file as UTF-8.")
        return None
    if "\r" in text:
        marks.append("Windows line ends" if "\r\n" in text else "old Macintosh line ends")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def _header_is_right(
    header: list[str], columns: tuple[str, ...], report: Report, optional: tuple[str, ...] = ()
) -> bool:
    missing = [column for column in columns if column not in header]
    surplus = [column for column in header if column not in (*columns, *optional)]
    if len(missing) > len(columns) / 2:
        report(f"row 1: this is not the table's header. It has the columns {listed(columns, most=40)}.")
        return False
    meant = {column: did_you_mean(column, surplus) for column in missing}
    unknown = [column for column in surplus if not did_you_mean(column, missing)]
    for column in (column for column, near in meant.items() if near):
        report(f"row 1: the column '{column}' is missing.{meant[column]}")
    if lost := [column for column, near in meant.items() if not near]:
        plural = len(lost) > 1
        is_missing = f"the column{'s' * plural} {listed(lost, most=40)} {'are' if plural else 'is'} missing."
        remedy = f"Does {listed(unknown)} hold it? Then rename that." if unknown else "Add it, with a cell in each row."
        report(f"row 1: {is_missing} {remedy.replace(' it', ' them') if plural else remedy}")
    if unknown:
        plural = "s" * (len(unknown) > 1)
        report(
            f"row 1: there is no column{plural} {listed(unknown)}. Allowed: {listed((*columns, *optional), most=30)}."
        )
    if len(set(header)) < len(header):
        twice = sorted({column for column in header if header.count(column) > 1})
        report(f"row 1: a column appears twice: {listed(twice)}. Rename or delete one.")
    return not missing and not surplus and len(set(header)) == len(header)


def _neighbours(path: Path) -> list[str]:
    """Return the other files of a folder that might be this one under another name; each table is itself."""
    beside = path.parent.iterdir() if path.parent.is_dir() else ()
    return sorted(entry.name for entry in beside if entry.stem not in schema.tables())
