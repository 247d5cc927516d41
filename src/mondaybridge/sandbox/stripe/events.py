"""Events and their signed webhooks (stripe.md §1.7), to the addresses of ``endpoints.py``.

An event keeps the object as it was; the list shows 30 days. Webhooks only queue in the world.
"""

import hashlib
import hmac
import json
from typing import Annotated

from pydantic import Field

from mondaybridge.sandbox.stripe.account import Account, Route
from mondaybridge.sandbox.stripe.data import EndpointData
from mondaybridge.sandbox.stripe.endpoints import (
    API_VERSION,
    body_for,
    seed,
    valid_secrets,
    wanting,
)
from mondaybridge.sandbox.stripe.faults import queue
from mondaybridge.sandbox.stripe.forms import (
    Bool,
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

KEPT_SECONDS = 30 * SECONDS_PER_DAY
RETRY_AFTER_MS = (300_000, 3_600_000, 10_800_000)  # a sandbox account tries three times more


class Events:
    """The feed of an account, and the webhooks that announce it."""

    def __init__(self, account: Account, *, webhook_secret: str) -> None:
        self._account = account
        settings = account.settings
        if settings.webhook_url:
            seed(account, EndpointData(url=settings.webhook_url, secrets=[webhook_secret]))
        for data in settings.webhook_endpoints:
            seed(account, data)
        account.happened = self.happened

    def happened(self, kind: str, thing: Json, before: Json | None) -> None:
        """Append an event, and queue its webhooks to the addresses that want it."""
        account = self._account
        account.events.forget_before(account.now() - KEPT_SECONDS)
        place = account.new_place("evt")
        wanted = wanting(account, kind)
        body = _event_json(account, kind, place, {"object": thing} | _previous(kind, thing, before))
        body["pending_webhooks"] = len(wanted)
        event = Event(**place, type=kind, body=json.dumps(body).encode())
        account.events.add(event)
        now = account.world.clock.now()
        for endpoint in wanted:
            event.undelivered.add(endpoint.url)
            content = json.dumps(body_for(account, endpoint, body)).encode()
            delivery = Delivery(event.id, endpoint.url, {}, content, not_before=now)
            queue(account.world, self.signed(delivery, now), kind)

    def signed(self, delivery: Delivery, now_ms: int) -> Delivery:
        """Sign a webhook as it is sent: HMAC-SHA256 over second and body, with every secret."""
        second = now_ms // 1000
        found = [e for e in self._account.endpoints.values() if e.url == delivery.url]
        secrets = [secret for endpoint in found for secret in valid_secrets(endpoint, second)]
        signatures = ",".join(f"v1={_digest(secret, second, delivery.body)}" for secret in secrets)
        delivery.headers |= {
            "content-type": "application/json; charset=utf-8",
            "user-agent": "Stripe/1.0 (sandbox)",
            "stripe-signature": f"t={second},{signatures}",
        }
        return delivery

    def delivered(self, delivery: Delivery) -> None:
        """Note that an address answered a webhook with 2xx."""
        self._account.events[delivery.id].undelivered.discard(delivery.url)

    def retry(self, delivery: Delivery, now_ms: int) -> Delivery | None:
        """Return the next try of a webhook that was not answered by 2xx, or ``None`` at the end."""
        if delivery.attempt >= len(RETRY_AFTER_MS):
            return None
        delivery.not_before = now_ms + RETRY_AFTER_MS[delivery.attempt]
        delivery.attempt += 1
        return delivery


class _EventList(ListForm):
    created: Created | None = None
    delivery_success: Bool | None = None
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
        keep=lambda event: (
            event.type.startswith(group)
            and event.type in (types or {event.type})
            and form.delivery_success in {None, not event.undelivered}
        ),
    )
    return page_json("/v1/events", page, _shown)


def _retrieve(account: Account, _: Form, identifier: str) -> Json:
    account.events.forget_before(account.now() - KEPT_SECONDS)
    return _shown(account.events.find(identifier))


def _shown(event: Event) -> Json:
    return {**json.loads(event.body), "pending_webhooks": len(event.undelivered)}


def _digest(secret: str, second: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{second}.".encode() + body, hashlib.sha256).hexdigest()


ROUTES = (
    Route("GET", "/v1/events", "Event.list", _EventList, _list),
    Route("GET", "/v1/events/{}", "Event.retrieve", Expandable, _retrieve),
)
