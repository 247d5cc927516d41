"""``statement``: a contract's month with the five fields of the report, as a file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from mondaybridge.cli.opening import opened
from mondaybridge.cli.output import print_json, say, show_table

if TYPE_CHECKING:
    from mondaybridge.app import App
    from mondaybridge.domain.contract import Contract

app = typer.Typer(no_args_is_help=True, help="What was done in a month, line by line.")
COLUMNS = ("time", "dates", "title", "spent", "note")
CORRECTED = ("at", "title", "time", "cause")


@app.command()
def show(
    contract: Annotated[str, typer.Argument(help="The contract's id.")],
    month: Annotated[str, typer.Argument(help="The month, as YYYY-MM.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show a month's lines: time, dates, ticket title, time spent, and the note (R45)."""
    body = _statement(contract, month)
    if as_json:
        print_json(body)
        return
    title = f"{contract}, {month}, {'closed' if body['closed'] else 'still open'}"
    show_table(title, COLUMNS, [_row(line) for line in body["lines"]])
    if body["corrections"]:
        show_table("Corrected since", CORRECTED, map(_correction, body["corrections"]))


@app.command()
def export(
    contract: Annotated[str, typer.Argument(help="The contract's id.")],
    month: Annotated[str, typer.Argument(help="The month, as YYYY-MM.")],
    form: Annotated[Literal["csv", "json"], typer.Option("--format", help="The form.")] = "csv",
    out: Annotated[Path | None, typer.Option(help="The file to write; none: stdout.")] = None,
) -> None:
    """Write a month's statement as CSV in the client's language, or whole as JSON.

    A month without work gives a statement that says so.
    """
    import json

    from mondaybridge.export.statement import statement_csv

    body = _statement(contract, month)
    if form == "csv":
        content = statement_csv(body)
    else:
        content = (json.dumps(body, ensure_ascii=False, indent=2) + "\n").encode()
    if out is None:
        sys.stdout.buffer.write(content)
        return
    _write(out, content)
    say(f"written: {out}")


def _statement(contract: str, month: str) -> dict[str, Any]:
    from mondaybridge.reports.statement import statement

    _checked(month)
    with opened(online=False) as bridge:
        return statement(bridge, _named(bridge, contract), month)


def _named(bridge: "App", contract: str) -> "Contract":
    return bridge.mapping.contract(contract)


def _checked(month: str) -> None:
    from mondaybridge.domain.worktime import month as named

    try:
        named(month, "UTC")
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as error:
        raise typer.BadParameter(f"{out} cannot be written: {error.strerror}") from None


def _correction(one: dict[str, Any]) -> dict[str, object]:
    from mondaybridge.domain.worktime import hours_text

    return {**one, "time": hours_text(one["minutes"])}


def _row(line: dict[str, Any]) -> dict[str, object]:
    from mondaybridge.domain.worktime import hours_text

    return {
        "time": ", ".join(line["times"]) or "n/a",
        "dates": ", ".join(line["days"]),
        "title": line["title"],
        "spent": hours_text(line["minutes"]),
        "note": line["note"],
    }
