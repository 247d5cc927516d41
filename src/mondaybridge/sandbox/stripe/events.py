"""Events and their signed webhooks (stripe.md §1.7); thin events are not here.

An event keeps the object as it was; the list shows 30 days. Webhooks only queue in the world.
"""

import hashlib
import hmac
import json
from typing import Annotated

from pydantic import Field

from mondaybridge.sandbox.stripe.account import Account, Route
from mondaybridge.sandbox.stripe.faults import queue
from mondaybridge.sandbox.stripe.forms import (
    Created,
    Expandable,
    Form,
    Json,
    ListForm,
    Many,
    Name,
)
from mondaybridge.sandbox.stripe.models import SECONDS_PER_DAY, Event
from mondaybridge.sandbox.stripe.render import page_json
from mondaybridge.sandbox.world import Delivery

API_VERSION = "2026-10-28.endive"
KEPT_SECONDS = 30 * SECONDS_PER_DAY
RETRY_AFTER_MS = (300_000, 3_600_000, 10_800_000)  # a sandbox account tries three times more


class Events:
    """The feed of an account, and the webhooks that announce it."""

    def __init__(self, account: Account, *, webhook_secret: str) -> None:
        self._account = account
        self._secret = webhook_secret
        account.happened = self.happened

    def happened(self, kind: str, thing: Json, before: Json | None) -> None:
        """Append an event, and queue its webhook if the account has an address for it."""
        account = self._account
        account.events.forget_before(account.now() - KEPT_SECONDS)
        place = account.new_place("evt")
        url = account.settings.webhook_url
        body = _event_json(account, kind, place, {"object": thing} | _previous(kind, thing, before))
        body["pending_webhooks"] = 1 if url else 0
        event = Event(**place, type=kind, body=json.dumps(body).encode())
        account.events.add(event)
        if url:
            now = account.world.clock.now()
            delivery = Delivery(event.id, url, {}, event.body, not_before=now)
            queue(account.world, self.signed(delivery, now), kind)

    def signed(self, delivery: Delivery, now_ms: int) -> Delivery:
        """Sign a webhook as it is sent: HMAC-SHA256 over second and body."""
        second = str(now_ms // 1000)
        digest = hmac.new(
            self._secret.encode(), f"{second}.".encode() + delivery.body, hashlib.sha256
        )
        delivery.headers |= {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "Stripe/1.0 (sandbox)",
            "stripe-signature": f"t={second},v1={digest.hexdigest()}",
        }
        return delivery

    def retry(self, delivery: Delivery, now_ms: int) -> Delivery | None:
        """Return the next try of a webhook that was not answered by 2xx, or ``None`` at the end."""
        if delivery.attempt >= len(RETRY_AFTER_MS):
            return None
        delivery.not_before = now_ms + RETRY_AFTER_MS[delivery.attempt]
        delivery.attempt += 1
        return delivery


class _EventList(ListForm):
    created: Created | None = None
    type: Name | None = None
    types: Annotated[Many[Name], Field(max_length=20)] = Field(default_factory=list)


def _event_json(account: Account, kind: str, place: Json, data: Json) -> Json:
    request_id, key = account.request
    return {
        "id": place["id"],
        "object": "event",
        "api_version": API_VERSION,
        "created": place["created"],
        "data": data,
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": request_id, "idempotency_key": key},
        "type": kind,
    }


def _previous(kind: str, thing: Json, before: Json | None) -> Json:
    if before is None or not kind.endswith(".updated"):
        return {}
    changed = {name: value for name, value in before.items() if thing.get(name) != value}
    return {"previous_attributes": changed}


def _list(account: Account, form: _EventList) -> Json:
    account.events.forget_before(account.now() - KEPT_SECONDS)
    types = set(form.types)
    group = form.type[:-1] if form.type and form.type.endswith("*") else ""
    page = account.events.page(
        form,
        by={"type": None if group else form.type},
        created=form.created,
        keep=lambda event: event.type.startswith(group) and event.type in (types or {event.type}),
    )
    return page_json("/v1/events", page, lambda event: dict(json.loads(event.body)))


def _retrieve(account: Account, _: Form, identifier: str) -> Json:
    return dict(json.loads(account.events.find(identifier).body))


ROUTES = (
    Route("GET", "/v1/events", "Event.list", _EventList, _list),
    Route("GET", "/v1/events/{}", "Event.retrieve", Expandable, _retrieve),
)
