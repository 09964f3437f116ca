"""What a class sees, in a real browser: no text of a student runs, and everybody can read the pages."""

import csv

import classes
import pytest
from test_access import violations
from test_report_page import browser, opened  # noqa: F401

import hostile
from woozle.classroom.book import Book
from woozle.classroom.course import Course
from woozle.classroom.essays import write_essays
from woozle.classroom.results import FEEDBACK, OVERVIEW, TABLE, TEXTS, write_results
from woozle.classroom.roster import Student
from woozle.classroom.runs import Graded, Run
from woozle.classroom.scoring import score

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def results(root, tmp_path_factory):
    """The results of a class in which one student's texts try to be code."""
    out = tmp_path_factory.mktemp("results")
    evil = " ".join(hostile.STRINGS)
    course = Course(
        {"ada": Student("ada", "Ada"), "eve": Student("eve", hostile.STRINGS[0], hostile.STRINGS[3])}, classes.KEY
    )
    graded = []
    for assignment in classes.assignments(root).values():
        for student in course.students:
            problem, run = assignment.personal(classes.KEY, student), Run(notes=[evil] if student == "eve" else [])
            found = Graded(student, assignment, run)
            for item in assignment.items:
                if item.kind == "essay":
                    run.essays[item.name] = evil if student == "eve" else "Dear editor"
                    continue
                value = hostile.STRINGS if student == "eve" else problem.answers[item.name]
                run.values[item.name] = value
                run.texts[item.name] = run.errors[item.name] = evil if student == "eve" else ""
                found.scores[item.name] = score(
                    item, value, problem.answers[item.name], problem.mistakes.get(item.name, ())
                )
            graded.append(found)
    write_essays(out / "essays.csv", graded, {})
    write_results(out, Book(list(classes.assignments(root).values()), course, graded))
    return out


def shown(browser, path, tmp_path, **options):  # noqa: F811
    folder = tmp_path / path.stem
    folder.mkdir()
    (folder / "index.html").write_bytes(path.read_bytes())
    return opened(browser, folder, **options)


@pytest.mark.parametrize("name", [f"{FEEDBACK}/ada.html", f"{FEEDBACK}/eve.html", OVERVIEW, TEXTS])
def test_nothing_runs_nothing_is_asked_and_axe_finds_nothing(browser, results, tmp_path, name):  # noqa: F811
    page = shown(browser, results / name, tmp_path)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
    page.wait_for_timeout(200)
    assert page.evaluate("window.owned") is None
    assert page.said == []
    assert [url for url in page.asked if not url.startswith(("data:", "file:"))] == []
    assert page.locator("iframe, object, embed, base, textarea").count() == 0
    assert violations(page) == []


def test_the_page_of_a_student_tells_what_was_earned(browser, results, tmp_path):  # noqa: F811
    page = shown(browser, results / FEEDBACK / "ada.html", tmp_path)
    assert page.locator("p.question").inner_text() == "79 of 79 points; 28 more wait for your teacher."
    assert page.locator("section.item").count() == 24
    assert "Dear editor" in page.inner_text("main")


def test_a_students_texts_are_shown_as_they_are(browser, results, tmp_path):  # noqa: F811
    page = shown(browser, results / FEEDBACK / "eve.html", tmp_path)
    assert hostile.STRINGS[0] in page.locator("h1").inner_text()
    assert f"<img src=x onerror={hostile.OWN}>" in page.inner_text("main")


def test_no_cell_of_the_table_is_a_formula(results):
    with (results / TABLE).open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t", "\r")]
