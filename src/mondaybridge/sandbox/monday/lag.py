"""Delayed consistency: for a while after a change, reads show what was before (monday.md §4)."""

import copy

from mondaybridge.sandbox.monday.boards import MondayState
from mondaybridge.sandbox.world import World

DEFAULT_MS = 15_000


class Lag:
    """A planned ``read_lag`` fault begins with the next change and ends by the clock."""

    def __init__(self, world: World, state: MondayState) -> None:
        self._world = world
        self._state = state
        self._before: MondayState | None = None
        self._until = 0

    def begin(self) -> None:
        """Called before every change: keep the state as it is if a lag was planned."""
        for fault in self._world.faults:
            if fault.service == "monday" and fault.kind == "read_lag" and fault.times > 0:
                fault.times -= 1
                span = fault.options.get("ms", DEFAULT_MS)
                self._until = self._world.clock.now() + int(str(span))
                self._before = copy.deepcopy(self._state)
                return

    def seen(self) -> MondayState:
        """Return the state that a read sees now."""
        if self._before is not None and self._world.clock.now() < self._until:
            return self._before
        self._before = None
        return self._state
