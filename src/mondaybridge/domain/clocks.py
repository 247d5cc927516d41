"""Promises of time: when a request must be taken in charge or answered, and how that stands.

A clock is a function of facts: receipt, stop, calendar and the present. It keeps nothing, writes
nothing and never decides what a missed promise costs (R18, R43b, R53; semantics 6.29).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from mondaybridge.domain.calendar import Calendar
from mondaybridge.domain.worktime import midnight

MINUTE_MS = 60_000


class ClockState(Enum):
    """How a promise stands; the last three are for good."""

    RUNNING = "running"
    WARNED = "warned"
    BREACHED = "breached"
    MET = "met"
    LATE = "late"
    MEASURED = "measured"


class Overdue(Enum):
    """What a passed date of completion asks for: a notice when flexible, an alert when rigid."""

    NONE = "none"
    NOTICE = "notice"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Promise:
    """Working days or open minutes until a request is taken up, with an earlier warning.

    Days end at the close of business, and the warning comes when its day opens. A promise of
    neither is "as soon as possible": its time is measured and shown, and never missed (R53).
    """

    days: int | None = None
    minutes: int | None = None
    warn_days: int | None = None
    warn_minutes: int | None = None

    def __post_init__(self) -> None:
        if self.days is not None and self.minutes is not None:
            raise ValueError("a promise is in working days or in working minutes, not in both")
        for count, unit in ((self.days, "day"), (self.minutes, "minute")):
            if count is not None and count < 1:
                raise ValueError(f"a promise is of at least one working {unit}, not of {count}")
        if self.warn_days is not None and not 1 <= self.warn_days <= (self.days or 0):
            raise ValueError(
                f"a warning on working day {self.warn_days} needs a promise of as many or more"
            )
        if self.warn_minutes is not None and not 1 <= self.warn_minutes < (self.minutes or 0):
            raise ValueError(
                f"a warning after {self.warn_minutes} working minutes needs a promise of more"
            )


TAKE_IN_CHARGE = Promise(days=5, warn_days=4)
"""Five working days, warned on the fourth (R18)."""

RESPONSE = Promise(minutes=240, warn_minutes=180)
"""Four working hours, warned an hour before (R43b)."""

AS_SOON_AS_POSSIBLE = Promise()
"""No deadline (R53)."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A promise on one request; ``took_ms`` is the open time it took, once it is stopped.

    ``warn_at`` and ``due_at`` are the moments the promise sets, whether reached or not.
    """

    state: ClockState
    received_at: int
    warn_at: int | None = None
    due_at: int | None = None
    stopped_at: int | None = None
    took_ms: int | None = None

    @property
    def stopped(self) -> bool:
        """Tell whether the request was taken up; then time changes nothing any more."""
        return self.stopped_at is not None

    @property
    def warned_at(self) -> int | None:
        """Return when the warning came, if it came before the stop."""
        late = self.state in (ClockState.WARNED, ClockState.BREACHED, ClockState.LATE)
        reached = late or (self.stopped_at or 0) >= (self.warn_at or 0)
        return self.warn_at if reached else None

    @property
    def breached_at(self) -> int | None:
        """Return the moment that was missed; a later stop does not undo it (R18)."""
        missed = self.state in (ClockState.BREACHED, ClockState.LATE)
        return self.due_at if missed else None


def clock(
    promise: Promise,
    calendar: Calendar,
    *,
    received_at: int | None,
    stopped_at: int | None,
    now: int,
) -> Clock | None:
    """Judge a promise now; without a receipt there is nothing to count from.

    A stop at the due moment itself is in time. One that is dated before the receipt took no time.
    """
    if received_at is None:
        return None
    warn_at, due_at = _moments(promise, calendar, received_at)
    stopped = stopped_at is not None
    state = _state(warn_at, due_at, now if stopped_at is None else stopped_at, stopped=stopped)
    took = None if stopped_at is None else calendar.open_between(received_at, stopped_at)
    return Clock(state, received_at, warn_at, due_at, stopped_at, took)


def next_moment(seen: Clock, now: int) -> int | None:
    """Return the next instant at which time alone changes a clock, or none."""
    if seen.stopped or seen.due_at is None:
        return None
    if seen.warn_at is not None and now < seen.warn_at:
        return seen.warn_at
    return _missed_from(seen.due_at) if now <= seen.due_at else None


def overdue(due: date | None, calendar: Calendar, *, rigid: bool, done: bool, now: int) -> Overdue:
    """Judge a date of completion: the whole of that day counts (R26).

    It is judged for the board only; no date ever changes what is charged.
    """
    if due is None or done or now < overdue_from(due, calendar):
        return Overdue.NONE
    return Overdue.ALERT if rigid else Overdue.NOTICE


def overdue_from(due: date, calendar: Calendar) -> int:
    """Return when a date of completion has passed: the midnight that ends it in the zone."""
    return midnight(due + timedelta(days=1), calendar.zone)


def _moments(promise: Promise, calendar: Calendar, start: int) -> tuple[int | None, int | None]:
    match promise:
        case Promise(days=int() as days, warn_days=warn):
            warn_at = None if warn is None else calendar.open_of_day_after(start, warn)
            return warn_at, calendar.close_of_day_after(start, days)
        case Promise(minutes=int() as minutes, warn_minutes=warn):
            warn_at = None if warn is None else calendar.add_open(start, warn * MINUTE_MS)
            return warn_at, calendar.add_open(start, minutes * MINUTE_MS)
        case _:
            return None, None


def _state(warn_at: int | None, due_at: int | None, at: int, *, stopped: bool) -> ClockState:
    if due_at is None:
        return ClockState.MEASURED if stopped else ClockState.RUNNING
    if at >= _missed_from(due_at):
        return ClockState.LATE if stopped else ClockState.BREACHED
    if stopped:
        return ClockState.MET
    return ClockState.WARNED if warn_at is not None and at >= warn_at else ClockState.RUNNING


def _missed_from(due_at: int) -> int:
    """Return the first instant that is too late; the due moment itself still keeps the promise."""
    return due_at + 1
