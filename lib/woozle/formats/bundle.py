"""A case as one zip file to send (its data and its study), and the checks before such a file is let in."""

from __future__ import annotations

import json
import re
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from woozle.errors import WoozleError, listed
from woozle.formats.exports import zipped
from woozle.locate import study_folder
from woozle.package.check import name_fault
from woozle.package.problems import quoted

_DATA = ("*.csv", "*.json", "*.md", "codings/*.csv", "imports/*.csv")
_STUDY = ("*.yaml", "*.ipynb")
_LARGEST, _MOST = 500_000_000, 5_000  # bytes unpacked, files
_KNOWN = re.compile(r"[^/]+\.(csv|json|md|yaml|ipynb)|(codings|imports)/[^/]+\.csv")


def pack(folder: Path) -> bytes:
    """Return the data and the study of a case as a zip, without the texts of its documents."""
    files: dict[str, bytes] = {}
    for home, patterns in ((folder, _DATA), (study_folder(folder), _STUDY)):
        for pattern in patterns:
            for path in sorted(home.glob(pattern)):
                if path.is_file() and not path.name.startswith("."):
                    files[f"{home.parent.name}/{folder.name}/{path.relative_to(home).as_posix()}"] = path.read_bytes()
    return zipped(files)


def is_bundle(path: Path) -> bool:
    """Tell whether a file is a case in a zip."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(re.fullmatch(r"data/[^/]+/datapackage\.json", name) for name in archive.namelist())


def unpack(path: Path, home: Path, check: Callable[[Path], list[str]], name: str = "") -> Path:
    """Bring the case of a zip into `data/` and `case_studies/` of a home, and return its folder.

    Notebooks in it are code: they run when a report is built. Let in only cases of people whom you trust.

    Parameters
    ----------
    path
        The zip.
    home
        The folder that holds `data/` and `case_studies/`.
    check
        Returns what is wrong with a package in a folder.
    name
        What the case is called here; empty: as in the zip.

    Raises
    ------
    WoozleError
        The zip holds more than a case, a path in it leads outside, it is too large, its data have errors, its name
        can't be used, or a case of this name exists already. Nothing is written then.
    """
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as place:
        held = _name(path, archive)
        name = name or held
        if fault := name_fault(name):
            raise WoozleError(f"{path.name}: the name {quoted(name)} {fault}")
        check_free(path, home, name)
        for info in _members(path, archive, held):
            part, _, inner = info.filename.split("/", 2)
            target = Path(place) / part / name / inner
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(info) as source, target.open("wb") as file:
                _copy(source, file, path)
        folder = Path(place) / "data" / name
        if name != held:
            _rename(Path(place), held, name)
        if problems := [problem.replace(f"{folder}/", "") for problem in check(folder)]:
            raise WoozleError("\n  ".join([f"The case in {path.name} has errors; nothing was written:", *problems]))
        for part in ("case_studies", "data"):
            if (Path(place) / part / name).is_dir():
                (home / part).mkdir(parents=True, exist_ok=True)
                shutil.move(Path(place) / part / name, home / part / name)
    return home / "data" / name


def check_free(path: Path, home: Path, name: str) -> None:
    """Raise WoozleError if there is a case of a name that the case in a zip should get."""
    if any((home / part / name).exists() for part in ("data", "case_studies")):
        raise WoozleError(
            f"There is a case '{name}' already; nothing was written. To bring this one in beside it: "
            f"woozle import {path} --as another_name"
        )


def name_in(path: Path) -> str:
    """Return the name of the case in a zip.

    Raises
    ------
    WoozleError
        It holds none, or several.
    """
    with zipfile.ZipFile(path) as archive:
        return _name(path, archive)


def _name(path: Path, archive: zipfile.ZipFile) -> str:
    names = {
        PurePosixPath(name).parts[1]
        for name in archive.namelist()
        if re.fullmatch(r"data/[^/]+/datapackage\.json", name)
    }
    if len(names) != 1:
        raise WoozleError(f"{path.name} holds {len(names)} cases; one is needed, as data/CASE/datapackage.json.")
    return names.pop()


def _rename(place: Path, held: str, name: str) -> None:
    """Replace the name of the case in its package, its codebook and its notebooks."""
    package = place / "data" / name / "datapackage.json"
    facts = json.loads(package.read_text("utf-8"))
    facts["name"] = name
    if facts.get("title") == held.replace("_", " "):  # it was made of the name
        facts["title"] = name.replace("_", " ")
        # title: TITLE in case.yaml, "# TITLE: codebook", "# Explore: TITLE"
        titled = re.compile(rf'(?m)(^title: |^# |# Explore: ){re.escape(held.replace("_", " "))}(?=$|:|"|\\n)')
        for path in (*place.glob("*/*/case.yaml"), *place.glob("*/*/*.md"), *place.glob("*/*/explore.ipynb")):
            path.write_text(titled.sub(rf"\g<1>{facts['title']}", path.read_text("utf-8")), "utf-8")
    package.write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", "utf-8")
    # \"NAME\" in a cell, `NAME`, data/NAME/, and commands: woozle code NAME
    named = re.compile(rf'(?<=["`/]){re.escape(held)}(?=\\?["`/])|(?<=woozle code ){re.escape(held)}\b')
    for path in (*place.glob("*/*/*.md"), *place.glob("*/*/*.ipynb")):
        path.write_text(named.sub(name, path.read_text("utf-8")), "utf-8")


def _members(path: Path, archive: zipfile.ZipFile, name: str) -> Iterator[zipfile.ZipInfo]:
    """Yield the files of a case; anything else in the zip is refused."""
    members = [info for info in archive.infolist() if not info.is_dir() and "__MACOSX" not in info.filename
               and not PurePosixPath(info.filename).name.startswith(".")]  # fmt: skip
    if len(members) > _MOST or sum(info.file_size for info in members) > _LARGEST:
        raise WoozleError(f"{path.name} is too large for a case; nothing was written.")
    starts = (f"data/{name}/", f"case_studies/{name}/")
    others = [
        info.filename
        for info in members
        if not info.filename.startswith(starts)
        or not _KNOWN.fullmatch(info.filename.split("/", 2)[2])
        or ".." in PurePosixPath(info.filename).parts
        or stat.S_ISLNK(info.external_attr >> 16)
    ]
    if others:
        raise WoozleError(
            f"{path.name} holds files that don't belong to a case: {listed(others, most=5)}. Nothing was written."
        )
    yield from members


def _copy(source: object, file: object, path: Path) -> None:
    """Copy a file of a zip; stop if it is larger than a case may be, whatever its header says."""
    left = _LARGEST
    while data := source.read(1 << 20):  # type: ignore[attr-defined]
        left -= len(data)
        if left < 0:
            raise WoozleError(f"{path.name} is too large for a case; nothing was written.")
        file.write(data)  # type: ignore[attr-defined]
