"""One process, one loop: run what is due, rest, look again. A second ``run`` is kept out."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from mondaybridge.app import App
from mondaybridge.errors import BridgeError, TryLater
from mondaybridge.store import ledger
from mondaybridge.store import work as memory
from mondaybridge.workflows.due import Work, due, run

PAUSE_SECONDS = 0.5


def loop(app: App, stop: threading.Event) -> None:
    """Run due work until told to stop; a failed look at the state is tried again."""
    log = structlog.get_logger("runner")
    while not stop.is_set():
        try:
            pending = due(app)
        except TryLater as busy:
            log.warning("due.deferred", reason=str(busy))
            pending = []
        for work in pending:
            if stop.is_set():
                break
            if run(app, work):
                log.info("work.done", kind=work.kind, key=work.key)
            else:
                log.warning("work.deferred", kind=work.kind, key=work.key, reason=reason(app, work))
        if not pending:
            stop.wait(PAUSE_SECONDS)


def reason(app: App, work: Work) -> str:
    """Say why a piece of work did not come to its end."""
    with app.store.read() as tx:
        row = memory.state(tx, work.kind, work.key)
    return (row.parked_reason or row.last_error) if row else ""


def obstacles(app: App) -> list[str]:
    """Say what keeps work from being taken: a database that cannot be read (readiness)."""
    try:
        with app.store.read() as tx:
            ledger.due_reviews(tx, app.clock.now())
    except BridgeError as error:
        return [str(error)]
    return []


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder's lock file: a second ``run`` on the same data stops here."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            raise BridgeError(
                f"another 'mondaybridge run' works on {folder}: stop it first, or give this one "
                "its own MONDAYBRIDGE_DATA_DIR"
            ) from taken
        yield
