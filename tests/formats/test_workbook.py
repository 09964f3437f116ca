"""A case goes out as a workbook and comes back: only what a person changed, and nothing of what others changed."""

import json
import shutil
import subprocess
import zipfile
from datetime import date

import pytest
import python_calamine
import xlsxwriter

import tiny
import woozle
from woozle.errors import WoozleError
from woozle.formats.items import FormatError
from woozle.formats.workbook import TABLES, case_of, compare, is_workbook, write_workbook
from woozle.model.changes import write_checked
from woozle.package.csv_files import TableFile

FALSE = {"said_by": "actor_state", "modality": "announced", "certainty": "certain", "accuracy": "false"}


@pytest.fixture
def folder(tmp_path):
    return tiny.case(tmp_path, "a>b b>c", {"b": FALSE}, {"a": "2024-06-01", "b": "2024-06-02", "c": "2024-06"}).folder


@pytest.fixture
def book(folder, tmp_path):
    path = tmp_path / "case.xlsx"
    write_workbook(folder, path)
    return path


def edited(path, change):
    """Return a workbook with the cells of another, changed as a person would: `change` gets the rows of each sheet."""
    old = python_calamine.CalamineWorkbook.from_path(str(path))
    sheets = {name: old.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in old.sheet_names}
    change(sheets)
    fresh = path.with_name("edited.xlsx")
    with xlsxwriter.Workbook(str(fresh)) as new:
        day = new.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = new.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(number, column, cell, day)
                    elif cell != "":
                        sheet.write(number, column, cell)
    return fresh


def set_cell(table, row, column, value):
    def change(sheets):
        rows = sheets[table]
        rows[row][rows[0].index(column)] = value

    return change


def test_a_workbook_that_nobody_touched_changes_nothing(folder, book):
    assert is_workbook(book)
    assert case_of(book) == folder.name
    found = compare(folder, book)
    assert (found.changes, found.texts) == ([], {})


def test_what_a_coder_changes_is_listed_by_row_and_written(folder, book):
    found = compare(folder, edited(book, set_cell("claims", 2, "modality", "pledged")))
    (change,) = found.changes
    assert (change.table, change.key, change.what) == ("claims", "b, 1", "changed")
    assert change.details == "modality: 'announced' → 'pledged'"
    write_checked(folder, found.texts, "With this")
    assert TableFile.read(folder / "claims.csv", ()).rows[1]["modality"] == "pledged"


def test_a_row_is_added_and_one_deleted(folder, book):
    def change(sheets):
        rows = sheets["citations"]
        assert rows[2][:2] == ["b", "c"][::-1]
        rows[2] = [*rows[2]]
        rows[2][rows[0].index("cited")] = "a"

    found = compare(folder, edited(book, change))
    assert sorted((one.what, one.key) for one in found.changes) == [
        ("added", "c, a, attributes"), ("deleted", "c, b, attributes")
    ]  # fmt: skip


def test_what_somebody_changed_meanwhile_is_never_overwritten(folder, book):
    table = TableFile.read(folder / "claims.csv", ())
    table.rows[1]["certainty"] = "possible"
    table.write(folder / "claims.csv")
    assert compare(folder, book).changes == []  # the case is newer
    found = compare(folder, edited(book, set_cell("claims", 2, "certainty", "probable")))
    assert [change.what for change in found.changes] == ["refused"]
    assert "changed in the case meanwhile too; certainty: 'possible' → 'probable'" in found.changes[0].details
    assert found.texts == {}


def test_a_date_that_a_program_made_of_a_text_is_read(folder, book):
    found = compare(folder, edited(book, set_cell("documents", 1, "published", date(2024, 6, 1))))
    assert found.changes == []


def test_a_term_that_is_none_is_refused_with_its_row(folder, book):
    found = compare(folder, edited(book, set_cell("claims", 2, "modality", "certain")))
    with pytest.raises(WoozleError, match=r"nothing was written:\n.*claims\.csv, row 3, column modality: 'certain'"):
        write_checked(folder, found.texts, "With the rows of this workbook")
    assert TableFile.read(folder / "claims.csv", ()).rows[1]["modality"] == "announced"


def test_a_column_that_is_none_is_told(folder, book):
    def change(sheets):
        sheets["claims"][0][3] = "modalty"

    with pytest.raises(FormatError, match=r"edited\.xlsx, sheet claims: 'modalty' is no column of this table"):
        compare(folder, edited(book, change))


def test_sheets_have_lists_comments_and_a_frozen_header(book):
    with zipfile.ZipFile(book) as archive:
        claims = archive.read(f"xl/worksheets/sheet{TABLES.index('claims') + 1}.xml").decode()
        comments = archive.read(f"xl/comments{TABLES.index('claims') + 1}.xml").decode()
    assert 'state="frozen"' in claims
    assert "<formula1>terms!$B$" in claims
    assert "<formula1>documents!$A$2:$A$" in claims
    assert "how real the act is said to be" in comments


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_libreoffice_opens_and_saves_it_and_nothing_changes(folder, book, tmp_path, kind):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    out = tmp_path / "saved"
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [office, profile, "--headless", "--convert-to", kind, "--outdir", out, book]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    saved = out / f"case.{kind}"
    assert is_workbook(saved)
    assert compare(folder, saved).changes == []


def test_a_second_coding_goes_out_and_comes_back_and_shows_nothing_of_the_first(folder, tmp_path):
    book = tmp_path / "second.xlsx"
    assert write_workbook(folder, book, "ab") == {"codes": 3}
    assert is_workbook(book)
    assert compare(folder, book).changes == []
    sheet = python_calamine.CalamineWorkbook.from_path(str(book)).get_sheet_by_name("codes")
    rows = sheet.to_python()
    assert rows[0][:4] == ["document", "title", "url", "version"]
    assert [row[0] for row in rows[1:]] == ["a", "b", "c"]
    assert {cell for row in rows[1:] for cell in row[4:]} == {""}

    def change(sheets):
        for column, code in (("stance", "questions"), ("modality", "pledged"), ("certainty", "certain")):
            set_cell("codes", 2, column, code)(sheets)

    coded = edited(book, change)
    found = compare(folder, coded)
    assert [(one.table, one.key, one.what) for one in found.changes] == [("codes", "b, 1", "added")]
    write_checked(folder, found.texts, "With this")
    (row,) = TableFile.read(folder / "codings" / "ab.csv", ()).rows
    assert (row["document"], row["modality"], row["said_by"]) == ("b", "pledged", "")
    assert "title" not in row
    assert woozle.open(folder).codings["ab"]["modality"].tolist() == ["pledged"]
    assert TableFile.read(folder / "claims.csv", ()).rows[1]["modality"] == "announced"
    assert compare(folder, coded).changes == []
    write_workbook(folder, book, "ab")

    def empty(sheets):
        for column in ("stance", "modality", "certainty", "accuracy"):
            set_cell("codes", 2, column, "")(sheets)

    emptied = edited(book, empty)
    assert [(one.key, one.what) for one in compare(folder, emptied).changes] == [("b, 1", "deleted")]


def test_who_writes_the_title_of_a_term_means_the_term(folder, book):
    path = folder / "datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    package["woozle"]["vocabularies"]["modality"]["pledged"]["title"] = "gave its word"
    path.write_text(json.dumps(package), "utf-8")
    found = compare(folder, edited(book, set_cell("claims", 2, "modality", "Gave its word")))
    assert found.changes[0].details == "modality: 'announced' → 'pledged'"


def test_a_column_that_was_deleted_is_told_and_stays(folder, book):
    def change(sheets):
        place = sheets["claims"][0].index("modality")
        for row in sheets["claims"]:
            del row[place]

    found = compare(folder, edited(book, change))
    assert (found.changes, found.lacking) == ([], ["claims: modality"])
