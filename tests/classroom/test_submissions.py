"""Whose is it, which one counts, and what of it is run."""

import json
import zipfile

import classes
import pytest

from woozle.classroom.course import RELEASED, fingerprint, open_course
from woozle.classroom.roster import read_roster
from woozle.classroom.work import read_work
from woozle.errors import WoozleError

NAME = "2_how_many_sources"
STUDENTS = {"ada": "Ada Lovelace", "ada2": "", "bob": "Bob Ross", "x-1": "", "Zoë.k": "Zoë K"}


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("ada.zip", "ada"),
        ("ada", "ada"),
        ("Ada.ZIP", "ada"),
        ("ada_2.zip", "ada"),
        ("ada (1).zip", "ada"),
        ("ada2.zip", "ada2"),
        ("ada2_late.zip", "ada2"),
        ("adam.zip", ""),
        ("x-1.zip", "x-1"),
        ("x-12.zip", ""),
        ("Ada Lovelace_12345_assignsubmission_file", "ada"),
        ("Ada Lovelacex_1_assignsubmission_file", ""),
        ("Bob Ross_77_assignsubmission_file_", "bob"),
        ("nobody.zip", ""),
    ],
)
def test_whose_it_is(tmp_path, name, owner):
    (tmp_path / name).write_bytes(b"")
    found, strange = classes.owned(tmp_path, STUDENTS)
    assert (list(found), strange) == (([owner], []) if owner else ([], [name]))


def zipped(path, text):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"woozle_ada/{NAME}/{NAME}.ipynb", classes.marked(text))
    return path


def test_handed_in_twice_the_last_by_name_counts(tmp_path):
    for number, name in enumerate(["ada.zip", "ada_10.zip", "ada_9.zip"]):
        zipped(tmp_path / name, f"{number}")
    entries, _ = classes.owned(tmp_path, STUDENTS)
    handed = classes.notebook_in(entries["ada"], NAME)
    assert handed.notebook == classes.marked("1")  # ada_10 comes after ada_9
    assert handed.notes == ["Handed in 3 times; the last counts."]


def test_the_time_that_nbgrader_wrote_counts_before_names(tmp_path):
    for name, when in (("ada_1", "2026-11-24 10:00:00.000000 UTC"), ("ada_2", "2026-11-23T10:00:00+00:00")):
        folder = tmp_path / name / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_bytes(classes.marked(name))
        (folder / "timestamp.txt").write_text(when)
    entries, _ = classes.owned(tmp_path, STUDENTS)
    assert classes.notebook_in(entries["ada"], NAME).notebook == classes.marked("ada_1")


def test_a_time_in_a_zip_is_the_students_and_is_not_believed(tmp_path):
    path = zipped(tmp_path / "ada.zip", "0")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(f"woozle_ada/{NAME}/timestamp.txt", "1999-01-01T00:00:00+00:00")
    assert classes.notebook_in([path], NAME).when is None


def test_a_bare_notebook_and_a_browsers_second_download_are_read(tmp_path):
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / f"{NAME} (1).ipynb").write_bytes(classes.marked("x"))
    assert classes.notebook_in([folder], NAME).notebook == classes.marked("x")
    assert classes.notebook_in([folder], "1_find_the_conversion") is None


def test_zip_files_in_a_folder_are_read_as_moodle_gives_them(tmp_path):
    folder = tmp_path / "Ada Lovelace_1_assignsubmission_file"
    folder.mkdir()
    zipped(folder / "work.zip", "x")
    assert classes.notebook_in([folder], NAME).notebook == classes.marked("x")


def test_given_cells_are_run_as_given_and_guided_ones_not(root):
    assignment = classes.assignments(root)[2]
    released = classes.released(assignment)
    code = [item.name for item in assignment.items if item.kind != "essay"]
    work = read_work(json.dumps(released).encode(), released, code, [])
    assert work.notes == []
    assert not any("real_cascade" in cell for cell in work.cells)
    assert sorted(name for names in work.answers.values() for name in names) == sorted(code)


def test_an_essay_that_was_not_written_is_no_text(root):
    assignment = classes.assignments(root)[4]
    released = classes.released(assignment)
    assert read_work(json.dumps(released).encode(), released, [], ["editor"]).texts == {"editor": ""}
    written = classes.filled(assignment, {"editor": "Dear editor"})
    assert read_work(json.dumps(written).encode(), released, [], ["editor"]).texts == {"editor": "Dear editor"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name\nAda\n", "column 'id'"),
        ("id\n../x\n", "row 2, column id: '../x'"),
        ("id\nada\nADA\n", "row 3, column id: 'ADA' appears twice"),
        ("id\n\n\n", "column 'id'"),
        ('id\n"=1+1"\n', "row 2, column id"),
    ],
)
def test_a_wrong_roster_is_told_with_its_place(tmp_path, text, said):
    path = tmp_path / "roster.csv"
    path.write_text(text)
    with pytest.raises(WoozleError, match=r".*") as error:
        read_roster(path)
    assert said in str(error.value)


def test_a_key_is_made_once_and_only_for_its_owner(tmp_path):
    (tmp_path / "roster.csv").write_text("id\nada\n")
    with pytest.raises(WoozleError, match="There is no course key"):
        open_course(tmp_path / "roster.csv")
    first = open_course(tmp_path / "roster.csv", new_key=True)
    assert open_course(tmp_path / "roster.csv", new_key=True).key == first.key
    assert len(first.key) == 32
    assert (tmp_path / "course.key").stat().st_mode & 0o077 == 0


def test_due_needs_an_offset(tmp_path):
    (tmp_path / "roster.csv").write_text("id\nada\n")
    (tmp_path / "course.yaml").write_text("due:\n  1_find_the_conversion: 2026-12-01T18:00\n")
    with pytest.raises(WoozleError, match="offset"):
        open_course(tmp_path / "roster.csv", new_key=True)


def test_a_later_hand_in_takes_nothing_away(tmp_path):
    """A second zip that holds another notebook, or only what can't be read, leaves what the first one holds."""
    zipped(tmp_path / "ada.zip", "good")
    (tmp_path / "ada_2").mkdir()
    (tmp_path / "ada_2" / "link.ipynb").symlink_to("/etc/passwd")
    with zipfile.ZipFile(tmp_path / "ada_3.zip", "w") as archive:
        archive.writestr("1_find_the_conversion.ipynb", classes.marked("other"))
    entries, _ = classes.owned(tmp_path, STUDENTS)
    handed = classes.read(entries["ada"], NAME)
    assert handed.notebooks[NAME].notebook == classes.marked("good")
    assert ("link.ipynb", "it is a symbolic link") in handed.unread


@pytest.mark.parametrize(
    "name",
    [
        f"{NAME}.ipynb",
        f"{NAME}-Copy1.ipynb",
        f"{NAME} (2).ipynb",
        f"Ada Lovelace_4711_assignsubmission_file_{NAME}.ipynb",
    ],
)
def test_names_that_notebooks_come_back_with(tmp_path, name):
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / name).write_bytes(classes.marked("x"))
    assert classes.notebook_in([tmp_path / "ada"], NAME).notebook == classes.marked("x")


def test_a_file_as_moodle_gives_it_without_folders(tmp_path):
    (tmp_path / f"Ada Lovelace_4711_assignsubmission_file_{NAME}.ipynb").write_bytes(classes.marked("x"))
    entries, strange = classes.owned(tmp_path, STUDENTS)
    assert strange == []
    assert classes.notebook_in(entries["ada"], NAME).notebook == classes.marked("x")


def test_a_roster_with_semicolons_is_read(tmp_path):
    (tmp_path / "roster.csv").write_bytes("\ufeffid;name\r\nada;Ada, the first\r\n".encode())
    assert read_roster(tmp_path / "roster.csv")[0]["ada"].name == "Ada, the first"


def test_another_key_is_not_taken_for_that_of_the_release(tmp_path):
    (tmp_path / "roster.csv").write_text("id\nada\n")
    key = open_course(tmp_path / "roster.csv", new_key=True).key
    (tmp_path / RELEASED).write_text(fingerprint(key))
    assert open_course(tmp_path / "roster.csv").key == key
    (tmp_path / "course.key").unlink()
    with pytest.raises(WoozleError, match="is gone"):
        open_course(tmp_path / "roster.csv", new_key=True)
    (tmp_path / "course.key").write_text("0" * 64)
    with pytest.raises(WoozleError, match="not the key"):
        open_course(tmp_path / "roster.csv")
