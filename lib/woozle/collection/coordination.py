"""Who moves together: accounts that share the same thing within seconds of each other, and what chance alone would do.

An object is what is shared: an address, a hashtag, the hash of a picture, a repeated text, a post that is reposted. The
rules are those of CooRTweet (Righetti & Balluff 2023), so that its figures can be compared; what chance alone would do
is added: a popular link is shared together without any plan.
"""

from __future__ import annotations

import numba
import numpy as np
import pandas as pd

from woozle.collection.columns import codes_of, column_of, seconds_of, text_columns
from woozle.errors import ParameterError

SHARES = ("object", "account", "content", "time")
PAIRS = ("object", "first", "second", "first_account", "second_account", "seconds")
HOUR = 3600
_MOST = 50_000_000  # pairs: more of them are no finding, and fill the memory


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
        Seconds between the two.
    min_participation
        How many contents.
    most
        Stop before there are more pairs than this.

    Returns
    -------
    DataFrame
        One row a pair: `object`, `first` and `second` (contents, the older first; as the rows stand where they are
        equally old), `first_account`, `second_account`, `seconds` between them.

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


def in_order(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return pairs in an order that does not hang on how they were found."""
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
        first, second = self.numbered(self.times, window, most)
        names = {name: column.take(self.rows) for name, column in self.names.items()}
        return pd.DataFrame(
            {
                "object": names["object"].take(first), "first": names["content"].take(first),
                "second": names["content"].take(second), "first_account": names["account"].take(first),
                "second_account": names["account"].take(second), "seconds": self.times[second] - self.times[first],
            }
        )  # fmt: skip

    def numbered(
        self, times: np.ndarray, window: float, most: int = _MOST, order: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the pairs as two arrays of places among the shares as they stand here.

        Parameters
        ----------
        times
            Other times for the shares, each as the share stands here after `order`; rising within an object.
        window, most
            As for `coordination`.
        order
            How the shares stand by these times, within their objects.
        """
        if not window >= 0:
            raise ParameterError(f"window={window}: seconds, 0 or more, are needed.")
        ends = _ends(self.objects, times, float(window))
        behind = ends - np.arange(1, len(ends) + 1)  # how many later shares of the object lie in the window of each
        if behind.sum() > most:
            self._refuse(behind, window, most)
        accounts = self.in_order if order is None else self.in_order[order]
        first, second = _pairs(accounts, ends, int(behind.sum()))
        if order is not None:
            first, second = order[first], order[second]
        return self._taking_part(first, second)

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

    def _taking_part(self, first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Keep the pairs of which one account takes part with enough contents."""
        if self.min_participation == 1 or not len(first):
            return first, second
        places = pd.unique(np.concatenate([first, second]))
        contents, _ = codes_of(self.names["content"].take(self.rows[places]))
        each = pd.unique(contents * len(self.accounts) + self.in_order[places]) % len(self.accounts)
        enough = np.bincount(each, minlength=len(self.accounts)) >= self.min_participation
        kept = enough[self.in_order[first]] | enough[self.in_order[second]]
        return first[kept], second[kept]


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
