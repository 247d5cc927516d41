"""Why and since when lines differ from their documents, from the entries behind them (S7)."""

from collections.abc import Iterator
from datetime import date

from mondaybridge.domain.contract import Client
from mondaybridge.domain.deadlines import credit_day
from mondaybridge.domain.documents import DocumentType, PlannedDocument
from mondaybridge.domain.grouping import as_issued
from mondaybridge.domain.ledger import ChainedEntry
from mondaybridge.domain.usage import LineId, line_id_of
from mondaybridge.store import moved
from mondaybridge.store.engine import Tx
from mondaybridge.workflows.beside import labels


def causes(tx: Tx, contract_id: str) -> dict[LineId, str]:
    """Say by line what moved it since it was issued: the causes of its entries, each once."""
    found: dict[LineId, dict[str, None]] = {}
    groups = labels(tx, contract_id)
    for row in moved.unlinked(tx, contract_id):
        line_id = line_id_of(contract_id, row.entry)
        if line_id and row.entry.cause:
            for one in {line_id, as_issued(line_id, groups)}:
                found.setdefault(one, {}).setdefault(row.entry.cause)
    return {line_id: "; ".join(whys) for line_id, whys in found.items()}


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
        for row, line_id in _moves(tx, contract.contract_id)
        if row.entry.minutes < 0 and line_id in lines
    ]
    return min(days, default=None)


def _moves(tx: Tx, contract_id: str) -> Iterator[tuple[ChainedEntry, LineId]]:
    """Give each entry that no document shows with the line under which it stands on documents."""
    groups = labels(tx, contract_id)
    for row in moved.unlinked(tx, contract_id):
        line_id = line_id_of(contract_id, row.entry)
        if line_id:
            yield row, as_issued(line_id, groups)
