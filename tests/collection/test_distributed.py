"""Beyond one machine the rows are the same, whatever the partitions, and also where a worker dies."""

import json
import os
import signal
import threading
import time

import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest

from woozle.collection.coordination import coordination
from woozle.collection.distributed import cascades_on, coordination_on, in_order, posts_on, scheduler, shares_on
from woozle.collection.forest import cascades, joined
from woozle.collection.posts import collect, open_posts
from woozle.errors import ParameterError

pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def client():
    with scheduler() as client:
        yield client


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


@pytest.mark.parametrize("parts", [1, 5])
def test_the_pairs_are_those_of_one_machine(client, parts):
    table = shares(4000)
    expected = in_order(coordination(table, 20, 3))
    assert len(expected) > 1000
    found = coordination_on(dd.from_pandas(table, npartitions=parts), 20, 3, partitions=4)
    pd.testing.assert_frame_equal(found, expected)
    assert found.to_csv() == expected.to_csv()


def test_a_cascade_that_is_spread_over_partitions_is_joined(client):
    table = posts(3000)
    keys, known = joined(table["key"], table["parent"])
    times = np.r_[table["time"], np.full(len(keys) - len(table), np.nan)]
    expected = cascades(keys, times, known)
    found = cascades_on(dd.from_pandas(table, npartitions=7), partitions=3)
    names = ["size", "depth", "breadth", "virality", "hours", "hours_to_half", "known_root"]
    same = [of[names].sort_values(names, ignore_index=True) for of in (found, expected)]
    pd.testing.assert_frame_equal(*same)
    assert set(found.loc[~found["known_root"], "root"]) <= {f"gone{n}" for n in range(7)}


def test_a_circle_is_told(client):
    table = pd.DataFrame({"key": ["a", "b"], "parent": ["b", "a"], "time": [0.0, 1.0]})
    with pytest.raises(ParameterError, match="in a circle"):
        cascades_on(dd.from_pandas(table, npartitions=1))


def test_a_worker_that_is_killed_midway_changes_nothing():
    table = shares(30_000, seed=4)
    expected = in_order(coordination(table, 20, 3))
    with scheduler() as own:
        pids = list(own.run(os.getpid).values())
        assert len(pids) > 1
        killer = threading.Thread(target=lambda: (time.sleep(0.7), os.kill(pids[0], signal.SIGKILL)))
        killer.start()
        found = coordination_on(dd.from_pandas(table, npartitions=6), 20, 3)
        killer.join()
        assert pids[0] not in own.run(os.getpid).values()
    pd.testing.assert_frame_equal(found, expected)


def test_a_collection_on_the_disk_gives_the_same_shares_and_cascades(client, tmp_path):
    rows = [
        {"id": str(n), "author_id": str(n % 7), "created_at": f"2011-03-14T09:{n % 60:02d}:{n // 60:02d}.000Z",
         "text": f"see https://a.example/{n % 9} #Tag{n % 4}",
         **({"referenced_tweets": [{"type": "replied_to", "id": str(n // 2)}]} if n % 3 else {})}
        for n in range(1, 400)
    ]  # fmt: skip
    (tmp_path / "posts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    collect([tmp_path / "posts.jsonl"], tmp_path / "posts.parquet")
    whole = open_posts(tmp_path / "posts.parquet")
    for of in ("urls", "hashtags"):
        found = coordination_on(shares_on(tmp_path / "posts.parquet", of), 30, 2)
        assert len(found) > 10
        pd.testing.assert_frame_equal(found, in_order(coordination(whole.shares(of), 30, 2)))
    parents, times, known, keys = whole.forest()
    expected = cascades(parents, times, known)
    found = cascades_on(posts_on(tmp_path / "posts.parquet"))
    assert found["size"].sum() == expected["size"].sum() == len(keys)
    assert sorted(found["virality"].dropna()) == pytest.approx(sorted(expected["virality"].dropna()))
