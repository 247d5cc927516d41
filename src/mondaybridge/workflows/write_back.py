"""Write the bridge's own cells where they differ, in batches, and take the answers as a read."""

from mondaybridge.app import App
from mondaybridge.monday.writes import write_cells
from mondaybridge.store import writes

BATCH = 10


def write_back(app: App, board_id: str) -> int:
    """Send the cells that are wanted and not yet seen; return how many items were written."""
    now = app.clock.now()
    with app.store.write() as tx:
        pending = writes.pending(tx, board_id, now)
        writes.sent(tx, pending, now)
    by_item: dict[str, list[writes.CellWrite]] = {}
    for cell in pending:
        by_item.setdefault(cell.item_id, []).append(cell)
    items = sorted(by_item)
    for start in range(0, len(items), BATCH):
        batch = [cell for item in items[start : start + BATCH] for cell in by_item[item]]
        answers = write_cells(app.monday, board_id, batch, app.mapping.columns(board_id))
        with app.store.write() as tx:
            writes.seen(tx, board_id, answers.outputs)
            writes.refused(tx, board_id, answers.problems, now)
    return len(items)
