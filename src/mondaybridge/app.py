"""The composition root: settings in, one ``App`` out; nothing is decided here."""

import secrets
from dataclasses import dataclass

import httpx

from mondaybridge.clock import Clock, SystemClock
from mondaybridge.errors import TryLater
from mondaybridge.mapping.load import load
from mondaybridge.mapping.models import Mapping
from mondaybridge.monday.client import MondayClient
from mondaybridge.settings import Settings, require
from mondaybridge.store import peer, quota
from mondaybridge.store.engine import Store
from mondaybridge.stripe.account import account_id, is_live
from mondaybridge.stripe.client import StripeGateway

ACCOUNT = "monday"
NONE = "none-offline"


@dataclass(frozen=True, slots=True)
class App:
    """Everything a workflow needs; ``holder`` names this process in leases."""

    settings: Settings
    store: Store
    monday: MondayClient
    stripe: StripeGateway
    mapping: Mapping
    clock: Clock
    holder: str

    def close(self) -> None:
        """Let go of connections."""
        self.monday.close()
        self.stripe.close()
        self.store.close()


def open_store(settings: Settings, clock: Clock | None = None) -> Store:
    """Open the database alone, for commands that only read it."""
    return Store(settings.store_url, clock=clock or SystemClock())


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    mapping: Mapping | None = None,
    monday_transport: httpx.BaseTransport | None = None,
    stripe_transport: httpx.BaseTransport | None = None,
    online: bool = True,
) -> App:
    """Compose the application; transports and clock are given by demo, stories and simulation.

    A command that calls nobody (``online`` false) needs no credentials.
    """
    mapping = mapping or load(settings.mappings)
    token = require(settings.monday.token, "MONDAYBRIDGE_MONDAY__TOKEN") if online else NONE
    key = require(settings.stripe.api_key, "MONDAYBRIDGE_STRIPE__API_KEY") if online else NONE
    clock = clock or SystemClock()
    store = open_store(settings, clock)
    store.upgrade()
    monday = MondayClient(
        token=token,
        api_url=settings.monday.api_url,
        clock=clock,
        transport=monday_transport,
        before_call=lambda: _count_call(store, clock) if online else _refuse(),
        after_call=lambda facts: _heed(store, facts.blocked_until),
    )
    stripe = StripeGateway(
        api_key=key,
        api_url=settings.stripe.api_url,
        clock=clock,
        transport=stripe_transport,
        before_call=store.assert_idle if online else _refuse,
        at_first=lambda gateway: _meet(gateway, store, clock, live=is_live(key)),
    )
    return App(settings, store, monday, stripe, mapping, clock, secrets.token_hex(8))


def _refuse() -> None:
    raise AssertionError("a command that works offline called a vendor")


def _meet(gateway: StripeGateway, store: Store, clock: Clock, *, live: bool) -> None:
    """Let the database meet Stripe's account before anything else is asked or written there."""
    met = peer.Peer(peer.STRIPE, account_id(gateway), live)
    with store.read() as tx:
        bound = peer.find(tx, peer.STRIPE)
    if bound and bound.account_id:
        peer.refuse_other(bound, met)
        return
    with store.write() as tx:
        peer.bind(tx, met, clock.now())


def _count_call(store: Store, clock: Clock) -> None:
    """Count one call of the day; none is made while monday is known to take none."""
    store.assert_idle()
    with store.write() as tx:
        until = quota.blocked_until(tx, ACCOUNT)
        if until > clock.now():
            raise TryLater("monday asked to wait", until)
        quota.count(tx, ACCOUNT, clock.now())


def _heed(store: Store, blocked_until: int) -> None:
    """Remember for all workers until when monday takes no calls."""
    if blocked_until:
        with store.write() as tx:
            quota.block(tx, ACCOUNT, blocked_until)
