"""A sandbox that counts what it is asked, by kind: what a run costs, and whether one wrote."""

import json
import re
from collections import Counter

from typing_extensions import override

from mondaybridge.sandbox.data import WorldData
from mondaybridge.sandbox.server import Sandbox
from mondaybridge.sandbox.world import Clock, Request, Response

_ID = re.compile(r"/(in|cn|cus|txr|ii|il|evt)_[^/]+")


def changes(request: Request) -> bool:
    """Whether a request to monday may change something; an upload, which is a form, does."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        return True
    asked = str(json.loads(request.body or b"{}").get("query", ""))
    return asked.lstrip().startswith("mutation")


class StageClock:
    """The sandbox's time as the bridge's clock: whoever waits, moves it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> int:
        """Return UTC epoch milliseconds."""
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        """Wait by moving on."""
        self._clock.advance(int(seconds * 1000))

    def set(self, instant: int) -> None:
        """Move to an instant, never backwards."""
        self._clock.set(max(instant, self._clock.now()))


class CountedSandbox(Sandbox):
    """Counts requests: ``calls`` has all of them, ``writes`` those that may change something."""

    def __init__(self, clock: Clock, data: WorldData) -> None:
        super().__init__(clock, data)
        self.calls: Counter[str] = Counter()
        self.writes: Counter[str] = Counter()

    @override
    def handle_monday(self, request: Request) -> Response:
        """Count a request to monday and answer it."""
        if not request.path.startswith("/admin"):
            writes = changes(request)
            self._count(f"monday {'mutation' if writes else 'query'}", writes=writes)
        return super().handle_monday(request)

    @override
    def handle_stripe(self, request: Request) -> Response:
        """Count a request to Stripe and answer it."""
        if not request.path.startswith("/admin"):
            kind = f"stripe {request.method} {_ID.sub('/ID', request.path)}"
            self._count(kind, writes=request.method != "GET")
        return super().handle_stripe(request)

    def _count(self, kind: str, *, writes: bool) -> None:
        with self.lock:
            self.calls[kind] += 1
            self.writes[kind] += writes
