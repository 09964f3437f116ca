"""A control group for one program, where the machine gives one: the kernel itself then counts all of its memory.

What the kernel keeps for a program (attributes, names of files, pipes) is counted too, which nobody else can do. Where
no group can be made, as in most containers and for most users, the program runs without one.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")
_NUMBERS = itertools.count()
_ROOM = 128 << 20  # bytes beyond the limit: the watcher, who can say what happened, is to come first
# Version 1 and 2: the file that holds the limit, and the one that tells of programs that the kernel ended for it.
_LIMIT = {1: "memory.limit_in_bytes", 2: "memory.max"}
_EVENTS = {1: "memory.oom_control", 2: "memory.events"}


class Group:
    """A control group; see `group`."""

    def __init__(self, folder: Path | None, version: int = 0):
        self._folder, self._version = folder, version

    def __bool__(self) -> bool:
        return self._folder is not None

    def inside(self, command: Sequence[str]) -> list[str]:
        """Return a command that runs another in the group."""
        if self._folder is None:
            return list(command)
        return ["/bin/sh", "-c", 'echo $$ > "$0" && exec "$@"', str(self._folder / "cgroup.procs"), *command]

    def ended_something(self) -> bool:
        """Tell whether the kernel has ended a program of the group for its memory."""
        if self._folder is None:
            return False
        with contextlib.suppress(OSError):
            for line in (self._folder / _EVENTS[self._version]).read_text().splitlines():
                name, _, count = line.partition(" ")
                if name == "oom_kill":
                    return int(count) > 0
        return False


@contextlib.contextmanager
def group(memory: int) -> Iterator[Group]:
    """Yield a control group of so many bytes; one that does nothing where none can be made.

    Examples
    --------
    >>> with group(1 << 30) as found:
    ...     found.inside(["true"])[-1]
    'true'
    """
    found = _made(memory)
    try:
        yield found
    finally:
        _remove(found._folder)


def _made(memory: int) -> Group:
    for parent, version in _parents():
        folder = parent / f"woozle-{os.getpid()}-{next(_NUMBERS)}"
        try:
            folder.mkdir()
        except OSError:
            continue
        try:
            (folder / _LIMIT[version]).write_text(str(memory + _ROOM))
            if not os.access(folder / "cgroup.procs", os.W_OK):
                raise PermissionError
            return Group(folder, version)
        except OSError:
            _remove(folder)
    return Group(None)


def _parents() -> Iterator[tuple[Path, int]]:
    """Yield where a group may be made: below our own, or beside it where a group with programs may hold no other."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, names, path = line.split(":", 2)
            if "memory" in names.split(","):
                yield _ROOT / "memory" / path.lstrip("/"), 1
            elif not names and (_ROOT / "cgroup.controllers").exists():
                own = _ROOT / path.lstrip("/")
                yield own.parent if own != _ROOT else own, 2


def _remove(folder: Path | None) -> None:
    """Remove a group; its programs were ended, and are gone in a moment."""
    for _ in range(100 if folder else 0):
        try:
            if folder:
                folder.rmdir()
            return
        except FileNotFoundError:
            return
        except OSError:
            time.sleep(0.02)
