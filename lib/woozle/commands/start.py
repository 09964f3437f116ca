"""The commands that begin a case: woozle new, init, describe."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from woozle.commands.report import Names
from woozle.console import err, out
from woozle.errors import WoozleError
from woozle.locate import find_folder, place_of, short, study_folder

app = typer.Typer()


@app.command()
def new(
    case: Annotated[
        str, typer.Argument(metavar="NAME", help="A new name (letters, digits, _, - and .), or a case that has data.")
    ],
    title: Annotated[str | None, typer.Option("--title", metavar="TEXT", help="Title of the case.")] = None,
    claim: Annotated[str | None, typer.Option("--claim", metavar="TEXT", help="The claim, in one sentence.")] = None,
    actor: Annotated[
        str | None,
        typer.Option("--actor", metavar="TEXT", help="Whose act the claim is about; empty if it is about no act."),
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="CODE", help="Language of the case, such as en.")
    ] = None,
    time_zone: Annotated[
        str | None,
        typer.Option(
            "--time-zone",
            metavar="ZONE",
            help="Time zone for all days, such as Europe/Kyiv; empty means each outlet's own.",
        ),
    ] = None,
) -> None:
    """Start a case: an empty data package, a story notebook, a workbench and case.yaml.

    If the case has data already, only the study is written. You are asked for what you don't give as an option. Replace
    the texts that begin with "To write:". Nothing is overwritten.

    Examples
    --------
      woozle new my_rumour

      woozle new my_rumour --title "The bridge" --claim "The bridge fell." --actor "" --language en --time-zone ""
    """
    from woozle.model.opening import open_case
    from woozle.report.scaffold import new_study

    try:
        found = find_folder(place_of(case))
    except WoozleError:
        found = None
    if found is None:
        _tell_next(start_case(case, title, claim, actor, language, time_zone))
        return
    if study_folder(found).exists():
        raise WoozleError(f"There is a case '{found.name}' with a study already; nothing is written.")
    folder = new_study(open_case(found))
    out.print(
        f"{escape(str(short(folder)))}: case.yaml, case_study.ipynb and explore.ipynb. Fill in what begins with "
        f"“To write:”, then [b]woozle report {escape(folder.name)}[/b]."
    )


@app.command(hidden=True)
def init(name: Annotated[str, typer.Argument(metavar="NAME")] = "my_rumour") -> None:
    """Lead to the command that starts a case."""
    raise WoozleError(f"A case is started by: woozle new {name}")


def start_case(
    name: str,
    title: str | None = None,
    claim: str | None = None,
    actor: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
) -> Path:
    """Write the package of a case, after asking on a terminal for what is not given, and return its folder."""
    from woozle.report.scaffold import check_language, check_zone, new_case

    asked = sys.stdin.isatty()

    def answer(
        given: str | None, question: str, usual: str | None, check: Callable[[str], object] = lambda told: None
    ) -> str:
        """Ask until what is answered can be used: what was answered before is not lost."""
        if given is not None or not asked:
            return usual or "" if given is None else given
        while True:
            told = typer.prompt(question, default=usual)
            try:
                check(told)
            except WoozleError as error:
                err.print(f"[red]{escape(str(error))}[/red]")
            else:
                return told

    words = {
        "title": answer(title, "What do people call it (title)", name.replace("_", " ")),
        "claim": answer(claim, "What is claimed, in a sentence", None if asked else "To write: the claim."),
        "actor": answer(actor, "Whose act is it about (empty: nobody’s)", ""),
        "language": answer(language, "In which language are your wordings", "en", check_language),
        "time_zone": answer(time_zone, "Time zone for all days (empty: that of each outlet)", "", check_zone),
    }
    return new_case(name, **words)


def _tell_next(folder: Path) -> None:
    data, study = (escape(str(short(place))) for place in (folder, study_folder(folder)))
    out.print(
        f"{data} and {study} are there. Write outlets into outlets.csv, documents into "
        "documents.csv, and who relies on whom into citations.csv; in each a line that begins with # "
        f"shows how. Then [b]woozle check {escape(folder.name)}[/b] and [b]woozle report {escape(folder.name)}[/b]. "
        "Nothing needs to be coded for a first report."
    )


@app.command()
def describe(cases: Names = None) -> None:
    """Update datapackage.json and CODEBOOK.md of cases, from the terms that they declare.

    Run it after a change of vocabularies, slots or log. What is missing gets a plain value, and is listed.
    """
    from woozle.locate import case_names
    from woozle.package.codebook import describe as bring

    for name in cases or case_names():
        folder = find_folder(place_of(name))
        missing = bring(folder)
        filled = f"; filled with plain values: {', '.join(missing)}" if missing else ""
        out.print(f"{escape(str(short(folder)))}: datapackage.json and CODEBOOK.md are written{escape(filled)}.")
