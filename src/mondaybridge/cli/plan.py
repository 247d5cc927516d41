"""``plan``: how monthly terms were used, and what others would have cost."""

from typing import Annotated, Any

import typer

from mondaybridge.cli.opening import opened
from mondaybridge.cli.output import print_json, say, show_table

app = typer.Typer(no_args_is_help=True, help="Monthly plans.")
USE = ("month", "used", "included", "unused", "percent")


@app.callback()
def _group() -> None:
    """Keep the group although it has one command."""


@app.command()
def advice(
    contract: Annotated[str, typer.Argument(help="The contract's id.")],
    months: Annotated[int, typer.Option(min=1, max=36, help="How many whole months back.")] = 6,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show the last months' use, and what they would have cost under each plan (R47).

    Nothing changes: a client who decides gets another plan in the mapping, from a month on.
    """
    from mondaybridge.reports.advice import advice as look

    with opened(online=False) as bridge:
        found = look(bridge, bridge.mapping.contract(contract), months)
    if as_json:
        print_json(found)
        return
    show_table(f"{contract}: time used, h:mm", USE, map(_used, found["months"]))
    names = [one["month"] for one in found["months"]]
    rows = [_option(one, found) for one in found["options"]]
    columns = ("plan", *names, "total", "note")
    show_table("What these months would have cost", columns, rows)
    if found["cheapest"]:
        say(f"cheapest: {found['cheapest']}")


def _used(one: dict[str, Any]) -> dict[str, object]:
    from mondaybridge.domain.worktime import hours_text

    told = {name: hours_text(one[name]) for name in ("used", "included", "unused")}
    percent = "" if one["percent"] is None else f"{one['percent']} %"
    return {"month": one["month"], **told, "percent": percent}


def _option(one: dict[str, Any], found: dict[str, Any]) -> dict[str, object]:
    from mondaybridge.domain.money import amount_text
    from mondaybridge.domain.worktime import hours_text

    notes = ["now"] if one["current"] else []
    notes += ["cheapest"] if one["name"] == found["cheapest"] else []
    if one["priceless_minutes"]:
        notes.append(f"{hours_text(one['priceless_minutes'])} h without a price in it")
    money = {
        name: amount_text(minor, found["currency"]) for name, minor in one["months_minor"].items()
    }
    total = amount_text(one["total_minor"], found["currency"])
    return {"plan": one["name"], **money, "total": total, "note": ", ".join(notes)}
