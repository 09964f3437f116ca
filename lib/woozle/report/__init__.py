"""Reports: the words and tables of a notebook, and the way from a notebook to a folder that can be checked."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from woozle.report import figures, notes
    from woozle.report.comparison import Comparison
    from woozle.report.run import build, store_outputs
    from woozle.report.story import opening, story
    from woozle.report.study import Study, open_cases, open_comparison, open_study
    from woozle.report.summary import Summary
    from woozle.report.tables import Table, first_row, table
    from woozle.report.verification import verify
    from woozle.report.words import Teller

__all__ = [
    "Comparison", "Study", "Summary", "Table", "Teller", "build", "figures", "first_row", "notes",
    "open_cases", "open_comparison", "open_study", "opening", "store_outputs", "story", "table", "verify",
]  # fmt: skip

# Loaded when first used: a notebook needs no papermill, and papermill, which finds the engine here, no pandas.
_LATER = {
    "Comparison": "comparison", "Study": "study", "Summary": "summary", "Table": "tables", "Teller": "words",
    "build": "run", "first_row": "tables", "open_cases": "study", "open_comparison": "study", "open_study": "study",
    "opening": "story", "store_outputs": "run", "story": "story", "table": "tables", "verify": "verification",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name in ("figures", "notes"):
        return importlib.import_module(f"woozle.report.{name}")
    if name not in _LATER:
        from woozle.errors import did_you_mean

        raise AttributeError(f"module 'woozle.report' has no attribute '{name}'.{did_you_mean(name, __all__)}")
    return getattr(importlib.import_module(f"woozle.report.{_LATER[name]}"), name)


def __dir__() -> list[str]:
    return __all__
