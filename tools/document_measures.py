"""Write into docs/measures.md and docs/api.md what the measures say of themselves.

Run: .venv/bin/python tools/document_measures.py. `tests/test_docs.py` tells when the pages are behind.
"""

import inspect
import re
from pathlib import Path

from woozle import measure
from woozle.description import KINDS, description_of, is_described
from woozle.measure import STATISTICS

DOCS = Path(__file__).parents[1] / "docs"
SECTIONS = {
    "What is coded": ("coded",),
    "Sourcing": ("sourcing", "independence", "attribution_errors", "greenberg"),
    "Drift": ("drift", "turn", "path"),
    "What survives": ("survival",),
    "Shape and speed": ("shape",),
    "Correction": ("correction", "key_facts"),
    "Counterfactual": ("counterfactual",),
    "What happened in the world": ("event_values",),
    "Uncertainty": ("uncertainty", "believed", "agreement"),
    "Several cases": ("comparison",),
}


def functions() -> dict[str, list[str]]:
    """Return the public measures by the section that their module belongs to."""
    names = [name for name in measure.__all__ if inspect.isfunction(getattr(measure, name))]
    module = {name: getattr(measure, name).__module__.rpartition(".")[2] for name in names}
    found = {title: [name for name in names if module[name] in modules] for title, modules in SECTIONS.items()}
    left = set(names).difference(*found.values())
    if left:
        modules = sorted({f"'{module[name]}'" for name in left})
        raise SystemExit(f"tools/document_measures.py: add {', '.join(modules)} to a section of SECTIONS.")
    return found


def reference() -> str:
    """Return the part of docs/measures.md that stands between its marks."""
    parts = [figures()]
    for title, names in functions().items():
        parts += [f"## {title}", *(of_measure(name) for name in names)]
    return "\n\n".join(parts)


def figures() -> str:
    """Return the headline figures as a table."""
    titles = {figure.name: figure.title for figure in STATISTICS}
    rows = [
        f"| {f.title} (`{f.name}`) | {f.unit} | {titles.get(f.of, f.of.replace('_', ' ')) or '–'} | {f.means} |"
        for f in STATISTICS
    ]
    head = "## Headline figures\n\n| figure | unit | of | what it counts |\n|---|---|---|---|\n"
    return head + "\n".join(rows)


def of_measure(name: str) -> str:
    """Return what the page says of one measure."""
    function = getattr(measure, name)
    call = f"`{name}({', '.join(inspect.signature(function).parameters)})`"
    if not is_described(function):
        words = re.sub(r"\s+", " ", inspect.cleandoc(function.__doc__).split("\n\n")[0])
        return f"**{call}** {words}"
    about = description_of(function)
    rows = [f"| `{key}` | {KINDS[column.kind]} | {column.meaning} |" for key, column in about.columns.items()]
    after = f" After {about.source}." if about.source else ""
    limits = f" *What it does not say:* {about.limits}." if about.limits else ""
    told = f"### {about.title}\n\n{call} lists {about.counts}.{limits}{after}\n\n{about.rows.rstrip('.')}:\n\n"
    return told + "| column | holds | meaning |\n|---|---|---|\n" + "\n".join(rows)


def pages() -> dict[Path, str]:
    """Return both pages as they should be."""
    found = {}
    page = DOCS / "measures.md"
    marks = "<!-- from the measures: make describe -->\n", "<!-- end -->\n"
    before, _, rest = page.read_text("utf-8").partition(marks[0])
    after = rest.partition(marks[1])[2]
    found[page] = f"{before}{marks[0]}\n{reference()}\n\n{marks[1]}{after}"
    page = DOCS / "api.md"
    names = "\n".join(f"   {name}" for names in functions().values() for name in names)
    listed = re.compile(
        r"(?<=currentmodule:: woozle\.measure\n\n)(.. autosummary::\n   :toctree: _generated\n\n).*?(?=\n```)", re.S
    )
    found[page] = listed.sub(lambda start: start[1] + names, page.read_text("utf-8"), count=1)
    return found


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, "utf-8")
