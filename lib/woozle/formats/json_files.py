"""JSON in any wrapping: a record in each line, a list, a list in an object, packed or not; streamed."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from woozle.formats.encoding import HEAD, LONGEST, bytes_of, extra, read_text
from woozle.formats.items import FormatError, Head, Source

_DEEP = re.compile(rb'(?:[\[{]\s*(?:"[^"]{0,200}"\s*:\s*)?){500}')
_DENSE = 5_000  # brackets in one chunk: only from here on deep nesting is looked for
# Keys of the outermost object under which exports keep their records; the first that a file has is read.
LISTS = ("data", "posts", "messages", "statuses", "items", "results", "events", "dataFeedElement", "feed", "edges")


def json_head(path: Path, text: str) -> Head:
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
        with bytes_of(path) as file:
            for number, (prefix, event, value) in enumerate(ijson.parse(_Shallow(file, path), use_float=True)):
                if prefix == "" and event == "map_key":
                    yield value
                if number > 20_000:
                    return
    except ijson.JSONError:
        return


class _Shallow:
    """A JSON file that refuses deep nesting, because the paths of deeply nested values would fill the memory."""

    def __init__(self, file: IO[bytes], path: Path):
        self._file, self._path = file, path

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; raise where they are nested too deep."""
        data = self._file.read(size)
        if data.count(b"[") + data.count(b"{") > _DENSE and _DEEP.search(data):
            raise FormatError(f"{self._path.name} is nested more than 500 levels deep, as no export is.")
        return data


def _records_within(path: Path, notes: Source | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the records of a JSON file with their numbers: of a list, of the list under a key, or the object itself."""
    ijson = extra("ijson", "JSON")
    with bytes_of(path) as file:
        start = file.read(HEAD).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    prefixes = ["item"] if start == b"[" else [f"{key}.item" for key in LISTS if key in set(_outer_keys(path))]
    number = 0
    for prefix in prefixes[:1]:
        try:
            with bytes_of(path) as file:
                if file.read(3) != codecs.BOM_UTF8:
                    file.seek(0)
                for number, record in enumerate(ijson.items(_Shallow(file, path), prefix, use_float=True), start=1):
                    if isinstance(record, dict):
                        yield number, record
                    elif notes:
                        notes.note(number, "is not a JSON object; left out")
        except (ijson.JSONError, UnicodeDecodeError) as error:
            if notes:
                notes.note(number + 1, f"the rest is not JSON ({error}); the records before it were read")


def json_records(source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the records of a JSON file with their numbers: one in each line, a list, or a list in an object.

    A record that can't be read is noted, and reading goes on.
    """
    path = source.path
    with bytes_of(path) as file:
        begun = file.read(HEAD).lstrip(b"\xef\xbb\xbf \t\r\n")
    if begun[:1] == b"[" or (begun[:1] == b"{" and _first_of_lines(path) is None):
        found = False
        for record in _records_within(path, source):
            found = True
            yield record
        if not found and begun[:1] == b"{":
            yield from _one(source)
        return
    with bytes_of(path) as file:
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
                source.note(number, "is not a JSON object; left out")


def _one(source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        record = json.loads(read_text(source))
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{source.path.name} is not JSON: {error}.") from error
    if isinstance(record, dict):
        yield 1, record


def _first_of_lines(path: Path) -> dict[str, Any] | None:
    """Return the first record of a file with one record in each line, or None; one damaged line does no harm."""
    with bytes_of(path) as file:
        lines = [file.readline(LONGEST).removeprefix(codecs.BOM_UTF8).rstrip() for _ in range(3)]
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
    with suppress(ijson.JSONError, UnicodeDecodeError, FormatError), bytes_of(source.path) as file:
        yield from ijson.items(_Shallow(file, source.path), prefix, use_float=True)


def as_json(value: object) -> bytes:
    """Return a value as indented JSON in UTF-8."""
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
