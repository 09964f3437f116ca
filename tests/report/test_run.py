"""From the command to the page."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from woozle.errors import NotebookError, ParameterError, WoozleError
from woozle.locate import EVIDENCE_PAGE, PAGE
from woozle.notebook import open_study
from woozle.notebook.study import StudyError
from woozle.report import build
from woozle.report.parameters import check_parameters, known_parameters, read_assignments, read_parameters
from woozle.report.store import new_version
from woozle.text import json_for_script


def put_code(checkout, *cells):
    """Give the notebook other cells after its parameters."""
    path = checkout / "case_studies" / "dprk_troops_2024" / "case_study.ipynb"
    notebook = nbformat.read(path, as_version=4)
    kept = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    notebook.cells = kept + [nbformat.v4.new_code_cell(source, id=f"c{n}") for n, source in enumerate(cells)]
    nbformat.write(notebook, path)


@pytest.mark.parametrize(("name", "most"), [("index.html", 800_000), ("evidence.html", 1_500_000)])
def test_the_pages_are_sealed(report, name, most):
    page = (report / name).read_text("utf-8")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "style-src 'unsafe-inline'; img-src data:; font-src data:" in policy
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    markup = re.sub(r"(<script[^>]*>).*?</script>", r"\1", page, flags=re.S)
    for tag in re.findall(r"<(?:script|link|img|iframe|object|embed|source)\b[^>]*>", markup):
        assert not re.search(r'(?:src|href)="(?!data:)', tag), tag
    assert len(page.encode()) < most


def test_the_evidence_answers_from_its_first_screen(report):
    page = (report / EVIDENCE_PAGE).read_text("utf-8")
    summary = page.split('class="summary"')[1].split("</section>")[0]
    for words in ("The claim", "What is true", "Where it became false", "What it rests on"):
        assert f"<strong>{words}.</strong>" in summary
    # counted by hand in tests/measure/test_sourcing.py
    plain = re.sub(r"<[^>]*>", "", summary)
    assert "42 of the others with the claim (45 documents) can be traced to" in plain
    headings = re.findall(r"<h2[^>]*>(\d)\.", page.split("<main")[1])
    assert headings == list("12345678")


def test_the_story_is_six_minutes(report):
    """No more than 1,500 words in view, scripts and what is folded left out; counted as a reader meets them."""
    page = re.sub(r"<(script|style|head|template)\b.*?</\1>", " ", (report / PAGE).read_text("utf-8"), flags=re.S)
    while "<details" in page:
        page = re.sub(r"<details\b(?:(?!<details\b).)*?</details>", " ", page, flags=re.S)
    assert 900 < len(re.sub(r"<[^>]*>", " ", page).split()) <= 1500
    assert page.count("<figure") <= 8


def test_no_path_of_this_machine_and_no_time_of_this_run(report, root):
    paths = [path for path in report.rglob("*") if path.is_file()]
    assert len(paths) > 50
    for path in paths:
        text = path.read_bytes().decode("utf-8", "replace")
        assert str(root) not in text
        assert str(Path.home()) + "/" not in text
    notebook = json.loads((report / "notebook.ipynb").read_text("utf-8"))
    assert "papermill" not in notebook["metadata"]
    assert not [cell for cell in notebook["cells"] if {"papermill", "execution"} & set(cell["metadata"])]


@pytest.mark.slow
def test_the_same_request_gives_the_same_bytes(checkout, root, report):
    shutil.copy(root / "case_studies" / "evidence.ipynb", checkout / "case_studies")
    again = build(checkout / "data" / "dprk_troops_2024")
    assert again.read_bytes() == (report / PAGE).read_bytes()
    assert again.with_name("manifest.json").read_bytes() == (report / "manifest.json").read_bytes()


@pytest.mark.slow
def test_papermill_runs_the_notebook_with_a_parameter(root, tmp_path):
    notebook = "case_studies/dprk_troops_2024/case_study.ipynb"
    command = [
        sys.executable,
        "-m",
        "papermill",
        notebook,
        tmp_path / "out.ipynb",
        "-p",
        "as_of",
        "2024-06-26",
    ]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "26 June 2024, 23" in (tmp_path / "out.ipynb").read_text("utf-8")


@pytest.mark.slow
def test_papermill_stops_at_an_impossible_value(root, tmp_path):
    notebook = "case_studies/dprk_troops_2024/case_study.ipynb"
    command = [sys.executable, "-m", "papermill", notebook, tmp_path / "out.ipynb", "-p", "hops", "al"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Did you mean 'all'" in done.stderr


def test_parameters_are_read_from_the_tagged_cell(flagship):
    known = known_parameters(open_study(flagship))
    assert {name: (p.type, p.default) for name, p in known.items()} == {
        "as_of": ("str", "latest"), "hops": ("str", "carrying"), "time_zone": ("str", ""),
        "include_inferred": ("bool", True), "include_second_hand": ("bool", True), "threshold": ("float", 0.1),
    }  # fmt: skip
    assert all(p.meaning for p in known.values())


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"hop": "all"}, "no parameter 'hop'. Did you mean 'hops'"),
        ({"hops": "al"}, "'al' is not one of"),
        ({"as_of": "2024-02-30"}, "names day 30"),
        ({"hops": True}, "is not a text"),
        ({"include_inferred": "perhaps"}, "is not true or false"),
        ({"time_zone": "Nowhere"}, "not the IANA name"),
    ],
)
def test_a_wrong_parameter_is_refused(flagship, given, says):
    known = read_parameters(open_study(flagship).notebook)
    with pytest.raises(ParameterError, match=says):
        check_parameters(known, given, flagship.name)


def test_values_take_the_type_of_their_parameter(flagship, tmp_path):
    notebook = nbformat.v4.new_notebook()
    source = "n: int = 1  # how many\nshare: float = 0.5  # part\nflag: bool = False  # whether"
    notebook.cells = [nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]})]
    notebook.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
    nbformat.write(notebook, tmp_path / "n.ipynb")
    known = read_parameters(tmp_path / "n.ipynb")
    assert check_parameters(known, {"n": "3", "share": "0.25", "flag": "yes"}, flagship.name) == {
        "n": 3,
        "share": 0.25,
        "flag": True,
    }
    for wrong in ({"n": "many"}, {"share": "half"}, {"flag": "perhaps"}):
        with pytest.raises(ParameterError, match=r"is not (a |true)"):
            check_parameters(known, wrong, flagship.name)


@pytest.mark.parametrize("text", ["as_of", "=3", ""])
def test_an_assignment_needs_name_and_value(text):
    with pytest.raises(ParameterError, match="write name=value"):
        read_assignments([text])


def test_a_cell_that_fails_is_named_and_the_old_report_stays(checkout):
    put_code(checkout, "print('the old report')")
    folder = build(checkout / "data" / "dprk_troops_2024").parent
    old = (folder / PAGE).read_text("utf-8")
    put_code(checkout, "print('fine')", "1 / 0")
    with pytest.raises(
        NotebookError,
        match=r"Cell 3 of \S*case_studies/dprk_troops_2024/case_study\.ipynb, line 1, failed: ZeroDivisionError",
    ) as error:
        build(checkout / "data" / "dprk_troops_2024")
    assert "1 / 0" in str(error.value)
    assert (folder / PAGE).read_text("utf-8") == old
    assert "the old report" in old
    assert not list(folder.parent.glob(".woozle/versions/*/.*"))


def test_outputs_of_other_kinds_are_shown_as_text(checkout):
    put_code(checkout, "print('<script>alert(1)</script> & more')", "'<b>plain</b>'")
    page = build(checkout / "data" / "dprk_troops_2024").read_text("utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page
    assert "&lt;b&gt;plain&lt;/b&gt;" in page
    assert "<script>alert" not in page
    assert 'id="vega"' not in page  # no charts, so no vega


def test_a_kernel_that_dies_is_told(checkout):
    put_code(checkout, "import os; os._exit(3)")
    with pytest.raises(
        NotebookError, match=r"The kernel died while it ran \S*case_studies/dprk_troops_2024/case_study\.ipynb"
    ):
        build(checkout / "data" / "dprk_troops_2024")


@pytest.mark.parametrize("text", [None, "", "{", "[]", "{}"])
def test_what_is_no_notebook_is_told(checkout, text):
    path = checkout / "case_studies" / "dprk_troops_2024" / "case_study.ipynb"
    path.unlink() if text is None else path.write_text(text)
    with pytest.raises(NotebookError, match=r"case_study\.ipynb is (missing|not a notebook)"):
        build(checkout / "data" / "dprk_troops_2024")


def test_other_parameters_go_to_another_folder(checkout):
    put_code(checkout, "print(as_of)")
    package = checkout / "data" / "dprk_troops_2024"
    whole, then = build(package), build(package, {"as_of": "2024-06-22"})
    assert whole.parent.name == "dprk_troops_2024"
    assert then.parent.name == "dprk_troops_2024,as_of=2024-06-22"
    assert build(package, {"time_zone": "Asia/Seoul"}).parent.name == "dprk_troops_2024,time_zone=Asia_Seoul"
    assert "latest" in whole.read_text("utf-8")


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WoozleError, match="can't be written"), new_version(tmp_path / "file" / "report"):
        pass


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("title:", "titel:", "key 'titel': unknown. Did you mean 'title'"),
        ("date: 2026-11-23", "date: soon", "a day is needed"),
        ("  - place", "  - plaice", "'plaice' is not one of"),
        ("shown_by: nknews", "shown_by: nknew", "Did you mean 'nknews'"),
        ("authors:", "authors: [", "this is not YAML: expected"),
        ("authors:", "title: x\nauthors:", "the key 'title' appears twice"),
        ("date: 2026-11-23", "date: 2026-11-31", "a date in it does not exist (day is out of range"),
    ],
)
def test_each_fault_of_case_yaml_has_its_sentence(checkout, old, new, says):
    import woozle

    path = checkout / "case_studies" / "dprk_troops_2024" / "case.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(StudyError, match=re.escape(says)):
        open_study(woozle.open(checkout / "data" / "dprk_troops_2024"))


def test_json_cannot_end_its_script():
    assert "<" not in json_for_script({"a": "</script><!--"})
    assert json.loads(json_for_script({"a": "</script>\u2028"})) == {"a": "</script>\u2028"}


def put_markdown(checkout, text):
    path = checkout / "case_studies" / "dprk_troops_2024" / "case_study.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_markdown_cell(text, id="markdown"))
    nbformat.write(notebook, path)


def test_markup_in_a_notebook_is_cleaned(checkout):
    bad = "<img src=x onerror=alert(1)><b>bold</b>"
    put_code(
        checkout, f"from IPython.display import HTML, Markdown, display\ndisplay(HTML({bad!r}), Markdown({bad!r}))"
    )
    more = '<iframe src="//evil"></iframe> <b>fine</b> <a href="data:text/html,x">x</a> [y](javascript:z)'
    put_markdown(checkout, f"{bad} {more}")
    page = build(checkout / "data" / "dprk_troops_2024").read_text("utf-8")
    main = page.split("<main")[1].split("</main>")[0]
    main = re.sub(r"(?s)<details class=.code.>.*?</details>", "", main)
    assert "<b>fine</b>" in main
    assert main.count("<b>bold</b>") == 3
    assert main.count("a picture that is not in this page") == 3
    assert not re.search(r"<img|<iframe|<[a-z][^>]*(\bon[a-z]+=|href=.(data|javascript):)", main)


NO_CHART = "{'application/vnd.vegalite.v5+json': 'nope', 'text/plain': 'x'}"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (f"from IPython.display import display; display({NO_CHART}, raw=True)", "a chart that can't be drawn"),
        ("import os; os._exit(0)", r"The kernel died while it ran .*case_study\.ipynb, cell 2"),
        ("import sys; sys.exit(3)", "SystemExit"),
    ],
)
def test_what_goes_wrong_in_a_cell_is_told_in_a_sentence(checkout, code, says):
    put_code(checkout, code)
    with pytest.raises(NotebookError, match=says):
        build(checkout / "data" / "dprk_troops_2024")


def test_a_chart_without_words_is_shown(checkout):
    spec = {"mark": "point", "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a", "type": "quantitative"}}}
    shown = f"{{'application/vnd.vegalite.v5+json': {spec!r}}}"
    put_code(checkout, f"from IPython.display import display; display({shown}, raw=True)")
    page = build(checkout / "data" / "dprk_troops_2024")
    assert '<figure class="chart" id="chart"' in page.read_text("utf-8")
    assert (page.parent / "charts" / "chart-1.svg").is_file()


def test_a_long_output_is_cut_in_the_page_and_whole_in_the_notebook(checkout):
    put_code(checkout, "print('x' * 3_000_000)")
    page = build(checkout / "data" / "dprk_troops_2024")
    assert page.stat().st_size < 1_000_000
    assert "3,000,001 letters in all" in page.read_text("utf-8")
    assert page.with_name("notebook.ipynb").stat().st_size > 3_000_000


@pytest.mark.parametrize("zone", ["localtime", "Factory"])
def test_a_zone_that_differs_between_machines_is_refused(checkout, zone):
    with pytest.raises(ParameterError, match="not the same zone everywhere"):
        build(checkout / "data" / "dprk_troops_2024", {"time_zone": zone})
