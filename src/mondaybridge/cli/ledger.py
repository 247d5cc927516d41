"""``ledger``: recompute everything and say what differs."""

from typing import Annotated

import typer

from mondaybridge.cli.opening import opened
from mondaybridge.cli.output import say, show
from mondaybridge.errors import FindingsError

app = typer.Typer(no_args_is_help=True, help="The ledger of hours.")


@app.command()
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Recompute chains, balances and documents; exit 5 with every difference."""
    from mondaybridge.reports.audit import audit

    with opened(online=False) as bridge:
        report = audit(bridge)
    rows = [{"finding": finding} for finding in report.findings]
    show(
        {
            "ok": not report.findings,
            "contracts": report.contracts,
            "entries": report.entries,
            "lines": report.lines,
            "findings": list(report.findings),
        },
        as_json=as_json,
        table=("Findings", ("finding",), rows),
    )
    say(f"{report.contracts} contracts, {report.entries} entries, {report.lines} issued lines")
    if report.findings:
        raise FindingsError(f"{len(report.findings)} differences in the ledger")
