"""Rosters as they come: our own, Moodle's participants and worksheets, Canvas's grade book; from any spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from woozle.classroom.names import Person
from woozle.errors import WoozleError

EXAMPLE = "id,name,email\nada,Ada Lovelace,ada@example.org\n"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.I)  # no file may be called so on Windows
# What a column holds, by the names that platforms and spreadsheets give it; compared without case, marks and blanks.
_MEANS = {
    "id": ("id", "student id", "studentid", "user id", "username", "user name", "login", "anmeldename"),
    "name": ("name", "full name", "fullname", "student", "student name", "vollständiger name", "nom complet",
             "nombre completo"),
    "first": ("first name", "firstname", "given name", "vorname", "prénom", "nombre"),
    "last": ("last name", "lastname", "surname", "family name", "nachname", "nom", "nom de famille", "apellido(s)",
             "apellidos"),
    "email": ("email", "e-mail", "email address", "e-mail address", "mail", "e-mail-adresse", "adresse de courriel",
              "dirección de correo", "dirección email"),
    "number": ("id number", "idnumber", "id-nummer", "matrikelnummer", "numéro d'identification", "número de id"),
    "members": ("members", "mitglieder", "group members"),
    "worksheet": ("identifier", "kennung", "identifiant"),
    "sis": ("sis user id",),
    "sis_login": ("sis login id",),
}  # fmt: skip


@dataclass(frozen=True)
class Student(Person):
    """One student, or a group that hands in together.

    Attributes
    ----------
    email : str
        Where it is told.
    row : mapping of str to str
        The row of the roster as it stands there.
    """

    email: str = ""
    row: Mapping[str, str] = field(default_factory=dict)


def read_roster(path: Path) -> tuple[dict[str, Student], tuple[str, ...]]:
    """Return the students of a roster by id, in its order, and its columns.

    A roster is a table with a column `id`; `name`, `email` and `members` are optional. Exports of a platform work too:
    from Moodle a list of participants or a grading worksheet, from Canvas a grade book. The id is then, for Moodle, the
    user name, the ID number, or the part of the address before the @. For Canvas it is the SIS login, the SIS number,
    or the user's number.

    Raises
    ------
    WoozleError
        The file can't be read, or ids are wrong; the message lists all faults with their rows.
    """
    if not path.is_file():
        raise WoozleError(
            f"There is no roster {path}. Make a CSV file with one row for each student. It needs a column 'id' "
            "(letters, digits, . _ -; a pseudonym will do); 'name' and 'email' are optional. A list of participants "
            "from Moodle or a grade book from Canvas will do as well. For example:\n\n" + EXAMPLE
        )
    rows = read_csv(path)
    columns: tuple[str, ...] = tuple(rows[0]) if rows else ()
    means = _understood(columns)
    canvas = bool(canvas_columns(columns))
    faults: list[str] = []
    students: dict[str, Student] = {}
    places: dict[str, int] = {}
    for number, row in enumerate(rows, start=2):
        if canvas and _is_no_student(next(iter(row.values()), "")):
            continue
        student, column = _student(row, means, canvas)
        if why := _fault(student.id):
            faults.append(f"row {number}, column {column or 'id'}: {why}")
        elif twin := _twin(student.id, students):
            faults.append(f"row {number}, column {column}: {twin[1]} (row {places[twin[0]]}).")
        else:
            students[student.id], places[student.id] = student, number
    faults += _in_two_groups(students, places)
    no_ids = not {"id", "number", "email", "sis", "sis_login", "worksheet"} & set(means)
    if faults and not no_ids:
        raise WoozleError("\n".join(f"{path}, {fault}" for fault in faults))
    if not students:
        raise WoozleError(
            f"{path}: it needs a first line with a column 'id', and a row for each student. Lists of participants "
            f"from Moodle and grade books from Canvas work too. This file's columns are {', '.join(columns) or 'none'}."
        )
    return students, columns


def canvas_columns(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns by which Canvas knows a student, in its order; none where a roster is not from Canvas.

    Examples
    --------
    >>> canvas_columns(["Student", "ID", "SIS Login ID", "Section", "Essay (12)", "Current Score"])
    ('Student', 'ID', 'SIS Login ID', 'Section')
    """
    if _plain(columns[0] if columns else "") != "student" or not {"sis user id", "sis login id"} & {
        *map(_plain, columns)
    }:
        return ()
    known = ("student", "id", "sis user id", "sis login id", "root account", "integration id", "section")
    return tuple(column for column in columns if _plain(column) in known)


def moodle_columns(columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns by which Moodle knows a user, as the roster calls them; none where it has none of them.

    Examples
    --------
    >>> moodle_columns(["First name", "Last name", "ID number", "Email address", "Groups"])
    ('ID number', 'Email address')
    """
    means = _understood(columns)
    if canvas_columns(columns) or not {"first", "last", "number", "worksheet"} & set(means):
        return ()
    return tuple(means[one] for one in ("worksheet", "id", "number", "email") if one in means)


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())


def _understood(columns: Iterable[str]) -> dict[str, str]:
    """Return the columns by what they hold."""
    by_name = {name: meaning for meaning, names in _MEANS.items() for name in names}
    found: dict[str, str] = {}
    for column in columns:
        if meaning := by_name.get(_plain(column)):
            found.setdefault(meaning, column)
    return found


def _is_no_student(name: str) -> bool:
    """Tell whether a row of Canvas's grade book is that of the points, or of its own test student."""
    return not name.strip() or name.strip().casefold() in (
        "points possible",
        "manual posting",
        "student, test",
        "test student",
    )


def _student(row: Mapping[str, str], means: Mapping[str, str], canvas: bool) -> tuple[Student, str]:
    """Return the student of a row, and the column that the id stands in."""
    cell = {meaning: (row[column] or "").strip() for meaning, column in means.items()}
    order = ("sis_login", "sis", "id") if canvas else ("id", "number")
    name = cell.get("name", "") or " ".join(filter(None, [cell.get("first", ""), cell.get("last", "")]))
    if canvas and name.count(",") == 1:
        name = " ".join(part.strip() for part in reversed(name.split(",")))
    meaning = next((one for one in order if cell.get(one)), "")
    key = cell.get(meaning, "")
    if not key and cell.get("email"):
        meaning, key = "email", cell["email"]
    if meaning in ("email", "sis_login") and "@" in key:
        key = key.partition("@")[0]
    numbers = {}
    if canvas and cell.get("id"):
        numbers["canvas"] = cell["id"]
    if number := re.search(r"(\d+)$", cell.get("worksheet", "")):
        numbers["moodle"] = number[1]
        if not key:  # blind: nobody has a name
            meaning, key = "worksheet", f"participant{number[1]}"
    members = tuple(part.strip() for part in re.split(r"[;,|]", cell.get("members", "")) if part.strip())
    kept = {column: value or "" for column, value in row.items()}
    return Student(key, name, numbers, members, cell.get("email", ""), kept), means.get(meaning, "")


def _fault(key: str) -> str:
    if not key:
        return "there is no id."
    if not _ID.fullmatch(key) or key.endswith("."):
        return f"{key!r} is not an id. Use letters, digits, '.', '_' and '-', at most 64."
    if _RESERVED.fullmatch(key):
        return f"'{key}' is a name that Windows keeps for itself: no file can be called so there. Give another id."
    return ""


def _twin(key: str, others: Mapping[str, Student]) -> tuple[str, str] | None:
    """Return another id that files or spreadsheets would take for this one, and why."""
    for other in others:
        if other.casefold() == key.casefold():
            return other, f"'{key}' appears twice (upper and lower case are not told apart)"
        if is_one_number(other, key):
            return other, (
                f"'{key}' and '{other}' look like the same number to a spreadsheet, which could mix up their "
                "points. Give one of them another id"
            )
        short, long = sorted((other, key), key=len)
        if re.fullmatch(re.escape(short) + r"([_-]\d+|[_-]copy.*)", long, re.I):
            return other, (
                f"a second file of '{short}' would also be called '{short}{long[len(short) :]}.zip', so we couldn't "
                f"tell '{short}' from '{long}'. Give one of them another id"
            )
    return None


def _in_two_groups(students: Mapping[str, Student], places: Mapping[str, int]) -> list[str]:
    """Return what is wrong with the members of groups: one who is in two, or has a row as well."""
    rows = {
        name.casefold(): places[key]
        for key, student in students.items() if not student.members
        for name in (key, student.name, student.email) if name
    }  # fmt: skip
    faults, seen = [], dict[str, int]()
    for key, student in students.items():
        for member in student.members:
            name, number = member.casefold(), places[key]
            if name in seen:
                faults.append(f"row {number}, column members: '{member}' is in the group of row {seen[name]} already.")
            elif name in rows:
                faults.append(
                    f"row {number}, column members: '{member}' has row {rows[name]} as well. Keep one of them."
                )
            seen.setdefault(name, number)
    return faults


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
    """Return the rows of a CSV file with commas, semicolons or tabs, in whatever encoding a spreadsheet wrote it.

    Empty rows are left out.

    Raises
    ------
    WoozleError
        It can't be read, or a row has more values than there are columns: one of them holds a comma, and all behind it
        would be taken for others.
    """
    try:
        text = _decoded(path.read_bytes())
        lines = [line for line in io.StringIO(text, newline="") if not re.fullmatch(r"sep=.\s*", line)]
        delimiter = max(",;\t", key=(lines[0] if lines else "").count)
        rows = list(csv.DictReader(lines, delimiter=delimiter))
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise WoozleError(f"{path}: it can't be read as CSV: {error}.") from error
    faults = [number for number, row in enumerate(rows, start=2) if any(row.pop(None, []))]  # pyright: ignore
    if faults:
        raise WoozleError(
            f"{path}, row {', '.join(map(str, faults[:20]))}: there are more values than columns. Put a value with a "
            'comma in quotes, as "Lovelace, Ada".'
        )
    return [_stripped(row) for row in rows if any((value or "").strip() for value in row.values())]


def _stripped(row: Mapping[str, str]) -> dict[str, str]:
    return {(column or "").strip(): value for column, value in row.items()}


def _decoded(data: bytes) -> str:
    """Return a text as spreadsheets write it: UTF-8, UTF-16 with its mark, or Windows's own."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def at_row(path: Path, number: int, error: WoozleError) -> str:
    """Return a fault with its place."""
    return f"{path}, row {number}{', ' if str(error).startswith('column') else ': '}{error}"


def id_as_meant(told: str, students: Collection[str]) -> str:
    """Return the id in a cell of a spreadsheet. Ids are written as `id:007`, so that no spreadsheet turns 007 into 7.

    An id that is not in the roster is returned unchanged: the student may have left.

    Raises
    ------
    WoozleError
        A spreadsheet has changed the id.

    Examples
    --------
    >>> id_as_meant("id:007", ["007"]), id_as_meant("zoe", ["ada"])
    ('007', 'zoe')
    """
    key = told.strip().removeprefix("id:")
    if key in students:
        return key
    meant = next((name for name in students if is_one_number(name, key)), "")
    if meant:
        raise WoozleError(
            f"column student: '{key}' is not in the roster. A spreadsheet probably changed '{meant}' to '{key}'. "
            f"Write 'id:{meant}'."
        )
    if re.fullmatch(r"\d(\.\d+)?E\+\d+", key, re.I):
        raise WoozleError(
            f"column student: '{key}' is what a spreadsheet made of a long id. Write it again, with 'id:' before it."
        )
    return key
