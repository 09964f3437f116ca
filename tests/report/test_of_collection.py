"""The report of a collection: story and evidence of one notebook, sealed, with figures that the data have."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from command import woozle
from woozle.commands.collection import _write_table as write_table
from woozle.errors import ParameterError, WoozleError
from woozle.report.of_collection import build_collection

WOOZLE = Path(sys.executable).with_name("woozle")
SAID = "the ministry said on monday that salt protects from radiation and nobody denied it"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A collection: a cascade of four, a sentence that ten repeat, two accounts that share forty links at once."""
    home = tmp_path_factory.mktemp("home")

    def post(number, account, minute, text, **more):
        moment = f"2011-03-{14 + minute // 1440:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}"
        return {"id": str(number), "author_id": account, "created_at": f"{moment}:{number % 2:02d}.000Z", "text": text,
                "lang": "en", **more}  # fmt: skip

    def to(kind, number):
        return {"referenced_tweets": [{"type": kind, "id": str(number)}]}

    posts = [post(1, "a", 0, "<script>alert(1)</script> the first of all"), post(2, "b", 5, "an answer", **to("replied_to", 1)),
             post(3, "c", 9, "", **to("retweeted", 1)), post(4, "d", 30, "deeper", **to("replied_to", 2)),
             post(5, "e", 31, "an orphan", **to("replied_to", 999))]  # fmt: skip
    posts += [post(10 + n, f"x{n}", 7000 + 90 * n, SAID) for n in range(10)]
    posts += [
        post(100 + 2 * n + late, account, 8000 + 61 * n, f"link {n} https://a.example/{n}")
        for n in range(40) for late, account in enumerate(("p", "q"))
    ]  # fmt: skip
    (home / "posts.jsonl").write_text("".join(json.dumps(one) + "\n" for one in posts), "utf-8")
    done = subprocess.run([WOOZLE, "collect", "posts.jsonl"], cwd=home, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "posts.parquet: 95 rows." in done.stdout
    return home


@pytest.fixture(scope="module")
def built(home):
    done = subprocess.run(
        [WOOZLE, "collection", "report", "posts.parquet"], cwd=home, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return home / "reports" / "posts"


def words_of(page):
    body = re.sub(r"(?s)<(script|style|details).*?</\1>", " ", page.read_text("utf-8"))
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_the_story_tells_what_the_data_have(built):
    words = words_of(built / "index.html")
    assert "95 posts by 17 accounts" in words
    assert "the largest has 4 posts" in words
    assert "Of 1 cascade the first post is missing" in words
    assert "The longest gap without a post is 3 days" in words
    # Nine repeat the sentence; of forty posts each account has, q's are p's words.
    assert "49 posts of" in words
    assert "shared the same address within 60 seconds 40 times" in words
    assert "1 pair of accounts shares the same address far more often than that: 2 accounts in 1 group" in words


def test_nothing_of_a_post_is_markup_and_nothing_is_loaded(built):
    for name in ("index.html", "evidence.html", "posts-report.html"):
        page = (built / name).read_text("utf-8")
        assert "<script>alert" not in page
        assert "default-src 'none'" in page
    assert "&lt;script&gt;alert(1)" in (built / "evidence.html").read_text("utf-8")


def test_every_link_of_the_story_leads_to_a_place_in_the_evidence(built):
    places = set(re.findall(r'\bid="([^"]+)"', (built / "evidence.html").read_text("utf-8")))
    leads = set(re.findall(r'href="evidence\.html#([^"]+)"', (built / "index.html").read_text("utf-8")))
    assert {"gaps", "cascades", "reused-texts", "sharing-together"} <= leads <= places


def test_a_case_is_made_of_a_part(home):
    arguments = ["collection", "case", "posts.parquet", "--query", "AN ANSWER", "--as", "part", "--yes"]
    done = woozle(*arguments, cwd=home)
    assert done.returncode == 0, done.stderr
    assert "4 new documents, 3 new citations." in done.stdout
    arguments[4] = "no such words"
    done = woozle(*arguments, cwd=home)
    assert done.returncode == 1
    assert "No post has the words 'no such words'." in done.stderr


def test_what_is_no_collection_is_told(home, tmp_path):
    with pytest.raises(ParameterError, match="There is no collection"):
        build_collection(tmp_path / "none.parquet")
    with pytest.raises(WoozleError, match="of='links' is none of urls"):
        build_collection(home / "posts.parquet", {"of": "links"}, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_a_table_in_pieces_is_the_file_of_the_whole(tmp_path, monkeypatch, ending):
    monkeypatch.setattr("woozle.commands.collection._GROUP", 7)
    whole = pd.DataFrame({"object": [f"o{n}" for n in range(40)], "seconds": range(40)})
    pieces = [whole.iloc[:1], whole.iloc[1:1], whole.iloc[1:30], whole.iloc[30:]]
    assert write_table(pieces, tmp_path / f"pieces{ending}") == write_table([whole], tmp_path / f"whole{ending}") == 40
    assert (tmp_path / f"pieces{ending}").read_bytes() == (tmp_path / f"whole{ending}").read_bytes()
    read = pd.read_csv if ending == ".csv" else pd.read_parquet
    assert read(tmp_path / f"pieces{ending}").to_numpy().tolist() == whole.to_numpy().tolist()


@pytest.mark.parametrize(
    ("words", "told", "code"),
    [
        (["coordination", "posts.parquet", "-o", "q.txt"], "a name that ends in .parquet or .csv is needed", 1),
        (["cascades", "posts.parquet", "-o", "none/q.csv"], "there is no folder none. Make it first", 1),
        (["coordination", "posts.parquet", "--of", "media"], "0 pairs. No post shares any of its media.", 0),
    ],
)
def test_what_can_not_be_written_or_found_is_said(home, words, told, code):
    done = woozle("collection", *words, cwd=home)
    assert done.returncode == code
    assert told in " ".join((done.stdout + done.stderr).split())
