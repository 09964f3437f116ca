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
    from woozle.errors import WoozleError
    from woozle.locate import case_names
    from woozle.model.cascade import Cascade
    from woozle.model.case import Case
    from woozle.model.case import open_case as open
    from woozle.notebook.story import story
    from woozle.notebook.workbench import explore
    from woozle.report.scaffold import new_case

    __version__: str

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

# Loaded when first used: they bring pandas, networkx, Altair or nbconvert with them.
_LATER = {
    "Cascade": ("woozle.model.cascade", "Cascade"),
    "Case": ("woozle.model.case", "Case"),
    "WoozleError": ("woozle.errors", "WoozleError"),
    "case_names": ("woozle.locate", "case_names"),
    "chart": ("woozle.chart", ""),
    "explore": ("woozle.notebook.workbench", "explore"),
    "infer": ("woozle.infer", ""),
    "measure": ("woozle.measure", ""),
    "new_case": ("woozle.report.scaffold", "new_case"),
    "notebook": ("woozle.notebook", ""),
    "open": ("woozle.model.case", "open_case"),
    "report": ("woozle.report", ""),
    "story": ("woozle.notebook.story", "story"),
}


# The same hour on every machine: zones come from the package tzdata, which is pinned, and not from the system's files.
zoneinfo.reset_tzpath(to=[])
zoneinfo.ZoneInfo.clear_cache()


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("woozle")
    if name not in _LATER:
        from woozle.errors import did_you_mean

        raise AttributeError(f"module 'woozle' has no attribute '{name}'.{did_you_mean(name, __all__)}")
    module, attribute = _LATER[name]
    found = importlib.import_module(module)
    return getattr(found, attribute) if attribute else found


def __dir__() -> list[str]:
    return __all__
