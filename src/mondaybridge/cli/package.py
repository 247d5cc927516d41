"""``package``: the hours of prepaid packages."""

from typing import Annotated

import typer

from mondaybridge.cli.opening import opened
from mondaybridge.cli.output import show

app = typer.Typer(no_args_is_help=True, help="Hourly packages.")
COLUMNS = ("id", "contract", "granted", "posted", "reserved", "hard", "free")


@app.command("list")
def list_(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, in minutes.")
    ] = False,
) -> None:
    """List packages: granted, posted and reserved hours, hard and free residual."""
    from mondaybridge.domain.worktime import hours_text
    from mondaybridge.reports.status import packages

    with opened(online=False) as bridge:
        rows = packages(bridge)
    shown = [
        {name: hours_text(v) if isinstance(v, int) else v for name, v in row.items()}
        for row in rows
    ]
    show({"packages": rows}, as_json=as_json, table=("Packages, h:mm", COLUMNS, shown))
