"""What a package's close-out says, as finished values (R17c, R23, R26, R27, ledger 5.3).

Instants are UTC epoch milliseconds and become dates in the contract's zone only on the sheet.
Nothing here is counted: the workbook refuses values that do not add up to the ledger's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from mondaybridge.domain.activity import Approval, Status
from mondaybridge.domain.admission import Origin

EntryId = tuple[str, int]
"""A ledger entry's place: contract and number."""


class Undone(Enum):
    """Why an activity stands on the sheet of what was not done."""

    NOT_APPROVED = "not_approved"
    UNVERIFIED = "unverified"
    STALE = "stale"
    REJECTED = "rejected"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    NO_TIME = "no_time"


@dataclass(frozen=True, slots=True)
class Answer:
    """The client's answer with what stands behind it (R25): who, when, or an e-mail's reference."""

    answer: Approval = Approval.NONE
    by: str = ""
    at: int | None = None
    reference: str = ""
    verified: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The package's sums in the ledger, in minutes.

    ``opening`` is the part of ``posted`` that was used before the bridge and belongs to no
    activity (ledger 5.4).
    """

    granted: int
    posted: int
    credited: int = 0
    refunded: int = 0
    expired: int = 0
    reserved: int = 0
    opening: int = 0

    @property
    def hard(self) -> int:
        """Minutes that remain; nothing is clamped (ledger 1)."""
        return self.granted + self.credited - self.refunded - self.expired - self.posted

    @property
    def free(self) -> int:
        """Minutes that remain and are not reserved."""
        return self.hard - self.reserved


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneRow:
    """One activity done: the seven fields of the board, then how it was charged.

    ``charged`` are minutes posted on this package, ``charged_elsewhere`` on others: a split
    activity stands in both workbooks, each with its part. ``question_at`` marks an open question.
    """

    activity_id: str
    title: str
    status: Status
    person: str = ""
    consent: Answer = Answer()
    estimate_minutes: int | None = None
    actual_seconds: int = 0
    due: date | None = None
    rigid: bool = False
    origin: Origin = Origin.AGREED
    urgent: bool = False
    evidence: str = ""
    factor: int = 1
    charged: int = 0
    charged_elsewhere: int = 0
    taken_at: int | None = None
    worked_from: int | None = None
    worked_to: int | None = None
    redo_of: str = ""
    question_at: int | None = None
    note: str = ""
    entries: tuple[EntryId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoneRow:
    """One activity that was asked for and not done, or done and never approved."""

    activity_id: str
    title: str
    reason: Undone
    status: Status
    person: str = ""
    consent: Answer = Answer()
    estimate_minutes: int | None = None
    actual_seconds: int = 0
    due: date | None = None
    rigid: bool = False
    origin: Origin = Origin.AGREED
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One workbook: a package at its end, for one client in one language.

    ``starts_at`` and ``ends_at`` are the first and the last instant of the package. A workbook of a
    later ``revision`` says that it replaces the one made at ``replaces_made_at`` (ledger 5.3).
    """

    client: str
    contract_id: str
    contract: str
    package_id: str
    package: str
    locale: str
    zone: str
    currency: str
    hours: Hours
    starts_at: int
    ends_at: int
    made_at: int
    head_hash: str
    board_url: str = ""
    price_minor: int | None = None
    revision: int = 1
    replaces_made_at: int | None = None
    rows: tuple[DoneRow, ...] = ()
    undone: tuple[UndoneRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerValues:
    """What the ledger says about a package, as plain data to hold against a file.

    ``head_hash`` is the hash of the chain's last entry when the file was made; activities without
    minutes on this package may be left out of ``charged``.
    """

    contract_id: str
    package_id: str
    revision: int
    head_hash: str
    hours: Hours
    charged: Mapping[str, int] = field(default_factory=dict)
    entries: Mapping[str, tuple[EntryId, ...]] = field(default_factory=dict)


def ledger_values(handover: Handover) -> LedgerValues:
    """Return what the file of a hand-over must agree with."""
    return LedgerValues(
        contract_id=handover.contract_id,
        package_id=handover.package_id,
        revision=handover.revision,
        head_hash=handover.head_hash,
        hours=handover.hours,
        charged={row.activity_id: row.charged for row in handover.rows},
        entries={row.activity_id: row.entries for row in handover.rows},
    )
