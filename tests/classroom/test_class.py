"""The whole way: release, four students, grades, feedback, gradebook."""

import base64
import contextlib
import csv
import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

import classes
import nbformat
import pytest

import command
from woozle.classroom import release, sandbox
from woozle.classroom.course import open_course
from woozle.classroom.grade import Grader

WOOZLE = Path(sys.executable).with_name("woozle")
ROSTER = "id,name,email\nada,Ada Lovelace,ada@example.org\nbob,Bob,\ncyd,,\ndan,,\n"


def woozle(*arguments, root):
    return command.woozle("classroom", *arguments, cwd=root)


@pytest.fixture(scope="module")
def course(root, tmp_path_factory):
    """A course with its release."""
    home = tmp_path_factory.mktemp("course")
    (home / "roster.csv").write_text(ROSTER)
    (home / "course.yaml").write_text("due:\n  1_find_the_conversion: 2026-11-20T18:00:00+01:00\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("secrets.token_hex", lambda _: classes.KEY.hex())  # the same cases in each run of the tests
        done = woozle("release", "--roster", home / "roster.csv", root=root)
    assert done.returncode == 0, done.stderr
    assert open_course(home / "roster.csv").key == classes.KEY
    assert "Keep it, and do not share it" in done.stderr
    return home


def unzipped(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def partly(assignment, problem):
    """A student who counts what is cited as sources, and compares times as they are written."""
    answers = classes.model(assignment)
    for name, mistakes in problem.mistakes.items():
        answers[name] = f"{name} = {mistakes[0][0]!r}"
    return classes.filled(assignment, answers)


@pytest.fixture(scope="module")
def graded(root, box, course):
    """The course graded by the command, as a teacher does."""
    handed = course / "submitted"
    handed.mkdir()
    key = open_course(course / "roster.csv").key
    for assignment in classes.assignments(root).values():
        for student in ("ada", "bob", "cyd", "dan"):
            released = unzipped(course / "release" / f"{student}.zip")
            notebook = nbformat.reads(
                released[f"woozle_{student}/{assignment.name}/{assignment.name}.ipynb"].decode(), 4
            )
            assert json.loads(json.dumps(notebook)) == classes.released(assignment)
        classes.hand_in(handed, "ada", assignment, classes.filled(assignment, classes.model(assignment)))
        classes.hand_in(handed, "bob", assignment, partly(assignment, assignment.personal(key, "bob")))
        wrong = {item.name: f"{item.name} = 42" for item in assignment.items if item.kind != "essay"}
        classes.hand_in(handed, "cyd", assignment, classes.filled(assignment, wrong))
        script = "<script>document.title='owned'</script><img src=x onerror=document.title='owned'>"
        evil = {
            item.name: f"print({script!r})\n{item.name} = {script!r}"
            for item in assignment.items
            if item.kind != "essay"
        }
        classes.hand_in(handed, "dan", assignment, classes.filled(assignment, evil | {"editor": script}))
    (handed / "ada" / "timestamp.txt").write_text("2026-11-24 10:00:00 UTC")
    done = woozle("grade", handed, "--roster", course / "roster.csv", root=root)
    assert done.returncode == 0, done.stderr
    assert "texts wait for you" in done.stdout
    return course / "grades"


def table(graded):
    with (graded / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_points_are_those_that_were_earned(graded, root):
    rows, assignments = table(graded), classes.assignments(root).values()
    auto = {a.name: sum(item.points for item in a.items if item.kind != "essay") for a in assignments}
    assert {name: float(rows["ada"][name]) for name in auto} == auto
    assert {float(rows[student][name]) for student in ("cyd", "dan") for name in auto} == {0}
    assert all(0 <= float(rows["bob"][name]) < auto[name] for name in auto)
    assert 0 < float(rows["bob"]["total"]) < float(rows["ada"]["total"])
    assert "1_find_the_conversion: late" in rows["ada"]["remarks"]
    assert "late" not in rows["bob"]["remarks"]


def test_common_mistakes_are_named_on_the_page_and_over_the_class(graded):
    page = (graded / "feedback" / "bob.html").read_text("utf-8")
    assert "These are the documents that each one cites." in page
    assert "These times are compared as they are written." in page
    assert "These times are compared as they are written." in (graded / "class.html").read_text("utf-8")


def test_no_page_tells_what_is_right(graded, root, course):
    key = open_course(course / "roster.csv").key
    for student in ("bob", "cyd", "dan"):
        page = (graded / "feedback" / f"{student}.html").read_text("utf-8")
        for assignment in classes.assignments(root).values():
            problem = assignment.personal(key, student)
            for name, answer in problem.answers.items():
                told = json.dumps(answer, ensure_ascii=False)
                if len(told) > 12:
                    assert told not in page, name


@pytest.mark.slow
def test_a_persons_points_go_to_page_table_and_gradebook(graded, root, course):
    from nbgrader.api import Gradebook

    rows = list(csv.DictReader((graded / "essays.csv").open(encoding="utf-8", newline="")))
    assert {row["student"] for row in rows} == {"id:ada", "id:bob", "id:dan"}  # the fourth wrote none
    for row in rows:
        if row["student"] == "id:ada":
            row |= {"points": "1,5", "comment": "=Good, but long."}
    with (graded / "essays.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    before = {path: path.stat().st_mtime_ns for path in graded.glob("runs/*/*.json")}
    done = woozle("grade", course / "submitted", "--roster", course / "roster.csv", root=root)
    assert done.returncode == 0, done.stderr
    assert {path: path.stat().st_mtime_ns for path in graded.glob("runs/*/*.json")} == before  # nothing was run again
    assert float(table(graded)["ada"]["4_would_it_have_stopped"]) == 15 + 5 * 1.5
    page = (graded / "feedback" / "ada.html").read_text("utf-8")
    assert "Good, but long." in page
    with Gradebook(f"sqlite:///{graded / 'gradebook.db'}") as book:
        name = "4_would_it_have_stopped"
        assert book.find_grade("editor", name, name, "ada").score == 7.5
        assert not book.find_grade("editor", name, name, "ada").needs_manual_grade
        assert book.find_grade("editor", name, name, "dan").needs_manual_grade
        assert book.find_submission(name, "ada").score == 22.5
        assert book.find_submission("1_find_the_conversion", "cyd").score == 0


def test_a_wrong_point_is_told_with_its_row(graded, root, course):
    path = graded / "essays.csv"
    text = path.read_text("utf-8")
    lines = text.splitlines()
    name = lines[0].split(",").index("points")
    row = next(csv.reader([lines[1]]))
    row[name] = "9"
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(row)
    path.write_text("\n".join([lines[0], written.getvalue().strip(), *lines[2:]]) + "\n", "utf-8")
    done = woozle("grade", course / "submitted", "--roster", course / "roster.csv", root=root)
    path.write_text(text, "utf-8")
    assert done.returncode == 1
    assert "row 2, column points: '9' is not a number from 0 to 2" in " ".join(done.stderr.split())


@pytest.mark.slow
def test_graded_anew_the_pages_and_tables_are_the_same(graded, root, course, tmp_path):
    again = tmp_path / "again"
    again.mkdir()
    (again / "essays.csv").write_bytes((graded / "essays.csv").read_bytes())
    words = ["grade", course / "submitted", "--roster", course / "roster.csv", "--output", again, "-j", "3"]
    other = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Seoul", "LC_ALL": "C"}
    done = subprocess.run(
        [WOOZLE, "classroom", *words], cwd=root, env=other, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for path in sorted(graded.rglob("*")):
        if path.is_file() and path.name != "gradebook.db":
            assert path.read_bytes() == (again / path.relative_to(graded)).read_bytes(), path


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_stopped_it_goes_on_where_it_was(graded, root, course, tmp_path, sign):
    (tmp_path / "essays.csv").write_bytes((graded / "essays.csv").read_bytes())
    command = [
        WOOZLE,
        "classroom",
        "grade",
        course / "submitted",
        "--roster",
        course / "roster.csv",
        "--output",
        tmp_path,
        "-j",
        "1",
    ]
    running = subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while len(list(tmp_path.glob("runs/*/*.json"))) < 3:
        assert running.poll() is None
        time.sleep(0.02)
    running.send_signal(sign)
    running.wait()  # no limit: a machine may be slow
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("runs/*/*.json")}
    assert 3 <= len(before) < 16
    assert not (tmp_path / "grades.csv").exists()
    assert (
        woozle(
            "grade", course / "submitted", "--roster", course / "roster.csv", "--output", tmp_path, root=root
        ).returncode
        == 0
    )
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert (tmp_path / "grades.csv").read_bytes() == (graded / "grades.csv").read_bytes()
    assert (tmp_path / "class.html").read_bytes() == (graded / "class.html").read_bytes()


def test_without_a_sandbox_nothing_is_graded_unless_it_is_said(root, course, tmp_path, monkeypatch):
    monkeypatch.setattr(sandbox, "why_not", lambda: "Grading needs bubblewrap (bwrap), which is not installed.")
    chosen, who = [classes.assignments(root)[1]], open_course(course / "roster.csv")
    with pytest.raises(sandbox.SandboxError, match="--unsafe"):
        Grader(chosen, who, tmp_path)
    handed = tmp_path / "handed"
    assignment = chosen[0]
    classes.hand_in(handed, "ada", assignment, classes.filled(assignment, classes.model(assignment)))
    with Grader(chosen, who, tmp_path / "grades", unsafe=True) as grader:
        found = {one.student: one for one in grader.grade(handed).graded}
    assert found["ada"].points == 22
    assert found["ada"].run.unsafe


def test_why_there_is_no_sandbox_is_one_sentence_with_the_remedy(monkeypatch):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name, path=None: None)
    assert "apt install bubblewrap" in sandbox.why_not()
    monkeypatch.setattr(sandbox.sys, "platform", "darwin")
    assert "Linux only" in sandbox.why_not()


# What a student gets

SEARCHED = 12  # letters of an answer from which on it can be searched for


DEEP = 4  # packings within each other that are undone: bytes at random can look packed for ever


def all_forms(data: bytes) -> set[bytes]:
    """Return data as it is, and what is packed in it: zip, gzip, zlib, deflate."""
    forms, waiting = set(), {data}
    for _ in range(DEEP):
        forms |= waiting
        waiting = {inner for packed in waiting for inner in unpacked(packed)} - forms
    return forms | waiting


def unpacked(packed: bytes) -> list[bytes]:
    inner = []
    if packed[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            inner += [archive.read(name) for name in archive.namelist()]
    for unpack in (gzip.decompress, zlib.decompress, lambda bare: zlib.decompress(bare, -15)):
        with contextlib.suppress(OSError, zlib.error, EOFError):
            inner.append(unpack(packed))
    return inner


def test_neither_key_nor_answers_are_in_the_release(root, course):
    key = open_course(course / "roster.csv").key
    students = open_course(course / "roster.csv").students
    for student in students:
        forms = [form for data in unzipped(course / "release" / f"{student}.zip").values() for form in all_forms(data)]
        whole = b"\n".join(forms)
        secrets = [
            key,
            key.hex().encode(),
            key.hex().upper().encode(),
            base64.b64encode(key),
            base64.b32encode(key),
            zlib.compress(key),
        ]
        secrets += [base64.b64encode(key.hex().encode()).rstrip(b"=")[:-2]]
        assert [secret for secret in secrets if secret in whole] == []
        for assignment in classes.assignments(root).values():
            problem = assignment.personal(key, student)
            for name, answer in problem.answers.items():
                for told in (
                    json.dumps(answer),
                    json.dumps(answer, indent=1),
                    repr(answer),
                    json.dumps(answer, separators=(",", ":")),
                ):
                    forms = [told.encode(), base64.b64encode(told.encode()), zlib.compress(told.encode())]
                    if len(told) >= SEARCHED and isinstance(answer, list | dict):
                        assert not [form for form in forms if form in whole], (student, name)


def test_the_search_would_find_them():
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", gzip.compress(b"the secret"))
    assert any(b"the secret" in form for form in all_forms(inner.getvalue()))


def test_released_notebooks_hold_no_solution_and_no_output(course):
    for name, data in unzipped(course / "release" / "ada.zip").items():
        if name.endswith(".ipynb"):
            notebook = json.loads(data)
            assert not any(cell.get("outputs") for cell in notebook["cells"])
            assert "SOLUTION" not in data.decode()
            solutions = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]
            assert all("".join(cell["source"]).strip().endswith(("= ...", "Write here.")) for cell in solutions)
            assert all(cell["metadata"]["nbgrader"]["checksum"] for cell in solutions)


def test_a_case_of_the_teachers_own_is_handed_to_nobody(tmp_path, monkeypatch):
    for name in ("ours", "mine"):
        (tmp_path / "data" / name).mkdir(parents=True)
        (tmp_path / "data" / name / "documents.csv").write_text("id\n")
    (tmp_path / "case_studies").mkdir()
    (tmp_path / "case_studies" / "index.yaml").write_text("cases:\n  - ours\n")
    (tmp_path / "requirements.lock").write_text("")
    monkeypatch.setattr(release, "build_wheel", lambda home, scratch: home / "requirements.lock")
    files = release._shared(tmp_path, [], tmp_path)
    assert [name for name in files if name.startswith("data/")] == ["data/ours/documents.csv"]


@pytest.mark.slow
def test_a_release_made_again_has_the_same_bytes(root, course, tmp_path):
    done = woozle("release", "--roster", course / "roster.csv", "--output", tmp_path, root=root)
    assert done.returncode == 0, done.stderr
    for path in sorted(tmp_path.iterdir()):
        assert path.read_bytes() == (course / "release" / path.name).read_bytes()


@pytest.mark.slow
def test_a_student_can_check_the_set_up(root, course, tmp_path):
    with zipfile.ZipFile(course / "release" / "ada.zip") as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "woozle_ada"
    done = woozle("doctor", root=folder)
    assert done.returncode == 0, done.stdout
    (folder / "2_how_many_sources" / "case" / "claims.csv").write_text("x")
    done = woozle("doctor", root=folder)
    assert done.returncode == 1
    assert "not yet" in done.stdout


def test_a_missing_roster_is_told_with_an_example(root, tmp_path):
    done = woozle("release", "--roster", tmp_path / "roster.csv", root=root)
    assert done.returncode == 1
    assert "id,name,email" in done.stderr
