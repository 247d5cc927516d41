"""Entries, balances and the hash chain: the append-only truth about minutes (ledger 1-2).

Minutes move only by entries; what an entry means for the three sums P (granted), C (posted) and
H (reserved) stands in one table here.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import Enum

from mondaybridge.domain.reasons import NOT_SAID, Cause

GENESIS = "0" * 64


class EntryKind(Enum):
    """The eight kinds of entry (ledger 2)."""

    GRANT = "grant"
    REFUND = "refund"
    CREDIT = "credit"
    EXPIRE = "expire"
    RESERVE = "reserve"
    RELEASE = "release"
    POST = "post"
    ADJUST = "adjust"


GRANTING = frozenset({EntryKind.GRANT, EntryKind.REFUND, EntryKind.CREDIT, EntryKind.EXPIRE})
RESERVING = frozenset({EntryKind.RESERVE, EntryKind.RELEASE})
POSTING = frozenset({EntryKind.POST, EntryKind.ADJUST})


class SumGroup(Enum):
    """The groups in which past entries are summed for a review."""

    POST = "post"
    RESERVE = "reserve"
    GRANT = "grant"
    REFUND = "refund"
    CREDIT = "credit"
    EXPIRE = "expire"


def group_of(kind: EntryKind) -> SumGroup:
    """Return the group whose sum a kind of entry moves."""
    if kind in POSTING:
        return SumGroup.POST
    return SumGroup.RESERVE if kind in RESERVING else SumGroup(kind.value)


@dataclass(frozen=True, slots=True)
class LedgerSum:
    """Signed minutes of past entries that share group, package, activity, period and rate."""

    group: SumGroup
    package_id: str
    activity_id: str
    period: str
    source: str
    rate_key: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One immutable row: signed minutes with all that explains them."""

    kind: EntryKind
    minutes: int
    package_id: str = ""
    activity_id: str = ""
    period: str = ""
    work_at: int = 0
    source: str = ""
    rate_key: str = ""
    seconds_raw: int = 0
    factor: int = 1
    cause: Cause = NOT_SAID


def as_sum(entry: Entry) -> LedgerSum:
    """Return an entry as a sum of itself."""
    return LedgerSum(
        group_of(entry.kind),
        entry.package_id,
        entry.activity_id,
        entry.period,
        entry.source,
        entry.rate_key,
        entry.minutes,
    )


def summed(entries: Iterable[Entry]) -> list[LedgerSum]:
    """Sum past entries as a review needs them; zero sums are left out."""
    totals: Counter[tuple[SumGroup, str, str, str, str, str]] = Counter()
    for one in entries:
        place = one.package_id, one.activity_id, one.period, one.source, one.rate_key
        totals[group_of(one.kind), *place] += one.minutes
    return [LedgerSum(*place, minutes=minutes) for place, minutes in totals.items() if minutes]


@dataclass(frozen=True, slots=True)
class ChainedEntry:
    """An entry in its place in the contract's chain."""

    seq: int
    posted_at: int
    prev_hash: str
    hash: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Balance:
    """The three sums of a package or a contract, in minutes; nothing is clamped (6.7)."""

    granted: int = 0
    posted: int = 0
    reserved: int = 0

    @property
    def hard(self) -> int:
        """Hard residual: granted - posted."""
        return self.granted - self.posted

    @property
    def free(self) -> int:
        """Free residual: hard - reserved."""
        return self.hard - self.reserved

    def after(self, entry: Entry) -> "Balance":
        """Return the balance with one entry more."""
        return Balance(
            self.granted + (entry.minutes if entry.kind in GRANTING else 0),
            self.posted + (entry.minutes if entry.kind in POSTING else 0),
            self.reserved + (entry.minutes if entry.kind in RESERVING else 0),
        )


def balance(entries: Iterable[Entry]) -> Balance:
    """Sum entries into a balance."""
    total = Balance()
    for entry in entries:
        total = total.after(entry)
    return total


def charge(seconds: int, *, factor: int = 1, increment: int = 1) -> int:
    """Return charged minutes from raw seconds, in one step (ledger 1, R11)."""
    step = 60 * increment
    return -(-factor * seconds // step) * increment


def chain(
    entries: Iterable[Entry], *, contract_id: str, seq: int, head: str, posted_at: int
) -> list[ChainedEntry]:
    """Append entries after ``seq`` with head hash ``head``."""
    chained: list[ChainedEntry] = []
    for number, entry in enumerate(entries, start=seq + 1):
        digest = entry_hash(entry, contract_id, number, head, posted_at)
        chained.append(ChainedEntry(number, posted_at, head, digest, entry))
        head = digest
    return chained


def entry_hash(entry: Entry, contract_id: str, seq: int, prev_hash: str, posted_at: int) -> str:
    """Return the hash that binds an entry to its place and to all before it."""
    row = {**asdict(entry), "kind": entry.kind.value}
    text = json.dumps(
        [contract_id, seq, posted_at, prev_hash, row], sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()
