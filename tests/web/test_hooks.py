"""monday's webhooks at the door: what is let in, what is answered, and what never gets further."""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import jwt
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from structlog.testing import capture_logs

from mondaybridge.domain.activity import Hint
from mondaybridge.errors import ConfigurationError
from mondaybridge.sandbox.world import Clock as SandboxClock
from mondaybridge.store.engine import Store
from mondaybridge.store.inbox import GroupCommit, claim
from mondaybridge.web.bodies import BODY_BYTES, Refused, receive_body
from mondaybridge.web.hooks import application, durable
from mondaybridge.web.server import serve

NOW = 1_793_520_000_000
SECRET = "path-secret-canary-0123456789abcdef"
SIGNING = "signing-secret-canary-0123456789abcdef"
PUBLIC = "https://bridge.example.com"
PATH = f"/hooks/monday/{SECRET}"
EVENT = {"type": "update_column_value", "boardId": 4001, "pulseId": 77, "pulseName": "Fix it"}
BODY = json.dumps({"event": EVENT}).encode()
CLAIMS = {"aud": PUBLIC + PATH, "exp": NOW // 1000 + 300, "iat": NOW // 1000, "accountId": 1}


class Clock(SandboxClock):
    """A clock that stands, and that nobody here sleeps on."""

    def __init__(self) -> None:
        super().__init__(NOW)

    def sleep(self, seconds: float) -> None:
        raise AssertionError(f"slept {seconds} s")


@dataclass
class Desk:
    """A receiver whose hints are only counted."""

    signing: str = ""
    hints: list[Hint] = field(default_factory=list)
    failure: Exception | None = None

    def application(self) -> Starlette:
        return application(
            hook_secret=SECRET,
            signing_secret=self.signing,
            boards=lambda: {"4001"},
            remember=self.remember,
            clock=Clock(),
            public_url=PUBLIC,
        )

    def remember(self, hint: Hint) -> "Future[None]":
        promise: Future[None] = Future()
        if self.failure:
            promise.set_exception(self.failure)
        else:
            self.hints.append(hint)
            promise.set_result(None)
        return promise

    def ask(
        self,
        body: bytes = BODY,
        *,
        path: str = PATH,
        method: str = "POST",
        headers: Mapping[str, str | bytes] | None = None,
    ) -> httpx.Response:
        async def talk() -> httpx.Response:
            transport = httpx.ASGITransport(self.application())
            async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as client:
                given = {"content-type": "application/json", **(headers or {})}
                named = [(name.encode(), _bytes(value)) for name, value in given.items()]
                return await client.request(method, path, content=body, headers=named)

        return asyncio.run(talk())


def _bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def token(claims: dict[str, object] | None = None, secret: str = SIGNING) -> str:
    return jwt.encode({**CLAIMS, **(claims or {})}, secret, algorithm="HS256")


def forged(algorithm: str, signature: bytes = b"") -> str:
    parts = [json.dumps(part).encode() for part in ({"alg": algorithm, "typ": "JWT"}, CLAIMS)]
    return ".".join(_base64(one) for one in [*parts, signature])


def confused() -> str:
    """A token that names RS256 and is signed with the shared secret as HMAC."""
    head, body, _ = forged("RS256").split(".")
    digest = hmac.new(SIGNING.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{_base64(digest)}"


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def test_a_hint_is_durable_before_it_is_answered() -> None:
    desk = Desk()
    answer = desk.ask()
    assert (answer.status_code, answer.json()) == (200, {})
    assert desk.hints == [Hint("4001", "77", NOW)]


def test_a_hint_without_an_item_concerns_its_board() -> None:
    desk = Desk()
    assert desk.ask(b'{"event":{"type":"create_column","boardId":"4001"}}').status_code == 200
    assert desk.hints == [Hint("4001", "", NOW)]


def test_a_challenge_is_echoed() -> None:
    desk = Desk()
    answer = desk.ask(b'{"challenge":"<b>3-e\xc3\xa9</b>"}')
    assert (answer.status_code, answer.json()) == (200, {"challenge": "<b>3-e\xe9</b>"})
    assert answer.headers["content-type"] == "application/json"
    assert desk.hints == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"event":{"boardId":4002,"pulseId":77}}',
        b'{"event":{"type":"move_subitem","sourcePulseId":1}}',
    ],
)
def test_what_does_not_concern_us_is_dropped(body: bytes) -> None:
    desk = Desk()
    answer = desk.ask(body)
    assert (answer.status_code, answer.content, desk.hints) == (204, b"", [])


@pytest.mark.parametrize(
    "secret",
    [
        "x",
        SECRET[:-1],
        SECRET + "x",
        SECRET.upper(),
        "%00",
        "caf%C3%A9",
        "%ff",
        "%ED%A0%80",
        SECRET + "%20",
        "x" * 5000,
    ],
)
@pytest.mark.parametrize("body", [BODY, b'{"challenge":"let me in"}', b"nonsense"])
def test_a_wrong_secret_opens_nothing(secret: str, body: bytes) -> None:
    desk = Desk()
    answer = desk.ask(body, path=f"/hooks/monday/{secret}")
    assert (answer.status_code, answer.content, desk.hints) == (401, b"", [])


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/hooks/monday",
        "/hooks/monday/",
        PATH + "/",
        PATH + "/more",
        "/hooks//monday/" + SECRET,
        "/hooks/monday/..%2f" + SECRET,
        "/hooks/stripe",
        "/HOOKS/MONDAY/" + SECRET,
    ],
)
def test_other_addresses_are_nobodys(path: str) -> None:
    desk = Desk()
    answer = desk.ask(path=path)
    assert (answer.status_code, desk.hints) == (404, [])
    assert SECRET not in answer.text + str(answer.headers)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_are_not_allowed(method: str) -> None:
    desk = Desk()
    assert (desk.ask(method=method).status_code, desk.hints) == (405, [])


@pytest.mark.parametrize(
    "authorization", [token(), "Bearer " + token(), token({"aud": [PUBLIC + PATH]})]
)
def test_a_signed_webhook_is_let_in(authorization: str) -> None:
    desk = Desk(SIGNING)
    assert desk.ask(headers={"authorization": authorization}).status_code == 200
    assert desk.hints == [Hint("4001", "77", NOW)]


FORGERIES: dict[str, str | bytes] = {
    "none": forged("none"),
    "none, signed": forged("none", b"sig"),
    "RS256": forged("RS256", b"signature"),
    "RS256 as HMAC": confused(),
    "HS512": jwt.encode(dict(CLAIMS), SIGNING * 2, algorithm="HS512"),
    "other secret": token(secret="another-secret-of-thirty-two-bytes!!"),
    "path's secret": token(secret=SECRET),
    "other address": token({"aud": "https://evil.example/hooks"}),
    "address without secret": token({"aud": PUBLIC}),
    "expired": token({"exp": NOW // 1000 - 61}),
    "issued in the future": token({"iat": NOW // 1000 + 61}),
    "no expiry": jwt.encode({"aud": PUBLIC + PATH, "iat": 1}, SIGNING, algorithm="HS256"),
    "words for numbers": token({"exp": "soon"}),
    "endless": token({"exp": 10**400}),
    "truncated": token()[:-5],
    "empty": "",
    "words": "let me in",
    "dots": "..",
    "deep": "Bearer " + base64.urlsafe_b64encode(b"[" * 3000).decode() + ".e30.x",
    "bytes": b"\xff\xfe",
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_token_opens_nothing(name: str) -> None:
    desk = Desk(SIGNING)
    answer = desk.ask(headers={"authorization": FORGERIES[name]})
    assert (answer.status_code, answer.content, desk.hints) == (401, b"", [])


def test_a_signature_alone_opens_nothing() -> None:
    desk = Desk(SIGNING)
    answer = desk.ask(path="/hooks/monday/other", headers={"authorization": token()})
    assert (answer.status_code, desk.hints) == (401, [])


def test_an_unsigned_webhook_is_refused_but_a_challenge_is_answered() -> None:
    desk = Desk(SIGNING)
    assert desk.ask().status_code == 401
    assert desk.ask(b'{"challenge":"c"}').json() == {"challenge": "c"}
    assert desk.ask(b'{"challenge":"c"}', headers={"authorization": "x"}).status_code == 401
    assert desk.hints == []


MALFORMED = {
    "nothing": b"",
    "words": b"hello",
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "no event": b"{}",
    "event null": b'{"event":null}',
    "event list": b'{"event":[]}',
    "cut": BODY[:-2],
    "more behind": BODY + b"{}",
    "not UTF-8": b'{"event":{"boardId":4001,"pulseName":"\xff"}}',
    "UTF-16": json.dumps({"event": EVENT}).encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf" + BODY,
    "lone surrogate": b'{"event":{"boardId":4001,"pulseName":"\\ud800"}}',
    "lone surrogate as key": b'{"event":{"boardId":4001,"\\udfff":1}}',
    "surrogate challenge": b'{"challenge":"\\ud800"}',
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
    "deep, cut": b'{"event":' + b"[" * 100_000,
    "huge integer": b'{"event":{"boardId":' + b"9" * 5000 + b"}}",
    "huge float": b'{"event":{"boardId":1e999}}',
    "NaN": b'{"event":{"boardId":4001,"value":NaN}}',
    "Infinity": b'{"event":{"boardId":4001,"value":-Infinity}}',
    "same key twice": b'{"event":{"boardId":4001,"boardId":4002}}',
    "board true": b'{"event":{"boardId":true}}',
    "board a list": b'{"event":{"boardId":[4001]}}',
    "board a fraction": b'{"event":{"boardId":4001.0}}',
    "board negative": b'{"event":{"boardId":-4001}}',
    "board words": b'{"event":{"boardId":"4001\'; drop table"}}',
    "board other digits": json.dumps({"event": {"boardId": "\uff14\uff10"}}).encode(),
    "item an object": b'{"event":{"boardId":4001,"pulseId":{}}}',
    "challenge a number": b'{"challenge":1}',
    "challenge an object": b'{"challenge":{"a":1}}',
    "challenge too long": json.dumps({"challenge": "x" * 1025}).encode(),
    "zipped": b"\x1f\x8b\x08\x00",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_webhook_is_refused(name: str, caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk()
    answer = desk.ask(MALFORMED[name])
    assert (answer.status_code, answer.content, desk.hints) == (400, b"", [])
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"content-type": "application/json; charset=utf-8"}, 200),
        ({"content-type": "Application/JSON"}, 200),
        ({"content-encoding": "gzip"}, 200),
        ({"transfer-encoding": "chunked", "content-length": str(len(BODY))}, 400),
    ],
)
def test_headers_are_judged(headers: dict[str, str], status: int) -> None:
    assert Desk().ask(headers=headers).status_code == status


@pytest.mark.parametrize("size", [BODY_BYTES + 1, 1024 * 1024, 5 * 1024 * 1024])
@pytest.mark.parametrize("told", ["with its length", "in chunks"])
def test_a_large_body_is_refused_by_its_counted_bytes(size: int, told: str) -> None:
    desk = Desk()
    whole = b" " * (size - len(BODY)) + BODY

    def parts() -> Iterator[bytes]:
        for at in range(0, size, 60_000):
            yield whole[at : at + 60_000]

    content: bytes | Iterable[bytes] = parts() if told == "in chunks" else whole
    with serve(desk.application(), host="127.0.0.1", port=0) as server:
        try:
            status = httpx.post(server.url + PATH, content=content).status_code
        except httpx.TransportError:
            status = 413 if size > 1024 * 1024 else 0  # it talked on after the answer
    assert (status, desk.hints) == (413, [])


def test_the_largest_body_is_read() -> None:
    desk = Desk()
    assert desk.ask(b" " * (BODY_BYTES - len(BODY)) + BODY).status_code == 200
    assert len(desk.hints) == 1


def test_a_length_that_lies_is_not_believed() -> None:
    desk = Desk()
    head = f"POST {PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 999999999\r\n\r\n".encode()
    with serve(desk.application(), host="127.0.0.1", port=0) as server:
        url = httpx.URL(server.url)
        with socket.create_connection((url.host, url.port or 0), timeout=10) as peer:
            peer.sendall(head + BODY)
        assert httpx.post(server.url + PATH, content=BODY).status_code == 200
    assert len(desk.hints) == 1


def test_a_sender_that_hangs_up_leaves_no_trace(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk()
    head = f"POST {PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n".encode()
    with (
        capture_logs() as logs,
        serve(desk.application(), host="127.0.0.1", port=0) as server,
    ):
        url = httpx.URL(server.url)
        with socket.create_connection((url.host, url.port or 0), timeout=10) as peer:
            peer.sendall(head + b"{")
        while not logs:
            httpx.get(server.url + "/healthz")
    assert [(entry["event"], entry["status"]) for entry in logs] == [("hook.refused", 400)]
    assert caplog.text == ""
    assert desk.hints == []


def incoming(*messages: dict[str, object]) -> Request:
    """Return a request whose body comes in these messages, and then no more."""
    left = list(messages)

    async def receive() -> dict[str, object]:
        if not left:
            await asyncio.Event().wait()
        return left.pop(0)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    return Request(scope, receive)


def test_a_slow_body_is_not_waited_for() -> None:
    part: dict[str, object] = {"type": "http.request", "body": b"{", "more_body": True}
    found = asyncio.run(receive_body(incoming(part), seconds=0.01))
    assert isinstance(found, Refused)
    assert found.status == 408


def test_a_body_in_parts_is_put_together() -> None:
    parts: list[dict[str, object]] = [
        {"type": "http.request", "body": b"a", "more_body": True},
        {"type": "http.request", "body": b"b", "more_body": False},
    ]
    assert asyncio.run(receive_body(incoming(*parts))) == b"ab"


@pytest.mark.parametrize("failure", [OSError("disk full"), RuntimeError("no thread")])
def test_a_hint_that_cannot_be_stored_is_not_acknowledged(failure: Exception) -> None:
    desk = Desk(failure=failure)
    answer = desk.ask()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert answer.content == b""


def test_a_store_that_is_closed_is_not_a_traceback() -> None:
    class Closed(Desk):
        def remember(self, hint: Hint) -> "Future[None]":
            raise RuntimeError(f"closed: {hint}")

    with capture_logs() as logs:
        assert Closed().ask().status_code == 503
    assert logs == [
        {
            "event": "hint.refused",
            "board_id": "4001",
            "error": "RuntimeError",
            "log_level": "warning",
        }
    ]


def test_a_commit_is_waited_for_so_long_and_no_longer() -> None:
    never: Future[None] = Future()
    assert asyncio.run(durable(never, seconds=0.01)) is False
    assert not never.cancelled()
    late: Future[None] = Future()
    releasing = threading.Timer(0.01, late.set_result, [None])
    releasing.start()
    assert asyncio.run(durable(late, seconds=10)) is True


def test_a_storm_is_stored_before_it_is_answered_and_once_per_item(tmp_path: Path) -> None:
    def sender(url: str, number: int) -> list[int]:
        body = json.dumps({"event": {**EVENT, "pulseId": number}}).encode()
        with httpx.Client(base_url=url) as client:
            return [client.post(PATH, content=body).status_code for _ in range(50)]

    store = Store(f"sqlite:///{tmp_path}/store.sqlite3", clock=Clock())
    store.upgrade()
    commits = GroupCommit(store, debounce_ms=5000, max_wait_ms=30_000)
    app = application(
        hook_secret=SECRET,
        signing_secret="",
        boards=lambda: ["4001"],
        remember=commits.remember,
        clock=Clock(),
    )
    with serve(app, host="127.0.0.1", port=0) as server, ThreadPoolExecutor(10) as senders:
        urls, numbers = [server.url] * 10, [1, 2, 3, 4, 5] * 2
        statuses = [status for each in senders.map(sender, urls, numbers) for status in each]
        commits.close()
        refused = httpx.post(server.url + PATH, content=BODY).status_code
    with store.read() as tx:
        kept = claim(tx, "4001", NOW + 5000)
    store.close()
    assert (statuses, refused) == ([200] * 500, 503)
    assert [hint.item_id for hint in kept] == ["1", "2", "3", "4", "5"]


def test_secrets_are_never_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="uvicorn")
    caplog.set_level(logging.DEBUG, logger="asyncio")
    desk, said = Desk(SIGNING), []
    with (
        capture_logs() as logs,
        serve(desk.application(), host="127.0.0.1", port=0) as server,
        httpx.Client(base_url=server.url) as client,
    ):
        for body in (BODY, b"[", b'{"challenge":1}'):
            for authorization in (token(), "nonsense " + SIGNING):
                answer = client.post(PATH, content=body, headers={"authorization": authorization})
                said.append(answer.text + str(answer.headers))
        said.append(client.get(PATH).text)
        said.append(client.post(PATH + "/").text)
    told = (
        "".join(said)
        + str(logs)
        + "".join(
            record.getMessage() for record in caplog.records if record.name.startswith("uvicorn")
        )
    )
    for canary in (SECRET, SIGNING, token()):
        assert canary not in told


def test_a_receiver_without_its_secret_does_not_start() -> None:
    def build(hook: str, signing: str) -> Starlette:
        return application(
            hook_secret=hook,
            signing_secret=signing,
            boards=list,
            remember=Desk().remember,
            clock=Clock(),
        )

    with pytest.raises(ConfigurationError, match="MONDAYBRIDGE_MONDAY__HOOK_SECRET is not set"):
        build("", "")
    with pytest.raises(ConfigurationError, match="MONDAYBRIDGE_PUBLIC_URL is not set"):
        build(SECRET, SIGNING)
