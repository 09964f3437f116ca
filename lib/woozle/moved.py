"""Old names that still work until version 0.3, and warn what they are called now."""

from __future__ import annotations

import warnings


def tell(old: str, new: str) -> None:
    """Warn that a name has been replaced by another."""
    warnings.warn(f"{old} is {new} now; the old name goes with version 0.3.", FutureWarning, stacklevel=3)
