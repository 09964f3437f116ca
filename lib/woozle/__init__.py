"""Reconstruct how a piece of misinformation came about and spread.

>>> import woozle
>>> case = woozle.open("dprk_troops_2024")
>>> cascade = case.cascade(as_of="2024-06-26")
"""

from __future__ import annotations

import importlib
import zoneinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from woozle import chart, infer, measure, report
    from woozle.cascade import Cascade
    from woozle.case import Case
    from woozle.case import open_case as open
    from woozle.errors import WoozleError
    from woozle.places import case_names
    from woozle.report.scaffold import new_case
    from woozle.report.story import story
    from woozle.workbench import explore

__all__ = [
    "Cascade",
    "Case",
    "WoozleError",
    "case_names",
    "chart",
    "explore",
    "infer",
    "measure",
    "new_case",
    "open",
    "report",
    "story",
]
__version__ = "0.1.0"

# Loaded when first used: they bring pandas, networkx, Altair or nbconvert with them.
_LATER = {
    "Cascade": ("woozle.cascade", "Cascade"),
    "Case": ("woozle.case", "Case"),
    "WoozleError": ("woozle.errors", "WoozleError"),
    "case_names": ("woozle.places", "case_names"),
    "chart": ("woozle.chart", ""),
    "explore": ("woozle.workbench", "explore"),
    "infer": ("woozle.infer", ""),
    "measure": ("woozle.measure", ""),
    "new_case": ("woozle.report.scaffold", "new_case"),
    "open": ("woozle.case", "open_case"),
    "report": ("woozle.report", ""),
    "story": ("woozle.report.story", "story"),
}


# The same hour on every machine: zones come from the package tzdata, which is pinned, and not from the system's files.
zoneinfo.reset_tzpath(to=[])
zoneinfo.ZoneInfo.clear_cache()


def __getattr__(name: str) -> object:
    if name not in _LATER:
        from woozle.errors import did_you_mean

        raise AttributeError(f"module 'woozle' has no attribute '{name}'.{did_you_mean(name, __all__)}")
    module, attribute = _LATER[name]
    found = importlib.import_module(module)
    return getattr(found, attribute) if attribute else found


def __dir__() -> list[str]:
    return __all__
