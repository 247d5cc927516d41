"""Addresses that events are posted to: what they want, in which shape, signed with what (§1.7).

While a secret is rolled there are two, and a webhook has a signature of each. Thin events are for
addresses of the newer kind, which exist in the data file only (stripe.md §0.6).
"""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field

from mondaybridge.sandbox.stripe.account import Account, Route
from mondaybridge.sandbox.stripe.data import EndpointData
from mondaybridge.sandbox.stripe.errors import StripeError
from mondaybridge.sandbox.stripe.forms import (
    Bool,
    Clearable,
    Expandable,
    Form,
    Json,
    ListForm,
    Many,
    Metadata,
    Name,
    merged,
)
from mondaybridge.sandbox.stripe.models import Endpoint
from mondaybridge.sandbox.stripe.render import page_json

API_VERSION = "2026-10-28.endive"
ROLL_SECONDS = 86_400  # how long the old secret signs too, at most

_Kinds = Annotated[Many[Name], Field(min_length=1)]
_Description = Clearable[Annotated[str, Field(max_length=5000)]]


class _NewEndpoint(Expandable):
    api_version: Name = API_VERSION
    description: _Description = None
    enabled_events: _Kinds
    metadata: Metadata = Field(default_factory=dict)
    url: Name


class _EndpointChange(Expandable):
    description: _Description = None
    disabled: Bool = False
    enabled_events: _Kinds = Field(default_factory=list)
    metadata: Metadata = Field(default_factory=dict)
    url: Name = ""


def seed(account: Account, data: EndpointData) -> Endpoint:
    """Put an address of the data file into the account."""
    return account.endpoints.add(
        Endpoint(
            **account.new_place("we"),
            url=data.url,
            payload=data.payload,
            secrets=[(secret, None) for secret in data.secrets],
            enabled_events=list(data.enabled_events),
            api_version=data.api_version,
        )
    )


def wanting(account: Account, kind: str) -> list[Endpoint]:
    """Return the addresses that want to hear of an event."""
    return [
        each
        for each in account.endpoints.values()
        if not each.disabled and {"*", kind} & set(each.enabled_events)
    ]


def roll(account: Account, endpoint: Endpoint) -> str:
    """Give an address a new secret; the old one signs beside it for a day."""
    until = account.now() + ROLL_SECONDS
    made = account.new_id("whsec")
    kept = [(secret, until) for secret, ends in endpoint.secrets if ends is None]
    endpoint.secrets = [(made, None), *kept]
    return made


def valid_secrets(endpoint: Endpoint, second: int) -> list[str]:
    """Return the secrets that sign at a second, newest first."""
    return [secret for secret, ends in endpoint.secrets if ends is None or second < ends]


def body_for(account: Account, endpoint: Endpoint, event: Json) -> Json:
    """Render an event for an address: whole in its version, or thin."""
    if endpoint.payload == "snapshot":
        return {**event, "api_version": endpoint.api_version}
    thing = event["data"]["object"]
    moment = datetime.fromtimestamp(event["created"], UTC)
    asked = event["request"]
    caused = asked if asked["id"] else None
    return {
        "id": account.new_id("evt"),
        "object": "v2.core.event",
        "context": None,
        "created": moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "livemode": False,
        "reason": {"type": "request", "request": caused} if caused else None,
        "related_object": {
            "id": thing["id"],
            "type": thing["object"],
            "url": f"/v1/{thing['object']}s/{thing['id']}",
        },
        "snapshot_event": event["id"],
        "type": f"v1.{event['type']}",
    }


def _json(endpoint: Endpoint, *, secret: bool = False) -> Json:
    """Render an address; its secret is told once, when it is created."""
    shown: Json = {
        "id": endpoint.id,
        "object": "webhook_endpoint",
        "api_version": endpoint.api_version,
        "application": None,
        "created": endpoint.created,
        "description": endpoint.description,
        "enabled_events": list(endpoint.enabled_events),
        "livemode": False,
        "metadata": dict(endpoint.metadata),
        "status": "disabled" if endpoint.disabled else "enabled",
        "url": endpoint.url,
    }
    return shown | ({"secret": endpoint.secrets[0][0]} if secret else {})


def _create(account: Account, form: _NewEndpoint) -> Json:
    _check_url(form.url)
    made = account.endpoints.add(
        Endpoint(
            **account.new_place("we"),
            url=form.url,
            secrets=[(account.new_id("whsec"), None)],
            enabled_events=list(form.enabled_events),
            api_version=form.api_version,
            description=form.description,
            metadata=merged({}, form.metadata),
        )
    )
    return _json(made, secret=True)


def _update(account: Account, form: _EndpointChange, identifier: str) -> Json:
    endpoint = account.endpoints.find(identifier)
    if form.gives("url"):
        _check_url(form.url)
    for name in ("description", "disabled", "enabled_events", "url"):
        if form.gives(name):
            setattr(endpoint, name, getattr(form, name))
    if form.gives("metadata"):
        endpoint.metadata = merged(endpoint.metadata, form.metadata)
    return _json(endpoint)


def _check_url(url: str) -> None:
    if not url.startswith(("https://", "http://")):
        raise StripeError(f"Invalid URL: {url[:100]}", code="url_invalid", param="url")


def _retrieve(account: Account, _: Form, identifier: str) -> Json:
    return _json(account.endpoints.find(identifier))


def _delete(account: Account, _: Form, identifier: str) -> Json:
    account.endpoints.remove(account.endpoints.find(identifier))
    return {"id": identifier, "object": "webhook_endpoint", "deleted": True}


def _list(account: Account, form: ListForm) -> Json:
    return page_json(_BASE, account.endpoints.page(form), _json)


_BASE = "/v1/webhook_endpoints"
ROUTES = (
    Route("POST", _BASE, "WebhookEndpoint.create", _NewEndpoint, _create),
    Route("GET", _BASE, "WebhookEndpoint.list", ListForm, _list),
    Route("GET", f"{_BASE}/{{}}", "WebhookEndpoint.retrieve", Expandable, _retrieve),
    Route("POST", f"{_BASE}/{{}}", "WebhookEndpoint.update", _EndpointChange, _update),
    Route("DELETE", f"{_BASE}/{{}}", "WebhookEndpoint.delete", Form, _delete),
)
