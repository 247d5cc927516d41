"""Subscribe boards to webhooks, declaratively: create what is missing, remove what is stale.

monday does not tell a webhook's address, so id and address are remembered here.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from mondaybridge.app import App
from mondaybridge.errors import ConfigurationError
from mondaybridge.monday.webhooks import EVENTS, subscribe, subscriptions, unsubscribe
from mondaybridge.settings import require_hook_secret
from mondaybridge.store import webhooks
from mondaybridge.store.webhooks import WebhookRow


@dataclass(frozen=True, slots=True)
class Installed:
    """What one board has: webhooks kept, made and removed."""

    board_id: str
    kept: int
    made: int
    removed: int


def install(app: App, public_url: str, *, boards: Iterable[str] | None = None) -> list[Installed]:
    """Make these boards, else every mapped one, tell this address about their changes."""
    address = _address(app, public_url)
    wanted = app.mapping.board_ids if boards is None else boards
    return [_install(app, board_id, address) for board_id in sorted(wanted)]


def remove(app: App) -> int:
    """Remove the webhooks that were made from here."""
    with app.store.read() as tx:
        known = webhooks.known(tx)
    for row in known:
        _drop(app, row)
    return len(known)


def _address(app: App, public_url: str) -> str:
    if not public_url.startswith(("https://", "http://")):
        raise ConfigurationError(
            "MONDAYBRIDGE_PUBLIC_URL must be the address under which monday reaches this service, "
            'for example "https://bridge.example.com"'
        )
    secret = require_hook_secret(app.settings)
    return f"{public_url.rstrip('/')}/hooks/monday/{secret}"


def _install(app: App, board_id: str, address: str) -> Installed:
    url_hash = hashlib.sha256(address.encode()).hexdigest()
    alive = {found.id for found in subscriptions(app.monday, board_id)}
    with app.store.read() as tx:
        known = [row for row in webhooks.known(tx) if row.board_id == board_id]
    kept = [row for row in known if row.webhook_id in alive and row.url_hash == url_hash]
    stale = [row for row in known if row not in kept]
    missing = [event for event in EVENTS if event not in {row.event for row in kept}]
    for event in missing:
        made = subscribe(app.monday, board_id, address, event)
        with app.store.write() as tx:
            webhooks.save(tx, WebhookRow(made.id, board_id, event, url_hash))
    for row in stale:
        _drop(app, row, alive=row.webhook_id in alive)
    return Installed(board_id, len(kept), len(missing), len(stale))


def _drop(app: App, row: WebhookRow, *, alive: bool = True) -> None:
    if alive:
        unsubscribe(app.monday, row.webhook_id)
    with app.store.write() as tx:
        webhooks.forget(tx, row.webhook_id)
