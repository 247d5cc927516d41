"""What the stories about documents share: a month that is ready to be billed, and backups."""

import sqlite3
from contextlib import closing

from mondaybridge.sandbox.world import Request, Response
from mondaybridge.store import work
from stories import town
from stories.house import House


class Meddled(House):
    """Somebody works on a draft between our last look at it and its end: adds a line."""

    def meddle(self, draft: str) -> None:
        self.cashier.add_line(draft, amount=500, description="Flowers")

    def _stripe(self, request: Request) -> Response:
        if request.path.endswith("/finalize"):
            self.meddle(request.path.split("/")[3])
        return super()._stripe(request)


def ready(one: House, minutes: int = 90) -> str:
    item = one.row("Menu", board=town.TEA, approved=False)
    one.work(item, "2026-10-05 09:00", minutes)
    one.go("2026-11-03 09:00")
    one.settle()
    return item


def invoices(one: House) -> list[str]:
    return list(one.sandbox.stripe.invoices)


def release(one: House, kind: str, key: str, why: str = "looked at") -> None:
    """Let something parked go on, as Ada does."""
    with one.app.store.write() as tx:
        assert work.release(tx, kind, key, actor="Ada", why=why, now=one.clock.now())


def copy_of(one: House) -> bytes:
    with closing(sqlite3.connect(one.folder / "mondaybridge.sqlite3")) as database:
        return database.serialize()


def restored(one: House, kept: bytes) -> None:
    one.app.close()
    for left in one.folder.glob("mondaybridge.sqlite3*"):
        left.unlink()
    (one.folder / "mondaybridge.sqlite3").write_bytes(kept)
    one.open()
