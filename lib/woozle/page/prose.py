"""Markdown as HTML, with anchors for headings, links to works that are cited, and numbers for charts and tables."""

from __future__ import annotations

import functools
import html
import json
import re
import unicodedata
from importlib import resources

import mistune
from mistune.plugins import PluginRef


class Outline:
    """What a page holds: its headings, charts and tables, each with a permanent anchor, and the works it cites."""

    def __init__(self, prefix: str = ""):
        self.prefix = prefix  # of the anchors of headings
        self.headings: list[tuple[int, str, str]] = []  # level, anchor, words
        self.numbers: dict[str, str] = {}  # "Figure 1" by anchor
        self.cited: set[str] = set()
        self._anchors: set[str] = set()
        plugins: list[PluginRef] = ["table", "strikethrough", _formulas]  # pyright: ignore[reportAssignmentType]
        self._markdown = mistune.create_markdown(renderer=_Renderer(self), plugins=plugins)

    def anchor(self, name: str) -> str:
        """Return a name that no other anchor of the page has."""
        free = next(name if n == 1 else f"{name}-{n}" for n in range(1, 10_000) if self._free(name, n))
        self._anchors.add(free)
        return free

    def _free(self, name: str, n: int) -> bool:
        return (name if n == 1 else f"{name}-{n}") not in self._anchors

    def number(self, anchor: str, kind: str) -> str:
        """Return the number of a chart or table, "Figure 1"."""
        words = f"{kind} {1 + sum(given.startswith(kind) for given in self.numbers.values())}"
        self.numbers[anchor] = words
        return words

    def html(self, markdown: str) -> str:
        """Return Markdown as HTML."""
        return self.cite(str(self._markdown(markdown)))

    def cite(self, text: str) -> str:
        """Link the works that a text (HTML) names to the bibliography of the page."""
        parts, inside = re.split(r"(<[^>]*>)", text), 0
        for place, part in enumerate(parts):
            if place % 2:  # a tag: its attributes stay, and a link holds no link
                inside += part.startswith("<a ") - part.startswith("</a")
                continue
            for key, work in references().items() if not inside else ():
                for words in work["named"]:
                    if words in part:
                        self.cited.add(key)
                        parts[place] = part = part.replace(words, f'<a class="cite" href="#ref-{key}">{words}</a>')
        return "".join(parts)

    def refer(self, page: str) -> str:
        """Return a page with the number of the chart or table after each link to one; call it when all have numbers."""
        return re.sub(
            r'(<a class="ref" href="#([a-z0-9-]+)">[^<]*)(</a>)',
            lambda match: f"{match[1]} ({self.numbers[match[2]]}){match[3]}" if match[2] in self.numbers else match[0],
            page,
        )

    def bibliography(self) -> list[tuple[str, str]]:
        """Return the works that are cited: anchor and HTML of each, by author and year."""
        works = sorted((references()[key]["full"], key) for key in self.cited)
        return [(f"ref-{key}", _with_doi(full)) for full, key in works]


class _Renderer(mistune.HTMLRenderer):
    def __init__(self, outline: Outline):
        super().__init__(escape=False)
        self._outline = outline

    def heading(self, text: str, level: int, **attrs: object) -> str:
        words = html.unescape(re.sub(r"<[^>]*>", "", text))
        anchor = self._outline.anchor(self._outline.prefix + heading_slug(words))
        self._outline.headings.append((level, anchor, words))
        link = f'<a class="anchor" href="#{anchor}" aria-label="link to this section">¶</a>'
        return f'<h{level} id="{anchor}"{_direction(words)}>{text}{link}</h{level}>\n'

    def paragraph(self, text: str) -> str:
        return f"<p{_direction(text)}>{text}</p>\n"

    def list_item(self, text: str, **attrs: object) -> str:
        return f"<li{_direction(text)}>{text}</li>\n"

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if re.fullmatch(r"#[a-z0-9-]+", url):
            return f'<a class="ref" href="{url}">{text}</a>'
        return super().link(text, url, title)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        # A page that asks nothing of any network shows no picture from elsewhere.
        if url.startswith("data:image/"):
            return super().image(text, url, title)
        return html.escape(f"[{text or 'picture'}: a picture that is not in the notebook, {url}]")


# As in other Markdown, no space just inside the dollar signs and no digit after them: prices are no formulas.
_FORMULA = r"\$\$(?P<apart>[^$]+?)\$\$|\$(?=\S)(?P<within>[^$\n]+?)(?<=\S)\$(?!\d)"


def _formulas(markdown: mistune.Markdown) -> None:
    """Let mistune read formulas: $x^2$ in a line, $$x^2$$ by themselves."""
    markdown.inline.register("formula", _FORMULA, _read_formula, before="link")
    if markdown.renderer:
        markdown.renderer.register("formula", lambda _, text, block=False: formula(text, block))


def _read_formula(_inline: object, match: re.Match, state: mistune.InlineState) -> int:
    text, block = match["within"] or match["apart"], match["apart"] is not None
    state.append_token({"type": "formula", "raw": html.unescape(text), "attrs": {"block": block}})
    return match.end()


def formula(text: str, block: bool = False) -> str:
    """Return a formula in LaTeX as MathML, which browsers draw without a script; what can't be read, as it is.

    Examples
    --------
    >>> "<msup><mi>x</mi><mn>2</mn></msup>" in formula("x^2")
    True
    """
    from latex2mathml.converter import convert

    try:
        return convert(text, display="block" if block else "inline")
    except Exception:  # whatever is wrong with a formula, the page is built, and shows what the author wrote
        return f"<code>{html.escape(text)}</code>"


def _direction(text: str) -> str:
    """Return the attribute for a text with letters of a script that runs from right to left, else nothing."""
    return ' dir="auto"' if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text) else ""


def heading_slug(words: str) -> str:
    """Return the anchor of a heading.

    Examples
    --------
    >>> heading_slug("1. Where did it start?")
    'where-did-it-start'
    """
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"^\d+\.\s*", "", words.lower()))) or "section"


@functools.cache
def references() -> dict[str, dict]:
    """Return the works that reports cite, by key: `full` and the words by which texts name them, `named`."""
    path = resources.files("woozle.page") / "references.json"
    return json.loads(path.read_text("utf-8"))


def _with_doi(full: str) -> str:
    text = html.escape(full)
    link = r'doi:<a href="https://doi.org/\1" rel="noreferrer">\1</a>'
    return re.sub(r"doi:(10\.[0-9]+/[^\s]*[^\s.])", link, text)
