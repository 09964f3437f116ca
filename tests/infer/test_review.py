"""A person decides; what is accepted enters the case, once, and a refused decision changes nothing."""

import shutil

import pytest
from typer.testing import CliRunner

from woozle import open as open_case
from woozle.commands.main import app
from woozle.errors import WoozleError
from woozle.infer import propose, read_texts
from woozle.infer.review import Decision, ReviewError, open_proposals, record

pytestmark = pytest.mark.whole


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


@pytest.mark.slow
def test_nothing_is_asked_twice(folder):
    asked = []
    for _, proposal in open_proposals(folder, 0.3):
        asked.append((proposal["citing"], proposal["cited"]))
        record(folder, decision(*asked[-1], "defer"))
    assert len(asked) == len(set(asked)) > 3
    assert not list(open_proposals(folder, 0.3))
    assert [pair for pair, _ in zip(asked, open_proposals(folder, 0.3, deferred=True), strict=False)]


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


def test_whom_a_document_contradicts_gains_nothing(folder):
    case = open_case(folder)

    def chance(text):
        found = propose(case, documents=["sic_noticias"], texts={"sic_noticias": text})
        return found.set_index("cited").loc["tvchosun", ["probability", "reason"]]

    without = propose(case, documents=["sic_noticias"]).set_index("cited")["probability"]["tvchosun"]
    assert chance("TV Chosun reported this.")["probability"] > without + 0.2
    for text in ("This was denied by TV Chosun.", "TV Chosun did not report this."):
        assert chance(text)["probability"] == pytest.approx(without, abs=0.03)


def test_surely_before_is_said_only_of_what_surely_was(flagship):
    from woozle.infer import Inference

    inference = Inference(flagship)
    before = inference.pairs.set_index(["citing", "cited"])["before"]
    told = inference.table[inference.table["reason"].str.contains("surely out before")]
    assert len(told)
    assert all(before[row.citing, row.cited] > -0.002 for row in told.itertuples())


def test_of_two_reviewers_the_first_decision_stands(folder):
    record(folder, decision("rf_news", "express", note="first"))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for second in (decision("rf_news", "express", "reject"), decision("rf_news", "")):
        with pytest.raises(ReviewError, match="Ann has decided on 'rf_news'"):
            record(folder, second)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_what_was_deferred_can_be_decided_later(folder):
    record(folder, decision("rf_news", "express", "defer"))
    record(folder, decision("rf_news", "express", "reject"))
    assert open_case(folder).reviews["decision"].to_list() == ["reject"]


def test_a_spreadsheet_has_nothing_to_compute_in_a_review(folder):
    record(folder, Decision("rf_news", "express", "reject", 0.4, "=1+1 Ann", "2024-07-01", note="@SUM(A1)"))
    row = open_case(folder).reviews.iloc[0]
    assert (row["reviewer"], row["note"]) == ("1+1 Ann", "SUM(A1)")
    with pytest.raises(ReviewError, match="name of the reviewer"):
        record(folder, Decision("rf_news", "ostro", "reject", 0.4, "\x07\x1b", "2024-07-01"))


def test_no_source_is_written_with_its_own_probability(folder, monkeypatch):
    monkeypatch.chdir(folder.parents[1])
    done = CliRunner().invoke(app, ["review", "dprk_troops_2024", "--reviewer", "Ann"], input="x\n\nq\n")
    assert done.exit_code == 0, done.output
    row = open_case(folder).reviews.iloc[0]
    assert (row["cited"], row["decision"]) == ("", "accept")
    assert float(row["probability"]) > 0
    assert (
        "0 decided; nothing was written"
        in CliRunner().invoke(app, ["review", "dprk_troops_2024", "--reviewer", "Ann"], input="q\n").output
    )


@pytest.mark.parametrize(("texts", "says"), [("x", "texts by document"), ({"rf_news": 1.5}, "must be a string")])
def test_texts_of_another_type_are_told(flagship, texts, says):
    with pytest.raises(WoozleError, match=says):
        propose(flagship, texts=texts)


def test_an_empty_text_and_a_folder_without_texts_are_told(folder, tmp_path):
    ids = open_case(folder).documents.index
    (tmp_path / "t").mkdir()
    with pytest.raises(WoozleError, match="no text in it"):
        read_texts(tmp_path / "t", ids)
    (tmp_path / "t" / "rf_news.TXT").write_text(" ")
    with pytest.raises(WoozleError, match="text of 'rf_news' is empty"):
        read_texts(tmp_path / "t", ids)
