"""A notebook is run as it stands, whatever its file lacks, and two runs of it give the same bytes."""

import json

import nbformat
import pytest

from woozle.errors import NotebookError
from woozle.notebook.ipynb import read_notebook
from woozle.report.execution import execute


def write(path, cells, **more):
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells} | more), "utf-8")
    return path


def code(source, **more):
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None} | more


def test_cells_without_ids_or_with_doubled_ones_get_derived_ones(tmp_path):
    cells = [code("1"), code("2", id="same"), code("3", id="same"), code("4", id="cell-1"), code("5", id="not an id!")]
    found = read_notebook(write(tmp_path / "n.ipynb", cells))["cells"]
    names = [cell["id"] for cell in found]
    assert names[1] == "same"
    assert names[3] == "cell-1"
    assert len(set(names)) == 5
    assert names == [cell["id"] for cell in read_notebook(tmp_path / "n.ipynb")["cells"]]


def test_two_runs_give_the_same_notebook(tmp_path):
    """No ids, a warning with the path of a scratch file, an address in memory, and no kernel named."""
    cells = [
        code("import warnings; warnings.warn('look out')"),
        code("print(object()); object()"),
        code("import sys; print(__import__('os').path.sep)"),
    ]
    path = write(tmp_path / "n.ipynb", cells)
    one, other = (nbformat.writes(execute(path, {})) for _ in range(2))
    assert one == other
    assert "look out" in one
    assert "ipykernel_" not in one
    assert "0x…" in one


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"nbformat": 4}', '{"nbformat": 4, "cells": [1]}', '{"nbformat": 4, "cells": [{}]}']
)
def test_what_is_no_notebook_is_told(tmp_path, text):
    (tmp_path / "n.ipynb").write_text(text)
    with pytest.raises(NotebookError, match="is not a notebook"):
        read_notebook(tmp_path / "n.ipynb")
