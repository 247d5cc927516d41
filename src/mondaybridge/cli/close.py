"""``close``: what a month would bring for each client, and the hash that lets it happen."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from mondaybridge.cli.opening import opened
from mondaybridge.cli.output import print_json, say, show, show_table

if TYPE_CHECKING:
    from mondaybridge.domain.documents import PlannedDocument
    from mondaybridge.workflows.plan import Preview

app = typer.Typer(no_args_is_help=True, help="Close a month: preview first, then apply its hash.")
MONTHS = ("client", "closed_until", "to_close", "planned", "stopped")
PAPERS = ("client", "number", "type", "scope", "status", "net", "total", "paid", "remaining", "due")
STATE = ("client", "month", "worked", "documents", "held", "note", "hash")


@app.command()
def preview(
    period: Annotated[str, typer.Argument(help="The month, as YYYY-MM.")],
    client: Annotated[list[str] | None, typer.Option(help="Only this client.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show the documents that are due: the month's usage, sales and corrections."""
    from mondaybridge.workflows.plan import overall_hash
    from mondaybridge.workflows.plan import preview as plan_all

    _month(period)
    with opened() as bridge:
        for name in client or ():
            bridge.mapping.client(name)
        previews = plan_all(bridge, period, client or ())
    shown = [_shown(one) for one in previews]
    whole = "" if client else overall_hash(period, previews)
    show(
        {"period": period, "hash": whole, "clients": shown},
        as_json=as_json,
        table=(f"Close {period}", STATE, [_row(one, period) for one in shown]),
    )
    _say_findings(shown)
    if as_json:
        return
    for one in shown if client else ():
        if one["hash"] and (one["month"] or one["documents"]):
            say(f"To issue this: mondaybridge close apply {one['hash']}")
    if not any(one["month"] or one["documents"] for one in shown):
        say("Nothing is due: no month can be closed and no document is to be issued.")
    elif not client:
        say(f"To issue all of this: mondaybridge close apply {whole}")


@app.command()
def apply(
    plan_hash: Annotated[str, typer.Argument(help="A hash that 'close preview' printed.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Issue what a preview showed; refused when anything moved since."""
    from mondaybridge.workflows.close import apply as issue_all

    period, _, digest = plan_hash.partition(":")
    if not digest:
        raise typer.BadParameter("a hash looks like 2026-10:0123456789ab or 2026-10:client:…")
    _month(period)
    with opened() as bridge:
        done = issue_all(bridge, plan_hash)
    shown = [_shown(one) for one in done]
    rows = [_row(one, period) for one in shown]
    show({"period": period, "clients": shown}, as_json=as_json, table=("Issued", STATE, rows))


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show where months and documents stand: closed, due, planned, parked, issued and paid."""
    from mondaybridge.workflows.closing import standing

    with opened(online=False) as bridge:
        rows = standing(bridge, bridge.clock.now())
    if as_json:
        print_json({"clients": rows})
        return
    show_table("Months", MONTHS, map(_standing, rows))
    papers = [{"client": row["client"], **one} for row in rows for one in row["documents"]]
    show_table("The last documents", PAPERS, map(_paper, papers))


def _standing(row: dict[str, Any]) -> dict[str, object]:
    from mondaybridge.domain.money import amount_text

    planned = (
        f"{one['type'].replace('_', ' ')} {one['kind']} {one['scope']} "
        + amount_text(one["subtotal_minor"], one["currency"])
        + (" (being issued)" if one["state"] == "acting" else "")
        + (f", {'OVERDUE since' if one['overdue'] else 'due by'} {one['by']}" if one["by"] else "")
        for one in row["planned"]
    )
    parked = f"parked: {row['parked']} ({row['evidence']}); to let it pass: {row['release']}"
    return {
        **row,
        "planned": "\n".join(planned),
        "stopped": parked if row["parked"] else row["waiting"],
    }


def _paper(one: dict[str, Any]) -> dict[str, object]:
    from mondaybridge.domain.money import amount_text

    money = {name: one[f"{name}_minor"] for name in ("net", "total", "paid", "remaining")}
    told = {name: amount_text(minor, one["currency"]) for name, minor in money.items()}
    if one["type"] == "credit_note" or one["status"] == "void":  # nobody has to pay it
        told |= {"paid": told["paid"] if one["paid_minor"] else "", "remaining": ""}
    due = one["due"][:10] if one["status"] != "void" else ""
    return {**one, **told, "type": one["type"].replace("_", " "), "due": due}


def _month(period: str) -> None:
    from mondaybridge.domain.worktime import month

    try:
        month(period, "UTC")
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _shown(one: "Preview") -> dict[str, Any]:
    return {
        "client": one.client.client_id,
        "month": one.plan.closes,
        "hash": "" if one.waiting else one.hash,
        "waiting": one.waiting,
        "note": one.note,
        "notes": list(one.plan.notes),
        "closed": one.closed,
        "foreign_drafts": list(one.drafts),
        "credit_by": [
            {"scope": key.scope, "by": day.isoformat(), "overdue": day < one.today}
            for key, day in one.credit_by
        ],
        "draft": [_paper_of(document) for document in one.draft_only],
        "statement_minutes": dict(one.plan.minutes),
        "findings": list(one.plan.findings),
        "unequal": list(one.unequal),
        "held": [
            {
                "contract": contract_id,
                "activity": held.activity_id,
                "period": held.period,
                "reason": held.reason.value,
                "minutes": held.minutes,
            }
            for contract_id, held in one.held
        ],
        "documents": [_paper_of(document) for document in one.plan.documents],
    }


def _paper_of(document: "PlannedDocument") -> dict[str, Any]:
    return {
        "kind": document.key.kind,
        "type": document.type.value,
        "scope": document.key.scope,
        "revision": document.key.revision,
        "currency": document.currency,
        "subtotal_minor": document.subtotal_minor,
        "lines": [
            {
                "description": line.description,
                "minutes": line.minutes,
                "amount_minor": line.amount_minor,
                "cause": line.cause,
            }
            for line in document.lines
        ],
    }


def _row(shown: dict[str, Any], period: str) -> dict[str, Any]:
    from mondaybridge.domain.worktime import hours_text

    held = [one["minutes"] for one in shown["held"] if one["period"] in {"", period}]
    notes = [shown["waiting"] or shown["note"], *shown["notes"]]
    notes += [
        f"{'OVERDUE: ' if one['overdue'] else ''}the credit note for {one['scope']} is due by "
        f"{one['by']}"
        for one in shown["credit_by"]
    ]
    if shown["foreign_drafts"]:
        notes.append(f"not ours, left alone: {', '.join(shown['foreign_drafts'])}")
    return {
        "client": shown["client"],
        "month": _state(shown),
        "worked": ", ".join(hours_text(m) for m in shown["statement_minutes"].values()),
        "documents": "\n".join(_documents(shown)) or "none",
        "held": hours_text(sum(held)) if held else "",
        "note": "\n".join(filter(None, notes)),
        "hash": shown["hash"],
    }


def _documents(shown: dict[str, Any]) -> list[str]:
    """Return what would be issued now, then what an open month would bring as it stands."""
    drafts = (f"draft, not issued: {_document(one)}" for one in shown["draft"])
    return [*map(_document, shown["documents"]), *drafts]


def _state(shown: dict[str, Any]) -> str:
    if shown["month"]:
        return f"closes {shown['month']}"
    return "closed" if shown["closed"] else "stays open"


def _document(shown: dict[str, Any]) -> str:
    from mondaybridge.domain.money import amount_text
    from mondaybridge.domain.worktime import hours_text

    kind, currency = shown["type"].replace("_", " "), shown["currency"]
    total = amount_text(shown["subtotal_minor"], currency)
    lines = [
        f"  {hours_text(line['minutes'])}  {amount_text(line['amount_minor'], currency)}  "
        f"{line['description']}" + (f" ({line['cause']})" if line["cause"] else "")
        for line in shown["lines"]
    ]
    return "\n".join([f"{kind} {shown['kind']} {shown['scope']}: {total}", *lines])


def _say_findings(shown: list[dict[str, Any]]) -> None:
    for one in shown:
        for credit in one["credit_by"]:
            if credit["overdue"]:
                say(
                    f"{one['client']}: the credit note for {credit['scope']} was due by "
                    f"{credit['by']}: apply it now, mondaybridge close apply {one['hash']}"
                )
        for difference in one["unequal"]:
            say(f"{one['client']}: {difference}. 'close apply' will refuse: run 'ledger verify'")
        for finding in one["findings"]:
            say(
                f"{one['client']}: {finding}. 'close apply' will park it; if it is right: "
                f"mondaybridge park release close {one['client']} --why …, then apply again"
            )
