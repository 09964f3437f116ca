"""Charts: drawn without error, the same each time, with words for those who do not see them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import tiny
import woozle
from woozle import chart, fonts
from woozle.chart.layout import family_tree
from woozle.chart.theme import mimebundle, scales
from woozle.model.opening import inspect_folder
from woozle.notebook import Teller, figures
from woozle.pictures import VEGA_LITE

FONTS = Path(fonts.__file__).parent
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
@pytest.mark.parametrize(
    "as_of", ["2024-06-21", *(pytest.param(day, marks=pytest.mark.slow) for day in ("2024-06-26", "latest"))]
)
def test_a_chart_is_the_same_each_time_and_has_words(flagship, name, as_of):
    tell = Teller(flagship.cascade(as_of=as_of))
    first, second = (DRAWN[name](tell).to_dict() for _ in range(2))
    assert json.dumps(first) == json.dumps(second)
    assert len(first["description"]) > 40
    data, metadata = mimebundle(first)
    assert data["text/plain"] == first["description"]
    assert data[VEGA_LITE] == first
    assert metadata["image/png"]["width"] > 100


def lists_of_fonts(folder):
    """Return environments with the system's fonts, with none, and with one that has letters which woozle's lack.

    A list of fonts that names one folder shows only that; where it names none, all below /usr/share are read.
    """
    import matplotlib

    more = Path(matplotlib.get_data_path()) / "fonts" / "ttf"  # DejaVu: Arabic, Hebrew, arrows
    yield {}
    for name, place in (("none", folder / "empty"), ("more", more)):
        (folder / "empty").mkdir(exist_ok=True)
        config = folder / f"{name}.conf"
        config.write_text(f"<?xml version='1.0'?><fontconfig><dir>{place}</dir></fontconfig>")
        yield {"FONTCONFIG_FILE": str(config), "HOME": str(folder)}


HASH = (
    "import json, sys, hashlib; from woozle import pictures; {guard}"
    "print(hashlib.sha256(pictures.svg_to_png(pictures.to_svg(json.load(open(sys.argv[1]))))).hexdigest())"
)
UNGUARDED = "import contextlib; pictures._no_system_fonts = contextlib.nullcontext;"


@pytest.mark.slow  # make reproduce sees it too
def test_pictures_do_not_depend_on_the_fonts_of_the_system(flagship, tmp_path):
    """With another list of system fonts the picture has the same bytes; without the guard it would have others."""
    words = "{carriers} 한국 뷁 Україна 文匯報 الجزيرة ไทย हिन्दी עברית →"  # those too that woozle's own fonts lack
    spec = figures.roots(Teller(flagship.cascade()), words).wide.to_dict()
    (tmp_path / "spec.json").write_text(json.dumps(spec), "utf-8")

    def hashes(guard):
        for extra in lists_of_fonts(tmp_path):
            command = [sys.executable, "-c", HASH.format(guard=guard), str(tmp_path / "spec.json")]
            done = subprocess.run(command, env=os.environ | extra, capture_output=True, text=True, check=True)
            yield done.stdout

    assert len(set(hashes(""))) == 1
    assert len(set(hashes(UNGUARDED))) > 1


def test_a_script_without_a_font_is_told_with_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "FONT_PACKAGES", ("no_such_package", "nor_this"))
    tables = tiny.tables("a>b")
    tables["documents"][0]["label"] = "文匯報"
    tables["outlets"][0]["name"] = "الجزيرة"
    notes = []
    case, _ = inspect_folder(tiny.write(tmp_path / "data" / "tiny", tables), notes)
    assert case is not None
    assert any("no font for 'Arabic', 'Chinese'" in note and "woozle[fonts]" in note for note in notes)


@pytest.mark.parametrize(
    ("script", "word"),
    [("Hebrew", "הארץ"), ("Arabic", "الجزيرة"), ("Devanagari", "दैनिक"), ("Thai", "ไทยรัฐ"), ("Japanese", "よみうり"),
     ("Chinese", "報"), ("Georgian", "ამბები"), ("Armenian", "Հետք")],
)  # fmt: skip
def test_what_our_own_fonts_lack_is_known_by_its_script(script, word, monkeypatch):
    monkeypatch.setattr(fonts, "FONT_PACKAGES", ("no_such_package", "nor_this"))
    own = {code for path in FONTS.glob("*.[ot]tf") for code in TTFont(path).getBestCmap()}
    assert not own.intersection(map(ord, word))
    assert fonts.scripts_without_font([f"News {word}"]) == [script]


@pytest.mark.parametrize("case", ["dprk_troops_2024", "ual_bankruptcy_2008"])
def test_the_words_of_a_chart_count_nothing_that_is_not_there(case):
    tell = Teller(woozle.open(case).cascade())
    for made in (figures.timeline(tell, "x"), figures.tree_with_alignment(tell, "x")):
        assert not re.search(r"(?<!\d)0 [a-z]|: 0\b", made.wide.to_dict()["description"])


def test_what_is_the_actors_own_word_has_a_shape_of_its_own(flagship):
    legend = family_tree(flagship.cascade()).legend
    colour, shape = scales(legend)
    shapes = dict(zip(legend["says"], shape.range, strict=True))
    announced, pledged = (f"{word}, North Korea’s own word" for word in ("announced", "pledged"))
    assert shapes[announced] == shapes[pledged]
    assert len({shapes[word] for word in (announced, "planned", "expected", "does not confirm", "debunks")}) == 5
    assert len(set(colour.range)) == len(legend)


def test_inferred_hops_are_dashed_and_second_hand_documents_hollow(flagship):
    tree = family_tree(flagship.cascade())
    dashed = {(hop.cited, hop.citing) for hop in tree.hops.itertuples() if hop.inferred}
    assert dashed == {
        ("pentagon_answer", "european_pravda"), ("pentagon_question", "fox_news"),
        ("pentagon_question", "state_question"), ("express", "kyiv_independent"),
        ("pentagon_answer", "unknown_uk_article"), ("unknown_uk_article", "bs_newspaper"),
        ("tvchosun", "pentagon_question"),  # held 80 % probable
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
        assert "21 June 2024, 21:02 (Seoul time)" in spec
        assert "21 June 2024, 12:02" not in spec
