"""The server on a real loopback socket: its limits, its start and its end."""

import asyncio
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from mondaybridge.errors import ConfigurationError
from mondaybridge.web import ops
from mondaybridge.web.bodies import receive_body
from mondaybridge.web.server import Limits, Served, serve

FAST = Limits(head_seconds=0.05)


async def echo(request: Request) -> Response:
    body = await receive_body(request)
    return PlainTextResponse(body) if isinstance(body, bytes) else Response(status_code=body.status)


APP = Starlette(routes=[Route("/echo", echo, methods=["POST"]), *ops.routes(lambda: ())])


@contextmanager
def served(app: ASGIApp = APP, limits: Limits = FAST) -> Iterator[Served]:
    with serve(app, host="127.0.0.1", port=0, limits=limits) as server:
        yield server


def spoken(server: Served, *words: bytes) -> bytes:
    """Say something raw and return all that comes back until the server hangs up."""
    url = httpx.URL(server.url)
    with socket.create_connection((url.host, url.port or 0), timeout=10) as peer:
        for word in words:
            peer.sendall(word)
        heard = b""
        while part := peer.recv(65536):
            heard += part
        return heard


def test_requests_are_answered_on_one_connection_and_several() -> None:
    with served() as server, httpx.Client(base_url=server.url) as client:
        assert [client.post("/echo", content=text).text for text in ("a", "b")] == ["a", "b"]
        answer = client.get("/healthz")
        assert (answer.status_code, answer.json()) == (200, {"alive": True})
        assert "server" not in answer.headers
        assert server.running


def test_an_answer_does_not_wait_for_an_acknowledgement() -> None:
    took = []
    with served() as server, httpx.Client(base_url=server.url) as client:
        for _ in range(15):
            began = time.perf_counter()
            client.get("/healthz")
            took.append(time.perf_counter() - began)
    assert statistics.median(took) < 0.035  # the delayed acknowledgement takes 0.04 s


@pytest.mark.parametrize(
    "words",
    [
        (),
        (b"POST /echo HT",),
        (b"POST /echo HTTP/1.1\r\nhost: x\r\nx: " + b"y" * 999,),
        (b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n", b"GET /h"),
    ],
    ids=["silent", "half a line", "half a head", "half a second head"],
)
def test_a_head_that_does_not_come_ends_the_connection(words: tuple[bytes, ...]) -> None:
    with served() as server:
        try:
            heard = spoken(server, *words)
        except ConnectionResetError:
            heard = b""
        assert heard.count(b"HTTP/1.1 200") == max(0, len(words) - 1)
        assert httpx.get(f"{server.url}/healthz").status_code == 200


def test_bytes_that_trickle_do_not_buy_time() -> None:
    def trickle(peer: socket.socket) -> None:
        for _ in range(10_000):
            peer.sendall(b"P")
            threading.Event().wait(0.005)

    with served() as server:
        url = httpx.URL(server.url)
        with (
            socket.create_connection((url.host, url.port or 0), timeout=10) as peer,
            pytest.raises(OSError, match=r"reset|pipe"),
        ):
            trickle(peer)


@pytest.mark.parametrize(
    "request_head",
    [
        b"nonsense\r\n\r\n",
        b"POST /echo HTTP/1.1\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nhost: x\r\nx: " + b"y" * 20_000,
        b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        b"POST /echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"POST /echo HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n",
    ],
    ids=["words", "no host", "long", "negative", "two lengths", "chunk", "two hosts"],
)
def test_what_is_not_http_is_refused(request_head: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with served() as server:
        heard = spoken(server, request_head)
        assert heard.startswith(b"HTTP/1.1 400 ")
        assert httpx.get(f"{server.url}/healthz").status_code == 200
    assert "Traceback" not in caplog.text


def test_an_old_client_and_an_absolute_address_are_understood() -> None:
    with served() as server:
        assert b" 200 OK" in spoken(server, b"GET /healthz HTTP/1.0\r\n\r\n")
        absolute = b"GET http://other.example/healthz HTTP/1.1\r\nhost: x\r\nconnection: close"
        assert b" 404 Not Found" in spoken(server, absolute + b"\r\n\r\n")


def test_more_connections_than_allowed_are_sent_away() -> None:
    with served(limits=Limits(connections=2)) as server:
        url = httpx.URL(server.url)
        with socket.create_connection((url.host, url.port or 0)):
            assert httpx.get(f"{server.url}/healthz").status_code == 503


def test_a_request_under_way_is_answered_at_the_end() -> None:
    began, end = threading.Event(), threading.Event()

    async def slow(_: Request) -> Response:
        began.set()
        await asyncio.to_thread(end.wait, 10)
        return PlainTextResponse("done")

    heard: list[str] = []
    with serve(Starlette(routes=[Route("/", slow)]), host="127.0.0.1", port=0) as server:
        asking = threading.Thread(target=lambda: heard.append(httpx.get(server.url).text))
        asking.start()
        assert began.wait(10)
        releasing = threading.Timer(0.02, end.set)
        releasing.start()
    asking.join(10)
    assert heard == ["done"]
    assert not server.running
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url)


def test_a_taken_port_is_named() -> None:
    with served() as server:
        port = httpx.URL(server.url).port or 0
        with (
            pytest.raises(ConfigurationError, match=f"cannot listen on 127.0.0.1:{port}"),
            serve(APP, host="127.0.0.1", port=port),
        ):
            pass


def test_an_address_of_the_new_kind() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    with serve(APP, host="::1", port=0) as server:
        assert server.url.startswith("http://[::1]:")
        assert httpx.get(f"{server.url}/healthz").status_code == 200


def test_readiness_says_no_and_why_only_in_the_log() -> None:
    def broken() -> list[str]:
        raise RuntimeError("no store at /secret/place")

    cases = {200: list, 503: broken}
    for status, obstacles in cases.items():
        with served(Starlette(routes=ops.routes(obstacles))) as server:
            answer = httpx.get(f"{server.url}/readyz")
            assert (answer.status_code, answer.json()) == (status, {"ready": status == 200})
    with served(Starlette(routes=ops.routes(lambda: ["disk full"]))) as server:
        assert httpx.get(f"{server.url}/readyz").status_code == 503
        assert httpx.post(f"{server.url}/readyz").status_code == 405
