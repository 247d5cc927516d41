"""What people do on the demo's stage: they work, choose labels and answer; the bridge hears of it.

Each step moves the sandbox's time and lets the bridge do only what is then due.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from mondaybridge.demo.stage import Stage
from mondaybridge.sandbox import agency

ROME = "Europe/Rome"
READING_S = 60  # the client reads before answering
KNOWN_S = 60  # until an answer that was given is known to be the client's


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody presses play and, later, pause."""

    item: str
    begins: str
    minutes: int
    seconds: int
    user: str
    done: bool = False


def at(text: str) -> int:
    """Return the instant of a local time in Rome, where the agency works."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ROME)).timestamp()) * 1000


def work(stage: Stage, shift: Shift) -> None:
    """Track one session; the bridge hears of it by webhook or finds it by its sweep."""
    track(stage, shift)
    hear(stage)


def track(stage: Stage, shift: Shift) -> None:
    """Press play, work, press pause."""
    begin(stage, shift)
    stage.clock.sleep(shift.minutes * 60 + shift.seconds)
    end(stage, shift)


def begin(stage: Stage, shift: Shift) -> None:
    """Say that work begins, and press play."""
    stage.clock.set(at(shift.begins))
    choose(stage, shift.item, agency.STATUS, agency.WORKING, shift.user)
    stage.people.start_session(item=shift.item, as_user=shift.user)


def end(stage: Stage, shift: Shift) -> None:
    """Press pause, and say so where the work is done."""
    stage.people.stop_session(item=shift.item, as_user=shift.user)
    if shift.done:
        choose(stage, shift.item, agency.STATUS, agency.DONE, shift.user)


def choose(stage: Stage, item: str, column: str, label: int, user: str) -> None:
    """Choose a label."""
    stage.people.edit_cell(item=item, column=column, value={"index": label}, as_user=user)


def approve(stage: Stage, *items: str) -> int:
    """Let the client's guest read and approve; return how many webhooks told of it."""
    stage.clock.sleep(READING_S)
    for item in items:
        choose(stage, item, agency.APPROVAL, agency.APPROVED, agency.GUEST_IT)
    taken = hear(stage)
    stage.clock.sleep(KNOWN_S)
    stage.settle()
    return taken


def hear(stage: Stage) -> int:
    """Let webhooks arrive and what follows from them be done; return how many were taken."""
    taken = stage.deliver()
    moment(stage)
    return taken


def moment(stage: Stage) -> None:
    """Let the debounce run out, and the bridge do what is then due."""
    stage.clock.sleep(stage.app.mapping.timing.debounce_s + 1)
    stage.settle()
