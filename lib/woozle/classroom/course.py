"""A course: who is in it, its secret key, and when things are due. All of it stays in the folder of the course."""

from __future__ import annotations

import hashlib
import os
import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from woozle.classroom.roster import Student, read_roster
from woozle.declared import read_yaml
from woozle.errors import WoozleError

KEY, SETTINGS = "course.key", "course.yaml"
RELEASED = "course.released"  # the fingerprint of the key that a release was made with


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
    columns : tuple of str
        Those of the roster.
    """

    students: Mapping[str, Student]
    key: bytes
    due: Mapping[str, datetime] = field(default_factory=dict)
    columns: tuple[str, ...] = ()


def open_course(path: Path, new_key: bool = False) -> Course:
    """Return the course of a roster; its key and its settings lie beside the roster.

    Parameters
    ----------
    path
        The roster: see `read_roster`.
    new_key
        Make a key if there is none.

    Raises
    ------
    WoozleError
        A file is missing or wrong; the message names file, row, column and value.
    """
    students, columns = read_roster(path)
    return Course(students, read_key(path.with_name(KEY), new_key), _read_due(path.with_name(SETTINGS)), columns)


def read_key(path: Path, new_key: bool = False) -> bytes:
    """Return the key of a course, of a file of its own.

    Raises
    ------
    WoozleError
        There is none, it is no key, or not the one that the assignments were made with.
    """
    note = path.with_name(RELEASED)
    before = note.read_text("utf-8", "replace").strip() if note.exists() else ""
    if not path.exists():
        if before:
            raise WoozleError(
                f"{path} is gone, but assignments were made with it. A new key would give students other cases. Put it "
                f"back; or, to start over, delete {note} as well."
            )
        if not new_key:
            raise WoozleError(
                f"There is no course key at {path}. Without it we can't work out each student's case. The key was "
                "written beside the roster when you made the assignments: put it back."
            )
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
    text = path.read_text("utf-8", "replace").strip()
    if len(text) < 32 or set(text) - set(string.hexdigits):
        raise WoozleError(f"{path}: this is not a key. A key is one line of at least 32 hexadecimal digits (0-9, a-f).")
    key = bytes.fromhex(text if len(text) % 2 == 0 else text + "0")
    if before and before != fingerprint(key):
        raise WoozleError(
            f"{path} is not the key that the assignments were made with, so the cases would differ. Put the right key "
            f"back; or, to start over, delete {note}."
        )
    return key


def fingerprint(key: bytes) -> str:
    """Return a short hash that identifies a key without revealing it."""
    return hashlib.sha256(b"woozle course key " + key).hexdigest()[:16]


def _read_due(path: Path) -> dict[str, datetime]:
    if not path.exists():
        return {}
    facts = read_yaml(path) or {}
    try:
        due = facts.get("due", {})
        moments = {str(name): _moment(value) for name, value in due.items()}
    except (AttributeError, ValueError, TypeError) as error:
        raise WoozleError(
            f"{path}: give each assignment under 'due' a date and time with its UTC offset, such as "
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
