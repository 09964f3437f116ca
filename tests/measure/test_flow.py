import itertools

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import tiny
from graphs import graph_of, parents
from woozle.measure.flow import NONE, Flow, ancestor_sets, below, cut_off, dominators, flow_of, places, root_sets


@settings(deadline=None, max_examples=30)
@given(parents(most=200))
def test_root_and_ancestor_sets_are_those_of_networkx(above):
    graph = graph_of(above)
    for place, (roots, ancestors) in enumerate(zip(root_sets(above), ancestor_sets(above), strict=True)):
        assert set(places(ancestors)) == nx.ancestors(graph, place)
        assert set(places(roots)) == {n for n in {place, *nx.ancestors(graph, place)} if not above[n]}


@settings(deadline=None, max_examples=30)
@given(parents(most=200))
def test_dominators_are_those_of_networkx(above):
    graph = graph_of(above)
    graph.add_edges_from((NONE, place) for place, p in enumerate(above) if not p)
    peer = nx.immediate_dominators(graph, NONE)
    assert dominators(above) == [peer[place] for place in range(len(above))]


@given(parents())
def test_what_a_dominator_dominates_is_what_its_removal_cuts_off(above):
    flow = Flow(tuple(map(str, range(len(above)))), tuple(above), (True,) * len(above))
    cut = cut_off(flow, np.eye(len(above), dtype=bool))
    assert below(dominators(above)) == cut.sum(axis=0).tolist()


@given(parents(most=9), st.data())
def test_cutting_off_by_networkx(above, data):
    carries = tuple(data.draw(st.lists(st.booleans(), min_size=len(above), max_size=len(above))))
    flow = Flow(tuple(map(str, range(len(above)))), tuple(above), carries)
    sets = list(itertools.combinations(range(len(above)), min(2, len(above))))
    removed = np.array([[place in chosen for chosen in sets] for place in range(len(above))])
    found = cut_off(flow, removed)
    graph = graph_of(above)
    for number, chosen in enumerate(sets):
        rest = graph.subgraph(set(graph) - set(chosen))
        reached = {
            n for root, p in enumerate(above) if not p and root in rest for n in {root, *nx.descendants(rest, root)}
        }
        expected = [place not in reached and place not in chosen and carries[place] for place in range(len(above))]
        assert found[:, number].tolist() == expected


def test_an_inferred_document_drops_out_with_its_last_hop(tmp_path):
    # a -> x -> b, x known only by name
    cascade = tiny.case(tmp_path, "a>x x>b", {"x": None}).cascade()
    assert flow_of(cascade).names == ("a", "x", "b")
    assert flow_of(cascade, {("a", "x")}).names == ("a", "b")


@given(st.lists(st.integers(0, 10**6), max_size=30, unique=True))
def test_places_are_the_bits_of_a_set(numbers):
    assert list(places(sum(1 << n % 200 for n in {n % 200 for n in numbers}))) == sorted({n % 200 for n in numbers})
