"""A browser proves that no hostile text runs, and that all are shown."""

import re

import pytest
from test_report_page import browser, opened  # noqa: F401

import hostile
from woozle.text import visible

pytestmark = pytest.mark.browser


def words(text):
    return " ".join(text.split())


def test_nothing_runs_and_everything_is_shown(browser, hostile_report):  # noqa: F811
    page = opened(browser, hostile_report)
    assert page.evaluate("window.owned") is None
    assert page.said == []
    assert [url for url in page.asked if not url.startswith(("data:", "file:"))] == []
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
    page.wait_for_timeout(300)
    assert page.evaluate("window.owned") is None
    text = words(page.evaluate("document.body.innerText"))
    for string in [*hostile.STRINGS, hostile.LONG]:
        assert words(visible(string)) in text
    for string in hostile.STRINGS[:30]:  # in the tree, as labels
        label = words(visible(string[:40].strip()))
        shown = page.locator("#family-tree div.wide svg text").all_text_contents()
        assert any(words(one).rstrip("…").startswith(label[:20]) for one in shown), string


def test_no_element_and_no_attribute_comes_from_a_text(browser, hostile_report):  # noqa: F811
    page = opened(browser, hostile_report)
    tags = page.evaluate("[...new Set([...document.querySelectorAll('*')].map((e) => e.localName))]")
    assert {"iframe", "base", "textarea", "plaintext", "object", "embed"} & set(tags) == set()
    # the heading of the notebook has a formula; no text of the case becomes one
    assert page.locator("math").count() == 0
    story = opened(browser, hostile_report, name="index.html")
    assert set(story.locator("math").all_text_contents()) == {"x"}
    # vega-embed keeps an empty form for controls beside each chart
    assert page.locator("form:not(.vega-bindings)").count() == 0
    attributes = page.evaluate(
        "[...document.querySelectorAll('*')].flatMap((e) => [...e.attributes].map((a) => a.name + '=' + a.value))"
    )
    assert not [
        one
        for one in attributes
        if re.match(
            r"on\w+=|(href|src|xlink:href)=(?!data:|#|https?:|data/|index\.html|evidence\.html|hostile-report\.html)",
            one,
        )
    ]
    assert page.locator("h1").inner_text() == hostile.STRINGS[0]


@pytest.mark.slow
def test_the_csv_made_in_the_page_is_that_of_the_folder(browser, hostile_report):  # noqa: F811
    names = opened(browser, hostile_report).locator("a.csv").evaluate_all("links => links.map((a) => a.dataset.name)")
    assert len(names) > 20
    for place, name in enumerate(names):
        if place % 9 == 0:  # Chromium lets a page give ten files
            page = opened(browser, hostile_report)
            page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
        with page.expect_download() as waiting:
            page.locator(f'a.csv[data-name="{name}"]').click()
        assert waiting.value.suggested_filename == name
        with open(waiting.value.path(), encoding="utf-8", newline="") as file:
            made = file.read()
        assert made == (hostile_report / "data" / name).read_text("utf-8"), name


def test_a_tooltip_shows_text_and_runs_nothing(browser, hostile_report):  # noqa: F811
    page = opened(browser, hostile_report)
    for point in page.locator("#family-tree div.wide svg text").all()[10:40]:
        point.hover(force=True)
    page.wait_for_timeout(200)
    assert page.evaluate("window.owned") is None
    assert page.said == []
