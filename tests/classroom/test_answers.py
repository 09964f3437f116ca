"""Model answers: in no notebook that students meet, whole for teachers who have the key."""

import json
import re
import sys
import zipfile
from pathlib import Path

import classes
import nbformat
import pytest

from command import woozle
from woozle.classroom.answers import open_answers, read_answers, with_answers, write_answers
from woozle.classroom.course import read_key
from woozle.errors import WoozleError

KEY = bytes(range(32))
WOOZLE = Path(sys.executable).with_name("woozle")


def test_no_answer_stands_in_the_notebooks_of_the_checkout(root):
    for assignment in classes.assignments(root).values():
        for cell in nbformat.read(assignment.notebook, as_version=4).cells:
            own = cell.metadata.get("nbgrader", {})
            if own.get("solution"):
                assert cell.source == (f"{own['grade_id']} = ..." if cell.cell_type == "code" else "Write here.")


def test_only_the_key_of_the_course_opens_them(root, tmp_path):
    some = list(classes.assignments(root).values())
    path = write_answers(some, KEY, tmp_path / "answers.encrypted")
    data = path.read_bytes()
    assert b"roots_early" not in data
    assert not zipfile.is_zipfile(path)
    with pytest.raises(WoozleError, match="another course key, or it is damaged"):
        open_answers(path, bytes(32), tmp_path / "other")
    for place in (0, len(data) // 2, len(data) - 9):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(WoozleError, match="another course key, or it is damaged"):
            open_answers(path, KEY, tmp_path / "other")
    assert not (tmp_path / "other").exists()
    path.write_bytes(data)
    notebooks = open_answers(path, KEY, tmp_path / "opened")
    assert [notebook.stem for notebook in notebooks] == [assignment.name for assignment in some]
    for notebook, assignment in zip(notebooks, some, strict=True):
        sources = [cell.source for cell in nbformat.read(notebook, as_version=4).cells]
        assert set(read_answers(assignment).values()) <= set(sources)
        assert (notebook.parent / "case" / "questions.json").is_file()
    with pytest.raises(WoozleError, match="is there already"):
        open_answers(path, KEY, tmp_path / "opened")


@pytest.mark.whole
def test_a_teacher_opens_them_by_the_command(root, tmp_path):
    (tmp_path / "roster.csv").write_text("id\nada\n")

    def run(*arguments):
        return woozle("classroom", *arguments, cwd=root)

    done = run("release", "--roster", tmp_path / "roster.csv")
    assert "answers.encrypted: model answers, for teachers" in done.stdout.replace("\n", " ")
    with zipfile.ZipFile(tmp_path / "release" / "ada.zip") as archive:
        assert not [name for name in archive.namelist() if "answers" in name and "tests" in name]
        given = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".ipynb"))
    for assignment in classes.assignments(root).values():
        for answer in read_answers(assignment).values():
            assert json.dumps(answer.splitlines()[0])[1:-1].encode() not in given
    done = run("answers", "--key", tmp_path / "course.key")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "answers").glob("*/*.ipynb"))) == 4
    assert "is there already" in run("answers", "--key", tmp_path / "course.key").stderr


@pytest.mark.whole
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_run_from_the_top_each_check_of_a_model_notebook_says_done(root, number):
    from nbclient import NotebookClient

    assignment = classes.assignments(root)[number]
    notebook = nbformat.from_dict(json.loads(json.dumps(with_answers(assignment))))
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(assignment.folder)}}).execute()
    checks = [cell for cell in notebook.cells if "check" in cell.metadata.get("tags", [])]
    assert len(checks) >= 4
    for cell in checks:
        told = " ".join(re.findall(r"Done|not yet|Not yet", json.dumps(cell.outputs)))
        assert told.startswith("Done"), (cell.source, cell.outputs)


def test_a_missing_answer_is_told(root, tmp_path, monkeypatch):
    assignment = classes.assignments(root)[2]
    path = tmp_path / "answers.md"
    path.write_text("# Model answers\n\n## roots_early\n\n```python\nroots_early = []\n```\n", "utf-8")
    monkeypatch.setattr(type(assignment), "answers", path)
    with pytest.raises(WoozleError, match=r"answers\.md: there is no answer to 'roots_late', .*'in_words'"):
        read_answers(assignment)
    path.unlink()
    with pytest.raises(WoozleError, match="the model answers can't be read"):
        read_answers(assignment)


def test_an_assignment_without_model_answers_is_given_out_all_the_same(root, tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from woozle.classroom.assignments import Assignment
    from woozle.commands import classroom

    known = Assignment.answers.fget
    monkeypatch.setattr(
        Assignment, "answers", property(lambda self: tmp_path / "none" if self.name.startswith("2_") else known(self))
    )
    (tmp_path / "roster.csv").write_text("id\nada\n")
    done = CliRunner().invoke(classroom.app, ["release", "--roster", str(tmp_path / "roster.csv")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "release" / "ada.zip").exists()
    opened = open_answers(tmp_path / "answers.encrypted", read_key(tmp_path / "course.key"), tmp_path / "opened")
    assert [path.stem[0] for path in opened] == ["1", "3", "4"]
