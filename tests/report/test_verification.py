"""Any changed byte, missing or added file is found, and other inputs are another report."""

import contextlib
import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_run import put_code

import tiny
from woozle.errors import WoozleError
from woozle.hashes import canonical, sha256
from woozle.report import build, verify
from woozle.report.crate import crate_faults

WOOZLE = Path(sys.executable).with_name("woozle")
CHART = "from woozle.notebook import Teller, figures; import woozle; figures.roots(Teller(woozle.open('dprk_troops_2024').cascade(as_of)), 'Roots')"


@pytest.fixture(scope="module")
def whole(root, tmp_path_factory):
    home = tmp_path_factory.mktemp("verify")
    for part in ("data", "case_studies"):
        shutil.copytree(root / part / "dprk_troops_2024", home / part / "dprk_troops_2024")
    shutil.copy(root / "requirements.lock", home)
    put_code(home, CHART)
    tiny.write_evidence(home)
    return build(home / "data" / "dprk_troops_2024").parent


@pytest.fixture
def report(whole, tmp_path):
    """A report that has travelled: nothing but its folder."""
    return shutil.copytree(whole, tmp_path / "report")


def flip(path, place):
    data = bytearray(path.read_bytes())
    data[place] ^= 1 << (place % 8)
    path.write_bytes(data)


def test_a_whole_report_needs_nothing_but_its_folder(report):
    verdict = verify(report)
    assert verdict.state == "unchanged"
    assert len(verdict.sha256) == 64


def test_a_flipped_byte_of_any_file_is_found_and_named(report):
    paths = [path for path in report.rglob("*") if path.is_file()]
    assert {path.suffix for path in paths} >= {".html", ".ipynb", ".csv", ".svg", ".png", ".json", ".md"}
    random.seed(1)
    for path in paths:
        before = path.read_bytes()
        flip(path, random.randrange(len(before)))
        verdict = verify(report)
        assert verdict.state == "changed"
        assert path.relative_to(report).as_posix() in verdict.details[0]
        assert verify(path).state == "changed"
        path.write_bytes(before)
    assert verify(report).state == "unchanged"


def test_each_byte_of_the_manifest_counts(report):
    path = report / "manifest.json"
    before = path.read_bytes()
    random.seed(2)
    for place in [0, len(before) - 1, *random.sample(range(len(before)), 400)]:
        flip(path, place)
        assert verify(report).state == "changed", place
        path.write_bytes(before)


@pytest.mark.parametrize("change", ["space", "order", "duplicate", "extra", "empty", "list", "deep"])
def test_a_manifest_in_another_form_is_a_change(report, change):
    path = report / "manifest.json"
    text = path.read_text("utf-8")
    facts = json.loads(text)
    if change == "extra":  # even with a hash that fits
        facts["more"] = 1
        facts["sha256"] = sha256(canonical({key: value for key, value in facts.items() if key != "sha256"}))
    path.write_text(
        {
            "space": text + " ",
            "order": json.dumps(dict(reversed(facts.items())), ensure_ascii=False, indent=1) + "\n",
            "duplicate": text.replace('"case"', '"case": "x",\n "case"', 1),
            "extra": json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
            "empty": "",
            "list": "[]\n",
            "deep": "[" * 100_000,
        }[change],
        "utf-8",
    )
    assert verify(report).state == "changed"


def test_missing_added_and_linked_files_are_named(report, tmp_path):
    (report / "data" / "story-roots.csv").unlink()
    (report / "extra.txt").write_text("x")
    (report / ".hidden").write_text("x")
    (report / "charts" / "story-roots.svg").rename(tmp_path / "roots.svg")
    (report / "charts" / "story-roots.svg").symlink_to(tmp_path / "roots.svg")
    told = " ".join(verify(report).details)
    for words in (
        "data/story-roots.csv: missing",
        "extra.txt: added",
        ".hidden: added",
        "charts/story-roots.svg: replaced by a link",
    ):
        assert words in told


def test_a_page_that_travels_alone_carries_its_own_hash(report, tmp_path):
    page = shutil.copy(report / "index.html", tmp_path / "mailed.html")
    assert verify(page).state == "unchanged"
    data = page.read_bytes()
    for place in random.Random(3).sample(range(len(data)), 40):
        flip(page, place)
        with contextlib.suppress(WoozleError):  # the byte was one of those that hold the hash: that is told otherwise
            assert verify(page).state == "changed"
        page.write_bytes(data)


def test_a_page_below_somebodys_manifest_is_checked_by_its_own_hash(report, tmp_path):
    (tmp_path / "web" / "sub").mkdir(parents=True)
    (tmp_path / "web" / "manifest.json").write_text("{}")
    assert verify(shutil.copy(report / "index.html", tmp_path / "web" / "sub" / "page.html")).state == "unchanged"


def test_a_package_that_is_not_what_was_read_is_found(report):
    """Even where somebody has written a manifest that fits the folder."""
    path, manifest = report / "package" / "events.csv", report / "manifest.json"
    path.write_text(path.read_text("utf-8").replace("2024", "2023"), "utf-8")
    facts = json.loads(manifest.read_text("utf-8"))
    facts["outputs"]["package/events.csv"] = {"bytes": path.stat().st_size, "sha256": sha256(path.read_bytes())}
    facts["sha256"] = sha256(canonical({key: value for key, value in facts.items() if key != "sha256"}))
    manifest.write_text(json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    (told,) = verify(report).details
    assert told == "package/: data/dprk_troops_2024/events.csv is not the file from which the report was made."


def test_what_is_no_report_is_told(tmp_path):
    (tmp_path / "page.html").write_text("<p>x</p>")
    with pytest.raises(WoozleError, match="carries no hash"):
        verify(tmp_path / "page.html")
    with pytest.raises(WoozleError, match="is not a report"):
        verify(tmp_path)


def test_rebuilt_it_is_equal_and_from_other_inputs_another_report(whole, report, monkeypatch):
    home = whole.parents[2].parent if whole.parent.name == "versions" else whole.parents[1]
    monkeypatch.chdir(home)
    assert verify(report, rebuild=True).state == "rebuilt and equal"
    events = home / "data" / "dprk_troops_2024" / "events.csv"
    before = events.read_bytes()
    events.write_bytes(before.replace(b"2024", b"2023", 1))
    verdict = verify(report, rebuild=True)
    events.write_bytes(before)
    assert verdict.state == "another report"
    assert verdict.details == ("data/dprk_troops_2024/events.csv: changed.",)


@pytest.mark.slow
def test_the_command_says_so_and_exits_with_one(report):
    def run(*words):
        return subprocess.run([WOOZLE, "verify", *words], capture_output=True, text=True, check=False)

    assert (run(report).returncode, "unchanged" in run(report).stdout) == (0, True)
    flip(report / "index.html", 5000)
    done = run(report)
    assert done.returncode == 1
    assert "index.html: changed." in done.stdout
    assert run("nowhere").returncode == 1


def test_the_crate_says_what_it_holds_and_how_it_was_made(report, root):
    from rocrate.rocrate import ROCrate

    crate = ROCrate(report)
    facts = crate.root_dataset
    assert facts["datePublished"] == "2026-11-23"  # of case.yaml
    assert facts["license"]["name"] == "Creative Commons Attribution 4.0"
    assert [person["name"] for person in facts["author"]] == ["The woozle maintainers"]
    (made,) = [entity for entity in crate.contextual_entities if entity.type == "CreateAction"]
    assert {file.id for file in made["result"]} == {"index.html", "evidence.html", "notebook.ipynb", "evidence.ipynb"}
    assert "package/documents.csv" in {file.id for file in made["object"]}
    assert crate_faults(report) == []
    (report / "stray.txt").write_text("x")
    assert crate_faults(report) == ["stray.txt is not listed in ro-crate-metadata.json."]
