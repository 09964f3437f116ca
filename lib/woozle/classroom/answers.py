"""Model answers: kept apart from the notebooks, and given to teachers encrypted with the key of their course."""

from __future__ import annotations

import base64
import hmac
import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

from woozle.classroom.assignments import Assignment
from woozle.errors import WoozleError, listed
from woozle.files import whole

FILE = "answers.encrypted"  # beside the roster
_SECTION = re.compile(r"^## (\w+)\n+(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"^```python\n(.*?)^```\s*\Z", re.MULTILINE | re.DOTALL)
_README = """The assignments with model answers, for teachers. Each notebook runs on the case beside it: jupyter lab.

They work on the case of every student: a student who gets hold of them gets full points for everything but the
essays. After you have graded, you find each student's right answers in teacher/.
"""


def read_answers(assignment: Assignment) -> dict[str, str]:
    """Return the model answer to each item, by name: code, or words for an essay.

    Raises
    ------
    WoozleError
        The file can't be read, or an item has no answer in it.
    """
    path = assignment.answers
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WoozleError(f"{path}: the model answers can't be read: {error}.") from error
    answers = {name: _CODE.sub(r"\1", body.strip() + "\n").strip() for name, body in _SECTION.findall(text)}
    if missing := [item.name for item in assignment.items if not answers.get(item.name)]:
        raise WoozleError(f"{path}: there is no answer to {listed(missing)}: a heading '## {missing[0]}' is needed.")
    return answers


def with_answers(assignment: Assignment) -> dict:
    """Return the notebook of an assignment with the model answers in it.

    Examples
    --------
    >>> from woozle.classroom.assignments import find_assignments
    >>> cells = with_answers(find_assignments(Path.cwd())[1])["cells"]
    >>> any("roots_early = [" in cell["source"] for cell in cells)
    True
    """
    import nbformat

    answers = read_answers(assignment)
    notebook = nbformat.read(assignment.notebook, as_version=4)
    for cell in notebook.cells:
        own = cell.metadata.get("nbgrader", {})
        if own.get("solution"):
            cell.source = answers[own["grade_id"]]
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def write_answers(assignments: Iterable[Assignment], key: bytes, path: Path) -> Path:
    """Write the notebooks with model answers into a file that only the key of the course opens.

    Parameters
    ----------
    assignments
        Those that are given out.
    key
        Of the course.
    path
        The file.
    """
    import nbformat

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _README)
        for assignment in assignments:
            text = nbformat.writes(nbformat.from_dict(with_answers(assignment)))
            archive.writestr(f"{assignment.name}/{assignment.name}.ipynb", text + "\n")
            for case in sorted((assignment.folder / "case").iterdir()):
                archive.writestr(f"{assignment.name}/case/{case.name}", case.read_bytes())
    with whole(path) as fresh:
        fresh.write_bytes(_cipher(key).encrypt(packed.getvalue()))
    return path


def open_answers(path: Path, key: bytes, folder: Path) -> list[Path]:
    """Write what `write_answers` has packed into a new folder, and return the notebooks.

    Raises
    ------
    WoozleError
        The file can't be read, the key is another, or the folder is there already.
    """
    cipher = _cipher(key)
    from cryptography.fernet import InvalidToken

    try:
        packed = cipher.decrypt(path.read_bytes())
    except OSError as error:
        raise WoozleError(f"{path} can't be read: {error.strerror}. make assignments writes it.") from error
    except InvalidToken as error:
        raise WoozleError(f"{path} can't be opened: it was made with another course key, or it is damaged.") from error
    if folder.exists():
        raise WoozleError(f"{folder} is there already. Name another with --output.")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:  # made by us: nobody without the key could change it
        archive.extractall(folder)
    return sorted(folder.glob("*/*.ipynb"))


def _cipher(key: bytes):
    """Return a cipher with a key of its own, drawn from that of the course: cases and answers share none."""
    try:
        from cryptography.fernet import Fernet
    except ImportError as error:
        raise WoozleError(
            "This needs cryptography: pip install 'woozle[classroom]', or use make assignments and make grade."
        ) from error
    return Fernet(base64.urlsafe_b64encode(hmac.digest(key, b"model answers", "sha256")))
