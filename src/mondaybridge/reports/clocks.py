"""Promises of time that are due soon or were missed, for whoever looks at ``status`` (R18).

Computed from the mirror and written nowhere; requests with time left are on ``package show``.
"""

from typing import Any

from mondaybridge.app import App
from mondaybridge.domain.clocks import ClockState
from mondaybridge.domain.worktime import iso
from mondaybridge.reports.contract import decide

PRESSING = {ClockState.WARNED, ClockState.BREACHED}


def clocks(app: App) -> list[dict[str, Any]]:
    """Return the requests that nobody took up in time or soon will not have, the oldest first."""
    now, found = app.clock.now(), []
    promising = [c for c in app.mapping.contracts if c.promise and c.calendar]
    with app.store.read() as tx:
        for contract in promising:
            decided, rows = decide(tx, contract, now)
            names = {row.activity_id: row.name for row in rows}
            found += [
                {
                    "contract": contract.contract_id,
                    "activity": cell.activity_id,
                    "title": names.get(cell.activity_id, ""),
                    "state": cell.clock.state.value,
                    "due": iso(cell.clock.due_at),
                }
                for cell in decided.cells
                if cell.clock and cell.clock.due_at and cell.clock.state in PRESSING
            ]
    return sorted(found, key=lambda one: (one["due"], one["activity"]))
