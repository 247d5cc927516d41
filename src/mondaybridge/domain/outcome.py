"""What a review takes from the past and what it decides, as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from mondaybridge.domain.admission import Activation
from mondaybridge.domain.allocation import Decision
from mondaybridge.domain.documents import BillingMark
from mondaybridge.domain.ledger import Entry, EntryKind, LedgerSum


class HeldReason(Enum):
    """Why minutes are shown and not posted, or posted and not billed."""

    UNAPPROVED = "unapproved"
    REJECTED = "rejected"
    UNFUNDED = "unfunded"
    DELETED = "deleted"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Held:
    """Minutes of one activity and month that wait for a person, and why."""

    activity_id: str
    period: str
    reason: HeldReason
    minutes: int


@dataclass(frozen=True, slots=True)
class History:
    """What the store remembers of a contract when its review begins.

    ``elsewhere`` holds, by activity and month, minutes that other contracts posted before the row
    came here (ledger 5.8).
    """

    sums: Sequence[LedgerSum] = ()
    activations: Mapping[str, Activation] = field(default_factory=dict)
    decisions: Sequence[Decision] = ()
    closed: frozenset[str] = frozenset()
    marks: Mapping[str, BillingMark] = field(default_factory=dict)
    elsewhere: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the bridge's own cells of one activity should say."""

    activity_id: str
    charged_minutes: int
    billing: str


@dataclass(frozen=True, slots=True)
class Review:
    """Everything one review decides; written in one transaction, entries in this order."""

    entries: tuple[Entry, ...] = ()
    activations: tuple[Activation, ...] = ()
    held: tuple[Held, ...] = ()
    cells: tuple[Wanted, ...] = ()


_ORDER = {
    EntryKind.GRANT: 0,
    EntryKind.REFUND: 0,
    EntryKind.CREDIT: 1,
    EntryKind.EXPIRE: 1,
    EntryKind.RELEASE: 2,
    EntryKind.POST: 3,
    EntryKind.ADJUST: 3,
    EntryKind.RESERVE: 4,
}


def in_order(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Order one review's entries as ledger 2 demands, decreases first, the rest by place.

    A post may take what another gives up in the same review: hard is never below zero after it.
    """
    return tuple(
        sorted(
            entries,
            key=lambda e: (
                _ORDER[e.kind],
                e.minutes > 0,
                e.package_id,
                e.activity_id,
                e.period,
                e.rate_key,
            ),
        )
    )
