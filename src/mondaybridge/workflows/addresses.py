"""The addresses that clients are given: short, steady and not to be guessed (experience 4.2).

What Stripe calls its own page of an invoice expires; ours does not, and shows nothing of what it
leads to. A token is made from the link key alone, so that a restored database makes the same one.
"""

import base64
import hashlib
import hmac
from collections.abc import Collection

from mondaybridge.app import App
from mondaybridge.reports.untold import links_missing
from mondaybridge.settings import Settings, require_link_key
from mondaybridge.store import links
from mondaybridge.store.engine import Tx
from mondaybridge.store.links import DOCUMENT, Link
from mondaybridge.stripe.pages import page_of

PATH = "/i/"


def leads_to(app: App, given: str) -> str | None:
    """Return where Stripe shows the document behind a token now; None: nowhere."""
    with app.store.read() as tx:
        found = links.find(tx, given)
    if found is None or found.kind != DOCUMENT:
        return None
    return page_of(app.stripe, found.subject)


def token(key: str, kind: str, subject: str) -> str:
    """Return the token of a subject: 256 bits in letters and digits that survive any mail."""
    digest = hmac.new(key.encode(), f"{kind}:{subject}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().rstrip("=").lower()


def document_links(
    tx: Tx, settings: Settings, client_id: str, stripe_ids: Collection[str]
) -> dict[str, str]:
    """Return what the link cell of each document should show: our address and its number."""
    wanted = sorted({one for one in stripe_ids if one})
    if not wanted or links_missing(settings):
        return {}
    key = require_link_key(settings)
    made = {one: token(key, DOCUMENT, one) for one in wanted}
    links.keep(tx, [Link(made[one], DOCUMENT, one, client_id) for one in wanted])
    numbers = links.numbers(tx, wanted)
    return {
        one: f"{settings.public_url}{PATH}{made[one]} {numbers.get(one) or one}" for one in wanted
    }
