"""The lease under which everything of one client at Stripe is done, by one worker at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from mondaybridge.app import App
from mondaybridge.domain.contract import Client
from mondaybridge.errors import TryLater
from mondaybridge.store import lease
from mondaybridge.store.lease import Lease

LEASE_MS = 60_000


@contextmanager
def leased(app: App, client: Client) -> Iterator[Lease]:
    """Hold a client's lease; TryLater: another worker has it."""
    held = lease.acquire(app.store, f"client:{client.client_id}", app.holder, LEASE_MS)
    if held is None:
        raise TryLater(f"another worker has {client.client_id}")
    try:
        yield held
    finally:
        lease.release(app.store, held)
