"""A client's customer at Stripe: the mapped one, or one that is made once (P17, P18).

One that was deleted is never made again: its documents are there, and a twin would hide them.
"""

from dataclasses import replace

from mondaybridge.app import App
from mondaybridge.domain.contract import Client
from mondaybridge.errors import Parked
from mondaybridge.store import effects, lease, registry
from mondaybridge.store.effects import EffectRow
from mondaybridge.store.lease import Lease
from mondaybridge.stripe import customers
from mondaybridge.workflows.issue import Effects

KEY_MS = 20 * 3_600_000  # as long as a key may be sent again (stripe.md §1.8)
OK = range(200, 300)


def ready(app: App, client: Client, held: Lease) -> Client:
    """Return a client with a customer that can be billed; Parked where a person must look.

    Called under the client's lease, before something is issued.
    """
    with app.store.read() as tx:
        known = registry.billed(tx, client)
    if not known.stripe_customer:
        known = replace(client, stripe_customer=_made(app, client, held))
        with app.store.write() as tx:
            lease.confirm(tx, held)
            registry.keep_customer(tx, client.client_id, known.stripe_customer)
    check(app, known)
    return known


def check(app: App, client: Client) -> None:
    """Look at a client's customer; Parked: it is gone, has no address or another currency."""
    with app.store.read() as tx:
        client = registry.billed(tx, client)
    name, place = client.stripe_customer, f"clients.{client.client_id}"
    if not name:
        return
    found = customers.read_customer(app.stripe, name)
    if found is None or found.deleted:
        raise Parked(
            f"customer_gone: {client.client_id} has no customer at Stripe any more",
            f"{name} {'was deleted' if found else 'is not in this account and mode'}; no other one "
            f"is made: set {place}.stripe_customer to the customer to bill, then release this",
        )
    if not found.email:
        raise Parked(
            f"the customer of {client.client_id} has no e-mail address",
            f"Stripe mails invoices to it: give {name} one there, then release this",
        )
    if found.currency not in {"", client.currency}:
        raise Parked(
            f"the customer of {client.client_id} is billed in another currency",
            f"{name} has {found.currency}, the file says {client.currency}: correct {place}."
            "stripe_customer or the currency of its rates, then release this",
        )


def _made(app: App, client: Client, held: Lease) -> str:
    """Find the customer that was made for a client, or make it; at any crash only one is made."""
    log = Effects(app, held, customers.business_key(client.client_id))
    before = _sent(app, client)
    done = next((row.answer_id for row in before if row.http_status in OK), "")
    found = [done] if done else customers.made_for(app.stripe, client.client_id)
    if len(found) > 1:
        raise Parked(
            f"{client.client_id} has {len(found)} customers at Stripe that were made for it",
            f"{', '.join(found)}: set clients.{client.client_id}.stripe_customer to the one to "
            "bill, then release this",
        )
    if found:
        return found[0]
    return customers.create_customer(
        app.stripe, log, client=client, attempt=_attempt(before, app.clock.now())
    )


def _sent(app: App, client: Client) -> list[EffectRow]:
    with app.store.read() as tx:
        return effects.find(tx, customers.business_key(client.client_id))


def _attempt(before: list[EffectRow], now: int) -> int:
    """Return the attempt to send: the last one again while its key lives, else the next."""
    last = max(before, key=lambda row: row.attempt, default=None)
    if last is None:
        return 1
    alive = not last.answered_at and now - last.first_sent_at < KEY_MS
    return last.attempt if alive else last.attempt + 1
