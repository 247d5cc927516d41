"""Which accounts this database belongs to, bound at first contact and never moved (P29).

What was written to one account is known by ids that mean nothing in another one, and a test
account's documents would pass for real ones.
"""

from dataclasses import dataclass

from sqlalchemy import bindparam, select, update

from mondaybridge.errors import ConfigurationError
from mondaybridge.store.document_tables import peer as t
from mondaybridge.store.engine import Tx
from mondaybridge.store.upsert import insert

MONDAY, STRIPE = "monday", "stripe"
_NAMES = {MONDAY: "monday", STRIPE: "Stripe"}
_PEER = select(t).where(t.c.service == bindparam("of_service"))
_SETTINGS = {MONDAY: "MONDAYBRIDGE_MONDAY__TOKEN", STRIPE: "MONDAYBRIDGE_STRIPE__API_KEY"}


@dataclass(frozen=True, slots=True)
class Peer:
    """A vendor's account; ``cursor`` and ``polled_at`` say how far its events were read."""

    service: str
    account_id: str
    live: bool
    bound_at: int = 0
    cursor: str = ""
    polled_at: int = 0

    @property
    def shown(self) -> str:
        """The account as people tell accounts apart."""
        name = self.account_id or "an account without a name"
        return f"{name} in {_mode(self.live)} mode" if self.service == STRIPE else name


def find(tx: Tx, service: str) -> Peer | None:
    """Return the account that the database belongs to, if it is bound."""
    row = tx.execute(_PEER, {"of_service": service}).first()
    if row is None:
        return None
    return Peer(
        row.service, row.account_id, bool(row.live), row.bound_at, row.cursor, row.polled_at
    )


def bind(tx: Tx, met: Peer, now: int) -> None:
    """Bind the database to the account it meets first; ConfigurationError: it has another."""
    row = {
        "service": met.service,
        "account_id": met.account_id,
        "live": int(met.live),
        "bound_at": now,
        "cursor": "",
        "polled_at": now,
    }
    tx.execute(insert(tx, t).values(row).on_conflict_do_nothing())
    nameless = update(t).where(t.c.service == met.service, t.c.account_id == "")
    tx.execute(nameless.where(t.c.live == int(met.live)).values(account_id=met.account_id))
    bound = find(tx, met.service)
    if bound is not None:
        refuse_other(bound, met)


def refuse_other(bound: Peer, met: Peer) -> None:
    """Stop before anything is written where the database belongs to another account or mode."""
    if (bound.account_id, bound.live) != (met.account_id, met.live):
        raise ConfigurationError(
            f"{_SETTINGS[met.service]} belongs to {_NAMES[met.service]}'s account {met.shown}, "
            f"but this database belongs to {bound.shown}: set the credentials of that account, or "
            "MONDAYBRIDGE_DATABASE_URL to another database"
        )


def refuse_mode(bound: Peer, *, live: bool) -> None:
    """Stop where a key is of the other mode, which can be told without a call."""
    refuse_other(bound, Peer(bound.service, bound.account_id, live))


def polled(tx: Tx, service: str, cursor: str, now: int) -> None:
    """Remember how far an account's events were read, and when."""
    mine = update(t).where(t.c.service == service)
    tx.execute(mine.values(cursor=cursor, polled_at=now))


def _mode(live: bool) -> str:  # noqa: FBT001 - the value itself
    return "live" if live else "test"
