"""What is planned for a client: documents to be issued, with what they were planned under."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    literal_column,
    not_,
    or_,
    select,
    update,
)

from mondaybridge.domain.documents import DocumentKey, PlannedDocument, planned_document
from mondaybridge.store.document_tables import plan
from mondaybridge.store.engine import Tx
from mondaybridge.store.tables import client
from mondaybridge.store.upsert import insert

PENDING = ("planned", "acting")


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A planned document with its state and what it was planned under."""

    document: PlannedDocument
    state: str
    config_hash: str
    mirror_versions: Mapping[str, int]
    created_at: int


def save_plan(
    tx: Tx,
    client_id: str,
    documents: Sequence[PlannedDocument],
    *,
    config_hash: str,
    mirror_versions: Mapping[str, int],
    now: int,
) -> None:
    """Put a client's plan in the place of an older one; what is unchanged is not written.

    A document that is being issued goes on being issued as long as the plan still has it.
    """
    if {one.key.client_id for one in documents} - {client_id}:
        raise AssertionError(f"a plan of {client_id} has documents of another client")
    wanted = {one.key for one in documents}
    known_of = {"of_client": client_id, "scopes": [key.scope for key in wanted]}
    before = {row.document.key: row for row in _rows(tx, _PENDING_OR_OF, known_of)}
    for key, old in before.items():
        if key not in wanted and old.state in PENDING:
            set_plan_state(tx, key, "superseded")
    for position, one in enumerate(documents):
        known = before.get(one.key)
        same = known is not None and known.document == one
        row = {
            **asdict(one.key),
            "position": position,
            "hash": one.digest,
            "body": one.to_json(),
            "config_hash": config_hash,
            "mirror_versions": json.dumps(dict(mirror_versions), sort_keys=True),
            "state": "acting" if known and same and known.state == "acting" else "planned",
        }
        _put(tx, {**row, "created_at": known.created_at if known and same else now})


def plans(tx: Tx, client_id: str, *states: str) -> list[PlanRow]:
    """Return a client's plan rows in some states, in their order."""
    return _rows(tx, _PLANS_IN, {"of_client": client_id, "states": list(states)})


def pending(tx: Tx, client_id: str) -> list[PlanRow]:
    """Return what is planned for a client and not done, in its order."""
    return plans(tx, client_id, *PENDING)


def set_plan_state(tx: Tx, key: DocumentKey, state: str) -> None:
    """Move one planned document on: planned, acting, done, superseded.

    One of a client is acted on at a time: another that was left in the middle is planned again.
    """
    if state == "acting":
        left = (plan.c.client_id == key.client_id, plan.c.state == "acting", not_(_is(key)))
        tx.execute(update(plan).where(*left).values(state="planned"))
    tx.execute(update(plan).where(_is(key)).values(state=state))


def acting(tx: Tx, client_id: str) -> PlannedDocument | None:
    """Return the document that is being issued for a client, if one is."""
    rows = _rows(tx, _ACTING_OF, {"of_client": client_id})
    return rows[0].document if rows else None


def under_way(tx: Tx) -> set[str]:
    """Return the clients for whom a document is being issued."""
    return set(tx.execute(_UNDER_WAY).scalars())


def planned_for(tx: Tx) -> dict[str, str]:
    """Return by client what its last plan was made from."""
    return {row.client_id: row.planned_for for row in tx.execute(_PLANNED_FOR)}


def set_planned_for(tx: Tx, client_id: str, made_from: str) -> None:
    """Remember what a plan was made from, so that nothing is planned twice."""
    tx.execute(update(client).where(client.c.client_id == client_id).values(planned_for=made_from))


def _rows(tx: Tx, query: Select[Any], told: Mapping[str, object]) -> list[PlanRow]:
    return [
        PlanRow(
            planned_document(row.body),
            row.state,
            row.config_hash,
            json.loads(row.mirror_versions),
            row.created_at,
        )
        for row in tx.execute(query, told)
    ]


def _put(tx: Tx, row: dict[str, Any]) -> None:
    statement = insert(tx, plan).values(row)
    new = statement.excluded
    compared = ("position", "hash", "config_hash", "mirror_versions", "state")
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=list(plan.primary_key.columns),
            set_={name: new[name] for name in row},
            where=or_(*(plan.c[name] != new[name] for name in compared)),
        )
    )


def _is(key: DocumentKey) -> ColumnElement[bool]:
    return and_(
        plan.c.client_id == key.client_id,
        plan.c.scope == key.scope,
        plan.c.kind == key.kind,
        plan.c.revision == key.revision,
    )


_OF_CLIENT: BindParameter[str] = bindparam("of_client")
_PLANS = (
    select(plan).where(plan.c.client_id == _OF_CLIENT).order_by(plan.c.created_at, plan.c.position)
)
_PLANS_IN = _PLANS.where(plan.c.state.in_(bindparam("states", expanding=True)))
_IS_ACTING = plan.c.state == literal_column("'acting'")  # as a parameter, no index would match it
_ACTING_OF = _PLANS.where(_IS_ACTING)
_OF_SCOPES = plan.c.scope.in_(bindparam("scopes", expanding=True))
_PENDING_OR_OF = _PLANS.where(or_(plan.c.state.in_(PENDING), _OF_SCOPES))
_UNDER_WAY = select(plan.c.client_id).where(_IS_ACTING)
_PLANNED_FOR = select(client.c.client_id, client.c.planned_for)
