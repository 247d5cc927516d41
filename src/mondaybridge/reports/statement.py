"""A contract's month as one statement: what was done, what it came to, what changed since (R45).

A closed month is told as it was frozen; what was corrected later stands beside it as corrections,
never in its place (R56). A month without work has a statement, too.
"""

import json
from collections.abc import Sequence
from typing import Any

from mondaybridge.app import App
from mondaybridge.domain.contract import Client, Contract
from mondaybridge.domain.documents import DocumentType, ObservedDocument, ObservedLine
from mondaybridge.domain.ledger import POSTING, ChainedEntry
from mondaybridge.domain.usage import LineKind
from mondaybridge.domain.worktime import iso, month
from mondaybridge.errors import FindingsError
from mondaybridge.reports.itemised import itemised
from mondaybridge.reports.questions import about_month
from mondaybridge.store import billing, ledger, mirror
from mondaybridge.store.engine import Tx


def statement(app: App, contract: Contract, period: str) -> dict[str, Any]:
    """Return the statement of a contract's month, closed or still running."""
    client, now = app.mapping.client(contract.client_id), app.clock.now()
    _refuse_outside(contract, period, now)
    with app.store.read() as tx:
        frozen = billing.statement_of(tx, contract.contract_id, period)
        entries = ledger.entries(tx, contract.contract_id, period)
        activities = mirror.activities(tx, contract.contract_id)
        names = mirror.names(tx, {row.entry.activity_id for row in entries})
        papers = _papers(tx, client, contract, period)
        asked = about_month(tx, contract, period, set(names), now)
    body: dict[str, Any] = json.loads(frozen) if frozen else {}
    last = body["entries"][1] if body.get("entries") else 0
    rows = itemised(contract, period, entries, activities, names)
    lines = body["lines"] if frozen else [row.as_json() for row in rows]
    since = _corrections([row for row in entries if row.seq > last], names) if frozen else []
    return {
        "client": client.client_id,
        "client_name": client.name,
        "locale": client.locale,
        "zone": contract.zone,
        "contract": contract.contract_id,
        "kind": contract.kind.value,
        "period": period,
        "closed": bool(frozen),
        "lines": lines,
        "minutes": sum(line["minutes"] for line in lines),
        "plan": body.get("plan"),
        "corrections": since,
        "corrected_minutes": sum(one["minutes"] for one in since),
        "documents": papers,
        "questions": asked,
        "nil": not lines,
        "head": body.get("head", ""),
    }


def _refuse_outside(contract: Contract, period: str, now: int) -> None:
    """A month that has not begun, or lies before the contract, has no statement."""
    span = month(period, contract.zone)
    if span.start > now:
        raise FindingsError(f"{period} has not begun: it has no statement yet")
    if span.end <= contract.bill_from:
        raise FindingsError(f"{period} is before {contract.contract_id} began")
    if contract.until is not None and contract.until <= span.start:
        raise FindingsError(f"{period} is after {contract.contract_id} ended")


def _corrections(entries: Sequence[ChainedEntry], names: dict[str, str]) -> list[dict[str, Any]]:
    """Return what was posted to the month after it was closed, each with its cause (S7)."""
    return [
        {
            "at": iso(row.posted_at),
            "activity": row.entry.activity_id,
            "title": names.get(row.entry.activity_id, row.entry.activity_id),
            "source": row.entry.source,
            "rate_key": row.entry.rate_key,
            "minutes": row.entry.minutes,
            "cause": row.entry.cause,
        }
        for row in entries
        if row.entry.kind in POSTING
    ]


def _papers(tx: Tx, client: Client, contract: Contract, period: str) -> list[dict[str, Any]]:
    """Return the issued documents that ask for time of the month, or give it back."""
    found = []
    for document in billing.documents(tx, client.client_id):
        mine = [line for line in document.lines or () if _is_mine(line, contract, period)]
        if document.status != "draft" and mine:
            found.append(_paper(document, mine))
    return found


def _is_mine(line: ObservedLine, contract: Contract, period: str) -> bool:
    ours = line.line_id
    if ours is None or ours.contract_id != contract.contract_id:
        return False
    return ours.kind != LineKind.SALE.value and ours.period == period


def _paper(document: ObservedDocument, lines: Sequence[ObservedLine]) -> dict[str, Any]:
    """Return a document with the part of it that the month's lines are."""
    sign = -1 if document.type is DocumentType.CREDIT_NOTE else 1
    return {
        "number": document.number or document.stripe_id,
        "stripe_id": document.stripe_id,
        "type": document.type.value,
        "status": document.status,
        "issued": iso(document.finalized_at),
        "currency": document.currency,
        "net_minor": sign * sum(line.amount_minor for line in lines),
        "lines": [
            {
                "activity": line.line_id.subject if line.line_id else "",
                "source": line.line_id.source if line.line_id else "",
                "minutes": sign * line.minutes,
                "amount_minor": sign * line.amount_minor,
            }
            for line in lines
        ],
    }
