"""Write the bridge's own cells where they differ, in batches, and take the answers as a read."""

from collections.abc import Sequence

from mondaybridge.app import App
from mondaybridge.monday.errors import RateLimited
from mondaybridge.monday.writes import write_cells
from mondaybridge.store import writes
from mondaybridge.store.writes import CellWrite

BATCH = 10


def write_back(app: App, board_id: str) -> int:
    """Send the cells that are wanted and not yet seen; return how many items were written."""
    with app.store.read() as tx:
        pending = writes.pending(tx, board_id, app.clock.now())
    by_item: dict[str, list[CellWrite]] = {}
    for cell in pending:
        by_item.setdefault(cell.item_id, []).append(cell)
    items = sorted(by_item)
    for start in range(0, len(items), BATCH):
        _send(app, board_id, [c for item in items[start : start + BATCH] for c in by_item[item]])
    return len(items)


def _send(app: App, board_id: str, cells: Sequence[CellWrite]) -> None:
    """Claim cells, write them, and take the answer for what the board shows now."""
    with app.store.write() as tx:
        writes.sent(tx, cells, app.clock.now())
    try:
        answer = write_cells(app.monday, board_id, cells, app.mapping.columns(board_id))
    except RateLimited:
        with app.store.write() as tx:
            writes.unsent(tx, cells)
        raise
    with app.store.write() as tx:
        writes.seen(tx, board_id, answer.outputs)
        writes.refused(tx, board_id, answer.problems, app.clock.now())
