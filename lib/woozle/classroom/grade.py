"""Grade what was handed in: run it in the sandbox, compare outside, keep what was done."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from woozle.classroom import sandbox
from woozle.classroom.assignments import Assignment
from woozle.classroom.course import Course
from woozle.classroom.entries import find_entries
from woozle.classroom.library import write_library
from woozle.classroom.release import released_notebook
from woozle.classroom.runs import RUNS, Graded, Run, as_note, keep_run, kept_run, no_scores, read_run
from woozle.classroom.sandbox import HOME, Limits
from woozle.classroom.scoring import score
from woozle.classroom.submissions import Handed, HandedIn, Wanted, read_submission
from woozle.classroom.work import Work, is_blank, read_work
from woozle.errors import WoozleError
from woozle.report.inputs import hash_code
from woozle.text import visible

CELL_SECONDS = 60
_INSIDE = Path(__file__).with_name("sandbox_worker.py")


@dataclass(frozen=True)
class Grading:
    """The result of a grading.

    Attributes
    ----------
    graded : list of Graded
        One entry for each student and assignment, earlier gradings included.
    assignments : list of Assignment
        The assignments that anybody handed in, and those that `only` names.
    strange : list of str
        The names of files and folders that match no student.
    unread : list of tuple
        Student, file, and why it was not read.
    handed : list of str
        The ids of the students who handed in anything.
    """

    graded: list[Graded]
    assignments: list[Assignment]
    strange: list[str]
    unread: list[tuple[str, str, str]]
    handed: list[str]


class Grader:
    """Grades submissions of a course.

    Parameters
    ----------
    assignments
        What was given out.
    course
        To whom.
    out
        The folder of results; runs that stand there are not run again.
    limits
        Of one submission.
    unsafe
        Run without a sandbox.

    Raises
    ------
    SandboxError
        There is no sandbox here, and `unsafe` was not said.
    """

    def __init__(
        self,
        assignments: Sequence[Assignment],
        course: Course,
        out: Path,
        limits: Limits = Limits(),  # noqa: B008  frozen
        unsafe: bool = False,
        cell_seconds: float = CELL_SECONDS,
    ):
        if not unsafe and (why := sandbox.why_not()):
            raise sandbox.SandboxError(
                f"{why} To grade without a sandbox, at your own risk, add --unsafe; every score is then marked."
            )
        self.assignments, self.course, self.out = assignments, course, out
        self.limits, self.unsafe, self.cell_seconds = limits, unsafe, cell_seconds
        self._interrupted = False
        self._one_at_a_time = threading.Lock()
        self._scratch = tempfile.TemporaryDirectory(prefix="woozle-grading-")
        os.chmod(self._scratch.name, 0o700)
        self._released = {assignment.name: dict(released_notebook(assignment)) for assignment in assignments}
        self._libraries = {assignment.name: self._library(assignment) for assignment in assignments}

    def __enter__(self) -> Grader:
        return self

    def __exit__(self, *facts: object) -> None:
        self._scratch.cleanup()

    def _library(self, assignment: Assignment) -> Path:
        folder = Path(self._scratch.name) / "libraries" / assignment.name
        write_library(folder, assignment.withheld)
        return folder

    def grade(
        self,
        submissions: Path,
        jobs: int = 0,
        tick: Callable[[str], None] = lambda told: None,
        only: Collection[str] = (),
        students: Collection[str] = (),
    ) -> Grading:
        """Grade what was handed in; what was graded before and is not in it is kept.

        Parameters
        ----------
        submissions
            A folder, or the zip file of a platform.
        jobs
            How many at once; 0: as many as there are cores, at most eight.
        tick
            Called with each student that is done.
        only
            The names of assignments: others are left as they are.
        students
            The ids of those who are graded again, and run again: others are left as they are.

        Raises
        ------
        WoozleError
            There is nothing, or nothing that belongs to anybody: nothing is written then.
        """
        if not submissions.exists():
            raise WoozleError(f"There is no folder and no zip file {submissions} with what was handed in.")
        if submissions.is_file() and not zipfile.is_zipfile(submissions):
            raise WoozleError(f"{submissions} is no zip file. Give the folder or the zip file with what was handed in.")
        entries, strange = find_entries(submissions, self.course.students)
        if not entries:
            raise WoozleError(self._nobody(submissions, strange))
        chosen = [assignment for assignment in self.assignments if not only or assignment.name in only]
        wanted = [
            Wanted(one.name, one.title, tuple(item.name for item in one.items if item.kind != "essay"))
            for one in self.assignments
        ]
        asked = [student for student in self.course.students if not students or student in students]
        workers = jobs or min(os.cpu_count() or 1, 8)

        def read(student: str) -> HandedIn:
            own = entries.get(student, [])
            return read_submission(own, wanted) if own else HandedIn()

        def one(student: str) -> list[Graded]:
            done = []
            for assignment in self.assignments:
                own = handed_in[student].notebooks if student in handed_in else {}
                handed = own.get(assignment.name) if assignment in chosen else None
                try:
                    done.append(self._one(student, assignment, handed, handed_in, students))
                except WoozleError:
                    raise
                except Exception as error:  # whatever one hands in, the others are graded
                    done.append(self._failed(student, assignment, error))
            tick(student)
            return done

        with ThreadPoolExecutor(workers) as pool:
            try:
                handed_in = dict(zip(asked, pool.map(read, asked), strict=True))
                asked_for = {one.name for one in chosen}
                found = [
                    one for handed in handed_in.values() for name, one in handed.notebooks.items() if name in asked_for
                ]
                if not any(one.notebook is not None for one in found):
                    raise WoozleError(self._no_notebook(submissions, handed_in, chosen))
                graded = [work for works in pool.map(one, self.course.students) for work in works]
            except BaseException:
                self._interrupted = True  # what is stopped now did not end by itself: it is run again
                pool.shutdown(wait=False, cancel_futures=True)
                sandbox.stop_all()
                raise
        unread = [(who, name, why) for who, handed in handed_in.items() for name, why in handed.unread]
        due = {work.assignment.name for work in graded if work.run} | set(only)
        kept = [work for work in graded if work.assignment.name in due]
        return Grading(kept, [one for one in self.assignments if one.name in due], strange, unread, list(entries))

    def _nobody(self, submissions: Path, strange: Sequence[str]) -> str:
        names = list(self.course.students)
        found = ", ".join(visible(name) for name in strange[:8]) or "nothing at all"
        more = f" and {len(strange) - 8} more" if len(strange) > 8 else ""
        return (
            f"No name in {submissions} matches anybody in the roster: nothing was graded, nothing was written. "
            f"It holds: {found}{more}. We looked for names that begin with an id ({', '.join(names[:5])}"
            f"{', …' if len(names) > 5 else ''}), and for the names that Moodle, Canvas and nbgrader give."
        )

    def _no_notebook(self, submissions: Path, handed_in: Mapping[str, HandedIn], chosen: Sequence[Assignment]) -> str:
        unread = [f"{who}: {name} ({why})" for who, handed in handed_in.items() for name, why in handed.unread]
        this, titles = ("an", "their titles") if len(chosen) > 1 else ("this", "its title")
        return (
            f"No notebook of {this} assignment is in {submissions}, so nothing was graded and nothing was written. "
            f"We looked for {', '.join(f'{one.name}.ipynb' for one in chosen)}, and for notebooks with {titles}."
            + (f" Not read: {'; '.join(unread[:8])}." if unread else "")
        )

    def _failed(self, student: str, assignment: Assignment, error: Exception) -> Graded:
        """Return an assignment that could not be graded: no points, and a note."""
        run = Run(notes=[f"It could not be graded ({type(error).__name__})."], unsafe=self.unsafe)
        return Graded(student, assignment, run, no_scores(assignment))

    def _one(
        self,
        student: str,
        assignment: Assignment,
        handed: Handed | None,
        handed_in: Mapping[str, HandedIn],
        again: Collection[str],
    ) -> Graded:
        """Grade what a student handed in for one assignment, or return what was graded before."""
        if handed and handed.notebook is not None and is_blank(handed.notebook, self._released[assignment.name]):
            handed_in[student].unread.append((f"{assignment.name}.ipynb", "no answer is written in it"))
            handed = None
        path = self.out / RUNS / student / f"{assignment.name}.json"
        kept = kept_run(path)
        if handed is None or handed.notebook is None:  # what can't be read takes nothing away, and makes nothing due
            return self._scored(student, assignment, *kept)
        due = self.course.due.get(assignment.name)
        late = (handed.when > due if due and handed.when else None) or (True if handed.late else None)
        if due and handed.when and not late:
            late = False
        facts = {"late": late, "together": list(handed.together), "case": student}
        tries = [
            self._scored(
                student,
                assignment,
                self._run(owner, student, assignment, handed, student in again),
                facts | {"case": owner},
            )
            for owner in (handed.together or (student,))
        ]
        best = max(tries, key=lambda work: work.points)
        if len(tries) > 1 and best.run:
            said = f"Handed in by {', '.join(handed.together)} together, with the case of {best.case}."
            best.run.notes = list(dict.fromkeys([said, *best.run.notes]))  # a kept run has said it before
        if best.run and best.run.settled and not self._interrupted:
            keep_run(path, best)
        return best

    def _scored(self, student: str, assignment: Assignment, run: Run | None, facts: Mapping[str, Any]) -> Graded:
        """Return the scores of a run; without one nothing was handed in."""
        if run is None:
            return Graded(student, assignment, scores=no_scores(assignment))
        owner = facts.get("case") or student
        problem = assignment.personal(self.course.key, owner)
        graded = Graded(student, assignment, run, {}, facts.get("late"), owner, tuple(facts.get("together", ())))
        for item in assignment.items:
            if item.kind != "essay":
                value = run.values.get(item.name)
                mistakes = problem.mistakes.get(item.name, ())
                graded.scores[item.name] = score(item, value, problem.answers[item.name], mistakes)
        return graded

    def _run(self, owner: str, student: str, assignment: Assignment, handed: Handed, again: bool) -> Run:
        """Return what a notebook came to: from an earlier run of the same notebook, or now."""
        data = handed.notebook or b""
        key = self._key(owner, assignment, data)
        before, _ = kept_run(self.out / RUNS / student / f"{assignment.name}.json")
        run = before if before and before.key == key and not again else None
        if run is None:
            run = self._run_now(owner, assignment, data)
            run.key = key
            run.notes = [*map(as_note, handed.notes), *run.notes]
        return run

    def _key(self, student: str, assignment: Assignment, notebook: bytes) -> str:
        digest = hashlib.sha256()
        case = hashlib.sha256(self.course.key + student.encode()).hexdigest()
        settings = [
            asdict(self.limits),
            self.cell_seconds,
            self.unsafe,
            assignment.name,
            sorted(assignment.withheld),
            case,
        ]
        released = json.dumps(self._released[assignment.name], sort_keys=True)
        for part in (notebook, json.dumps(settings).encode(), released.encode(), json.dumps(hash_code()).encode()):
            digest.update(hashlib.sha256(part).digest())
        return digest.hexdigest()

    def _run_now(self, student: str, assignment: Assignment, notebook: bytes) -> Run:
        essays = [item.name for item in assignment.items if item.kind == "essay"]
        code = [item.name for item in assignment.items if item.kind != "essay"]
        try:
            work = read_work(notebook, self._released[assignment.name], code, essays)
        except ValueError as error:
            return Run(notes=[f"The notebook can't be graded: {error}."], unsafe=self.unsafe)
        ending = self._in_sandbox(student, assignment, work)
        if ending.stopped == sandbox.LOW_MEMORY:  # by this notebook or by one beside it: once more, one at a time
            with self._one_at_a_time:
                ending = self._in_sandbox(student, assignment, work)
        return read_run(ending, code, work, self.unsafe)

    def _in_sandbox(self, student: str, assignment: Assignment, work: Work) -> sandbox.Ending:
        with tempfile.TemporaryDirectory(dir=self._scratch.name) as own:
            folder = Path(own)
            assignment.personal(self.course.key, student).write(folder / "class" / "case")
            job = {
                "cells": work.cells,
                "answers": {str(number): names for number, names in work.answers.items()},
                "names": [item.name for item in assignment.items if item.kind != "essay"],
                "cell_seconds": self.cell_seconds,
                "bounded": not self.unsafe,
                **{name: getattr(self.limits, name) for name in ("processes", "memory", "disk")},
            }
            (folder / "job.json").write_text(json.dumps(job), "utf-8")
            variables = {
                "OMP_NUM_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONHASHSEED": "0",
                "IPYTHONDIR": "/tmp/.ipython",
            }
            if self.unsafe:
                variables |= {"PYTHONPATH": str(self._libraries[assignment.name]), "HOME": own}
                argv = [sys.executable, str(_INSIDE), str(folder / "job.json")]
                return sandbox.run(argv, {}, self.limits, variables, str(folder / "class"), unsafe=True)
            binds = {
                "/grader/inside.py": _INSIDE,
                "/grader/job.json": folder / "job.json",
                "/grader/library": self._libraries[assignment.name],
                f"{HOME}/case": folder / "class" / "case",
            }
            variables["PYTHONPATH"] = f"/grader/library:{sandbox.PACKAGES}"
            argv = [*sandbox.python(), "/grader/inside.py", "/grader/job.json"]
            return sandbox.run(argv, binds, self.limits, variables)
