"""Promises of time: taken in charge, answered, due, warned and missed (R18, R26, R43b, R53)."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgerbook import at
from mondaybridge.domain.calendar import Calendar
from mondaybridge.domain.clocks import (
    AS_SOON_AS_POSSIBLE,
    RESPONSE,
    TAKE_IN_CHARGE,
    Clock,
    ClockState,
    Overdue,
    Promise,
    clock,
    next_moment,
    overdue,
    overdue_from,
)
from mondaybridge.domain.worktime import DAY_MS

LONDON = "Europe/London"
HOUR_MS = 3_600_000
HOLIDAY = frozenset({date(2026, 12, 8)})
ROME_HOUSE = Calendar("Europe/Rome", (((540, 780), (840, 1080)),) * 5 + ((),) * 2, HOLIDAY)
LONDON_HOUSE = Calendar(LONDON, (((540, 1020),),) * 5 + ((),) * 2)

RECEIVED = at("2026-12-03 10:00")
WARNS = at("2026-12-10 09:00")
DUE = at("2026-12-11 18:00")


def charge_clock(now: str | int, stopped: str | int | None = None) -> Clock | None:
    return clock(
        TAKE_IN_CHARGE,
        ROME_HOUSE,
        received_at=RECEIVED,
        stopped_at=at(stopped) if isinstance(stopped, str) else stopped,
        now=at(now) if isinstance(now, str) else now,
    )


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (RECEIVED, ClockState.RUNNING),
        (WARNS - 1, ClockState.RUNNING),
        (WARNS, ClockState.WARNED),
        (DUE, ClockState.WARNED),
        (DUE + 1, ClockState.BREACHED),
        (DUE + 400 * DAY_MS, ClockState.BREACHED),
    ],
)
def test_R18_five_working_days_are_warned_on_the_fourth_and_missed_after_the_fifth(
    now: int, state: ClockState
) -> None:
    assert charge_clock(now) == Clock(state, RECEIVED, WARNS, DUE)


@pytest.mark.parametrize(
    ("stopped", "state", "hours"),
    [
        ("2026-12-03 10:00", ClockState.MET, 0),
        ("2026-12-04 12:00", ClockState.MET, 10),
        ("2026-12-11 18:00", ClockState.MET, 47),
        ("2026-12-12 11:00", ClockState.LATE, 47),
        ("2026-12-14 10:00", ClockState.LATE, 48),
        ("2026-12-02 10:00", ClockState.MET, 0),
    ],
)
def test_R18_a_missed_promise_stays_recorded_after_the_stop(
    stopped: str, state: ClockState, hours: int
) -> None:
    seen = charge_clock("2027-02-01", stopped)
    assert seen == Clock(state, RECEIVED, WARNS, DUE, at(stopped), hours * HOUR_MS)


def test_R18_a_clock_says_when_it_was_warned_and_when_it_was_missed() -> None:
    shown = [
        (seen.stopped, seen.warned_at, seen.breached_at)
        for seen in (
            charge_clock("2026-12-04"),
            charge_clock("2026-12-10 12:00"),
            charge_clock("2026-12-14 12:00"),
            charge_clock("2027-01-01", "2026-12-09 12:00"),
            charge_clock("2027-01-01", "2026-12-10 12:00"),
            charge_clock("2027-01-01", "2026-12-14 12:00"),
        )
        if seen is not None
    ]
    assert shown == [
        (False, None, None),
        (False, WARNS, None),
        (False, WARNS, DUE),
        (True, None, None),
        (True, WARNS, None),
        (True, WARNS, DUE),
    ]


def test_R18_news_of_an_earlier_stop_takes_a_breach_back() -> None:
    before, after = charge_clock("2026-12-14"), charge_clock("2026-12-14", "2026-12-11 17:00")
    assert before is not None
    assert after is not None
    assert [before.state, after.state] == [ClockState.BREACHED, ClockState.MET]


@pytest.mark.parametrize(
    ("received", "warns", "due"),
    [
        ("2026-11-27 16:00", "2026-11-30 11:00", "2026-11-30 12:00"),
        ("2026-11-27 17:00", "2026-11-30 12:00", "2026-11-30 13:00"),
        ("2026-11-28 09:30", "2026-11-30 12:00", "2026-11-30 13:00"),
        ("2026-11-30 10:00", "2026-11-30 13:00", "2026-11-30 14:00"),
    ],
)
def test_R43b_four_working_hours_to_respond(received: str, warns: str, due: str) -> None:
    start, end = at(received, LONDON), at(due, LONDON)
    seen = [
        clock(RESPONSE, LONDON_HOUSE, received_at=start, stopped_at=stopped, now=end + 1)
        for stopped in (None, end, end + 1)
    ]
    moments = (start, at(warns, LONDON), end)
    assert seen == [
        Clock(ClockState.BREACHED, *moments),
        Clock(ClockState.MET, *moments, end, 4 * HOUR_MS),
        Clock(ClockState.LATE, *moments, end + 1, 4 * HOUR_MS + 1),
    ]


def test_R53_as_soon_as_possible_is_measured_and_never_missed() -> None:
    start, answered = at("2026-11-27 16:00", LONDON), at("2026-11-30 11:30", LONDON)
    years_later = start + 900 * DAY_MS
    seen = [
        clock(
            AS_SOON_AS_POSSIBLE, LONDON_HOUSE, received_at=start, stopped_at=stop, now=years_later
        )
        for stop in (None, answered)
    ]
    assert seen == [
        Clock(ClockState.RUNNING, start),
        Clock(ClockState.MEASURED, start, stopped_at=answered, took_ms=3 * HOUR_MS + HOUR_MS // 2),
    ]
    assert [next_moment(one, years_later) for one in seen if one] == [None, None]
    assert [(one.warned_at, one.breached_at) for one in seen if one] == [(None, None)] * 2


def test_a_request_without_a_receipt_has_no_clock() -> None:
    assert clock(TAKE_IN_CHARGE, ROME_HOUSE, received_at=None, stopped_at=RECEIVED, now=DUE) is None


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        (RECEIVED - DAY_MS, WARNS),
        (RECEIVED, WARNS),
        (WARNS - 1, WARNS),
        (WARNS, DUE + 1),
        (DUE, DUE + 1),
        (DUE + 1, None),
    ],
)
def test_R18_time_alone_changes_a_clock_twice(now: int, moment: int | None) -> None:
    seen = charge_clock(now)
    assert seen is not None
    assert next_moment(seen, now) == moment


def test_a_promise_without_a_warning_changes_once_and_a_stopped_clock_never() -> None:
    plain = clock(
        Promise(minutes=60), ROME_HOUSE, received_at=RECEIVED, stopped_at=None, now=RECEIVED
    )
    assert plain == Clock(ClockState.RUNNING, RECEIVED, None, at("2026-12-03 11:00"))
    assert next_moment(plain, RECEIVED) == at("2026-12-03 11:00") + 1
    stopped = charge_clock(RECEIVED, RECEIVED)
    assert stopped is not None
    assert next_moment(stopped, RECEIVED) is None


PROMISES = st.one_of(
    st.just(AS_SOON_AS_POSSIBLE),
    st.integers(1, 8).flatmap(
        lambda n: st.builds(Promise, days=st.just(n), warn_days=st.none() | st.integers(1, n))
    ),
    st.integers(2, 2000).flatmap(
        lambda n: st.builds(
            Promise, minutes=st.just(n), warn_minutes=st.none() | st.integers(1, n - 1)
        )
    ),
)
INSTANTS = st.integers(at("2026-03-01"), at("2026-12-31"))


@settings(derandomize=True, max_examples=200, deadline=None)
@given(PROMISES, st.sampled_from([ROME_HOUSE, LONDON_HOUSE]), INSTANTS, INSTANTS)
def test_a_clock_rests_until_its_next_moment_and_then_changes(
    promise: Promise, house: Calendar, received: int, now: int
) -> None:
    def seen(instant: int) -> Clock:
        found = clock(promise, house, received_at=received, stopped_at=None, now=instant)
        assert found is not None
        return found

    states = [seen(now).state]
    while (moment := next_moment(seen(now), now)) is not None:
        assert moment > now
        assert seen(moment - 1).state is states[-1]
        now = moment
        states.append(seen(now).state)
        assert states[-1] is not states[-2]
    assert len(states) <= 3
    assert seen(now + 999 * DAY_MS).state is states[-1]


@settings(derandomize=True, max_examples=200, deadline=None)
@given(PROMISES, st.sampled_from([ROME_HOUSE, LONDON_HOUSE]), INSTANTS, INSTANTS, INSTANTS)
def test_a_stop_is_late_exactly_when_the_clock_was_missed_at_that_moment(
    promise: Promise, house: Calendar, received: int, stop: int, now: int
) -> None:
    before = clock(promise, house, received_at=received, stopped_at=None, now=stop)
    after = clock(promise, house, received_at=received, stopped_at=stop, now=now)
    assert before is not None
    assert after is not None
    assert (before.warned_at, before.breached_at) == (after.warned_at, after.breached_at)
    late = before.state is ClockState.BREACHED
    assert late == (after.state is ClockState.LATE)
    assert after.took_ms == house.open_between(received, stop)


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({"days": 5, "minutes": 240}, "not in both"),
        ({"days": 0}, "at least one working day, not of 0"),
        ({"minutes": 0}, "at least one working minute, not of 0"),
        ({"days": 5, "warn_days": 6}, "on working day 6 needs a promise"),
        ({"days": 5, "warn_days": 0}, "on working day 0 needs a promise"),
        ({"minutes": 60, "warn_minutes": 60}, "after 60 working minutes needs a promise"),
        ({"warn_days": 1}, "on working day 1 needs a promise"),
        ({"warn_minutes": 1}, "after 1 working minutes needs a promise"),
    ],
)
def test_promises_that_cannot_be_are_refused(terms: dict[str, int], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Promise(**terms)


@pytest.mark.parametrize(
    ("due", "rigid", "done", "now", "expected"),
    [
        ("2026-11-30", True, False, "2026-11-30 23:59", Overdue.NONE),
        ("2026-11-30", True, False, "2026-12-01 00:00", Overdue.ALERT),
        ("2026-11-30", False, False, "2026-12-01 00:00", Overdue.NOTICE),
        ("2026-11-30", True, True, "2026-12-01 00:00", Overdue.NONE),
        ("2026-11-29", False, False, "2026-11-30 00:00", Overdue.NOTICE),
        (None, True, False, "2026-12-01 00:00", Overdue.NONE),
    ],
)
def test_R26_a_rigid_date_alerts_and_a_flexible_one_is_noticed(
    due: str | None,
    rigid: bool,  # noqa: FBT001 - a column of the table
    done: bool,  # noqa: FBT001 - a column of the table
    now: str,
    expected: Overdue,
) -> None:
    day = None if due is None else date.fromisoformat(due)
    assert overdue(day, ROME_HOUSE, rigid=rigid, done=done, now=at(now)) is expected


def test_R26_the_whole_day_counts_in_the_zone_of_the_house() -> None:
    day = date(2026, 10, 25)
    moments = [overdue_from(day, house) for house in (ROME_HOUSE, LONDON_HOUSE)]
    assert moments == [at("2026-10-26"), at("2026-10-26", LONDON)]
