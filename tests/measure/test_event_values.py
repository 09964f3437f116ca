"""Events that have figures."""

import pytest

import tiny
from woozle import measure
from woozle.errors import UnknownDocumentError
from woozle.model.opening import open_case


@pytest.fixture
def cascade(tmp_path):
    """The price is 10 a day before b, 4 from 20 to 30 minutes after it at most, 9 later; something else has no value."""
    events = [
        ("before", "2024-06-01", "10", "USD"),
        ("low", "2024-06-02T12:20Z/2024-06-02T12:30Z", "4", "USD"),
        ("halt", "2024-06-02T12:31Z", "", ""),
        ("after", "2024-06-03T12:00Z", "9", "USD"),
        ("people", "2024-06-03T13:00Z", "0", "people"),
    ]
    rows = [
        {"id": name, "date": date, "event": name, "seen": "page", "value": value, "unit": unit}
        for name, date, value, unit in events
    ]
    days = {"a": "2024-06-02", "b": "2024-06-02T12:00Z", "c": "2024-06-04"}
    tables = tiny.tables("a>b a>c", days=days) | {"events": rows}
    return open_case(tiny.write(tmp_path / "data" / "tiny", tables)).cascade()


def test_values_stand_beside_the_first_in_their_unit(cascade):
    found = measure.event_values(cascade)
    assert found["share_change"].dropna().round(3).to_dict() == {"before": 0.0, "low": -0.6, "after": -0.1}
    assert found["earliest_min"].isna().all()


def test_minutes_are_counted_from_both_ends(cascade):
    low = measure.event_values(cascade, "b").loc["low"]
    assert (round(low["earliest_min"]), round(low["latest_min"])) == (19, 31)


def test_what_came_later_is_not_known(cascade):
    then = cascade.case.cascade(as_of="2024-06-02")
    assert list(measure.event_values(then).index) == ["before", "low"]
    with pytest.raises(UnknownDocumentError, match="no document 'c' by then"):
        measure.event_values(then, "c")
