"""JupyterLab in a real browser: notebooks open and run to their ends, charts are drawn live, the workbench reacts."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

import nbformat
import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import sync_playwright

pytestmark = pytest.mark.browser


NOTEBOOK = "case_studies/dprk_troops_2024/case_study.ipynb"
WORKBENCH = "case_studies/dprk_troops_2024/explore.ipynb"
START, EVIDENCE = "START_HERE.ipynb", "case_studies/evidence.ipynb"
PATIENCE = 300  # seconds; a machine may be busy with other things


def clear_outputs(path):
    """What the test finds drawn must come from its own run."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, path)


def answers(address):
    """The server tells its address a moment before it listens there."""
    try:
        return address is not None and socket.create_connection(("127.0.0.1", int(address[1]))).close() is None
    except OSError:
        return False


@pytest.fixture
def lab(root, tmp_path):
    """JupyterLab on a copy of the repo's cases; gives the address below which its files open."""
    for part in ("data", "case_studies"):
        shutil.copytree(root / part, tmp_path / part)
    shutil.copy(root / START, tmp_path)
    shutil.copy(root / "requirements.lock", tmp_path)
    for name in (NOTEBOOK, EVIDENCE, WORKBENCH, START):
        clear_outputs(tmp_path / name)
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.port=0", "--ServerApp.ip=127.0.0.1", "--allow-root",
        "--ServerApp.token=woozle", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=None", "--LabApp.expose_app_in_browser=True", f"--ServerApp.root_dir={tmp_path}",
    ]  # fmt: skip
    places = {name: str(tmp_path / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR")}
    log = tmp_path / "lab.log"
    with log.open("w") as file:
        server = subprocess.Popen(command, cwd=tmp_path, env=os.environ | places, stderr=file, start_new_session=True)
    try:
        deadline = time.monotonic() + PATIENCE
        while not answers(address := re.search(r"http://127\.0\.0\.1:(\d+)/lab", log.read_text())):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        yield f"{address[0]}/tree"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def run_all(page, lab, notebook):
    """Open a notebook and run it by the menu's command, to its end; return the panel and what went wrong."""
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{lab}/{notebook}?token=woozle&reset")
    page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell")
    page.wait_for_function("jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'")
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    try:
        page.wait_for_function(
            """() => {
                const cells = jupyterapp.shell.currentWidget.content.model.sharedModel.cells
                    .filter((cell) => cell.cell_type === "code");
                const failed = cells.some((cell) => cell.toJSON().outputs.some((o) => o.output_type === "error"));
                return failed || (cells.length > 5 && cells.every((cell) => cell.execution_count > 0));
            }""",
        )
    except PlaywrightTimeout:
        kernel = page.evaluate("jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status")
        pytest.fail(f"{notebook} did not run to its end; the kernel is {kernel}; outputs: {outputs(page)}")
    return page.locator(".jp-WindowedPanel-outer, .jp-Notebook").first, errors


def outputs(page):
    """Return the plain texts of all outputs, from the notebook itself: cells out of sight are not in the page."""
    return page.evaluate(
        """() => jupyterapp.shell.currentWidget.content.model.sharedModel.cells
            .filter((cell) => cell.cell_type === "code")
            .flatMap((cell) => cell.toJSON().outputs.map((o) => [o.output_type, String(o.data?.["text/plain"] ?? o.text ?? o.ename)]))"""
    )


@pytest.fixture
def page(chromium):
    from test_report_page import FLAGS

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1500, "height": 1000})
        page.set_default_timeout(PATIENCE * 1000)
        yield page
        browser.close()


@pytest.mark.slow  # its cells run in test_start_here.py too
def test_start_here_runs_to_its_end(page, lab):
    _, errors = run_all(page, lab, START)
    found = outputs(page)
    assert [kind for kind, _ in found if kind not in ("execute_result", "display_data")] == [], found
    assert sum(text.startswith("Not yet.") for _, text in found) == 5
    assert errors == []


def test_the_workbench_answers_to_slider_filters_search_and_clicks(page, lab):
    panel, errors = run_all(page, lab, WORKBENCH)
    panel.evaluate("e => { e.scrollTop = 0 }")
    bench = page.locator(".woozle-workbench[data-live]")
    rows = bench.locator(".row")
    bench.wait_for()
    everything = rows.count()
    assert "Pentagon" in bench.locator(".card h3").inner_text()  # the turn
    # Keys stay in the slider: no cell is chosen by them, and the moment moves.
    slider, told = bench.locator("input[type=range]"), bench.locator("output")
    last = told.inner_text()
    slider.focus()
    page.wait_for_function("jupyterapp.shell.currentWidget.content.activeCell.node.contains(document.activeElement)")
    cell = page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex")
    for _ in range(6):
        slider.press("ArrowLeft")
    slider.press("ArrowUp")
    slider.press("ArrowDown")
    assert page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex") == cell
    assert told.inner_text() != last
    slider.evaluate("e => { e.value = 5; e.dispatchEvent(new Event('input')) }")
    assert 0 < rows.count() < everything
    # It plays to the end by itself, and stops.
    slider.evaluate("e => { e.value = e.max - 5; e.dispatchEvent(new Event('input')) }")
    bench.get_by_role("button", name="play").click()
    page.wait_for_function("n => document.querySelectorAll('.woozle-workbench .row').length === n", arg=everything)
    # What a search or a filter leaves out is gone.
    bench.locator("input[type=search]").fill("huffpost")
    assert [row.get_attribute("data-document") for row in rows.all()] == ["huffpost_es"]
    bench.get_by_role("button", name="show all").click()
    bench.locator("select").first.select_option(index=1)
    assert 0 < rows.count() < everything
    bench.get_by_role("button", name="show all").click()
    # The way to the document under the pointer stands out.
    bench.locator("[data-document=tvchosun]").hover()
    on = {row.get_attribute("data-document") for row in bench.locator(".row.on").all()}
    assert on == {"rok_official", "tvchosun"}
    # A click shows words, original and source; empty space says what to click.
    bench.locator("[data-document=tvchosun]").click()
    card = bench.locator(".card")
    assert card.locator("blockquote").inner_text()
    assert card.locator(".original").get_attribute("lang") == "ko"
    assert card.get_by_role("link", name="open its page").get_attribute("href").startswith("http")
    bench.locator("[data-document=tvchosun]").press("ArrowDown")
    assert card.locator("h3").inner_text() != "TV Chosun"
    bench.locator("svg.tree").click(position={"x": 500, "y": 4})
    assert "Click a document" in card.inner_text()
    if picture := os.environ.get("WOOZLE_SCREENSHOT"):
        bench.locator("[data-document=huffpost_es]").click()
        page.screenshot(path=picture)
    assert errors == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("notebook", "charts"),
    [
        (NOTEBOOK, 4),  # the tree, two sources, timeline, what would have stopped it
        (EVIDENCE, 7),  # two trees, survival, roots, timeline, what was known when, proposals
    ],
)
def test_a_case_runs_to_its_end_and_every_chart_is_drawn(page, lab, notebook, charts):
    panel, errors = run_all(page, lab, notebook)
    drawn = set()
    # Cells out of sight are not in the page: scroll through.
    height = panel.evaluate("e => e.scrollHeight")
    for top in range(0, height + 1, 500):
        panel.evaluate("(e, top) => { e.scrollTop = top }", top)
        page.wait_for_timeout(250)
        for chart in page.locator(
            ".jp-OutputArea-output .vega-embed svg, .jp-OutputArea-output .vega-embed canvas"
        ).all():
            box = chart.bounding_box()
            if box and box["width"] > 300:
                drawn.add(round(box["width"]))
        assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
        height = panel.evaluate("e => e.scrollHeight")
    if picture := os.environ.get("WOOZLE_SCREENSHOT"):
        panel.evaluate("e => { e.scrollTop = 0 }")
        page.wait_for_timeout(500)
        page.screenshot(path=picture)
    assert len(drawn) == charts, drawn
    assert errors == []
