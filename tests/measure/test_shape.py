import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tiny
from woozle.measure import reach, shape, shape_by_sampled_parents, size_alone, time_to_n
from woozle.measure.flow import NONE
from woozle.measure.shape import depths, structural_virality, tree_figures


@st.composite
def trees(draw, most=200):
    size = draw(st.integers(1, most))
    return [NONE, *(draw(st.integers(0, place - 1)) for place in range(1, size))]


@settings(deadline=None)
@given(trees())
def test_shape_by_networkx(tree):
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(tree)))
    graph.add_edges_from((p, n) for n, p in enumerate(tree) if p != NONE)
    found = tree_figures(tree)
    assert found["size"] == len(tree)
    assert found["depth"] == nx.dag_longest_path_length(graph)
    assert found["max_breadth"] == max(map(len, nx.topological_generations(graph)))
    if len(tree) > 1:
        peer = nx.average_shortest_path_length(graph.to_undirected())
        assert structural_virality(tree) == pytest.approx(peer)


@given(trees(most=60))
def test_structural_virality_lies_between_star_and_chain(tree):
    n = len(tree)
    star, chain = [NONE] + [0] * (n - 1), list(range(-1, n - 1))
    ends = structural_virality(star), structural_virality(chain)
    assert ends[0] - 1e-9 <= structural_virality(tree) <= ends[1] + 1e-9
    if n > 1:  # Goel et al. 2015: 2 (1 - 1/n) and (n + 1)/3
        assert ends == pytest.approx((2 * (1 - 1 / n), (n + 1) / 3))


def test_depths_of_a_forest():
    assert depths([NONE, 0, 1, NONE, 3]) == [0, 1, 2, 0, 1]


def test_the_trees_of_a_case_on_paper(tmp_path):
    # a -> b, c, d; d -> e; and x -> y. Distances in the first: 4 hops of 1; b-c, b-d, c-d, a-e: 2; b-e, c-e: 3
    found = shape(tiny.case(tmp_path, "a>b a>c a>d d>e x>y").cascade())
    assert found["size"].to_dict() == {"a": 5, "x": 2}
    assert found.loc["a", ["depth", "max_breadth"]].to_list() == [2, 3]
    assert found.loc["a", "structural_virality"] == pytest.approx((4 * 1 + 4 * 2 + 2 * 3) / 10)


def test_the_jang_case_by_hand(root):
    """Drawn on paper: the post -> Wen Wei Po -> Straits Times, USA Today, Express, Bustle, Pudelek; below: NBC, Anorak.

    Anorak questions USA Today and the Express; both differ from it in the same number of codes or more.
    """
    import woozle

    found = shape(woozle.open(root / "data" / "jang_dogs_2013").cascade()).loc["weibo_post"]
    assert found[["size", "depth", "max_breadth"]].to_list() == [9, 3, 5]
    # sizes below each hop: 8, then 2 (Straits Times), 2 (one with Anorak), 1, 1, 1, then 1 (NBC), 1 (Anorak)
    assert found["structural_virality"] == pytest.approx((8 * 1 + 2 * (2 * 7) + 3 * 8 + 2 * 8) / 36)


def test_sampled_parents_show_what_the_rule_decides(tmp_path):
    # d may hang on a (depth 1) or on c (depth 3); the rule takes c, whose codes are the same
    planned = {"modality": "planned"}
    cascade = tiny.case(tmp_path, "a>b b>c a>d c>d", {"b": planned, "c": planned, "d": planned}).cascade()
    found = shape_by_sampled_parents(cascade, draws=200)
    assert found.loc["depth", ["by_rule", "low", "high"]].to_list() == [3, 2, 3]
    assert found.equals(shape_by_sampled_parents(cascade, draws=200))  # the same seed, the same draws


def test_size_alone_for_three_documents():
    """The third takes it from the first or the second with the same chance: a star or a chain, distance 4/3 both times."""
    found = size_alone([3], draws=2000)
    assert found.loc[(3, "structural_virality")].to_list() == pytest.approx([4 / 3] * 3)
    assert found.loc[(3, "depth"), ["low", "high"]].to_list() == [1, 2]


def test_speed_as_intervals(tmp_path):
    days = {"a": "2024-06-01T00:00Z", "b": "2024-06-01T06:00Z", "c": "2024-06-02"}
    found = time_to_n(tiny.case(tmp_path, "a>b a>c", days=days).cascade())
    assert found.loc[2, ["earliest_h", "latest_h"]].round().to_list() == [6, 6]
    assert found.loc[3, ["earliest_h", "latest_h"]].round().to_list() == [24, 48]


def test_reach_counts_each_outlet_once(tmp_path):
    days = {"a": "2024-06-01T00:00Z", "b": "2024-06-02", "c": "2024-06-03T00:00Z"}
    found = reach(tiny.case(tmp_path, "a>b a>c", days=days, outlets={"c": "other"}).cascade())
    assert found["outlets_at_least"].to_list()[0] == 0  # the first minute of a has only begun
    assert found.iloc[-1][["documents_at_least", "outlets_at_least"]].to_list() == [3, 2]
    assert (found["documents_at_least"] <= found["documents_at_most"]).all()
