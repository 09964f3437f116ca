"""Cascades small enough to draw on paper."""

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tiny
from woozle.errors import ParameterError, UnknownDocumentError
from woozle.model.cascade import read_moment

NONE = {"stance": "context", "modality": "none", "accuracy": "no_claim"}
DEBUNK = {"stance": "debunks", "modality": "none", "accuracy": "accurate"}


def test_roots_parents_paths(tmp_path):
    # a -> b -> d, a -> c -> d, e -> d
    cascade = tiny.case(tmp_path, "a>b a>c b>d c>d e>d").cascade()
    assert cascade.roots() == ("a", "e")
    assert cascade.roots("b") == ("a",)
    assert cascade.roots("d") == ("a", "e")
    assert cascade.parents("d") == ("b", "c", "e")
    assert cascade.children("a") == ("b", "c")
    assert cascade.descendants("a") == ("b", "c", "d")
    assert sorted(cascade.paths("a", "d")) == [("a", "b", "d"), ("a", "c", "d")]


def test_a_document_that_does_not_state_the_claim_is_no_source(tmp_path):
    # context -> b <- a ; b -> fact_check. Only a -> b carries.
    versions = {"context": NONE, "fact_check": DEBUNK}
    case = tiny.case(tmp_path, "context>b:quotes a>b b>fact_check:debunks", versions)
    cascade = case.cascade()
    assert cascade.carriers == ("b", "a")
    assert cascade.roots() == ("a",)
    hops = cascade.citations.set_index(["cited", "citing"])
    assert hops["carrying"].to_dict() == {
        ("context", "b"): False,
        ("a", "b"): True,
        ("b", "fact_check"): False,
    }
    assert case.cascade(hops="all").roots("b") == ("context", "a")


def test_accepting_a_premise_and_questioning_carry_the_claim(tmp_path):
    assert tiny.case(tmp_path, "a>b", {"b": {"stance": "questions"}}).cascade().carriers == ("a", "b")


def test_a_document_known_by_name_carries_where_a_carrying_hop_leads_into_it(tmp_path):
    # a -> x -> b, and y -> b: x and y have no version; a leads into x, nothing into y
    cascade = tiny.case(tmp_path, "a>x x>b y>b", {"x": None, "y": None}).cascade()
    assert cascade.documents["carries"].to_dict() == {"a": "coded", "x": "inferred", "b": "coded", "y": "no"}
    hops = cascade.citations.set_index(["cited", "citing"])
    assert hops["inferred"].to_dict() == {("a", "x"): True, ("x", "b"): True, ("y", "b"): False}
    assert cascade.roots("b") == ("a",)


def test_an_uncoded_document_that_nobody_cites_carries_nothing(tmp_path):
    assert tiny.case(tmp_path, "a>x", {"x": None}).cascade().carriers == ("a",)


def test_the_main_parent_has_the_fewest_changed_codes(tmp_path):
    # c says troops, as b does; a says engineers
    versions = {"b": {"force": "troops"}, "c": {"force": "troops"}}
    parents = tiny.case(tmp_path, "a>c:reposts b>c", versions).cascade().main_parents
    assert parents.loc["c", ["parent", "changed", "choices"]].to_list() == ["b", 0, 2]


def test_ties_go_to_the_more_literal_relation_then_to_the_earlier_document(tmp_path):
    parents = tiny.case(tmp_path, "a>c b>c:quotes").cascade().main_parents
    assert parents.loc["c", "parent"] == "b"
    days = {"a": "2024-06-03", "b": "2024-06-02", "c": "2024-06-05"}
    parents = tiny.case(tmp_path / "2", "a>c b>c", days=days).cascade().main_parents
    assert parents.loc["c", "parent"] == "b"


def test_a_coded_parent_is_preferred_to_one_known_by_name(tmp_path):
    versions = {"x": None, "c": {"force": "troops", "place": "region", "certainty": "certain"}}
    parents = tiny.case(tmp_path, "a>x x>c:reposts a>c", versions).cascade().main_parents
    assert parents.loc["c", "parent"] == "a"


def test_as_of_tells_what_surely_and_what_perhaps_exists(tmp_path):
    days = {"a": "2024-06-01", "b": "2024-06-02/2024-06-09", "c": "2024-06-08"}
    case = tiny.case(tmp_path, "a>b a>c", days=days)
    assert case.cascade(as_of="2024-06-05").documents["exists"].to_dict() == {"a": "surely", "b": "perhaps"}
    assert case.cascade(as_of="2024-06-09").documents["exists"].to_dict() == dict.fromkeys("abc", "surely")


def test_the_end_of_a_day_is_that_of_the_time_zone(tmp_path):
    days = {"a": "2024-06-01", "b": "2024-06-02T01:00Z"}
    case = tiny.case(tmp_path, "a>b", days=days)
    assert list(case.cascade(as_of="2024-06-01").documents.index) == ["a"]
    assert list(case.cascade(as_of="2024-06-01", time_zone="America/New_York").documents.index) == ["a", "b"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"as_of": "2020"}, "nothing of this case was published"),
        ({"as_of": "2024-06~"}, "is not a moment"),
        ({"as_of": "2024-06-01/2024-06-02"}, "is not a moment"),
        ({"as_of": "yesterday"}, "is not a date"),
        ({"as_of": 2024}, "is not a moment"),
        ({"hops": "carying"}, "Did you mean 'carrying'"),
        ({"time_zone": "Mars"}, "is not the IANA name"),
    ],
)
def test_impossible_parameters_are_refused(tmp_path, asked, says):
    with pytest.raises(ParameterError, match=says):
        tiny.case(tmp_path, "a>b").cascade(**asked)


def test_a_moment_may_have_an_hour():
    assert read_moment("2024-06-26T12:00+02:00").isoformat() == "2024-06-26T10:00:59+00:00"


def test_an_unknown_document_is_named_with_a_suggestion(tmp_path):
    with pytest.raises(UnknownDocumentError, match="Did you mean 'tvchosun'"):
        tiny.case(tmp_path, "tvchosun>b").cascade().roots("tvchosn")


@st.composite
def dags(draw):
    size = draw(st.integers(2, 9))
    pairs = [(a, b) for a in range(size) for b in range(a + 1, size)]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1))
    return [(f"d{a}", f"d{b}") for a, b in edges]


@settings(deadline=None, max_examples=30)
@given(dags(), st.integers(1, 12))
def test_what_exists_is_closed_under_its_sources(tmp_path_factory, edges, day):
    # Any document that exists by a moment exists with all that it relies on: roots never change with the moment.
    hops = " ".join(f"{a}>{b}" for a, b in edges)
    names = sorted({name for edge in edges for name in edge})
    days = {name: f"2024-06-{1 + number:02d}/2024-06-12" for number, name in enumerate(names)}
    case = tiny.case(tmp_path_factory.mktemp("dag"), hops, days=days)
    whole, then = case.cascade(), case.cascade(as_of=f"2024-06-{day:02d}")
    for name in then.documents.index:
        assert then.roots(name) == whole.roots(name)
    order = list(nx.topological_sort(whole.graph))
    parents = whole.main_parents["parent"]
    assert all(order.index(parent) < order.index(child) for child, parent in parents.items())
    assert set(parents.index) == {name for name in names if whole.graph.in_degree(name)}


def test_without_inferred_hops_only_what_is_coded_carries(tmp_path):
    # a -> n -> b: n has no version
    case = tiny.case(tmp_path, "a>n n>b", {"n": None})
    assert case.cascade().roots("b") == ("a",)
    coded = case.cascade(include_inferred=False)
    assert coded.carriers == ("a", "b")
    assert coded.roots() == ("a", "b")
    assert not coded.citations["carrying"].any()
    assert list(coded.main_parents.index) == []


def test_without_second_hand_only_what_was_seen_on_the_page_counts(tmp_path):
    tables = tiny.tables("a>b b>c")
    tables["citations"][1] |= {"seen": "named", "seen_in": "a"}
    case = tiny.open_case(tiny.write(tmp_path / "data" / "tiny", tables))
    assert case.cascade().roots("c") == ("a",)
    seen = case.cascade(include_second_hand=False)
    assert seen.roots("c") == ("c",)
    assert len(seen.citations) == 1


def test_a_flag_is_true_or_false(tmp_path):
    with pytest.raises(ParameterError, match="include_inferred: 'maybe' is neither"):
        tiny.case(tmp_path, "a>b").cascade(include_inferred="maybe")
