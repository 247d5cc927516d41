"""The clock belongs to ``App``: production's is the machine's, the sandbox hands over its own."""

import time
from typing import Protocol


class Clock(Protocol):
    """What tells the time and waits."""

    def now(self) -> int:
        """Return UTC epoch milliseconds."""

    def sleep(self, seconds: float) -> None:
        """Wait for a span of this clock's time."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        """Return UTC epoch milliseconds."""
        return int(time.time() * 1000)

    def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        time.sleep(seconds)
