import itertools

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tiny
from graphs import graph_of, hops, parents
from woozle.errors import ParameterError, UnknownDocumentError
from woozle.measure import best_removals, corrected_at, counterfactual, early_correction_effect, without
from woozle.measure.flow import Flow


def test_a_document_with_another_way_to_know_is_not_cut_off(tmp_path):
    # a -> b -> d <- c <- a; b -> e
    cascade = tiny.case(tmp_path, "a>b a>c b>d c>d b>e").cascade()
    assert list(without(cascade, ["b"]).index) == ["e"]
    assert list(without(cascade, ["b", "c"]).index) == ["d", "e"]
    with pytest.raises(UnknownDocumentError):
        without(cascade, ["nobody"])


def test_two_that_must_go_together(tmp_path):
    cascade = tiny.case(tmp_path, "a>b a>c b>d c>d d>e d>f").cascade()
    assert best_removals(cascade, 1)[["removed", "cut_off"]].values.tolist() == [[("d",), 2]]
    assert best_removals(cascade, 2)[["removed", "cut_off"]].values.tolist() == [[("b", "c"), 3]]
    assert best_removals(cascade, 2, keep=["b"])["removed"].to_list() == [("d",)]
    assert best_removals(cascade, 1, roots=True)["removed"].to_list() == [("a",)]
    with pytest.raises(ParameterError, match="Give a whole number, 1 or higher"):
        best_removals(cascade, 0)


@settings(deadline=None, max_examples=60)
@given(parents(most=9), st.integers(1, 3))
def test_the_best_removals_by_trying_all_with_networkx(above, k):
    flow = Flow(tuple(map(str, range(len(above)))), tuple(above), (True,) * len(above))
    graph = graph_of(above)
    roots = {n for n, p in enumerate(above) if not p}

    def cut(chosen):
        rest = graph.subgraph(set(graph) - set(chosen))
        return len(set(rest) - {n for root in roots for n in {root, *nx.descendants(rest, root)}})

    inner = sorted(set(graph) - roots)
    expected = max((cut(c) for size in range(1, k + 1) for c in itertools.combinations(inner, size)), default=0)
    sets, found, exact = counterfactual.best_sets(flow, k)
    assert (found, exact) == (expected, True)
    assert all(cut(chosen) == found for chosen in sets)


@settings(deadline=None, max_examples=25)
@given(hops())
def test_nothing_cuts_off_more_than_the_bound_and_greedy_no_more_than_the_best(tmp_path_factory, drawn):
    cascade = tiny.case(tmp_path_factory.mktemp("dag"), drawn).cascade()
    for k in (1, 2, 3):
        best = best_removals(cascade, k)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(counterfactual, "EXACT_SETS", 0)
            greedy = best_removals(cascade, k)
        if len(best):
            assert best["exact"].all()
            assert (best["cut_off"] <= best["bound"]).all()
            assert not greedy["exact"].any()
            assert max([0, *greedy["cut_off"]]) <= best["cut_off"].max()


def test_a_correction_reaches_only_what_comes_after_it(tmp_path):
    # b is of 2 June; c of the 3rd, d of the 3rd to 5th, e of the 6th relies on d
    days = {"a": "2024-06-01", "b": "2024-06-02", "c": "2024-06-03", "d": "2024-06-03/2024-06-05", "e": "2024-06-06"}
    cascade = tiny.case(tmp_path, "a>b b>c b>d d>e", days=days).cascade()
    noon = corrected_at(cascade, "b", pd.Timestamp("2024-06-04T12:00Z"))
    assert noon["surely"].to_dict() == {"d": False, "e": False}  # perhaps d was out by then
    early = corrected_at(cascade, "b", pd.Timestamp("2024-06-02T23:59:59Z"))
    assert early["surely"].to_dict() == {"c": True, "d": True, "e": True}
    found = early_correction_effect(cascade, "b")
    assert found["at_most"].is_monotonic_decreasing
    assert found["at_least"].is_monotonic_decreasing
    assert found.iloc[0][["at_least", "at_most"]].to_list() == [3, 3]


def test_the_flagship_by_hand(flagship):
    """Without the Express only what took it from there is cut off.

    Global Gulag reposts it; Kyiv Post and Kyiv Independent cite nothing else. HuffPost has Kyiv Post, but quotes the
    Pentagon's answer as well, and is not cut off.
    """
    assert set(without(flagship.cascade(), ["express"]).index) == {"globalgulag", "kyiv_post", "kyiv_independent"}
