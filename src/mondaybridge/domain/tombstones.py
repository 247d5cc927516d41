"""Rows that were deleted: their posted time stays until somebody decides about it (ledger 5.6).

A tombstone never lowers posted minutes; what no document shows waits for ``keep`` or ``drop``. So
does, on a package, what could not be posted before the row went; it can only be dropped for good.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from mondaybridge.domain.activity import Activity
from mondaybridge.domain.allocation import Choice, Decision, PostKey
from mondaybridge.domain.cover import Place
from mondaybridge.domain.documents import BillingMark
from mondaybridge.domain.money import parse_rate_key
from mondaybridge.domain.outcome import Held, HeldReason, History
from mondaybridge.domain.usage import OVERAGE

_ENDINGS = frozenset({Choice.KEEP, Choice.DROP})
_NOTHING: Mapping[str, int] = MappingProxyType({})


def endings(history: History) -> dict[str, tuple[Decision, ...]]:
    """Return the decisions to keep or drop the time of deleted rows, newest first, by activity."""
    found: dict[str, tuple[Decision, ...]] = {}
    for one in history.decisions:
        if one.choice in _ENDINGS:
            found[one.activity_id] = (one, *found.get(one.activity_id, ()))
    return found


def dropped(
    row: Activity,
    known: Mapping[Place, int],
    history: History,
    decided: Sequence[Decision],
    unposted: Mapping[str, int] = _NOTHING,
) -> dict[Place, int]:
    """A tombstone never lowers posted minutes; only a recorded ``drop`` does (ledger 5.6)."""
    unbilled = _unbilled(known, history.marks.get(row.activity_id))
    choices = _decided_about(decided, _together(unbilled, unposted))
    return {place: m for place, m in unbilled.items() if choices.get(place.period) is Choice.DROP}


def waiting(
    row: Activity,
    known: Mapping[Place, int],
    history: History,
    decided: Sequence[Decision],
    unposted: Mapping[str, int] = _NOTHING,
) -> list[Held]:
    """Unbilled time of a deleted row waits for a decision, also past its month's close.

    What was never posted cannot be billed: kept, it goes on waiting, and the rest is billed.
    """
    found = _together(_unbilled(known, history.marks.get(row.activity_id)), unposted)
    choices = _decided_about(decided, found)
    rest = _decided_about(decided, unposted)
    held = {p: m for p, m in found.items() if p not in choices}
    kept = {p: m for p, m in unposted.items() if choices.get(p) is rest.get(p) is Choice.KEEP}
    held |= kept
    return [
        Held(row.activity_id, period, HeldReason.DELETED, minutes, kept=period in kept)
        for period, minutes in sorted(held.items())
    ]


def beside(posts: Mapping[PostKey, int], activity_id: str) -> dict[Place, int]:
    """Return what stands posted for a row beside its packages: only that is ever billed (5.2)."""
    return {
        Place(post.period, OVERAGE, "", post.rate_key): minutes
        for post, minutes in posts.items()
        if post.activity_id == activity_id and post.billed
    }


def by_month(minutes: Mapping[Place, int]) -> dict[str, int]:
    """Return minutes by month."""
    months: dict[str, int] = {}
    for place, more in minutes.items():
        months[place.period] = months.get(place.period, 0) + more
    return months


def _decided_about(decided: Sequence[Decision], held: Mapping[str, int]) -> dict[str, Choice]:
    """Return by month the newest decision that was about all of a deleted row's time there.

    Where a row came back and was worked on since, a person is asked anew (ledger 5.6).
    """
    found: dict[str, Choice] = {}
    for one in reversed(decided):
        about = dict(one.periods)
        found |= {p: one.choice for p, minutes in held.items() if minutes <= about.get(p, 0)}
    return found


def _together(unbilled: Mapping[Place, int], unposted: Mapping[str, int]) -> dict[str, int]:
    months = by_month(unbilled)
    return {p: months.get(p, 0) + unposted.get(p, 0) for p in {*months, *unposted}}


def _unbilled(known: Mapping[Place, int], mark: BillingMark | None) -> dict[Place, int]:
    """Return the posted minutes that no document shows: of months that show less, then the newest.

    What was shown as included in a plan was never asked money for: it covers no priced minutes.
    What was shown at a price and is included by now was shown.
    """
    shown, paid, months = (mark.minutes, mark.priced, mark.months) if mark else (0, 0, ())
    priced = {place: m for place, m in known.items() if _costs(place)}
    found = _taken(priced, sum(priced.values()) - paid, _beyond(known, dict(months)))
    rest = {place: m - found.get(place, 0) for place, m in known.items()}
    more = _taken(rest, sum(rest.values()) - shown, _beyond(rest, dict(months)))
    return {p: m for p in known if (m := found.get(p, 0) + more.get(p, 0))}


def _beyond(known: Mapping[Place, int], shown: Mapping[str, int]) -> dict[str, int]:
    return {p: max(0, m - shown.get(p, 0)) for p, m in by_month(known).items()}


def _taken(known: Mapping[Place, int], left: int, beyond: Mapping[str, int]) -> dict[Place, int]:
    found = dict.fromkeys(known, 0)  # first what a month shows too little of, then any
    for room in (dict(beyond), by_month(known)):
        for place in sorted(known, reverse=True):
            part = max(0, min(known[place] - found[place], left, room[place.period]))
            found[place] += part
            room[place.period] -= part
            left -= part
    return found


def _costs(place: Place) -> bool:
    return bool(parse_rate_key(place.rate_key).unit_minor)
