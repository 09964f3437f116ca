"""How notebooks begin: the parameters of reading stand in one place, and every notebook has them."""

import inspect

import pytest

import woozle
from woozle.errors import CaseError, NotebookError
from woozle.locate import case_order
from woozle.model.cascade import READING, Cascade
from woozle.notebook import begin
from woozle.notebook.reading import with_parameters, write_parameters

NOTEBOOKS = (
    "case_studies/evidence.ipynb",
    "case_studies/comparison/evidence.ipynb",
    "lib/woozle/notebook/template/*.ipynb",
)


def test_every_notebook_of_a_report_has_all_parameters_as_they_are_declared(root, tmp_path):
    own = ["comparison", *case_order(root)]
    paths = [path for pattern in NOTEBOOKS for path in root.glob(pattern)]
    paths += [path for name in own for path in root.glob(f"case_studies/{name}/c*.ipynb")]
    assert len(paths) >= 9
    for path in paths:
        copy = tmp_path / path.name
        copy.write_bytes(path.read_bytes())
        write_parameters(copy)
        assert copy.read_bytes() == path.read_bytes(), f"{path}: run make notebooks"


def test_a_parameter_that_a_notebook_lacks_is_put_in_and_its_own_stay():
    lines = with_parameters('case: str = "x"  # mine\nthreshold: float = 0.1  # least').splitlines()
    assert [line.partition(":")[0] for line in lines] == ["case", *READING, "threshold"]
    several = with_parameters('cases: str = "all"', compares=True)
    assert not any(line.startswith("as_of") for line in several.splitlines())
    assert "case.yaml" not in several  # there is one for each case
    assert "empty: that of each outlet" in several


def test_values_of_an_author_stay_and_only_words_are_brought_up_to_date():
    mine = "hops = 'all'  # mine\ntime_zone : str = 'Asia/Seoul'\nas_of: str = '2014-01-01'  # old"
    lines = with_parameters(mine).splitlines()
    assert lines[:3] == [
        f"as_of: str = '2014-01-01'  # {READING['as_of'].metadata['meaning']}",
        f"hops: str = 'all'  # {READING['hops'].metadata['meaning']}",
        f"time_zone: str = 'Asia/Seoul'  # {READING['time_zone'].metadata['meaning']}",
    ]
    for odd in ("hops = (\n    'all'\n)", "hops, as_of = 'all', 'latest'", "hops = "):
        assert with_parameters(odd) == odd


@pytest.mark.parametrize("text", ["{", "{}", "[]", '{"cells": [{"cell_type": "code"}]}'])
def test_what_is_no_notebook_is_told_in_a_sentence(tmp_path, text):
    (tmp_path / "bad.ipynb").write_text(text)
    with pytest.raises(NotebookError):
        write_parameters(tmp_path / "bad.ipynb")
    assert (tmp_path / "bad.ipynb").read_text() == text


def test_a_case_is_read_by_the_parameters_of_its_cascade(flagship):
    given, own = inspect.signature(flagship.cascade).parameters, inspect.signature(Cascade).parameters
    assert {name: facts.default for name, facts in given.items()} == {name: own[name].default for name in READING}


def test_a_notebook_begins_with_what_its_parameters_say_and_no_more():
    study, tell = begin("dprk_troops_2024", {"as_of": "2024-06-22", "hops": "all", "threshold": 0.1, "study": 3})
    assert (tell.cascade.as_of, tell.cascade.hops, tell.cascade.time_zone) == ("2024-06-22", "all", study.time_zone)


def test_an_error_that_another_process_told_is_the_same_error():
    with pytest.raises(CaseError) as error:
        raise CaseError.of_text(str(CaseError("demo", ["one", "two"])))
    assert (error.value.problems, str(error.value)) == (("one", "two"), str(CaseError("demo", ["one", "two"])))


def test_errors_in_data_come_out_of_a_report_as_what_they_are(checkout):
    """The notebook opens the case, and nobody before it; what it finds is no fault of its cell."""
    path = checkout / "data" / "dprk_troops_2024" / "claims.csv"
    path.write_text(path.read_text("utf-8").replace(",unverified,", ",perhaps_so,", 1), "utf-8")
    with pytest.raises(CaseError, match="perhaps_so") as error:
        woozle.report.build(checkout / "data" / "dprk_troops_2024")
    assert len(error.value.problems) == 1
