"""Rows that were deleted: their posted time stays until somebody decides about it (ledger 5.6).

A tombstone never lowers posted minutes; what no document shows waits for ``keep`` or ``drop``.
"""

from collections.abc import Mapping

from mondaybridge.domain.activity import Activity
from mondaybridge.domain.allocation import Choice, Decision
from mondaybridge.domain.cover import Place
from mondaybridge.domain.outcome import Held, HeldReason, History


def decided_about(ending: Decision | None, held: Mapping[str, int]) -> dict[str, Choice]:
    """Return by month what was decided about a deleted row's time, if it was about all of it.

    Where a row came back and was worked on since, a person is asked anew (ledger 5.6).
    """
    if ending is None:
        return {}
    about = dict(ending.periods)
    return {
        period: ending.choice for period, minutes in held.items() if minutes <= about.get(period, 0)
    }


_ENDINGS = frozenset({Choice.KEEP, Choice.DROP})


def endings(history: History) -> dict[str, Decision]:
    """Return the last decision to keep or drop the time of a deleted row, by activity."""
    return {d.activity_id: d for d in history.decisions if d.choice in _ENDINGS}


def dropped(
    row: Activity, known: Mapping[Place, int], history: History, ending: Decision | None
) -> dict[Place, int]:
    """A tombstone never lowers posted minutes; only a recorded ``drop`` does (ledger 5.6)."""
    unbilled = _unbilled(known, _billed(row, history))
    choices = decided_about(ending, by_month(unbilled))
    return {place: m for place, m in unbilled.items() if choices.get(place.period) is Choice.DROP}


def waiting(
    activity: Activity, known: Mapping[Place, int], history: History, ending: Decision | None
) -> list[Held]:
    """Unbilled time of a deleted row waits for a decision, also past its month's close."""
    unbilled = by_month(_unbilled(known, _billed(activity, history)))
    choices = decided_about(ending, unbilled)
    return [
        Held(activity.activity_id, period, HeldReason.DELETED, minutes)
        for period, minutes in sorted(unbilled.items())
        if period not in choices
    ]


def by_month(minutes: Mapping[Place, int]) -> dict[str, int]:
    """Return minutes by month."""
    months: dict[str, int] = {}
    for place, more in minutes.items():
        months[place.period] = months.get(place.period, 0) + more
    return months


def _billed(activity: Activity, history: History) -> int:
    mark = history.marks.get(activity.activity_id)
    return mark.minutes if mark else 0


def _unbilled(known: Mapping[Place, int], billed: int) -> dict[Place, int]:
    """Return the posted minutes that no document shows, the newest first."""
    left = sum(known.values()) - billed
    found: dict[Place, int] = {}
    for place in sorted(known, reverse=True):
        taken = max(0, min(known[place], left))
        left -= taken
        if taken:
            found[place] = taken
    return found
