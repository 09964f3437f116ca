"""Run a notebook and turn it into a report: a folder with page, notebook, charts, tables and manifest."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from woozle import __version__
from woozle.case import Case, find_folder, open_case
from woozle.errors import NotebookError, WoozleError
from woozle.report.inputs import Inputs, read_inputs
from woozle.report.manifest import write_manifest
from woozle.report.parameters import OF_CASCADE, Parameter, check_parameters, read_parameters
from woozle.report.store import built, locked, new_version, remember
from woozle.report.study import Study, open_study, study_folder

if TYPE_CHECKING:
    import nbformat

PAGE, EXECUTED = "index.html", "notebook.ipynb"
_TIMES = ("execution", "papermill")


def build(
    name: str | Path,
    parameters: Mapping[str, object] | None = None,
    folder: Path | None = None,
    progress: bool = False,
    anew: bool = False,
) -> Path:
    """Build the report of a case and return the path of its page.

    Nothing is built if the report of the same inputs (data, study, parameters, library, packages) stands there whole.

    Parameters
    ----------
    name
        Name of the case, or folder of its package.
    parameters
        Values for the parameters of the notebook; they are checked before a kernel starts.
    folder
        Where the report goes. If not given: `reports/<case>` beside `data/`, and with other parameters than the
        defaults `reports/<case>,name=value`. It becomes a link to the current version, which changes in one step: a
        reader sees the old report or the new one.
    progress
        Show a bar over the cells on standard error.
    anew
        Build it even if it stands there.

    Raises
    ------
    WoozleError
        The data or the request is wrong, or a cell failed; what stood there stands still.
    """
    package = find_folder(name)
    inputs = read_inputs(package, study_folder(package))
    reports = folder.parent if folder else package.parents[1] / "reports"
    given = {key: str(value) for key, value in (parameters or {}).items()}
    key = inputs.key(parameters=given, case=package.name, folder=folder.name if folder else "")
    if not anew and (found := built(reports, key)):
        return found / PAGE
    _start_early()
    case = open_case(package)
    study = open_study(case)
    known = read_parameters(study.notebook)
    values = check_parameters(known, parameters or {}, case)
    folder = folder or reports / folder_name(case.name, known, values)
    with locked(folder):
        if not anew and (found := built(reports, key)):  # whoever held the lock has built it
            return found / PAGE
        with new_version(folder) as fresh:
            write_report(fresh, case, study, values, inputs, progress)
        remember(folder, key)
    return folder / PAGE


def write_report(
    folder: Path, case: Case, study: Study, values: Mapping[str, object], inputs: Inputs, progress: bool = False
) -> None:
    """Write all files of a report into an empty folder."""
    import nbformat

    from woozle.cascade import Cascade
    from woozle.report.crate import write_crate
    from woozle.report.html import to_html
    from woozle.report.outputs import write_files

    notebook = execute(study, values, progress)
    cascade = Cascade(case, **{name: values[name] for name in OF_CASCADE if name in values})
    nbformat.write(notebook, folder / EXECUTED)
    write_files(notebook, folder)
    _copy_package(case, folder / "package")
    (folder / PAGE).write_text(to_html(notebook, study, cascade, inputs, values), "utf-8")
    write_crate(folder, study, case)
    facts = {
        "case": case.name,
        "title": study.title,
        "claim": study.claim,
        "date": study.date.isoformat(),
        "data_version": case.version,
        "woozle": __version__,
        "parameters": dict(values),
        "figures": _headline(cascade),
    }
    write_manifest(folder, inputs, facts)


def _headline(cascade) -> dict[str, int]:
    """Return the figures that the front page shows."""
    from woozle.measure import headline

    found = headline(cascade)
    return {
        name: int(getattr(found, name)) for name in ("documents", "carriers", "roots", "conversions", "corrections")
    }


def _copy_package(case: Case, folder: Path) -> None:
    for path in sorted(case.folder.rglob("*")):
        if path.suffix in (".csv", ".json", ".md") and path.is_file():
            copy = folder / path.relative_to(case.folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())


def folder_name(case: str, known: Mapping[str, Parameter], values: Mapping[str, object]) -> str:
    """Return the name of the folder for a report: the case, and each value that is not the default.

    Examples
    --------
    >>> known = {"as_of": Parameter("as_of", "str", "latest", "")}
    >>> folder_name("demo", known, {"as_of": "2024-06-26"})
    'demo,as_of=2024-06-26'
    """
    other = [f"{name}={value}" for name, value in values.items() if value != known[name].default]
    return ",".join([case, *map(_for_file, other)])


def _for_file(text: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9=_.+:-]", "_", text)[:60]
    return plain if plain == text.replace("/", "_") else f"{plain}~{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _start_early() -> None:
    """Let the process that kernels are forked from import while this one does."""
    from woozle.report import kernels

    if kernels.CAN_FORK:
        kernels.shared_server()


def execute(study: Study, values: Mapping[str, object], progress: bool = False) -> nbformat.NotebookNode:
    """Return the notebook of a study, executed with papermill, without anything that differs from run to run."""
    import nbformat
    from nbclient.exceptions import DeadKernelError
    from papermill import execute_notebook
    from papermill.exceptions import PapermillExecutionError

    with tempfile.TemporaryDirectory(prefix="woozle-") as scratch:
        output = Path(scratch) / EXECUTED
        try:
            execute_notebook(
                str(study.notebook),
                str(output),
                parameters=dict(values),
                engine_name="woozle",
                kernel_name="python3",
                progress_bar={"desc": study.folder.name, "unit": "cell"} if progress else False,
                record_timing=False,
                request_save_on_cell_execute=False,
                autosave_cell_every=0,
                # Not papermill's cwd, which moves this process: reports are built side by side.
                resources={"metadata": {"path": str(study.folder)}},
            )
        except PapermillExecutionError as error:
            raise NotebookError(_failure(study, error.source, error.ename, error.evalue)) from error
        except DeadKernelError as error:
            shown = f"case_studies/{study.folder.name}/{study.notebook.name}"
            raise NotebookError(f"The kernel died while it ran {shown}: out of memory, or a cell ended it.") from error
        return without_run(nbformat.read(output, as_version=4))


def _failure(study: Study, source: str, name: str, value: str) -> str:
    """Return what a person needs to mend a cell: where it is, what it says, what went wrong."""
    import nbformat

    cells = nbformat.read(study.notebook, as_version=4).cells
    numbers = [number for number, cell in enumerate(cells, start=1) if cell.source == source]
    where = f"Cell {numbers[0]}" if numbers else "A cell"
    code = "\n".join(f"    {line}" for line in source.strip().splitlines())
    return f"{where} of case_studies/{study.folder.name}/{study.notebook.name} failed: {name}: {value}\n{code}"


def store_outputs(name: str, progress: bool = False) -> Path:
    """Run the notebook of a case with its defaults and store the outputs in it, for readers and for nbval."""
    import nbformat

    _start_early()
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
