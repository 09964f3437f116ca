"""The keys are right: a solver that is not the generator agrees with each, from nothing but what a student sees."""

import json
import re

import classes
import pytest
import solving

from woozle.classroom.problems import problem_of
from woozle.classroom.scoring import score


def disagreements(assignment, folder, students):
    """Return the items of students whose key the solver does not agree with."""
    found = []
    for student in students:
        problem = problem_of(assignment.problem, b"another course", assignment.name, student)
        problem.write(folder)
        solved = solving.SOLVE[assignment.problem](folder)
        for item in assignment.items:
            if item.kind != "essay":
                got = score(item, solved[item.name], problem.answers[item.name])
                if got.points != item.points:
                    found.append((student, item.name, solved[item.name], problem.answers[item.name]))
    return found


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_solver_agrees_with_every_key(root, tmp_path, number):
    assignment = classes.assignments(root)[number]
    assert disagreements(assignment, tmp_path / "case", [f"q{n}" for n in range(20)]) == []


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_solver_agrees_with_the_keys_of_a_thousand(root, tmp_path, number):
    assignment = classes.assignments(root)[number]
    assert disagreements(assignment, tmp_path / "case", [f"s{n}" for n in range(1000)]) == []


def test_what_the_notebook_shows_is_not_cut_off(root):
    """The words that decide an item stand behind the fiftieth letter, where pandas would cut them off."""
    for assignment in classes.assignments(root).values():
        cells = json.loads(assignment.notebook.read_text("utf-8"))["cells"]
        setup = next(cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade_id") == "setup")
        assert '"display.max_colwidth", None' in "".join(setup["source"])


def test_no_evidence_says_what_converted_and_no_document_says_less_than_it_repeats(root, tmp_path):
    """Beside the five that are to be coded nothing tells their codes, and who repeats says what was said."""
    assignment = classes.assignments(root)[1]
    for number in range(100):
        problem = problem_of("conversion", b"k", assignment.name, f"s{number}")
        claims = {row["document"]: row for row in problem.rumour.tables["claims"]}
        for row in problem.rumour.tables["citations"]:
            assert "has decided" not in row["evidence"]
            if row["relation"] == "repeats":
                assert claims[row["citing"]]["modality"] == claims[row["cited"]]["modality"]
                assert row["cited"] not in problem.hidden


def test_what_is_withheld_says_so_at_home_already(root):
    """The cell that takes functions away names those that are left out where the notebook is graded."""
    for assignment in classes.assignments(root).values():
        cells = json.loads(assignment.notebook.read_text("utf-8"))["cells"]
        (cell,) = (one for one in cells if one["metadata"].get("nbgrader", {}).get("grade_id") == "part-two-begins")
        assert re.findall(r'"([^"]+)"', "".join(cell["source"])) == list(assignment.withheld)
