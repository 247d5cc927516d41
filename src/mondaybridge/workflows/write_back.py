"""Write on a board what is wanted there: comments first, then cells in batches of ten items.

Only columns of the allow-list are ever sent (S22); each answer of a write is taken as a read.
"""

from collections.abc import Sequence

from mondaybridge.app import App
from mondaybridge.monday.columns import own_columns
from mondaybridge.monday.errors import RateLimited
from mondaybridge.monday.writes import write_cells
from mondaybridge.store import notices, off_columns, writes
from mondaybridge.store.engine import Tx
from mondaybridge.store.writes import CellWrite
from mondaybridge.workflows import comments, package_row
from mondaybridge.workflows.showing import allowed_columns

BATCH = 10


def due_boards(tx: Tx, app: App, now: int) -> set[str]:
    """Return the boards where something is to be made, said or written now."""
    made = package_row.missing(tx, app, now)
    return {*made, *notices.due_boards(tx, now), *writes.due_boards(tx, now)}


def write_back(app: App, board_id: str) -> int:
    """Say and write what is wanted and not yet seen; return how many items' cells were written."""
    later = package_row.make(app, board_id)
    later = comments.say(app, board_id) or later
    written = _write_cells(app, board_id)
    if later:
        raise later
    return written


def allowed(app: App, board_id: str) -> frozenset[str]:
    """Return the columns that may be written on a board."""
    columns = app.mapping.columns(board_id)
    return allowed_columns(app.mapping.contract_of(board_id), columns, own_columns(columns))


def _write_cells(app: App, board_id: str) -> int:
    with app.store.read() as tx:
        may = allowed(app, board_id) - off_columns.of(tx, board_id)
        pending = writes.pending(tx, board_id, app.clock.now())
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
        _send(app, board_id, batch, may)
    return len(items)


def _send(app: App, board_id: str, cells: Sequence[CellWrite], may: frozenset[str]) -> None:
    """Claim cells, write them, and take the answer for what the board shows now."""
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
