"""What goes out is read by the readers of others, and says what it lost."""

import io
import json
import zipfile

import networkx
import pytest

import tiny
import woozle
from woozle.errors import WoozleError
from woozle.formats.bundle import is_bundle, pack, unpack
from woozle.formats.exports import EXPORTS, export_named, losses
from woozle.formats.gather import gather
from woozle.formats.importing import plan
from woozle.model.opening import inspect_folder
from woozle.report.scaffold import new_case, new_study

FALSE = {"said_by": "actor_state", "modality": "announced", "certainty": "certain", "accuracy": "false"}
CHECK = {"stance": "debunks", "modality": "none", "accuracy": "accurate"}
DAYS = {"a": "2024-06-01", "b": "2024-06-02T10:00Z", "c": "2024-06~", "d": "2024-06-05"}


@pytest.fixture
def case(tmp_path):
    return tiny.case(tmp_path, "a>b b>c b>d:debunks", {"b": FALSE, "c": FALSE, "d": CHECK}, DAYS)


def written(case, name):
    return export_named(name).write(case, "The claim.")


@pytest.mark.parametrize("name", [one.name for one in EXPORTS if one.name != "xlsx"])
def test_each_form_is_the_same_each_time(case, name):
    assert written(case, name) == written(case, name)


@pytest.mark.parametrize(
    ("name", "read"),
    [("graphml", networkx.read_graphml), ("gexf", networkx.read_gexf),
     ("cytoscape", lambda file: networkx.cytoscape_graph(json.load(file)))],
)  # fmt: skip
def test_networkx_reads_the_networks_with_all_their_edges(case, name, read):
    graph = read(io.BytesIO(written(case, name)))
    pairs = set(zip(case.citations["citing"], case.citations["cited"], strict=True))
    assert set(graph.edges()) == pairs
    assert graph.nodes["b"]["modality"] == "announced"


def test_igraph_reads_the_graphml(case, tmp_path):
    igraph = pytest.importorskip("igraph")
    (tmp_path / "case.graphml").write_bytes(written(case, "graphml"))
    graph = igraph.Graph.Read_GraphML(str(tmp_path / "case.graphml"))
    assert (graph.vcount(), graph.ecount()) == (4, 3)


def test_a_network_comes_back_as_the_case_that_it_was(case, tmp_path):
    path = tmp_path / "case.graphml"
    path.write_bytes(written(case, "graphml"))
    folder = new_case("back", "Back", "The claim.", home=tmp_path / "home")
    plan(folder, gather([path])).write()
    back = woozle.open(folder)
    assert len(back.documents) == 4
    assert sorted(back.citations["relation"]) == sorted(case.citations["relation"])
    assert sorted(back.documents["published"]) == sorted(DAYS.values())


def test_rdflib_reads_the_provenance(case):
    rdflib = pytest.importorskip("rdflib")
    graph = rdflib.Graph().parse(data=written(case, "prov").decode(), format="json-ld")
    prov = rdflib.Namespace("http://www.w3.org/ns/prov#")
    assert len(set(graph.subjects(rdflib.RDF.type, prov.Entity))) == 4
    assert len(set(graph.subject_objects(prov.wasInfluencedBy))) == 3


def test_stix2_reads_the_bundle_and_no_technique_is_claimed(case):
    stix2 = pytest.importorskip("stix2")
    bundle = stix2.parse(written(case, "stix").decode(), allow_custom=False)
    assert not [thing for thing in bundle.get("objects", []) if thing["type"] == "attack-pattern"]
    assert "documents without an address" in losses(case, export_named("stix"))


def test_stix2_reads_the_flagship(root):
    stix2 = pytest.importorskip("stix2")
    flagship = woozle.open("dprk_troops_2024")
    bundle = stix2.parse(written(flagship, "stix").decode())
    kinds = [thing["type"] for thing in bundle["objects"]]
    assert kinds.count("observed-data") == (flagship.documents["url"] != "").sum()


def test_a_fact_check_names_what_it_checks(case):
    (review,) = json.loads(written(case, "claimreview"))
    assert review["claimReviewed"] == "The claim."
    assert "reviewRating" not in review


def test_a_timeline_keeps_what_is_uncertain_in_its_words(case):
    slides = {slide["unique_id"]: slide for slide in json.loads(written(case, "timelinejs"))["events"]}
    assert slides["a"]["start_date"] == {"year": 2024, "month": 6, "day": 1}
    assert slides["c"]["display_date"] == "about June 2024"


def test_a_bibliography_comes_back_with_its_dates(case, tmp_path):
    for name, end in (("bibtex", "bib"), ("csl", "json")):
        path = tmp_path / f"case.{end}"
        path.write_bytes(written(case, name))
        published = [item.published for _, item in gather([path])]
        assert published[:1] + published[2:] == ["2024-06-01", "2024-06~", "2024-06-05"]


def test_parquet_holds_every_table(case):
    pandas = pytest.importorskip("pandas")
    with zipfile.ZipFile(io.BytesIO(written(case, "parquet"))) as archive:
        frame = pandas.read_parquet(io.BytesIO(archive.read("citations.parquet")))
    assert len(frame) == 3


def test_nothing_is_said_to_be_lost_that_is_not_there(case):
    assert "events" not in losses(case, export_named("graphml"))
    assert "translations" not in losses(case, export_named("graphml"))


@pytest.fixture
def sent(case, tmp_path):
    new_study(case)
    path = tmp_path / "tiny.zip"
    path.write_bytes(pack(case.folder))
    return path


def check(folder):
    return inspect_folder(folder)[1]


def test_a_case_is_sent_whole(sent, case, tmp_path):
    assert is_bundle(sent)
    folder = unpack(sent, tmp_path / "other", check)
    assert woozle.open(folder).documents.equals(case.documents)
    assert (tmp_path / "other" / "case_studies" / "tiny" / "case.yaml").is_file()
    with pytest.raises(WoozleError, match="There is a case 'tiny' already"):
        unpack(sent, tmp_path / "other", check)


def test_a_case_that_is_sent_can_get_another_name(sent, case, tmp_path):
    home = tmp_path / "other"
    folder = unpack(sent, home, check, "renamed")
    assert woozle.open(folder).name == "renamed"
    assert woozle.open(folder).documents.equals(case.documents)
    notebooks = [path.read_text("utf-8") for path in (home / "case_studies" / "renamed").glob("*.ipynb")]
    assert any('open(\\"renamed\\")' in text for text in notebooks)
    assert not any('\\"tiny\\"' in text or "data/tiny" in text for text in notebooks)
    unpack(sent, home, check, "again")  # beside it
    with pytest.raises(WoozleError, match="can't be used: it may have letters"):
        unpack(sent, home, check, "../out")


@pytest.mark.parametrize(
    "name", ["data/tiny/../../evil.csv", "data/tiny/run.py", "lib/woozle/x.py", "data/tiny/codings/../../x.csv"]
)
def test_what_is_no_part_of_a_case_is_refused_whole(sent, tmp_path, name):
    with zipfile.ZipFile(sent, "a") as archive:
        archive.writestr(name, "x")
    with pytest.raises(WoozleError, match="holds files that don't belong to a case"):
        unpack(sent, tmp_path / "other", check)
    assert not (tmp_path / "other").exists()


def test_a_link_in_a_zip_is_refused(sent, tmp_path):
    info = zipfile.ZipInfo("data/tiny/notes.csv")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(sent, "a") as archive:
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(WoozleError, match="don't belong to a case"):
        unpack(sent, tmp_path / "other", check)


def test_a_case_with_errors_is_not_let_in(case, tmp_path):
    path = case.folder / "citations.csv"
    path.write_text(path.read_text("utf-8").replace("\nb,a", "\nb,none"), "utf-8")
    packed = tmp_path / "bad.zip"
    packed.write_bytes(pack(case.folder))
    with pytest.raises(WoozleError, match="'none' is not a document"):
        unpack(packed, tmp_path / "other", check)
    assert not (tmp_path / "other" / "data").exists()
