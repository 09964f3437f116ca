"""A course: who is in it, its secret key, and when things are due. All of it stays in the folder of the course."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from woozle.errors import WoozleError

KEY, SETTINGS = "course.key", "course.yaml"
RELEASED = "course.released"  # the fingerprint of the key that a release was made with
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
EXAMPLE = "id,name,email\nada,Ada Lovelace,ada@example.org\n"


@dataclass(frozen=True)
class Student:
    """One student: an id, which may be a pseudonym, and where they are wanted name and address."""

    id: str
    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Course:
    """A course.

    Attributes
    ----------
    students : mapping of str to Student
        By id, in the order of the roster.
    key : bytes
        The secret that the personal cases come from.
    due : mapping of str to datetime
        By assignment, where it was said.
    """

    students: Mapping[str, Student]
    key: bytes
    due: Mapping[str, datetime] = field(default_factory=dict)


def open_course(roster: Path, new_key: bool = False) -> Course:
    """Return the course of a roster; its key and its settings lie beside the roster.

    Parameters
    ----------
    roster
        A CSV file with a column `id`, and `name` and `email` where they are wanted.
    new_key
        Make a key if there is none.

    Raises
    ------
    WoozleError
        A file is missing or wrong; the message names file, row, column and value.
    """
    return Course(read_roster(roster), _read_key(roster.with_name(KEY), new_key), _read_due(roster.with_name(SETTINGS)))


def read_roster(path: Path) -> dict[str, Student]:
    """Return the students of a roster by id; see `open_course`."""
    if not path.is_file():
        raise WoozleError(
            f"There is no roster {path}. It is a CSV file with one row a student: a column 'id' (letters, digits, . "
            "_ -; a pseudonym will do), and 'name' and 'email' if you like. For example:\n\n" + EXAMPLE
        )
    rows = read_csv(path)
    if not rows or "id" not in rows[0]:
        raise WoozleError(f"{path}: it needs a first line with a column 'id', and a row for each student.")
    students: dict[str, Student] = {}
    folded: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        name = (row["id"] or "").strip()
        if not _ID.fullmatch(name) or name.endswith("."):
            raise WoozleError(
                f"{path}, row {number}, column id: {name!r} is not an id. Use letters, digits, '.', '_' and '-', "
                "at most 64."
            )
        if name.casefold() in folded:
            raise WoozleError(
                f"{path}, row {number}, column id: '{name}' stands twice (upper and lower case are not told apart)."
            )
        if twin := next((other for other in folded.values() if is_one_number(other, name)), ""):
            raise WoozleError(
                f"{path}, row {number}, column id: '{name}' and '{twin}' are one number to a spreadsheet, which would "
                "give the points of one to the other. Give one of them another id."
            )
        folded[name.casefold()] = name
        students[name] = Student(name, (row.get("name") or "").strip(), (row.get("email") or "").strip())
    return students


def is_one_number(one: str, other: str) -> bool:
    """Tell whether a spreadsheet takes two different ids for one number: 007 and 7, 100000 and 1.00E+05.

    Examples
    --------
    >>> is_one_number("007", "7"), is_one_number("100000", "1.00E+05"), is_one_number("a7", "7")
    (True, True, False)
    """
    form = r"\d+(\.\d*)?(e[+-]?\d+)?"
    numbers = all(re.fullmatch(form, text, re.I | re.A) for text in (one, other))
    return numbers and one != other and float(one) == float(other)


def read_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file with commas, or with semicolons or tabs, as some spreadsheets write it.

    Empty rows are left out.

    Raises
    ------
    WoozleError
        It can't be read, or a row has more values than there are columns: one of them holds a comma, and all behind it
        would be taken for others.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        first = text.partition("\n")[0]
        delimiter = max(",;\t", key=first.count)
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise WoozleError(f"{path}: it can't be read as CSV in UTF-8: {error}.") from error
    for number, row in enumerate(rows, start=2):
        if any(row.pop(None, [])):
            raise WoozleError(
                f"{path}, row {number}: there are more values than columns. Put a value with a comma in quotes, as "
                '"Lovelace, Ada".'
            )
    return [row for row in rows if any(row.values())]


def _read_key(path: Path, new_key: bool) -> bytes:
    note = path.with_name(RELEASED)
    before = note.read_text("utf-8", "replace").strip() if note.exists() else ""
    if not path.exists():
        if before:
            raise WoozleError(
                f"{path} is gone, and assignments were made with it: a new key would make other cases. Put it back, "
                f"or, to begin anew, delete {note} as well."
            )
        if not new_key:
            raise WoozleError(
                f"There is no key of the course at {path}: without it the personal cases can't be made again. It was "
                "made when the assignments were, beside the roster."
            )
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
    text = path.read_text("utf-8", "replace").strip()
    if len(text) < 32 or set(text) - set(string.hexdigits):
        raise WoozleError(f"{path}: this is not a key; it has at least 32 digits from 0 to f.")
    key = bytes.fromhex(text if len(text) % 2 == 0 else text + "0")
    if before and before != fingerprint(key):
        raise WoozleError(
            f"{path} is not the key that the assignments were made with: the cases would be others. Put the right one "
            f"back, or, to begin anew, delete {note}."
        )
    return key


def fingerprint(key: bytes) -> str:
    """Return what tells a key from another and gives nothing of it away."""
    return hashlib.sha256(b"woozle course key " + key).hexdigest()[:16]


def _read_due(path: Path) -> dict[str, datetime]:
    import yaml

    if not path.exists():
        return {}
    try:
        facts = yaml.safe_load(path.read_text("utf-8")) or {}
        due = facts.get("due", {})
        moments = {str(name): _moment(value) for name, value in due.items()}
    except (OSError, UnicodeDecodeError, yaml.YAMLError, AttributeError, ValueError, TypeError) as error:
        raise WoozleError(
            f"{path}: it holds under 'due' a moment with an offset for each assignment, as "
            f"1_find_the_conversion: 2026-12-01T18:00+01:00 ({error})."
        ) from error
    if unknown := set(facts) - {"due"}:
        raise WoozleError(f"{path}: there is no setting '{sorted(unknown)[0]}'; there is 'due'.")
    return moments


def _moment(value: object) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError(f"{value} has no offset")
    return moment
