"""Texts on their way beside the case: few as files, many as one table, and none too long."""

import pytest

from woozle.formats import texts as module
from woozle.formats.texts import Texts, text_of

LONG = "salt, “water”\n" * 20_000  # 260,000 letters: more than the csv module reads by itself


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_FEW", 3)
    return tmp_path / "data" / "salt"


def texts(*pairs):
    held = Texts()
    for document, text in pairs:
        held.add(document, text)
    return held


def test_few_texts_are_files_of_their_own_and_what_lies_there_stays(folder):
    texts(("a", "one"), ("b", LONG), ("a", "another")).write(folder)
    texts(("a", "newer"), ("c", "three")).write(folder)
    place = folder.parents[1] / "texts" / "salt"
    assert sorted(path.name for path in place.iterdir()) == ["a.txt", "b.txt", "c.txt"]
    assert [text_of(folder, name) for name in "abc"] == ["one", LONG, "three"]
    assert text_of(folder, "d") == ""


def test_many_texts_are_one_table_in_their_order_and_of_any_length(folder):
    many = texts(*((f"d{n}", f"text {n}") for n in range(10)), ("long", LONG))
    assert [name for name, _ in many] == [*(f"d{n}" for n in range(10)), "long"]
    many.write(folder)
    assert not (folder.parents[1] / "texts" / "salt").exists()
    assert text_of(folder, "long") == LONG
    texts(("d3", "newer"), ("z", "last")).write(folder)
    assert [text_of(folder, name) for name in ("d2", "d3", "z", "long")] == ["text 2", "newer", "last", LONG]
