"""A new case is data and prose: a made-up fifth one, with slots and words of its own, gets a report."""

import json
import re
import subprocess
import sys

import nbformat
import pytest

import tiny
from command import woozle
from woozle.errors import WoozleError
from woozle.model.opening import open_case
from woozle.notebook.study import open_study
from woozle.package import schema
from woozle.package.schema import Slot
from woozle.report.scaffold import new_case, new_study

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


def test_a_case_that_cannot_have_its_study_is_not_left_half(tmp_path):
    (tmp_path / "case_studies").write_text("a file where the folder should be")
    with pytest.raises(WoozleError, match="case_studies"):
        new_case("half", "Half", "Half.", home=tmp_path)
    assert not (tmp_path / "data" / "half").exists()


def test_a_fifth_case_gets_a_report_without_a_line_of_code(bridge, tmp_path):
    begun = woozle("new", "bridge_2025", cwd=tmp_path)
    assert begun.returncode == 0, begun.stderr
    assert "case_studies/bridge_2025: case.yaml, case_study.ipynb and explore.ipynb" in begun.stdout
    explored = woozle("notebooks", "case_studies/bridge_2025/explore.ipynb", cwd=tmp_path)
    assert explored.returncode == 0, explored.stderr
    built = woozle("report", "bridge_2025", cwd=tmp_path)
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
    with pytest.raises(WoozleError, match="already exists"):
        new_study(case)
    assert (folder / "case.yaml").read_text("utf-8") == "mine"


ROWS = {
    "outlets": [
        "blog,A Blog,GB,blog,Europe/London,",
        "paper,Town Paper,GB,newspaper,,",
        "hall,City Hall,GB,government,,",
    ],
    "documents": [
        "post,blog,,social_post,en,2024-06-01,,,,page,,",
        "story,paper,,news,en,2024-06-02,,,,page,,",
        "denial,hall,,statement,en,2024-06-03,,,,page,,",
    ],
    "citations": [
        "story,post,attributes,a blog says,paraphrase,page,,,,,",
        "denial,story,debunks,the paper is wrong,paraphrase,page,,,,,",
    ],
}


def own_case(home, **given):
    folder = new_case("the_bridge", "The bridge", "The bridge fell.", home=home, **given)
    for name, rows in ROWS.items():
        with (folder / f"{name}.csv").open("a") as file:
            file.write("\n".join(rows) + "\n")
    return folder


def test_a_case_of_ones_own_needs_no_code_for_its_first_tree(tmp_path):
    """The paper has it from the blog; who denies it carries nothing, though nobody coded it."""
    case = open_case(own_case(tmp_path))
    cascade = case.cascade()
    assert (cascade.carriers, cascade.roots()) == (("post", "story"), ("post",))
    assert cascade.carries("post") == "assumed"
    assert cascade.citations.loc[0, ["carrying", "inferred"]].to_list() == [True, False]
    assert open_study(case).claim == "The bridge fell."


def test_what_nobody_coded_carries_nothing_once_the_package_says_so(tmp_path):
    folder = own_case(tmp_path)
    text = (folder / "datapackage.json").read_text("utf-8")
    (folder / "datapackage.json").write_text(text.replace('"uncoded_carry": true', '"uncoded_carry": false'))
    assert open_case(folder).cascade().carriers == ()


def test_an_uncoded_case_builds_story_evidence_and_workbench(tmp_path):
    import woozle

    own_case(tmp_path)
    done = woozle.report.build(tmp_path / "data" / "the_bridge", folder=tmp_path / "report")
    words = re.sub(r"<[^>]+>", " ", (tmp_path / "report" / "evidence.html").read_text("utf-8"))
    assert "2 documents are not coded, and drawn in grey" in " ".join(words.split())
    assert "2 documents without codes carry it in every draw, by assumption" in " ".join(words.split())
    assert done
    assert woozle.explore(open_case(tmp_path / "data" / "the_bridge")).data["documents"][0]["says"] == "not coded"


def test_a_new_case_overwrites_nothing_and_says_what_is_wrong(tmp_path):
    own_case(tmp_path, actor="The town", time_zone="Europe/London")
    with pytest.raises(WoozleError, match="A case called 'the_bridge' already exists"):
        own_case(tmp_path)
    with pytest.raises(WoozleError, match="letters a-z"):
        new_case("the bridge", "The bridge", "It fell.", home=tmp_path)
    with pytest.raises(WoozleError, match="claim: this must not be empty"):
        new_case("other", "The bridge", " ", home=tmp_path)
    with pytest.raises(WoozleError, match="Europe/Lundon"):
        new_case("other", "The bridge", "It fell.", time_zone="Europe/Lundon", home=tmp_path)
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["the_bridge"]


def test_describe_fills_what_a_package_does_not_declare(tmp_path):
    from woozle.package.codebook import describe

    folder = own_case(tmp_path)
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    del package["title"], package["woozle"]["log"], package["woozle"]["vocabularies"]["certainty"], package["resources"]
    (folder / "datapackage.json").write_text(json.dumps(package))
    (folder / "CODEBOOK.md").unlink()
    assert describe(folder) == ["title", "woozle.log", "woozle.vocabularies.certainty"]
    assert describe(folder) == []
    assert open_case(folder).title == "the bridge"
    (folder / "datapackage.json").write_text(json.dumps({"woozle": {"slots": 3}}))
    with pytest.raises(WoozleError, match="woozle check the_bridge"):
        describe(folder)


def test_the_command_starts_a_case_without_asking_where_nobody_answers(tmp_path):
    command = [sys.executable, "-m", "woozle", "new", "the_bridge", "--claim", "It fell."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 0, done.stderr
    assert "woozle check the_bridge" in done.stdout
    assert (tmp_path / "data" / "the_bridge" / "documents.csv").is_file()


def test_a_case_without_documents_yet_keeps_no_other_from_its_report(tmp_path, monkeypatch):
    from woozle.locate import find_folders, subject_names

    own_case(tmp_path)
    new_case("just_begun", "Begun", "It is so.", home=tmp_path)
    monkeypatch.chdir(tmp_path)
    assert subject_names() == ["the_bridge"]
    assert [folder.name for folder in find_folders("all")] == ["the_bridge"]
    with pytest.raises(WoozleError, match="no rows yet"):
        open_case("just_begun")


@pytest.mark.parametrize(
    ("name", "more", "says"),
    [("Bridge", {}, "A case called 'bridge' already exists"), ("con", {}, "Windows keeps it for a device"),
     ("other", {"language": "English"}, "'English' is not the code of a language")],
)  # fmt: skip
def test_a_name_and_a_language_that_would_trouble_later_are_refused(tmp_path, name, more, says):
    new_case("bridge", "The bridge", "It fell.", home=tmp_path)
    with pytest.raises(WoozleError, match=says):
        new_case(name, "T", "C.", home=tmp_path, **more)
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["bridge"]
