import pytest

import tiny
import woozle
from woozle.errors import UnknownDocumentError
from woozle.measure import (
    contradictions,
    conversions,
    drift,
    drift_ledger,
    headline_draws,
    laundering_chains,
    main_path,
    story,
    turn,
    upgraded_sources,
)
from woozle.measure.headline import States

ANNOUNCED = {"said_by": "actor_state", "modality": "announced", "certainty": "certain", "accuracy": "false"}


def kinds(tmp_path, old, new):
    case = tiny.case(tmp_path, "a>b", {"a": old, "b": new})
    return drift_ledger(case.cascade()).set_index("field")["kind"].to_dict()


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ({}, {"modality": "planned"}, {"modality": "strengthened"}),
        ({"modality": "planned"}, {}, {"modality": "weakened"}),
        ({"modality": "planned"}, {"modality": "pledged"}, {"modality": "told as a fact"}),
        ({"said_by": "actor_state"}, {"said_by": "actor_state", "modality": "pledged"}, {"modality": "own word"}),
        (
            {},
            {"said_by": "actor_state", "modality": "pledged"},
            {"said_by": "own word", "modality": "own word"},
        ),
        ({"modality": "pledged"}, {"modality": "announced"}, {"modality": "strengthened"}),
        ({}, {"certainty": "certain"}, {"certainty": "strengthened"}),
        ({}, {"said_by": "actor_state"}, {"said_by": "own word"}),
        ({}, {"said_by": "country"}, {"said_by": "upgraded source"}),
        ({"said_by": "country"}, {}, {"said_by": "changed speaker"}),
        ({"said_by": "country"}, {"said_by": "actor_state"}, {"said_by": "own word"}),
        ({}, {"said_by": ""}, {"said_by": "dropped attribution"}),
        ({"said_by": ""}, {}, {"said_by": "added attribution"}),
        ({"said_by": ""}, {"said_by": "actor_state"}, {"said_by": "own word"}),
        ({}, {"place": "region"}, {"place": "changed place"}),
        ({}, {"deadline": "2024-08"}, {"deadline": "moved time"}),
        ({}, {"force": "troops"}, {"force": "changed detail"}),
        ({}, {"force": ""}, {"force": "lost detail"}),
        ({"force": ""}, {}, {"force": "added detail"}),
        ({}, {"force_wording": "sappers"}, {}),
        ({}, {"deadline": ""}, {"deadline": "date lost"}),
        ({}, {"deadline": "undated"}, {"deadline": "date lost"}),
        ({"deadline": "undated"}, {}, {"deadline": "new date"}),
        ({"deadline": ""}, {}, {"deadline": "added detail"}),
        ({"modality": "satire"}, {"modality": "announced"}, {"modality": "genre lost"}),
        ({"modality": "satire"}, {"modality": "hypothetical"}, {"modality": "genre lost"}),
        ({"modality": "hypothetical"}, {"modality": "satire"}, {"modality": "weakened"}),
    ],
)
def test_each_kind_of_drift(tmp_path, old, new, kind):
    assert kinds(tmp_path, old, new) == kind


def test_what_is_empty_where_the_words_were_not_seen_is_not_lost(tmp_path):
    tables = tiny.tables("a>b", {"b": {"force": ""}})
    tables["documents"][1] |= {"seen": "named", "seen_in": "a"}
    tables["citations"][0] |= {"seen": "named", "seen_in": "a"}
    tables["claims"][1] |= {"seen": "named", "seen_in": "a"}
    case = tiny.open_case(tiny.write(tmp_path / "data" / "tiny", tables))
    assert drift_ledger(case.cascade()).empty


def test_the_lead_is_compared_with_the_nearest_version_of_the_parent(tmp_path):
    tables = tiny.tables("a>b", {"b": {"modality": "planned"}})
    tables["claims"].append({**tables["claims"][0], "version": "2", "modality": "planned"})
    case = tiny.open_case(tiny.write(tmp_path / "data" / "tiny", tables))
    assert case.cascade().main_parents.loc["b", ["parent_version", "changed"]].to_list() == [2, 0]
    found = contradictions(case.cascade())
    assert found[["document", "field", "lead", "other"]].values.tolist() == [["a", "modality", "expected", "planned"]]
    ledger = drift_ledger(case.cascade())  # the contradiction is a row of its own, from the document to itself
    assert ledger[["parent", "document", "kind", "relation"]].values.tolist() == [["a", "a", "contradiction", ""]]


def test_a_story_is_the_path_of_main_parents_with_what_changed(tmp_path):
    # a -> b -> c; c also quotes x, from which it differs more
    planned = {"modality": "planned"}
    versions = {"b": planned, "c": {**planned, "place": "region"}, "x": {"modality": "hypothetical", "said_by": ""}}
    cascade = tiny.case(tmp_path, "a>b b>c x>c:reposts", versions).cascade()
    assert main_path(cascade, "c") == ["a", "b", "c"]
    told = story(cascade, "c")
    assert told["changed"].to_list() == [(), ("modality",), ("place",)]
    assert told["relation"].to_list() == ["", "attributes", "attributes"]
    with pytest.raises(UnknownDocumentError, match="no document 'd'"):
        story(cascade, "d")


def test_a_laundering_chain_raises_the_source_twice(tmp_path):
    # official (unnamed) -> paper (outlet) -> paper -> ministry (institution); e takes the paper only
    said = {
        "b": {"said_by": "paper"},
        "c": {"said_by": "paper"},
        "d": {"said_by": "ministry"},
        "e": {"said_by": "paper"},
    }
    found = laundering_chains(tiny.case(tmp_path, "a>b b>c c>d a>e", said).cascade())
    assert found["path"].to_dict() == {"d": ("a", "b", "c", "d")}
    assert found.loc["d", ["upgrades", "said_by"]].to_list() == [2, ("official", "paper", "paper", "ministry")]


def test_to_name_nobody_and_then_somebody_again_is_no_laundering(tmp_path):
    said = {"b": {"said_by": "ministry"}, "c": {"said_by": ""}, "d": {"said_by": "ministry"}}
    assert laundering_chains(tiny.case(tmp_path, "a>b b>c c>d", said).cascade()).empty


def test_the_flagship_by_hand(flagship):
    """TV Chosun has 'expected', said by an official; the question has 'announced', said by North Korea's commission, on 25 June.

    No other false version has a parent that is not false as early: the Daily Mail is of the 27th, Global Defense Corp
    too; the Express takes its version from the question, the Kyiv Post from the Express, HuffPost from the Kyiv Post;
    Rote Fahne News has no parent.
    """
    cascade = flagship.cascade()
    assert turn(cascade)[["parent", "basis"]].to_dict("index") == {
        "pentagon_question": {"parent": "tvchosun", "basis": "nknews"}
    }
    assert list(conversions(cascade).index) == ["pentagon_question", "daily_mail", "global_defense_corp"]
    assert set(upgraded_sources(cascade).index) == {
        "delfi_ee",  # an official becomes TV Chosun
        "rubryka",  # becomes the ISW
        "obozrevatel", "actualno_bg",  # becomes the government
        "ostro",  # nobody becomes the account 'Naudittt'
    }  # fmt: skip


def test_changing_one_fact_changes_the_ledger(root, tmp_path):
    import shutil

    folder = shutil.copytree(root / "data" / "dprk_troops_2024", tmp_path / "data" / "changed")
    claims = (folder / "claims.csv").read_text("utf-8")
    assert "globalgulag,1,asserts,dprk,announced" in claims
    (folder / "claims.csv").write_text(
        claims.replace("globalgulag,1,asserts,dprk,announced", "globalgulag,1,asserts,dprk,pledged"), "utf-8"
    )
    before = drift_ledger(woozle.open(root / "data" / "dprk_troops_2024").cascade())
    after = drift_ledger(woozle.open(folder).cascade())
    new = after.merge(before, how="left", indicator=True).query("_merge == 'left_only'")
    assert new[["document", "field", "kind"]].values.tolist() == [["globalgulag", "modality", "weakened"]]


def test_what_another_source_has_so_was_taken_from_it(tmp_path):
    """d has the claim from b and c. b says city, c says region; d says region, as c, and troops, as nobody."""
    versions = {"c": {"place": "region", "certainty": "certain"}, "d": {"place": "region", "force": "troops"}}
    cascade = tiny.case(tmp_path, "a>b a>c b>d:reposts c>d", versions).cascade()
    assert cascade.main_hops["d"].cited == "b"  # two codes differ from b, two from c; to repost is more literal
    ledger = drift_ledger(cascade).query("document == 'd'")
    assert ledger[["field", "kind", "source"]].values.tolist() == [
        ["force", "changed detail", ""],
        ["place", "taken from another source", "c"],
    ]
    assert drift(cascade).query("document == 'd'")["field"].to_list() == ["force"]
    assert story(cascade, "d")["changed"].to_list() == [(), (), ("force",)]
    assert headline_draws(cascade, draws=5)["hops_changed"].to_list() == [2] * 5  # at c and at d


def test_what_was_taken_from_a_source_that_was_not_out_is_drift(tmp_path):
    """d has the region from c or by itself: c is left out as of the day before it, and then nobody else says so."""
    versions = {"c": {"place": "region"}, "d": {"place": "region"}}
    case = tiny.case(tmp_path, "a>b a>c b>d:reposts c>d", versions)
    states = States(case.cascade())
    c = states.names.index("c")
    counts = {}
    for name, out in (("with", True), ("without", False)):
        here = [place != c or out for place in range(len(states.names))]
        times = [(0,)] * len(states.names)
        counts[name] = states.count(here, [True] * len(states.hops), times)["hops_changed"]
    assert counts == {"with": 1, "without": 1}


def test_who_takes_the_actors_word_from_a_second_source_does_not_put_it_there(tmp_path):
    """c has it from an official (a) and from one that credits the state (b): to credit the state too is no own word."""
    versions = {"b": {"said_by": "actor_state", "place": "region", "force": "troops"}, "c": {"said_by": "actor_state"}}
    cascade = tiny.case(tmp_path, "a>c b>c", versions).cascade()
    assert cascade.main_hops["c"].cited == "a"
    assert conversions(cascade).empty


def test_an_own_word_and_a_forecast_told_as_a_fact_are_two_things(tmp_path):
    versions = {"b": ANNOUNCED, "c": {"modality": "announced"}}
    found = conversions(tiny.case(tmp_path, "a>b a>c", versions).cascade())
    assert found["kind"].to_dict() == {"b": "own word", "c": "told as a fact"}
    assert found["what"].to_dict() == {"b": "who said it, how real", "c": "how real"}


def test_where_a_case_has_no_rank_of_conversion_nothing_is_told_as_a_fact(tmp_path):
    import json

    from woozle import measure
    from woozle.model.opening import open_case

    coded = {"a": {"modality": "expected"}, "b": {"modality": "announced", "said_by": "official"}}
    folder = tiny.case(tmp_path, "a>b", coded).folder
    assert list(measure.told_as_fact(open_case(folder).cascade()).index) == ["b"]
    path = folder / "datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    package["woozle"]["conversion_from"] = ""
    path.write_text(json.dumps(package), "utf-8")
    assert measure.told_as_fact(open_case(folder).cascade()).empty
