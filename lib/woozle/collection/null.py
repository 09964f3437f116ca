"""Tests of these measures for others: cascades made by known rules, and estimates of these rules with intervals."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from woozle.collection.columns import column_of
from woozle.errors import ParameterError

LEVEL = 0.9


class Estimate(NamedTuple):
    """An estimate with its 90 % interval."""

    value: float
    low: float
    high: float


def galton_watson(
    cascades: int, mean: float, hours: float = 1.0, seed: int = 0, most: int = 10_000_000
) -> tuple[np.ndarray, np.ndarray]:
    """Return a forest in which each post is passed on by chance (Galton & Watson 1875).

    Parameters
    ----------
    cascades
        How many begin.
    mean
        How often a post is passed on, on average (Poisson).
    hours
        How many hours it takes to be passed on, on average (exponential).
    seed
        Of the draws.
    most
        Stop with an error before there are more posts: with a mean of 1 or more a cascade need not end.

    Returns
    -------
    parents, times : arrays
        As `woozle.collection.cascades` takes them; seconds. Each parent stands before its children.

    Examples
    --------
    >>> parents, times = galton_watson(1000, mean=0.5)
    >>> 1.8 < len(parents) / 1000 < 2.2
    True
    """
    if cascades < 1 or mean < 0 or not hours > 0:
        raise ParameterError("cascades and hours are above 0, mean is 0 or more.")
    draw = np.random.default_rng(seed)
    parents, times = [np.full(cascades, -1, dtype=np.int64)], [draw.random(cascades) * 86_400]
    start, count = 0, cascades
    while len(times[-1]):
        children = draw.poisson(mean, len(times[-1]))
        above = np.repeat(np.arange(start, count), children)
        if count + len(above) > most:
            raise ParameterError(f"There would be more than {most:,} posts. Take a smaller mean, or fewer cascades.")
        parents.append(above)
        times.append(times[-1][above - start] + draw.exponential(hours * 3600, len(above)))
        start, count = count, count + len(above)
    return np.concatenate(parents), np.concatenate(times)


def passed_on(shapes: pd.DataFrame, draws: int = 1000, seed: int = 0) -> Estimate:
    """Return how often a post is passed on, on average; the 90 % interval comes from resampled cascades.

    Parameters
    ----------
    shapes
        As `woozle.collection.cascades` returns them. Cascades that are still growing make the result too small.

    Examples
    --------
    >>> passed_on(pd.DataFrame({"size": [1, 3]})).value
    0.5
    """
    sizes = column_of(shapes, "size").to_numpy(dtype=float)
    if not len(sizes):
        raise ParameterError("There is no cascade.")
    return _with_interval(sizes - 1, sizes, draws, seed)


def independent_cascades(
    edges: pd.DataFrame, probability: float, cascades: int, hours: float = 1.0, seed: int = 0
) -> pd.DataFrame:
    """Return cascades over a network: whoever has a thing passes it on along each edge once, by chance.

    Parameters
    ----------
    edges
        Columns `source` and `target`.
    probability
        The probability that an edge passes a thing on.
    cascades
        How many; each begins at a node that is drawn evenly.
    hours
        How many hours an edge takes, on average (exponential).
    seed
        Of the draws.

    Returns
    -------
    DataFrame
        One row a node that was reached: `cascade`, `node`, `time` (s), `parent` (a node; empty where it began).

    References
    ----------
    Goldenberg, Libai & Muller (2001); Kempe, Kleinberg & Tardos (2003), doi 10.1145/956750.956769.

    Examples
    --------
    >>> edges = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"]})
    >>> reached = independent_cascades(edges, probability=1, cascades=50)
    >>> set(reached[reached["parent"] == "b"]["node"])
    {'c'}
    """
    if not 0 <= probability <= 1 or cascades < 1 or not hours > 0:
        raise ParameterError("probability is a number from 0 to 1; cascades and hours are above 0.")
    draw = np.random.default_rng(seed)
    neighbours = _neighbours(edges)
    nodes = sorted(set(edges["source"]) | set(edges["target"]))
    rows: list[tuple[int, str, float, str]] = []
    for cascade in range(cascades):
        root = nodes[draw.integers(len(nodes))]
        best, waiting = {root: (0.0, "")}, [root]
        done = set[str]()
        while waiting:
            node = min(waiting, key=lambda name: best[name][0])
            waiting.remove(node)
            done.add(node)
            for other in neighbours.get(node, ()):
                if other in done or draw.random() >= probability:
                    continue
                at = best[node][0] + draw.exponential(hours * 3600)
                if other not in best:
                    waiting.append(other)
                if other not in best or at < best[other][0]:
                    best[other] = at, node
        rows += [(cascade, node, at, parent) for node, (at, parent) in best.items()]
    table = pd.DataFrame(rows, columns=["cascade", "node", "time", "parent"])
    return table.astype({"cascade": "str"})


def edge_probability(edges: pd.DataFrame, reached: pd.DataFrame, draws: int = 1000, seed: int = 0) -> Estimate:
    """Return the probability that an edge passes a thing on, where it is known who had it from whom.

    A chance is an edge from a node that had the thing to one that did not have it yet. If several edges reach a node,
    only the first is seen. So the result is too low, but in sparse networks by little.

    Parameters
    ----------
    edges
        Columns `source` and `target`.
    reached
        As `independent_cascades` returns it.
    draws, seed
        How often cascades are resampled for the 90 % interval, and the seed.

    Examples
    --------
    >>> edges = pd.DataFrame({"source": ["a", "a"], "target": ["b", "c"]})
    >>> reached = pd.DataFrame({"cascade": ["0", "0"], "node": ["a", "b"], "time": [0, 5], "parent": ["", "a"]})
    >>> edge_probability(edges, reached).value
    0.5
    """
    neighbours = _neighbours(edges)
    used, chances = [], []
    for _, of in reached.groupby("cascade", sort=False):
        times = dict(zip(of["node"], of["time"], strict=True))
        chances.append(
            sum(times.get(other, np.inf) > at for node, at in times.items() for other in neighbours.get(node, ()))
        )
        used.append(int((of["parent"] != "").sum()))
    if not sum(chances):
        raise ParameterError("No edge had a chance to pass anything on.")
    return _with_interval(np.array(used, dtype=float), np.array(chances, dtype=float), draws, seed)


def _neighbours(edges: pd.DataFrame) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source, target in zip(column_of(edges, "source"), column_of(edges, "target"), strict=True):
        found.setdefault(source, []).append(target)
    return found


def _with_interval(part: np.ndarray, whole: np.ndarray, draws: int, seed: int) -> Estimate:
    """Return a share of sums over cascades, with the interval of resampled cascades."""
    draw = np.random.default_rng(seed)
    values = np.empty(draws)
    for number in range(draws):
        taken = draw.integers(len(part), size=len(part))
        values[number] = part[taken].sum() / max(whole[taken].sum(), 1.0)
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(float(part.sum() / whole.sum()), float(low), float(high))
