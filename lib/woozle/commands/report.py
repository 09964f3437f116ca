"""The commands about reports: build, sweep, check, look at, publish."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from woozle.console import err, out
from woozle.errors import ParameterError, WoozleError
from woozle.locate import find_subject, is_comparison, place_of, short, study_folder, subject_names

if TYPE_CHECKING:
    from woozle.report.batch import Outcome
    from woozle.report.run import Request

app = typer.Typer()

Name = Annotated[str, typer.Argument(metavar="CASE", help="Name of a case (see [b]woozle list[/b]) or its folder.")]
Names = Annotated[list[str] | None, typer.Argument(metavar="CASE", help="Cases \\[default: all that have a notebook].")]
Parameters = Annotated[
    list[str] | None,
    typer.Option("-p", "--parameter", metavar="NAME=VALUE", help="Set a parameter of the notebook; repeatable."),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="Use only what was published by this day or time; the same as -p as_of=DATE."
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "-j",
        "--jobs",
        min=1,
        max=64,
        metavar="NUMBER",
        help="How many reports to build at once, about 500 MB each \\[default: one per core].",
    ),
]
Pdf = Annotated[bool, typer.Option("--pdf", help="Also write a PDF next to the report (needs Chromium).")]
Force = Annotated[bool, typer.Option("--force", help="Rebuild the report even if nothing changed.")]


@app.command()
def report(
    case: Name,
    parameter: Parameters = None,
    as_of: AsOf = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FOLDER",
            help="Where to write; if not given, reports/CASE, or reports/CASE,NAME=VALUE. It becomes a link to the "
            "current version, which lies in .woozle beside it.",
        ),
    ] = None,
    pdf: Pdf = False,
    force: Force = False,
) -> None:
    """Build the report of a case: story, evidence, notebooks, charts, tables and manifest.

    The parameters are checked before anything runs: [b]woozle parameters CASE[/b] lists them. The old
    report stays in place until the new one is done. Nothing is built if the folder already holds a report from the same
    data, notebook, parameters, library and packages.

    Examples
    --------
      woozle report dprk_troops_2024

      woozle report dprk_troops_2024 --as-of 2024-06-26 -p time_zone=Asia/Seoul -o /some/folder
    """
    from woozle.report.run import Request, build_request

    if output is not None and (not str(output).strip("./") or output.name in ("", "..")):
        raise WoozleError("-o needs a folder of its own.")
    folder = output.absolute() if output else None
    request = Request(find_subject(place_of(case)), given_parameters(parameter, as_of), folder)
    page = build_request(request, progress=sys.stderr.isatty(), force=force)
    if folder is None:
        _front(request.reports)
    _tell_unfinished([request])
    out.print(escape(str(short(page))))
    if pdf:
        _print_pdf(page)


@app.command()
def reports(
    case: Names = None,
    parameter: Parameters = None,
    as_of: AsOf = None,
    jobs: Jobs = None,
    pdf: Pdf = False,
    force: Force = False,
) -> None:
    """Build the reports of several cases, and the front page over them.

    Only what changed is built. A report that fails does not take the others down: it is named at the end, and the
    exit code is 1.

    Examples
    --------
      woozle reports

      woozle reports dprk_troops_2024 jang_dogs_2013 --as-of 2024-06-26 --jobs 2
    """
    from woozle.report.batch import build_all
    from woozle.report.run import Request

    given = given_parameters(parameter, as_of)
    names = case or _reported(given)
    if not names:
        raise WoozleError("No case that has a study: a case needs case_studies/<case>/case.yaml to have a report.")
    requests = [Request(find_subject(place_of(name)), given) for name in dict.fromkeys(names)]
    with _Bar(len(requests), "reports") as bar:
        outcomes = build_all(requests, jobs, bar.step, force)
    for outcome in outcomes:
        if outcome.page:
            out.print(escape(str(short(outcome.page))))
            if pdf:
                _print_pdf(outcome.page)
    for place in dict.fromkeys(request.reports for request in requests):
        if place.is_dir():
            _front(place)
    _tell_unfinished(outcome.request for outcome in outcomes if outcome.page)
    _end_with_failures([(outcome.request.subject.name, outcome) for outcome in outcomes])


@app.command()
def sweep(
    case: Name,
    over: Annotated[
        list[str],
        typer.Option(
            "--over", metavar="NAME=VALUES", help="A parameter and its values; repeatable. See the examples above."
        ),
    ],
    parameter: Parameters = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FOLDER", help="Output folder \\[default: reports/CASE,sweep]."),
    ] = None,
    jobs: Jobs = None,
) -> None:
    """Build a report for each combination of parameters, and an index that compares them.

    Values are a list (all,carrying), days (2024-06-21..2024-06-30) or numbers with a step (0.1..0.5/0.1). If one
    combination fails, the others are still built; failures are listed at the end, and the exit code is 1. If you stop
    and start again, only the missing reports are built.

    Examples
    --------
      woozle sweep dprk_troops_2024 --over as_of=2024-06-21..2024-06-30 --over hops=all,carrying
    """
    from woozle.report.sweep import grid
    from woozle.report.sweep import sweep as run

    values = grid(over)
    count = 1
    for of_one in values.values():
        count *= len(of_one)
    fixed = given_parameters(parameter, None)
    if twice := set(fixed) & set(values):
        raise ParameterError(f"{', '.join(sorted(twice))}: given by --over and by -p.")
    with _Bar(count, "reports") as bar:
        index, outcomes = run(
            find_subject(place_of(case)), values, output.absolute() if output else None, jobs, bar.step, fixed
        )
    built = sum(outcome.built for outcome in outcomes)
    there = sum(bool(outcome.page) for outcome in outcomes) - built
    if built or there:
        out.print(f"{escape(str(short(index)))}: {built} built, {there} stood there already")
    named = [(outcome.request.folder.name, outcome) for outcome in outcomes if outcome.request.folder]
    _end_with_failures(named)


@app.command()
def verify(
    path: Annotated[Path, typer.Argument(metavar="FOLDER|FILE", help="A report folder, or one file of it.")],
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Rebuild it from the same inputs and compare every file.")
    ] = False,
) -> None:
    """Check whether a report is unchanged since it was built, and name each file that changed.

    It finds any changed, missing or added file, the manifest too. But this is not a signature: someone who changes a
    report on purpose can write a new manifest. So compare the printed SHA-256 with one that was published elsewhere. Or
    use [b]--rebuild[/b] in a checkout that holds the case: the same inputs must give the same bytes. If the inputs
    differ, it says "another report". It also says which data changed since their release. Exit code 0: unchanged, or
    rebuilt and equal; 1: anything else.
    """
    from woozle.report.verification import verify as check

    verdict = check(path, rebuild)
    state = f"[green]{verdict.state}[/green]" if verdict.is_good else f"[red]{verdict.state}[/red]"
    out.print(f"{escape(str(path))}: {state}")
    for line in (*verdict.details, *verdict.data):
        out.print(f"  {escape(line)}")
    if verdict.sha256:
        out.print(f"  sha256 of the manifest: {verdict.sha256}")
    if not verdict.is_good:
        raise typer.Exit(1)


@app.command()
def serve(
    case: Names = None,
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="PORT", help="Port; 0 picks a free one.")] = 8000,
    watch: Annotated[bool, typer.Option(help="Rebuild when data or notebooks change.")] = True,
) -> None:
    """Show the reports in a browser on this machine, and rebuild them when something changes.

    Only this machine can open it. Stop with Ctrl-C.
    """
    from woozle.report.serve import serve as run

    run([find_subject(place_of(name)) for name in case or subject_names()], port, watch)


@app.command()
def publish(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Output folder; it must be new or empty.")],
    case: Names = None,
    parameter: Parameters = None,
    as_of: AsOf = None,
) -> None:
    """Write the reports and the front page into a plain folder for any static host.

    What is out of date is built first, and each report is checked against its manifest. Instead of
    a case, you can name the folder of a report that was built with other parameters. Nothing is published while one of
    the case studies still has texts to write.

    Examples
    --------
      woozle publish site

      woozle publish site dprk_troops_2024 reports/dprk_troops_2024,as_of=2024-06-26
    """
    from woozle.report.publish import publish as run

    given = given_parameters(parameter, as_of)
    count = run([_request(name, given) for name in case or _reported(given)], folder)
    out.print(f"{escape(str(short(folder)))}: {count} report{'s' * (count != 1)}")


def given_parameters(parameter: Sequence[str] | None, as_of: str | None) -> dict[str, Any]:
    """Return the parameters of a command line."""
    from woozle.report.parameters import read_assignments

    given: dict[str, Any] = dict(read_assignments(parameter or []))
    if as_of is not None and given.setdefault("as_of", as_of) != as_of:
        raise ParameterError("as_of is given twice, by --as-of and by -p.")
    return given


def _reported(given: Mapping[str, Any]) -> list[str]:
    """Return the names of all that have a report; with parameters only cases, for a comparison has others."""
    return [name for name in subject_names() if not given or not is_comparison(find_subject(name))]


def _request(name: str, given: Mapping[str, Any]) -> Request:
    """Return the report that is named by its case, or by the folder of one that was built before."""
    from woozle.report.manifest import read_manifest
    from woozle.report.run import Request

    manifest = read_manifest(Path(name)) if Path(name).is_dir() else None
    if manifest is None:
        return Request(find_subject(place_of(name)), given)
    return Request(find_subject(manifest["case"]), manifest["parameters"] | given)


def _tell_unfinished(requests: Iterable[Request]) -> None:
    """Say what is still to be written in the case studies of reports."""
    from woozle.notebook.unfinished import TO_WRITE, unfinished

    for subject in dict.fromkeys(request.subject for request in requests):
        left = unfinished(study_folder(subject))
        places = Counter(sentence.partition(",")[0] for sentence in left if TO_WRITE in sentence)
        if places:
            told = ", ".join(f"{escape(path)} ({count}×)" for path, count in places.items())
            err.print(f"Still to be written by you (look for “{TO_WRITE}”): {told}.")
        for sentence in left:
            if TO_WRITE not in sentence:
                err.print(f"[yellow]to mend:[/yellow] {escape(sentence)}")


def _front(reports: Path) -> None:
    from woozle.report.front import write_front_if_changed

    write_front_if_changed(reports)


def _print_pdf(page: Path) -> None:
    from woozle.page.pdf import print_pdf

    out.print(escape(str(short(print_pdf(page)))))


def _end_with_failures(outcomes: Sequence[tuple[str, Outcome]]) -> None:
    """Name what failed and why, and exit with 1; nothing where all went well."""
    failed = [(name, outcome.error) for name, outcome in outcomes if outcome.error]
    if not failed:
        return
    from woozle.text import visible

    same: dict[str, list[str]] = {}
    for name, error in failed:
        same.setdefault(str(error), []).append(name)
    for reason, names in same.items():
        err.print(f"[red]woozle:[/red] {escape('; '.join(names))}: {escape(visible(reason))}")
    if len(outcomes) > 1:
        rest = "the others are done" if len(failed) < len(outcomes) else "nothing was built"
        err.print(f"[red]woozle:[/red] {len(failed)} of {len(outcomes)} failed; {rest}.")
    raise typer.Exit(1)


class _Bar:
    """One progress bar over all reports, on a terminal; elsewhere nothing."""

    def __init__(self, total: int, unit: str):
        self._total, self._unit, self._bar = total, unit, None

    def __enter__(self) -> _Bar:
        if err.is_terminal:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
            self._bar = Progress(*columns, console=err, transient=True)
            self._bar.start()
            self._task = self._bar.add_task(self._unit, total=self._total)
        return self

    def step(self, outcome: Outcome) -> None:
        if self._bar:
            self._bar.advance(self._task)

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()
