"""The front page over all reports of a folder, and the index of a sweep."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from woozle.locate import PAGE
from woozle.notebook.figures import NARROW
from woozle.page.html import chart_block, render, sealed, table_block
from woozle.page.prose import Outline
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


def front_page(reports: Sequence[tuple[Path, Mapping]], order: Sequence[str] = ()) -> str:
    """Return the page over some reports.

    Parameters
    ----------
    reports
        The folder and the manifest of each.
    order
        Names of cases in the order that a person chose; others follow by their title.
    """
    cards = [_card(folder, manifest) for folder, manifest in reports]
    places = {name: place for place, name in enumerate(order)}
    cards.sort(
        key=lambda card: (bool(card["other"]), places.get(card["case"], len(places)), card["title"], card["folder"])
    )
    page = render(
        "front.html.j2",
        title="Case studies of misinformation",
        cards=[card for card in cards if not card["compares"]],
        comparisons=[card for card in cards if card["compares"]],
    )
    return sealed(page)


def _card(folder: Path, manifest: Mapping) -> dict[str, Any]:
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


def sweep_page(
    title: str, names: Sequence[str], reports: Sequence[tuple[Mapping, Path, Mapping]], failed: Sequence
) -> str:
    """Return the index of a sweep: headline figures over its combinations, small multiples and a table.

    Parameters
    ----------
    title
        Of the case.
    names
        The parameters that vary.
    reports
        Each combination (value by name) with the folder and the manifest of its report.
    failed
        Each combination that failed, with why.
    """
    rows = [
        {**{name: str(values[name]) for name in names}, **manifest["figures"], "_folder": folder.name}
        for values, folder, manifest in reports
    ]
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
    return sealed(page)


def _in_words(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())


def _multiples(rows: pd.DataFrame, names: Sequence[str], outline: Outline) -> dict[str, Any]:
    from woozle import chart

    shown = rows.rename(columns=_FIGURES)
    figures = [words for words in _FIGURES.values() if words in shown]
    drawn = [chart.multiples(shown, names[0], names[1:], figures, width) for width in (1080, NARROW)]
    words = f"Headline figures of each combination of {', '.join(names)}: {len(rows)} reports."
    return chart_block(drawn, "multiples", words, outline)
