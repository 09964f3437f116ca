"""What a case's data were when they were released, and what has changed in them since.

`release.json` in the folder of a case holds, for each version that was released, its number, day and authors, and for
the last one a hash of each row of each table and of each part of the description. Rows are identified by their key, so
that adding one does not mark the others as changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from woozle.errors import WoozleError
from woozle.package import schema
from woozle.package.csv_files import is_list, is_object, read_table

FILE = "release.json"
_PARTS = ("actor", "conversion_from", "slots", "vocabularies")


@dataclass(frozen=True)
class Release:
    """The last released version of a case's data.

    Attributes
    ----------
    version, date : str
        Its number, and the day of the release.
    first : str
        The version that was released first.
    authors : tuple of str
        Who is named as having made it.
    rows : mapping
        By table, and by key of a row, the start of its SHA-256; the description stands as a table of its own.
    """

    version: str
    date: str
    first: str
    authors: tuple[str, ...]
    rows: Mapping[str, Mapping[str, str]]


def read_release(folder: Path) -> Release | None:
    """Return the last release of the data in a folder; None where they were never released, or the file is damaged."""
    try:
        kept = json.loads((folder / FILE).read_text("utf-8"))
        last, first = kept["releases"][-1], kept["releases"][0]
        texts = (str(last["version"]), str(last["date"]), str(first["version"]))
        return Release(
            *texts, tuple(map(str, last["authors"])), {name: dict(rows) for name, rows in kept["rows"].items()}
        )
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError):
        return None


def changed_since(folder: Path) -> list[str]:
    """Return what differs between the data in a folder and their last release; nothing where there is none.

    Examples
    --------
    >>> changed_since(Path("data/ual_bankruptcy_2008"))
    []
    """
    release = read_release(folder)
    if release is None:
        return []
    changes: list[str] = []
    now = {name: dict(_rows(folder, name)) for name in schema.tables()} | {"datapackage": _description(folder)}
    for name, rows in now.items():
        then, numbers = release.rows.get(name, {}), {key: place for place, key in enumerate(rows, start=2)}
        suffix = ".json" if name == "datapackage" else ".csv"
        places = [str(numbers[key]) if suffix == ".csv" else key for key in rows if then.get(key) != rows[key]]
        gone = [key for key in then if key not in rows]
        if places:
            changes.append(f"{name}{suffix} {_word(suffix, places)} {', '.join(places)}")
        if gone:
            changes.append(f"{name}{suffix}: without {', '.join(gone)}")
    return changes


def change_in_words(folder: Path) -> str:
    """Return in words what has changed in the data of a case since their last release; nothing where nothing has.

    Who changed it is named where `datapackage.json` names a contributor whom the release did not.
    """
    release, changed = read_release(folder), changed_since(folder)
    if release is None or not changed:
        return ""
    others = [name for name in _contributors(folder) if name not in release.authors]
    by = f" by {', '.join(others)}" if others else ""
    return f"changed since {release.version}{by}: {'; '.join(changed)}"


def write_release(folder: Path, version: str, date: str) -> None:
    """Record the data in a folder as a release, in `release.json`.

    Raises
    ------
    WoozleError
        This version was released before.
    """
    path = folder / FILE
    releases: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["releases"] if path.is_file() else []
    if any(known["version"] == version for known in releases):
        raise WoozleError(
            f"Version {version} of {folder.name} was released before. Write another version into datapackage.json."
        )
    rows = {name: dict(_rows(folder, name)) for name in schema.tables()} | {"datapackage": _description(folder)}
    one = {"version": version, "date": date, "authors": _contributors(folder)}
    text = json.dumps({"releases": [*releases, one], "rows": rows}, ensure_ascii=False, indent=1)
    path.write_text(f"{text}\n", "utf-8")


def _rows(folder: Path, name: str) -> Iterable[tuple[str, str]]:
    """Yield key and hash of each row of a table."""
    table = schema.tables()[name]
    header, records = read_table(folder / f"{name}.csv", tuple(table.columns))
    for record in filter(any, records):
        row = dict(zip(header, record, strict=False))
        cells = {column: value for column, value in row.items() if value}
        yield ", ".join(row.get(column, "") for column in table.key), _hash(cells)


def _description(folder: Path) -> dict[str, str]:
    package = _package(folder)
    block = package.get("woozle", {})
    return {part: _hash(block[part]) for part in _PARTS if part in block} | {"title": _hash(package.get("title", ""))}


def _contributors(folder: Path) -> list[str]:
    named = _package(folder).get("contributors", [])
    return [str(one.get("title", "")) for one in named if is_object(one)] if is_list(named) else []


def _package(folder: Path) -> dict[str, Any]:
    try:
        package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return package if is_object(package) else {}


def _hash(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _word(suffix: str, places: list[str]) -> str:
    word = "row" if suffix == ".csv" else "part"
    return word if len(places) == 1 else f"{word}s"
