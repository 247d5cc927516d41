"""A judge between any Stripe client and a stand-in: the vendor's shapes, in both directions."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from mondaybridge.sandbox.sockets import listening
from mondaybridge.sandbox.world import Request, Response
from shared import shared_file

START_SECONDS = 20


@dataclass(frozen=True)
class Report:
    """What passed by: calls per operation, and what broke the vendor's description."""

    seen: dict[str, int]
    violations: list[object]


@dataclass(frozen=True)
class ValidatedStripe:
    """Where a client must turn to, and what the judge saw."""

    url: str

    def report(self) -> Report:
        return Report(**httpx.get(f"{self.url}/__report").json())


@contextmanager
def validated_stripe(handle: Callable[[Request], Response]) -> Iterator[ValidatedStripe]:
    """Serve a stand-in on loopback behind the validator."""
    program = shared_file("vendors", "stripe_validator.py")
    spec = shared_file("vendors", "stripe-2026-10-28.json")
    port = _free_port()
    with listening(handle) as upstream:
        command = [sys.executable, str(program), "--spec", str(spec), "--upstream", upstream]
        judge = subprocess.Popen(  # noqa: S603 - the vendors' checker, found by us
            [*command, "--listen", f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL
        )
        try:
            _wait_for(judge, port)
            yield ValidatedStripe(f"http://127.0.0.1:{port}")
        finally:
            judge.terminate()
            judge.wait(START_SECONDS)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_for(judge: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            if judge.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.01)
        else:
            return
