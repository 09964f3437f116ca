"""Are the made-up cases of a class all different, all alike hard, and can each be solved? Over many students.

For each assignment: how many cases, graphs (without names) and answers differ, whether the difficulty is one and the
same, how the answers are spread, and on how many cases the model answer gets all points. Run by hand:

    .venv/bin/python benchmarks/difficulty.py --students 1000
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import tempfile
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from woozle.classroom.assignments import Assignment, find_assignments
from woozle.classroom.scoring import score

ROOT = Path(__file__).parents[1]
KEY = b"the key of a benchmark"


def model_code(assignment: Assignment) -> str:
    """Return the model answers of a notebook with what they need, as one program."""
    cells = json.loads(assignment.notebook.read_text("utf-8"))["cells"]
    code = []
    for cell in cells:
        facts, tags = cell["metadata"].get("nbgrader", {}), cell["metadata"].get("tags", [])
        if cell["cell_type"] == "code" and facts and "guided" not in tags:
            code.append("".join(cell["source"]))
    return "\n\n".join(code)


def graph_of(problem) -> str:
    """Return a hash of the graph of a case without its names."""
    import networkx as nx

    warnings.simplefilter("ignore", UserWarning)  # on hashes of earlier versions of networkx
    graph = nx.DiGraph((row["cited"], row["citing"]) for row in problem.rumour.tables["citations"])
    return nx.weisfeiler_lehman_graph_hash(graph, iterations=4)


def one(assignment: Assignment, code: str, student: str) -> dict[str, object]:
    """Return what is to be counted of one student's case."""
    problem = assignment.personal(KEY, student)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        problem.write(Path("case"))
        names: dict[str, object] = {}
        with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing):
            exec(code, names)
    points = 0.0
    for item in assignment.items:
        if item.kind != "essay":
            value = json.loads(json.dumps(names[item.name], default=lambda entry: entry.item()))
            points += score(item, value, problem.answers[item.name]).points
    return {
        "case": json.dumps(problem.rumour.tables, sort_keys=True),
        "graph": graph_of(problem),
        "difficulty": json.dumps(problem.difficulty, sort_keys=True, default=str),
        "points": points,
        "answers": {name: _without_names(answer) for name, answer in problem.answers.items()},
    }


def _without_names(answer: object) -> str:
    """Return what of an answer does not hang on names: its numbers and codes, or how many ids there are."""
    if isinstance(answer, dict):
        return ", ".join(sorted(map(str, answer.values())))
    return f"{len(answer)} ids" if isinstance(answer, list) else str(answer)


def main() -> None:
    """Print the counts."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--students", type=int, default=1000)
    chosen = options.parse_args()
    students = [f"student{number}" for number in range(chosen.students)]
    with ProcessPoolExecutor() as pool:
        for assignment in find_assignments(ROOT):
            task = partial(one, assignment, model_code(assignment))
            found = list(pool.map(task, students, chunksize=10))
            most = sum(item.points for item in assignment.items if item.kind != "essay")
            print(f"\n{assignment.name}: {len(found)} students")
            print(f"  different cases: {len({one['case'] for one in found})}")
            print(f"  different graphs without names: {len({one['graph'] for one in found})}")
            print(f"  difficulty: {' | '.join(sorted({one['difficulty'] for one in found}))}")
            print(f"  model answer has all {most:g} points: {sum(one['points'] == most for one in found)}")
            for name in found[0]["answers"]:
                counts = Counter(one["answers"][name] for one in found)
                told = "; ".join(f"{answer} {count / len(found):.1%}" for answer, count in counts.most_common(6))
                print(f"  {name}: {len(counts)} different; {told[:300]}")


if __name__ == "__main__":
    main()
