"""An office that works by the questions and answers of its clients: every column, every rule.

One package of ten hours is sold on 1 October 2026, a Thursday; what is on its board by midnight was
agreed. A story names only the policies that it is about.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mondaybridge.domain.activity import Activity
from mondaybridge.sandbox.monday.boards import Label
from mondaybridge.store import facts, ledger, mirror
from stories import town
from stories.house import House, house

AUTO, OTHER, RIGID, WEBSITE = 8, 7, 1, 1
URGENT, EVIDENCE, REFERENCE, REQUESTER = "urgent", "evidence", "reference", "requester"
SERVICE, AGREED_WITH, REDO_OF, PERSON = "service", "agreed_with", "redo_of", "person"
DUE, DUE_KIND, FREE_WORK, RECEIVED, WRITTEN = "due", "due_kind", "no_charge", "received", "by_mail"
MESSAGE, ORIGIN, CLOCK = town.MESSAGE, "origin", "clock"
NUMBERS = ("p_granted", "p_used", "p_reserved", "p_free")
EXPIRY, PACKAGE_ROW = "p_expiry", "Pacchetto"
OURS = {town.CHARGED, town.BILLING, MESSAGE, ORIGIN, CLOCK, *NUMBERS, EXPIRY}


def _plain(kind: str, *ids: str) -> list[dict[str, object]]:
    return [{"id": key, "title": key, "type": kind} for key in ids]


def _labels(column_id: str, **labels: str) -> dict[str, object]:
    named = {key.removeprefix("n"): name for key, name in labels.items()}
    return {
        "id": column_id,
        "title": column_id,
        "type": "status",
        "settings": {"labels": named},
    }


COLUMNS = [
    *_plain("checkbox", URGENT, FREE_WORK),
    *_plain("text", EVIDENCE, REFERENCE, REQUESTER, AGREED_WITH, REDO_OF, WRITTEN),
    *_plain("text", MESSAGE, ORIGIN, CLOCK),
    *_plain("people", PERSON),
    *_plain("date", DUE, RECEIVED, EXPIRY),
    *_plain("numbers", *NUMBERS),
    _labels(SERVICE, n1="Website", n2="Training", n7="Other", n8="Gardening"),
    _labels(DUE_KIND, n1="Rigid", n2="Flexible"),
]

FULL: town.Terms = {
    **town.TRACKED,
    "approval": {
        **town.TRACKED["approval"],
        "auto": {AUTO: "Automatic"},
        "reference": {"id": WRITTEN},
    },
    "person": {"id": PERSON},
    "due": {"id": DUE},
    "urgent": {"id": URGENT, "labels": None, "evidence": {"id": EVIDENCE}},
    "reference": {"id": REFERENCE},
    "requester": {"id": REQUESTER},
    "service": {
        "id": SERVICE,
        "types": {WEBSITE: "Website", 2: "Training"},
        "other": {OTHER: "Other"},
        "agreed_with": {"id": AGREED_WITH},
    },
    "redo_of": {"id": REDO_OF},
    "due_kind": {"id": DUE_KIND, "rigid": {RIGID: "Rigid"}, "flexible": {2: "Flexible"}},
    "no_charge": {"id": FREE_WORK},
    "received": {"id": RECEIVED},
    "ours": {
        **town.TRACKED["ours"],
        "message": {"id": MESSAGE},
        "origin": {"id": ORIGIN},
        "clock": {"id": CLOCK},
        "package": {
            "item": PACKAGE_ROW,
            **{
                name: {"id": key, "unit": "min"}
                for name, key in zip(("granted", "used", "reserved", "free"), NUMBERS, strict=True)
            },
            "expiry": {"id": EXPIRY},
        },
    },
}
CALENDARS: town.Terms = {
    "rome": {
        "zone": "Europe/Rome",
        "country": "IT",
        "hours": {"mon-fri": ["09:00-13:00", "14:00-18:00"]},
    }
}


@dataclass
class Office(House):
    """A house on whose board everything has its column; people ask, answer and work."""

    def ask(self, name: str, hours: str | None = None, **cells: object) -> str:
        """Write what the client asked for into a new row; nobody has taken it up."""
        row = self.row(name, hours, approved=False, status=town.NEW)
        for column, value in cells.items():
            self.fill(row, column, value)
        return row

    def fill(self, row: str, column: str, value: object, user: str = town.STAFF) -> None:
        """Fill or empty a cell; True is a check, a number a label."""
        shown = {"checked": "true"} if value is True else value
        shown = {"index": shown} if isinstance(shown, int) else shown
        self.people.edit_cell(item=row, column=column, value=shown, as_user=user)

    def reject(self, row: str) -> None:
        """Choose Rejected, as the client."""
        self.fill(row, town.APPROVAL, town.REJECTED, town.GUEST)

    def turn(self, minutes: int = 11) -> None:
        """Let minutes pass, and the bridge do its round; the log is asked twice at most."""
        self.wait(minutes)
        self.sweep()
        self.wait(1)
        self.settle()

    def shows(self, row: str, column: str) -> str:
        """Return what a cell shows; of a label its id."""
        cell = self.sandbox.monday.state.items[row].cells.get(column)
        value = cell.value if cell else ""
        if isinstance(value, dict):
            value = next(iter(value.values()))
        return str(value)

    def state(self, row: str) -> str:
        """Return where a row stands."""
        return self.verdict(row).state.value

    def mirrored(self, row: str, contract: str = "bottega-hours") -> Activity:
        """Return a row as it was read."""
        with self.app.store.read() as tx:
            rows = mirror.activities(tx, contract)
        return next(one for one in rows if one.activity_id == row)

    def known(self, kind: str, contract: str = "bottega-hours") -> list[facts.EventRow]:
        """Return the facts of a kind, in order."""
        with self.app.store.read() as tx:
            return facts.events(tx, contract, kind)

    def moved(self, row: str, contract: str = "bottega-hours") -> list[tuple[str, int]]:
        """Return a row's entries: kind and minutes."""
        with self.app.store.read() as tx:
            entries = [one.entry for one in ledger.entries(tx, contract)]
        return [(one.kind.value, one.minutes) for one in entries if one.activity_id == row]

    def waiting(self) -> dict[str, str]:
        """Return what ``status`` says may not start: row and why."""
        return {one["activity"]: one["verdict"] for one in self.status()["refused"]}

    def package_row(self, board: str = town.HOURS) -> str:
        """Return the row that shows the package."""
        state = self.sandbox.monday.state
        return next(k for k in state.boards[board].item_ids if state.items[k].name == PACKAGE_ROW)

    def pinned(self) -> tuple[str, ...]:
        """Return granted, used, reserved and free minutes as the board shows them."""
        return tuple(self.shows(self.package_row(), column) for column in NUMBERS)

    def rewritten(self, row: str, board: str = town.HOURS) -> int:
        """Return how often the bridge's account changed a row."""
        rows = self.sandbox.monday.state.logs.get(board, [])
        return sum(one.item_id == row and one.user_id == town.BRIDGE for one in rows)

    def touched(self, board: str = town.HOURS) -> set[tuple[str, str]]:
        """Return what the bridge's account changed on a board: the row and the column."""
        return {
            (row.item_id or "", row.column_id or row.event)
            for row in self.sandbox.monday.state.logs.get(board, [])
            if row.user_id == town.BRIDGE
        }


def terms(
    *packages: town.Terms,
    locale: str = "it",
    contact: str = "",
    more: town.Terms | None = None,
    **policies: object,
) -> str:
    """Write the mapping: the shipped file's own policies, but for those that are named."""
    contract = town.prepaid(
        *packages,
        boards=[{"id": town.HOURS, "columns": "full"}],
        calendar="rome",
        policies={"approval_actor": "require", **policies},
        **(more or {}),
    )
    named = {"contact": contact} if contact else {}
    client = town.bottega(contract, locale=locale, users=["g@shop.example"], **named)
    document = {
        "version": 1,
        "monday": {"account_slug": "invented-agency"},
        "calendars": CALENDARS,
        "columns": {"full": FULL},
        "rates": {
            "hourly": {"currency": "EUR", "hourly": [{"from": "2026-01-01", "amount": "80"}]}
        },
        "clients": {"bottega": client},
    }
    return re.sub(r'"(\d)": ', r"\1: ", json.dumps(document, indent=1))


@contextmanager
def office(mapping: str = "") -> Iterator[Office]:
    """Open the office on its first morning, with every column on its board."""
    with house(mapping or terms(), kind=Office) as one:
        assert isinstance(one, Office)
        board = one.sandbox.monday.state.boards[town.HOURS]
        board.columns[town.APPROVAL].labels.append(Label(AUTO, "Automatic"))
        for column in COLUMNS:
            one.people.add_column(board=town.HOURS, column=column)
        yield one


@contextmanager
def agreed(mapping: str = "", **rows: str) -> Iterator[tuple[Office, dict[str, str]]]:
    """Open the office on the second morning: these rows were agreed, approved and frozen."""
    with office(mapping) as one:
        made = {name: one.ask(name, hours) for name, hours in rows.items()}
        for row in made.values():
            one.approve(row)
        one.settle()
        one.go("2026-10-02 09:00")
        one.sweep()
        yield one, made
