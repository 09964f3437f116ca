"""The pages for everybody: no violation of WCAG 2.2 AA that axe knows, reached by keyboard alone, read without scripts."""

import json
from pathlib import Path

import axe_playwright_python
import pytest
from test_report_page import browser, opened  # noqa: F401

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page):
    """Ask axe, which is put in through the debugger: the page's own policy would refuse it."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE})
    options = json.dumps({"runOnly": RULES})
    found = page.evaluate(f"axe.run(document, {options}).then((r) => r.violations)")
    return [(one["id"], one["impact"], [node["html"][:150] for node in one["nodes"][:3]]) for one in found]


@pytest.fixture(scope="module")
def front(report):
    from woozle.report.front import write_front

    return write_front(report.parent).parent


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    ("name", "width", "colours"),
    [
        ("index.html", 1500, "dark"),
        ("index.html", 390, "light"),
        pytest.param("evidence.html", 1500, "light", marks=SLOW),
        pytest.param("evidence.html", 390, "dark", marks=SLOW),
        pytest.param("index.html", 1500, "light", marks=SLOW),
        pytest.param("index.html", 390, "dark", marks=SLOW),
        pytest.param("evidence.html", 1500, "dark", marks=SLOW),
        pytest.param("evidence.html", 390, "light", marks=SLOW),
    ],
)
def test_axe_finds_nothing_on_the_report(browser, report, colours, width, name):  # noqa: F811
    page = opened(browser, report, width, name, color_scheme=colours)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
    assert violations(page) == []


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_on_the_front_page(browser, front, colours):  # noqa: F811
    page = opened(browser, front, name="index.html", color_scheme=colours)
    assert page.locator("ul.cards > li").count() == 1
    assert violations(page) == []


def test_axe_does_find_what_is_wrong(browser, report):  # noqa: F811
    page = opened(browser, report)
    page.evaluate("document.querySelector('figure.chart img').removeAttribute('alt')")
    page.evaluate("document.querySelector('figure.chart').classList.remove('drawn')")
    assert "image-alt" in [name for name, *_ in violations(page)]


def test_no_scripts_every_chart_is_a_picture_and_a_table(browser, report):  # noqa: F811
    page = opened(browser, report, java_script_enabled=False)
    for figure in page.locator("figure.chart").all():
        assert figure.locator("img").is_visible()
        assert figure.locator("details.rows table tr").count() > 2


def test_on_paper_every_chart_and_table_is_unfolded_and_nothing_is_cut(browser, report, tmp_path):  # noqa: F811
    page = opened(browser, report)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not(.code):not([open])").count() == 0
    for svg in page.locator("figure.chart div.live.wide svg.marks").all():
        assert svg.bounding_box()["width"] <= 1200
    assert not page.locator("nav.contents").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not(.code):not([open])").count() > 10


def test_everything_is_reached_by_keyboard(browser, report):  # noqa: F811
    page = opened(browser, report)
    reached = set()
    for _ in range(1200):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "(() => { const e = document.activeElement; if (e === document.body) return null;"
            "e.dataset.reached = 1; return e.localName + '.' + e.className })()"
        )
        if name is None:
            break
        reached.add(name)
    missed = page.evaluate(
        """[...document.querySelectorAll('a[href], button, summary, .frame, .scroll')]
           .filter((e) => e.checkVisibility() && !e.dataset.reached && !e.closest('details:not([open]) > :not(summary)'))
           .map((e) => e.outerHTML.slice(0, 100))"""
    )
    assert missed == []
    assert {"a.skip", "button.", "div.frame", "div.scroll"} <= reached


def test_a_link_to_a_row_opens_what_is_folded(browser, report):  # noqa: F811
    page = opened(browser, report)
    page.evaluate("location.hash = '#case-log-3'")
    page.wait_for_timeout(200)
    assert page.locator("#case-log-3").is_visible()
    page.evaluate("location.hash = '#figure-roots'")
    page.wait_for_timeout(200)
    assert page.locator("#figure-roots").is_visible()


def test_every_link_within_the_page_leads_somewhere_and_every_anchor_is_one(browser, report):  # noqa: F811
    page = opened(browser, report)
    lost = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map((a) => a.getAttribute('href').slice(1))"
        ".filter((id) => !document.getElementById(id))"
    )
    assert lost == []
    assert (
        page.evaluate(
            "(() => { const i = [...document.querySelectorAll('[id]')].map((e) => e.id); return i.length - new Set(i).size })()"
        )
        == 0
    )


def test_words_in_other_languages_are_marked(browser, report):  # noqa: F811
    page = opened(browser, report)
    marked = page.evaluate("[...new Set([...document.querySelectorAll('main [lang]')].map((e) => e.lang))]")
    assert {"ko", "ru", "bg", "es"} <= set(marked)
    korean = page.locator("main [lang=ko]").first.text_content()
    assert any("\uac00" <= letter <= "\ud7a3" for letter in korean)


def test_how_a_fact_is_known_is_said_in_words_too(browser, report):  # noqa: F811
    page = opened(browser, report)
    marks = {mark.get_attribute("title").split(" (")[0] for mark in page.locator("main i.second[title]").all()}
    assert {"repost seen", "quoted elsewhere"} <= marks
    assert page.locator("main i.page").count() > 50
    # nothing has been corrected since the data were first released, so that there is no † to explain
    assert page.locator("main .corrected").count() == 0


def test_the_theme_is_switched_by_hand(browser, report):  # noqa: F811
    page = opened(browser, report)
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#theme").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before


def test_the_pages_ask_for_nothing(browser, front):  # noqa: F811
    page = opened(browser, front, name="index.html")
    assert page.said == []
    assert [url for url in page.asked if not url.startswith("data:")] == [(front / "index.html").as_uri()]
