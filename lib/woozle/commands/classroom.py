"""The commands of the classroom: release, grade, and the student's check of a set-up."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from woozle.console import err, out
from woozle.errors import WoozleError, did_you_mean, listed
from woozle.locate import short
from woozle.text import visible

app = typer.Typer(
    help="Assignments for a class: each student gets a case of their own; grading runs in a sandbox.",
    no_args_is_help=True,
)

Roster = Annotated[
    Path, typer.Option("--roster", metavar="FILE", help="CSV file with a column 'id'; 'name' and 'email' are optional.")
]


@app.command()
def release(
    roster: Roster = Path("class/roster.csv"),
    folder: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FOLDER", help="Output folder \\[default: 'release' beside the roster]."
        ),
    ] = None,
) -> None:
    """Write a zip file for each student: notebooks, a case of their own, the library, how to install.

    The model answers come with them, in a file that the key opens: woozle classroom answers.

    The cases come from a secret, made once beside the roster (course.key): keep it, and give it to nobody.
    """
    from woozle.classroom.answers import FILE as ANSWERS
    from woozle.classroom.answers import write_answers
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
    out.print(f"{escape(str(short(folder)))}: {_counted(len(written), 'zip file')}, one a student.")
    answered = [assignment for assignment in _assignments(home) if assignment.answers.exists()]
    packed = write_answers(answered, course.key, roster.with_name(ANSWERS))
    if lacking := [one.name for one in _assignments(home) if one.name not in {has.name for has in answered}]:
        err.print(f"There are no model answers for {_names(lacking)}. Write them into tests/classroom/answers/.")
    out.print(f"{escape(str(short(packed)))}: model answers, for teachers. Open it: {_opening(roster)}")


def _opening(roster: Path) -> str:
    """Return the command that opens the model answers beside a roster."""
    usual = roster == Path("class/roster.csv")
    return "woozle classroom answers" if usual else f"woozle classroom answers --key {roster.with_name('course.key')}"


@app.command()
def answers(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="What woozle classroom release wrote \\[default: beside the key]."),
    ] = None,
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="The key of the course.")] = Path(
        "class/course.key"
    ),
    folder: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FOLDER", help="Output folder \\[default: 'answers' beside the key]."),
    ] = None,
) -> None:
    """Open the model answers, for teachers: notebooks that run, each with a sample case.

    They are encrypted with the course key, so you can keep or send the file where students may see it.
    """
    from woozle.classroom.answers import FILE, open_answers
    from woozle.classroom.course import read_key

    folder = folder or key.with_name("answers")
    written = open_answers(file or key.with_name(FILE), read_key(key), folder)
    out.print(f"{escape(str(short(folder)))}: {_counted(len(written), 'notebook')} with model answers.")


@app.command()
def grade(
    submissions: Annotated[
        Path,
        typer.Argument(
            metavar="SUBMISSIONS",
            help="What was handed in: a folder, or the zip file that Moodle or Canvas gives. Names begin with the "
            "student's id, or are those of Moodle, Canvas or nbgrader.",
        ),
    ],
    roster: Roster = Path("class/roster.csv"),
    folder: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FOLDER", help="Output folder \\[default: 'grades' beside the roster]."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--assignment", metavar="NAME", help="Grade this assignment alone: its name or number; repeatable."
        ),
    ] = None,
    students: Annotated[
        list[str] | None,
        typer.Option("--student", metavar="ID", help="Run and grade this student again, and nobody else; repeatable."),
    ] = None,
    jobs: Annotated[
        int,
        typer.Option(
            "-j",
            "--jobs",
            min=0,
            max=64,
            metavar="NUMBER",
            help="How many to grade at once; 0: one per core, at most 8.",
        ),
    ] = 0,
    seconds: Annotated[
        float, typer.Option(min=5, metavar="SECONDS", help="Time limit for one notebook, in seconds.")
    ] = 180,
    memory: Annotated[int, typer.Option(min=300, metavar="MB", help="Memory limit for one notebook, in MB.")] = 1536,
    unsafe: Annotated[
        bool,
        typer.Option(
            "--unsafe",
            help="Run without a sandbox. Students' code can then do anything that you can; every score is marked.",
        ),
    ] = False,
) -> None:
    """Grade what was handed in: pages for students and teacher, grades.csv, files for Moodle, Canvas and nbgrader.

    Notebooks run in a sandbox that can't see your files; answers are compared outside. You can grade every week:
    earlier results are kept. If a student hands in twice, the last counts: by nbgrader's timestamp.txt if each has one,
    else by name (ada.zip, ada_2.zip). Late work is marked as late, but loses no points.

    You grade the texts yourself: open essays.html, click points, save, and grade again. You can change any points in
    overrides.csv; the student reads the reason that you give.
    """
    from woozle.classroom.book import Book
    from woozle.classroom.course import open_course
    from woozle.classroom.essays import CLICKED, read_marks, write_essays
    from woozle.classroom.essays import FILE as ESSAYS
    from woozle.classroom.grade import Grader
    from woozle.classroom.gradebook import FILE as GRADEBOOK
    from woozle.classroom.gradebook import write_gradebook
    from woozle.classroom.lms import CANVAS, MOODLE
    from woozle.classroom.overrides import FILE as OVERRIDES
    from woozle.classroom.overrides import read_overrides
    from woozle.classroom.results import FEEDBACK, OVERVIEW, TABLE, TEACHER, write_results
    from woozle.classroom.sandbox import Limits

    course, home = open_course(roster), _home()
    assignments = _assignments(home)
    folder = folder or roster.parent / "grades"
    chosen = [_named(name, assignments) for name in only or []]
    for student in students or []:
        if student not in course.students:
            raise WoozleError(f"There is no '{student}' in {roster}.{did_you_mean(student, course.students)}")
    rows, marks = read_marks(folder, assignments, course.students)
    limits = Limits(seconds=seconds, memory=memory << 20)
    with Grader(assignments, course, folder, limits, unsafe) as grader, _bar("Grading", len(course.students)) as tick:
        done = grader.grade(submissions, jobs, tick, chosen, students or ())
    folder.mkdir(parents=True, exist_ok=True)
    overrides = read_overrides(folder / OVERRIDES, assignments, course.students)
    changed = write_essays(folder / ESSAYS, done.graded, rows)
    if (folder / CLICKED).exists():  # it stands in the table now
        (folder / CLICKED).replace(folder / f"{CLICKED}.taken")
    book = Book(done.assignments, course, done.graded, marks, overrides, done.unread, done.strange)
    write_results(folder, book)
    write_gradebook(folder / GRADEBOOK, book)
    handed = [work for work in done.graded if work.run]
    files = [f"{FEEDBACK}/ (a page a student)", f"{TEACHER}/ (the same with right answers)", OVERVIEW, TABLE]
    files += [name for name in (MOODLE, CANVAS, GRADEBOOK) if (folder / name).exists()]
    out.print(
        f"{_counted(len(handed), 'notebook')} of {_counted(len({work.student for work in handed}), 'student')} graded. "
        f"In {escape(str(short(folder)))}: {', '.join(files)}."
    )
    if waiting := sum(book.standing(work).waits > 0 for work in handed):
        out.print(
            f"{_counted(waiting, 'text')} wait{'s' * (waiting == 1)} for you: open essays.html, click points, save "
            f"{CLICKED} beside it, and grade again. Until then the exports hold the other points alone."
        )
    if unknown := sorted({student for student, *_ in [*marks, *overrides] if student not in course.students}):
        err.print(f"Named in {ESSAYS} or {OVERRIDES} but not in the roster, so not counted: {_names(unknown)}.")
    for change in changed:
        err.print(_names([change]))
    for student in sorted(set(done.handed) - {work.student for work in handed}):
        err.print(f"{_names([student])} handed in something, but no notebook of an assignment is in it.")
    if unread := [f"{student}: {name} ({why})" for student, name, why in done.unread]:
        err.print(f"Not read: {_names(unread[:8])}{f' and {len(unread) - 8} more' if len(unread) > 8 else ''}.")
        err.print(f"The student's page names each file that was not read, {OVERVIEW} the first ten.")
    if done.strange:
        err.print(f"Not graded, because these names match nobody in the roster: {_names(done.strange[:20])}.")
    if unsafe:
        err.print("[red]Run without a sandbox[/red]: every score is marked.")


def _named(told: str, assignments) -> str:
    """Return the assignment that a name, a number or a title means."""
    for assignment in assignments:
        if told.casefold() in (
            assignment.name.casefold(),
            assignment.name.partition("_")[0],
            assignment.title.casefold(),
        ):
            return assignment.name
    names = [assignment.name for assignment in assignments]
    raise WoozleError(f"There is no assignment '{told}'.{did_you_mean(told, names)} There are {listed(names)}.")


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"


def _names(names: Iterable[str]) -> str:
    """Return names as they can be shown in a terminal: nothing in them moves its cursor or paints."""
    return escape(", ".join(" ".join(visible(name).split()) for name in names))


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
            else f"[green]ok[/green]       {escape(question)}"
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
