"""JupyterLab in a real browser: the case study opens, runs to its end, and every chart is drawn live."""

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


def clear_outputs(path):
    """What the test finds drawn must come from its own run."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, path)


@pytest.fixture
def lab(root, tmp_path):
    """JupyterLab on a copy of the repo's cases; gives its address."""
    for part in ("data", "case_studies"):
        shutil.copytree(root / part, tmp_path / part)
    clear_outputs(tmp_path / NOTEBOOK)
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
        yield f"http://127.0.0.1:{found[1]}/lab/tree/{NOTEBOOK}?token=woozle&reset"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def test_the_case_study_runs_to_its_end_and_every_chart_is_drawn(chromium, lab):
    from test_report_page import FLAGS

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1500, "height": 1000})
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(lab)
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
                return cells.length > 20 && cells.every((cell) => cell.execution_count > 0);
            }""",
            timeout=90_000,
        )
        drawn = set()
        # Cells out of sight are not in the page: scroll through.
        panel = page.locator(".jp-WindowedPanel-outer, .jp-Notebook").first
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
        browser.close()
    assert len(drawn) == 7, drawn  # two trees, survival, roots, timeline, what was known when, proposals
    assert errors == []
