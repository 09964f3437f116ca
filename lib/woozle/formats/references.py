"""The documents of a case as a bibliography: CSL JSON and BibLaTeX."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from woozle.formats.json_files import as_json
from woozle.rows import records_by_id

if TYPE_CHECKING:
    from woozle.model.case import Case


def write_csl(case: Case, claim: str) -> bytes:
    """Return all documents as items of CSL JSON."""
    items = []
    for name, facts in records_by_id(case.documents).items():
        coded = facts["published"]
        ends = [end.rstrip("~?").partition("T")[0] for end in coded.split("/")]
        issued: dict[str, Any] = {"date-parts": [[int(part) for part in end.split("-")] for end in ends]}
        if coded[-1] in "~?":
            issued["circa"] = True
        told = {
            "id": name, "type": "webpage" if facts["url"] else "document", "title": facts["title"] or facts["label"],
            "container-title": facts["outlet_name"], "URL": facts["url"], "language": facts["language"],
            "issued": issued,
            "author": [{"literal": author.strip()} for author in facts["author"].split(";") if author.strip()],
        }  # fmt: skip
        items.append({key: value for key, value in told.items() if value})
    return as_json(items)


def write_bibtex(case: Case, claim: str) -> bytes:
    """Return all documents as entries of BibLaTeX, whose dates are EDTF too."""
    entries = []
    for name, facts in records_by_id(case.documents).items():
        told = {
            "title": facts["title"] or facts["label"],
            "author": " and ".join(f"{{{author.strip()}}}" for author in facts["author"].split(";") if author.strip()),
            "organization": facts["outlet_name"],
            "date": re.sub(r"T[^/~?]*", "", facts["published"]),
            "url": facts["url"],
            "langid": facts["language"],
        }
        lines = [
            f"  {key} = {{{value if key in ('url', 'author') else _tex(value)}}},"
            for key, value in told.items()
            if value
        ]
        entries.append("\n".join([f"@online{{{name},", *lines, "}"]))
    return ("\n\n".join(entries) + "\n").encode()


def _tex(text: object) -> str:
    return re.sub(
        r"([&%$#_{}])", r"\\\1", str(text).replace("\\", r"\textbackslash ").replace("~", r"\textasciitilde ")
    )
