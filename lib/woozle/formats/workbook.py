"""A case as a workbook for people who code in a spreadsheet; read back, it gives a list of changes, row by row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from woozle.errors import WoozleError, listed
from woozle.formats.encoding import text_of
from woozle.formats.items import FormatError
from woozle.formats.moments import of_moment
from woozle.locate import short
from woozle.package import schema
from woozle.package.check import ID
from woozle.package.csv_files import TableFile
from woozle.package.problems import quoted

TABLES = ("documents", "claims", "citations", "outlets", "events")  # in the order in which a coder needs them
CODES = "codes"  # the one sheet of a second coding
_READ = ("title", "url")  # shown beside the codes, only for reading
_MEMORY = "_woozle"  # the hidden sheet: which case, and what its rows were
_TERMS = "terms"
_SPARE = 500  # empty rows at the end that also get drop-down lists
_WIDTHS = {"title": 48, "url": 36, "wording": 48, "translation": 48, "evidence": 40, "note": 32, "seen_note": 28}


@dataclass(frozen=True)
class RowChange:
    """One change that a workbook brings, or can't bring.

    Attributes
    ----------
    table, key : str
        The table, and what identifies the row there.
    what : str
        added, changed, deleted, or refused.
    details : str
        The columns with their old and new values, or why the change is refused.
    """

    table: str
    key: str
    what: str
    details: str = ""


@dataclass
class WorkbookChanges:
    """What a workbook changes in a case.

    Attributes
    ----------
    changes : list of RowChange
        Row by row.
    texts : dict
        The new texts of the tables that change, by file.
    lacking : list of str
        Columns that the case has and the workbook lacks: they stay as they are.
    coder : str
        Whose second coding it is; empty where it is none.
    """

    changes: list[RowChange] = field(default_factory=list[RowChange])
    texts: dict[str, str] = field(default_factory=dict[str, str])
    lacking: list[str] = field(default_factory=list[str])
    coder: str = ""

    @property
    def refused(self) -> list[RowChange]:
        """What can't be brought in."""
        return [change for change in self.changes if change.what == "refused"]


def layout_of(package: Mapping[str, Any]) -> dict[str, schema.TableSchema]:
    """Return the tables of a case as its `datapackage.json` declares them."""
    slots = tuple(
        schema.Slot(slot["name"], slot["title"], slot["kind"], slot.get("vocabulary", ""))
        for slot in package["woozle"]["slots"]
    )
    return schema.tables(slots)


def sheets_of(folder: Path, coder: str = "") -> dict[str, tuple[str, schema.TableSchema]]:
    """Return the sheets of a workbook: the file of the package and the columns of each.

    With a coder it is a second coding: one sheet, which shows nothing of what others coded.
    """
    layout = layout_of(package := _package(folder))
    if not coder:
        return {name: (f"{name}.csv", layout[name]) for name in TABLES}
    claims, documents = layout["claims"], layout["documents"].columns
    fields = schema.coded_fields(schema.Slot(slot["name"], slot["title"]) for slot in package["woozle"]["slots"])
    columns = {name: claims.columns[name] for name in ("document", "version", *fields, "note")}
    columns |= {name: documents[name] for name in _READ}
    return {CODES: (f"codings/{coder}.csv", schema.TableSchema(columns, claims.title, claims.key))}


def write_workbook(folder: Path, path: Path, coder: str = "") -> dict[str, int]:
    """Write the tables of a case into an XLSX file, and return how many rows each has.

    Each table is a sheet with its header frozen, what each column means as a comment, and drop-down lists of terms and
    documents; one more sheet explains the terms. All cells are texts, so that no date is rewritten.

    Parameters
    ----------
    folder
        Of the package.
    path
        The file.
    coder
        Who codes it a second time: the workbook has one row for each document, with what this coder has coded so far.

    Raises
    ------
    WoozleError
        The package can't be read, or the file can't be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    sheets, vocabularies = sheets_of(folder, coder), _package(folder)["woozle"]["vocabularies"]
    tables = {name: TableFile.read(folder / file, rules.columns) for name, (file, rules) in sheets.items()}
    listed_documents = TableFile.read(folder / "documents.csv", ("id",)).rows
    if coder:
        tables[CODES] = _to_code(tables[CODES], listed_documents, sheets[CODES][1])
    counts = {name: len(table.rows) for name, table in tables.items()}
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    looks = {
        "head": book.add_format({"bold": True, "bg_color": "#dbe6f2", "border": 1, "text_wrap": True, "valign": "top"}),
        "needed": book.add_format(
            {"bold": True, "bg_color": "#f6d9a8", "border": 1, "text_wrap": True, "valign": "top"}
        ),
        "text": book.add_format({"num_format": "@", "valign": "top"}),
        "long": book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
    }
    pages = {name: book.add_worksheet(name) for name in (*sheets, _TERMS, _MEMORY)}
    places = _write_terms(pages[_TERMS], vocabularies, looks)
    if not coder:
        places |= {name: f"={name}!$A$2:$A${len(listed_documents) + _SPARE}" for name in ("documents", "outlets")}
    for name, (_, rules) in sheets.items():
        _write_table(pages[name], tables[name], rules, looks)
        _write_lists(pages[name], tables[name].columns, rules, len(tables[name].rows) + _SPARE, places)
    if coder:
        tables[CODES].rows = [row for _, row in _coded(enumerate(tables[CODES].rows))]
    marks = {name: _marks(tables[name].rows, rules) for name, (_, rules) in sheets.items()}
    told = json.dumps({"case": folder.name, "coder": coder, "tables": marks}, ensure_ascii=False)
    for place in range(0, len(told), 30_000):  # a cell holds 32,767 letters
        pages[_MEMORY].write_string(place // 30_000, 0, told[place : place + 30_000])
    pages[_MEMORY].hide()
    try:
        book.close()
    except (OSError, FileCreateError) as error:
        raise WoozleError(f"{path} can't be written: {getattr(error, 'strerror', None) or error}.") from error
    return counts


def _to_code(coded: TableFile, documents: list[dict[str, str]], rules: schema.TableSchema) -> TableFile:
    """Return a second coding with at least one row for each document, and its title and address."""
    held: dict[str, list[dict[str, str]]] = {}
    for row in coded.rows:
        held.setdefault(row["document"], []).append(row)
    rows = [
        {**row, **{name: document.get(name, "") for name in _READ}}
        for document in documents
        for row in held.get(document["id"], [{"document": document["id"], "version": "1"}])
    ]
    front = ["document", *_READ]
    return TableFile([*front, *(name for name in rules.columns if name not in front)], [], rows)


def _coded(rows: Iterable[tuple[int, dict[str, str]]]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a second coding that have a code or a note, without what is there to be read."""
    for number, row in rows:
        own = {name: value for name, value in row.items() if name not in _READ}
        if any(value for name, value in own.items() if name not in ("document", "version")):
            yield number, own


def _package(folder: Path) -> dict[str, Any]:
    try:
        package = json.loads((folder / "datapackage.json").read_text("utf-8"))
        layout_of(package)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WoozleError(
            f"{short(folder / 'datapackage.json')} can't be read. See woozle check {folder.name}."
        ) from error
    return package


def _write_table(sheet: Any, table: TableFile, rules: schema.TableSchema, looks: Mapping[str, Any]) -> None:
    sheet.freeze_panes(1, 1)
    for column, name in enumerate(table.columns):
        rule = rules.columns.get(name, schema.ColumnSchema())
        sheet.set_column(column, column, _WIDTHS.get(name, 16), looks["long" if name in _WIDTHS else "text"])
        sheet.write_string(0, column, name, looks["needed" if rule.required else "head"])
        comment = f"{rule.title}: {rule.description}." + (" Needed." if rule.required else "")
        sheet.write_comment(0, column, comment, {"x_scale": 2.2, "y_scale": 1.4})
    for row, facts in enumerate(table.rows, start=1):
        for column, name in enumerate(table.columns):
            if facts.get(name):
                sheet.write_string(row, column, facts[name], looks["long" if name in _WIDTHS else "text"])
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)


def _write_terms(sheet: Any, vocabularies: Mapping[str, Any], looks: Mapping[str, Any]) -> dict[str, str]:
    """Write the terms of each vocabulary below each other, and return where each stands, as a range of cells."""
    for column, (name, width) in enumerate((("vocabulary", 18), ("term", 22), ("shown as", 28), ("meaning", 80))):
        sheet.set_column(column, column, width, looks["text"])
        sheet.write_string(0, column, name, looks["head"])
    sheet.freeze_panes(1, 0)
    places: dict[str, str] = {}
    row = 1
    for name, terms in vocabularies.items():
        begun = row
        for term, facts in terms.items():
            for column, text in enumerate((name, term, facts.get("title", ""), facts.get("description", ""))):
                sheet.write_string(row, column, str(text))
            row += 1
        if row > begun:
            places[name] = f"={_TERMS}!$B${begun + 1}:$B${row}"
    return places


def _write_lists(
    sheet: Any, columns: list[str], rules: schema.TableSchema, last: int, places: Mapping[str, str]
) -> None:
    """Add the drop-down lists: of terms, documents and outlets. Other words bring a warning, but are allowed."""
    for column, name in enumerate(columns):
        rule = rules.columns.get(name)
        if rule is None or rule.kind not in ("term", "ref"):
            continue
        if source := places.get(rule.of):
            sheet.data_validation(
                1, column, last, column,
                {"validate": "list", "source": source, "error_type": "warning", "ignore_blank": True,
                 "error_title": "Not in the list", "error_message": f"This is not in the list of {rule.title}."},
            )  # fmt: skip


def is_workbook(path: Path) -> bool:
    """Tell whether `write_workbook` wrote a file, even if another program has saved it since."""
    if path.suffix.lower() not in (".xlsx", ".ods"):
        return False
    try:
        names = _book(path).sheet_names
    except FormatError:
        return False
    return _MEMORY in names or set(TABLES) <= set(names)


def case_of(path: Path) -> str:
    """Return the name of the case that a workbook was written of; empty where it does not say."""
    return str(_memory(path).get("case", ""))


def compare(folder: Path, path: Path) -> WorkbookChanges:
    """Return what a workbook changes in a case.

    A row that nobody changed in the workbook stays as the case has it now. A change is refused if the case changed the
    row too, or if one side changed it and the other deleted it.

    Raises
    ------
    WoozleError
        The package or the workbook can't be read, the workbook is of another case, or its columns don't fit.
    """
    memory, vocabularies = _memory(path), _package(folder)["woozle"]["vocabularies"]
    found = WorkbookChanges(coder=str(memory.get("coder", "")))
    if memory.get("case", folder.name) != folder.name:
        raise WoozleError(f"{path.name} belongs to the case '{memory['case']}', not to '{folder.name}'.")
    coder = found.coder
    if coder and not ID.fullmatch(coder):
        raise WoozleError(f"{path.name}: the coder {quoted(coder)} needs a name of a-z, 0-9 and _, such as ab.")
    for name, (file, rules) in sheets_of(folder, coder).items():
        sheet = _sheet(path, name)
        if sheet is None:
            continue
        _check_columns(path, name, sheet, rules)
        columns, rows = sheet[0], [(number, _with_terms(row, rules, vocabularies)) for number, row in sheet[1]]
        if coder:
            columns = [column for column in columns if column not in _READ]
            rows = list(_coded(rows))
        held = TableFile.read(folder / file, columns)
        lost = [column for column in held.columns if column in rules.columns and column not in columns]
        found.lacking += [f"{name}: {column}" for column in lost if any(row.get(column) for row in held.rows)]
        merged = _Merged(name, rules, held, memory.get("tables", {}).get(name))
        kept = list(merged.of(rows))
        found.changes += merged.changes
        if any(change.what != "refused" for change in merged.changes):
            columns = [*held.columns, *(column for column in columns if column not in held.columns)]
            found.texts[file] = TableFile(columns, held.comments, kept).text()
    return found


def _with_terms(row: dict[str, str], rules: schema.TableSchema, vocabularies: Mapping[str, Any]) -> dict[str, str]:
    """Return a row with terms where a person wrote their titles."""
    kinds = {name: rules.columns[name] for name in row if name in rules.columns}
    return {
        name: schema.term_of(vocabularies.get(kinds[name].of, {}), value)
        if value and name in kinds and kinds[name].kind == "term"
        else value
        for name, value in row.items()
    }


class _Merged:
    """Merges a sheet into a table of a case, given what the rows were when the sheet was written."""

    def __init__(self, name: str, rules: schema.TableSchema, held: TableFile, marks: Mapping[str, str] | None):
        self.name, self.rules, self.marks = name, rules, marks
        self.held = {_key(row, rules): row for row in held.rows}
        self.changes: list[RowChange] = []

    def of(self, rows: list[tuple[int, dict[str, str]]]) -> Iterator[dict[str, str]]:
        """Yield the rows that the table will have."""
        brought: dict[str, dict[str, str]] = {}
        for number, row in rows:
            key = _key(row, self.rules)
            if key in brought:
                self._tell(key, "refused", f"row {number} of the sheet has the same key as another; the first is taken")
                continue
            brought[key] = row
        for key, row in self.held.items():
            if key in brought:
                yield self._changed(key, row, brought[key])
            elif self.marks is None or key not in self.marks:
                yield row
            elif _mark(row) != self.marks[key]:
                self._tell(key, "refused", "deleted in the sheet, but changed in the case meanwhile; it stays")
                yield row
            else:
                self._tell(key, "deleted")
        for key, row in brought.items():
            if key in self.held:
                continue
            if self.marks is not None and key in self.marks and _mark(row) == self.marks[key]:
                continue  # deleted in the case meanwhile, and as it was in the sheet
            if self.marks is not None and key in self.marks:
                self._tell(key, "refused", "changed in the sheet, but deleted in the case meanwhile; it stays deleted")
                continue
            self._tell(key, "added")
            yield row

    def _changed(self, key: str, row: dict[str, str], new: dict[str, str]) -> dict[str, str]:
        differing = [name for name in {**row, **new} if row.get(name, "") != new.get(name, "") and name in new]
        if not differing:
            return row
        before = None if self.marks is None else self.marks.get(key)
        if before is not None and _mark(new) == before:
            return row  # as it was: what the case has now is newer
        details = "; ".join(f"{name}: '{row.get(name, '')[:60]}' → '{new.get(name, '')[:60]}'" for name in differing)
        if before is not None and _mark(row) != before:
            self._tell(key, "refused", f"changed in the case meanwhile too; {details}")
            return row
        self._tell(key, "changed", details)
        return row | new

    def _tell(self, key: str, what: str, details: str = "") -> None:
        self.changes.append(RowChange(self.name, key, what, details))


def _key(row: Mapping[str, str], rules: schema.TableSchema) -> str:
    return ", ".join(row.get(name, "") for name in rules.key)


def _mark(row: Mapping[str, str]) -> str:
    told = json.dumps(sorted((name, value) for name, value in row.items() if value), ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _marks(rows: Iterable[Mapping[str, str]], rules: schema.TableSchema) -> dict[str, str]:
    return {_key(row, rules): _mark(row) for row in rows}


def _book(path: Path) -> Any:
    import python_calamine

    try:
        return python_calamine.CalamineWorkbook.from_path(str(path))
    except (python_calamine.CalamineError, OSError) as error:
        raise FormatError(f"{path.name} can't be read as a workbook: {error}.") from error


def _memory(path: Path) -> dict[str, Any]:
    book = _book(path)
    if _MEMORY not in book.sheet_names:
        return {}
    told = "".join(str(cell) for row in book.get_sheet_by_name(_MEMORY).to_python() for cell in row[:1])
    try:
        return json.loads(told)
    except ValueError:
        return {}


def _sheet(path: Path, name: str) -> tuple[list[str], list[tuple[int, dict[str, str]]]] | None:
    """Return the header and the rows of a sheet with their numbers; None where there is no such sheet."""
    book = _book(path)
    if name not in book.sheet_names:
        return None
    records = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    header = [text_of(cell) for cell in (records[0] if records else [])]
    while header and not header[-1]:
        header.pop()
    rows: list[tuple[int, dict[str, str]]] = []
    for number, cells in enumerate(records[1:], start=2):
        row = {column: _text(cell) for column, cell in zip(header, cells, strict=False)}
        if any(row.values()) and not next(iter(row.values())).startswith("#"):
            rows.append((number, row))
    return header, rows


def _text(cell: object) -> str:
    """Return what a cell holds as a text; a date that a spreadsheet program recognized, as EDTF."""
    return (
        of_moment(cell) if isinstance(cell, date | datetime) else text_of(cell).replace("\r\n", " ").replace("\n", " ")
    )


def _check_columns(path: Path, name: str, sheet: tuple[list[str], Any], rules: schema.TableSchema) -> None:
    unknown = [column for column in sheet[0] if column not in rules.columns]
    missing = [column for column in rules.key if column not in sheet[0]]
    if unknown:
        raise FormatError(
            f"{path.name}, sheet {name}: {listed(unknown)} {'is no column' if len(unknown) == 1 else 'are no columns'} "
            f"of this table. It has {listed(rules.columns, most=40)}."
        )
    if missing:
        raise FormatError(f"{path.name}, sheet {name}: the column {listed(missing)} is missing.")
