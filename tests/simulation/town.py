"""A small town under faults: one client, one board, workers that come and go, people who edit."""

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from greenlet import GreenletExit  # type: ignore[import-untyped]  # it has no stubs

from ledgerbook import at
from mondaybridge.app import App, build
from mondaybridge.clock import Clock
from mondaybridge.mapping.load import load
from mondaybridge.mapping.models import Mapping
from mondaybridge.reports.audit import audit
from mondaybridge.sandbox.data import WorldData
from mondaybridge.sandbox.server import Sandbox
from mondaybridge.sandbox.world import Clock as SandboxClock
from mondaybridge.settings import Settings
from mondaybridge.store import mirror
from mondaybridge.store.engine import Store
from mondaybridge.workflows.due import due, run, settle
from simulation.scheduler import Crash, Scheduler, SteppedClock, Wire, Worker, watch

LEASE_AND_A_BIT_MS = 61_000
FROZEN_STEPS = 30
WORKERS = 2

MAPPING = """
version: 1
monday: {account_slug: town}
columns:
  board:
    status: {id: status, new: {6: New}, working: {0: Working}, waiting: {2: Waiting},
             done: {1: Done}, cancelled: {3: Cancelled}}
    estimate: {id: estimate, unit: h}
    actual: {id: time, kind: time_tracking}
    ours: {charged: {id: charged, unit: min}, billing: {id: billing}}
rates:
  hourly: {currency: GBP, tax_rate: txr_20, hourly: [{from: 2026-01-01, amount: "64.99"}]}
clients:
  acme:
    name: Acme
    locale: en
    zone: Europe/London
    stripe_customer: cus_acme
    policies: {close: auto, close_after_days: 2}
    contracts:
      - id: acme-payg
        kind: pay_as_you_go
        bill_from: 2026-10-01
        rate: hourly
        boards: [{id: "100", columns: board}]
"""

COLUMNS = [
    {
        "id": "status",
        "title": "Status",
        "type": "status",
        "settings": {
            "labels": {"0": "Working", "1": "Done", "2": "Waiting", "3": "Cancelled", "6": "New"}
        },
    },
    {"id": "estimate", "title": "Estimate", "type": "numbers"},
    {"id": "time", "title": "Time", "type": "time_tracking"},
    {"id": "charged", "title": "Charged", "type": "numbers"},
    {"id": "billing", "title": "Billing", "type": "text"},
]


@dataclass
class Town:
    """The world of one seed with everything that acts in it."""

    folder: Path
    seed: int
    clock: SandboxClock = field(init=False)
    sandbox: Sandbox = field(init=False)
    scheduler: Scheduler = field(init=False)
    mapping: Mapping = field(init=False)
    sessions: dict[str, str] = field(default_factory=dict)
    items: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.clock = SandboxClock(at("2026-11-03 09:00", "Europe/London"))
        self.sandbox = Sandbox(self.clock, _world(), seed=self.seed)
        self.scheduler = Scheduler(self.seed, self.clock)
        path = self.folder / "mappings.yaml"
        path.write_text(MAPPING)
        self.mapping = load(path)
        humans = self.sandbox.monday.humans
        for number, minutes in enumerate([90, 25, 61], start=1):
            day = at(f"2026-10-0{number + 4} 09:00", "Europe/London")
            item = humans.create_item(board="100", name=f"Task {number}", cells={}, as_user="1")
            self.items.append(item)
            self.sessions[item] = humans.add_session(
                item=item, started_at=day, ended_at=day + minutes * 60_000, as_user="1"
            )

    def app(self, clock: Clock) -> App:
        """Start one process of ours on the shared database."""
        settings = Settings.model_validate(
            {
                "data_dir": str(self.folder),
                "monday": {"token": "token", "api_url": "https://monday.test/v2"},
                "stripe": {"api_key": "sk_test_x", "api_url": "https://stripe.test"},
            }
        )
        return build(
            settings,
            clock=clock,
            mapping=self.mapping,
            monday_transport=Wire(self.scheduler, self.sandbox.handle_monday),
            stripe_transport=Wire(self.scheduler, self.sandbox.handle_stripe),
        )

    def prepare(self) -> None:
        """Create the database and register the mapping once, as ``run`` does at its start."""
        store = Store(
            f"sqlite:///{self.folder / 'mondaybridge.sqlite3'}", clock=SteppedClock(self.scheduler)
        )
        store.upgrade()
        hashes = {
            c.contract_id: self.mapping.config_hash(c.contract_id)
            for client in self.mapping.clients
            for c in client.contracts
        }
        with store.write() as tx:
            mirror.register(tx, self.mapping.clients, hashes)
        store.close()

    def rest(self) -> tuple[str, ...]:
        """Let one undisturbed process finish; return what an audit finds and what is still due."""
        app = self.app(SteppedClock(self.scheduler))
        try:
            for _ in range(3):
                self.clock.advance(180_000)
                settle(app)
            return (*audit(app).findings, *(f"{work.kind} {work.key}" for work in due(app)))
        finally:
            app.close()

    def worker(self, number: int) -> Worker:
        """Make a worker that runs due work until it dies."""

        def body() -> None:
            app = self.app(SteppedClock(self.scheduler))
            watch(app.store.engine, self.scheduler)
            try:
                while True:
                    for work in due(app):
                        run(app, work)
                    self.scheduler.boundary("idle")
            except (Crash, GreenletExit):
                pass
            finally:
                app.close()

        return Worker(f"w{number}", body)


def _world() -> WorldData:
    return WorldData.model_validate(
        {
            "version": 1,
            "monday": {
                "account": {"id": "1", "slug": "town", "name": "Town", "plan": "standard"},
                "users": [{"id": "1", "name": "Staff", "email": "staff@town.test"}],
                "boards": [{"id": "100", "name": "Acme", "columns": COLUMNS}],
            },
            "stripe": {
                "customers": [{"id": "cus_acme", "name": "Acme", "email": "acme@town.test"}],
                "tax_rates": [
                    {"id": "txr_20", "display_name": "VAT", "percentage": 20, "inclusive": False}
                ],
            },
        }
    )


@contextmanager
def town(seed: int) -> Iterator[Town]:
    """Give a fresh town; its files go with it."""
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - commits need no disk here
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        random.seed(seed)  # the clients' jitter, too
        one = Town(Path(folder), seed)
        one.prepare()
        yield one
