"""``park``: what stopped for a person, why, and the one command that lets it go on."""

from typing import Annotated

import typer

from mondaybridge.cli.opening import opened
from mondaybridge.cli.output import say, show
from mondaybridge.errors import FindingsError

app = typer.Typer(no_args_is_help=True, help="What is parked, and how it goes on.")
COLUMNS = ("kind", "key", "title", "reason", "evidence", "release")


@app.command("list")
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List what is parked with its reason, its evidence and its way out."""
    from mondaybridge.reports.status import parked

    with opened(online=False) as bridge:
        rows = parked(bridge)
    show({"parked": rows}, as_json=as_json, table=("Parked", COLUMNS, rows))


@app.command()
def release(
    kind: Annotated[str, typer.Argument(help="The kind of work, from 'park list'.")],
    key: Annotated[str, typer.Argument(help="Its key, from 'park list'.")],
) -> None:
    """Let parked work go on; a plan beyond a bound may then pass as it was shown."""
    from mondaybridge.store import work

    with opened(online=False) as bridge, bridge.store.write() as tx:
        if not work.release(tx, kind, key, now=bridge.clock.now()):
            raise FindingsError(f"no {kind} of {key} is parked: see 'mondaybridge park list'")
    say(f"released {kind} {key}")
