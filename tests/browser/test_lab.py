"""JupyterLab in a real browser: notebooks open and run to their ends, charts are drawn live, the workbench reacts."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from playwright.sync_api import sync_playwright

pytestmark = pytest.mark.browser


NOTEBOOK = "case_studies/dprk_troops_2024/case_study.ipynb"
WORKBENCH = "case_studies/dprk_troops_2024/explore.ipynb"
START, EVIDENCE = "START_HERE.ipynb", "case_studies/evidence.ipynb"


def clear_outputs(path):
    """What the test finds drawn must come from its own run."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, path)


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
        deadline = time.monotonic() + 90
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)/lab", log.read_text())):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        yield f"http://127.0.0.1:{found[1]}/lab/tree"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def run_all(page, lab, notebook):
    """Open a notebook and run it by the menu's command, to its end; return the panel and what went wrong."""
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{lab}/{notebook}?token=woozle&reset")
    page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell", timeout=90_000)
    page.wait_for_function(
        "jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
        timeout=90_000,
    )
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(
        """() => {
            const cells = jupyterapp.shell.currentWidget.content.model.sharedModel.cells
                .filter((cell) => cell.cell_type === "code");
            return cells.length > 5 && cells.every((cell) => cell.execution_count > 0);
        }""",
        timeout=150_000,
    )
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
        yield browser.new_page(viewport={"width": 1500, "height": 1000})
        browser.close()


def test_start_here_runs_to_its_end(page, lab):
    _, errors = run_all(page, lab, START)
    found = outputs(page)
    assert [kind for kind, _ in found if kind not in ("execute_result", "display_data")] == [], found
    assert sum(text.startswith("Not yet.") for _, text in found) == 5
    assert errors == []


def test_the_slider_of_the_workbench_moves_the_cascade(page, lab):
    panel, errors = run_all(page, lab, WORKBENCH)
    panel.evaluate("e => { e.scrollTop = 0 }")
    slider = page.locator(".vega-bindings input[type=range]").first
    slider.wait_for(timeout=30_000)
    chart = page.locator(".vega-embed:has(input[type=range]) canvas, .vega-embed:has(input[type=range]) svg").first
    # The slider is found without scrolling: it stands above the picture.
    assert slider.bounding_box()["y"] < chart.bounding_box()["y"]
    late = chart.screenshot()
    slider.evaluate("e => { e.value = 5; e.dispatchEvent(new Event('input')) }")
    page.wait_for_timeout(500)
    early = chart.screenshot()
    assert early != late
    slider.evaluate("e => { e.value = e.max; e.dispatchEvent(new Event('input')) }")
    page.wait_for_timeout(500)
    assert chart.screenshot() == late
    box = chart.bounding_box()
    page.mouse.click(box["x"] + 60, box["y"] + 62)  # the first row: the root
    page.wait_for_timeout(500)
    assert chart.screenshot() != late
    assert errors == []


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
