"""What a cascade shows: one function a measure, a DataFrame out."""

from woozle.measure.correction import corrections, non_confirmations
from woozle.measure.drift import contradictions, conversions, drift_ledger, turn, upgraded_sources
from woozle.measure.sourcing import immediate_dominators, independent_roots, resting_on

__all__ = [
    "contradictions",
    "conversions",
    "corrections",
    "drift_ledger",
    "immediate_dominators",
    "independent_roots",
    "non_confirmations",
    "resting_on",
    "turn",
    "upgraded_sources",
]
