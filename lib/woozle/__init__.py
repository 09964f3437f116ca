"""Reconstruct how a piece of misinformation came about and spread.

>>> import woozle
>>> case = woozle.open("dprk_troops_2024")
>>> cascade = case.cascade(as_of="2024-06-26")
"""

from __future__ import annotations

import zoneinfo

import lazy_loader

# The names that this package offers are listed in __init__.pyi.
_load, _, _names = lazy_loader.attach_stub(__name__, __file__)
__all__ = sorted({"open", *_names} - {"open_case", "notebook"})  # pyright: ignore[reportUnsupportedDunderAll]

# The same hour on every machine: zones come from the package tzdata, which is pinned, and not from the system's files.
zoneinfo.reset_tzpath(to=[])
zoneinfo.ZoneInfo.clear_cache()


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("woozle")
    if name not in ("notebook", *__all__):
        from woozle.errors import did_you_mean

        raise AttributeError(f"module 'woozle' has no attribute '{name}'.{did_you_mean(name, __all__)}")
    return _load("open_case" if name == "open" else name)


def __dir__() -> list[str]:
    return __all__
