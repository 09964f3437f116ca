"""Read what students hand in: folders and zip files, of which nothing is unpacked, followed or believed."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from woozle.text import visible

MOST = 5_000_000  # bytes of a notebook
ENTRIES = 2000  # files of a submission that are looked at
ZIPPED = 200_000_000  # bytes of a zip file
_LONG_SOURCE = 200_000  # letters of all cells


@dataclass
class Handed:
    """The notebook that a student handed in for an assignment.

    Attributes
    ----------
    notebook : bytes, optional
        Its content; None where there is none that can be read.
    notes : list of str
        What is to be said of it.
    when : datetime, optional
        When it was handed in, by the `timestamp.txt` that nbgrader writes beside it.
    """

    notebook: bytes | None = None
    notes: list[str] = field(default_factory=list)
    when: datetime | None = None


@dataclass(frozen=True)
class _File:
    path: PurePosixPath
    read: Callable[[], bytes]  # returns at most MOST + 1 bytes
    trusted: bool  # whether whoever collects wrote it, as files in a folder


def find_entries(folder: Path, students: Mapping[str, str]) -> tuple[dict[str, list[Path]], list[str]]:
    """Return the files and folders that belong to each student, oldest first, and the names of those of nobody.

    A file or folder belongs to a student whose id it begins with (`ada.zip`, `ada_2.zip`, `ada/`), or, as Moodle names
    what it collects, whose name it begins with (`Ada Lovelace_1234_assignsubmission_file`).

    Parameters
    ----------
    folder
        What was handed in.
    students
        Names by id.
    """
    entries: dict[str, list[Path]] = {}
    strange = []
    for path in sorted(folder.iterdir(), key=lambda path: _natural(path.name)):
        if path.name.startswith("."):
            continue
        owner = _owner(path.name, students)
        entries.setdefault(owner, []).append(path) if owner else strange.append(path.name)
    return entries, strange


def _owner(name: str, students: Mapping[str, str]) -> str:
    bare = unicodedata.normalize("NFC", re.sub(r"\.(zip|ipynb)$", "", name, flags=re.I)).casefold()
    if moodle := re.fullmatch(r"(.*?)_\d+_assignsubmission_.*", bare, re.S):
        # A name may begin with what is somebody else's id.
        fit = [
            student
            for student, full_name in students.items()
            if full_name and _as_moodle(full_name) == _as_moodle(moodle[1])
        ]
    else:
        again = r"([_@].*| ?\(\d+\))?"
        fit = [student for student in students if re.fullmatch(re.escape(student.casefold()) + again, bare, re.S)]
    longest = max(fit, key=len, default="")
    return longest if sum(len(other) == len(longest) for other in fit) == 1 else ""


def _as_moodle(name: str) -> str:
    """Return a name as Moodle writes it into that of a folder: without some signs, with spaces for underscores.

    Examples
    --------
    >>> _as_moodle("O'Brien_Smith:  Anna") == _as_moodle("OBrien Smith Anna")
    True
    """
    plain = unicodedata.normalize("NFC", name).casefold().replace("_", " ")
    return " ".join(re.sub(r"[&<>\"`|':*?\\/~#]", "", plain).split())


def read_submission(entries: Iterable[Path], assignment: str) -> Handed | None:
    """Return the notebook of an assignment from what a student handed in; None where nothing holds one.

    The last entry that holds it counts: by nbgrader's `timestamp.txt` where all have one, else by the order of names.
    An entry without it can't take away what another holds; what is to be said of it is said.
    """
    handed_in = [handed for handed in (_from(entry, assignment) for entry in entries) if handed]
    whole = [handed for handed in handed_in if handed.notebook is not None]
    if not whole:
        return Handed(notes=[note for handed in handed_in for note in handed.notes]) if handed_in else None
    timed = all(handed.when for handed in whole)
    handed = max(enumerate(whole), key=lambda pair: (pair[1].when, pair[0]) if timed else (pair[0],))[1]
    notes = [note for other in handed_in for note in other.notes]
    if len(whole) > 1:
        notes.append(f"Handed in {len(whole)} times; the last counts.")
    return Handed(handed.notebook, list(dict.fromkeys(notes)), handed.when)


_BROKEN = (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def _from(entry: Path, assignment: str) -> Handed | None:
    handed = Handed()
    try:
        files = list(_files(entry, handed.notes))
    except _BROKEN as error:
        return Handed(notes=[f"{entry.name} can't be read: {type(error).__name__}."])
    wanted = [file for file in files if _is_of(file.path, assignment)]
    wanted.sort(key=lambda file: (len(file.path.parts), str(file.path)))
    if not wanted:
        return handed if handed.notes else None
    if len(wanted) > 1:
        handed.notes.append(f"{len(wanted)} notebooks of this name; the one in the outermost folder counts.")
    try:
        data = wanted[0].read()
    except _BROKEN as error:
        handed.notes.append(f"The notebook can't be read: {_in_words(error)}.")
        return handed
    if len(data) > MOST:
        handed.notes.append(
            f"The notebook has more than {MOST // 1_000_000} MB: clear its outputs and hand it in again."
        )
        return handed
    handed.notebook = data
    handed.when = _timestamp(files, wanted[0].path, handed.notes)
    return handed


def _in_words(error: Exception) -> str:
    known = {
        "encrypted": "it is encrypted",
        "not a file": "it is not a file",
        "packing": "it is packed in an unusual way",
    }
    return next((words for sign, words in known.items() if sign in str(error)), "it is damaged")


def _is_of(path: PurePosixPath, assignment: str) -> bool:
    """Tell whether a file is the notebook of an assignment: copies have a number, what is collected a name before."""
    name = rf"(.*_)?{re.escape(assignment)}(-Copy\d+| ?\(\d+\))?\.ipynb"
    return bool(re.fullmatch(name, path.name, re.S)) and ".ipynb_checkpoints" not in path.parts


def _files(entry: Path, notes: list[str]) -> Iterator[_File]:
    """Yield the files of an entry: of a folder, of a zip file, of zip files in a folder."""
    mode = entry.lstat().st_mode
    if stat.S_ISLNK(mode):
        notes.append(f"{entry.name} is a symbolic link: not read.")
    elif stat.S_ISREG(mode):
        if entry.suffix.lower() == ".zip":
            yield from _in_zip(entry, notes)
        else:
            yield _File(PurePosixPath(entry.name), lambda: _read(entry), False)
    elif stat.S_ISDIR(mode):
        yield from _in_folder(entry, notes)


def _in_folder(folder: Path, notes: list[str]) -> Iterator[_File]:
    count = 0
    for path in _walk(folder):
        count += 1
        if count > ENTRIES:
            notes.append(f"More than {ENTRIES} files: the rest was not looked at.")
            return
        inside = PurePosixPath(path.relative_to(folder))
        try:
            mode = path.lstat().st_mode
        except OSError:
            notes.append("A path is too long to be read.")
            continue
        if stat.S_ISLNK(mode):
            notes.append(f"{inside} is a symbolic link: not read.")
        elif stat.S_ISREG(mode) and path.suffix.lower() == ".zip":
            yield from _in_zip(path, notes)
        else:  # what is neither file nor link is refused where it is read
            yield _File(inside, lambda path=path: _read(path), True)


def _walk(folder: Path) -> Iterator[Path]:
    """Yield what may be of an assignment below a folder; environments and hidden folders are passed over."""
    for root, folders, names in os.walk(folder, followlinks=False):
        linked = [name for name in folders if (Path(root) / name).is_symlink()]
        hidden = {
            name for name in folders if name.startswith((".", "__")) or (Path(root) / name / "pyvenv.cfg").exists()
        }
        folders[:] = sorted(set(folders) - hidden - set(linked))
        files = [name for name in names if name.lower().endswith((".ipynb", ".zip")) or name == "timestamp.txt"]
        yield from (Path(root) / name for name in sorted([*files, *linked]))


def _read(path: Path) -> bytes:
    """Return the beginning of a file, which must be one: no link, no device, no pipe."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError("not a file")
        return file.read(MOST + 1)


def _in_zip(path: Path, notes: list[str]) -> Iterator[_File]:
    if path.lstat().st_size > ZIPPED:
        notes.append(f"{path.name} has more than {ZIPPED // 1_000_000} MB: not read.")
        return
    data = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    if len(entries) > ENTRIES:
        notes.append(f"{path.name} holds more than {ENTRIES} files: the rest was not looked at.")
    for entry in entries[:ENTRIES]:
        inside = PurePosixPath(entry.filename.replace("\\", "/"))
        if entry.is_dir():
            continue
        if ".." in inside.parts or inside.is_absolute():
            notes.append("A path in the zip file leads out of it: not read.")
        elif stat.S_ISLNK(entry.external_attr >> 16):
            notes.append("The zip file holds a symbolic link: not read.")
        elif inside.suffix.lower() == ".zip":
            notes.append("A zip file inside the zip file: not read.")
        else:
            yield _File(inside, lambda entry=entry: _unzipped(data, entry), False)


def _unzipped(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """Return the beginning of a file in a zip, however large it says or grows to be.

    Deflate is unpacked piece by piece; other ways of packing would unpack a whole block at once.
    """
    if entry.flag_bits & 1:
        raise ValueError("encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError("packing")
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(entry) as file:
        return file.read(MOST + 1)


def _timestamp(files: Iterable[_File], notebook: PurePosixPath, notes: list[str]) -> datetime | None:
    """Return when nbgrader's exchange took a submission; a student's own zip can't say it.

    nbgrader writes a date, a time and the zone that its settings name: UTC, an offset, or a name.
    """
    for file in files:
        if file.trusted and file.path == notebook.parent / "timestamp.txt":
            text = file.read()[:60].decode("utf-8", "replace").strip()
            time, _, zone = text.rpartition(" ")
            with contextlib.suppress(ValueError):
                if (moment := datetime.fromisoformat(text)).tzinfo:
                    return moment
            with contextlib.suppress(ValueError, OSError, ZoneInfoNotFoundError):
                if re.fullmatch(r"UTC|GMT|[A-Z][A-Za-z_]+/[A-Za-z_/+-]+", zone):
                    return datetime.fromisoformat(time).replace(tzinfo=ZoneInfo(zone))
            notes.append(
                f"timestamp.txt: '{visible(text)}' has no zone that is known, so whether it was late is not known. Let "
                "nbgrader write UTC."
            )
    return None


def _natural(name: str) -> list[tuple[int, str]]:
    parts = re.split(r"([0-9]+)", re.sub(r"\.zip$", "", name))
    return [(int(part[:18]), "") if part[:1].isascii() and part.isdigit() else (0, part.casefold()) for part in parts]


@dataclass
class Work:
    """The cells of a handed-in notebook that are run, with those that answer.

    Attributes
    ----------
    cells : list of str
        The code, in order: what was given is as it was given.
    answers : dict
        The names of answers, by the number of the cell.
    texts : dict
        The texts of essays, by name.
    notes : list of str
        What is to be said of it.
    """

    cells: list[str] = field(default_factory=list)
    answers: dict[int, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_work(data: bytes, released: Mapping, code: Iterable[str], essays: Iterable[str]) -> Work:
    """Return what is to be run of a notebook.

    Parameters
    ----------
    data
        The notebook as it was handed in.
    released
        The notebook as it was given out.
    code, essays
        The names of the items answered by code and by text.

    Raises
    ------
    ValueError
        It is no notebook.
    """
    cells = _cells(data)
    released_of = {_grade_id(cell): cell for cell in released["cells"]}
    given = {name: cell for name, cell in released_of.items() if _is_locked(cell)}
    code, essays, work, seen = set(code), set(essays), Work(), set()
    for cell in cells:
        name, source = _grade_id(cell), _source(cell)
        if name in seen and name in code:
            work.notes.append(f"The cell '{name[:100]}' stands twice; what its name holds at last counts.")
        elif name and name in seen:
            work.notes.append(f"The cell '{name[:100]}' stands twice; the first counts.")
            name = ""
        seen.add(name)
        if name in given:
            if cell.get("cell_type") == "code" and source.strip() != _source(given[name]).strip():
                work.notes.append(f"The cell '{name}' was changed; it was run as it was given.")
            if _is_setup(given[name]):
                work.cells.append(_source(given[name]))
        elif name in essays:
            work.texts[name] = "" if source.strip() == _source(released_of[name]).strip() else source[:_LONG_SOURCE]
        elif cell.get("cell_type") == "code":
            if name in code:
                work.answers[len(work.cells)] = name
            work.cells.append(source)
    work.notes += [f"The cell '{name}' is missing." for name in sorted((code | essays) - seen)]
    if any(name not in seen and _is_setup(cell) for name, cell in given.items()):
        _put_first(work, [_source(cell) for cell in given.values() if _is_setup(cell)])
    if sum(map(len, work.cells)) > _LONG_SOURCE:
        raise ValueError(f"its code has more than {_LONG_SOURCE} letters")
    return work


def _put_first(work: Work, cells: list[str]) -> None:
    work.cells = [*cells, *work.cells]
    work.answers = {number + len(cells): name for number, name in work.answers.items()}
    work.notes.append("A cell that sets up the notebook was missing; those cells were run first, as they were given.")


def _cells(data: bytes) -> list[dict]:
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError("it is not JSON") from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or len(cells) > 1000 or not all(isinstance(cell, dict) for cell in cells):
        raise ValueError("it has no list of cells")
    return cells


def _source(cell: Mapping) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    return source.encode("utf-8", "replace").decode() if isinstance(source, str) else ""


def _nbgrader(cell: Mapping) -> Mapping:
    metadata = cell.get("metadata")
    facts = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return facts if isinstance(facts, Mapping) else {}


def _grade_id(cell: Mapping) -> str:
    name = _nbgrader(cell).get("grade_id")
    return name.encode("utf-8", "replace").decode() if isinstance(name, str) else ""


def _is_locked(cell: Mapping) -> bool:
    return _nbgrader(cell).get("locked") is True


def _is_setup(cell: Mapping) -> bool:
    """Tell whether answers may need a cell that was given: not those of the guided part, nor checks of form."""
    return not {"guided", "check"} & set(cell["metadata"].get("tags", []))
