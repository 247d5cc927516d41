"""How entries and contracts become rows, and back; used by the ledger alone."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from mondaybridge.domain.ledger import ChainedEntry, Entry, EntryKind
from mondaybridge.domain.reasons import Cause


@dataclass(frozen=True, slots=True)
class ContractRow:
    """The heads of a contract's chains and the versions of its review; ``review_at`` 0 = none."""

    contract_id: str
    client_id: str
    entry_seq: int
    head_hash: str
    wanted_version: int
    reviewed_version: int
    review_at: int
    config_hash: str

    def asks_for_review(self, now: int) -> bool:
        """Whether its rows, its terms or the moment ask for a review (``ledger.due_reviews``)."""
        return self.wanted_version > self.reviewed_version or 1 <= self.review_at <= now


def contract_row(row: Row[Any]) -> ContractRow:
    """Return a contract's row as a value."""
    return ContractRow(
        row.contract_id,
        row.client_id,
        row.entry_seq,
        row.head_hash,
        row.wanted_version,
        row.reviewed_version,
        row.review_at,
        row.config_hash,
    )


def entry_row(contract_id: str, one: ChainedEntry) -> dict[str, Any]:
    """Return an entry as the row to be inserted."""
    written = one.entry
    return {
        "contract_id": contract_id,
        "seq": one.seq,
        "package_id": written.package_id or None,
        "activity_id": written.activity_id or None,
        "kind": written.kind.value,
        "minutes": written.minutes,
        "seconds_raw": written.seconds_raw,
        "factor": written.factor,
        "work_at": written.work_at,
        "period": written.period,
        "source": written.source,
        "rate_key": written.rate_key,
        "cause": written.cause,
        "prev_hash": one.prev_hash,
        "hash": one.hash,
        "posted_at": one.posted_at,
    }


def entry_of(row: Row[Any]) -> ChainedEntry:
    """Return an entry as it was written."""
    written = Entry(
        EntryKind(row.kind),
        row.minutes,
        row.package_id or "",
        row.activity_id or "",
        row.period,
        row.work_at,
        row.source,
        row.rate_key,
        row.seconds_raw,
        row.factor,
        Cause(row.cause),
    )
    return ChainedEntry(row.seq, row.posted_at, row.prev_hash, row.hash, written)
