"""Readers note what is dirty by file and line, and never stop at one bad file."""

import json
from pathlib import Path

import pytest

from woozle.formats.items import FormatError
from woozle.formats.pheme import read_pheme
from woozle.formats.semeval import read_semeval
from woozle.infer import OF_THREADS
from woozle.infer.checking import folds, held_out, pairs_of_threads, ranked

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
PHEME, SEMEVAL = SHARED / "pheme-rumour-scheme-dataset", SHARED / "semeval2017-task8" / "traindev"


def post(number, text, minute, answers=None, name="ann"):
    return {
        "id_str": str(number),
        "created_at": f"Wed Jan 07 12:{minute:02d}:00 +0000 2015",
        "text": text,
        "user": {"screen_name": name},
        "in_reply_to_status_id_str": answers,
    }


@pytest.fixture
def pheme(tmp_path):
    thread = tmp_path / "threads" / "en" / "event" / "1"
    for name in ("source-tweets", "reactions"):
        (thread / name).mkdir(parents=True)
    (thread / "source-tweets" / "1.json").write_text(json.dumps(post(1, "Shots", 0)), "utf-8")
    (thread / "structure.json").write_text(json.dumps({"1": {"2": []}}), "utf-8")
    (thread / "reactions" / "2.json").write_text(json.dumps(post(2, "@ann where?", 5, "1", "ben")), "utf-8")
    return tmp_path, thread / "reactions"


def test_one_bad_file_is_noted_and_the_others_are_read(pheme):
    folder, reactions = pheme
    (reactions / "3.json").write_text("", "utf-8")
    (reactions / "4.json").write_text('{"id_str": \n nonsense', "utf-8")
    (reactions / "5.json").write_text("\n" + json.dumps(post(5, "x", 6, "99")) * 2, "utf-8")
    (reactions / "6.json").write_bytes(b"\xff\xfe")
    read = read_pheme(folder)
    assert read.posts["post"].to_list() == ["1", "2", "5"]
    told = {Path(row.file).name: (row.line, row.problem) for row in read.problems.itertuples() if "5" not in row.file}
    assert told["3.json"] == (1, "the file is empty")
    assert told["4.json"][0] == 2
    assert "can't be read" in told["6.json"][1]
    fifth = " ".join(read.problems.loc[read.problems["file"].str.endswith("5.json"), "problem"])
    assert "only the first object is read" in fifth
    assert "not in the thread: 99" in fifth


def test_a_folder_without_conversations_is_an_error(tmp_path):
    with pytest.raises(FormatError, match="no conversation"):
        read_pheme(tmp_path)


def test_dangling_ids_are_noted_with_their_line(tmp_path):
    (tmp_path / "posts.json").write_text(
        json.dumps({"1": {"time": 1420632000, "text": "a"}, "9": {"time": 1, "text": "b"}})
    )
    (tmp_path / "structures.json").write_text('{"1":\n {"1": {\n"2": []}}}')
    read = read_semeval(tmp_path)
    assert read.posts["post"].to_list() == ["1"]
    assert {(row.file, row.line) for row in read.problems.itertuples()} == {("structures.json", 3), ("posts.json", 1)}


@pytest.mark.skipif(not PHEME.is_dir(), reason="the PHEME data are not here")
def test_pheme_is_read_whole_and_replies_are_found_better_than_by_the_first_user_mentioned():
    read = read_pheme(PHEME)
    pairs = pairs_of_threads(read)
    answers = pairs[pairs["known"]]
    assert len(answers) == 629  # counted independently, in the README of the data
    assert answers["begins"].mean() == pytest.approx(0.730, abs=0.001)
    table = ranked(pairs, held_out(pairs, OF_THREADS, folds(pairs["collection"], 5)))
    assert table["right"].mean() > 0.906


@pytest.mark.skipif(not SEMEVAL.is_dir(), reason="the SemEval data are not here")
def test_semeval_is_read_whole():
    read = read_semeval(SEMEVAL)
    known = read.posts.groupby("thread")["post"].agg(set)
    answered = [row.answers in known[row.thread] for row in read.posts.itertuples()]
    assert (len(read.posts), sum(answered)) == (2915, 2714)  # counted independently, in the README of the data
