"""Contracts without admission: all time posts at its dated rate (ledger 1, R51, R54)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mondaybridge.domain.activity import Activity, Presence
from mondaybridge.domain.adjusting import kept_scopes
from mondaybridge.domain.allocation import Choice, Decision
from mondaybridge.domain.contract import Contract, ContractKind
from mondaybridge.domain.ledger import Entry, EntryKind, SumGroup
from mondaybridge.domain.outcome import Held, HeldReason, History, Review
from mondaybridge.domain.questions import Adjustment
from mondaybridge.domain.work import Scope, beyond, counted_elsewhere, less, pieces, scopes
from mondaybridge.domain.worktime import month

# The source of time on a package contract that no package covers (ledger 5.2).
OVERAGE_SOURCE = "overage"
SOURCES = {ContractKind.PAY_AS_YOU_GO: "payg", ContractKind.NONE: "standard"}


def review_metered(contract: Contract, activities: Sequence[Activity], history: History) -> Review:
    """Post what was worked and not yet posted, per activity, month and rate."""
    posted, decided = _posted(history), endings(history)
    entries: list[Entry] = []
    for activity in activities:
        known = posted.get(activity.activity_id, {})
        if activity.presence is Presence.DELETED:
            unbilled = _unbilled(known, _billed(activity, history))
            choices = decided_about(decided.get(activity.activity_id), _by_month(unbilled))
            targets = _after_deletion(known, unbilled, choices)
        elif activity.parked:
            continue
        else:
            targets = _targets(contract, activity, history)
        made = _differences(contract, activity, known, targets, history.closed)
        entries += upheld(made, known, history.adjusted_of(activity.activity_id))
    return Review(tuple(entries), held=tuple(held_metered(contract, activities, history)))


def held_metered(
    contract: Contract, activities: Sequence[Activity], history: History
) -> list[Held]:
    """Return what waits for a person: unreadable rows, time without a contract, deleted rows."""
    posted, decided = _posted(history), endings(history)
    held: list[Held] = []
    for activity in activities:
        key = activity.activity_id
        if activity.presence is Presence.DELETED:
            held += _kept(activity, posted.get(key, {}), history, decided.get(key))
        elif activity.parked:
            held.append(Held(key, "", HeldReason.PARKED, 0))
        else:
            held += held_beyond(activity, contract, activity.factor)
    return held


def held_beyond(activity: Activity, contract: Contract, factor: int) -> list[Held]:
    """Return work from the contract's end on: somebody must say whose it is (ledger 5.8)."""
    after = scopes(beyond(activity, contract), factor=factor, increment=contract.increment_minutes)
    return [
        Held(activity.activity_id, scope.period, HeldReason.NO_CONTRACT, scope.minutes)
        for scope in after
    ]


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


def endings(history: History) -> dict[str, Decision]:
    """Return the last decision to keep or drop the time of a deleted row, by activity."""
    return {d.activity_id: d for d in history.decisions if d.choice in _ENDINGS}


# Month and rate key.
Key = tuple[str, str]
_ENDINGS = frozenset({Choice.KEEP, Choice.DROP})


def _posted(history: History) -> dict[str, dict[Key, int]]:
    posted: dict[str, dict[Key, int]] = {}
    for total in history.sums:
        if total.group is SumGroup.POST:
            known = posted.setdefault(total.activity_id, {})
            key = total.period, total.rate_key
            known[key] = known.get(key, 0) + total.minutes
    return posted


def _targets(contract: Contract, activity: Activity, history: History) -> dict[Key, Scope]:
    charged = scopes(
        pieces(activity, contract), factor=activity.factor, increment=contract.increment_minutes
    )
    other = history.elsewhere.get(activity.activity_id, {})
    here = less(charged, counted_elsewhere(activity, contract, other))
    here = kept_scopes(here, history.adjusted_of(activity.activity_id))
    return {(scope.period, scope.rate_key): scope for scope in here}


def _billed(activity: Activity, history: History) -> int:
    mark = history.marks.get(activity.activity_id)
    return mark.minutes if mark else 0


def _unbilled(known: dict[Key, int], billed: int) -> dict[Key, int]:
    """Return the posted minutes that no document shows, the newest first."""
    left = sum(known.values()) - billed
    found: dict[Key, int] = {}
    for key in sorted(known, reverse=True):
        taken = max(0, min(known[key], left))
        left -= taken
        if taken:
            found[key] = taken
    return found


def _by_month(unbilled: dict[Key, int]) -> dict[str, int]:
    months: dict[str, int] = {}
    for (period, _), minutes in unbilled.items():
        months[period] = months.get(period, 0) + minutes
    return months


def _after_deletion(
    known: dict[Key, int], unbilled: dict[Key, int], choices: Mapping[str, Choice]
) -> dict[Key, Scope]:
    """A tombstone never lowers posted minutes; only a recorded ``drop`` does (ledger 5.6)."""
    dropped = {key: m for key, m in unbilled.items() if choices.get(key[0]) is Choice.DROP}
    return {
        (period, rate_key): Scope(
            period, rate_key, 0, minutes - dropped.get((period, rate_key), 0), 0
        )
        for (period, rate_key), minutes in known.items()
    }


def _kept(
    activity: Activity, known: dict[Key, int], history: History, ending: Decision | None
) -> list[Held]:
    """Unbilled time of a deleted row waits for a decision, also past its month's close."""
    unbilled = _unbilled(known, _billed(activity, history))
    choices = decided_about(ending, _by_month(unbilled))
    return [
        Held(activity.activity_id, period, HeldReason.DELETED, minutes)
        for (period, _), minutes in sorted(unbilled.items())
        if period not in choices
    ]


def _differences(
    contract: Contract,
    activity: Activity,
    known: dict[Key, int],
    targets: dict[Key, Scope],
    closed: frozenset[str],
) -> list[Entry]:
    entries = []
    for period, rate_key in sorted({*known, *targets}):
        scope = targets.get((period, rate_key)) or Scope(period, rate_key, 0, 0, 0)
        minutes = scope.minutes - known.get((period, rate_key), 0)
        if minutes:
            late = period in closed
            entries.append(
                Entry(
                    EntryKind.ADJUST if late else EntryKind.POST,
                    minutes,
                    activity_id=activity.activity_id,
                    period=period,
                    work_at=scope.last_at or month(period, contract.zone).start,
                    source=SOURCES[contract.kind],
                    rate_key=rate_key,
                    seconds_raw=scope.seconds,
                    factor=activity.factor,
                    cause=cause(minutes, late=late, presence=activity.presence),
                )
            )
    return entries


def upheld(
    entries: Sequence[Entry], known: Mapping[Key, int], adjusted: Mapping[str, Adjustment]
) -> list[Entry]:
    """Name the question where it is what moves one activity's months (S7, semantics 6.24)."""
    posted, moved = Counter[str](), Counter[str]()
    for (period, _), minutes in known.items() if adjusted else ():
        posted[period] += minutes
    for entry in entries if adjusted else ():
        moved[entry.period] += entry.minutes
    told = {
        period: one.cause
        for period, one in adjusted.items()
        if one.explains(posted[period], posted[period] + moved[period])
    }
    return [replace(e, cause=told.get(e.period, e.cause)) for e in entries]


def cause(minutes: int, *, late: bool, presence: Presence = Presence.ACTIVE) -> str:
    """Name what moved posted minutes: every correction has a cause (S7)."""
    if presence is Presence.DELETED:
        return "dropped by decision"
    if late:
        return "changed on the board after the month was closed"
    return "worked" if minutes > 0 else "changed on the board"
