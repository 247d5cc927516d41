"""What the adapter's tests stand on: an invented account behind httpx, and a clock that sleeps."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec

from mondaybridge.mapping.columns import ColumnSet
from mondaybridge.monday.client import API_VERSION, CallFacts, MondayClient
from mondaybridge.sandbox.monday.api import MondayApi
from mondaybridge.sandbox.monday.data import MondayData
from mondaybridge.sandbox.monday.switches import Switches
from mondaybridge.sandbox.sockets import transport
from mondaybridge.sandbox.world import Clock, Fault, World

NOW = 1_790_856_000_000  # 2026-10-01T12:00:00Z
MINUTE = 60_000
HOUR = 60 * MINUTE
BOARD = "200"
ZONE = "Europe/Rome"

LABELS = {"0": "Working", "1": "Done", "2": "Cancelled", "3": "Waiting", "6": "New"}
COLUMNS: list[dict[str, object]] = [
    {"id": "status", "title": "Status", "type": "status", "settings": {"labels": LABELS}},
    {
        "id": "approval",
        "title": "Approval",
        "type": "status",
        "settings": {"labels": {"1": "Yes", "2": "No", "9": "Maybe"}},
    },
    {"id": "estimate", "title": "Estimate", "type": "numbers"},
    {"id": "timer", "title": "Timer", "type": "time_tracking"},
    {"id": "actual", "title": "Actual", "type": "numbers"},
    {"id": "worked_on", "title": "Worked on", "type": "date"},
    {"id": "typed", "title": "Typed estimate", "type": "text"},
    {"id": "who", "title": "Who", "type": "people"},
    {"id": "due", "title": "Due", "type": "date"},
    {"id": "note", "title": "Note", "type": "long_text"},
    {"id": "mb_charged", "title": "Charged", "type": "numbers"},
    {"id": "mb_billing", "title": "Billing", "type": "text"},
]

STATUS = {
    "id": "status",
    "new": {6: "New"},
    "working": {0: "Working"},
    "waiting": {3: "Waiting"},
    "done": {1: "Done"},
    "cancelled": {2: "Cancelled"},
}
TRACKED: dict[str, Any] = {
    "status": STATUS,
    "approval": {"id": "approval", "approved": {1: "Yes"}, "rejected": {2: "No"}},
    "estimate": {"id": "estimate", "unit": "h"},
    "actual": {"id": "timer", "kind": "time_tracking"},
    "person": {"id": "who"},
    "due": {"id": "due"},
    "note": {"id": "note"},
    "ours": {"charged": {"id": "mb_charged", "unit": "h"}, "billing": {"id": "mb_billing"}},
}


def columns(**changes: object) -> ColumnSet:
    """Build a mapping of the board's columns; a change replaces a key."""
    return ColumnSet.model_validate(TRACKED | changes)


def numbered(**changes: object) -> ColumnSet:
    """Build a mapping whose actual time is typed into a numbers column."""
    actual = {"id": "actual", "kind": "numbers", "unit": "h", "work_date": {"id": "worked_on"}}
    return columns(actual=actual, **changes)


@dataclass
class Ticking:
    """The sandbox's clock as the bridge sees it: sleeping moves it, and is remembered."""

    clock: Clock
    slept: list[float] = field(default_factory=list)

    def now(self) -> int:
        """Return UTC epoch milliseconds."""
        return self.clock.now()

    def sleep(self, seconds: float) -> None:
        """Wait without waiting."""
        self.slept.append(seconds)
        self.clock.advance(round(seconds * 1000))


@dataclass
class Account:
    """The stand-in, a client that talks to it, and what was called."""

    world: World
    api: MondayApi
    client: MondayClient
    clock: Ticking
    calls: list[CallFacts]

    def plan(self, kind: str, match: str = "", times: int = 1, **options: object) -> None:
        """Plan a fault."""
        self.world.faults.append(Fault("monday", kind, match, times, dict(options)))

    @property
    def asked(self) -> list[str]:
        """Return the operations that were sent, in order."""
        return [call.operation for call in self.calls]


def item(item_id: int, **fields: object) -> dict[str, Any]:
    """Describe an item of a data file."""
    return {"id": item_id, "name": f"Task {item_id}", "created_at": NOW - 24 * HOUR, **fields}


PEOPLE = [
    {"id": 100, "name": "Bridge", "email": "bridge@agency.example", "kind": "service"},
    {"id": 101, "name": "Avery Placeholder", "email": "avery@agency.example", "kind": "admin"},
    {"id": 102, "name": "Gia Guest", "email": "Gia@client.example", "kind": "guest"},
]


def account(*items: dict[str, Any], switches: Switches | None = None, **board: object) -> Account:
    """Build an account with its people and one board of these items."""
    group = {"id": "topics", "title": "Topics"}
    boards = [
        {"id": BOARD, "name": "Jobs", "columns": COLUMNS, "groups": [group], "items": items} | board
    ]
    world = World(Clock(NOW), seed=7)
    api = MondayApi(
        world, MondayData.model_validate({"users": PEOPLE, "boards": boards}), switches=switches
    )
    calls: list[CallFacts] = []
    clock = Ticking(world.clock)
    return Account(world, api, client(transport(api.handle), clock, calls), clock, calls)


def client(
    wire: httpx.BaseTransport | None,
    clock: Ticking,
    calls: list[CallFacts] | None = None,
    *,
    api_url: str = "https://monday.invalid/v2",
    before_call: Callable[[], None] = lambda: None,
    api_version: str = API_VERSION,
) -> MondayClient:
    """Build a client over any wire."""
    return MondayClient(
        token="invented",
        api_url=api_url,
        clock=clock,
        transport=wire,
        before_call=before_call,
        after_call=(calls if calls is not None else []).append,
        api_version=api_version,
    )


def answering(*answers: httpx.Response) -> httpx.MockTransport:
    """Answer with each in turn, then with the last one: for what the sandbox cannot do."""
    left = list(answers)

    def handle(_: httpx.Request) -> httpx.Response:
        return left.pop(0) if len(left) > 1 else left[0]

    return httpx.MockTransport(handle)


def page(*rows: bytes, cursor: str | None = None) -> httpx.Response:
    """Build the first page of the board out of raw rows."""
    listed = msgspec.Raw(b"[" + b",".join(rows) + b"]")
    shape = [{**one, "settings": None} for one in COLUMNS]
    items = {"cursor": cursor, "items": listed}
    board = {"id": BOARD, "name": "Jobs", "state": "active", "columns": shape, "items_page": items}
    return httpx.Response(200, content=msgspec.json.encode({"data": {"boards": [board]}}))
