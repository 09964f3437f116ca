"""Charts: drawn without error, the same each time, with words for those who do not see them."""

import json

import pytest

from woozle import chart
from woozle.chart.theme import mimebundle, scales
from woozle.layout import family_tree
from woozle.pictures import VEGA_LITE
from woozle.report import Teller, figures

DRAWN = {
    "family_tree": lambda tell: figures.family_tree(tell, "{carriers} documents").wide,
    "narrow_tree": lambda tell: figures.family_tree(tell, "{carriers} documents").narrow,
    "tree_with_alignment": lambda tell: figures.tree_with_alignment(tell, "{carriers}", ["force", "place"]).wide,
    "roots": lambda tell: figures.roots(tell, "{carriers}").wide,
    "timeline": lambda tell: figures.timeline(tell, "{carriers}").wide,
    "survival": lambda tell: figures.survival(tell, "{carriers}").wide,
    "narrow_survival": lambda tell: figures.survival(tell, "{carriers}").narrow,
    "as_known": lambda tell: figures.as_known(tell, "{carriers}", ["carriers", "roots"]).wide,
    "narrow_roots": lambda tell: figures.roots(tell, "{carriers}").narrow,
    "narrow_timeline": lambda tell: figures.timeline(tell, "{carriers}").narrow,
}


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("as_of", ["latest", "2024-06-21", "2024-06-26"])
def test_a_chart_is_the_same_each_time_and_has_words(flagship, name, as_of):
    tell = Teller(flagship.cascade(as_of=as_of))
    first, second = (DRAWN[name](tell).to_dict() for _ in range(2))
    assert json.dumps(first) == json.dumps(second)
    assert len(first["description"]) > 40
    data, metadata = mimebundle(first)
    assert data["text/plain"] == first["description"]
    assert data[VEGA_LITE] == first
    assert metadata["image/png"]["width"] > 100


def test_pictures_do_not_depend_on_the_fonts_of_the_system(flagship, tmp_path):
    """With another list of system fonts the picture has the same bytes."""
    import os
    import subprocess
    import sys

    spec = figures.roots(Teller(flagship.cascade()), "{carriers} 한국 Україна").wide.to_dict()
    (tmp_path / "spec.json").write_text(json.dumps(spec), "utf-8")
    (tmp_path / "fonts.conf").write_text("<?xml version='1.0'?><fontconfig></fontconfig>")
    code = (
        "import json, sys, hashlib; from woozle.pictures import svg_to_png, to_svg;"
        "print(hashlib.sha256(svg_to_png(to_svg(json.load(open(sys.argv[1]))))).hexdigest())"
    )
    seen = set()
    for extra in ({}, {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), "HOME": str(tmp_path)}):
        command = [sys.executable, "-c", code, str(tmp_path / "spec.json")]
        done = subprocess.run(command, env=os.environ | extra, capture_output=True, text=True, check=True)
        seen.add(done.stdout)
    assert len(seen) == 1


def test_what_is_the_actors_own_word_has_a_shape_of_its_own(flagship):
    legend = family_tree(flagship.cascade()).legend
    colour, shape = scales(legend)
    shapes = dict(zip(legend["says"], shape.range, strict=True))
    assert shapes["announced"] == shapes["pledged"]
    assert len({shapes[word] for word in ("announced", "planned", "expected", "does not confirm", "corrects")}) == 5
    assert len(set(colour.range)) == len(legend)


def test_inferred_hops_are_dashed_and_second_hand_documents_hollow(flagship):
    tree = family_tree(flagship.cascade())
    dashed = {(hop.cited, hop.citing) for hop in tree.hops.itertuples() if hop.inferred}
    assert dashed == {
        ("pentagon_answer", "european_pravda"), ("pentagon_question", "fox_news"),
        ("pentagon_answer", "unknown_uk_article"), ("unknown_uk_article", "bs_newspaper"),
    }  # fmt: skip
    layers = chart.family_tree(tree, "a", "b").to_dict()["layer"]
    hollow = [layer for layer in layers if {"filter": "datum.second_hand"} in layer.get("transform", [])]
    assert [layer["mark"]["fill"] for layer in hollow] == ["#ffffff"]
    assert [layer["encoding"]["strokeDash"]["field"] for layer in layers if "strokeDash" in layer["encoding"]] == [
        "inferred"
    ] * 3


def test_the_tooltip_names_the_zone_that_its_times_are_in(flagship):
    """The same words beside the alignment: 21:02 in Seoul is never told as UTC."""
    tell = Teller(flagship.cascade(time_zone="Asia/Seoul"))
    for drawn in (figures.family_tree(tell, "x").wide, figures.tree_with_alignment(tell, "x").wide):
        spec = json.dumps(drawn.to_dict())
        assert "published (Asia/Seoul)" in spec
        assert "published (UTC)" not in spec
        assert "21 June 2024, 21:02" in spec
