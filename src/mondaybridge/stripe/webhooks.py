"""Stripe's webhooks: who signed them and which object they name; nothing else of them is believed.

The SDK judges the signature; the time is judged here, on our clock and both ways, because it lets
a timestamp of the future pass (stripe.md §1.7). Snapshot and thin events name their object alike.
"""

import json
import re
from collections.abc import Collection

import stripe as stripe_sdk

TOLERANCE_SECONDS = 300
HEADER = "stripe-signature"
# Which kinds of events concern us, and how the ids of their objects begin.
IDS = {"invoice": "in_", "credit_note": "cn_", "customer": "cus_"}
_THIN = "v1."  # what thin events of this API's objects begin with
_ID = re.compile(r"[A-Za-z0-9_]{1,255}")


class BadEvent(ValueError):  # noqa: N818 - what it is, not what went wrong
    """A body that is no event of Stripe's."""


def refused(body: bytes, header: str, secrets: Collection[str], now: int) -> str:
    """Say why a webhook is not from Stripe; empty: one of the secrets signed these very bytes.

    While a secret is rolled there are two, and a header with a signature of each.
    """
    if not any(_signed(body, header, secret) for secret in secrets):
        return "the signature is none of ours"
    if abs(now // 1000 - _second(header)) > TOLERANCE_SECONDS:
        return "the timestamp is too far from now"
    return ""


def named_object(body: bytes) -> str | None:
    """Return the id of the object that an event is about; None: it does not concern us."""
    try:
        event = json.loads(body)
        kind = str(event["type"])
        if _begins(kind) is None:
            return None
        thing = event["related_object"] if kind.startswith(_THIN) else event["data"]["object"]
        name = str((thing or {}).get("id", ""))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise BadEvent("the body is no event of Stripe's") from None
    return name if concerns(kind, name) else None


def concerns(kind: str, name: str) -> bool:
    """Whether an event of this kind is about an invoice, a credit note or a customer."""
    begins = _begins(kind)
    return begins is not None and name.startswith(begins) and bool(_ID.fullmatch(name))


def _begins(kind: str) -> str | None:
    return IDS.get(kind.removeprefix(_THIN).rpartition(".")[0])


def _signed(body: bytes, header: str, secret: str) -> bool:
    if not header.isascii():  # which the SDK cannot compare
        return False
    try:
        stripe_sdk.WebhookSignature.verify_header(body.decode(), header, secret)
    except (stripe_sdk.SignatureVerificationError, UnicodeDecodeError):
        return False
    return True


def _second(header: str) -> int:
    """Return the signed second: the first, as the SDK reads it."""
    return next(int(part.split("=")[1]) for part in header.split(",") if part.startswith("t="))
