"""The workbench: what hangs on a document is what the measures say, at any moment."""

import json
import re

import pytest

import tiny
import woozle
from woozle import measure
from woozle.errors import ParameterError
from woozle.notebook.workbench import below_by_document, explore


@pytest.mark.parametrize("as_of", ["2024-06-26", "2024-06-28", "latest"])
def test_what_rests_on_a_document_by_a_moment_is_what_the_cascade_says(flagship, as_of):
    """The lists are made once, of the whole case; filtered by time they give what a cascade as of then gives."""
    then = flagship.cascade(as_of=as_of)
    below, spans = below_by_document(flagship.cascade()), flagship.cascade().spans
    dominated = measure.immediate_dominators(then)["dominated"]
    for name in then.carriers:
        out = [(other, cut) for other, cut in below[name] if spans[other].earliest <= then.moment]
        assert {other for other, _ in out} == set(then.descendants(name))
        assert sum(cut for _, cut in out) == dominated[name]


def test_it_begins_with_the_turn_or_where_one_asks(flagship):
    assert explore(flagship).start == "pentagon_question"
    assert explore(flagship, "isw").start == "isw"
    with pytest.raises(ParameterError, match="no document 'iws'"):
        explore(flagship, "iws")


def test_a_document_has_its_translation_its_original_and_its_page(flagship):
    documents = {document["id"]: document for document in explore(flagship).data["documents"]}
    found, claims = documents["tvchosun"], flagship.claims.loc[("tvchosun", 1)]
    assert (found["words"], found["translation"]) == (claims["wording"], claims["translation"])
    assert found["translation"]
    assert found["url"] == flagship.documents["url"]["tvchosun"] != ""
    places = list(documents)
    assert [places[place] for place in found["parents"]] == ["rok_official"]


def test_it_is_the_same_each_time_and_small(flagship):
    shown = explore(flagship)._repr_mimebundle_()
    assert shown == explore(flagship)._repr_mimebundle_()
    assert len(shown["text/html"]) < 300_000
    assert '<img class="still"' in shown["text/html"]  # where nothing runs, it is a picture


def test_a_case_without_a_turn_and_without_hops_can_be_explored(tmp_path):
    case = tiny.case(tmp_path, "", {"a": {}})
    assert explore(case).start == "a"


def test_a_large_case_is_drawn_no_higher_than_a_screen_or_two(tmp_path):
    hops = " ".join(f"d{n // 3}>d{n}" for n in range(1, 300))
    data = explore(tiny.case(tmp_path, hops)).data
    assert data["row"] * len(data["documents"]) < 1800


def test_hostile_texts_run_nothing_in_it(tmp_path):
    import hostile

    body = explore(woozle.open(hostile.make(tmp_path)))._repr_mimebundle_()["text/html"]
    scripts = re.findall(r"<script[^>]*>", body)
    assert scripts == ['<script type="application/json">', "<script>"]
    data = body.partition('<script type="application/json">')[2].partition("</script>")[0]
    assert "<" not in data
    assert all(not document["url"] or document["url"].startswith("http") for document in json.loads(data)["documents"])


def test_the_workbench_tells_days_in_the_zone_of_its_study(tmp_path):
    from woozle.report.scaffold import new_study

    case = tiny.case(tmp_path, "a>b", dict.fromkeys("ab"), {"a": "2024-06-01T20:00Z", "b": "2024-06-02T20:00Z"})
    new_study(case)
    path = tmp_path / "case_studies" / "tiny" / "case.yaml"
    path.write_text(path.read_text("utf-8") + "time_zone: Asia/Seoul\n", "utf-8")
    shown = json.dumps(explore(case).data, ensure_ascii=False)
    assert "05:00" in shown
    assert {one["coding"] for one in explore(case).data["documents"]} == {"not coded"}
