"""Fit the weights that ship with woozle and write them to lib/woozle/infer/weights. Run: make weights

"cases" and "uncoded" are fitted on the coded cases in data/, with the hops of other documents known and without.
"threads" needs conversations: PHEME=folder make weights; without, its file stays as it is.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd

import woozle
from woozle.formats.pheme import read_pheme
from woozle.infer import OF_CASES, OF_THREADS, Evidence, fit, of_case
from woozle.infer.checking import pairs_of_threads, without_hops

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "lib" / "woozle" / "infer" / "weights"


def main() -> None:
    """Write the files."""
    names = woozle.case_names()
    collections = [of_case(woozle.open(name)) for name in names]
    known = pd.concat([Evidence(collection).pairs() for collection in collections], ignore_index=True)
    hidden = pd.concat([without_hops(collection) for collection in collections], ignore_index=True)
    made_of = {name: woozle.open(name).version for name in names}
    save("cases", known, OF_CASES, {"cases": made_of, "hops of other documents": "known"})
    save("uncoded", hidden, OF_CASES, {"cases": made_of, "hops of other documents": "not known"})
    if folder := os.environ.get("PHEME"):
        pairs = pairs_of_threads(read_pheme(folder))
        facts = {"set": "PHEME rumour scheme, journalism use case, doi 10.6084/m9.figshare.2068650"}
        save("threads", pairs, OF_THREADS, facts | {"threads": pairs["collection"].nunique()})


def save(name: str, pairs: pd.DataFrame, features: tuple[str, ...], facts: dict) -> None:
    """Fit on pairs and write one file."""
    answered = int(pairs.groupby(["collection", "citing"])["known"].any().sum())
    model = fit(pairs, features)
    facts = {"command": "make weights"} | facts | {"documents": answered}
    replace(model, fitted_on=facts).save(FOLDER / f"{name}.json")
    print(f"{name}: {answered} documents, {len(pairs)} pairs", file=sys.stderr)


if __name__ == "__main__":
    main()
