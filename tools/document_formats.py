"""Write docs/formats.md from the formats themselves: what each reads and loses, and what can be written."""

from pathlib import Path

from woozle.formats.exports import EXPORTS
from woozle.formats.registry import FORMATS
from woozle.formats.spreadsheet import meanings

PAGE = Path(__file__).resolve().parents[1] / "docs" / "formats.md"
HEAD = """# Formats

## What `woozle import` reads

woozle recognises the format by the beginning of the file; `--format NAME` sets another. What a file does not say stays
empty, and every guess is marked (`2011-03-14?`). Spreadsheets, JSON and networks need nothing else;
pages, PDFs, archives and bibliographies need `make ingest` (or `pip install "woozle[ingest]"`).

| name | is | read | lost |
|---|---|---|---|
"""
COLUMNS = """
## Columns of a spreadsheet

A column is understood by its name, in any order; `--map "COLUMN=meaning"` says what another means, `--map "COLUMN="`
leaves it out.

| meaning | names |
|---|---|
"""
WRITTEN = """
## What `woozle export` writes

| name | is | can't hold |
|---|---|---|
"""


def page() -> str:
    """Return the page."""
    lines = [HEAD.rstrip("\n")]
    lines += [f"| `{one.name}` | {one.title} | {one.reads} | {one.loses} |" for one in FORMATS]
    lines.append(COLUMNS.rstrip("\n"))
    lines += [f"| `{meaning}` | {', '.join(names)} |" for meaning, names in meanings().items()]
    lines.append(WRITTEN.rstrip("\n"))
    lines += [f"| `{one.name}` | {one.title} | {'; '.join(one.loses)} |" for one in EXPORTS]
    lines.append("| `zip` | data and study of a case, to be sent | the texts of its documents |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
