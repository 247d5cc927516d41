"""Notices that are given once: shares of the hours used, and days before they lapse (6.28, 6.6)."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgerbook import at
from mondaybridge.domain.alerts import (
    NOTICE_DAYS,
    THRESHOLDS,
    Alert,
    Expiry,
    crossed,
    expiring,
    next_expiry_notice,
)

ROME = "Europe/Rome"
EXPIRES = at("2027-01-01")  # the midnight that ends 31 December
LAST_DAY = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("posted", "alert"),
    [
        (0, None),
        (299, None),
        (300, Alert(50, (50,), 600, 300)),
        (420, Alert(50, (50,), 600, 420)),
        (450, Alert(75, (50, 75), 600, 450)),
        (570, Alert(90, (50, 75, 90), 600, 570)),
        (600, Alert(100, (50, 75, 90, 100), 600, 600)),
        (700, Alert(100, (50, 75, 90, 100), 600, 700)),
        (-60, None),
    ],
)
def test_6_28_a_jump_is_one_alert_that_names_the_highest(posted: int, alert: Alert | None) -> None:
    assert crossed(600, posted) == alert


def test_6_28_small_steps_over_a_threshold_are_seen() -> None:
    assert crossed(720, 180) is None
    assert crossed(720, 180 + 240) == Alert(50, (50,), 720, 420)


def test_6_28_an_alert_is_given_once_also_when_the_total_goes_back_and_forth() -> None:
    fired: frozenset[int] = frozenset()
    seen = []
    for posted in (100, 300, 310, 250, 320, 460, 460, 620, 590, 640):
        alert = crossed(600, posted, fired=fired)
        fired |= set(alert.marks if alert else ())
        seen.append(alert.threshold if alert else 0)
    assert seen == [0, 50, 0, 0, 0, 75, 0, 100, 0, 0]


def test_6_28_a_top_up_begins_anew() -> None:
    given_before = frozenset(THRESHOLDS)
    assert crossed(600, 600, fired=given_before) is None
    assert crossed(1200, 600, fired=frozenset()) == Alert(50, (50,), 1200, 600)
    assert crossed(1800, 600, fired=frozenset()) is None


@pytest.mark.parametrize(
    ("thresholds", "alert"),
    [
        ((50, 75, 90, 100), None),
        ((50, 60, 70, 75, 100), Alert(75, (60, 70), 600, 500, summary=True)),
        ((60, 80), Alert(80, (60, 80), 600, 500, summary=True)),
        ((80,), Alert(80, (80,), 600, 500)),
        ((), None),
    ],
)
def test_6_28_edited_thresholds_are_one_summary(
    thresholds: tuple[int, ...], alert: Alert | None
) -> None:
    assert crossed(600, 500, thresholds, frozenset({50, 75})) == alert


@pytest.mark.parametrize("granted", [0, -120])
def test_6_7_where_nothing_is_granted_the_first_minute_passes_every_threshold(granted: int) -> None:
    assert crossed(granted, 0) is None
    alert = crossed(granted, 1)
    assert alert == Alert(100, THRESHOLDS, granted, 1)
    assert alert.args == {
        "threshold": 100,
        "percent": 100,
        "granted": granted,
        "used": 1,
        "left": granted - 1,
    }


def test_6_28_a_text_gets_plain_numbers_and_a_debt_is_below_zero() -> None:
    alert = crossed(600, 655, fired=frozenset({50, 75}))
    assert alert is not None
    assert alert.args == {
        "threshold": 100,
        "percent": 109,
        "granted": 600,
        "used": 655,
        "left": -55,
    }


def test_thresholds_below_one_are_refused() -> None:
    with pytest.raises(ValueError, match="a percentage above 0, not -5"):
        crossed(600, 0, (0, -5, 50))
    with pytest.raises(ValueError, match="at least one day before, not 0"):
        expiring(expires_at=EXPIRES, left=1, now=EXPIRES - 1, zone=ROME, days=(0, 7))


SETS = st.frozensets(st.integers(1, 120), max_size=6)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.lists(st.integers(-50, 1500), max_size=20), st.integers(-100, 1000), SETS, SETS)
def test_6_28_each_threshold_is_told_exactly_once_if_it_was_ever_passed(
    totals: list[int], granted: int, thresholds: frozenset[int], fired: frozenset[int]
) -> None:
    told: list[int] = []
    for posted in totals:
        alert = crossed(granted, posted, thresholds, fired | set(told))
        if alert:
            assert alert.threshold == max(alert.marks) or alert.summary
            told.extend(alert.marks)
        assert crossed(granted, posted, thresholds, fired | set(told)) is None
    most = max(totals, default=0)
    passed = {t for t in thresholds if (most * 100 >= t * granted if granted > 0 else most > 0)}
    assert sorted(told) == sorted(passed - fired)


@pytest.mark.parametrize(
    ("now", "notice"),
    [
        ("2026-10-31 23:59", None),
        ("2026-11-01 00:00", Expiry(60, (60,), 60, 200, LAST_DAY)),
        ("2026-12-01 09:00", Expiry(30, (30, 60), 30, 200, LAST_DAY)),
        ("2026-12-24 09:00", Expiry(7, (7, 30, 60), 7, 200, LAST_DAY)),
        ("2026-12-31 23:59", Expiry(7, (7, 30, 60), 0, 200, LAST_DAY)),
        ("2027-01-01 00:00", None),
        ("2027-02-01 00:00", None),
    ],
)
def test_6_6_hours_that_lapse_are_told_60_30_and_7_days_before(
    now: str, notice: Expiry | None
) -> None:
    assert expiring(expires_at=EXPIRES, left=200, now=at(now), zone=ROME) == notice


def test_6_6_a_notice_of_expiry_is_given_once_and_only_for_hours_that_are_left() -> None:
    now = at("2026-12-02 09:00")
    first = expiring(expires_at=EXPIRES, left=200, now=now, zone=ROME, fired=frozenset({60}))
    assert first == Expiry(30, (30,), 29, 200, LAST_DAY)
    assert first.args == {"threshold": 30, "days": 29, "left": 200}
    again = frozenset({30, 60})
    assert expiring(expires_at=EXPIRES, left=200, now=now, zone=ROME, fired=again) is None
    assert [expiring(expires_at=EXPIRES, left=n, now=now, zone=ROME) for n in (0, -5)] == [None] * 2
    assert expiring(expires_at=None, left=200, now=now, zone=ROME) is None


def test_6_6_the_days_before_are_days_of_the_zone() -> None:
    moments = []
    now: int | None = at("2026-01-01")
    while now is not None:
        now = next_expiry_notice(expires_at=EXPIRES, now=now, zone=ROME)
        moments.append(now)
    assert moments == [at("2026-11-01"), at("2026-12-01"), at("2026-12-24"), None]
    assert next_expiry_notice(expires_at=None, now=0, zone=ROME) is None


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.integers(at("2026-08-01"), EXPIRES - 1))
def test_6_6_nothing_new_is_told_before_the_next_moment_and_something_then(now: int) -> None:
    def marks(instant: int) -> tuple[int, ...]:
        notice = expiring(expires_at=EXPIRES, left=60, now=instant, zone=ROME)
        return notice.marks if notice else ()

    moment = next_expiry_notice(expires_at=EXPIRES, now=now, zone=ROME)
    if moment is None:
        assert marks(now) == marks(EXPIRES - 1) == tuple(sorted(NOTICE_DAYS))
    else:
        assert marks(moment - 1) == marks(now)
        assert len(marks(moment)) == len(marks(now)) + 1
