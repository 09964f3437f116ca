"""Keep reports: each version in a folder of its own, and a link to the current one that changes in one step."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from woozle.errors import WoozleError
from woozle.files import alone, write_whole
from woozle.hashes import hash_file
from woozle.report.manifest import MANIFEST, changes, read_manifest

HIDDEN = ".woozle"  # beside the reports: versions, locks, and which request gave which report
_OLD_REPORT = {"index.html", "notebook.ipynb"}  # what a report of an earlier woozle holds


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Lock a report while it is built; a second process waits."""
    with _told(folder):
        place = folder.parent / HIDDEN / "locks"
        place.mkdir(parents=True, exist_ok=True)
    with alone(place / f"{folder.name}.lock"):
        yield


@contextlib.contextmanager
def new_version(folder: Path) -> Iterator[Path]:
    """Give an empty folder; at the end it becomes the report at `folder`, in one step, or all stays as it was."""
    fresh = None
    versions = _versions(folder)
    try:
        with _told(folder):
            _check_place(folder)
            versions.mkdir(parents=True, exist_ok=True)
            for left in versions.glob(".*"):  # of a build that was killed
                shutil.rmtree(left, ignore_errors=True)
            fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=versions))
            fresh.chmod(0o755)
            yield fresh
            _publish(fresh, folder, versions)
    finally:
        if fresh:
            shutil.rmtree(fresh, ignore_errors=True)


def _versions(folder: Path) -> Path:
    """Return where the versions of one report lie."""
    return folder.parent / HIDDEN / "versions" / folder.name


def _publish(fresh: Path, folder: Path, versions: Path) -> None:
    version = versions / hash_file(fresh / MANIFEST)[:16]
    if version.exists() and changes(version):
        shutil.rmtree(version)
    if not version.exists():
        fresh.rename(version)
    if folder.is_dir() and not folder.is_symlink():  # a report that was written otherwise: set aside, never deleted
        aside = folder.parent / HIDDEN / "replaced"
        aside.mkdir(exist_ok=True)
        folder.rename(Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=aside)) / folder.name)
    before = folder.resolve() if folder.is_symlink() else None
    link = versions / ".link"
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.relpath(version, folder.parent))
    os.replace(link, folder)
    # The previous version is kept for those who are reading it.
    for old in versions.iterdir():
        if old not in (version, before, fresh):
            shutil.rmtree(old, ignore_errors=True)


def _check_place(folder: Path) -> None:
    """Raise an error where the folder holds something other than a report: nothing is overwritten."""
    ours = _versions(folder).parent.resolve()
    if folder.is_symlink() and (not folder.exists() or folder.resolve().is_relative_to(ours)):
        return
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise WoozleError(
            f"The report can't be written to {folder}: it is not the folder of a report. Name another folder."
        )
    if folder.is_dir() and any(folder.iterdir()) and not _is_old_report(folder) and changes(folder):
        raise WoozleError(
            f"The report can't be written to {folder}: it holds files that are not of a report. Name another folder."
        )


def _is_old_report(folder: Path) -> bool:
    """Tell whether a folder holds just what an earlier woozle wrote."""
    if {path.name for path in folder.iterdir()} != _OLD_REPORT:
        return False
    return b'<meta name="generator" content="woozle">' in (folder / "index.html").read_bytes()[:100_000]


def remember(folder: Path, key: str) -> None:
    """Note which request gave the report that stands at `folder`."""
    with _told(folder):
        place = folder.parent / HIDDEN / "built"
        place.mkdir(parents=True, exist_ok=True)
        facts = {"folder": folder.name, "manifest": hash_file(folder / MANIFEST)}
        write_whole(place / key, json.dumps(facts))


def built(reports: Path, key: str) -> Path | None:
    """Return the folder of the report that this request gave, if it stands there unchanged."""
    try:
        facts = json.loads((reports / HIDDEN / "built" / key).read_text("utf-8"))
        folder = reports / facts["folder"]
        if hash_file(folder / MANIFEST) != facts["manifest"] or read_manifest(folder) is None or changes(folder):
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return folder


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)


@contextlib.contextmanager
def _told(place: Path) -> Iterator[None]:
    """Turn an error of the system while writing into a WoozleError of one line."""
    try:
        yield
    except OSError as error:
        raise WoozleError(f"The report can't be written to {place}: {error.strerror or error}.") from error
