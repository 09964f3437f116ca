"""Dates: worked by hand, and what must hold always."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from woozle.dates import Interval, before, narrow, parse, zones_of
from woozle.errors import DateError


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


WORKED = [
    # written, zones, earliest, latest
    ("2024-06-24", ["Asia/Seoul"], "2024-06-23T15:00:00", "2024-06-24T14:59:59"),
    ("2024-06-23", ["Europe/Zurich"], "2024-06-22T22:00:00", "2024-06-23T21:59:59"),
    ("2024-06-21T21:02+09:00", ["UTC"], "2024-06-21T12:02:00", "2024-06-21T12:02:59"),
    ("2024-06-21T21:02:30+09:00", ["UTC"], "2024-06-21T12:02:30", "2024-06-21T12:02:30"),
    ("2024-06-21T21:02", ["Asia/Seoul"], "2024-06-21T12:02:00", "2024-06-21T12:02:59"),
    ("2024-06-21T12:02Z", ["Asia/Seoul"], "2024-06-21T12:02:00", "2024-06-21T12:02:59"),
    # one unit more on both sides: a day, an hour, a month, a year
    ("2024-06-26~", ["UTC"], "2024-06-25T00:00:00", "2024-06-27T23:59:59"),
    ("2024-06-26?", ["UTC"], "2024-06-25T00:00:00", "2024-06-27T23:59:59"),
    ("2024-07-03T11:24+02:00?", ["UTC"], "2024-07-03T08:24:00", "2024-07-03T10:24:59"),
    ("2024-07~", ["UTC"], "2024-06-01T00:00:00", "2024-08-31T23:59:59"),
    ("2024-01~", ["UTC"], "2023-12-01T00:00:00", "2024-02-29T23:59:59"),
    ("2024-12~", ["UTC"], "2024-11-01T00:00:00", "2025-01-31T23:59:59"),
    ("2024", ["UTC"], "2024-01-01T00:00:00", "2024-12-31T23:59:59"),
    ("2024~", ["UTC"], "2023-01-01T00:00:00", "2025-12-31T23:59:59"),
    ("2024-06-24/2024-06-30", ["Europe/Berlin"], "2024-06-23T22:00:00", "2024-06-30T21:59:59"),
    ("2024-06-24~/2024-06-30", ["UTC"], "2024-06-23T00:00:00", "2024-06-30T23:59:59"),
    # daylight saving: the day that clocks go forward has 23 hours, the day that they go back 25
    ("2024-03-31", ["Europe/Berlin"], "2024-03-30T23:00:00", "2024-03-31T21:59:59"),
    ("2024-10-27", ["Europe/Berlin"], "2024-10-26T22:00:00", "2024-10-27T22:59:59"),
    # an hour that clocks show twice may be either
    ("2024-10-27T02:30", ["Europe/Berlin"], "2024-10-27T00:30:00", "2024-10-27T01:30:59"),
    # where the zone is one of several, the interval spans them all
    ("2024-06-27", ["America/New_York", "Pacific/Honolulu"], "2024-06-27T04:00:00", "2024-06-28T09:59:59"),
    ("2024-06-27", list(zones_of()), "2024-06-26T10:00:00", "2024-06-28T11:59:59"),
]


@pytest.mark.parametrize(("text", "zones", "earliest", "latest"), WORKED)
def test_what_a_date_means(text, zones, earliest, latest):
    assert parse(text, zones) == Interval(utc(earliest), utc(latest))


def test_24_june_in_seoul_begins_on_23_june_in_geneva():
    seoul, geneva = parse("2024-06-24", ["Asia/Seoul"]), parse("2024-06-23", ["Europe/Zurich"])
    assert geneva.earliest < seoul.earliest < geneva.latest
    assert before(geneva, seoul) == "unknown"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("24 June 2024", "is not a date"),
        ("2024-6-24", "is not a date"),
        ("2024-02-30", "names day 30; February 2024 has 29 days"),
        ("2023-02-29", "February 2023 has 28 days"),
        ("2024-13", "names month 13"),
        ("2024-00", "names month 00"),
        ("2024-06-24T25:00Z", "not a date and time"),
        ("2024-06-24T10:00+25:00", "not an offset"),
        ("2024-06-30/2024-06-24", "ends before it begins"),
        ("2024/2025/2026", "more than one '/'"),
        ("2024-06-24~?", "more than one mark"),
        ("2024-06-24/", "is open at one end"),
        ("2024-06-24/..", "is open at one end"),
        ("../2024-06-24", "is open at one end"),
        ("2024-06-XX", "Write what is known: 2024-06"),
        ("2024-XX", "Write what is known"),
        ("2024-21", "Write its months"),
        ("2024-06-24%", "Write one of"),
        ("~2024", "Write it behind"),
        ("[2024-06-21,2024-06-24]", "the first and the last"),
        ("21.06.2024", "some with the month. Write 2024-06-24"),
        ("2024-06-24 21:02", "Write a T"),
        ("", "is not a date"),
        ("9999-12-31T23:59-10:00", "outside the years"),
        ("0000", "years begin with 0001"),
        ("２０２４-06-24", "is not a date"),
    ],
)
def test_what_is_no_date_is_refused_with_a_reason(text, says):
    with pytest.raises(DateError, match=says):
        parse(text)


def test_an_hour_that_clocks_skip_does_not_exist():
    with pytest.raises(DateError, match="skipped this hour"):
        parse("2024-03-31T02:30", ["Europe/Berlin"])


def test_an_unknown_zone_is_an_error_with_a_suggestion():
    with pytest.raises(DateError, match="Did you mean 'Asia/Seoul'"):
        parse("2024-06-24", ["Asia/Seul"])


def test_a_country_with_several_zones_spans_them_all():
    assert {"America/New_York", "Pacific/Honolulu"} <= set(zones_of("", "US"))
    assert zones_of("Europe/Moscow", "RU") == ("Europe/Moscow",)


def test_a_lower_bound_after_an_upper_bound_is_an_error():
    with pytest.raises(DateError, match="begins"):
        Interval(utc("2024-06-25T00:00:00"), utc("2024-06-24T00:00:00"))


def test_before_has_three_answers():
    monday, tuesday = parse("2024-06-24"), parse("2024-06-25")
    assert before(monday, tuesday) == "yes"
    assert before(tuesday, monday) == "no"
    assert before(parse("2024-06"), monday) == "unknown"


def test_nobody_relies_on_what_is_not_out_yet():
    # a (20-30 June) -> b (25 June) -> c (1-28 June): a cannot be later than the 25th, c not earlier
    spans = {
        "a": parse("2024-06-20/2024-06-30"),
        "b": parse("2024-06-25"),
        "c": parse("2024-06-01/2024-06-28"),
    }
    narrowed = narrow(spans, [("a", "b"), ("b", "c")])
    assert narrowed["a"] == Interval(utc("2024-06-20T00:00:00"), utc("2024-06-25T23:59:59"))
    assert narrowed["b"] == spans["b"]
    assert narrowed["c"] == Interval(utc("2024-06-25T00:00:00"), utc("2024-06-28T23:59:59"))


def test_an_impossible_order_names_the_chain():
    # a (26 June) -> b (June) -> c (25 June): each hop alone is possible, the chain is not
    spans = {"a": parse("2024-06-26"), "b": parse("2024-06"), "c": parse("2024-06-25")}
    with pytest.raises(DateError, match="a → b → c"):
        narrow(spans, [("a", "b"), ("b", "c")])


days = st.dates(min_value=datetime(1900, 1, 1).date(), max_value=datetime(2100, 1, 1).date())
zones = st.sampled_from(["UTC", "Asia/Seoul", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Europe/Kyiv"])


@given(days, zones)
def test_a_mark_of_doubt_only_widens(day, zone):
    sure, doubtful = parse(f"{day}", [zone]), parse(f"{day}~", [zone])
    assert doubtful.earliest < sure.earliest <= sure.latest < doubtful.latest


@given(days, zones)
def test_a_day_lies_in_its_month_and_its_month_in_its_year(day, zone):
    year, month, one = (parse(f"{day}"[:length], [zone]) for length in (4, 7, 10))
    assert year.earliest <= month.earliest <= one.earliest <= one.latest <= month.latest <= year.latest


@given(days, days)
def test_before_is_never_yes_both_ways(one, other):
    a, b = parse(f"{one}"), parse(f"{other}")
    assert (before(a, b), before(b, a)) != ("yes", "yes")
    assert (before(a, b) == "yes") == (one < other)


def test_plain_dates_agree_with_the_edtf_standard_by_another_reading():
    # ISO 8601 dates as Python reads them: the same day, month and year for a hundred years.
    day = datetime(1950, 1, 1, tzinfo=UTC)
    while day.year < 2050:
        assert parse(f"{day:%Y-%m-%d}").earliest == day
        assert parse(f"{day:%Y-%m}").earliest == day.replace(day=1)
        day += timedelta(days=17)


@given(st.data())
def test_narrowing_keeps_every_order_that_the_hops_allow(data):
    # Draw true moments, then intervals around them: the truth must survive the narrowing.
    size = data.draw(st.integers(2, 7))
    start = datetime(2024, 6, 1, tzinfo=UTC)
    hours = sorted(data.draw(st.lists(st.integers(0, 300), min_size=size, max_size=size)))
    truth = [start + timedelta(hours=hour) for hour in hours]
    width = st.integers(0, 100)
    spans = {
        n: Interval(moment - timedelta(hours=data.draw(width)), moment + timedelta(hours=data.draw(width)))
        for n, moment in enumerate(truth)
    }
    pairs = [(a, b) for a in range(size) for b in range(a + 1, size)]
    hops = data.draw(st.lists(st.sampled_from(pairs), unique=True))
    narrowed = narrow(spans, hops)
    for n, moment in enumerate(truth):
        assert spans[n].earliest <= narrowed[n].earliest <= moment <= narrowed[n].latest <= spans[n].latest
    assert narrow(narrowed, hops) == narrowed


def test_an_interval_may_end_in_a_month_that_holds_its_beginning():
    assert str(parse("2014-01-03/2014-01")) == "2014-01-03 00:00:00 to 2014-01-31 23:59:59 UTC"
    with pytest.raises(DateError, match="ends before it begins"):
        parse("2014-02/2014-01")


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Seoul"])
def test_the_last_day_and_the_first_are_days(zone):
    assert parse("9999-12-31", [zone]).latest.isoformat() == "9999-12-31T23:59:59+00:00"
    assert parse("9999~", [zone]).latest.year == 9999
    assert parse("0001-01-01", [zone]).earliest.year == 1


def test_an_hour_that_only_some_zones_of_a_country_skipped_is_read_in_the_others():
    """On 9 March 2014 at 02:30 clocks stood in Arizona (UTC-7) and Hawaii (UTC-10), and had been put on elsewhere."""
    found = parse("2014-03-09T02:30", ["America/New_York", "America/Phoenix", "Pacific/Honolulu"])
    assert str(found) == "2014-03-09 09:30:00 to 2014-03-09 12:30:59 UTC"


def test_a_day_that_a_place_skipped_is_told():
    """Samoa went from 29 to 31 December 2011."""
    with pytest.raises(DateError, match="clocks in Pacific/Apia skipped this day"):
        parse("2011-12-30", ["Pacific/Apia"])


def test_zones_are_those_of_the_pinned_package(tmp_path):
    """A system whose file for Seoul holds Warsaw's hours changes nothing."""
    import os
    import shutil
    import subprocess
    import sys
    from importlib import resources

    zones = resources.files("tzdata") / "zoneinfo"
    (tmp_path / "Asia").mkdir()
    shutil.copy(zones / "Europe" / "Warsaw", tmp_path / "Asia" / "Seoul")
    code = (
        "import woozle; from woozle import dates; import pandas as pd;"
        "print(dates.parse('2024-06-24', ['Asia/Seoul']), pd.Timestamp('2024-06-24T12:00Z').tz_convert('Asia/Seoul'))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, env=os.environ | {"PYTHONTZPATH": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    told = "2024-06-23 15:00:00 to 2024-06-24 14:59:59 UTC 2024-06-24 21:00:00+09:00"
    assert done.stdout.strip() == told
