"""Stripe's webhooks at the door: signed, made durable as an id, then answered (P11-P13)."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from mondaybridge.errors import TryLater
from mondaybridge.store import paper_hints
from mondaybridge.store.engine import Store
from mondaybridge.store.paper_hints import Claim, PaperInbox
from mondaybridge.web.bodies import BODY_BYTES
from mondaybridge.web.stripe_hooks import routes
from storebook import StillClock

SECRET = "whsec_canary"
EVENT = {"type": "invoice.paid", "data": {"object": {"id": "in_1", "status": "paid"}}}
BODY = json.dumps(EVENT).encode()
clock = StillClock()


def signed(body: bytes = BODY, secret: str = SECRET) -> str:
    second = str(clock.now() // 1000)
    digest = hmac.new(secret.encode(), f"{second}.".encode() + body, hashlib.sha256)
    return f"t={second},v1={digest.hexdigest()}"


@pytest.fixture(name="store")
def empty_store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'hints.sqlite3'}", clock=clock)
    store.upgrade()
    yield store
    store.close()


@pytest.fixture(name="inbox")
def open_inbox(store: Store) -> Iterator[PaperInbox]:
    inbox = PaperInbox(store)
    yield inbox
    inbox.close()


def ask(inbox: PaperInbox, *bodies: bytes, header: str | None = None) -> list[int]:
    async def talk() -> list[int]:
        app = Starlette(routes=routes((SECRET,), inbox.remember, clock))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="https://a.example") as client:
            return [
                (await client.post("/hooks/stripe", content=b, headers=h(b))).status_code
                for b in bodies
            ]

    def h(body: bytes) -> dict[str, str]:
        given = signed(body) if header is None else header
        return {"content-type": "application/json; charset=utf-8", "stripe-signature": given}

    return asyncio.run(talk())


def kept(store: Store) -> list[Claim | None]:
    with store.read() as tx:
        names = paper_hints.due(tx, clock.now() + paper_hints.LONGEST_WAIT_MS)
        return [paper_hints.claim(tx, name) for name in names]


def test_a_hint_is_durable_before_it_is_answered(store: Store, inbox: PaperInbox) -> None:
    assert ask(inbox, BODY) == [200]
    assert kept(store) == [Claim("in_1", 1)]


def test_P12_duplicates_are_one_hint(store: Store, inbox: PaperInbox) -> None:
    other = BODY.replace(b"paid", b"sent")
    assert ask(inbox, other, BODY, BODY) == [200, 200, 200]
    assert kept(store) == [Claim("in_1", 3)]


def test_P13_a_wrong_signature_is_refused_and_nothing_is_kept(
    store: Store, inbox: PaperInbox
) -> None:
    assert ask(inbox, BODY, header="") == [400]
    assert ask(inbox, BODY, header=signed(secret="whsec_other")) == [400]
    assert ask(inbox, BODY[:-1], header=signed()) == [400]
    assert ask(inbox, b"x" * (BODY_BYTES + 1)) == [413]
    assert kept(store) == []


def test_what_does_not_concern_us_is_answered_and_not_kept(store: Store, inbox: PaperInbox) -> None:
    foreign = json.dumps({"type": "charge.succeeded", "data": {"object": {"id": "ch_1"}}})
    assert ask(inbox, foreign.encode(), b"[1]") == [204, 400]
    assert kept(store) == []


def test_a_hint_that_cannot_be_stored_is_asked_for_again(store: Store) -> None:
    class Full(PaperInbox):
        def remember(self, object_id: str) -> "Future[None]":
            raise TryLater(f"no room for {object_id}")

    inbox = Full(store)
    assert ask(inbox, BODY) == [503]
    inbox.close()


def test_without_a_secret_there_is_no_address() -> None:
    assert routes((), lambda _: Future(), clock) == []


def test_a_hint_that_came_again_meanwhile_is_not_settled(store: Store) -> None:
    now = clock.now()
    with store.write() as tx:
        paper_hints.remember(tx, ["in_1", "in_2"], now, debounce_ms=2_000)
    with store.read() as tx:
        assert paper_hints.due(tx, now + 1_999) == []
        assert paper_hints.due(tx, now + 2_000) == ["in_1", "in_2"]
        claimed = paper_hints.claim(tx, "in_1")
    assert claimed == Claim("in_1", 1)
    with store.write() as tx:
        paper_hints.remember(tx, ["in_1"], now + 3_000, debounce_ms=2_000)
        paper_hints.settle(tx, claimed)
        assert paper_hints.claim(tx, "in_1") == Claim("in_1", 2)
        assert paper_hints.due(tx, now + 3_000) == ["in_1", "in_2"]
        paper_hints.settle(tx, Claim("in_1", 2))
        assert paper_hints.claim(tx, "in_1") is None
