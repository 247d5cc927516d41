"""What a review takes from the past and what it decides, as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from mondaybridge.domain.activity import Approval
from mondaybridge.domain.admission import Activation, Shown
from mondaybridge.domain.allocation import Decision
from mondaybridge.domain.approval import Evidence
from mondaybridge.domain.clocks import Clock
from mondaybridge.domain.documents import BillingMark
from mondaybridge.domain.ledger import Entry, EntryKind, LedgerSum
from mondaybridge.domain.notices import Notice
from mondaybridge.domain.plan_months import PlanMonth
from mondaybridge.domain.questions import Adjustment, QuestionEvent, adjustments
from mondaybridge.domain.sales import Sale


class HeldReason(Enum):
    """Why minutes are shown and not posted, or posted and not billed."""

    UNAPPROVED = "unapproved"
    REJECTED = "rejected"
    UNFUNDED = "unfunded"
    DELETED = "deleted"
    PARKED = "parked"
    NO_CONTRACT = "no contract on this date"
    NO_RATE = "no price on this date"
    QUESTIONED = "questioned"
    UNDOCUMENTED = "bug without documentation"
    TOO_LATE = "later than the late window"


@dataclass(frozen=True, slots=True)
class Held:
    """Minutes of one activity and month that wait for a person, and why.

    What was ``kept`` and is posted nowhere holds nothing else of its activity back.
    """

    activity_id: str
    period: str
    reason: HeldReason
    minutes: int
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was agreed when the package began: the rows, their charge and what was granted (R08)."""

    frozen_at: int
    agreed: tuple[tuple[str, int], ...]
    granted: int

    @property
    def total(self) -> int:
        """Return the charged minutes agreed in all."""
        return sum(minutes for _, minutes in self.agreed)


@dataclass(frozen=True, slots=True)
class PackageChange:
    """What a person gave to a package or took from it: goodwill, or hours returned (ledger 7)."""

    package_id: str
    kind: EntryKind
    minutes: int
    at: int
    reason: str


@dataclass(frozen=True, slots=True)
class History:
    """What the store remembers of a contract when its review begins.

    ``elsewhere`` holds, by activity and month, minutes that other contracts posted before the row
    came here (ledger 5.8). ``evidence`` is what monday's log told of answers, ``users`` are the
    client's people, ``shown`` what was said to the client before a confirmation. ``read_at`` is up
    to when the boards were seen whole, none: until now. ``taken`` tells when a row was taken in
    charge, ``told`` which thresholds were told: of the contract's generation and percent or days.
    ``changes`` are what people gave to packages or took from them, in order. ``ended`` tells when
    a package was handed over; ``people`` who monday's users are: address and kind, both in lower
    case, both empty where monday names nobody. ``questions`` are the recorded acts, in order,
    ``sales`` is what the invoices of packages show.
    ``plan_months`` are a plan's closed months as they were recorded; ``frozen`` is what was posted
    of closed months before their close (ledger 6.6).
    """

    sums: Sequence[LedgerSum] = ()
    activations: Mapping[str, Activation] = field(default_factory=dict)
    decisions: Sequence[Decision] = ()
    closed: frozenset[str] = frozenset()
    marks: Mapping[str, BillingMark] = field(default_factory=dict)
    elsewhere: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    shown: Mapping[str, Shown] = field(default_factory=dict)
    users: tuple[str, ...] = ()
    baseline: Baseline | None = None
    read_at: int | None = None
    taken: Mapping[str, int] = field(default_factory=dict)
    told: frozenset[tuple[int, int]] = frozenset()
    changes: Sequence[PackageChange] = ()
    ended: Mapping[str, int] = field(default_factory=dict)
    people: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    questions: Sequence[QuestionEvent] = ()
    sales: Mapping[str, Sale] = field(default_factory=dict)
    plan_months: Mapping[str, PlanMonth] = field(default_factory=dict)
    frozen: Sequence[LedgerSum] = ()

    @property
    def adjusted(self) -> Mapping[tuple[str, str], Adjustment]:
        """Return by activity and month what is charged since a question was upheld (6.24)."""
        return adjustments(self.questions)

    def adjusted_of(self, activity_id: str) -> Mapping[str, Adjustment]:
        """Return by month what an activity is charged since a question was upheld."""
        if not self.questions:
            return {}
        return {month: one for (key, month), one in self.adjusted.items() if key == activity_id}

    def seen_until(self, now: int) -> int:
        """Return up to when everything that happened on the boards is known (semantics 6.6)."""
        return now if self.read_at is None else min(now, self.read_at)


class Billing(Enum):
    """Where an activity's time stands; the words for it are the client's (``i18n``)."""

    OPEN = "open"
    HELD = "held"
    PARKED = "parked"
    QUESTIONED = "questioned"
    CREDITED = "credited"
    BILLED = "billed"
    PAID = "paid"
    OVERDUE = "overdue"
    FAILED = "failed"
    UNCOLLECTIBLE = "uncollectible"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the cells of one activity should say.

    ``period`` is the month that was billed, where all of it was. The last three concern the humans'
    own cells, and only where a policy lets the bridge write there: ``extra`` puts the suffix behind
    the name (R13), ``answer`` is what the approval cell should show instead (none: leave it),
    ``stopped`` takes the row out of work.
    """

    activity_id: str
    charged_minutes: int
    billing: Billing
    message: Notice | None = None
    origin: str = ""
    clock: Clock | None = None
    document: str = ""
    period: str = ""
    extra: bool = False
    answer: Approval | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class PackageCells:
    """What the row of the package itself should say, in minutes; the next expiry, if any."""

    granted: int
    used: int
    reserved: int
    free: int
    expires_at: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is known from now on and has no minutes; ``args`` are plain (ledger 2)."""

    kind: str
    activity_id: str = ""
    actor: str = ""
    args: tuple[tuple[str, int | str], ...] = ()
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """Everything one review decides; written in one transaction, entries in this order.

    ``looks`` are rows whose approval must be looked up in monday's log, each with the print of
    what it shows. ``alerts`` are said once and stay; ``told`` are the thresholds behind them.
    ``baseline`` is set by the review that freezes it, ``review_at`` is when time alone changes
    something. ``at_end`` are packages that may be handed over, ``revisions`` are handed-over
    packages whose copy no longer tells what is credited. ``questions`` are acts upon questions
    that the board's column or time alone brought.
    """

    entries: tuple[Entry, ...] = ()
    activations: tuple[Activation, ...] = ()
    held: tuple[Held, ...] = ()
    cells: tuple[Wanted, ...] = ()
    notices: tuple[Notice, ...] = ()
    alerts: tuple[Notice, ...] = ()
    package: PackageCells | None = None
    baseline: Baseline | None = None
    facts: tuple[Fact, ...] = ()
    looks: tuple[tuple[str, str], ...] = ()
    told: tuple[tuple[int, int], ...] = ()
    review_at: int | None = None
    revisions: tuple[str, ...] = ()
    at_end: tuple[str, ...] = ()
    questions: tuple[QuestionEvent, ...] = ()


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
