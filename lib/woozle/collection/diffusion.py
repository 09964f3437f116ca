"""Who gets things from whom where no links are kept: the network along which many cascades most probably spread.

NetInf (Gomez-Rodriguez, Leskovec & Krause 2010): of many things it is known who had them when, and nothing else. Edges
are chosen one after the other, each the one that makes the cascades most probable given those before.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numba
import numpy as np
import pandas as pd

from woozle.collection.columns import codes_of, seconds_of, text_columns
from woozle.errors import ParameterError, did_you_mean

MODELS = ("exponential", "power", "rayleigh")
_LOG_EPSILON = 64 * np.log(10)  # that a thing came from outside the network has the probability 1e-64
_MOST = 300_000_000  # of pairs of an earlier and a later node in one cascade


@dataclass(frozen=True, eq=False)
class Diffusion:
    """The network that was found.

    Attributes
    ----------
    edges : DataFrame
        One row an edge, in the order in which they were chosen: `source`, `target`, `gain` (by how much the logarithm
        of the probability of all cascades rose), `explains` (in how many cascades it was the likeliest way to its
        target when it was chosen), `median_seconds` between the two in all cascades; with `bounds` also `attained` (as
        below, up to this edge). `with_support` adds `support` (in what share of resampled sets of cascades the edge is
        found again).
    attained : float
        A lower bound, from 0 to 1: what share of the best possible gain of as many edges was reached (Leskovec and
        others 2007).
    """

    edges: pd.DataFrame
    attained: float


def diffusion_network(
    infections: pd.DataFrame, edges: int, model: str = "exponential", rate: float = 1.0, bounds: bool = False
) -> Diffusion:
    """Return the network along which things most probably passed.

    Parameters
    ----------
    infections
        One row a node that had a thing: `cascade` (which thing), `node` (an account, an outlet), `time` (moments
        count in seconds; `rate` is per unit of this time).
    edges
        How many edges to find, at most; the search ends when no edge adds anything.
    model
        How long a thing takes from node to node: `exponential`, `power` (law) or `rayleigh`.
    rate
        The parameter alpha of the model: above 0, and above 1 for `power`.
    bounds
        Also compute `attained` for each edge, up to it, and not only for all edges.

    Raises
    ------
    ParameterError
        A column is missing, a value is missing, a node appears twice in a cascade, or a parameter is impossible.

    References
    ----------
    Gomez-Rodriguez, Leskovec & Krause (2010), Inferring networks of diffusion and influence,
    doi 10.1145/1835804.1835933.

    Examples
    --------
    In six cascades a comes right before b, and c some time later.

    >>> times = {"a": 0, "b": 1, "c": 3}
    >>> infections = pd.DataFrame([(n, node, 10 * n + time) for n in range(6) for node, time in times.items()],
    ...     columns=["cascade", "node", "time"])
    >>> diffusion_network(infections, edges=2).edges[["source", "target", "explains"]].to_numpy().tolist()
    [['a', 'b', 6], ['b', 'c', 6]]
    """
    return _Evidence(infections, model, rate).found(edges, bounds)


def with_support(
    infections: pd.DataFrame,
    edges: int,
    model: str = "exponential",
    rate: float = 1.0,
    draws: int = 100,
    seed: int = 0,
) -> Diffusion:
    """Return the network, and for each edge in what share of resampled sets of cascades it is found again (bootstrap).

    Parameters
    ----------
    infections, edges, model, rate
        As for `diffusion_network`.
    draws, seed
        How many sets of cascades are resampled, and the seed.

    Examples
    --------
    >>> infections = pd.DataFrame([(n, node, time) for n in range(6) for node, time in (("a", 0), ("b", 1))],
    ...     columns=["cascade", "node", "time"])
    >>> with_support(infections, edges=1, draws=10).edges["support"].to_list()
    [1.0]
    """
    evidence = _Evidence(infections, model, rate)
    found, generator = evidence.found(edges), np.random.default_rng(seed)
    sure = np.zeros(len(found.edges))
    chosen = evidence.chosen
    for _ in range(draws):
        times_drawn = np.bincount(
            generator.integers(evidence.cascades, size=evidence.cascades), minlength=evidence.cascades
        )
        again, _, _, _ = evidence.greedy(edges, times_drawn.astype(float))
        sure += np.isin(chosen, again)
    return Diffusion(found.edges.assign(support=sure / draws), found.attained)


class _Evidence:
    """All pairs of an earlier and a later node of a cascade, in the order of edges."""

    def __init__(self, infections: pd.DataFrame, model: str, rate: float):
        if model not in MODELS:
            raise ParameterError(f"model='{model}' is none of {', '.join(MODELS)}.{did_you_mean(model, MODELS)}")
        if not rate > (1 if model == "power" else 0):
            raise ParameterError(f"rate={rate}: above {1 if model == 'power' else 0} is needed.")
        names = text_columns(_as_text(infections), ("cascade", "node"))
        cascades, of_cascades = codes_of(names["cascade"])
        nodes, self.names = codes_of(names["node"])
        times = seconds_of(infections["time"]).astype(float) if "time" in infections else None
        if times is None:
            raise ParameterError("The column 'time' is missing.")
        order = np.lexsort((times, cascades))
        cascades, nodes, times = cascades[order], nodes[order], times[order]
        twice = pd.Series(cascades * len(self.names) + nodes).duplicated().to_numpy()
        if twice.any():
            place = int(twice.argmax())
            raise ParameterError(
                f"'{self.names[nodes[place]]}' appears twice in cascade '{of_cascades[cascades[place]]}'. Keep one."
            )
        self.cascades = len(of_cascades)
        first, behind = _earlier(cascades, times)
        count = int((behind - first).sum())
        if count > _MOST:
            raise ParameterError(
                f"The cascades hold {count:,} pairs of an earlier and a later node, more than {_MOST:,}. Shorten them."
            )
        edge, self.later, self.gap = _spread(nodes, times, first, behind, count, len(self.names))
        by_edge = np.argsort(edge, kind="stable")
        edge, self.later, self.gap = edge[by_edge], self.later[by_edge], self.gap[by_edge]
        starts = np.flatnonzero(np.diff(edge, prepend=-1))
        self.edge, self.starts = edge[starts], np.append(starts, len(edge))
        self.value = _log_density(self.gap, model, rate) + _LOG_EPSILON
        self.of_later = cascades
        self.chosen = np.empty(0, dtype=np.int64)

    def greedy(
        self, edges: int, weights: np.ndarray, bounds: bool = False
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return the edges that were chosen, their gains, what each explains, and how much of the best is attained.

        Without `bounds`, how much is attained is computed for the last edge only.
        """
        if edges < 1:
            raise ParameterError(f"edges={edges}: 1 or more are needed.")
        best = np.zeros(len(self.of_later))
        return _greedy(self.starts, self.later, self.value, weights[self.of_later], best, edges, bounds)

    def found(self, edges: int, bounds: bool = False) -> Diffusion:
        """Return the network of the cascades as they are."""
        places, gains, explains, attained = self.greedy(edges, np.ones(self.cascades), bounds)
        self.chosen = places
        codes = self.edge[places]
        gaps = [np.median(self.gap[self.starts[place] : self.starts[place + 1]]) for place in places]
        table = pd.DataFrame(
            {
                "source": self.names[codes // len(self.names)], "target": self.names[codes % len(self.names)],
                "gain": gains, "explains": explains, "median_seconds": gaps,
            }
        )  # fmt: skip
        if bounds:
            table["attained"] = attained
        return Diffusion(table, float(attained[-1]) if len(attained) else 1.0)


def _as_text(infections: pd.DataFrame) -> pd.DataFrame:
    """Return the table with whole numbers in its names as text."""
    whole = [
        name for name in ("cascade", "node")
        if name in infections and pd.api.types.is_integer_dtype(infections[name].dtype)
    ]  # fmt: skip
    return infections.astype(dict.fromkeys(whole, "str"))


def _log_density(gap: np.ndarray, model: str, rate: float) -> np.ndarray:
    """Return the logarithm of the density of a delay."""
    if model == "exponential":
        return np.log(rate) - rate * gap
    if model == "power":
        return np.log(rate - 1) - rate * np.log(gap)
    return np.log(rate) + np.log(gap) - rate * gap**2 / 2


def _earlier(cascades: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each node the places that are surely earlier in its cascade: the first, and one after the last."""
    places = np.arange(len(cascades))
    new = np.diff(cascades, prepend=-1) != 0
    later = new | (np.diff(times, prepend=np.nan) != 0)
    return np.maximum.accumulate(np.where(new, places, 0)), np.maximum.accumulate(np.where(later, places, 0))


@numba.njit(cache=True)
def _spread(nodes, times, first, behind, count, width):
    """Return of each pair the edge as a number, the place of the later node, and the time between them."""
    edge, later, gap = np.empty(count, np.int64), np.empty(count, np.int32), np.empty(count)
    at = 0
    for place in range(len(nodes)):
        for other in range(first[place], behind[place]):
            edge[at] = nodes[other] * width + nodes[place]
            later[at], gap[at] = place, times[place] - times[other]
            at += 1
    return edge, later, gap


@numba.njit(cache=True)
def _gain(start, stop, later, value, weights, best):
    """Return by how much an edge makes the cascades more probable, given the best source so far of each."""
    gain = 0.0
    for at in range(start, stop):
        more = value[at] - best[later[at]]
        if more > 0:
            gain += more * weights[later[at]]
    return gain


@numba.njit(cache=True)
def _above(gains, places, one, other):
    """Return whether an entry of the heap stands above another: the larger gain, of equals the first place."""
    return gains[one] > gains[other] or (gains[one] == gains[other] and places[one] < places[other])


@numba.njit(cache=True)
def _swap(gains, places, one, other):
    gains[one], gains[other] = gains[other], gains[one]
    places[one], places[other] = places[other], places[one]


@numba.njit(cache=True)
def _sink(gains, places, at, size):
    """Let the entry at a place of the heap sink to where it belongs."""
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and _above(gains, places, child + 1, child):
            child += 1
        if not _above(gains, places, child, at):
            return
        _swap(gains, places, at, child)
        at = child


@numba.njit(cache=True)
def _rise(gains, places, at):
    """Let the entry at a place of the heap rise to where it belongs."""
    while at > 0 and _above(gains, places, at, (at - 1) // 2):
        _swap(gains, places, at, (at - 1) // 2)
        at = (at - 1) // 2


@numba.njit(cache=True)
def _freshen(gains, places, size, counted, found, starts, later, value, weights, best):
    """Bring the largest gain to the top of the heap. Gains only fall, so most need not be computed again."""
    while counted[places[0]] != found:
        place = places[0]
        gains[0] = _gain(starts[place], starts[place + 1], later, value, weights, best)
        counted[place] = found
        _sink(gains, places, 0, size)


@numba.njit(cache=True)
def _could_add(gains, places, size, counted, found, starts, later, value, weights, best):
    """Return how much as many further edges could add at most, each by itself: the best can't be further away."""
    more, left = 0.0, size
    while left > max(0, size - found):
        _freshen(gains, places, left, counted, found, starts, later, value, weights, best)
        if gains[0] <= 0:
            break
        more += gains[0]
        left -= 1
        _swap(gains, places, 0, left)
        _sink(gains, places, 0, left)
    for at in range(left, size):
        _rise(gains, places, at)
    return more


@numba.njit(cache=True)
def _greedy(starts, later, value, weights, best, edges, each):
    """Choose edges one by one, the one that adds most (lazy evaluation); bounds of each, or of the last alone."""
    size = len(starts) - 1
    gains, places = np.empty(size), np.arange(size)
    for place in range(size):
        gains[place] = _gain(starts[place], starts[place + 1], later, value, weights, best)
    for at in range(size // 2 - 1, -1, -1):
        _sink(gains, places, at, size)
    chosen, won, counted = np.empty(edges, np.int64), np.empty(edges), np.zeros(size, np.int64)
    explains, attained = np.zeros(edges, np.int64), np.ones(edges)
    found, total = 0, 0.0
    while found < edges and size > 0:
        _freshen(gains, places, size, counted, found, starts, later, value, weights, best)
        if gains[0] <= 0:
            break
        place = places[0]
        chosen[found], won[found] = place, gains[0]
        total += gains[0]
        for at in range(starts[place], starts[place + 1]):
            if value[at] > best[later[at]]:
                best[later[at]] = value[at]
                explains[found] += 1
        found += 1
        size -= 1
        _swap(gains, places, 0, size)
        _sink(gains, places, 0, size)
        if each:
            more = _could_add(gains, places, size, counted, found, starts, later, value, weights, best)
            attained[found - 1] = total / (total + more)
    if found and not each:
        more = _could_add(gains, places, size, counted, found, starts, later, value, weights, best)
        attained[found - 1] = total / (total + more)
    return chosen[:found], won[:found], explains[:found], attained[:found]


def read_infections(path: Path | str) -> pd.DataFrame:
    """Return the cascades of a file in the format of SNAP's NetInf: nodes, an empty line, one cascade a line.

    Returns
    -------
    DataFrame
        One row a node of a cascade: `cascade` (the number of its line), `node`, `time` (as in the file).

    Raises
    ------
    ParameterError
        A line holds no pairs of node and time, or there is no empty line.
    """
    lines = Path(path).read_text("utf-8").splitlines()
    if "" not in lines:
        raise ParameterError(f"{path}: an empty line between nodes and cascades is missing.")
    start = lines.index("")
    names = dict(line.split(",", 1) for line in lines[:start])
    rows = []
    for number, line in enumerate(lines[start + 1 :], start=start + 2):
        cells = line.split(",")
        try:
            pairs = list(zip(cells[::2], map(float, cells[1::2]), strict=True)) if line else []
        except ValueError as error:
            raise ParameterError(f"{path}, line {number}: pairs of a node and a time are needed.") from error
        rows += [(str(number), names.get(node, node), time) for node, time in pairs]
    return pd.DataFrame(rows, columns=["cascade", "node", "time"])
