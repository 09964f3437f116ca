"""The story of a case: its path, its cards, its head, and where its sentences lead; on cases small enough to draw."""

import ast
import html
import re
from datetime import date

import nbformat
import pandas as pd
import pytest

import tiny
import woozle
from woozle.errors import CaseError, UnknownDocumentError
from woozle.measure import story_path
from woozle.model.opening import open_case
from woozle.notebook import Teller, opening
from woozle.notebook.study import Study, StudyError, open_study

FALSE = {"said_by": "actor_state", "modality": "announced", "certainty": "certain", "accuracy": "false"}
CHECK = {"stance": "debunks", "modality": "none", "accuracy": "accurate"}
DAYS = {"a": "2024-06-01", "b": "2024-06-02", "c": "2024-06-03", "d": "2024-06-05"}


def four(tmp_path):
    """A forecast, a turn, what came of it, and its correction: four documents."""
    return tiny.case(tmp_path, "a>b b>c b>d:debunks", {"b": FALSE, "c": FALSE, "d": CHECK}, DAYS)


def study(**texts):
    facts = {"title": "T", "claim": "C", "question": "Q?", "truth": "It is not so.", "shown_by": "d"}
    return Study(**facts, authors=("Somebody",), slots=(), date=date(2026, 1, 2), folder=None, **texts)


def test_the_path_leads_from_the_root_over_the_turn_to_the_end_and_the_correction(tmp_path):
    assert story_path(four(tmp_path).cascade()) == ["a", "b", "c", "d"]


def test_from_the_turn_on_the_path_goes_where_most_false_versions_lie(tmp_path):
    """b has two below it by way of y, and x alone beside."""
    found = tiny.case(tmp_path, "a>b b>x b>y y>z", dict.fromkeys("bxyz", FALSE), {"a": "2024-06-01", "b": "2024-06-02"})
    assert story_path(found.cascade()) == ["a", "b", "y", "z"]


def test_a_case_that_is_false_from_the_start_has_a_path_without_a_turn(tmp_path):
    found = tiny.case(tmp_path, "a>b b>c", dict.fromkeys("abc", FALSE), {"a": "2024-06-01"})
    shown = woozle.story(found.cascade())
    assert story_path(found.cascade()) == ["a", "b", "c"]
    assert "the turn" not in shown.body


def test_a_page_that_was_seen_and_is_not_quoted_was_seen(tmp_path):
    found = tiny.case(
        tmp_path,
        "a>b",
        {"a": FALSE | {"wording": ""}, "b": FALSE | {"wording": "", "seen": "named", "seen_note": "in a list"}},
        DAYS,
    )
    body = woozle.story(found.cascade(), path=["a", "b"]).body
    assert body.count("Its words are not quoted here") == 1
    assert body.count("The words were not seen") == 1


def test_documents_without_a_coded_version_are_passed_over_and_the_card_says_so(tmp_path):
    found = tiny.case(tmp_path, "a>b b>u u>c", {"b": FALSE, "u": None, "c": FALSE}, DAYS)
    assert story_path(found.cascade()) == ["a", "b", "c"]
    assert "by way of U" in woozle.story(found.cascade()).body


def test_a_case_in_which_nobody_states_the_claim_has_an_empty_story(tmp_path):
    coded = {"a": None, "b": {"stance": "context", "modality": "none"}}
    shown = woozle.story(tiny.case(tmp_path, "a>b", coded).cascade())
    assert (shown.body, shown._repr_mimebundle_()) == ("", {"text/plain": ""})


def test_as_of_an_early_moment_the_story_ends_there(tmp_path):
    shown = woozle.story(four(tmp_path).cascade("2024-06-01"), path=["a", "b", "c"])
    assert re.findall(r"document-(\w)", shown.body) == ["a"]


def test_a_card_names_what_changed_and_only_that(tmp_path):
    body = woozle.story(four(tmp_path).cascade()).body
    cards = body.split('<li class="hop')
    assert "official → <b>actor_state</b>" in cards[2]
    assert "expected → <b>announced</b>" in cards[2]
    assert "who</dt>" not in cards[2]  # engineers both times
    assert "<dl" not in cards[3]  # as the card above
    assert cards[2].startswith(" wrong")
    assert cards[4].startswith(" right")


def test_a_translation_stands_above_the_original_with_what_is_marked(tmp_path):
    tables = tiny.tables("a>b")
    tables["documents"][0]["language"] = "de"
    tables["claims"][0] |= {"wording": "wird erwartet", "translation": "is expected to", "marked": "expected"}
    body = woozle.story(open_case(tiny.write(tmp_path / "tiny", tables)).cascade()).body
    assert "“is <mark>expected</mark> to”" in body
    assert '<p class="original" lang="de" dir="auto">wird erwartet</p>' in body
    assert "our translation" in body


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"wording": "will send", "marked": "sends"}, "'sends' does not occur in wording."),
        ({"wording": "x", "translation": "will send", "marked": "x"}, "'x' does not occur in translation."),
        ({"translation": "will send"}, "'will send' translates nothing: wording is empty."),
    ],
)
def test_what_is_marked_must_occur_and_a_translation_needs_its_words(tmp_path, cells, told):
    tables = tiny.tables("a>b")
    tables["claims"][0] |= cells
    with pytest.raises(CaseError) as error:
        open_case(tiny.write(tmp_path / "tiny", tables))
    assert told in str(error.value)


def test_hostile_words_stay_words(tmp_path):
    tables = tiny.tables("a>b")
    tables["documents"][0]["label"] = "<script>x</script>"
    tables["claims"][0] |= {"wording": "<b onload=x>", "marked": "<b"}
    shown = woozle.story(open_case(tiny.write(tmp_path / "tiny", tables)).cascade(), between={"b": "<i>& {a.label}"})
    assert "<script" not in shown.body
    assert "<b onload" not in shown.body
    assert "<mark>&lt;b</mark>" in shown.body


def test_a_name_that_is_no_document_is_told(tmp_path):
    with pytest.raises(UnknownDocumentError, match="no document 'q'"):
        woozle.story(four(tmp_path).cascade(), path=["a", "q"])


def test_the_head_is_filled_from_the_data_and_leaves_out_what_is_empty(tmp_path):
    tiles = ({"number": "{false} of {carriers}", "means": "are false"}, {"number": "{d.after_b}", "means": "till then"})
    told = study(headline="{carriers.Word} told it", standfirst="By {a.label}.", tiles=tiles)
    shown = opening(told, Teller(four(tmp_path).cascade()))
    assert "Three told it" in re.sub(r"<[^>]*>", "", shown.body)
    assert re.findall(r'<li class="tile plain"><b>(.*?)</b>', re.sub(r"</?a[^>]*>", "", shown.body)) == [
        "2 of 3",
        "three days",
    ]
    early = opening(told, Teller(four(tmp_path).cascade("2024-06-02")))
    assert early.body.count('class="tile ') == 1  # the correction was not out


def test_the_head_says_what_is_claimed_and_what_is_true_once_that_is_written(tmp_path):
    from dataclasses import replace

    tell = Teller(four(tmp_path).cascade())
    assert "<dt>What is true</dt><dd>It is not so.</dd>" in opening(study(), tell).body
    assert "What is true" not in opening(replace(study(), truth="To write: what is true."), tell).body


def test_read_as_of_an_early_moment_the_head_says_that_its_text_was_written_later(tmp_path):
    assert "text written later" in opening(study(), Teller(four(tmp_path).cascade("2024-06-02"))).body
    assert "text written later" not in opening(study(), Teller(four(tmp_path).cascade())).body


def test_a_span_reaches_from_what_is_sure_to_what_counts_if_every_link_holds(tmp_path):
    """b has it from a for sure, c by a link that holds in half of all draws."""
    tables = tiny.tables("a>b a>c", days={name: DAYS[name] for name in "abc"})
    tables["citations"][1]["confidence"] = "0.5"
    tell = Teller(open_case(tiny.write(tmp_path / "data" / "tiny", tables)).cascade())
    assert tell.plain("{top_others.span} of {others}") == "1 to 2 of 2"


def test_a_correction_of_another_day_that_may_be_earlier_is_explained(tmp_path):
    """b is of 3 June in Alaska, d of 4 June in Tokyo: hours overlap, days do not."""
    outlets = tiny.own_outlets("abd")
    tables = tiny.tables("a>b a>d:debunks", {"b": FALSE, "d": CHECK}, {"b": "2024-06-03", "d": "2024-06-04"}, outlets)
    zones = {"paper_b": "America/Adak", "paper_d": "Asia/Tokyo"}
    for outlet in tables["outlets"]:
        outlet["time_zone"] = zones.get(outlet["id"], "UTC")
    tables["documents"][0]["published"] = "2024-06-01"
    cascade = open_case(tiny.write(tmp_path / "data" / "tiny", tables)).cascade()
    assert cascade.spans["d"].earliest < cascade.spans["b"].latest
    told = woozle.story(cascade, ["a", "b", "d"]).body
    assert "perhaps before the one above was out (their days are in different time zones)" in told


def test_faults_of_tiles_are_told(checkout):
    path = checkout / "case_studies" / "dprk_troops_2024" / "case.yaml"
    path.write_text(path.read_text("utf-8").partition("tiles:")[0] + "tiles:\n  - number: '1'\n    tone: loud\n")
    with pytest.raises(StudyError, match="key 'tiles', entry 1: it needs number and means"):
        open_study(woozle.open(checkout / "data" / "dprk_troops_2024"))


def test_every_link_of_the_story_leads_to_a_place_in_the_evidence_and_back(report):
    story, evidence = ((report / name).read_text("utf-8") for name in ("index.html", "evidence.html"))
    places = set(re.findall(r'\bid="([^"]+)"', evidence))
    led = re.findall(r'href="evidence\.html#([^"]+)"', story)
    assert len(led) > 40
    assert set(led) <= places
    back = re.findall(r'href="index\.html#([^"]+)"', evidence)
    assert len(back) > 4
    assert set(back) <= set(re.findall(r'\bid="([^"]+)"', story))
    assert "code</summary>" not in story


def test_one_file_holds_both_and_leads_nowhere_else(report):
    both = (report / "dprk_troops_2024-report.html").read_text("utf-8")
    places = re.findall(r'\bid="([^"]+)"', both)
    assert len(places) == len(set(places))
    assert set(re.findall(r'href="#([^"]+)"', both)) <= set(places)
    assert not re.findall(r'href="(?:evidence|index)\.html', both)


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("evidence.ipynb", "evidence.ipynb"),
        ("comparison_evidence.ipynb", "comparison/evidence.ipynb"),
        ("collection.ipynb", "collection.ipynb"),
    ],
)
def test_the_shared_notebooks_of_a_checkout_are_those_of_the_library(root, kept, shown):
    """A checkout without such a notebook takes that of the library: it must be the same."""
    paths = (root / "lib" / "woozle" / "notebook" / "template" / kept, root / "case_studies" / shown)
    cells = [
        [(c.cell_type, c.source, c.metadata.get("tags") or []) for c in nbformat.read(p, as_version=4).cells]
        for p in paths
    ]
    assert cells[0] == cells[1]


@pytest.mark.parametrize("name", ["dprk_troops_2024", "jang_dogs_2013", "poland_missile_2022", "ual_bankruptcy_2008"])
@pytest.mark.parametrize(
    "share", [0.0, *(pytest.param(share, marks=pytest.mark.slow) for share in (0.2, 0.4, 0.6)), 0.8]
)
def test_a_story_reads_well_at_any_moment(root, name, share, monkeypatch):
    """No sentence of a story has a hole, a name in braces or a bare dash, whatever was out by then."""
    monkeypatch.chdir(root / "case_studies" / name)
    case = woozle.open(name)
    moments = pd.concat([case.documents["earliest"], case.documents["latest"]]).sort_values()
    as_of = moments.iloc[int(share * (len(moments) - 1))].isoformat()
    names: dict[str, object] = {}
    for cell in nbformat.read(f"{root}/case_studies/{name}/case_study.ipynb", as_version=4).cells:
        if cell.cell_type != "code" or cell.source.startswith("figures."):
            continue
        *before, last = ast.parse(cell.source).body
        exec(compile(ast.Module(before, []), "cell", "exec"), names)
        if not isinstance(last, ast.Expr):
            exec(compile(ast.Module([last], []), "cell", "exec"), names)
        else:
            found = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
            told = html.unescape(re.sub(r"<[^>]*>", "", found._repr_mimebundle_()["text/plain"]))
            assert not re.search(r"[{}]|\bnan\b|–\s*(?:of|documents)|\(\s*\)|  \.| ,|\bNone\b", told), told
            assert not re.search(r"\b1 (?:documents|outlets|countries|languages)\b", told), told
        if "parameters" in cell.metadata.get("tags", []):
            names["as_of"] = as_of
