"""A file is written whole or not at all, and a folder by one process at a time."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Yield the path of a new file that replaces `path` in one step at the end; after an error nothing has changed.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "kept.txt"
    >>> write_whole(place, "as it was")
    >>> with contextlib.suppress(ValueError), whole(place) as fresh:
    ...     _ = fresh.write_text("half of")
    ...     raise ValueError
    >>> place.read_text(), len(list(place.parent.iterdir()))
    ('as it was', 1)
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    fresh = Path(name)
    try:
        fresh.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        yield fresh
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def write_whole(path: Path, text: str) -> None:
    """Write a text to a file as UTF-8 with its line ends unchanged: completely and flushed to disk, or not at all."""
    with whole(path) as fresh, fresh.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Hold a lock file; a second process that asks for it waits."""
    from filelock import FileLock

    with FileLock(lock):
        yield
