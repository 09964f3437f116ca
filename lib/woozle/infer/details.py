"""Shared details: two claim versions that agree on something rare probably have it from one another.

Each field is weighed as in the linking of records (Fellegi and Sunter, JASA 64, 1969): to agree speaks for a hop by how
rarely two documents agree on that code by chance, to differ speaks against it. A mistake that two documents share is
rare in its case, and so the strongest sign.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from woozle.infer.observations import Observation, Observations
from woozle.infer.wording import tokens

# How often the codes of a slot agree along a hop. Assumed, the same in all cases.
AGREE = 0.8
_COMMON = 0.75  # no code is taken to be commoner than this: agreement never speaks against a hop
_RARE = 2  # a word in so few documents, or fewer, is rare
_STATEMENT = ("modality", "certainty")


class Details:
    """What the codes of two documents have in common.

    Parameters
    ----------
    observed
        The documents.
    """

    names = ("details", "statement", "same_speaker", "both_coded", "from_silence", "rare_words")

    def __init__(self, observed: Observations):
        self.observed = observed
        coded = [item for item in observed.documents.values() if item.versions]
        self._coded = len(coded)
        fields = (*observed.slots, *_STATEMENT, "said_by")
        self._counts = {field: Counter(item.lead.get(field, "") for item in coded) for field in fields}
        self._words = {name: set(tokens(item.words)) for name, item in observed.documents.items()}
        self._spread = Counter(word for words in self._words.values() for word in words)

    def weight(self, field: str, code: str, other: str, citing: Observation) -> float:
        """Return how much two codes of a field speak for a hop, as a natural logarithm; 0 if one is not known."""
        if not code or not other:
            return 0.0
        count = self._counts[field][code] - (citing.lead.get(field) == code)
        chance = min((count + 0.5) / max(self._coded, 1), _COMMON)
        return math.log(AGREE / chance) if code == other else math.log((1 - AGREE) / (1 - chance))

    def agreeing(self, citing: str, cited: str) -> tuple[str, ...]:
        """Return the slots on which two documents agree, the rarest agreement first."""
        item, other = self.observed.documents[citing], self.observed.documents[cited]
        version = self._nearest(item, other)
        weights = {
            slot: self.weight(slot, item.lead.get(slot, ""), version.get(slot, ""), item)
            for slot in self.observed.slots
        }
        return tuple(slot for slot in sorted(weights, key=weights.__getitem__, reverse=True) if weights[slot] > 0)

    def _nearest(self, item: Observation, other: Observation) -> Mapping[str, str]:
        """Return the version of the other document that agrees best."""
        return max(other.versions, key=lambda version: self._sum(item, version, self.observed.slots), default={})

    def _sum(self, item: Observation, version: Mapping[str, str], fields: Iterable[str]) -> float:
        return sum(self.weight(field, item.lead.get(field, ""), version.get(field, ""), item) for field in fields)

    def features(self, citing: str, candidates: Sequence[str]) -> Mapping[str, np.ndarray]:
        """Return the features of each candidate, by name."""
        item = self.observed.documents[citing]
        rows = {name: np.zeros(len(candidates)) for name in self.names}
        for place, name in enumerate(candidates):
            other = self.observed.documents[name]
            shared = self._words[citing] & self._words[name]
            rare = [math.log(_RARE * 2 / self._spread[word]) for word in shared if self._spread[word] <= _RARE]
            rows["rare_words"][place] = math.log1p(sum(rare))
            if not item.versions or not other.versions:
                continue
            version = self._nearest(item, other)
            rows["both_coded"][place] = 1
            rows["details"][place] = self._sum(item, version, self.observed.slots)
            rows["statement"][place] = self._sum(item, version, _STATEMENT)
            rows["same_speaker"][place] = self._sum(item, version, ("said_by",))
            silent = [codes.get("modality", "none") == "none" for codes in (item.lead, version)]
            rows["from_silence"][place] = silent[1] and not silent[0]
        return rows
