"""What happened at Stripe lately, as ids: no public address is needed, and one call if nothing.

Events of one second come in no order and may be listed late, so the last minute is always read
again and what was seen of it left out; nothing but the id of an event's object is taken (§1.7).
"""

import json
from dataclasses import dataclass

import stripe as stripe_sdk

from mondaybridge.stripe.client import PAGE, Json, StripeGateway, rows
from mondaybridge.stripe.webhooks import concerns

OVERLAP_SECONDS = 60
LATE_SECONDS = 15 * 60  # between our clock and Stripe's, and until an event is listed
KEPT_SECONDS = 29 * 86_400  # of the 30 days that Stripe keeps, less one for the clocks
TYPES = (
    "invoice.finalized",
    "invoice.finalization_failed",
    "invoice.sent",
    "invoice.updated",
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.overdue",
    "invoice.overpaid",
    "invoice.voided",
    "invoice.marked_uncollectible",
    "invoice.deleted",
    "credit_note.created",
    "credit_note.updated",
    "credit_note.voided",
    "customer.updated",
    "customer.deleted",
)


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far events were read: the newest second, and what was seen of the last minute."""

    at: int
    seen: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return json.dumps([self.at, *sorted(self.seen)])


@dataclass(frozen=True, slots=True)
class News:
    """The objects that something happened to; ``gap``: older events are not kept any more."""

    object_ids: frozenset[str]
    cursor: Cursor
    gap: bool


def parse_cursor(text: str, begin_ms: int) -> Cursor:
    """Read a cursor back; where there is none yet, begin at an instant."""
    if not text:
        return Cursor(begin_ms // 1000)
    at, *seen = json.loads(text)
    return Cursor(int(at), frozenset(map(str, seen)))


def news(gateway: StripeGateway, cursor: Cursor, now_ms: int) -> News:
    """Return what happened since a cursor, and the cursor to go on from."""
    now = now_ms // 1000
    oldest = now - KEPT_SECONDS
    start = max(cursor.at - OVERLAP_SECONDS, oldest)
    found = gateway.read(lambda client: _events(client, start))
    fresh = [event for event in found if event["id"] not in cursor.seen]
    at = max([cursor.at, now - LATE_SECONDS, *(event["created"] for event in found)])
    seen = frozenset(e["id"] for e in found if e["created"] >= at - OVERLAP_SECONDS)
    return News(_objects(fresh), Cursor(at, seen), gap=cursor.at < oldest)


def _events(client: stripe_sdk.StripeClient, start: int) -> list[Json]:
    asked = {"types": list(TYPES), "created": {"gte": max(0, start)}, "limit": PAGE}
    return list(rows(client, "/v1/events", asked))


def _objects(events: list[Json]) -> frozenset[str]:
    named = ((event["type"], event["data"]["object"].get("id") or "") for event in events)
    return frozenset(name for kind, name in named if concerns(kind, name))
