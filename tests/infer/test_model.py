"""The model: its likelihood is that of textbooks, its probabilities sum to one, and nothing goes round in circles."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tiny
from woozle import dates
from woozle.infer import NOBODY, Evidence, Inference, Model, fit, load_model, of_case, propose
from woozle.infer.joint import Forest
from woozle.infer.observations import Observation, Observations
from woozle.infer.timing import chance_before


def pairs_at_random(seed, documents=60, candidates=5):
    random = np.random.default_rng(seed)
    rows = []
    for document in range(documents):
        values = random.normal(size=(candidates, 2))
        chance = np.exp(values @ [1.0, 0.5])
        chosen = random.choice(candidates, p=chance / chance.sum())
        rows += [
            {"collection": "c", "citing": str(document), "cited": str(place), "before": 0.0, "known": place == chosen}
            | {"attribution": values[place, 0], "wording": values[place, 1]}
            for place in range(candidates)
        ]
    return pd.DataFrame(rows)


def test_weights_agree_with_a_stratified_cox_model():
    # With one choice a document the partial likelihood of Cox, by strata, is the conditional logit.
    from lifelines import CoxPHFitter

    pairs = pairs_at_random(1)
    frame = pairs.assign(event=pairs["known"].astype(int), time=np.where(pairs["known"], 1, 2))
    cox = CoxPHFitter().fit(
        frame[["citing", "attribution", "wording", "event", "time"]], "time", "event", strata=["citing"]
    )
    ours = fit(pairs, ["attribution", "wording"], ridge=0.0).weights
    assert ours["attribution"] == pytest.approx(cox.params_["attribution"], abs=1e-3)
    assert ours["wording"] == pytest.approx(cox.params_["wording"], abs=1e-3)


def test_a_feature_can_not_speak_against_its_name():
    pairs = pairs_at_random(2)
    turned = pairs.assign(attribution=-pairs["attribution"])
    assert fit(turned, ["attribution"]).weights["attribution"] == 0


def test_the_probabilities_of_a_document_sum_to_one(flagship):
    sums = propose(flagship).groupby("citing")["probability"].sum()
    assert np.allclose(sums, 1)


def test_nobody_is_always_an_answer(flagship):
    found = propose(flagship)
    assert set(found.loc[found["cited"] == NOBODY, "citing"]) == set(found["citing"])


def test_what_is_known_of_its_own_hops_is_not_used(flagship):
    observed = of_case(flagship)
    without = replace(observed, hops=tuple(hop for hop in observed.hops if hop[1] != "daily_mail"))
    used, hidden = (Evidence(one).pairs(["daily_mail"]).drop(columns="known") for one in (observed, without))
    pd.testing.assert_frame_equal(used, hidden)


def test_what_only_the_coder_knew_is_not_used(flagship):
    citations = flagship.citations.assign(evidence="x", seen_note="x")
    claims = flagship.claims.assign(note="x", seen_note="x")
    tables = {**flagship._tables, "citations": citations, "claims": claims}
    blind = replace(flagship, _tables=tables)
    pd.testing.assert_frame_equal(Evidence(of_case(flagship)).pairs(["isw"]), Evidence(of_case(blind)).pairs(["isw"]))


def test_no_document_is_proposed_a_source_that_came_surely_later_or_rests_on_it(tmp_path):
    case = tiny.case(
        tmp_path, "a>b b>c", days={"a": "2024-06-01", "b": "2024-06-02", "c": "2024-06-03", "d": "2024-06-04"}
    )
    observed = of_case(case)
    assert set(Evidence(observed).pairs(["b"])["cited"]) == {"a", NOBODY}
    assert set(Evidence(observed).pairs(["d"])["cited"]) == {"a", "b", "c", NOBODY}


def test_chance_before_agrees_with_draws():
    random = np.random.default_rng(3)
    for _ in range(20):
        ends = [sorted(random.integers(0, 10**6, 2)) for _ in range(2)]
        a, b = (
            dates.Interval(*(pd.Timestamp(int(end), unit="s", tz="UTC").to_pydatetime() for end in pair))
            for pair in ends
        )
        drawn = random.uniform(*ends[0], 40_000) <= random.uniform(*ends[1], 40_000)
        assert chance_before(a, b) == pytest.approx(drawn.mean(), abs=0.015)


def test_joint_choices_have_the_distribution_of_all_forests_without_circles():
    # Three documents of the same day: all 64 joint choices are counted by hand, those with a circle left out.
    day = dates.parse("2024-06-01")
    items = {name: Observation(name, day) for name in "abc"}
    rows = [
        {"collection": "c", "citing": one, "cited": other, "before": 0.0, "attribution": weight, "known": False}
        for one, others in {"a": {"b": 1.0, "c": 0.0}, "b": {"a": 2.0, "c": 0.5}, "c": {"a": 0.3, "b": 1.5}}.items()
        for other, weight in {**others, NOBODY: 0.0}.items()
    ]
    pairs = pd.DataFrame(rows)
    model = Model({"attribution": 1.0})
    _, chances = Forest(Observations("c", items), pairs, model).draw(20_000, 1)
    options = {one: pairs[pairs["citing"] == one] for one in "abc"}
    total, share = 0.0, {}
    for choice in itertools.product(*(of.itertuples() for of in options.values())):
        parent = {row.citing: row.cited for row in choice}
        if any(circles(parent, name) for name in parent):
            continue
        weight = math.exp(sum(row.attribution for row in choice))
        total += weight
        for row in choice:
            share[row.citing, row.cited] = share.get((row.citing, row.cited), 0.0) + weight
    for (one, of), found in zip(options.items(), chances, strict=True):
        for row, chance in zip(of.itertuples(), found, strict=True):
            assert chance == pytest.approx(share[one, row.cited] / total, abs=0.02)


def circles(parent, name):
    met = set()
    while name:
        if name in met:
            return True
        met.add(name)
        name = parent[name]
    return False


def test_drawn_sources_form_no_circle_with_the_known_hops(flagship):
    from woozle.package.check import find_cycle

    inference = Inference(flagship, draws=50)
    for sources in inference.sources:
        assert not find_cycle([*inference.observed.hops, *((cited, citing) for citing, cited in sources.items())])


def test_the_weights_that_ship_say_how_they_were_made():
    for name in ("cases", "uncoded", "threads"):
        assert load_model(name).fitted_on["command"] == "make weights"


def test_as_of_a_moment_only_what_was_out_is_used(flagship):
    found = propose(flagship.cascade(as_of="2024-06-26"))
    assert set(found["cited"]) - {NOBODY} <= set(flagship.cascade(as_of="2024-06-26").documents.index)
