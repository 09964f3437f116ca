"""For many texts: from which earlier one each was copied, cut or rewritten, and which passages are the same.

Texts share runs of words (n-grams). A run that very many different texts have is boilerplate and shows nothing. The
earlier text that has most of the other runs is the source; runs that it lacks may come from another. Texts that are
the same word for word are copies of the first of them, however many there are.
"""

from __future__ import annotations

import numba
import numpy as np
import pandas as pd

from woozle.collection.columns import column_of, seconds_of, text_columns
from woozle.collection.tokens import Tokens, words_of
from woozle.errors import ParameterError

COPIED, CUT, REWRITTEN = "copied", "cut", "rewritten"
_WHOLE = 0.95  # a text with this share of its runs in the source, or more, counts as taken from it whole


def sources(
    texts: pd.DataFrame,
    ngram: int = 3,
    most_common: int = 300,
    least: int = 4,
    share: float = 0.1,
    most_sources: int = 3,
) -> pd.DataFrame:
    """Return from which earlier texts each was taken.

    Parameters
    ----------
    texts
        One row a text: `id`, `text`, `time` (seconds or moments). Of equally old texts, the one in the earlier
        row counts as earlier.
    ngram
        Words in a run. In scripts without spaces a letter is a word: take 6 to 8 there.
    most_common
        A run that more different texts than this have is boilerplate.
    least, share
        Two texts must share at least `least` runs, and at least this `share` of the runs of the shorter one. So a
        passage in a long page is found as well.
    most_sources
        How many sources a text may have.

    Returns
    -------
    DataFrame
        One row a text and source: `id`, `source`, `rank` (1: the one with most), `shared` (runs), `share` (of the runs
        of the text), `share_of_source`, `kind` (`copied`: 95 % or more of the runs of both; `cut`: 95 % or more of
        those of the text; `rewritten`: less), `seconds` between them.

    Raises
    ------
    ParameterError
        A column is missing, an id is missing or appears twice, a text is missing, or a parameter is impossible.

    References
    ----------
    Smith, Cordell & Dillon (2013), Infectious texts, doi 10.1109/BigData.2013.6691675. Broder (1997), On the
    resemblance and containment of documents, doi 10.1109/SEQUEN.1997.666900.

    Examples
    --------
    >>> texts = pd.DataFrame({"id": ["a", "b", "c"], "time": [0, 60, 90], "text": [
    ...     "the ministry said on monday that salt protects from radiation and nobody denied it",
    ...     "the ministry said on monday that salt protects from radiation",
    ...     "a wholly different text about the weather of the coming week in the north"]})
    >>> sources(texts)[["id", "source", "kind", "seconds"]].to_numpy().tolist()
    [['b', 'a', 'cut', 60]]
    """
    for name, value, low in (("ngram", ngram, 1), ("most_common", most_common, 2), ("least", least, 1)):
        if value < low:
            raise ParameterError(f"{name}={value}: {low} or more is needed.")
    if not 0 <= share <= 1 or most_sources < 1:
        raise ParameterError("share is a number from 0 to 1, most_sources is 1 or more.")
    of = _Texts(texts, ngram)
    text, source, shared, rank = of.found(most_common, least, share, most_sources)
    totals = np.diff(of.first)
    of_text = shared / np.maximum(totals[text], 1)
    of_source = np.minimum(shared / np.maximum(totals[source], 1), 1.0)
    kind = np.where(of_text < _WHOLE, REWRITTEN, np.where(of_source < _WHOLE, CUT, COPIED))
    return pd.DataFrame(
        {
            "id": of.names[text], "source": of.names[source], "rank": rank, "shared": shared, "share": of_text,
            "share_of_source": of_source, "kind": kind, "seconds": of.times[text] - of.times[source],
        }
    )  # fmt: skip


def passages(texts: pd.DataFrame, pairs: pd.DataFrame, ngram: int = 3) -> pd.DataFrame:
    """Return the passages that texts have in common with their sources.

    Parameters
    ----------
    texts, ngram
        As for `sources`.
    pairs
        Columns `id` and `source`, as `sources` returns them.

    Returns
    -------
    DataFrame
        One row a passage, in the order of pairs and of the text: `id`, `source`, `start`, `end` (letters of the text),
        `source_start`, `source_end` (of the source), `words` (how many).

    Raises
    ------
    ParameterError
        As for `sources`, or a pair names a text that is not there.

    Examples
    --------
    >>> texts = pd.DataFrame({"id": ["a", "b"], "time": [0, 60], "text": [
    ...     "They said: salt protects from radiation.", "Indeed salt protects from radiation, I heard."]})
    >>> pairs = pd.DataFrame({"id": ["b"], "source": ["a"]})
    >>> passages(texts, pairs)[["start", "end", "source_start", "source_end", "words"]].to_numpy().tolist()
    [[7, 35, 11, 39, 4]]
    """
    of = _Texts(texts, ngram)
    places = [of.places_of(column_of(pairs, name)) for name in ("id", "source")]
    room = np.diff(of.first)[places[0]]
    starts = np.concatenate([[0], np.cumsum(room)])
    runs, counts = np.empty((starts[-1], 3), dtype=np.int32), np.zeros(len(room), dtype=np.int64)
    _align(places[0], places[1], of.grams, of.first, starts, ngram, runs, counts)
    pair = np.repeat(np.arange(len(room)), counts)
    at = runs[np.repeat(starts[:-1], counts) + np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts)]
    own, other = (of.words.first[place[pair]] + at[:, side] for side, place in enumerate(places))
    last = at[:, 2]
    return pd.DataFrame(
        {
            "id": of.names[places[0][pair]], "source": of.names[places[1][pair]], "start": of.words.starts[own],
            "end": of.words.ends[own + last - 1], "source_start": of.words.starts[other],
            "source_end": of.words.ends[other + last - 1], "words": last,
        }
    )  # fmt: skip


class _Texts:
    """Texts in the order of their times, with their words and runs of words."""

    def __init__(self, texts: pd.DataFrame, ngram: int):
        names = pd.Index(text_columns(texts, ("id",))["id"])
        if names.has_duplicates:
            raise ParameterError(f"The id '{names[names.duplicated()][0]}' appears twice. Keep one text of each id.")
        told = column_of(texts, "text")
        if told.isna().any():
            raise ParameterError(f"The text of '{names[told.isna().to_numpy()][0]}' is missing. Leave it out.")
        times = seconds_of(column_of(texts, "time"))
        order = np.argsort(times, kind="stable")
        self.names, self.times = names[order], times[order]
        self.words: Tokens = words_of(told.iloc[order].astype(str).to_list())
        counts = np.maximum(np.diff(self.words.first) - ngram + 1, 0)
        self.first = np.concatenate([[0], np.cumsum(counts)])
        self.grams = np.empty(self.first[-1], dtype=np.uint64)
        _grams(self.words.hashes, self.words.first, self.first, ngram, self.grams)

    def places_of(self, names: pd.Series) -> np.ndarray:
        """Return the places of texts by their ids."""
        places = self.names.get_indexer(pd.Index(names.astype(str)))
        if (places < 0).any():
            raise ParameterError(f"There is no text '{names.iloc[int((places < 0).argmax())]}'.")
        return places.astype(np.int64)

    def found(
        self, most_common: int, least: int, share: float, most_sources: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return texts, their sources, how many runs they share, and the rank of the source."""
        totals = np.diff(self.first)
        first_of = self._first_alike()
        own = first_of == np.arange(len(self.names))
        same = np.flatnonzero(~own & (totals >= least))
        # The runs of texts that are not copies as a whole, one text after the other.
        kept = np.repeat(own, totals)
        grams, text_of = self.grams[kept], np.repeat(np.arange(len(self.names), dtype=np.int32), totals)[kept]
        first = np.concatenate([[0], np.cumsum(np.where(own, totals, 0))])
        order = np.argsort(grams, kind="stable")
        group, posts, bounds = _postings(grams, order, text_of, most_common)
        best = np.full((len(self.names), most_sources), -1, dtype=np.int32)
        shared = np.zeros((len(self.names), most_sources), dtype=np.int32)
        _choose(first, group, posts, bounds, least, share, best, shared)
        best[same, 0], shared[same, 0] = first_of[same], totals[same]
        text, rank = np.nonzero(best >= 0)
        return text, best[text, rank].astype(np.int64), shared[text, rank].astype(np.int64), rank + 1

    def _first_alike(self) -> np.ndarray:
        """Return for each text the first that has the same words in the same order."""
        marks = np.zeros(len(self.names), dtype=np.uint64)
        _mark(self.words.hashes, self.words.first, marks)
        codes, _ = pd.factorize(marks)
        firsts = np.full(codes.max(initial=-1) + 1, len(codes), dtype=np.int64)
        np.minimum.at(firsts, codes, np.arange(len(codes)))
        return firsts[codes]


@numba.njit(cache=True, parallel=True)
def _mark(hashes, first, marks):
    """Write down one hash of all words of each text."""
    for text in numba.prange(len(marks)):
        value = np.uint64(1469598103934665603)
        for word in range(first[text], first[text + 1]):
            value = (value ^ hashes[word]) * np.uint64(1099511628211)
            value ^= value >> np.uint64(31)
        marks[text] = value


@numba.njit(cache=True, parallel=True)
def _grams(hashes, word_first, gram_first, ngram, grams):
    """Write down the hash of each run of words."""
    for text in numba.prange(len(gram_first) - 1):
        for at in range(gram_first[text + 1] - gram_first[text]):
            value = np.uint64(1469598103934665603)
            for word in range(ngram):
                value = (value ^ hashes[word_first[text] + at + word]) * np.uint64(1099511628211)
                value ^= value >> np.uint64(29)
            grams[gram_first[text] + at] = value


@numba.njit(cache=True)
def _postings(grams, order, text_of, most_common):
    """Return of each run its group (-1 where it is of one text alone, or of very many), and the texts of each group."""
    group = np.full(len(grams), -1, dtype=np.int32)
    posts, bounds = np.empty(len(grams), dtype=np.int32), np.empty(len(grams) + 1, dtype=np.int64)
    bounds[0] = 0
    groups, end, start = 0, 0, 0
    while start < len(order):
        stop = start + 1
        while stop < len(order) and grams[order[stop]] == grams[order[start]]:
            stop += 1
        texts = 1
        for at in range(start + 1, stop):
            if text_of[order[at]] != text_of[order[at - 1]]:
                texts += 1
        if 2 <= texts <= most_common:
            for at in range(start, stop):
                group[order[at]] = groups
                if at == start or text_of[order[at]] != text_of[order[at - 1]]:
                    posts[end] = text_of[order[at]]
                    end += 1
            groups += 1
            bounds[groups] = end
        start = stop
    return group, posts[:end], bounds[: groups + 1]


@numba.njit(cache=True, parallel=True)
def _choose(first, group, posts, bounds, least, share, best, shared):
    """Choose for each text the earlier ones that have most of its runs, one after the other."""
    for text in numba.prange(len(first) - 1):
        total = first[text + 1] - first[text]
        own = np.unique(group[first[text] : first[text + 1]])
        room = 0
        for one in own:
            if one >= 0:
                room += bounds[one + 1] - bounds[one]
        if room == 0:
            continue
        open_, found = np.ones(len(own), dtype=np.bool_), np.empty(room, dtype=np.int32)
        for rank in range(best.shape[1]):
            end = 0
            for at in range(len(own)):
                one = own[at]
                if one < 0 or not open_[at]:
                    continue
                for post in range(bounds[one], bounds[one + 1]):
                    if posts[post] >= text:
                        break
                    found[end] = posts[post]
                    end += 1
            if end < least:
                break
            part = np.sort(found[:end])
            top, most, start = -1, 0, 0
            while start < end:
                stop = start + 1
                while stop < end and part[stop] == part[start]:
                    stop += 1
                shorter = min(total, first[part[start] + 1] - first[part[start]])
                if stop - start > most and stop - start >= max(least, share * shorter):
                    top, most = part[start], stop - start
                start = stop
            if top < 0:
                break
            best[text, rank], shared[text, rank] = top, most
            for at in range(len(own)):
                one = own[at]
                if one < 0 or not open_[at]:
                    continue
                for post in range(bounds[one], bounds[one + 1]):
                    if posts[post] == top:
                        open_[at] = False
                        break


@numba.njit(cache=True, parallel=True)
def _align(texts, origins, grams, first, room, ngram, runs, counts):
    """Write down the passages of each pair: first word in the text, in the source, and how many words."""
    for pair in numba.prange(len(texts)):
        own = grams[first[texts[pair]] : first[texts[pair] + 1]]
        other = grams[first[origins[pair]] : first[origins[pair] + 1]]
        order = np.argsort(other)
        ranked = other[order]
        at, last = 0, -1
        while at < len(own):
            low, high = np.searchsorted(ranked, own[at]), np.searchsorted(ranked, own[at], side="right")
            place = -1
            for candidate in range(low, high):  # the next one in the source, else the first
                here = order[candidate]
                if place < 0 or (here > last and (place <= last or here < place)) or (place <= last and here < place):
                    place = here
            if place < 0:
                at += 1
                continue
            length = 1
            while at + length < len(own) and place + length < len(other) and own[at + length] == other[place + length]:
                length += 1
            words, row = length + ngram - 1, room[pair] + counts[pair]
            runs[row, 0], runs[row, 1], runs[row, 2] = at, place, words
            counts[pair] += 1
            last = place + words - 1
            at += words
