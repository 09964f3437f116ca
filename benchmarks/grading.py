"""Time of grading one submission in the sandbox beside plain `nbgrader autograde` on the same notebooks, in pairs.

Both grade the same submissions, one after another, each from a new process to its gradebook. Cells of the guided part
are left out of the notebooks, since woozle does not run them when it grades. Run by hand:

    .venv/bin/python benchmarks/grading.py --pairs 3 --students 6
    .venv/bin/python benchmarks/grading.py --class 30      a whole class, all four assignments: seconds and memory
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from woozle.classroom.answers import with_answers
from woozle.classroom.assignments import Assignment, find_assignments
from woozle.classroom.course import open_course
from woozle.classroom.release import released_notebook

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


def prepare(home: Path, assignment: Assignment, students: int) -> None:
    """Write a roster, submissions with the model answers, and a course of nbgrader with the same ones."""
    names = [f"s{number:02}" for number in range(students)]
    (home / "roster.csv").write_text("id\n" + "\n".join(names) + "\n")
    course = open_course(home / "roster.csv", new_key=True)
    model = json.loads(json.dumps(with_answers(assignment)))
    model["cells"] = [cell for cell in model["cells"] if "guided" not in cell["metadata"].get("tags", [])]
    for cell in model["cells"]:
        cell |= {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {}
    source = home / "source" / assignment.name
    source.mkdir(parents=True)
    (source / f"{assignment.name}.ipynb").write_text(json.dumps(model))
    released = json.loads(json.dumps(released_notebook(assignment)))
    sums = {c["metadata"].get("nbgrader", {}).get("grade_id"): c["metadata"] for c in released["cells"]}
    for cell in model["cells"]:
        if name := cell["metadata"].get("nbgrader", {}).get("grade_id"):
            cell["metadata"] = sums[name]
    for name in names:
        folder = home / "submitted" / name / assignment.name
        folder.mkdir(parents=True)
        (folder / f"{assignment.name}.ipynb").write_text(json.dumps(model))
        assignment.personal(course.key, name).write(folder / "case")
    (home / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'course'\nc.ClearSolutions.enforce_metadata = False\n"
    )


def timed(command: list[object], home: Path) -> float:
    """Run a command and return its seconds."""
    start = time.perf_counter()
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        list(map(str, command)), cwd=home, capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode:
        sys.exit(f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.perf_counter() - start


def whole_class(students: int) -> None:
    """Print how long a class takes, all its assignments at once, and the most memory that all processes had."""
    assignments = find_assignments(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        names = [f"s{number:02}" for number in range(students)]
        (home / "roster.csv").write_text("id\n" + "\n".join(names) + "\n")
        open_course(home / "roster.csv", new_key=True)
        for assignment in assignments:
            text = json.dumps(with_answers(assignment))
            for name in names:
                place = home / "in" / name / f"{assignment.name}.ipynb"
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text)
        start, most = time.perf_counter(), 0
        command = [BIN / "woozle", "classroom", "grade", home / "in", "--roster", home / "roster.csv"]
        child = psutil.Popen(list(map(str, command)), cwd=ROOT, stdout=subprocess.PIPE, text=True)
        while child.poll() is None:
            with suppress(psutil.NoSuchProcess):
                family = [child, *child.children(recursive=True)]
                most = max(most, sum(one.memory_full_info().uss for one in family))
            time.sleep(0.2)
        took = time.perf_counter() - start
        print(child.stdout.read())
        print(f"{students} students, {len(assignments)} assignments: {took:.0f} s, {most / 1e6:.0f} MB at most")


def main() -> None:
    """Print the medians."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pairs", type=int, default=3)
    options.add_argument("--students", type=int, default=6)
    options.add_argument("--assignment", type=int, default=2)
    options.add_argument("--class", dest="whole", type=int, default=0)
    chosen = options.parse_args()
    if chosen.whole:
        whole_class(chosen.whole)
        return
    assignment = find_assignments(ROOT)[chosen.assignment - 1]
    rows: dict[str, list[float]] = {"nbgrader autograde": [], "woozle, one at once": [], "woozle, two at once": []}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        prepare(home, assignment, chosen.students)
        timed([BIN / "nbgrader", "generate_assignment", assignment.name, "--create"], home)
        one = Path(folder) / "one"
        (one / "case_studies" / "assignments").mkdir(parents=True)
        shutil.copytree(assignment.folder, one / "case_studies" / "assignments" / assignment.name)
        grade = [BIN / "woozle", "classroom", "grade", home / "submitted", "--roster", home / "roster.csv"]
        for _ in range(chosen.pairs):
            shutil.rmtree(home / "autograded", ignore_errors=True)
            seconds = timed([BIN / "nbgrader", "autograde", assignment.name, "--create", "--force"], home)
            rows["nbgrader autograde"].append(seconds / chosen.students)
            for jobs, name in ((1, "woozle, one at once"), (2, "woozle, two at once")):
                shutil.rmtree(home / "grades", ignore_errors=True)
                rows[name].append(timed([*grade, "-j", jobs], one) / chosen.students)
    base = rows["nbgrader autograde"]
    print(f"seconds a submission, {chosen.students} submissions, {chosen.pairs} pairs")
    for name, found in rows.items():
        ratios = [a / b for a, b in zip(found, base, strict=True)]
        told = f"{statistics.median(found):.2f} ({min(found):.2f} to {max(found):.2f})"
        print(f"{name:22} {told:24} ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
