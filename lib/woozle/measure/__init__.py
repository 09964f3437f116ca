"""What a cascade shows: one function a measure, a DataFrame out."""

from woozle.measure.correction import corrections, non_confirmations, published
from woozle.measure.drift import contradictions, conversions, drift_ledger, turn, upgraded_sources
from woozle.measure.headline import Headline, headline, stations
from woozle.measure.sourcing import immediate_dominators, independent_roots, resting_on

__all__ = [
    "Headline",
    "contradictions",
    "conversions",
    "corrections",
    "drift_ledger",
    "headline",
    "immediate_dominators",
    "independent_roots",
    "non_confirmations",
    "published",
    "resting_on",
    "stations",
    "turn",
    "upgraded_sources",
]
