"""One contract, seen whole: rows, past entries and terms in; entries, verdicts and cells out.

Only composes: what posts and reserves is decided in ``prepaid`` and ``metered``.
"""

from collections.abc import Sequence
from dataclasses import replace

from mondaybridge.domain.activity import Activity
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.ledger import POSTING, SumGroup
from mondaybridge.domain.metered import held_metered, review_metered
from mondaybridge.domain.outcome import Held, HeldReason, History, Review, Wanted, in_order
from mondaybridge.domain.prepaid import review_prepaid


def review(
    contract: Contract, activities: Sequence[Activity], history: History, now: int
) -> Review:
    """Decide everything about one contract at one instant."""
    if contract.prepaid:
        decided = review_prepaid(contract, activities, history, now).review
    else:
        decided = review_metered(contract, activities, history)
    cells = _cells(activities, history, decided)
    return replace(decided, entries=in_order(decided.entries), cells=cells)


def held_now(
    contract: Contract, activities: Sequence[Activity], history: History, now: int
) -> Sequence[Held]:
    """Return what waits for a person, without what a review would still write."""
    if contract.prepaid:
        return review_prepaid(contract, activities, history, now).review.held
    return held_metered(activities, history)


def _cells(activities: Sequence[Activity], history: History, decided: Review) -> tuple[Wanted, ...]:
    charged: dict[str, int] = {}
    for total in history.sums:
        if total.group is SumGroup.POST:
            charged[total.activity_id] = charged.get(total.activity_id, 0) + total.minutes
    for entry in decided.entries:
        if entry.kind in POSTING:
            charged[entry.activity_id] = charged.get(entry.activity_id, 0) + entry.minutes
    held: dict[str, set[HeldReason]] = {}
    for one in decided.held:
        held.setdefault(one.activity_id, set()).add(one.reason)
    return tuple(
        Wanted(
            row.activity_id,
            minutes := charged.get(row.activity_id, 0),
            _billing(history, row.activity_id, minutes, held.get(row.activity_id, set())),
        )
        for row in activities
    )


def _billing(history: History, activity_id: str, charged: int, held: set[HeldReason]) -> str:
    """Say where an activity's time stands: the first of these that is true."""
    if HeldReason.PARKED in held:
        return "parked"
    if held:
        return "held"
    mark = history.marks.get(activity_id)
    if mark is None or mark.minutes != charged:
        return "open"
    return "credited" if mark.credited else f"billed {mark.period}"
