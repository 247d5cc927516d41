"""A month in the life of an invented agency, and what came after it: played, not told.

Every scene is something people or networks do; the bridge only does what its own due work says.
``tell`` gets one sentence a scene, with the sandbox's time.
"""

from collections.abc import Callable
from dataclasses import dataclass

from mondaybridge.demo import kinds, shifts
from mondaybridge.demo.checks import Found
from mondaybridge.demo.kinds import Seen
from mondaybridge.demo.shifts import Shift, at, begin, end, hear, moment, track, work
from mondaybridge.demo.stage import Stage
from mondaybridge.domain.ledger import POSTING
from mondaybridge.domain.money import amount_text
from mondaybridge.domain.worktime import hours_text
from mondaybridge.errors import FindingsError
from mondaybridge.sandbox import agency
from mondaybridge.store import ledger
from mondaybridge.workflows import close, plan
from mondaybridge.workflows.webhooks import install

MINUTE_MS = 60_000
HOURLY, PACKAGE = "tea-rooms-hourly", "bottega-hours"
PACKAGE_CLIENT = "bottega"

Tell = Callable[[int, str], None]
"""Takes the sandbox's time and a sentence."""


@dataclass(frozen=True, slots=True)
class Played:
    """What only the story knows: work that was announced badly, what the client saw when."""

    lost: Found
    doubled: Found
    seen: tuple[Seen, ...]


OCTOBER = (
    Shift(agency.HOME, "2026-10-05 09:00", 185, 10, agency.AVERY),
    Shift(agency.HOME, "2026-10-06 09:00", 150, 0, agency.AVERY, done=True),
    Shift(agency.FORM, "2026-10-07 15:00", 165, 20, agency.AVERY),
    Shift(agency.CATALOGUE, "2026-10-08 09:30", 250, 0, agency.ROBIN),
    Shift(agency.FORM, "2026-10-09 11:00", 60, 0, agency.AVERY, done=True),
    Shift(agency.CATALOGUE, "2026-10-12 09:30", 225, 40, agency.ROBIN, done=True),
    Shift(agency.FINDER, "2026-10-12 15:00", 140, 0, agency.AVERY, done=True),
    Shift(agency.NEWSLETTER, "2026-10-13 14:00", 200, 0, agency.ROBIN, done=True),
)
LATER_IN_OCTOBER = (
    Shift(agency.SHIPPING, "2026-10-20 09:00", 135, 0, agency.AVERY),
    Shift(agency.UPDATES, "2026-10-22 16:00", 100, 5, agency.AVERY, done=True),
    Shift(agency.BELLS, "2026-10-23 09:00", 120, 0, agency.ROBIN, done=True),
    Shift(agency.TRANSLATION, "2026-10-26 09:00", 180, 5, agency.ROBIN),
    Shift(agency.GALLERY, "2026-10-27 14:00", 75, 0, agency.ROBIN),
    Shift(agency.SPEED, "2026-11-01 00:20", 90, 30, agency.AVERY, done=True),
)
LOST = Shift(agency.MENU, "2026-10-14 10:00", 170, 0, agency.ROBIN, done=True)
DOUBLED = Shift(agency.BANNER, "2026-10-15 17:00", 40, 0, agency.ROBIN, done=True)
NOVEMBER = Shift(agency.VOUCHERS, "2026-11-16 09:00", 190, 0, agency.ROBIN)


def play(stage: Stage, tell: Tell) -> Played:
    """Play October, its close, what was corrected afterwards, and November's close."""
    open_doors(stage, tell)
    for shift in OCTOBER:
        work(stage, shift)
    tell(stage.clock.now(), f"{len(OCTOBER)} sessions tracked on three boards, read by the sweep")
    approve(stage, tell)
    lost = lose_one(stage, tell)
    doubled = double_one(stage, tell)
    asked = kinds.ask(stage, tell)
    for shift in LATER_IN_OCTOBER:
        track(stage, shift)
    hear(stage)
    tell(stage.clock.now(), "a session over midnight of 31 October in London: cut in two months")
    seen = kinds.in_order([*asked, *kinds.look_back(stage, tell)])
    close_october(stage, tell)
    correct(stage, tell)
    close_november(stage, tell)
    return Played(lost, doubled, seen)


def posted(stage: Stage, contract_id: str, item: str) -> int:
    """Return the minutes that the ledger has for an item."""
    with stage.app.store.read() as tx:
        rows = ledger.entries(tx, contract_id)
    return sum(
        row.entry.minutes
        for row in rows
        if row.entry.activity_id == item and row.entry.kind in POSTING
    )


def open_doors(stage: Stage, tell: Tell) -> None:
    """The bridge reads the boards, grants the package, subscribes, and the sale is invoiced."""
    stage.settle()
    made = sum(board.made for board in install(stage.app, stage.public_url))
    tell(stage.clock.now(), f"three boards read; {made} webhooks installed")
    sale = plan.preview(stage.app, "2026-10", [PACKAGE_CLIENT])[0]
    close.apply(stage.app, sale.hash)
    tell(stage.clock.now(), f"40 hours sold to Bottega Inesistente: {_papers(sale)}")
    agreed = agency.agreed_rows()
    shifts.approve(stage, *agreed)
    tell(stage.clock.now(), f"the client approves {len(agreed)} estimates on the board")


def approve(stage: Stage, tell: Tell) -> None:
    """The client's guest approves an estimate: a webhook brings it in within seconds."""
    stage.settle()
    taken = shifts.approve(stage, agency.TRANSLATION)
    with stage.app.store.read() as tx:
        balance = next(iter(ledger.balances(tx, PACKAGE).values()))[1]
    tell(
        stage.clock.now(),
        f"the client approves 6:30; webhooks: {taken}, {hours_text(balance.reserved)} reserved",
    )


def lose_one(stage: Stage, tell: Tell) -> Found:
    """A webhook is lost on its way; the next sweep finds the work all the same."""
    _quietly(stage, LOST)
    lost = stage.lose_webhooks()
    moment(stage)
    before = posted(stage, HOURLY, LOST.item)
    stage.clock.sleep(stage.app.mapping.timing.sweep_minutes * 60)
    stage.settle()
    after = posted(stage, HOURLY, LOST.item)
    tell(
        stage.clock.now(),
        f"{lost} {_webhooks(lost)} lost: {hours_text(before)} known; "
        f"ten minutes later the sweep found {hours_text(after)}",
    )
    return Found(LOST.minutes, before, after)


def double_one(stage: Stage, tell: Tell) -> Found:
    """A webhook arrives twice, and once more a minute later: its work counts once."""
    _quietly(stage, DOUBLED)
    again = list(stage.sandbox.world.deliveries)
    copies = stage.double_webhooks()
    taken = stage.deliver()
    moment(stage)
    before = posted(stage, HOURLY, DOUBLED.item)
    stage.sandbox.world.deliveries.extend(again)
    taken += stage.deliver()
    moment(stage)
    after = posted(stage, HOURLY, DOUBLED.item)
    tell(
        stage.clock.now(),
        f"{copies} {_webhooks(copies)} delivered {taken} times: {hours_text(after)} counted, once",
    )
    return Found(DOUBLED.minutes, before, after)


def close_october(stage: Stage, tell: Tell) -> None:
    """The month is previewed; a board is edited meanwhile, so the old plan is refused."""
    stage.clock.set(at("2026-11-03 09:00"))
    stage.settle()
    old = _overall(stage, "2026-10")
    stage.people.edit_cell(
        item=agency.FORM, column=agency.NOTE, value="with a field for tea", as_user=agency.AVERY
    )
    stage.people.add_session(
        item=agency.MENU,
        started_at=at("2026-10-16 10:00"),
        ended_at=at("2026-10-16 10:12"),
        as_user=agency.ROBIN,
    )
    stage.people.edit_cell(
        item=agency.MENU, column=agency.NOTE, value="soup added", as_user=agency.ROBIN
    )
    stage.deliver()
    moment(stage)
    try:
        close.apply(stage.app, old)
    except FindingsError:
        tell(stage.clock.now(), "a board is edited after the preview: the old plan is refused")
    done = close.apply(stage.app, _overall(stage, "2026-10"))
    moment(stage)
    papers = ", ".join(filter(None, map(_papers, done)))
    tell(stage.clock.now(), f"October closed for {len(done)} clients: {papers}")


def correct(stage: Stage, tell: Tell) -> None:
    """After the close one activity is decreased and one increased."""
    stage.clock.set(at("2026-11-10 09:00"))
    sessions = stage.sandbox.monday.state.items[agency.FORM].sessions[agency.ACTUAL]
    longer = sessions[-1]
    stage.people.edit_session(
        item=agency.FORM,
        session=longer.id,
        ended_at=longer.started_at + 45 * MINUTE_MS,
        as_user=agency.AVERY,
    )
    stage.people.add_session(
        item=agency.MENU,
        started_at=at("2026-10-19 11:00"),
        ended_at=at("2026-10-19 11:25"),
        as_user=agency.ROBIN,
    )
    stage.settle()
    done = close.apply(stage.app, _overall(stage, "2026-11"))
    papers = ", ".join(filter(None, map(_papers, done)))
    tell(stage.clock.now(), f"15 minutes of October taken back: {papers}; 25 more wait")


def close_november(stage: Stage, tell: Tell) -> None:
    """November is worked and closed; October's increase stands on its invoice."""
    work(stage, NOVEMBER)
    stage.clock.set(at("2026-12-03 09:00"))
    stage.settle()
    done = close.apply(stage.app, _overall(stage, "2026-11"))
    moment(stage)
    papers = ", ".join(filter(None, map(_papers, done)))
    tell(stage.clock.now(), f"November closed, with October's 25 minutes on it: {papers}")


def close_again(stage: Stage) -> None:
    """Close both months a second time."""
    for period in ("2026-10", "2026-11"):
        close.apply(stage.app, _overall(stage, period))
    stage.settle()


def read_again(stage: Stage) -> None:
    """Let the next sweep read all boards and write back what differs."""
    stage.clock.sleep(stage.app.mapping.timing.sweep_minutes * 60)
    stage.settle()


def _overall(stage: Stage, period: str) -> str:
    return plan.overall_hash(period, plan.preview(stage.app, period))


def _webhooks(count: int) -> str:
    return "webhook" if count == 1 else "webhooks"


def _papers(one: plan.Preview) -> str:
    return ", ".join(
        f"{document.type.value.replace('_', ' ')} of "
        f"{amount_text(document.subtotal_minor, document.currency)} to {one.client.name}"
        for document in one.plan.documents
    )


def _quietly(stage: Stage, shift: Shift) -> None:
    """Track one session of which the bridge knows all but the end, right after a sweep."""
    begin(stage, shift)
    stage.deliver()
    stage.clock.sleep(shift.minutes * 60 + shift.seconds)
    stage.settle()
    end(stage, shift)
