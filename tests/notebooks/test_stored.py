"""The outputs stored in the notebooks: what nbval does not look at."""

import ast
import base64
import re
import shutil
import subprocess
import sys

import nbformat
import pandas as pd
import pytest

import woozle
from woozle.chart.theme import mimebundle
from woozle.locate import case_order
from woozle.pictures import VEGA_LITE

COLLECTION = "collection.ipynb"  # needs posts, of which the checkout has none: it is tested with its report


def notebooks(root):
    own = ["comparison", *case_order(root)]
    found = sorted(path for folder in ("", *own) for path in (root / "case_studies" / folder).glob("*.ipynb"))
    assert len(found) >= 11
    return [path for path in found if path.name != COLLECTION]


def assignments(root):
    found = sorted(root.glob("case_studies/assignments/*/*.ipynb"))
    assert len(found) >= 4
    return found


def test_cells_are_short(root):
    for path in notebooks(root):
        for cell in nbformat.read(path, as_version=4).cells:
            is_list = "parameters" in cell.metadata.get("tags", [])  # a line each
            if cell.cell_type == "code" and not is_list:
                assert len(ast.parse(cell.source).body) <= 3, cell.source


def test_no_number_is_typed_into_prose(root):
    for path in [*notebooks(root), root / "case_studies" / COLLECTION]:
        for cell in nbformat.read(path, as_version=4).cells:
            prose = (
                cell.source
                if cell.cell_type == "markdown"
                else "".join(re.findall(r'tell\("""(.*?)"""', cell.source, re.S))
            )
            prose = re.sub(r"`[^`]*`|\{[^}]*\}|^#+ \d\. |\([^()]* (and others )?\d{4}\)", "", prose, flags=re.M)
            assert not re.search(r"\d", prose.replace("June 2024", "")), prose


def test_no_number_is_typed_into_what_is_said_of_every_case(root):
    texts = re.findall(r'"""(.*?)"""', (root / "lib/woozle/notebook/notes.py").read_text("utf-8"), re.S)
    assert len(texts) > 20
    for text in texts:
        assert not re.search(r"\d", re.sub(r"\{[^}]*\}", "", text)), text


def test_nothing_of_a_machine_is_stored(root):
    for path in [*notebooks(root), *assignments(root)]:
        text = path.read_text("utf-8")
        assert not re.search(r"/(?:home|root|Users|tmp|work)/", text)
        assert '"papermill"' not in text


def test_every_code_cell_has_run_without_an_error(root):
    for path in [*notebooks(root), *assignments(root)]:
        cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        assert all(cell.execution_count for cell in cells), f"{path}: run make notebooks"
        outputs = [output for cell in cells for output in cell.outputs]
        assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
        assert path in assignments(root) or not [output for output in outputs if output.output_type == "stream"]


CASES = ["dprk_troops_2024", "jang_dogs_2013", "poland_missile_2022", "ual_bankruptcy_2008"]


@pytest.mark.parametrize("share", [0.0, 0.3])
@pytest.mark.parametrize("case", CASES)
def test_a_case_can_be_read_as_of_its_first_hours(root, case, share, monkeypatch):
    """When hardly anything was out no cell fails: what was not known is said to be so."""
    monkeypatch.chdir(root)
    opened = woozle.open(case)
    first, last = opened.documents["earliest"].min(), opened.documents["latest"].max()
    moments = pd.concat([opened.documents["earliest"], opened.documents["latest"]]).sort_values()
    as_of = moments.iloc[int(share * len(moments))] if share else first
    assert first <= as_of < last
    names: dict[str, object] = {}
    for cell in nbformat.read(root / "case_studies" / case / "case_study.ipynb", as_version=4).cells:
        if cell.cell_type == "code":
            exec(cell.source, names)
            if "parameters" in cell.metadata.get("tags", []):
                names["as_of"] = as_of.isoformat()


@pytest.mark.parametrize(
    ("case", "share", "choice"),
    [
        ("poland_missile_2022", 0.0, {}),
        pytest.param("jang_dogs_2013", 0.3, {"include_second_hand": False}, marks=pytest.mark.slow),
        pytest.param("ual_bankruptcy_2008", 0.6, {"include_inferred": False}, marks=pytest.mark.slow),
        ("dprk_troops_2024", 0.1, {"hops": "all"}),
    ],
)
def test_the_evidence_of_a_case_can_be_read_at_any_moment_and_with_any_choice(root, case, share, choice, monkeypatch):
    monkeypatch.chdir(root / "case_studies")
    opened = woozle.open(case)
    moments = pd.concat([opened.documents["earliest"], opened.documents["latest"]]).sort_values()
    as_of = moments.iloc[int(share * (len(moments) - 1))].isoformat()
    names: dict[str, object] = {}
    for cell in nbformat.read(root / "case_studies" / "evidence.ipynb", as_version=4).cells:
        if cell.cell_type == "code":
            exec(cell.source, names)
            if "parameters" in cell.metadata.get("tags", []):
                names |= {"case": case, "as_of": as_of, **choice}


@pytest.mark.slow
@pytest.mark.parametrize("mime", ["image/png"])
def test_the_stored_pictures_are_those_of_their_charts(root, mime):
    """nbval ignores pictures: a picture that is not that of the chart beside it is found here."""
    for path in [*notebooks(root), *assignments(root)]:
        outputs = [
            o
            for c in nbformat.read(path, as_version=4).cells
            for o in c.get("outputs", [])
            if VEGA_LITE in o.get("data", {})
        ]
        assert outputs or path in assignments(root)
        for output in outputs:
            data, _ = mimebundle(output.data[VEGA_LITE])
            assert base64.b64decode(data[mime]) == base64.b64decode(output.data[mime])


@pytest.mark.slow
def test_a_changed_fact_makes_nbval_fail_for_its_case(root, tmp_path):
    """One word of one wording, and the stored outputs of that case are not those of its data any more."""
    for part in ("data", "case_studies"):
        shutil.copytree(root / part / "ual_bankruptcy_2008", tmp_path / part / "ual_bankruptcy_2008")
    notebook = tmp_path / "case_studies" / "ual_bankruptcy_2008" / "explore.ipynb"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-o",
        "addopts=",
        "-q",
        "-p",
        "no:cacheprovider",
        "--nbval",
        str(notebook),
    ]
    command += ["--nbval-sanitize-with", str(root / "tests" / "notebooks" / "sanitize.cfg")]

    def failed() -> int:
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode

    assert failed() == 0
    claims = tmp_path / "data" / "ual_bankruptcy_2008" / "claims.csv"
    text = claims.read_text("utf-8")
    assert "completely untrue" in text
    claims.write_text(text.replace("completely untrue", "wholly untrue"), "utf-8")
    assert failed() == 1
