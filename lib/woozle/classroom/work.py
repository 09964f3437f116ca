"""Choose which cells of a student's notebook to run: ours unchanged, and all that the student wrote.

Cells are known by nbgrader's metadata. Where a tool has lost that (VS Code, Colab, a converter), given cells are known
by their text, answers by the names of their variables, and a written text by where it stands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

_LONG_SOURCE = 200_000  # letters of all cells
_KNOWN = 0.5  # of the cells that were given: from here on metadata is believed


@dataclass
class Work:
    """The cells of a handed-in notebook that are run, with those that answer.

    Attributes
    ----------
    cells : list of str
        The code, in order: what was given is as it was given.
    answers : dict
        The names of answers that a cell gives a value, by the number of the cell.
    texts : dict
        The texts of essays, by name.
    notes : list of str
        What is to be said of it.
    """

    cells: list[str] = field(default_factory=list)
    answers: dict[int, list[str]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_work(data: bytes, released: Mapping, code: Iterable[str], essays: Iterable[str]) -> Work:
    """Return what is to be run of a notebook.

    Parameters
    ----------
    data
        The notebook as it was handed in.
    released
        The notebook as it was given out.
    code, essays
        The names of the items answered by code and by text.

    Raises
    ------
    ValueError
        It is no notebook, or its code is too long.
    """
    released_of = {_grade_id(cell): cell for cell in released["cells"]}
    cells = _known_again(_cells(data), released["cells"])
    given = {name: cell for name, cell in released_of.items() if _is_locked(cell)}
    code, essays, work, seen = list(code), list(essays), Work(), set()
    for name, cell in cells:
        source = _source(cell)
        if name in seen and name in code:
            work.notes.append(f"The cell '{name[:100]}' appears twice; the last value of {name[:100]} counts.")
        elif name and name in seen:
            work.notes.append(f"The cell '{name[:100]}' appears twice; the first counts.")
            name = ""
        seen.add(name)
        if name in given:
            if cell.get("cell_type") == "code" and _plain(source) != _plain(_source(given[name])):
                work.notes.append(f"The cell '{name}' was changed; it was run as it was given.")
            if _is_setup(given[name]):
                work.cells.append(_source(given[name]))
        elif name not in essays and cell.get("cell_type") == "code":
            # An answer cell answers only its own item. A cell that the student added may answer any.
            gives = [name] if name in code else [one for one in code if not name and _assigns(source, one)]
            if gives:
                work.answers[len(work.cells)] = gives
            work.cells.append(source)
    work.texts = {name: _essay(name, cells, released["cells"])[:_LONG_SOURCE] for name in essays}
    answered = {name for gives in work.answers.values() for name in gives}
    work.notes += [f"There is no cell that answers '{name}'." for name in code if name not in answered]
    if any(name not in seen and _is_setup(cell) for name, cell in given.items()):
        _put_first(work, [_source(cell) for cell in given.values() if _is_setup(cell)])
    if sum(map(len, work.cells)) > _LONG_SOURCE:
        raise ValueError(f"its code has more than {_LONG_SOURCE} letters")
    return work


def is_blank(data: bytes, released: Mapping) -> bool:
    """Tell whether a notebook is as it was given out: no answer is written, and nothing was added."""
    try:
        cells = _known_again(_cells(data), released["cells"])
    except ValueError:
        return False
    given = {_plain(_source(cell)) for cell in released["cells"]}
    return all(not source or source in given for source in (_plain(_source(cell)) for _, cell in cells))


def _put_first(work: Work, cells: list[str]) -> None:
    work.cells = [*cells, *work.cells]
    work.answers = {number + len(cells): names for number, names in work.answers.items()}
    work.notes.append("A cell that sets up the notebook was missing; those cells were run first, as they were given.")


def _known_again(cells: list[dict], released: Sequence[Mapping]) -> list[tuple[str, dict]]:
    """Return each cell with the name that it was given under; empty for what a student added."""
    names = {_grade_id(cell) for cell in released if _grade_id(cell)}
    found = [(_grade_id(cell), cell) for cell in cells]
    if len({name for name, _ in found} & names) >= _KNOWN * len(names):
        return found
    by_text = {_plain(_source(cell)): _grade_id(cell) for cell in released if _grade_id(cell) and _is_locked(cell)}
    return [(name or by_text.get(_plain(_source(cell)), ""), cell) for name, cell in found]


def _essay(name: str, cells: Sequence[tuple[str, dict]], released: Sequence[Mapping]) -> str:
    """Return a written text: of its cell, of cells added behind it, and what was written below its question."""
    place = next(number for number, cell in enumerate(released) if _grade_id(cell) == name)
    blank = _plain(_source(released[place]))
    question = _plain(_source(released[place - 1])) if place else ""
    behind = {_first_line(_source(cell)) for cell in released[place + 1 :]} - {""}
    parts: list[str] = []
    on = False
    for known, cell in cells:
        source, plain = _source(cell), _plain(_source(cell))
        if known == name:
            on = True
            if plain != blank:
                parts.append(source)
        elif question and _first_line(source) == _first_line(_source(released[place - 1])):
            on = True
            if plain.startswith(question) and plain != question:
                parts.append(source.replace("\r\n", "\n")[len(question) :].strip())
        elif on and (_first_line(source) in behind or known):
            on = False
        elif on and cell.get("cell_type") in ("markdown", "raw") and plain != blank:
            parts.append(source)
    return "\n\n".join(parts) if any(part.strip() for part in parts) else ""


def _first_line(source: str) -> str:
    return next((line.strip() for line in source.splitlines() if line.strip()), "")


def _assigns(source: str, name: str) -> bool:
    """Tell whether a cell gives a name a value, as far as its text shows.

    Examples
    --------
    >>> [_assigns(text, "a") for text in ("a = 1", "b, a = 1, 2", "a: int = 1", "a['x'] = 1", "b = a", "a == 1")]
    [True, True, True, True, False, False]
    """
    return bool(re.search(rf"^[^#\n=]*(?<![\w.]){re.escape(name)}\b[^\n=(]*(?<![=!<>])=(?!=)", source, re.M))


def _cells(data: bytes) -> list[dict]:
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ValueError("it is not JSON") from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if cells is None and isinstance(notebook, dict) and isinstance(sheets := notebook.get("worksheets"), list):
        cells = [  # as notebooks were before 2015
            {**cell, "source": cell.get("source", cell.get("input", ""))}
            for sheet in sheets
            if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)
            for cell in sheet["cells"]
            if isinstance(cell, dict)
        ]
    if not isinstance(cells, list) or len(cells) > 1000 or not all(isinstance(cell, dict) for cell in cells):
        raise ValueError("it has no list of cells")
    return cells


def _source(cell: Mapping) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return ""
    return source.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")


def _plain(source: str) -> str:
    """Return a text without the blanks at the ends of its lines and its own."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def _nbgrader(cell: Mapping) -> Mapping:
    metadata = cell.get("metadata")
    facts = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return facts if isinstance(facts, Mapping) else {}


def _grade_id(cell: Mapping) -> str:
    name = _nbgrader(cell).get("grade_id")
    return name.encode("utf-8", "replace").decode() if isinstance(name, str) else ""


def _is_locked(cell: Mapping) -> bool:
    return _nbgrader(cell).get("locked") is True


def _is_setup(cell: Mapping) -> bool:
    """Tell whether answers may need a cell that was given: not those of the guided part, nor checks of form."""
    return not {"guided", "check"} & set(cell["metadata"].get("tags", []))
