"""What is interrupted: a close, a late edit that becomes a credit note, a package's end.

Each is prepared once up to the moment before; then it is done as a process of ours does it, and
what the world holds in the end is compared with the world in which nobody died.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default

from sqlalchemy import Engine
from typing_extensions import override

from crash.points import Points
from mondaybridge.clock import Clock
from mondaybridge.demo.counted import changes
from mondaybridge.errors import TryLater
from mondaybridge.export.verification import read_back
from mondaybridge.sandbox.monday.boards import Label
from mondaybridge.sandbox.world import Request, Response
from mondaybridge.workflows.due import due
from mondaybridge.workflows.handover import hand_over
from stories import town
from stories.office import AUTO, COLUMNS, Office, terms

ITSELF: town.Terms = {"policies": {"close": "auto", "close_after_days": 2}}
BOTH = town.mapping(bottega=town.bottega(**ITSELF), tea=town.tea(**ITSELF))
PACKAGE = {**town.PACKAGE, "granted": "4:00"}
ENDING = terms(PACKAGE).replace('"users": [', '"contact": "referente@agency.example",\n "users": [')
ROUNDS = 12
SOON = 2  # the dead one's leases have run out
NEXT_DAY = 30 * 60  # and so have the keys that Stripe and monday remember


_WARM: list[Engine] = []


def _warmed(engine: Engine) -> Engine:
    """Let an engine know the statements that the first one compiled: a third of a point's time."""
    if _WARM:
        engine.dialect = _WARM[0].dialect
        engine._compiled_cache = _WARM[0]._compiled_cache
    else:
        _WARM.append(engine)
    return engine


Ask = Callable[[Request], Response]


@dataclass
class Doomed(Office):
    """An office whose process dies at a point; its world may be elsewhere."""

    points: Points = field(default_factory=Points)
    ask_monday: Ask | None = None
    ask_stripe: Ask | None = None

    def elsewhere(self, clock: Clock, monday: Ask, stripe: Ask) -> None:
        """Reach world and time through somebody else from now on."""
        self.clock = clock  # type: ignore[assignment]  # all that a process of ours knows of it
        self.ask_monday, self.ask_stripe = monday, stripe

    @override
    def open(self) -> None:
        self.points = Points()
        super().open()
        self.points.watch(_warmed(self.app.store.engine))

    @override
    def _monday(self, request: Request) -> Response:
        what = "writes to" if changes(request) else "reads"
        self.points.reach(f"> {what} monday")
        answer = (self.ask_monday or super()._monday)(request)
        self.points.reach(f"< {what} monday")
        return answer

    @override
    def _stripe(self, request: Request) -> Response:
        what = "reads" if request.method == "GET" else "writes to"
        self.points.reach(f"> {what} stripe")
        answer = (self.ask_stripe or super()._stripe)(request)
        self.points.reach(f"< {what} stripe")
        return answer


@dataclass(frozen=True)
class Case:
    """Something that a process does: how the world gets there, and the deed."""

    mapping: str
    prepare: Callable[[Doomed], None]
    act: Callable[[Doomed], None]
    zone: str = "Europe/London"


def worked(one: Doomed) -> None:
    """October is over: three activities by the hour, one of a package that is to be paid."""
    for number, minutes in enumerate([90, 25, 61], start=5):
        item = one.row(f"Task {number}", board=town.TEA, approved=False)
        one.work(item, f"2026-10-0{number} 09:00", minutes)
    home = one.row("Home", "3")
    one.sweep()
    one.work(home, "2026-10-07 09:00", 60)
    one.wait(10)
    one.sweep()
    one.go("2026-11-03 09:00")


def closed_and_edited(one: Doomed) -> None:
    """October's invoice is out when half an hour is taken off an activity, and one grows."""
    worked(one)
    turn(one)
    state = one.sandbox.monday.state
    first, second = state.boards[town.TEA].item_ids[:2]
    for item, minutes in ((first, 60), (second, 40)):
        one.rework(item, state.items[item].sessions[town.TIME][0].id, minutes)
    one.go("2026-11-04 09:00")


def used_up(one: Doomed) -> None:
    """A package is used up to its last minute; nothing is open."""
    one.sandbox.monday.state.boards[town.HOURS].columns[town.APPROVAL].labels.append(
        Label(AUTO, "Automatic")
    )
    for column in COLUMNS:
        one.people.add_column(board=town.HOURS, column=column)
    home = one.ask("Home page", "3")
    one.turn()
    one.approve(home)
    one.turn(24 * 60)
    banner = one.ask("Banner", "0.5", reference="<mail-2@shop.example>")
    one.turn()
    one.work(home, "2026-10-05 09:00", 210)
    one.work(banner, "2026-10-05 14:00", 30)
    for row in (home, banner):
        one.fill(row, town.STATUS, town.DONE)
    one.turn(5 * 24 * 60)


def turn(one: Doomed) -> None:
    """Do a round, and another when what waits is due."""
    for _ in range(2):
        one.sweep()
        one.wait(3)


def end(one: Doomed) -> None:
    """Hand the package over, as who types the command."""
    with suppress(TryLater):
        hand_over(one.app, "P1")
    one.settle()


CASES = {
    "close": Case(BOTH, worked, turn),
    "credit": Case(BOTH, closed_and_edited, turn),
    "handover": Case(ENDING, used_up, end, "Europe/Rome"),
}


def recover(one: Doomed, case: Case, minutes: int = SOON) -> None:
    """Start again after a crash, and go on until nothing is due."""
    one.wait(minutes)
    one.open()
    for _ in range(ROUNDS):
        case.act(one)
        one.wait(3)
        if not due(one.app):
            return


def outcome(one: Doomed) -> dict[str, object]:
    """Say all that the world holds now, and what our books say of it."""
    monday, stripe = one.sandbox.monday.state, one.sandbox.stripe
    mine = [each for each in monday.updates.values() if each.creator_id == town.BRIDGE]
    found = [message_from_bytes(path.read_bytes(), policy=default) for path in one.mailbox()]
    return {
        "papers": one.papers(),
        "lines": [one.lines(place) for place in range(len(stripe.invoices))],
        "credits": [one.credits(place) for place in range(len(stripe.credit_notes))],
        "sent": sorted((mail.kind, mail.document in stripe.invoices) for mail in stripe.mails),
        "cells": [one.cell(item) for item in monday.items],
        "comments": len(mine),
        "files": [
            (asset.name, sum(row.charged or 0 for row in read_back(asset.content).rows))
            for asset in monday.assets.values()
        ],
        "letters": sorted(str(mail["To"]) for mail in found),
        "boards": [board.state for board in monday.boards.values()],
        "events": sorted(kind for kind, _ in _events(one)),
        "audit": one.findings(),
        "parked": one.parked(),
        "due": [f"{work.kind} {work.key}" for work in due(one.app)],
    }


def _events(one: Doomed) -> list[tuple[str, str]]:
    return [each for c in one.app.mapping.contracts for each in one.events(c.contract_id)]
