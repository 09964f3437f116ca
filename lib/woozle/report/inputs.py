"""What a report is made from, as hashes: the case, the study, the code, the lock and the packages that are installed.

Nothing heavy is imported here: whether a report is up to date must be known in an instant.
"""

from __future__ import annotations

import functools
import json
import platform
import re
import sys
import sysconfig
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from woozle.hashes import canonical, hash_file, sha256
from woozle.locate import is_comparison

CODE = Path(__file__).parents[1]
PACKAGE = (
    "datapackage.json", "CODEBOOK.md", "documents.csv", "citations.csv", "claims.csv", "outlets.csv", "events.csv",
    "reviews.csv", "release.json",
)  # fmt: skip
_STUDY = ("case.yaml", "case_study.ipynb", "comparison.yaml", "comparison.ipynb", "evidence.ipynb", "published.csv")
_FONTS = ("manimgx-fonts", "manimgx-fonts-cjk")  # not in the lock file, but charts use them where they are installed
_USED = ("pandas", "altair", "papermill", "networkx", "scipy", "vl-convert-python")  # named on the page
_KEPT = ("tags",)  # of the metadata of a cell: what decides what a report shows


@dataclass(frozen=True)
class Inputs:
    """The hashes (SHA-256) of all that a report is made from.

    Attributes
    ----------
    files : mapping of str to str
        By path below the folder that holds `data/`: the case's package and its study. Notebooks are hashed without
        their outputs, so that storing outputs changes no report.
    code : mapping of str to str
        The library's files, by path within the package.
    lock : str
        The lock file of the requirements; empty where there is none.
    packages : mapping of str to str
        The installed versions: of the lock's packages and of two font packages, or of all packages without a lock.
    """

    files: Mapping[str, str]
    code: Mapping[str, str]
    lock: str
    packages: Mapping[str, str]

    def key(self, **more: object) -> str:
        """Return one hash of all inputs, this Python, and what else decides the result."""
        here = {"python": platform.python_version(), "platform": sysconfig.get_platform()}
        return sha256(canonical({**vars(self), **here, **more}))

    def methods(self) -> dict[str, Any]:
        """Return what a page says of how the report was made: versions of programs, files, hashes of code and lock."""
        python = ".".join(platform.python_version_tuple()[:2])
        used = {name: self.packages[name] for name in _USED if name in self.packages}
        return {
            "versions": {"Python": python, "woozle": version("woozle"), **used},
            "files": dict(self.files),
            "code": sha256(canonical(self.code)),
            "lock": self.lock,
        }


def read_inputs(subject: Path, study_folder: Path, cases: Sequence[Path]) -> Inputs:
    """Return the hashes of what a report is made from.

    Parameters
    ----------
    subject
        The folder of what it is about: the data of a case, or a comparison.
    study_folder
        Where its notebook lies.
    cases
        The folders of all cases that it is about.
    """
    named = [study_folder / name for name in _STUDY]
    files = {f"case_studies/{study_folder.name}/{path.name}": path for path in named if path.is_file()}
    shared = study_folder.parent / "evidence.ipynb"
    if shared.is_file() and not is_comparison(study_folder):
        files["case_studies/evidence.ipynb"] = shared
    for case in cases:
        files |= {f"data/{case.name}/{path.relative_to(case).as_posix()}": path for path in package_files(case)}
    lock, packages = read_versions(subject.parents[1])
    hashes = {name: _hash_input(files[name]) for name in sorted(files)}
    return Inputs(files=hashes, code=hash_code(), lock=lock, packages=packages)


def read_versions(home: Path) -> tuple[str, dict[str, str]]:
    """Return the hash of the lock file in a folder, and which versions of its packages are installed."""
    path = home / "requirements.lock"
    text = path.read_text("utf-8") if path.is_file() else ""
    names = [*re.findall(r"^([A-Za-z0-9._-]+)==", text, re.M), *_FONTS] if text else []
    return sha256(text.encode()) if text else "", _installed(names)


@functools.cache
def hash_code() -> dict[str, str]:
    """Return the hashes of the library's files, as they were when this was first asked: the code that runs."""
    return {path.relative_to(CODE).as_posix(): hash_file(path) for path in _code_files()}


def _code_files() -> list[Path]:
    paths = (path for path in CODE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(path for path in paths if not path.name.startswith("."))


def package_files(case_folder: Path) -> list[Path]:
    """Return the files of a case's package: its tables, what describes them, second codings; nothing else there."""
    named = [case_folder / name for name in PACKAGE]
    return [path for path in [*named, *sorted(case_folder.glob("codings/*.csv"))] if path.is_file()]


def _hash_input(path: Path) -> str:
    if path.suffix != ".ipynb":
        return hash_file(path)
    try:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        kept = [[c["cell_type"], c["source"], {k: c["metadata"].get(k) for k in _KEPT}, c.get("id")] for c in cells]
    except (ValueError, KeyError, TypeError, AttributeError):
        return hash_file(path)  # not a notebook: opening it will give the error
    return sha256(canonical(kept))


def _installed(names: Iterable[str]) -> dict[str, str]:
    """Return the installed versions of some packages, or of all if none are named."""
    wanted = {_normal(name) for name in names}
    versions = {}
    for folder in map(Path, sys.path):
        if folder.name == "_vendor":  # of setuptools, which puts its own copies there once it is imported
            continue
        for path in folder.glob("*.dist-info") if folder.is_dir() else ():
            name, _, version = path.name.removesuffix(".dist-info").rpartition("-")
            if not wanted or _normal(name) in wanted:
                versions.setdefault(_normal(name), version)
    return dict(sorted(versions.items()))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
