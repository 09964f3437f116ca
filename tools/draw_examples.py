"""Draw the small examples of docs/measures.md into docs/pictures/. Run: .venv/bin/python tools/draw_examples.py

`tests/test_docs.py` works out with the library what the page says of each.
"""

import html
from pathlib import Path

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
WIDE, HIGH, RADIUS = 96, 64, 15
INK, LINE, BLUE, RED, PALE = "#1f2328", "#6b7280", "#a6c8e4", "#e9724c", "#f3f4f6"

# Each: name; nodes with column and row; hops from cited to citing; nodes in another colour; what it shows.
EXAMPLES = {
    "roots": (
        {"a": (0, 0), "b": (1, 0), "c": (2, 0), "d": (1, 1), "e": (2, 1)},
        ["ab", "bc", "de", "be"],
        {"a": RED, "d": RED},
        "Five documents. a and d rely on no other: two roots. e can be traced to both.",
    ),
    "dominator": (
        {"a": (0, 0.5), "b": (1, 0.5), "c": (2, 0), "d": (2, 1), "e": (3, 0.5)},
        ["ab", "bc", "bd", "ce", "de"],
        {"b": RED},
        "Every way from a to c, d and e passes b: without b three documents are cut off, without c none.",
    ),
    "circular": (
        {"a": (0, 0), "b": (1, 0), "c": (2, 0.5)},
        ["ab", "bc", "ac"],
        {"c": RED},
        "c names two sources, a and b. b has it from a: it is one source, told twice.",
    ),
    "chain": (
        {"a": (0, 0), "b": (1, 0), "c": (2, 0), "d": (3, 0)},
        ["ab", "bc", "cd"],
        {},
        "A chain of four: depth 3, greatest breadth 1.",
    ),
    "star": (
        {"a": (0, 1), "b": (1, 0), "c": (1, 1), "d": (1, 2)},
        ["ab", "ac", "ad"],
        {},
        "A star of four: depth 1, greatest breadth 3.",
    ),
}


def draw(nodes: dict, hops: list[str], marked: dict, words: str) -> str:
    """Return a drawing as SVG."""

    def place(name: str) -> tuple[float, float]:
        column, row = nodes[name]
        return 30 + column * WIDE, 30 + row * HIGH

    width, height = (max(place(name)[end] for name in nodes) + 30 for end in (0, 1))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" role="img">',
        f"<title>{html.escape(words)}</title>",
        f'<rect width="100%" height="100%" rx="6" fill="{PALE}"/>',
        f'<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0L8 4L0 8z" fill="{LINE}"/></marker>',
    ]
    for cited, citing in hops:
        (x0, y0), (x1, y1) = place(cited), place(citing)
        long = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        dx, dy = (x1 - x0) / long * (RADIUS + 2), (y1 - y0) / long * (RADIUS + 2)
        line = f'x1="{x0 + dx:.1f}" y1="{y0 + dy:.1f}" x2="{x1 - dx:.1f}" y2="{y1 - dy:.1f}"'
        parts.append(f'<line {line} stroke="{LINE}" stroke-width="1.6" marker-end="url(#tip)"/>')
    for name in nodes:
        x, y = place(name)
        fill = marked.get(name, BLUE)
        parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="{RADIUS}" fill="{fill}" stroke="{INK}"/>')
        parts.append(
            f'<text x="{x:g}" y="{y + 5:g}" font-family="sans-serif" font-size="14" text-anchor="middle">{name}</text>'
        )
    return "\n".join([*parts, "</svg>\n"])


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    for name, example in EXAMPLES.items():
        (PICTURES / f"{name}.svg").write_text(draw(*example), "utf-8")
