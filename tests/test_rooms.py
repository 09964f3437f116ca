"""The library stands in rooms: what names a module in words names one that is there."""

import ast
import importlib
import re
from collections import Counter
from importlib.util import find_spec

import pytest
import yaml

NAME = re.compile(r"woozle(\.[a-z_]+)+")


def strings(root):
    for path in sorted((root / "lib" / "woozle").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value):
                yield path.name, node.value


def test_each_string_that_looks_like_a_module_is_one(root):
    """What the kernel imports early, what runs as a process of its own."""
    found = list(strings(root))
    assert len(found) > 20
    assert [(file, name) for file, name in found if not find_spec(name)] == []


@pytest.mark.parametrize("room", ["woozle", "woozle.notebook", "woozle.report"])
def test_each_name_that_is_loaded_when_it_is_first_used_is_there(room):
    module = importlib.import_module(room)
    assert len(module.__all__) >= 3
    for name in module.__all__:
        assert getattr(module, name) is not None


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_what_an_assignment_withholds_is_there(root, number):
    (path,) = (root / "case_studies" / "assignments").glob(f"{number}_*/assignment.yaml")
    withheld = yaml.safe_load(path.read_text("utf-8"))["withheld"]
    assert withheld
    for one in withheld:
        module, _, name = one.partition(":")
        thing = importlib.import_module(module)
        for part in filter(None, name.split(".")):
            thing = getattr(thing, part)


def test_a_class_has_a_name_of_its_own(root):
    """A reader who searches for a name finds one thing."""
    classes = [
        (node.name, path.relative_to(root).as_posix())
        for path in sorted((root / "lib" / "woozle").rglob("*.py"))
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
    ]
    assert len(classes) > 80
    times = Counter(name for name, _ in classes)
    assert [(name, path) for name, path in classes if times[name] > 1] == []


def test_what_is_run_by_hand_imports_what_is_there(root):
    """Benchmarks and tools are run seldom: a module that moved would be missed long after."""
    asked = [
        (path.name, node.module, alias.name)
        for folder in ("benchmarks", "tools")
        for path in sorted((root / folder).glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "woozle"
        for alias in node.names
    ]
    assert len(asked) > 30
    for path, module, name in asked:
        assert find_spec(module), (path, module)
        assert hasattr(importlib.import_module(module), name) or find_spec(f"{module}.{name}"), (path, module, name)
