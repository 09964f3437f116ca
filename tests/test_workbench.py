"""The workbench: what hangs on a document is what the measures say, at any moment."""

import json

import pytest

import tiny
import woozle
from woozle import measure
from woozle.errors import ParameterError
from woozle.workbench import _below, explore


@pytest.mark.parametrize("as_of", ["2024-06-26", "2024-06-28", "latest"])
def test_what_rests_on_a_document_by_a_moment_is_what_the_cascade_says(flagship, as_of):
    """The table is made once, of the whole case; filtered by time it gives what a cascade as of then gives."""
    then = flagship.cascade(as_of=as_of)
    table = _below(flagship.cascade())
    out = table[table["from"] <= then.moment.timestamp() * 1000]
    dominated = measure.immediate_dominators(then)["dominated"]
    for name in then.carriers:
        own = out[out["document"] == name]
        assert set(own["below"]) == set(then.descendants(name))
        assert int(own["cut"].sum()) == dominated[name]


def test_it_begins_with_the_turn_or_where_one_asks(flagship):
    assert explore(flagship).start == "pentagon_question"
    assert explore(flagship, "isw").start == "isw"
    with pytest.raises(ParameterError, match="no document 'iws'"):
        explore(flagship, "iws")


def test_its_chart_is_valid_and_the_same_each_time(flagship):
    spec = explore(flagship).live.to_dict()  # altair checks it against the grammar of Vega-Lite
    assert spec == explore(flagship).live.to_dict()
    assert len(json.dumps(spec)) < 400_000
    assert [p["name"] for p in spec["params"] if "bind" in p][:1] == ["step"]


def test_a_case_without_a_turn_and_without_hops_can_be_explored(tmp_path):
    case = tiny.case(tmp_path, "", {"a": {}})
    assert explore(case).start == "a"


def test_a_large_case_is_drawn_no_higher_than_a_screen_or_two(tmp_path):
    hops = " ".join(f"d{n // 3}>d{n}" for n in range(1, 300))
    spec = explore(tiny.case(tmp_path, hops)).live.to_dict()
    assert spec["hconcat"][0]["height"] < 1800


def test_hostile_texts_run_nothing_in_it(tmp_path):
    import hostile

    bench = explore(woozle.open(hostile.make(tmp_path)))
    data, metadata = bench._repr_mimebundle_()
    assert "image/png" in data
    assert metadata["application/vnd.vegalite.v5+json"]["embed_options"]["actions"] is False
