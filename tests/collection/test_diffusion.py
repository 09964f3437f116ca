"""Networks from cascades without links: edge by edge those that SNAP's program found."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from woozle.collection.diffusion import diffusion_network, read_infections, with_support
from woozle.errors import ParameterError

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "netinf"


def infections(*cascades):
    """Return cascades of pairs of node and time."""
    rows = [(f"c{number}", node, time) for number, of in enumerate(cascades) for node, time in of]
    return pd.DataFrame(rows, columns=["cascade", "node", "time"])


@pytest.mark.skipif(not DATA.is_dir(), reason=f"the cascades of SNAP are not there: {DATA.name}")
@pytest.mark.parametrize("name", ["example", "made-512"])
def test_the_edges_are_those_of_snap_in_its_order_with_its_gains(name):
    told = [line.split("/") for line in (DATA / f"{name}-reference-edges.info").read_text().splitlines()[1:]]
    found = diffusion_network(read_infections(DATA / f"{name}-cascades.txt"), edges=len(told)).edges
    assert list(zip(found["source"], found["target"], strict=True)) == [(row[0], row[1]) for row in told]
    assert found["gain"].to_numpy() == pytest.approx([float(row[3]) for row in told], rel=1e-6)
    assert found["explains"].to_list() == [int(row[2]) for row in told]


def test_the_first_edge_is_the_one_that_explains_most():
    """a comes right before b in three cascades, long before c in two: from b to c is shorter."""
    of = infections([("a", 0), ("b", 1), ("c", 2)], [("a", 0), ("b", 1), ("c", 2)], [("a", 5), ("b", 6)])
    found = diffusion_network(of, edges=5).edges
    assert found[["source", "target"]].to_numpy().tolist() == [["a", "b"], ["b", "c"]]
    # Each cascade gains the logarithm of e^-1 over 1e-64.
    assert found["gain"].to_list() == pytest.approx([3 * (64 * np.log(10) - 1), 2 * (64 * np.log(10) - 1)])


def test_the_greedy_choice_is_that_of_trying_every_edge():
    draw = np.random.default_rng(2)
    of = infections(*([(str(node), float(draw.random() * 5)) for node in range(6)] for _ in range(8)))
    found = diffusion_network(of, edges=6, bounds=True)
    times = of.pivot(index="cascade", columns="node", values="time").to_numpy()

    def gained(edges):
        best = np.zeros(times.shape)
        for a, b in edges:
            gap = times[:, b] - times[:, a]
            best[:, b] = np.maximum(best[:, b], np.where(gap > 0, 64 * np.log(10) - gap, 0))
        return best.sum()

    chosen = []
    for _ in range(6):
        chosen.append(max(((a, b) for a in range(6) for b in range(6) if a != b), key=lambda e: gained([*chosen, e])))
    assert [(int(a), int(b)) for a, b in zip(found.edges["source"], found.edges["target"], strict=True)] == chosen
    assert found.attained == found.edges["attained"].iloc[-1] == diffusion_network(of, edges=6).attained
    every = [(a, b) for a in range(6) for b in range(6) if a != b]
    for count, attained in enumerate(found.edges["attained"], start=1):
        had = gained(chosen[:count])
        more = sorted((gained([*chosen[:count], edge]) - had for edge in every), reverse=True)[:count]
        assert attained == pytest.approx(had / (had + sum(more)))
        if count <= 3:
            assert had / max(map(gained, itertools.combinations(every, count))) >= attained > 0.5


@pytest.mark.parametrize("model", ["power", "rayleigh"])
def test_other_models_find_a_plain_chain(model):
    of = infections(*([("a", 0), ("b", 1.2), ("c", 2.4)] for _ in range(5)))
    found = diffusion_network(of, edges=2, model=model, rate=2.0).edges
    assert found[["source", "target"]].to_numpy().tolist() == [["a", "b"], ["b", "c"]]


def test_an_edge_of_one_cascade_has_less_support_than_one_of_many():
    of = infections(*([("a", 0), ("b", 1)] for _ in range(20)), [("c", 0), ("d", 1)])
    support = with_support(of, edges=2, draws=200).edges.set_index("source")["support"]
    assert support["a"] == 1
    assert support["c"] == pytest.approx(1 - (20 / 21) ** 21, abs=0.1)  # it is drawn at least once


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda of: pd.concat([of, of.tail(1)]), "'b' appears twice in cascade 'c0'"),
        (lambda of: of.assign(time=np.nan), "Column 'time' has no time in 2 rows"),
        (lambda of: of.drop(columns="node"), "The column 'node' is missing"),
    ],
)
def test_faults_are_told(change, told):
    with pytest.raises(ParameterError, match=told):
        diffusion_network(change(infections([("a", 0), ("b", 1)])), edges=1)
    with pytest.raises(ParameterError, match="model='gauss' is none of exponential, power, rayleigh"):
        diffusion_network(infections([("a", 0), ("b", 1)]), edges=1, model="gauss")
