"""What both stand-ins share: plain requests and responses, virtual time, faults, deliveries.

A state machine is ``handle(Request) -> Response`` on plain values, so the same machine serves a
socket (``server.py``), an in-process transport and the simulator.
"""

import itertools
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; header names are lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response; header names are lower case."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Dropped(Exception):  # noqa: N818 - what happened to a connection, not a mistake
    """The connection ended without a response; ``executed`` says whether the request ran."""

    def __init__(self, *, executed: bool) -> None:
        super().__init__(f"connection dropped (executed: {executed})")
        self.executed = executed


class Clock:
    """The sandbox's time in UTC epoch milliseconds; moves with the machine only if ``ticking``."""

    def __init__(self, now_ms: int | None = None, *, ticking: bool = False) -> None:
        self._ticking = ticking
        self._offset_ms = 0
        self._at_ms = int(time.time() * 1000)
        if now_ms is not None:
            self.set(now_ms)

    def now(self) -> int:
        """Return UTC epoch milliseconds."""
        return int(time.time() * 1000) + self._offset_ms if self._ticking else self._at_ms

    def set(self, now_ms: int) -> None:
        """Move to an instant, forwards or backwards."""
        self._offset_ms = now_ms - int(time.time() * 1000)
        self._at_ms = now_ms

    def advance(self, milliseconds: int) -> None:
        """Move forwards by a span."""
        self.set(self.now() + milliseconds)


@dataclass(slots=True)
class Fault:
    """What goes wrong with the next ``times`` requests that match.

    ``match`` is a substring of the operation: ``"POST /v1/invoices"`` or a root field of a GraphQL
    document such as ``"items_page"``. ``kind`` names the failure; the machines know the bodies.
    """

    service: Literal["monday", "stripe"]
    kind: str
    match: str = ""
    times: int = 1
    options: dict[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Delivery:
    """One webhook on its way: sent by whoever owns the socket, never from inside a handler."""

    id: str
    url: str
    headers: dict[str, str]
    body: bytes
    not_before: int
    attempt: int = 0


class World:
    """State shared by the stand-ins: clock, faults, outgoing deliveries, seeded ids."""

    def __init__(self, clock: Clock, *, seed: int = 0) -> None:
        self.clock = clock
        self.random = random.Random(seed)  # noqa: S311 - reproducible, not secret
        self.faults: list[Fault] = []
        self.deliveries: list[Delivery] = []
        self._serials = itertools.count(1)

    def serial(self) -> int:
        """Return the next number of a sequence shared by all objects of this world."""
        return next(self._serials)

    def fault(self, service: str, operation: str) -> Fault | None:
        """Take the first fault planned for this operation, if any."""
        for fault in self.faults:
            if fault.service == service and fault.match in operation and fault.times > 0:
                fault.times -= 1
                return fault
        return None
