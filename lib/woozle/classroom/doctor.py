"""See whether a student's set-up works."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("pandas", "altair", "networkx", "jupyterlab", "ipykernel", "woozle")


def problems(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what is looked at, and what is wrong with it (empty if nothing)."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield f"Python {version}", "" if sys.version_info >= (3, 11) else "3.11 or later is needed."
    for name in PACKAGES:
        yield f"package {name}", _imports(name)
    yield "a kernel runs a cell", _kernel()
    cases = sorted(folder.glob("*/case"))
    yield (
        "assignments in this folder",
        "" if cases else f"there is none in {folder.absolute()}: unpack the zip file, and go into its folder.",
    )
    for case in cases:
        yield f"{case.parent.name}: its case", _opens(case)


def _imports(name: str) -> str:
    try:
        importlib.import_module(name)
    except Exception as error:  # whatever it is, it is to be told
        return f"{type(error).__name__}: {error}"
    return ""


def _kernel() -> str:
    code = (
        "from jupyter_client.manager import run_kernel\n"
        "with run_kernel() as client:\n"
        "    reply = client.execute_interactive('1 + 1', timeout=60, output_hook=print)\n"
        "    assert reply['content']['status'] == 'ok'\n"
    )
    try:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired:
        return "it did not answer within two minutes."
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["it says nothing"])[-1]


def _opens(case: Path) -> str:
    from woozle.model.opening import inspect_folder

    try:
        faults = inspect_folder(case.resolve())[1]
    except Exception as error:  # whatever it is, it is to be told
        return f"{type(error).__name__}: {error}"
    return faults[0] if faults else "" if len(list(case.parent.glob("*.ipynb"))) else "its notebook is missing."
