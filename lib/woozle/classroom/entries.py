"""What belongs to whom: the files and folders of a class, known by their names."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from woozle.classroom.archives import BROKEN, DEEP, opened, path_in
from woozle.classroom.bounded import bounded, natural
from woozle.classroom.names import Person, is_archive, is_of_a_system, owners
from woozle.errors import WoozleError


@dataclass(frozen=True)
class Entry:
    """What somebody handed in: a file or folder, or one in a zip file that a platform made.

    Attributes
    ----------
    name : str
        As whoever collected it calls it.
    path : str
        The file or folder.
    inside : str
        Of a zip file of a platform: the folder or file in it.
    together : tuple of str
        The ids of all whose it is, where it is of more than one.
    """

    name: str
    path: str
    inside: str = ""
    together: tuple[str, ...] = ()


def find_entries(submissions: Path, people: Mapping[str, Person]) -> tuple[dict[str, list[Entry]], list[str]]:
    """Return what belongs to each student, oldest first by name, and the names of what belongs to nobody.

    Parameters
    ----------
    submissions
        A folder, or a zip file as a platform gives it; folders and zip files of platforms may lie in it.
    people
        By id.

    Raises
    ------
    WoozleError
        It can't be read.
    """
    known = [
        {"id": one.id, "name": one.name, "numbers": dict(one.numbers), "members": one.members}
        for one in people.values()
    ]
    job = {"what": "list", "path": str(submissions.absolute()), "people": known}
    with tempfile.TemporaryDirectory() as scratch:
        found = bounded(job, Path(scratch))
    if isinstance(found, str):
        raise WoozleError(f"{submissions} can't be read: {found}.")
    entries = {who: [Entry(**{**one, "together": tuple(one["together"])}) for one in own] for who, own in found[0]}
    return entries, found[1]


def find(submissions: Path, people: Mapping[str, Person]) -> tuple[dict[str, list[Entry]], list[str]]:
    """Do what `find_entries` says, in this process."""
    entries: dict[str, list[Entry]] = {}
    strange: list[str] = []
    _sort_out(submissions, people, entries, strange, 0)
    return entries, strange


def _sort_out(
    place: Path, people: Mapping[str, Person], entries: dict[str, list[Entry]], strange: list[str], depth: int
) -> int:
    """Give each name in a folder or a platform's zip file to its owner; return how many found one."""
    count, nobodys = 0, []
    for entry in sorted(_names_in(place, people), key=lambda entry: natural(entry.name)):
        whose = owners(entry.name, people)
        count += bool(whose)
        for owner in whose:
            together = whose if len(whose) > 1 else ()
            entries.setdefault(owner, []).append(Entry(entry.name, entry.path, entry.inside, together))
        if not whose:
            nobodys.append(entry)
    for entry in nobodys:
        path = Path(entry.path)
        may_hold = not entry.inside and depth < DEEP and (path.is_dir() or is_archive(entry.name))
        below = 0
        if may_hold and not path.is_symlink():
            inner: list[str] = []
            with contextlib.suppress(*BROKEN):
                below = _sort_out(path, people, entries, inner, depth + 1)
            strange += inner if below else []
        if not below:
            strange.append(entry.name)
        count += below
    return count


def _names_in(place: Path, people: Mapping[str, Person]) -> Iterator[Entry]:
    """Yield what lies in a folder, or at the top of a zip file: below its only folder, if that is nobody's."""
    if place.is_dir():
        for path in place.iterdir():
            if not path.name.startswith(".") and not is_of_a_system((path.name,)):
                yield Entry(path.name, str(path))
        return
    with place.open("rb") as file, opened(file) as archive:
        paths = [path_in(entry) for entry in archive.infolist()]
    paths = [path for path in paths if path.parts and ".." not in path.parts and not is_of_a_system(path.parts)]
    top: tuple[str, ...] = ()
    while paths and len({path.parts[: len(top) + 1] for path in paths}) == 1 and min(map(_depth, paths)) > len(top) + 1:
        if owners(paths[0].parts[len(top)], people):
            break
        top = paths[0].parts[: len(top) + 1]
    yield from {
        name: Entry(name, str(place), "/".join([*top, name]))
        for path in paths
        for name in path.parts[len(top) : len(top) + 1]
    }.values()


def _depth(path: PurePosixPath) -> int:
    return len(path.parts)
