import numpy as np
import pytest
from scipy import stats

import tiny
import woozle
from woozle import measure
from woozle.errors import ParameterError
from woozle.measure import (
    STATISTICS,
    as_of_series,
    citation_distortions,
    draw_dates,
    first_false,
    headline,
    headline_draws,
    headline_intervals,
    woozle_index,
)
from woozle.measure.correction import publishes
from woozle.measure.headline import States
from woozle.measure.turn import false_versions
from woozle.model.opening import open_case


def by_measures(cascade):
    """Count the figures by the measures that tell them, document by document."""
    carriers = cascade.documents.loc[list(cascade.carriers)]
    published, resting = publishes(cascade.case, carriers), measure.resting_on(cascade)
    false = carriers.index.isin([document for document, version in false_versions(cascade) if version == 1])
    below, made = measure.immediate_dominators(cascade), measure.conversions(cascade)["kind"]
    return {
        "documents": len(cascade.documents),
        "carriers": len(carriers),
        "coded": int((carriers["carries"] == "coded").sum()),
        "outlets": carriers.loc[published, "outlet"].nunique(),
        "false_outlets": carriers.loc[published & false, "outlet"].nunique(),
        "countries": carriers.loc[carriers["country"] != "", "country"].nunique(),
        "languages": carriers["language"].nunique(),
        "roots": len(resting),
        "top_others": int(resting["others"].max()),
        "dominated": max([0, *below.loc[~below.index.isin(cascade.roots()), "dominated"]]),
        "hops_compared": int((cascade.main_parents["parent_version"] > 0).sum()),
        "hops_changed": measure.drift(cascade)["document"].nunique(),
        "own_words": int((made == "own word").sum()),
        "told_as_fact": int((made == "told as a fact").sum()),
        "upgrades": len(measure.upgraded_sources(cascade)),
        "corrections": len(measure.corrections(cascade)),
        "false": int(false.sum()),
    }


@pytest.mark.parametrize("choice", [{}, {"hops": "all"}, {"include_inferred": False}, {"include_second_hand": False}])
@pytest.mark.parametrize("name", ["dprk_troops_2024", "jang_dogs_2013", "poland_missile_2022", "ual_bankruptcy_2008"])
def test_the_coded_state_has_the_figures_of_the_measures(root, name, choice):
    cascade = woozle.open(root / "data" / name).cascade(**choice)
    state, own = States(cascade).as_coded(), by_measures(cascade)
    assert {figure: state[figure] for figure in own} == own
    assert {figure: getattr(headline(cascade), figure) for figure in own} == own
    assert [state["roots"], state["effective_roots"]] == woozle_index(cascade)["roots"].to_list()
    distortions = citation_distortions(cascade)["count"]
    assert (state["repeating"], state["saw_source"]) == (distortions["amplification"], distortions["saw the source"])


def test_as_of_a_moment_the_coded_state_counts_what_perhaps_was_out(flagship):
    cascade = flagship.cascade(as_of="2024-06-26")
    surely, perhaps = States(cascade).as_coded(surely=True), States(cascade).as_coded()
    own = headline(cascade)
    assert (surely["documents"], perhaps["documents"]) == (own.surely, own.documents)


def test_drawn_dates_are_those_that_rejection_keeps(tmp_path):
    """a -> b -> c with overlapping days: Gibbs against drawing at random and keeping possible orders."""
    days = {"a": "2024-06-01/2024-06-03", "b": "2024-06-02/2024-06-03", "c": "2024-06-02/2024-06-05"}
    cascade = tiny.case(tmp_path, "a>b b>c", days=days).cascade()
    drawn = draw_dates(cascade, draws=4000, seed=1)
    ends = cascade.documents[["earliest", "latest"]].map(lambda moment: moment.timestamp())
    random = np.random.default_rng(2)
    free = random.uniform(ends["earliest"], ends["latest"], size=(200_000, 3))
    kept = free[(free[:, 0] <= free[:, 1]) & (free[:, 1] <= free[:, 2])][:4000]
    for place, name in enumerate("abc"):
        assert stats.ks_2samp(drawn[name], kept[:, place]).pvalue > 0.001


def test_no_draw_breaks_an_order_or_an_interval(flagship):
    cascade = flagship.cascade()
    drawn = draw_dates(cascade, draws=200)
    for hop in flagship.citations.itertuples():
        assert (drawn[hop.cited] <= drawn[hop.citing]).all()
    ends = cascade.documents[["earliest", "latest"]].map(lambda moment: moment.timestamp())
    assert (drawn >= ends["earliest"][drawn.columns] - 1e-3).all(axis=None)
    assert (drawn <= ends["latest"][drawn.columns] + 1e-3).all(axis=None)


def test_what_is_inferred_holds_by_its_probability(tmp_path):
    # a -> n -> b: n known only by name; b is a root where n does not carry the claim: one doubt, one coin
    cascade = tiny.case(tmp_path, "a>n n>b", {"n": None}).cascade()
    drawn = headline_draws(cascade, draws=2000, probability=0.5)
    assert set(drawn["roots"]) == {1, 2}
    assert (drawn["roots"] == 1).mean() == pytest.approx(0.5, abs=0.05)
    sure = headline_draws(cascade, draws=50, probability={"n": 1})
    assert set(sure["roots"]) == {1}
    with pytest.raises(ParameterError, match="'m' is neither a document without a version nor"):
        headline_draws(cascade, draws=5, probability={"m": 1})
    with pytest.raises(ParameterError, match="draws: 0 is not a whole number, 1 or higher"):
        headline_draws(cascade, draws=0)
    with pytest.raises(ParameterError, match="not between 0 and 1"):
        headline_draws(cascade, draws=5, probability=1.5)
    with pytest.raises(ParameterError, match="vary: 'moods'"):
        headline_draws(cascade, draws=5, vary=("moods",))


def test_what_drives_a_figure_is_told(tmp_path):
    # n is inferred; the correction comes on one of three days; the outlets are certain
    days = {"a": "2024-06-01", "n": "2024-06-02", "b": "2024-06-03", "k": "2024-06-02/2024-06-05"}
    check = {"stance": "debunks", "modality": "none", "accuracy": "accurate"}
    found = headline_intervals(
        tiny.case(tmp_path, "a>n n>b a>k:debunks", {"n": None, "k": check}, days).cascade(), draws=200
    )
    assert found["driver"][["roots", "first_correction_h", "corrections"]].to_list() == [
        "doubtful hops",
        "dates",
        "not varied",
    ]
    assert list(found.index) == [figure.name for figure in STATISTICS]
    assert (found["low"].dropna() <= found["median"].dropna()).all()
    assert (found["median"].dropna() <= found["high"].dropna()).all()


def test_the_same_seed_gives_the_same_table(flagship):
    one, other = (headline_intervals(flagship.cascade(), draws=40, seed=7) for _ in range(2))
    assert one.to_csv() == other.to_csv()
    assert one.to_csv() != headline_intervals(flagship.cascade(), draws=40, seed=8).to_csv()


def test_what_perhaps_was_not_out_is_out_in_some_draws(tmp_path):
    days = {"a": "2024-06-01", "b": "2024-06-02/2024-06-05"}
    cascade = tiny.case(tmp_path, "a>b", days=days).cascade(as_of="2024-06-03")
    drawn = headline_draws(cascade, draws=2000)
    assert drawn["carriers"].mean() == pytest.approx(1 + 2 / 4, abs=0.05)  # two of four days


def test_what_carries_nothing_is_counted_anew_where_it_was_not_out(tmp_path):
    """Only the correction is perhaps out: the cascade is the same in all states, the number of corrections is not."""
    check = {"stance": "debunks", "modality": "none", "accuracy": "accurate"}
    days = {"a": "2024-06-01", "b": "2024-06-02", "k": "2024-06-03/2024-06-06"}
    cascade = tiny.case(tmp_path, "a>b a>k:debunks", {"k": check}, days).cascade(as_of="2024-06-04")
    states = States(cascade)
    counts = [states.as_coded(surely)["corrections"] for surely in (True, False, True)]
    assert counts == [0, 1, 0]
    drawn = headline_draws(cascade, draws=1000)
    assert set(drawn["carriers"]) == {2}
    assert drawn["corrections"].mean() == pytest.approx(2 / 4, abs=0.05)  # two of four days


def test_the_turn_where_the_order_is_open(tmp_path):
    # b and c both become false, on the same two days: each is first in about half of the draws
    false = {"accuracy": "false", "modality": "announced"}
    days = {"a": "2024-06-01", "b": "2024-06-03/2024-06-04", "c": "2024-06-03/2024-06-04"}
    found = first_false(tiny.case(tmp_path, "a>b a>c", {"b": false, "c": false}, days).cascade(), draws=1000)
    assert found["draws"].sum() == 1000
    assert 400 < found.loc["b", "draws"] < 600


def test_a_false_version_without_a_source_may_be_the_first(tmp_path):
    # b becomes false on one of two days; x is false on the same days and cites nobody
    false = {"accuracy": "false", "modality": "announced"}
    days = {"a": "2024-06-01", "b": "2024-06-03/2024-06-04", "x": "2024-06-03/2024-06-04"}
    found = first_false(tiny.case(tmp_path, "a>b", {"b": false, "x": false}, days).cascade(), draws=1000)
    assert found["parent"].to_dict() == {"b": "a", "x": ""}
    assert 400 < found.loc["x", "draws"] < 600


def test_the_clock_starts_with_what_spreads_it(tmp_path):
    # a is true and a month old, b makes it false, c repeats b two hours later, the check comes after three
    false = {"accuracy": "false"}
    days = {"a": "2024-05-01", "b": "2024-06-03T10:00Z", "c": "2024-06-03T12:00Z", "k": "2024-06-03T13:00Z"}
    check = {"stance": "debunks", "modality": "none", "accuracy": "accurate"}
    versions = {"a": {"accuracy": "accurate"}, "b": false, "c": false, "k": check}
    drawn = headline_draws(tiny.case(tmp_path, "a>b b>c b>k:debunks", versions, days).cascade(), draws=50)
    assert drawn["first_correction_h"].to_numpy() == pytest.approx(3, abs=0.02)
    assert set(drawn["before_correction"]) == {2}
    assert set(drawn["spreading"]) == {2}


def test_what_was_not_yet_shown_to_be_accurate_spreads_it(tmp_path):
    days = {"a": "2024-06-01", "b": "2024-06-02", "k": "2024-06-05"}
    case = tiny.case(tmp_path, "a>b a>k", {"a": {"accuracy": "accurate", "basis": "k"}}, days)
    assert States(case.cascade(as_of="2024-06-03")).as_coded()["spreading"] == 2
    assert States(case.cascade()).as_coded()["spreading"] == 2  # b and k


def test_the_series_at_each_moment_is_the_headline_as_of_that_moment(tmp_path):
    days = {"a": "2024-06-01", "b": "2024-06-02/2024-06-05", "c": "2024-06-04"}
    case = tiny.case(tmp_path, "a>b a>c", days=days)
    series = as_of_series(case)
    for moment in series.index.get_level_values("moment").unique():
        then = case.cascade(as_of=moment.isoformat())
        surely = int((then.documents["exists"] == "surely").sum())
        assert series.loc[(moment, "carriers")].to_list() == [surely, len(then.carriers)]
    assert (series["surely"] <= series["perhaps"])[:, "carriers"].all()


def test_ends_of_an_interval_are_values_that_were_drawn():
    from woozle.measure.intervals import quantiles

    low, median, high = quantiles(range(1, 101))
    assert (low, median, high) == (5, 50, 95)
    assert all(np.isnan(end) for end in quantiles([np.nan]))


def test_a_share_of_hops_counts_only_those_whose_codes_are_known_at_both_ends(tmp_path):
    """a names an official; b, whose words were not seen, is known to say that it is announced and not by whom."""
    tables = tiny.tables("a>b b>c", {"b": {"said_by": "", "seen": "described", "modality": "announced"}})
    tables["claims"][1]["seen_in"] = "c"
    found = headline_intervals(open_case(tiny.write(tmp_path / "tiny", tables)).cascade(), 10)
    assert found.loc[["hops_changed", "told_as_fact", "upgrades", "attribution_lost"], "of"].to_list() == [2, 2, 0, 0]
    assert found.loc["phantom", "of"] == 2


def test_a_parent_of_which_a_code_is_not_known_is_no_nearer_than_one_that_differs(tmp_path):
    """d relies on b, which differs in the place, and by a more distant relation on c, whose place is not known."""
    tables = tiny.tables(
        "a>b a>c b>d c>d:presupposes", {"c": {"place": "", "seen": "described"}, "d": {"place": "region"}}
    )
    tables["claims"][2]["seen_in"] = "d"
    cascade = open_case(tiny.write(tmp_path / "tiny", tables)).cascade()
    assert cascade.main_parents.loc["d", "parent"] == "b"
