"""The personal cases: of one difficulty, all different, and each can be solved."""

import contextlib
import itertools
import json
import os

import classes
import pytest

import woozle
from woozle import measure
from woozle.classroom import fiction
from woozle.classroom.answers import with_answers
from woozle.classroom.library import write_library
from woozle.classroom.problems import KINDS, QUESTIONS, conversion, problem_of
from woozle.classroom.rng import Dice
from woozle.classroom.scoring import score
from woozle.errors import WoozleError

KEY = b"a key of a course"
STUDENTS = [f"s{number:03}" for number in range(20)]


def opened(tmp_path, kind, student):
    problem = problem_of(kind, KEY, kind, student)
    problem.write(tmp_path / "data" / student)
    return problem, woozle.open(tmp_path / "data" / student)


def test_dice_are_the_same_everywhere():
    # The first draw, written out from the standard hash functions.
    dice = Dice(b"key", "1", "ada")
    import hashlib
    import hmac

    seed = hmac.new(b"key", b"1:13:ada", hashlib.sha256).digest()
    first = int.from_bytes(hashlib.sha256(seed + bytes(8)).digest()[:8], "big")
    assert dice.below(1000) == first % 1000


def test_names_that_join_alike_give_other_draws():
    assert [Dice(b"k", "ab", "c").below(1 << 30)] != [Dice(b"k", "a", "bc").below(1 << 30)]


@pytest.mark.parametrize("kind", KINDS)
def test_all_students_have_one_difficulty_and_other_cases(kind):
    problems = [problem_of(kind, KEY, kind, student) for student in STUDENTS]
    assert len({json.dumps(problem.difficulty, sort_keys=True, default=str) for problem in problems}) == 1
    tables = {json.dumps(problem.rumour.tables, sort_keys=True) for problem in problems}
    assert len(tables) == len(STUDENTS)
    answers = {json.dumps(problem.answers, sort_keys=True) for problem in problems}
    assert len(answers) == len(STUDENTS)


@pytest.mark.parametrize("kind", KINDS)
def test_no_quotation_is_longer_than_a_package_may_hold(kind):
    for student in STUDENTS:
        problem = problem_of(kind, KEY, kind, student)
        told = [row["wording"] for row in problem.rumour.tables["claims"]]
        told += [row["evidence"] for row in problem.rumour.tables["citations"]]
        assert max(len(words.split()) for words in told) <= 25


def test_every_wording_that_can_be_drawn_is_short_enough():
    longest = 0
    for authority, act, thing in itertools.product(fiction._AUTHORITIES, fiction._ACTS, fiction._THINGS):
        it = f"the Town {authority}"
        for saying, naming in itertools.product(conversion._SAID.values(), conversion._BY.values()):
            for said, by in itertools.product(saying, naming):
                told = by.format(
                    it=it,
                    said=said.format(do=f"{act[0]} {thing}", doing=f"{act[1]} {thing}"),
                    agency="Town News Agency",
                )
                longest = max(longest, len(told.split()))
    assert longest <= 25


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_key_gives_the_same_case_and_another_key_another(kind):
    draw = problem_of.__wrapped__  # each time anew
    one, same, other = (draw(kind, key, kind, "ada") for key in (KEY, KEY, b"another key"))
    assert (one.rumour.tables, one.asked, one.answers) == (same.rumour.tables, same.asked, same.answers)
    assert one.rumour.tables != other.rumour.tables


@pytest.mark.parametrize("kind", KINDS)
def test_somebody_elses_answers_get_next_to_nothing(kind, root):
    assignment = next(found for found in classes.assignments(root).values() if found.problem == kind)
    one, other = (problem_of(kind, KEY, kind, student) for student in ("ada", "bob"))
    named = [item for item in assignment.items if item.kind in ("line", "hop", "set", "table")]
    for item in named:
        if item.name in ("saved", "utc", "order", "reached"):  # their keys are the same for all
            continue
        assert score(item, other.answers[item.name], one.answers[item.name]).points == 0


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_student_gets_holds_no_answer(kind, tmp_path):
    problem, _ = opened(tmp_path, kind, "ada")
    given = (tmp_path / "data" / "ada" / QUESTIONS).read_text("utf-8")
    assert set(json.loads(given)) == set(problem.asked)
    for name, answer in problem.answers.items():
        told = json.dumps(answer, ensure_ascii=False)
        if len(told) > 20:
            assert told not in given, name


def test_the_conversion_is_that_of_the_library(tmp_path):
    for student in STUDENTS[:8]:
        problem = problem_of("conversion", KEY, "conversion", student)
        problem.rumour.write(tmp_path / "data" / student)  # with all versions, also those that the student codes
        cascade = woozle.open(tmp_path / "data" / student).cascade()
        assert measure.main_path(cascade, problem.asked["target"]) == problem.answers["trace"]
        found = measure.conversions(cascade)
        parent, document = problem.answers["conversion"]
        assert found["parent"].to_dict() == {document: parent}
        ledger = measure.drift_ledger(cascade)
        converted = ledger[ledger["kind"].isin(["own word", "told as a fact"]) & (ledger["document"] == document)][
            "field"
        ]
        assert set(converted) == {"both": {"modality", "said_by"}}.get(
            problem.answers["what"], {problem.answers["what"]}
        )


def test_the_roots_are_those_of_the_library(tmp_path):
    for student in STUDENTS[:8]:
        problem, case = opened(tmp_path, "sources", student)
        early, late = (case.cascade(as_of=problem.asked[when]) for when in ("early", "late"))
        assert sorted(early.roots()) == problem.answers["roots_early"]
        assert sorted(late.roots()) == problem.answers["roots_late"]
        independent = measure.independent_roots(late)["n_roots"]
        assert {name: independent[name] for name in problem.asked["documents"]} == problem.answers["independent"]
        assert measure.resting_on(late)["others"].to_dict() == problem.answers["resting"]
        circular = set(measure.circular_reports(late)["document"])
        seeming = {name for name in late.carriers if independent[name] == 1 and len(late.parents(name)) > 1}
        assert seeming == set(problem.answers["seeming"])
        assert seeming <= circular


def test_the_times_are_those_of_the_library(tmp_path):
    for student in STUDENTS[:8]:
        problem, case = opened(tmp_path, "times", student)
        cascade = case.cascade()
        found = measure.corrections(cascade)
        assert set(found.index[found["may_be_first"]]) == set(problem.answers["first"])
        lag = measure.correction_lag(cascade)
        for name in problem.asked["lag"]:
            assert problem.answers["lag"][f"{name} at least"] == pytest.approx(lag["lag_low_h"][name], abs=0.06)
            assert problem.answers["lag"][f"{name} at most"] == pytest.approx(lag["lag_high_h"][name], abs=0.06)
        by_language = measure.correction_by_language(cascade)["surely_after"]
        assert {tongue: by_language[tongue] for tongue in problem.asked["languages"]} == problem.answers["reached"]


def test_the_removals_are_those_of_the_library(tmp_path):
    for student in STUDENTS[:8]:
        problem, case = opened(tmp_path, "stopping", student)
        cascade = case.cascade()
        cut = {name: len(measure.without(cascade, [name])) for name in problem.asked["removed"]}
        assert cut == problem.answers["cut_off"]
        assert measure.best_removals(cascade)["removed"].to_list() == [(problem.answers["best"],)]
        corrected = problem.asked["corrected"]
        saved = {
            when: len(measure.corrected_at(cascade, corrected, moment))
            for when, moment in problem.asked["moments"].items()
        }
        assert saved == problem.answers["saved"]


@contextlib.contextmanager
def inside(folder):
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_model_answer_gets_full_marks_on_each(number, root, tmp_path, monkeypatch):
    monkeypatch.setattr("woozle.notebook.exercises.part_two", lambda *names: None)  # this process needs them again
    assignment = classes.assignments(root)[number]
    cells = with_answers(assignment)["cells"]
    graded = {cell["metadata"].get("nbgrader", {}).get("grade_id", "") for cell in cells}
    code = [
        "".join(cell["source"])
        for cell in cells
        if cell["cell_type"] == "code" and (cell["metadata"].get("nbgrader", {}).get("grade_id") in {*graded, "setup", "own"})
        and "guided" not in cell["metadata"].get("tags", []) and cell["metadata"].get("nbgrader")
    ]  # fmt: skip
    for student in STUDENTS[:12]:
        problem = assignment.personal(KEY, student)
        problem.write(tmp_path / student / "case")
        names: dict = {}
        with inside(tmp_path / student):
            exec("\n\n".join(code), names)
        for item in assignment.items:
            if item.kind != "essay":
                value = json.loads(json.dumps(names[item.name], default=lambda entry: entry.item()))
                found = score(item, value, problem.answers[item.name])
                assert found.points == item.points, (student, item.name, value, problem.answers[item.name])


@pytest.mark.parametrize("kind", KINDS)
def test_a_common_mistake_gets_a_hint_and_fewer_points(kind, root):
    assignment = next(found for found in classes.assignments(root).values() if found.problem == kind)
    hinted = 0
    for student in STUDENTS[:20]:
        problem = problem_of(kind, KEY, kind, student)
        for item in assignment.items:
            for wrong, hint in problem.mistakes.get(item.name, ()):
                if wrong != problem.answers[item.name]:
                    found = score(
                        item, json.loads(json.dumps(wrong)), problem.answers[item.name], problem.mistakes[item.name]
                    )
                    assert found.points < item.points
                    assert found.hint
                    hinted += found.hint == hint
    assert hinted > 20


def test_the_sample_beside_a_notebook_is_that_of_the_public_key(root, tmp_path):
    for assignment in classes.assignments(root).values():
        assignment.personal(b"public sample", "sample").write(tmp_path / assignment.name / "case")
        stored = {path.name: path.read_bytes() for path in (assignment.folder / "case").iterdir()}
        assert stored == {path.name: path.read_bytes() for path in (tmp_path / assignment.name / "case").iterdir()}


def test_a_library_without_a_function_says_so(tmp_path):
    write_library(tmp_path, ["woozle.dates:before", "woozle.measure.sourcing", "woozle.model.cascade:Cascade.roots"])
    text = (tmp_path / "woozle" / "dates.py").read_text("utf-8")
    assert "def before" in text
    assert "a.latest < b.earliest" not in text
    assert not (tmp_path / "woozle" / "classroom").exists()


def test_a_function_that_is_not_there_can_not_be_withheld(tmp_path):
    with pytest.raises(WoozleError, match="there is no"):
        write_library(tmp_path / "a", ["woozle.dates:befor"])
    with pytest.raises(WoozleError, match="there is no module"):
        write_library(tmp_path / "b", ["woozle.datse"])
