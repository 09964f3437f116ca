"""Two coders: how far they agree, where they do not, and who settled it."""

import subprocess
import sys
from pathlib import Path

import pytest

import tiny
import woozle
from woozle.desk.agree import settle, take_over, to_settle
from woozle.desk.session import Session, StepError
from woozle.measure.agreement import agreement, resolved
from woozle.package.csv_files import TableFile

DAYS = {"a": "2024-06-01", "b": "2024-06-02", "c": "2024-06-05"}
WOOZLE = Path(sys.executable).with_name("woozle")


@pytest.fixture
def folder(tmp_path):
    folder = tiny.case(tmp_path, "a>b", dict.fromkeys("abc"), DAYS).folder
    first, second = Session(folder, "ab"), Session(folder, "cd", second=True)
    for name in "abc":
        codes = {"stance": "asserts", "modality": "announced", "certainty": "certain"}
        first.code(name, "1", **codes)
        second.code(name, "1", **(codes | ({"modality": "expected"} if name == "b" else {})))
    return folder


def test_what_they_code_differently_stands_side_by_side(folder):
    (one,) = to_settle(woozle.open(folder))
    assert (one.document, one.field) == ("b", "modality")
    assert dict(one.codes) == {"claims": "announced", "cd": "expected"}


def test_what_is_settled_keeps_who_settled_it_and_is_not_asked_again(folder):
    (one,) = to_settle(woozle.open(folder))
    settle(Session(folder, "ef"), one, "expected")
    assert woozle.open(folder).lead_facts["b"]["modality"] == "expected"
    assert resolved(woozle.open(folder), 3) == []  # nothing is drawn any more
    figures = agreement(woozle.open(folder))  # as it was: two who agree now did not then
    assert figures.loc["modality", "disagreements"] == 1
    (row,) = TableFile.read(folder / "settled.csv", ()).rows
    assert (row["was"], row["codes"], row["settled"], row["by"]) == ("announced", "cd: expected", "expected", "ef")
    assert to_settle(woozle.open(folder)) == []
    assert to_settle(woozle.open(folder), again=True) != []  # a mistake can be settled again


def test_a_decision_for_the_first_coder_is_settled_too(folder):
    (one,) = to_settle(woozle.open(folder))
    settle(Session(folder, "ef"), one, "announced")
    assert to_settle(woozle.open(folder)) == []
    Session(folder, "cd", second=True).code("b", "1", modality="pledged")  # the other codes it anew
    assert len(to_settle(woozle.open(folder))) == 1


def test_the_command_shows_alpha_with_its_interval(folder):
    done = subprocess.run([WOOZLE, "agree", folder], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "1 disagreement" in done.stdout
    assert "claims: announced" in done.stdout


def test_documents_are_coded_in_a_terminal(tmp_path):
    folder = tiny.case(tmp_path, "a>b", dict.fromkeys("abc"), DAYS).folder
    answers = "shouts\n?\nASSERTS\n\nannounced\ncertain\n\n\n\n\n\n\n\nq\n"
    command = [WOOZLE, "code", folder, "--terminal", "--coder", "ab"]
    done = subprocess.run(command, input=answers, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "'shouts' is not a term of stance" in done.stdout
    assert done.stdout.count("  asserts  ") == 1  # what the words mean, for the asking
    assert "1 of 3 coded." in done.stdout
    assert woozle.open(folder).lead_facts["a"]["modality"] == "announced"


def test_a_document_without_a_date_is_coded_by_the_second_too(folder):
    path = folder / "documents.csv"
    table = TableFile.read(path, ())
    table.rows.append({**table.rows[0], "id": "z", "published": "", "label": "Z"})
    table.write(path)
    Session(folder, "cd", second=True).code("z", "1", stance="asserts", modality="announced", certainty="certain")
    assert len(woozle.open(folder).undated) == 1


def test_a_second_coder_who_does_not_judge_is_not_counted_as_judging(tmp_path):
    folder = tiny.case(tmp_path, "a>b", {name: {"accuracy": "false"} for name in "ab"}, DAYS).folder
    second = Session(folder, "cd", second=True)
    for name in "ab":
        second.code(name, "1", stance="asserts", modality="announced", certainty="certain")
    opened = woozle.open(folder)
    assert set(opened.codings["cd"]["accuracy"]) == {""}
    assert "accuracy" not in agreement(opened).index
    second.code("a", "1", accuracy="unverified")
    assert agreement(woozle.open(folder)).loc["accuracy", "versions"] == 1


def test_what_only_second_coders_coded_is_taken_over_and_settled(tmp_path):
    folder = tiny.case(tmp_path, "a>b", dict.fromkeys("abc"), DAYS).folder
    for coder, modality in (("cd", "announced"), ("ef", "expected")):
        codes = {"stance": "asserts", "modality": modality, "certainty": "certain"}
        Session(folder, coder, second=True).code("b", "1", **codes)
    before = agreement(woozle.open(folder))
    teacher = Session(folder, "teacher")
    assert take_over(teacher) == 1
    (one,) = to_settle(woozle.open(folder))
    settle(teacher, one, "expected")
    opened = woozle.open(folder)
    assert opened.lead_facts["b"]["modality"] == "expected"
    assert to_settle(opened) == []
    assert agreement(opened).equals(before)  # nobody agrees more because it was settled
    assert take_over(Session(folder, "teacher")) == 0


def test_a_link_that_an_import_found_gets_its_relation_once(folder):
    desk = Session(folder, "ab")
    with pytest.raises(StepError, match="is coded already"):
        desk.cite("b", "a")
    desk.cite("c", "a")
    relation = next(key[2] for key in desk.rows["citations.csv"] if key[:2] == ("c", "a"))
    table = TableFile.read(folder / "citations.csv", ())
    assert [row["relation"] for row in table.rows if row["citing"] == "c"] == [relation]
