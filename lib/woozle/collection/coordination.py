"""Who moves together: accounts that share the same thing within seconds of each other, and what chance alone would do.

An object is what is shared: an address, a hashtag, the hash of a picture, a repeated text, a post that is reposted. The
rules are those of CooRTweet (Righetti & Balluff 2023), so that its figures can be compared; what chance alone would do
is added: a popular link is shared together without any plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numba
import numpy as np
import pandas as pd

from woozle.collection.columns import codes_of, column_of, seconds_of, text_columns
from woozle.errors import ParameterError

SHARES = ("object", "account", "content", "time")
PAIRS = ("object", "first", "second", "first_account", "second_account", "seconds")
HOUR = 3600
_MOST = 50_000_000  # pairs: more of them are no finding, and fill the memory
_PIECE = 2_000_000  # pairs that are handled at once


def coordination(
    shares: pd.DataFrame, window: float = 60, min_participation: int = 2, most: int = _MOST
) -> pd.DataFrame:
    """Return the pairs of shares of one object by different accounts within a window.

    Accounts with fewer shares than `min_participation` are left out first. A pair stays if one of its accounts takes
    part in the pairs with at least `min_participation` contents. No post counts as a share of itself.

    Parameters
    ----------
    shares
        One row a share: `object`, `account`, `content` (the post that shares it), `time` (seconds, or moments).
    window
        How many seconds may lie between the two shares.
    min_participation
        How many shares an account needs, and how many contents in pairs; see above.
    most
        Stop before there are more pairs than this.

    Returns
    -------
    DataFrame
        One row a pair: `object`, `first` and `second` (contents, the older first; in the order of rows if they
        are equally old), `first_account`, `second_account`, `seconds` between them.

    Raises
    ------
    ParameterError
        A column is missing, a time is missing or no number, a parameter is impossible, or there are too many pairs: it
        names the objects that make most of them.

    References
    ----------
    Righetti & Balluff (2023), CooRTweet. Giglietto, Righetti, Rossi & Marino (2020),
    doi 10.1080/1369118X.2020.1739732.

    Examples
    --------
    >>> shares = pd.DataFrame({
    ...     "object": ["link"] * 3 + ["other"] * 2, "account": ["a", "b", "c", "a", "b"],
    ...     "content": ["1", "2", "3", "4", "5"], "time": [0, 8, 500, 900, 905],
    ... })
    >>> coordination(shares, window=10)[["first", "second", "seconds"]].to_numpy().tolist()
    [['1', '2', 8], ['4', '5', 5]]
    """
    return Shares(shares, min_participation).pairs(window, most)


def coordination_in_pieces(
    shares: pd.DataFrame, window: float = 60, min_participation: int = 2, most: int = _MOST, piece: int = _PIECE
) -> Iterator[pd.DataFrame]:
    """Yield the pairs of `coordination` in several tables, so that they need not fit into memory.

    Together the tables are sorted as by `in_order`. If there is no pair, one table without rows is yielded.

    Parameters
    ----------
    shares, window, min_participation, most
        As for `coordination`.
    piece
        About how many rows a table has.

    Examples
    --------
    >>> shares = pd.DataFrame({"object": ["x"] * 3, "account": list("abc"), "content": list("123"), "time": [0, 1, 2]})
    >>> for table in coordination_in_pieces(shares, min_participation=1, piece=1):
    ...     print(table[["first", "second"]].to_numpy().tolist())
    [['1', '2'], ['1', '3']]
    [['2', '3']]
    """
    return Shares(shares, min_participation).pieces(window, most, piece)


def in_order(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return pairs sorted by all columns, so that the order does not depend on how they were found."""
    return pairs.sort_values(list(PAIRS), ignore_index=True)


class Shares:
    """Shares in the form in which pairs are found: numbers for names, in the order of objects and times."""

    def __init__(self, shares: pd.DataFrame, min_participation: int = 2):
        if min_participation < 1:
            raise ParameterError(f"min_participation={min_participation}: 1 or more is needed.")
        self.names = text_columns(shares, SHARES[:3])
        self.min_participation = min_participation
        objects, _ = codes_of(self.names["object"])
        accounts, self.accounts = codes_of(self.names["account"])
        times = seconds_of(column_of(shares, "time"))
        active = np.bincount(accounts, minlength=1)[accounts] >= min_participation
        itself = pd.Series(self.names["content"]) == pd.Series(self.names["object"])  # a post is no share of itself
        rows = np.flatnonzero(active & ~itself.to_numpy(dtype=bool))
        order = rows[np.lexsort((times[rows], objects[rows]))]
        self.rows, self.times, self.objects, self.in_order = order, times[order], objects[order], accounts[order]

    def pairs(self, window: float, most: int = _MOST) -> pd.DataFrame:
        """Return the pairs as `coordination` does."""
        return self._named(*self.numbered(self.times, window, most))

    def _named(self, first: np.ndarray, second: np.ndarray) -> pd.DataFrame:
        """Return pairs of places with their names."""
        seconds = self.times[second] - self.times[first]
        first, second, names = self.rows[first], self.rows[second], self.names
        return pd.DataFrame(
            {
                "object": names["object"].take(first), "first": names["content"].take(first),
                "second": names["content"].take(second), "first_account": names["account"].take(first),
                "second_account": names["account"].take(second), "seconds": seconds,
            }
        )  # fmt: skip

    def pieces(self, window: float, most: int = _MOST, piece: int = _PIECE) -> Iterator[pd.DataFrame]:
        """Return the pairs as `coordination_in_pieces` does."""
        ends = self._ends(self.times, window, most)
        enough = self._enough(np.flatnonzero(_paired(self.in_order, ends)))
        counts = _count(self.in_order, ends, enough)
        first = np.flatnonzero(counts)
        names = pd.DataFrame({name: self.names[name].take(self.rows[first]) for name in ("object", "content")})
        names = names.sort_values(["object", "content"], kind="stable")
        first = first[names.index]
        # After `piece` pairs a new piece begins, as soon as another object or content does.
        begins = ((names != names.shift()).any(axis=1)).to_numpy()
        before = np.cumsum(counts[first]) - counts[first]
        number = np.maximum.accumulate(np.where(begins, before // max(1, piece), 0)) if len(first) else before
        del names
        for part in np.split(first, np.flatnonzero(np.diff(number)) + 1):
            yield in_order(self._named(*_pairs_of(part, self.in_order, ends, enough, int(counts[part].sum()))))

    def _ends(self, times: np.ndarray, window: float, most: int) -> np.ndarray:
        """Return for each share the place behind the last one of its object in its window; refuse too many pairs."""
        if not window >= 0:
            raise ParameterError(f"window={window}: seconds, 0 or more, are needed.")
        ends = _ends(self.objects, times, float(window))
        behind = ends - np.arange(1, len(ends) + 1)
        if behind.sum() > most:
            self._refuse(behind, window, most)
        return ends

    def numbered(
        self, times: np.ndarray, window: float, most: int = _MOST, order: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the pairs as two arrays of places among the shares as they stand here.

        Parameters
        ----------
        times
            The times of the shares, in the order that `order` gives; they must rise within an object.
        window, most
            As for `coordination`.
        order
            The places of the shares, sorted by object and then by these times.
        """
        ends = self._ends(times, window, most)
        accounts = self.in_order if order is None else self.in_order[order]
        first, second = _pairs(accounts, ends, int((ends - np.arange(1, len(ends) + 1)).sum()))
        if order is not None:
            first, second = order[first], order[second]
        if self.min_participation == 1 or not len(first):
            return first, second
        enough = self._enough(pd.unique(np.concatenate([first, second])), drawn=order is not None)
        kept = enough[self.in_order[first]] | enough[self.in_order[second]]
        return first[kept], second[kept]

    @cached_property
    def _contents(self) -> np.ndarray:
        """The content of each share as a number; kept, because by_chance looks for pairs many times."""
        return codes_of(self.names["content"].take(self.rows))[0]

    def candidates(self, window: float) -> int:
        """Return how many pairs of shares of one object lie within a window, whoever shared them."""
        ends = _ends(self.objects, self.times, float(window))
        return int((ends - np.arange(1, len(ends) + 1)).sum())

    def _refuse(self, behind: np.ndarray, window: float, most: int) -> None:
        of_each = pd.Series(behind).groupby(self.objects).sum().nlargest(3)
        places = np.searchsorted(self.objects, of_each.index.to_numpy())
        names = self.names["object"].take(self.rows[places])
        told = ", ".join(f"{name} ({count:,})" for name, count in zip(names, of_each, strict=True))
        raise ParameterError(
            f"Within {window:g} s there are {int(behind.sum()):,} pairs, more than {most:,}. Most are of "
            f"{told}. Take a shorter window, leave these objects out, or raise `most`."
        )

    def _enough(self, places: np.ndarray, drawn: bool = False) -> np.ndarray:
        """Return for each account whether it has enough contents among some places."""
        contents = self._contents[places] if drawn else codes_of(self.names["content"].take(self.rows[places]))[0]
        each = pd.unique(contents * len(self.accounts) + self.in_order[places]) % max(1, len(self.accounts))
        return np.bincount(each, minlength=len(self.accounts)) >= self.min_participation


@numba.njit(cache=True)
def _ends(objects: np.ndarray, times: np.ndarray, window: float) -> np.ndarray:
    """Return for each share the place behind the last share of the same object in its window."""
    ends = np.empty(len(objects), dtype=np.int64)
    end = 0
    for place in range(len(objects)):
        end = max(end, place + 1)
        while end < len(objects) and objects[end] == objects[place] and times[end] - times[place] <= window:
            end += 1
        ends[place] = end
    return ends


@numba.njit(cache=True)
def _pairs(accounts: np.ndarray, ends: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of the pairs of different accounts."""
    first, second = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    count = 0
    for place in range(len(accounts)):
        for other in range(place + 1, ends[place]):
            if accounts[other] != accounts[place]:
                first[count], second[count] = place, other
                count += 1
    return first[:count], second[:count]


@numba.njit(cache=True)
def _paired(accounts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Return for each share whether another account has one of the same object in the window before or after it."""
    count = len(accounts)
    paired, other = np.zeros(count, dtype=np.bool_), -1
    for place in range(1, count):  # the last place before it that another account has
        if accounts[place] != accounts[place - 1]:
            other = place - 1
        paired[place] = other >= 0 and ends[other] > place
    other = count
    for place in range(count - 2, -1, -1):  # the next one behind it
        if accounts[place] != accounts[place + 1]:
            other = place + 1
        paired[place] |= other < ends[place]
    return paired


@numba.njit(cache=True)
def _count(accounts: np.ndarray, ends: np.ndarray, enough: np.ndarray) -> np.ndarray:
    """Return how many pairs each share begins."""
    counts = np.zeros(len(accounts), dtype=np.int64)
    for place in range(len(accounts)):
        one = accounts[place]
        for other in range(place + 1, ends[place]):
            counts[place] += accounts[other] != one and (enough[one] or enough[accounts[other]])
    return counts


@numba.njit(cache=True)
def _pairs_of(
    places: np.ndarray, accounts: np.ndarray, ends: np.ndarray, enough: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs that some shares begin."""
    first, second = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    at = 0
    for place in places:
        one = accounts[place]
        for other in range(place + 1, ends[place]):
            if accounts[other] != one and (enough[one] or enough[accounts[other]]):
                first[at], second[at] = place, other
                at += 1
    return first, second
