"""What the report of a collection tells of odd collections: circles, dates far away, cascades without a time."""

import json

import pytest

from woozle.collection import collect
from woozle.notebook.collected import CollectionReport


@pytest.fixture
def told(tmp_path):
    """Return a function that collects posts of (key, day, account, parent) and opens their report."""

    def tell(*posts, **more):
        rows = [
            {
                "id": key,
                "author_id": account,
                "created_at": f"{day}T09:00:00.000Z" if day else "",
                "text": f"words of {key}",
            }
            | ({"referenced_tweets": [{"type": "replied_to", "id": parent}]} if parent else {})
            for key, day, account, parent in posts
        ]
        (tmp_path / "posts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        collect([tmp_path / "posts.jsonl"], tmp_path / "posts.parquet")
        return CollectionReport(str(tmp_path / "posts.parquet"), draws=10, **more)

    return tell


def test_a_date_far_away_does_not_stretch_the_picture_and_is_told(told):
    days = [f"2024-03-{1 + n % 20:02d}" for n in range(60)]
    report = told(
        *((str(n), day, "a", "") for n, day in enumerate(days)),
        ("x", "2031-01-01", "b", ""),
        ("y", "1970-01-01", "b", ""),
    )
    assert report.statistics["outside"] == 2
    assert (report._days["posts"].sum(), len(report._days)) == (60, 20)
    assert told(*((str(n), f"2024-0{1 + n}-01", "a", "") for n in range(5))).statistics["outside"] == 0


def test_a_circle_and_a_cascade_without_times_are_told(told):
    report = told(("1", "2024-01-01", "a", "2"), ("2", "2024-01-02", "b", "1"), ("3", "", "c", ""), ("4", "", "d", "3"),
                  ("5", "", "e", "3"))  # fmt: skip
    assert report.statistics["circles"] == 1
    assert (report.statistics["largest"], report.statistics["half"]) == (3, "")
    assert report.tell("{largest:post}{half}.").markdown == "3 posts."
    assert report.growth("Growth").markdown == ""  # nothing is known of its speed


def test_the_largest_cascades_name_who_began_them(told):
    posts = [("1", "2024-01-01", "ann", ""), *((str(n), "2024-01-02", "b", "1") for n in range(2, 5)),
             *((str(n), "2024-01-03", "c", "gone") for n in range(5, 8))]  # fmt: skip
    report = told(*posts)
    assert report.largest[["key", "account", "words"]].to_numpy().tolist() == [
        ["1", "user ann", "words of 1"], ["not in the collection", "", ""],
    ]  # fmt: skip
    assert report._grown["cascade"].unique().tolist() == ["1. 4 posts, user ann", "2. 3 posts"]


def test_a_table_says_of_how_many_rows_it_shows_the_first(told):
    report = told(
        *((f"{n}{part}", "2024-01-01", "a", f"{n}a" if part == "b" else "") for n in range(60) for part in "ab")
    )
    assert len(report.largest) == 50
    assert "The largest cascades. The first 50 of 60." in str(
        report.table(
            report.largest, "The largest cascades.", {"key": "first post"}, of=report.statistics["trees"]
        )._repr_mimebundle_()
    )
    assert report.statistics["usual"] is False  # no pairs at all
