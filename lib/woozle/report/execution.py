"""Run a notebook: its outputs without what differs between runs, and an error that says where it stopped, and why."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from woozle.declared import import_jsonschema
from woozle.errors import CaseError, NotebookError, ParameterError, StudyError, UnknownCaseError, WoozleError
from woozle.files import write_whole
from woozle.locate import short
from woozle.notebook.ipynb import read_notebook
from woozle.pictures import PRIVATE

if TYPE_CHECKING:
    import nbformat
    from papermill.exceptions import PapermillExecutionError

_TIMES = ("execution", "papermill")
_CELL_FILE = re.compile(r"(?<![^\s\"'<>])[^\s\"'<>]*ipykernel_\d+[/\\](\d+)\.py")
_ADDRESS = re.compile(r"(?<= at )0x[0-9a-f]{6,16}\b")


def start_early() -> None:
    """Start the process that kernels are forked from, so that it imports at the same time as this one."""
    from woozle.kernel import forks

    if forks.CAN_FORK:
        forks.shared_server()
    import_jsonschema()


def execute(
    path: Path, values: Mapping[str, Any], progress: bool = False, folder: Path | None = None
) -> nbformat.NotebookNode:
    """Run a notebook with papermill in a folder (by default its own); return it without what differs between runs."""
    import nbformat
    from nbclient.exceptions import DeadKernelError
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    bar = {"desc": f"{(folder or path.parent).name}: {path.stem}", "unit": "cell", "file": sys.stderr}
    try:
        notebook = execute_notebook(
            nbformat.from_dict(read_notebook(path)),
            None,
            parameters=dict(values),
            engine_name="woozle",
            kernel_name="python3",
            progress_bar=progress and bar,  # pyright: ignore[reportArgumentType]
            record_timing=False,
            request_save_on_cell_execute=False,
            autosave_cell_every=0,
            # Not papermill's cwd, which moves this process: reports are built side by side.
            resources={"metadata": {"path": str(folder or path.parent)}},
        )
    except PapermillExecutionError as error:
        raise _own_error(error) or _failure(path, error) from error
    except DeadKernelError as error:
        raise _death(path, getattr(error, "source", "")) from error
    return without_run(notebook)


def _without_place(value: object) -> object:
    """Return an output without the scratch file of its cell, and without addresses in memory."""
    if isinstance(value, str):
        return _ADDRESS.sub("0x…", _CELL_FILE.sub("cell.py", value))
    return value


def _own_error(error: PapermillExecutionError) -> WoozleError | None:
    """Return the error in data or parameters that stopped a cell; None if the cell itself is at fault."""
    wrong = {kind.__name__: kind for kind in (CaseError, ParameterError, StudyError, UnknownCaseError)}
    kind = wrong.get(error.ename)
    if kind is None or not re.search(r"\bbegin(_comparison)?\(", error.source):
        return None
    return kind.of_text(error.evalue)


def _failure(path: Path, error: PapermillExecutionError) -> NotebookError:
    """Return what a person needs to mend a cell: where it is, what it says, which line, what went wrong."""
    number = _number_of(path, error.source)
    where = f"Cell {number}" if number else "A cell"
    trace = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error.traceback or []))
    lines = re.findall(r"Cell In\[\d+\], line (\d+)", trace) or re.findall(r"^-+> (\d+) ", trace, re.M)
    line = int(lines[0]) if lines else 0
    code = "\n".join(
        f"{'  > ' if number == line else '    '}{text}"
        for number, text in enumerate(error.source.strip().splitlines(), 1)
    )
    place = f"{where} of {short(path)}"
    failed = NotebookError(f"{place}{f', line {line},' if line else ''} failed: {error.ename}: {error.evalue}\n{code}")
    failed.where, failed.line, failed.source = place, line, error.source.strip()
    failed.what = f"{error.ename}: {error.evalue}"
    return failed


def _death(path: Path, source: str) -> NotebookError:
    """Return the error for a kernel that died while it ran a cell."""
    number = _number_of(path, source)
    place = short(path)
    failed = NotebookError(
        f"The kernel died while it ran {place}{f', cell {number}' if number else ''}: "
        "out of memory, or a cell ended it."
    )
    failed.where, failed.source = f"{f'Cell {number}' if number else 'A cell'} of {place}", source.strip()
    failed.what = "The kernel died: out of memory, or the cell ended it."
    return failed


def _number_of(path: Path, source: str) -> int:
    """Return the number of the cell with this code in the notebook; 0 if it is not known."""
    cells = read_notebook(path)["cells"]
    return next((number for number, cell in enumerate(cells, start=1) if cell["source"] == source), 0)


def store_outputs(path: Path, progress: bool = False) -> None:
    """Run a notebook with its defaults and store the outputs in it, for readers and for nbval."""
    start_early()
    import nbformat

    from woozle.notebook.reading import write_parameters

    write_parameters(path)
    executed = execute(path, {}, progress)
    take_out_private(executed)
    for number, cell in enumerate((cell for cell in executed.cells if cell.cell_type == "code"), start=1):
        cell.execution_count = number
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = number
    try:
        write_whole(path, nbformat.writes(executed) + "\n")
    except OSError as error:
        raise WoozleError(f"The outputs can't be stored in {path}: {error.strerror}.") from error


def take_out_private(notebook: nbformat.NotebookNode) -> None:
    """Take out of a notebook's outputs what only the page of a report needs."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for kind in [kind for kind in output.get("data", {}) if kind.startswith(PRIVATE)]:
                del output.data[kind]
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("data", True)]


def without_run(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return the notebook without times, paths and random ids of this run."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output.text = _without_place(output.text)
            for key in ("text/plain", "text/html", "text/markdown"):
                if key in output.get("data", {}):
                    output.data[key] = _without_place(output.data[key])
        for key in _TIMES:
            cell.metadata.pop(key, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
            cell.metadata.tags = ["injected-parameters", "setup"]
    return notebook
