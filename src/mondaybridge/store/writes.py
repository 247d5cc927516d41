"""The bridge's own cells: what they should say, what was sent, what the board shows.

A cell rests when a read shows the wanted text, and is wanted again when somebody overwrites it.
The same text is not sent twice within two minutes, because reads lag (storage 3).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, bindparam, or_, select, update

from mondaybridge.store import item_rows
from mondaybridge.store.engine import Tx
from mondaybridge.store.tables import board, item
from mondaybridge.store.tables import cell_write as t
from mondaybridge.store.upsert import insert, many, parts

RESEND_MS = 120_000
ATTEMPTS_MAX = 5
WANTED, SENT, SEEN = "wanted", "sent", "seen"


@dataclass(frozen=True, slots=True)
class CellWrite:
    """One of our cells; ``problem`` is monday's last refusal, in a sentence."""

    board_id: str
    item_id: str
    column_id: str
    value: str
    state: str = WANTED
    attempt: int = 0
    sent_at: int = 0
    problem: str = ""


def want(tx: Tx, board_id: str, wanted: Mapping[tuple[str, str], str], *, now: int) -> int:  # noqa: ARG001 - as its callers have it
    """Say what cells should show, by (item, column); return how many must be written."""
    items = sorted({item_id for item_id, _ in wanted})
    known = {(c.item_id, c.column_id): c for c in _of_items(tx, items)}
    shown = item_rows.outputs(tx, items)
    changed = []
    for (item_id, column_id), value in sorted(wanted.items()):
        before = known.get((item_id, column_id))
        if before and (before.value, before.board_id) == (value, board_id):
            continue
        # Once there was a write, the mirror may lag behind what it did: only a read will tell.
        rests = before is None and shown.get(item_id, {}).get(column_id, "") == value
        state = SEEN if rests else WANTED
        changed.append(CellWrite(board_id, item_id, column_id, value, state))
    _store(tx, changed)
    return sum(cell.state == WANTED for cell in changed)


def pending(tx: Tx, board_id: str, now: int) -> list[CellWrite]:
    """Return the cells to be sent now: not shown, not sent just now, not refused too often."""
    return _cells(tx, _query().where(t.c.board_id == board_id, *_sendable(now)))


def due_boards(tx: Tx, now: int) -> list[str]:
    """Return the boards that have cells to be sent now."""
    boards = select(t.c.board_id).join(item, item.c.item_id == t.c.item_id)
    return sorted(set(tx.execute(boards.where(*_sendable(now))).scalars()))


def sent(tx: Tx, cells: Sequence[CellWrite], now: int) -> None:
    """Note, before the call, that exactly these texts are being sent."""
    claimed = {"state": SENT, "sent_at": now, "attempt": t.c.attempt + 1}
    many(tx, _exactly(claimed), [_key(cell) for cell in cells])


def unsent(tx: Tx, cells: Sequence[CellWrite]) -> None:
    """Take a note back: the vendor said that the call was not executed."""
    taken_back = {"state": WANTED, "sent_at": 0, "attempt": t.c.attempt - 1}
    many(tx, _exactly(taken_back, t.c.state == SENT), [_key(cell) for cell in cells])


def seen(tx: Tx, board_id: str, outputs: Mapping[str, Mapping[str, str]]) -> None:
    """Compare with what a read or a write's answer shows, by item and column."""
    changed = []
    for cell in _of_items(tx, sorted(outputs)):
        if cell.board_id != board_id:
            continue
        shows = outputs[cell.item_id].get(cell.column_id, "") == cell.value
        if shows and cell.state != SEEN:
            changed.append(replace(cell, state=SEEN, attempt=0, problem=""))
        elif not shows and cell.state == SEEN:
            again = SENT if cell.sent_at else WANTED
            changed.append(replace(cell, state=again, attempt=0))
    _store(tx, changed)


def refused(tx: Tx, board_id: str, problems: Mapping[str, str], now: int) -> None:
    """Keep why monday refused an item's cells; they stay wanted, for a few times as ``sent``."""
    open_cells = [c for c in _of_items(tx, sorted(problems)) if c.state != SEEN]
    mine = [c for c in open_cells if c.board_id == board_id]
    _store(tx, [replace(c, state=WANTED, problem=problems[c.item_id], sent_at=now) for c in mine])


def stuck(tx: Tx) -> list[CellWrite]:
    """Return the cells that never came to rest and are not tried any more."""
    return _cells(tx, _query().where(t.c.state != SEEN, t.c.attempt >= ATTEMPTS_MAX))


def _sendable(now: int) -> tuple[ColumnElement[bool], ...]:
    """A cell is written where its row still is, on a board whose columns are as mapped."""
    live = select(board.c.board_id).where(board.c.state == "live")
    return (
        t.c.state != SEEN,
        t.c.attempt < ATTEMPTS_MAX,
        or_(t.c.sent_at == 0, t.c.sent_at + RESEND_MS <= now),
        item.c.state == "active",
        item.c.board_id == t.c.board_id,
        t.c.board_id.in_(live),
    )


def _query() -> Select[Any]:
    columns = (t.c[name] for name in CellWrite.__slots__)
    return select(*columns).join(item, item.c.item_id == t.c.item_id)


def _of_items(tx: Tx, items: Sequence[str]) -> list[CellWrite]:
    queries = (_query().where(t.c.item_id.in_(part)) for part in parts(items))
    return [cell for query in queries for cell in _cells(tx, query)]


def _cells(tx: Tx, query: Select[Any]) -> list[CellWrite]:
    cells = (CellWrite(*row) for row in tx.execute(query))
    return sorted(cells, key=lambda c: (c.item_id, c.column_id))


def _store(tx: Tx, cells: Iterable[CellWrite]) -> None:
    statement = insert(tx, t)
    new = statement.excluded
    names = [name for name in CellWrite.__slots__ if name not in {"item_id", "column_id"}]
    put = statement.on_conflict_do_update(
        index_elements=[t.c.item_id, t.c.column_id], set_={name: new[name] for name in names}
    )
    many(tx, put, [{name: getattr(c, name) for name in CellWrite.__slots__} for c in cells])


def _exactly(values: dict[str, Any], *conditions: ColumnElement[bool]) -> Update:
    place = (t.c.item_id == bindparam("of_item"), t.c.column_id == bindparam("of_column"))
    return update(t).where(*place, t.c.value == bindparam("as_wanted"), *conditions).values(values)


def _key(cell: CellWrite) -> dict[str, str]:
    return {"of_item": cell.item_id, "of_column": cell.column_id, "as_wanted": cell.value}
