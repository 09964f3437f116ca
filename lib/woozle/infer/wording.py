"""Shared wording: how alike are the words of two documents?

Words are compared as runs of four letters, in Latin letters (Cyrillic, Greek and Hangul are spelled out). So between
languages only names, numbers and cognates count: "Донецк", "Donetsk" and "도네츠크" share some runs, "army" and
"войска" share none. A low likeness between languages says nothing.
"""

from __future__ import annotations

import functools
import math
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import resources

import numpy as np

from woozle.infer.observations import Observations

RUN = 4  # letters
_ADDRESS = re.compile(r"https?://\S+|(?<!\w)@\w+")
_COPIED_RUN = 12  # letters: two or three words
_LEAST_COPIED = 24  # runs
_MOSTLY = 0.5  # of the runs of the shorter text
_BOILERPLATE = 300  # texts: a run that so many have is looked up no further
_SYLLABLE = "HANGUL SYLLABLE "


@functools.cache
def _letters() -> Mapping[str, str]:
    return tomllib.loads((resources.files("woozle.infer") / "letters.toml").read_text("utf-8"))


@functools.lru_cache(maxsize=100_000)
def _latin(letter: str) -> str:
    if letter.isascii():
        return letter
    spelled = _letters().get(letter)
    if spelled is not None:
        return spelled
    name = unicodedata.name(letter, "")
    if name.startswith(_SYLLABLE):
        return name.removeprefix(_SYLLABLE).lower()
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))


def latin(text: str) -> str:
    """Return a text in small Latin letters without marks, as far as its letters can be spelled out.

    Examples
    --------
    >>> latin("Донецк"), latin("도네츠크"), latin("Señal")
    ('donetsk', 'doneceukeu', 'senal')
    """
    return "".join(_latin(letter) for letter in unicodedata.normalize("NFC", text).casefold())


def tokens(text: str) -> list[str]:
    """Return the words and numbers of a text in Latin letters, without addresses and user names.

    Examples
    --------
    >>> tokens("@ann: 120 Hunde! http://t.co/x")
    ['120', 'hunde']
    """
    return re.findall(r"\w+", latin(_ADDRESS.sub(" ", text)))


def runs(text: str) -> Counter[str]:
    """Return how often each run of letters occurs in a text."""
    padded = f" {' '.join(tokens(text))} "
    return Counter(padded[place : place + RUN] for place in range(len(padded) - RUN + 1))


def copies(texts: Mapping[str, str], earliest: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """Return which texts share at least half of the shorter one's words, in the same order, with an older text.

    Parameters
    ----------
    texts
        Texts by document.
    earliest
        When each was published, in any unit. Of two equally old texts neither is a copy, unless all words are the same.

    Returns
    -------
    dict
        By copy and original: the share of the shorter text's runs of twelve letters that both have; 1 if all words are
        the same. Of several originals, the one with the largest share counts, then the oldest.

    Examples
    --------
    >>> said = "the ministry said on monday that salt protects from radiation"
    >>> found = copies({"a": said, "b": f"Hear, hear! {said}", "c": "no"}, {"a": 0, "b": 60, "c": 90})
    >>> [(pair, round(share, 2)) for pair, share in found.items()]
    [(('b', 'a'), 1.0)]
    """
    found: dict[tuple[str, str], float] = {}
    older: dict[str, list[str]] = {}  # the documents that have a run, the oldest first
    lengths: dict[str, int] = {}
    first: dict[str, str] = {}
    for name in sorted(texts, key=lambda name: earliest[name]):
        told = f" {' '.join(tokens(texts[name]))} "
        if len(told) < _LEAST_COPIED + _COPIED_RUN:
            continue
        if (same := first.setdefault(told, name)) != name:
            found[name, same] = 1.0
            continue
        mine = dict.fromkeys(told[at : at + _COPIED_RUN] for at in range(len(told) - _COPIED_RUN + 1))
        lengths[name] = len(mine)
        shared = Counter(other for run in mine for other in older.get(run, ()) if earliest[other] < earliest[name])
        shares = {other: count / min(len(mine), lengths[other]) for other, count in shared.items()}
        best = max(shares, key=lambda other: (shares[other], -earliest[other]), default="")
        if best and shares[best] >= _MOSTLY and shared[best] >= _LEAST_COPIED:
            found[name, best] = shares[best]
        for run in mine:
            if len(having := older.setdefault(run, [])) < _BOILERPLATE:
                having.append(name)
    return found


class Wording:
    """How alike the words of documents are.

    Parameters
    ----------
    observed
        The documents.
    """

    names = ("wording", "quoted_post")

    def __init__(self, observed: Observations):
        self.observed = observed
        counts = {name: runs(item.words) for name, item in observed.documents.items()}
        spread = Counter(run for found in counts.values() for run in found)
        self._vectors = {name: _weighed(found, spread, len(counts)) for name, found in counts.items()}

    def likeness(self, one: str, other: str) -> float:
        """Return how alike the words of two documents are, from 0 to 1: the cosine of weighed runs of letters."""
        first, second = self._vectors[one], self._vectors[other]
        return sum(value * second.get(run, 0.0) for run, value in first.items())

    def features(self, citing: str, candidates: Sequence[str]) -> Mapping[str, np.ndarray]:
        """Return the features of each candidate, by name."""
        alike = np.array([self.likeness(citing, name) for name in candidates])
        quotes = self.observed.documents[citing].quotes_a_post
        # Squared: words of one topic are a little alike, and that says nothing; the same text is very much so.
        return {"wording": alike**2, "quoted_post": alike * quotes}


def _weighed(counts: Counter[str], spread: Counter[str], documents: int) -> dict[str, float]:
    weights = {run: (1 + math.log(count)) * math.log((1 + documents) / spread[run]) for run, count in counts.items()}
    length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
    return {run: weight / length for run, weight in weights.items()}
