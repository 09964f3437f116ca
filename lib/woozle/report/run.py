"""Run a notebook and turn it into a report: the notebook with its outputs, and one HTML file."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import nbformat

from woozle.cascade import Cascade
from woozle.case import Case, find_folder, open_case
from woozle.errors import NotebookError, WoozleError
from woozle.report.parameters import OF_CASCADE, Parameter, check_parameters, read_parameters
from woozle.report.study import Study, open_study

PAGE, EXECUTED = "index.html", "notebook.ipynb"
_TIMES = ("execution", "papermill")


def build(
    name: str,
    parameters: Mapping[str, object] | None = None,
    folder: Path | None = None,
    progress: bool = False,
) -> Path:
    """Build the report of a case and return the path of its page.

    Parameters
    ----------
    name
        Name of the case, or folder of its package.
    parameters
        Values for the parameters of the notebook; they are checked before a kernel starts.
    folder
        Where the report goes. If not given: `reports/<case>` beside `data/`, and with other parameters than the
        defaults `reports/<case>,name=value`. A report that stands there stays whole until the new one is.
    progress
        Show a bar over the cells on standard error.

    Raises
    ------
    WoozleError
        The data or the request is wrong, or a cell failed.
    """
    case = open_case(name)
    study = open_study(case)
    known = read_parameters(study.notebook)
    values = check_parameters(known, parameters or {}, case)
    folder = folder or case.folder.parents[1] / "reports" / _folder_name(case.name, known, values)
    with new_folder(folder) as fresh:
        notebook = execute(study, values, progress)
        nbformat.write(notebook, fresh / EXECUTED)
        (fresh / PAGE).write_text(page(notebook, study, case, values), "utf-8")
    return folder / PAGE


def _folder_name(case: str, known: Mapping[str, Parameter], values: Mapping[str, object]) -> str:
    """Return the name of the folder for a report: the case, and each value that is not the default."""
    other = [f"{name}={value}" for name, value in values.items() if value != known[name].default]
    return ",".join([case, *(re.sub(r"[^A-Za-z0-9=_.+-]", "_", text)[:60] for text in other)])


def execute(study: Study, values: Mapping[str, object], progress: bool = False) -> nbformat.NotebookNode:
    """Return the notebook of a study, executed with papermill, without anything that differs from run to run."""
    from nbclient.exceptions import DeadKernelError
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch) / EXECUTED
        try:
            with _quiet_environment():
                execute_notebook(
                    str(study.notebook),
                    str(output),
                    parameters=dict(values),
                    cwd=str(study.folder),
                    kernel_name="python3",
                    progress_bar={"desc": study.folder.name, "unit": "cell"} if progress else False,
                    record_timing=False,
                    request_save_on_cell_execute=False,
                    autosave_cell_every=0,
                    extra_arguments=["--log-level=CRITICAL"],
                )
        except PapermillExecutionError as error:
            raise NotebookError(_failure(study, error.source, error.ename, error.evalue)) from error
        except DeadKernelError as error:
            shown = f"case_studies/{study.folder.name}/{study.notebook.name}"
            raise NotebookError(f"The kernel died while it ran {shown}: out of memory, or a cell ended it.") from error
        return without_run(nbformat.read(output, as_version=4))


def _failure(study: Study, source: str, name: str, value: str) -> str:
    """Return what a person needs to mend a cell: where it is, what it says, what went wrong."""
    cells = nbformat.read(study.notebook, as_version=4).cells
    numbers = [number for number, cell in enumerate(cells, start=1) if cell.source == source]
    where = f"Cell {numbers[0]}" if numbers else "A cell"
    code = "\n".join(f"    {line}" for line in source.strip().splitlines())
    return f"{where} of case_studies/{study.folder.name}/{study.notebook.name} failed: {name}: {value}\n{code}"


def page(notebook: nbformat.NotebookNode, study: Study, case: Case, values: Mapping[str, object]) -> str:
    """Return the HTML page of an executed notebook."""
    from woozle.report.html import to_html

    asked = {name: values[name] for name in OF_CASCADE if name in values}
    return to_html(notebook, study, Cascade(case, **asked))


def store_outputs(name: str, progress: bool = False) -> Path:
    """Run the notebook of a case with its defaults and store the outputs in it, for readers and for nbval."""
    case = open_case(find_folder(name))
    study = open_study(case)
    values = check_parameters(read_parameters(study.notebook), {}, case)
    executed = execute(study, values, progress)
    executed.cells = [cell for cell in executed.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    for number, cell in enumerate((cell for cell in executed.cells if cell.cell_type == "code"), start=1):
        cell.execution_count = number
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = number
    fresh = study.notebook.with_suffix(".new")
    try:
        nbformat.write(executed, fresh)
        fresh.replace(study.notebook)
    except OSError as error:
        raise WoozleError(f"The outputs can't be stored in {study.notebook}: {error.strerror}.") from error
    return study.notebook


def without_run(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return the notebook without times, paths and random ids of this run."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        for key in _TIMES:
            cell.metadata.pop(key, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
            cell.metadata.tags = ["injected-parameters", "setup"]
    return notebook


@contextlib.contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder; at the end its files take the place of those in `folder`, each in one step.

    If anything fails before, `folder` stays as it was.
    """
    fresh = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        yield fresh
        folder.mkdir(exist_ok=True)
        for path in sorted(fresh.iterdir(), key=lambda path: path.name == PAGE):
            os.replace(path, folder / path.name)
    except OSError as error:
        raise WoozleError(f"The report can't be written to {folder}: {error.strerror}.") from error
    finally:
        if fresh:
            shutil.rmtree(fresh, ignore_errors=True)


@contextlib.contextmanager
def _quiet_environment() -> Iterator[None]:
    """Kernels inherit a fixed hash seed, and no warning about the debugger's frozen modules."""
    before = dict(os.environ)
    os.environ.update(PYTHONHASHSEED="0", PYDEVD_DISABLE_FILE_VALIDATION="1")
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
