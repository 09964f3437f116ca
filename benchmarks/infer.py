"""How good are proposed hops? Hides hops that are known, and compares; run from the top folder.

    python benchmarks/infer.py cases                     the coded cases in data/, or: cases FOLDER ...
    python benchmarks/infer.py pheme FOLDER              replies of the PHEME rumour scheme
    python benchmarks/infer.py semeval FOLDER            replies of SemEval-2017 task 8 (posts.json, structures.json)
    ... --chart FILE.png                                 a reliability chart

Cases: each case is left out of the fit in its turn. Conversations: ten folds, no thread divided. A rule that names one
candidate is given the probability with which it was right in the other folds.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

import woozle
from woozle.errors import WoozleError
from woozle.formats.pheme import read_pheme
from woozle.formats.semeval import read_semeval
from woozle.infer import NOBODY, OF_CASES, OF_THREADS, Evidence, Observations, of_case
from woozle.infer.attribution import Attribution
from woozle.infer.checking import (
    Ranking,
    brier,
    by_rule,
    calibration_error,
    folds,
    held_out,
    interval,
    pairs_of_threads,
    ranked,
    reliability,
    without_hops,
)
from woozle.infer.details import Details
from woozle.infer.timing import Timing
from woozle.infer.wording import Wording

GROUPS = {"attribution": Attribution, "details": Details, "wording": Wording, "time and habit": Timing}
THREADS = {"pheme": read_pheme, "semeval": read_semeval}


def latest(of: pd.DataFrame) -> np.ndarray:
    """Rank by time, the latest first; what was perhaps out later comes last."""
    return (of["recency"] - 10 * of["perhaps_later"] if "perhaps_later" in of else of["recency"]).to_numpy()


def most_cited(of: pd.DataFrame) -> np.ndarray:
    """Rank by how many documents that were out by then rely on each; of equals the earliest."""
    return (of["relied_on_so_far"] - 1e-6 * of["recency"]).to_numpy()


def most_cited_ever(of: pd.DataFrame) -> np.ndarray:
    """Rank by how many documents rely on each, later ones too, as the model may; of equals the earliest."""
    return (of["relied_on_ever"] - 1e-6 * of["recency"]).to_numpy()


def with_times(pairs: pd.DataFrame, collections: list[Observations]) -> pd.DataFrame:
    """Add what the rules go by, from the middles of the times of documents."""
    items = {observed.name: observed for observed in collections}
    so_far, ever, perhaps_later = [], [], []
    for row in pairs.itertuples():
        observed = items[row.collection]
        middle = {name: item.middle for name, item in observed.documents.items()}
        now = middle[row.citing]
        hops = [hop for hop in observed.hops if hop[0] == row.cited and hop[1] != row.citing]
        so_far.append(sum(middle[citing] <= now for _, citing in hops))
        ever.append(len(hops))
        perhaps_later.append(row.cited != NOBODY and middle[row.cited] > now)
    return pairs.assign(relied_on_so_far=so_far, relied_on_ever=ever, perhaps_later=perhaps_later)


RULES = {"latest": latest, "most cited so far": most_cited, "most cited, later ones too": most_cited_ever}


def source(of: pd.DataFrame) -> np.ndarray:
    """Rank the post that begins the thread first."""
    return of["begins"].to_numpy(float)


def first_named(of: pd.DataFrame) -> np.ndarray:
    """Rank the latest post by the first user who is mentioned; without one the source."""
    return np.where(of["first_named"] > 0, 2 + of["recency"], of["begins"])


def line(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Print one row of the table, and return how candidates were ranked."""
    low, high = interval(table, lambda t: t["right"].mean())
    error_low, error_high = interval(table, calibration_error)
    first, three, error = table["right"].mean(), table["among_three"].mean(), calibration_error(table)
    print(
        f"{name:44} {len(table):5}  {first:.3f} [{low:.3f}, {high:.3f}]  {three:.3f}"
        f"  {brier(table):.4f}  {table['brier'].mean():.4f}  {error:.3f} [{error_low:.3f}, {error_high:.3f}]"
    )
    return table


def of_rule(pairs: pd.DataFrame, rule: Ranking, fold: dict[str, int]) -> pd.DataFrame:
    """Return how a rule ranks candidates."""
    found = by_rule(pairs, rule, fold)
    return ranked(pairs, found["probability"], found["order"])


def head(title: str) -> None:
    """Print the head of a table."""
    print(f"\n{title}\n{'':44}     n  first right [90 %]      first 3  Brier   all      calibration error [90 %]")


def cases(folders: list[str]) -> dict[str, pd.DataFrame]:
    """Hide all hops of one document at a time, the case left out of the fit."""
    opened = [woozle.open(Path(folder)) for folder in folders] or [woozle.open(name) for name in woozle.case_names()]
    found = {}
    for said_by in (True, False):
        collections = [of_case(case, said_by) for case in opened]
        pairs = pd.concat([Evidence(observed).pairs() for observed in collections], ignore_index=True)
        pairs = with_times(pairs, collections)
        fold = folds(pairs["collection"])
        head(f"Coded cases, {'with' if said_by else 'without'} said_by; the case left out of the fit")
        for name, rule in RULES.items():
            line(name, of_rule(pairs, rule, fold))
        probability = held_out(pairs, OF_CASES, fold)
        table = line("model", ranked(pairs, probability))
        real = pairs[pairs["cited"] != NOBODY]
        known = real.groupby(["collection", "citing"], sort=False)["known"].sum().reindex(table.index)
        line("  documents with one known source", table[known == 1])
        line("  documents with several", table[known > 1])
        for name, of in table.groupby(level="collection", sort=False):
            print(f"    {name:40} {len(of):5}  {of['right'].mean():.3f}  first 3 {of['among_three'].mean():.3f}")
        found["with said_by" if said_by else "without"] = table
        print("  without a group of features:")
        for group, evidence in GROUPS.items():
            left = [name for name in OF_CASES if name not in evidence.names]
            line(f"    no {group}", ranked(pairs, held_out(pairs, left, fold)))
        hidden = pd.concat([without_hops(observed) for observed in collections], ignore_index=True)
        line("  model, no hop of the case known", ranked(hidden, held_out(hidden, OF_CASES, fold)))
        if said_by:
            extremes(pairs.assign(probability=probability))
            origins(pairs.assign(probability=probability))
    return found


def extremes(pairs: pd.DataFrame) -> None:
    """Print the most convincing and the most wrong proposals."""
    real = pairs[pairs["cited"] != NOBODY]
    best = real.loc[real.groupby(["collection", "citing"])["probability"].idxmax()]
    answered = real.groupby(["collection", "citing"])["known"].transform("any").loc[best.index]
    best = best[answered].sort_values("probability", ascending=False)
    for title, rows in (("most convincing", best[best["known"]]), ("most wrong", best[~best["known"]])):
        print(f"  {title}:")
        for row in rows.head(5).itertuples():
            print(f"    {row.probability:.2f}  {row.citing} from {row.cited} ({row.collection})")


def origins(pairs: pd.DataFrame) -> None:
    """Print what the model says of documents that are coded as the words of their own speaker."""
    rows = pairs[(pairs["cited"] == NOBODY) & pairs["known"]]
    print(f"  no source, for {len(rows)} documents that speak for themselves: {rows['probability'].round(2).to_list()}")


def threads(name: str, folder: str) -> dict[str, pd.DataFrame]:
    """Hide whom each reply answers."""
    read = THREADS[name](folder)
    print(f"{name}: {len(read.posts)} posts, {read.posts['thread'].nunique()} threads, {len(read.problems)} faults:")
    for row in read.problems.head(5).itertuples():
        print(f"    {row.file}, line {row.line}: {row.problem}")
    pairs = pairs_of_threads(read)
    fold = folds(pairs["collection"], 10)
    head(f"{name}: whom does each reply answer? Ten folds of threads")
    rules = {"source": source, "latest": latest} | ({"first user mentioned": first_named} if name == "pheme" else {})
    for title, rule in rules.items():
        line(title, of_rule(pairs, rule, fold))
    table = line("model", ranked(pairs, held_out(pairs, OF_THREADS, fold)))
    print("  without a group of features:")
    for group, evidence in GROUPS.items():
        left = [feature for feature in OF_THREADS if feature not in evidence.names]
        if len(left) < len(OF_THREADS):
            line(f"    no {group}", ranked(pairs, held_out(pairs, left, fold)))
    return {name: table}


def draw(found: dict[str, pd.DataFrame], file: str) -> None:
    """Write the reliability chart."""
    from woozle.chart import reliability as chart
    from woozle.pictures import svg_to_png, to_svg

    table = pd.concat([reliability(table).assign(of=name) for name, table in found.items()])
    words = "; ".join(f"{row.of}, {row.probability:.0%}: {row.right:.0%}" for row in table.itertuples())
    drawn = chart(table, "How often the first proposal is right, by its probability", words)
    Path(file).write_bytes(svg_to_png(to_svg(drawn.to_dict()), 2))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=["cases", *THREADS])
    parser.add_argument("folder", nargs="*", help="of the data")
    parser.add_argument("--chart", metavar="FILE.png")
    given = parser.parse_args()
    if given.task != "cases" and len(given.folder) != 1:
        parser.error(f"{given.task} needs the folder of its data")
    try:
        tables = cases(given.folder) if given.task == "cases" else threads(given.task, given.folder[0])
    except WoozleError as error:
        parser.exit(1, f"{error}\n")
    if given.chart:
        draw(tables, given.chart)
