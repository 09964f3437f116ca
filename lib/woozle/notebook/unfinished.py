"""What an author has still to write before a case study is shown to others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from woozle.errors import NotebookError
from woozle.locate import short
from woozle.notebook.ipynb import read_notebook

TO_WRITE = "To write:"
_CODE = re.compile(r"```.*?```|`[^`]*`|\$[^$]*\$", re.S)
_NAME = re.compile(r"\{\??[a-z_][a-z0-9_]*(?:\.[a-z_]+)?(?::[^{}\n]*)?\}")


def unfinished(folder: Path) -> list[str]:
    """Return what is unfinished in a folder of a case study, a sentence each; nothing where all is written.

    Unfinished are lines with “To write:” anywhere in a YAML file or notebook of the folder, and names in braces in
    Markdown cells: nothing fills them there, because only a code cell that calls `tell` does.

    Examples
    --------
    >>> unfinished(Path("case_studies/dprk_troops_2024"))
    []
    """
    return list(_sentences(folder))


def _sentences(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.yaml")):
        for number, line in enumerate(_text(path).splitlines(), start=1):
            if TO_WRITE in line:
                yield f"{short(path)}, line {number}: {line.strip()}"
    for path in sorted(folder.glob("*.ipynb")):
        for number, cell in enumerate(_cells(path), start=1):
            if "notebook-only" in cell["metadata"].get("tags", []):
                continue
            where = f"{short(path)}, cell {number}"
            for line in cell["source"].splitlines():
                if TO_WRITE in line:
                    yield f"{where}: {line.strip()[:100]}"
            if cell["cell_type"] == "markdown":
                for name in dict.fromkeys(_NAME.findall(_CODE.sub("", cell["source"]))):
                    yield f"{where}: {name} in a Markdown cell is never filled. Use a code cell: tell(…)."


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""  # opening the file will give the error


def _cells(path: Path) -> list[dict]:
    try:
        return read_notebook(path)["cells"]
    except NotebookError:
        return []  # opening the file will give the error
