import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tiny
from woozle.measure import field_lives, field_survival, hop_changes, hop_hazard, losses, ordinal_steps
from woozle.measure.survival import kaplan_meier

PLANNED = {"modality": "planned"}


def test_the_lives_of_a_field_on_paper(tmp_path):
    # a -> b -> c -> d: the modality changes at c; b is censored after one hop
    cascade = tiny.case(tmp_path, "a>b b>c c>d", {"c": PLANNED, "d": PLANNED}).cascade()
    lives = field_lives(cascade).query("field == 'modality'").set_index("document")
    assert lives[["hops", "changed"]].to_dict("index") == {
        "b": {"hops": 1, "changed": False},
        "c": {"hops": 2, "changed": True},
        "d": {"hops": 2, "changed": True},
    }
    curve = field_survival(cascade).query("field == 'modality'").set_index("hops")
    assert curve["survival"].to_dict() == {1: 1.0, 2: 0.0}
    assert curve["at_risk"].to_dict() == {1: 3, 2: 2}


def test_a_code_that_is_not_known_on_the_way_does_not_end_its_life(tmp_path):
    # n has no version: what c says is compared with the root
    lives = field_lives(tiny.case(tmp_path, "a>n n>c", {"n": None, "c": {"place": "region"}}).cascade())
    places = lives.query("field == 'place'").set_index("document")
    assert places["hops"].to_dict() == {"n": 1, "c": 2}
    assert places["changed"].to_dict() == {"n": False, "c": True}


def test_a_field_that_the_root_does_not_state_has_no_life(tmp_path):
    lives = field_lives(tiny.case(tmp_path, "a>b", {"a": {"place": ""}}).cascade())
    assert "place" not in set(lives["field"])


def test_each_hop_counts_once_in_the_hazard(tmp_path):
    # a -> b, c; b -> d, e: b keeps the place, c changes it; d changes it, e keeps it
    moved = {"place": "region"}
    found = hop_hazard(tiny.case(tmp_path, "a>b a>c b>d b>e", {"c": moved, "d": moved}).cascade())
    assert found.query("field == 'place'")[["hops", "changed", "of"]].values.tolist() == [[1, 1, 2], [2, 1, 2]]


lives = st.lists(st.tuples(st.integers(1, 6), st.booleans()), min_size=1, max_size=40)


@settings(deadline=None)
@given(lives)
def test_the_estimate_is_that_of_lifelines(found):
    from lifelines import KaplanMeierFitter

    hops, changed = np.array([hop for hop, _ in found]), np.array([end for _, end in found])
    times = np.unique(hops)
    own = kaplan_meier(hops, changed, times, np.ones((1, len(hops))))[0]
    peer = KaplanMeierFitter().fit(hops, changed).survival_function_at_times(times)
    assert own == pytest.approx(peer.to_numpy())


@settings(deadline=None)
@given(lives, st.data())
def test_weights_are_repetitions(found, data):
    hops, changed = np.array([hop for hop, _ in found]), np.array([end for _, end in found])
    weights = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(hops), max_size=len(hops))))
    times = np.unique(hops)
    if weights.sum():
        own = kaplan_meier(hops, changed, times, weights[None, :])[0]
        repeated = kaplan_meier(
            np.repeat(hops, weights), np.repeat(changed, weights), times, np.ones((1, weights.sum()))
        )[0]
        assert own == pytest.approx(repeated, nan_ok=True)


def test_survival_never_rises_and_lies_in_its_interval(flagship):
    found = field_survival(flagship.cascade())
    assert (found["low"] <= found["survival"]).all()
    assert (found["survival"] <= found["high"]).all()
    for _, curve in found.groupby("field"):
        assert curve["survival"].is_monotonic_decreasing
        assert curve["at_risk"].is_monotonic_decreasing


def test_the_flagship_curve_is_that_of_lifelines(flagship):
    from lifelines import KaplanMeierFitter

    cascade = flagship.cascade()
    own = field_lives(cascade).query("field == 'place'")
    peer = KaplanMeierFitter().fit(own["hops"], own["changed"])
    curve = field_survival(cascade).query("field == 'place'")
    assert curve["survival"].to_numpy() == pytest.approx(peer.survival_function_at_times(curve["hops"]).to_numpy())


def test_branches_share_their_fate_above_and_are_split_where_one_holds_most(tmp_path):
    # a -> b -> c, d, e, f: below b lie most, so each of its children is a branch
    found = field_lives(tiny.case(tmp_path, "a>b b>c b>d b>e e>f").cascade()).drop_duplicates("document")
    assert found.set_index("document")["branch"].to_dict() == {"b": "b", "c": "c", "d": "d", "e": "e", "f": "e"}


def test_which_kind_of_hop_changes_most(tmp_path):
    versions = {"c": PLANNED, "d": {**PLANNED, "place": "", "certainty": "certain"}}
    cascade = tiny.case(tmp_path, "a>b:reposts a>c a>d", versions).cascade()
    found = hop_changes(cascade)
    assert found[["changed", "of", "fields", "lost"]].to_dict("index") == {
        "reposts": {"changed": 0, "of": 1, "fields": 0, "lost": 0},
        "attributes": {"changed": 2, "of": 2, "fields": 4, "lost": 1},
    }
    assert found.loc["attributes", "share_high"] == 1
    assert ordinal_steps(cascade)[["up", "same", "down"]].to_dict("index") == {
        "modality": {"up": 2, "same": 1, "down": 0},
        "certainty": {"up": 1, "same": 2, "down": 0},
    }


def test_what_is_lost_early_is_lost_for_all_below(tmp_path):
    lost = {"place": ""}
    found = losses(
        tiny.case(tmp_path, "a>b b>c b>d a>e", {"b": lost, "c": lost, "d": lost, "e": {"said_by": ""}}).cascade()
    )
    assert found[["document", "kind", "below"]].values.tolist() == [
        ["b", "lost detail", 2],
        ["e", "dropped attribution", 0],
    ]
