"""Read the files of a package: bytes in, rows of strings out, and a sentence for all that is wrong with them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

from woozle.errors import did_you_mean, listed

LIMIT_MB = 100
Report = Callable[[str], None]


def read_text(path: Path, report: Report) -> str | None:
    """Return the text of a file, or None where it can't be read; faults that can be seen past are only reported."""
    if path.is_symlink() and not path.exists():
        report("the file is a link that leads nowhere.")
        return None
    if path.exists() and not path.is_file():
        report("this is no file (a folder, perhaps).")
        return None
    if not path.is_file():
        report(f"the file is missing.{did_you_mean(path.name, _neighbours(path))}")
        return None
    size = path.stat().st_size
    if size == 0:
        report("the file is empty.")
        return None
    if size > LIMIT_MB * 1_000_000:
        report(f"the file has {size / 1e6:,.0f} MB; at most {LIMIT_MB} MB are read.")
        return None
    try:
        data = path.read_bytes()
    except OSError as error:
        report(f"the file can't be read: {error.strerror}.")
        return None
    return _decode(data, report)


def read_rows(
    path: Path, columns: tuple[str, ...], report: Report, optional: tuple[str, ...] = ()
) -> list[tuple[int, dict[str, str]]] | None:
    """Return the rows of a CSV file, each with its number (the header is row 1).

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
    """
    text = read_text(path, report)
    if text is None:
        return None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        records = list(reader)
    except csv.Error as error:
        report(f"line {reader.line_num}: not a CSV file from here on ({error}); a quote may be open.")
        return None
    header = records[0] if records else []
    if not _header_is_right(header, columns, report, optional):
        return None
    rows = []
    for number, record in enumerate(records[1:], start=2):
        if not record:
            report(f"row {number}: the row is empty. Delete it.")
        elif len(record) != len(header):
            report(f"row {number}: {len(record)} values for {len(header)} columns. A value with a comma needs quotes.")
        else:
            rows.append((number, dict(zip(header, record, strict=True))))
    return rows


def read_json(path: Path, report: Report) -> dict | None:
    """Return the object in a JSON file, or None."""
    text = read_text(path, report)
    if text is None:
        return None
    try:
        value = json.loads(text, object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError) as error:
        report(f"not JSON: {error}.")
        return None
    if not _is_unicode(value):
        report("a text in it holds half a character (a lone surrogate). Write it anew.")
        return None
    if not isinstance(value, dict):
        report("not a JSON object: the file must begin with '{'.")
        return None
    return value


def _is_unicode(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    keys = [key for key, _ in pairs]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise ValueError(f"the key {listed(sorted(twice))} stands twice in one object")
    return dict(pairs)


def _decode(data: bytes, report: Report) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        report("the encoding is UTF-16. Save it as UTF-8.")
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        report("the file begins with a byte order mark. Save it as UTF-8 without BOM.")
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
        line, ends = text[: text.index("\r")].count("\n") + 1, "CR LF" if "\r\n" in text else "CR"
        report(f"line {line}: lines end in {ends}. Save it with LF (Unix) ends.")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def _header_is_right(
    header: list[str], columns: tuple[str, ...], report: Report, optional: tuple[str, ...] = ()
) -> bool:
    for separator, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and separator in header[0]:
            report(f"row 1: the columns are separated by {name}. Save it with commas.")
            return False
    missing = [column for column in columns if column not in header]
    surplus = [column for column in header if column not in (*columns, *optional)]
    for column in missing:
        report(f"row 1: the column '{column}' is missing.{did_you_mean(column, surplus)}")
    for column in surplus:
        if not did_you_mean(column, missing):
            report(f"row 1: there is no column '{column}'. Allowed: {listed((*columns, *optional), most=30)}.")
    if len(set(header)) < len(header):
        report(f"row 1: a column stands twice: {listed(sorted({c for c in header if header.count(c) > 1}))}.")
    return not missing and not surplus and len(set(header)) == len(header)


def _neighbours(path: Path) -> list[str]:
    return sorted(entry.name for entry in path.parent.iterdir()) if path.parent.is_dir() else []
