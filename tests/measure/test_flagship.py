"""Figures of the flagship that were counted by hand on its tables, with the reasoning in words."""

from woozle.measure import (
    best_removals,
    circular_reports,
    correction_by_language,
    corrections,
    headline_intervals,
)


def test_how_many_second_sources_lead_back_to_the_first(flagship):
    """Read off citations.csv: fourteen documents that carry the claim cite two or three that carry it.

    Ukrainian News and the Express have the Pentagon's question and the answer to it. Online-News, the ISW, Gagadget and
    the unidentified British article have TV Chosun and the Pentagon's answer, which goes back to TV Chosun by the
    question. Pravda, UNN, Scandalist and AJU PRESS have TV Chosun and the ISW, which has it from there; the Ukrainian
    World Congress has all three. Quotidiano has the official and TV Chosun, HuffPost the answer and Kyiv Post, which has
    it by the Express. Only OstroV has two sources that do not meet: European Pravda and 'Naudittt'.
    """
    found = circular_reports(flagship.cascade())
    assert set(found["document"]) == {
        "ukranews_pentagon", "express", "online_news_it", "isw", "gagadget", "unknown_uk_article", "pravda_ua", "unn_isw",
        "scandalist", "aju_press", "uwc", "quotidiano", "huffpost_es",
    }  # fmt: skip
    assert set(found["kind"]) == {"back to the first"}


def test_what_was_surely_out_before_the_fact_check(flagship):
    """NK News: between 26 June 04:00 UTC (midnight in New York, where its day may begin) and naija247's repost.

    It names tvchosun, reuters_full, pentagon_question, express, kyiv_post, kyiv_independent, which therefore came
    before it, and by them rok_official; by the answer that it traces and the question at the State Department,
    pentagon_answer and state_question. By its time alone unn_pentagon (25 June, Kyiv) came before as well: ten.
    """
    found = corrections(flagship.cascade())
    assert found.loc["nknews", "surely_before"] == 10


def test_no_correction_but_in_english_and_finnish(flagship):
    """Three documents debunk: NK News and its repost in English, the forum in Finnish; nobody carried it in Finnish."""
    found = correction_by_language(flagship.cascade())
    assert found.index[found["corrections"] > 0].to_list() == ["en", "fi"]
    assert found.loc["fi", "carriers"] == 0
    assert (found["carriers"] > 0).sum() == 11  # en, ru, ko, uk, it, de, et, bg, pt, es, cs


def test_the_best_removal_below_the_broadcast_is_the_question(flagship):
    """Without the question: the answer, the question at the State Department, Fox News, and what has only these.

    Of the answer's readers seven have nothing else (UNN, EuroMaidan, European Pravda, Rider News, Kathimerini, Global
    Defense Corp, Lidovky); Ukrainian News and the Express have only the question and the answer; Global Gulag and the two
    Kyiv papers have the Express; HuffPost the answer and Kyiv Post. Sixteen; the ISW and others have TV Chosun as well.
    """
    found = best_removals(flagship.cascade(), keep=["tvchosun"])
    assert found[["removed", "cut_off"]].values.tolist() == [[("pentagon_question",), 3 + 7 + 2 + 3 + 1]]


def test_without_inferred_hops_five_documents_carry_it_less(flagship):
    """European Pravda, Fox News, the British article, the question at the State Department and the Kyiv Independent have
    no coded version; without the British article the back-translation is a root.
    """
    found = headline_intervals(flagship.cascade(), draws=20)
    assert found.loc["carriers", ["value", "coded_only"]].to_list() == [46, 41]
    assert found.loc["roots", ["value", "coded_only"]].to_list() == [4, 5]
