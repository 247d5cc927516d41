"""``park``: what stopped for a person, why, and the one command that lets it go on."""

from typing import Annotated

import typer

from mondaybridge.cli.opening import opened
from mondaybridge.cli.output import print_line, say, show
from mondaybridge.errors import FindingsError

app = typer.Typer(no_args_is_help=True, help="What is parked, and how it goes on.")
COLUMNS = ("kind", "key", "title", "since", "reason")
HISTORY = ("at", "act", "kind", "key", "by", "why", "evidence")


@app.command("list")
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List what is parked with its reason, its evidence and its way out."""
    from mondaybridge.reports.status import parked

    with opened(online=False) as bridge:
        rows = parked(bridge)
    show({"parked": rows}, as_json=as_json, table=("Parked", COLUMNS, rows))
    for row in () if as_json else rows:
        print_line(f"{row['title'] or row['key']}: {row['reason']}: {row['evidence']}")
        print_line(f"  to go on: {row['release']}")


@app.command()
def release(
    kind: Annotated[str, typer.Argument(help="The kind of work, from 'park list'.")],
    key: Annotated[str, typer.Argument(help="Its key, from 'park list'.")],
    why: Annotated[str, typer.Option(help="Why it may go on; kept for ever.")],
    actor: Annotated[str, typer.Option(help="Who lets it go on; kept with it.")] = "admin",
) -> None:
    """Let parked work go on; a plan beyond a bound may then pass as it was shown."""
    from mondaybridge.store import work

    if not why.strip():
        raise typer.BadParameter("say why: it is kept with the release")
    with opened(online=False) as bridge, bridge.store.write() as tx:
        if not work.release(tx, kind, key, actor=actor, why=why, now=bridge.clock.now()):
            raise FindingsError(f"no {kind} of {key} is parked: see 'mondaybridge park list'")
    say(f"released {kind} {key}")


@app.command()
def history(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List all that was ever parked and released: when, by whom, why."""
    from mondaybridge.domain.worktime import iso
    from mondaybridge.store import work

    with opened(online=False) as bridge, bridge.store.read() as tx:
        acts = work.history(tx)
    rows = [
        {
            "at": iso(one.at),
            "act": one.act,
            "kind": one.kind,
            "key": one.key,
            "by": one.actor,
            "why": one.reason,
            "evidence": one.evidence,
        }
        for one in acts
    ]
    show({"history": rows}, as_json=as_json, table=("Parked and released", HISTORY, rows))
