"""Notices that are given once: how much of the hours is used, and how soon they lapse.

Both are judged on totals, never on steps, so that a jump over several thresholds is one notice
and a correction that goes back and forth repeats nothing (semantics 6.6, 6.28). What was already
given is told by the caller, who keeps it by contract, generation and threshold; a top-up starts a
new generation, and so does a moved expiry: in it nothing was given yet.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from mondaybridge.domain.worktime import local_date, midnight

THRESHOLDS = (50, 75, 90, 100)
NOTICE_DAYS = (60, 30, 7)
PER_CENT = 100


@dataclass(frozen=True, slots=True)
class Alert:
    """A share of the hours is used: ``threshold`` is named, all ``marks`` are now given.

    ``summary`` says that the thresholds were edited: one below a notice already given is new, and
    this is the only notice about it; then the one named may have been told before.
    """

    threshold: int
    marks: tuple[int, ...]
    granted: int
    posted: int
    summary: bool = False

    @property
    def percent(self) -> int:
        """Return the used share, rounded down; where nothing is granted, all of it is used."""
        return self.posted * PER_CENT // self.granted if self.granted > 0 else PER_CENT

    @property
    def left(self) -> int:
        """Return the hard residual in minutes; below zero it is a debt (6.7)."""
        return self.granted - self.posted

    @property
    def args(self) -> dict[str, int]:
        """Return the numbers of the notice for its text."""
        return {
            "threshold": self.threshold,
            "percent": self.percent,
            "granted": self.granted,
            "used": self.posted,
            "left": self.left,
        }


@dataclass(frozen=True, slots=True)
class Expiry:
    """Hours lapse soon: ``days`` are left, ``threshold`` is named, all ``marks`` are now given."""

    threshold: int
    marks: tuple[int, ...]
    days: int
    left: int
    last_day: date

    @property
    def args(self) -> dict[str, int]:
        """Return the numbers of the notice for its text."""
        return {"threshold": self.threshold, "days": self.days, "left": self.left}


def crossed(
    granted: int,
    posted: int,
    thresholds: Collection[int] = THRESHOLDS,
    fired: Collection[int] = frozenset(),
) -> Alert | None:
    """Return the one notice that is due now, naming the highest threshold that was passed.

    Where nothing is granted, or less than nothing after refunds, no share exists: the first
    posted minute passes every threshold, and without one there is nothing to tell.
    """
    _refuse_below_one(thresholds, "a threshold is a percentage above 0")
    passed = [t for t in sorted(set(thresholds)) if _passed(granted, posted, t)]
    marks = tuple(t for t in passed if t not in fired)
    if not marks:
        return None
    return Alert(passed[-1], marks, granted, posted, summary=marks[0] < max(fired, default=0))


def expiring(
    *,
    expires_at: int | None,
    left: int,
    now: int,
    zone: str,
    days: Collection[int] = NOTICE_DAYS,
    fired: Collection[int] = frozenset(),
) -> Expiry | None:
    """Return the notice of hours that lapse, naming the nearest of the days before (6.6).

    ``expires_at`` is the midnight that ends the last day; then, or with no hours left to lapse,
    there is no notice.
    """
    _refuse_below_one(days, "a notice of expiry comes at least one day before")
    if expires_at is None or expires_at <= now or left <= 0:
        return None
    last_day = local_date(expires_at - 1, zone)
    ahead = (last_day - local_date(now, zone)).days
    marks = tuple(n for n in sorted(set(days) - set(fired)) if ahead <= n)
    return Expiry(marks[0], marks, ahead, left, last_day) if marks else None


def next_expiry_notice(
    *, expires_at: int | None, now: int, zone: str, days: Collection[int] = NOTICE_DAYS
) -> int | None:
    """Return the next instant at which time alone makes a notice of expiry due, or none."""
    if expires_at is None:
        return None
    last_day = local_date(expires_at - 1, zone)
    starts = [midnight(last_day - timedelta(days=count), zone) for count in days]
    return min((start for start in starts if start > now), default=None)


def _passed(granted: int, posted: int, threshold: int) -> bool:
    if granted <= 0:
        return posted > 0
    return posted * PER_CENT >= threshold * granted


def _refuse_below_one(values: Collection[int], sentence: str) -> None:
    wrong = sorted(value for value in values if value < 1)
    if wrong:
        raise ValueError(f"{sentence}, not {wrong[0]}")
