"""A report is the old one or the new one, whatever happens in between."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import pytest
from test_run import put_code

import tiny
from woozle.errors import NotebookError, WoozleError
from woozle.report import build, verify
from woozle.report.manifest import changes, read_manifest
from woozle.report.run import Request

WOOZLE = Path(sys.executable).with_name("woozle")
CELLS = ("print(as_of)", "x = 6 * 7; x", "import woozle; len(woozle.open('dprk_troops_2024').documents)")


def package(checkout):
    return checkout / "data" / "dprk_troops_2024"


@pytest.fixture(scope="module")
def built_once(root, tmp_path_factory):
    home = tiny.write_checkout(root, tmp_path_factory.mktemp("built"))
    put_code(home, *CELLS)
    build(package(home))
    return home


@pytest.fixture
def small(built_once, tmp_path):
    """The flagship's data with a notebook of three cells, and its report."""
    return shutil.copytree(built_once, tmp_path, symlinks=True, dirs_exist_ok=True)


def read(folder):
    """Read a report as a reader does, file by file; None if it is not whole."""
    real = folder.resolve()
    return {path.relative_to(real).as_posix(): path.read_bytes() for path in real.rglob("*") if path.is_file()}


@pytest.mark.slow
@pytest.mark.parametrize("kills", [40])
def test_killed_at_any_moment_a_reader_sees_the_old_report_or_the_new_one(small, kills):
    folder = small / "reports" / "dprk_troops_2024"
    old = read(folder)
    put_code(small, *CELLS, "'something new'")
    command = [WOOZLE, "report", "dprk_troops_2024"]
    start = time.monotonic()
    probe = subprocess.run([*command, "-o", small / "probe" / "x"], cwd=small, check=True, capture_output=True)
    whole = time.monotonic() - start
    assert probe.returncode == 0
    new = read(small / "probe" / "x")
    assert new != old
    moments = random.Random(kills)
    seen = []
    for _ in range(kills):
        running = subprocess.Popen(
            command, cwd=small, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(moments.uniform(0, whole * 1.05))
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        assert not changes(folder)
        found = read(folder)
        assert found in (old, new)
        seen.append(found == new)
        if found == new:  # begin anew, so that later moments are tried too
            put_code(small, *CELLS)
            build(package(small), force=True)
            put_code(small, *CELLS, "'something new'")
    assert not all(seen)
    done = subprocess.run(command, cwd=small, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert read(folder) == new
    assert not list((small / "reports" / ".woozle" / "versions").glob("*/.*"))  # what the killed left is gone
    scratch = Path(tempfile.gettempdir()).glob("woozle-[0-9]*-*")
    assert [path for path in scratch if not Path(f"/proc/{path.name.split('-')[1]}").exists()] == []


@pytest.mark.slow
def test_two_builds_of_one_case_do_not_mix(small):
    put_code(small, *CELLS, "'both build this'")
    found = []
    builds = [threading.Thread(target=lambda: found.append(build(package(small)))) for _ in range(2)]
    [one.start() for one in builds]
    [one.join() for one in builds]
    assert len(found) == 2
    assert not changes(found[0].parent)
    running = [subprocess.Popen([WOOZLE, "report", "dprk_troops_2024", "--force"], cwd=small) for _ in range(2)]
    assert [one.wait() for one in running] == [0, 0]
    assert not changes(small / "reports" / "dprk_troops_2024")


def test_nothing_is_built_that_did_not_change(small):
    folder = small / "reports" / "dprk_troops_2024"
    request = Request(package(small))
    assert request.found() == folder / "index.html"
    before = folder.resolve().stat().st_mtime_ns
    other = small / "data" / "another_case"
    other.mkdir()
    (other / "documents.csv").write_text("a comment in another case")
    notebook = small / "case_studies" / "dprk_troops_2024" / "case_study.ipynb"
    stored = nbformat.read(notebook, as_version=4)
    stored.cells[-1].outputs = [nbformat.v4.new_output("stream", text="stored")]
    nbformat.write(stored, notebook)  # outputs that are stored are no input
    build(package(small))
    assert folder.resolve().stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "part", ["data/dprk_troops_2024/events.csv", "data/dprk_troops_2024/CODEBOOK.md", "requirements.lock"]
)
def test_a_changed_input_counts(small, part):
    assert Request(package(small)).found()
    path = small / part
    path.write_bytes(path.read_bytes() + b"\n")
    assert Request(package(small)).found() is None


def test_a_changed_cell_and_another_parameter_count(small):
    assert Request(package(small)).found()
    assert Request(package(small), {"as_of": "2024-06-26"}).found() is None
    put_code(small, *CELLS, "1")
    assert Request(package(small)).found() is None


def test_a_report_that_was_touched_is_built_again(small):
    folder = small / "reports" / "dprk_troops_2024"
    (folder / "index.html").write_text("spoiled")
    assert Request(package(small)).found() is None
    build(package(small))
    assert verify(folder).state == "unchanged"


def test_no_state_leaks_from_one_report_to_the_next(small):
    leaks = (
        "import sys, os, builtins, woozle, pandas as pd\n"
        "found = [hasattr(woozle, 'leak'), hasattr(builtins, 'leak'), 'LEAK' in os.environ, 'leak' in sys.modules,\n"
        "         pd.get_option('display.precision'), 'leak' in globals(), os.getcwd().endswith('tmp')]\n"
        "print(found)\n"
        "woozle.leak = builtins.leak = leak = 1; os.environ['LEAK'] = '1'; sys.modules['leak'] = os\n"
        "pd.set_option('display.precision', 1); os.chdir('/tmp')"
    )
    put_code(small, leaks)
    for _ in range(3):
        page = build(package(small), force=True).read_text("utf-8")
        assert "[False, False, False, False, 6, False, False]" in page


def test_a_cell_that_fails_leaves_the_old_report_and_a_page_that_tells_where(small, monkeypatch):
    folder = small / "reports" / "dprk_troops_2024"
    old = read(folder)
    monkeypatch.chdir(small)
    put_code(small, *CELLS, "a = 1\nb = 0\na / b  # <script>")
    with pytest.raises(NotebookError, match=r"Cell 5 of .*case_study\.ipynb, line 3, failed: ZeroDivisionError"):
        build(package(small))
    assert read(folder) == old
    page = small / "reports" / "dprk_troops_2024.failed.html"
    text = page.read_text("utf-8")
    assert "Cell 5 of case_studies/dprk_troops_2024/case_study.ipynb, line 3, failed" in " ".join(text.split())
    assert '<span class="failed">  3  a / b  # &lt;script&gt;</span>' in text
    assert "make lab" in text
    put_code(small, *CELLS)
    build(package(small), force=True)
    assert not page.exists()


def test_a_read_only_folder_and_a_full_disk_are_one_clear_line(small, monkeypatch):
    import errno

    from woozle.report import store

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    folder = small / "reports" / "dprk_troops_2024"
    old = read(folder)
    monkeypatch.setattr(store.tempfile, "mkdtemp", full)
    with pytest.raises(WoozleError, match=r"can't be written to .*: No space left on device\.$"):
        build(package(small), force=True)
    monkeypatch.undo()
    monkeypatch.setattr("woozle.report.run.write_manifest", full)  # in the middle of writing
    with pytest.raises(WoozleError, match=r"can't be written to .*: No space left on device\.$"):
        build(package(small), force=True)
    assert read(folder) == old


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_folder_where_nothing_may_be_written_ends_with_one_line(small):
    done = subprocess.run(
        [WOOZLE, "report", "dprk_troops_2024", "-o", "/dev/full/report"],
        cwd=small,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "can't be written" in done.stderr


def test_a_folder_of_other_files_is_never_taken(small, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    with pytest.raises(WoozleError, match="it holds files that are not of a report"):
        build(package(small), folder=mine)
    assert (mine / "thesis.txt").read_text() == "years of work"


def test_a_report_of_an_earlier_version_is_replaced(small):
    folder = small / "old" / "report"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text('<meta name="generator" content="woozle">')
    (folder / "notebook.ipynb").write_text("old")
    build(package(small), folder=folder)
    assert read_manifest(folder)
    assert [path.read_text() for path in (small / "old" / ".woozle" / "replaced").rglob("notebook.ipynb")] == ["old"]


@pytest.mark.parametrize(
    "names",
    [["manifest.json", "thesis.txt"], ["index.html"], ["notebook.ipynb"], ["index.html", "notebook.ipynb"]],
)
def test_what_only_looks_like_a_report_is_never_taken(small, tmp_path, names):
    mine = tmp_path / "mine"
    mine.mkdir()
    for name in names:
        (mine / name).write_text("{}")
    with pytest.raises(WoozleError, match="it holds files that are not of a report"):
        build(package(small), folder=mine)
    assert sorted(path.name for path in mine.iterdir()) == names


@pytest.mark.slow
def test_reports_with_names_that_begin_alike_leave_each_other_alone(small):
    for name in ("x@y", "x", "x.z", "x[1]"):
        build(package(small), folder=small / "c" / name)
    for day in ("2024-06-22", "2024-06-23", "2024-06-24"):
        build(package(small), {"as_of": day}, folder=small / "c" / "x")
    for name in ("x@y", "x", "x.z", "x[1]"):
        assert verify(small / "c" / name).state == "unchanged"
    assert len(list((small / "c" / ".woozle" / "versions" / "x").iterdir())) == 2  # this one and the one before


def test_data_that_change_while_a_report_is_built_give_no_report(small):
    path = "../../data/dprk_troops_2024/CODEBOOK.md"
    put_code(small, f"import pathlib; p = pathlib.Path('{path}'); p.write_text(p.read_text() + 'x')")
    old = read(small / "reports" / "dprk_troops_2024")
    with pytest.raises(WoozleError, match="changed while its report was built"):
        build(package(small))
    assert read(small / "reports" / "dprk_troops_2024") == old


def test_files_beside_the_tables_are_neither_read_nor_published(small):
    notes = package(small) / "notes"
    notes.mkdir()
    (notes / "private.md").write_text("private")
    assert Request(package(small)).found()
    folder = build(package(small), force=True).parent
    assert sorted(path.name for path in (folder / "package").iterdir()) == [
        "CODEBOOK.md", "citations.csv", "claims.csv", "datapackage.json", "documents.csv", "events.csv", "outlets.csv",
        "release.json",
    ]  # fmt: skip


def test_the_manifest_names_what_the_report_was_made_from(small):
    manifest = json.loads((small / "reports" / "dprk_troops_2024" / "manifest.json").read_text("utf-8"))
    assert manifest["parameters"]["as_of"] == "latest"
    import hashlib

    documents = small / "data" / "dprk_troops_2024" / "documents.csv"
    assert (
        manifest["inputs"]["data/dprk_troops_2024/documents.csv"] == hashlib.sha256(documents.read_bytes()).hexdigest()
    )
    lock = small / "requirements.lock"
    assert manifest["lock"] == hashlib.sha256(lock.read_bytes()).hexdigest()
    import pandas

    assert manifest["packages"]["pandas"] == pandas.__version__
    assert "report/manifest.py" in manifest["code"]
