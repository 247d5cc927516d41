"""What monday promises and brings later: parts of a duplicated board (monday.md §7).

A plan is carried out by whoever looks next after its instant; nothing here waits.
"""

from collections.abc import Callable

from mondaybridge.sandbox.world import Clock


class Arrivals:
    """Plans by instant."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._plans: list[tuple[int, Callable[[], None]]] = []

    def plan(self, after_ms: int, act: Callable[[], None]) -> None:
        """Carry something out after a span, or now if there is none."""
        if after_ms <= 0:
            act()
        else:
            self._plans.append((self._clock.now() + after_ms, act))

    def settle(self) -> None:
        """Carry out what is due."""
        now = self._clock.now()
        due = [act for at, act in self._plans if at <= now]
        self._plans = [plan for plan in self._plans if plan[0] > now]
        for act in due:
            act()
