"""Week by week: nothing that was earned is lost, points can be changed, and each change is seen."""

import csv
import json
import re
from datetime import UTC, datetime

import classes
import pytest

from woozle.classroom.assignments import find_assignments
from woozle.classroom.book import Book
from woozle.classroom.course import Course
from woozle.classroom.essays import read_marks, write_essays
from woozle.classroom.grade import Grader
from woozle.classroom.overrides import FILE, read_overrides
from woozle.classroom.overview import overview_page
from woozle.classroom.results import write_results
from woozle.classroom.roster import Student, read_roster
from woozle.classroom.runs import Graded, Run, no_scores
from woozle.errors import WoozleError


@pytest.fixture(scope="module")
def weeks(root, box, tmp_path_factory):
    """Two weeks: in the second ada hands in the second notebook, and the first again as it was given."""
    home = tmp_path_factory.mktemp("weeks")
    chosen, who = list(classes.assignments(root).values()), classes.course("ada", "bob")
    first, second = chosen[:2]
    done = []
    for week in (1, 2):
        handed = home / f"week {week}"
        if week == 1:
            classes.hand_in(handed, "ada", first, classes.filled(first, classes.model(first)))
            classes.hand_in(handed, "bob", first, classes.filled(first, {"trace": "trace = 7"}))
        else:
            classes.hand_in(handed, "ada", second, classes.filled(second, classes.model(second)))
            classes.hand_in(handed, "ada", first, classes.released(first))
        with Grader(chosen, who, home / "grades") as grader:
            done.append(grader.grade(handed))
    return home, chosen, who, done


def book_of(weeks, week, **more):
    _home, _, who, done = weeks
    return Book(done[week].assignments, who, done[week].graded, **more)


def points(book):
    return {(work.student, work.assignment.name[0]): book.standing(work).points for work in book.graded}


def test_what_was_earned_stays_and_pages_speak_of_what_was_due(weeks):
    assert points(book_of(weeks, 0)) == {("ada", "1"): 22, ("bob", "1"): 0}
    assert points(book_of(weeks, 1)) == {("ada", "1"): 22, ("bob", "1"): 0, ("ada", "2"): 22, ("bob", "2"): 0}
    unread = weeks[3][1].unread
    assert ("ada", "1_find_the_conversion.ipynb", "no answer is written in it") in unread


def test_points_that_wait_are_told_apart(weeks):
    book = book_of(weeks, 1)
    standing = {(work.student, work.assignment.name[0]): str(book.standing(work)) for work in book.graded}
    assert standing["ada", "1"] == "22 of 22 points; 6 more wait for your teacher"
    assert standing["bob", "2"] == "0 of 28 points"


def test_changed_points_are_on_page_and_in_tables_with_the_reason(weeks, tmp_path):
    _home, chosen, who, _done = weeks
    (tmp_path / FILE).write_text(
        "student,assignment,item,points,reason,by,when\nid:bob,1,trace,3,It can be read so.,Dr. Noor,2026-12-03\n"
    )
    overrides = read_overrides(tmp_path / FILE, chosen, who.students)
    book = book_of(weeks, 1, overrides=overrides)
    write_results(tmp_path, book)
    assert points(book)["bob", "1"] == 3
    page = (tmp_path / "feedback" / "bob.html").read_text("utf-8")
    assert "It can be read so." in page
    assert "Before: 0 of 4." in page
    with (tmp_path / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert rows["bob"]["1_find_the_conversion"] == "3"
    assert "changed by a person: trace" in rows["bob"]["remarks"]
    assert "It can be read so." in (tmp_path / "class.html").read_text("utf-8")


def test_all_that_is_wrong_with_changed_points_is_told(weeks, tmp_path):
    _, chosen, who, _ = weeks
    (tmp_path / FILE).write_text(
        "student,assignment,item,points,reason,by,when\nbob,1,trase,3,x,,\nbob,1,trace,9,x,,\nbob,1,trace,3,,,\n"
        "bob,,in_words,3,x,,\n"
    )
    with pytest.raises(WoozleError) as error:
        read_overrides(tmp_path / FILE, chosen, who.students)
    lines = str(error.value).splitlines()
    assert ["'trase'" in lines[0], "'9' is not a number" in lines[1], "reason: it is empty" in lines[2]] == [True] * 3
    assert "several assignments have an item" in lines[3]


def test_a_page_for_the_teacher_has_the_right_answers_and_that_of_the_student_not(weeks, tmp_path):
    write_results(tmp_path, book_of(weeks, 1))
    problem = weeks[1][0].personal(classes.KEY, "bob")
    right = json.dumps(problem.answers["conversion"][1])
    assert right in (tmp_path / "teacher" / "bob.html").read_text("utf-8").replace("&#34;", '"')
    assert right not in (tmp_path / "feedback" / "bob.html").read_text("utf-8").replace("&#34;", '"')


def test_clicked_marks_come_before_the_table_and_ids_stay_texts(weeks, tmp_path):
    _, chosen, who, done = weeks
    write_essays(tmp_path / "essays.csv", done[1].graded, {})
    text = (tmp_path / "essays.csv").read_text("utf-8")
    assert text.splitlines()[1].startswith("id:ada,1_find_the_conversion,in_words,first,2,,,")
    mark = {"student": "ada", "assignment": "1_find_the_conversion", "item": "in_words", "criterion": "first",
            "most": "2", "points": "1", "comment": "=short", "text": "x"}  # fmt: skip
    (tmp_path / "essays.json").write_text(json.dumps({"marks": [mark]}))
    rows, marks = read_marks(tmp_path, chosen, who.students)
    given = marks["ada", "1_find_the_conversion", "in_words"]
    assert [(one.points, one.comment) for one in given if one.criterion.name == "first"] == [(1.0, "=short")]
    write_essays(tmp_path / "essays.csv", done[1].graded, rows)
    assert "'=short" in (tmp_path / "essays.csv").read_text("utf-8")


def test_only_what_is_named_is_graded(weeks, root, tmp_path, box):
    _, chosen, who, _ = weeks
    handed = tmp_path / "in"
    for assignment in chosen[:2]:
        classes.hand_in(handed, "ada", assignment, classes.filled(assignment, classes.model(assignment)))
    with Grader(chosen, who, tmp_path / "grades") as grader:
        done = grader.grade(handed, only=[chosen[1].name])
    assert [assignment.name for assignment in done.assignments] == [chosen[1].name]
    with (
        Grader(chosen, who, tmp_path / "other") as grader,
        pytest.raises(WoozleError, match=r"No notebook of this assignment is in .* We looked for 3_when_did_they_know"),
    ):
        grader.grade(handed, only=[chosen[2].name])
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("what", ["nobody's", "no notebook", "packed", "nothing"])
def test_where_nothing_matches_nothing_is_written(weeks, tmp_path, what, box):
    _, chosen, who, _ = weeks
    handed = tmp_path / "in"
    handed.mkdir()
    if what == "nobody's":
        (handed / "zoe.zip").write_bytes(b"x")
    if what == "no notebook":
        (handed / "ada").mkdir()
        (handed / "ada" / "answers.pdf").write_bytes(b"x")
    if what == "packed":
        (handed / "ada.rar").write_bytes(b"x")
    said = {"packed": "ada.rar (we can't read this kind of archive; a zip file would do)", "nobody's": "It holds: zoe.zip. We looked for names that begin with an id", "nothing": "nothing at all",
            "no notebook": "ada: answers.pdf (only notebooks are read)"}  # fmt: skip
    with Grader(chosen, who, tmp_path / "grades") as grader, pytest.raises(WoozleError) as error:
        grader.grade(handed)
    assert said[what] in str(error.value)
    assert not (tmp_path / "grades").exists()


def test_answers_of_another_case_are_told_to_the_teacher(weeks, root, tmp_path, box):
    _, chosen, who, _ = weeks
    second = chosen[1]
    typed = {name: f"{name} = {value!r}" for name, value in second.personal(classes.KEY, "ada").answers.items()}
    for student in ("ada", "bob"):
        classes.hand_in(tmp_path / "in", student, second, classes.filled(second, typed))
    with Grader(chosen, who, tmp_path / "grades") as grader:
        done = grader.grade(tmp_path / "in")
    write_results(tmp_path, Book(done.assignments, who, done.graded))
    page = (tmp_path / "class.html").read_text("utf-8")
    assert "<b>bob</b>, How many sources is that?: from the case of <b>ada</b>" in page
    assert "<b>ada</b>, How many sources is that?: from the case" not in page


def test_texts_that_are_alike_are_told_to_the_teacher_with_names(root):
    """Of five, two have the same text with some words changed, one has words of her own, two worked together."""
    words = "Three outlets carry the claim and lead back to one root, the ferry office, so they are one witness. " * 2
    texts = {"ada": words, "bob": words.replace("ferry", "harbour"), "cleo": "All of it comes from one call. " * 5,
             "dan": "We counted the roots by hand, twice. " * 5, "eve": "We counted the roots by hand, twice. " * 5}  # fmt: skip
    assignment, other = find_assignments(root)[:2]
    names = {"ada": Student("ada", "Ada Lovelace"), **{name: Student(name) for name in ("bob", "cleo", "dan", "eve")}}
    graded = [
        Graded(name, assignment, Run(essays={"in_words": text}), no_scores(assignment), case=name,
               together=("dan", "eve") if name in ("dan", "eve") else ())
        for name, text in texts.items()
    ]  # fmt: skip
    later = [Graded(name, other, Run(essays={}), no_scores(other), case=name) for name in texts]  # each alone
    page = overview_page(Book([assignment, other], Course(names, classes.KEY), [*graded, *later]))
    assert "<b>Ada Lovelace (ada), bob</b>: Find the conversion, “" in page
    assert not re.search(r"<b>[^<]*(cleo|dan|eve)", page[page.index("Texts that are alike") :])


def test_points_for_what_was_handed_in_on_paper_are_counted_everywhere(weeks, tmp_path):
    _, chosen, who, _ = weeks
    (tmp_path / FILE).write_text(
        "student,assignment,item,points,reason,by,when\nbob,2,roots_late,3,Handed in on paper.,Dr. Noor,2026-12-03\n"
    )
    book = book_of(weeks, 1, overrides=read_overrides(tmp_path / FILE, chosen, who.students))
    write_results(tmp_path, book)
    for name in ("grades.csv", "moodle.csv"):
        with (tmp_path / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        column = next(n for n, head in enumerate(rows[0]) if head in (chosen[1].name, chosen[1].title))
        assert rows[2][column] == "3"
    assert "Handed in on paper." in (tmp_path / "feedback" / "bob.html").read_text("utf-8")


def test_what_can_not_be_read_makes_nothing_due_and_takes_nothing_away(weeks, root, tmp_path, box):
    home, chosen, who, _ = weeks
    first, third = chosen[0], chosen[2]
    handed = tmp_path / "in"
    classes.hand_in(handed, "ada", first, json.dumps(classes.filled(first, classes.model(first))).encode()[:4000])
    classes.hand_in(handed, "bob", third, b"{")
    classes.hand_in(handed, "bob", first, classes.filled(first, {"what": "what = 'both'"}))
    with Grader(chosen, who, home / "grades") as grader:
        done = grader.grade(handed)
    assert third.name not in [assignment.name for assignment in done.assignments]
    assert next(work.points for work in done.graded if (work.student, work.assignment) == ("ada", first)) == 22
    assert ("ada", f"{first.name}.ipynb", "it is no notebook, or it was cut off") in done.unread


def test_who_is_in_two_groups_is_told(tmp_path):
    (tmp_path / "roster.csv").write_text(
        "id,name,members\nred,,ada; bob\nblue,,bob; cleo\ndan,Dan Noor,\ngreen,,dan; eve\n", "utf-8"
    )
    with pytest.raises(WoozleError) as error:
        read_roster(tmp_path / "roster.csv")
    assert str(error.value).splitlines() == [
        f"{tmp_path}/roster.csv, row 3, column members: 'bob' is in the group of row 2 already.",
        f"{tmp_path}/roster.csv, row 5, column members: 'dan' has row 4 as well. Keep one of them.",
    ]


def graded_texts(root, texts, together=()):
    """Return pieces of work on the first assignment, of which nothing but the texts is there, and the assignment."""
    (assignment,) = (one for one in find_assignments(root) if one.name.startswith("1_"))
    works = [
        Graded(name, assignment, Run(essays={"in_words": text} if text else {}), no_scores(assignment), case=name,
               together=together if name in together else ())
        for name, text in texts.items()
    ]  # fmt: skip
    return works, assignment


def marked(folder, works, assignment, who, points):
    """Write the table of texts, fill in points, and return the marks as they are read again."""
    write_essays(folder / "essays.csv", works, {})
    text = (folder / "essays.csv").read_text("utf-8").splitlines()
    (folder / "essays.csv").write_text(
        "\n".join([text[0], *(re.sub(r",2,,", f",2,{points},", line) for line in text[1:])]) + "\n", "utf-8"
    )
    return read_marks(folder, [assignment], who.students)


def test_points_of_a_text_that_is_gone_do_not_count_and_are_kept(root, tmp_path):
    who = classes.course("ada")
    works, assignment = graded_texts(root, {"ada": "All of it comes from one call."})
    rows, marks = marked(tmp_path, works, assignment, who, 2)
    assert Book([assignment], who, works, marks).standing(works[0]).points == 6
    gone, _ = graded_texts(root, {"ada": ""})
    assert Book([assignment], who, gone, marks).standing(gone[0]).points == 0
    (told,) = write_essays(tmp_path / "essays.csv", gone, rows)
    assert (
        told
        == "ada, 1_find_the_conversion, in_words: the text that you graded is gone. Its points stay in essays.csv and do not count."
    )
    assert (tmp_path / "essays.csv").read_text("utf-8").count(",2,2,") == 3
    other, _ = graded_texts(root, {"ada": "Another text."})
    assert "another text was handed in after you graded it" in write_essays(tmp_path / "essays.csv", other, rows)[0]


def test_a_text_of_two_is_graded_once_and_counts_for_both(root, tmp_path):
    who = classes.course("ada", "bob")
    works, assignment = graded_texts(root, dict.fromkeys(("ada", "bob"), "One call."), ("ada", "bob"))
    _, marks = marked(tmp_path, works, assignment, who, 1)
    assert {key[0] for key in marks} == {"ada"}
    assert [Book([assignment], who, works, marks).standing(work).points for work in works] == [3, 3]


def test_all_rows_of_changed_points_that_are_wrong_are_told_with_their_column(root, tmp_path):
    (tmp_path / FILE).write_text(
        "student,assignment,item,points,reason,by,when\nada,conversion,why,3,x,y,\nada,1,why,2,x,y,2026-13-45\n",
        "utf-8",
    )
    with pytest.raises(WoozleError) as error:
        read_overrides(tmp_path / FILE, find_assignments(root), ["ada"])
    first, second = str(error.value).splitlines()
    assert "row 2, column assignment: there is no 'conversion'." in first
    assert "row 3, column when: '2026-13-45' is not a date. Write it like 2026-12-03." in second


def test_what_is_not_due_yet_costs_nothing(root, tmp_path):
    works, assignment = graded_texts(root, {"ada": "One call."})
    works.append(Graded("bob", assignment, None, no_scores(assignment)))
    students = classes.course("ada", "bob").students
    totals = []
    for year in (2000, 9000):
        course = Course(students, classes.KEY, {assignment.name: datetime(year, 1, 1, tzinfo=UTC)})
        book = Book([assignment], course, works)
        write_results(tmp_path, book)
        page = (tmp_path / "feedback" / "bob.html").read_text("utf-8")
        totals.append((book.standing(works[1]).most, "It is not due yet" in page))
        assert book.standing(works[0]).most == 22
    assert totals == [(28, False), (0, True)]
