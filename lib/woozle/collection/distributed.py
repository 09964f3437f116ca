"""Coordination and cascades beyond one machine, on Dask: the same rows as on one, whatever the number of partitions.

Shares are brought together by object and posts by cascade. What concerns the whole collection (who is active,
who takes part, where a cascade begins) is counted first and sent to each partition.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dask.dataframe
import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from woozle.collection.coordination import SHARES, coordination, in_order
from woozle.collection.forest import CASCADES, cascades, joined
from woozle.collection.posts import parents_of, shares_of
from woozle.errors import ParameterError

dd: Any = dask.dataframe  # its tables have the methods of pandas, which type checkers do not see
Table = Any  # a table of dask.dataframe
_ROUNDS = 40  # each doubles how far up a post has looked: enough for chains of 2^40 posts


@contextmanager
def scheduler(address: str = "") -> Iterator[Any]:
    """Yield a client of a Dask scheduler; without an address, of one on this machine that ends with the block.

    Parameters
    ----------
    address
        Of a Dask scheduler, such as tcp://10.0.0.1:8786; empty: processes on this machine.
    """
    from distributed import Client, LocalCluster

    if address:
        with Client(address) as client:
            yield client
        return
    # No dashboard: its port may be taken. What is lost with a worker is done again, without a message.
    usual: dict[str, Any] = {"dashboard_address": None, "silence_logs": logging.ERROR}
    with (
        LocalCluster(processes=True, threads_per_worker=1, **usual) as cluster,
        Client(cluster) as client,
    ):
        yield client


def coordination_on(shares: Table, window: float = 60, min_participation: int = 2, partitions: int = 0) -> pd.DataFrame:
    """Return the pairs that `coordination` finds, in the order of `in_order`.

    Parameters
    ----------
    shares
        A Dask table with the columns of `coordination`: `dask.dataframe.read_parquet(path)`.
    window, min_participation
        As for `coordination`.
    partitions
        Into how many parts the objects are divided; 0: as many as the table has.

    Notes
    -----
    Of equally old shares the one that stands earlier in the table comes first, as on one machine.
    """
    for name in SHARES:
        if name not in shares.columns:
            raise ParameterError(f"The column '{name}' is missing.")
    parts = partitions or shares.npartitions
    numbered = _numbered(shares[list(SHARES)])
    counts = numbered.groupby("account").agg({"place": "count"}, split_out=parts).reset_index()
    active = numbered.merge(counts[counts["place"] >= min_participation][["account"]], on="account")
    by_object = active.shuffle("object", npartitions=parts)
    meta = {"object": "str", "first": "str", "second": "str", "first_account": "str", "second_account": "str",
            "seconds": "float64"}  # fmt: skip
    pairs = by_object.map_partitions(_pairs_of, window, meta=meta).persist()
    ends = dd.concat(
        [pairs[["first_account", "first"]].rename(columns={"first_account": "account", "first": "content"}),
         pairs[["second_account", "second"]].rename(columns={"second_account": "account", "second": "content"})]
    ).drop_duplicates(split_out=parts)  # fmt: skip
    taking = ends.groupby("account").agg({"content": "count"}, split_out=parts).reset_index()
    enough = taking[taking["content"] >= min_participation]["account"].compute()
    kept = pairs[pairs["first_account"].isin(list(enough)) | pairs["second_account"].isin(list(enough))].compute()
    whole = kept["seconds"].to_numpy()
    if (whole == np.floor(whole)).all():
        kept = kept.assign(seconds=whole.astype(np.int64))
    return in_order(kept)


def _numbered(table: Table) -> Table:
    """Return a table with the place of each row in it."""
    lengths = table.map_partitions(len).compute()
    starts = np.concatenate([[0], np.cumsum(lengths)])
    parts = [
        part.map_partitions(lambda of, start: of.assign(place=np.arange(start, start + len(of))), int(start),
                            meta={**dict(table.dtypes), "place": "int64"})
        for part, start in zip(table.partitions, starts, strict=False)
    ]  # fmt: skip
    return dd.concat(parts)


def _pairs_of(shares: pd.DataFrame, window: float) -> pd.DataFrame:
    found = coordination(shares.sort_values("place"), window, 1)
    return found.astype({"seconds": "float64"})


def cascades_on(posts: Table, partitions: int = 0) -> pd.DataFrame:
    """Return the shape and speed of each cascade, as `cascades` does, sorted by the key of the root.

    Parameters
    ----------
    posts
        A Dask table: `key`, `parent` (a key; empty where a post begins a cascade), `time` (s). A cascade may be spread
        over partitions in any way.
    partitions
        Into how many parts the cascades are divided; 0: as many as the table has.

    Returns
    -------
    DataFrame
        As of `cascades`, with the key of the root in `root`, in the order of these keys. Where the root is missing, its
        key is the one that its children name.

    Raises
    ------
    ParameterError
        Posts answer each other in a circle.
    """
    parts = partitions or posts.npartitions
    posts = posts[["key", "parent", "time"]].persist()
    rooted = _with_roots(posts, parts)
    by_cascade = rooted.shuffle("top", npartitions=parts)
    meta = {"root": "str", "size": "int64", "depth": "int64", "breadth": "int64", "virality": "float64",
            "hours": "float64", "hours_to_half": "float64", "known_root": "bool"}  # fmt: skip
    return by_cascade.map_partitions(_shapes_of, meta=meta).compute().sort_values("root", ignore_index=True)


def _with_roots(posts: Table, parts: int) -> Table:
    """Return posts with the key of the root of each: each round doubles how far up every post has looked."""
    table = posts.assign(top=posts["parent"].where(posts["parent"] != "", posts["key"]))
    for _ in range(_ROUNDS):
        above = table[["key", "top"]].rename(columns={"key": "top", "top": "higher"})
        table = table.merge(above, on="top", how="left")
        table = table.assign(higher=table["higher"].fillna(table["top"]))
        moved = (table["higher"] != table["top"]).sum()
        table = table.assign(top=table["higher"])[["key", "parent", "time", "top"]].persist()
        if not int(moved.compute()):
            return table
    raise ParameterError("Posts answer each other in a circle, so that no root is found. Leave one of them out.")


def _shapes_of(posts: pd.DataFrame) -> pd.DataFrame:
    posts = posts.sort_values(["time", "key"])
    places, known, names = joined(posts["key"], posts["parent"])
    times = np.r_[posts["time"].to_numpy(dtype=float), np.full(len(places) - len(posts), np.nan)]
    found = cascades(places, times, known)
    return found.assign(root=names[found["root"]])[list(CASCADES)].astype({"root": "str"})


def shares_on(path: Path | str, of: str = "urls") -> Table:
    """Return the shares of a collection in one or many Parquet files as a Dask table; see `Posts.shares`."""
    meta = {"object": "str", "account": "str", "content": "str", "time": "int64"}
    return dd.from_map(_shares_of, _groups(path), of=of, meta=meta)


def posts_on(path: Path | str) -> Table:
    """Return keys, parents and times of a collection as a Dask table, as `cascades_on` takes it."""
    meta = {"key": "str", "parent": "str", "time": "float64"}
    return dd.from_map(_parents_of, _groups(path), meta=meta).drop_duplicates("key")


def _groups(path: Path | str) -> list[tuple[str, int]]:
    """Return the parts of a collection that can be read by themselves: files, and groups of rows in them."""
    files = sorted(Path(path).glob("*.parquet")) if Path(path).is_dir() else [Path(path)]
    return [(str(file), group) for file in files for group in range(pq.ParquetFile(file).num_row_groups)]


def _shares_of(place: tuple[str, int], of: str) -> pd.DataFrame:
    return shares_of(pq.ParquetFile(place[0]).read_row_group(place[1]), of)


def _parents_of(place: tuple[str, int]) -> pd.DataFrame:
    return parents_of(pq.ParquetFile(place[0]).read_row_group(place[1]))
