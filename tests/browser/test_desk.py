"""The coding desk in JupyterLab: five documents are coded by keyboard alone, each step is on the disk, axe finds nothing."""

import json
from pathlib import Path

import pytest
from test_access import AXE
from test_lab import PATIENCE, lab, page  # noqa: F401

import woozle
from woozle.desk import view
from woozle.desk.session import Session
from woozle.formats.gather import gather
from woozle.formats.importing import plan
from woozle.report.scaffold import new_case

pytestmark = pytest.mark.browser
TEXT = "Shoppers queued. The ministry said that salt protects from radiation. Nobody would confirm it."


@pytest.fixture
def folder(lab, tmp_path):  # noqa: F811
    rows = "".join(
        f'{n},Salt {n},Paper {n},2011-03-1{n}T09:00:00Z,"{TEXT} ({n})",{n - 1 if n == 3 else ""}\n' for n in range(1, 7)
    )
    (tmp_path / "list.csv").write_text("Nr,Title,Outlet,Date,Text,Cites\n" + rows, "utf-8")
    folder = new_case("salt", "Salt", "Salt protects.", home=tmp_path)
    plan(folder, gather([tmp_path / "list.csv"])).write()
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": [],
            "source": 'import woozle\n\nwoozle.desk("salt", coder="ab")'}  # fmt: skip
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "desk.ipynb").write_text(json.dumps(notebook), "utf-8")
    return folder


def open_desk(page, lab):  # noqa: F811
    page.goto(f"{lab}/desk.ipynb?token=woozle&reset")
    page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell")
    page.wait_for_function("jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'")
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_selector(".wz-desk .wz-list li")
    page.locator(".wz-desk").focus()


def said(page, words):  # noqa: F811
    page.wait_for_function(f"document.querySelector('.wz-head').innerText.includes({words!r})", timeout=PATIENCE * 1000)


def test_five_documents_are_coded_by_keyboard_alone(page, lab, folder):  # noqa: F811
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    open_desk(page, lab)
    press = page.keyboard.press
    for number in range(1, 6):
        press("s")
        press("2")  # passes on
        page.wait_for_selector('[data-at="stance-relays"][aria-checked="true"]')
        press("t")
        press("ArrowRight")
        press("ArrowRight")
        for _ in range(7):
            press("Shift+ArrowRight")
        press("w")
        page.wait_for_selector(".wz-words .kept")
        press("m")
        press("8")  # occurred
        page.wait_for_selector('[data-at="modality-occurred"][aria-checked="true"]')
        press("b")
        if number == 2:  # a term that there is not yet is made on the spot
            page.keyboard.type("the ministry")
            press("Enter")
            page.keyboard.type("the ministry of health, by its press office")
            press("Tab")
            page.keyboard.type("state")
            press("Tab")
            press("Enter")
            page.wait_for_function(
                "[...document.querySelectorAll('datalist option')].some((o) => o.value === 'the ministry')"
            )
        else:
            page.keyboard.type("a government")
            press("Enter")
        press("Escape")
        press("y")
        press("3")  # certain
        said(page, f"{number} of 6 coded")
        if number > 3:
            press("c")
            page.keyboard.type(f"salt {number - 1}")
            press("Enter")
            page.wait_for_selector(f"text=Paper {number - 1} · cites")
            press("Escape")
        press("n")
        page.wait_for_selector(f'.wz-text h3:text-is("Salt {number + 1}")')
    opened = woozle.open(folder)
    assert set(opened.claims["stance"]) == {"relays"}
    assert sorted(opened.claims["said_by"]) == [*["government"] * 4, "the_ministry"]
    term = opened.vocabularies["said_by"].terms["the_ministry"]
    assert (term["description"], term["class"]) == ("the ministry of health, by its press office", "state")
    assert opened.claims["wording"].iloc[0] == "The ministry said that salt protects from radiation."
    assert len(opened.citations) == 3
    press("u")
    said(page, "Undone")
    assert len(woozle.open(folder).citations) == 2
    assert page.evaluate("jupyterapp.shell.currentWidget.content.widgets.length") == 1  # no key went to the notebook
    page.evaluate(AXE)
    found = page.evaluate(
        "axe.run('.wz-desk').then((r) => r.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))"
    )
    assert found == []
    assert errors == []


def test_the_desk_needs_nothing_of_jupyterlab(page, folder):  # noqa: F811
    """A bare page with a model as anywidget gives it, which is what other notebooks have: it draws, and says what is done."""
    session = Session(folder, "ab")
    first = next(iter(session.rows["documents.csv"]))[0]
    values = {"terms": view.vocabularies(session), "overview": view.overview(session), "note": {},
              "shown": view.document(session, first, "1", [])}  # fmt: skip
    code = (Path(view.__file__).parent / "widget.js").read_text("utf-8")
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_content("<!doctype html><html lang=en><body><div id=el></div></body></html>")
    page.evaluate(
        """async ([code, values]) => {
            window.said = [];
            window.on = {};
            const model = { get: (name) => values[name], set() {}, save_changes() {}, on: (name, call) => { window.on[name] = call; }, off() {},
                            send: (told) => window.said.push(told) };
            const module = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
            module.default.render({ model, el: document.getElementById("el") });
        }""",
        [code, values],
    )
    assert page.locator(".wz-list li").count() == 6
    page.locator(".wz-desk").focus()
    page.keyboard.press("s")
    page.keyboard.press("2")
    assert page.evaluate("window.said") == [{"do": "code", "field": "stance", "value": "relays"}]
    # Something arrives while one types: letters and their place stay.
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    for begun, ended in (("the mini", "stry"), ("of health", ", by its office")):
        page.keyboard.type(begun)
        page.evaluate("for (const name of ['change:overview', 'change:shown', 'change:terms']) window.on[name]()")
        page.keyboard.type(ended)
        assert page.evaluate("document.activeElement.value") == begun + ended
        page.keyboard.press("Enter" if begun == "the mini" else "ArrowLeft")
    page.evaluate("window.on['change:shown']()")
    page.keyboard.type("!")
    assert page.evaluate("document.activeElement.value") == "of health, by its offic!e"
    assert errors == []
