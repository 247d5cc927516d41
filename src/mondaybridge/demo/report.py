"""The demo for people: a story line by line, then tables; and for machines: one JSON object."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mondaybridge.demo.outcome import Outcome, Paper
from mondaybridge.demo.shifts import ROME
from mondaybridge.demo.stage import DATABASE, MAPPINGS
from mondaybridge.domain.money import amount_text
from mondaybridge.domain.worktime import hours_text


def scene(console: Console, instant: int, sentence: str) -> None:
    """Print one line of the story, with the day on which it happens."""
    when = datetime.fromtimestamp(instant / 1000, ZoneInfo(ROME)).strftime("%d %b %H:%M")
    console.print(f"[cyan]{when}[/cyan]  {escape(sentence)}", highlight=False)


def show(console: Console, outcome: Outcome, folder: Path) -> None:
    """Print what the month ended with."""
    console.print()
    console.print(_seen(outcome))
    console.print(_packages(outcome))
    console.print(_documents(outcome))
    console.print(_checks(outcome))
    console.print(f"Files: {MAPPINGS} and {DATABASE} in", highlight=False)
    console.print(escape(str(folder)), soft_wrap=True, highlight=False)


def as_json(outcome: Outcome) -> str:
    """Return the outcome as one JSON object; minutes and minor units."""
    return json.dumps(
        {
            "ok": outcome.ok,
            "packages": [
                {
                    "id": package_id,
                    "granted": balance.granted,
                    "posted": balance.posted,
                    "reserved": balance.reserved,
                    "hard": balance.hard,
                    "free": balance.free,
                }
                for package_id, balance in outcome.packages
            ],
            "documents": [_document(paper) for paper in outcome.papers],
            "checks": [{"name": check.name, "ok": check.ok} for check in outcome.checks],
        },
        ensure_ascii=False,
    )


def _document(paper: Paper) -> dict[str, object]:
    document = paper.document
    return {
        "kind": document.kind,
        "client": document.client_id,
        "period": paper.period,
        "number": document.number,
        "currency": document.currency,
        "subtotal_minor": document.subtotal_minor,
        "total_minor": document.total_minor,
        "lines": [
            {
                "description": line.description,
                "minutes": line.minutes,
                "amount_minor": line.amount_minor,
            }
            for line in document.lines
        ],
    }


def _seen(outcome: Outcome) -> Table:
    table = Table(title="What the client sees on the board", title_justify="left", show_lines=True)
    for name in ("kind", "row", "its cell, and the comment below it"):
        table.add_column(name, overflow="fold")
    for one in outcome.seen:
        said = "\n".join(filter(None, [one.message, one.comment]))
        table.add_row(one.kind, escape(one.name), escape(said))
    return table


def _packages(outcome: Outcome) -> Table:
    table = Table(title="Packages (hours)", title_justify="left")
    table.add_column("package")
    for name in ("granted", "posted", "reserved", "hard", "free"):
        table.add_column(name, justify="right")
    for package_id, balance in outcome.packages:
        figures = balance.granted, balance.posted, balance.reserved, balance.hard, balance.free
        table.add_row(package_id, *map(hours_text, figures))
    return table


def _documents(outcome: Outcome) -> Table:
    table = Table(title="Documents, as Stripe shows them", title_justify="left", show_lines=True)
    for name in ("document", "lines"):
        table.add_column(name, overflow="fold")
    table.add_column("total", justify="right")
    for paper in outcome.papers:
        document = paper.document
        lines = [
            f"{escape(line.description)}: [bold]{hours_text(line.minutes)} h, "
            f"{amount_text(line.amount_minor, document.currency)}[/bold]"
            for line in document.lines
        ]
        kind = document.kind.replace("_", " ")
        table.add_row(
            f"{kind} {document.number}\n{document.client_id}, {paper.period}",
            "\n".join(lines),
            amount_text(document.total_minor, document.currency),
        )
    return table


def _checks(outcome: Outcome) -> Table:
    table = Table(title="Checks", title_justify="left", show_header=False)
    table.add_column("answer")
    table.add_column("question")
    for check in outcome.checks:
        table.add_row("[green]yes[/green]" if check.ok else "[bold red]NO[/bold red]", check.name)
    return table
