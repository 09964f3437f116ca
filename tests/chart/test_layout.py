"""Places: parents left of children, no two labels overlap, no elbow through a label."""

import csv
import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tiny
from woozle.chart import layout
from woozle.chart.alignment import alignment
from woozle.text import cut_at_word, text_width


def boxes(tree):
    """The boxes of all labels: left, right, top, bottom."""
    return {
        name: (row["label_x"], row["label_x"] + text_width(row["label"], layout.FONT) / 1.06,
               row["y"] - layout.FONT / 2, row["y"] + layout.FONT / 2)
        for name, row in tree.rows.iterrows()
    }  # fmt: skip


def well_placed(tree):
    rows = tree.rows
    for name, row in rows.iterrows():
        if row["parent"]:
            assert rows.loc[row["parent"], "x"] < row["x"], f"{name} is not right of {row['parent']}"
            assert rows.loc[row["parent"], "y"] < row["y"]
    places = boxes(tree)
    for (a, one), (b, other) in itertools.combinations(places.items(), 2):
        apart = one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]
        assert apart, f"the labels of {a} and {b} overlap"
    for name, (left, right, top, bottom) in places.items():
        assert right <= tree.width, f"the label of {name} leaves the chart"
        for hop in tree.hops.itertuples():
            down = left < hop.x0 < right and hop.y0 < bottom and hop.y1 > top
            across = top < hop.y1 < bottom and hop.x0 < right and hop.x1 > left
            assert not down, f"the elbow {hop.cited} to {hop.citing} runs down through the label of {name}"
            assert not across, f"the elbow {hop.cited} to {hop.citing} runs through the label of {name}"
    assert (rows["x"] >= 0).all()
    assert (rows["y"] < tree.height).all()


@pytest.mark.parametrize("width", [560, 640, 1100, 1400])
@pytest.mark.parametrize(
    "asked",
    [{}, {"as_of": "2024-06-26"}, {"as_of": "2024-06-21"}, {"hops": "all"}, {"time_zone": "Asia/Seoul"}],
)
def test_the_flagship_is_well_placed(flagship, width, asked):
    cascade = flagship.cascade(**asked)
    well_placed(layout.family_tree(cascade, width))
    well_placed(layout.family_tree(cascade, width, fold=2))
    well_placed(layout.narrow_tree(cascade, 350))


def test_every_document_has_its_row(flagship):
    cascade = flagship.cascade()
    assert set(layout.family_tree(cascade).rows.index) == set(cascade.documents.index)


def test_folding_hides_no_count(flagship):
    cascade = flagship.cascade()
    tree = layout.family_tree(cascade, fold=2)
    folded = [int(label.split(" ")[0]) for label in tree.rows["label"] if " alike: " in label]
    assert folded
    assert len(tree.rows) + sum(folded) - len(folded) == len(cascade.documents)


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_any_small_case_is_well_placed(tmp_path_factory, data):
    size = data.draw(st.integers(2, 8))
    pairs = [(a, b) for a in range(size) for b in range(a + 1, size)]
    edges = data.draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1, max_size=12))
    start = data.draw(st.lists(st.integers(1, 10), min_size=size, max_size=size).map(sorted))
    days = {f"d{n}": f"2024-06-{start[n]:02d}/2024-06-{data.draw(st.integers(start[n], 28)):02d}" for n in range(size)}
    days = {name: span if name != "d0" else "2024-06-01" for name, span in days.items()}
    hops = " ".join(f"d{a}>d{b}" for a, b in edges)
    case = tiny.case(
        tmp_path_factory.mktemp("tree"), hops, days={name: span for name, span in days.items() if name in hops}
    )
    well_placed(layout.family_tree(case.cascade(), 700))


def test_empty_days_are_cut_and_time_never_runs_backwards(tmp_path):
    days = {"a": "2024-06-01", "b": "2024-06-20"}
    tree = layout.family_tree(tiny.case(tmp_path, "a>b", days=days).cascade(), 700)
    (cut,) = tree.ticks[tree.ticks["cut"]].itertuples()
    assert tree.rows.loc["a", "x1"] <= cut.x < cut.x1 <= tree.rows.loc["b", "x0"]
    assert cut.x1 - cut.x == layout.CUT


def axis(*days):
    moments = pd.Series(pd.to_datetime(list(days), utc=True))
    return layout.TimeAxis(moments, moments, "UTC", even=True)


def test_an_even_axis_cuts_only_what_is_empty_for_more_than_a_week():
    """Three days, a week without anything, a day: one scale. Then six years: cut, and each label has its year."""
    near = axis("2002-12-09", "2002-12-10", "2002-12-11", "2002-12-19")
    assert near.cuts == []
    assert [near.at(day, 1100.0) for day in near.days] == pytest.approx([100 * n for n in range(12)])
    far = axis("2002-12-09", "2002-12-10", "2008-09-08")
    ticks = far.ticks(626.0)
    assert ticks["label"].to_list() == ["9 December 2002", "10", "//", "8 September 2008"]
    assert ticks.loc[ticks["cut"], ["x", "x1"]].to_numpy()[0] == pytest.approx([400, 400 + layout.CUT])


def test_an_axis_of_a_day_has_hours():
    """A day of 800 pixels has room for every second hour; of two in 640 every sixth; three days have none."""
    one = axis("2011-03-14T09:00", "2011-03-14T19:00").ticks(800.0)
    assert one["label"].to_list() == ["14 March", *(f"{hour}:00" for hour in range(2, 24, 2))]
    assert one["x"].to_list() == pytest.approx([800 / 12 * n for n in range(12)])
    two = axis("2011-03-14T09:00", "2011-03-15T19:00").ticks(640.0)
    assert two["label"].to_list() == ["14 March", "6:00", "12:00", "18:00", "15", "6:00", "12:00", "18:00"]
    assert axis("2011-03-14", "2011-03-15", "2011-03-16").ticks(1440.0)["label"].to_list() == ["14 March", "15", "16"]


def test_an_axis_of_twenty_years_is_no_work():
    days = pd.date_range("2000-01-01", "2020-01-01", freq="D", tz="UTC")
    long = axis(str(days[0]), str(days[-1]))
    assert [long.at(day, 900.0) for day in days] == sorted(long.at(day, 900.0) for day in days)
    assert len(long.ticks(900.0)) == 3


def test_a_long_chain_is_placed(tmp_path):
    """Deeper than Python lets functions call themselves."""
    hops = " ".join(f"d{n}>d{n + 1}" for n in range(1500))
    tree = layout.family_tree(tiny.case(tmp_path, hops).cascade(), 700)
    assert list(tree.rows["depth"]) == list(range(1501))


def test_the_state_of_each_cell_of_the_alignment(tmp_path):
    versions = {"b": {"force": "troops", "place": "", "said_by": "actor_state"}}
    cascade = tiny.case(tmp_path, "a>b", versions).cascade()
    tree = layout.family_tree(cascade, 600)
    cells = alignment(cascade, tree, ["said_by", "certainty", "force", "place"]).set_index(["document", "field"])
    assert set(cells.loc["a", "state"]) == {"start"}
    assert cells.loc["b", "state"].to_dict() == {
        "said_by": "own_word", "certainty": "same", "force": "changed", "place": "lost",
    }  # fmt: skip


def test_a_label_is_cut_at_a_word():
    assert cut_at_word("reporter at the Pentagon press briefing", 120, 11).endswith("…")
    assert " b…" not in cut_at_word("reporter at the Pentagon press briefing", 190, 11)


def test_the_fonts_hold_every_letter_of_the_cases(root, packages):
    from fontTools.ttLib import TTFont

    letters = set()
    for path in (path for folder in packages for path in folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                row.pop("aliases", None)  # never shown: only looked for in texts
                letters |= {letter for value in row.values() for letter in value}
    fonts = [TTFont(path) for path in (root / "lib/woozle/fonts").glob("*Regular.*")]
    assert not {letter for letter in letters if not any(ord(letter) in font.getBestCmap() for font in fonts)}
