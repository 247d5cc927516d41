"""How documents and their lines become rows, and back; used by billing alone."""

import hashlib
import json
from typing import Any

from sqlalchemy import Row

from mondaybridge.domain.documents import DocumentKey, DocumentType, ObservedDocument, ObservedLine
from mondaybridge.domain.usage import parse_line_id


def header_row(client_id: str, one: ObservedDocument) -> dict[str, Any]:
    """Return a header as a row; its hash covers the payment, and of a draft the lines too."""
    row = {
        "stripe_id": one.stripe_id,
        "client_id": client_id,
        "type": one.type.value,
        "key_client": one.key.client_id if one.key else None,
        "scope": one.key.scope if one.key else None,
        "kind": one.key.kind if one.key else None,
        "revision": one.key.revision if one.key else None,
        "status": one.status,
        "customer": one.customer,
        "currency": one.currency,
        "number": one.number,
        "subtotal": one.subtotal_minor,
        "total": one.total_minor,
        "created_at": one.created_at,
        "finalized_at": one.finalized_at,
        "plan_digest": one.plan_digest,
        "invoice_id": one.invoice_id,
    }
    lines = one.lines or () if one.status == "draft" else ()
    seen = [row, [line_row("", 0, line) for line in lines], payment_row(one)]
    text = json.dumps(seen, sort_keys=True)
    return {**row, "header_hash": hashlib.sha256(text.encode()).hexdigest()}


def payment_row(one: ObservedDocument) -> dict[str, Any]:
    """Return what was paid of a document and what is still asked for, as a row."""
    return {
        "stripe_id": one.stripe_id,
        "paid": one.paid_minor,
        "remaining": one.remaining_minor,
        "due_at": one.due_at,
    }


def document_of(row: Row[Any]) -> ObservedDocument:
    """Return a document as it was read, without its lines."""
    key = None
    if row.scope is not None:
        key = DocumentKey(row.key_client, row.scope, row.kind, row.revision)
    return ObservedDocument(
        row.stripe_id,
        DocumentType(row.type),
        row.status,
        row.customer,
        row.currency,
        row.subtotal,
        row.total,
        row.created_at,
        number=row.number,
        finalized_at=row.finalized_at,
        key=key,
        plan_digest=row.plan_digest,
        invoice_id=row.invoice_id,
        paid_minor=row.paid or 0,
        remaining_minor=row.remaining or 0,
        due_at=row.due_at or 0,
    )


def line_row(stripe_id: str, position: int, line: ObservedLine) -> dict[str, Any]:
    """Return a line as a row, its identity taken apart for queries."""
    ours = line.line_id
    return {
        "stripe_line_id": line.stripe_line_id,
        "stripe_id": stripe_id,
        "position": position,
        "identity": str(ours) if ours else None,
        "contract_id": ours.contract_id if ours else None,
        "subject": ours.subject if ours else None,
        "period": ours.period if ours else None,
        "minutes": line.minutes,
        "amount": line.amount_minor,
        "source_line": line.source_line,
    }


def line_of(row: Row[Any]) -> ObservedLine:
    """Return a line as it was read."""
    identity = parse_line_id(row.identity) if row.identity is not None else None
    return ObservedLine(row.stripe_line_id, identity, row.minutes, row.amount, row.source_line)
