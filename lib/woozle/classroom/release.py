"""What students get: one zip file each, with notebooks, their own cases, the library and a page on installing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from importlib import resources
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict

from woozle.classroom.assignments import Assignment
from woozle.classroom.course import Course
from woozle.errors import WoozleError
from woozle.files import whole
from woozle.locate import case_order

_EPOCH = (1980, 1, 1, 0, 0, 0)  # all times in a zip: the same students, the same bytes
_LIBRARY = ("pyproject.toml", "README.md", "LICENSE", "lib")


def release(
    home: Path,
    assignments: Iterable[Assignment],
    course: Course,
    folder: Path,
    tick: Callable[[str], None] = lambda student: None,
) -> list[Path]:
    """Write a zip file for each student into a folder, and return their paths.

    Parameters
    ----------
    home
        The checkout.
    assignments
        What to give out.
    course
        To whom; its key makes each student's cases.
    folder
        For the zip files.
    tick
        Called with the id of each student whose file is written.

    Raises
    ------
    WoozleError
        The library can't be packed, or a file can't be written.
    """
    assignments = list(assignments)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with tempfile.TemporaryDirectory() as scratch:
        shared = _shared(home, assignments, Path(scratch))
        for student in course.students:
            with tempfile.TemporaryDirectory(dir=scratch) as own:
                files = dict(shared)
                for assignment in assignments:
                    case = Path(own) / assignment.name / "case"
                    assignment.personal(course.key, student).write(case)
                    files |= {
                        f"{assignment.name}/case/{path.name}": path.read_bytes() for path in sorted(case.iterdir())
                    }
                written.append(_write_zip(folder / f"{student}.zip", f"woozle_{student}", files))
            tick(student)
    return written


def released_notebook(assignment: Assignment) -> dict:
    """Return the notebook of an assignment as students get it, by nbgrader's own rules: no answer, no output.

    Examples
    --------
    >>> from woozle.classroom.assignments import find_assignments
    >>> cells = released_notebook(find_assignments(Path.cwd())[0])["cells"]
    >>> any("BEGIN SOLUTION" in cell["source"] for cell in cells)
    False
    """
    import nbformat

    nbgrader()
    from nbgrader.preprocessors import ClearOutput, ClearSolutions, ComputeChecksums, LockCells

    notebook = nbformat.read(assignment.notebook, as_version=4)
    steps = (
        LockCells(),
        ClearSolutions(code_stub={"python": "..."}, text_stub="Write here."),
        ClearOutput(),
        ComputeChecksums(),
    )
    for step in steps:
        notebook, _ = step.preprocess(notebook, ResourcesDict())
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = f"{name} = ..."
    notebook, _ = ComputeChecksums().preprocess(notebook, {})
    return notebook


def nbgrader() -> None:
    """Raise WoozleError if nbgrader is not installed."""
    import importlib.util

    if not importlib.util.find_spec("nbgrader"):
        raise WoozleError(
            "This needs nbgrader: pip install 'woozle[classroom]', or use make assignments and make grade."
        )


def _shared(home: Path, assignments: Iterable[Assignment], scratch: Path) -> dict[str, bytes]:
    """Return what all students get, by path."""
    import nbformat

    files: dict[str, bytes] = {}
    for assignment in assignments:
        text = nbformat.writes(nbformat.from_dict(released_notebook(assignment)))
        files[f"{assignment.name}/{assignment.name}.ipynb"] = (text + "\n").encode()
    for name in sorted(case_order(home)):  # your own cases stay with you
        for path in sorted((home / "data" / name).glob("*")):
            if path.is_file() and not path.name.startswith("."):
                files[f"data/{name}/{path.name}"] = path.read_bytes()
    wheel = build_wheel(home, scratch)
    files[wheel.name] = wheel.read_bytes()
    files["requirements.txt"] = (home / "requirements.lock").read_bytes()
    files["START.txt"] = (
        (resources.files("woozle.classroom") / "start.txt").read_text("utf-8").replace("WHEEL", wheel.name).encode()
    )
    return files


def build_wheel(home: Path, scratch: Path) -> Path:
    """Return the library of a checkout as a wheel: the same library, the same bytes."""
    copy = scratch / "library"
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info", "*.pyc")
    for name in _LIBRARY:
        source = home / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=ignore)
        elif source.exists():
            copy.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy / name)
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(scratch),
        str(copy),
    ]
    done = subprocess.run(
        command,
        env=os.environ | {"SOURCE_DATE_EPOCH": "315532800", "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        capture_output=True,
        text=True,
    )
    wheels = list(scratch.glob("*.whl"))
    if done.returncode or not wheels:
        last = (done.stderr.strip().splitlines() or ["pip says nothing"])[-1]
        raise WoozleError(f"The library can't be packed from {home}: {last}")
    return wheels[0]


def _write_zip(path: Path, top: str, files: Mapping[str, bytes]) -> Path:
    try:
        with whole(path) as fresh, zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(files):
                entry = zipfile.ZipInfo(f"{top}/{name}", _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, files[name])
    except OSError as error:
        raise WoozleError(f"{path} can't be written: {error.strerror}.") from error
    return path
