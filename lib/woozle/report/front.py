"""The front page over all reports of a folder, and the index of a sweep."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from woozle.places import case_order, is_comparison
from woozle.report.html import chart_block, render, sealed, table_block
from woozle.report.manifest import read_manifest
from woozle.report.prose import Outline
from woozle.report.run import PAGE
from woozle.report.store import write_text
from woozle.text import visible

_ONE = {"carriers": "document with the claim", "roots": "source at most", "corrections": "correction", "cases": "case"}
_FIGURES = {
    "cases": "cases",
    "documents": "documents",
    "carriers": "documents with the claim",
    "roots": "sources at most",
    "false": "false",
    "corrections": "corrections",
}


_SHOWN = ("carriers", "roots", "corrections", "cases")  # on a card


def write_front(reports: Path, home: Path | None = None) -> Path:
    """Write `index.html` over all reports in a folder, from their manifests, and return its path.

    Parameters
    ----------
    reports
        The folder.
    home
        What holds `data/` and `case_studies/` (by default beside the folder): its `index.yaml` gives the order of the
        cases. A report of a case that is not there any more is left out.
    """
    home = home or reports.parent
    cards = []
    for folder in sorted(path for path in reports.iterdir() if not path.name.startswith(".") and path.is_dir()):
        if (manifest := read_manifest(folder)) and _is_there(home, manifest["case"]):
            cards.append(_card(folder, manifest))
    order = {name: place for place, name in enumerate(case_order(home))}
    cards.sort(
        key=lambda card: (bool(card["other"]), order.get(card["case"], len(order)), card["title"], card["folder"])
    )
    page = render(
        "front.html.j2",
        title="Case studies of misinformation",
        cards=[card for card in cards if not card["compares"]],
        comparisons=[card for card in cards if card["compares"]],
    )
    write_text(reports / PAGE, sealed(page))
    return reports / PAGE


def _is_there(home: Path, case: str) -> bool:
    """Tell whether a case or comparison still stands; where no case stands at all, nobody can say."""
    if not any(home.glob("data/*/datapackage.json")):
        return True
    return (home / "data" / case / "datapackage.json").is_file() or is_comparison(home / "case_studies" / case)


def _card(folder: Path, manifest: Mapping) -> dict[str, object]:
    picture = folder / "charts" / "thumbnail.png"
    shown = base64.b64encode(picture.read_bytes()).decode() if picture.is_file() else ""
    other = folder.name.partition(",")[2]
    figures = manifest["figures"]
    return {
        "folder": folder.name,
        "case": manifest["case"],
        "compares": "cases" in figures,
        "title": visible(manifest["headline"]),
        "finding": visible(manifest["standfirst"]),
        "figures": {
            _ONE[name] if figures[name] == 1 else _FIGURES[name]: figures[name] for name in _SHOWN if name in figures
        },
        "picture": f"data:image/png;base64,{shown}" if shown else "",
        "other": visible(manifest["setting"] or other.replace(",", ", ")) if other else "",
        "sha256": manifest["sha256"],
    }


def write_sweep_index(
    folder: Path, title: str, names: Sequence[str], done: Sequence[tuple[Mapping, Path]], failed: Sequence
) -> Path:
    """Write the index of a sweep: headline figures over its combinations, small multiples and a table.

    Parameters
    ----------
    folder
        Of the sweep.
    title
        Of the case.
    names
        The parameters that vary.
    done
        Each combination (value by name) with the folder of its report.
    failed
        Each combination that failed, with why.
    """
    rows = []
    for values, report in done:
        figures = read_manifest(report)["figures"]
        rows.append({**{name: str(values[name]) for name in names}, **figures, "_folder": report.name})
    outline, blocks = Outline(), []
    if rows:
        blocks.append(_multiples(pd.DataFrame(rows), names, outline))
        told = [name for name in _FIGURES if name in rows[0]]
        columns = [*names, *(_FIGURES[name] for name in told)]
        cells = [[*(row[name] for name in names), *(str(row[name]) for name in told)] for row in rows]
        table = {"name": "combinations", "caption": "Each combination and its headline figures.", "columns": columns}
        block = table_block({**table, "rows": cells}, outline, "Table")
        blocks.append(block | {"kind": "table", "links": [f"{row['_folder']}/{PAGE}" for row in rows]})
    told = [{"what": visible(_in_words(values)), "error": visible(str(error))} for values, error in failed]
    page = render("sweep.html.j2", title=visible(title), blocks=blocks, failed=told, names=names, has_charts=bool(rows))
    write_text(folder / PAGE, sealed(page))
    return folder / PAGE


def _in_words(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())


def _multiples(rows: pd.DataFrame, names: Sequence[str], outline: Outline) -> dict[str, object]:
    from woozle import chart

    shown = rows.rename(columns=_FIGURES)
    drawn = chart.multiples(shown, names[0], names[1:], [words for words in _FIGURES.values() if words in shown])
    words = f"Headline figures of each combination of {', '.join(names)}: {len(rows)} reports."
    return chart_block(drawn, "multiples", words, outline)
