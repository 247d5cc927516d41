"""Follow what happens at Stripe: a hint names an object, the object is read, its client reviewed.

Hints come from webhooks or from the events, which are read every few minutes; both say nothing but
where to look, so their order, doubles and ties do not matter (P11, P12). Objects of others are
left alone.
"""

from mondaybridge.app import App
from mondaybridge.domain.contract import Client
from mondaybridge.store import billing, lease, paper_hints, peer, registry
from mondaybridge.store.engine import Tx
from mondaybridge.stripe import events, observation
from mondaybridge.workflows import customers
from mondaybridge.workflows.leases import of_client
from mondaybridge.workflows.papers import take_note

POLL_MS = 10 * 60_000
CUSTOMER = "cus_"  # how the id of one begins


def poll_due(tx: Tx, now: int) -> bool:
    """Whether Stripe's events are to be read; nothing can have happened before Stripe was met."""
    bound = peer.find(tx, peer.STRIPE)
    return bound is not None and now - bound.polled_at >= POLL_MS


def poll(app: App) -> None:
    """Make hints of what happened since the last look; after a gap every client is looked at."""
    with app.store.read() as tx:
        bound = peer.find(tx, peer.STRIPE)
    if bound is None:
        return
    now = app.clock.now()
    found = events.news(app.stripe, events.parse_cursor(bound.cursor, bound.bound_at), now)
    with app.store.write() as tx:
        paper_hints.remember(tx, found.object_ids, now)
        peer.polled(tx, peer.STRIPE, str(found.cursor), now)
        if found.gap:
            billing.look_at_all(tx)


def follow(app: App, object_id: str) -> None:
    """Read the object of a hint again, if it is one of ours; the hint goes when that is stored."""
    with app.store.read() as tx:
        claimed = paper_hints.claim(tx, object_id)
        client_id = billing.owner(tx, object_id)
    if claimed is None:
        return
    if object_id.startswith(CUSTOMER):
        client = _client_of(app, object_id)
        if client:
            customers.check(app, client)
    else:
        _follow_document(app, object_id, client_id)
    with app.store.write() as tx:
        paper_hints.settle(tx, claimed)


def _follow_document(app: App, object_id: str, client_id: str) -> None:
    """Import one document as it is now, under the lease, so that no older look comes late."""
    if not client_id:
        found = observation.read_document(app.stripe, object_id, ())
        client = _client_of(app, found.customer) if found else None
    else:
        client = _mapped(app, client_id)
    if client is None:
        return
    with of_client(app, client) as held:
        with app.store.read() as tx:
            known = billing.imported_lines(tx, client.client_id)
        seen = observation.read_document(app.stripe, object_id, known)
        with app.store.write() as tx:
            lease.confirm(tx, held)
            if seen is None:
                billing.forget_draft(tx, object_id)
                return
            now, key = app.clock.now(), client.client_id
            changes = billing.import_documents(tx, key, [seen], now, complete=False)
            take_note(tx, client, changes, now)


def _client_of(app: App, customer: str) -> Client | None:
    with app.store.read() as tx:
        client_id = registry.client_of(tx, customer)
    return _mapped(app, client_id)


def _mapped(app: App, client_id: str) -> Client | None:
    return next((one for one in app.mapping.clients if one.client_id == client_id), None)
