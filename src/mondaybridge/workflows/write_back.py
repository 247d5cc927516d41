"""Write on a board what is wanted there: comments first, then cells in batches of ten items.

Only columns of the allow-list are ever sent (S22); each answer of a write is taken as a read. A
cell of people is read just before it is written: what they did since the decision comes first.
"""

from collections.abc import Mapping, Sequence

from mondaybridge.app import App
from mondaybridge.monday.columns import own_columns
from mondaybridge.monday.errors import RateLimited
from mondaybridge.monday.writes import write_cells
from mondaybridge.store import ledger, mirror, notices, off_columns, writes
from mondaybridge.store.engine import Tx
from mondaybridge.store.writes import CellWrite
from mondaybridge.workflows import comments, package_row
from mondaybridge.workflows.read import read_rows
from mondaybridge.workflows.showing import allowed_columns

Outputs = Mapping[str, Mapping[str, str]]
BATCH = 10


def due_boards(tx: Tx, app: App, now: int) -> set[str]:
    """Return the boards where something is to be made, said or written now."""
    made = package_row.missing(tx, app, now)
    return {*made, *notices.due_boards(tx, now), *writes.due_boards(tx, now)}


def write_back(app: App, board_id: str, *, urgent: bool = False) -> int:
    """Say and write what is wanted and not yet seen; return how many items' cells were written.

    ``urgent``: also the row of the package, which otherwise is written every five minutes at most.
    """
    later = package_row.make(app, board_id)
    later = comments.say(app, board_id) or later
    written = _write_cells(app, board_id, urgent=urgent)
    if later:
        raise later
    return written


def allowed(app: App, board_id: str) -> frozenset[str]:
    """Return the columns that may be written on a board."""
    columns = app.mapping.columns(board_id)
    return allowed_columns(app.mapping.contract_of(board_id), columns, own_columns(columns))


def _write_cells(app: App, board_id: str, *, urgent: bool) -> int:
    with app.store.read() as tx:
        may = allowed(app, board_id) - off_columns.of(tx, board_id)
        pending = writes.pending(tx, board_id, app.clock.now(), urgent=urgent)
    foreign = [cell for cell in pending if cell.column_id not in may]
    if foreign:  # wanted before the mapping or the board changed
        with app.store.write() as tx:
            writes.forget(tx, foreign)
    by_item: dict[str, list[CellWrite]] = {}
    for cell in pending:
        if cell.column_id in may:
            by_item.setdefault(cell.item_id, []).append(cell)
    items = sorted(by_item)
    for start in range(0, len(items), BATCH):
        batch = [c for item in items[start : start + BATCH] for c in by_item[item]]
        _send(app, board_id, _unchanged(app, board_id, batch), may)
    return len(items)


def _unchanged(app: App, board_id: str, cells: Sequence[CellWrite]) -> list[CellWrite]:
    """Leave out what people changed since it was decided: a client's answer is never overwritten.

    What was read is applied, so that the next review decides anew (R19, R25).
    """
    theirs = sorted({cell.item_id for cell in cells if cell.once})
    if not theirs:
        return list(cells)
    with app.store.read() as tx:
        seen = mirror.outputs(tx, board_id)
        due = ledger.due_reviews(tx, app.clock.now())
    if app.mapping.contract_of(board_id).contract_id in due:  # something is known to be newer
        return [cell for cell in cells if not cell.once]
    here = {r.activity.activity_id: dict(r.outputs) for r in read_rows(app, board_id, theirs)}
    return [cell for cell in cells if not cell.once or _same(cell, seen, here)]


def _same(cell: CellWrite, seen: Outputs, here: Outputs) -> bool:
    """Whether a cell shows what it showed when it was decided upon, as far as monday tells."""
    before, after = seen.get(cell.item_id, {}), here.get(cell.item_id)
    return after is None or before.get(cell.column_id, "") == after.get(cell.column_id, "")


def _send(app: App, board_id: str, cells: Sequence[CellWrite], may: frozenset[str]) -> None:
    """Claim cells, write them, and take the answer for what the board shows now."""
    if not cells:
        return
    with app.store.write() as tx:
        writes.sent(tx, cells, app.clock.now())
    columns = app.mapping.columns(board_id)
    try:
        answer = write_cells(app.monday, board_id, cells, columns, allowed=may)
    except RateLimited:
        with app.store.write() as tx:
            writes.unsent(tx, cells)
        raise
    with app.store.write() as tx:
        writes.seen(tx, board_id, answer.outputs)
        writes.refused(tx, board_id, answer.problems, app.clock.now())
