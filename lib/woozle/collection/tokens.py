"""Texts as numbers: the words of many texts as hashes with their places, in any script.

A word is a run of letters, marks and digits, folded to lower case; in scripts that put no spaces between words each
letter is one by itself.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np

_SEPARATOR, _LETTER, _WORD = 0, 1, 2  # _WORD: a letter that is a word by itself
# Scripts without spaces: Thai, Lao, Myanmar, Khmer, Tibetan; kana, Bopomofo, Han (also the extensions), Yi.
_ALONE = (
    (0x0E00, 0x0EFF), (0x0F00, 0x0FFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x312F), (0x31A0, 0x31FF),
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Tokens:
    """The words of texts, one after another.

    Attributes
    ----------
    hashes : array of uint64
        By word.
    starts, ends : arrays of int32
        Where each word stands in its text, in letters.
    first : array of int64
        By text: the place of its first word; one more at the end.
    """

    hashes: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    first: np.ndarray


def words_of(texts: Sequence[str]) -> Tokens:
    """Return the words of texts.

    Examples
    --------
    >>> words = words_of(["The SALT, the water", "盐 salt"])
    >>> words.first.tolist(), words.starts.tolist()
    ([0, 4, 6], [0, 4, 10, 14, 0, 2])
    >>> bool(words.hashes[0] == words.hashes[2]), bool(words.hashes[1] == words.hashes[5])
    (True, True)
    """
    letters = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    bounds = np.concatenate([[0], np.cumsum([len(text) for text in texts], dtype=np.int64)])
    kinds, folded = _tables(int(letters.max()) if len(letters) else 0)
    counts = np.zeros(len(texts), dtype=np.int64)
    _count(letters, bounds, kinds, counts)
    first = np.concatenate([[0], np.cumsum(counts)])
    hashes = np.empty(first[-1], dtype=np.uint64)
    starts, ends = (np.empty(first[-1], dtype=np.int32) for _ in range(2))
    _fill(letters, bounds, kinds, folded, first, hashes, starts, ends)
    return Tokens(hashes, starts, ends, first)


def _tables(most: int) -> tuple[np.ndarray, np.ndarray]:
    """Return for each letter up to the highest what kind it is, and its lower case."""
    return _table_up_to(next(size for size in (0x250, 0x3000, 0x11000, 0x110000) if most < size))


@functools.lru_cache(maxsize=4)
def _table_up_to(size: int) -> tuple[np.ndarray, np.ndarray]:
    kinds, folded = np.zeros(size, dtype=np.uint8), np.arange(size, dtype=np.uint32)
    for code in range(size):
        letter = chr(code)
        if unicodedata.category(letter)[0] in "LMN":
            kinds[code] = _WORD if any(low <= code <= high for low, high in _ALONE) else _LETTER
            low = letter.lower()
            if len(low) == 1:
                folded[code] = ord(low)
    return kinds, folded


@numba.njit(cache=True, parallel=True)
def _count(letters, bounds, kinds, counts):
    """Count the words of each text."""
    for text in numba.prange(len(counts)):
        inside = False
        for at in range(bounds[text], bounds[text + 1]):
            kind = kinds[letters[at]]
            if kind == _WORD or (kind == _LETTER and not inside):
                counts[text] += 1
            inside = kind == _LETTER


@numba.njit(cache=True, parallel=True)
def _fill(letters, bounds, kinds, folded, first, hashes, starts, ends):
    """Write down the words of each text."""
    for text in numba.prange(len(bounds) - 1):
        at, begin, word = bounds[text], bounds[text], first[text]
        while at < bounds[text + 1]:
            kind = kinds[letters[at]]
            if kind == _SEPARATOR:
                at += 1
                continue
            start, value = at, np.uint64(14695981039346656037)
            while True:
                value = (value ^ np.uint64(folded[letters[at]])) * np.uint64(1099511628211)
                at += 1
                if kind == _WORD or at == bounds[text + 1] or kinds[letters[at]] != _LETTER:
                    break
            hashes[word], starts[word], ends[word] = value, start - begin, at - begin
            word += 1
