"""``webhooks``: what boards tell this service, declaratively."""

from typing import Annotated

import typer

from mondaybridge.cli.opening import opened
from mondaybridge.cli.output import say, show

app = typer.Typer(no_args_is_help=True, help="Subscriptions of the boards at monday.")


@app.command("list")
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the webhooks that were made from here."""
    from mondaybridge.store import webhooks

    with opened(online=False) as bridge, bridge.store.read() as tx:
        rows = [
            {"webhook": row.webhook_id, "board": row.board_id, "event": row.event}
            for row in webhooks.known(tx)
        ]
    columns = ("webhook", "board", "event")
    show({"webhooks": rows}, as_json=as_json, table=("Webhooks", columns, rows))


@app.command()
def install(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Create what is missing on every mapped board, remove what points elsewhere."""
    from mondaybridge.workflows.webhooks import install as install_all

    with opened() as bridge:
        done = install_all(bridge, bridge.settings.public_url)
    rows = [
        {"board": one.board_id, "kept": one.kept, "made": one.made, "removed": one.removed}
        for one in done
    ]
    columns = ("board", "kept", "made", "removed")
    show({"boards": rows}, as_json=as_json, table=("Webhooks", columns, rows))


@app.command()
def remove() -> None:
    """Remove the webhooks that were made from here."""
    from mondaybridge.workflows.webhooks import remove as remove_all

    with opened() as bridge:
        say(f"removed {remove_all(bridge)} webhooks")
