"""What a page makes of what a notebook holds: pictures, formulas, scripts, empty sections, what is not written yet."""

import base64
import json

import nbformat
import pytest

import tiny
from woozle.notebook.unfinished import unfinished
from woozle.page.outputs import pieces, without_empty_sections
from woozle.page.prose import Outline

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 40).decode()


def notebook(*cells):
    found = nbformat.v4.new_notebook()
    found.cells = list(cells)
    return found


def shows(data):
    cell = nbformat.v4.new_code_cell("x")
    cell.outputs = [nbformat.v4.new_output("display_data", data)]
    return cell


def empty_table(caption="Nothing."):
    from woozle.pictures import ROWS

    rows = {"name": "nothing", "caption": caption, "columns": ["a"], "rows": []}
    return shows({"text/plain": "", ROWS: json.dumps(rows)})


@pytest.mark.parametrize(
    ("kind", "content"),
    [("image/png", PNG), ("image/jpeg", PNG), ("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>")],
)
def test_a_picture_stands_in_the_page(kind, content):
    from woozle.page.html import clean

    found = list(pieces(notebook(shows({kind: content, "text/plain": "<IPython.core.display.Image object>"}))))
    assert found[0].kind == "html"
    shown = clean(found[0].text)
    assert shown.startswith(f'<img src="data:{kind};base64,')
    assert "IPython" not in shown


def test_a_picture_too_large_for_a_page_is_told():
    found = next(pieces(notebook(shows({"image/png": "A" * 5_000_001}))))
    assert "a picture of 5 MB: see the notebook of this page" in found.text


def test_an_attached_picture_stands_in_the_page():
    cell = nbformat.v4.new_markdown_cell("![a map](attachment:map.png)", attachments={"map.png": {"image/png": PNG}})
    found = next(pieces(notebook(cell)))
    assert f"data:image/png;base64,{PNG}" in Outline().html(found.text)


def test_a_picture_from_elsewhere_is_told_and_not_loaded():
    shown = Outline().html("![a plot](plot.png)")
    assert "<img" not in shown
    assert "a plot: a picture that is not in the notebook, plot.png" in shown


def test_a_link_that_holds_data_is_no_link():
    from woozle.page.html import clean

    assert "data:" not in clean('<a href="data:text/html,<b>x</b>">x</a>')
    assert 'href="https://example.org"' in clean('<a href="https://example.org">x</a>')


@pytest.mark.parametrize("text", ["$x^2$", "where $x^2$ is", "$$x^2$$"])
def test_a_formula_is_mathml(text):
    shown = Outline().html(text)
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in shown
    assert "$" not in shown


@pytest.mark.parametrize("text", ["It cost $5 and later $6.", "from $5-$6 to", "a $ sign", r"\$x\$"])
def test_a_price_is_no_formula(text):
    assert "<math" not in Outline().html(text)


def test_what_runs_from_right_to_left_says_so():
    assert 'dir="auto"' in Outline().html("مرحبا بالعالم")
    assert 'dir="auto"' in Outline().html("## עברית")
    assert "dir=" not in Outline().html("Plain words.")


def test_a_section_whose_cells_find_nothing_vanishes_with_its_heading():
    text = nbformat.v4.new_markdown_cell
    found = without_empty_sections(
        list(
            pieces(
                notebook(
                    text("## One\n\nWords."), shows({"text/plain": "shown"}),
                    text("### Empty\n\nIts introduction."), empty_table(),
                    text("## Two\n\nWords."), empty_table(), text("### Three"), empty_table(),
                    text("## Prose only\n\nNo cell here."),
                )
            )
        )
    )  # fmt: skip
    assert [piece.text.split("\n")[0] for piece in found if piece.kind == "markdown"] == ["## One", "## Prose only"]


def test_what_is_not_written_yet_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "case_studies" / "demo"
    folder.mkdir(parents=True)
    (folder / "case.yaml").write_text("title: 'To write: a title'\n", "utf-8")
    text = nbformat.v4.new_markdown_cell
    cells = [text("In all {carriers} documents, {?turn} and `{code}`, $\\frac{a}{b}$."), text("To write: more.")]
    nbformat.write(notebook(*cells), folder / "case_study.ipynb")
    told = unfinished(folder)
    assert [sentence.partition(":")[0] for sentence in told] == [
        "case_studies/demo/case.yaml, line 1",
        "case_studies/demo/case_study.ipynb, cell 1",
        "case_studies/demo/case_study.ipynb, cell 1",
        "case_studies/demo/case_study.ipynb, cell 2",
    ]
    assert "{carriers} in a Markdown cell is never filled" in told[1]


def test_what_is_not_written_yet_is_not_published_and_not_cited(checkout):
    from woozle.errors import WoozleError
    from woozle.notebook.about import about_case
    from woozle.notebook.study import open_study
    from woozle.page.about import About
    from woozle.report.publish import publish
    from woozle.report.run import Request

    path = checkout / "case_studies" / "dprk_troops_2024" / "case.yaml"
    told = path.read_text("utf-8").replace("- The woozle maintainers", "- 'To write: your name'\n  - Ada Lovelace")
    path.write_text(told.replace("title: ", "title: 'To write: a title' # "), "utf-8")
    request = Request(checkout / "data" / "dprk_troops_2024")
    with pytest.raises(WoozleError, match="Not published: some texts still have to be written"):
        publish([request], checkout / "site")
    assert not (checkout / "site").exists()
    case = tiny.open_case(request.subject)
    cited = About(**about_case(open_study(case), case.cascade())).bibtex()
    assert "To write" not in cited
    assert "author = {Ada Lovelace}" in cited
    assert case.title in cited
