import pandas as pd

import tiny
from woozle.measure import (
    correction_by_language,
    correction_by_outlet,
    correction_lag,
    corrections,
    flawed_answers,
    headline,
    non_confirmations,
    published,
    stations,
    uncoded_answers,
)

CHECK = {"stance": "debunks", "modality": "none", "accuracy": "accurate"}
UNSEEN = {"stance": "denies_knowledge", "modality": "none", "accuracy": "no_claim"}


def test_what_had_been_published_before_a_correction(tmp_path):
    # a (1 June) -> b (2-9 June) -> check (5-6 June) debunks b; c (8 June); repost of the check on the 7th
    days = {"a": "2024-06-01", "b": "2024-06-02/2024-06-09", "check": "2024-06-05/2024-06-06", "c": "2024-06-08",
            "copy": "2024-06-07", "ministry": "2024-06-04"}  # fmt: skip
    versions = {"check": CHECK, "copy": CHECK, "ministry": UNSEEN}
    cascade = tiny.case(tmp_path, "a>b b>check:debunks check>copy:reposts a>c", versions, days).cascade()
    found = corrections(cascade)
    assert list(found.index) == ["check", "copy"]
    # b surely came before the check, though its interval is longer: the check relies on it
    assert found.loc["check", ["surely_before", "perhaps_before", "of", "repost"]].to_list() == [
        2,
        2,
        3,
        False,
    ]
    assert found.loc["copy", ["surely_before", "perhaps_before", "repost"]].to_list() == [2, 2, True]
    assert list(non_confirmations(cascade).index) == ["ministry"]


def test_published_at_least_and_at_most(tmp_path):
    days = {"a": "2024-06-01T12:00Z", "b": "2024-06-02/2024-06-03"}
    found = published(tiny.case(tmp_path, "a>b", days=days).cascade())
    assert found[["at_least", "at_most"]].values.tolist() == [[0, 1], [1, 1], [1, 2], [2, 2]]


def languages(tmp_path, hops, versions, days, of, outlets=None):
    """A case whose documents are in the languages that `of` names, else English."""
    tables = tiny.tables(hops, versions, days, outlets)
    for row in tables["documents"]:
        row["language"] = of.get(row["id"], "en")
    return tiny.open_case(tiny.write(tmp_path / "data" / "tiny", tables))


def test_the_lag_as_an_interval_and_by_language(tmp_path):
    # a (1 June), b (1-3 June, French), check (3 June, English) debunks a; c (5 June, English)
    days = {"a": "2024-06-01", "b": "2024-06-01/2024-06-03", "c": "2024-06-05", "check": "2024-06-03"}
    case = languages(tmp_path, "a>b a>c a>check:debunks", {"check": CHECK}, days, {"b": "fr"})
    found = correction_lag(case.cascade())
    assert found["when"].to_dict() == {"a": "before", "b": "unknown", "c": "after"}
    assert found.loc["a", ["lag_low_h", "lag_high_h"]].round().to_list() == [24, 72]
    assert found.loc["b", ["lag_low_h", "lag_high_h"]].round().to_list() == [-24, 72]
    assert found.loc["c", ["own_low_h", "own_high_h"]].round().to_list() == [-72, -24]
    assert pd.isna(found.loc["b", "own_when"])
    table = correction_by_language(case.cascade())
    assert table.loc["en", ["carriers", "corrections", "surely_after", "perhaps_after"]].to_list() == [2, 1, 1, 1]
    assert table.loc["fr", ["carriers", "corrections", "perhaps_after"]].to_list() == [1, 0, 0]


def test_who_relies_on_a_correction_came_after_it_whatever_the_times(tmp_path):
    days = {"a": "2024-06-01", "check": "2024-06-03/2024-06-09", "c": "2024-06-03/2024-06-09"}
    case = tiny.case(tmp_path, "a>check:debunks check>c:quotes a>c", {"check": CHECK}, days)
    assert correction_lag(case.cascade())["when"].to_dict() == {"a": "before", "c": "after"}


def test_all_corrections_that_may_be_the_first(tmp_path):
    days = {"a": "2024-06-01", "k": "2024-06-03/2024-06-05", "m": "2024-06-04", "n": "2024-06-06", "r": "2024-06-05"}
    hops = "a>k:debunks a>m:debunks a>n:debunks k>r:reposts"
    found = corrections(tiny.case(tmp_path, hops, dict.fromkeys("kmnr", CHECK), days).cascade())
    assert set(found.index[found["may_be_first"]]) == {"k", "m"}


def test_an_outlet_that_carried_it_and_corrected(tmp_path):
    outlets = {"a": "one", "k": "one", "b": "two", "u": "two"}
    case = tiny.case(tmp_path, "a>b a>k:debunks k>u", {"k": CHECK, "u": None}, None, outlets)
    found = correction_by_outlet(case.cascade())
    assert found[["carriers", "corrections", "uncoded"]].to_dict("index") == {
        "one": {"carriers": 1, "corrections": 1, "uncoded": 0},
        "two": {"carriers": 1, "corrections": 0, "uncoded": 1},
    }
    assert list(uncoded_answers(case.cascade())["document"]) == ["u"]


def test_corrections_that_are_at_fault(tmp_path):
    # k is shown to be false, q doubts and credits b with what it does not say, r reposts k
    wrong = {**CHECK, "accuracy": "false", "basis": "m"}
    versions = {"k": wrong, "m": CHECK, "r": CHECK, "q": {"stance": "questions"}}
    case = tiny.case(tmp_path, "a>b a>k:debunks k>r:reposts b>q:misattributes a>m:debunks", versions)
    found = flawed_answers(case.cascade()).set_index("document")
    assert found["fault"].to_dict() == {
        "k": "shown to be false", "r": "repeats a correction", "q": "miscredits another document",
    }  # fmt: skip


def test_no_correction_is_an_empty_table(tmp_path):
    assert corrections(tiny.case(tmp_path, "a>b").cascade()).empty


def test_stations_are_what_the_correction_names_in_order(tmp_path):
    days = {"a": "2024-06-01", "b": "2024-06-02", "check": "2024-06-03"}
    cascade = tiny.case(tmp_path, "a>b b>check:debunks a>check:debunks", {"check": CHECK}, days).cascade()
    assert stations(cascade, "check")["parent"].to_dict() == {"a": "", "b": "a"}


def test_the_flagship_agrees_with_its_fact_check_hop_by_hop(flagship):
    """The stations of the fact-check, from its text: who took it from whom."""
    cascade = flagship.cascade()
    assert stations(cascade, "nknews")["parent"].to_dict() == {
        "tvchosun": "rok_official",
        "reuters_full": "tvchosun",
        "pentagon_question": "tvchosun",
        "pentagon_answer": "pentagon_question",
        "express": "pentagon_question",
        "kyiv_post": "express",
        "kyiv_independent": "express",
        "social_accounts": "",
        "state_answer": "state_question",
    }
    assert set(corrections(cascade).index) == {"nknews", "naija247", "finnish_forum"}
    assert set(non_confirmations(cascade).index) == {
        "state_answer", "peskov", "rok_unification_ministry", "pentagon_singh", "ukranews_singh",
    }  # fmt: skip


def test_the_headline_holds_together(flagship):
    found = headline(flagship.cascade())
    assert found.carriers == found.coded + found.inferred == 46
    assert found.documents == 57
    assert found.surely + found.perhaps == found.documents
    assert (
        found.carriers + found.corrections + found.non_confirmations + 3 == found.documents
    )  # two of context, and the accounts
