"""Reconstruct how a piece of misinformation came about and spread.

>>> import woozle
>>> case = woozle.open("dprk_troops_2024")
>>> cascade = case.cascade(as_of="2024-06-26")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from woozle.case import Case, case_names
from woozle.case import open_case as open
from woozle.errors import WoozleError

if TYPE_CHECKING:
    from woozle import chart, measure, report
    from woozle.cascade import Cascade

__all__ = ["Cascade", "Case", "WoozleError", "case_names", "chart", "measure", "open", "report"]
__version__ = "0.1.0"

# Loaded when first used: they bring networkx, Altair or nbconvert with them.
_LATER = {
    "Cascade": "woozle.cascade",
    "chart": "woozle.chart",
    "measure": "woozle.measure",
    "report": "woozle.report",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module 'woozle' has no attribute '{name}'")
    module = importlib.import_module(_LATER[name])
    return module.Cascade if name == "Cascade" else module


def __dir__() -> list[str]:
    return __all__
