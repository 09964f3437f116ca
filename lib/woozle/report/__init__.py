"""Build reports from notebooks, each a folder of files that can be checked."""

from __future__ import annotations

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> object:
    if name in __all__:
        return _load(name)
    from woozle import moved, notebook
    from woozle.errors import did_you_mean

    if name in notebook.__all__:
        moved.tell(f"woozle.report.{name}", f"woozle.notebook.{name}")
        return getattr(notebook, name)
    raise AttributeError(f"module 'woozle.report' has no attribute '{name}'.{did_you_mean(name, __all__)}")
