"""Collections beside their peers, in one run: forests, reused texts, coordination, diffusion.

    .venv/bin/python benchmarks/collection.py forest                 beside networkx and igraph, and up to 10^8 posts
    .venv/bin/python benchmarks/collection.py reuse                  beside datasketch (LSH) and scikit-learn (TF-IDF)
    .venv/bin/python benchmarks/collection.py coordination FOLDER    on the data of CooRTweet; and 10^3 to 10^7 shares
    .venv/bin/python benchmarks/collection.py diffusion FOLDER       on the cascades of SNAP; and larger ones

Peers that are not installed are left out with a line that says so (pip install datasketch scikit-learn). Times are
medians of pairs; what is compiled on the first call is compiled before. Each size has a process of its own: its memory
is the most that this process had.
"""

import argparse
import importlib.util
import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from woozle import collection


def median(of: Callable[[], object], times: int = 5) -> tuple[float, object]:
    """Return the median time of some calls, and what the last returned."""
    took, found = [], None
    for _ in range(times):
        start = time.perf_counter()
        found = of()
        took.append(time.perf_counter() - start)
    return statistics.median(took), found


def alone(of: Callable[..., str], *arguments: object) -> None:
    """Run in a process of its own, and print what it says with the memory that it took."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.apply(_told, (of, arguments)), flush=True)


def _told(of: Callable[..., str], arguments: tuple[object, ...]) -> str:
    told = of(*arguments)
    return f"{told}   {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:6.2f} GB"


def random_tree(count: int, seed: int = 0) -> np.ndarray:
    """Return parents of one tree, each drawn evenly among the earlier ones."""
    draw = np.random.default_rng(seed)
    return np.concatenate([[-1], (draw.random(count - 1) * np.arange(1, count)).astype(np.int64)])


def forest_of(count: int) -> str:
    """Measure trees of some hundred posts each, as far as there are posts."""
    draw = np.random.default_rng(0)
    parents = np.empty(count, dtype=np.int32)
    for start in range(0, count, 1_000_000):
        at = np.arange(start, min(start + 1_000_000, count))
        parents[at] = np.maximum(at - 1 - (draw.random(len(at)) * 500).astype(int), 0)
        parents[at[draw.random(len(at)) < 0.01]] = -1
    parents[0] = -1
    collection.cascades(parents[:1000].clip(max=0) * 0 - 1)
    collection.cascades(parents[:1000])
    took, shapes = median(lambda: collection.cascades(parents), 3)
    return f"{count:>11,} posts, {len(shapes):>9,} cascades   {took:8.4f} s   {count / took / 1e6:5.0f} M posts/s"


def forest() -> None:
    """Forests: peers at the sizes that they can do, then more."""
    import igraph
    import networkx as nx

    collection.cascades(random_tree(100))
    small, large = random_tree(10_000), random_tree(100_000)
    graph = nx.Graph([(place, int(parent)) for place, parent in enumerate(small) if parent >= 0])
    other = igraph.Graph(len(large), edges=[(place, int(parent)) for place, parent in enumerate(large) if parent >= 0])
    for name, parents, peer in (
        ("networkx", small, lambda: nx.wiener_index(graph) / (len(small) * (len(small) - 1) / 2)),
        ("igraph", large, lambda: other.average_path_length(directed=False)),
    ):
        theirs, value = median(peer, 1)
        ours, shapes = median(lambda parents=parents: collection.cascades(parents), 21)
        same = np.isclose(value, shapes["virality"][0])
        print(f"{len(parents):,} posts, virality: {name} {theirs:.2f} s, woozle {ours * 1000:.2f} ms, "
              f"{theirs / ours:,.0f} times; values equal: {same}", flush=True)  # fmt: skip
    for exponent in range(3, 9):
        alone(forest_of, 10**exponent)


def planted(count: int, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Return texts of a Zipf vocabulary, and whose copy each is: 40 % copy one of the last 2,000, 2 to 25 % changed."""
    draw = np.random.default_rng(seed)
    chances = np.cumsum(1 / np.arange(1, 50_001) ** 1.05)
    chances /= chances[-1]
    names = np.array([f"w{number}" for number in range(50_000)])
    made, origin = [], np.full(count, -1)
    for n in range(count):
        words = np.searchsorted(chances, draw.random(draw.integers(40, 160)))
        if n > 100 and draw.random() < 0.4:
            origin[n] = draw.integers(max(0, n - 2000), n)
            words = made[origin[n]].copy()
            changed = draw.random(len(words)) < draw.uniform(0.02, 0.25)
            words[changed] = np.searchsorted(chances, draw.random(int(changed.sum())))
        made.append(words)
    told = [" ".join(names[words]) for words in made]
    return pd.DataFrame({"id": [f"t{n}" for n in range(count)], "text": told, "time": range(count)}), origin


def scored(pairs: set[tuple[int, int]], origin: np.ndarray) -> str:
    """Return precision and recall."""
    true = {(n, int(of)) for n, of in enumerate(origin) if of >= 0}
    right = len(pairs & true)
    return f"precision {right / max(len(pairs), 1):.3f}, recall {right / len(true):.3f}"


def by_woozle(table: pd.DataFrame) -> set[tuple[int, int]]:
    """Return each text with its source, by woozle."""
    found = collection.sources(table, most_sources=1)
    return {(int(a[1:]), int(b[1:])) for a, b in zip(found["id"], found["source"], strict=True)}


def by_lsh(table: pd.DataFrame) -> set[tuple[int, int]]:
    """Return each text with its likeliest earlier neighbour, by MinHash and LSH."""
    from datasketch import MinHash, MinHashLSH

    index, sketches = MinHashLSH(threshold=0.3, num_perm=128), []
    pairs = set()
    for n, text in enumerate(table["text"]):
        words = text.split()
        shingles = {" ".join(words[at : at + 3]).encode() for at in range(len(words) - 2)}
        sketch = MinHash(num_perm=128)
        sketch.update_batch(shingles)
        near = index.query(sketch)
        if near:
            pairs.add((n, max(near, key=lambda other: (sketch.jaccard(sketches[other]), other))))
        index.insert(n, sketch)
        sketches.append(sketch)
    return pairs


def by_cosine(table: pd.DataFrame) -> set[tuple[int, int]]:
    """Return each text with its nearest earlier neighbour, by TF-IDF of runs of three words."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    matrix = TfidfVectorizer(ngram_range=(3, 3), min_df=2, max_df=100, dtype=np.float32).fit_transform(table["text"])
    pairs = set()
    for start in range(0, matrix.shape[0], 1000):
        near = matrix[start : start + 1000] @ matrix[: start + 1000].T
        for row in range(near.shape[0]):
            places = near.indices[near.indptr[row] : near.indptr[row + 1]]
            values = near.data[near.indptr[row] : near.indptr[row + 1]]
            earlier = places < start + row
            if earlier.any() and values[earlier].max() > 0.2:
                pairs.add((start + row, int(places[earlier][values[earlier].argmax()])))
    return pairs


def reuse_of(count: int) -> str:
    """Measure one size."""
    table, origin = planted(count)
    by_woozle(table.head(200))
    took, pairs = median(lambda: by_woozle(table), 3)
    return f"{count:>9,} texts   {took:8.2f} s   {scored(pairs, origin)}"


def reuse(count: int) -> None:
    """Reused texts: peers first."""
    table, origin = planted(count)
    by_woozle(table.head(200))
    for name, module, peer in (
        ("datasketch, LSH", "datasketch", by_lsh),
        ("scikit-learn, TF-IDF", "sklearn", by_cosine),
    ):
        if importlib.util.find_spec(module) is None:
            print(f"{name}: {module} is not installed; left out")
            continue
        theirs, pairs = median(lambda peer=peer: peer(table), 1)
        ours, own = median(lambda: by_woozle(table), 5)
        print(f"{count:,} texts: {name} {theirs:.2f} s, {scored(pairs, origin)}; woozle {ours:.2f} s, "
              f"{scored(own, origin)}: {theirs / ours:.1f} times", flush=True)  # fmt: skip
    for exponent in range(3, 6):
        alone(reuse_of, 10**exponent)


def shares_of(count: int) -> pd.DataFrame:
    """Return shares of objects of very different popularity, by 1 to 200,000 accounts, in a month."""
    draw = np.random.default_rng(0)
    objects = (draw.pareto(0.9, count) * count / 1000).astype(np.int64) % max(count // 3, 10)
    accounts = draw.integers(0, max(count // 20, 10), count)
    return pd.DataFrame(
        {"object": pd.Series(objects).astype("str"), "account": pd.Series(accounts).astype("str"),
         "content": pd.Series(np.arange(count)).astype("str"), "time": draw.integers(0, 30 * 86_400, count)}
    )  # fmt: skip


def coordination_of(count: int) -> str:
    """Measure one size."""
    shares = shares_of(count)
    collection.coordination(shares.head(100), 10)
    took, pairs = median(lambda: collection.coordination(shares, 10), 3)
    return f"{count:>11,} shares, {len(pairs):>9,} pairs   {took:8.3f} s"


def coordination(folder: Path) -> None:
    """Coordination on the data of CooRTweet, then more."""
    russian = pd.read_csv(folder / "russian_coord_tweets.csv.gz").set_axis(
        ["object", "account", "content", "time"], axis=1
    )
    german = pd.read_csv(folder / "german_elections.csv.gz", dtype={"post_id": str, "url_id": str})
    german = german[german["account_id"].str.startswith("fb_") & german["url_id"].notna()]
    german = pd.DataFrame({"object": german["url_id"], "account": german["account_id"], "content": german["post_id"],
                           "time": german["timestamp"]}).drop_duplicates(ignore_index=True)  # fmt: skip
    for name, shares, window, least in (("russian", russian, 10, 5), ("german", german, 60, 2)):
        collection.coordination(shares.head(100), window)
        took, pairs = median(lambda of=(shares, window, least): collection.coordination(*of), 21)
        print(f"{name}: {len(shares):,} shares, {len(pairs):,} pairs   {took * 1000:.1f} ms", flush=True)
        start = time.perf_counter()
        found = collection.by_chance(shares, window, least, draws=500)
        took = time.perf_counter() - start
        sure = found.edges[found.edges["q"] < 0.05]
        print(f"  by chance {found.expected:.0f} pairs ({found.low:.0f} to {found.high:.0f}) of {found.pairs:,}; "
              f"{len(sure):,} of {len(found.edges):,} edges beyond it, with {sure['weight'].sum():,} pairs"
              f"   {took:.1f} s", flush=True)  # fmt: skip
    for exponent in range(3, 8):
        alone(coordination_of, 10**exponent)


def diffusion_of(nodes: int, infections: int) -> str:
    """Measure cascades over a random network."""
    draw = np.random.default_rng(0)
    edges = pd.DataFrame(draw.integers(0, nodes, (2 * nodes, 2)).astype(str), columns=["source", "target"])
    made, count = [], 0
    while count < infections:
        made.append(collection.independent_cascades(edges, 0.5, 200, seed=len(made)))
        made[-1]["cascade"] = f"{len(made)}/" + made[-1]["cascade"]
        made[-1] = made[-1].groupby("cascade").head(60)
        count += len(made[-1])
    table = pd.concat(made, ignore_index=True).assign(time=lambda of: of["time"] / 3600)
    collection.diffusion_network(table.head(100), 2)
    took, found = median(lambda: collection.diffusion_network(table, 2 * nodes), 3)
    true = set(zip(edges["source"], edges["target"], strict=True))
    pairs = set(zip(found.edges["source"], found.edges["target"], strict=True))
    return f"{nodes:,} nodes, {len(table):,} infections   {took:.2f} s   precision {len(pairs & true) / len(pairs):.3f}"


def diffusion(folder: Path) -> None:
    """Diffusion on the cascades of SNAP, then more."""
    for name in ("example", "made-512"):
        table = collection.read_infections(folder / f"{name}-cascades.txt")
        told = (folder / f"{name}-reference-edges.info").read_text().splitlines()[1:]
        collection.diffusion_network(table.head(100), 2)
        arguments = table, len(told)
        took, found = median(lambda of=arguments: collection.diffusion_network(*of), 11)
        same = [line.split("/")[:2] for line in told] == found.edges[["source", "target"]].to_numpy().tolist()
        bounds, _ = median(lambda of=arguments: collection.diffusion_network(*of, bounds=True), 5)
        print(
            f"{name}: {len(table):,} infections, {len(told):,} edges   {took * 1000:.1f} ms, "
            f"with the bound of each edge {bounds * 1000:.0f} ms; those of SNAP: {same}"
        )
    alone(diffusion_of, 4096, 100_000)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["forest", "reuse", "coordination", "diffusion"])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--texts", type=int, default=8000)
    given = parser.parse_args()
    if given.what == "forest":
        forest()
    elif given.what == "reuse":
        reuse(given.texts)
    elif given.folder is None:
        parser.error("name the folder of the data")
    else:
        {"coordination": coordination, "diffusion": diffusion}[given.what](given.folder)


if __name__ == "__main__":
    main()
