"""START_HERE: as it comes no exercise is done, and with each done as it asks all are."""

import re
import shutil

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

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
        if cell.cell_type == "code" and "exercises.solved(" in cell.source
        for output in cell.outputs
    ]


@pytest.fixture
def start(root, tmp_path):
    shutil.copytree(root / "data", tmp_path / "data")
    shutil.copytree(root / "case_studies", tmp_path / "case_studies")
    return nbformat.read(root / "START_HERE.ipynb", as_version=4), tmp_path


def run(notebook, home):
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(home)}}).execute()


@pytest.mark.slow
def test_as_it_comes_nothing_is_done_and_nothing_is_shown(start):
    notebook, home = start
    assert not [cell for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")]
    run(notebook, home)
    assert checks(notebook) == ["Not yet."] * len(DONE)


def test_no_cell_that_checks_shows_the_answer(start):
    told = "".join(cell.source for cell in start[0].cells if "exercises.solved(" in cell.source)
    assert not re.search("wen_wei_po|dominator|corrections|roots|2014", told)


@pytest.mark.slow
def test_a_wrong_date_is_a_sentence_and_no_traceback(start):
    notebook, home = start
    cell = next(cell for cell in notebook.cells if cell.id == "moment")
    cell.source = cell.source.replace("latest", "2014-13-45")
    with pytest.raises(CellExecutionError):
        run(notebook, home)
    (error,) = [output for output in cell.outputs if output.output_type == "error"]
    assert len(error.traceback) == 1
    assert "2014-13-45" in error.traceback[0]
    assert "\n  File" not in error.traceback[0]


def test_every_exercise_can_be_done_as_it_asks(start):
    notebook, home = start
    for cell in notebook.cells:
        if cell.id in DONE:
            was, now = DONE[cell.id]
            assert was in cell.source
            cell.source = cell.source.replace(was, now)
    run(notebook, home)
    assert checks(notebook) == ["Done."] * len(DONE)
    assert (home / "mine" / "report" / "index.html").is_file()
    assert (home / "mine" / "my_report" / "index.html").is_file()
