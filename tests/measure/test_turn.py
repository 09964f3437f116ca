import tiny
import woozle
from woozle.measure import (
    best_removals,
    conversions,
    early_correction_effect,
    false_from_start,
    false_origins,
    false_roots,
    first_false,
    turn,
    without,
)

ANNOUNCED = {"said_by": "actor_state", "modality": "announced", "certainty": "certain", "accuracy": "false"}
CHECK = {"stance": "debunks", "modality": "none", "accuracy": "accurate"}


def test_a_false_root_may_be_older_than_the_turn(tmp_path):
    # a -> b (false, 5 June); x (false, 4-6 June) and y (false, 8 June) cite nobody
    days = {"a": "2024-06-01", "b": "2024-06-05", "x": "2024-06-04/2024-06-06", "y": "2024-06-08"}
    cascade = tiny.case(tmp_path, "a>b", dict.fromkeys("bxy", ANNOUNCED), days).cascade()
    assert list(turn(cascade).index) == ["b"]
    assert false_roots(cascade)["before_turn"].to_dict() == {"x": "unknown", "y": "no"}


def test_what_made_the_turn_and_what_prepared_it(tmp_path):
    # the date is lost on the first hop, the attribution on the second, where it becomes false
    versions = {"b": {"deadline": "undated"}, "c": {"deadline": "undated", "said_by": "", "accuracy": "false"}}
    found = turn(tiny.case(tmp_path, "a>b b>c", versions).cascade())
    assert found.loc["c", ["made_by", "before"]].to_list() == [("dropped attribution",), ("date lost",)]


def test_the_turns_of_the_other_cases_are_those_that_their_fact_checks_tell(packages):
    """Reuters: satire became news at Wen Wei Po. AP: the old story became news in the newsletter, its date lost before.

    Poland has none: the agency's alert was wrong from the first words of the official on.
    """
    found = {folder.name: turn(woozle.open(folder).cascade()) for folder in packages}
    jang, ual = found["jang_dogs_2013"], found["ual_bankruptcy_2008"]
    assert jang[["parent", "made_by"]].loc["wen_wei_po"].to_list() == ["weibo_post", ("genre lost",)]
    assert ual[["parent", "made_by", "before"]].loc["isa_summary"].to_list() == [
        "sun_sentinel_page",
        ("new date",),
        ("date lost",),
    ]
    assert found["poland_missile_2022"].empty


def test_the_turn_is_the_first_hop_to_a_false_version(tmp_path):
    # a -> b (false, 5 June) -> c (false); a -> d (false, 9 June)
    days = {"a": "2024-06-01", "b": "2024-06-05", "c": "2024-06-06", "d": "2024-06-09"}
    cascade = tiny.case(tmp_path, "a>b b>c a>d", dict.fromkeys("bcd", ANNOUNCED), days).cascade()
    assert turn(cascade)["parent"].to_dict() == {"b": "a"}
    assert list(conversions(cascade).index) == ["b", "d"]


def test_where_the_order_is_unknown_all_that_may_be_first_are_the_turn(tmp_path):
    days = {"a": "2024-06-01", "b": "2024-06-05/2024-06-07", "c": "2024-06-06", "d": "2024-06-08"}
    cascade = tiny.case(tmp_path, "a>b a>c a>d", dict.fromkeys("bcd", ANNOUNCED), days).cascade()
    assert set(turn(cascade).index) == {"b", "c"}


def test_a_case_that_is_false_from_the_start_has_no_turn(tmp_path):
    cascade = tiny.case(tmp_path, "a>b", dict.fromkeys("ab", ANNOUNCED)).cascade()
    assert turn(cascade).empty
    assert false_from_start(cascade) == ("a",)
    assert false_roots(cascade)["before_turn"].isna().all()


def test_a_later_hop_from_a_source_that_is_not_false_is_no_turn_of_a_case_that_is_false_from_the_start(tmp_path):
    """a is false on 1 June; b, an official of 3 June, is not; c makes it false again on 5 June."""
    days = {"a": "2024-06-01", "b": "2024-06-03", "c": "2024-06-05"}
    cascade = tiny.case(tmp_path, "b>c", {"a": ANNOUNCED, "b": {}, "c": ANNOUNCED}, days).cascade()
    assert false_from_start(cascade) == ("a",)
    assert turn(cascade).empty
    assert set(false_origins(cascade).index) == {"a", "c"}


def test_where_an_older_version_is_not_false_the_case_is_not_false_from_the_start(tmp_path):
    """a forecasts on 1 June; x, of 3 June, is false and names nobody; no hop is known that made it so."""
    days = {"a": "2024-06-01", "b": "2024-06-02", "x": "2024-06-03"}
    cascade = tiny.case(tmp_path, "a>b", {"x": ANNOUNCED}, days).cascade()
    assert false_from_start(cascade) == ()
    assert turn(cascade).empty
    assert first_false(cascade, draws=20)["draws"].to_dict() == {"x": 20}


def test_a_false_root_that_is_surely_older_than_the_turn_is_told_as_older(tmp_path):
    days = {"a": "2024-06-01", "b": "2024-06-05", "x": "2024-06-03"}
    cascade = tiny.case(tmp_path, "a>b", dict.fromkeys("bx", ANNOUNCED), days).cascade()
    assert list(turn(cascade).index) == ["b"]
    assert false_roots(cascade)["before_turn"].to_dict() == {"x": "yes"}


def test_who_has_it_from_one_that_is_false_made_no_turn(tmp_path):
    """c has it from a (not false, fewer codes differ) and from b (false)."""
    versions = {"b": {**ANNOUNCED, "place": "region"}, "c": {"accuracy": "false"}}
    cascade = tiny.case(tmp_path, "a>b a>c b>c", versions).cascade()
    assert cascade.main_hops["c"].cited == "a"
    assert list(false_origins(cascade).index) == ["b"]


def test_how_many_false_versions_lie_below_each(tmp_path):
    """a -> b (false) -> c (false) -> d (not false) -> e (false); a -> f (false)."""
    versions = dict.fromkeys("bcef", ANNOUNCED)
    found = false_origins(tiny.case(tmp_path, "a>b b>c c>d d>e a>f", versions).cascade())
    assert found[["parent", "below", "of"]].values.tolist() == [["a", 3, 4], ["d", 1, 4], ["a", 1, 4]]


def test_the_flagships_false_versions_by_where_they_came_in(flagship):
    """Counted by hand on the tree of main parents; first of all, the question and what lies below it."""
    found = false_origins(flagship.cascade())
    assert (
        found["below"].sum() - found.loc["global_defense_corp", "below"] == found["of"].iloc[0]
    )  # it lies below the question
    assert found.index[0] == "pentagon_question"


def test_what_is_cut_off_from_the_claim_and_what_only_from_its_false_version(tmp_path):
    """a forecasts; b makes it false; c has it from a and from b, d from c; e from a alone."""
    versions = dict.fromkeys("bcd", ANNOUNCED)
    cascade = tiny.case(tmp_path, "a>b a>c b>c c>d a>e", versions).cascade()
    assert list(without(cascade, ["b"]).index) == []
    assert list(without(cascade, ["b"], false=True).index) == ["c", "d"]
    best = best_removals(cascade, false=True)
    assert best[["removed", "cut_off", "of"]].values.tolist() == [[("b",), 2, 2]]
    assert best_removals(cascade)[["removed", "cut_off", "of"]].values.tolist() == [[("c",), 1, 4]]
    found = early_correction_effect(cascade, "b").iloc[0]
    assert found[["at_most", "of", "false_at_most", "false_of"]].to_list() == [0, 4, 2, 2]


def test_what_nobody_had_shown_by_then_is_no_turn_yet(tmp_path):
    days = {"a": "2024-06-01", "b": "2024-06-05", "check": "2024-06-09"}
    case = tiny.case(tmp_path, "a>b b>check:debunks", {"b": {**ANNOUNCED, "basis": "check"}, "check": CHECK}, days)
    assert turn(case.cascade(as_of="2024-06-06")).empty
    assert list(turn(case.cascade()).index) == ["b"]
