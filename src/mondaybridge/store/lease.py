"""Leases: one holder of a key at a time, fenced by a token that only grows (storage 3).

Not re-entrant: whoever runs twice is two holders. A lease that ran out unnoticed still belongs to
its holder until somebody else takes it.
"""

from dataclasses import dataclass, replace
from functools import cache

from sqlalchemy import Update, bindparam, select, update
from sqlalchemy.sql.dml import ReturningInsert

from mondaybridge.errors import LeaseLost
from mondaybridge.store.engine import Store, Tx
from mondaybridge.store.tables import lease as t
from mondaybridge.store.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to act on a key until an instant."""

    key: str
    holder: str
    token: int
    until: int
    ttl_ms: int


def acquire(store: Store, key: str, holder: str, ttl_ms: int) -> Lease | None:
    """Take a free or expired lease; null while somebody holds it."""
    with store.write() as tx:
        now = store.now(tx)
        row = {"key": key, "holder": holder, "token": 1, "until": now + ttl_ms}
        token = tx.execute(_taken(tx.dialect.name), {**row, "now": now}).scalar()
    return None if token is None else Lease(key, holder, token, now + ttl_ms, ttl_ms)


def renew(store: Store, lease: Lease) -> Lease:
    """Extend a lease before an outside write; LeaseLost if somebody else has taken it."""
    with store.write() as tx:
        until = store.now(tx) + lease.ttl_ms
        if not tx.execute(_held(lease).values(until=until)).rowcount:
            raise _lost(lease)
    return replace(lease, until=until)


def release(store: Store, lease: Lease) -> None:
    """Let the next one in; nothing happens if it was taken over already."""
    with store.write() as tx:
        tx.execute(_held(lease).values(until=0))


def confirm(tx: Tx, lease: Lease) -> None:
    """Raise LeaseLost unless the lease is still ours, and keep it so until this commits."""
    if tx.execute(_TOKEN, {"of_key": lease.key}).scalar() != lease.token:
        raise _lost(lease)


_TOKEN = select(t.c.token).where(t.c.key == bindparam("of_key")).with_for_update(read=True)


@cache
def _taken(engine: str) -> ReturningInsert[int]:
    statement = insert_into(engine, t)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[t.c.key],
        set_={"holder": new.holder, "token": t.c.token + 1, "until": new.until},
        where=t.c.until <= bindparam("now"),
    ).returning(t.c.token)


def _held(lease: Lease) -> Update:
    return update(t).where(t.c.key == lease.key, t.c.token == lease.token)


def _lost(lease: Lease) -> LeaseLost:
    return LeaseLost(f"another worker took over {lease.key} (token {lease.token} is old)")
