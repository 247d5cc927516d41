"""The accounts of a database, looked at when a process starts (reliability P29, O7).

monday's is asked for anyway; Stripe's mode stands in the key, and its account is asked for with
the first call that goes there (``app``), so that what needs no Stripe asks for nothing.
"""

from mondaybridge.app import App
from mondaybridge.errors import TryLater
from mondaybridge.settings import require
from mondaybridge.store import peer
from mondaybridge.store.peer import Peer
from mondaybridge.stripe.account import is_live


def bind_monday(app: App, account_id: str) -> None:
    """Bind monday's account; ConfigurationError: the database belongs to another one."""
    met = Peer(peer.MONDAY, account_id, live=True)
    with app.store.read() as tx:
        bound = peer.find(tx, peer.MONDAY)
    if bound and bound.account_id:
        peer.refuse_other(bound, met)
        return
    with app.store.write() as tx:
        peer.bind(tx, met, app.clock.now())


def check_mode(app: App) -> None:
    """Refuse a test key on a live database and the reverse, without a call."""
    key = require(app.settings.stripe.api_key, "MONDAYBRIDGE_STRIPE__API_KEY")
    with app.store.read() as tx:
        bound = peer.find(tx, peer.STRIPE)
    if bound:
        peer.refuse_mode(bound, live=is_live(key))


def meet_stripe(app: App) -> None:
    """Ask for Stripe's account now; where it cannot answer, the first call asks again."""
    try:
        app.stripe.meet()
    except TryLater:
        return
