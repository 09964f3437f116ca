"""What the coding desk proposes before anybody has coded, and how much of it is in the citations that are known.

.venv/bin/python benchmarks/proposals.py [EXPORTS]

The coded cases without their codes, citations and reviews (there are no texts of them here); and each file of a folder
of exports as it is imported, and once more without its citations. The weights were fitted on the four cases, so that
their lines flatter: benchmarks/infer.py leaves each out in its turn.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

import pandas as pd

import woozle
from woozle.desk import view
from woozle.desk.session import Session
from woozle.formats.gather import gather
from woozle.formats.importing import plan
from woozle.locate import case_names, find_folder
from woozle.package.csv_files import TableFile
from woozle.report.scaffold import new_case


def emptied(folder: Path, *names: str) -> None:
    """Take all rows out of tables of a package."""
    for name in names:
        table = TableFile.read(folder / f"{name}.csv", ())
        table.rows = []
        table.write(folder / f"{name}.csv")


def line(what: str, folder: Path, citations: pd.DataFrame) -> dict[str, object]:
    """Return how many proposals there are by kind, and how many of them, and of the known sources, agree."""
    known = set(zip(citations["citing"], citations["cited"], strict=True))
    proposed = view.proposals(Session(folder, "ab"))
    sources = [(one["citing"], one["cited"]) for one in proposed if one["kind"] == "source"]
    likely = [
        (one["citing"], one["cited"]) for one in proposed if one["kind"] == "source" and one["probability"] >= 0.5
    ]
    with_source = {citing for citing, _ in known}
    reached = {citing for citing, cited in known & set(sources)}
    dates = sum(str(published).endswith("?") for published in woozle.open(folder).documents["published"])
    return {
        "collection": what, "documents": len(woozle.open(folder).documents), "citations known": len(known),
        "proposed": len(sources), "known among them": len(known & set(sources)),
        "likely (0.5 or more)": len(likely), "known among the likely": len(known & set(likely)),
        "documents whose source is proposed": f"{len(reached)} of {len(with_source)}",
        "same words": sum(one["kind"] == "copy" for one in proposed), "dates to confirm": dates,
    }  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "exports", type=Path, nargs="?", help="a folder of exports, each in a format of `woozle import`"
    )
    given = parser.parse_args()
    lines = []
    with tempfile.TemporaryDirectory() as place:
        for name in case_names():
            folder = Path(place) / "coded" / "data" / name
            shutil.copytree(find_folder(name), folder)
            citations = woozle.open(folder).citations
            emptied(folder, "claims", "citations")
            (folder / "reviews.csv").unlink(missing_ok=True)
            shutil.rmtree(folder / "codings", ignore_errors=True)
            (folder / "settled.csv").unlink(missing_ok=True)
            lines.append(line(f"{name}, nothing coded", folder, citations))
        for path in sorted(given.exports.iterdir()) if given.exports else ():
            if path.suffix == ".md":
                continue
            folder = new_case(path.stem.replace(".", "_") + path.suffix[1:], path.name, "A claim.", home=place)
            plan(folder, gather([path]), "UTC").write()
            citations = woozle.open(folder).citations
            lines.append(line(f"{path.name}, as imported", folder, citations.iloc[:0]))
            if len(citations):
                emptied(folder, "citations")
                lines.append(line(f"{path.name}, without its citations", folder, citations))
    print(pd.DataFrame(lines).to_string(index=False))


if __name__ == "__main__":
    main()
