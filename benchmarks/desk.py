"""How fast the coding desk answers in JupyterLab: made-up cases of 60 and of 2,000 documents, coded by keyboard.

.venv/bin/python benchmarks/desk.py [--documents 60 2000]

Each line is the time from a key press to what it changes on the page, through kernel and disk: the median of nine, in
milliseconds.
"""

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from woozle.formats.gather import gather
from woozle.formats.importing import plan
from woozle.report.scaffold import new_case

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
# From a key to the moment at which a condition holds and is drawn.
WAIT = """(condition) => new Promise((done) => {
    const holds = new Function(`return ${condition}`);
    const start = performance.now();
    const look = () => holds() ? requestAnimationFrame(() => done(performance.now() - start)) : setTimeout(look, 4);
    look();
})"""


def made_up(home: Path, documents: int) -> None:
    """Write a case in which most documents rely on an earlier one, and a notebook with its desk."""
    rows = ["Nr,Title,Outlet,Date,Cites,Text"]
    for n in range(1, documents + 1):
        moment = f"2011-03-{1 + 27 * n // (documents + 1):02}T{n % 24:02}:{n % 60:02}:00Z"
        words = f"Text {n} says that salt protects from radiation. " * 20
        rows.append(f'{n},Title {n},Outlet {n % 40},{moment},{n // 2 if n % 3 and n > 1 else ""},"{words}"')
    (home / "list.csv").write_text("\n".join(rows), "utf-8")
    plan(new_case("salt", "Salt", "Salt protects.", home=home), gather([home / "list.csv"])).write()
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": [],
            "source": 'import woozle\n\nwoozle.desk("salt", coder="ab")'}  # fmt: skip
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (home / "desk.ipynb").write_text(json.dumps(notebook), "utf-8")


def start_lab(home: Path) -> tuple[subprocess.Popen, str]:
    """Start JupyterLab in a folder; return it and its address."""
    options = {
        "ServerApp.port": 0, "ServerApp.ip": "127.0.0.1", "ServerApp.token": "woozle", "ServerApp.root_dir": home,
        "LabApp.expose_app_in_browser": True, "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }  # fmt: skip
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--{name}={value}" for name, value in options.items()]
    places = {name: str(home / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR")}
    log = home / "lab.log"
    with log.open("w") as file:
        server = subprocess.Popen(command, cwd=home, env=os.environ | places, stderr=file, start_new_session=True)
    while not (address := re.search(r"http://127\.0\.0\.1:\d+/lab", log.read_text())):
        if server.poll() is not None:
            raise SystemExit(log.read_text())
        time.sleep(0.2)
    time.sleep(1)
    return server, address[0]


def measure(page: Page, address: str, documents: int) -> None:
    """Open the desk, press keys, and print."""
    page.goto(f"{address}/tree/desk.ipynb?token=woozle&reset")
    page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell")
    page.wait_for_function("jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'")
    page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_selector(".wz-desk .wz-list li")
    page.wait_for_timeout(20_000)  # proposals are made meanwhile
    page.locator(".wz-desk").focus()
    print(f"{documents} documents")
    took: dict[str, list[float]] = {}

    def press(what: str, key: str, condition: str) -> None:
        waiting = page.evaluate_handle(f"(condition) => ({{ done: ({WAIT})(condition) }})", condition)
        page.keyboard.press(key)
        took.setdefault(what, []).append(page.evaluate("(waiting) => waiting.done", waiting))

    def checked(name: str) -> str:
        return f"""document.querySelector('[data-at="{name}"]')?.matches('[aria-checked="true"]')"""

    for number in range(10):
        page.keyboard.press("s")
        press("a code", "2", checked("stance-relays"))
        page.keyboard.press("m")
        press("a code", "8", checked("modality-occurred"))
        page.keyboard.press("y")
        press("the code that makes a version whole", "3", checked("certainty-certain"))
        page.wait_for_function(f"document.querySelector('.wz-head').innerText.includes('{number + 1} of')")
        press("undo", "u", f"document.querySelector('.wz-head').innerText.includes('{number} of')")
        press("do again", "r", f"document.querySelector('.wz-head').innerText.includes('{number + 1} of')")
        before = page.locator(".wz-text h3").inner_text()
        press("next document", "n", f"document.querySelector('.wz-text h3').innerText !== {json.dumps(before)}")
    for what, times in took.items():
        times = times[1:]  # the first is slower: not yet compiled
        print(f"  {what:36} median {statistics.median(times):6.0f} ms   max {max(times):6.0f} ms")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, nargs="+", default=[60, 2000])
    given = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for documents in given.documents:
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
                made_up(Path(place), documents)
                server, address = start_lab(Path(place))
                try:
                    page = browser.new_page(viewport={"width": 1500, "height": 1000})
                    page.set_default_timeout(120_000)
                    measure(page, address, documents)
                    page.close()
                finally:
                    os.killpg(server.pid, signal.SIGTERM)
                    server.wait(timeout=30)
        browser.close()


if __name__ == "__main__":
    main()
