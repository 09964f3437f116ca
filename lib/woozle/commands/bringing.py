"""What the commands share that bring data in: progress, what was understood, what would change, and the question."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.markup import escape

from woozle.console import err, out
from woozle.errors import WoozleError
from woozle.locate import find_folder, home_for_new, place_of, short

if TYPE_CHECKING:
    from rich.table import Table

    from woozle.formats.gather import Gathered
    from woozle.formats.items import Choices, ReadColumn
    from woozle.formats.plan import Plan

_SOME = 12  # of a list, so many are shown; the rest is in a file
_WIDE = 200  # columns, where no terminal says
_MANY = 2_000  # documents: from there on a report is no pleasure
_EXAMPLES = 3  # rows that are shown of what was understood


def bring_gathered(case: str, gathered: Gathered, yes: bool, time_zone: str = "") -> None:
    """Show what would change in a case, which is started where there is none, and write it after a yes."""
    folder, fresh = case_folder(case)
    _plan_and_write(case, folder, fresh, gathered, time_zone, yes)


def column_choices(mapped: Sequence[str] | None, dates: str = "") -> Choices:
    """Return what a user says of columns and dates, checked."""
    from woozle.formats.items import Choices

    return Choices(_mapped(mapped or []), _order(dates))


def _plan_and_write(case: str, folder: Path, fresh: bool, gathered: Gathered, time_zone: str, yes: bool) -> None:
    """Show what would change in a case, and write it after a yes."""
    from woozle.commands.start import start_case
    from woozle.formats.importing import plan

    _show_read(gathered)
    if fresh:
        out.print(f"\nThere is no case '{escape(case)}' yet; it would be started.")
    with Progress(gathered.count, "matching") as bar:
        planned = plan(folder, gathered, time_zone, bar.step)
    _show_plan(planned)
    if not planned.changes:
        out.print(f"\nNothing new for {escape(case)}; nothing was written.")
        return
    if not yes and not agreed(folder.name):
        out.print("Nothing was written.")
        raise typer.Exit(1)
    if fresh:
        start_case(case)
    planned.write()
    _end(planned)


def agreed(name: str) -> bool:
    """Ask whether to write into a case; where nobody answers, say how to do without."""
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


def check_zone(zone: str) -> None:
    """Raise where a time zone is not known."""
    from woozle.model.cascade import read_zone

    if zone:
        read_zone(zone)


def case_folder(name: str) -> tuple[Path, bool]:
    """Return the folder of a case, and whether it is still to be started."""
    from woozle.package.check import name_fault
    from woozle.package.problems import quoted

    try:
        return find_folder(place_of(name)), False
    except WoozleError:
        if fault := name_fault(name):
            raise WoozleError(f"The name {quoted(name)} {fault}") from None
        return home_for_new() / "data" / name, True


def show_columns(columns: Sequence[ReadColumn]) -> None:
    """Show what the columns of a table were taken for, and how to say it where that is not right."""
    from rich.table import Table

    from woozle.formats.spreadsheet import meanings

    table = Table(box=None, pad_edge=False)
    for heading in ("column", "means", *(["examples"] + [""] * (_EXAMPLES - 1))):
        table.add_column(heading, overflow="ellipsis", no_wrap=True, max_width=36)
    for column in columns:
        shown = [escape(text) for text in [*column.examples, "", "", ""][:_EXAMPLES]]
        table.add_row(escape(column.name), column.meaning or "[dim]left out[/dim]", *shown)
    print_wide(table)
    if left := [column.name for column in columns if not column.meaning]:
        out.print(
            f"Not right? Say what a column means: [b]--map {escape(shlex.quote(f'{left[0]}=title'))}[/b], "
            f"repeatable. Meanings: {', '.join(meanings())}."
        )


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
        show_columns(columns)
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
        place = escape(str(short(plan.folder / "imports" / "missing.csv")))
        one = plan.missing == 1
        out.print(
            f"{plan.missing} {'link leads to a document' if one else 'links lead to documents'} that the case lacks. "
            f"{'It is' if one else 'They are'} kept in {place}; a link becomes a citation once you import its document."
        )
    if plan.undated:
        out.print(f"{len(plan.undated)} without a date: no figure counts them until you give them one.")
    if plan.terms:
        words = ", ".join(f"{term} ({vocabulary})" for vocabulary, term in plan.terms)
        out.print(f"New terms for the vocabularies of the case: {escape(words)}.")
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
        out.print(f"{plan.merged} {was} in the files more than once; we took one of each.")
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


class Progress:
    """A bar over a number of things, on a terminal; elsewhere nothing."""

    def __init__(self, total: int, what: str):
        self._total, self._what, self._bar = total, what, None

    def __enter__(self) -> Progress:
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


def size_of(path: Path) -> int:
    """Return how many bytes a file has, or all files of a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) if path.is_dir() else 0
