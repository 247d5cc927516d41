"""Hints about objects at Stripe: their ids alone, durable, coalesced, settled exactly (storage 2).

A hint that comes while its object is being read has a higher ``seq`` than the claim: it stays.
"""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import BoundedSemaphore

from sqlalchemy import bindparam, case, delete, select

from mondaybridge.errors import TryLater
from mondaybridge.store.document_tables import paper_hint as t
from mondaybridge.store.engine import Store, Tx
from mondaybridge.store.upsert import insert, least, many

DEBOUNCE_MS = 2_000  # Stripe tells of one document with several events in a second
LONGEST_WAIT_MS = 30_000
WAITING_MAX = 1_000  # hints in memory before the receiver says "later"
ROUND_MAX = 500  # hints of one round: what is due besides waits no longer than for these


@dataclass(frozen=True, slots=True)
class Claim:
    """A hint as it was when its object was read."""

    object_id: str
    seq: int


def remember(tx: Tx, object_ids: Iterable[str], now: int, *, debounce_ms: int = 0) -> None:
    """Store hints: the same object again waits for quiet, but never beyond the longest wait."""
    statement = insert(tx, t)
    new, last = statement.excluded, t.c.first_seen + LONGEST_WAIT_MS
    waits = case((t.c.not_before <= now, t.c.not_before), else_=least(new.not_before, last))
    upsert = statement.on_conflict_do_update(
        index_elements=[t.c.object_id],
        set_={"seq": t.c.seq + 1, "last_seen": new.last_seen, "not_before": waits},
    )
    seen = {"seq": 1, "first_seen": now, "last_seen": now, "not_before": now + debounce_ms}
    many(tx, upsert, [{"object_id": one, **seen} for one in sorted(set(object_ids))])


def due(tx: Tx, now: int) -> list[str]:
    """Return the objects to read again, longest waiting first."""
    return list(tx.execute(_DUE, {"now": now}).scalars())


def claim(tx: Tx, object_id: str) -> Claim | None:
    """Return a hint, to be settled exactly as it is now."""
    row = tx.execute(select(t.c.object_id, t.c.seq).where(t.c.object_id == object_id)).first()
    return Claim(*row) if row else None


def settle(tx: Tx, claimed: Claim) -> None:
    """Delete a hint that was followed, unless it came again since."""
    mine = (t.c.object_id == claimed.object_id, t.c.seq == claimed.seq)
    tx.execute(delete(t).where(*mine))


_DUE = (
    select(t.c.object_id)
    .where(t.c.not_before <= bindparam("now"))
    .order_by(t.c.not_before, t.c.object_id)
    .limit(ROUND_MAX)
)


class PaperInbox:
    """Stores hints one after another; each future is resolved once its hint is durable."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._places = BoundedSemaphore(WAITING_MAX)
        self._thread = ThreadPoolExecutor(1, "paper-inbox")

    def remember(self, object_id: str) -> "Future[None]":
        """Queue a hint; the future says when it is durable."""
        if not self._places.acquire(blocking=False):
            raise TryLater("hints are not taken at the moment")
        promise = self._thread.submit(self._commit, object_id)
        promise.add_done_callback(lambda _: self._places.release())
        return promise

    def close(self) -> None:
        """Store what waits, and end."""
        self._thread.shutdown()

    def _commit(self, object_id: str) -> None:
        with self._store.write() as tx:
            now = self._store.clock.now()
            remember(tx, [object_id], now, debounce_ms=DEBOUNCE_MS)
