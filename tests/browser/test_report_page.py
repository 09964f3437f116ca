"""The report in a real browser: every chart drawn, nothing asked of any network, nothing on the console."""

import pytest
from playwright.sync_api import sync_playwright

from woozle.report.run import PAGE

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


def opened(browser, report, width=1200, **options):
    page = browser.new_page(viewport={"width": width, "height": 900}, **options)
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto((report / PAGE).as_uri())
    if options.get("java_script_enabled", True):
        charts = page.locator("figure.chart").count()
        page.wait_for_function(f"document.querySelectorAll('figure.chart.drawn').length === {charts}", timeout=30_000)
    return page


def test_every_chart_is_drawn_without_a_request_or_a_message(browser, report):
    page = opened(browser, report)
    assert page.locator("figure.chart").count() == 7
    for place in page.locator("figure.chart div.live.wide svg.marks").all():
        assert place.bounding_box()["width"] > 300
    assert page.said == []
    assert [url for url in page.asked if not url.startswith("data:")] == [(report / PAGE).as_uri()]


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


def test_a_phone_gets_the_narrow_tree_and_no_sideways_scroll(browser, report):
    page = opened(browser, report, width=400)
    assert page.locator("#family-tree div.narrow").is_visible()
    assert not page.locator("#family-tree div.wide").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 400


def test_without_scripts_the_pictures_stand_there(browser, report):
    page = opened(browser, report, java_script_enabled=False)
    for picture in page.locator("figure.chart img").all():
        assert picture.is_visible()
        assert picture.get_attribute("alt")


def test_the_policy_stops_what_is_put_in_later(browser, report, tmp_path):
    """A script that somebody writes into the page does not run."""
    page = (report / PAGE).read_text("utf-8").replace("</main>", "<script>document.title='owned'</script></main>")
    (tmp_path / PAGE).write_text(page, "utf-8")
    changed = opened(browser, tmp_path)
    assert changed.title() != "owned"
    assert any("Content Security Policy" in words for words in changed.said)
