"""Choose sources for all documents at once: nobody relies on what relies on it, or on what came too late.

Each document chooses by the model as if the choices of the others were known; what would close a circle, or make
a chain that the dates do not allow, is left out. Drawing anew in turns (Gibbs sampling) gives the joint distribution
whose conditionals these are; the model is fitted to the same conditionals (Besag, The Statistician 24, 1975).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from woozle.infer.model import NOBODY, Model
from woozle.infer.observations import Observations

SWEEPS = 300
_BURN = 50  # sweeps that are thrown away


class Forest:
    """The documents without a known source, each with its choice.

    Parameters
    ----------
    observed
        The documents and their known hops.
    pairs
        The documents that choose, with their candidates: see `woozle.infer.Evidence.pairs`.
    model
        The weights.
    """

    def __init__(self, observed: Observations, pairs: pd.DataFrame, model: Model):
        self.names = list(observed.documents)
        number = {name: place for place, name in enumerate(self.names)} | {NOBODY: -1}
        spans = [observed.documents[name].span for name in self.names]
        self._low = [span.earliest.timestamp() for span in spans]
        self._high = [span.latest.timestamp() for span in spans]
        scores = model.scores(pairs)
        self.candidates: dict[int, np.ndarray] = {}
        self._weights: dict[int, np.ndarray] = {}
        for citing, rows in pairs.groupby("citing", sort=False).indices.items():
            name = str(citing)
            self.candidates[number[name]] = np.array([number[cited] for cited in pairs["cited"].to_numpy()[rows]])
            self._weights[number[name]] = np.exp(scores[rows] - scores[rows].max())
        # Known hops into a document that chooses are ignored: its choice replaces them.
        self._above: list[set[int]] = [set() for _ in self.names]
        self._below: list[set[int]] = [set() for _ in self.names]
        for cited, citing in observed.hops:
            if number[citing] not in self.candidates:
                self._link(number[cited], number[citing])

    def _link(self, cited: int, citing: int) -> None:
        self._above[citing].add(cited)
        self._below[cited].add(citing)

    def _unlink(self, cited: int, citing: int) -> None:
        self._above[citing].discard(cited)
        self._below[cited].discard(citing)

    def draw(self, draws: int, seed: int = 0) -> tuple[np.ndarray, list[np.ndarray]]:
        """Return drawn choices, and the probability of each candidate.

        Returns
        -------
        array, list of arrays
            Draws × choosing documents: the number of the chosen source, -1 for nobody; and for each choosing document
            the mean probability of each of its candidates over the draws.
        """
        random = np.random.default_rng([seed, 3])
        free = list(self.candidates)
        chosen = dict.fromkeys(free, -1)
        sums = [np.zeros(len(self.candidates[place])) for place in free]
        kept = np.full((draws, len(free)), -1)
        tangled = self._tangled()
        self._prepare()
        steps = _BURN + max(SWEEPS, draws) if tangled else draws
        for sweep in range(steps):
            for column, place in enumerate(free):
                if chosen[place] >= 0:
                    self._unlink(chosen[place], place)
                weights = self._weights[place]
                if place in tangled:
                    weights = weights * self._possible(place)
                weights = weights / weights.sum()
                sum_to = weights.cumsum()
                number = (sum_to / sum_to[-1]).searchsorted(random.random(), side="right")
                chosen[place] = int(self.candidates[place][number])
                if chosen[place] >= 0:
                    self._link(chosen[place], place)
                if not tangled or sweep >= _BURN:
                    sums[column] += weights
            if sweep >= steps - draws:
                kept[sweep - (steps - draws)] = [chosen[place] for place in free]
        for place in free:
            if chosen[place] >= 0:
                self._unlink(chosen[place], place)
        return kept, [total / total.sum() for total in sums]

    def _prepare(self) -> None:
        """Compute, before anything is chosen, when each document can be out, and whether that depends on choices.

        The last entry, reached by the index -1, is nobody: out at any time, and dependent on nothing.
        """
        known: dict[int, float] = {}
        names = range(len(self.names))
        self._fixed = np.array([*(self._earliest(name, known) for name in names), -np.inf])
        hangs = [not self.candidates.keys().isdisjoint(self._reach(name, self._above)) for name in names]
        self._settled = {name: self._fixed[name] for name in names if not hangs[name]}
        hangs = np.array([*hangs, False])
        self._open = {place: np.flatnonzero(hangs[candidates]) for place, candidates in self.candidates.items()}

    def _tangled(self) -> set[int]:
        """Return the documents whose choice may collide with others: those of uncertain date that may form a circle."""
        import networkx as nx

        graph = nx.DiGraph((cited, citing) for citing, above in enumerate(self._above) for cited in above)
        for place, candidates in self.candidates.items():
            graph.add_edges_from((int(cited), place) for cited in candidates if cited >= 0)
        circles = {name for part in nx.strongly_connected_components(graph) if len(part) > 1 for name in part}
        # Without a circle a chain may still be too long for its dates where one of its documents has an interval.
        wide = {place for place in self.candidates if self._low[place] < self._high[place]}
        return (circles | wide) & set(self.candidates)

    def _possible(self, place: int) -> np.ndarray:
        """Return which candidates neither rest on a document nor come too late for all that rests on it."""
        below = self._reach(place, self._below)
        latest = min(self._high[name] for name in below)
        candidates = self.candidates[place]
        allowed = self._fixed[candidates] <= latest
        known = dict(self._settled)
        for row in self._open[place]:  # what these rest on hangs on other choices
            allowed[row] = self._earliest(int(candidates[row]), known) <= latest
        rests_on_it = np.zeros(len(self.names) + 1, dtype=bool)  # the last place is nobody's
        rests_on_it[list(below)] = True
        return allowed & ~rests_on_it[candidates]

    def _earliest(self, place: int, known: dict[int, float]) -> float:
        left = [place]
        while left:
            name = left[-1]
            waiting = [other for other in self._above[name] if other not in known] if name not in known else []
            if waiting:
                left.extend(waiting)
            else:
                left.pop()
                if name not in known:
                    known[name] = max([self._low[name], *(known[other] for other in self._above[name])])
        return known[place]

    @staticmethod
    def _reach(place: int, links: list[set[int]]) -> set[int]:
        reached, left = {place}, [place]
        while left:
            for name in links[left.pop()]:
                if name not in reached:
                    reached.add(name)
                    left.append(name)
        return reached

    def sources(self, drawn: np.ndarray) -> list[Mapping[str, str]]:
        """Return for each draw the source of each document; documents that rely on nobody are left out."""
        free = [self.names[place] for place in self.candidates]
        return [{name: self.names[cited] for name, cited in zip(free, row, strict=True) if cited >= 0} for row in drawn]
