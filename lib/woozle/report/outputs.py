"""What an executed notebook shows, piece by piece: prose, charts, tables, code; and the files of charts and rows."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from woozle.pictures import MARKED, NARROW, PNG, ROWS, VEGA_LITE, to_svg

MOST = 200_000  # letters of an output that a page shows


@dataclass(frozen=True)
class Piece:
    """One piece of a page.

    Attributes
    ----------
    kind : str
        markdown, chart, table, html, text, or code (the source of a cell, after what it shows).
    text : str
        Markdown, HTML, plain text, or code.
    rows : mapping
        Of a chart or table: what `woozle.report.Table.rows` gives.
    data : mapping
        Of a chart: its MIME bundle.
    tags : tuple of str
        Of the cell.
    """

    kind: str
    text: str = ""
    rows: Mapping[str, object] = field(default_factory=dict)
    data: Mapping[str, object] = field(default_factory=dict)
    tags: tuple[str, ...] = ()


def pieces(notebook: nbformat.NotebookNode) -> Iterator[Piece]:
    """Yield the pieces of an executed notebook in their order, without what only the notebook shows.

    Names of charts and tables are made unique: a second `roots` becomes `roots-2`.
    """
    taken: set[str] = set()
    for cell in notebook.cells:
        tags = tuple(cell.metadata.get("tags", []))
        if "notebook-only" in tags:
            continue
        if cell.cell_type == "markdown":
            yield Piece("markdown", cell.source, tags=tags)
        if cell.cell_type == "code":
            for output in cell.outputs:
                yield from _of_output(output, tags, taken)
            yield Piece("code", cell.source, tags=tags)


def _of_output(output: nbformat.NotebookNode, tags: tuple[str, ...], taken: set[str]) -> Iterator[Piece]:
    if output.output_type == "stream":
        yield Piece("text", _cut(output.text), tags=tags)
    data = output.get("data", {})
    rows = json.loads(data[ROWS]) if ROWS in data else {}
    if rows:
        rows["name"] = _unique(str(rows["name"]), taken)
    if VEGA_LITE in data:
        yield Piece("chart", data.get("text/plain", "Chart"), rows, data, tags)
    elif rows:
        yield Piece("table", rows["caption"], rows, tags=tags)
    elif MARKED in data or "text/markdown" in data:
        yield Piece("markdown", data.get(MARKED) or data["text/markdown"], tags=tags)
    elif "text/html" in data:
        yield Piece("html", _cut(data["text/html"]), tags=tags)
    elif "text/plain" in data:
        yield Piece("text", _cut(data["text/plain"]), tags=tags)


def _cut(text: str) -> str:
    """Return an output as a page shows it: no longer than anybody reads."""
    if len(text) <= MOST:
        return text
    return f"{text[:MOST]}\n… cut here: {len(text):,} letters in all; the whole output stands in notebook.ipynb"


def _unique(name: str, taken: set[str]) -> str:
    name = re.sub(r"[^a-z0-9-]", "-", name.lower()).strip("-") or "table"
    found = next(given for n in range(1, 10_000) if (given := name if n == 1 else f"{name}-{n}") not in taken)
    taken.add(found)
    return found


def write_files(notebook: nbformat.NotebookNode, folder: Path) -> None:
    """Write each chart (`charts/`: SVG, PNG, Vega-Lite) and the rows behind each chart and table (`data/`: CSV)."""
    for name in ("charts", "data"):
        (folder / name).mkdir()
    for piece in pieces(notebook):
        if piece.rows:
            (folder / "data" / f"{piece.rows['name']}.csv").write_text(to_csv(piece.rows), "utf-8", newline="")
        if piece.kind == "chart":
            name = piece.rows.get("name") or f"chart-{sum(1 for _ in (folder / 'charts').glob('*.svg')) + 1}"
            spec = piece.data[VEGA_LITE]
            (folder / "charts" / f"{name}.svg").write_text(to_svg(spec), "utf-8")
            (folder / "charts" / f"{name}.png").write_bytes(base64.b64decode(piece.data[PNG]))
            (folder / "charts" / f"{name}.vl.json").write_text(_json(spec), "utf-8")
            if NARROW in piece.data:
                (folder / "charts" / f"{name}-narrow.vl.json").write_text(_json(piece.data[NARROW]), "utf-8")


def _json(spec: Mapping) -> str:
    return json.dumps(spec, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


_FORMULA = re.compile(r"^[=+\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"^[+-]?\d[\d,. ]*%?$")


def cell_for_csv(text: str) -> str:
    """Return a text as a spreadsheet shows it and does not compute it: an apostrophe before what looks like a formula.

    Examples
    --------
    >>> cell_for_csv("=1+1"), cell_for_csv("-0.5"), cell_for_csv("a=b")
    ("'=1+1", '-0.5', 'a=b')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text


def to_csv(rows: Mapping[str, object]) -> str:
    """Return rows as CSV that a spreadsheet can open without running anything."""
    told = io.StringIO()
    writer = csv.writer(told, lineterminator="\n")
    for row in [rows["columns"], *rows["rows"]]:
        writer.writerow([cell_for_csv(str(value)) for value in row])
    return told.getvalue()
