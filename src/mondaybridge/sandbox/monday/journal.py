"""The activity log of each board: who changed what, newest last, as long as monday keeps it.

A row is written by whoever changes the state and never changes itself. The log is no second truth:
switches let it lose rows, and monday's own did (monday.md §4).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from mondaybridge.sandbox.monday.boards import LogRow, MondayState, number
from mondaybridge.sandbox.monday.switches import Switches
from mondaybridge.sandbox.world import World

TICKS_PER_MS = 10_000
"""monday counts in ten-millionths of a second (monday.md §4)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row is made of."""

    board_id: str
    event: str
    entity: str
    user_id: str
    data: Mapping[str, object]
    item_id: str | None = None
    column_id: str | None = None
    group_id: str | None = None


class Journal:
    """Writes the logs of an account."""

    def __init__(self, world: World, state: MondayState, switches: Switches) -> None:
        self._world = world
        self._state = state
        self._switches = switches
        self._written = 0
        self._last = (0, 0)

    def write(self, entry: Entry) -> None:
        """Append a row; the oldest one goes when the board holds too many."""
        self._written += 1
        lost = self._switches.logs_lose_every
        if lost and self._written % lost == 0:
            return
        data = {"board_id": number(entry.board_id), **entry.data}
        if entry.column_id is not None:
            data["column_id"] = entry.column_id
        rows = self._state.logs.setdefault(entry.board_id, [])
        rows.append(
            LogRow(
                id=f"{self._world.serial():08x}-log",
                board_id=entry.board_id,
                event=entry.event,
                entity=entry.entity,
                user_id=entry.user_id,
                created_at=self._ticks(),
                data=msgspec.json.encode(data).decode(),
                item_id=entry.item_id,
                column_id=entry.column_id,
                group_id=entry.group_id,
            )
        )
        del rows[: max(0, len(rows) - self._switches.logs_kept)]

    def _ticks(self) -> str:
        """Return now in 17 digits, later than every row of the same millisecond."""
        now, (before, ticks) = self._world.clock.now(), self._last
        self._last = (now, ticks + 1 if now == before else 0)
        return f"{now * TICKS_PER_MS + self._last[1] % TICKS_PER_MS:017}"
