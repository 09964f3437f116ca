"""Check a model on hops that are known: hide them, rank the candidates, and compare probabilities with what is true."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from woozle.formats.threads import Threads
from woozle.infer.model import NOBODY, RIDGE, Evidence, fit
from woozle.infer.observations import Observations, of_thread

FOLDS = 10
BINS = 10
_RESAMPLES = 1000
Ranking = Callable[[pd.DataFrame], np.ndarray]  # the pairs of one document in, a number for each: the highest is first


def without_hops(observed: Observations) -> pd.DataFrame:
    """Return the pairs of a collection as if no hop were known; the column `known` still marks the true ones."""
    pairs = Evidence(replace(observed, hops=())).pairs()
    sources = observed.sources
    true = zip(pairs["citing"], pairs["cited"], pairs["known"], strict=True)
    pairs["known"] = [cited in sources[of] if cited else origin and not sources[of] for of, cited, origin in true]
    return pairs


def pairs_of_threads(threads: Threads) -> pd.DataFrame:
    """Return pairs of each reply whose parent is in its thread with each earlier post; `known` marks the parent.

    What a reply answers is not used for anything else. That it answers something is given: "nobody" is left out.
    """
    parts = []
    for name, posts in threads:
        observed = of_thread(posts, name)
        answers = posts["answers"].to_dict()
        replies = [post for post in observed.documents if answers[post] in observed.documents]
        pairs = Evidence(observed).pairs(replies)
        pairs = pairs[pairs["cited"] != NOBODY]
        parents = pairs["citing"].map(answers)
        parts.append(pairs.assign(known=(parents == pairs["cited"]).to_numpy(bool), begins=pairs["cited"] == name))
    return pd.concat(parts, ignore_index=True)


def folds(collections: Sequence[str], number: int | None = None, seed: int = 0) -> dict[str, int]:
    """Return the fold of each collection: each its own, or `number` folds at random, so that none is divided."""
    names = list(dict.fromkeys(collections))
    if number is None:
        return {name: place for place, name in enumerate(names)}
    order = np.random.default_rng(seed).permutation(len(names))
    return {names[place]: turn % number for turn, place in enumerate(order)}


def held_out(pairs: pd.DataFrame, features: Sequence[str], fold: Mapping[str, int], ridge: float = RIDGE) -> pd.Series:
    """Return the probability of each pair by a model that was fitted without the pairs of its fold."""
    of = pairs["collection"].map(fold)
    probability = pd.Series(0.0, pairs.index, name="probability")
    for number in sorted(set(of)):
        model = fit(pairs[of != number], features, ridge)
        probability[of == number] = model.probabilities(pairs[of == number])
    return probability


def ranked(pairs: pd.DataFrame, probability: pd.Series, order: pd.Series | None = None) -> pd.DataFrame:
    """Return for each document with a known source how the candidates were ranked.

    They are ranked by their probability, or by `order` where it is given, the highest first; equal ones in the order
    of the collection.

    Returns
    -------
    DataFrame
        By `collection` and `citing`: `first` (the candidate that stands first), `probability` (its share), `right` (it
        is a known source), `among_three` (one of the first three is), `brier` (Brier 1950: the sum over all candidates
        of the squared distance of probability and truth; the truth is shared evenly among several known sources).
    """
    real = pairs[pairs["cited"] != NOBODY].assign(probability=probability)
    real["order"] = real["probability"] if order is None else order
    rows = {}
    for key, of in real.groupby(["collection", "citing"], sort=False):
        if of["known"].any():
            ranked = of.sort_values("order", ascending=False, kind="stable")
            truth = of["known"] / of["known"].sum()
            rows[key] = {
                "first": ranked["cited"].iloc[0],
                "probability": ranked["probability"].iloc[0],
                "right": bool(ranked["known"].iloc[0]),
                "among_three": bool(ranked["known"].iloc[:3].any()),
                "brier": float(((of["probability"] - truth) ** 2).sum()),
            }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["collection", "citing"])


def by_rule(pairs: pd.DataFrame, rule: Ranking, fold: Mapping[str, int]) -> pd.DataFrame:
    """Return the order that a rule gives the candidates, and probabilities for it.

    Returns
    -------
    DataFrame
        By pair: `order` (the highest first), `probability` (for the first candidate: the share that the rule got right
        in the other folds; the others share the rest equally, so that a rule is as well calibrated as it can be).
    """
    real = pairs["cited"] != NOBODY
    order, choice = np.full(len(pairs), -np.inf), np.zeros(len(pairs), dtype=bool)
    places = np.flatnonzero(real)
    for rows in pairs[real].groupby(["collection", "citing"], sort=False).indices.values():
        order[places[rows]] = rule(pairs.iloc[places[rows]])
        choice[places[rows[int(np.argmax(order[places[rows]]))]]] = True
    key = [pairs["collection"], pairs["citing"]]
    answered = pairs["known"].where(real, False).groupby(key).transform("any")
    of = pairs["collection"].map(fold)
    probability = pd.Series(0.0, pairs.index)
    others = real.groupby(key).transform("sum") - 1
    for number in sorted(set(of)):
        share = pairs["known"][choice & answered & (of != number)].mean()
        rest = (1 - share) / others.clip(lower=1)
        probability[of == number] = np.where(choice, np.where(others > 0, share, 1.0), rest)[of == number]
    return pd.DataFrame({"order": order, "probability": probability.where(real, 0.0)}, pairs.index)


def brier(table: pd.DataFrame) -> float:
    """Return the mean squared distance between the probability of the first candidate and whether it is right."""
    return float(((table["probability"] - table["right"]) ** 2).mean())


def reliability(table: pd.DataFrame, bins: int = BINS) -> pd.DataFrame:
    """Return how often the first candidate was right, by its probability.

    Returns
    -------
    DataFrame
        By `bin` (from 0), empty ones left out: `probability` (mean), `right` (share), `low`, `high` (exact interval of
        90 %; Clopper and Pearson 1934), `documents`.

    Examples
    --------
    >>> table = pd.DataFrame({"probability": [0.9, 0.95, 0.2], "right": [True, True, False]})
    >>> reliability(table)[["right", "documents"]].to_dict("index")
    {2: {'right': 0.0, 'documents': 1}, 9: {'right': 1.0, 'documents': 2}}
    """
    from scipy.stats import beta

    of = np.minimum((table["probability"] * bins).astype(int), bins - 1)
    binned = table.groupby(of.rename("bin")).agg(
        probability=("probability", "mean"), right=("right", "mean"), documents=("right", "size")
    )
    hits, misses = binned["right"] * binned["documents"], (1 - binned["right"]) * binned["documents"]
    low = np.where(hits > 0, beta.ppf(0.05, np.maximum(hits, 1e-9), misses + 1), 0.0)
    high = np.where(misses > 0, beta.ppf(0.95, hits + 1, np.maximum(misses, 1e-9)), 1.0)
    return binned.assign(low=low, high=high)[["probability", "right", "low", "high", "documents"]]


def calibration_error(table: pd.DataFrame, bins: int = BINS) -> float:
    """Return the expected calibration error: the mean distance of probability and share right, over the bins.

    Weighed by the documents of a bin (Naeini, Cooper and Hauskrecht, AAAI 2015).
    """
    by_bin = reliability(table, bins)
    distance = (by_bin["probability"] - by_bin["right"]).abs()
    return float((distance * by_bin["documents"]).sum() / by_bin["documents"].sum())


def interval(table: pd.DataFrame, figure: Callable[[pd.DataFrame], float], seed: int = 0) -> tuple[float, float]:
    """Return the ends of the middle 90 % of a figure over bootstrap samples of the documents."""
    random = np.random.default_rng([seed, 4])
    values = [figure(table.iloc[random.integers(len(table), size=len(table))]) for _ in range(_RESAMPLES)]
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)
