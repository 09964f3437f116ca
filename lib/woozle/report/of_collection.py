"""The report on a collection of posts: one notebook, of which a part is the story and a part the evidence."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import nbformat

from woozle import __version__
from woozle.errors import ParameterError, WoozleError
from woozle.hashes import hash_file
from woozle.locate import EVIDENCE_PAGE, PAGE, home_for_new, shared_notebooks
from woozle.report.execution import execute, start_early
from woozle.report.inputs import Inputs, hash_code, read_versions
from woozle.report.manifest import write_manifest
from woozle.report.run import EVIDENCE, EXECUTED, for_file
from woozle.report.store import locked, new_version

NOTEBOOK = "collection.ipynb"
_OF_EVIDENCE = "evidence"  # the tag of its cells


def build_collection(
    path: Path, parameters: Mapping[str, Any] | None = None, folder: Path | None = None, progress: bool = False
) -> Path:
    """Build the report of a collection, and return the path of its page.

    Parameters
    ----------
    path
        A file of `woozle collect`, or a folder of them.
    parameters
        Values for the parameters of the notebook: `of`, `window`, `min_participation`, `draws`.
    folder
        Where the report goes. If not given: `reports/<name>`, and with other parameters than the defaults
        `reports/<name>,name=value`, in the folder that holds the cases, or in the current one.
    progress
        Show a bar over the cells.

    Raises
    ------
    WoozleError
        It is no collection, a value is wrong, or a cell failed. The previous report is unchanged.
    """
    start_early()
    from woozle.page.about import take_about
    from woozle.page.html import prepare, to_pages
    from woozle.page.outputs import write_files
    from woozle.report.parameters import check_parameters, read_parameters

    if not path.exists():
        raise ParameterError(f"There is no collection '{path}'. Read exports into one: woozle collect PATH -o {path}.")
    own = next(iter(shared_notebooks(NOTEBOOK)), None)  # a copy that users may have changed comes first
    with resources.as_file(own or resources.files("woozle.notebook") / "template" / NOTEBOOK) as notebook:
        known = read_parameters(notebook)
        values = check_parameters(known, {**(parameters or {}), "path": str(path.absolute())}, path.stem)
        executed = execute(notebook, values, progress, Path.cwd())
    story, evidence = parts_of(executed)
    about = take_about((story, evidence))
    other = [f"{name}={value}" for name, value in values.items() if name != "path" and value != known[name].default]
    folder = folder or home_for_new() / "reports" / ",".join([path.stem, *map(for_file, other)])
    prepare()
    inputs = _inputs(path)
    shown = {name: path.name if name == "path" else value for name, value in values.items()}
    with locked(folder), new_version(folder) as fresh:
        for name, part in ((EXECUTED, story), (EVIDENCE, evidence)):
            nbformat.write(part, fresh / name)
        write_files((story, evidence), fresh)
        pages = to_pages(story, evidence, about, inputs.methods(), shown, [])
        for name, page in zip((PAGE, EVIDENCE_PAGE, about.file_name), pages, strict=True):
            (fresh / name).write_text(page, "utf-8")
        facts = {
            "case": about.name, "title": about.title, "claim": "", "date": about.date, "data_version": about.version,
            "woozle": __version__, "parameters": shown, "setting": "", "headline": about.headline,
            "standfirst": about.description, "figures": dict(about.figures),
        }  # fmt: skip
        write_manifest(fresh, inputs, facts)
    return folder / PAGE


def parts_of(notebook: nbformat.NotebookNode) -> tuple[nbformat.NotebookNode, nbformat.NotebookNode]:
    """Return the story and the evidence of a notebook: the cells without and with the tag; both have its set-up."""
    parts = []
    for is_evidence in (False, True):
        part = copy.deepcopy(notebook)
        kept = [(cell, cell.metadata.get("tags", [])) for cell in part.cells]
        part.cells = [cell for cell, tags in kept if "setup" in tags or (_OF_EVIDENCE in tags) == is_evidence]
        parts.append(part)
    return parts[0], parts[1]


def _inputs(path: Path) -> Inputs:
    """Return the hashes of what the report is made from."""
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not files:
        raise WoozleError(f"{path} holds no Parquet file.")
    lock, packages = read_versions(home_for_new())
    return Inputs({file.name: hash_file(file) for file in files}, hash_code(), lock, packages)
