"""Promises of time that run, are due soon or were missed, for whoever looks at ``status`` (R18).

Computed from the mirror and written nowhere. One that was kept is not told; one that was missed is
told until its work is over.
"""

from typing import Any

from mondaybridge.app import App
from mondaybridge.domain.activity import Activity, Presence, Status
from mondaybridge.domain.clocks import Clock, ClockState
from mondaybridge.domain.worktime import iso
from mondaybridge.reports.contract import decide

OPEN = {ClockState.RUNNING, ClockState.WARNED, ClockState.BREACHED}
ENDED = {Status.DONE, Status.CANCELLED}


def clocks(app: App) -> list[dict[str, Any]]:
    """Return the requests that nobody took up yet, or not in time, the most pressing first."""
    now, found = app.clock.now(), []
    promising = [c for c in app.mapping.contracts if c.promise and c.calendar]
    with app.store.read() as tx:
        for contract in promising:
            decided, rows = decide(tx, contract, now)
            by_id = {row.activity_id: row for row in rows}
            found += [
                _line(contract.contract_id, by_id[cell.activity_id], cell.clock, cell.clock.due_at)
                for cell in decided.cells
                if cell.clock and cell.clock.due_at and _told(cell.clock, by_id[cell.activity_id])
            ]
    return sorted(found, key=lambda one: (one["due"], one["activity"]))


def _told(seen: Clock, row: Activity) -> bool:
    if row.presence is not Presence.ACTIVE:
        return False
    return seen.state in OPEN or (seen.state is ClockState.LATE and row.status not in ENDED)


def _line(contract_id: str, row: Activity, seen: Clock, due_at: int) -> dict[str, Any]:
    return {
        "contract": contract_id,
        "activity": row.activity_id,
        "title": row.name,
        "state": seen.state.value,
        "received": iso(seen.received_at),
        "due": iso(due_at),
        "taken_up": iso(seen.stopped_at) if seen.stopped_at else "",
    }
