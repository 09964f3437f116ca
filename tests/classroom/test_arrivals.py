"""Honest work arrives in many ways, and none of them costs a point."""

import io
import json
import zipfile

import arrivals
import classes
import pytest

from woozle.classroom import archives
from woozle.classroom.entries import find_entries
from woozle.classroom.lms import CANVAS, MOODLE
from woozle.classroom.names import Person
from woozle.classroom.roster import read_roster
from woozle.classroom.submissions import Wanted, read_submission
from woozle.classroom.work import is_blank, read_work
from woozle.errors import WoozleError

PEOPLE = {"ada": Person("ada", "Ada Lovelace"), "bob": Person("bob", "Bob Ross")}
FORMS = ("metadata lost", "Colab saves it", "VS Code", "line ends of", "a mark", "an older form", "new cells", "await")


@pytest.fixture(scope="module")
def second(root):
    return classes.assignments(root)[2]


@pytest.fixture(scope="module")
def honest(second):
    return classes.filled(second, classes.model(second))


def wanted(root):
    return [
        Wanted(one.name, one.title, tuple(item.name for item in one.items if item.kind != "essay"))
        for one in classes.assignments(root).values()
    ]


@pytest.mark.parametrize("way", arrivals.WAYS)
def test_the_notebook_is_found_and_its_answers_are_in_what_is_run(root, second, honest, tmp_path, way):
    arrivals.WAYS[way](tmp_path / "in", honest)
    entries, _ = find_entries(tmp_path / "in", PEOPLE)
    handed = read_submission(entries["ada"], wanted(root)).notebooks[second.name]
    code = [item.name for item in second.items if item.kind != "essay"]
    work = read_work(handed.notebook, classes.released(second), code, [])
    assert {name for names in work.answers.values() for name in names} == set(code)
    assert not any("was changed" in note for note in work.notes)
    whole = "\n".join(work.cells)
    assert all(source in whole for name, source in classes.model(second).items() if name in code)
    assert "real_cascade" not in whole  # what was given to be read is not run
    assert handed.late == ("late" in way)


def test_a_form_of_a_tool_costs_no_point(root, second, honest, tmp_path, box):
    """Each form is that of another student, graded in one go; hand-typed answers would be wrong in other cases."""
    ways = [way for way in arrivals.WAYS if any(form in way for form in FORMS)]
    assert len(ways) >= 8
    students = {f"w{number}": way for number, way in enumerate(ways)}
    for student, way in students.items():
        arrivals.WAYS[way](tmp_path / "in" / student, honest)
    graded, _ = classes.grade(root, tmp_path / "in", tmp_path / "out", classes.course(*students), (2,))
    points = {way: graded[student, 2].points for student, way in students.items()}
    assert points == dict.fromkeys(ways, classes.auto(second))


def test_an_essay_is_found_without_metadata_and_in_a_cell_of_its_own(root):
    fourth = classes.assignments(root)[4]
    released, text = classes.released(fourth), "Dear editor,\n\nlook at the roots."
    written = classes.filled(fourth, {"editor": text})
    bare = arrivals._without_metadata(written)
    assert read_work(json.dumps(bare).encode(), released, [], ["editor"]).texts == {"editor": text}
    place = next(n for n, cell in enumerate(released["cells"]) if "For an editor" in "".join(cell["source"]))
    own = json.loads(json.dumps(released))
    own["cells"].insert(place + 2, {"cell_type": "markdown", "metadata": {}, "source": text})
    assert read_work(json.dumps(own).encode(), released, [], ["editor"]).texts == {"editor": text}
    assert read_work(json.dumps(arrivals._without_metadata(released)).encode(), released, [], ["editor"]).texts == {
        "editor": ""
    }


def test_a_notebook_as_it_was_given_is_blank_and_an_answered_one_not(second, honest):
    released = classes.released(second)
    assert is_blank(json.dumps(released).encode(), released)
    assert is_blank(json.dumps(arrivals._without_metadata(released)).encode(), released)
    assert not is_blank(json.dumps(honest).encode(), released)


def test_each_file_that_was_not_read_is_named_with_the_reason(root, honest, tmp_path):
    folder = tmp_path / "in" / "ada"
    folder.mkdir(parents=True)
    (folder / "answers.docx").write_bytes(b"x")
    (folder / "old.zip").write_bytes(b"PK\3\4 cut off")
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / f"{arrivals.NAME}.ipynb").write_text(json.dumps(honest))
    (folder / f"{arrivals.NAME} copy.ipynb").write_text('{"cells": [')
    (folder / "Untitled.ipynb").write_text('{"cells": []}')
    entries, _ = find_entries(tmp_path / "in", PEOPLE)
    found = read_submission(entries["ada"], wanted(root))
    assert dict(found.unread) == {
        "answers.docx": "only notebooks are read",
        "old.zip": "it is damaged",
        "Untitled.ipynb": "it is the notebook of no assignment",
        f"{arrivals.NAME} copy.ipynb": "it is no notebook, or it was cut off",
    }
    assert found.notebooks[arrivals.NAME].notebook is not None


# Rosters as they are exported

ROSTERS = {
    "Moodle's participants": "\ufeffFirst name,Last name,ID number,Email address,Groups\r\nAda,Lovelace,s-17,ada@example.org,A\r\n",
    "of Moodle in German": "Vorname;Nachname;ID-Nummer;E-Mail-Adresse\r\nAda;Lovelace;s-17;ada@example.org\r\n;;;\r\n",
    "Moodle's worksheet": "Identifier,Full name,ID number,Email address,Status,Grade\nParticipant 4711,Ada Lovelace,s-17,ada@example.org,,\n",
    "Canvas's grade book": "Student,ID,SIS User ID,SIS Login ID,Section,How many sources is that? (98)\n"
    '    Points Possible,,,,,22\n"Lovelace, Ada",123,x9,s-17,A,\n"Student, Test",9,,,A,\n',
    "our own, with ID": "ID\tName\ns-17\tAda Lovelace\n\t\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", ROSTERS)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_roster_is_read_as_it_was_exported(tmp_path, kind, encoding):
    text = ROSTERS[kind].replace("Ada", "Zoë")
    (tmp_path / "roster.csv").write_bytes(text.lstrip("\ufeff").encode(encoding))
    students, _ = read_roster(tmp_path / "roster.csv")
    assert [(one.id, one.name) for one in students.values()] == [("s-17", "Zoë Lovelace")]


def test_what_is_wrong_with_a_roster_is_told_at_once(tmp_path):
    (tmp_path / "roster.csv").write_text("id\nada\nADA\nx y\nada_2\ncon\nlpt1.x\nbob\n")
    with pytest.raises(WoozleError) as error:
        read_roster(tmp_path / "roster.csv")
    said = str(error.value)
    assert [line.split("row ")[1][:1] for line in said.splitlines()] == ["3", "4", "5", "6", "7"]
    assert "second file of 'ada'" in said
    assert said.count("Windows keeps for itself") == 2


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("Participant 4711_99_assignsubmission_file_x.ipynb", "ada"),
        ("Teilnehmer 4711_99_assignsubmission_file", "ada"),
        ("Anybody_4711_assignsubmission_file", "ada"),
        ("lovelaceada_123_7_work.ipynb", "ada"),
        ("lovelaceada_124_7_work.ipynb", ""),
        ("anonymous_123_7_work.ipynb", "ada"),
    ],
)
def test_numbers_of_platforms_say_whose_it_is(tmp_path, name, owner):
    people = {"ada": Person("ada", "Ada Lovelace", {"moodle": "4711", "canvas": "123"}), "bob": Person("bob")}
    (tmp_path / name).write_bytes(b"")
    found, strange = find_entries(tmp_path, people)
    assert list(found) == ([owner] if owner else [])
    assert strange == ([] if owner else [name])


def test_two_who_hand_in_together_get_the_same_by_the_case_that_fits(root, second, tmp_path, box):
    problem = second.personal(classes.KEY, "bob")
    told = {name: f"{name} = {answer!r}" for name, answer in problem.answers.items()}
    path = tmp_path / "in" / "ada+bob" / f"{second.name}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(classes.filled(second, told)))
    graded, _ = classes.grade(root, tmp_path / "in", tmp_path / "out", classes.course("ada", "bob", "cyd"), (2,))
    assert [graded[who, 2].points for who in ("ada", "bob", "cyd")] == [classes.auto(second), classes.auto(second), 0]
    said = "Handed in by ada, bob together, with the case of bob."
    assert graded["ada", 2].run.notes.count(said) == 1
    again, _ = classes.grade(root, tmp_path / "in", tmp_path / "out", classes.course("ada", "bob", "cyd"), (2,))
    assert again["ada", 2].run.notes == graded["ada", 2].run.notes


# What students send is read under limits


def test_a_zip_file_that_is_only_a_list_is_not_opened(tmp_path):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}", "")
    data = bytearray(made.getvalue())
    place = data.rfind(b"PK\5\6")
    data[place + 12 : place + 16] = (archives.LISTED + 1).to_bytes(4, "little")
    (tmp_path / "ada.zip").write_bytes(bytes(data))
    entries, _ = find_entries(tmp_path, PEOPLE)
    found = classes.read(entries["ada"], arrivals.NAME)
    assert found.unread == [("ada.zip", "its list of files has more than 20 MB")]


def test_a_zip_file_is_opened_once_however_many_files_are_in_it(tmp_path, monkeypatch):
    """Its list of files is read whole each time: for two thousand files that took half a minute."""
    times = []
    real = archives.opened
    monkeypatch.setattr(archives, "opened", lambda file: times.append(1) or real(file))
    arrivals._zip(tmp_path / "ada.zip", {f"{number}.ipynb": f"{number}" for number in range(50)})
    found = list(archives.files_of("ada.zip", tmp_path / "ada.zip", "", []))
    assert [file.read() for file in found] == [f"{number}".encode() for number in range(50)]
    assert len(times) == 1


def test_what_takes_all_memory_harms_nobody(tmp_path):
    """A notebook of brackets alone: reading it ends in its own process."""
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / f"{arrivals.NAME}.ipynb").write_bytes(b"[" * 4_900_000)
    entries, _ = find_entries(tmp_path, PEOPLE)
    found = classes.read(entries["ada"], arrivals.NAME)
    assert found.notebooks[arrivals.NAME].notebook is None
    assert found.unread == [(f"{arrivals.NAME}.ipynb", "it is no notebook, or it was cut off")]


# Exports


def test_the_grade_book_goes_back_to_canvas_as_it_came(root, second, honest, tmp_path, box):
    from woozle.classroom.book import Book
    from woozle.classroom.course import Course
    from woozle.classroom.grade import Grader
    from woozle.classroom.results import write_results

    (tmp_path / "roster.csv").write_text(ROSTERS["Canvas's grade book"].replace("s-17", "ada"))
    students, columns = read_roster(tmp_path / "roster.csv")
    arrivals.WAYS["a folder by id"](tmp_path / "in", honest)
    course = Course(students, classes.KEY, {}, columns)
    with Grader(list(classes.assignments(root).values()), course, tmp_path / "out") as grader:
        done = grader.grade(tmp_path / "in")
    write_results(tmp_path / "out", Book(done.assignments, course, done.graded))
    assert (tmp_path / "out" / CANVAS).read_text("utf-8").splitlines() == [
        "Student,ID,SIS User ID,SIS Login ID,Section,How many sources is that? (98)",
        "    Points Possible,,,,,28",
        '"Lovelace, Ada",123,x9,ada,A,22',
    ]
    assert (tmp_path / "out" / MOODLE).read_text("utf-8").splitlines()[1].endswith(",22")


# What would take points away that were earned

LOSSES = {
    "a blank copy of the same time": lambda at, nb, blank: arrivals._zip(
        at / "ada.zip", {f"{arrivals.NAME}.ipynb": json.dumps(nb), f"{arrivals.NAME} (1).ipynb": json.dumps(blank)}
    ),
    "a blank first and a finished copy": lambda at, nb, blank: arrivals._zip(
        at / "ada.zip", {f"{arrivals.NAME}.ipynb": json.dumps(blank), f"{arrivals.NAME}-Copy1.ipynb": json.dumps(nb)}
    ),
    "a second submission that is blank": lambda at, nb, blank: (
        arrivals._zip(at / "ada.zip", {f"{arrivals.NAME}.ipynb": json.dumps(nb)}),
        arrivals._zip(at / "ada_2.zip", {f"{arrivals.NAME}.ipynb": json.dumps(blank)}),
    ),
    "a second submission that is cut off": lambda at, nb, blank: (
        arrivals._zip(at / "ada.zip", {f"{arrivals.NAME}.ipynb": json.dumps(nb)}),
        arrivals._zip(at / "ada_2.zip", {f"{arrivals.NAME}.ipynb": json.dumps(nb)[:4000]}),
    ),
    "outputs of many megabytes": lambda at, nb, blank: arrivals._file(
        at,
        f"ada/{arrivals.NAME}.ipynb",
        json.dumps({**nb, "cells": [{**cell, "outputs": [{"data": "x" * 900_000}]} for cell in nb["cells"]]}),
    ),
    "a platform's zip file of one student": lambda at, nb, blank: arrivals._zip(
        at / "cs.zip", {f"Ada Lovelace_32001_assignsubmission_file/{arrivals.NAME}.ipynb": json.dumps(nb)}
    ),
    "the surname first": lambda at, nb, blank: arrivals._zip(
        at / "cs.zip", {f"Lovelace Ada_32001_assignsubmission_file/{arrivals.NAME}.ipynb": json.dumps(nb)}
    ),
    "together with somebody unknown": lambda at, nb, blank: arrivals._zip(
        at / "ada+zoe.zip", {f"{arrivals.NAME}.ipynb": json.dumps(nb)}
    ),
}


@pytest.mark.parametrize("what", LOSSES)
def test_nothing_beside_a_finished_notebook_takes_it_away(root, second, honest, tmp_path, what):
    LOSSES[what](tmp_path / "in", honest, classes.released(second))
    entries, _ = find_entries(tmp_path / "in", PEOPLE)
    handed = read_submission(entries["ada"], wanted(root)).notebooks[second.name]
    assert not is_blank(handed.notebook, classes.released(second))
    code = [item.name for item in second.items if item.kind != "essay"]
    work = read_work(handed.notebook, classes.released(second), code, [])
    assert {name for names in work.answers.values() for name in names} == set(code)


def test_a_blind_worksheet_is_a_roster(tmp_path):
    (tmp_path / "roster.csv").write_text("Identifier,Status,Grade,Maximum Grade\nParticipant 4711,,,100\n")
    students, _ = read_roster(tmp_path / "roster.csv")
    assert {key: dict(one.numbers) for key, one in students.items()} == {"participant4711": {"moodle": "4711"}}


def test_a_zip_file_that_does_not_say_that_its_names_are_utf8_is_read(root, tmp_path):
    """As zip on Linux and the Finder write them: the bytes are UTF-8, and no flag says so."""
    name = "José Ångström_12345_assignsubmission_file_/x.ipynb"
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr(name, "{}")
    data = (tmp_path / "all.zip").read_bytes()
    (tmp_path / "all.zip").write_bytes(_without_flag(data))
    assert "José" not in zipfile.ZipFile(tmp_path / "all.zip").namelist()[0]
    entries, strange = classes.owned(tmp_path / "all.zip", {"jose": "José Ångström"})
    assert (list(entries), strange) == (["jose"], [])


def _without_flag(data):
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark) + place
        data = data[:at] + bytes([data[at], data[at + 1] & ~0x08]) + data[at + 2 :]
    return data
