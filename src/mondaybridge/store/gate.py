"""A gate that lets one through at a time, in the order of arrival.

A plain lock goes to whoever asks at the right moment: chunks of a bulk write then starve the
acknowledgement of a webhook (storage 3).
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class FifoGate:
    """First come, first served, between the threads of one process."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[Lock] = deque()
        self._taken = False

    @contextmanager
    def passage(self) -> Iterator[None]:
        """Wait for one's turn, and let the next one in at the end."""
        self._enter()
        try:
            yield
        finally:
            self._leave()

    def _enter(self) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def _leave(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
