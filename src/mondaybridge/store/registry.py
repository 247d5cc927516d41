"""Rows for what the mapping names: clients, contracts and boards.

Nothing is removed when the mapping names it no more: entries and documents refer to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, or_, select, update

from mondaybridge.domain.contract import Client
from mondaybridge.domain.ledger import GENESIS
from mondaybridge.errors import ConfigurationError
from mondaybridge.store.engine import Tx
from mondaybridge.store.tables import board, client, contract, entry, item
from mondaybridge.store.upsert import insert, many


def register(tx: Tx, clients: Sequence[Client], hashes: Mapping[str, str]) -> None:
    """Make or update the rows; terms that changed want a review of their contract."""
    _refuse_other_money(tx, clients)
    contracts = sorted((c for one in clients for c in one.contracts), key=lambda c: c.contract_id)
    _put_clients(tx, clients)
    fresh = {"entry_seq": 0, "head_hash": GENESIS, "event_seq": 0, "reviewed_version": 0}
    rows = [
        {
            "contract_id": one.contract_id,
            "client_id": one.client_id,
            "kind": one.kind.value,
            "config_hash": hashes[one.contract_id],
            "wanted_version": 1,
            "review_at": 0,
            **fresh,
        }
        for one in contracts
    ]
    _put(tx, contract, rows, ["client_id", "kind", "config_hash"], wanted="wanted_version")
    _put_boards(tx, {b: one.contract_id for one in contracts for b in one.board_ids})


def billed(tx: Tx, client_: Client) -> Client:
    """Return a client with the customer to bill: the mapped one, else the one made for it."""
    if client_.stripe_customer:
        return client_
    query = select(client.c.stripe_customer).where(client.c.client_id == client_.client_id)
    return replace(client_, stripe_customer=tx.execute(query).scalar() or "")


def client_of(tx: Tx, customer: str) -> str:
    """Return whose customer it is; empty: nobody's of ours."""
    query = select(client.c.client_id).where(client.c.stripe_customer == customer)
    return (tx.execute(query).scalar() or "") if customer else ""


def keep_customer(tx: Tx, client_id: str, customer: str) -> None:
    """Keep the customer that was made for a client, where the mapping names none."""
    mine = update(client).where(client.c.client_id == client_id)
    tx.execute(mine.values(stripe_customer=customer))


def _refuse_other_money(tx: Tx, clients: Sequence[Client]) -> None:
    """Refuse another currency or owner of what has entries: past amounts would change meaning."""
    query = select(contract.c.contract_id, contract.c.client_id, client.c.currency)
    query = query.join(client, client.c.client_id == contract.c.client_id)
    found = tx.execute(query.where(contract.c.entry_seq > 0))
    recorded = {row.contract_id: (row.client_id, row.currency) for row in found}
    problems = [
        f"contract {terms.contract_id} has entries for client {recorded[terms.contract_id][0]} in "
        f"{recorded[terms.contract_id][1]}: make a new contract instead of changing them"
        for one in clients
        for terms in one.contracts
        if recorded.get(terms.contract_id, (one.client_id, one.currency))
        != (one.client_id, one.currency)
    ]
    if problems:
        raise ConfigurationError(*problems)


def _put_clients(tx: Tx, clients: Sequence[Client]) -> None:
    rows = [
        {
            "client_id": one.client_id,
            "stripe_customer": one.stripe_customer,
            "currency": one.currency,
            "last_observed_at": 0,
            "planned_for": "",
        }
        for one in sorted(clients, key=lambda c: c.client_id)
    ]
    mapped = [row for row in rows if row["stripe_customer"]]
    _put(tx, client, mapped, ["stripe_customer", "currency"])
    _put(tx, client, [row for row in rows if row not in mapped], ["currency"])


def _put_boards(tx: Tx, contracts: Mapping[str, str]) -> None:
    """Give boards to their contracts; a board that changes hands is a matter of both."""
    found = tx.execute(select(board.c.board_id, board.c.contract_id))
    before = {row.board_id: row.contract_id for row in found}
    moved = {b for b, c in before.items() if contracts.get(b, c) != c}
    _refuse_posted(tx, moved, contracts)
    numbers = ("read_issued", "read_applied", "mirror_version", "complete_at", "complete_read")
    fresh = {**dict.fromkeys(numbers, 0), "state": "live", "state_reason": "", "schema_print": ""}
    rows = [{"board_id": b, "contract_id": c, **fresh} for b, c in sorted(contracts.items())]
    _put(tx, board, rows, ["contract_id"])
    for contract_id in sorted({known[b] for b in moved for known in (before, contracts)}):
        mine = update(contract).where(contract.c.contract_id == contract_id)
        tx.execute(mine.values(wanted_version=contract.c.wanted_version + 1))


def _refuse_posted(tx: Tx, moved: set[str], contracts: Mapping[str, str]) -> None:
    """Refuse another contract for a board with posted hours: it would post them again."""
    posted = and_(entry.c.activity_id == item.c.item_id, entry.c.contract_id == board.c.contract_id)
    query = select(board.c.board_id, board.c.contract_id).distinct()
    query = query.join(item, item.c.board_id == board.c.board_id).join(entry, posted)
    found = sorted(map(tuple, tx.execute(query.where(board.c.board_id.in_(sorted(moved))))))
    problems = [
        f"board {board_id} belongs to contract {contract_id}, which has entries for its rows, and "
        f"the mapping gives it to {contracts[board_id]}: leave it where it is and make a new board"
        for board_id, contract_id in found
    ]
    if problems:
        raise ConfigurationError(*problems)


def _put(
    tx: Tx, table: Table, rows: Sequence[dict[str, Any]], names: Sequence[str], wanted: str = ""
) -> None:
    """Insert rows, or update these columns where one differs; ``wanted`` counts the changes."""
    statement = insert(tx, table)
    new = statement.excluded
    values: dict[str, ColumnElement[Any]] = {name: new[name] for name in names}
    if wanted:
        values[wanted] = table.c[wanted] + 1
    put = statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_=values,
        where=or_(*(table.c[name] != new[name] for name in names)),
    )
    many(tx, put, rows)
