"""How a notebook begins: it opens a case, and reads it as its parameters say."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from woozle.files import write_whole
from woozle.model.cascade import LATEST, READING
from woozle.model.opening import open_case
from woozle.notebook.about import about_case, about_comparison, put_out
from woozle.notebook.comparison import Comparison
from woozle.notebook.ipynb import read_notebook
from woozle.notebook.study import Study, open_cases, open_comparison, open_study
from woozle.notebook.words import Teller


def begin(case: str, parameters: Mapping[str, Any]) -> tuple[Study, Teller]:
    """Open a case as the parameters of a notebook say; this is what its first cell calls.

    Parameters
    ----------
    case
        Name of the case, or folder of its package.
    parameters
        Values by name: in a notebook `globals()`, where its parameters are. Names that are not parameters of
        `woozle.Cascade` are ignored. Without a `time_zone`, that of `case.yaml` is used.

    Returns
    -------
    Study, Teller
        What `case.yaml` says, and what fills sentences; the cascade is `tell.cascade`.

    Raises
    ------
    UnknownCaseError, CaseError, StudyError, ParameterError
        There is no such case, or the data, `case.yaml`, or a value is wrong.

    Examples
    --------
    >>> study, tell = begin("dprk_troops_2024", {"as_of": "2024-06-22"})
    >>> len(tell.cascade.documents)
    2
    """
    from woozle.locate import find_folder

    opened = open_case(find_folder(case))
    study, reading = open_study(opened), _reading(parameters)
    reading["time_zone"] = reading.get("time_zone") or study.time_zone
    cascade = opened.cascade(**reading)
    put_out(lambda: about_case(study, cascade))
    return study, Teller(cascade)


def begin_comparison(parameters: Mapping[str, Any]) -> tuple[Study, Comparison]:
    """Open several cases as the parameters of a notebook say, whose folder holds `comparison.yaml`.

    Parameters
    ----------
    parameters
        As in `begin`, and `cases`: "all" of this checkout, or names and folders with commas between. Each case is read
        as of its latest moment.

    Returns
    -------
    Study, Comparison
        What `comparison.yaml` says, and the cases, which also fill sentences.
    """
    study, reading = open_comparison(), _reading(parameters)
    reading["as_of"] = LATEST
    cascades = {name: case.cascade(**reading) for name, case in open_cases(parameters["cases"]).items()}
    put_out(lambda: about_comparison(study, cascades))
    return study, Comparison(cascades)


def with_parameters(source: str, compares: bool = False) -> str:
    r"""Return the parameters cell of a notebook with all parameters of `woozle.Cascade`, explained as that class does.

    Values stay, and so do its other lines. A comparison has no `as_of`: each of its cases is read as of its latest
    moment. A cell in which such a parameter takes several lines, or shares one, stays as it is.

    Examples
    --------
    >>> print(with_parameters('hops = "all"  # old words\nleast: int = 3  # mine').splitlines()[1])
    hops: str = "all"  # count only the citations that passed the claim on (carrying), or all
    """
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return source  # reading the parameters gives the error
    values: dict[str, str] = {}
    kept = source.splitlines()
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        names = [target.id for target in targets if isinstance(target, ast.Name) and target.id in READING]
        stored = [part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]
        if not names and not READING.keys() & set(stored):
            continue
        value: ast.expr | None = getattr(node, "value", None)
        if not names or node.lineno != node.end_lineno or len(targets) > 1 or value is None or names[0] in values:
            return source
        values[names[0]] = ast.get_source_segment(source, value) or ""
        kept[node.lineno - 1] = ""
    lines = [
        f"{name}: {field.type} = {values.get(name) or _quoted(field.default)}  # {_meaning(name, compares)}"
        for name, field in READING.items()
        if name in values or not (compares and name == "as_of")
    ]
    own = [line for line in kept if line]
    first = [line for line in own if re.match(r"cases?\b", line)]
    return "\n".join([*first, *lines, *(line for line in own if line not in first)])


def write_parameters(path: Path) -> None:
    """Bring the parameters of a notebook that calls `begin` or `begin_comparison` up to date with `with_parameters`.

    Raises
    ------
    NotebookError
        It is no notebook.
    """
    notebook = read_notebook(path)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    compares = any("begin_comparison(globals())" in cell["source"] for cell in code)
    if not compares and not any(re.search(r"\bbegin\(.*globals\(\)", cell["source"]) for cell in code):
        return
    cell = next((cell for cell in code if "parameters" in cell["metadata"].get("tags", ())), None)
    if cell and (source := with_parameters(cell["source"], compares)) != cell["source"]:
        stored = json.loads(path.read_text("utf-8"))
        stored["cells"][notebook["cells"].index(cell)]["source"] = source.splitlines(keepends=True)
        write_whole(path, json.dumps(stored, ensure_ascii=False, indent=1) + "\n")


def _meaning(name: str, compares: bool) -> str:
    meaning = str(READING[name].metadata["meaning"])
    return meaning.replace("that of case.yaml or of the outlet", "that of each outlet") if compares else meaning


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _reading(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: parameters[name] for name in READING if name in parameters}
