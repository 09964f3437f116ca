"""The commands that bring data into a case, and out again."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from woozle.commands.bringing import (
    Progress,
    agreed,
    bring_gathered,
    case_folder,
    check_zone,
    column_choices,
    size_of,
)
from woozle.console import err, out
from woozle.errors import WoozleError
from woozle.locate import find_folder, home_for_new, place_of, short

if TYPE_CHECKING:
    from woozle.model.case import Case

app = typer.Typer()

Coder = Annotated[
    str,
    typer.Option(
        "--coder", envvar="WOOZLE_REVIEWER", metavar="NAME", help="Who codes: a-z, 0-9, _ \\[default: the user's name]."
    ),
]


@app.command("import")
def bring(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", help="Files, or folders of files: see [b]woozle import --formats[/b]."),
    ] = None,
    case: Annotated[
        str,
        typer.Option(
            "--as", metavar="CASE", help="The case that they go into; if there is none of this name, it is started."
        ),
    ] = "",
    format_name: Annotated[
        str, typer.Option("--format", metavar="NAME", help="Format of the files, if it is not recognised.")
    ] = "",
    mapped: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="COLUMN=MEANING",
            help="What a column of a table means, such as 'Headline=title'; 'Headline=' leaves it out; repeatable.",
        ),
    ] = None,
    dates: Annotated[
        str, typer.Option("--dates", metavar="ORDER", help="How 04/05/2024 is read: day-first or month-first.")
    ] = "",
    time_zone: Annotated[
        str, typer.Option("--time-zone", metavar="ZONE", help="Time zone of times that name none, such as Asia/Seoul.")
    ] = "",
    yes: Annotated[bool, typer.Option("-y", "--yes", help="Write without asking.")] = False,
    formats: Annotated[
        bool, typer.Option("--formats", help="List all formats, what is read of each and what is lost.")
    ] = False,
) -> None:
    """Bring what you have into a case: a spreadsheet, saved pages, PDFs, a bibliography, an export of posts, …

    What was understood is shown first, and nothing is written before you say yes. A document that the case has already
    is never added twice: its empty cells are filled, and contradictions are listed. What was not found stays empty.
    Nothing is coded by this: the tree is drawn from who cites whom.

    Examples
    --------
      woozle import articles.csv --as my_rumour

      woozle import pages/ --as my_rumour --yes

      woozle import list.xlsx --as my_rumour --map "Headline=title" --map "Remarks="

      woozle import my_rumour.xlsx
    """
    from woozle.formats.bundle import is_bundle
    from woozle.formats.gather import gather
    from woozle.formats.workbook import is_workbook

    if formats:
        _list_formats()
        return
    if addresses := [path for path in paths or [] if str(path).startswith(("http:/", "https:/"))]:
        address = str(addresses[0]).replace(":/", "://", 1)
        raise WoozleError(f"{address} is an address. Fetch it by: woozle add {address} --as {case or 'my_rumour'}")
    if not paths:
        raise WoozleError("Name the files to import, such as articles.csv. All formats: woozle import --formats.")
    if len(paths) == 1 and paths[0].is_file() and is_bundle(paths[0]):
        _bring_bundle(paths[0], case, yes)
        return
    if len(paths) == 1 and paths[0].is_file() and is_workbook(paths[0]):
        _bring_workbook(paths[0], case, yes)
        return
    if not case:
        raise WoozleError(
            f"Say which case they belong to: woozle import {paths[0]} --as my_rumour. A new name starts one."
        )
    choices = column_choices(mapped, dates)
    check_zone(time_zone)
    gc.disable()  # millions of plain texts hold no circles: looking for them takes a third of the time
    with Progress(sum(map(size_of, paths)), "reading") as bar:
        gathered = gather(list(paths), choices, format_name, lambda file, size: bar.step(size))
    bring_gathered(case, gathered, yes, time_zone)


def _bring_workbook(path: Path, case: str, yes: bool) -> None:
    """Show what a workbook changes in its case, row by row, and write it after a yes."""
    from woozle.files import alone
    from woozle.formats.workbook import case_of, compare
    from woozle.model.changes import problems_with, write_checked

    name = case or case_of(path)
    if not name:
        raise WoozleError(f"{path.name} names no case. Say which one: woozle import {path} --as CASE.")
    folder = find_folder(place_of(name))
    with alone(folder.with_name(f".{folder.name}.lock")):
        found = compare(folder, path)
        if found.coder:
            out.print(f"The second coding of [b]{escape(found.coder)}[/b].")
        if found.lacking:
            out.print(f"[yellow]Not in the workbook, so left unchanged: {', '.join(found.lacking)}.[/yellow]")
        for change in found.changes:
            colour = {"refused": "red", "deleted": "yellow"}.get(change.what, "green")
            details = f": {change.details}" if change.details else ""
            out.print(f"[{colour}]{change.what:8}[/{colour}] {change.table}, {escape(change.key)}{escape(details)}")
        if not found.texts:
            out.print(f"{escape(path.name)} changes nothing in {escape(name)}; nothing was written.")
            return
        if problems := problems_with(folder, found.texts):
            told = "With the rows of this workbook the case would have errors; nothing was written:"
            raise WoozleError("\n  ".join([told, *problems]))
        if not yes and not agreed(folder.name):
            out.print("Nothing was written.")
            raise typer.Exit(1)
        write_checked(folder, found.texts, "With the rows of this workbook")
    count = len(found.changes) - len(found.refused)
    refused = f"; {len(found.refused)} refused, see above" if found.refused else ""
    out.print(f"{count} row{'s' * (count != 1)} written into {escape(str(short(folder)))}{refused}.")


def _bring_bundle(path: Path, case: str, yes: bool) -> None:
    from woozle.formats.bundle import check_free, name_in, unpack
    from woozle.model.opening import inspect_folder

    name = case or name_in(path)
    check_free(path, home_for_new(), name)
    out.print(
        f"{escape(path.name)} holds the case {escape(name_in(path))}: data, study, and notebooks, which are code."
    )
    if not yes and not agreed(name):
        out.print("Nothing was written.")
        raise typer.Exit(1)
    folder = unpack(path, home_for_new(), lambda folder: inspect_folder(folder)[1], case)
    out.print(
        f"{escape(str(short(folder)))} is there, and its study. Its notebooks are code: read them before a report."
    )


@app.command()
def add(
    addresses: Annotated[list[str], typer.Argument(metavar="URL", help="Addresses of pages, http or https.")],
    case: Annotated[
        str,
        typer.Option(
            "--as", metavar="CASE", help="The case that they go into; if there is none of this name, it is started."
        ),
    ] = "",
    yes: Annotated[bool, typer.Option("-y", "--yes", help="Write without asking.")] = False,
) -> None:
    """Fetch web pages and bring them into a case, as [b]woozle import[/b] does with saved ones.

    A page is fetched only if its site's robots.txt allows it. It is kept in captures/CASE, with its hash and the time,
    and its text in texts/CASE; both are outside git. Running the command again fetches the page again.

    Examples
    --------
      woozle add https://example.org/first https://example.net/second --as my_rumour
    """
    from woozle.formats.fetch import FOLDER, Fetcher, FetchError
    from woozle.formats.gather import Gathered, read_capture

    if files := [address for address in addresses if Path(address).exists()]:
        raise WoozleError(
            f"{files[0]} is a file here. Bring it in by: woozle import {files[0]} --as {case or 'my_rumour'}"
        )
    if not case:
        raise WoozleError(
            f"Say which case it belongs to: woozle add {addresses[0]} --as my_rumour. A new name starts one."
        )
    folder, _ = case_folder(case)
    fetcher, gathered = Fetcher(folder.parents[1] / FOLDER / folder.name), Gathered()
    for address in dict.fromkeys(addresses):
        try:
            capture = fetcher.fetch(address)
        except FetchError as error:
            err.print(f"[red]woozle:[/red] {escape(str(error))}")
            continue
        out.print(f"fetched {escape(capture.url)}")
        read_capture(fetcher.folder, capture, gathered)
    if not gathered.count:
        raise WoozleError("No page was fetched; nothing was written.")
    bring_gathered(case, gathered, yes)


@app.command()
def export(
    case: Annotated[str, typer.Argument(metavar="CASE", help="Name of a case, or its folder.")] = "",
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="See [b]woozle export --formats[/b].")] = "",
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="The file \\[default: the name of the case, with the ending of the format].",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    formats: Annotated[bool, typer.Option("--formats", help="List all formats, and what each can't hold.")] = False,
) -> None:
    """Write a case for another program: Gephi, Cytoscape, TimelineJS, Zotero, a triple store, …

    What the format can't hold is listed. [b]zip[/b] holds data and study whole, to be sent to somebody who brings it in
    by [b]woozle import CASE.zip[/b].

    Examples
    --------
      woozle export dprk_troops_2024 gexf

      woozle export my_rumour zip
    """
    from woozle.formats.bundle import pack
    from woozle.formats.exports import EXPORTS, export_named, losses
    from woozle.model.opening import open_case

    if formats or not case:
        for one in EXPORTS:
            out.print(f"[b]{one.name}[/b]  {escape(one.title)}\n  can't hold: {escape('; '.join(one.loses))}.")
        out.print("[b]zip[/b]  data and study of a case, to be sent\n  can't hold: the texts of its documents.")
        return
    if form == "zip":
        folder = find_folder(place_of(case))
        path = _free(output or Path(f"{folder.name}.zip"), force)
        path.write_bytes(pack(folder))
        out.print(f"{escape(str(path))}: data and study of {escape(folder.name)}; texts stay here.")
        return
    chosen, opened = export_named(form), open_case(place_of(case))
    name = f"{opened.name}_{form}" if chosen.suffix in (".json", ".zip", ".csv") else opened.name
    path = _free(output or Path(f"{name}{chosen.suffix}"), force)
    path.write_bytes(chosen.write(opened, _claim_of(opened)))
    out.print(f"{escape(str(path))}: {_counted(opened)}.")
    if lost := losses(opened, chosen):
        out.print(f"{escape(chosen.title)} can't hold: {escape('; '.join(lost))}.")


def _counted(case: Case) -> str:
    """Return how many documents and citations a case has."""
    return ", ".join(
        f"{len(table)} {word}{'s' * (len(table) != 1)}"
        for table, word in ((case.documents, "document"), (case.citations, "citation"))
    )


def _free(path: Path, force: bool) -> Path:
    if path.exists() and not force:
        raise WoozleError(f"{path} is there already. Replace it with --force, or name another with -o.")
    return path


def _claim_of(case: Case) -> str:
    """Return the claim as the study of a case words it; nothing where it has none."""
    from woozle.notebook.study import open_study

    try:
        return open_study(case).claim
    except WoozleError:
        return ""


@app.command()
def sheet(
    case: Annotated[str, typer.Argument(metavar="CASE", help="Name of a case, or its folder.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="The file \\[default: CASE.xlsx].")
    ] = None,
    second: Annotated[
        bool, typer.Option("--second", help="For a second coding: it shows nothing of the first.")
    ] = False,
    coder: Coder = "",
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a case as a workbook to be coded in Excel, LibreOffice or Google Sheets.

    Each table is a sheet, with drop-down lists of its terms; each column says in a comment what it means. Bring it back
    by [b]woozle import CASE.xlsx[/b]: it lists what changed, row by row, before it writes. Rows that somebody changed
    in the case meanwhile are never overwritten.

    Examples
    --------
      woozle sheet my_rumour

      woozle sheet my_rumour --second --coder ab
    """
    from woozle.desk.session import check_coder, default_coder
    from woozle.formats.workbook import write_workbook

    folder = find_folder(place_of(case))
    who = check_coder(coder or default_coder()) if second else ""
    path = output or Path(f"{folder.name}_{who}.xlsx" if who else f"{folder.name}.xlsx")
    if path.exists() and not force:
        raise WoozleError(f"{path} is there already. Import it first, or replace it with --force.")
    counts = write_workbook(folder, path, who)
    rows = ", ".join(f"{count} {name}" for name, count in counts.items())
    out.print(f"{escape(str(path))}: {rows}. Fill it in, then [b]woozle import {escape(str(path))}[/b].")


def _list_formats() -> None:
    from woozle.formats.registry import FORMATS

    for one in FORMATS:
        out.print(f"[b]{escape(one.name)}[/b]  {escape(one.title)}")
        out.print(f"  reads: {escape(one.reads)}.\n  loses: {escape(one.loses)}.")
