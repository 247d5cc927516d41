"""Hints: durable, coalesced per key, claimed and deleted exactly (storage 2).

Nothing of a webhook's content is kept; a hint that lands while its board is being read has a
higher ``seq`` than the claim and so survives it.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Condition, Thread

from sqlalchemy import ColumnElement, bindparam, case, delete, func, select, update

from mondaybridge.domain.activity import Hint
from mondaybridge.errors import TryLater
from mondaybridge.store.engine import ROWS_MAX, Store, Tx
from mondaybridge.store.tables import hint as t
from mondaybridge.store.upsert import insert, least, many

WAITING_MAX = 10_000  # hints in memory before the receiver says "later"


@dataclass(frozen=True, slots=True)
class Claim:
    """One hint as it was when a read began."""

    board_id: str
    item_id: str
    seq: int
    looks: int


def remember(
    tx: Tx, hints: Iterable[Hint], *, now: int, debounce_ms: int, max_wait_ms: int
) -> None:
    """Store hints: the same key again waits for quiet, but never beyond the longest wait."""
    statement = insert(tx, t)
    new = statement.excluded
    first = case((t.c.looks > 0, new.first_seen), else_=t.c.first_seen)
    upsert = statement.on_conflict_do_update(
        index_elements=[t.c.board_id, t.c.item_id],
        set_={
            "seq": t.c.seq + 1,
            "first_seen": first,
            "last_seen": new.last_seen,
            "not_before": least(new.not_before, first + max_wait_ms),
            "looks": 0,
        },
    )
    seen = {"first_seen": now, "last_seen": now, "not_before": now + debounce_ms}
    keys = sorted((hint.board_id, hint.item_id) for hint in hints)
    rows = [{"board_id": b, "item_id": i, "seq": 1, "looks": 0, **seen} for b, i in keys]
    many(tx, upsert, rows)


def due_boards(tx: Tx, now: int) -> list[str]:
    """Return the boards with a hint whose wait is over, longest waiting first."""
    return list(tx.execute(_DUE_BOARDS, {"now": now}).scalars())


def claim(tx: Tx, board_id: str, now: int) -> list[Claim]:
    """Return a board's hints whose wait is over, to be settled exactly as they are now."""
    rows = tx.execute(_DUE_HINTS, {"of_board": board_id, "now": now})
    return sorted((Claim(*row) for row in rows), key=lambda c: c.item_id)


def settle(tx: Tx, claims: Sequence[Claim]) -> None:
    """Delete claimed hints, unless they were given again since."""
    many(tx, delete(t).where(*_exactly()), [_key(claim) for claim in claims])


def look_again(tx: Tx, claims: Sequence[Claim], not_before: int) -> None:
    """Keep hints whose look showed no change for one more look: reads lag (monday.md §7)."""
    settle(tx, [claim for claim in claims if claim.looks])
    again = update(t).where(*_exactly()).values(looks=t.c.looks + 1, not_before=not_before)
    many(tx, again, [_key(claim) for claim in claims if not claim.looks])


_DUE = t.c.not_before <= bindparam("now")
_DUE_BOARDS = (
    select(t.c.board_id)
    .where(_DUE)
    .group_by(t.c.board_id)
    .order_by(func.min(t.c.not_before), t.c.board_id)
)
_DUE_HINTS = select(t.c.board_id, t.c.item_id, t.c.seq, t.c.looks).where(
    t.c.board_id == bindparam("of_board"), _DUE
)


class GroupCommit:
    """Stores hints from many threads in one commit each time the disk is ready for the next.

    A future is resolved after its hint is durable, or with what went wrong.
    """

    def __init__(self, store: Store, *, debounce_ms: int, max_wait_ms: int) -> None:
        self._store = store
        self._debounce_ms = debounce_ms
        self._max_wait_ms = max_wait_ms
        self._news = Condition()
        self._waiting: list[tuple[Hint, Future[None]]] = []
        self._closed = False
        self._thread = Thread(target=self._run, name="group-commit", daemon=True)
        self._thread.start()

    def remember(self, hint: Hint) -> "Future[None]":
        """Queue a hint; the future says when it is durable."""
        future: Future[None] = Future()
        with self._news:
            if self._closed or len(self._waiting) >= WAITING_MAX:
                future.set_exception(TryLater("hints are not taken at the moment"))
            else:
                self._waiting.append((hint, future))
                self._news.notify()
        return future

    def close(self) -> None:
        """Take no more hints, store those that wait, and end."""
        with self._news:
            self._closed = True
            self._news.notify()
        self._thread.join()

    def _run(self) -> None:
        while batch := self._next():
            self._commit(batch)

    def _next(self) -> "list[tuple[Hint, Future[None]]]":
        with self._news:
            self._news.wait_for(lambda: self._waiting or self._closed)
            batch, self._waiting = self._waiting[:ROWS_MAX], self._waiting[ROWS_MAX:]
            return batch

    def _commit(self, batch: "list[tuple[Hint, Future[None]]]") -> None:
        taken = [future for _, future in batch if future.set_running_or_notify_cancel()]
        try:
            with self._store.write() as tx:
                remember(
                    tx,
                    [hint for hint, _ in batch],
                    now=self._store.clock.now(),
                    debounce_ms=self._debounce_ms,
                    max_wait_ms=self._max_wait_ms,
                )
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
            for future in taken:
                future.set_exception(error)
        else:
            for future in taken:
                future.set_result(None)


def _exactly() -> tuple[ColumnElement[bool], ...]:
    return (
        t.c.board_id == bindparam("of_board"),
        t.c.item_id == bindparam("of_item"),
        t.c.seq == bindparam("as_of"),
    )


def _key(claim: Claim) -> dict[str, object]:
    return {"of_board": claim.board_id, "of_item": claim.item_id, "as_of": claim.seq}
