"""What authors and readers of a notebook call: a study, sentences filled from the data, the story, tables, charts."""

from __future__ import annotations

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> object:
    if name in __all__:
        return _load(name)
    from woozle.errors import did_you_mean

    raise AttributeError(f"module 'woozle.notebook' has no attribute '{name}'.{did_you_mean(name, __all__)}")
