"""What the first screen and the notes say of cases that they were not written for, each small enough to draw on paper."""

import html
import re

import pytest

import tiny
from woozle import measure
from woozle.model.in_words import days_published, when_published
from woozle.model.opening import open_case
from woozle.notebook import Summary, Teller, notes, table
from woozle.notebook.study import Study
from woozle.notebook.words import with_labels
from woozle.text import duration

FALSE = {"said_by": "actor_state", "modality": "announced", "certainty": "certain", "accuracy": "false"}
CHECK = {"stance": "debunks", "modality": "none", "accuracy": "accurate"}


def study(shown_by="a"):
    texts = {"title": "T", "claim": "It is so.", "question": "How?", "truth": "It is not.", "shown_by": shown_by}
    return Study(**texts, authors=("Somebody",), slots=(), date=None, folder=None)


def said(cascade, shown_by="a"):
    """Return the first screen as plain text."""
    return html.unescape(Summary(study(shown_by), Teller(cascade))._repr_mimebundle_()["text/plain"])


def plain(words):
    return html.unescape(words.markdown)


def test_a_case_that_is_false_from_the_start_says_so_and_who_said_it(tmp_path):
    told = said(tiny.case(tmp_path, "a>b", dict.fromkeys("ab", FALSE), {"a": "2024-06-01"}).cascade())
    assert "False from the start: A said so on 1 June 2024" in told
    assert "None that could be known" not in told
    assert "turned" not in told


def test_the_turn_names_what_changed_and_how_many_go_back_to_it(tmp_path):
    """a forecasts; b puts it into the state's mouth, c and d repeat b; e forecasts too."""
    days = {"a": "2024-06-01", "b": "2024-06-02"}
    told = said(tiny.case(tmp_path, "a>b b>c b>d a>e", dict.fromkeys("bcd", FALSE), days).cascade())
    assert "5 documents told the story in some form. 3 did so falsely." in told
    assert "It turned with B, 2 June 2024, which had it from A." in told
    assert "who said it (official → actor_state); how real (expected → announced)" in told
    assert "All of the 3 false ones go back to it" in told


def test_a_turn_that_nobody_followed_is_no_headline(tmp_path):
    """b is first (2 June) and led to nothing; c, of 4 June, has d and e below it."""
    days = {"a": "2024-06-01", "b": "2024-06-02", "c": "2024-06-04"}
    told = said(tiny.case(tmp_path, "a>b a>c c>d c>e", dict.fromkeys("bcde", FALSE), days).cascade())
    became = told.split("Where it became false.")[1]
    assert became.strip("* ").startswith("Most false ones, 3 of 4, go back to C")
    assert "Nobody is known to have it from there" in became


def test_with_several_candidates_each_has_its_share(tmp_path):
    """b turns on one of two days; x, without a source, is false on the same days."""
    days = {"a": "2024-06-01", "b": "2024-06-03/2024-06-04", "x": "2024-06-03/2024-06-04"}
    told = said(tiny.case(tmp_path, "a>b", {"b": FALSE, "x": FALSE}, days).cascade())
    shares = re.search(r"Of 1,000 draws of possible dates, the first was (.*) in (\d+) and (.*) in (\d+)\.", told)
    assert {shares[1], shares[3]} == {"B", "X (source not known)"}
    assert int(shares[2]) + int(shares[4]) == 1000


def test_a_false_version_that_is_surely_older_is_told_as_older(tmp_path):
    days = {"a": "2024-06-01", "b": "2024-06-05", "x": "2024-06-03"}
    told = said(tiny.case(tmp_path, "a>b", dict.fromkeys("bx", FALSE), days).cascade())
    assert "X had it false before that" in told
    assert "perhaps" not in told.lower()


def test_one_doubtful_hop_that_decides_who_leads_is_told(tmp_path):
    """Below a: b with c, and e; the hop to b holds with 0.6. Below x: y and z. Without it a has one left, b one, x two."""
    tables = tiny.tables("a>b b>c a>e x>y x>z")
    for row in tables["citations"]:
        if row["citing"] == "b":
            row["confidence"] = "0.6"
    cascade = tiny.open_case(tiny.write(tmp_path / "data" / "tiny", tables)).cascade()
    told = said(cascade)
    assert "Without A → B, X leads with 2; with it, A with 3" in told
    assert "held 60% probable" in told


def test_nothing_stands_where_there_is_nothing(tmp_path):
    """Four documents, one root, no correction, nothing false, nothing inferred, all seen on the page."""
    cascade = tiny.case(tmp_path, "a>b a>c b>d", days={"a": "2024-06-01"}).cascade()
    tell = Teller(cascade)
    told = [said(cascade)] + [
        plain(words(tell))
        for words in (notes.collection, notes.lone_roots, notes.independence, notes.reach, notes.corrections,
                      notes.corrected_outlets, notes.removals, notes.read_as_of, notes.unknowns)
    ]  # fmt: skip
    for text in told:
        assert not re.search(r"(?<![\d.,])0 (of|more|other|outlet|document|hop|correction)", text), text
        assert not re.search(r"\bNone\.", text), text
        assert "{" not in text
    assert str(table(tell, measure.corrections)) == ""
    assert notes.corrections(tell).markdown.startswith("No document of this case corrects it")


def test_false_outlets_and_those_that_told_a_forecast_as_one_are_told_apart(tmp_path):
    """b is false; c forecasts; k corrects in the paper of c; a is an official, who is no outlet."""
    versions = {"b": FALSE, "k": CHECK}
    tables = tiny.tables(
        "a>b a>c b>k:debunks", versions, outlets={**tiny.own_outlets("ab"), "c": "paper_c", "k": "paper_c"}
    )
    vocabularies = {**tiny.VOCABULARIES, "outlet_kind": tiny.terms("news", "official", role=[None, "no_publisher"])}
    next(row for row in tables["outlets"] if row["id"] == "paper_a")["kind"] = "official"
    folder = tiny.write(tmp_path / "data" / "tiny", tables, vocabularies=vocabularies)
    tell = Teller(tiny.open_case(folder).cascade())
    told = plain(notes.corrected_outlets(tell))
    assert "Of 1 outlet that published a false version, none also published a correction" in told
    assert "1 other outlet published the claim in a form that is not shown to be false" in told
    assert "1 of them published a correction" in told
    assert tell.plain("{outlets}, {false_outlets}") == "2, 1"


def test_a_negative_time_is_explained(tmp_path):
    """The check answers the forecast on 2 June; b turns it on 5 June."""
    days = {"a": "2024-06-01", "b": "2024-06-05", "k": "2024-06-02"}
    told = plain(
        notes.corrections(Teller(tiny.case(tmp_path, "a>b a>k:debunks", {"b": FALSE, "k": CHECK}, days).cascade()))
    )
    assert "The first correction came before the turn" in told


def test_corrections_are_shown_by_their_stance(tmp_path):
    tell = Teller(tiny.case(tmp_path, "a>k:debunks", {"k": CHECK}).cascade())
    assert table(tell, measure.corrections).frame["stance"].to_list() == ["debunks"]


def test_an_unnamed_source_known_through_another_is_not_first_hand(flagship):
    from woozle.measure import root_origins

    found = root_origins(flagship.cascade()).loc["rok_official"]
    assert found[["speaks", "first_hand", "why"]].to_list() == [True, False, "through another"]


def test_a_fact_known_by_a_repost_carries_its_mark_on_the_first_screen(flagship, monkeypatch):
    from woozle.pictures import LATER, MARKED

    monkeypatch.setenv(LATER, "1")  # as where a report is built
    marked = Summary(study("nknews"), Teller(flagship.cascade()))._repr_mimebundle_()[MARKED]
    shown_by = re.sub(r"</?a[^>]*>", "", marked).split("shown by NK News")[1][:40]
    assert '<i class="second"' in shown_by


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0.1, "6 minutes"),
        (1, "1 hour"),
        (17_614, "2 years"),
        (-36, "−36 hours"),
        (24 * 90, "3 months"),
        (0, "0 minutes"),
    ],
)
def test_time_spans_have_the_unit_that_people_take(hours, words):
    assert duration(hours) == words


def test_a_day_is_told_as_in_the_place_of_the_outlet(tmp_path):
    """29 August, 00:30 in Seoul is 28 August in UTC; a day of Seoul stays that day; an outlet of the US has several."""
    days = {"a": "2024-08-29T00:30+09:00", "b": "2024-08-29", "c": "2024-08-30~", "d": "2024-08-30T23:00-04:00"}
    tables = tiny.tables("a>b b>c a>d", days=days, outlets={"a": "seoul", "b": "seoul", "c": "seoul", "d": "us"})
    for row in tables["outlets"]:
        row |= {"seoul": {"country": "KR", "time_zone": "Asia/Seoul"}, "us": {"country": "US", "time_zone": ""}}.get(
            row["id"], {}
        )
    case = tiny.open_case(tiny.write(tmp_path / "data" / "tiny", tables))
    here, there = case.cascade(), case.cascade(time_zone="UTC")
    assert when_published(here, "a") == "29 August 2024, 00:30 (Seoul time)"
    assert [days_published(here, name) for name in "abcd"] == [
        "29 August 2024", "29 August 2024", "between 29 and 31 August 2024", "30 August 2024",
    ]  # fmt: skip
    assert when_published(there, "a") == "28 August 2024, 15:30 (UTC)"
    assert days_published(there, "b") == "28 or 29 August 2024"
    assert when_published(here, "d") == "30 August 2024, 23:00 (UTC-4)"


def test_who_is_known_only_through_another_is_told_as_that_one_has_it(tmp_path):
    tables = tiny.tables("a>b", dict.fromkeys("ab", FALSE), {"a": "2024-06-01"})
    for name in ("documents", "claims"):
        tables[name][0] |= {"seen": "quoted", "seen_in": "b"}
    told = said(open_case(tiny.write(tmp_path / "tiny", tables)).cascade())
    assert "A said so on 1 June 2024, the earliest that we know of, as B has it." in told


def test_documents_whose_words_are_not_known_are_counted_apart_on_the_first_screen(tmp_path):
    told = said(tiny.case(tmp_path, "a>b b>c c>d", {"b": FALSE, "c": None}).cascade())
    assert "4 documents told the story in some form. 1 did so falsely. We do not know the words of 1" in told


def test_an_extreme_is_told_as_one(tmp_path):
    tables = tiny.tables("a>b a>c")
    tables["citations"][0]["confidence"] = "0.5"
    told = said(open_case(tiny.write(tmp_path / "tiny", tables)).cascade())
    assert "Others with the claim (2 documents) can be traced to A, if every link holds; 1 to 2 in nine tenths" in told


def test_a_word_of_a_note_that_is_also_an_id_stays_a_word(flagship):
    assert with_labels(flagship, "by express post (express); see daily_mail") == (
        "by express post (Daily Express); see Daily Mail"
    )


def test_later_events_stand_in_the_order_of_their_dates_and_in_words(flagship):
    days = table(Teller(flagship.cascade("2024-06-20")), measure.later_events).frame["date"].to_list()
    assert not [day for day in days if re.search(r"\d{4}-\d", day)]
    assert days.index("21 June 2024") < days.index("27 June 2024")
