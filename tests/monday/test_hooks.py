"""Webhooks at the door: whose they are, what they say, and what is turned away."""

import json
from contextlib import suppress
from typing import Any

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mondaybook import BOARD, NOW, account, client, item
from mondaybridge.domain.activity import Hint
from mondaybridge.monday.client import MondayClient
from mondaybridge.monday.hooks import (
    BODY_BYTES,
    BadPayload,
    Challenge,
    Rejected,
    read_body,
    verify,
)
from mondaybridge.monday.webhooks import subscribe
from mondaybridge.sandbox.monday.api import SIGNING_SECRET
from mondaybridge.sandbox.sockets import transport

SECRET = "path-secret"
SIGNING = "signing-secret-of-the-invented-app"
URL = "https://bridge.example/hooks/monday/path-secret"
SECONDS = NOW // 1000
CLAIMS: dict[str, Any] = {"aud": URL, "iat": SECONDS, "exp": SECONDS + 300, "accountId": 9}


def token(key: str = SIGNING, algorithm: str = "HS256", **changed: object) -> str:
    claims = {name: value for name, value in (CLAIMS | changed).items() if value is not None}
    return jwt.encode(claims, key, algorithm=algorithm)


def check(
    authorization: str | None = None,
    *,
    secret: str = SECRET,
    expected: str = SECRET,
    signing: str | None = SIGNING,
) -> Rejected | None:
    return verify(
        secret_in_path=secret,
        expected=expected,
        authorization=authorization,
        signing_secret=signing,
        now=NOW,
        audience=URL,
    )


def test_the_path_alone_is_enough_where_nothing_is_signed() -> None:
    assert check(signing=None) is None
    assert check("whatever", signing=None) is None


@pytest.mark.parametrize("secret", ["", "path-secreT", "path-secret ", "pfad-größe", "\ud800"])
def test_another_secret_in_the_path_is_refused_signed_or_not(secret: str) -> None:
    refused = Rejected("the secret in the path is not ours")
    assert check(token(), secret=secret) == check(secret=secret, signing=None) == refused


def test_no_secret_of_ours_lets_nobody_in() -> None:
    assert check(secret="", expected="", signing=None) is not None


@pytest.mark.parametrize(
    "authorization",
    [
        token(),
        f"Bearer {token()}",
        token(aud=["https://other.example", URL]),
        token(exp=SECONDS - 60),
        token(iat=SECONDS + 60),
        token(exp=float(SECONDS)),
    ],
)
def test_a_token_of_mondays_for_this_address_is_taken(authorization: str) -> None:
    assert check(authorization) is None


@pytest.mark.parametrize(
    ("authorization", "reason"),
    [
        (token("another-secret-that-is-long-enough"), "InvalidSignatureError"),
        (token(algorithm="HS512", key=SIGNING * 3), "InvalidAlgorithmError"),
        (jwt.encode(CLAIMS, "", algorithm="none"), "InvalidAlgorithmError"),
        (token(exp=SECONDS - 61), "expired"),
        (token(iat=SECONDS + 61), "future"),
        (token(aud="https://bridge.example/hooks/monday/other"), "another address"),
        (token(aud=None), "KeyError"),
        (token(exp=None), "KeyError"),
        (token(iat=None), "KeyError"),
        (token(exp="never"), "BadPayload"),
        (token(exp=True), "BadPayload"),
        (token(exp=1e400), "BadPayload"),
        ("a.b.c", "DecodeError"),
        ("x" * 9_999, "DecodeError"),
        ("\ud800", "not valid"),
    ],
)
def test_any_other_token_is_refused(authorization: str, reason: str) -> None:
    refused = check(authorization)
    assert refused is not None
    assert reason in refused.reason
    assert not refused.unsigned


def test_a_missing_token_is_told_apart_for_the_challenge() -> None:
    assert check() == Rejected("the token is not valid (DecodeError)", unsigned=True)


def test_what_the_sandbox_signs_for_an_app_is_taken() -> None:
    here = account(item(1))
    app = MondayClient(
        token="app-invented",
        api_url="https://monday.invalid/v2",
        clock=here.clock,
        transport=transport(here.api.handle),
    )
    subscribe(app, BOARD, URL, "change_name")
    subscribe(client(transport(here.api.handle), here.clock), BOARD, URL, "change_name")
    here.api.humans.rename_item(item="1", name="Other")
    signed, unsigned = here.world.deliveries
    assert check(signed.headers["authorization"], signing=SIGNING_SECRET) is None
    assert "authorization" not in unsigned.headers


@pytest.mark.parametrize(
    ("event", "hint"),
    [
        ({"type": "update_column_value", "boardId": 12, "pulseId": 34}, ("12", "34")),
        ({"type": "create_pulse", "boardId": "12", "pulseId": "34"}, ("12", "34")),
        ({"type": "archive_pulse", "boardId": 12, "itemId": 34, "itemName": "x"}, ("12", "34")),
        ({"type": "delete_pulse", "boardId": 12, "itemId": 34, "pulseId": None}, ("12", "34")),
        ({"type": "create_column", "boardId": 12, "columnId": "x"}, ("12", "")),
        ({"type": "move_subitem", "sourcePulseId": 1, "destPulseId": 2, "subitem": {}}, None),
        ({"type": "update_name", "boardId": 12, "pulseId": 34, "userId": -6}, ("12", "34")),
        ({"boardId": 12, "pulseId": 34, "value": {"a": [{"b": "[" * 99 + '\\"'}]}}, ("12", "34")),
        ({}, None),
    ],
)
def test_an_event_is_a_key_and_no_content(
    event: dict[str, Any], hint: tuple[str, str] | None
) -> None:
    found = read_body(json.dumps({"event": event}).encode(), now=7)
    assert found == (Hint(*hint, 7) if hint else None)


def test_a_challenge_is_kept_as_it_is() -> None:
    assert read_body(b'{"challenge":"ab\\u00e8\\"c"}', now=7) == Challenge('abè"c')


def deep(levels: int) -> bytes:
    return b'{"event":' + b"[" * levels + b"]" * levels + b"}"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"7",
        b"{}",
        b'{"event":null}',
        b'{"event":[]}',
        b'{"event":{"boardId":1,"boardId":2}}',
        b'{"event":{"boardId":NaN}}',
        b'{"event":{"boardId":Infinity}}',
        b'{"event":{"boardId":1.5}}',
        b'{"event":{"boardId":true}}',
        b'{"event":{"boardId":-1}}',
        b'{"event":{"boardId":{}}}',
        b'{"event":{"boardId":"1 or 1"}}',
        '{"event":{"boardId":"٣"}}'.encode(),
        b'{"event":{"boardId":' + b"9" * 21 + b"}}",
        b'{"event":{"boardId":1,"x":' + b"9" * 5_000 + b"}}",
        b'{"event":{"boardId":1,"pulseId":"' + b"9" * 5_000 + b'"}}',
        b'{"event":{"boardId":1,"x":"\\ud800"}}',
        b'{"event":{"boardId":1,"x":"\xff"}}',
        b'\xef\xbb\xbf{"challenge":"x"}',
        '{"challenge":"x"}'.encode("utf-16"),
        b'{"challenge":"x"',
        b'{"challenge":7}',
        b'{"challenge":"' + b"x" * 1_025 + b'"}',
        b'{"challenge":"\\ud800"}',
        deep(33),
        deep(100_000),
        b"[" * 200_000,
        b'{"event":{"boardId":1,"x":"' + b"x" * BODY_BYTES + b'"}}',
    ],
    ids=lambda body: repr(body[:32]),
)
def test_what_is_no_webhook_is_turned_away(body: bytes) -> None:
    with pytest.raises(BadPayload):
        read_body(body, now=7)


@settings(max_examples=300, deadline=None)
@given(body=st.binary(max_size=80) | st.text(max_size=60).map(str.encode))
def test_no_body_raises_anything_else(body: bytes) -> None:
    for sent in (body, b'{"event":' + body + b"}", b'{"event":{"boardId":' + body + b"}}"):
        with suppress(BadPayload):
            read_body(sent, now=7)


@settings(max_examples=200, deadline=None)
@given(secret=st.text(max_size=20), authorization=st.none() | st.text(max_size=60))
def test_no_header_raises_or_gets_in(secret: str, authorization: str | None) -> None:
    assert check(authorization, secret=secret) is not None
