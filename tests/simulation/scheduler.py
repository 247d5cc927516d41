"""Synchronous product code under a seeded scheduler: one greenlet a worker, one OS thread.

Boundaries are where anything may interleave: before a request reaches a stand-in, before its
answer comes back, before a transaction begins and after it ended, and the clock's sleep. Nothing
in ``src`` knows of them.
"""

import hashlib
import random
from collections import Counter, deque
from collections.abc import Callable

import greenlet  # type: ignore[import-untyped]  # it has no stubs

from simulation.faults import Swarm

KEPT_STEPS = 400


class Crash(BaseException):
    """The process dies here: no handler of ordinary errors may see it."""


class Worker:
    """One process of ours, as the scheduler sees it: where it stands, and whether it sleeps."""

    def __init__(self, name: str, machine: int, body: Callable[[], None]) -> None:
        self.name = name
        self.machine = machine
        self.label = "start"
        self.asleep_until = 0
        self.greenlet = greenlet.greenlet(lambda _command: body(), greenlet.getcurrent())

    @property
    def dead(self) -> bool:
        return self.label == "dead" or bool(self.greenlet.dead)

    @property
    def idle(self) -> bool:
        return self.label == "idle"


class Scheduler:
    """Who runs next and what goes wrong at each boundary, from one seed."""

    def __init__(self, seed: int, faults: Swarm) -> None:
        self.random = random.Random(seed)  # noqa: S311 - reproducible, not secret
        self.faults = faults
        self.calm = False
        self.steps = 0
        self.fired: Counter[str] = Counter()
        self.trace: deque[str] = deque(maxlen=KEPT_STEPS)
        self._hash = hashlib.sha256()
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
        command = self._draw(worker.label)
        if command != "go":
            self.fired[command] += 1
        label = worker.greenlet.switch(command)
        worker.label = "dead" if worker.dead else str(label)
        self.note(f"{worker.name} {command} -> {worker.label}")
        return command

    def crash(self, worker: Worker) -> None:
        """End a worker where it stands; one that never began does not begin now."""
        if not worker.dead and worker.greenlet:
            worker.greenlet.switch("crash")
        worker.label = "dead"

    def note(self, what: str) -> None:
        """Write one thing that happened into the trace."""
        self.steps += 1
        self.trace.append(what)
        self._hash.update(what.encode() + b"\n")

    def happens(self, name: str) -> bool:
        """Draw whether a fault that belongs to no boundary happens now, and count it."""
        chance = 0.0 if self.calm else self.faults.chance(name)
        if not chance or self.random.random() >= chance:
            return False
        self.fired[name] += 1
        return True

    def digest(self) -> str:
        """Return a hash that equals another run's if every step was the same."""
        return self._hash.hexdigest()

    def _draw(self, label: str) -> str:
        if self.calm:
            return "go"
        possible = self.faults.at(label)
        if not possible:
            return "go"
        left = self.random.random()
        for name, rate in possible:
            if left < rate:
                return name
            left -= rate
        return "go"
