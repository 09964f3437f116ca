"""Start a case study: `case.yaml`, the notebook of a story to be written, a workbench."""

from __future__ import annotations

import datetime
import json
from importlib import resources
from pathlib import Path

from woozle.case import Case
from woozle.errors import WoozleError
from woozle.places import study_folder
from woozle.report.study import NOTEBOOK

_NOTEBOOKS = {NOTEBOOK: "new_case_study.ipynb", "explore.ipynb": "new_explore.ipynb"}


def new_study(case: Case) -> Path:
    """Write the beginnings of a case study beside the data of a case, and return its folder.

    What is written builds a report as it stands. Texts in it that begin with “To write:” are for the author.

    Raises
    ------
    WoozleError
        The case has a study, or it can't be written.
    """
    import yaml

    folder = study_folder(case.folder)
    if folder.exists():
        raise WoozleError(f"case_studies/{folder.name} is there already; nothing is written.")
    facts = {
        "title": case.title,
        "claim": "To write: the claim, in one sentence.",
        "question": "To write: the question that the report answers.",
        "truth": "To write: what is true, in one sentence, as the document below shows it.",
        "shown_by": _shown_by(case),
        "authors": ["To write: your name"],
        "slots": [slot.name for slot in case.slots[:2]],
        "date": datetime.date.today(),
        "headline": "To write: the story in one line",
        "standfirst": "To write: the story in two sentences.",
        "tiles": [
            {
                "number": "{?top_others} {top_others} of {others}",
                "means": "other documents with the claim go back to one source",
            },
            {"number": "{?false} {false} of {carriers}", "means": "documents state it falsely", "tone": "wrong"},
            {"number": "{?corrections} {corrections}", "means": "documents correct it", "tone": "right"},
        ],
    }
    try:
        folder.mkdir(parents=True)
        for name, template in _NOTEBOOKS.items():
            with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
                file.write(_filled(template, case.name))
        with (folder / "case.yaml").open("x", encoding="utf-8", newline="\n") as file:
            yaml.safe_dump(facts, file, allow_unicode=True, sort_keys=False, width=110)
    except OSError as error:
        raise WoozleError(f"case_studies/{folder.name} can't be written: {error.strerror}.") from error
    return folder


def _filled(template: str, name: str) -> str:
    """Return a notebook of the templates, for the case of this name."""
    notebook = json.loads((resources.files("woozle.report") / "template" / template).read_text("utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace("CASE_NAME", name)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _shown_by(case: Case) -> str:
    """Return a document to begin with: one that shows a version to be false, else one that corrects, else the last."""
    corrects = case.leads.index[case.leads["stance"].isin(case.correcting)]
    return next(iter([*case.said_false.values(), *corrects, case.documents.index[-1]]))
