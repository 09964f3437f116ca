import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from woozle.declared import import_jsonschema

import_jsonschema()  # before a test imports nbformat

# A shell starts what runs in the background with interruptions ignored; tests send them.
signal.signal(signal.SIGINT, signal.default_int_handler)

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent / "classroom")]
ROOT = Path(__file__).resolve().parents[1]
REQUIRED = os.environ.get("WOOZLE_REQUIRE", "").split(",")


# Who asks for one of these builds a report, or runs a kernel, a browser or a sandbox.
WHOLE = {"report", "hostile_report", "checkout", "chromium", "browser", "box", "graded"}
WHOLE_FOLDERS = {"browser", "classroom", "notebooks", "report", "commands"}


def pytest_collection_modifyitems(items):
    for item in items:
        folder = item.path.parent.name if item.path.is_relative_to(ROOT / "tests") else ""
        if folder in WHOLE_FOLDERS or WHOLE.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.whole)


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def packages():
    """The folders of the cases that come with woozle; a user's own, which may lie beside them, are nobody's test."""
    from woozle.locate import case_order

    return [ROOT / "data" / name for name in sorted(case_order(ROOT))]


@pytest.fixture(scope="session")
def flagship():
    import woozle

    return woozle.open(ROOT / "data" / "dprk_troops_2024")


@pytest.fixture(scope="session")
def chromium():
    """The path of a browser; without one the test is skipped, or fails where WOOZLE_REQUIRE names it."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None and "browser" in REQUIRED:
        pytest.fail("no chromium found, and WOOZLE_REQUIRE asks for a browser")
    if path is None:
        pytest.skip("no chromium found: browser tests skipped (on Debian: apt install chromium)")
    return path


@pytest.fixture(scope="session")
def box():
    """A sandbox; where there is none the test is skipped, or fails where WOOZLE_REQUIRE names it."""
    from woozle.classroom.sandbox import why_not

    why = why_not()
    if why and "sandbox" in REQUIRED:
        pytest.fail(f"{why} WOOZLE_REQUIRE asks for a sandbox.")
    if why:
        pytest.skip(why)


def made_once(tmp_path_factory, name, make):
    """Return what `make` returns for a folder: made by one of the processes that run tests, and read by all."""
    together = os.environ.get("PYTEST_XDIST_WORKER")
    place = tmp_path_factory.getbasetemp().parent if together else tmp_path_factory.getbasetemp()
    home, note = place / f"once-{name}", place / f"once-{name}.txt"
    with FileLock(place / f"once-{name}.lock"):
        if not note.exists():
            home.mkdir()
            note.write_text(str(make(home)))
    return Path(note.read_text())


@pytest.fixture(scope="session")
def report(tmp_path_factory):
    """The flagship's report, built once as a user builds it; no test changes it."""

    def make(home):
        command = [Path(sys.executable).with_name("woozle"), "report", "dprk_troops_2024", "-o", home / "flagship"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return home / "flagship"

    return made_once(tmp_path_factory, "report", make)


@pytest.fixture(scope="session")
def hostile_report(tmp_path_factory):
    """The report of a case whose texts try to be code, with a parameter that does so too; no test changes it."""
    import hostile
    from woozle.report import build

    def make(home):
        return build(hostile.make(home), {"remark": hostile.STRINGS[1]}).parent

    return made_once(tmp_path_factory, "hostile", make)


@pytest.fixture
def checkout(root, tmp_path):
    """A copy of the flagship's data and notebook, with evidence that is quick to run."""
    import tiny

    return tiny.write_checkout(root, tmp_path)
