"""What moved in the ledger since documents were issued: entries that no line stands for yet."""

from sqlalchemy import BindParameter, and_, bindparam, exists, select

from mondaybridge.domain.ledger import POSTING, ChainedEntry, EntryKind
from mondaybridge.store.document_tables import line_entry
from mondaybridge.store.engine import Tx
from mondaybridge.store.entry_rows import entry_of
from mondaybridge.store.tables import closed_period, entry

_ON_LINES = [*(kind.value for kind in POSTING), EntryKind.GRANT.value, EntryKind.REFUND.value]


def unlinked(tx: Tx, contract_id: str) -> list[ChainedEntry]:
    """Return in order the priced entries that no issued line stands for."""
    return [entry_of(row) for row in tx.execute(_UNLINKED, {"of_contract": contract_id})]


def closings(tx: Tx, contract_id: str) -> dict[str, int]:
    """Return when each month was closed."""
    rows = tx.execute(_CLOSINGS, {"of_contract": contract_id})
    return {row.period: int(row.closed_at) for row in rows}


_OF_CONTRACT: BindParameter[str] = bindparam("of_contract")
_LINKED = exists().where(
    and_(line_entry.c.contract_id == entry.c.contract_id, line_entry.c.seq == entry.c.seq)
)
_UNLINKED = (
    select(entry)
    .where(
        entry.c.contract_id == _OF_CONTRACT,
        entry.c.kind.in_(_ON_LINES),
        entry.c.rate_key != "",
        ~_LINKED,
    )
    .order_by(entry.c.seq)
)
_CLOSINGS = select(closed_period.c.period, closed_period.c.closed_at).where(
    closed_period.c.contract_id == _OF_CONTRACT
)
