"""The files in what students hand in: in folders, zip files and zip files in those; nothing is unpacked or followed."""

from __future__ import annotations

import contextlib
import functools
import io
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from woozle.classroom.names import PACKED, is_archive, is_notebook, is_of_a_system

MOST = 60_000_000  # bytes of a notebook with its outputs
ENTRIES = 2_000  # files of a submission that are looked at
ZIPPED = 200_000_000  # bytes of a zip file of a student
LISTED = 20_000_000  # bytes of the list of files in a zip: some 200,000 names
DEEP = 3  # zip files in zip files
_SAYS_UTF8 = 0x800  # of the flags of an entry
_GIVEN = re.compile(
    r"(.*/)?(case|data/[^/]+)/[^/]+\.(csv|json|md)|(.*/)?(START\.txt|requirements\.txt|[^/]*\.whl)", re.I
)


@dataclass(frozen=True)
class File:
    """A file: its path, how to read it, whether a student could have forged it, and when it was changed."""

    path: PurePosixPath
    read: Callable[[], bytes]  # returns at most MOST + 1 bytes
    trusted: bool  # it lay in a folder that was collected, not in a student's zip file
    changed: float = 0.0  # seconds since 1970; 0 if not known


BROKEN = (
    OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error,
    MemoryError, UnicodeError,
)  # fmt: skip


def files_of(name: str, path: Path, within: str, unread: list[tuple[str, str]]) -> Iterator[File]:
    """Yield the notebooks and nbgrader's timestamps of a file or folder, or of a part of a platform's zip file.

    Zip files in it are read too; what a person may have meant to hand in and is not read is added to the list.
    """
    if within:
        yield from _in_zip(lambda: path.open("rb"), name, unread, 0, PurePosixPath(within))
        return
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        unread.append((name, "it is a symbolic link"))
    elif stat.S_ISREG(mode) and is_archive(name):
        yield from _in_zip(_open_zip(path), name, unread, 0)
    elif stat.S_ISREG(mode) and is_notebook(name):
        yield File(PurePosixPath(name), lambda: _read(path), False, path.lstat().st_mtime)
    elif stat.S_ISREG(mode):
        unread.append((name, _why_not(name)))
    elif stat.S_ISDIR(mode):
        yield from _in_folder(path, unread)


def _in_folder(folder: Path, unread: list[tuple[str, str]]) -> Iterator[File]:
    count = 0
    for path in _walk(folder):
        inside = PurePosixPath(path.relative_to(folder))
        if _passed_over(inside, unread):
            continue
        count += 1
        if count > ENTRIES:
            unread.append((folder.name, f"it holds more than {ENTRIES} files; the rest was not looked at"))
            return
        try:
            facts = path.lstat()
        except OSError:
            unread.append((str(inside), "its path is too long"))
            continue
        if stat.S_ISLNK(facts.st_mode):
            unread.append((str(inside), "it is a symbolic link"))
        elif stat.S_ISREG(facts.st_mode) and is_archive(path.name):
            try:
                yield from _in_zip(_open_zip(path), str(inside), unread, 0)
            except BROKEN as error:
                unread.append((str(inside), in_words(error)))
        else:  # what is neither file nor link is refused where it is read
            yield File(inside, lambda path=path: _read(path), True, facts.st_mtime)


def _walk(folder: Path) -> Iterator[Path]:
    """Yield what lies below a folder; environments and hidden folders are passed over."""
    for root, folders, names in os.walk(folder, followlinks=False):
        linked = [name for name in folders if (Path(root) / name).is_symlink()]
        passed = {
            name
            for name in folders
            if name.startswith(".") or is_of_a_system((name, "x")) or (Path(root) / name / "pyvenv.cfg").exists()
        }
        folders[:] = sorted(set(folders) - passed - set(linked))
        yield from (Path(root) / name for name in sorted([*names, *linked]))


def _passed_over(inside: PurePosixPath, unread: list[tuple[str, str]]) -> bool:
    """Tell whether a file is no notebook, zip file or timestamp; what a person may have meant to hand in is named."""
    if is_of_a_system(inside.parts) or _GIVEN.fullmatch(str(inside)):
        return True
    if is_notebook(inside.name) or is_archive(inside.name) or inside.name == "timestamp.txt":
        return False
    if len(unread) < ENTRIES:
        unread.append((str(inside), _why_not(inside.name)))
    return True


def _why_not(name: str) -> str:
    packed = PACKED.search(name)
    return "we can't read this kind of archive; a zip file would do" if packed else "only notebooks are read"


def _read(path: Path) -> bytes:
    """Return the beginning of a file, which must be one: no link, no device, no pipe."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError("not a file")
        return file.read(MOST + 1)


def _open_zip(path: Path) -> Callable[[], BinaryIO]:
    if path.lstat().st_size > ZIPPED:
        raise ValueError("too large")
    return lambda: path.open("rb")


def opened(file: BinaryIO) -> zipfile.ZipFile:
    """Open a zip file, unless its list of files is too large: Python reads that list, at the end of the file, whole."""
    file.seek(0, os.SEEK_END)
    size = file.tell()
    file.seek(max(0, size - 65_557))
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place >= 0 and len(tail) - place >= 22:
        listed = struct.unpack("<I", tail[place + 12 : place + 16])[0]
        if listed == 0xFFFFFFFF and (wide := tail.rfind(b"PK\x06\x06")) >= 0 and len(tail) - wide >= 56:
            listed = struct.unpack("<Q", tail[wide + 40 : wide + 48])[0]
        if listed > LISTED:
            raise ValueError("listed")
    file.seek(0)
    return zipfile.ZipFile(file)


@functools.lru_cache(4)
def _archive(source: Callable[[], BinaryIO]) -> zipfile.ZipFile:
    """Return a zip file, opened once for all files that are read from it one after another."""
    return opened(source())


def path_in(entry: zipfile.ZipInfo) -> PurePosixPath:
    """Return the path of an entry; Windows writes it with other strokes, and some tools in UTF-8 without saying so."""
    name = entry.filename
    if not entry.flag_bits & _SAYS_UTF8:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return PurePosixPath(name.replace("\\", "/"))


def _in_zip(
    source: Callable[[], BinaryIO], name: str, unread: list[tuple[str, str]], depth: int,
    prefix: PurePosixPath | None = None,
) -> Iterator[File]:  # fmt: skip
    """Yield the notebooks in a zip file; of a platform's only those of one folder or file in it."""
    entries = [entry for entry in _archive(source).infolist() if not entry.is_dir()]
    count = 0
    for entry in entries:
        inside = path_in(entry)
        if prefix is not None:
            if inside != prefix and prefix not in inside.parents:
                continue
            inside = PurePosixPath(inside.name) if inside == prefix else inside.relative_to(prefix)
        if ".." in inside.parts or inside.is_absolute():
            unread.append((name, "a path in it leads out of it"))
            continue
        if stat.S_ISLNK(entry.external_attr >> 16):
            unread.append((str(inside), "it is a symbolic link"))
            continue
        if _passed_over(inside, unread):
            continue
        count += 1
        if count > ENTRIES:
            unread.append((name, f"it holds more than {ENTRIES} files; the rest was not looked at"))
            return
        if is_archive(inside.name):
            try:
                if depth >= DEEP:
                    raise ValueError("packing")
                inner = _unzipped(source, entry, ZIPPED)
                if len(inner) > ZIPPED:
                    raise ValueError("too large")
                yield from _in_zip(lambda inner=inner: io.BytesIO(inner), str(inside), unread, depth + 1)
            except BROKEN as error:
                unread.append((str(inside), in_words(error)))
            continue
        changed = datetime(*entry.date_time, tzinfo=UTC).timestamp() if _is_date(entry.date_time) else 0.0
        yield File(inside, lambda entry=entry: _unzipped(source, entry, MOST), False, changed)


def _is_date(parts: tuple[int, ...]) -> bool:
    try:
        datetime(*parts, tzinfo=UTC)  # pyright: ignore
    except ValueError:
        return False
    return parts[0] > 1980  # what has no time is told as of then


def _unzipped(source: Callable[[], BinaryIO], entry: zipfile.ZipInfo, most: int) -> bytes:
    """Return the beginning of a file in a zip, however large it says or grows to be.

    Deflate is unpacked piece by piece; other ways of packing would unpack a whole block at once.
    """
    if entry.flag_bits & 1:
        raise ValueError("encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError("packing")
    with _archive(source).open(entry) as file:
        return file.read(most + 1)


def in_words(error: Exception) -> str:
    """Say why a file could not be read."""
    known = {
        "encrypted": "it is encrypted",
        "not a file": "it is not a file",
        "packing": "it is packed in an unusual way",
        "listed": f"its list of files has more than {LISTED // 1_000_000} MB",
        "too large": f"it has more than {ZIPPED // 1_000_000} MB",
    }
    if isinstance(error, PermissionError):
        return "it may not be read"
    return next((words for sign, words in known.items() if sign in str(error)), "it is damaged")
