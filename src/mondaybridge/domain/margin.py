"""The margin rule: what a late change does to a closed month of a plan (ledger 6.6).

A pure function of the allocation as it was frozen and of what each activity comes to now: the same
changes in another order, or in other portions, give the same; changed back, they give nothing.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One activity's minutes in a month: included in the plan, and beyond it."""

    included: int = 0
    overage: int = 0

    @property
    def total(self) -> int:
        """Return all its minutes."""
        return self.included + self.overage


@dataclass(frozen=True, slots=True)
class Margin:
    """Where the minutes of a closed month belong now, and how many of the allowance are unused."""

    parts: Mapping[str, Part]
    unused: int


def margin(
    limit: int, frozen: Mapping[str, Part], totals: Mapping[str, int], worked_at: Mapping[str, int]
) -> Margin:
    """Return each activity's part; activities without a total keep what they had.

    What a decrease gives back, with what was never used, goes to increases in order of work, then
    to the latest overage of others, until all overage is what lies beyond the limit.
    """
    totals = {key: part.total for key, part in frozen.items()} | dict(totals)
    nets = {key: minutes - frozen.get(key, Part()).total for key, minutes in totals.items()}
    parts = {key: _lowered(frozen.get(key, Part()), net) for key, net in nets.items()}
    free = max(0, limit - sum(part.included for part in parts.values()))
    if not any(nets.values()):
        return Margin(parts, free)
    for key in sorted(nets, key=lambda k: (worked_at.get(k, 0), k)):
        more = max(0, nets[key])
        taken = min(free, more)
        free -= taken
        part = parts[key]
        parts[key] = Part(part.included + taken, part.overage + more - taken)
    for key in sorted(parts, key=lambda k: (worked_at.get(k, 0), k), reverse=True):
        part = parts[key]
        taken = min(free, part.overage)
        free -= taken
        parts[key] = Part(part.included + taken, part.overage - taken)
    return Margin(parts, free)


def at_prices(
    then: Mapping[str, int],
    beyond: Mapping[str, int],
    now: Mapping[str, int],
    overage: int,
) -> dict[str, int]:
    """Return at which prices one activity's overage stands, of work at several (ledger 6.6b).

    ``then`` is what it asked for at its close and ``beyond`` what of that was overage; ``now`` is
    what it asks for, in order of work. A price gives back and asks on its own line; what the plan
    covers of it is what was added, the oldest first, then the latest overage.
    """
    change = {price: now.get(price, 0) - then.get(price, 0) for price in (*now, *then)}
    stands = Counter({p: max(0, beyond.get(p, 0) + m) for p, m in change.items() if m < 0})
    stands |= {p: beyond.get(p, 0) + m for p, m in change.items() if m >= 0}
    order: Sequence[str] = [*now, *(price for price in then if price not in now)]
    left = sum(stands.values()) - overage
    for price in order:
        taken = max(0, min(change[price], left))
        stands[price] -= taken
        left -= taken
    for price in reversed(order):
        taken = min(stands[price], left)
        stands[price] -= taken
        left -= taken
    return dict(stands)


def _lowered(part: Part, net: int) -> Part:
    """Let a decreased activity give back its own overage first, then its included minutes."""
    less = max(0, -net)
    own = min(part.overage, less)
    return Part(part.included - (less - own), part.overage - own)
