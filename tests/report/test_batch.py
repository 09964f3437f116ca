"""Several reports at once: each for itself, what failed named, what stands there left."""

import subprocess
import sys

import pytest
import typer
from test_run import put_code

from command import woozle
from woozle.commands.report import _end_with_failures
from woozle.errors import CaseError, ParameterError, WoozleError
from woozle.report.batch import Outcome
from woozle.report.manifest import read_manifest
from woozle.report.run import Request
from woozle.report.sweep import grid


@pytest.fixture
def small(checkout):
    put_code(checkout, "assert as_of != '2024-06-23', 'this day fails'", "print(as_of, hops)")
    return checkout


@pytest.mark.slow
def test_a_sweep_names_what_failed_builds_the_rest_and_goes_on_where_it_was(small):
    over = ["--over", "as_of=2024-06-22..2024-06-24", "--over", "hops=all,carrying"]
    done = woozle("sweep", "dprk_troops_2024", *over, cwd=small)
    assert done.returncode == 1
    assert "4 built, 0 stood there already" in done.stdout
    assert "as_of=2024-06-23,hops=all; as_of=2024-06-23,hops=carrying: Cell 2 of case_studies/" in done.stderr
    assert "this day fails" in done.stderr
    assert "2 of 6 failed; the others are done." in done.stderr
    assert "Traceback" not in done.stderr
    folder = small / "reports" / "dprk_troops_2024,sweep"
    page = (folder / "index.html").read_text("utf-8")
    assert "as_of=2024-06-23, hops=all" in page
    # worked out from documents.csv: by the end of 22 June only the official and TV Chosun can have been out
    assert read_manifest(folder / "as_of=2024-06-22,hops=all")["figures"]["documents"] == 2
    again = woozle("sweep", "dprk_troops_2024", *over, cwd=small)
    assert "0 built, 4 stood there already" in again.stdout
    (folder / "as_of=2024-06-24,hops=all").unlink()
    assert "1 built, 3 stood there already" in woozle("sweep", "dprk_troops_2024", *over, cwd=small).stdout


@pytest.mark.slow
def test_the_number_of_jobs_changes_no_byte(small, tmp_path):
    woozle("sweep", "dprk_troops_2024", "--over", "hops=all,carrying", "-j", "2", "-o", tmp_path / "s", cwd=small)
    found = [read_manifest(path)["outputs"] for path in sorted((tmp_path / "s").glob("hops=*"))]
    woozle("sweep", "dprk_troops_2024", "--over", "hops=all,carrying", "-j", "1", "-o", tmp_path / "t", cwd=small)
    assert found == [read_manifest(path)["outputs"] for path in sorted((tmp_path / "t").glob("hops=*"))]
    assert len(found) == 2


def test_what_failed_is_told_whole_and_once_for_all_that_failed_so(tmp_path, capsys):
    """Of several reports as of one alone: file, row and what to do stand below the first line of an error."""
    broken = CaseError("tiny", ["documents.csv, row 2: wrong.", "claims.csv, row 3: wrong, too."])
    failed = [Outcome(Request(tmp_path), error=error) for error in (broken, broken, WoozleError("another"))]
    with pytest.raises(typer.Exit):
        _end_with_failures(list(zip(("one", "two", "three"), failed, strict=True)))
    told = capsys.readouterr().err
    assert told.count("claims.csv, row 3: wrong, too.") == 1
    assert "one; two: The case 'tiny' has 2 errors:" in told
    assert "three: another" in told
    assert "3 of 3 failed; nothing was built." in told


@pytest.mark.parametrize(
    ("over", "says"),
    [
        ("as_of", "write name=value"),
        ("as_of=", "write name=value"),
        ("as_of=2024-06-30..2024-06-21", "gives no days"),
        ("as_of=2024-02-30..2024-06-21", "day is out of range"),
        ("as_of=a..b", "is no span of days"),
        ("threshold=0.1..0.5", "is no span of days"),
        ("threshold=0.1..0.5/0", "Give the smaller number first"),
        ("threshold=0..1/0.00001", "Give the smaller number first"),
    ],
)
def test_a_span_that_means_nothing_is_told(over, says):
    with pytest.raises(ParameterError, match=says):
        grid([over])


def test_too_many_combinations_are_a_mistake():
    with pytest.raises(ParameterError, match="at most 10,000"):
        grid(["a=0..999/1", "b=0..999/1"])


def test_an_unknown_parameter_is_told_before_anything_is_built(small):
    done = woozle("sweep", "dprk_troops_2024", "--over", "as_off=2024-06-22", cwd=small)
    assert done.returncode == 1
    assert "Did you mean 'as_of'" in done.stderr
    assert not (small / "reports").exists()


def test_reports_builds_all_and_a_front_page_over_them(small):
    done = woozle("reports", "--jobs", "2", cwd=small)
    assert done.returncode == 0, done.stderr
    front = (small / "reports" / "index.html").read_text("utf-8")
    assert "How did one unnamed official’s forecast come to be reported" in front
    assert 'href="dprk_troops_2024/index.html"' in front
    assert "<dd>46</dd><dt>documents with the claim</dt>" in front
    before = (small / "reports" / "index.html").stat().st_mtime_ns
    assert woozle("reports", cwd=small).returncode == 0
    assert (small / "reports" / "index.html").stat().st_mtime_ns == before


def test_publish_writes_a_plain_folder_that_verifies(small, tmp_path):
    from woozle.report import verify

    site = tmp_path / "site"
    done = woozle("publish", site, cwd=small)
    assert done.returncode == 0, done.stderr
    assert not [path for path in site.rglob("*") if path.is_symlink()]
    assert (site / "index.html").is_file()
    assert verify(site / "dprk_troops_2024").state == "unchanged"
    assert woozle("publish", site, cwd=small).returncode == 1
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    assert "not empty" in woozle("publish", tmp_path / "mine", cwd=small).stderr


def test_without_a_browser_a_pdf_is_refused_in_one_line(small, monkeypatch, tmp_path):
    from woozle.page import pdf
    from woozle.report import build

    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    page = build(small / "data" / "dprk_troops_2024")
    with pytest.raises(WoozleError, match="needs Chromium or Chrome"):
        pdf.print_pdf(page)


@pytest.mark.slow
def test_papermill_runs_with_the_engine_by_its_name(small, tmp_path):
    import nbformat

    command = [
        sys.executable, "-m", "papermill", "--engine", "woozle", "case_studies/dprk_troops_2024/case_study.ipynb",
        tmp_path / "out.ipynb", "-p", "as_of", "2024-06-26",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=small, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    cells = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells
    assert cells[-1].outputs[0].text == "2024-06-26 carrying\n"
