"""How documents and their lines become rows, and back; used by billing alone."""

import hashlib
import json
from typing import Any

from sqlalchemy import Row

from mondaybridge.domain.documents import DocumentKey, DocumentType, ObservedDocument, ObservedLine
from mondaybridge.domain.usage import parse_line_id

LINES_SHOWN = 10  # of a document in a list (stripe.md §1.4)


def header_row(client_id: str, one: ObservedDocument) -> dict[str, Any]:
    """Return a header as a row, all but its prints."""
    return {
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


def prints(one: ObservedDocument, before: str = "") -> str:
    """Return the prints of a document as read: of its header and payment, and of its lines.

    A draft's lines belong to the first. The lines of an issued document are compared where the page
    of a list shows them whole; where they were not read, their print stays as it was before.
    """
    draft = one.status == "draft"
    lines = [line_row("", 0, line) for line in one.lines or ()]
    head = _digest([header_row("", one), lines if draft else [], payment_row(one)])
    if one.lines is None or draft or len(lines) > LINES_SHOWN:
        return f"{head}:{before.partition(':')[2]}"
    return f"{head}:{_digest(lines)}"


def payment_row(one: ObservedDocument) -> dict[str, Any]:
    """Return what was paid of a document and what is still asked for, as a row."""
    return {
        "stripe_id": one.stripe_id,
        "paid": one.paid_minor,
        "remaining": one.remaining_minor,
        "due_at": one.due_at,
        "failed": int(one.failed),
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
        failed=bool(row.failed),
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


def _digest(seen: object) -> str:
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()
