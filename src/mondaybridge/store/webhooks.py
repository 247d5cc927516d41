"""The subscriptions that were made at monday: their addresses cannot be asked for there."""

from dataclasses import asdict, dataclass

from sqlalchemy import delete, select

from mondaybridge.store.engine import Tx
from mondaybridge.store.tables import webhook as t
from mondaybridge.store.upsert import insert


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """One subscription; the address holds a secret, so only its hash is kept."""

    webhook_id: str
    board_id: str
    event: str
    url_hash: str


def save(tx: Tx, row: WebhookRow) -> None:
    """Remember a subscription."""
    values = asdict(row)
    statement = insert(tx, t).values(**values)
    tx.execute(statement.on_conflict_do_update(index_elements=[t.c.webhook_id], set_=values))


def forget(tx: Tx, webhook_id: str) -> None:
    """Forget a subscription that is gone."""
    tx.execute(delete(t).where(t.c.webhook_id == webhook_id))


def known(tx: Tx) -> list[WebhookRow]:
    """Return all subscriptions, by board and event."""
    rows = [WebhookRow(*row) for row in tx.execute(select(t))]
    return sorted(rows, key=lambda w: (w.board_id, w.event, w.webhook_id))
