"""``mondaybridge demo``: a month of an invented agency on this machine, no account needed."""

from typing import Annotated

import typer


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
    from mondaybridge.demo.report import as_json, scene, show

    folder = Path(tempfile.mkdtemp(prefix="mondaybridge-demo-"))
    console = Console(quiet=json)
    outcome = perform(folder, lambda at, sentence: scene(console, at, sentence))
    if json:
        typer.echo(as_json(outcome))
    else:
        show(console, outcome, folder)
    if not outcome.ok:
        raise typer.Exit(1)
