"""Chance that comes from a secret key: the same key and names, the same draws, on any machine and with any Python."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import TypeVar

Drawn = TypeVar("Drawn")


class Dice:
    """A stream of draws.

    Parameters
    ----------
    key
        The secret. Without it, nobody can predict the draws.
    names
        What the draws are for, as the number of an assignment and the id of a student.

    Examples
    --------
    >>> Dice(b"key", "1", "ada").below(6) == Dice(b"key", "1", "ada").below(6)
    True
    """

    def __init__(self, key: bytes, *names: str):
        joined = "".join(f"{len(name)}:{name}" for name in names)
        self._seed = hmac.new(key, joined.encode(), hashlib.sha256).digest()
        self._count = 0

    def below(self, n: int) -> int:
        """Return a whole number from 0 to n - 1, all equally likely."""
        while True:
            block = hashlib.sha256(self._seed + self._count.to_bytes(8, "big")).digest()
            self._count += 1
            number = int.from_bytes(block[:8], "big")
            if number < (1 << 64) - (1 << 64) % n:
                return number % n

    def between(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + self.below(high - low + 1)

    def choice(self, items: Sequence[Drawn]) -> Drawn:
        """Return one of the items."""
        return items[self.below(len(items))]

    def sample(self, items: Sequence[Drawn], k: int) -> list[Drawn]:
        """Return k different items, in random order."""
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in range(k)]

    def shuffled(self, items: Sequence[Drawn]) -> list[Drawn]:
        """Return all items in random order."""
        return self.sample(items, len(items))
