"""What the processes of a world run: the service's loop, and a person who closes by hand."""

from collections.abc import Callable

from greenlet import GreenletExit  # type: ignore[import-untyped]  # it has no stubs

from mondaybridge.app import App
from mondaybridge.errors import BridgeError, TryLater
from mondaybridge.workflows.close import apply
from mondaybridge.workflows.due import due, run
from mondaybridge.workflows.plan import preview
from simulation.scheduler import Crash, Scheduler


def working(app: App, scheduler: Scheduler) -> Callable[[], None]:
    """Return a process that runs due work until it dies, as ``run`` does."""

    def body() -> None:
        try:
            while True:
                try:
                    pending = due(app)
                except TryLater:
                    pending = []
                for work in pending:
                    run(app, work)
                if not pending:
                    scheduler.boundary("idle")
        except (Crash, GreenletExit):
            pass
        except TryLater:
            pass  # the process ends where even its memory of failures cannot be written

    return body


def by_hand(app: App, scheduler: Scheduler, client_id: str, period: str) -> Callable[[], None]:
    """Return a person who looks at a month's plan and applies what they saw."""

    def body() -> None:
        try:
            shown = preview(app, period, [client_id])
            scheduler.boundary("idle")
            for one in shown:
                if not one.waiting:
                    apply(app, one.hash)
        except (Crash, GreenletExit):
            pass
        except BridgeError as told:
            scheduler.note(f"close by hand: {type(told).__name__}")

    return body
