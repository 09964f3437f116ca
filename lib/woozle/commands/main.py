"""The command `woozle`."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from woozle import __version__
from woozle.commands import classroom, coding, collection, data, start
from woozle.commands import report as commands
from woozle.commands.helps import Command, CommandGroup
from woozle.console import err, out
from woozle.errors import CaseError, WoozleError
from woozle.locate import (
    assignment_notebooks,
    case_names,
    find_folder,
    find_subject,
    has_study,
    notebooks_of,
    place_of,
    shared_notebooks,
    short,
    subject_names,
)
from woozle.rows import records

if TYPE_CHECKING:
    import pandas as pd

    from woozle.model.case import Case

app = typer.Typer(
    help="Reconstruct how a piece of misinformation came about and spread: who relied on whom, which hop changed what.",
    epilog="Start with [b]woozle list[/b], then [b]woozle report CASE[/b].",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for part in (start, commands, data, coding, collection):
    app.registered_commands += part.app.registered_commands
app.add_typer(classroom.app, name="classroom")
app.add_typer(collection.group, name="collection")

WIDE = 150  # columns of a terminal that all columns of figures fit into
GUESSED = "The draws give everything inferred an even chance, which is a guess."
INTERRUPTED = 130  # the exit code of a command that was interrupted

Name = Annotated[str, typer.Argument(metavar="CASE", help="Name of a case (see [b]woozle list[/b]) or its folder.")]


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)] = False,
) -> None:
    if version:
        out.print(f"woozle {__version__}")
        raise typer.Exit


@app.command()
def parameters(case: Name) -> None:
    """List the parameters of a case's notebook: type, default, meaning."""
    from woozle.report.parameters import known_parameters
    from woozle.report.run import open_subject

    study = open_subject(find_subject(place_of(case)))
    for parameter in known_parameters(study).values():
        out.print(escape(str(parameter)))


@app.command()
def check(
    case: Annotated[str, typer.Argument(metavar="CASE_OR_FOLDER", help="Name of a case, or a folder.")],
) -> None:
    """Check a data package and its case.yaml, and list all errors: file, row, column, value, and how to fix it."""
    from woozle.model.opening import inspect_folder
    from woozle.notebook.study import read_study

    folder = find_folder(place_of(case))
    notes: list[str] = []
    opened, problems = inspect_folder(folder, notes)
    for note in notes:
        out.print(f"[yellow]note:[/yellow] {escape(note)}")
    if opened is None:
        raise CaseError(folder.name, problems)
    if has_study(folder):
        read_study(folder, opened)
    out.print(
        f"{escape(folder.name)}: no errors. "
        + ", ".join(
            f"{len(table)} {word}{'s' * (len(table) != 1)}"
            for table, word in (
                (opened.documents, "document"),
                (opened.citations, "citation"),
                (opened.claims, "claim version"),
                (opened.outlets, "outlet"),
                (opened.events, "event"),
            )
        )
        + "."
    )


@app.command()
def release(
    case: Annotated[str, typer.Argument(metavar="CASE", help="Name of a case, or its folder.")],
) -> None:
    """Record the data of a case as a release, under the version in datapackage.json.

    From then on each report says which rows have changed since: at its top and in its citation. [b]woozle verify[/b]
    says so too. A version can be released only once: before the next release, raise it in datapackage.json.
    """
    import datetime

    from woozle.model.opening import open_case
    from woozle.package.releases import FILE, write_release

    opened = open_case(place_of(case))
    write_release(opened.folder, opened.version, datetime.date.today().isoformat())
    out.print(f"{escape(opened.name)}: version {escape(opened.version)} is released ({FILE}).")


@app.command()
def measure(
    case: Name,
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DATE", help="Use only what was published by this day or time.")
    ] = "latest",
    time_zone: Annotated[
        str,
        typer.Option(
            metavar="ZONE", help="Time zone in which a day of --as-of ends, such as Asia/Seoul \\[default: UTC]."
        ),
    ] = "",
    draws: Annotated[
        int, typer.Option(min=1, max=100_000, metavar="NUMBER", help="Number of Monte Carlo draws.")
    ] = 1000,
    seed: Annotated[
        int, typer.Option(min=0, metavar="NUMBER", help="Random seed; the same seed gives the same figures.")
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Print all headline figures of a case, each with its range.

    The table has these columns. all: every document that may have been out, and every hop (one document relying on
    another), inferred or not.

    median, low, high: from random draws. They vary uncertain dates, doubtful citations (by their confidence), inferred
    documents (an even chance, which is a guess) and codes on which coders disagree. driver: what matters most of these.

    coded: without what is inferred. seen: without citations that nobody saw on the page of the citing document. A
    document whose citation is left out then counts as a root, so the case looks more independent than it is.

    Examples
    --------
      woozle measure dprk_troops_2024

      woozle measure dprk_troops_2024 --as-of 2024-06-26 --json
    """
    from woozle.measure import headline_intervals

    if as_json and as_csv:
        raise WoozleError("Choose one of --json and --csv.")
    from woozle.model.opening import open_case

    cascade = open_case(place_of(case)).cascade(as_of=as_of, time_zone=time_zone)
    figures = headline_intervals(cascade, draws=draws, seed=seed)
    if as_json:
        facts = {
            "case": cascade.case.name,
            "version": cascade.case.version,
            "as_of": as_of,
            "time_zone": cascade.clock,
            "moment": cascade.moment.isoformat(),
            "draws": draws,
            "seed": seed,
        }
        rows = figures.reset_index().astype(object).where(figures.reset_index().notna(), None).to_dict("records")
        print(json.dumps(facts | {"figures": rows}, ensure_ascii=False, indent=2))
    elif as_csv:
        print(figures.to_csv(lineterminator="\n"), end="")
    else:
        out.print(
            f"[b]{escape(cascade.case.title)}[/b], as of {cascade.moment:%Y-%m-%d %H:%M} UTC; {draws} draws, "
            f"seed {seed}\n"
        )
        _print_figures(figures)


def _print_figures(figures: pd.DataFrame) -> None:
    """Print a table as wide as it needs to be, or on a narrow terminal its main columns."""
    from rich.table import Table

    from woozle.text import plain_number

    numbers = ["value", "of", "median", "low", "high"]
    others = ["coded_only", "seen_only"]
    narrow = out.is_terminal and out.width < WIDE
    columns = ["title", *numbers, "unit", "driver", *([] if narrow else [*others, "means"])]
    table = Table(box=None, pad_edge=False)
    for name in columns:
        is_number = name in (*numbers, *others)
        heading = {"title": "figure", "value": "all", "coded_only": "coded", "seen_only": "seen"}.get(name, name)
        least = 12 if name == "title" else None
        table.add_column(
            heading, justify="right" if is_number else "left", no_wrap=not narrow or is_number, min_width=least
        )
    for row in figures.to_dict("records"):
        table.add_row(*(plain_number(row[n]) if n in (*numbers, *others) else escape(row[n]) for n in columns))
    console = out if out.is_terminal else Console(width=WIDE + 50, highlight=False)  # in a file no line is broken
    console.print(table, soft_wrap=False)
    more = " More columns in a wider terminal, or by --csv and --json." if narrow else ""
    out.print(f"\n“all” counts everything uncertain or inferred, so it may lie outside low to high. {GUESSED}{more}")


Texts = Annotated[
    Path | None,
    typer.Option(
        "--texts",
        metavar="PATH",
        help="Texts of the documents: a folder with ID.txt, or CSV or Parquet with id and text. If not given, the "
        "file texts/CASE.csv or the folder texts/CASE, if there is one.",
    ),
]


@app.command()
def infer(
    case: Name,
    threshold: Annotated[
        float,
        typer.Option(min=0, max=1, metavar="PROBABILITY", help="Leave out proposals that are less probable than this."),
    ] = 0.1,
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DATE", help="Use only what was published by this day or time.")
    ] = "latest",
    texts: Texts = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write all columns of the proposals to a CSV file."),
    ] = None,
) -> None:
    """Propose sources for documents that have none coded, and say why.

    A proposal is a guess of a model that was fitted on coded cases: see docs/inference.md. It changes nothing; to
    accept proposals into a case, use [b]woozle review[/b].

    Examples
    --------
      woozle infer dprk_troops_2024

      woozle infer dprk_troops_2024 --threshold 0 -o proposals.csv
    """
    from woozle.infer import Inference
    from woozle.model.opening import open_case

    opened = open_case(place_of(case))
    cascade = opened.cascade(as_of=as_of)
    inference = Inference(cascade, texts=_texts_of(opened, texts))
    table = inference.table
    table = table[table["probability"] >= threshold]
    if output is not None:
        table.round(6).to_csv(output, index=False, lineterminator="\n")
        out.print(f"{len(table)} proposals: {escape(str(output))}")
        return
    labels = cascade.documents["label"]
    unsourced = len(inference.choosing)
    count = f"{unsourced} document{'s' * (unsourced != 1)} without a coded source"
    given = f"; {len(inference.texts)} texts read" if inference.texts is not None else ""
    out.print(f"[b]{escape(opened.title)}[/b]: {count}{given}\n")
    for citing in inference.choosing:
        out.print(f"[b]{escape(labels[citing])}[/b] ({escape(citing)})")
        for row in records(table[table["citing"] == citing]):
            cited = escape(labels[row["cited"]]) if row["cited"] else "[i]no source in this collection[/i]"
            out.print(f"  {row['probability']:4.0%}  {cited}: {escape(row['reason'])}")
        if not (table["citing"] == citing).any():
            out.print(f"        nothing with a probability of {threshold:.0%} or more")
    out.print("\nThese are guesses of a model, not coded hops. A CSV (-o) shows what each clue counts for.")


@app.command()
def review(
    case: Name,
    reviewer: Annotated[
        str,
        typer.Option(
            "--reviewer",
            envvar="WOOZLE_REVIEWER",
            metavar="NAME",
            prompt="Your name",
            help="Your name; it is stored with each decision.",
        ),
    ],
    threshold: Annotated[
        float,
        typer.Option(min=0, max=1, metavar="PROBABILITY", help="Leave out proposals that are less probable than this."),
    ] = 0.1,
    deferred: Annotated[bool, typer.Option("--deferred", help="Also ask about proposals that were deferred.")] = False,
    texts: Texts = None,
) -> None:
    """Go through the proposals of [b]woozle infer[/b]: accept, reject or defer each.

    Each decision is written at once; stop at any moment, by [b]q[/b] or Ctrl-C, and go on later. What is accepted
    enters citations.csv as inferred, with your name and the day; all decisions are in reviews.csv beside it.
    """
    from woozle.commands.terminal import walk
    from woozle.model.opening import open_case

    if not "".join(letter for letter in reviewer if letter.isprintable()).strip("=+-@ "):
        raise WoozleError("A review needs the name of the reviewer: --reviewer NAME.")
    folder = find_folder(place_of(case))
    walk(folder, reviewer.strip(), threshold, _texts_of(open_case(folder), texts), deferred, out)


def _texts_of(case: Case, path: Path | None) -> dict[str, str] | None:
    """Return the texts that a user names, or those that lie beside the case."""
    from woozle.infer import read_texts
    from woozle.infer.texts import texts_beside

    path = path or texts_beside(case.folder)
    if path is None:
        return None
    texts = read_texts(path, [*case.documents.index, *case.undated.index])
    return {name: text for name, text in texts.items() if name in case.documents.index}


@app.command("list")
def list_cases() -> None:
    """List the cases that can be opened from here, and the comparisons of cases."""
    from woozle.model.opening import inspect_folder

    names = case_names()
    if not names:
        find_folder("")  # says where cases are looked for
    for name in names:
        opened, problems = inspect_folder(find_folder(name))
        title = opened.title if opened else f"errors: {len(problems)}; see woozle check {name}"
        out.print(f"[b]{escape(name)}[/b]  {escape(title)}")
    for name in (name for name in subject_names() if name not in names):
        out.print(f"[b]{escape(name)}[/b]  a comparison of cases")


@app.command()
def notebooks(
    case: Annotated[
        list[str] | None, typer.Argument(metavar="CASE|NOTEBOOK", help="Cases or notebooks \\[default: all].")
    ] = None,
) -> None:
    """Run notebooks with their default parameters, store the outputs in them, and bring their parameters up to date."""
    from woozle.report import store_outputs

    names = case or [
        *subject_names(),
        *map(str, filter(None, [*shared_notebooks("evidence.ipynb"), *assignment_notebooks()])),
    ]
    for name in names:
        paths = [Path(name)] if name.endswith(".ipynb") else notebooks_of(find_subject(name))
        for path in paths:
            if not path.is_file():
                raise WoozleError(f"There is no notebook '{name}'.")
            store_outputs(path.absolute(), progress=sys.stderr.isatty())
            out.print(escape(str(short(path))))


for group in (app, classroom.app, collection.group):
    group.info.cls = CommandGroup
    group.rich_markup_mode = "rich"
    for command in group.registered_commands:
        command.cls = Command


def main() -> None:
    """Run the command; a user's mistake ends in a sentence and exit code 1."""
    # What the tools below log of a run that was interrupted or failed is told in a sentence here.
    for name in ("asyncio", "papermill", "traitlets"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        app()
    except SystemExit as ending:
        if ending.code == INTERRUPTED:
            err.print("woozle: Interrupted. What was there before is unchanged.")
        raise
    except WoozleError as error:
        from woozle.text import visible

        err.print(f"[red]woozle:[/red] {escape(visible(str(error)))}")
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        said = f"{short(Path(error.filename))}: {error.strerror}." if isinstance(error.filename, str) else str(error)
        err.print(f"[red]woozle:[/red] {escape(said)}")
        sys.exit(1)
