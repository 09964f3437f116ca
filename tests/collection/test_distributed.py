"""Beyond one machine the rows are the same, whatever the partitions, and also where a worker dies.

A cluster is started in a process of its own: what it leaves behind does not meet other tests.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytestmark = pytest.mark.whole


def shares(count, seed=0):
    draw = np.random.default_rng(seed)
    return pd.DataFrame(
        {"object": draw.integers(0, 60, count).astype(str), "account": draw.integers(0, 80, count).astype(str),
         "content": [f"c{n}" for n in range(count)], "time": draw.integers(0, 3000, count)}
    )  # fmt: skip


def posts(count, seed=0):
    """Return posts of which each answers an earlier one, begins a cascade, or answers what is not there; mixed."""
    draw = np.random.default_rng(seed)
    parents = [f"p{draw.integers(max(0, n - 30), n)}" if n and draw.random() < 0.85 else "" for n in range(count)]
    lost = draw.random(count) < 0.03
    parents = ["gone" + str(n % 7) if lost[n] else parent for n, parent in enumerate(parents)]
    table = pd.DataFrame({"key": [f"p{n}" for n in range(count)], "parent": parents, "time": np.arange(count) * 10.0})
    return table.sample(frac=1, random_state=1).reset_index(drop=True)


def by_hand(table):
    """Return the cascades of one machine, by the names of their roots."""
    from woozle.collection.forest import cascades, joined

    places, known, names = joined(table["key"], table["parent"])
    found = cascades(places, np.r_[table["time"], np.full(len(places) - len(table), np.nan)], known)
    return found.assign(root=names[found["root"]]).astype({"root": "str"}).sort_values("root", ignore_index=True)


def the_same_rows(place):
    import dask.dataframe as dd

    from woozle.collection.coordination import coordination, in_order
    from woozle.collection.distributed import cascades_on, coordination_on, posts_on, shares_on
    from woozle.collection.posts import collect, open_posts
    from woozle.errors import ParameterError

    table = shares(4000)
    expected = in_order(coordination(table, 20, 3))
    assert len(expected) > 1000
    for parts in (1, 5):
        found = coordination_on(dd.from_pandas(table, npartitions=parts), 20, 3, partitions=4)
        assert found.to_csv() == expected.to_csv()

    table = posts(3000)  # a cascade is spread over partitions
    found = cascades_on(dd.from_pandas(table, npartitions=7), partitions=3)
    pd.testing.assert_frame_equal(found, by_hand(table))
    assert set(found.loc[~found["known_root"], "root"]) <= {f"gone{n}" for n in range(7)}

    circle = pd.DataFrame({"key": ["a", "b"], "parent": ["b", "a"], "time": [0.0, 1.0]})
    with pytest.raises(ParameterError, match="in a circle"):
        cascades_on(dd.from_pandas(circle, npartitions=1))

    # A collection on the disk.
    rows = [
        {"id": str(n), "author_id": str(n % 7), "created_at": f"2011-03-14T09:{n % 60:02d}:{n // 60:02d}.000Z",
         "text": f"see https://a.example/{n % 9} #Tag{n % 4}",
         **({"referenced_tweets": [{"type": "replied_to", "id": str(n // 2)}]} if n % 3 else {})}
        for n in range(1, 400)
    ]  # fmt: skip
    path = Path(place) / "posts.parquet"
    (Path(place) / "posts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    collect([Path(place) / "posts.jsonl"], path)
    for of in ("urls", "hashtags"):
        found = coordination_on(shares_on(path, of), 30, 2)
        assert len(found) > 10
        pd.testing.assert_frame_equal(found, in_order(coordination(open_posts(path).shares(of), 30, 2)))
    assert cascades_on(posts_on(path))["size"].sum() == 399


def a_worker_is_killed(client):
    import dask.dataframe as dd

    from woozle.collection.coordination import coordination, in_order
    from woozle.collection.distributed import coordination_on

    table = shares(30_000, seed=4)
    expected = in_order(coordination(table, 20, 3))
    pids = list(client.run(os.getpid).values())
    assert len(pids) > 1
    killer = threading.Thread(target=lambda: (time.sleep(0.7), os.kill(pids[0], signal.SIGKILL)))
    killer.start()
    found = coordination_on(dd.from_pandas(table, npartitions=6), 20, 3)
    killer.join()
    assert pids[0] not in client.run(os.getpid).values()
    pd.testing.assert_frame_equal(found, expected)


def test_the_partitions_change_no_row(tmp_path):
    import dask

    with dask.config.set(scheduler="synchronous"):
        the_same_rows(tmp_path)


@pytest.mark.slow  # a cluster of processes takes as long to begin as the rest
def test_on_a_cluster():
    done = subprocess.run(
        [sys.executable, __file__], capture_output=True, text=True, check=False, timeout=600, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.split() == ["the_same_rows", "a_worker_is_killed"]


if __name__ == "__main__":
    from woozle.collection.distributed import scheduler

    with scheduler() as client, tempfile.TemporaryDirectory() as folder:
        the_same_rows(folder)
        print("the_same_rows")
        a_worker_is_killed(client)
        print("a_worker_is_killed")
