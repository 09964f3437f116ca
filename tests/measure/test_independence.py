import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tiny
import woozle
from graphs import hops
from woozle.measure import doubtful_hops, root_origins, woozle_index
from woozle.measure.independence import grouped

FIRST_HAND = {"said_by": "official"}


@pytest.fixture(autouse=True)
def speakers(monkeypatch):
    """The official is document a, the ministry document m."""
    monkeypatch.setitem(tiny.VOCABULARIES["said_by"]["official"], "documents", ["a"])


def case(tmp_path, hops, versions=None, days=None, outlets=None):
    return tiny.case(tmp_path, hops, versions, days, {**tiny.own_outlets("abcdxyz"), **(outlets or {})})


def test_a_root_without_a_known_source_may_rest_on_what_was_out_before(tmp_path):
    # a (the official himself) -> b; x says the same as b two days later, and cites nobody
    days = {"a": "2024-06-01", "b": "2024-06-02", "x": "2024-06-04"}
    planned = {"modality": "planned"}
    cascade = case(tmp_path, "a>b", {"b": planned, "x": {**planned, "said_by": "paper"}}, days).cascade()
    found = root_origins(cascade)
    assert found["first_hand"].to_dict() == {"a": True, "x": False}
    assert found.loc["x", ["why", "may_rest_on", "differs", "group"]].to_list() == ["source not known", "b", 1, "a"]
    assert woozle_index(cascade)["index"].to_list() == [3 / 2, 3]


def test_what_came_first_is_a_source_of_its_own(tmp_path):
    days = {"a": "2024-06-03", "b": "2024-06-04", "x": "2024-06-01"}
    found = root_origins(case(tmp_path, "a>b", {"x": {"said_by": ""}}, days).cascade())
    assert found["why"].to_dict() == {"a": "first-hand", "x": "nothing earlier"}
    assert found["group"].to_dict() == {"a": "a", "x": "x"}


def test_roots_of_one_outlet_are_one_source(tmp_path):
    versions = {"x": {"said_by": ""}, "y": {"said_by": ""}}
    days = {"x": "2024-06-01", "y": "2024-06-02", "a": "2024-06-03", "b": "2024-06-04"}
    found = root_origins(case(tmp_path, "a>b", versions, days, {"x": "one", "y": "one"}).cascade())
    assert found["why"].to_dict() == {"a": "first-hand", "x": "nothing earlier", "y": "same outlet"}
    assert found["group"].nunique() == 2


def test_a_root_that_names_its_source_belongs_to_it(tmp_path):
    # x names the official but does not cite his document: not a source of its own
    days = {"a": "2024-06-01", "b": "2024-06-02", "x": "2024-06-05"}
    cascade = case(tmp_path, "a>b", {"x": FIRST_HAND}, days).cascade()
    assert root_origins(cascade).loc["x", ["origin", "why", "group"]].to_list() == ["a", "names its source", "a"]
    assert woozle_index(cascade)["roots"].to_list() == [2, 1]


def test_one_root_means_as_many_documents_per_root_as_there_are(tmp_path):
    assert woozle_index(case(tmp_path, "a>b a>c b>d").cascade())["index"].to_list() == [4, 4]


def test_the_missing_hop_that_changes_most_comes_first(tmp_path):
    # x -> y, z: if x rests on b, three documents change their roots
    days = {"a": "2024-06-01", "b": "2024-06-02", "x": "2024-06-04", "y": "2024-06-05", "z": "2024-06-05"}
    said = {key: {"said_by": "paper"} for key in "xyz"}
    found = doubtful_hops(case(tmp_path, "a>b x>y x>z", said, days).cascade())
    assert found[["kind", "cited", "citing", "roots", "roots_then", "documents", "of"]].values.tolist() == [
        ["missing", "a", "x", 2, 1, 3, 5]  # a and b differ from x in one code each; a is the earlier
    ]


def test_an_inferred_hop_taken_away_may_make_a_root(tmp_path):
    # a -> n -> b, n known only by name: without either hop b is a root; without the first n is known no more
    found = doubtful_hops(case(tmp_path, "a>n n>b", {"n": None}).cascade())
    assert found[["cited", "citing", "roots_then", "documents"]].values.tolist() == [["a", "n", 2, 2], ["n", "b", 2, 1]]


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"))))
def test_groups_are_the_connected_components(links):
    import networkx as nx

    graph = nx.Graph(links)
    graph.add_nodes_from("abcd")
    found = grouped("abcd", links)
    for one in "abcd":
        assert {other for other in "abcd" if found[other] == found[one]} == nx.node_connected_component(
            graph, one
        ) & set("abcd")


@settings(deadline=None, max_examples=25)
@given(hops())
def test_the_index_lies_between_its_bounds(tmp_path_factory, drawn):
    cascade = tiny.case(tmp_path_factory.mktemp("dag"), drawn).cascade()
    found = woozle_index(cascade)
    at_most, effectively = found["index"]
    assert 1 <= at_most <= effectively <= len(cascade.carriers)


def test_the_flagship_by_hand(flagship):
    """Of four roots the official alone speaks for itself; the three others are later than the broadcast and say whence not.

    'Naudittt' is known through OstroV, which credits it; it names nobody ('unknown'). Rote Fahne News says 'North Korea',
    and no such statement is in the collection. SIC Notícias names nobody. So at most 4, effectively 1: 46/4 and 46.
    """
    found = woozle_index(flagship.cascade())
    assert found["roots"].to_list() == [4, 1]
    assert found["index"].to_list() == [46 / 4, 46]


def test_poland_has_two_sources(root):
    """One US official, and the Polish ministry that AP's later story names; that statement has no coded version."""
    found = root_origins(woozle.open(root / "data" / "poland_missile_2022").cascade())
    assert found["origin"].to_dict() == {"us_official": "us_official", "gorge_ap": "poland_mfa"}
    assert found["group"].nunique() == 2
