"""Plant the truth: cascades with known roots, conversions, corrections and dates, and what the measures find of them."""

import random
from dataclasses import dataclass

import pytest

import tiny
from woozle.measure import (
    conversions,
    corrections,
    drift_ledger,
    headline_draws,
    independent_roots,
    published,
    shape,
    turn,
)
from woozle.model.case import Case

ANNOUNCED = {"said_by": "actor_state", "modality": "announced", "certainty": "certain", "accuracy": "false"}
CHECK = {"stance": "debunks", "modality": "none", "accuracy": "accurate"}


@dataclass
class Planted:
    case: Case
    parent: dict[str, str]  # of each document that is no root
    minute: dict[str, int]  # of publication, all different
    converts: set[str]  # the documents that make the conversion
    checks: list[str]  # the corrections, in order

    def root(self, name):
        return self.root(self.parent[name]) if name in self.parent else name


def plant(folder, seed, size=40):
    """Return a case of which everything is known: a forest with exact times, conversions and corrections."""
    chance = random.Random(seed)
    names = [f"d{place:02}" for place in range(size)]
    parent = {
        name: chance.choice(names[:place]) for place, name in enumerate(names) if place >= 1 and chance.random() < 0.9
    }
    minutes = sorted(chance.sample(range(1, 20_000), size + 3))
    checks = [f"check{number}" for number in range(3)]
    places = sorted(chance.sample(range(5, size + 3), 3))
    order = list(names)
    for place, name in zip(places, checks, strict=True):
        order.insert(place, name)
    minute = dict(zip(order, minutes, strict=True))
    announced, converts = set(), set()
    for name in names:
        if parent.get(name) in announced:
            announced.add(name)
        elif name in parent and chance.random() < 0.15:
            announced.add(name)
            converts.add(name)
    debunked = {check: chance.choice([name for name in names if minute[name] < minute[check]]) for check in checks}
    hops = [f"{above}>{name}" for name, above in parent.items()] + [f"{d}>{c}:debunks" for c, d in debunked.items()]
    versions = {name: ANNOUNCED if name in announced else {} for name in names} | dict.fromkeys(checks, CHECK)
    days = {
        name: f"2024-06-{1 + minute // 1440:02}T{minute % 1440 // 60:02}:{minute % 60:02}Z"
        for name, minute in minute.items()
    }
    return Planted(tiny.case(folder, " ".join(hops), versions, days), parent, minute, converts, checks)


@pytest.fixture(params=range(5))
def planted(request, tmp_path):
    return plant(tmp_path, request.param)


def test_roots(planted):
    found = independent_roots(planted.case.cascade())["roots"]
    assert len(found) == 40
    assert all(roots == (planted.root(name),) for name, roots in found.items())


def test_conversions_and_nothing_else(planted):
    cascade = planted.case.cascade()
    assert set(conversions(cascade).index) == planted.converts
    assert set(drift_ledger(cascade)["document"]) == planted.converts


def test_the_turn_is_the_earliest_conversion(planted):
    assert list(turn(planted.case.cascade()).index) == [min(planted.converts, key=planted.minute.get)]


def test_corrections_in_order_with_what_came_before(planted):
    found = corrections(planted.case.cascade())
    assert list(found.index) == planted.checks
    for check in planted.checks:
        before = sum(
            minute < planted.minute[check] for name, minute in planted.minute.items() if name not in planted.checks
        )
        assert found.loc[check, ["surely_before", "perhaps_before"]].to_list() == [before, before]
    assert found["may_be_first"].to_list() == [True, False, False]


def test_sizes_and_times(planted):
    cascade = planted.case.cascade()
    sizes = {}
    for name in planted.minute:
        if name not in planted.checks:
            sizes[planted.root(name)] = sizes.get(planted.root(name), 0) + 1
    assert shape(cascade)["size"].to_dict() == sizes
    assert published(cascade)["at_most"].iloc[-1] == 40


def test_no_draw_moves_what_is_certain(planted):
    """Times are known to the minute, no hop is inferred: a draw can only differ by parts of a minute."""
    drawn = headline_draws(planted.case.cascade(), draws=30)
    first = planted.minute[planted.checks[0]]
    carriers = sorted(minute for name, minute in planted.minute.items() if name not in planted.checks)
    assert set(drawn["own_words"]) == {len(planted.converts)}
    assert set(drawn["before_correction"]) == {sum(minute < first for minute in carriers)}
    assert drawn["first_correction_h"].to_numpy() == pytest.approx((first - carriers[0]) / 60, abs=1 / 60)
    assert drawn["half_h"].to_numpy() == pytest.approx((carriers[19] - carriers[0]) / 60, abs=1 / 60)
