"""Points for what is right, none for what is not surely so."""

import math

import pytest

from woozle.classroom.assignments import Task
from woozle.classroom.scoring import score


def item(kind, points=4):
    return Task("x", "the question", kind, points)


@pytest.mark.parametrize(
    ("kind", "value", "right", "points"),
    [
        ("line", ["a", "b", "c", "d", "e"], ["a", "b", "c", "d", "e"], 4),
        ("line", ["b", "c", "d", "e"], ["a", "b", "c", "d", "e"], 3),
        ("line", ["e", "d", "c", "b", "a"], ["a", "b", "c", "d", "e"], 0),
        ("line", ["a", "b", "x", "c"], ["a", "b", "c", "d", "e"], 0),  # one hop right, two that are not on the line
        ("line", ["a", "b", "a", "b", "c", "d", "e"], ["a", "b", "c", "d", "e"], 1),  # going round does not pay
        ("hop", ["a", "b"], ["a", "b"], 4),
        ("hop", ["x", "b"], ["a", "b"], 2),
        ("hop", ["b", "a"], ["a", "b"], 0),
        ("set", ["b", "a"], ["a", "b"], 4),
        ("set", ["a"], ["a", "b"], 2),
        ("set", ["a", "a", "a"], ["a", "b"], 2),
        ("set", ["a", "b", "c", "d"], ["a", "b"], 0),  # to name all does not pay
        ("table", {"a": 1, "b": 2}, {"a": 1, "b": 2}, 4),
        ("table", {"a": 1, "b": 3, "c": 9}, {"a": 1, "b": 2}, 2),
        ("table", {"a": 1.0, "b": 2}, {"a": 1, "b": 2}, 4),
        ("table", {"a": 3.14, "b": "yes"}, {"a": 3.1, "b": "yes"}, 4),
        ("table", {"a": 3.3, "b": " yes "}, {"a": 3.1, "b": "yes"}, 2),
        ("table", {"a": True, "b": "2"}, {"a": 1, "b": 2}, 0),
        ("one", "a", "a", 4),
        ("one", "b", "a", 0),
    ],
)
def test_points(kind, value, right, points):
    assert score(item(kind), value, right).points == points


@pytest.mark.parametrize("kind", ["line", "hop", "set", "table", "one"])
@pytest.mark.parametrize(
    "value",
    [
        None, True, 0, 1, math.nan, math.inf, 10**400, "", "x" * 301, [], {}, [[]], [None], [1], [True], ["x" * 301], ["x"] * 201,
        {"a": None}, {"a": []}, {"a": {"b": 1}}, {"a": math.nan}, {"a": math.inf}, {"a": 10**400}, {"x" * 301: 1},
        {str(number): 1 for number in range(201)},
    ],
)  # fmt: skip
def test_what_is_odd_is_never_a_point(kind, value):
    right = {"line": ["a", "b"], "hop": ["a", "b"], "set": ["a", "b"], "table": {"a": 1, "b": 2}, "one": "a"}[kind]
    assert score(item(kind), value, right).points == 0


def test_a_hint_names_the_mistake_only_where_it_was_made():
    mistakes = [({"a": 2}, "counts twice"), ({"a": 3}, "counts thrice")]
    assert score(item("table"), {"a": 2}, {"a": 1}, mistakes).hint == "counts twice"
    assert score(item("table"), {"a": 4}, {"a": 1}, mistakes).hint == ""
    assert score(item("table"), {"a": 1}, {"a": 1}, [({"a": 1}, "never")]).hint == ""
