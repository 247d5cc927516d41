"""Who signed a webhook, and which object it names (P13, stripe.md §1.7)."""

import hashlib
import hmac
import json

import pytest

from mondaybridge.stripe.webhooks import BadEvent, named_object, refused

NOW = 1_793_520_000_000
SECOND = NOW // 1000
NEW, OLD = "whsec_new_canary", "whsec_old_canary"
BODY = b'{"type": "invoice.paid", "data": {"object": {"id": "in_1"}}}'
NOBODY = "the signature is none of ours"
FAR = "the timestamp is too far from now"


def signed(secret: str = NEW, second: int = SECOND, body: bytes = BODY) -> str:
    text = f"{second}.".encode() + body
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def header(secret: str = NEW, second: int = SECOND) -> str:
    return f"t={second},v1={signed(secret, second)}"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (header(), ""),
        (header(second=SECOND - 300), ""),
        (header(second=SECOND + 300), ""),
        (header(second=SECOND - 301), FAR),
        (header(second=SECOND + 301), FAR),
        (header(OLD), ""),
        (f"t={SECOND},v1={signed(OLD)},v1={signed(NEW)},v0=x", ""),
        (f"t={SECOND},v1=0000,v1={signed(NEW)}", ""),
        (f"t={SECOND}=5,v1={signed(NEW)}", ""),
        (header("whsec_other"), NOBODY),
        (f"t={SECOND},v0={signed(NEW)}", NOBODY),
        (f"t={SECOND + 1},v1={signed(NEW)}", NOBODY),
        (f"v1={signed(NEW)}", NOBODY),
        (f"t=,v1={signed(NEW)}", NOBODY),
        ("t=1,v1=\xe9", NOBODY),
        ("", NOBODY),
    ],
)
def test_P13_only_what_one_of_the_secrets_signed_lately_is_stripes(given: str, reason: str) -> None:
    assert refused(BODY, given, (NEW, OLD), NOW) == reason


def test_P13_one_byte_more_or_less_is_another_body() -> None:
    assert refused(BODY + b" ", header(), (NEW,), NOW) == NOBODY
    assert refused(BODY[:-1], header(), (NEW,), NOW) == NOBODY
    assert refused(b"\xff", header(), (NEW,), NOW) == NOBODY
    assert refused(BODY, header(), (), NOW) == NOBODY


def snapshot(kind: str, name: object) -> bytes:
    event = {"object": "event", "type": kind, "data": {"object": {"id": name, "status": "paid"}}}
    return json.dumps(event).encode()


def thin(kind: str, name: str) -> bytes:
    thing = {"id": name, "type": kind, "url": f"/v1/x/{name}"}
    return json.dumps({"object": "v2.core.event", "type": kind, "related_object": thing}).encode()


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (snapshot("invoice.paid", "in_1"), "in_1"),
        (snapshot("credit_note.voided", "cn_1"), "cn_1"),
        (snapshot("customer.deleted", "cus_1"), "cus_1"),
        (thin("v1.invoice.payment_failed", "in_2"), "in_2"),
        (thin("v1.credit_note.created", "cn_2"), "cn_2"),
        (snapshot("customer.subscription.created", "sub_1"), None),
        (snapshot("invoiceitem.created", "ii_1"), None),
        (snapshot("invoice.upcoming", None), None),
        (snapshot("invoice.paid", "cus_1"), None),
        (snapshot("invoice.paid", "in_1/../../customers"), None),
        (thin("v2.core.event_destination.ping", "ed_1"), None),
        (b'{"type": "v1.invoice.paid", "related_object": null}', None),
        (b'{"type": "v2.x", "data": {"object": null}}', None),
    ],
)
def test_only_the_id_of_an_object_that_concerns_us_is_read(body: bytes, name: str | None) -> None:
    assert named_object(body) == name


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{}", b'{"type": "invoice.paid", "data": 1}', b"[" * 99_999]
)
def test_what_is_no_event_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(BadEvent):
        named_object(body)
