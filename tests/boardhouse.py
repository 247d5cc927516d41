"""A house whose board has every column of the bridge's own, and a spy on all that is sent to it.

What a review would decide is given by hand, so that only what people see of it is tried here.
"""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typing_extensions import override

from mondaybridge.demo.counted import StageClock
from mondaybridge.domain.activity import Activity, Hint
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.notices import Notice, Rule
from mondaybridge.domain.outcome import PackageCells, Review, Wanted
from mondaybridge.monday.hooks import read_body
from mondaybridge.monday.webhooks import EVENTS, subscribe
from mondaybridge.sandbox.data import WorldData
from mondaybridge.sandbox.monday.boards import Update
from mondaybridge.sandbox.monday.updates import plain_text
from mondaybridge.sandbox.server import Sandbox
from mondaybridge.sandbox.world import Clock, Request, Response
from mondaybridge.settings import Settings
from mondaybridge.store import inbox, ledger, mirror
from mondaybridge.workflows import showing
from mondaybridge.workflows.read import read_whole
from mondaybridge.workflows.write_back import due_boards, write_back
from stories import town
from stories.house import House, _empty

AUTO = 4
LINK_KEY = "link-key-of-the-tests-0123456789abcdef"
BOARD = town.HOURS
MESSAGE, ORIGIN, CLOCK, DOCUMENT = "message", "origin", "clock", "document"
GRANTED, USED, RESERVED, FREE, EXPIRY = "granted", "used", "reserved", "free", "expiry"
PACKAGE_ROW = "Pacchetto"
OWN = {town.CHARGED, town.BILLING, MESSAGE, ORIGIN, CLOCK, DOCUMENT}
PACKAGE = {GRANTED, USED, RESERVED, FREE, EXPIRY}

_TYPES = {
    **dict.fromkeys((MESSAGE, ORIGIN, CLOCK), "text"),
    DOCUMENT: "link",
    **dict.fromkeys((GRANTED, USED, RESERVED, FREE), "numbers"),
    EXPIRY: "date",
}
_OURS: town.Terms = {
    **{name: {"id": name} for name in (MESSAGE, ORIGIN, CLOCK, DOCUMENT)},
    "package": {
        "item": PACKAGE_ROW,
        **{name: {"id": name, "unit": "h"} for name in (GRANTED, USED, RESERVED)},
        FREE: {"id": FREE, "unit": "min"},
        EXPIRY: {"id": EXPIRY},
    },
}


@dataclass
class BoardHouse(House):
    """A house on a board of every column; ``sent`` are all changes asked of monday, in order."""

    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @override
    def __post_init__(self) -> None:
        self.sandbox = Sandbox(Clock(), _world())
        self.clock = StageClock(self.sandbox.world.clock)
        self.open()

    @override
    def settings(self) -> Settings:
        """Return settings that give addresses out as well."""
        given = {"public_url": "https://bridge.example", "link_key": LINK_KEY}
        return Settings.model_validate({**super().settings().model_dump(), **given})

    @property
    def contract(self) -> Contract:
        """The contract of the board."""
        return self.app.mapping.contract("bottega-hours")

    def read(self) -> list[Activity]:
        """Read the board whole; return the mirrored rows."""
        read_whole(self.app, BOARD)
        with self.app.store.read() as tx:
            return mirror.activities(tx, "bottega-hours")

    def decide(
        self,
        *cells: Wanted,
        told: Sequence[Notice] = (),
        package: PackageCells | None = None,
        contract: Contract | None = None,
    ) -> None:
        """Read, then want on the board what a review is taken to have decided."""
        rows = self.read()
        decided = Review(cells=cells, notices=tuple(told), package=package)
        with self.app.store.write() as tx:
            whose = contract or self.contract
            showing.want(tx, self.app, whose, decided, rows, self.clock.now())
            row = ledger.lock(tx, whose.contract_id)
            ledger.reviewed(tx, whose.contract_id, row.wanted_version, None)

    def write(self) -> list[str]:
        """Write what is due on the board; return which changes were asked of monday."""
        before = len(self.sent)
        with self.app.store.read() as tx:
            due = BOARD in due_boards(tx, self.app, self.clock.now())
        write_back(self.app, BOARD)
        asked = [name for name, _ in self.sent[before:]]
        assert due or not asked, "what is written is due"
        return asked

    def listen(self) -> None:
        """Subscribe to everything that a board tells."""
        for event in EVENTS:
            subscribe(self.app.monday, BOARD, "https://bridge.test/hooks", event)

    def echo(self, rounds: int = 12) -> None:
        """Take in what the board tells, also of our own writes, and do what is due, for minutes."""
        for _ in range(rounds):
            now = self.clock.now()
            told = [read_body(one.body, now=now) for one in self.sandbox.world.deliveries]
            self.sandbox.world.deliveries.clear()
            hints = {one.item_id: one for one in told if isinstance(one, Hint)}
            with self.app.store.write() as tx:
                inbox.remember(tx, hints.values(), now=now, debounce_ms=5_000, max_wait_ms=30_000)
            self.clock.sleep(40)
            self.settle()

    def shows(self, item: str, column: str) -> object:
        """Return what a cell shows, as monday keeps it; of ``name`` the name."""
        found = self.sandbox.monday.state.items[item]
        if column == "name":
            return found.name
        return found.cells[column].value if column in found.cells else None

    def comments(self, item: str) -> list[str]:
        """Return the comments on a row, oldest first, without markup."""
        return [plain_text(one.body) for one in self.updates(item)]

    def updates(self, item: str) -> list[Update]:
        """Return the updates on a row, oldest first."""
        return [one for one in self.sandbox.monday.state.updates.values() if one.item_id == item]

    def named(self, name: str) -> list[str]:
        """Return the active rows of a name."""
        items = self.sandbox.monday.state.items.values()
        return [one.id for one in items if one.name == name and one.state == "active"]

    def columns_sent(self) -> dict[str, set[str]]:
        """Return the columns of every cell that was ever asked to change, by item."""
        found: dict[str, set[str]] = {}
        for name, variables in self.sent:
            if name != "WriteCells":
                continue
            for n in range(10):
                if f"i{n}" in variables:
                    columns = json.loads(variables[f"v{n}"])
                    found.setdefault(variables[f"i{n}"], set()).update(columns)
        return found

    @override
    def _monday(self, request: Request) -> Response:
        asked = json.loads(request.body or b"{}")
        if str(asked.get("query", "")).lstrip().startswith("mutation"):
            name = asked["query"].split("mutation ", 1)[1].split("(", 1)[0]
            self.sent.append((name, asked.get("variables") or {}))
        return super()._monday(request)


@contextmanager
def boardhouse(*contracts: town.Terms, **terms: object) -> Iterator[BoardHouse]:
    """Give a fresh house whose board has every column; ``terms`` are the contract's."""
    given = [_seen_only(one) for one in contracts or (town.prepaid(**terms),)]
    text = town.mapping(bottega=town.bottega(*given))
    text = text.replace('"ours": {', f'"ours": {json.dumps(_OURS)[:-1]}, ', 1)
    text = text.replace('"approved": {', f'"auto": {{{AUTO}: "Automatic"}}, "approved": {{', 1)
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - no disk is needed
    with tempfile.TemporaryDirectory(dir=memory) as name:
        (Path(name) / "mondaybridge.sqlite3").write_bytes(_empty())
        address = f"sqlite:///{Path(name) / 'mondaybridge.sqlite3'}"
        one = BoardHouse(Path(name), text, address)
        try:
            yield one
        finally:
            one.app.close()


def notice(item: str, rule: Rule, **args: int | str) -> Notice:
    """Return what is told of a row."""
    return Notice(item, rule, tuple(args.items()))


def _seen_only(contract: town.Terms) -> town.Terms:
    """Let anybody answer on a package's board, unless the test says who may."""
    if contract["kind"] != "prepaid_package":
        return contract
    return {**contract, "policies": {"approval_actor": "off", **contract.get("policies", {})}}


def _world() -> WorldData:
    world = town.world_json()
    labels = {"1": "Approved", "2": "Rejected", str(AUTO): "Automatic", "9": "Maybe"}
    approval = {"settings": {"labels": labels}}
    usual = [{**c, **approval} if c["id"] == town.APPROVAL else c for c in town.COLUMNS]
    columns = [*usual, *({"id": c, "title": c, "type": t} for c, t in _TYPES.items())]
    for board in world["monday"]["boards"]:
        board["columns"] = columns
    return WorldData.model_validate(world)
