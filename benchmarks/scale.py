"""What a row costs on Dask: coordination and cascades on a cluster of this machine, at growing sizes.

.venv/bin/python benchmarks/scale.py [--rows 1000000 4000000]

Each line: rows, seconds in one process without Dask, seconds on the cluster. docs/scale.md plans from these.
"""

import argparse
import tempfile
import time
from pathlib import Path

import dask.dataframe as dd
import numpy as np
import pandas as pd

from collection import shares_of
from woozle import collection
from woozle.collection.coordination import in_order
from woozle.collection.distributed import cascades_on, coordination_on, scheduler


def posts_of(count: int) -> pd.DataFrame:
    """Return posts of which most answer one of the five hundred before."""
    draw = np.random.default_rng(0)
    at = np.arange(count)
    above = np.maximum(at - 1 - (draw.random(count) * 500).astype(int), 0)
    keys = pd.Series(at).astype("str")
    parent = keys.iloc[above].reset_index(drop=True).mask(draw.random(count) < 0.05, "")
    parent.iloc[0] = ""
    return pd.DataFrame({"key": keys, "parent": parent, "time": at.astype(float)})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 4_000_000])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, scheduler() as client:
        workers = len(client.scheduler_info()["workers"])
        for count in given.rows:
            shares, posts = shares_of(count), posts_of(count)
            size = int(shares.memory_usage(deep=True).sum())
            for name, table in (("shares", shares), ("posts", posts)):
                dd.from_pandas(table, npartitions=max(count // 250_000, 2)).to_parquet(Path(place) / f"{name}{count}")
            start = time.perf_counter()
            expected = in_order(collection.coordination(shares, 10))
            alone = time.perf_counter() - start
            start = time.perf_counter()
            found = coordination_on(dd.read_parquet(Path(place) / f"shares{count}"), 10)
            took = time.perf_counter() - start
            told = f"{alone:.2f} s alone, {took:.1f} s on {workers} workers; same rows: {found.equals(expected)}"
            print(f"coordination, {count:,} shares ({size / 1e6:.0f} MB): {told}", flush=True)
            start = time.perf_counter()
            places, known, _ = collection.joined(posts["key"], posts["parent"])
            shapes = collection.cascades(places, posts["time"].to_numpy(), known)
            alone = time.perf_counter() - start
            start = time.perf_counter()
            found = cascades_on(dd.read_parquet(Path(place) / f"posts{count}"))
            took = time.perf_counter() - start
            same = sorted(found["size"]) == sorted(shapes["size"])
            print(f"cascades, {count:,} posts: {alone:.2f} s alone, {took:.1f} s on {workers} workers; "
                  f"same sizes: {same}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
