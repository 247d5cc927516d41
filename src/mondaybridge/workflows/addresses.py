"""The addresses that clients are given: short, steady and not to be guessed (experience 4.2).

What Stripe calls its own page of an invoice expires; ours does not, and shows nothing of what it
leads to. A token is made from the link key alone, so that a restored database makes the same one.
"""

import base64
import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass

from mondaybridge.app import App
from mondaybridge.domain.contract import Client
from mondaybridge.domain.worktime import month
from mondaybridge.export.statement import statement_csv
from mondaybridge.reports.statement import statement
from mondaybridge.reports.untold import links_missing
from mondaybridge.settings import Settings, require_link_key
from mondaybridge.store import links
from mondaybridge.store.engine import Tx
from mondaybridge.store.links import DOCUMENT, STATEMENT, Link
from mondaybridge.stripe.pages import page_of

PATH = "/i/"


@dataclass(frozen=True, slots=True)
class Download:
    """What an address of ours gives by itself: a file and its name."""

    name: str
    content: bytes


def leads_to(app: App, given: str) -> str | Download | None:
    """Return where Stripe shows what is behind a token now, or a statement; None: nowhere."""
    with app.store.read() as tx:
        found = links.find(tx, given)
    if found is not None and found.kind == STATEMENT:
        return _statement(app, found.subject)
    if found is None or found.kind != DOCUMENT:
        return None
    return page_of(app.stripe, found.subject)


def token(key: str, kind: str, subject: str) -> str:
    """Return the token of a subject: 256 bits in letters and digits that survive any mail."""
    digest = hmac.new(key.encode(), f"{kind}:{subject}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().rstrip("=").lower()


def statement_links(settings: Settings, client: Client, period: str) -> list[Link]:
    """Return the addresses of a month's statements, one for each contract of that time (R46)."""
    if links_missing(settings):
        return []
    key, span = require_link_key(settings), month(period, client.zone)
    subjects = [
        f"{contract.contract_id}/{period}"
        for contract in client.contracts
        if contract.bill_from < span.end and (contract.until is None or contract.until > span.start)
    ]
    return [Link(token(key, STATEMENT, one), STATEMENT, one, client.client_id) for one in subjects]


def shown_links(settings: Settings, client: Client, period: str) -> dict[str, str]:
    """Return the same as a client reads them, by contract; none where addresses are not given."""
    return {
        link.subject.rpartition("/")[0]: f"{settings.public_url}{PATH}{link.token}"
        for link in statement_links(settings, client, period)
    }


def _statement(app: App, subject: str) -> Download | None:
    contract_id, _, period = subject.rpartition("/")
    contract = next((c for c in app.mapping.contracts if c.contract_id == contract_id), None)
    if contract is None:
        return None
    return Download(f"{contract_id}-{period}.csv", statement_csv(statement(app, contract, period)))


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
