"""One model: each document chooses whom it relies on, or nobody in the collection, by a conditional logit.

The chance that a document relies on a candidate is proportional to the chance that the candidate was out before it,
times the exponential of a weighed sum of features (McFadden 1974). "No source in this collection" is one more
candidate. The weights are fitted on coded collections, with a ridge penalty, so that a few hops do not count too much.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from woozle.errors import ParameterError, did_you_mean, listed
from woozle.infer.attribution import Attribution
from woozle.infer.details import Details
from woozle.infer.observations import Observations
from woozle.infer.timing import Timing, unsourced
from woozle.infer.wording import Wording

NOBODY = ""  # stands for "no source in this collection" among the cited
OF_NOBODY = ("nobody", "unsourced_kind")
FEATURES = (*Attribution.names, *Details.names, *Wording.names, *Timing.names, *OF_NOBODY)
RIDGE = 0.5
# What is used of documents of a case, and of posts of a conversation.
OF_CASES = (
    "attribution",
    "latest_named",
    "speaker",
    "relayed_speaker",
    *Details.names,
    "wording",
    "recency",
    "usual_delay",
    "habit",
    "relied_on",
    "kind_relied_on",
    "same_language",
    *OF_NOBODY,
)
OF_THREADS = (
    "attribution",
    "first_named",
    "latest_named",
    "same_author",
    "addressed",
    "expected_names",
    "one_more_name",
    "names_left_out",
    "rare_words",
    "wording",
    "quoted_post",
    "recency",
    "latest",
    "hours",
    "first_out",
)
# Most features may count only in the direction of their name: with few hops to fit on, chance could reverse the sign.
_AGAINST = ("from_silence", "names_left_out", "hours")
_EITHER = ("same_author", "first_out", "latest", "nobody")


class Evidence:
    """All that speaks for and against each possible hop of a collection.

    Parameters
    ----------
    observed
        The documents.
    """

    def __init__(self, observed: Observations):
        self.observed = observed
        self.attribution = Attribution(observed)
        self.details = Details(observed)
        self.wording = Wording(observed)
        self.timing = Timing(observed)

    def pairs(self, documents: Iterable[str] | None = None) -> pd.DataFrame:
        """Return each document with each candidate, without use of what is known of its own hops.

        Parameters
        ----------
        documents
            The documents to look at; all if not given.

        Returns
        -------
        DataFrame
            `collection`, `citing`, `cited` (empty: no source in this collection), `before` (logarithm of the chance
            that it was out before), one column a feature, `known` (the hop is known; in the row
            with empty `cited`: the document has no known hop and speaks for itself, so it surely has no source).
        """
        parts = [self._of(name) for name in (self.observed.documents if documents is None else documents)]
        columns = ["collection", "citing", "cited", "before", *FEATURES, "known"]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)

    def _of(self, citing: str) -> pd.DataFrame:
        candidates, before = self.timing.candidates(citing)
        sources = self.observed.sources[citing]
        values = dict.fromkeys(FEATURES, 0.0)
        for evidence in (self.attribution, self.details, self.wording, self.timing):
            values |= {name: np.append(feature, 0.0) for name, feature in evidence.features(citing, candidates).items()}
        nobody = np.append(np.zeros(len(candidates)), 1.0)
        values |= {"nobody": nobody, "unsourced_kind": nobody * unsourced(self.observed, citing)}
        return pd.DataFrame(
            {"collection": self.observed.name, "citing": citing, "cited": [*candidates, NOBODY]}
            | {"before": [*before.values(), 0.0]}
            | values
            | {"known": [*(name in sources for name in candidates), self._is_origin(citing)]}
        )

    def _is_origin(self, document: str) -> bool:
        return not self.observed.sources[document] and self.observed.documents[document].speaks_for_itself


@dataclass(frozen=True)
class Model:
    """Weights of named features, and how they were made.

    Attributes
    ----------
    weights : mapping of str to float
        By feature; features that are not listed have the weight 0.
    fitted_on : mapping
        What the weights were fitted on, and by which command.
    """

    weights: Mapping[str, float]
    fitted_on: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.weights:
            if name not in FEATURES:
                raise ParameterError(f"There is no feature '{name}'.{did_you_mean(name, FEATURES)}")

    def parts(self, pairs: pd.DataFrame) -> pd.DataFrame:
        """Return what each feature adds to the score of each pair, in natural logarithms of odds."""
        names = list(self.weights)
        return pairs[names].astype(float) * pd.Series(self.weights)

    def scores(self, pairs: pd.DataFrame) -> np.ndarray:
        """Return the score of each pair; the difference of two scores of a document is the logarithm of their odds."""
        return (self.parts(pairs).sum(axis=1) + pairs["before"].astype(float)).to_numpy()

    def probabilities(self, pairs: pd.DataFrame) -> pd.Series:
        """Return the probability of each candidate; for each document they sum to 1."""
        return pd.Series(_softmax(self.scores(pairs), _groups(pairs)), pairs.index, name="probability")

    def save(self, path: Path) -> None:
        """Write the model as JSON."""
        facts = {"fitted_on": dict(self.fitted_on), "weights": {k: round(v, 4) for k, v in self.weights.items()}}
        path.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", "utf-8")


def load_model(name: str = "cases") -> Model:
    """Return a fitted model that comes with woozle: "cases", "threads" (posts) or "uncoded" (cases without hops).

    Raises
    ------
    ParameterError
        There is no model of this name.

    Examples
    --------
    >>> load_model().weights["attribution"] > 0
    True
    """
    folder = resources.files("woozle.infer") / "weights"
    known = sorted(file.name[:-5] for file in folder.iterdir() if file.name.endswith(".json"))
    if name not in known:
        raise ParameterError(f"There is no model '{name}'. Known: {listed(known)}.")
    facts = json.loads((folder / f"{name}.json").read_text("utf-8"))
    return Model(facts["weights"], facts["fitted_on"])


def fit(pairs: pd.DataFrame, features: Sequence[str], ridge: float = RIDGE) -> Model:
    """Return a model with weights fitted by maximum likelihood with a ridge penalty; most may have only one sign.

    If a document has several known hops, any of them is a right answer: its likelihood is the sum over them. A document
    none of whose known sources is a candidate is left out.

    Parameters
    ----------
    pairs
        See `Evidence.pairs`; several collections may be put one under the other.
    features
        The features to use.
    ridge
        The penalty: `ridge` / 2 times the sum of squared weights is subtracted from the log likelihood. This is a
        normal prior with mean 0 and variance 1 / ridge on each weight.

    Examples
    --------
    >>> pairs = pd.DataFrame({"collection": "c", "citing": ["a", "a", "b", "b"], "cited": ["x", "y", "x", "y"],
    ...                       "before": 0.0, "attribution": [1, 0, 0, 1], "known": [True, False, False, True]})
    >>> round(fit(pairs, ["attribution"]).weights["attribution"], 2)
    1.04
    """
    from scipy.optimize import minimize

    names = [name for name in FEATURES if name in features]
    values = pairs[names].to_numpy(float)
    before, known, groups = pairs["before"].to_numpy(float), pairs["known"].to_numpy(bool), _groups(pairs)
    answered = np.bincount(groups, known)[groups] > 0

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = values @ weights + before
        chance = _softmax(scores, groups)
        right = np.bincount(groups, chance * known)
        among = np.where(answered, chance * known / np.where(right > 0, right, 1.0)[groups], chance)
        fall = values.T @ (chance - among) + ridge * weights
        return -np.log(right[right > 0]).sum() + ridge / 2 * weights @ weights, fall

    low = [0.0 if name not in (*_AGAINST, *_EITHER) else None for name in names]
    high = [0.0 if name in _AGAINST else None for name in names]
    start, bounds = np.zeros(len(names)), list(zip(low, high, strict=True))
    minimum = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000}).x
    return Model(dict(zip(names, map(float, minimum), strict=True)))


def _groups(pairs: pd.DataFrame) -> np.ndarray:
    """Return the number of the document that each pair belongs to."""
    return pairs.groupby(["collection", "citing"], sort=False).ngroup().to_numpy()


def _softmax(scores: np.ndarray, groups: np.ndarray) -> np.ndarray:
    top = np.full(groups.max() + 1 if len(groups) else 0, -np.inf)
    np.maximum.at(top, groups, scores)
    raised = np.exp(scores - top[groups])
    return raised / np.bincount(groups, raised)[groups]
