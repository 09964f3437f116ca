"""The report in a real browser: every chart drawn, nothing asked of any network, nothing on the console."""

import pytest
from playwright.sync_api import sync_playwright

from woozle.locate import EVIDENCE_PAGE, PAGE

pytestmark = pytest.mark.browser
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser(chromium):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


def opened(browser, report, width=1200, name="", **options):
    """Open a page, of a report its evidence if no other is named, and wait for its charts."""
    name = name or (EVIDENCE_PAGE if (report / EVIDENCE_PAGE).is_file() else PAGE)
    page = browser.new_page(viewport={"width": width, "height": 900}, **options)
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto((report / name).as_uri())
    if options.get("java_script_enabled", True):
        charts = page.locator("figure.chart").count()
        page.wait_for_function(f"document.querySelectorAll('figure.chart.drawn').length === {charts}", timeout=300_000)
    return page


@pytest.mark.parametrize(("name", "charts"), [(EVIDENCE_PAGE, 7), (PAGE, 4), ("flagship", 11)])
def test_every_chart_is_drawn_without_a_request_or_a_message(browser, report, name, charts):
    name = "dprk_troops_2024-report.html" if name == "flagship" else name
    page = opened(browser, report, name=name)
    assert page.locator("figure.chart").count() == charts
    for place in page.locator("figure.chart div.live.wide svg.marks").all():
        assert place.bounding_box()["width"] > 300
    assert page.said == []
    assert [url for url in page.asked if not url.startswith("data:")] == [(report / name).as_uri()]


def test_every_document_has_its_label_in_the_tree(browser, report, flagship):
    page = opened(browser, report)
    shown = page.locator("#family-tree div.wide svg text").all_text_contents()
    assert set(flagship.documents["label"]) <= set(shown)


def test_a_point_tells_about_its_document(browser, report):
    page = opened(browser, report)
    page.locator("#family-tree div.wide svg text", has_text="TV Chosun").first.hover()
    page.wait_for_selector("#vg-tooltip-element.visible")
    words = page.locator("#vg-tooltip-element").inner_text()
    assert "21 June 2024, 21:02" in words
    assert "page seen" in words


@pytest.mark.parametrize(("name", "tree"), [(EVIDENCE_PAGE, "family-tree"), (PAGE, "story-family-tree")])
def test_a_phone_gets_the_narrow_tree_and_no_sideways_scroll(browser, report, name, tree):
    page = opened(browser, report, width=400, name=name)
    assert page.locator(f"#{tree} div.narrow").is_visible()
    assert not page.locator(f"#{tree} div.wide").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 400


@pytest.mark.parametrize("width", [390, 800, 1400])
def test_a_story_fits_its_screen_and_begins_with_its_headline(browser, report, width):
    page = opened(browser, report, width=width, name=PAGE)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("h1.headline").bounding_box()["y"] < 120
    first = page.evaluate("[...document.querySelectorAll('main *')].find((e) => e.innerText).innerText")
    assert first.startswith("How a forecast")
    cut = "f => f.filter((e) => e.scrollWidth > e.clientWidth + 2).length"
    assert page.locator("figure.chart .frame").evaluate_all(cut) == 0
    if width == 390:
        assert page.evaluate("document.documentElement.scrollHeight") <= 12 * 844


def test_the_fonts_of_a_page_are_its_own(browser, report):
    """Korean words too: no letter of the story is left to the fonts of the system."""
    page = opened(browser, report, name=PAGE)
    session = page.context.new_cdp_session(page)
    for command in ("DOM.enable", "CSS.enable"):
        session.send(command)
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    for selector in ("h1.headline", "li.hop .original", "li.hop dd", "main > p", ".byline"):
        node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        assert fonts
        assert all(font["isCustomFont"] for font in fonts), (selector, fonts)


def test_without_scripts_the_pictures_stand_there(browser, report):
    page = opened(browser, report, java_script_enabled=False)
    for picture in page.locator("figure.chart img").all():
        assert picture.is_visible()
        assert picture.get_attribute("alt")


def test_the_policy_stops_what_is_put_in_later(browser, report, tmp_path):
    """A script that somebody writes into the page does not run."""
    page = (report / PAGE).read_text("utf-8").replace("</main>", "<script>document.title='owned'</script></main>")
    (tmp_path / EVIDENCE_PAGE).write_text(page, "utf-8")
    changed = opened(browser, tmp_path)
    assert changed.title() != "owned"
    assert any("Content Security Policy" in words for words in changed.said)
