"""Sentences and tables: figures from the data, and hostile text stays text."""

import pytest
from nbconvert.filters import markdown2html

import tiny
from woozle.measure import resting_on
from woozle.notebook import Table, Teller, first_row
from woozle.notebook.words import UnknownNameError
from woozle.page.prose import Outline
from woozle.text import visible

HOSTILE = [
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "]]>",
    "[link](javascript:alert(1))", "![x](http://127.0.0.1/x.png)", "$x$ $$y$$ \\(z\\)", "{{ 7*7 }} {% x %}", "`code` *b* _i_ ~~s~~",
    "https://example.org www.example.org a@example.org", "1. list", "- item", "# heading", "a | b | c", "&lt;b&gt; &#60;b&#62;",
    '"quoted" \'single\'', "\\begin{x}", "<!-- comment -->", "abc\u202edef", "=1+1", "toString", "datum.x", "expr:alert(1)",
]  # fmt: skip


@pytest.fixture
def small(tmp_path):
    # a (2 June) -> b (3 June) -> c (9 June)
    days = {"a": "2024-06-02", "b": "2024-06-03", "c": "2024-06-09"}
    return tiny.case(tmp_path, "a>b b>c", {"c": {"modality": "announced"}}, days)


def test_figures_and_documents_stand_in_sentences(small):
    tell = Teller(small.cascade())
    assert tell.plain("{carriers:document}, {roots:root}; {c.label} of {c.days}: {c.modality}, {more}", more=1) == (
        "3 documents, 1 root; C of 9 June 2024: announced, 1"
    )
    assert tell.plain("{countries:country|countries}") == "1 country"
    assert tell.plain("{top_root.label}") == "A"


def test_a_date_stands_in_a_sentence_whatever_is_known_of_it(tmp_path):
    days = {"a": "2024-06", "b": "2024-07-03/2024-07-09", "c": "2024-07-12"}
    tell = Teller(tiny.case(tmp_path, "a>b b>c", days=days).cascade())
    assert tell.plain("Out on {a.days}.") == "Out in June 2024."
    assert tell.plain("Out on {b.days}.") == "Out between 3 and 9 July 2024."
    assert tell.plain("Out on {c.days}.") == "Out on 12 July 2024."


def test_a_figure_with_its_uncertainty(small):
    tell = Teller(small.cascade())
    assert tell.plain("{carriers.range} of {carriers.of}") == "3 documents of 3"
    assert tell.plain("{half_h.driver}") == "dates"
    low, high = (float(end) for end in tell.plain("{half_h.range}").split("90 %: ")[1].strip(")").split(" to "))
    assert 0 <= low < high <= 48  # b is one day after a, each known to the day
    assert tell.plain("{?first_correction_h.range} Never told.\n\nTold.") == "Told."


def test_the_first_row_in_words(small):
    from woozle.measure import conversions, doubtful_hops

    cascade = small.cascade()
    assert first_row(conversions(cascade), cascade)["parent"] == "B"
    assert set(first_row(doubtful_hops(cascade), cascade).values()) == {""}


def test_what_was_not_out_is_not_told(small):
    tell = Teller(small.cascade(as_of="2024-06-04"))
    assert tell("First {a.label}.\n\nThen {c.label}.").markdown == "First A."
    assert tell("Then {c.label}.").markdown.startswith("*By then")
    assert tell("{?told_as_fact} {told_as_fact} facts.\n\nSo it was.").markdown == "So it was."


@pytest.mark.parametrize(
    ("text", "says"), [("{carrier}", "Did you mean 'carriers'"), ("{a.lable}", "Did you mean 'label'")]
)
def test_a_wrong_name_says_what_is_meant(small, text, says):
    with pytest.raises(UnknownNameError, match=says):
        Teller(small.cascade())(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_sentences(small, text):
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        tags, text = (), ""

        def handle_starttag(self, tag, attrs):
            self.tags = (*self.tags, tag)

        def handle_data(self, data):
            self.text += data

    for sentence in ("{evil} and so on", "He said {evil}"):
        for to_html in (markdown2html, Outline().html):  # as a notebook shows it, and as the page does
            reader = Reader()
            reader.feed(to_html(Teller(small.cascade())(sentence, evil=text).markdown))
            assert reader.tags == ("p",)
            assert " ".join(visible(text).split()) in " ".join(reader.text.split())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_tables(tmp_path, text):
    from html import escape

    tables = tiny.tables("a>b")
    tables["documents"][0]["label"] = text[:40].strip()
    case = tiny.open_case(tiny.write(tmp_path / "data" / "tiny", tables))
    shown = Table(resting_on(case.cascade()), case.cascade(), "Caption.", ["root", "others"])
    page = shown._repr_mimebundle_()["text/html"]
    assert escape(visible(text[:40].strip()), quote=False) in page
    assert "<script" not in page
    assert "<img" not in page


def test_an_empty_table_shows_nothing(small):
    shown = Table(resting_on(small.cascade()).head(0), small.cascade(), "Roots.", ["root"])
    assert "text/html" not in shown._repr_mimebundle_()
    assert str(shown) == ""


def test_words_in_another_language_are_marked_in_prose_too(flagship):
    from woozle.notebook import Teller

    told = Teller(flagship.cascade())("{huffpost_es.label}: “{huffpost_es.wording}”.").marked
    assert '<span lang="es" dir="auto">ha anunciado a principios de esta semana</span>' in told
