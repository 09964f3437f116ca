"""Reports: the words and tables of a notebook, and the way from a notebook to one HTML file."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from woozle.report.tables import Table, first_row
from woozle.report.words import Summary, Teller

if TYPE_CHECKING:
    from woozle.report.run import build, store_outputs
    from woozle.report.study import Study, open_study

__all__ = ["Study", "Summary", "Table", "Teller", "build", "first_row", "open_study", "store_outputs"]

# Loaded when first used: papermill and nbconvert are not needed inside a notebook.
_LATER = {"build": "run", "store_outputs": "run", "Study": "study", "open_study": "study"}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module 'woozle.report' has no attribute '{name}'")
    return getattr(importlib.import_module(f"woozle.report.{_LATER[name]}"), name)


def __dir__() -> list[str]:
    return __all__
