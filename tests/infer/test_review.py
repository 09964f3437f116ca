"""A person decides; what is accepted enters the case, once, and a refused decision changes nothing."""

import shutil

import pytest
from typer.testing import CliRunner

from woozle import open as open_case
from woozle.cli import app
from woozle.errors import WoozleError
from woozle.infer import propose, read_texts
from woozle.infer.review import Decision, ReviewError, open_proposals, record


@pytest.fixture
def folder(root, tmp_path):
    return shutil.copytree(root / "data" / "dprk_troops_2024", tmp_path / "data" / "dprk_troops_2024")


def decision(citing, cited, word="accept", **more):
    return Decision(citing, cited, word, 0.4, "Ann", "2024-07-01", **more)


def test_an_accepted_hop_enters_the_case_as_inferred_with_reviewer_and_day(folder):
    record(folder, decision("rf_news", "express", note="same words", relation="attributes"))
    row = open_case(folder).citations.iloc[-1]
    assert (row["citing"], row["cited"], row["seen"], row["seen_note"]) == (
        "rf_news",
        "express",
        "inferred",
        "same words",
    )
    assert (row["reviewer"], row["reviewed"]) == ("Ann", "2024-07-01")
    assert "rf_news" not in set(propose(open_case(folder))["citing"])


def test_a_rejected_source_is_not_proposed_again(folder):
    record(folder, decision("rf_news", "express", "reject"))
    found = propose(open_case(folder))
    assert "express" not in set(found.loc[found["citing"] == "rf_news", "cited"])


def test_nothing_is_asked_twice(folder):
    asked = []
    for _, proposal in open_proposals(folder, 0.1):
        asked.append((proposal["citing"], proposal["cited"]))
        record(folder, decision(*asked[-1], "defer"))
    assert len(asked) == len(set(asked)) > 3
    assert not list(open_proposals(folder, 0.1))
    assert [pair for pair, _ in zip(asked, open_proposals(folder, 0.1, deferred=True), strict=False)]


def test_a_decision_that_would_break_the_package_changes_nothing(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(ReviewError, match="nothing was written"):
        record(folder, decision("tvchosun", "express"))  # the broadcast came surely before
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_terminal_writes_each_decision_at_once(folder, monkeypatch):
    monkeypatch.chdir(folder.parents[1])
    answers = "d\n\nr\nnot this\na\n\nyes\nq\n"
    done = CliRunner().invoke(app, ["review", "dprk_troops_2024", "--reviewer", "Ann"], input=answers)
    assert done.exit_code == 0, done.output
    assert open_case(folder).reviews["decision"].to_list() == ["defer", "reject", "accept"]
    again = CliRunner().invoke(app, ["review", "dprk_troops_2024", "--reviewer", "Ann"], input="")
    assert again.exit_code == 0
    assert "0 decided" in again.output


def test_a_wrong_row_of_reviews_is_told(folder):
    (folder / "reviews.csv").write_text(
        "citing,cited,decision,probability,reviewer,reviewed,note\nrf_nws,express,maybe,0.3,Ann,2024-07-01,\n", "utf-8"
    )
    with pytest.raises(WoozleError, match=r"'rf_nws' is not a document\. Did you mean 'rf_news'") as told:
        open_case(folder)
    assert "'maybe' is not one of 'accept', 'reject', 'defer'" in str(told.value)


def test_texts_are_read_where_they_lie_and_only_places_and_hashes_are_kept(folder, tmp_path):
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "sic_noticias.txt").write_text("Segundo a TV Chosun, os engenheiros vão partir.", "utf-8")
    case = open_case(folder)
    found = propose(case, texts=read_texts(texts, case.documents.index), documents=["sic_noticias"])
    assert found["cited"].iloc[0] == "tvchosun"
    assert (found["passage_start"].iloc[0], found["passage_end"].iloc[0]) == (0, 19)
    assert len(found["passage_sha256"].iloc[0]) == 64
    assert "engenheiros" not in found.to_csv()
    without = propose(case, documents=["sic_noticias"]).set_index("cited")["probability"]
    assert found["probability"].iloc[0] > without["tvchosun"]


def test_a_text_of_no_document_is_an_error(folder, tmp_path):
    table = tmp_path / "texts.csv"
    table.write_text("id,text\nrf_nws,x\n", "utf-8")
    with pytest.raises(WoozleError, match="Did you mean 'rf_news'"):
        read_texts(table, open_case(folder).documents.index)
