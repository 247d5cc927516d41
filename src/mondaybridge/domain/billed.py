"""Where an activity's time stands: open, held, in question, billed, credited.

Documents are asked for money only. Minutes that a plan includes, or bulk hours pay for, may change
sides in a closed month without one: that leaves what was billed as it is (ledger 6.5, 6.6).
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from mondaybridge.domain.contract import Contract, Questioned
from mondaybridge.domain.documents import BillingMark
from mondaybridge.domain.ledger import SumGroup, as_sum
from mondaybridge.domain.money import parse_rate_key
from mondaybridge.domain.outcome import Billing, HeldReason, History, Review


@dataclass(frozen=True, slots=True)
class Owed:
    """What documents owe an activity: minutes with a price, and free ones of open months."""

    priced: int = 0
    coming: int = 0


def owed(history: History, decided: Review) -> dict[str, Owed]:
    """Return by activity what belongs on documents, from all that is posted by now."""
    priced, coming = Counter[str](), Counter[str]()
    for total in [*history.sums, *map(as_sum, decided.entries)]:
        if total.group is SumGroup.POST and total.rate_key:
            if parse_rate_key(total.rate_key).unit_minor:
                priced[total.activity_id] += total.minutes
            elif total.period not in history.closed:
                coming[total.activity_id] += total.minutes
    return {key: Owed(priced[key], coming[key]) for key in {*priced, *coming}}


def meanwhile(contract: Contract) -> frozenset[HeldReason]:
    """Return what waits for a person and is billed like any other time until then.

    A bug without documentation (R55a), and by policy what is in question (semantics 6.24).
    """
    found = {HeldReason.UNDOCUMENTED}
    if contract.billing.questioned is Questioned.BILL:
        found.add(HeldReason.QUESTIONED)
    return frozenset(found)


def state(mark: BillingMark | None, due: Owed, held: Collection[HeldReason]) -> Billing:
    """Say where an activity's time stands: the first of these that is true."""
    if HeldReason.PARKED in held:
        return Billing.PARKED
    if HeldReason.QUESTIONED in held:
        return Billing.QUESTIONED
    if held:
        return Billing.HELD
    if mark is None or not whole(mark, due):
        return Billing.OPEN
    return Billing.CREDITED if mark.credited else Billing.BILLED


def whole(mark: BillingMark, due: Owed) -> bool:
    """Whether all that is posted stands on documents."""
    return mark.priced == due.priced and not due.coming
