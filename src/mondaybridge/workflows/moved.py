"""Why and since when lines differ from their documents, from the entries behind them (S7)."""

from collections.abc import Iterable, Mapping
from datetime import date

from mondaybridge.domain.contract import Client
from mondaybridge.domain.deadlines import credit_day
from mondaybridge.domain.documents import DocumentType, PlannedDocument
from mondaybridge.domain.grouping import as_issued
from mondaybridge.domain.ledger import ChainedEntry, Entry, EntryKind
from mondaybridge.domain.usage import LineId, line_id_of
from mondaybridge.i18n.causes import cause_text
from mondaybridge.store import moved
from mondaybridge.store.engine import Tx
from mondaybridge.workflows.beside import Labels, labels

Move = tuple[ChainedEntry, LineId, LineId]
"""An entry that no document shows, its line, and the line under which it stands on documents."""


def moves(tx: Tx, contract_id: str, groups: Labels | None = None) -> list[Move]:
    """Return the entries that no document shows, in order; ``groups`` where they were read."""
    groups = labels(tx, contract_id) if groups is None else groups
    named = ((row, line_id_of(contract_id, row.entry)) for row in moved.unlinked(tx, contract_id))
    return [(row, one, as_issued(one, groups)) for row, one in named if one]


def causes(
    some: Iterable[Move], locale: str, names: Mapping[str, str] | None = None
) -> dict[LineId, str]:
    """Say by line what moved it since it was issued: the causes of its entries, each once.

    Told to the client, in its language, while the ledger keeps its own wording.
    """
    found: dict[LineId, dict[str, None]] = {}
    for row, line_id, group in some:
        if row.entry.cause:
            for one in {line_id, group}:
                found.setdefault(one, {}).setdefault(_told(row.entry, locale, names))
    return {line_id: "; ".join(whys) for line_id, whys in found.items()}


def _told(entry: Entry, locale: str, names: Mapping[str, str] | None) -> str:
    """Return an entry's cause for the client; a refund's was typed, and stays as it is."""
    return entry.cause if entry.kind is EntryKind.REFUND else cause_text(entry.cause, locale, names)


def last_moves(some: Iterable[Move]) -> dict[LineId, int]:
    """Say by line when its newest entry was posted that no document shows."""
    found: dict[LineId, int] = {}
    for row, line_id, group in some:
        for one in {line_id, group}:
            found[one] = max(row.posted_at, found.get(one, 0))
    return found


def credit_days(tx: Tx, client: Client, document: PlannedDocument) -> date | None:
    """Return the day by which a planned credit note is due, counted from its first decrease."""
    if document.type is not DocumentType.CREDIT_NOTE:
        return None
    lines = {line.line_id for line in document.lines}
    contracts = [
        one
        for one in client.contracts
        if any(line.contract_id == one.contract_id for line in lines)
    ]
    days = [
        credit_day(contract.calendar, client.zone, row.posted_at)
        for contract in contracts
        for row, _, line_id in moves(tx, contract.contract_id)
        if row.entry.minutes < 0 and line_id in lines
    ]
    return min(days, default=None)
