"""Cascades from known rules: what was planted comes back within its interval; groups are compared at the same sizes."""

import numpy as np
import pandas as pd
import pytest

from woozle.collection.diffusion import diffusion_network
from woozle.collection.forest import cascades
from woozle.collection.matched import size_matched
from woozle.collection.null import edge_probability, galton_watson, independent_cascades, passed_on
from woozle.errors import ParameterError


@pytest.mark.parametrize("mean", [0.2, 0.6, 0.9])
def test_how_often_posts_are_passed_on_comes_back(mean):
    """Of twenty draws the 90 % interval holds the planted value in most: 13 or fewer would be one chance in 400."""
    held = 0
    for seed in range(20):
        parents, times = galton_watson(2000, mean, seed=seed)
        found = passed_on(cascades(parents, times), draws=300, seed=seed)
        held += found.low <= mean <= found.high
    assert held > 13


def test_the_sizes_of_galton_and_watson_are_those_of_borel():
    """With a mean of m a cascade has one post with probability e^-m, and two with m e^-2m (Borel 1942)."""
    parents, _ = galton_watson(20_000, 0.5, seed=1)
    sizes = cascades(parents)["size"]
    assert (sizes == 1).mean() == pytest.approx(np.exp(-0.5), abs=0.01)
    assert (sizes == 2).mean() == pytest.approx(0.5 * np.exp(-1), abs=0.01)


def network(nodes, edges, seed):
    draw = np.random.default_rng(seed)
    return pd.DataFrame(draw.integers(0, nodes, (edges, 2)).astype(str), columns=["source", "target"]).query(
        "source != target"
    ).drop_duplicates(ignore_index=True)  # fmt: skip


def test_the_probability_of_an_edge_comes_back():
    """In a sparse network few nodes are reached twice, so that what is seen is hardly below what was planted."""
    edges = network(400, 400, seed=3)
    held = 0
    for seed in range(12):
        reached = independent_cascades(edges, 0.3, 600, seed=seed)
        found = edge_probability(edges, reached, draws=300, seed=seed)
        held += found.low <= 0.3 <= found.high
    assert held > 7


def test_the_network_of_independent_cascades_is_found_again():
    edges = network(40, 60, seed=5)
    reached = independent_cascades(edges, 0.6, 1500, seed=2).assign(time=lambda of: of["time"] / 3600)
    found = diffusion_network(reached, edges=len(edges)).edges
    true = set(zip(edges["source"], edges["target"], strict=True))
    assert len(true & set(zip(found["source"], found["target"], strict=True))) / len(true) > 0.9


def test_at_the_same_sizes_two_groups_of_one_kind_do_not_differ():
    """Both grow by one rule, the second more: its cascades are larger and deeper, and at the same sizes alike."""
    groups = []
    for mean, seed in ((0.5, 1), (0.85, 2)):
        parents, times = galton_watson(3000, mean, seed=seed)
        groups.append(cascades(parents, times))
    table = size_matched(*groups, ["depth", "virality"], draws=300).set_index("statistic")
    assert table.loc["depth", "high"] < 0
    assert table.loc["depth", "matched_low"] < 0 < table.loc["depth", "matched_high"]
    assert table.loc["virality", "matched_low"] < 0 < table.loc["virality", "matched_high"]


def test_a_difference_of_kind_stays_at_the_same_sizes():
    stars = pd.DataFrame({"size": [5, 6, 7] * 30, "depth": 1})
    chains = pd.DataFrame({"size": [5, 6, 7, 40] * 30, "depth": [4, 5, 6, 39] * 30})
    row = size_matched(stars, chains, ["depth"], draws=200).iloc[0]
    assert row["matched"] == pytest.approx(-4, abs=0.3)  # 1 against 4, 5 and 6
    assert row["difference"] == 1 - (4 + 5 + 6 + 39) / 4


def test_what_is_impossible_is_told():
    with pytest.raises(ParameterError, match="There would be more than 1,000 posts"):
        galton_watson(10, 1.5, most=1000)
    with pytest.raises(ParameterError, match="first: there is no cascade of 2 posts or more"):
        size_matched(pd.DataFrame({"size": [1], "depth": [0]}), pd.DataFrame({"size": [3], "depth": [1]}), ["depth"])
    with pytest.raises(ParameterError, match="There is no cascade"):
        passed_on(pd.DataFrame({"size": []}))
