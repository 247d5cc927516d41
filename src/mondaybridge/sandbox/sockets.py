"""State machines behind real sockets, and behind httpx without one. Loopback only, plain HTTP."""

import socket
import threading
import time
from asyncio import BaseTransport, Transport
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import httpx
import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import Response as HttpResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

from mondaybridge.sandbox.world import Dropped, Request, Response

Handle: TypeAlias = Callable[[Request], Response]

HOST = "127.0.0.1"
_Ends: TypeAlias = tuple[tuple[str, int], ...]
START_SECONDS = 10
STOP_SECONDS = 5


def transport(handle: Handle) -> httpx.MockTransport:
    """Return a transport that answers from a state machine in the caller's own thread."""

    def answer(request: httpx.Request) -> httpx.Response:
        try:
            response = handle(_plain(request))
        except Dropped as drop:
            if drop.executed:
                raise httpx.ReadTimeout(str(drop), request=request) from drop
            raise httpx.ConnectError(str(drop), request=request) from drop
        return httpx.Response(
            response.status, headers=dict(response.headers), content=response.body
        )

    return httpx.MockTransport(answer)


@contextmanager
def listening(handle: Handle, *, port: int = 0) -> Iterator[str]:
    """Serve a state machine on loopback and yield its address; port 0 takes a free one."""
    with socket.create_server((HOST, port)) as listener:
        # asyncio leaves this out where a socket names no protocol: 40 ms a request
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server = uvicorn.Server(_config(_app(handle)))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        _wait_until(lambda: server.started or not thread.is_alive(), START_SECONDS)
        try:
            yield f"http://{HOST}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(STOP_SECONDS)


def _wait_until(reached: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > end:
            raise TimeoutError(f"the sandbox's server did not start within {seconds} s")
        time.sleep(0.001)


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Connection,
        lifespan="off",
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )


class _Connection(H11Protocol):
    """A connection that the application can find again in order to break it."""

    live: dict[_Ends, Transport] = {}  # noqa: RUF012 - all connections of the process

    @override
    def connection_made(  # type: ignore[override]  # narrower than asyncio's, as in uvicorn
        self, transport: Transport
    ) -> None:
        super().connection_made(transport)
        self.live[_ends(transport)] = transport

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.live.pop(_ends(self.transport), None)
        super().connection_lost(exc)


def _ends(transport: BaseTransport) -> _Ends:
    """Return both ends of a connection: two servers can have clients on the same port."""
    return tuple(transport.get_extra_info(end)[:2] for end in ("peername", "sockname"))


def _app(handle: Handle) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = HttpRequest(scope, receive)
        plain = Request(
            method=request.method,
            path=request.url.path,
            query=request.url.query,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await request.body(),
        )
        try:
            response = await run_in_threadpool(handle, plain)
        except Dropped:
            await _hang_up(scope, receive)
            return
        answer = HttpResponse(response.body, response.status, dict(response.headers))
        await answer(scope, receive, send)

    return app


async def _hang_up(scope: Scope, receive: Receive) -> None:
    """Close the connection without a response; the server must see it before we return."""
    _Connection.live[tuple(scope["client"]), tuple(scope["server"])].close()
    while (await receive())["type"] != "http.disconnect":
        pass


def _plain(request: httpx.Request) -> Request:
    return Request(
        method=request.method,
        path=request.url.path,
        query=request.url.query.decode(),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.read(),
    )
