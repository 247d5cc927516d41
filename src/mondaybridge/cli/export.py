"""``export``: what other tools need, as files."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from mondaybridge.cli.opening import opened
from mondaybridge.cli.output import say

app = typer.Typer(no_args_is_help=True, help="Files for other tools.")


@app.callback()
def _group() -> None:
    """Keep ``invoices`` a command of its own, though it is the only one."""


@app.command()
def invoices(
    period: Annotated[str, typer.Argument(help="The month of issue, as YYYY-MM.")],
    form: Annotated[Literal["csv", "json"], typer.Option("--format", help="The form.")] = "csv",
    client: Annotated[list[str] | None, typer.Option(help="Only this client.")] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; none: stdout.")] = None,
) -> None:
    """Write the documents that were issued in a month, for the tool that writes legal invoices.

    Numbers, net and tax are Stripe's. Credit notes are negative and name the invoice they correct.
    """
    from mondaybridge.domain.worktime import month
    from mondaybridge.export.invoices import invoices_csv, invoices_json
    from mondaybridge.workflows.invoices_out import documents_of

    try:
        month(period, "UTC")
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    with opened() as bridge:
        chosen = [bridge.mapping.client(name) for name in client or ()]
        found = documents_of(bridge, period, chosen)
    content = invoices_csv(found) if form == "csv" else invoices_json(period, found)
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        _write(out, content)
    say(f"{len(found)} documents of {period}" + (f": {out}" if out else ""))


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as error:
        raise typer.BadParameter(f"{out} cannot be written: {error.strerror}") from None
