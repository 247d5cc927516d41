"""``mondaybridge demo``: a month of an invented agency on this machine, no account needed."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from mondaybridge.demo.outcome import Outcome


def demo(
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")] = False,
) -> None:
    """Play a month of an invented agency against stand-ins for monday and Stripe.

    Needs no account and no configuration, and talks to nobody outside this machine.
    """
    import tempfile
    from pathlib import Path

    from rich.console import Console

    from mondaybridge.demo.outcome import perform
    from mondaybridge.demo.report import scene

    _hush()
    folder = Path(tempfile.mkdtemp(prefix="mondaybridge-demo-"))
    console = Console(quiet=json)
    outcome = perform(folder, lambda at, sentence: scene(console, at, sentence))
    conclude(outcome, folder, console, json=json)


def conclude(outcome: "Outcome", folder: "Path", console: "Console", *, json: bool) -> None:
    """Print the outcome; a check that does not hold ends the command with 1."""
    from mondaybridge.demo.report import as_json, show

    if json:
        typer.echo(as_json(outcome))
    else:
        show(console, outcome, folder)
    if not outcome.ok:
        raise typer.Exit(1)


def _hush() -> None:
    """Send logs to stderr, and only warnings: the story is on stdout."""
    import logging

    from mondaybridge.log import configure

    configure()
    logging.getLogger().setLevel(logging.WARNING)
