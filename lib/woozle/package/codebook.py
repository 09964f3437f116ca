"""Bring datapackage.json and CODEBOOK.md of a case up to date with the terms that it declares.

A case declares actor, slots, vocabularies and log under the key `woozle` of its datapackage.json. From these follow
the Frictionless descriptions of its tables and, from the line "## Columns" on, its codebook.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from importlib import resources as files
from pathlib import Path
from typing import Any

from woozle.errors import WoozleError
from woozle.package import schema
from woozle.package.csv_files import is_list, read_table

HEADINGS = {
    "outlet_kind": "Kinds of outlet",
    "document_kind": "Kinds of document",
    "relation": "Relations (rank 1 is the most literal)",
    "stance": "Stances",
    "said_by": "Who is said to have said it",
    "source_class": "Classes of sources (a higher rank is an upgraded source)",
    "modality": "Modality (a higher rank is stronger; from `{conversion_from}` on a fact, or the actor’s own word)",
    "certainty": "Certainty (after FactBank: Saurí and Pustejovsky 2009)",
    "accuracy": "Accuracy",
    "seen": "How seen",
    "evidence_type": "Type of evidence",
}
_READ = 20_000  # rows of a table, for examples
UNUSED = "no document of this case"


def template() -> dict[str, Any]:
    """Return what a new package declares: ready vocabularies, no slots."""
    return json.loads((files.files("woozle.package") / "start" / "declarations.json").read_text("utf-8"))


def describe(folder: Path) -> list[str]:
    """Bring `datapackage.json` and `CODEBOOK.md` of a case up to date, and return what is missing in its declarations.

    What is missing gets a plain value that can be changed: no slots, the ready vocabularies, an empty log. What is
    written by hand above "## Columns" in the codebook stays.

    Raises
    ------
    WoozleError
        datapackage.json can't be read, or something in it has the wrong form.
    """
    path, book = folder / "datapackage.json", folder / "CODEBOOK.md"
    try:
        package = json.loads(path.read_text("utf-8"))
        missing = _filled(package, folder.name)
        headers: dict[str, list[str]] = {}
        rows: dict[str, list[dict[str, str]]] = {}
        for name, table in schema.tables().items():
            file = folder / f"{name}.csv"
            headers[name], records = read_table(file, tuple(table.columns), most=_READ) if file.is_file() else ([], [])
            blank = dict.fromkeys(table.columns, "")
            rows[name] = [blank | dict(zip(headers[name], record, strict=False)) for record in records]
        package["resources"] = _resources(package["woozle"], headers)
        package["woozle"] = package.pop("woozle")  # stays last
        text = book.read_text("utf-8") if book.exists() else _begun(package)
        by_hand = text.split("\n## Columns\n")[0].rstrip()
        whole = "\n".join([by_hand, *columns(package), *terms(package["woozle"], rows)]) + "\n"
    except (KeyError, TypeError, AttributeError, ValueError, OSError) as error:
        raise WoozleError(
            f"{folder.name} can't be described: something in datapackage.json has the wrong form "
            f"({type(error).__name__}: {error}). To see what is wrong: woozle check {folder.name}"
        ) from error
    path.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", "utf-8")
    book.write_text(whole, "utf-8")
    return missing


def _begun(package: dict[str, Any]) -> str:
    return f"# {package['title']}: codebook\n\nTo write: what the claim is, and how it is coded.\n"


def _filled(package: dict[str, Any], name: str) -> list[str]:
    """Put plain values where a package declares nothing, and return their keys."""
    ready = template()
    usual: dict[str, Any] = {"name": name, "title": name.replace("_", " "), "version": "0.1.0", "woozle": {}}
    missing = [key for key in usual if key not in package]
    package |= {key: usual[key] for key in missing}
    block = package["woozle"]
    ready |= {"uncoded_carry": False}
    absent = [key for key in ready if key not in block and key != "uncoded_carry"]
    block |= {key: ready[key] for key in absent}
    for vocabulary in schema.TERM_KEYS:
        if vocabulary not in block["vocabularies"]:
            block["vocabularies"][vocabulary] = ready["vocabularies"][vocabulary]
            absent.append(f"vocabularies.{vocabulary}")
    return [*missing, *(f"woozle.{key}" for key in absent)]


def _resources(block: dict[str, Any], headers: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Return the descriptions of the tables of a case that declares `block`, as Frictionless resources.

    An optional column is described where the header of its file has it, or where there is no file yet.
    """
    slots = tuple(
        schema.Slot(*(slot.get(key, "") for key in ("name", "title", "kind", "vocabulary"))) for slot in block["slots"]
    )
    return [
        _resource(name, table, block["vocabularies"], headers[name] or table.columns)
        for name, table in schema.tables(slots).items()
    ]


def _resource(
    name: str, table: schema.TableSchema, vocabularies: dict[str, Any], header: Collection[str]
) -> dict[str, Any]:
    fields = [
        column.field(key, vocabularies, unique=table.key == (key,))
        for key, column in table.columns.items()
        if key in header or not column.optional
    ]
    described = {"fields": fields, "missingValues": [""], "primaryKey": list(table.key)}
    references = {key: column.of for key, column in table.columns.items() if column.kind == "ref"}
    if references:
        described["foreignKeys"] = [
            {"fields": [key], "reference": {"resource": "" if of == name else of, "fields": ["id"]}}
            for key, of in references.items()
        ]
    return {"name": name, "path": f"{name}.csv", "type": "table", "title": table.title, **_FILE, "schema": described}


_FILE: dict[str, Any] = {
    "scheme": "file",
    "format": "csv",
    "mediatype": "text/csv",
    "encoding": "utf-8",
    "profile": "tabular-data-resource",
    "dialect": {"lineTerminator": "\n", "delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
}


def columns(package: dict[str, Any]) -> list[str]:
    """Return the lines of the section on columns."""
    lines = ["", "## Columns"]
    for resource in package["resources"]:
        lines += ["", f"### `{resource['path']}`", "", f"{resource['title']}.", ""]
        lines += ["| column | meaning | allowed |", "|---|---|---|"]
        slots = {slot["name"]: slot.get("vocabulary", "") for slot in package["woozle"]["slots"]}
        references: dict[str, str] = {
            name: key["reference"]["resource"] or resource["name"]
            for key in resource["schema"].get("foreignKeys", [])
            for name in key["fields"]
        }
        for field in resource["schema"]["fields"]:
            rules, name = field.get("constraints", {}), field["name"]
            allowed = ["required"] if rules.get("required") else []
            if "enum" in rules:
                kind = {"outlets": "outlet_kind", "documents": "document_kind"}.get(resource["name"], "")
                allowed.append(f"a term of `{slots.get(name) or (kind if name == 'kind' else name)}`")
            if name in references:
                allowed.append({"outlets": "id of an outlet", "documents": "id of a document"}[references[name]])
            if "maxLength" in rules:
                allowed.append(f"at most {rules['maxLength']} characters")
            if field.get("format") == "uri":
                allowed.append("http or https")
            lines.append(f"| `{name}` | {field['description']} | {', '.join(allowed)} |")
    return lines


def terms(block: dict[str, Any], rows: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return the lines of the sections on terms and corrections."""
    lines = ["", "## Terms"]
    slots = {slot.get("vocabulary"): slot for slot in block["slots"] if slot.get("vocabulary")}
    for name, words in block["vocabularies"].items():
        heading = HEADINGS.get(name) or f"Slot `{slots[name]['name']}`: {slots[name]['title']}"
        keys = [key for facts in words.values() for key in facts if key not in ("title", "description")]
        keys = list(dict.fromkeys(keys))
        titles = ["term", "shown as", "meaning", *keys, "example"]
        if not block.get("conversion_from"):
            heading = heading.partition("; from `")[0] + ")" * ("; from `" in heading)
        lines += ["", f"### {heading.format_map(block)}", "", f"Vocabulary `{name}`.", ""]
        lines += [f"| {' | '.join(titles)} |", "|" + "---|" * len(titles)]
        for term, facts in words.items():
            values = [in_cell(facts.get(key, "")) for key in keys]
            cells = [f"`{term}`", facts["title"], facts["description"], *values]
            lines.append(f"| {' | '.join([*cells, example(name, term, slots.get(name), rows, block)])} |")
    for slot in block["slots"]:
        if slot["kind"] == "time":
            lines += ["", f"### Slot `{slot['name']}`: {slot['title']}", "", slot.get("description", "")]
    lines += ["", "## Log of corrections", ""]
    lines += ["What was mended in the rows, and why. The same list stands in `datapackage.json`.", ""]
    lines += ["| version | table | row | was | now | why |", "|---|---|---|---|---|---|"]
    return lines + [f"| {' | '.join(entry.values())} |" for entry in block["log"]]


def in_cell(value: object) -> str:
    """Return what a cell of the codebook shows of a fact about a term."""
    if is_list(value):
        return ", ".join(f"`{name}`" for name in value)
    return "yes" if value is True else str(value)


def example(
    name: str, term: str, slot: dict[str, Any] | None, rows: dict[str, list[dict[str, Any]]], block: dict[str, Any]
) -> str:
    """Return one use of a term in the tables."""

    def first(table: str, column: str) -> dict[str, Any] | None:
        return next((row for row in rows[table] if row[column] == term), None)

    if name == "outlet_kind":
        found = first("outlets", "kind")
        return found["name"] if found else UNUSED
    if name == "document_kind":
        found = first("documents", "kind")
        return f"`{found['id']}`" if found else UNUSED
    if name in ("relation", "evidence_type"):
        found = first("citations", name)
        return f"`{found['citing']}` → `{found['cited']}`: {found['evidence']}" if found else UNUSED
    if name == "seen":
        found = first("documents", "seen") or first("claims", "seen")
        return (f"`{found['id']}`" if "id" in found else f"the version of `{found['document']}`") if found else UNUSED
    if name == "source_class":
        said_by = block["vocabularies"]["said_by"]
        found = next((row for row in rows["claims"] if said_by.get(row["said_by"], {}).get("class") == term), None)
        return f"`{found['said_by']}` in `{found['document']}`" if found else UNUSED
    column = slot["name"] if slot else name
    wording = f"{column}_wording" if slot else "wording"
    found = next((row for row in rows["claims"] if row[column] == term and row[wording]), first("claims", column))
    if not found:
        return UNUSED
    words = found[wording]
    return f"`{found['document']}`" + (f": {words}" if words else "")
