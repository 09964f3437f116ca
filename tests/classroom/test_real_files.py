"""The forms in which rosters, marks and submissions really come: from spreadsheets, from Moodle, from other zones."""

import classes
import pytest

from woozle.classroom.essays import FILE, read_marks
from woozle.classroom.roster import read_roster
from woozle.errors import WoozleError

COLUMNS = "student,assignment,item,criterion,most,points,comment,text"


@pytest.fixture(scope="module")
def rubric(root):
    """Return an assignment with a text that a person grades: the assignment, the item, its first criterion."""
    for assignment in classes.assignments(root).values():
        for item in assignment.items:
            if item.rubric:
                return assignment, item, item.rubric[0]
    raise AssertionError("no assignment has a rubric")


def marks(folder, rubric, *students, points="1"):
    assignment, item, criterion = rubric
    rows = [
        f"{name},{assignment.name},{item.name},{criterion.name},{criterion.points:g},{points},,x" for name in students
    ]
    (folder / FILE).write_text("\n".join([COLUMNS, *rows, ""]), "utf-8")
    return folder / FILE


def test_a_doubled_row_of_marks_is_refused(tmp_path, rubric):
    path = marks(tmp_path, rubric, "ada", "bob", "ada")
    with pytest.raises(WoozleError, match=r"row 4: ada, .* appears twice"):
        read_marks(path.parent, [rubric[0]], ["ada", "bob"])


@pytest.mark.parametrize(("written", "meant"), [("7", "007"), ("1.00E+05", "100000"), ("1E+5", "100000")])
def test_an_id_that_a_spreadsheet_changed_is_refused_with_the_one_that_was_meant(tmp_path, rubric, written, meant):
    path = marks(tmp_path, rubric, written)
    with pytest.raises(WoozleError, match=f"row 2, column student: '.*' is not in the roster. .* 'id:{meant}'"):
        read_marks(path.parent, [rubric[0]], ["007", "100000", "ada"])


def test_a_long_id_that_can_not_be_known_again_is_refused(tmp_path, rubric):
    """1234567, shown as 1.23E+06, may be any of 10,000 ids."""
    path = marks(tmp_path, rubric, "1.23E+06")
    with pytest.raises(WoozleError, match="what a spreadsheet made of a long id"):
        read_marks(path.parent, [rubric[0]], ["1234567"])


def test_marks_of_a_student_who_left_are_kept_and_can_be_named(tmp_path, rubric):
    path = marks(tmp_path, rubric, "zoe")
    rows, found = read_marks(path.parent, [rubric[0]], ["ada"])
    assert {student for student, *_ in found} == {"zoe"}
    assert len(rows) == 1


def test_two_ids_that_are_one_number_are_refused(tmp_path):
    (tmp_path / "roster.csv").write_text("id\n007\n7\n")
    with pytest.raises(WoozleError, match="row 3, column id: '7' and '007' look like the same number to a spreadsheet"):
        read_roster(tmp_path / "roster.csv")


@pytest.mark.parametrize("row", ["ada,Lovelace, Ada,ada@example.org", "ada,Lovelace, Ada,,x"])
def test_an_unquoted_comma_in_the_roster_is_told(tmp_path, row):
    (tmp_path / "roster.csv").write_text(f"id,name,email\n{row}\n")
    with pytest.raises(WoozleError, match="row 2: there are more values than columns"):
        read_roster(tmp_path / "roster.csv")


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffid;name\r\nada;Ada Lovelace\r\n;\r\n",
        "id\tname\nada\tAda Lovelace\n",
        '"id","name"\n"ada","Ada Lovelace"\n,\n',
    ],
)
def test_a_roster_is_read_as_a_spreadsheet_saves_it(tmp_path, text):
    (tmp_path / "roster.csv").write_bytes(text.encode())
    assert read_roster(tmp_path / "roster.csv")[0]["ada"].name == "Ada Lovelace"


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Anna O'Brien", "Anna OBrien"),
        ("Anna_Maria Smith", "Anna Maria Smith"),
        ("Smith & Sons: Ada", "Smith Sons Ada"),
        ('Ada "Countess" Lovelace', "Ada Countess Lovelace"),
    ],
)
def test_a_folder_of_moodle_belongs_to_the_name_that_it_was_made_of(tmp_path, name, folder):
    (tmp_path / f"{folder}_1234_assignsubmission_file").mkdir()
    found, strange = classes.owned(tmp_path, {"ada": name, "bob": "Bob"})
    assert list(found) == ["ada"]
    assert strange == []


def test_two_of_one_name_are_nobody(tmp_path):
    (tmp_path / "Anna OBrien_1234_assignsubmission_file").mkdir()
    found, strange = classes.owned(tmp_path, {"a": "Anna O'Brien", "b": "Anna OBrien"})
    assert found == {}
    assert len(strange) == 1


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-11-25 18:00:00.000000 UTC", "2026-11-25T18:00:00+00:00"),
        ("2026-11-25 18:00:00.000000 Europe/Zurich", "2026-11-25T17:00:00+00:00"),
        ("2026-11-25 18:00:00+01:00", "2026-11-25T17:00:00+00:00"),
    ],
)
def test_a_timestamp_is_read_in_its_zone(tmp_path, written, utc):
    from datetime import UTC

    entry = tmp_path / "ada"
    entry.mkdir()
    (entry / "a.ipynb").write_bytes(classes.marked("a"))
    (entry / "timestamp.txt").write_text(written)
    found = classes.notebook_in([entry], "a")
    assert found.when.astimezone(UTC).isoformat() == utc
    assert found.notes == []


@pytest.mark.parametrize("written", ["2026-11-25 18:00:00.000000 CET", "2026-11-25 18:00:00", "yesterday"])
def test_a_timestamp_whose_zone_is_not_known_is_told(tmp_path, written):
    entry = tmp_path / "ada"
    entry.mkdir()
    (entry / "a.ipynb").write_bytes(classes.marked("a"))
    (entry / "timestamp.txt").write_text(written)
    found = classes.notebook_in([entry], "a")
    assert found.when is None
    assert any("we can't say if it was late" in note for note in found.notes)
