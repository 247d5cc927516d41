"""Writes that cannot be repeated: key and exact bytes, committed before they are sent.

A takeover asks again for the same business key, operation, chunk and attempt, and is handed the
bytes and the key that were stored first: two workers then send one request twice (storage 3).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select, update

from mondaybridge.store.engine import Tx
from mondaybridge.store.tables import effect as t
from mondaybridge.store.upsert import insert, parts


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One write as stored; ``answered_at`` and ``http_status`` are 0 while no answer came."""

    idem_key: str
    service: str
    business_key: str
    op: str
    chunk: int
    attempt: int
    method: str
    path: str
    body: bytes
    first_sent_at: int
    answered_at: int = 0
    http_status: int = 0
    answer_id: str = ""


def begin(  # noqa: PLR0913 - the row, whole
    tx: Tx,
    *,
    service: str,
    business_key: str,
    op: str,
    chunk: int,
    attempt: int,
    idem_key: str,
    method: str,
    path: str,
    body: bytes,
    now: int,
) -> EffectRow:
    """Write a request down, or return the one that was written down first: send that one."""
    row = EffectRow(
        idem_key, service, business_key, op, chunk, attempt, method, path, body, first_sent_at=now
    )
    values = {name: getattr(row, name) for name in EffectRow.__slots__}
    tx.execute(insert(tx, t).values(**values).on_conflict_do_nothing())
    place = (t.c.business_key, t.c.op, t.c.chunk, t.c.attempt)
    asked = (business_key, op, chunk, attempt)
    found = _rows(tx, _all().where(*(c == value for c, value in zip(place, asked, strict=True))))
    if not found:
        raise AssertionError(f"the key {idem_key} belongs to another write")
    return found[0]


def answer(tx: Tx, idem_key: str, *, status: int, answer_id: str, now: int) -> None:
    """Write down what came back; an answer of success stands."""
    open_or_failed = or_(t.c.answered_at == 0, t.c.http_status >= 300)  # noqa: PLR2004 - HTTP
    mine = update(t).where(t.c.idem_key == idem_key, open_or_failed)
    tx.execute(mine.values(answered_at=now, http_status=status, answer_id=answer_id))


def find(tx: Tx, business_key: str) -> list[EffectRow]:
    """Return all writes of one business key, in order of sending."""
    return _rows(tx, _all().where(t.c.business_key == business_key))


def find_all(tx: Tx, business_keys: Collection[str]) -> dict[str, list[EffectRow]]:
    """Return the writes of many business keys, each in order of sending."""
    found: dict[str, list[EffectRow]] = {}
    for part in parts(sorted(business_keys)):
        for row in _rows(tx, _all().where(t.c.business_key.in_(part))):
            found.setdefault(row.business_key, []).append(row)
    return found


def _all() -> Select[Any]:
    return select(*(t.c[name] for name in EffectRow.__slots__))


def _rows(tx: Tx, query: Select[Any]) -> list[EffectRow]:
    rows = [EffectRow(*row) for row in tx.execute(query)]
    return sorted(rows, key=lambda e: (e.first_sent_at, e.op, e.chunk, e.attempt))
