"""Two small cases side by side, worked out on paper."""

import pytest

import tiny
from woozle import measure
from woozle.errors import ParameterError

HEARD = {"modality": "announced", "accuracy": "false", "basis": "z"}


@pytest.fixture
def cascades(tmp_path):
    """In one, b makes of a's forecast an announcement, which c copies; in two, b only attributes it to the paper."""
    one = tiny.case(
        tmp_path / "1", "a>b a>z b>c:reposts", {"b": HEARD, "c": HEARD, "z": {"stance": "debunks", "modality": "none"}}
    )
    two = tiny.case(tmp_path / "2", "a>b", {"b": {"said_by": "paper"}})
    return {"one": one.cascade(), "two": two.cascade()}


def test_the_typology_counts_hops_of_all_cases(cascades):
    found = measure.hop_typology(cascades)
    counts = found[["changed", "of", "cases", "changed_in"]].apply(tuple, axis=1).to_dict()
    assert counts[("attributes", "modality")] == (1, 2, 2, 1)
    assert counts[("attributes", "said_by")] == (1, 2, 2, 1)
    assert counts[("attributes", "slots")] == (0, 2, 2, 0)
    assert counts[("reposts", "modality")] == (0, 1, 1, 0)
    assert list(found.index.get_level_values("relation").unique()) == ["attributes", "reposts"]


def test_what_made_it_false(cascades):
    found = measure.compare_turns(cascades)
    assert found.loc["one", ["how", "parent", "document"]].to_list() == ["a hop", "A", "B"]
    assert found.loc["one", "made_by"] == ("told as a fact",)
    assert found.loc["two", "how"] == "no false version"


def test_a_case_wrong_from_the_start_has_no_hop(tmp_path):
    wrong = tiny.case(tmp_path, "a>b a>z", {"a": HEARD, "b": HEARD, "z": {"stance": "debunks", "modality": "none"}})
    found = measure.compare_turns({"wrong": wrong.cascade()})
    assert found[["how", "document"]].values.tolist() == [["false from the start", "A"]]


def test_kinds_of_change_by_case(cascades):
    found = measure.change_kinds(cascades)
    assert found.loc["told as a fact"].to_dict() == {"one": 1, "two": 0, "cases": 1}
    assert found.loc["upgraded source"].to_dict() == {"one": 0, "two": 1, "cases": 1}


def test_headlines_stand_beside_each_other(cascades):
    found = measure.compare_headlines(cascades, draws=20)
    assert found.loc["told_as_fact", "value"].to_dict() == {"one": 1.0, "two": 0.0}
    assert found.loc["told_as_fact", "share"].to_dict() == {"one": 0.5, "two": 0.0}
    assert found.loc["woozle_index", "share"].isna().all()


def test_a_tree_is_set_beside_trees_of_its_size(cascades):
    found = measure.compare_shapes(cascades, draws=200)
    # Three documents in a line: half of all random trees of three are one.
    assert found.loc[("one", "depth"), ["size", "value", "low", "high"]].to_list() == [3, 2, 1, 2]
    assert not found["outside"].any()


def test_nothing_to_compare_is_said():
    with pytest.raises(ParameterError, match="none is given"):
        measure.hop_typology({})
