"""Working time in two windows a day, over holidays and changes of the clock (R04, R18, 6.29)."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ledgerbook import at
from mondaybridge.domain.calendar import CLOSED_DAYS_MAX, Calendar, NeverOpenError
from mondaybridge.domain.worktime import DAY_MS, iso

HOUR_MS = 3_600_000
MINUTE_MS = 60_000
LONDON = "Europe/London"
NONE: tuple[tuple[int, int], ...] = ()
MORNING_AND_AFTERNOON = ((540, 780), (840, 1080))
ITALY_2026 = frozenset(
    date(2026, month, day)
    for month, days in {1: (1, 6), 4: (5, 6, 25), 5: (1,), 6: (2,), 8: (15,), 10: (4,), 11: (1,),
                        12: (8, 25, 26)}.items()
    for day in days
)  # fmt: skip
ROME_HOUSE = Calendar("Europe/Rome", (MORNING_AND_AFTERNOON,) * 5 + (NONE,) * 2, ITALY_2026)
LONDON_HOUSE = Calendar(LONDON, (((540, 1020),),) * 5 + (NONE,) * 2)
ROUND_THE_CLOCK = {zone: Calendar(zone, (((0, 1440),),) * 7) for zone in ("Europe/Rome", LONDON)}


@pytest.mark.parametrize(
    ("instant", "is_open"),
    [
        ("2026-11-27 08:59", False),
        ("2026-11-27 09:00", True),
        ("2026-11-27 12:59", True),
        ("2026-11-27 13:00", False),
        ("2026-11-27 13:30", False),
        ("2026-11-27 14:00", True),
        ("2026-11-27 17:59", True),
        ("2026-11-27 18:00", False),
        ("2026-11-28 10:00", False),
        ("2026-12-08 10:00", False),
    ],
)
def test_R04_open_hours_have_a_gap_at_lunch(instant: str, is_open: bool) -> None:  # noqa: FBT001 - the answer in a table
    assert ROME_HOUSE.is_open(at(instant)) is is_open


@pytest.mark.parametrize(
    ("instant", "opening"),
    [
        ("2026-11-27 18:00", "2026-11-30 09:00"),
        ("2026-11-27 13:30", "2026-11-27 14:00"),
        ("2026-11-27 12:15", "2026-11-27 12:15"),
        ("2026-12-07 19:00", "2026-12-09 09:00"),
        ("2026-03-27 18:00", "2026-03-30 09:00"),
        ("2026-10-23 18:00", "2026-10-26 09:00"),
    ],
)
def test_R04_a_request_of_friday_18_00_counts_from_monday_09_00(instant: str, opening: str) -> None:
    assert ROME_HOUSE.next_open(at(instant)) == at(opening)
    assert ROME_HOUSE.add_open(at(instant), 0) == at(opening)
    assert ROME_HOUSE.add_open(at(instant), MINUTE_MS) == at(opening) + MINUTE_MS


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-27 16:00", 4, "2026-11-30 12:00"),
        ("2026-11-27 17:00", 4, "2026-11-30 13:00"),
        ("2026-11-28 11:00", 4, "2026-11-30 13:00"),
        ("2026-11-27 16:00", 1, "2026-11-27 17:00"),
        ("2026-03-27 16:00", 4, "2026-03-30 12:00"),
        ("2026-10-23 16:00", 4, "2026-10-26 12:00"),
        ("2026-11-30 09:00", 40, "2026-12-04 17:00"),
    ],
)
def test_R43b_four_hours_are_counted_in_open_hours_only(start: str, hours: int, end: str) -> None:
    assert LONDON_HOUSE.add_open(at(start, LONDON), hours * HOUR_MS) == at(end, LONDON)


def test_6_29_published_help_says_tuesday_but_eight_to_five_ends_on_monday_at_eleven() -> None:
    house = Calendar(LONDON, (((480, 1020),),) * 5 + (NONE,) * 2)
    assert house.add_open(at("2026-11-27 16:00", LONDON), 4 * HOUR_MS) == at(
        "2026-11-30 11:00", LONDON
    )


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-27 12:30", 60, "2026-11-27 14:30"),
        ("2026-11-27 13:30", 60, "2026-11-27 15:00"),
        ("2026-11-27 12:30", 30, "2026-11-27 13:00"),
        ("2026-11-27 17:30", 60, "2026-11-30 09:30"),
        ("2026-12-07 17:30", 60, "2026-12-09 09:30"),
    ],
)
def test_R04_the_gap_at_lunch_and_a_holiday_do_not_count(
    start: str, minutes: int, end: str
) -> None:
    assert ROME_HOUSE.add_open(at(start), minutes * MINUTE_MS) == at(end)
    assert ROME_HOUSE.open_between(at(start), at(end)) == minutes * MINUTE_MS


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Rome", "2026-03-29", 23),
        ("Europe/Rome", "2026-10-25", 25),
        ("Europe/Rome", "2026-10-26", 24),
        (LONDON, "2026-03-29", 23),
        (LONDON, "2026-10-25", 25),
    ],
)
def test_6_11_a_day_whose_clock_changes_is_as_long_as_it_is(
    zone: str, day: str, hours: int
) -> None:
    house = ROUND_THE_CLOCK[zone]
    start, end = at(day, zone), at(f"{date.fromisoformat(day) + timedelta(days=1)}", zone)
    assert house.open_between(start, end) == hours * HOUR_MS
    assert house.add_open(start, hours * HOUR_MS) == end
    assert house.spans(date.fromisoformat(day)) == [(start, end)]


@pytest.mark.parametrize(
    ("zone", "start", "hours", "end"),
    [
        ("Europe/Rome", "2026-03-29T00:30:00Z", 1, "2026-03-29T01:30:00Z"),
        ("Europe/Rome", "2026-10-24T23:30:00Z", 3, "2026-10-25T02:30:00Z"),
        (LONDON, "2026-03-29T00:30:00Z", 1, "2026-03-29T01:30:00Z"),
        (LONDON, "2026-10-25T00:30:00Z", 3, "2026-10-25T03:30:00Z"),
    ],
)
def test_6_11_an_hour_across_a_change_of_the_clock_is_an_hour(
    zone: str, start: str, hours: int, end: str
) -> None:
    begin = at(start.removesuffix("Z"), "UTC")
    assert iso(ROUND_THE_CLOCK[zone].add_open(begin, hours * HOUR_MS)) == end


def test_windows_in_the_hour_that_is_skipped_begin_at_the_change_and_never_overlap() -> None:
    night = Calendar("Europe/Rome", (((105, 135), (140, 150), (150, 240)),) * 7)
    change = at("2026-03-29 03:00")
    assert night.spans(date(2026, 3, 29)) == [
        (at("2026-03-29 01:45"), change),
        (change, at("2026-03-29 04:00")),
    ]


def test_windows_in_the_hour_that_is_read_twice_follow_its_first_reading() -> None:
    night = Calendar("Europe/Rome", (((60, 150), (150, 240)),) * 7)
    first = at("2026-10-25T00:30", "UTC")
    assert night.spans(date(2026, 10, 25)) == [
        (at("2026-10-25 01:00"), first),
        (first, at("2026-10-25 04:00")),
    ]


def test_a_day_that_a_zone_skips_has_no_hours() -> None:
    samoa = Calendar("Pacific/Apia", (((540, 1020),),) * 7)
    assert [samoa.is_working_day(date(2011, 12, day)) for day in (29, 30, 31)] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-12-03 10:00", "2026-12-11 18:00"),
        ("2026-12-03 08:00", "2026-12-11 18:00"),
        ("2026-12-03 23:30", "2026-12-11 18:00"),
        ("2026-12-05 11:00", "2026-12-14 18:00"),
        ("2026-12-04 18:00", "2026-12-14 18:00"),
        ("2026-12-08 11:00", "2026-12-15 18:00"),
        ("2026-12-18 09:00", "2026-12-28 18:00"),
        ("2026-03-26 10:00", "2026-04-02 18:00"),
        ("2026-10-22 10:00", "2026-10-29 18:00"),
    ],
)
def test_R18_five_working_days_end_at_close_of_business_without_the_day_of_receipt(
    received: str, due: str
) -> None:
    assert ROME_HOUSE.close_of_day_after(at(received), 5) == at(due)


def test_R18_the_same_request_is_due_a_day_earlier_where_8_december_is_worked() -> None:
    assert LONDON_HOUSE.close_of_day_after(at("2026-12-03 10:00", LONDON), 5) == at(
        "2026-12-10 17:00", LONDON
    )


def test_R18_the_day_of_receipt_is_the_day_in_the_houses_zone() -> None:
    late = at("2026-12-02T23:30", "UTC")
    assert ROME_HOUSE.close_of_day_after(late, 1) == at("2026-12-04 18:00")
    assert LONDON_HOUSE.close_of_day_after(late, 1) == at("2026-12-03 17:00", LONDON)


def test_6_6_a_grace_of_three_working_days_begins_after_the_last_day() -> None:
    expires_at = at("2026-12-05")  # the midnight that ends Friday 4 December
    assert ROME_HOUSE.close_of_day_after(expires_at - 1, 3) == at("2026-12-10 18:00")


def test_working_days_are_counted_both_ways() -> None:
    thursday = date(2026, 12, 3)
    after = [ROME_HOUSE.working_days_after(thursday, n).day for n in range(1, 7)]
    before = [ROME_HOUSE.working_days_before(date(2026, 12, 14), n).day for n in range(1, 7)]
    assert (after, before) == ([4, 7, 9, 10, 11, 14], [11, 10, 9, 7, 4, 3])


def test_a_working_day_opens_and_closes() -> None:
    assert ROME_HOUSE.opens_at(date(2026, 12, 7)) == at("2026-12-07 09:00")
    assert ROME_HOUSE.closes_at(date(2026, 12, 7)) == at("2026-12-07 18:00")
    assert ROME_HOUSE.open_of_day_after(at("2026-12-05 11:00"), 2) == at("2026-12-09 09:00")
    with pytest.raises(ValueError, match="2026-12-08 is not a working day"):
        ROME_HOUSE.closes_at(date(2026, 12, 8))


def test_a_calendar_that_never_opens_says_so() -> None:
    never = Calendar("Europe/Rome", (NONE,) * 7)
    instant, day = at("2026-12-03 10:00"), date(2026, 12, 3)
    for ask in (
        lambda: never.add_open(instant, 0),
        lambda: never.next_open(instant),
        lambda: never.close_of_day_after(instant, 1),
        lambda: never.working_days_after(day, 1),
        lambda: never.working_days_before(day, 1),
    ):
        with pytest.raises(NeverOpenError, match="Europe/Rome stays closed for more than 400 days"):
            ask()
    assert never.open_between(instant, instant + 30 * DAY_MS) == 0


def test_a_house_that_closes_for_a_year_opens_again() -> None:
    first = date(2026, 12, 3)
    closed = frozenset(first + timedelta(days=n) for n in range(CLOSED_DAYS_MAX - 30))
    sabbatical = Calendar(LONDON, LONDON_HOUSE.windows, closed)
    opening = sabbatical.add_open(at("2026-12-03 10:00", LONDON), 0)
    assert opening == at("2027-12-08 09:00", LONDON)


@pytest.mark.parametrize(
    ("windows", "sentence"),
    [
        ((NONE,) * 6, "seven weekdays"),
        ((((540, 540),),) * 7, "540 to 540 does not lie in a day"),
        ((((540, 1441),),) * 7, "540 to 1441 does not lie in a day"),
        ((((540, 600), (590, 700)),) * 7, "590 begins before the one before it has ended"),
    ],
)
def test_windows_that_cannot_be_are_refused(
    windows: tuple[tuple[tuple[int, int], ...], ...], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        Calendar(LONDON, windows)


def test_what_cannot_be_counted_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 ms is negative"):
        LONDON_HOUSE.add_open(at("2026-12-03"), -1)
    with pytest.raises(ValueError, match="counted from 1: 0 is none"):
        LONDON_HOUSE.working_days_after(date(2026, 12, 3), 0)


ZONES = st.sampled_from(
    ["Europe/Rome", LONDON, "UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
)
# Edges are drawn often near the hours at which clocks change.
MINUTES = st.one_of(st.integers(0, 1440), st.integers(0, 240))
DAY_WINDOWS = st.lists(MINUTES, max_size=6, unique=True).map(
    lambda edges: tuple(
        (a, b) for a, b in zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False)
    )
)
CLOSED = st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=40)
CHANGES = [
    at(f"{day} {hour}", "UTC")
    for day in ("2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-04-04", "2026-10-03")
    for hour in ("00:00", "12:00", "18:00")
]
INSTANTS = st.one_of(
    st.integers(at("2026-01-01", "UTC"), at("2027-12-31", "UTC")),
    st.tuples(st.sampled_from(CHANGES), st.integers(-DAY_MS, DAY_MS)).map(sum),
)
LENGTHS = st.one_of(st.integers(0, 200 * HOUR_MS), st.integers(0, 600).map(lambda n: n * MINUTE_MS))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    week = draw(st.tuples(*[DAY_WINDOWS] * 7))
    assume(sum(end - start for windows in week for start, end in windows) >= 240)
    return Calendar(draw(ZONES), week, draw(CLOSED))


FAST = settings(derandomize=True, max_examples=150, deadline=None)


@FAST
@given(calendars(), INSTANTS, LENGTHS)
def test_6_29_what_was_added_is_what_lies_between(house: Calendar, start: int, length: int) -> None:
    end = house.add_open(start, length)
    assert end >= start
    assert house.open_between(start, end) == length
    if length:
        assert house.is_open(end - 1)
    else:
        assert house.is_open(end)


@FAST
@given(calendars(), INSTANTS, INSTANTS, LENGTHS, LENGTHS)
def test_more_time_or_a_later_start_never_ends_earlier(
    house: Calendar, one: int, other: int, short: int, long: int
) -> None:
    (early, late), (less, more) = sorted((one, other)), sorted((short, long))
    assert house.add_open(early, less) <= house.add_open(early, more)
    assert house.add_open(early, less) <= house.add_open(late, less)
    assert house.close_of_day_after(early, 3) <= house.close_of_day_after(late, 3)


@FAST
@given(calendars(), st.lists(INSTANTS, min_size=3, max_size=3))
def test_open_time_adds_up_and_is_never_more_than_time(
    house: Calendar, instants: list[int]
) -> None:
    first, middle, last = sorted(instants)
    whole = house.open_between(first, last)
    assert whole == house.open_between(first, middle) + house.open_between(middle, last)
    assert 0 <= whole <= last - first
    assert house.open_between(last, first) == 0


@FAST
@given(calendars(), st.dates(date(2026, 1, 1), date(2027, 6, 1)), st.integers(1, 15))
def test_working_days_before_undo_working_days_after(
    house: Calendar, day: date, count: int
) -> None:
    assume(house.is_working_day(day))
    there = house.working_days_after(day, count)
    assert house.working_days_before(there, count) == day
    between = (day + timedelta(days=n + 1) for n in range((there - day).days))
    assert sum(map(house.is_working_day, between)) == count


@FAST
@given(calendars(), st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_spans_follow_each_other_without_overlap(house: Calendar, day: date) -> None:
    edges = [
        edge for n in range(3) for span in house.spans(day + timedelta(days=n)) for edge in span
    ]
    assert edges == sorted(edges)
    assert all(start < end for start, end in house.spans(day))
