"""Exports of any tool become one table of posts, with what they share and whom they answer; dirt is named by its row."""

import gzip
import json
from pathlib import Path

import pandas as pd
import pytest

from woozle.collection.coordination import coordination
from woozle.collection.forest import cascades
from woozle.collection.posts import SCHEMA, collect, open_posts
from woozle.errors import ParameterError
from woozle.formats.items import FormatError

EXPORTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "exports"


def tweet(number, minute, text="salt", **more):
    return {"id": str(number), "author_id": str(number % 3), "created_at": f"2011-03-14T09:{minute:02d}:00.000Z",
            "text": text, "lang": "en", **more}  # fmt: skip


@pytest.fixture
def made(tmp_path):
    """Return a function that collects tweets and opens the table."""

    def make(*tweets, name="posts.jsonl"):
        path = tmp_path / name
        path.write_text("".join(one if isinstance(one, str) else json.dumps(one) + "\n" for one in tweets), "utf-8")
        done = collect([path], tmp_path / "posts.parquet")
        return done, open_posts(tmp_path / "posts.parquet")

    return make


def test_a_post_becomes_a_row_with_all_that_it_says(made):
    answer = {"referenced_tweets": [{"type": "replied_to", "id": "1"}],
              "entities": {"urls": [{"expanded_url": "https://a.example/x"}], "hashtags": [{"tag": "Salt"}]},
              "attachments": {"media_keys": ["3_7"]}}  # fmt: skip
    done, posts = made(tweet(1, 0, "look https://b.example/y, #Radiation"), tweet(2, 5, **answer))
    assert (done.posts, len(posts), posts.columns) == (2, 2, tuple(SCHEMA.names))
    first, second = posts.table().to_pylist()
    assert (first["urls"], first["hashtags"], first["reply_to"]) == (["https://b.example/y"], ["radiation"], None)
    assert (second["urls"], second["hashtags"], second["media"]) == (["https://a.example/x"], ["salt"], ["3_7"])
    assert (second["reply_to"], second["account"]) == ("1", "user 2")
    assert second["time"] == pd.Timestamp("2011-03-14T09:05Z")


def test_what_is_damaged_is_named_by_file_and_row_and_the_rest_is_read(made):
    done, posts = made(
        tweet(1, 0), "{broken\n", tweet(1, 0), {**tweet(2, 1), "created_at": "yesterday"}, {**tweet(3, 2), "id": "1.23E+18"},
        tweet(4, 3, ""), tweet(5, 4, "x" * 1_000_000), '{"id": "9", "created'
    )  # fmt: skip
    told = {(note.row, note.problem.split(";")[0]) for note in done.notes}
    assert (2, "is not JSON") in told
    assert (8, "is not JSON") in told
    assert (5, "the id '1.23E+18' has lost digits in a spreadsheet") in told
    assert (done.posts, done.twice, done.undated) == (4, 1, 1)
    assert posts.table(["key"]).column("key").to_pylist() == ["1", "2", "4", "5"]
    assert len(posts.texts()) == 1


def test_one_damaged_file_of_many_stops_nothing(tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(200):
        (folder / f"{number}.jsonl").write_text(json.dumps(tweet(number, number % 60)) + "\n", "utf-8")
    (folder / "cut.jsonl.gz").write_bytes(gzip.compress(b"x" * 10_000)[:50])
    (folder / "noise.bin").write_bytes(bytes(range(256)))
    done = collect([folder], tmp_path / "posts.parquet")
    assert done.posts == 200
    assert {note.file for note in done.notes} == {"cut.jsonl.gz", "noise.bin"}


def test_a_laugh_of_a_billion_and_a_deep_nest_are_survived(tmp_path):
    (tmp_path / "deep.json").write_text("[" * 100_000 + "]" * 100_000, "utf-8")
    (tmp_path / "good.jsonl").write_text(json.dumps(tweet(1, 0)) + "\n", "utf-8")
    done = collect([tmp_path / "deep.json", tmp_path / "good.jsonl"], tmp_path / "posts.parquet")
    assert done.posts == 1


@pytest.mark.parametrize("place", [0, 1, 3])
def test_one_line_that_is_nested_too_deep_takes_no_other_with_it(tmp_path, place):
    lines = [json.dumps(tweet(number, number)) for number in range(3)]
    lines.insert(place, '{"id": "9", "x": ' + "[" * 100_000 + "]" * 100_000 + "}")
    (tmp_path / "x.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    done = collect([tmp_path / "x.jsonl"], tmp_path / "posts.parquet")
    assert done.posts == 3
    assert [(note.row, note.problem) for note in done.notes] == [(place + 1, "is not JSON; left out")]


def test_files_of_the_same_name_are_told_apart(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for number, folder in enumerate(("a", "b", "c")):
        Path("in", folder).mkdir(parents=True)
        Path("in", folder, "x.jsonl" if number < 2 else "y.jsonl").write_text(
            json.dumps(tweet(number, 0)) + "\n", "utf-8"
        )
    collect([Path("in")], Path("posts.parquet"))
    sources = open_posts("posts.parquet").table(["source"]).column("source").to_pylist()
    assert sources == ["in/a/x.jsonl", "in/b/x.jsonl", "y.jsonl"]
    Path("nothing").mkdir()
    with pytest.raises(FormatError, match="There is no file with posts in nothing"):
        collect([Path("nothing")], Path("none.parquet"))


def test_a_post_without_a_time_stands_in_its_cascade(made):
    def to(number):
        return {"referenced_tweets": [{"type": "replied_to", "id": str(number)}]}

    _, posts = made(
        tweet(1, 0),
        {**tweet(2, 0, **to(1)), "created_at": ""},
        tweet(3, 30, **to(2)),
        {**tweet(4, 0), "created_at": ""},
    )
    parents, times, known, _ = posts.forest()
    shapes = cascades(parents, times, known)
    assert shapes[["size", "depth"]].to_numpy().tolist() == [[3, 2], [1, 0]]
    assert shapes["hours"].to_list()[0] == 0.5  # of the two that have a time
    assert shapes["hours_to_half"].to_list()[0] == 0
    assert shapes["hours"].isna().to_list() == [False, True]


def test_addresses_hashtags_and_pictures_of_a_table_are_kept_apart(tmp_path):
    (tmp_path / "t.csv").write_text(
        "id,username,created_at,text,urls,hashtags,phash\n"
        """1,a,2024-01-01T00:00:00Z,x,"['https://a.example/b_(c)', 'https://d.example']","['Salt', 'sea']",f00d\n""",
        "utf-8",
    )
    collect([tmp_path / "t.csv"], tmp_path / "posts.parquet")
    (row,) = open_posts(tmp_path / "posts.parquet").table(["urls", "hashtags", "media"]).to_pylist()
    assert row == {
        "urls": ["https://a.example/b_(c)", "https://d.example"],
        "hashtags": ["salt", "sea"],
        "media": ["f00d"],
    }


def test_marked_parts_of_a_message_say_where_an_address_ends(tmp_path):
    text = [{"type": "link", "text": "https://a.example/1"}, {"type": "hashtag", "text": "#salt"}, " and ",
            {"type": "text_link", "text": "here", "href": "https://b.example"}]  # fmt: skip
    chat = {"name": "c", "id": 7, "messages": [
        {"id": 1, "type": "message", "date": "2024-01-01T00:00:00", "from": "a", "from_id": "u1", "text": text}]}  # fmt: skip
    (tmp_path / "result.json").write_text(json.dumps(chat), "utf-8")
    collect([tmp_path / "result.json"], tmp_path / "posts.parquet")
    (row,) = open_posts(tmp_path / "posts.parquet").table(["urls", "hashtags"]).to_pylist()
    assert row == {"urls": ["https://a.example/1", "https://b.example"], "hashtags": ["salt"]}


def test_the_address_of_a_post_is_nothing_that_it_shares(tmp_path):
    (tmp_path / "4cat.csv").write_text(
        "id,thread_id,timestamp,body,author,url,urls\n"
        '1,1,2024-01-01 00:00:00,words,a,https://x.example/1,"https://x.example/1,https://a.example"\n',
        "utf-8",
    )
    collect([tmp_path / "4cat.csv"], tmp_path / "posts.parquet")
    assert open_posts(tmp_path / "posts.parquet").shares("urls")["object"].to_list() == ["https://a.example"]


def test_nothing_readable_leaves_the_old_table(tmp_path, made):
    made(tweet(1, 0))
    (tmp_path / "empty.json").write_text("[]", "utf-8")
    with pytest.raises(FormatError, match="No post could be read"):
        collect([tmp_path / "empty.json"], tmp_path / "posts.parquet")
    assert len(open_posts(tmp_path / "posts.parquet")) == 1
    with pytest.raises(ParameterError, match="is no collection"):
        open_posts(tmp_path / "nothing.parquet")


def test_replies_reposts_and_missing_parents_are_a_forest(made):
    def to(kind, number):
        return {"referenced_tweets": [{"type": kind, "id": str(number)}]}

    _, posts = made(
        tweet(1, 0), tweet(2, 1, **to("replied_to", 1)), tweet(3, 2, **to("retweeted", 2)), tweet(4, 3, **to("quoted", 99)),
        tweet(5, 4, **to("replied_to", 99)),
    )  # fmt: skip
    parents, times, known, keys = posts.forest()
    assert keys.to_list() == ["1", "2", "3", "4", "5", "99"]
    assert parents.tolist() == [-1, 0, 1, 5, 5, -1]
    shapes = cascades(parents, times, known)
    assert shapes[["size", "depth", "known_root"]].to_numpy().tolist() == [[3, 2, True], [2, 0, False]]


def test_a_circle_of_replies_stops_nothing(made):
    def to(number):
        return {"referenced_tweets": [{"type": "replied_to", "id": str(number)}]}

    _, posts = made(tweet(1, 5, **to(2)), tweet(2, 0, **to(1)), tweet(3, 9, **to(3)))
    parents, times, known, _ = posts.forest()
    assert parents.tolist() == [1, -1, -1]
    assert cascades(parents, times, known)["size"].to_list() == [2, 1]


def test_shares_are_of_addresses_hashtags_reposts_or_words(made):
    said = "salt protects from radiation, they say"
    _, posts = made(
        tweet(1, 0, f"{said} https://a.example/1"), tweet(2, 0, f"{said.upper()}  https://a.example/2"), tweet(4, 1, "#Salt"),
        tweet(6, 1, "", referenced_tweets=[{"type": "retweeted", "id": "1"}]),
    )  # fmt: skip
    assert posts.shares("urls")["object"].to_list() == ["https://a.example/1", "https://a.example/2"]
    assert posts.shares("hashtags")[["object", "content"]].to_numpy().tolist() == [["salt", "4"]]
    assert posts.shares("reposts")[["object", "content"]].to_numpy().tolist() == [["1", "6"]]
    assert len(coordination(posts.shares("texts"), 10, 1)) == 1
    with pytest.raises(ParameterError, match=r"of='url' is none of .*Did you mean 'urls'\?"):
        posts.shares("url")


def test_a_post_that_shares_two_things_keeps_both(tmp_path):
    head = "object_id,account_id,content_id,timestamp_share\n"
    for names in (("https://a.example/1", "https://a.example/2"), ("x", "y")):
        rows = "".join(f"{name},ada,1,1700000000\n" for name in (*names, names[0]))
        (tmp_path / "shares.csv").write_text(head + rows, "utf-8")
        done = collect([tmp_path / "shares.csv"], tmp_path / "posts.parquet")
        assert (done.posts, done.twice) == (2, 1)
        of = "urls" if "://" in names[0] else "objects"
        assert open_posts(tmp_path / "posts.parquet").shares(of)["object"].to_list() == list(names)


def test_a_query_finds_words_whatever_their_case(made):
    _, posts = made(tweet(1, 0, "SALT protects"), tweet(2, 1, "water"))
    assert posts.table(["key"], query="salt").num_rows == 1


@pytest.mark.skipif(not EXPORTS.is_dir(), reason=f"the exports are not there: {EXPORTS.name}")
@pytest.mark.parametrize(
    ("name", "count", "linked"),
    [("4cat_bsky.csv", 60, 34), ("4cat_bsky.ndjson", 60, 34), ("x_v2.json", 60, 44), ("mastodon.json", 60, None),
     ("bluesky_search.json", 60, 34), ("coortweet.csv", 200, 0)],
)  # fmt: skip
def test_the_exports_are_read(tmp_path, name, count, linked):
    done = collect([EXPORTS / name], tmp_path / "posts.parquet")
    assert done.posts == count
    assert done.undated == 0
    posts = open_posts(tmp_path / "posts.parquet")
    parents, _, _, _ = posts.forest()
    if linked is not None:
        assert int((parents >= 0).sum()) == linked
    if name == "coortweet.csv":
        assert len(posts.shares("urls")) == 200


def table_of(tmp_path, text, **more):
    path = tmp_path / "posts.csv"
    path.write_text(text, "utf-8")
    done = collect([path], tmp_path / "posts.parquet", **more)
    return done, open_posts(tmp_path / "posts.parquet").table().to_pandas().astype({"time": str})


def test_times_in_any_unit_and_zone_are_one_moment(tmp_path):
    told = ["1710000000", "1710000000000", "1710000000.0", "1710000000000000", "2024-03-09T16:00:00+00:00",
            "2024-03-09T17:00:00+01:00", "2024-03-09 16:00:00", "Sat Mar 09 16:00:00 +0000 2024",
            '"Sat, 09 Mar 2024 16:00:00 GMT"']  # fmt: skip
    rows = "".join(f"{row},ada,{time},salt\n" for row, time in enumerate(told))
    more = "a,ada,,salt\nb,ada,2199-01-01T00:00:00Z,salt\nc,ada,1.71E+09,salt\n"
    done, table = table_of(tmp_path, f"id,author,created_at,text\n{rows}{more}")
    assert set(table["time"][:9]) == {"2024-03-09 16:00:00+00:00"}
    assert (done.posts, done.undated, done.to_come) == (12, 2, 1)
    assert [(note.row, "1.71E+09" in note.problem) for note in done.notes] == [(13, True)]


def test_a_table_of_any_columns_keeps_who_and_whom_it_answers(tmp_path):
    done, table = table_of(
        tmp_path,
        "tweet_id,screen_name,created_at,full_text,in_reply_to_status_id,retweeted_status_id,likes\n"
        "1,ada,2024-03-09T16:00:00Z,salt,,,3\n2,bob,2024-03-09T16:01:00Z,no,1,,3\n3,cy,2024-03-09T16:02:00Z,salt,,1,3\n",
    )
    assert table["account"].to_list() == ["ada", "bob", "cy"]
    assert table["reply_to"][1] == table["repost_of"][2] == "1"
    assert [column.name for column in done.columns if not column.meaning] == ["likes"]


def test_posts_of_nobody_are_counted(tmp_path):
    done, _ = table_of(tmp_path, "id,created_at,text\n1,2024-03-09T16:00:00Z,salt\n")
    assert done.nameless == 1


@pytest.mark.slow
def test_one_damaged_file_of_ten_thousand_is_named(tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(10_000):
        text = json.dumps(tweet(number, number % 60)) + "\n"
        (folder / f"{number}.jsonl").write_text(text[: 40 if number == 7_777 else None], "utf-8")
    done = collect([folder], tmp_path / "posts.parquet")
    assert done.posts == 9_999
    assert [note.file for note in done.notes] == ["7777.jsonl"]


def test_whatever_is_wrong_with_one_file_the_others_are_read(tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    rows = "".join(f"{n},ada,2024-03-09T16:00:00Z,words that are never the same {n * 7919}\n" for n in range(5_000))
    head = "id,author,created_at,text\n"
    whole = gzip.compress((head + rows).encode())
    (folder / "cut.csv.gz").write_bytes(whole[: len(whole) // 2])
    (folder / "good.csv.gz").write_bytes(gzip.compress(f"{head}x,bob,2024-03-09T16:00:00Z,salt\n".encode()))
    done = collect([folder], tmp_path / "posts.parquet")
    assert "x" in open_posts(tmp_path / "posts.parquet").table(["key"]).column("key").to_pylist()
    assert {note.file for note in done.notes} == {"cut.csv.gz"}


def test_an_export_of_crowdtangle_keeps_every_post_with_what_it_shares(tmp_path):
    done, table = table_of(
        tmp_path,
        "Page Name,User Name,Post Created,Type,Message,URL,Link\n"
        "Daily,daily,2022-03-01 08:00:03 CET,Link,salt,https://fb.example/1,https://x.example/a\n"
        "Weekly,weekly,2022-03-01 08:00:05 CET,Link,salt,https://fb.example/2,https://x.example/a\n",
    )
    assert (done.posts, done.twice, done.undated) == (2, 0, 0)
    assert [list(urls) for urls in table["urls"]] == [["https://x.example/a"]] * 2
    assert table["time"][0] == "2022-03-01 07:00:03+00:00"


def test_a_query_takes_words_in_any_order_and_a_phrase_as_it_is(made):
    _, posts = made(
        tweet(1, 0, "salt protects against radiation"), tweet(2, 1, "radiation and salt"), tweet(3, 2, "salt")
    )
    assert len(posts.table(["key"], "salt radiation")) == 2
    assert len(posts.table(["key"], '"and salt"')) == 1


@pytest.mark.parametrize("name", ["1.23E+18", "1,23E+18", "1.5e18", "15E17", "1500000000000000001.0"])
def test_ids_that_lost_digits_are_refused(tmp_path, name):
    good = "1,ada,2024-03-09T16:00:00Z,salt\n"
    done, table = table_of(tmp_path, f'id,author,created_at,text\n"{name}",ada,2024-03-09T16:00:00Z,salt\n{good}')
    assert table["key"].to_list() == ["1"]
    assert any("lost digits" in note.problem for note in done.notes)
