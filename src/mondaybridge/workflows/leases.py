"""The leases under which one worker at a time acts for a client or a contract.

A dead worker's lease ends by itself; whoever writes renews it first, so that one who slept past its
end finds out before anything is sent.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from mondaybridge.app import App
from mondaybridge.domain.contract import Client, Contract
from mondaybridge.errors import TryLater
from mondaybridge.store import lease
from mondaybridge.store.lease import Lease

LEASE_MS = 60_000


@contextmanager
def of_client(app: App, client: Client) -> Iterator[Lease]:
    """Hold a client's lease, for all that is done at Stripe; TryLater: another worker has it."""
    with _held(app, f"client:{client.client_id}", client.client_id) as held:
        yield held


@contextmanager
def of_contract(app: App, contract: Contract) -> Iterator[Lease]:
    """Hold a contract's lease, for the end of a package; TryLater: another worker has it."""
    with _held(app, f"contract:{contract.contract_id}", contract.contract_id) as held:
        yield held


@contextmanager
def _held(app: App, key: str, whose: str) -> Iterator[Lease]:
    held = lease.acquire(app.store, key, app.holder, LEASE_MS)
    if held is None:
        raise TryLater(f"another worker acts for {whose}: try again in a minute")
    try:
        yield held
    finally:
        lease.release(app.store, held)
