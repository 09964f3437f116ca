"""A notebook as one sealed HTML file: no request to any network, charts live, pictures where scripts are off."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
import string
from collections.abc import Collection, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import nbformat

from woozle import __version__
from woozle.errors import NotebookError
from woozle.hashes import sha256
from woozle.locate import EVIDENCE_PAGE, PAGE
from woozle.notebook.study import Study
from woozle.notebook.tables import FOLDED
from woozle.package.csv_files import read_table
from woozle.page import typefaces
from woozle.page.about import About
from woozle.page.charts import chart_of, drawn, instead_of_picture, packed_vega, vega_bundle
from woozle.page.outputs import STORY, Piece, cell_for_csv, pieces, without_empty_sections
from woozle.page.prose import Outline
from woozle.pictures import svg_to_png, to_svg
from woozle.text import visible

SEAL = "woozle-sha256"  # the page's own hash, computed with zeros in its place
FONTS = "/*fonts*/"
WORDS_A_MINUTE = 230
LONG = 600  # letters of a cell; of a longer one the start is shown, and the rest on demand


def to_pages(
    story: nbformat.NotebookNode,
    evidence: nbformat.NotebookNode,
    about: About,
    methods: Mapping[str, Any],
    parameters: Mapping[str, Any],
    folders: Sequence[Path],
) -> tuple[str, str, str]:
    """Return the pages of two executed notebooks: the story, the evidence to which its sentences lead, both in one.

    `methods` says what the report was made from: `versions` of programs by name; `files`, hashes by path; hashes of
    `code` and `lock`. `folders` are those of the data.
    Scripts are allowed by their hash alone; nothing else is loaded or run (Content-Security-Policy in the page).
    """
    story_part, shown = Part(story, STORY), Part(evidence)
    extra = {
        "log": about.log,
        "sources": table_block(about.sources, shown.outline, "List"),
        "about": about,
        "methods": {**methods, "parameters": {name: visible(str(value)) for name, value in parameters.items()}},
        "tables": _tables(about.tables(folders)),
        "title": visible(about.headline),
        "description": visible(about.description),
        "story": story_part,
        "evidence": shown,
        "setting": about.setting(parameters),
        "minutes": max(1, round(story_part.words / WORDS_A_MINUTE)),
    }
    page = render("evidence.html.j2", has_charts=shown.has_charts, **extra)
    page = shown.outline.refer(page.replace(f'href="{EVIDENCE_PAGE}#', 'href="#'))
    places = set(re.findall(r'\bid="([^"]+)"', page))
    page = _linked_back(_without_dead_links(page, places, "#"), story_part)
    extra["counts"] = shown.counts
    first = render("story.html.j2", has_charts=story_part.has_charts, **extra)
    first = _without_dead_links(story_part.outline.refer(first), places, f"{EVIDENCE_PAGE}#")
    both = render("together.html.j2", has_charts=story_part.has_charts or shown.has_charts, together=True, **extra)
    both = shown.outline.refer(story_part.outline.refer(both)).replace(f'href="{EVIDENCE_PAGE}#', 'href="#')
    both = _linked_back(_without_dead_links(both, places, "#"), story_part)
    both = both.replace(f'href="{PAGE}#', 'href="#').replace(f'href="{PAGE}"', 'href="#main"')
    both = both.replace(f'href="{EVIDENCE_PAGE}"', 'href="#the-evidence"')
    both = re.sub(r'<p class="tools"><a href="data/[^<]*</a></p>', "", both)  # it travels without these files
    letters = _letters(both)  # of both: so the fonts of the larger pages are cut once; the story stays small
    return sealed(first), sealed(page, letters), sealed(both, letters)


def prepare() -> None:
    """Load early what every page needs (templates, fonts, the script of the charts), so that nothing waits for it."""
    for name in ("story.html.j2", "evidence.html.j2", "together.html.j2"):
        _templates().get_template(name)
    packed_vega()
    vega_bundle()
    typefaces.font_faces(string.printable)
    clean("<p>a</p>")
    Outline().html("a")


class Part:
    """What one notebook puts on a page: its blocks in order, its outline, and what stands in which section.

    Attributes
    ----------
    blocks : list of dict
        What the template shows, in order; in a story, a block `evidence` ends each section that leads there.
    counts : mapping
        By the anchor of a heading: how many charts and tables stand in its section.
    leads_to : mapping
        Of a story, by the anchor of a section: that of the evidence it leads to.
    words : int
        In the prose of the notebook.
    """

    def __init__(self, notebook: nbformat.NotebookNode, prefix: str = ""):
        kept = without_empty_sections(list(pieces(notebook, prefix)))
        self.outline = Outline(prefix)
        self.has_charts = any(piece.kind == "chart" for piece in kept)
        self.setup = [piece.text for piece in kept if piece.kind == "code" and "setup" in piece.tags]
        self.blocks: list[dict[str, Any]] = []
        self.counts: dict[str, dict[str, int]] = {}
        self.leads_to: dict[str, str] = {}
        self.words = 0
        self.daggers = False
        section, waiting = "", ""
        for piece in kept:
            if not _is_shown(piece, is_story=bool(prefix)):
                continue
            before = len(self.outline.headings)
            block = _block(piece, self.outline)
            if len(self.outline.headings) > before and waiting:
                self._end(section, waiting)
                waiting = ""
            if "html" in block:
                block["html"], leads = _taken_out(str(block["html"]))
                waiting = leads or waiting
                self.daggers |= 'class="corrected"' in str(block["html"])
                self.words += len(re.sub(r"<[^>]+>", " ", str(block["html"])).split())
            self.blocks.append(block)
            section = self.outline.headings[-1][1] if self.outline.headings else ""
            self._count(block)
        if waiting:
            self._end(section, waiting)

    def _end(self, section: str, leads: str) -> None:
        self.blocks.append({"kind": "evidence", "anchor": leads})
        self.leads_to[section] = leads

    def _count(self, block: Mapping[str, Any]) -> None:
        """Count a chart or table for the section that it stands in, and for the one above."""
        kind = {"chart": "chart", "table": "table"}.get(str(block["kind"]))
        if not kind or (kind == "table" and not block["lines"]):
            return
        level = 9
        for depth, anchor, _ in reversed(self.outline.headings):
            if depth < level:
                counts = self.counts.setdefault(anchor, {"chart": 0, "table": 0})
                counts[kind] += 1
                level = depth


_LEAD = re.compile(rf'<p><a class="fact" href="{re.escape(EVIDENCE_PAGE)}#([a-z0-9-]+)">Evidence</a></p>\s*')


def _taken_out(html_text: str) -> tuple[str, str]:
    """Return HTML without the line that leads to the evidence of its section, and where that leads."""
    match = _LEAD.search(html_text)
    return (_LEAD.sub("", html_text), match[1]) if match else (html_text, "")


def _without_dead_links(page: str, places: Collection[str], before: str) -> str:
    """Return a page without links to places that the evidence does not have; their words stay."""
    link = re.compile(rf'<a class="(?:fact|ref)" href="{re.escape(before)}([^"]+)">(.*?)</a>', re.S)
    return link.sub(lambda match: match[0] if match[1] in places else match[2], page)


def _linked_back(page: str, story: Part) -> str:
    """Return the page of the evidence with links to where the story tells of each section."""
    headings = {anchor: words for _, anchor, words in story.outline.headings}
    for section, anchor in reversed(story.leads_to.items()):  # the last that is put in stands first
        link = (
            f'<p class="back"><a href="{PAGE}#{section}">← in the story: {_escape(headings.get(section, ""))}</a></p>'
        )
        page = re.sub(
            rf'(<h([23]) id="{re.escape(anchor)}".*?</h\2>)',
            lambda match, link=link: match[1] + link,
            page,
            count=1,
            flags=re.S,
        )
    return page


def _is_shown(piece: Piece, is_story: bool) -> bool:
    """Tell whether a piece is shown in its place: a story shows no code, the evidence all but its set-up code."""
    return piece.kind != "nothing" and (piece.kind != "code" or (not is_story and "setup" not in piece.tags))


def render(template: str, has_charts: bool = False, own_script: str = "", **values: object) -> str:
    """Return a page that runs only the common script, one of its own if it is named, and vega if it has charts."""
    from markupsafe import Markup

    script = asset("page.js")
    own = asset(own_script) if own_script else ""
    allowed = " ".join(map(_hash, [script, *filter(None, [own]), *([vega_bundle()] if has_charts else [])]))
    policy = (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "font-src data:; base-uri 'none'; form-action 'none'"
    )
    return (
        _templates()
        .get_template(template)
        .render(
            policy=Markup(policy),
            script=script,
            own_script=own,
            vega=base64.b64encode(packed_vega()).decode() if has_charts else "",
            style=_style(),
            seal=SEAL,
            version=__version__,
            **values,
        )
    )


@functools.cache
def _templates():
    import jinja2
    from markupsafe import Markup

    loader = jinja2.FunctionLoader(asset)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {
        "safe_script": Markup,
        "shown": visible,
        "told_counts": _told_counts,
        "long": _long,
        "base64": lambda text: base64.b64encode(text.encode()).decode(),
    }
    return environment


def _style() -> str:
    """Return the style of a page. Its fonts are put in when it is sealed: only then are its letters known."""
    families = {f"/*{name}*/": typefaces.families(serif=name == "serif") for name in ("serif", "sans")}
    style = asset("page.css")
    for place, names in families.items():
        style = style.replace(place, names)
    return style


def _told_counts(counts: Mapping[str, int]) -> str:
    """Return how many tables and charts there are, in words.

    Examples
    --------
    >>> _told_counts({"chart": 1, "table": 4})
    '4 tables, 1 chart'
    """
    return ", ".join(f"{counts[kind]} {kind}{'s' * (counts[kind] != 1)}" for kind in ("table", "chart") if counts[kind])


def sealed(page: str, letters: str = "") -> str:
    """Return a page with its fonts and its own hash in it; the fonts hold `letters`, by default those of the page."""
    if FONTS in page:
        page = page.replace(FONTS, typefaces.font_faces(letters or _letters(page)), 1)
    return page.replace("0" * 64, sha256(page.encode()), 1)


def _letters(page: str) -> str:
    """Return the letters that a page shows: not those of scripts, which draw with fonts of their own."""
    return "".join(set(re.sub(r"<script\b.*?</script>|data:[^\"')]*", " ", page, flags=re.S)))


def is_whole(page: bytes) -> bool | None:
    """Tell whether a page is as it was written, by the hash that it carries; None if it carries none.

    Examples
    --------
    >>> page = sealed(f'<meta name="{SEAL}" content="{"0" * 64}"><p>text</p>')
    >>> is_whole(page.encode()), is_whole(page.replace("text", "test").encode()), is_whole(b"<p>text</p>")
    (True, False, None)
    """
    match = re.search(rb'<meta name="' + SEAL.encode() + rb'" content="([0-9a-f]{64})">', page)
    if not match:
        return None
    blank = page[: match.start(1)] + b"0" * 64 + page[match.end(1) :]
    return sha256(blank) == match[1].decode()


def _block(piece: Piece, outline: Outline) -> dict[str, Any]:
    """Return what the template needs to show a piece."""
    block = {"kind": piece.kind, "text": piece.text, "tags": piece.tags}
    if piece.kind == "markdown":
        rendered = outline.html(piece.text)
        block["html"] = clean(rendered) if re.search(r"<[a-zA-Z/!?]", piece.text) else rendered
    elif piece.kind == "html":
        block["html"] = clean(piece.text)
        if 'class="woozle-story"' in piece.text:
            block["kind"] = "told"
    elif piece.kind == "table":
        block |= table_block(piece.rows, outline, "Table")
    elif piece.kind == "chart":
        rows = piece.rows or {"name": "chart", "caption": piece.text, "columns": [], "rows": []}
        block |= table_block(rows, outline, "Figure") | chart_of(piece)
    return block


def table_block(rows: Mapping[str, Any], outline: Outline, kind: str) -> dict[str, Any]:
    """Return what the template needs to show rows (see `woozle.notebook.Table.rows`), numbered as `kind`."""
    anchor = outline.anchor(str(rows["name"]))
    count = len(rows["rows"])
    languages = rows.get("languages", {})
    seen, ids = rows.get("seen") or [["", ""]] * count, rows.get("ids") or [""] * count
    lines = []
    for place, row in enumerate(rows["rows"]):
        cells = []
        for title, value in zip(rows["columns"], row, strict=True):
            mark = seen[place] if title == rows.get("about") else ("", "")
            cells.append({"text": str(value), "lang": languages.get(title, [""] * count)[place], "mark": mark})
        lines.append({"cells": cells, "id": outline.anchor(ids[place]) if ids[place] else ""})
    number = outline.number(anchor, kind) if count or kind == "Figure" else ""
    caption = outline.cite(_escape(str(rows["caption"])))
    return {
        "anchor": anchor,
        "number": number,
        "caption": caption,
        "columns": rows["columns"],
        "lines": lines,
        "folded": kind == "Figure" or count > FOLDED,
        "marked": any(kind for kind, _ in seen),
        "measure": rows.get("measure"),
        "csv": f"{rows['name']}.csv",
    }


def chart_block(charts: Sequence[Any], name: str, words: str, outline: Outline) -> dict[str, Any]:
    """Return what the template needs to show an Altair chart, given wide and narrow, without rows of its own."""
    from woozle.chart.theme import visible_spec

    spec, narrow = (visible_spec(chart.to_dict()) for chart in charts)
    rows = {"name": name, "caption": words, "columns": [], "rows": []}
    picture = drawn(svg_to_png(to_svg(spec)), spec, narrow)
    return {"kind": "chart", "text": words, "tags": ()} | table_block(rows, outline, "Figure") | picture


def failure_page(study: Study, error: NotebookError) -> str:
    """Return the page that tells which cell of a notebook failed, and what to do."""
    lines = [{"number": n, "text": text} for n, text in enumerate(error.source.splitlines(), 1)]
    return sealed(render("failed.html.j2", title=f"Not built: {visible(study.title)}", error=error, lines=lines))


def clean(markup: str) -> str:
    """Return HTML of a notebook without anything that runs code, loads files or hides text."""
    import nh3

    tags = (
        "a b blockquote br caption code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img li mark ol p pre s "
        "small span strong sub summary sup table tbody td tfoot th thead tr u ul math menclose mfrac mi mn mo mover "
        "mpadded mphantom mroot mrow mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover"
    )
    allowed = {
        "*": {"class", "lang", "dir", "id", "title"},
        "a": {"aria-label", "href"},
        "i": {"role", "aria-label"},
        "math": {"xmlns", "display"},
        "mo": {"stretchy", "fence", "form", "accent", "movablelimits"},
        "mi": {"mathvariant"},
        "img": {"alt", "width", "height", "src"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan", "scope"},
    }
    cleaned = nh3.clean(
        markup,
        tags=set(tags.split()),
        attributes=allowed,
        attribute_filter=_harmless,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel=None,
    )
    return re.sub(r"<img\b(?![^>]*\bsrc=)[^>]*>", instead_of_picture, cleaned)


def _harmless(tag: str, name: str, value: str) -> str | None:
    """Return an attribute's value, or None if it is not harmless: a link that holds data, a picture from elsewhere."""
    if (tag, name) == ("img", "src"):
        return value if re.match(r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,", value) else None
    return None if name == "href" and value.strip().lower().startswith("data:") else value


def _tables(paths: Mapping[str, Path]) -> list[dict[str, Any]]:
    """Return the tables of the data, to be downloaded from the page itself."""
    packed = []
    for name, path in paths.items():
        text = _guarded(path)
        packed.append({"name": name, "data": base64.b64encode(text.encode()).decode()})
    return packed


def _guarded(path: Path) -> str:
    """Return a table as comma-separated text in which no spreadsheet takes a cell for a formula."""
    import csv
    import io

    from woozle.package.schema import tables

    output = io.StringIO()
    header, rows = read_table(path, tuple(tables()[path.stem].columns))
    csv.writer(output, lineterminator="\n").writerows([cell_for_csv(cell) for cell in row] for row in [header, *rows])
    return output.getvalue()


def _long(text: str) -> tuple[str, str]:
    """Return a text as what is shown at once and what on demand."""
    return (text, "") if len(text) <= LONG else (text[: LONG // 3], text[LONG // 3 :])


def _escape(text: str) -> str:
    import html

    return html.escape(text)


def asset(name: str) -> str:
    """Return a file of the template."""
    return (resources.files("woozle.page") / "template" / name).read_text("utf-8")


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
