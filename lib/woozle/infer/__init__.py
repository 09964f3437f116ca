"""Propose the hops that nobody coded: who probably relied on whom, how probably, and why.

>>> import woozle
>>> proposals = propose(woozle.open("dprk_troops_2024"), threshold=0.2)
>>> proposals.columns[:4].to_list()
['citing', 'cited', 'probability', 'reason']
"""

from woozle.infer.attribution import Finding, find_names, languages
from woozle.infer.model import FEATURES, NOBODY, OF_CASES, OF_THREADS, Evidence, Model, fit, load_model
from woozle.infer.observations import Observation, Observations, of_case, of_thread
from woozle.infer.proposals import Inference, propose
from woozle.infer.texts import TextsError, read_texts

__all__ = [
    "FEATURES",
    "NOBODY",
    "OF_CASES",
    "OF_THREADS",
    "Evidence",
    "Finding",
    "Inference",
    "Model",
    "Observation",
    "Observations",
    "TextsError",
    "find_names",
    "fit",
    "languages",
    "load_model",
    "of_case",
    "of_thread",
    "propose",
    "read_texts",
]
