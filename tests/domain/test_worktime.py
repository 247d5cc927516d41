"""Instants, months and dates in a contract's zone (semantics 6.11)."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgerbook import at
from mondaybridge.domain.worktime import (
    DAY_MS,
    Period,
    following,
    hours_text,
    iso,
    local_date,
    midnight,
    month,
    month_of,
    month_starts,
    months,
    parts,
)

ZONES = (
    "Europe/Rome",
    "Europe/London",
    "UTC",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
)
HOUR_MS = 3_600_000


def test_6_11_an_instant_belongs_to_the_month_of_the_contracts_zone() -> None:
    instant = at("2026-05-31 22:30", "UTC")
    names = {zone: month_of(instant, zone).name for zone in ("Europe/Rome", "Europe/London", "UTC")}
    assert names == {"Europe/Rome": "2026-06", "Europe/London": "2026-05", "UTC": "2026-05"}


def test_6_11_months_with_a_change_of_clock_are_an_hour_longer_or_shorter() -> None:
    lengths = {
        name: month(name, "Europe/Rome").end - month(name, "Europe/Rome").start
        for name in ("2026-03", "2026-05", "2026-10")
    }
    assert lengths == {
        "2026-03": 31 * DAY_MS - HOUR_MS,
        "2026-05": 31 * DAY_MS,
        "2026-10": 31 * DAY_MS + HOUR_MS,
    }


@pytest.mark.parametrize("zone", ZONES)
def test_S13_periods_tile_without_gap_or_overlap(zone: str) -> None:
    names = months("2024-01", "2036-12")
    assert len(names) == 13 * 12
    periods = [month(name, zone) for name in names]
    for before, after in pairwise(periods):
        assert before.end == after.start
        assert following(before.name) == after.name
    for period in periods:
        assert period.start in period
        assert period.end not in period
        assert month_of(period.start, zone) == month_of(period.end - 1, zone) == period


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    st.integers(at("2024-01-01", "UTC"), at("2036-12-31", "UTC")),
    st.integers(0, 200 * DAY_MS),
    st.sampled_from(ZONES),
)
def test_parts_at_month_starts_tile_the_span_and_stay_in_one_month(
    start: int, length: int, zone: str
) -> None:
    spans = parts(start, start + length, month_starts(start, start + length, zone))
    assert spans[0][0] == start
    assert spans[-1][1] == start + length
    assert sum(end - begin for begin, end in spans) == length
    assert [a[1] for a in spans[:-1]] == [b[0] for b in spans[1:]]
    for begin, end in spans:
        assert month_of(begin, zone) == month_of(max(begin, end - 1), zone)


def test_a_midnight_that_the_clock_skips_is_the_first_instant_of_its_day() -> None:
    skipped = midnight(date(2024, 4, 26), "Africa/Cairo")
    assert iso(skipped) == "2024-04-25T22:00:00Z"
    assert local_date(skipped, "Africa/Cairo") == date(2024, 4, 26)
    assert local_date(skipped - 1, "Africa/Cairo") == date(2024, 4, 25)


def test_parts_ignores_boundaries_outside_and_twice() -> None:
    assert parts(10, 20, [5, 10, 12, 12, 20, 25]) == [(10, 12), (12, 20)]
    assert parts(10, 10, [10]) == [(10, 10)]


def test_months_over_the_turn_of_the_year() -> None:
    assert months("2026-11", "2027-02") == ["2026-11", "2026-12", "2027-01", "2027-02"]
    assert months("2026-11", "2026-10") == []


@pytest.mark.parametrize(
    "name",
    ["2026", "2026-1", "2026-13", "2026-00", "26-10", "2026-10-01", "\u0662026-10", "9999-12"],
)
def test_what_is_no_month_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"month|date|year|isoformat"):
        month(name, "UTC")


def test_periods_sort_by_name() -> None:
    assert sorted([month("2026-11", "UTC"), month("2026-10", "UTC")]) == [
        Period("2026-10", at("2026-10-01", "UTC"), at("2026-11-01", "UTC")),
        Period("2026-11", at("2026-11-01", "UTC"), at("2026-12-01", "UTC")),
    ]


def test_6_1_minutes_are_shown_as_hours() -> None:
    shown = [hours_text(minutes) for minutes in (0, 5, 60, 740, -1, -60, -185)]
    assert shown == ["0:00", "0:05", "1:00", "12:20", "-0:01", "-1:00", "-3:05"]
