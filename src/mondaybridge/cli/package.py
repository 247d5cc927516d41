"""``package``: the hours of prepaid packages."""

from typing import Annotated

import typer

from mondaybridge.cli.opening import opened
from mondaybridge.cli.output import show
from mondaybridge.cli.package_end import close, verify

app = typer.Typer(no_args_is_help=True, help="Hourly packages.")
COLUMNS = ("id", "contract", "granted", "posted", "reserved", "hard", "free", "given_up", "state")

app.command("close")(close)
app.command("verify")(verify)


@app.command()
def check(
    contract: Annotated[str, typer.Argument(help="The contract's id, or one of its packages'.")],
    minutes: Annotated[int, typer.Option(min=1, help="The estimate, in minutes.")],
    *,
    urgent: Annotated[bool, typer.Option("--urgent", help="As an urgent one.")] = False,
    extra: Annotated[bool, typer.Option("--extra", help="As an extra.")] = False,
    redo: Annotated[bool, typer.Option("--redo", help="As something done again.")] = False,
    agreed: Annotated[bool, typer.Option("--agreed", help="As an agreed activity.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what a request would be answered, before anybody types it; exit 5 if it is refused.

    Without an origin it is judged as what a new row would be. Nothing is written.
    """
    from mondaybridge.cli.output import print_json
    from mondaybridge.cli.package_check import asked, show_check
    from mondaybridge.errors import FindingsError
    from mondaybridge.reports.check import check as look
    from mondaybridge.workflows.opening import contract_named

    request = asked(minutes, urgent=urgent, extra=extra, redo=redo, agreed=agreed)
    with opened(online=False) as bridge:
        found = look(bridge, contract_named(bridge, contract), request)
    if as_json:
        print_json(found.as_json())
    else:
        show_check(found)
    if found.answer.refused:
        raise typer.Exit(FindingsError.exit_code)


@app.command()
def credit(
    package: Annotated[str, typer.Argument(help="The package's id, from 'package list'.")],
    minutes: Annotated[int, typer.Option(min=1, help="How many minutes are given.")],
    reason: Annotated[str, typer.Option(help="Why; kept with the entry and shown on request.")],
    actor: Annotated[str, typer.Option(help="Who gives them; kept with the entry.")] = "admin",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Give a package minutes of goodwill; every call gives them again."""
    from mondaybridge.domain.worktime import hours_text
    from mondaybridge.reports.status import packages
    from mondaybridge.workflows.packages import credit as give
    from mondaybridge.workflows.review import review_contract

    with opened(online=False) as bridge:
        contract_id = give(bridge, package, minutes=minutes, reason=reason, actor=actor)
        review_contract(bridge, contract_id)
        rows = [row for row in packages(bridge) if row["id"] == package]
    shown = [
        {name: hours_text(v) if isinstance(v, int) else v for name, v in row.items()}
        for row in rows
    ]
    title = f"Given: {hours_text(minutes)}; the package is now, h:mm"
    show({"credited": minutes, "packages": rows}, as_json=as_json, table=(title, COLUMNS, shown))


@app.command()
def refund(
    package: Annotated[str, typer.Argument(help="The package's id, from 'package list'.")],
    minutes: Annotated[int, typer.Option(min=1, help="How many minutes are taken back.")],
    reason: Annotated[str, typer.Option(help="Why; kept with the entry and on the credit note.")],
    actor: Annotated[str, typer.Option(help="Who takes them; kept with the entry.")] = "admin",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Take back hours that nobody used or holds; the sale's line is credited for them.

    Every call takes them again. The credit note follows as every correction does: see `close`.
    """
    from mondaybridge.domain.money import amount_text
    from mondaybridge.domain.worktime import hours_text
    from mondaybridge.reports.status import packages
    from mondaybridge.workflows.packages import refund as take
    from mondaybridge.workflows.review import review_contract

    with opened(online=False) as bridge:
        done = take(bridge, package, minutes=minutes, reason=reason, actor=actor)
        review_contract(bridge, done.contract_id)
        rows = [row for row in packages(bridge) if row["id"] == package]
    shown = [
        {name: hours_text(v) if isinstance(v, int) else v for name, v in row.items()}
        for row in rows
    ]
    worth = amount_text(done.amount_minor, done.currency)
    where = f"credit {worth} elsewhere"
    if done.by_bridge:
        less = f"its sale is invoiced with {worth} less"
        where = f"a credit note of {worth} is due" if done.invoiced else less
    title = f"Refunded: {hours_text(minutes)}, {where}; the package is now, h:mm"
    body = {"refunded": minutes, "amount_minor": done.amount_minor, "packages": rows}
    show(body, as_json=as_json, table=(title, COLUMNS, shown))


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


@app.command("open")
def open_(
    contract: Annotated[str, typer.Argument(help="The contract's id, or one of its packages'.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Start a package: copy its board, invite the client, mail each guest once.

    Run it again whenever it stopped: it goes on from there. A new board must be put into the
    mapping by hand; the lines are printed.
    """
    from mondaybridge.cli.output import print_json
    from mondaybridge.cli.package_page import opening_json, show_opening
    from mondaybridge.errors import FindingsError, TryLater
    from mondaybridge.workflows.opening import open_package

    with opened() as bridge:
        done = open_package(bridge, contract)
        if as_json:
            print_json(opening_json(done, bridge))
        else:
            show_opening(done, bridge)
    if done.findings:
        raise typer.Exit(FindingsError.exit_code)
    if done.later:
        raise typer.Exit(TryLater.exit_code)


@app.command("show")
def page(
    package: Annotated[str, typer.Argument(help="A package's id, or its contract's.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show a package: hours, board, people, what was agreed, origins and clocks."""
    from mondaybridge.cli.output import print_json
    from mondaybridge.cli.package_page import show_page
    from mondaybridge.reports.package import package as look
    from mondaybridge.workflows.opening import contract_named

    with opened(online=False) as bridge:
        found = look(bridge, contract_named(bridge, package))
    if as_json:
        print_json(found)
    else:
        show_page(found)
