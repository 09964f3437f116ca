"""What the documentation says is so: its drawn examples are worked out by the library."""

import re
import sys

import pytest

import tiny
from woozle import measure


@pytest.fixture
def drawn(root, tmp_path):
    """Each drawing as a case."""
    sys.path.insert(0, str(root / "tools"))
    from draw_examples import EXAMPLES

    return {
        name: tiny.case(tmp_path / name, " ".join(f"{a}>{b}" for a, b in hops)).cascade()
        for name, (_, hops, *_) in EXAMPLES.items()
    }


def test_the_drawn_examples_are_as_the_page_says(drawn):
    assert drawn["roots"].roots() == ("a", "d")
    assert drawn["roots"].roots("e") == ("a", "d")
    assert measure.woozle_index(drawn["roots"]).loc["at most independent", "index"] == 2.5
    below = measure.immediate_dominators(drawn["dominator"])["dominated"]
    assert (below["b"], below["c"]) == (3, 0)
    assert measure.best_removals(drawn["dominator"], 1)["cut_off"].iloc[0] == 3
    assert list(measure.circular_reports(drawn["circular"])["document"]) == ["c"]
    for name, figures in {"chain": (3, 1, 10 / 6), "star": (1, 3, 9 / 6)}.items():
        found = measure.shape(drawn[name]).iloc[0]
        assert (found["depth"], found["max_breadth"], found["structural_virality"]) == pytest.approx(figures)


def test_the_drawings_are_those_of_the_tool(root, drawn):
    from draw_examples import EXAMPLES, draw

    for name, example in EXAMPLES.items():
        assert (root / "docs" / "pictures" / f"{name}.svg").read_text("utf-8") == draw(*example)


def test_every_public_measure_and_chart_is_in_the_reference(root):
    from woozle import chart

    text = (root / "docs" / "api.md").read_text("utf-8")
    for module in (measure, chart):
        for name in module.__all__:
            if callable(getattr(module, name)) and name[0].islower():
                assert re.search(rf"^   {name}$", text, re.M), f"docs/api.md lacks {name}"


def test_every_command_is_in_the_reference(root):
    import typer

    from woozle.commands.main import app

    text = (root / "docs" / "commands.md").read_text("utf-8")
    for name, command in typer.main.get_command(app).commands.items():
        assert command.hidden or f"`{name}" in text, name


def test_the_words_of_the_glossary_are_those_of_the_code(root):
    text = (root / "docs" / "glossary.md").read_text("utf-8")
    for word in (
        "carrying hop",
        "main parent",
        "phantom source",
        "borrowed authority",
        "woozle index",
        "turn",
        "conversion",
    ):
        assert re.search(rf"^{word}$", text, re.M), word


def test_the_page_of_formats_is_that_of_the_formats(root):
    import runpy

    page = runpy.run_path(str(root / "tools" / "document_formats.py"))["page"]()
    assert (root / "docs" / "formats.md").read_text("utf-8") == page
