"""The report of a collection of made-up posts, from the command to the page: seconds and memory by size.

    .venv/bin/python benchmarks/collection_report.py 10_000 100_000 1_000_000

One post in five answers an earlier one, one in ten reposts one, two in five of the others take an earlier text over and
change some words; one in three shares an address, a few of them far more than others. The memory is the most that one
process had (the notebook's is the largest), seen ten times a second.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from woozle.collection.posts import SCHEMA

WORDS = 12  # of a post: some eighty letters
_AGO = 2000  # posts: how far back others look
_BATCH = 50_000


def write_posts(count: int, path: Path, seed: int = 0) -> None:
    """Write made-up posts of a month."""
    draw = np.random.default_rng(seed)
    vocabulary = np.array([f"w{number}" for number in range(50_000)])
    accounts = np.floor(count / 10 * draw.random(count) ** 2).astype(int)
    moments = np.sort(1_700_000_000 + draw.random(count) * 30 * 86_400).astype("int64")
    before = np.maximum(np.arange(count) - 1 - np.floor(draw.random(count) * _AGO).astype(int), 0)
    kind, links = draw.random(count), draw.zipf(1.3, count) % (count // 5 + 1)
    has_link, kept = draw.random(count) < 1 / 3, []
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for start in range(0, count, _BATCH):
            rows = []
            for place in range(start, min(start + _BATCH, count)):
                words = draw.zipf(1.2, WORDS) % len(vocabulary)
                if kept and kind[place] > 0.3 and draw.random() < 0.4:
                    other = kept[-1 - int(draw.random() * len(kept))]
                    words = np.where(draw.random(WORDS) < 0.1, words, other)
                kept = [*kept[-_AGO:], words]
                rows.append(
                    {
                        "key": str(place), "url": f"https://example.org/{place}", "account": f"a{accounts[place]}",
                        "time": pd.Timestamp(int(moments[place]), unit="s", tz="UTC"),
                        "text": " ".join(vocabulary[words]), "language": "en",
                        "urls": [f"https://news.example/{links[place]}"] if has_link[place] else [],
                        "reply_to": str(before[place]) if place and kind[place] < 0.2 else None,
                        "repost_of": str(before[place]) if place and 0.2 <= kind[place] < 0.3 else None,
                        "format": "made-up", "source": "made-up", "row": place,
                    }
                )  # fmt: skip
            writer.write_table(pa.Table.from_pylist(rows, SCHEMA))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    with tempfile.TemporaryDirectory() as place:
        for count in parser.parse_args().sizes:
            path, folder = Path(place) / f"posts{count}.parquet", Path(place) / f"report{count}"
            write_posts(count, path)
            start = time.perf_counter()
            command = [sys.executable, "-m", "woozle", "collection", "report", str(path), "-o", str(folder)]
            child, most = psutil.Popen(command, stdout=subprocess.DEVNULL), 0
            while child.poll() is None:
                with suppress(psutil.NoSuchProcess):
                    most = max(most, *(of.memory_info().rss for of in [child, *child.children(recursive=True)]))
                time.sleep(0.1)
            took = time.perf_counter() - start
            if child.returncode:
                sys.exit(f"The report of {count:,} posts failed.")
            page = sum(file.stat().st_size for file in folder.rglob("*.html")) / 1e6
            print(f"{count:>10,} posts   {took:7.1f} s   {most / 1e9:5.2f} GB   pages {page:.1f} MB", flush=True)


if __name__ == "__main__":
    main()
