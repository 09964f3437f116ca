"""Open files as they come: the encoding, what stands between columns, JSON in any wrapping, gzip, spreadsheets."""

from __future__ import annotations

import codecs
import csv
import gzip
import importlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import IO, Any

from woozle.formats.items import FormatError, Head, MissingExtraError, Source

_HEAD = 65_536  # bytes by which a format is told
_LONGEST = 10_000_000  # letters of a cell; a longer one is a fault of the file
SPREADSHEETS = (".xlsx", ".xls", ".xlsb", ".xlsm", ".ods")
TABLES = (".csv", ".tsv", ".tab", ".txt", ".edges", ".edgelist")


def extra(module: str, what: str) -> ModuleType:
    """Return a module of the extra `ingest`.

    Raises
    ------
    MissingExtraError
        It is not installed; the message says how to install it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtraError(
            f"To read {what}, more packages are needed: make ingest, or pip install 'woozle[ingest]'. "
            f"({module} is not installed.)"
        ) from error


def head_of(path: Path) -> Head:
    """Return the beginning of a file.

    Raises
    ------
    FormatError
        There is no such file, or it can't be read.
    """
    if path.is_dir():
        return Head(path)
    if path.is_file() and not path.stat().st_size:
        raise FormatError(f"{path.name} is empty.")
    if path.suffix.lower() in SPREADSHEETS:
        return Head(path, columns=_first_row(path))
    try:
        with _bytes(path) as file:
            data = file.read(_HEAD)
    except (OSError, EOFError) as error:
        raise FormatError(f"{path} can't be read: {getattr(error, 'strerror', None) or error}.") from error
    if data[:4] in (b"%PDF", b"PK\x03\x04", b"\x7fELF", b"\x89PNG"):
        return Head(path)
    text = data.decode(_encoding(data, whole=len(data) < _HEAD)[0], "replace").replace("\0", "")
    start = text.lstrip("\ufeff \t\r\n")
    if start[:1] in ("{", "["):
        return _json_head(path, start)
    columns: tuple[str, ...] = ()
    if path.suffix.lower() in (*TABLES, ".gz") or "\n" in start:
        line = start.splitlines()[0] if start else ""
        columns = tuple(name.strip() for name in next(csv.reader([line], delimiter=separator(start)), []))
    return Head(path, text, columns)


def _first_row(path: Path) -> tuple[str, ...]:
    rows = (row for row in _cells(path) if any(value not in ("", None) for value in row))
    return tuple(str(value).strip() for value in next(rows, []))


def _json_head(path: Path, text: str) -> Head:
    """Return the head of a JSON file: its first record, and the keys of the outermost object."""
    if record := _first_of_lines(path):
        return Head(path, text, record=record)
    keys = tuple(dict.fromkeys(_outer_keys(path))) if text[0] == "{" else ()
    for _, record in _records_within(path):
        return Head(path, text, record=record, keys=keys)
    with _quiet():
        record, _ = json.JSONDecoder().raw_decode(text)
        if isinstance(record, dict):
            return Head(path, text, record=record, keys=keys)
    return Head(path, text, keys=keys)


@contextmanager
def _quiet() -> Iterator[None]:
    with suppress(ValueError, RecursionError):
        yield


def _outer_keys(path: Path) -> Iterator[str]:
    """Yield the first keys of the outermost object of a JSON file."""
    ijson = extra("ijson", "JSON")
    try:
        with _bytes(path) as file:
            for number, (prefix, event, value) in enumerate(ijson.parse(_Shallow(file, path), use_float=True)):
                if prefix == "" and event == "map_key":
                    yield value
                if number > 20_000:
                    return
    except ijson.JSONError:
        return


_DEEP = re.compile(rb'(?:[\[{]\s*(?:"[^"]{0,200}"\s*:\s*)?){500}')
_DENSE = 5_000  # brackets in what is read at once; a nest of fewer is no harm


class _Shallow:
    """A file of JSON in which nothing is nested very deep: the paths of such a nest would fill the memory."""

    def __init__(self, file: IO[bytes], path: Path):
        self._file, self._path = file, path

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; raise where they are nested too deep."""
        data = self._file.read(size)
        if data.count(b"[") + data.count(b"{") > _DENSE and _DEEP.search(data):
            raise FormatError(f"{self._path.name} is nested more than 500 deep: no export is.")
        return data


# Under which key of the outermost object the records of an export stand.
LISTS = ("data", "posts", "messages", "statuses", "items", "results", "events", "dataFeedElement", "feed", "edges")


def _records_within(path: Path, notes: Source | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the records of a JSON file with their numbers: of a list, of the list under a key, or the object itself."""
    ijson = extra("ijson", "JSON")
    with _bytes(path) as file:
        start = file.read(_HEAD).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    prefixes = ["item"] if start == b"[" else [f"{key}.item" for key in LISTS if key in set(_outer_keys(path))]
    number = 0
    for prefix in prefixes[:1]:
        try:
            with _bytes(path) as file:
                if file.read(3) != codecs.BOM_UTF8:
                    file.seek(0)
                for number, record in enumerate(ijson.items(_Shallow(file, path), prefix, use_float=True), start=1):
                    if isinstance(record, dict):
                        yield number, record
                    elif notes:
                        notes.note(number, "is no object; left out")
        except (ijson.JSONError, UnicodeDecodeError) as error:
            if notes:
                notes.note(number + 1, f"from here on it is not JSON; what came before was read ({error})")


def json_records(source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the records of a JSON file with their numbers: one in each line, a list, or a list in an object.

    A record that can't be read is noted, and reading goes on.
    """
    path = source.path
    with _bytes(path) as file:
        begun = file.read(_HEAD).lstrip(b"\xef\xbb\xbf \t\r\n")
    if begun[:1] == b"[" or (begun[:1] == b"{" and _first_of_lines(path) is None):
        found = False
        for record in _records_within(path, source):
            found = True
            yield record
        if not found and begun[:1] == b"{":
            yield from _one(source)
        return
    with _bytes(path) as file:
        for number, line in enumerate(file, start=1):
            source.step(len(line))
            line = line.strip(b"\xef\xbb\xbf \t\r\n")
            if not line:
                continue
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                source.note(number, "is not JSON; left out")
                continue
            if isinstance(record, dict):
                yield number, record
            else:
                source.note(number, "is no object; left out")


def _one(source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        record = json.loads(read_text(source))
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{source.path.name} is not JSON: {error}.") from error
    if isinstance(record, dict):
        yield 1, record


def _first_of_lines(path: Path) -> dict[str, Any] | None:
    """Return the first record of a file that has one in each line; None if it has not. One damaged line hides none."""
    with _bytes(path) as file:
        lines = [file.readline(_LONGEST).removeprefix(codecs.BOM_UTF8).rstrip() for _ in range(3)]
    lines = [line for line in lines if line]
    if len(lines) < 2 or not lines[0].startswith(b"{"):
        return None
    records = [_object(line) for line in lines]
    first, *others = records
    if first is not None:
        return first if any(line.startswith(b"{") for line in lines[1:]) else None
    return others[0] if all(record is not None for record in others) else None


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def json_values(source: Source, prefix: str) -> Iterator[Any]:
    """Yield what stands at a place of a JSON file, such as `includes.users.item`; nothing where it can't be read."""
    ijson = extra("ijson", "JSON")
    with suppress(ijson.JSONError, UnicodeDecodeError, FormatError), _bytes(source.path) as file:
        yield from ijson.items(_Shallow(file, source.path), prefix, use_float=True)


def read_text(source: Source) -> str:
    """Return the text of a file; an encoding other than UTF-8 is told."""
    with _bytes(source.path) as file:
        data = file.read()
    encoding, sure = _encoding(data, whole=True)
    if not sure:
        source.note(0, f"read as {encoding}, for it is not UTF-8")
    return data.decode(encoding, "replace").replace("\0", "")


def table_rows(source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the rows of a table with their numbers (the header is row 1), by column; values of a spreadsheet typed.

    Rows with nothing in them are left out; a row that is too short or too long is mended and noted.
    """
    spread = source.path.suffix.lower() in SPREADSHEETS
    rows = enumerate(_cells(source.path), start=1) if spread else _lines(source)
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
                source.note(number, f"has {len(cells)} values for {len(header)} columns; the last ones are empty")
            cells = [*cells, *[""] * (len(header) - len(cells))]
        yield number, dict(zip(header, cells, strict=True))


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
    with _bytes(source.path) as file:
        begun = file.read(_HEAD)
        encoding, sure = _encoding(begun, whole=len(begun) < _HEAD)
    if sure and encoding == "utf-8-sig" and not _is_utf8(source.path):
        with _bytes(source.path) as file:
            encoding, sure = _encoding(file.read(50_000_000), whole=True)
    if not sure:
        source.note(0, f"read as {encoding}, for it is not UTF-8")
    mark = separator(begun.decode(encoding, "replace"))
    csv.field_size_limit(_LONGEST)
    with _bytes(source.path) as file:
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
    r"""Return what stands between the columns of a table: of comma, semicolon, tab and |, what its first line has most.

    Examples
    --------
    >>> separator("a;b\n1,5;2\n"), separator("a\tb\n"), separator("one column\n")
    (';', '\t', ',')
    """
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    first = lines[0] if lines else ""
    counts = {mark: len(next(csv.reader([first], delimiter=mark), [])) for mark in ",;\t|"}
    return max(counts, key=counts.__getitem__)


def _encoding(data: bytes, whole: bool) -> tuple[str, bool]:
    """Return the encoding of a file by its bytes, and whether that is sure."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=whole)
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(data[:200_000]).best()
        guess = best.encoding if best else "cp1252"
        return ("cp1252" if _is_western(data, guess) else guess), False
    return "utf-8-sig", True


# What stands in Western texts beside letters.
_WESTERN = frozenset("“”‘’„‚«»‹›–—…€£§°·•¿¡ªº\u00a0´")
_FEW_SIGNS = 40  # beyond ASCII: by so few no encoding can be told from its neighbours


def _is_western(data: bytes, guess: str) -> bool:
    """Tell whether bytes are best read as cp1252, met most: it reads them alike, or there is little to go by."""
    western = data.decode("cp1252", "replace")
    if western == data.decode(guess, "replace"):
        return True
    signs = [letter for letter in western if ord(letter) > 127]
    return len(signs) < _FEW_SIGNS and all(letter.isalpha() or letter in _WESTERN for letter in signs)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with _bytes(path) as file:
            while data := file.read(1 << 20):
                decoder.decode(data)
    except UnicodeDecodeError:
        return False
    return True


def _bytes(path: Path) -> Any:
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")


def _cells(path: Path) -> Iterator[list[Any]]:
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


def text_of(value: object) -> str:
    """Return a value of a table or of JSON as a plain text.

    Examples
    --------
    >>> text_of(None), text_of(12.0), text_of(" a "), text_of(True)
    ('', '12', 'a', 'true')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def as_json(value: object) -> bytes:
    """Return a value as JSON in UTF-8, for people too."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def inside(record: Mapping[str, Any], *keys: str) -> Any:
    """Return what stands in nested objects under these keys, or None.

    Examples
    --------
    >>> inside({"author": {"name": "A"}}, "author", "name"), inside({"author": "A"}, "author", "name")
    ('A', None)
    """
    value: Any = record
    for key in keys:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value
