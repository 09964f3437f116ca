"""Who shares the same things together: by the rules of CooRTweet, on its own data, and beyond what chance would do."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from woozle.collection.chance import SHUFFLED, by_chance, by_window
from woozle.collection.coordination import PAIRS, coordination, coordination_in_pieces, in_order
from woozle.collection.network import communities, network, who_was_first
from woozle.errors import ParameterError

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "coordination"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the real collections are not there: {DATA.name}")


def shares(*rows):
    """Return shares of rows of object, account and time; each is a content of its own."""
    table = pd.DataFrame(rows, columns=["object", "account", "time"])
    return table.assign(content=[f"c{n}" for n in range(len(table))])


def russian():
    return pd.read_csv(DATA / "russian_coord_tweets.csv.gz").set_axis(["object", "account", "content", "time"], axis=1)


def german():
    """URLs of Facebook accounts."""
    every = pd.read_csv(DATA / "german_elections.csv.gz", dtype={"post_id": str, "url_id": str})
    rows = every[every["account_id"].str.startswith("fb_") & every["url_id"].notna()]
    facts = {"object": "url_" + rows["url_id"], "account": rows["account_id"], "content": rows["post_id"]}
    return pd.DataFrame(facts | {"time": rows["timestamp"]}).drop_duplicates()


def as_set(objects, first, second, seconds):
    """Return pairs to compare; of equally old contents either may come first."""
    rows = zip(objects, first, second, seconds, strict=True)
    return {(one, *(sorted((a, b)) if not apart else (a, b)), apart) for one, a, b, apart in rows}


@needs_data
@pytest.mark.parametrize(
    ("of", "window", "least", "told", "count"),
    [(russian, 10, 5, "russian_10_5.csv", 22), (german, 60, 2, "german_fb_urls_60_2.csv", 6288)],
)
def test_the_pairs_are_those_of_the_peer(of, window, least, told, count):
    found = coordination(of(), window, least)
    peer = pd.read_csv(DATA / told, dtype=str)
    assert len(found) == len(peer) == count
    mine = as_set(found["object"], found["first"], found["second"], found["seconds"])
    theirs = as_set(peer["object_id"], peer["content_id"], peer["content_id_y"], peer["time_delta"].astype(int))
    assert mine == theirs


@needs_data
def test_the_network_is_that_of_the_peer():
    """As told of CooRTweet 2.1.3: 503 accounts, 1,645 edges, 754 of them above the median weight."""
    edges = network(coordination(german(), 60, 2))
    assert len(pd.unique(pd.concat([edges["account"], edges["other"]]))) == 503
    assert (len(edges), int(edges["above"].sum())) == (1645, 754)
    assert edges["weight"].sum() == 6288


def test_pairs_are_of_one_object_two_accounts_and_a_window():
    found = coordination(
        shares(("x", "a", 0), ("x", "b", 10), ("x", "a", 12), ("x", "c", 70), ("y", "b", 1)),
        window=10,
        min_participation=1,
    )
    assert found[["first", "second", "seconds"]].to_numpy().tolist() == [["c0", "c1", 10], ["c1", "c2", 2]]


def test_who_shares_less_than_asked_is_left_out_first_and_a_pair_stays_if_one_end_takes_part_enough():
    """b shares once and is out. c shares thrice, once together; a twice together: the pair of a and c stays."""
    rows = [
        ("x", "a", 0),
        ("x", "b", 1),
        ("x", "c", 2),
        ("y", "c", 500),
        ("z", "c", 900),
        ("v", "a", 50),
        ("v", "d", 51),
    ]
    found = coordination(shares(*rows, ("w", "d", 900)), window=5, min_participation=2)
    assert found[["first_account", "second_account"]].to_numpy().tolist() == [["a", "c"], ["a", "d"]]


def test_a_post_is_no_share_of_itself():
    table = shares(("c1", "a", 0), ("c1", "b", 1))
    assert coordination(table, 60, 1).empty  # content c1 is the object


def test_by_brute_force_the_pairs_are_the_same():
    draw = np.random.default_rng(5)
    table = pd.DataFrame(
        {"object": draw.integers(0, 20, 400).astype(str), "account": draw.integers(0, 30, 400).astype(str),
         "content": [f"c{n}" for n in range(400)], "time": draw.random(400) * 3000}
    )  # fmt: skip
    rows = table.to_dict("records")
    expected = {
        frozenset((one["content"], other["content"]))
        for one in rows for other in rows
        if one["object"] == other["object"] and one["account"] != other["account"]
        and abs(one["time"] - other["time"]) <= 40.5
    }  # fmt: skip
    found = coordination(table, 40.5, 1)
    assert {frozenset(pair) for pair in zip(found["first"], found["second"], strict=True)} == expected
    assert (found["seconds"] >= 0).all()


@pytest.mark.parametrize("least", [1, 3, 12])
@pytest.mark.parametrize("piece", [1, 7, 10_000])
def test_in_pieces_the_pairs_are_the_same_in_their_order(least, piece):
    draw = np.random.default_rng(11)
    table = pd.DataFrame(
        {"object": draw.integers(0, 8, 300).astype(str), "account": draw.integers(0, 25, 300).astype(str),
         "content": [f"c{n}" for n in draw.integers(0, 150, 300)], "time": draw.integers(0, 900, 300)}
    )  # fmt: skip
    pieces = list(coordination_in_pieces(table, 40, least, piece=piece))
    whole = in_order(coordination(table, 40, least))
    assert len(whole) > 100
    pd.testing.assert_frame_equal(pd.concat(pieces, ignore_index=True), whole)
    assert (len(pieces) == 1) == (piece > len(whole))


def test_without_a_pair_there_is_one_piece_without_rows():
    (piece,) = coordination_in_pieces(shares(("x", "a", 0), ("x", "b", 500)), 10, 1)
    assert (len(piece), list(piece)) == (0, list(PAIRS))


def test_an_object_that_very_many_share_does_not_square():
    """100,000 accounts share one link, a second apart: five pairs each within five seconds."""
    table = shares(*(("x", f"a{n}", n) for n in range(100_000)))
    assert len(coordination(table, window=5, min_participation=1)) == 5 * 100_000 - 15
    with pytest.raises(
        ParameterError, match=r"4,999,950,000 pairs, more than 50,000,000\. Most are of x \(4,999,950,000\)"
    ):
        coordination(table, window=1_000_000, min_participation=1)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"object": None}, "Column 'object' is empty in 1 rows, first in row 1"),
        ({"time": float("nan")}, "Column 'time' has no time in 1 rows, first in row 1"),
        ({"time": 1_700_000_000_000}, "no number of seconds since 1970. Divide milliseconds by 1,000"),
    ],
)
def test_what_is_missing_or_in_another_unit_is_told(change, told):
    table = shares(("x", "a", 0), ("x", "b", 1)).astype({"time": float})
    for name, value in change.items():
        table.loc[1, name] = value
    with pytest.raises(ParameterError, match=told):
        coordination(table)


def test_names_that_a_spreadsheet_rounded_are_refused():
    table = shares(("x", "a", 0), ("x", "b", 1)).assign(content=[1.23e18, 1.24e18])
    with pytest.raises(ParameterError, match="Identifiers lose digits this way: read the column as text"):
        coordination(table)
    with pytest.raises(ParameterError, match=r"The column 'account' is missing\. Did you mean 'accounts'\?"):
        coordination(shares(("x", "a", 0)).rename(columns={"account": "accounts"}))


def test_moments_are_seconds():
    moments = pd.to_datetime(["2024-01-01T00:00:00Z", "2024-01-01T00:00:07Z"])
    found = coordination(shares(("x", "a", 0), ("x", "b", 0)).assign(time=moments), 10, 1)
    assert found["seconds"].to_list() == [7]


def test_a_popular_link_is_shared_together_by_chance_and_a_habit_is_not():
    """Sixty accounts share one link at random moments of an hour; two more share forty others a second apart."""
    draw = np.random.default_rng(1)
    crowd = [("popular", f"a{n}", 3600 * 50 + int(draw.integers(3600))) for n in range(60)]
    habit = [(f"link{n}", account, 3600 * n + 1800 + late) for n in range(40) for account, late in (("p", 0), ("q", 1))]
    found = by_chance(shares(*crowd, *habit), window=60, min_participation=1, draws=200)
    edges = found.edges.set_index(["account", "other"])
    assert edges.loc[("p", "q"), "p"] < 0.01
    assert edges.loc[("p", "q"), "weight"] == 40
    assert edges.loc[("p", "q"), "q"] < 0.01
    assert (edges.drop(index=[("p", "q")])["q"] > 0.2).all()
    # Sixty moments in 3600 seconds: 1770 pairs, each within 60 s with probability 1 - (59/60)².
    assert found.expected - edges.loc[("p", "q"), "expected"] == pytest.approx(1770 * (1 - (59 / 60) ** 2), rel=0.1)


def test_moments_that_only_change_places_can_say_little_where_an_account_has_one():
    table = shares(("x", "a", 0), ("x", "b", 5), ("y", "a", 7200), ("y", "b", 7203))
    found = by_chance(table, 10, 1, times=SHUFFLED, draws=20)
    assert (found.bound, found.expected, found.pairs) == (1.0, 2.0, 2)


def test_the_same_seed_gives_the_same_draws():
    draw = np.random.default_rng(3)
    rows = [(str(draw.integers(5)), str(draw.integers(9)), int(draw.integers(9000))) for _ in range(200)]
    first, again = (by_chance(shares(*rows), 60, 1, draws=30, seed=4) for _ in range(2))
    assert first.edges.equals(again.edges)
    curve = by_window(shares(*rows), [10, 60], 1, draws=10)
    assert curve["pairs"].is_monotonic_increasing


def test_communities_and_who_was_first():
    rows = [(f"l{n}", account, 100 * n + late) for n in range(9) for late, account in enumerate("abc")]
    rows += [(f"m{n}", account, 100 * n + late) for n in range(9) for late, account in enumerate("xy")]
    pairs = coordination(shares(*rows), 10, 1)
    assert communities(network(pairs))[["account", "community"]].to_numpy().tolist() == [
        ["a", 0], ["b", 0], ["c", 0], ["x", 1], ["y", 1]
    ]  # fmt: skip
    first = who_was_first(pairs).set_index("account")
    assert first.loc["a", ["first", "after"]].to_list() == [18, 0]
    assert first.loc["b", ["first", "after"]].to_list() == [9, 9]
    assert communities(network(pairs.iloc[:0])).empty
