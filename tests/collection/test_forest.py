"""Cascades as a forest: as networkx counts them, whatever the order, with parents that are missing."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from woozle.collection.forest import cascades, joined, missing_parents, without_circles
from woozle.errors import ParameterError


@st.composite
def forests(draw):
    """Parents of up to thirty posts, in any order of places."""
    size = draw(st.integers(1, 30))
    parents = [draw(st.integers(-1, place - 1)) for place in range(size)]
    places = draw(st.permutations(range(size)))
    mixed = np.empty(size, dtype=int)
    for place, parent in enumerate(parents):
        mixed[places[place]] = -1 if parent < 0 else places[parent]
    return mixed


@settings(max_examples=150, deadline=None)
@given(forests())
def test_the_shapes_are_those_of_networkx(parents):
    shapes = cascades(parents).set_index("root")
    graph = nx.Graph([(place, int(parent)) for place, parent in enumerate(parents) if parent >= 0])
    graph.add_nodes_from(range(len(parents)))
    for root in np.flatnonzero(parents < 0):
        tree = graph.subgraph(nx.node_connected_component(graph, root))
        depths = nx.single_source_shortest_path_length(tree, root)
        levels = np.bincount(list(depths.values()))
        row = shapes.loc[root]
        assert (row["size"], row["depth"], row["breadth"]) == (len(tree), max(depths.values()), levels.max())
        if len(tree) > 1:
            assert row["virality"] == pytest.approx(nx.average_shortest_path_length(tree))
        else:
            assert np.isnan(row["virality"])


def test_speed_is_told_in_hours():
    """Four posts: at 0, 1, 3 and 10 hours; half of them are there after one."""
    row = cascades(np.array([-1, 0, 1, 0]), np.array([0, 1, 3, 10]) * 3600).iloc[0]
    assert (row["hours"], row["hours_to_half"]) == (10, 1)


def test_children_of_a_missing_parent_are_one_cascade_and_the_parent_counts_for_nothing():
    """b and c answer a, which is not there; d answers b; e begins by itself."""
    parents, known, _ = joined(["b", "c", "d", "e"], ["a", "a", "b", ""])
    shapes = cascades(parents, np.array([2.0, 3, 5, 0, np.nan]) * 3600, known)
    by_root = shapes.set_index("known_root")
    assert by_root.loc[False, ["size", "depth", "breadth", "hours"]].to_list() == [3, 1, 2, 3]
    # b to c, over a: 2; b to d: 1; c to d: 3.
    assert by_root.loc[False, "virality"] == 2
    assert missing_parents(shapes) == {"cascades": (1, 2), "largest": (3, 4)}


def test_posts_that_answer_each_other_in_a_circle_are_named():
    with pytest.raises(ParameterError, match="3 posts answer each other in a circle, or lead to one: post 1"):
        cascades(np.array([-1, 2, 1, 2]))
    with pytest.raises(ParameterError, match="post 1 has the parent 7, which does not exist"):
        cascades(np.array([-1, 7]))
    with pytest.raises(ParameterError, match="The post 'a' appears twice"):
        joined(["a", "a"], ["", ""])
    with pytest.raises(ParameterError, match="times: that of post 1 is infinite"):
        cascades(np.array([-1, 0]), np.array([0, np.inf]))


def test_of_posts_in_a_circle_the_oldest_begins():
    """1 and 2 answer each other, 3 answers 1; 4 answers itself."""
    parents, cut = without_circles(np.array([-1, 2, 1, 1, 4]), np.array([0.0, 8, 5, 9, 1]))
    assert parents.tolist() == [-1, 2, -1, 1, -1]
    assert sorted(cut.tolist()) == [2, 4]
    assert cascades(parents)["size"].to_list() == [1, 3, 1]


def test_a_chain_of_a_million_is_no_recursion():
    count = 1_000_000
    row = cascades(np.arange(-1, count - 1)).iloc[0]
    assert (row["depth"], row["breadth"]) == (count - 1, 1)
    assert row["virality"] == pytest.approx((count + 1) / 3)  # of a path, by hand


def test_nothing_is_nothing():
    assert cascades(np.empty(0, dtype=int)).empty
    assert missing_parents(cascades(np.empty(0, dtype=int))) == {"cascades": (0, 0), "largest": (0, 0)}
