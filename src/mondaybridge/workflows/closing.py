"""Where each client's months and documents stand: closed, due, waiting, issued and paid."""

from typing import Any

from mondaybridge.app import App
from mondaybridge.domain.contract import Client
from mondaybridge.domain.documents import DocumentType, ObservedDocument
from mondaybridge.domain.worktime import iso, local_date
from mondaybridge.reports.contract import held_in
from mondaybridge.store import billing, ledger, plans, work
from mondaybridge.store.engine import Tx
from mondaybridge.store.plans import PlanRow
from mondaybridge.workflows.moved import credit_days
from mondaybridge.workflows.plan import closable, unpriced

SHOWN_DOCUMENTS = 6


def standing(app: App, now: int) -> list[dict[str, Any]]:
    """Return one row for each client, in the order of the file; nothing is asked of a vendor."""
    with app.store.read() as tx:
        return [_client(tx, client, now) for client in app.mapping.clients]


def _client(tx: Tx, client: Client, now: int) -> dict[str, Any]:
    closed = set.intersection(*(ledger.closed_periods(tx, c.contract_id) for c in client.contracts))
    papers = [d for d in billing.documents(tx, client.client_id) if d.status != "draft"]
    last = sorted(papers, key=lambda d: (d.finalized_at, d.stripe_id))[-SHOWN_DOCUMENTS:]
    month = closable(tx, client, now)
    return {
        "client": client.client_id,
        "closed_until": max(closed, default=""),
        "to_close": month,
        "planned": [_planned(tx, client, row, now) for row in plans.pending(tx, client.client_id)],
        **_stopped(tx, client, month, now),
        "last_look": _moment(billing.last_observed(tx, client.client_id)),
        "documents": [_document(one) for one in last],
    }


def _planned(tx: Tx, client: Client, row: PlanRow, now: int) -> dict[str, Any]:
    one = row.document
    by = credit_days(tx, client, one)
    return {
        "kind": one.key.kind,
        "scope": one.key.scope,
        "type": one.type.value,
        "state": row.state,
        "since": iso(row.created_at),
        "by": by.isoformat() if by else "",
        "overdue": bool(by and by < local_date(now, client.zone)),
        "subtotal_minor": one.subtotal_minor,
        "currency": one.currency,
    }


def _stopped(tx: Tx, client: Client, month: str, now: int) -> dict[str, Any]:
    """Say what keeps the client's documents: a person's word, a moment, or a price."""
    row = work.state(tx, "close", client.client_id)
    if row and row.parked_at:
        return {
            "parked": row.parked_reason,
            "evidence": row.evidence,
            "since": iso(row.parked_at),
            "release": f"mondaybridge park release close {client.client_id} --why …",
            "waiting": "",
        }
    waiting = f"until {iso(row.not_before)}: {row.last_error}" if row and row.last_error else ""
    waiting = waiting or _unpriced(tx, client, month, now)
    return {"parked": "", "evidence": "", "since": "", "release": "", "waiting": waiting}


def _unpriced(tx: Tx, client: Client, month: str, now: int) -> str:
    """Say what work keeps the month that is due open, for want of a price (R54b)."""
    if not month:
        return ""
    keys = [(contract.contract_id, held_in(tx, contract, now)[0]) for contract in client.contracts]
    return unpriced(client, month, [(key, one) for key, held in keys for one in held])


def _document(one: ObservedDocument) -> dict[str, Any]:
    sign = -1 if one.type is DocumentType.CREDIT_NOTE else 1
    return {
        "number": one.number or one.stripe_id,
        "type": one.type.value,
        "scope": one.key.scope if one.key else "",
        "status": one.status,
        "issued": _moment(one.finalized_at),
        "due": _moment(one.due_at),
        "net_minor": sign * one.subtotal_minor,
        "total_minor": sign * one.total_minor,
        "paid_minor": one.paid_minor,
        "remaining_minor": one.remaining_minor,
        "currency": one.currency,
        "ours": one.key is not None,
    }


def _moment(instant: int) -> str:
    return iso(instant) if instant else ""
