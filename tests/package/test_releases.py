"""What has changed in the data of a case since they were released."""

import json
import shutil

import pytest

import tiny
import woozle
from woozle.errors import WoozleError
from woozle.package.releases import change_in_words, changed_since, read_release, write_release

pytestmark = pytest.mark.whole


@pytest.fixture
def folder(tmp_path):
    folder = tiny.write(tmp_path / "data" / "tiny", tiny.tables("a>b a>c"))
    write_release(folder, "1.0.0", "2026-01-02")
    return folder


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_nothing_has_changed_at_first(folder):
    assert changed_since(folder) == []
    assert read_release(folder).version == "1.0.0"


def test_a_changed_row_is_named_and_a_new_one_moves_no_other(folder):
    edit(folder / "documents.csv", "b,paper,B", "b,paper,Bee")
    assert changed_since(folder) == ["documents.csv row 3"]
    text = (folder / "documents.csv").read_text("utf-8").splitlines()
    (folder / "documents.csv").write_text(
        "\n".join([text[0], text[1].replace("a,paper,A", "z,paper,Z"), *text[1:]]) + "\n"
    )
    assert changed_since(folder) == ["documents.csv rows 2, 4"]


def test_a_row_that_is_gone_and_a_changed_term_are_named(folder):
    text = (folder / "citations.csv").read_text("utf-8").splitlines()
    (folder / "citations.csv").write_text("\n".join(text[:2]) + "\n")
    package = json.loads((folder / "datapackage.json").read_text())
    package["woozle"]["actor"] = "somebody else"
    (folder / "datapackage.json").write_text(json.dumps(package))
    assert changed_since(folder) == ["citations.csv: without c, a, attributes", "datapackage.json part actor"]


def test_as_a_spreadsheet_saves_it_nothing_has_changed(folder):
    for path in folder.glob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b",", b";").replace(b"\n", b"\r\n"))
    assert changed_since(folder) == []


def test_who_changed_it_is_named_where_it_is_known(folder):
    edit(folder / "documents.csv", "b,paper,B", "b,paper,Bee")
    package = json.loads((folder / "datapackage.json").read_text())
    package["contributors"] = [{"title": "Ada Lovelace"}]
    (folder / "datapackage.json").write_text(json.dumps(package))
    assert change_in_words(folder) == "changed since 1.0.0 by Ada Lovelace: documents.csv row 3"


def test_a_version_is_released_once(folder):
    with pytest.raises(WoozleError, match=r"Version 1\.0\.0 of tiny was released before"):
        write_release(folder, "1.0.0", "2026-01-03")
    write_release(folder, "1.1.0", "2026-01-03")
    assert (read_release(folder).version, read_release(folder).first) == ("1.1.0", "1.0.0")


def test_a_damaged_release_is_none(folder):
    (folder / "release.json").write_text("{")
    assert read_release(folder) is None
    assert changed_since(folder) == []


def test_the_cases_are_as_they_were_released(packages):
    for folder in packages:
        assert read_release(folder) is not None
        assert changed_since(folder) == []


def test_a_dagger_marks_what_was_corrected_after_a_release_only(root, tmp_path):
    """The log of the flagship tells of what was mended before its first release, and one row more of what was after."""
    from woozle.notebook.words import log_entries

    folder = shutil.copytree(root / "data" / "dprk_troops_2024", tmp_path / "data" / "dprk")
    assert log_entries(woozle.open(folder)) == {}
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    row = {"version": "9.0.0", "table": "documents.csv", "row": "express", "was": "x", "now": "y", "why": "z"}
    package["woozle"]["log"].append(row)
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")
    assert list(log_entries(woozle.open(folder))) == ["express"]


def test_page_citation_and_verify_say_what_has_changed(checkout_of_ual):
    from woozle.notebook.about import about_case
    from woozle.notebook.study import open_study
    from woozle.page.about import About
    from woozle.report import build, verify

    folder = checkout_of_ual / "data" / "ual_bankruptcy_2008"
    edit(folder / "documents.csv", "Sun-Sentinel archive page", "Sun-Sentinel page")
    page = build(folder)
    case = woozle.open(folder)
    words = f"{case.version}, changed since {case.version}: documents.csv row 3"
    assert words in page.read_text("utf-8")
    assert "documents.csv row 3" in About(**about_case(open_study(case), case.cascade())).bibtex()
    verdict = verify(page.parent)
    assert verdict.state == "unchanged"
    assert verdict.data == (f"the data: changed since {case.version}: documents.csv row 3",)


@pytest.fixture
def checkout_of_ual(root, tmp_path):
    for part in ("data", "case_studies"):
        shutil.copytree(root / part / "ual_bankruptcy_2008", tmp_path / part / "ual_bankruptcy_2008")
    shutil.copy(root / "requirements.lock", tmp_path)
    tiny.write_evidence(tmp_path)
    return tmp_path
