"""The commands of the classroom: release, grade, and the student's check of a set-up."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from woozle.console import err, out, short
from woozle.errors import WoozleError

app = typer.Typer(
    help="Assignments for a class: each student gets a case of their own; grading runs in a sandbox.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

Roster = Annotated[Path, typer.Option("--roster", help="CSV file with a column 'id'; 'name' and 'email' are optional.")]


@app.command()
def release(
    roster: Roster = Path("class/roster.csv"),
    folder: Annotated[
        Path | None, typer.Option("--out", help="Output folder [default: 'release' beside the roster].")
    ] = None,
) -> None:
    """Write a zip file for each student: notebooks, a case of their own, the library, how to install.

    The cases come from a secret, made once beside the roster (course.key): keep it, and give it to nobody.
    """
    from woozle.classroom.course import KEY, RELEASED, fingerprint, open_course
    from woozle.classroom.release import release as write

    new = not roster.with_name(KEY).exists()
    course = open_course(roster, new_key=True)
    if new:
        err.print(f"Made the course key {escape(str(short(roster.with_name(KEY))))}. Keep it, and do not share it.")
    home = _home()
    folder = folder or roster.parent / "release"
    with _bar("Writing", len(course.students)) as tick:
        written = write(home, _assignments(home), course, folder, tick)
    roster.with_name(RELEASED).write_text(fingerprint(course.key) + "\n", "utf-8")
    out.print(f"{escape(str(short(folder)))}: {len(written)} zip files, one a student.")


@app.command()
def grade(
    submissions: Annotated[
        Path, typer.Argument(help="Folder with the submissions: zip files or folders, named by student id.")
    ],
    roster: Roster = Path("class/roster.csv"),
    folder: Annotated[
        Path | None, typer.Option("--out", help="Output folder [default: 'grades' beside the roster].")
    ] = None,
    jobs: Annotated[
        int, typer.Option("-j", "--jobs", min=0, max=64, help="How many to grade at once; 0 means one per core.")
    ] = 0,
    seconds: Annotated[float, typer.Option(min=5, help="Time limit for one notebook, in seconds.")] = 180,
    memory: Annotated[int, typer.Option(min=300, help="Memory limit for one notebook, in MB.")] = 1536,
    unsafe: Annotated[
        bool,
        typer.Option(
            "--unsafe",
            help="Run without a sandbox. Students' code can then do anything that you can; every score is marked.",
        ),
    ] = False,
) -> None:
    """Grade the submissions: feedback pages, a class page, grades.csv and nbgrader's gradebook.

    Notebooks run in a sandbox that sees nothing of this machine; answers are compared outside. What was run before is
    not run again: stopped, it goes on where it was. Handed in twice, the last counts (by the order of names, ada.zip,
    ada_2.zip, or by nbgrader's timestamp.txt where each has one); late is said and costs nothing.

    Texts are graded by you: read essays.html, fill in essays.csv, grade again.
    """
    from woozle.classroom.course import open_course
    from woozle.classroom.essays import FILE as ESSAYS
    from woozle.classroom.essays import read_marks, write_essays
    from woozle.classroom.grade import Grader
    from woozle.classroom.gradebook import FILE as GRADEBOOK
    from woozle.classroom.gradebook import write_gradebook
    from woozle.classroom.results import FEEDBACK, OVERVIEW, TABLE, points_of, write_results
    from woozle.classroom.sandbox import Limits

    course, home = open_course(roster), _home()
    assignments = _assignments(home)
    folder = folder or roster.parent / "grades"
    folder.mkdir(parents=True, exist_ok=True)
    rows, marks = read_marks(folder / ESSAYS, assignments, course.students)
    limits = Limits(seconds=seconds, memory=memory << 20)
    total = len(course.students) * len(assignments)
    with Grader(assignments, course, folder, limits, unsafe) as grader, _bar("Grading", total) as tick:
        graded, strange = grader.grade(submissions, jobs, tick)
    changed = write_essays(folder / ESSAYS, graded, rows)
    write_results(folder, assignments, course, graded, marks)
    write_gradebook(folder / GRADEBOOK, assignments, course, graded, marks)
    handed = [work for work in graded if work.run]
    out.print(
        f"{len(handed)} notebooks of {len({work.student for work in handed})} students graded. "
        f"In {escape(str(short(folder)))}: {FEEDBACK}/ (a page a student), {OVERVIEW}, {TABLE}, {GRADEBOOK}."
    )
    if waiting := sum(points_of(work, marks)[1] for work in handed):
        out.print(f"{waiting} texts wait for you: read essays.html, fill in {ESSAYS}, and grade again.")
    if unknown := sorted({student for student, *_ in marks if student not in course.students}):
        err.print(
            f"Named in {ESSAYS} but not in the roster, so their points are not counted: {escape(', '.join(unknown))}."
        )
    for change in changed:
        err.print(f"Changed after you graded it; your points are kept: {escape(change)}.")
    idle = sorted(set(grader.entries) - {work.student for work in handed})
    for student in idle:
        err.print(f"{escape(student)} handed in something, but no notebook of an assignment is in it.")
    if strange:
        err.print(f"Not graded, for nobody in the roster has this name: {escape(', '.join(strange[:20]))}.")
    if unsafe:
        err.print("[red]Run without a sandbox[/red]: every score is marked.")


@app.command()
def doctor(folder: Annotated[Path, typer.Argument(help="Folder with the assignments.")] = Path()) -> None:
    """Check this set-up: Python, packages, the notebook kernel, and the cases in this folder."""
    from woozle.classroom.doctor import problems

    is_faulty = False
    for question, fault in problems(folder):
        is_faulty = is_faulty or bool(fault)
        out.print(
            f"[red]not yet[/red]  {escape(question)}: {escape(fault)}"
            if fault
            else f"[green]well[/green]     {escape(question)}"
        )
    if is_faulty:
        raise WoozleError("This set-up is incomplete: see START.txt, or ask your teacher and show these lines.")
    out.print("Everything works. Next: jupyter lab")


def _home() -> Path:
    """Return the checkout that one is in."""
    here = Path.cwd()
    found = next((home for home in (here, *here.parents) if (home / "case_studies" / "assignments").is_dir()), None)
    if not found:
        raise WoozleError(f"There are no assignments in {here} or above it: go to your checkout of woozle.")
    return found


def _assignments(home: Path):
    from woozle.classroom.assignments import find_assignments

    return find_assignments(home)


def _bar(words: str, total: int):
    """Return a context in which each call of what it yields moves a progress bar on standard error."""
    import contextlib

    @contextlib.contextmanager
    def bar():
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (
            TextColumn(words),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[last]}", markup=False),
        )
        with Progress(*columns, console=err, disable=not sys.stderr.isatty()) as progress:
            task = progress.add_task(words, total=total, last="")
            yield lambda name: progress.update(task, advance=1, last=name)

    return bar()
