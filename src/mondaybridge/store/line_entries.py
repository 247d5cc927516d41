"""Which ledger entries stand behind each issued line (S6)."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, func, select

from mondaybridge.store.document_tables import line_entry
from mondaybridge.store.engine import Tx
from mondaybridge.store.tables import entry
from mondaybridge.store.upsert import insert, many, parts

Behind = tuple[int, int]
"""An entry behind a line: its place in the contract's chain, and its minutes."""


def link(tx: Tx, contract_id: str, pairs: Iterable[tuple[str, int]]) -> None:
    """Remember by a line's identity which of a contract's entries stand behind it."""
    rows = [
        {"identity": identity, "contract_id": contract_id, "seq": seq} for identity, seq in pairs
    ]
    many(tx, insert(tx, line_entry).on_conflict_do_nothing(), rows)


def linked(tx: Tx, identities: Sequence[str]) -> dict[str, list[Behind]]:
    """Return the entries behind lines, by the line's identity, in order."""
    found: dict[str, list[Behind]] = {}
    for some in parts(identities):
        for row in tx.execute(_LINKED, {"of_identities": some}):
            found.setdefault(row.identity, []).append((int(row.seq), int(row.minutes)))
    return found


def linked_minutes(tx: Tx, contract_id: str) -> dict[str, int]:
    """Return the minutes of the entries behind each line of a contract, by the line's identity."""
    rows = tx.execute(_LINKED_MINUTES, {"of_contract": contract_id})
    return {row.identity: int(row.minutes) for row in rows}


def _with_entries(*columns: ColumnElement[int]) -> Select[Any]:
    same = and_(entry.c.contract_id == line_entry.c.contract_id, entry.c.seq == line_entry.c.seq)
    return select(line_entry.c.identity, *columns).join(entry, same)


_OF_CONTRACT: BindParameter[str] = bindparam("of_contract")
_LINKED = (
    _with_entries(line_entry.c.seq, entry.c.minutes)
    .where(line_entry.c.identity.in_(bindparam("of_identities", expanding=True)))
    .order_by(line_entry.c.seq)
)
_LINKED_MINUTES = (
    _with_entries(func.sum(entry.c.minutes).label("minutes"))
    .where(line_entry.c.contract_id == _OF_CONTRACT)
    .group_by(line_entry.c.identity)
)
