"""A story's house: the agency's world, the bridge in process on its clock, and plain questions.

People act through the sandbox; the bridge does only what is due. Answers are plain tuples, so that
a story can be compared whole.
"""

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ledgerbook import at
from mondaybridge.app import App, build
from mondaybridge.demo.counted import StageClock, changes
from mondaybridge.domain.admission import Activation
from mondaybridge.mail.mailer import FOLDER
from mondaybridge.mapping.load import load
from mondaybridge.reports import status as reports
from mondaybridge.reports.audit import audit
from mondaybridge.sandbox.monday.humans import Humans
from mondaybridge.sandbox.monday.updates import plain_text
from mondaybridge.sandbox.server import Sandbox, transport
from mondaybridge.sandbox.stripe.humans import StripeHumans
from mondaybridge.sandbox.stripe.models import Totals
from mondaybridge.sandbox.world import Clock, Fault, Request, Response
from mondaybridge.settings import Settings
from mondaybridge.store import facts, ledger
from mondaybridge.store.engine import Store
from mondaybridge.workflows import close, plan
from mondaybridge.workflows.due import settle
from mondaybridge.workflows.held import held_lines
from mondaybridge.workflows.read import read_whole
from mondaybridge.workflows.start import start
from stories import town

MINUTE = 60_000
ROME, LONDON = "Europe/Rome", "Europe/London"

Held = tuple[str, str, str, int]
"""Activity, month, reason, minutes."""


@dataclass
class House:
    """One story's world; ``zone`` is where its times are told."""

    folder: Path
    mapping: str
    url: str
    zone: str = ROME
    calls: Counter[str] = field(default_factory=Counter)
    sandbox: Sandbox = field(init=False)
    clock: StageClock = field(init=False)
    app: App = field(init=False)

    def __post_init__(self) -> None:
        self.sandbox = Sandbox(Clock(), town.world())
        self.clock = StageClock(self.sandbox.world.clock)
        self.open()

    def open(self) -> None:
        """Start a process of ours, as ``run`` does: mapping, account, registered terms."""
        path = self.folder / "mappings.yaml"
        path.write_text(self.mapping)
        self.app = build(
            self.settings(),
            clock=self.clock,
            mapping=load(path),
            monday_transport=transport(self._monday),
            stripe_transport=transport(self._stripe),
        )
        start(self.app)

    def reopen(self, mapping: str | None = None) -> None:
        """Stop, and start again with another mapping; what cannot be started stays stopped."""
        self.app.close()
        self.mapping = mapping or self.mapping
        self.open()

    def settings(self) -> Settings:
        """Return settings that point at this house."""
        return Settings.model_validate(
            {
                "database_url": self.url,
                "data_dir": str(self.folder),
                "mappings": str(self.folder / "mappings.yaml"),
                "monday": {"token": "token", "api_url": "https://monday.test/v2"},
                "stripe": {"api_key": "sk_test_x", "api_url": "https://stripe.test"},
            }
        )

    # What people do

    @property
    def people(self) -> Humans:
        """The people at monday's screens."""
        return self.sandbox.monday.humans

    @property
    def cashier(self) -> StripeHumans:
        """The people at Stripe's dashboard."""
        return self.sandbox.stripe.humans

    def go(self, moment: str) -> None:
        """Let it become a local date and time."""
        self.clock.set(at(moment, self.zone))

    def wait(self, minutes: int) -> None:
        """Let minutes pass."""
        self.clock.sleep(minutes * 60)

    def row(
        self,
        name: str,
        hours: str | None = None,
        *,
        board: str = town.HOURS,
        approved: bool = True,
        status: int = town.WORKING,
        typed: str | None = None,
    ) -> str:
        """Write a new row and return its id."""
        cells: dict[str, object] = {town.STATUS: {"index": status}}
        if hours is not None:
            cells[town.ESTIMATE] = hours
        if approved:
            cells[town.APPROVAL] = {"index": town.APPROVED}
        if typed is not None:
            cells[town.TYPED] = typed
        return self.people.create_item(board=board, name=name, cells=cells, as_user=town.STAFF)

    def work(self, item: str, begins: str, minutes: int, *, seconds: int = 0) -> str:
        """Track a finished session and return its id."""
        begin = at(begins, self.zone)
        return self.people.add_session(
            item=item,
            started_at=begin,
            ended_at=begin + minutes * MINUTE + seconds * 1000,
            as_user=town.STAFF,
        )

    def rework(self, item: str, session: str, minutes: int) -> None:
        """Correct how long a session was."""
        found = next(
            one
            for one in self.sandbox.monday.state.items[item].sessions[town.TIME]
            if one.id == session
        )
        self.people.edit_session(
            item=item,
            session=session,
            ended_at=found.started_at + minutes * MINUTE,
            as_user=town.STAFF,
        )

    def edit(self, item: str, column: str, value: object) -> None:
        """Type into a cell, or choose a label by its id."""
        chosen = {"index": value} if isinstance(value, int) else value
        self.people.edit_cell(item=item, column=column, value=chosen, as_user=town.STAFF)

    def approve(self, row: str, *, user: str = town.GUEST) -> None:
        """Choose Approved, as the client; who has it already takes it out first."""
        cell = self.sandbox.monday.state.items[row].cells.get(town.APPROVAL)
        chosen: list[object] = [{"index": town.APPROVED}]
        for value in [None, *chosen] if cell else chosen:
            self.people.edit_cell(item=row, column=town.APPROVAL, value=value, as_user=user)

    def confirm(self, row: str) -> None:
        """Let the client read what we said on a row, confirm it, and let us see it (R15)."""
        self.wait(1)
        self.sweep()
        self.approve(row)
        self.wait(1)
        self.sweep()

    def fault(
        self, service: str, kind: str, match: str = "", times: int = 1, **how: object
    ) -> None:
        """Plan what goes wrong with the next matching requests."""
        self.sandbox.world.faults.append(
            Fault(service, kind, match, times, dict(how))  # type: ignore[arg-type]  # one of two
        )

    # What the bridge does

    def settle(self) -> int:
        """Do what is due at this moment."""
        return settle(self.app)

    def sweep(self) -> None:
        """Read every board in full, and do all that follows."""
        for board in self.app.mapping.board_ids:
            read_whole(self.app, board)
        self.settle()

    def preview(self, period: str, client: str) -> plan.Preview:
        """Plan one client's month."""
        return plan.preview(self.app, period, [client])[0]

    def close(self, period: str, client: str = "") -> list[plan.Preview]:
        """Preview a month and apply what it shows, for one client or for all."""
        if client:
            done = close.apply(self.app, self.preview(period, client).hash)
        else:
            done = close.apply(self.app, plan.overall_hash(period, plan.preview(self.app, period)))
        self.settle()
        return done

    # What there is then

    def package(self, package_id: str = "P1") -> tuple[int, int, int, int, int]:
        """Return granted, posted, reserved, hard and free minutes."""
        found = next(p for p in reports.packages(self.app) if p["id"] == package_id)
        names = ("granted", "posted", "reserved", "hard", "free")
        granted, posted, reserved, hard, free = (int(found[name]) for name in names)
        return granted, posted, reserved, hard, free

    def posted(self, contract_id: str, item: str) -> dict[str, int]:
        """Return an activity's posted minutes by month."""
        months: Counter[str] = Counter()
        with self.app.store.read() as tx:
            for row in ledger.entries(tx, contract_id):
                if row.entry.activity_id == item and row.entry.kind.value in {"post", "adjust"}:
                    months[row.entry.period] += row.entry.minutes
        return {month: minutes for month, minutes in sorted(months.items()) if minutes}

    def entries(self, contract_id: str = "bottega-hours") -> list[tuple[str, int]]:
        """Return the contract's entries: kind and minutes."""
        with self.app.store.read() as tx:
            rows = ledger.entries(tx, contract_id)
        return [(row.entry.kind.value, row.entry.minutes) for row in rows]

    def held(self) -> list[Held]:
        """Return what is held."""
        return [
            (one.held.activity_id, one.held.period, one.reason.value, one.held.minutes)
            for one in held_lines(self.app)
        ]

    def status(self) -> dict[str, Any]:
        """Return what ``status --json`` prints."""
        shown: dict[str, Any] = json.loads(json.dumps(reports.status(self.app)))
        return shown

    def parked(self) -> list[tuple[str, str, str]]:
        """Return what is parked: kind, key and why."""
        return [(one["kind"], one["key"], one["reason"]) for one in reports.parked(self.app)]

    def cell(self, item: str) -> tuple[str, str]:
        """Return our two cells of a row, as the board shows them: charged, billing."""
        cells = self.sandbox.monday.state.items[item].cells
        shown = [str(cells[c].value) if c in cells else "" for c in (town.CHARGED, town.BILLING)]
        return shown[0], shown[1]

    def name(self, row: str) -> str:
        """Return a row's name as the board has it."""
        return self.sandbox.monday.state.items[row].name

    def message(self, row: str) -> str:
        """Return our one sentence on a row, where the board has a column for it."""
        cell = self.sandbox.monday.state.items[row].cells.get(town.MESSAGE)
        return str(cell.value) if cell else ""

    def notices(self, row: str) -> list[str]:
        """Return our comments on a row as they stand now, oldest first."""
        said = self.sandbox.monday.state.updates.values()
        mine = [one for one in said if one.item_id == row and one.creator_id == town.BRIDGE]
        return [plain_text(one.body) for one in mine]

    def verdict(self, row: str, contract: str = "bottega-hours") -> Activation:
        """Return what is recorded of a row's admission."""
        with self.app.store.read() as tx:
            return facts.activations(tx, contract)[row]

    def events(self, contract: str = "bottega-hours") -> list[tuple[str, str]]:
        """Return the contract's facts without minutes, in order: kind and activity."""
        with self.app.store.read() as tx:
            return [(row.kind, row.activity_id) for row in facts.events(tx, contract)]

    def mailbox(self) -> list[Path]:
        """Return the mails that were written for the team to send."""
        return sorted((self.folder / FOLDER).glob("*"))

    def papers(self) -> list[tuple[str, str, str, int]]:
        """Return all documents at Stripe, oldest first: type, customer, status, subtotal."""
        invoices = self.sandbox.stripe.invoices.values()
        notes = self.sandbox.stripe.credit_notes.values()
        found: list[tuple[int, str, str, str, Totals]] = [
            *((i.serial, "invoice", i.customer, i.status, i.totals) for i in invoices),
            *((n.serial, "credit note", n.customer, n.status, n.totals) for n in notes),
        ]
        found.sort(key=lambda one: one[0])
        return [
            (kind, customer.removeprefix("cus_"), status, totals.subtotal)
            for _, kind, customer, status, totals in found
        ]

    def lines(self, place: int = -1) -> list[tuple[str, int]]:
        """Return an invoice's lines, the newest's by default: description and amount."""
        invoice = list(self.sandbox.stripe.invoices.values())[place]
        return [(line.description or "", line.amount) for line in invoice.lines]

    def credits(self, place: int = -1) -> list[tuple[str, int]]:
        """Return a credit note's lines: the invoice line it lowers, and by how much."""
        note = list(self.sandbox.stripe.credit_notes.values())[place]
        return [
            (line.line.description or "" if line.line else "", line.amount) for line in note.lines
        ]

    def findings(self) -> tuple[str, ...]:
        """Recompute everything and return what differs."""
        return audit(self.app).findings

    def writes(self) -> int:
        """Return how many requests may have changed something, so far."""
        return sum(count for name, count in self.calls.items() if not name.startswith("look "))

    def _monday(self, request: Request) -> Response:
        self.calls["write monday" if changes(request) else "look monday"] += 1
        return self.sandbox.handle_monday(request)

    def _stripe(self, request: Request) -> Response:
        word = "look" if request.method == "GET" else "write"
        self.calls[f"{word} stripe"] += 1
        return self.sandbox.handle_stripe(request)


@contextmanager
def house(
    mapping: str = "", *, url: str = "", zone: str = ROME, kind: type[House] = House
) -> Iterator[House]:
    """Give a fresh house; its files go with it."""
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - no disk is needed
    with tempfile.TemporaryDirectory(dir=memory) as name:
        folder = Path(name)
        if not url:
            (folder / "mondaybridge.sqlite3").write_bytes(_empty())
        address = url or f"sqlite:///{folder / 'mondaybridge.sqlite3'}"
        one = kind(folder, mapping or town.mapping(), address, zone)
        try:
            yield one
        finally:
            one.app.close()


@cache
def _empty() -> bytes:
    """Return a database with all tables and no rows; migrating once is enough."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "empty.sqlite3"
        store = Store(f"sqlite:///{path}", clock=StageClock(Clock()))
        store.upgrade()
        store.close()
        copy = Path(name) / "copy.sqlite3"
        shutil.copy(path, copy)
        return copy.read_bytes()
