"""What Stripe shows of a client: headers each time, issued lines once, and what follows of it."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, and_, delete, func, select, update

from mondaybridge.domain.documents import (
    BillingMark,
    DocumentKey,
    DocumentType,
    ObservedDocument,
    ObservedLine,
)
from mondaybridge.domain.usage import parse_line_id
from mondaybridge.store.document_tables import document, document_line, line_entry, statement
from mondaybridge.store.engine import Tx
from mondaybridge.store.tables import client
from mondaybridge.store.upsert import insert

ISSUED = ("open", "paid", "uncollectible", "issued")


def import_documents(
    tx: Tx,
    client_id: str,
    documents: Sequence[ObservedDocument],
    now: int,
    *,
    complete: bool = True,
) -> None:
    """Take over what was read: headers always, a draft's lines anew, issued lines once.

    ``complete`` says that the list is all of the customer's: drafts it does not show are gone.
    """
    stored = _headers(tx, client_id)
    for one in documents:
        row = _header(client_id, one)
        known = stored.get(one.stripe_id)
        lines_state = _lines_state(one, known.lines_state if known else "none")
        if known is None or (known.header_hash, known.lines_state) != (
            row["header_hash"],
            lines_state,
        ):
            _upsert(tx, {**row, "lines_state": lines_state, "imported_at": now})
        if one.lines is not None and (known is None or known.lines_state != "final"):
            _replace_lines(tx, one)
    if complete:
        _forget_drafts(tx, client_id, {one.stripe_id for one in documents})
        tx.execute(
            update(client).where(client.c.client_id == client_id).values(last_observed_at=now)
        )


def imported_lines(tx: Tx, client_id: str) -> set[str]:
    """Return the issued documents whose lines are stored: they are not read again."""
    query = select(document.c.stripe_id).where(
        document.c.client_id == client_id, document.c.lines_state == "final"
    )
    return set(tx.execute(query).scalars())


def documents(tx: Tx, client_id: str) -> list[ObservedDocument]:
    """Return a client's documents as last read, oldest first, with their lines."""
    query = (
        select(document_line, document.c.client_id)
        .join(document, document.c.stripe_id == document_line.c.stripe_id)
        .where(document.c.client_id == client_id)
        .order_by(document_line.c.stripe_id, document_line.c.position)
    )
    lines: dict[str, list[ObservedLine]] = {}
    for row in tx.execute(query):
        lines.setdefault(row.stripe_id, []).append(_line(row))
    return [
        replace(_document(row), lines=tuple(lines.get(row.stripe_id, ())))
        if row.lines_state != "none"
        else _document(row)
        for row in _headers(tx, client_id).values()
    ]


def last_observed(tx: Tx, client_id: str) -> int:
    """Return when all of a client's documents were last read, 0 for never."""
    query = select(client.c.last_observed_at).where(client.c.client_id == client_id)
    return tx.execute(query).scalar() or 0


def link_entries(tx: Tx, identity: str, contract_id: str, seqs: Iterable[int]) -> None:
    """Remember which entries stand behind a line; what is known already stays."""
    rows = [{"identity": identity, "contract_id": contract_id, "seq": seq} for seq in seqs]
    if rows:
        tx.execute(insert(tx, line_entry).values(rows).on_conflict_do_nothing())


def linked(tx: Tx, identity: str) -> list[tuple[str, int]]:
    """Return the entries behind a line as (contract, seq)."""
    query = select(line_entry.c.contract_id, line_entry.c.seq).where(
        line_entry.c.identity == identity
    )
    return [(row.contract_id, row.seq) for row in tx.execute(query.order_by(line_entry.c.seq))]


def save_statement(tx: Tx, contract_id: str, period: str, body: str, *, now: int) -> int:
    """Freeze a month's statement; the same body again is no new revision."""
    place = and_(statement.c.contract_id == contract_id, statement.c.period == period)
    digest = hashlib.sha256(body.encode()).hexdigest()
    query = select(statement).where(place).order_by(statement.c.revision.desc()).limit(1)
    last = tx.execute(query).first()
    if last is not None and last.hash == digest:
        return int(last.revision)
    revision = last.revision + 1 if last is not None else 1
    row = {
        "contract_id": contract_id,
        "period": period,
        "revision": revision,
        "body": body,
        "hash": digest,
        "at": now,
    }
    tx.execute(statement.insert().values(row))
    return int(revision)


def statement_of(tx: Tx, contract_id: str, period: str) -> str | None:
    """Return the latest statement of a month, if it was closed."""
    query = (
        select(statement.c.body)
        .where(statement.c.contract_id == contract_id, statement.c.period == period)
        .order_by(statement.c.revision.desc())
        .limit(1)
    )
    return tx.execute(query).scalar()


def marks(tx: Tx, contract_id: str) -> dict[str, BillingMark]:
    """Say per activity what issued documents show: last month billed, credited last, minutes."""
    note = document.c.type == DocumentType.CREDIT_NOTE.value
    query = (
        select(
            document_line.c.subject,
            document_line.c.period,
            note.label("note"),
            func.sum(document_line.c.minutes).label("minutes"),
            func.max(document.c.finalized_at).label("at"),
        )
        .join(document, document.c.stripe_id == document_line.c.stripe_id)
        .where(document_line.c.contract_id == contract_id, document.c.status.in_(ISSUED))
        .group_by(document_line.c.subject, document_line.c.period, note)
    )
    found: dict[str, list[Row[tuple[str, str, bool, int, int]]]] = {}
    for row in tx.execute(query):
        found.setdefault(row.subject, []).append(row)
    return {subject: _mark(rows) for subject, rows in found.items()}


def _mark(rows: Sequence[Row[tuple[str, str, bool, int, int]]]) -> BillingMark:
    billed = [row for row in rows if not row.note]
    latest = max(rows, key=lambda row: (row.at, bool(row.note)))
    minutes = sum(-int(row.minutes) if row.note else int(row.minutes) for row in rows)
    period = max(billed, key=lambda row: (row.at, row.period)).period if billed else ""
    return BillingMark(period, bool(latest.note), minutes)


def _headers(tx: Tx, client_id: str) -> dict[str, Row[Any]]:
    query = (
        select(document)
        .where(document.c.client_id == client_id)
        .order_by(document.c.created_at, document.c.stripe_id)
    )
    return {row.stripe_id: row for row in tx.execute(query)}


def _header(client_id: str, one: ObservedDocument) -> dict[str, Any]:
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
    text = json.dumps(row, sort_keys=True)
    return {**row, "header_hash": hashlib.sha256(text.encode()).hexdigest()}


def _document(row: Row[Any]) -> ObservedDocument:
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
    )


def _lines_state(one: ObservedDocument, known: str) -> str:
    """An issued document's lines are final once stored; a draft's may change."""
    if known == "final" or (one.lines is not None and one.issued):
        return "final"
    return "draft" if one.lines is not None else known


def _upsert(tx: Tx, row: dict[str, Any]) -> None:
    row_insert = insert(tx, document).values(row)
    changed = {name: row_insert.excluded[name] for name in row if name != "stripe_id"}
    tx.execute(row_insert.on_conflict_do_update(index_elements=["stripe_id"], set_=changed))


def _replace_lines(tx: Tx, one: ObservedDocument) -> None:
    tx.execute(delete(document_line).where(document_line.c.stripe_id == one.stripe_id))
    rows = [_line_row(one.stripe_id, n, line) for n, line in enumerate(one.lines or ())]
    if rows:
        tx.execute(document_line.insert(), rows)


def _line_row(stripe_id: str, position: int, line: ObservedLine) -> dict[str, Any]:
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


def _line(row: Row[Any]) -> ObservedLine:
    identity = parse_line_id(row.identity) if row.identity is not None else None
    return ObservedLine(row.stripe_line_id, identity, row.minutes, row.amount, row.source_line)


def _forget_drafts(tx: Tx, client_id: str, shown: set[str]) -> None:
    """Drafts may be deleted at Stripe; a finalised document never goes."""
    drafts = select(document.c.stripe_id).where(
        document.c.client_id == client_id, document.c.status == "draft"
    )
    for stripe_id in set(tx.execute(drafts).scalars()) - shown:
        tx.execute(delete(document_line).where(document_line.c.stripe_id == stripe_id))
        tx.execute(delete(document).where(document.c.stripe_id == stripe_id))
