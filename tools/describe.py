"""Bring datapackage.json and CODEBOOK.md of each case up to date with the terms that it declares.

A case declares actor, slots, vocabularies and log under the key `woozle` of its datapackage.json. From these follow
the Frictionless descriptions of its tables and, from the line "## Columns" on, its codebook. Run: make describe
"""

import json
import sys
from pathlib import Path

from woozle import schema
from woozle.tables import read_table

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
TEMPLATE = DATA / "dprk_troops_2024" / "datapackage.json"  # the words for the columns that all cases share
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
UNUSED = "no document of this case"


def describe(folder: Path) -> None:
    """Rewrite the two files of one case."""
    path, book = folder / "datapackage.json", folder / "CODEBOOK.md"
    package = json.loads(path.read_text("utf-8"))
    package["resources"] = resources(package["woozle"])
    package["woozle"] = package.pop("woozle")  # stays last
    path.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", "utf-8")
    text = (
        book.read_text("utf-8")
        if book.exists()
        else f"# {package['title']}: codebook\n\nTo write: what the claim is, and how it is coded.\n"
    )
    by_hand = text.split("\n## Columns\n")[0].rstrip()
    rows = {}
    for name, table in schema.tables().items():
        header, records = read_table(folder / f"{name}.csv", tuple(table.columns))
        rows[name] = [dict(zip(header, record, strict=False)) for record in records]
    book.write_text("\n".join([by_hand, *columns(package), *terms(package["woozle"], rows)]) + "\n", "utf-8")


def resources(block: dict) -> list[dict]:
    """Return the descriptions of the tables of a case that declares `block`."""
    template = json.loads(TEMPLATE.read_text("utf-8"))
    shared = {slot["name"] for slot in template["woozle"]["slots"]}
    shared |= {f"{name}_wording" for name in shared}
    for resource in template["resources"]:
        fields = resource["schema"]["fields"]
        if resource["name"] == "claims":
            fields = [field for field in fields if field["name"] not in shared]
            place = 1 + [field["name"] for field in fields].index("basis")
            fields[place:place] = [field for slot in block["slots"] for field in slot_fields(slot)]
        rules = schema.tables(tuple(schema.Slot(*map(slot.get, ("name", "title", "kind", "vocabulary")))
                                    for slot in block["slots"]))[resource["name"]]  # fmt: skip
        for field in fields:
            rule = rules.columns[field["name"]]
            if rule.kind == "term":
                field["constraints"] = field.get("constraints", {}) | {"enum": list(block["vocabularies"][rule.of])}
        resource["schema"]["fields"] = fields
    return template["resources"]


def slot_fields(slot: dict) -> list[dict]:
    """Return the two columns of a slot: code and wording."""
    name, title = slot["name"], slot["title"]
    code = {"name": name, "type": "string", "title": title, "description": f"code: {title}; empty: not stated"}
    words = "the words coded, in English where the text is in another language"
    if slot["kind"] == "time":
        code["description"] = f"{title}, in EDTF; `undated`: known to state none; empty: not stated"
        words = "the words coded; empty where they were not kept"
    return [code, {"name": f"{name}_wording", "type": "string", "title": f"{title} (wording)", "description": words}]


def columns(package: dict) -> list[str]:
    """Return the lines of the section on columns."""
    lines = ["", "## Columns"]
    for resource in package["resources"]:
        lines += ["", f"### `{resource['path']}`", "", f"{resource['title']}.", ""]
        lines += ["| column | meaning | allowed |", "|---|---|---|"]
        slots = {slot["name"]: slot.get("vocabulary", "") for slot in package["woozle"]["slots"]}
        references = {
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


def terms(block: dict, rows: dict[str, list[dict]]) -> list[str]:
    """Return the lines of the sections on terms and corrections."""
    lines = ["", "## Terms"]
    slots = {slot.get("vocabulary"): slot for slot in block["slots"] if slot.get("vocabulary")}
    for name, words in block["vocabularies"].items():
        heading = HEADINGS.get(name) or f"Slot `{slots[name]['name']}`: {slots[name]['title']}"
        keys = [key for facts in words.values() for key in facts if key not in ("title", "description")]
        keys = list(dict.fromkeys(keys))
        titles = ["term", "shown as", "meaning", *keys, "example"]
        lines += ["", f"### {heading.format_map(block)}", "", f"Vocabulary `{name}`.", ""]
        lines += [f"| {' | '.join(titles)} |", "|" + "---|" * len(titles)]
        for term, facts in words.items():
            values = [in_cell(facts.get(key, "")) for key in keys]
            cells = [f"`{term}`", facts["title"], facts["description"], *values]
            lines.append(f"| {' | '.join([*cells, example(name, term, slots.get(name), rows, block)])} |")
    for slot in block["slots"]:
        if slot["kind"] == "time":
            lines += ["", f"### Slot `{slot['name']}`: {slot['title']}", "", slot["description"]]
    lines += ["", "## Log of corrections", ""]
    lines += ["What was mended in the rows, and why. The same list stands in `datapackage.json`.", ""]
    lines += ["| version | table | row | was | now | why |", "|---|---|---|---|---|---|"]
    return lines + [f"| {' | '.join(entry.values())} |" for entry in block["log"]]


def in_cell(value: object) -> str:
    """Return what a cell of the codebook shows of a fact about a term."""
    if isinstance(value, list):
        return ", ".join(f"`{name}`" for name in value)
    return "yes" if value is True else str(value)


def example(name: str, term: str, slot: dict | None, rows: dict[str, list[dict]], block: dict) -> str:
    """Return one use of a term in the tables."""

    def first(table: str, column: str) -> dict | None:
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


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(folder.name for folder in DATA.iterdir() if folder.is_dir()):
        try:
            describe(DATA / name)
        except (KeyError, TypeError, AttributeError, ValueError, OSError) as error:
            sys.exit(
                f"data/{name}: it can't be described ({type(error).__name__}: {error}). "
                f"What is wrong says: woozle check {name}"
            )
