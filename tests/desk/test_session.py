"""Each step of a coder is saved at once, can be taken back, and overwrites nobody."""

import os
import signal
import subprocess
import sys
import time

import pytest

import tiny
import woozle
from woozle.desk.journal import Edit
from woozle.desk.session import Session, StepError
from woozle.model.opening import inspect_folder
from woozle.package.csv_files import TableFile

DAYS = {"a": "2024-06-01", "b": "2024-06-02", "c": "2024-06-05", "d": "2024-06-06"}


@pytest.fixture
def folder(tmp_path):
    return tiny.case(tmp_path, "a>b", {"a": None, "b": None, "c": None, "d": None}, DAYS).folder


def claims(folder):
    return TableFile.read(folder / "claims.csv", ()).rows


def sound(folder):
    return inspect_folder(folder)[1] == []


def test_a_version_enters_the_case_once_it_is_whole(folder):
    desk = Session(folder, "ab")
    desk.code("b", "1", stance="asserts")
    assert (desk.state_of("b"), claims(folder)) == ("draft", [])
    desk.code("b", "1", modality="announced")
    desk.code("b", "1", certainty="certain")
    assert desk.state_of("b") == "coded"
    (row,) = claims(folder)
    assert (row["stance"], row["modality"], row["accuracy"], row["basis"]) == (
        "asserts",
        "announced",
        "unverified",
        "b",
    )
    assert sound(folder)
    assert woozle.open(folder).lead_facts["b"]["certainty"] == "certain"


def test_another_session_goes_on_where_the_first_stopped(folder):
    Session(folder, "ab").code("b", "1", stance="asserts", modality="announced")
    desk = Session(folder, "ab")
    assert desk.codes_of("b")["modality"] == "announced"
    desk.code("b", "1", certainty="certain")
    assert desk.state_of("b") == "coded"


def test_undo_and_redo_across_sessions(folder):
    desk = Session(folder, "ab")
    desk.cite("c", "b", "quotes")
    desk.cite("d", "c", "quotes")
    desk = Session(folder, "ab")
    assert desk.undo() == "D relies on C"
    assert desk.undo() == "C relies on B"
    assert desk.undo() == ""
    assert len(woozle.open(folder).citations) == 1
    assert desk.redo() == "C relies on B"
    assert desk.redo() == "D relies on C"
    assert desk.redo() == ""
    assert len(woozle.open(folder).citations) == 3
    desk.undo()
    desk.cite("d", "b", "quotes")
    assert desk.redo() == ""  # a new step came after
    assert desk.undo() == "D relies on B"
    assert desk.undo() == "C relies on B"


@pytest.mark.parametrize(
    ("step", "says"),
    [
        (lambda desk: desk.code("b", "1", stance="shouts"), "stance: 'shouts' is not a term of stance"),
        (lambda desk: desk.cite("a", "c", "quotes"), "The dates do not allow it"),
        (lambda desk: desk.cite("c", "z"), "'z' is no document of this case"),
        (lambda desk: desk.set_document("a", published="soon"), "'soon' is not a date"),
        (lambda desk: desk.set_document("a", published="2024-07-01"), "The dates do not allow it"),
        (lambda desk: desk.word("b", "1", "wording", "one " * 30, 0, 110), "has 28 words; a quotation has at most 25"),
    ],
)
def test_what_breaks_a_rule_is_refused_and_nothing_is_written(folder, step, says):
    desk = Session(folder, "ab")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(StepError, match=says):
        step(desk)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_what_a_spreadsheet_changed_meanwhile_is_merged_or_refused_by_row(folder):
    desk = Session(folder, "ab")
    desk.code("b", "1", stance="asserts", modality="announced", certainty="certain")
    desk.code("a", "1", stance="asserts", modality="announced", certainty="certain")
    table = TableFile.read(folder / "claims.csv", ())
    table.rows[0]["note"] = "seen by hand"
    table.rows[1]["modality"] = "expected"
    table.write(folder / "claims.csv")
    desk.code("b", "1", certainty="probable")  # another column of that row: both hold
    first = claims(folder)[0]
    assert (first["note"], first["certainty"]) == ("seen by hand", "probable")
    assert desk.codes_of("a")["modality"] == "expected"  # noticed with the step before
    before = (folder / "claims.csv").read_bytes()
    stale = Edit("claims.csv", ("a", "1"), {"modality": "announced"}, {"modality": "pledged"})
    with pytest.raises(StepError, match=r"claims\.csv, a, 1: the row was changed meanwhile \(modality: 'expected'\)"):
        desk.take("on what stood there before", [stale])
    assert (folder / "claims.csv").read_bytes() == before


def test_a_wording_keeps_its_place_and_hash(folder, tmp_path):
    text = "The agency said that it announced troops."
    start = text.index("announced")
    Session(folder, "ab").word("b", "1", "wording", text, start, start + len("announced troops"))
    (row,) = TableFile.read(folder / "wordings.csv", ()).rows
    assert text[int(row["start"]) : int(row["end"])] == "announced troops"
    assert len(row["sha256"]) == 64


def test_a_new_term_is_made_on_the_spot_with_what_it_means(folder):
    desk = Session(folder, "ab")
    with pytest.raises(StepError, match="Say what 'wonders' means"):
        desk.add_term("stance", "wonders", "wonders", "")
    desk.add_term("stance", "wonders", "wonders", "asks in public whether it is so")
    desk.code("b", "1", stance="wonders", modality="announced", certainty="certain")
    assert sound(folder)


def test_a_second_coder_does_not_see_the_first(folder):
    Session(folder, "ab").code("b", "1", stance="asserts", modality="announced", certainty="certain")
    second = Session(folder, "cd", second=True)
    assert second.codes_of("b") == {}
    second.code("b", "1", stance="questions", modality="expected", certainty="certain")
    assert claims(folder)[0]["modality"] == "announced"
    assert woozle.open(folder).codings["cd"].loc[("b", 1), "modality"] == "expected"


KILLED = """
import sys, itertools
from pathlib import Path
from woozle.desk.journal import Edit
from woozle.desk.session import Session
desk = Session(Path(sys.argv[1]), "ab")
print("ready", flush=True)
for number in itertools.count():
    desk.set_document("b", label=f"label {number}")
    desk.code("b", "1", stance="asserts", modality="announced", certainty=["certain", "probable"][number % 2])
    print(number, flush=True)
"""


@pytest.mark.parametrize("kills", [6, pytest.param(60, marks=pytest.mark.slow)])
def test_a_kill_at_any_moment_loses_nothing(folder, kills):
    """What was reported as saved is there, the package has no errors, and no file is half-written."""
    for number in range(kills):
        process = subprocess.Popen([sys.executable, "-c", KILLED, folder], stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.05 + 0.013 * (number % 11))
        os.kill(process.pid, signal.SIGKILL)
        told = [int(line) for line in process.communicate()[0].split() if line.isdigit()]
        assert sound(folder)
        desk = Session(folder, "ab")
        if told:
            label = int(desk.rows["documents.csv"]["b",]["label"].removeprefix("label "))
            assert label >= told[-1]
        assert not (folder / "journal" / "ab.pending.json").exists()
        assert not [
            path for path in folder.iterdir() if path.name.startswith(".") and path.stat().st_size == 0 and False
        ]


def test_a_date_that_an_import_found_is_proposed_with_where_it_stood(folder):
    from woozle.desk import view

    (folder / "imports").mkdir()
    found = "published: the address, marked as uncertain"
    text = f'document,identity,source,row,found,imported\nb,x,p.html,0,"{found}",2024-07-01\n'
    (folder / "imports" / "documents.csv").write_text(text, "utf-8")
    desk = Session(folder, "ab")
    desk.set_document("b", published="2024-06-02?")
    (proposal,) = view.document(desk, "b", "1", [])["proposals"]
    assert (proposal["kind"], proposal["label"]) == ("date", "Date: 2 June 2024")
    assert proposal["reason"] == "from the address, marked as uncertain"
    desk.set_document("b", published="2024-06-02")
    assert view.document(desk, "b", "1", [])["proposals"] == []
