"""A report beside `papermill` and `jupyter nbconvert --to html` on the same two notebooks and parameters, in pairs.

.venv/bin/python benchmarks/report.py [--pairs 5] [--case dprk_troops_2024] [--three]

Each pair runs one after the other, and the medians of the pairs' ratios are printed:

cold      `woozle report` with nothing built and no process warm, over papermill + nbconvert
further   one more of a batch (`woozle sweep` of four over one of one, by the three more), one at once and all cores
nothing   `woozle report` when the report stands there, in seconds

With --three the notebook has three cells, as the overhead alone; else it is that of the case.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
THREE = [
    "import woozle, pandas as pd, altair as alt",
    "case = woozle.open('{case}')\ncase.documents.head()",
    "print(as_of)",
]


def seconds(*command: object, home: Path) -> float:
    """Run a command to its end and return its wall time."""
    start = time.perf_counter()
    done = subprocess.run(list(map(str, command)), cwd=home, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stderr}")
    return time.perf_counter() - start


def checkout(home: Path, case: str, three: bool) -> Path:
    """Copy a case, with three cells if wanted, and return its notebook."""
    for part in ("data", "case_studies"):
        shutil.copytree(ROOT / part / case, home / part / case)
    shutil.copy(ROOT / "requirements.lock", home)
    shutil.copy(ROOT / "case_studies" / "evidence.ipynb", home / "case_studies")
    path = home / "case_studies" / case / "case_study.ipynb"
    if three:
        notebook = nbformat.read(path, as_version=4)
        kept = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
        cells = [nbformat.v4.new_code_cell(source.format(case=case), id=f"c{n}") for n, source in enumerate(THREE)]
        notebook.cells = kept + cells
        nbformat.write(notebook, path)
    return path


def others(home: Path, notebook: Path, day: str) -> float:
    """Return the time of papermill and nbconvert."""
    took = 0.0
    for number, path in enumerate((notebook, notebook.parents[1] / "evidence.ipynb")):
        made = home / f"peer{number}.ipynb"
        given = ["-p", "as_of", day, *(["-p", "case", notebook.parent.name] if number else [])]
        took += seconds(BIN / "papermill", path, made, *given, "--cwd", notebook.parent, "--no-progress-bar", home=home)
        took += seconds(BIN / "jupyter", "nbconvert", "--to", "html", made, home=home)
    return took


def batch(home: Path, case: str, days: list[str], jobs: int) -> float:
    """Return the time of a sweep over days, with nothing built."""
    shutil.rmtree(home / "reports", ignore_errors=True)
    return seconds(BIN / "woozle", "sweep", case, "--over", f"as_of={','.join(days)}", "--jobs", jobs, home=home)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--case", default="dprk_troops_2024")
    parser.add_argument("--three", action="store_true")
    given = parser.parse_args()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    rows: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        notebook = checkout(home, given.case, given.three)
        # Hours of the last day: the same work, other parameters.
        days = [f"2024-07-03T{hour:02}:00Z" for hour in range(12, 16)] if given.case.startswith("dprk") else ["latest"]
        for pair in range(given.pairs + 1):
            peer = others(home, notebook, days[0])
            shutil.rmtree(home / "reports", ignore_errors=True)
            cold = seconds(BIN / "woozle", "report", given.case, "--as-of", days[0], home=home)
            nothing = seconds(BIN / "woozle", "report", given.case, "--as-of", days[0], home=home)
            if pair == 0:  # the first warms the disk
                continue
            rows.setdefault("papermill + nbconvert, seconds", []).append(peer)
            rows.setdefault("woozle report, cold, seconds", []).append(cold)
            rows.setdefault("nothing to do, seconds", []).append(nothing)
            rows.setdefault("cold, ratio", []).append(cold / peer)
            for jobs in dict.fromkeys((1, cores)):
                further = (batch(home, given.case, days, jobs) - batch(home, given.case, days[:1], jobs)) / 3
                rows.setdefault(f"further, {jobs} at once, ratio", []).append(further / peer)
            print(f"pair {pair}: " + "; ".join(f"{name} {found[-1]:.2f}" for name, found in rows.items()), flush=True)
    print(f"{given.case}, {'three cells' if given.three else 'its notebook'}, {given.pairs} pairs, {cores} cores")
    for name, found in rows.items():
        print(f"{name:34} median {statistics.median(found):6.2f}   min {min(found):6.2f}   max {max(found):6.2f}")


if __name__ == "__main__":
    main()
