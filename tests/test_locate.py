"""Where cases and their studies lie, from wherever they are named."""

import shutil

import pytest

import tiny
from command import woozle
from woozle.locate import find_folder, find_subject, place_of, study_folder

CASE = "ual_bankruptcy_2008"


@pytest.fixture
def checkout(root, tmp_path):
    home = tmp_path / "checkout"
    for part in ("data", "case_studies"):
        shutil.copytree(root / part / CASE, home / part / CASE)
    shutil.copy(root / "requirements.lock", home)
    tiny.write_evidence(home)
    return home


@pytest.mark.parametrize("command", ["check", "parameters"])
@pytest.mark.parametrize("place", ["", "case_studies", "data", f"case_studies/{CASE}"])
def test_a_case_is_found_by_its_name_from_everywhere_in_a_checkout(checkout, command, place):
    """Beside its study a folder has the name of the case; in the study one is in it already."""
    done = woozle(command, CASE, cwd=checkout / place)
    assert done.returncode == 0, done.stderr


def test_in_a_study_a_point_means_its_case(checkout):
    assert woozle("check", ".", cwd=checkout / "case_studies" / CASE).returncode == 0


def test_an_empty_folder_of_the_same_name_hides_no_case(checkout):
    (checkout / CASE).mkdir()
    assert woozle("check", CASE, cwd=checkout).returncode == 0


def test_a_linked_case_has_its_study_and_its_report_beside_the_link(checkout, tmp_path, monkeypatch):
    elsewhere = shutil.copytree(checkout / "data" / CASE, tmp_path / "elsewhere" / "data" / "other")
    (checkout / "data" / "linked").symlink_to(elsewhere)
    monkeypatch.chdir(checkout)
    assert find_folder("linked") == checkout / "data" / "linked"
    assert study_folder(find_subject(place_of("linked"))) == checkout / "case_studies" / "linked"
    assert woozle("new", "linked", cwd=checkout).returncode == 0
    assert (checkout / "case_studies" / "linked" / "case.yaml").is_file()
    assert not (tmp_path / "elsewhere" / "case_studies").exists()


@pytest.mark.slow
def test_the_page_of_a_failure_lies_beside_the_link_too(checkout, tmp_path):
    import json

    elsewhere = shutil.copytree(checkout / "data" / CASE, tmp_path / "elsewhere" / "data" / "other")
    (checkout / "data" / "linked").symlink_to(elsewhere)
    shutil.copytree(checkout / "case_studies" / CASE, checkout / "case_studies" / "linked")
    path = checkout / "case_studies" / "linked" / "case_study.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"] = notebook["cells"][:2]
    notebook["cells"][1]["source"] = "raise ValueError('no')"
    notebook["cells"][1]["metadata"]["tags"] = []
    path.write_text(json.dumps(notebook), "utf-8")
    assert woozle("report", "linked", cwd=checkout).returncode == 1
    assert (checkout / "reports" / "linked.failed.html").is_file()
    assert not (tmp_path / "elsewhere" / "reports").exists()
