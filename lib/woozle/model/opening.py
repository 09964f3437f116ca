"""Open a data package as a case: check it first, set aside what has no date, order what is coded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from woozle import dates
from woozle.errors import CaseError
from woozle.locate import find_folder, short
from woozle.model.case import Case
from woozle.package import check, csv_files, declarations, schema
from woozle.package.schema import Slot


def open_case(name: str | Path) -> Case:
    """Open a case by its name or by the folder of its package.

    Parameters
    ----------
    name
        A name is looked for as `data/<name>` in the current folder and those above it, then in the folder that the
        environment variable `WOOZLE_HOME` names. A path with a separator, or a Path, is taken as the folder itself.

    Raises
    ------
    UnknownCaseError
        There is no such case.
    CaseError
        The package has errors; all that were found are in the message.

    Examples
    --------
    >>> import woozle
    >>> woozle.open("dprk_troops_2024")
    Case('dprk_troops_2024': 57 documents, 78 citations, 55 claims)
    """
    case, problems = inspect_folder(find_folder(name))
    if case is None:
        raise CaseError(Path(name).name, problems)
    return case


def inspect_folder(folder: Path, notes: list[str] | None = None) -> tuple[Case | None, list[str]]:
    """Return the case in a folder and no problems, or None and all problems found.

    `notes`, if given, gets sentences on what is no fault and should be known: how a table was read, what looks odd.
    """
    problems = check.Problems(short(folder))
    inspected = _inspect(folder, problems, notes is not None)
    if notes is not None:
        notes += problems.notes
    return inspected


def _inspect(folder: Path, problems: check.Problems, ask: bool) -> tuple[Case | None, list[str]]:
    check.check_name(folder.name, problems)
    package = csv_files.read_json(folder / "datapackage.json", problems.of("datapackage.json"))
    declared = declarations.read_declarations(package, problems) if package is not None else None
    if package is None or declared is None:
        problems.note("datapackage.json")("the tables are checked once this file has no errors.")
        return None, problems.found
    slots, vocabularies = declared
    layout = schema.tables(slots)
    rows: dict[str, check.Rows | None] = {}
    broken: set[str] = set()  # tables that could not be read completely: references to them can't be checked
    for name, table in layout.items():
        path, before = folder / f"{name}.csv", len(problems.found)
        how = problems.of(path.name), table.optional, problems.note(path.name)
        rows[name] = csv_files.read_rows(path, table.needed, *how)
        if not rows[name] and len(problems.found) == before and name in ("outlets", "documents"):
            problems.of(path.name)(
                "the table has no rows yet. Write at least one; a row that begins with # does not count."
            )
        if len(problems.found) > before:
            broken.add(name)
    whole = {
        name: [(number, dict.fromkeys(layout[name].optional, "") | row) for number, row in records]
        for name, records in rows.items()
        if records is not None
    }
    check.check_tables(whole, layout, vocabularies, problems, broken)
    if broken:
        return None, problems.found
    check.check_versions(whole["claims"], problems)
    check.check_words(whole["claims"], problems)
    check.check_values(whole["events"], problems)
    check.check_seen(whole, problems)
    check.check_credits(vocabularies, whole["documents"], problems)
    check.check_aliases(whole["outlets"], problems)
    whole, waiting = _set_aside(whole, problems)
    if ask and not problems.found:
        check.ask_roles(whole, vocabularies, problems)
        check.note_scripts(whole, vocabularies, problems)
    codings = _read_codings(folder, slots, problems)
    every = {**whole, "documents": [*whole["documents"], *waiting]}
    check.check_codings(codings, layout, vocabularies, every, problems)
    spans = _spans(whole["documents"], whole["outlets"])
    reviews = _read_reviews(folder, problems)
    check.check_reviews(reviews, every["documents"], problems)
    check.check_spans(whole["documents"], whole["outlets"], problems)
    check.check_hops(whole["citations"], spans, problems)
    if problems.found:
        return None, problems.found
    block = package["woozle"]
    return Case(
        name=folder.name,
        title=package["title"],
        version=package["version"],
        folder=folder,
        actor=block["actor"],
        conversion_from=block.get("conversion_from", ""),
        uncoded_carry=block.get("uncoded_carry", not whole["claims"]),
        slots=slots,
        vocabularies=MappingProxyType(vocabularies),
        licence=_licence(package),
        _tables=MappingProxyType(
            _frames(whole, layout, spans)
            | {
                "undated": _undated_frame(waiting, layout["documents"]),
                "settled": pd.DataFrame(
                    csv_files.TableFile.read(folder / "settled.csv", schema.SETTLED).rows,
                    columns=list(schema.SETTLED),
                    dtype="str",
                ).fillna(""),
                "reviews": pd.DataFrame([row for _, row in reviews], columns=list(schema.REVIEWS), dtype="str"),
                "log": pd.DataFrame(block.get("log", []), columns=list(schema.LOG), dtype="str"),
            }
        ),
        _codings=MappingProxyType({coder: _coding_frame(rows) for coder, rows in codings.items()}),
    ), []


def _set_aside(rows: Mapping[str, check.Rows], problems: check.Problems) -> tuple[dict[str, check.Rows], check.Rows]:
    """Return all rows that can be used, and the documents without a date; their citations and claims are left out."""
    waiting = [(number, row) for number, row in rows["documents"] if not row["published"]]
    if not waiting:
        return dict(rows), []
    names = {row["id"] for _, row in waiting}
    check.check_undated(rows, names, problems)
    held = {
        "documents": [entry for entry in rows["documents"] if entry[1]["id"] not in names],
        "citations": [entry for entry in rows["citations"] if not names & {entry[1]["citing"], entry[1]["cited"]}],
        "claims": [entry for entry in rows["claims"] if entry[1]["document"] not in names],
    }
    return {**rows, **held}, waiting


def _undated_frame(waiting: check.Rows, table: schema.TableSchema) -> pd.DataFrame:
    frame = pd.DataFrame([row for _, row in waiting], columns=list(table.columns), dtype="str")
    return frame.set_index("id").rename_axis("document")


def _licence(package: dict[str, Any]) -> Mapping[str, str]:
    """Return title and address (path) of the licence that a package names."""
    named = package.get("licenses")
    first = named[0] if csv_files.is_list(named) and named and csv_files.is_object(named[0]) else {}
    title = str(first.get("title") or first.get("name") or "no licence named")
    return MappingProxyType({"title": title, "path": str(first.get("path") or "#licence")})


def _read_codings(folder: Path, slots: tuple[Slot, ...], problems: check.Problems) -> dict[str, check.Rows]:
    """Return the rows of the second codings of a case, `codings/<coder>.csv`; most cases have none."""
    codings: dict[str, check.Rows] = {}
    for path in sorted((folder / "codings").glob("*.csv")):
        report = problems.of(f"codings/{path.name}")
        note = problems.note(f"codings/{path.name}")
        rows = csv_files.read_rows(path, ("document", "version"), report, (*schema.coded_fields(slots), "note"), note)
        if path.stem == "claims" or not check.ID.fullmatch(path.stem):
            report("the name of the coder may have only a-z, 0-9 and _, and must not be 'claims'. Rename the file.")
        elif rows is not None:
            codings[path.stem] = rows
    return codings


def _read_reviews(folder: Path, problems: check.Problems) -> check.Rows:
    """Return the rows of `reviews.csv`; most cases have none."""
    path = folder / "reviews.csv"
    return csv_files.read_rows(path, schema.REVIEWS, problems.of(path.name)) or [] if path.exists() else []


def _coding_frame(rows: check.Rows) -> pd.DataFrame:
    frame = pd.DataFrame([row for _, row in rows], dtype="str")
    if frame.empty:
        return pd.DataFrame(index=pd.MultiIndex.from_arrays([[], []], names=["document", "version"]))
    return frame.astype({"version": int}).set_index(["document", "version"]).drop(columns="note", errors="ignore")


def _frames(
    rows: Mapping[str, check.Rows], layout: Mapping[str, schema.TableSchema], spans: Mapping[str, dates.Interval]
) -> dict[str, pd.DataFrame]:
    frames = {
        name: pd.DataFrame([row for _, row in rows[name]], columns=list(table.columns), dtype="str")
        for name, table in layout.items()
    }
    outlets, documents, citations = frames["outlets"], frames["documents"], frames["citations"]
    of_outlet = outlets.set_index("id").loc[documents["outlet"]].reset_index(drop=True)
    documents["outlet_name"] = of_outlet["name"]
    documents["country"] = of_outlet["country"]
    documents["outlet_kind"] = of_outlet["kind"]
    documents["aliases"] = of_outlet["aliases"]
    documents["label"] = _told_apart(documents)
    hops = zip(citations["cited"], citations["citing"], strict=True)
    narrowed = dates.narrow(spans, hops)
    for prefix, intervals in (("coded_", spans), ("", narrowed)):
        for end in ("earliest", "latest"):
            moments = [getattr(intervals[name], end) for name in documents["id"]]
            documents[prefix + end] = pd.to_datetime(pd.Series(moments), utc=True)
    frames["events"]["value"] = pd.to_numeric(frames["events"]["value"], errors="coerce")
    happened = [dates.parse(text) for text in frames["events"]["date"]]
    for end in ("earliest", "latest"):
        frames["events"][end] = pd.to_datetime(pd.Series([getattr(span, end) for span in happened]), utc=True)
    claims = frames["claims"].astype({"version": int})
    return {
        "outlets": outlets.set_index("id"),
        "documents": documents.set_index("id").rename_axis("document"),
        "citations": citations,
        "claims": claims.set_index(["document", "version"]),
        "events": frames["events"].set_index("id"),
    }


def _told_apart(documents: pd.DataFrame) -> list[str]:
    """Return the label of each document: its own, else its outlet's name, with the day if the outlet has several.

    Several documents of one outlet and day get the time of day too, or else their ids.
    """
    own, outlets = documents["label"], documents["outlet_name"]
    days = [dates.in_words(coded.partition("T")[0]) for coded in documents["published"]]
    dated = pd.Series([f"{outlet}, {day}" for outlet, day in zip(outlets, days, strict=True)], index=documents.index)
    several = (own == "") & outlets.where(own == "").duplicated(keep=False)
    twice = several & dated.where(several).duplicated(keep=False)
    hours = documents["published"].str.extract(r"^[^/]*T(\d\d:\d\d)[^/]*$", expand=False).fillna("")
    timed = dated.where(hours == "", dated + ", " + hours)
    still = twice & (timed.where(twice).duplicated(keep=False) | (hours == ""))
    labels = own.where(own != "", outlets).where(~several, dated).where(~twice, timed)
    return labels.where(~still, dated + " (" + documents["id"] + ")").to_list()


def _spans(documents: check.Rows, outlets: check.Rows) -> dict[str, dates.Interval]:
    """Return the coded interval of each document whose date and outlet can be read."""
    zones = {row["id"]: (row["time_zone"], row["country"]) for _, row in outlets}
    spans: dict[str, dates.Interval] = {}
    for _, row in documents:
        try:
            spans[row["id"]] = dates.parse(row["published"], dates.zones_of(*zones[row["outlet"]]))
        except (KeyError, dates.DateError):
            continue  # told by check_spans, or at its cell
    return spans
