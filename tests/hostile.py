"""A case whose texts try to be code, markup, formulas, or something else than they look like; and its study."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat

import tiny

OWN = "window.owned=1"
STRINGS = [
    f"<script>{OWN}</script>", f"</script><script>{OWN}</script>", f"</title><script>{OWN}</script>",
    f"</style><script>{OWN}</script>", f"--><script>{OWN}</script><!--", f"]]><script>{OWN}</script>",
    f'"><img src=x onerror="{OWN}">', f"' onmouseover='{OWN}", f'" autofocus onfocus="{OWN}', f"<svg/onload={OWN}>",
    f"<iframe srcdoc='<script>parent.{OWN}</script>'>", f"<a href='javascript:{OWN}'>x</a>", f"<details open ontoggle={OWN}>",
    f"<math><mtext></table><img src=x onerror={OWN}>", "<base href='http://127.0.0.1:9/'>", "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'>",
    "<style>*{display:none}</style>", "<plaintext>", "<!--", "<textarea>", f"[click](javascript:{OWN})", "![x](http://127.0.0.1:9/x.png)",
    "<http://127.0.0.1:9/>", "[ref]: http://127.0.0.1:9/", "# heading", "1. list", "> quote", "`code`", "| a | b |", "***bold***",
    "$\\href{javascript:x}{y}$", "\\(\\unicode{x}\\)", "{{ 7*7 }}", "{% raw %}", "${7*7}", "datum.x", f"[].constructor.constructor('{OWN}')()",
    "expr:width", "signal", "%s %d %(x)s", "{0.__class__}", "a\u202egnp.exe", "\u2067right\u2069", "pay\u200bpal", "\ufeffbom", "a\u2028b",
    "=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1:A9)", "＝1+1", "&lt;b&gt;&#60;", "&amp;amp;", "../../etc/passwd", "CON", "a/b\\c:d*e?",
    "__proto__", "constructor", "NaN", "null", "toString", "Ω≈ç√∫˜µ", "مرحبا", "עברית", "𝔘𝔫𝔦", "🏴‍☠️", "é", "x" * 300,
]  # fmt: skip
LONG = ("word " * 20_000).strip() + "!"  # 100,000 characters

CELLS = [
    ("setup", 'import woozle\nfrom woozle import measure\nfrom woozle.notebook import Summary, Table, begin, figures'),
    ("setup", 'study, tell = begin("hostile", globals())\ncascade = tell.cascade'),
    ("summary", "Summary(study, tell)"),
    ("", 'figures.family_tree(tell, "{top_root.label} {carriers:document}")'),
    ("", 'figures.tree_with_alignment(tell, "{top_root.label}", study.slots)'),
    ("", 'figures.roots(tell, "{top_root.label}")'),
    ("", 'figures.timeline(tell, "{top_root.label}")'),
    ("", 'tell("\\n\\n".join(f"{{{name}.label}} of {{{name}.outlet}} by {{{name}.author}}: “{{{name}.wording}}” {{{name}.title}}" for name in cascade.documents.index))'),
    ("", 'Table(cascade.documents, cascade, remark, ["document", "title", "wording", "author", "seen", "seen_note"])'),
    ("", 'Table(cascade.citations, cascade, "Citations.", ["cited", "citing", "relation", "evidence", "seen"])'),
    ("", 'Table(measure.drift_ledger(cascade), cascade, "Drift.", ["parent", "document", "field", "from", "to", "to_wording"])'),
    ("", "print(remark)"),
    ("", "remark"),
    ("", 'tell("{remark}", remark=remark)'),
]  # fmt: skip


def make(home: Path) -> Path:
    """Write the case and its study below a folder, and return the folder of the case."""
    names = [f"d{number:02}" for number in range(len(STRINGS) + 1)]
    texts = [*STRINGS, LONG]
    tables = tiny.tables(
        " ".join(f"{names[0]}>{name}" for name in names[1:]),
        {name: {"modality": "announced" if n % 2 else "expected"} for n, name in enumerate(names)},
        {name: f"2024-06-{1 + n * 28 // len(names):02}" for n, name in enumerate(names)},
        {name: f"o_{name}" for name in names},
    )
    for row, text in zip(tables["documents"], texts, strict=True):
        row |= {
            "label": text[:40].strip(),
            "title": text,
            "author": text,
            "seen_note": text,
            "language": "ar" if "م" in text else "en",
        }
    outlets = {f"o_{name}": text for name, text in zip(names, texts, strict=True)}
    for row in tables["outlets"]:
        row["name"] = outlets.get(row["id"], row["name"])[:2000].strip()
    for row, text in zip(tables["claims"], texts, strict=True):
        row |= {"wording": text[:40].strip(), "note": text}
    for row, text in zip(tables["citations"], texts[1:], strict=True):
        row["evidence"] = text[:100].strip()
    folder = tiny.write(home / "data" / "hostile", tables)
    study = home / "case_studies" / "hostile"
    study.mkdir(parents=True)
    head = {key: STRINGS[n] for n, key in enumerate(("title", "claim", "question", "truth"))}
    lines = [f"{key}: >-\n  {text}" for key, text in head.items()]
    lines += ["shown_by: d00", "authors:", f"  - >-\n    {STRINGS[6]}", "slots: [force, place]", "date: 2026-01-02"]
    (study / "case.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    parameters = 'as_of: str = "latest"  # moment\nremark: str = "plain"  # any words'
    notebook.cells = [nbformat.v4.new_code_cell(parameters, id="p", metadata={"tags": ["parameters", "setup"]})]
    for number, (tag, source) in enumerate(CELLS):
        notebook.cells.append(
            nbformat.v4.new_code_cell(source, id=f"c{number}", metadata={"tags": [tag] if tag else []})
        )
    notebook.cells.append(nbformat.v4.new_markdown_cell("## A heading with $x$ and <b>markup</b>", id="m"))
    nbformat.write(notebook, study / "case_study.ipynb")
    return folder


def clear(home: Path) -> None:
    """Remove what `make` wrote."""
    shutil.rmtree(home, ignore_errors=True)
