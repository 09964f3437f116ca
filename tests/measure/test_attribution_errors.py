import pytest

import tiny
from woozle.measure import (
    borrowed_authority,
    citation_distortions,
    dead_ends,
    inventions,
    phantom_sources,
)

EMPTY = {"stance": "context", "modality": "none", "accuracy": "no_claim"}
ACTOR = {"said_by": "actor_state", "modality": "announced", "certainty": "certain", "accuracy": "false"}
REACTION = {"stance": "reacts", "modality": "hypothetical", "said_by": ""}


def test_a_source_that_never_made_the_claim_is_a_phantom(tmp_path, monkeypatch):
    # s states nothing; b misattributes to it, c only names it, d quotes it for something else
    monkeypatch.setitem(tiny.VOCABULARIES["said_by"]["country"], "documents", ["s"])
    versions = {"s": EMPTY, "c": {"said_by": "country"}}
    found = phantom_sources(tiny.case(tmp_path, "a>b s>b:misattributes a>c a>d s>d:quotes", versions).cascade())
    assert found[["source", "document", "relation"]].values.tolist() == [["s", "b", "misattributes"], ["s", "c", ""]]


def test_the_actor_credited_without_any_statement_is_a_phantom_where_the_version_is_false(tmp_path):
    true = {**ACTOR, "accuracy": "accurate"}
    found = phantom_sources(tiny.case(tmp_path, "a>b a>c", {"b": ACTOR, "c": true}).cascade())
    assert found[["said_by", "source", "document"]].values.tolist() == [["actor_state", "", "b"]]


def test_what_nobody_had_shown_by_then_is_no_phantom_yet(tmp_path):
    days = {"a": "2024-06-01", "b": "2024-06-05", "check": "2024-06-09"}
    check = {**EMPTY, "stance": "debunks"}
    case = tiny.case(tmp_path, "a>b b>check:debunks", {"b": {**ACTOR, "basis": "check"}, "check": check}, days)
    assert phantom_sources(case.cascade(as_of="2024-06-06")).empty
    assert list(phantom_sources(case.cascade())["document"]) == ["b"]


def test_to_credit_a_correction_is_no_phantom(tmp_path, monkeypatch):
    monkeypatch.setitem(tiny.VOCABULARIES["said_by"]["paper"], "documents", ["check"])
    versions = {"check": {**EMPTY, "stance": "debunks"}, "b": {"said_by": "paper", "stance": "questions"}}
    assert phantom_sources(tiny.case(tmp_path, "a>b a>check:debunks check>b", versions).cascade()).empty


def test_who_says_more_than_the_reaction_that_it_quotes(tmp_path):
    # r reacts; b says as little, c says more and has it from a as well, d says more and has only r
    versions = {"r": REACTION, "b": REACTION, "d": ACTOR}
    cascade = tiny.case(tmp_path, "a>r r>b:quotes r>c:quotes a>c r>d:quotes", versions).cascade()
    found = borrowed_authority(cascade).set_index("document")
    assert found["beyond"].to_dict() == {"b": False, "c": True, "d": True}
    assert found["elsewhere"].to_dict() == {"b": False, "c": True, "d": False}


def test_the_distortions_on_paper(tmp_path, monkeypatch):
    # a is the official himself; b took it from him, c from b and makes it an announcement; d quotes s, which is empty
    monkeypatch.setitem(tiny.VOCABULARIES["said_by"]["official"], "documents", ["a"])
    versions = {"s": EMPTY, "c": ACTOR, "n": None}
    cascade = tiny.case(tmp_path, "a>b b>c a>d s>d:quotes s>c:misattributes a>n n>e", versions).cascade()
    found = citation_distortions(cascade)[["count", "of"]]
    assert found.loc["amplification"].to_list() == [5, 1]  # b, c, d, n, e
    assert found.loc["hypothesis converted to fact"].to_list() == [1, 3]  # c; n is not coded
    assert found.loc["dead-end citation"].to_list() == [2, 7]
    assert found.loc["invention"].to_list() == [1, 7]
    assert found.loc["saw the source"].to_list() == [3, 5]  # b, d, n
    assert list(dead_ends(cascade)["document"]) == ["d", "c"]
    assert list(inventions(cascade)["document"]) == ["c"]
    assert citation_distortions(cascade).loc["saw the source", "inferred"] == 1


def test_shares_have_exact_intervals_by_the_beta_distribution(tmp_path):
    """Clopper and Pearson's ends are quantiles of beta distributions; a second way to them."""
    from scipy.stats import beta

    from woozle.measure.intervals import exact

    assert exact(3, 38) == pytest.approx((beta.ppf(0.05, 3, 36), beta.ppf(0.95, 4, 35)))
    assert all(end != end for end in exact(0, 0))


def test_the_phantoms_of_the_flagship_by_hand(flagship):
    """Read off claims.csv: said_by is North Korea or its commission, and the version is false.

    One names the commission and so the KCNA statement, which states nothing of the kind: the question at the Pentagon.
    Nine name North Korea: Express, Global Gulag, Kyiv Post, Rote Fahne News, HuffPost, Daily Mail, its two reposts, Global
    Defense Corp.
    """
    found = phantom_sources(flagship.cascade())
    assert found["said_by"].value_counts().to_dict() == {"dprk": 9, "dprk_cmc": 1}
    assert set(found.loc[found["source"] == "kcna_pak", "document"]) == {"pentagon_question"}
