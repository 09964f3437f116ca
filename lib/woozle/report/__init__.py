"""Reports: the way from a notebook to a folder that can be checked."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from woozle.report.run import build, store_outputs
    from woozle.report.verification import verify

__all__ = ["build", "store_outputs", "verify"]

# Loaded when first used: they bring papermill and pandas with them.
_LATER = {"build": "run", "store_outputs": "run", "verify": "verification"}


def __getattr__(name: str) -> object:
    if name in _LATER:
        return getattr(importlib.import_module(f"woozle.report.{_LATER[name]}"), name)
    from woozle import moved, notebook
    from woozle.errors import did_you_mean

    if name in notebook.__all__:
        moved.tell(f"woozle.report.{name}", f"woozle.notebook.{name}")
        return getattr(notebook, name)
    raise AttributeError(f"module 'woozle.report' has no attribute '{name}'.{did_you_mean(name, __all__)}")


def __dir__() -> list[str]:
    return __all__
