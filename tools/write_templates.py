"""Bring the templates of notebooks up to date: cells of shared notebooks, and the parameters of `woozle.Cascade`."""

import json
from pathlib import Path

from woozle import notebook
from woozle.notebook.reading import write_parameters

TEMPLATES = Path(notebook.__file__).parent / "template"
STUDIES = Path(__file__).parents[1] / "case_studies"
SHARED = {
    "evidence.ipynb": "evidence.ipynb",
    "comparison_evidence.ipynb": "comparison/evidence.ipynb",
    "collection.ipynb": "collection.ipynb",
}


def bare(cell: dict) -> dict:
    """Return a cell without its outputs and empty metadata."""
    cell = cell | {"metadata": {key: value for key, value in cell["metadata"].items() if value}}
    return cell | {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell


for name, shared in SHARED.items():
    template = json.loads((TEMPLATES / name).read_text("utf-8"))
    cells = json.loads((STUDIES / shared).read_text("utf-8"))["cells"]
    written = json.dumps(template | {"cells": [bare(cell) for cell in cells]}, ensure_ascii=False, indent=1) + "\n"
    (TEMPLATES / name).write_text(written, "utf-8", newline="\n")
for path in sorted(TEMPLATES.glob("*.ipynb")):
    write_parameters(path)
