"""Processes of ours on one database: composed once, restarted by forgetting, watched everywhere.

What a process remembers are attributes of its clients, so a restart is copies of clients that were
never used; composing it anew a hundred times a seed would only compile the same SQL again.
"""

import random
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from sqlalchemy import event

from mondaybridge.app import App, build
from mondaybridge.mapping.models import Mapping
from mondaybridge.sandbox.server import Sandbox
from mondaybridge.sandbox.world import Clock, Dropped, Fault, Request, Response
from mondaybridge.settings import Settings
from mondaybridge.store import mirror
from simulation.scheduler import Scheduler

MACHINES = 3  # two workers, and the person at the command line
SMALL_PAGE, SMALL_LIST = 4, 1  # rows: what comes on a second page must count as well
AS_SANDBOX = {
    "saved_500": "saved_500",
    "saved_500_applied": "saved_500_applied",
    "error_500_unsaved": "server_error_unsaved",
    "key_in_use": "in_use",
    "rate_limit_stripe": "rate_limit",
    "lock_timeout_stripe": "lock_timeout",
    "daily_limit_monday": "daily_limit",
    "error_500_monday": "server_error",
    "partial_answer": "partial",
    "cursor_expired": "cursor_expired",
}
SEVERAL = {
    "rate_limit_monday": ("minute_limit", "complexity", "complexity_legacy", "concurrency"),
    "empty_answer": ("null_data", "empty_data", "garbage"),
}
LOST = ("lost_request_stripe", "lost_request_monday")
UNANSWERED = ("lost_answer_stripe", "lost_answer_monday")

OPERATION = re.compile(rb'"operationName":"(\w+)"')

Spy = Callable[[str, Request, Response], None]


@dataclass(slots=True)
class Stage:
    """The world that the machines stand in now; another seed puts another one here."""

    scheduler: Scheduler
    sandbox: Sandbox
    clock: Clock
    small_pages: bool = False
    skew_ms: int = 0
    spy: Spy = field(default=lambda *_: None)


class Wire(httpx.BaseTransport):
    """The way to a stand-in: what gets lost, cut or refused on it is the scheduler's command."""

    def __init__(self, service: str, stage: Callable[[], Stage], name: str) -> None:
        self._service = service
        self._stage = stage
        self._name = name

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        stage = self._stage()
        plain = _plain(request)
        where = f"{self._service} {_named(plain)}"
        command = stage.scheduler.boundary(f"> {where}")
        if command in LOST:
            raise httpx.ConnectError("the request was lost", request=request)
        try:
            answer = self._answered(stage, plain, command)
        except Dropped as dropped:
            raise httpx.ReadTimeout(str(dropped), request=request) from dropped
        stage.spy(self._name, plain, answer)
        command = stage.scheduler.boundary(f"< {where} {answer.status}")
        if command in UNANSWERED:
            raise httpx.ReadTimeout("the answer was lost", request=request)
        body = answer.body[: len(answer.body) // 2] if command == "page_cut" else answer.body
        return httpx.Response(answer.status, headers=dict(answer.headers), content=body)

    def _answered(self, stage: Stage, request: Request, command: str) -> Response:
        kind = AS_SANDBOX.get(command, "")
        if command in SEVERAL:
            kind = stage.scheduler.random.choice(SEVERAL[command])
        planned = [Fault(self._service, kind)] if kind else []  # type: ignore[arg-type]  # one of the two
        stage.sandbox.world.faults.extend(planned)
        handle = getattr(stage.sandbox, f"handle_{self._service}")
        try:
            answer: Response = handle(_smaller(request) if stage.small_pages else request)
        finally:
            for one in planned:
                stage.sandbox.world.faults.remove(one)
        return answer


class SteppedClock:
    """The world's clock as one machine sees it: a little wrong at times, and sleep is a boundary.

    To sleep is to let the others act meanwhile.
    """

    def __init__(self, stage: Callable[[], Stage]) -> None:
        self._stage = stage

    def now(self) -> int:
        stage = self._stage()
        return stage.clock.now() + stage.skew_ms

    def sleep(self, seconds: float) -> None:
        stage = self._stage()
        stage.clock.advance(int(seconds * 1000))
        stage.scheduler.boundary("sleep")


class Machines:
    """All processes of one run of the simulator, with the one database they share."""

    def __init__(self) -> None:
        memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - commits need no disk here
        self._room = tempfile.TemporaryDirectory(dir=memory, prefix="simulation-")
        self.folder = Path(self._room.name)
        self.file = self.folder / "mondaybridge.sqlite3"
        self.backup = self.folder / "backup.sqlite3"
        self._template = self.folder / "template.sqlite3"
        self._stage: Stage | None = None
        self._restarts = 0
        self.apps: list[App] = []
        self._unused: list[App] = []
        self._open: list[sqlite3.Connection] = []
        self._peeking: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for app in self.apps:
            app.close()
        self._room.cleanup()

    def stage(self) -> Stage:
        if self._stage is None:
            raise AssertionError("no world is played")
        return self._stage

    def start(self, stage: Stage, mapping: Mapping) -> None:
        """Put the machines into a world: a fresh database, the mapping registered."""
        self._stage = stage
        if not self.apps:
            self._unused = [self._composed(number, mapping) for number in range(MACHINES)]
            self.apps = [*self._unused]
            self._halt()
            shutil.copyfile(self.file, self._template)
        self._halt()
        shutil.copyfile(self._template, self.file)
        self._restarts = 0
        self.apps = [replace(app, mapping=mapping) for app in self._unused]
        for number in range(MACHINES):
            self.restarted(number)
        hashes = {c.contract_id: mapping.config_hash(c.contract_id) for c in mapping.contracts}
        with self.apps[0].store.write() as tx:
            mirror.register(tx, mapping.clients, hashes)
        random.seed(stage.scheduler.random.random())  # the clients' jitter, too

    def restarted(self, number: int) -> App:
        """Return a machine as a new process: nothing of the old one holds a lease."""
        self._restarts += 1
        new = self._unused[number]
        self.apps[number] = replace(
            new,
            mapping=self.apps[number].mapping,
            holder=f"holder{self._restarts}",
            monday=copy(new.monday),
            stripe=copy(new.stripe),
        )
        return self.apps[number]

    def peek(self, query: str) -> list[tuple[int | str, ...]]:
        """Ask the database past all doors; for the scheduler's own use."""
        if self._peeking is None:
            self._peeking = sqlite3.connect(self.file, isolation_level=None)
            self._open.append(self._peeking)
        return self._peeking.execute(query).fetchall()

    def lease_of(self, machine: str, client_id: str) -> tuple[str, str, int]:
        """Return the process that runs on a machine, and who holds a client's lease since when."""
        query = f"select holder, token from lease where key = 'client:{client_id}'"  # noqa: S608 - our own words
        held = self.peek(query) or [("", 0)]
        return self.apps[int(machine[1:])].holder, str(held[0][0]), int(held[0][1])

    def back_up(self) -> None:
        """Copy the database as an operator would, by SQLite's own means."""
        source, target = sqlite3.connect(self.file), sqlite3.connect(self.backup)
        try:
            source.backup(target)
        finally:
            source.close()
            target.close()

    def restore(self) -> None:
        """Put the last copy in the database's place; every process must have ended."""
        self._halt()
        shutil.copyfile(self.backup, self.file)

    def busy(self) -> sqlite3.Connection:
        """Hold the database's write lock as another program would, until closed."""
        connection = sqlite3.connect(self.file, isolation_level=None)
        connection.execute("begin immediate")
        return connection

    def _halt(self) -> None:
        """Close every connection, those of processes that died in the middle too."""
        for app in self.apps:
            app.store.close()
        for connection in self._open:
            connection.close()
        self._open.clear()
        self._peeking = None
        for suffix in ("-wal", "-shm"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)

    def _composed(self, number: int, mapping: Mapping) -> App:
        settings = Settings.model_validate(
            {
                "data_dir": str(self.folder),
                "monday": {"token": "token", "api_url": "https://monday.test/v2"},
                "stripe": {"api_key": "sk_test_x", "api_url": "https://stripe.test"},
            }
        )
        app = build(
            settings,
            clock=SteppedClock(self.stage),
            mapping=mapping,
            monday_transport=Wire("monday", self.stage, f"m{number}"),
            stripe_transport=Wire("stripe", self.stage, f"m{number}"),
        )
        engine = app.store.engine
        engine.dispose()
        event.listen(engine, "connect", self._opened)
        event.listen(engine, "checkout", lambda *_: self._passed("begin"))
        event.listen(engine, "checkin", lambda *_: self._passed("end"))
        return app

    def _opened(self, connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("pragma busy_timeout=0")  # whoever holds the lock does so for the step
        self._open.append(connection)

    def _passed(self, label: str) -> None:
        self.stage().scheduler.boundary(label)


def _plain(request: httpx.Request) -> Request:
    return Request(
        request.method,
        request.url.path,
        request.url.query.decode(),
        {name.lower(): value for name, value in request.headers.items()},
        request.read(),
    )


def _named(request: Request) -> str:
    """Name a request: Stripe's by method and path, monday's by its document."""
    if request.path.startswith("/v1/"):
        return f"{request.method} {request.path}"
    found = OPERATION.search(request.body)
    return found[1].decode() if found else "file"


def _smaller(request: Request) -> Request:
    """Ask for small pages where large ones were asked for: nothing may depend on their size."""
    smaller = request.body.replace(b'"limit":500', b'"limit":%d' % SMALL_PAGE)
    query = request.query.replace("limit=100", f"limit={SMALL_LIST}")
    return replace(request, body=smaller, query=query)
