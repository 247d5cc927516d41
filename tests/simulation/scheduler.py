"""Synchronous product code under a seeded scheduler: one greenlet a worker, one OS thread.

Boundaries are where anything may interleave: before a request reaches a stand-in, before its
answer comes back, before a transaction begins and after it ended, and the clock's sleep. Nothing
in ``src`` knows of them.
"""

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable

import greenlet  # type: ignore[import-untyped]  # it has no stubs
import httpx
from sqlalchemy import Engine, event

from mondaybridge.sandbox.world import Clock, Dropped, Request, Response


class Crash(BaseException):
    """The process dies here: no handler of ordinary errors may see it."""


class Worker:
    """One process of ours, as the scheduler sees it."""

    def __init__(self, name: str, body: Callable[[], None]) -> None:
        self.name = name
        self.asleep_until = 0
        self.greenlet = greenlet.greenlet(lambda _command: body(), greenlet.getcurrent())

    @property
    def dead(self) -> bool:
        return bool(self.greenlet.dead)


class Scheduler:
    """Who runs next and what goes wrong at each boundary, from one seed."""

    def __init__(self, seed: int, clock: Clock) -> None:
        self.random = random.Random(seed)  # noqa: S311 - reproducible, not secret
        self.clock = clock
        self.calm = False
        self.trace: list[tuple[str, str, str]] = []
        self.faults: Counter[str] = Counter()
        self._dying: set[object] = set()

    def boundary(self, label: str) -> str:
        """Hand the baton to the scheduler; come back with its command."""
        current = greenlet.getcurrent()
        if current.parent is None:
            return "go"
        if current in self._dying:
            raise Crash(label)  # a dead process tidies nothing up: no lease is given back
        command = str(current.parent.switch(label))
        if command == "crash":
            self._dying.add(current)
            raise Crash(label)
        return command

    def step(self, worker: Worker) -> str:
        """Let a worker run to its next boundary, with a command drawn for the one it stands at."""
        command = self._draw()
        self.faults[command] += 1
        label = str(worker.greenlet.switch(command))
        self.trace.append((worker.name, command, label))
        return label

    def crash(self, worker: Worker) -> None:
        """End a worker where it stands."""
        worker.greenlet.switch("crash")

    def digest(self) -> str:
        """Return a hash that equals another run's if every step was the same."""
        return hashlib.sha256(json.dumps(self.trace).encode()).hexdigest()

    def _draw(self) -> str:
        chance = self.random.random()
        if self.calm or chance > 0.11:
            return "go"
        return "crash" if chance < 0.03 else "lost"


class Wire(httpx.BaseTransport):
    """The way to a stand-in: a request may be lost before it, an answer after it."""

    def __init__(self, scheduler: Scheduler, handle: Callable[[Request], Response]) -> None:
        self._scheduler = scheduler
        self._handle = handle

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        where = f"{request.method} {request.url.path}"
        if self._scheduler.boundary(f"> {where}") == "lost":
            raise httpx.ConnectError("the request was lost", request=request)
        try:
            answer = self._handle(_plain(request))
        except Dropped as dropped:
            raise httpx.ReadTimeout(str(dropped), request=request) from dropped
        if self._scheduler.boundary(f"< {answer.status} {where}") == "lost":
            raise httpx.ReadTimeout("the answer was lost", request=request)
        return httpx.Response(answer.status, headers=dict(answer.headers), content=answer.body)


class SteppedClock:
    """The sandbox's clock as a worker sees it: sleeping is a boundary."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    def now(self) -> int:
        return self._scheduler.clock.now()

    def sleep(self, seconds: float) -> None:
        self._scheduler.clock.advance(int(seconds * 1000))
        self._scheduler.boundary("sleep")


def watch(engine: Engine, scheduler: Scheduler) -> None:
    """Make the start and the end of every transaction a boundary."""
    event.listen(engine, "checkout", lambda *_: scheduler.boundary("begin") and None)
    event.listen(engine, "checkin", lambda *_: scheduler.boundary("end") and None)


def _plain(request: httpx.Request) -> Request:
    return Request(
        request.method,
        request.url.path,
        request.url.query.decode(),
        {name.lower(): value for name, value in request.headers.items()},
        request.read(),
    )
