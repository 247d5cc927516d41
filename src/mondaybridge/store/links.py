"""Addresses of ours that clients are given: what a token leads to, and whether it still does."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from mondaybridge.store.document_tables import document
from mondaybridge.store.engine import Tx
from mondaybridge.store.package_tables import link as t
from mondaybridge.store.upsert import insert, many

DOCUMENT = "document"
STATEMENT = "statement"  # of a contract and a month, as "contract/2026-10"


@dataclass(frozen=True, slots=True)
class Link:
    """One address; ``subject`` is what it shows, ``revoked_at`` 0 while it may be used."""

    token: str
    kind: str
    subject: str
    client_id: str
    revoked_at: int = 0


def keep(tx: Tx, links: Sequence[Link]) -> None:
    """Remember addresses; one that is known, or was revoked, stays as it is."""
    rows = [{name: getattr(one, name) for name in Link.__slots__} for one in links]
    many(tx, insert(tx, t).on_conflict_do_nothing(), rows)


def find(tx: Tx, token: str) -> Link | None:
    """Return where a token leads; nothing where it is unknown or revoked."""
    query = select(*(t.c[name] for name in Link.__slots__))
    row = tx.execute(query.where(t.c.token == token, t.c.revoked_at == 0)).first()
    return Link(*row) if row else None


def revoke(tx: Tx, kind: str, subject: str, now: int) -> int:
    """Let the addresses of a subject lead nowhere from now on; return how many there were."""
    mine = update(t).where(t.c.kind == kind, t.c.subject == subject, t.c.revoked_at == 0)
    return int(tx.execute(mine.values(revoked_at=now)).rowcount)


def numbers(tx: Tx, stripe_ids: Collection[str]) -> dict[str, str]:
    """Return the numbers of documents as Stripe gave them."""
    query = select(document.c.stripe_id, document.c.number)
    rows = tx.execute(query.where(document.c.stripe_id.in_(sorted(stripe_ids))))
    return {row.stripe_id: row.number for row in rows}
