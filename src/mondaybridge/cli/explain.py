"""``explain``: why a line is what it is, from the board to the documents."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from mondaybridge.cli.opening import opened
from mondaybridge.cli.output import print_json, print_line, show_table

SESSIONS = ("from", "to", "time", "person", "origin")
CHARGED = ("month", "measured", "factor", "charged", "rate_if_not_covered", "less")
LINES = ("month", "source", "rate", "time", "amount", "documents")
ENTRIES = ("seq", "at", "kind", "time", "month", "source", "rate", "cause")
EVENTS = ("at", "kind", "by", "cause")


def explain(
    line: Annotated[
        str, typer.Argument(help="An activity's id, a Stripe line's id, or a line's identity.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show what stands behind a line: sessions, approval, urgency, rounding, price, corrections."""
    from mondaybridge.reports.explain import explain as look

    with opened(online=False) as bridge:
        found = look(bridge, line)
    if as_json:
        print_json({"explained": found})
        return
    for one in found:
        _print(one)


def _print(one: Mapping[str, Any]) -> None:
    print_line(f"{one['title']} ({one['activity']}), contract {one['contract']} of {one['client']}")
    package = any(entry["package"] == one["activity"] for entry in one["entries"])
    about = ["a package, or a purchase, of hours"] if package else _about_row(one["row"])
    for sentence in (*about, *_about_approval(one["approval"])):
        print_line(sentence)
    show_table("Measured on the board", SESSIONS, map(_session, one["sessions"]))
    show_table(
        "Charged: measured x factor, rounded up once", CHARGED, map(_charged, one["charged"])
    )
    show_table("Lines, and the documents they stand on", LINES, map(_line, one["lines"]))
    show_table("Entries of the ledger", ENTRIES, map(_entry, one["entries"]))
    show_table("Facts without minutes", EVENTS, one["events"])


def _about_row(row: Mapping[str, Any] | None) -> list[str]:
    if row is None:
        return ["the row is not in the mirror any more"]
    said = [f"row on board {row['board']}: {row['presence']}, {row['status']}"]
    if row["estimate_seconds"] is not None:
        said.append(f"estimate {_hours(row['estimate_seconds'])}")
    if row["urgent"]:
        evidence = row["evidence"] or "none: it is not charged as urgent"
        said.append(f"urgent, charged {row['factor']} times; evidence: {evidence}")
    if row["bug"]:
        said.append(f"a bug; documentation: {row['documentation'] or 'none yet'}")
    if row["parked"]:
        said.append(f"parked: {row['parked']}")
    return said


def _about_approval(known: Mapping[str, Any] | None) -> list[str]:
    if known is None:
        return []
    said = [f"admission: {known['state']}, origin {known['origin']}"]
    if known["automatic"]:
        said.append(f"started by itself at {known['activated']}")
    if known["at"]:
        who = known["by"] or known["reference"] or "an unknown person"
        said.append(f"approved by {who} at {known['at']} ({known['standing']})")
    return said


def _session(one: Mapping[str, Any]) -> dict[str, object]:
    return {**one, "time": _hours(one["seconds"])}


def _charged(one: Mapping[str, Any]) -> dict[str, object]:
    charged = {"measured": _hours(one["seconds"]), "charged": _minutes(one["minutes"])}
    rate = {"rate_if_not_covered": one["rate"]}
    return {**one, **charged, **rate, "less": _upheld(one["upheld"])}


def _upheld(one: Mapping[str, Any] | None) -> str:
    """Say which question took minutes off, and when it was upheld."""
    if one is None:
        return ""
    why = f": {one['why']}" if one["why"] else ""
    upheld = f"question {one['question']}, upheld by {one['by']} on {one['at'][:10]}"
    return f"{_minutes(one['minutes'])} less: {upheld}{why}"


def _line(one: Mapping[str, Any]) -> dict[str, object]:
    from mondaybridge.domain.money import amount_text, parse_rate_key
    from mondaybridge.domain.usage import parse_line_id

    currency = parse_rate_key(parse_line_id(one["line"]).rate_key).currency
    papers = [
        f"{paper['number']} ({paper['status']}): {_place(paper['group'])}"
        f"{_minutes(paper['minutes'])}, {amount_text(paper['amount_minor'], currency)}"
        for paper in one["documents"]
    ]
    return {
        **one,
        "time": _minutes(one["minutes"]),
        "amount": amount_text(one["amount_minor"], currency),
        "documents": "\n".join(papers) or _unbilled(one["amount_minor"]),
    }


def _unbilled(amount_minor: int) -> str:
    """Say why a line stands on no document: what costs nothing needs none."""
    return "not billed yet" if amount_minor else "none needed: it costs nothing by itself"


def _place(group: Mapping[str, Any] | None) -> str:
    """Say in which line an activity stands where it has none of its own."""
    if group is None:
        return ""
    return f"in the line “{group['title']}” (activities: {group['activities']}), in all "


def _entry(one: Mapping[str, Any]) -> dict[str, object]:
    return {**one, "time": _minutes(one["minutes"])}


def _hours(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _minutes(minutes: int) -> str:
    from mondaybridge.domain.worktime import hours_text

    return hours_text(minutes)
