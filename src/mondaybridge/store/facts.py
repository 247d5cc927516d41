"""Facts without minutes: admissions as recorded, and events such as a person's decision."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select, update

from mondaybridge.domain.admission import Activation
from mondaybridge.domain.allocation import Choice, Decision
from mondaybridge.store.engine import Tx
from mondaybridge.store.tables import activity, contract, event
from mondaybridge.store.upsert import insert, many


@dataclass(frozen=True, slots=True)
class EventRow:
    """One fact as written; ``args`` are plain values."""

    contract_id: str
    seq: int
    kind: str
    activity_id: str
    package_id: str
    actor: str
    args: Mapping[str, Any]
    cause: str
    at: int


def activations(tx: Tx, contract_id: str) -> dict[str, Activation]:
    """Return the recorded admissions of a contract, by activity."""
    query = select(activity).where(activity.c.contract_id == contract_id)
    return {row.activity_id: _activation(row.admission) for row in tx.execute(query)}


def save_activations(tx: Tx, contract_id: str, changed: Sequence[Activation]) -> None:
    """Record admissions, each in the place of the one before; equal ones are not written."""
    rows = [
        {
            "contract_id": contract_id,
            "activity_id": one.activity_id,
            "admission": msgspec.json.encode(one).decode(),
        }
        for one in changed
    ]
    row_insert = insert(tx, activity)
    new = row_insert.excluded.admission
    put = row_insert.on_conflict_do_update(
        index_elements=["contract_id", "activity_id"],
        set_={"admission": new},
        where=activity.c.admission != new,
    )
    many(tx, put, rows)


def add_event(  # noqa: PLR0913 - one fact, column by column
    tx: Tx,
    contract_id: str,
    kind: str,
    *,
    at: int,
    activity_id: str = "",
    package_id: str = "",
    actor: str = "",
    args: Mapping[str, Any] | None = None,
    cause: str = "",
) -> int:
    """Append a fact to a contract's events and return its number."""
    mine = update(contract).where(contract.c.contract_id == contract_id)
    counted = mine.values(event_seq=contract.c.event_seq + 1).returning(contract.c.event_seq)
    seq = int(tx.execute(counted).scalar_one())
    row = {
        "contract_id": contract_id,
        "seq": seq,
        "kind": kind,
        "activity_id": activity_id or None,
        "package_id": package_id or None,
        "actor": actor,
        "args": json.dumps(dict(args or {}), sort_keys=True),
        "cause": cause,
        "at": at,
    }
    tx.execute(event.insert().values(row))
    return seq


def events(tx: Tx, contract_id: str, kind: str | None = None) -> list[EventRow]:
    """Return a contract's events in order, of one kind or of all."""
    query = select(event).where(event.c.contract_id == contract_id).order_by(event.c.seq)
    if kind is not None:
        query = query.where(event.c.kind == kind)
    return [
        EventRow(
            row.contract_id,
            row.seq,
            row.kind,
            row.activity_id or "",
            row.package_id or "",
            row.actor,
            json.loads(row.args),
            row.cause,
            row.at,
        )
        for row in tx.execute(query)
    ]


def decisions(tx: Tx, contract_id: str) -> list[Decision]:
    """Return what people decided about held minutes, in order (ledger 5.2)."""
    return [
        Decision(
            row.activity_id,
            Choice(row.args["choice"]),
            tuple(sorted(row.args["periods"].items())),
            row.at,
        )
        for row in events(tx, contract_id, "decision")
    ]


_ACTIVATION = msgspec.json.Decoder(Activation)


def _activation(text: str) -> Activation:
    return _ACTIVATION.decode(text)
