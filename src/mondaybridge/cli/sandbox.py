"""``mondaybridge sandbox``: the stand-ins for monday and Stripe alone, until stopped."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from mondaybridge.errors import ConfigurationError


def sandbox(
    monday_port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the monday stand-in; 0 takes a free one.")
    ] = 8090,
    stripe_port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the Stripe stand-in; 0 takes a free one.")
    ] = 8091,
    data: Annotated[
        Path | None,
        typer.Option(help="What the accounts hold (JSON by schemas/world.schema.json)."),
    ] = None,
) -> None:
    """Serve stand-ins for monday and Stripe on this machine until Ctrl-C.

    Without --data they hold the agency of the demo. Any token and key is accepted.
    """
    from mondaybridge.sandbox.agency import agency, answer
    from mondaybridge.sandbox.data import load
    from mondaybridge.sandbox.server import Sandbox, serve
    from mondaybridge.sandbox.world import Clock

    try:
        held = load(data) if data else agency(answered=False)
        world = Sandbox(Clock(ticking=True), held)
    except ValueError as error:  # a value that only its column can judge
        raise ConfigurationError(f"{data}: {error}") from None
    if data is None:
        answer(world.monday.humans)
    try:
        with (
            _stopped_by_signal() as stopped,
            serve(world, monday_port=monday_port, stripe_port=stripe_port, deliver=True) as served,
        ):
            typer.echo(f"monday: {served.monday_url}", err=True)
            typer.echo(f"Stripe: {served.stripe_url}", err=True)
            stopped.wait()
    except OSError as error:
        raise ConfigurationError(
            f"--monday-port {monday_port}, --stripe-port {stripe_port}: {error.strerror}"
        ) from error


@contextmanager
def _stopped_by_signal() -> Iterator[threading.Event]:
    """Turn the signals that end a program into an event, so that the sockets close in order."""
    stopped = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stopped.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
