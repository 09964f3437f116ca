import tiny
from woozle.measure import corrections, headline, non_confirmations, published, stations

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
        "state_answer": "state_question",
    }
    assert set(corrections(cascade).index) == {"nknews", "naija247", "finnish_forum"}
    assert set(non_confirmations(cascade).index) == {
        "state_answer", "peskov", "rok_unification_ministry", "pentagon_singh", "ukranews_singh",
    }  # fmt: skip


def test_the_headline_holds_together(flagship):
    found = headline(flagship.cascade())
    assert found.carriers == found.coded + found.inferred == 46
    assert found.documents == 56
    assert found.surely + found.perhaps == found.documents
    assert found.carriers + found.corrections + found.non_confirmations + 2 == found.documents  # and two of context
