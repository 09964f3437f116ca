"""A comparison has a report like a case, over any set of case folders."""

import json
import shutil

import pytest

import tiny
from command import woozle
from woozle.model.opening import open_case
from woozle.notebook.comparison import Comparison
from woozle.notebook.study import StudyError, open_comparison
from woozle.report.run import Request


@pytest.fixture
def home(root, tmp_path):
    """A checkout of two small cases and the comparison, and a case that lies elsewhere."""
    home = tmp_path / "home"
    for name in ("ual_bankruptcy_2008", "jang_dogs_2013"):
        shutil.copytree(root / "data" / name, home / "data" / name)
    shutil.copytree(root / "case_studies" / "comparison", home / "case_studies" / "comparison")
    tiny.write(tmp_path / "elsewhere" / "mine", tiny.tables("a>b"))
    return home


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def test_a_comparison_is_built_verified_and_built_again_when_a_case_changes(home):
    built = woozle("report", "comparison", cwd=home)
    assert built.returncode == 0, built.stderr
    report = home / "reports" / "comparison"
    assert manifest(report)["figures"] == {"cases": 2, "documents": 30, "carriers": 13}
    assert (report / "package" / "jang_dogs_2013" / "claims.csv").is_file()
    assert woozle("verify", report, cwd=home).returncode == 0
    assert "What false stories have in common" in (home / "reports" / "index.html").read_text("utf-8")
    subject = home / "case_studies" / "comparison"
    assert Request(subject).found()
    claims = home / "data" / "jang_dogs_2013" / "claims.csv"
    claims.write_text(claims.read_text("utf-8").replace("fed uncle alive", "fed an uncle alive"), "utf-8")
    assert Request(subject).found() is None


@pytest.mark.slow
def test_it_takes_a_folder_of_the_users_own(home, tmp_path):
    built = woozle("report", "comparison", "-p", f"cases=jang_dogs_2013,{tmp_path / 'elsewhere' / 'mine'}", cwd=home)
    assert built.returncode == 0, built.stderr
    (report,) = (path for path in (home / "reports").iterdir() if path.name.startswith("comparison,"))
    assert manifest(report)["figures"]["cases"] == 2
    assert (report / "package" / "mine" / "documents.csv").is_file()
    assert ">A small case<" in (report / "index.html").read_text("utf-8")


def test_a_title_stands_once_and_beside_the_name_where_two_cases_have_the_same(root, tmp_path):
    small = {name: tiny.case(tmp_path / name, "a>b").cascade() for name in ("one", "two")}
    of = Comparison(small).cases().frame.to_dict("list")
    assert of["case"] == ["one", "two"]
    assert of["what it is about"] == ["A small case", "A small case"]
    told = Comparison({"one": small["one"], "jang": open_case(root / "data" / "jang_dogs_2013").cascade()}).cases()
    assert list(told.frame) == ["case", "documents", "with the claim", "hops along main parents"]
    assert told.frame["case"][0] == "A small case"


@pytest.mark.parametrize(
    ("cases", "says"),
    [
        ("jang_dogs_2012", "There is no case 'jang_dogs_2012'. Did you mean 'jang_dogs_2013'?"),
        (",", "cases: ',' names no case"),
        ("jang_dogs_2013,jang_dogs_2013", "two have the name 'jang_dogs_2013'"),
    ],
)
def test_cases_that_are_none_are_refused_before_anything_runs(home, cases, says):
    done = woozle("report", "comparison", "-p", f"cases={cases}", cwd=home)
    assert done.returncode == 1
    assert says in done.stderr


def test_a_faulty_description_is_told(home):
    folder = home / "case_studies" / "comparison"
    (folder / "comparison.yaml").write_text("title: What recurs\nclaim: none\nauthors: me\n", "utf-8")
    with pytest.raises(StudyError) as told:
        open_comparison(folder)
    for fault in ("key 'claim': unknown", "key 'question': a text", "key 'authors': a list", "key 'date': a day"):
        assert fault in str(told.value)
