"""A new case is data and prose: a made-up fifth one, with slots and words of its own, gets a report."""

import json
import os
import re
import subprocess
import sys

import nbformat
import pytest

import tiny
from woozle import schema
from woozle.case import open_case
from woozle.errors import WoozleError
from woozle.report.scaffold import new_study
from woozle.report.study import open_study
from woozle.schema import Slot

# A parish bulletin says that the bridge might be closed if it floods; the radio says that it is; the mayor denies it.
SLOTS = (Slot("bridge", "which bridge", "place", "bridge"), Slot("since", "since when", "time"))
WORDS = {
    "outlet_kind": tiny.terms("bulletin", "radio", "office"),
    "document_kind": tiny.terms("leaflet", "broadcast", "notice"),
    "relation": tiny.terms("read_out", "heard_from", "answers", role=["copy", None, "check"]),
    "stance": tiny.terms("warns", "tells", "refutes", role=[None, None, "correction"]),
    "said_by": tiny.terms(
        "verger", "radio_station", "mayor", **{"class": ["neighbour", "media", "town"]}, actor=[None, None, True]
    ),
    "source_class": tiny.terms("neighbour", "media", "town"),
    "modality": tiny.terms("none", "if_it_floods", "ordered", "done", rank=[0, 1, 2, 3]),
    "certainty": tiny.terms("hearsay", "sure"),
    "accuracy": tiny.terms(*schema.ACCURACY),
    "seen": tiny.terms(*schema.SEEN),
    "evidence_type": tiny.terms("quotation", "paraphrase"),
    "bridge": tiny.terms("upper", "lower"),
}


def row(name, published, **facts):
    kinds = {"leaflet": "leaflet", "noon": "broadcast", "evening": "broadcast", "notice": "notice"}
    outlets = {"leaflet": "parish", "noon": "river_radio", "evening": "river_radio", "notice": "town_hall"}
    return {"id": name, "outlet": outlets[name], "kind": kinds[name], "language": "de", "published": published} | facts


def version(document, stance, said_by, modality, certainty, accuracy):
    own = {"bridge": "upper", "since": "2025-03"} if modality != "none" else {}
    codes = {"stance": stance, "said_by": said_by, "modality": modality, "certainty": certainty, "accuracy": accuracy}
    return {"document": document, "version": "1", "basis": "notice", "seen": "page", **codes, **own}


TABLES = {
    "outlets": [
        {"id": "parish", "name": "Gemeindeblatt", "country": "AT", "kind": "bulletin", "time_zone": "Europe/Vienna"},
        {"id": "river_radio", "name": "Radio am Fluss", "country": "AT", "kind": "radio", "time_zone": "Europe/Vienna"},
        {"id": "town_hall", "name": "Rathaus", "country": "AT", "kind": "office", "time_zone": "Europe/Vienna"},
    ],
    "documents": [
        row("leaflet", "2025-03-01", seen="page"),
        row("noon", "2025-03-03T12:00+01:00", label="Noon news", seen="page"),
        row("evening", "2025-03-03T18:00+01:00", label="Evening news", seen="page"),
        row("notice", "2025-03-04", seen="page"),
    ],
    "citations": [
        {"citing": "noon", "cited": "leaflet", "relation": "heard_from", "evidence": "wie man hört"},
        {"citing": "evening", "cited": "noon", "relation": "read_out", "evidence": "wie zu Mittag gemeldet"},
        {"citing": "notice", "cited": "evening", "relation": "answers", "evidence": "nicht gesperrt"},
    ],
    "claims": [
        version("leaflet", "warns", "verger", "if_it_floods", "hearsay", "unverified"),
        version("noon", "tells", "mayor", "ordered", "sure", "false"),
        version("evening", "tells", "mayor", "done", "sure", "false"),
        version("notice", "refutes", "mayor", "none", "sure", "accurate"),
    ],
}
for citation in TABLES["citations"]:
    citation |= {"evidence_type": "quotation", "seen": "page"}


@pytest.fixture
def bridge(tmp_path):
    return tiny.write(tmp_path / "data" / "bridge_2025", TABLES, SLOTS, WORDS, conversion_from="ordered")


def woozle(home, *command):
    """Run the command as a user does, in a folder of their own."""
    environment = {**os.environ, "WOOZLE_HOME": ""}
    return subprocess.run(
        [sys.executable, "-m", "woozle", *command],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_fifth_case_gets_a_report_without_a_line_of_code(bridge, tmp_path):
    begun = woozle(tmp_path, "new", "bridge_2025")
    assert begun.returncode == 0, begun.stderr
    assert "case_studies/bridge_2025: case.yaml, case_study.ipynb and explore.ipynb" in begun.stdout
    explored = woozle(tmp_path, "notebooks", "case_studies/bridge_2025/explore.ipynb")
    assert explored.returncode == 0, explored.stderr
    built = woozle(tmp_path, "report", "bridge_2025")
    assert built.returncode == 0, built.stderr
    page = (tmp_path / "reports" / "bridge_2025" / "index.html").read_text("utf-8")
    manifest = json.loads((tmp_path / "reports" / "bridge_2025" / "manifest.json").read_text("utf-8"))
    # By hand: three carry it, all rest on the leaflet, noon and evening have it from the mayor, one notice refutes it.
    assert manifest["figures"] == {"documents": 4, "carriers": 3, "roots": 1, "false": 2, "corrections": 1}
    plain = re.sub(r"<[^>]*>", "", page)
    assert "It became false with Noon news" in plain
    assert "which had it from Gemeindeblatt" in plain
    evidence = (tmp_path / "reports" / "bridge_2025" / "evidence.html").read_text("utf-8")
    assert "which bridge" in evidence


def test_what_is_written_can_be_read_and_nothing_is_overwritten(bridge):
    case = open_case(bridge)
    folder = new_study(case)
    study = open_study(case)
    assert (study.shown_by, study.slots) == ("notice", ("bridge", "since"))
    cells = nbformat.read(study.notebook, as_version=4).cells
    assert len(cells) <= 30
    prose = [cell for cell in cells if cell.source.startswith("tell(")]
    assert len(prose) > 4
    assert all(cell.metadata["jupyter"]["source_hidden"] for cell in prose)
    (folder / "case.yaml").write_text("mine", "utf-8")
    with pytest.raises(WoozleError, match="is there already"):
        new_study(case)
    assert (folder / "case.yaml").read_text("utf-8") == "mine"
