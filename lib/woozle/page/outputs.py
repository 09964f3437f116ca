"""What an executed notebook shows, piece by piece: prose, charts, tables, code; and the files of charts and rows."""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat

from woozle.pictures import MARKED, NARROW, PNG, ROWS, VEGA_LITE, to_svg

STORY = "story-"  # the names of a story's charts and tables begin with this
MOST = 200_000  # letters of an output that a page shows


@dataclass(frozen=True)
class Piece:
    """One piece of a page.

    Attributes
    ----------
    kind : str
        markdown, chart, table, html, text, code (the source of a cell, after what it shows), or nothing (of a cell
        whose outputs are empty).
    text : str
        Markdown, HTML, plain text, or code.
    rows : mapping
        Of a chart or table: what `woozle.notebook.Table.rows` gives.
    data : mapping
        Of a chart: its MIME bundle.
    tags : tuple of str
        Of the cell.
    of_code : bool
        Whether it is what a code cell shows, or its source.
    """

    kind: str
    text: str = ""
    rows: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    of_code: bool = False


def pieces(notebook: nbformat.NotebookNode, prefix: str = "") -> Iterator[Piece]:
    """Yield the pieces of an executed notebook in their order, without what only the notebook shows.

    Names of charts and tables begin with the prefix, and are made unique: a second `roots` becomes `roots-2`.
    """
    taken: set[str] = set()
    for cell in notebook.cells:
        tags = tuple(cell.metadata.get("tags", []))
        if "notebook-only" in tags:
            continue
        if cell.cell_type == "markdown":
            yield Piece("markdown", _attached(cell), tags=tags)
        if cell.cell_type == "code":
            shown = [piece for output in cell.outputs for piece in _of_output(output, tags, taken, prefix)]
            yield from shown
            # A cell that found nothing to show is left out, with its code.
            code = Piece("code", cell.source, tags=tags, of_code=True)
            yield code if shown or not cell.outputs else Piece("nothing", tags=tags)


def without_empty_sections(all_pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces without those sections whose cells show nothing; their headings and prose go as well.

    A section begins with Markdown that begins with a heading, and ends before the next of its level or above.
    """
    kept = list(all_pieces)
    for level in (4, 3, 2):
        starts = [place for place, piece in enumerate(kept) if 0 < _level(piece) <= level] + [len(kept)]
        empty = [span for span in pairwise(starts) if _level(kept[span[0]]) == level and _is_empty(kept[slice(*span)])]
        kept = [piece for place, piece in enumerate(kept) if not any(start <= place < end for start, end in empty)]
    return kept


def _level(piece: Piece) -> int:
    """Return the level of the heading with which a piece begins, or 0 if it begins with none."""
    heading = re.match(r"(#+) ", piece.text) if piece.kind == "markdown" and not piece.of_code else None
    return len(heading[1]) if heading else 0


def _is_empty(section: Sequence[Piece]) -> bool:
    """Tell whether a section has cells that may show something, and none of them does here."""
    return any(piece.kind == "nothing" for piece in section) and not any(piece.of_code for piece in section)


def _of_output(output: nbformat.NotebookNode, tags: tuple[str, ...], taken: set[str], prefix: str) -> Iterator[Piece]:
    if output.output_type == "stream":
        yield Piece("text", _cut(output.text), tags=tags, of_code=True)
    data = output.get("data", {})
    rows = json.loads(data[ROWS]) if ROWS in data else {}
    if rows and not rows["rows"] and VEGA_LITE not in data:
        return
    if rows:
        rows["name"] = _unique(f"{prefix}{rows['name']}", taken)
    markdown = data.get(MARKED) or data.get("text/markdown")
    if VEGA_LITE in data:
        yield Piece("chart", data.get("text/plain", "Chart"), rows, data, tags, of_code=True)
    elif rows:
        yield Piece("table", rows["caption"], rows, tags=tags, of_code=True)
    elif markdown is not None:
        if markdown.strip():
            yield Piece("markdown", markdown, tags=tags, of_code=True)
    elif picture := next((kind for kind in _PICTURES if kind in data), ""):
        yield Piece("html", _picture(picture, data), tags=tags, of_code=True)
    elif "text/latex" in data:
        yield Piece("markdown", data["text/latex"], tags=tags, of_code=True)
    elif "text/html" in data:
        yield Piece("html", _cut(data["text/html"]), tags=tags, of_code=True)
    elif data.get("text/plain", "").strip():
        yield Piece("text", _cut(data["text/plain"]), tags=tags, of_code=True)


_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
_MOST_OF_A_PICTURE = 5_000_000


def _picture(kind: str, data: Mapping[str, str]) -> str:
    """Return HTML with a picture that a cell shows in it, or with a note if the picture is too large."""
    if len(data[kind]) > _MOST_OF_A_PICTURE:
        return f"<p>[a picture of {len(data[kind]) / 1e6:.0f} MB: see the notebook of this page]</p>"
    words = str(data.get("text/plain", ""))
    alt = html.escape("Picture" if words.startswith("<") else words, quote=True)
    return f'<img src="{_address(kind, data[kind])}" alt="{alt}">'


def _address(kind: str, content: str) -> str:
    packed = base64.b64encode(content.encode()).decode() if kind == "image/svg+xml" else "".join(content.split())
    return f"data:{kind};base64,{packed}"


def _attached(cell: nbformat.NotebookNode) -> str:
    """Return the Markdown of a cell with its attached pictures in it."""
    text = cell.source
    for name, bundle in sorted(cell.get("attachments", {}).items(), key=lambda pair: -len(pair[0])):
        if kind := next((kind for kind in _PICTURES if kind in bundle), ""):
            text = text.replace(f"attachment:{name}", _address(kind, bundle[kind]))
    return text


def _cut(text: str) -> str:
    """Return an output as a page shows it: no longer than anybody reads."""
    if len(text) <= MOST:
        return text
    return f"{text[:MOST]}\n… cut here: {len(text):,} letters in all; the notebook of this page has the whole output"


def _unique(name: str, taken: set[str]) -> str:
    name = re.sub(r"[^a-z0-9-]", "-", name.lower()).strip("-") or "table"
    free = next(given for n in range(1, 10_000) if (given := name if n == 1 else f"{name}-{n}") not in taken)
    taken.add(free)
    return free


def write_files(notebooks: Sequence[nbformat.NotebookNode], folder: Path) -> None:
    """Write each chart (`charts/`: SVG, PNG, Vega-Lite) and the rows behind each chart and table (`data/`: CSV).

    `notebooks` are the story and the evidence; the names of what the story shows begin with `story-`.
    """
    for name in ("charts", "data"):
        (folder / name).mkdir()
    story, evidence = notebooks
    for piece in [*pieces(story, STORY), *pieces(evidence)]:
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


_HEAD = re.compile(r'<(h1|p) class="(headline|standfirst)">(.*?)</\1>', re.S)


def head_of(story: nbformat.NotebookNode) -> dict[str, str]:
    """Return the headline and the standfirst that a story shows, as plain text."""
    shown = "".join(piece.text for piece in pieces(story) if piece.kind == "html")
    return {name: html.unescape(re.sub(r"<[^>]*>", "", text)) for _, name, text in _HEAD.findall(shown)}


def _json(spec: Mapping) -> str:
    return json.dumps(spec, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


_FORMULA = re.compile(r"^[=+\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"^[+-]?\d[\d,. ]*%?$")


def cell_for_csv(text: str) -> str:
    """Return a text that a spreadsheet shows as it is: an apostrophe goes before what looks like a formula.

    Examples
    --------
    >>> cell_for_csv("=1+1"), cell_for_csv("-0.5"), cell_for_csv("a=b")
    ("'=1+1", '-0.5', 'a=b')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text


def to_csv(rows: Mapping[str, Any]) -> str:
    """Return rows as CSV that a spreadsheet can open without running anything."""
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    for row in [rows["columns"], *rows["rows"]]:
        writer.writerow([cell_for_csv(str(value)) for value in row])
    return output.getvalue()
