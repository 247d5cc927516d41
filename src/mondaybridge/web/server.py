"""The HTTP server in a thread of its own, with the limits that uvicorn leaves to a proxy.

A connection that does not finish its request's head in time is closed (reliability I12); paths are
never logged, because a webhook's secret is part of its path.
"""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

import h11
import uvicorn
from starlette.types import ASGIApp
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

from mondaybridge.errors import BridgeError, ConfigurationError

START_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of everything one server takes."""

    head_seconds: float = 10
    head_bytes: int = 16 * 1024
    connections: int = 1000
    idle_seconds: int = 5
    stop_seconds: int = 10


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: where it is reached, and whether its thread still lives."""

    url: str
    thread: threading.Thread

    @property
    def running(self) -> bool:
        """Whether requests are still answered."""
        return self.thread.is_alive()


@contextmanager
def serve(app: ASGIApp, *, host: str, port: int, limits: Limits | None = None) -> Iterator[Served]:
    """Run an application until the block ends; requests under way are then answered.

    Port 0 takes a free one. Signals are the caller's affair.
    """
    limits = limits or Limits()
    with _listener(host, port) as listener:
        server = _Server(_config(app, limits))
        thread = threading.Thread(
            target=server.run_until_told, args=(listener,), name="web", daemon=True
        )
        thread.start()
        server.settled.wait(START_SECONDS)
        if not server.started:
            raise BridgeError(f"the web server on {host}:{port} did not start")
        try:
            yield Served(f"http://{_authority(listener)}", thread)
        finally:
            server.should_exit = True
            thread.join(limits.stop_seconds + START_SECONDS)


class Connection(H11Protocol):
    """A connection whose request's head must be complete in time."""

    head_seconds: ClassVar[float]
    _late: asyncio.TimerHandle | None = None

    @override
    def connection_made(  # type: ignore[override]  # narrower than asyncio's, as in uvicorn
        self, transport: asyncio.Transport
    ) -> None:
        super().connection_made(transport)
        # asyncio sets it only on sockets that name their protocol, which create_server's do not;
        # without it an answer waits 40 ms for the acknowledgement of its own head.
        peer = transport.get_extra_info("socket")
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._expect_head()

    @override
    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._expect_head()

    @override
    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._expect_head()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        """Start the watch with the first byte of a head, not again with each of its bytes."""
        if self.conn.their_state is not h11.IDLE:
            self._forget()
        elif self._late is None:
            self._late = self.loop.call_later(self.head_seconds, self.transport.close)

    def _forget(self) -> None:
        if self._late:
            self._late.cancel()
        self._late = None


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.settled = threading.Event()

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.settled.set()

    def run_until_told(self, listener: socket.socket) -> None:
        try:
            self.run([listener])
        finally:
            self.settled.set()


def _config(app: ASGIApp, limits: Limits) -> uvicorn.Config:
    class Limited(Connection):
        head_seconds = limits.head_seconds

    return uvicorn.Config(
        app,
        http=Limited,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=limits.head_bytes,
        limit_concurrency=limits.connections,
        timeout_keep_alive=limits.idle_seconds,
        timeout_graceful_shutdown=limits.stop_seconds,
    )


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise ConfigurationError(
            f"cannot listen on {host}:{port} ({error.strerror}): set MONDAYBRIDGE_HOST and"
            " MONDAYBRIDGE_PORT to an address that is free"
        ) from error


def _authority(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
