"""Read a notebook as it is run: the same cells with the same ids each time, whatever its file lacks."""

from __future__ import annotations

import json
import re
from pathlib import Path

from woozle.errors import NotebookError
from woozle.locate import short

_KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
_ID = re.compile("[a-zA-Z0-9_-]{1,64}")


def read_notebook(path: Path) -> dict:
    """Return the contents of a notebook in format 4.

    A cell that has no id, or the id of an earlier cell, gets one made from its place. A notebook that names no kernel
    gets this Python's.

    Raises
    ------
    NotebookError
        There is no such file, or it is no notebook.
    """
    if not path.is_file():
        raise NotebookError(f"{short(path)} is missing.")
    try:
        raw = json.loads(path.read_text("utf-8"))
        if raw["nbformat"] != 4:
            raw = _upgraded(path)
        cells = [_with_text(cell) for cell in raw["cells"]]
        spec = raw.setdefault("metadata", {}).setdefault("kernelspec", {})
        for key, value in _KERNEL.items():
            spec.setdefault(key, value)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        reason = f"{type(error).__name__} {error}" if isinstance(error, KeyError) else str(error)
        raise NotebookError(f"{short(path)} is not a notebook: {reason.splitlines()[0]}") from error
    raw["cells"] = cells
    _give_ids(cells)
    raw["nbformat_minor"] = max(5, int(raw.get("nbformat_minor") or 0))
    return raw


def source_of(notebook: dict, tag: str) -> str:
    """Return the source of the first cell with a tag; nothing where there is none."""
    return next((cell["source"] for cell in notebook["cells"] if tag in cell["metadata"].get("tags", [])), "")


def _with_text(cell: dict) -> dict:
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    tags = cell.setdefault("metadata", {}).get("tags", [])
    if cell["cell_type"] not in ("code", "markdown", "raw") or not isinstance(tags, list):
        raise ValueError(f"a cell of type {cell['cell_type']!r} with tags {tags!r}")
    return cell | {"source": source}


def _give_ids(cells: list[dict]) -> None:
    given = [cell.get("id") for cell in cells]
    taken: set[str] = set()
    for number, cell in enumerate(cells, start=1):
        name = cell.get("id")
        if not isinstance(name, str) or not _ID.fullmatch(name) or name in taken:
            name = next(n for n in (f"cell-{number}{'-' * k}" for k in range(len(cells) + 1)) if n not in given)
        cell["id"] = name
        taken.add(name)


def _upgraded(path: Path) -> dict:
    import nbformat

    return json.loads(nbformat.writes(nbformat.read(path, as_version=4)))
