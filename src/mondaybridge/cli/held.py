"""``held``: minutes that wait for a person, and the decision that ends it."""

from typing import Annotated

import typer

from mondaybridge.cli.opening import opened
from mondaybridge.cli.output import show, show_table

app = typer.Typer(no_args_is_help=True, help="Minutes that are held, and what to do about them.")
COLUMNS = ("activity", "title", "month", "time", "amount", "reason", "detail", "decide", "decided")
BILLED = ("activity", "title", "month", "time", "amount", "reason", "detail")


@app.command("list")
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List held minutes with their reasons and the decisions that are possible.

    What waits for a person and is charged meanwhile stands in a table of its own.
    """
    from mondaybridge.domain.money import amount_text
    from mondaybridge.domain.worktime import hours_text
    from mondaybridge.workflows.held import held_lines

    with opened(online=False) as bridge:
        lines = held_lines(bridge)
    rows = [
        {
            "activity": line.held.activity_id,
            "title": line.title,
            "contract": line.contract_id,
            "month": line.held.period,
            "minutes": line.held.minutes,
            "time": hours_text(line.held.minutes),
            "amount": amount_text(*line.money) if line.money else "",
            "amount_minor": line.money[0] if line.money else None,
            "reason": line.reason.value,
            "detail": line.detail,
            "decide": ", ".join(choice.value for choice in line.choices),
            "decided": line.decided,
            "billed": line.billed,
        }
        for line in lines
    ]
    held = [row for row in rows if not row["billed"]]
    show({"held": rows}, as_json=as_json, table=("Held minutes", COLUMNS, held))
    if not as_json:
        waits = [row for row in rows if row["billed"]]
        show_table("Charged meanwhile, and waiting for a person", BILLED, waits)


@app.command()
def decide(
    activity: Annotated[str, typer.Argument(help="The activity's id, from 'held list'.")],
    choice: Annotated[
        str,
        typer.Argument(help="absorb, next_package, wait or bill; keep or drop for a deleted row."),
    ],
    actor: Annotated[str, typer.Option(help="Who decides; kept with the decision.")] = "admin",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Decide about all minutes that are held for an activity."""
    from mondaybridge.domain.allocation import Choice
    from mondaybridge.workflows.held import decide as record
    from mondaybridge.workflows.review import review_contract

    names = [one.value for one in Choice]
    if choice not in names:
        raise typer.BadParameter(f"{choice!r} is not one of {', '.join(names)}")
    with opened(online=False) as bridge:
        lines = record(bridge, activity, Choice(choice), actor)
        for contract_id in {line.contract_id for line in lines}:
            review_contract(bridge, contract_id)
    rows = [
        {"activity": activity, "month": line.held.period, "minutes": line.held.minutes}
        for line in lines
    ]
    show(
        {"decided": choice, "lines": rows},
        as_json=as_json,
        table=(f"Decided: {choice}", ("activity", "month", "minutes"), rows),
    )
