"""The commands that bring data into a case, and out again."""

from __future__ import annotations

import gc
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from woozle.console import err, out, short
from woozle.errors import WoozleError
from woozle.locate import find_folder, home_for_new, place_of

if TYPE_CHECKING:
    from rich.table import Table

    from woozle.formats.gather import Gathered
    from woozle.formats.importing import Plan
    from woozle.model.case import Case

app = typer.Typer()

Coder = Annotated[
    str,
    typer.Option(
        "--coder", envvar="WOOZLE_REVIEWER", metavar="NAME", help="Who codes: a-z, 0-9, _ [default: the user’s name]."
    ),
]
_SOME = 12  # of a list, so many are shown; the rest is in a file
_WIDE = 200  # columns, where no terminal says
_MANY = 2_000  # documents: from there on a report is no pleasure
_EXAMPLES = 3  # rows that are shown of what was understood


@app.command("import")
def bring(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH...", help="Files, or folders of files: see [b]woozle import --formats[/b]."),
    ] = None,
    case: Annotated[
        str, typer.Option("--as", metavar="CASE", help="The case that they belong to; a new one is started.")
    ] = "",
    format_name: Annotated[
        str, typer.Option("--format", metavar="NAME", help="Format of the files, where it isn't told right.")
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

      woozle import my_rumour.xlsx          (the workbook of [b]woozle sheet[/b], filled in)
    """
    from woozle.formats.bundle import is_bundle
    from woozle.formats.gather import gather
    from woozle.formats.items import Choices
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
    choices = Choices(_mapped(mapped or []), _order(dates))
    _check_zone(time_zone)
    gc.disable()  # millions of plain texts hold no circles: looking for them takes a third of the time
    with _Progress(sum(map(_size, paths)), "reading") as bar:
        gathered = gather(list(paths), choices, format_name, lambda file, size: bar.step(size))
    folder, fresh = _case_folder(case)
    _plan_and_write(case, folder, fresh, gathered, time_zone, yes)


def _plan_and_write(case: str, folder: Path, fresh: bool, gathered: Gathered, time_zone: str, yes: bool) -> None:
    """Show what would change in a case, and write it after a yes."""
    from woozle.commands.report import start_case
    from woozle.formats.importing import plan

    _show_read(gathered)
    if fresh:
        out.print(f"\nThere is no case '{escape(case)}' yet; it would be started.")
    with _Progress(gathered.count, "matching") as bar:
        planned = plan(folder, gathered, time_zone, bar.step)
    _show_plan(planned)
    if not planned.changes:
        out.print(f"\nNothing new for {escape(case)}; nothing was written.")
        return
    if not yes and not _agreed(folder.name):
        out.print("Nothing was written.")
        raise typer.Exit(1)
    if fresh:
        start_case(case)
    planned.write()
    _end(planned)


def _bring_workbook(path: Path, case: str, yes: bool) -> None:
    """Show what a workbook changes in its case, row by row, and write it after a yes."""
    from woozle.files import alone
    from woozle.formats.workbook import case_of, compare
    from woozle.model.changes import problems_with, write_checked

    name = case or case_of(path)
    if not name:
        raise WoozleError(f"{path.name} does not say of which case it is. Say so: woozle import {path} --as CASE.")
    folder = find_folder(place_of(name))
    with alone(folder.with_name(f".{folder.name}.lock")):
        found = compare(folder, path)
        if found.coder:
            out.print(f"The second coding of [b]{escape(found.coder)}[/b].")
        if found.lacking:
            out.print(f"[yellow]Columns that are missing in it stay as they are: {', '.join(found.lacking)}.[/yellow]")
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
        if not yes and not _agreed(folder.name):
            out.print("Nothing was written.")
            raise typer.Exit(1)
        write_checked(folder, found.texts, "With the rows of this workbook")
    count = len(found.changes) - len(found.refused)
    refused = f"; {len(found.refused)} refused, see above" if found.refused else ""
    out.print(f"{count} row{'s' * (count != 1)} written into {escape(str(short(folder)))}{refused}.")


def _bring_bundle(path: Path, case: str, yes: bool) -> None:
    from woozle.formats.bundle import name_in, unpack
    from woozle.model.case import inspect_folder

    name = case or name_in(path)
    out.print(
        f"{escape(path.name)} holds the case {escape(name_in(path))}: data, study, and notebooks, which are code."
    )
    if not yes and not _agreed(name):
        out.print("Nothing was written.")
        raise typer.Exit(1)
    folder = unpack(path, home_for_new(), lambda folder: inspect_folder(folder)[1], case)
    out.print(
        f"{escape(str(short(folder)))} is there, and its study. Its notebooks are code: read them before a report."
    )


@app.command()
def add(
    addresses: Annotated[list[str], typer.Argument(metavar="URL...", help="Addresses of pages, http or https.")],
    case: Annotated[
        str, typer.Option("--as", metavar="CASE", help="The case that they belong to; a new one is started.")
    ] = "",
    yes: Annotated[bool, typer.Option("-y", "--yes", help="Write without asking.")] = False,
) -> None:
    """Fetch web pages and bring them into a case, as [b]woozle import[/b] does with saved ones.

    A page is fetched once, where its site's robots.txt allows it, and kept in captures/CASE with its hash and moment,
    outside git. Its text goes into texts/CASE, outside git too.

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
    folder, fresh = _case_folder(case)
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
    _plan_and_write(case, folder, fresh, gathered, "", yes)


@app.command()
def export(
    case: Annotated[str, typer.Argument(metavar="CASE", help="Name of a case, or its folder.")] = "",
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="See [b]woozle export --formats[/b].")] = "",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="The file [default: CASE and the format’s end]."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    formats: Annotated[bool, typer.Option("--formats", help="List all formats, and what each can’t hold.")] = False,
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
    from woozle.model.case import open_case

    if formats or not case:
        for one in EXPORTS:
            out.print(f"[b]{one.name}[/b]  {escape(one.title)}\n  can’t hold: {escape('; '.join(one.loses))}.")
        out.print("[b]zip[/b]  data and study of a case, to be sent\n  can’t hold: the texts of its documents.")
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
    out.print(f"{escape(str(path))}: {len(opened.documents)} documents, {len(opened.citations)} citations.")
    if lost := losses(opened, chosen):
        out.print(f"{escape(chosen.title)} can’t hold: {escape('; '.join(lost))}.")


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
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="The file [default: CASE.xlsx].")
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

      woozle sheet my_rumour --second --coder ab          (comes back into codings/ab.csv)
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


def _agreed(name: str) -> bool:
    try:
        return typer.confirm(f"\nWrite this into data/{name}?", default=True)
    except typer.Abort:
        out.print("\nTo write without being asked, add --yes.")
        return False


def _mapped(told: Sequence[str]) -> dict[str, str]:
    meanings: dict[str, str] = {}
    for text in told:
        column, mark, meaning = text.rpartition("=")
        if not mark or not column.strip():
            raise WoozleError(f"--map '{text}': write COLUMN=MEANING, such as 'Headline=title'.")
        meanings[column.strip()] = meaning.strip()
    return meanings


def _order(dates: str) -> str:
    from woozle.formats.moments import DAY_FIRST, MONTH_FIRST

    if dates not in ("", DAY_FIRST, MONTH_FIRST):
        raise WoozleError(f"--dates '{dates}': write {DAY_FIRST} or {MONTH_FIRST}.")
    return dates


def _check_zone(zone: str) -> None:
    from woozle.model.cascade import read_zone

    if zone:
        read_zone(zone)


def _case_folder(name: str) -> tuple[Path, bool]:
    """Return the folder of a case, and whether it is still to be started."""
    from woozle.package.check import name_fault, quoted

    try:
        return find_folder(place_of(name)), False
    except WoozleError:
        if fault := name_fault(name):
            raise WoozleError(f"The name {quoted(name)} {fault}") from None
        return home_for_new() / "data" / name, True


def _list_formats() -> None:
    from woozle.formats.registry import FORMATS

    for one in FORMATS:
        out.print(f"[b]{escape(one.name)}[/b]  {escape(one.title)}")
        out.print(f"  reads: {escape(one.reads)}.\n  loses: {escape(one.loses)}.")


def _show_read(gathered: Gathered) -> None:
    """Show what was understood: of a table the meaning of its columns, else the first documents."""
    from rich.table import Table

    by_format: dict[str, int] = {}
    for read in gathered.files:
        by_format[read.format.title] = by_format.get(read.format.title, 0) + len(read.items)
    for title, count in by_format.items():
        out.print(f"[b]{count}[/b] document{'s' * (count != 1)} read as {escape(title)}")
    columns = next((read.columns for read in gathered.files if read.columns), ())
    if columns:
        table = Table(box=None, pad_edge=False)
        for heading in ("column", "means", *(["examples"] + [""] * (_EXAMPLES - 1))):
            table.add_column(heading, overflow="ellipsis", no_wrap=True, max_width=36)
        for column in columns:
            shown = [escape(text) for text in [*column.examples, "", "", ""][:_EXAMPLES]]
            table.add_row(escape(column.name), column.meaning or "[dim]left out[/dim]", *shown)
        print_wide(table)
        if left := [column.name for column in columns if not column.meaning]:
            from woozle.formats.spreadsheet import meanings

            out.print(
                f"Not right? Say what a column means: [b]--map {escape(shlex.quote(f'{left[0]}=title'))}[/b], "
                f"repeatable. Meanings: {', '.join(meanings())}."
            )
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("published", "outlet", "title", "relies on"):
        table.add_column(heading, overflow="ellipsis", no_wrap=True, max_width=48)
    for _, (_, item) in zip(range(_EXAMPLES), gathered, strict=False):
        kept = [link.to for link in item.links if link.kept]
        links = ", ".join(kept) or (f"{len(item.links)} links" if item.links else "")
        cells = (item.published, item.outlet, item.title or item.text[:60], links)
        table.add_row(*(escape(" ".join(cell.split())) or "[dim]not found[/dim]" for cell in cells))
    print_wide(table)
    if (more := gathered.count - _EXAMPLES) > 0:
        out.print(f"[dim]… and {more:,} more[/dim]")


def print_wide(table: Table) -> None:
    """Print a table as wide as the terminal; in a file as wide as it needs to be."""
    from rich.console import Console

    (out if out.is_terminal else Console(width=_WIDE, highlight=False)).print(table)


def _show_plan(plan: Plan) -> None:
    """Show what would change."""
    total = len(plan.added)
    lines = [f"{total} new document{'s' * (total != 1)}" if total else ""]
    lines.append(f"{plan.known} that the case has already" if plan.known else "")
    lines.append(f"{plan.citations} new citation{'s' * (plan.citations != 1)}" if plan.citations else "")
    out.print("\n" + ", ".join(filter(None, lines)) + ".")
    if plan.missing:
        out.print(
            f"{plan.missing} link{'s lead' if plan.missing != 1 else ' leads'} to what is not here. The addresses are "
            "kept in imports/missing.csv, and become citations once the documents are imported."
        )
    if plan.undated:
        out.print(f"{len(plan.undated)} without a date: they wait for one and stand in no figure until then.")
    if plan.terms:
        words = ", ".join(f"{term} ({vocabulary})" for vocabulary, term in plan.terms)
        out.print(f"Terms that the case lacked, and gets: {escape(words)}.")
    # What a file says of times matters more than how it spells a title.
    conflicts = sorted(plan.conflicts, key=lambda note: ", published:" not in note.problem)
    for title, notes in (("Contradictions", conflicts), ("Left out or mended", plan.notes)):
        if notes:
            out.print(f"\n[yellow]{title}[/yellow]")
            for note in notes[:_SOME]:
                row = f", row {note.row}" if note.row else ""
                out.print(f"  {escape(note.file)}{row}: {escape(note.problem)}")
            if len(notes) > _SOME:
                out.print(f"  … and {len(notes) - _SOME} more, all in imports/report.csv once it is written")
    if plan.clocks:
        out.print(
            "\nTimes that name no zone are read in that of their outlet. If the file uses one clock for all, say "
            "which: [b]--time-zone UTC[/b]."
        )
    if plan.merged:
        was = "was" if plan.merged == 1 else "were"
        out.print(f"{plan.merged} stood twice in what was read, and {was} taken once.")
    if plan.filled:
        out.print("\n[green]Filled, where the case had nothing[/green]")
    for document, column, value in plan.filled[:_SOME]:
        out.print(f"  {escape(document)}, {column}: '{escape(value[:60])}'")


def _end(plan: Plan) -> None:
    from woozle.locate import texts_place

    name = plan.folder.name
    out.print(f"\nWritten into {escape(str(short(plan.folder)))}.")
    if plan.texts:
        out.print(f"The texts lie in {escape(str(short(texts_place(plan.folder))))}, outside the case and outside git.")
    if len(plan.added) > _MANY:
        out.print(
            f"A report of {len(plan.added):,} documents takes long and is hard to read. A case is coded by hand: "
            "import those that matter, or look at all of them in another program (woozle export)."
        )
    out.print(f"Next: [b]woozle report {escape(name)}[/b] for a first tree; [b]woozle check {escape(name)}[/b].")


class _Progress:
    """A bar over a number of things, on a terminal; elsewhere nothing."""

    def __init__(self, total: int, what: str):
        self._total, self._what, self._bar = total, what, None

    def __enter__(self) -> _Progress:
        if err.is_terminal:
            from rich.progress import Progress

            self._bar = Progress(console=err, transient=True)
            self._bar.start()
            self._task = self._bar.add_task(self._what, total=self._total)
        return self

    def step(self, count: int) -> None:
        """Note that so many are done."""
        if self._bar:
            self._bar.advance(self._task, count)

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) if path.is_dir() else 0
