"""Time and habit: what was out before, how long documents usually take, and on what the others rely."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from woozle.dates import Interval
from woozle.infer.observations import Observations

_HOUR = 3600.0
_SURE = 1e-3  # the least chance of an order that is possible at all
_PRIOR = 3  # the usual delay of all outlets weighs as much as this many hops of one kind of outlet


def chance_before(a: Interval, b: Interval) -> float:
    """Return the chance that a moment in `a` is not after one in `b`, each uniform on its interval.

    Examples
    --------
    >>> from woozle.dates import parse
    >>> chance_before(parse("2024-06-24"), parse("2024-06-24"))
    0.5
    >>> round(chance_before(parse("2024-06-24/2024-06-27"), parse("2024-06-24")), 3)
    0.125
    """
    (a0, a1), (b0, b1) = ((span.earliest.timestamp(), span.latest.timestamp()) for span in (a, b))
    if a1 <= b0:
        return 1.0
    if a0 >= b1:
        return float(a0 == b0 and a1 == b1)

    def area(moment: float) -> float:  # under the share of `a` that is over by a moment
        inside = min(max(moment - a0, 0.0), a1 - a0)
        return (inside**2 / (2 * (a1 - a0)) if a1 > a0 else 0.0) + max(moment - a1, 0.0)

    if b1 == b0:
        return (b0 - a0) / (a1 - a0)
    return (area(b1) - area(b0)) / (b1 - b0)


class Timing:
    """When documents were out, and who usually relies on whom.

    Parameters
    ----------
    observed
        The documents.
    """

    names = (
        "recency",
        "latest",
        "hours",
        "first_out",
        "usual_delay",
        "habit",
        "relied_on",
        "kind_relied_on",
        "same_language",
    )

    def __init__(self, observed: Observations):
        self.observed = observed
        self._place = {name: place for place, name in enumerate(observed.documents)}
        self._order = sorted(observed.documents, key=lambda name: observed.documents[name].middle)

    def candidates(self, citing: str) -> tuple[list[str], dict[str, float]]:
        """Return what a document may rely on, and the logarithm of the chance that each was out before it.

        Left out is what surely came later, what rests on the document itself, and what a person has rejected.
        """
        observed = self.observed
        spans = observed.spans_without(citing)
        below = observed.below(citing, observed.hops_without(citing))
        candidates = {}
        for name in observed.documents:
            if name in below or (name, citing) in observed.rejected:
                continue
            chance = chance_before(spans[name], spans[citing])
            if spans[name] == spans[citing] and spans[name].earliest == spans[name].latest:
                chance = float(self._place[name] < self._place[citing])  # the same second: by their order
            if chance > 0:
                candidates[name] = math.log(max(chance, _SURE))
        return list(candidates), candidates

    def features(self, citing: str, candidates: Sequence[str]) -> Mapping[str, np.ndarray]:
        """Return the features of each candidate, by name."""
        items = self.observed.documents
        item = items[citing]
        middles = np.array([items[name].middle for name in candidates])
        later = np.array([(middles > middle).sum() for middle in middles]) if len(middles) else np.zeros(0)
        hours = np.maximum(item.middle - middles, 0.0) / _HOUR
        hops = self.observed.hops_without(citing)
        relied = Counter(cited for cited, _ in hops)
        between = Counter((items[cited].outlet, items[of].outlet) for cited, of in hops)
        first = self._order[0] if self._order else ""
        return {
            "recency": -later / max(len(candidates) - 1, 1),
            "latest": (later == 0).astype(float),
            "hours": np.log1p(hours),
            "first_out": np.array([float(name == first) for name in candidates]),
            "usual_delay": self._usual(item.outlet_kind, hours, hops),
            "habit": np.array([math.log1p(between[items[name].outlet, item.outlet]) for name in candidates]),
            "relied_on": np.array([math.log1p(relied[name]) for name in candidates]),
            "kind_relied_on": self._kinds(candidates, relied),
            "same_language": np.array([float(items[name].language == item.language != "") for name in candidates]),
        }

    def _kinds(self, candidates: Sequence[str], relied: Counter[str]) -> np.ndarray:
        """Return how usual it is to rely on other documents of the kind of each candidate: a logarithm of odds."""
        items = self.observed.documents
        if not relied:
            return np.zeros(len(candidates))
        of_kind = Counter(item.kind for item in items.values())
        used = Counter(items[name].kind for name in relied)
        yes = np.array([used[items[name].kind] - (name in relied) for name in candidates]) + 0.5
        no = np.array([of_kind[items[name].kind] - 1 for name in candidates]) + 1.0 - yes
        return np.log(yes / no)

    def _usual(self, kind: str, hours: np.ndarray, hops: Sequence[tuple[str, str]]) -> np.ndarray:
        """Return how usual each delay is for a kind of outlet, from 0 (its median) down to -1 (far from it).

        Delays are compared by their logarithms. If a kind has few hops, the median of all hops is mixed in. -1 means
        three median distances or more.
        """
        items = self.observed.documents
        delays = [(items[of], math.log1p(max(items[of].middle - items[by].middle, 0.0) / _HOUR)) for by, of in hops]
        if len(delays) < _PRIOR:
            return np.zeros(len(hours))
        values = np.array([delay for _, delay in delays])
        own = [delay for of, delay in delays if of.outlet_kind == kind]
        usual = (len(own) * np.median(own or [0.0]) + _PRIOR * np.median(values)) / (len(own) + _PRIOR)
        spread = max(np.median(np.abs(values - usual)), 0.5)
        return -np.minimum(np.abs(np.log1p(hours) - usual) / (3 * spread), 1.0)


def unsourced(observed: Observations, citing: str) -> float:
    """Return how usual it is for documents of this kind to have no known source: a logarithm of odds, 0 if not known.

    Half a document with and half a document without a source are added, so that a kind with few is not extreme.
    """
    if not observed.hops:
        return 0.0
    kind = observed.documents[citing].kind
    others = [name for name, item in observed.documents.items() if item.kind == kind and name != citing]
    without = sum(not observed.sources[name] for name in others)
    return math.log((without + 0.5) / (len(others) - without + 0.5))
