"""How fast the workbench of a case reacts in a browser: the flagship, and a made-up case of 5,000 documents.

.venv/bin/python benchmarks/workbench.py [--documents 5000]

Each line is the time from an action (slider, search, click) to the drawn picture: the median of nine, in milliseconds.
"""

import argparse
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

import woozle

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
import tiny  # noqa: E402

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
REACT = """async ([what, number]) => {
    const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await frame();
    const start = performance.now();
    if (what === "slider") {
        const input = document.querySelector("input[type=range]");
        input.value = Math.floor(Number(input.max) * (1 + number % 8) / 9);
        input.dispatchEvent(new Event("input"));
    } else if (what === "search") {
        const search = document.querySelector("input[type=search]");
        search.value = number % 2 ? "e" : "";
        search.dispatchEvent(new Event("input"));
    } else {
        const rows = document.querySelectorAll(".row");
        rows[(number * 7) % rows.length].dispatchEvent(new MouseEvent("click", { bubbles: true }));
    }
    await frame();
    return performance.now() - start;
}"""


def made_up(folder: Path, documents: int) -> woozle.Case:
    """Return a case in which each document relies on an earlier one, a tenth of them on two."""
    draw = random.Random(0)
    pairs = [f"d{draw.randrange(n)}>d{n}" for n in range(1, documents)]
    pairs += [f"d{draw.randrange(n)}>d{n}:quotes" for n in range(2, documents, 10)]
    days = {f"d{n}": f"2024-06-{1 + 27 * n // documents:02}" for n in range(documents)}
    tables = tiny.tables(" ".join(dict.fromkeys(pairs)), days=days)
    seen = set()
    tables["citations"] = [
        row for row in tables["citations"] if not ((key := (row["citing"], row["cited"])) in seen or seen.add(key))
    ]
    return woozle.open(tiny.write(folder / "data" / "made_up", tables))


def measure(case: woozle.Case, page) -> None:
    """Draw, act, and print."""
    start = time.perf_counter()
    bench = woozle.explore(case)
    made = time.perf_counter() - start
    page.set_content(f"<!doctype html>{bench._repr_mimebundle_()['text/html']}")
    start = time.perf_counter()
    page.wait_for_selector(".woozle-workbench .row")
    drawn = time.perf_counter() - start
    print(f"{case.name}: {len(case.documents)} documents; made in {made:.1f} s, first drawn in {drawn:.1f} s")
    for what in ("slider", "search", "click"):
        took = [page.evaluate(REACT, [what, number]) for number in range(10)][1:]
        print(f"  {what:7} median {statistics.median(took):6.0f} ms   max {max(took):6.0f} ms")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=5000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1500, "height": 1000})
        measure(woozle.open("dprk_troops_2024"), page)
        measure(made_up(Path(place), given.documents), page)
        browser.close()


if __name__ == "__main__":
    main()
