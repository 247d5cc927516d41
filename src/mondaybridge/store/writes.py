"""Cells on the board: what they should say, what was sent, what the board shows.

A cell of the bridge's own rests when a read shows the wanted text, and is wanted again when
somebody overwrites it. A cell of people is written *once* for a decision: whatever they do to it
afterwards is a new fact, which the next review answers, and not within two minutes. The same text
is not sent twice within two minutes either, because reads lag (storage 3).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Update,
    and_,
    bindparam,
    delete,
    not_,
    or_,
    select,
    true,
    update,
)

from mondaybridge.store import board_face, item_rows
from mondaybridge.store.engine import Tx
from mondaybridge.store.package_tables import board_face as faces
from mondaybridge.store.package_tables import notice
from mondaybridge.store.tables import board, item
from mondaybridge.store.tables import cell_write as t
from mondaybridge.store.upsert import insert, many, parts

RESEND_MS = 120_000
PACKAGE_MS = 300_000  # between two writes of the row that shows the package
NAME = "name"
ONCE = "once:"  # how the column of a cell of people is kept
ATTEMPTS_MAX = 5
WANTED, SENT, SEEN = "wanted", "sent", "seen"


@dataclass(frozen=True, slots=True)
class CellWrite:
    """One cell; ``problem`` is monday's last refusal, ``once``: it is a cell of people."""

    board_id: str
    item_id: str
    column_id: str
    value: str
    state: str = WANTED
    attempt: int = 0
    sent_at: int = 0
    problem: str = ""
    once: bool = False


_COLUMNS = tuple(name for name in CellWrite.__slots__ if name != "once")


def want(tx: Tx, board_id: str, wanted: Mapping[tuple[str, str], str], *, now: int) -> int:  # noqa: ARG001 - as its callers have it
    """Say what cells should show, by (item, column); return how many must be written."""
    items = sorted({item_id for item_id, _ in wanted})
    known = {(c.item_id, c.column_id): c for c in _of_items(tx, items) if not c.once}
    shown = item_rows.outputs(tx, items)
    slow = board_face.package_items(tx)
    changed = []
    for (item_id, column_id), value in sorted(wanted.items()):
        before = known.get((item_id, column_id))
        if before and (before.value, before.board_id) == (value, board_id):
            continue
        # Once there was a write, the mirror may lag behind what it did: only a read will tell.
        rests = before is None and shown.get(item_id, {}).get(column_id, "") == value
        state = SEEN if rests else WANTED
        sent_at = before.sent_at if before and item_id in slow else 0
        changed.append(CellWrite(board_id, item_id, column_id, value, state, sent_at=sent_at))
    _store(tx, changed)
    return sum(cell.state == WANTED for cell in changed)


def want_once(
    tx: Tx, board_id: str, wanted: Mapping[tuple[str, str], str], items: Collection[str]
) -> int:
    """Say which cells of people a review of these rows decided to write; the others rest.

    Where the board shows it already, nothing is written; where people changed it back, it is a new
    decision, and the time of the last write stays so that nobody is fought with.
    """
    known = {(c.item_id, c.column_id): c for c in _of_items(tx, sorted(items)) if c.once}
    shown = item_rows.outputs(tx, sorted({item_id for item_id, _ in wanted}))
    changed = []
    for (item_id, column_id), value in sorted(wanted.items()):
        before = known.pop((item_id, column_id), None)
        if shown.get(item_id, {}).get(column_id, "") == value:
            changed += [replace(before, state=SEEN)] if before else []
        elif before is None or before.state == SEEN or _other(before, board_id, value):
            sent_at = before.sent_at if before else 0
            changed.append(
                CellWrite(board_id, item_id, column_id, value, sent_at=sent_at, once=True)
            )
    changed += [replace(c, state=SEEN) for c in known.values() if c.state != SEEN]
    _store(tx, changed)
    return sum(cell.state == WANTED for cell in changed)


def pending(tx: Tx, board_id: str, now: int, *, urgent: bool = False) -> list[CellWrite]:
    """Return the cells to be sent now: not shown, not sent just now, not refused too often.

    ``urgent``: the row of the package does not wait for its next turn.
    """
    query = _PENDING_AT_ONCE if urgent else _PENDING
    return _cells(tx.execute(query, {"of_board": board_id, **_moments(now)}))


def due_boards(tx: Tx, now: int) -> list[str]:
    """Return the boards that have cells to be sent now."""
    return sorted(set(tx.execute(_DUE_BOARDS, _moments(now)).scalars()))


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
        if cell.once and cell.column_id not in outputs[cell.item_id]:
            continue
        shows = outputs[cell.item_id].get(cell.column_id, "") == cell.value
        if shows and cell.state != SEEN:
            changed.append(replace(cell, state=SEEN, attempt=0, problem=""))
        elif not shows and cell.state == SEEN and not cell.once:
            again = SENT if cell.sent_at else WANTED
            changed.append(replace(cell, state=again, attempt=0))
    _store(tx, changed)


def forget(tx: Tx, cells: Sequence[CellWrite]) -> None:
    """Drop cells that may not be written any more."""
    place = (t.c.item_id == bindparam("of_item"), t.c.column_id == bindparam("of_column"))
    keys = [{"of_item": cell.item_id, "of_column": _place(cell)} for cell in cells]
    many(tx, delete(t).where(*place), keys)


def refused(tx: Tx, board_id: str, problems: Mapping[str, str], now: int) -> None:
    """Keep why monday refused an item's cells; they stay wanted, for a few times as ``sent``."""
    open_cells = [c for c in _of_items(tx, sorted(problems)) if c.state != SEEN]
    mine = [c for c in open_cells if c.board_id == board_id]
    _store(tx, [replace(c, state=WANTED, problem=problems[c.item_id], sent_at=now) for c in mine])


def stuck(tx: Tx) -> list[CellWrite]:
    """Return the cells that never came to rest and are not tried any more."""
    return _cells(tx.execute(_CELLS.where(t.c.state != SEEN, t.c.attempt >= ATTEMPTS_MAX)))


def _moments(now: int) -> dict[str, int]:
    return {"resent_before": now - RESEND_MS, "package_before": now - PACKAGE_MS}


def _sendable(*, urgent: bool = False) -> tuple[ColumnElement[bool], ...]:
    """A cell is written where its row still is, on a board whose columns are as mapped.

    A cell of people waits until the comment that explains it stands there; the row of the package
    is written whole, and not often, unless that is urgent.
    """
    live = select(board.c.board_id).where(board.c.state == "live")
    other = t.alias()
    mine = select(other.c.item_id).where(other.c.item_id == t.c.item_id)
    lately = mine.where(other.c.sent_at > bindparam("package_before"))
    pinned = t.c.item_id.in_(select(faces.c.package_item_id))
    told = select(notice.c.item_id).where(
        notice.c.item_id == t.c.item_id,
        notice.c.state != "known",
        notice.c.ended == 0,
        notice.c.problem == "",
        notice.c.attempt < ATTEMPTS_MAX,
    )
    rested = or_(t.c.sent_at == 0, t.c.sent_at <= bindparam("resent_before"))
    unhurried = not_(and_(pinned, lately.exists()))
    if urgent:
        rested, unhurried = or_(rested, and_(pinned, t.c.state == WANTED)), true()
    theirs = and_(t.c.column_id.startswith(ONCE), t.c.column_id != ONCE + NAME)
    return (
        t.c.state != SEEN,
        t.c.attempt < ATTEMPTS_MAX,
        rested,
        item.c.state == "active",
        item.c.board_id == t.c.board_id,
        t.c.board_id.in_(live),
        unhurried,
        not_(and_(theirs, told.exists())),
    )


def _other(before: CellWrite, board_id: str, value: str) -> bool:
    return (before.board_id, before.value) != (board_id, value)


_CELLS = select(*(t.c[name] for name in _COLUMNS)).join(item, item.c.item_id == t.c.item_id)
_AMONG = _CELLS.where(t.c.item_id.in_(bindparam("items", expanding=True)))
_HERE = _CELLS.where(t.c.board_id == bindparam("of_board"))
_PENDING = _HERE.where(*_sendable())
_PENDING_AT_ONCE = _HERE.where(*_sendable(urgent=True))
_DUE_BOARDS = select(t.c.board_id).join(item, item.c.item_id == t.c.item_id).where(*_sendable())


def _of_items(tx: Tx, items: Sequence[str]) -> list[CellWrite]:
    found = (tx.execute(_AMONG, {"items": part}) for part in parts(items))
    return [cell for rows in found for cell in _cells(rows)]


def _cells(rows: Iterable[Sequence[Any]]) -> list[CellWrite]:
    cells = (_cell(CellWrite(*row)) for row in rows)
    return sorted(cells, key=lambda c: (c.item_id, c.column_id))


def _cell(row: CellWrite) -> CellWrite:
    if not row.column_id.startswith(ONCE):
        return row
    return replace(row, column_id=row.column_id.removeprefix(ONCE), once=True)


def _store(tx: Tx, cells: Sequence[CellWrite]) -> None:
    if not cells:
        return
    statement = insert(tx, t)
    new = statement.excluded
    names = [name for name in _COLUMNS if name not in {"item_id", "column_id"}]
    put = statement.on_conflict_do_update(
        index_elements=[t.c.item_id, t.c.column_id], set_={name: new[name] for name in names}
    )
    rows = [{name: getattr(c, name) for name in _COLUMNS} for c in cells]
    many(tx, put, [{**row, "column_id": _place(c)} for row, c in zip(rows, cells, strict=True)])


def _exactly(values: dict[str, Any], *conditions: ColumnElement[bool]) -> Update:
    place = (t.c.item_id == bindparam("of_item"), t.c.column_id == bindparam("of_column"))
    return update(t).where(*place, t.c.value == bindparam("as_wanted"), *conditions).values(values)


def _key(cell: CellWrite) -> dict[str, str]:
    return {"of_item": cell.item_id, "of_column": _place(cell), "as_wanted": cell.value}


def _place(cell: CellWrite) -> str:
    return ONCE + cell.column_id if cell.once else cell.column_id
