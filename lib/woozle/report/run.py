"""Build a report: a folder with page, notebook, charts, tables and manifest."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from woozle import __version__
from woozle.errors import NotebookError, WoozleError
from woozle.locate import (
    ALL,
    EVIDENCE_PAGE,
    PAGE,
    at_least_two,
    find_folders,
    find_subject,
    is_comparison,
    study_folder,
)
from woozle.report.execution import execute, start_early
from woozle.report.inputs import Inputs, package_files, read_inputs
from woozle.report.manifest import write_manifest
from woozle.report.store import built, locked, new_version, remember, write_text

if TYPE_CHECKING:
    import nbformat

    from woozle.notebook.study import Study
    from woozle.report.parameters import Parameter

FAILED = "failed.html"
EXECUTED, EVIDENCE = "notebook.ipynb", "evidence.ipynb"  # with their outputs
COMPARED = "comparison.ipynb"


@dataclass(frozen=True)
class Request:
    """A report that somebody asks for.

    Attributes
    ----------
    subject : Path
        The folder of what it is about: the data of a case, or a comparison.
    parameters : mapping
        Values for the parameters of the notebook, as they were given.
    folder : Path, optional
        Where the report goes; if not given, `reports/<case>` or `reports/<case>,name=value` beside `data/`.
    """

    subject: Path
    parameters: Mapping[str, Any] = field(default_factory=dict)
    folder: Path | None = None

    @property
    def reports(self) -> Path:
        """The folder in which the report's own folder lies."""
        return self.folder.parent if self.folder else self.subject.parents[1] / "reports"

    @cached_property
    def inputs(self) -> Inputs:
        """What the report is made from, as of the first time that this is asked."""
        return read_inputs(self.subject, study_folder(self.subject), self.cases)

    @property
    def cases(self) -> list[Path]:
        """The folders of the data of all cases that it is about."""
        if not is_comparison(self.subject):
            return [self.subject]
        named = self.parameters.get("cases") or _usual_cases(self.subject / COMPARED)
        return at_least_two(find_folders(str(named), self.subject.parents[1]))

    @cached_property
    def key(self) -> str:
        """One hash of all that decides the report."""
        given = {name: str(value) for name, value in self.parameters.items()}
        return self.inputs.key(parameters=given, case=self.subject.name, folder=self.folder.name if self.folder else "")

    def found(self) -> Path | None:
        """Return the page of the report if it is already there, unchanged and made from exactly these inputs."""
        folder = built(self.reports, self.key)
        return folder / PAGE if folder else None


def build(
    name: str | Path,
    parameters: Mapping[str, Any] | None = None,
    folder: str | Path | None = None,
    progress: bool = False,
    force: bool = False,
) -> Path:
    """Build the report of a case and return the path of its page.

    Nothing is built if an unchanged report from the same inputs (data, study, parameters, library, packages) exists.

    Parameters
    ----------
    name
        Name of the case, or folder of its package.
    parameters
        Values for the parameters of the notebook. Names, types and forms are checked before a kernel starts.
    folder
        Where the report goes. If not given: `reports/<case>` beside `data/`, and with other parameters than the
        defaults `reports/<case>,name=value`. It becomes a link to the current version, which changes in one step: a
        reader sees the old report or the new one.
    progress
        Show a bar over the cells on standard error.
    force
        Build it even if it is already there and up to date.

    Raises
    ------
    WoozleError
        The data or the request is wrong, or a cell failed. The previous report is unchanged.
    """
    place = Path(folder).absolute() if folder else None
    return build_request(Request(find_subject(name), dict(parameters or {}), place), progress, force)


def build_request(request: Request, progress: bool = False, force: bool = False) -> Path:
    """Build a report unless it is already there and up to date; return the path of its page. See `build`."""
    if not force and (page := request.found()):
        return page
    start_early()
    from woozle.report.parameters import check_parameters, known_parameters

    inputs = request.inputs
    study = open_subject(request.subject)
    known = known_parameters(study)
    values = check_parameters(known, request.parameters, request.subject.name)
    if "cases" in values:
        values["cases"] = _as_named(str(values["cases"]), request)
    folder = request.folder or request.reports / folder_name(request.subject.name, known, values)
    with locked(folder):
        if not force and (page := request.found()):  # another process built it meanwhile
            return page
        try:
            with new_version(folder) as fresh:
                write_report(fresh, request.cases, study, values, inputs, progress)
                if replace(request).inputs != inputs:
                    raise WoozleError(
                        f"{request.subject.name} changed while its report was built. Nothing was written; try again."
                    )
        except NotebookError as error:
            _tell_on_a_page(folder, study, error)
            raise
        remember(folder, request.key)
        folder.with_name(f"{folder.name}.{FAILED}").unlink(missing_ok=True)
    return folder / PAGE


def open_subject(subject: Path) -> Study:
    """Return the study of what a report is about. Only its notebooks open the data."""
    from woozle.notebook.study import open_comparison, read_study

    return open_comparison(subject) if is_comparison(subject) else read_study(subject)


def _as_named(cases: str, request: Request) -> str:
    """Return the parameter `cases` for the kernel, which runs in another folder: names, or full paths."""
    if cases.strip() == ALL:
        return ALL
    home = request.subject.parents[1] / "data"
    return ",".join(case.name if case.parent == home else str(case) for case in request.cases)


def _usual_cases(notebook: Path) -> str:
    """Return the default of the parameter `cases` of a comparison's notebook."""
    from woozle.report.parameters import read_parameters

    try:
        return str(read_parameters(notebook)["cases"].default)
    except (NotebookError, KeyError):
        return ALL  # opening the notebook gives the error


def write_report(
    folder: Path,
    cases: Sequence[Path],
    study: Study,
    values: Mapping[str, Any],
    inputs: Inputs,
    progress: bool = False,
) -> None:
    """Write all files of a report into an empty folder; `cases` are the folders of the data."""
    import nbformat

    from woozle.kernel.painter import shared_painter
    from woozle.page.about import take_about
    from woozle.page.html import prepare, to_pages
    from woozle.page.outputs import to_csv, write_files
    from woozle.report.crate import write_crate
    from woozle.report.parameters import read_parameters

    named = values if is_comparison(study.folder) else {**values, "case": cases[0].name}

    def run(path: Path) -> nbformat.NotebookNode:
        own = {name: named[name] for name in read_parameters(path) if name in named}
        return execute(path, own, progress, study.folder)

    pool = ThreadPoolExecutor(2)  # neither notebook needs the other
    try:
        running = [pool.submit(run, path) for path in (study.notebook, study.evidence)]
        first = running[0].result()
        prepare()  # while the evidence is still running
        notebooks = first, running[1].result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # after an error or Ctrl-C, do not wait for the other notebook
    about = take_about(notebooks)
    for name, notebook in zip((EXECUTED, EVIDENCE), notebooks, strict=True):
        nbformat.write(notebook, folder / name)
    write_files(notebooks, folder)
    if about.thumbnail:
        picture = shared_painter().draw(dict(about.thumbnail), scale=1.5)
        (folder / "charts" / "thumbnail.png").write_bytes(picture)
    (folder / "data" / "sources.csv").write_text(to_csv(about.sources), "utf-8", newline="")
    for case in cases:
        _copy_package(case, folder / about.folder_of(case.name))
    pages = to_pages(*notebooks, about, inputs.methods(), values, cases)
    for name, page in zip((PAGE, EVIDENCE_PAGE, about.file_name), pages, strict=True):
        (folder / name).write_text(page, "utf-8")
    write_crate(folder, about)
    facts = {
        "case": about.name,
        "title": study.title,
        "claim": study.claim,
        "date": study.date.isoformat(),
        "data_version": about.version,
        "woozle": __version__,
        "parameters": dict(values),
        "setting": about.setting(values),
        "headline": about.headline,
        "standfirst": about.description,
        "figures": dict(about.figures),
    }
    write_manifest(folder, inputs, facts)


def _copy_package(case: Path, folder: Path) -> None:
    for path in package_files(case):
        copy = folder / path.relative_to(case)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())


def folder_name(case: str, known: Mapping[str, Parameter], values: Mapping[str, Any]) -> str:
    """Return the name of the folder for a report: the case, and each value that is not the default.

    Examples
    --------
    >>> from woozle.report.parameters import Parameter
    >>> known = {"as_of": Parameter("as_of", "str", "latest", "")}
    >>> folder_name("demo", known, {"as_of": "2024-06-26"})
    'demo,as_of=2024-06-26'
    """
    other = [f"{name}={value}" for name, value in values.items() if value != known[name].default]
    return ",".join([case, *map(for_file, other)])


def for_file(text: str) -> str:
    """Return a text for a file name: `/` becomes `_`, `:` becomes `-`; after any other change a hash is added.

    Examples
    --------
    >>> for_file("time_zone=Asia/Seoul"), for_file("as_of=2024-06-26T12:00"), for_file("a=<b>")
    ('time_zone=Asia_Seoul', 'as_of=2024-06-26T12-00', 'a=_b_~d09c3e5e')
    """
    easy = text.replace("/", "_").replace(":", "-")
    plain = re.sub(r"[^A-Za-z0-9=_.+-]", "_", easy)[:60]
    return plain if plain == easy else f"{plain}~{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _tell_on_a_page(folder: Path, study: Study, error: NotebookError) -> None:
    """Write a page that tells what failed beside the report, which stays as it was."""
    from woozle.page.html import failure_page

    write_text(folder.with_name(f"{folder.name}.{FAILED}"), failure_page(study, error))
