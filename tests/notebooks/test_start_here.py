"""START_HERE: as it comes no exercise is done, and with each done as it asks all are."""

import shutil

import nbformat
import pytest
from nbclient import NotebookClient

DONE = {
    "answer": ('answer = ""', 'answer = "wen_wei_po"'),
    "moment": ('as_of = "latest"', 'as_of = "2014-01-03"'),
    "break": (
        'was, now = "straits_times,wen_wei_po", "straits_times,',
        'was, now = "straits_times,wen_wei_po", "straits_tmes,',
    ),
    "count": ("second_hand = True", "second_hand = False"),
    "report": ('my_moment = "latest"', 'my_moment = "2014-01-03"'),
}


def checks(notebook):
    return [
        output["data"]["text/plain"].splitlines()[0]
        for cell in notebook.cells
        if cell.cell_type == "code" and "exercises.check(" in cell.source
        for output in cell.outputs
    ]


@pytest.fixture
def start(root, tmp_path):
    shutil.copytree(root / "data", tmp_path / "data")
    shutil.copytree(root / "case_studies", tmp_path / "case_studies")
    return nbformat.read(root / "START_HERE.ipynb", as_version=4), tmp_path


def test_as_it_comes_nothing_is_done(start):
    assert checks(start[0]) == ["Not yet."] * len(DONE)


def test_every_exercise_can_be_done_as_it_asks(start):
    notebook, home = start
    for cell in notebook.cells:
        if cell.id in DONE:
            was, now = DONE[cell.id]
            assert was in cell.source
            cell.source = cell.source.replace(was, now)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(home)}}).execute()
    assert checks(notebook) == ["Done."] * len(DONE)
    assert (home / "mine" / "report" / "index.html").is_file()
