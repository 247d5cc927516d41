"""The promises of time on a contract's rows: taken up soon enough, completed by the day agreed.

A request is taken in charge when its status leaves *new* or somebody is named for it (R18); when
that was seen first is a fact and stays. No date ever changes what is charged (R26).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mondaybridge.domain.activity import Activity, Status
from mondaybridge.domain.calendar import Calendar
from mondaybridge.domain.clocks import (
    Clock,
    ClockState,
    Overdue,
    Promise,
    clock,
    next_moment,
    overdue,
    overdue_from,
)
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.notices import Notice, Rule
from mondaybridge.domain.outcome import Fact, History

ENDED = frozenset({Status.DONE, Status.CANCELLED})
TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Promises:
    """How the promises of all rows stand now, and when time alone changes one."""

    clocks: Mapping[str, Clock]
    notices: Mapping[str, tuple[Notice, ...]]
    facts: tuple[Fact, ...]
    next_at: int | None


def kept(
    contract: Contract,
    rows: Sequence[Activity],
    history: History,
    agreed: frozenset[str],
    now: int,
) -> Promises:
    """Judge every promise of a contract; what was agreed at the start was nobody's request."""
    calendar, promise = contract.calendar, contract.promise
    if calendar is None:
        return Promises({}, {}, (), None)
    open_rows = [row for row in rows if row.movable and row.received_at >= contract.bill_from]
    asked = [row for row in open_rows if row.activity_id not in agreed]
    facts = tuple(_taken(row, now) for row in asked if _newly_taken(row, history))
    taken = dict(history.taken) | {f.activity_id: dict(f.args)["at"] for f in facts}
    clocks = {
        row.activity_id: seen
        for row in asked
        if (seen := _clock(promise, calendar, row, taken, now)) is not None
    }
    late = {key: seen for key, seen in clocks.items() if seen.state is ClockState.BREACHED}
    notices = {
        row.activity_id: tuple(_told(row, late.get(row.activity_id), calendar, now))
        for row in rows
        if row.movable
    }
    moments = [m for seen in clocks.values() if (m := next_moment(seen, now)) is not None]
    moments += [m for row in rows if (m := _passes_at(row, calendar, now)) is not None]
    return Promises(clocks, notices, facts, min(moments, default=None))


def _newly_taken(row: Activity, history: History) -> bool:
    up = row.status is not Status.NEW or bool(row.person)
    return up and row.activity_id not in history.taken


def _taken(row: Activity, now: int) -> Fact:
    """Note when a row was taken in charge: when it last changed, as far as is known."""
    at = min(now, row.updated_at or now)
    return Fact(TAKEN, row.activity_id, args=(("at", max(at, row.received_at)),))


def _clock(
    promise: Promise | None,
    calendar: Calendar,
    row: Activity,
    taken: Mapping[str, int | str],
    now: int,
) -> Clock | None:
    if promise is None or row.status is Status.CANCELLED:
        return None
    stopped = taken.get(row.activity_id)
    stopped_at = None if stopped is None else int(stopped)
    return clock(
        promise, calendar, received_at=row.received_at or None, stopped_at=stopped_at, now=now
    )


def _told(row: Activity, late: Clock | None, calendar: Calendar, now: int) -> Iterator[Notice]:
    if late and late.due_at is not None:
        yield Notice(row.activity_id, Rule.LATE, (("due", late.due_at),))
    passed = overdue(
        _due(row), calendar, rigid=row.rigid, done=row.status in ENDED or not row.movable, now=now
    )
    if passed is Overdue.ALERT:
        yield Notice(row.activity_id, Rule.DUE, (("day", row.due[:10]),))
    elif passed is Overdue.NOTICE:
        yield Notice(row.activity_id, Rule.PASSED, (("day", row.due[:10]),))


def _passes_at(row: Activity, calendar: Calendar, now: int) -> int | None:
    due = _due(row)
    if due is None or row.status in ENDED or not row.movable:
        return None
    passes = overdue_from(due, calendar)
    return passes if passes > now else None


def _due(row: Activity) -> date | None:
    try:
        return date.fromisoformat(row.due[:10])
    except ValueError:
        return None
