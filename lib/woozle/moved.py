"""Names that were given up: they work for one version more, and say what they are called now."""

from __future__ import annotations

import warnings


def tell(old: str, new: str) -> None:
    """Say that a name is another one now."""
    warnings.warn(f"{old} is {new} now; the old name goes with version 0.3.", FutureWarning, stacklevel=3)
