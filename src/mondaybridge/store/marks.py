"""What documents show of each activity, as its row and its review are told (BillingMark)."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, case, select

from mondaybridge.domain.documents import BillingMark, DocumentType
from mondaybridge.domain.papers import VOID
from mondaybridge.store.billing import ISSUED, stands
from mondaybridge.store.document_tables import document, document_line, payment
from mondaybridge.store.engine import Tx


def marks(tx: Tx, contract_id: str) -> dict[str, BillingMark]:
    """Say per activity what documents show: last month billed, how that stands, minutes issued.

    A voided invoice bills nothing, but it is told as long as nothing else billed later.
    """
    found: dict[str, list[Any]] = {}
    for row in tx.execute(_MARKS, {"of_contract": contract_id}):
        found.setdefault(row.subject, []).append(row)
    return {subject: _mark(rows) for subject, rows in found.items()}


def _mark(rows: Sequence[Any]) -> BillingMark:
    invoice = DocumentType.INVOICE.value
    notes = [row for row in rows if row.type != invoice and row.status != VOID]
    billed = [row for row in rows if row.type == invoice]
    last_note = max((row.at for row in notes), default=-1)
    last = max(billed, key=lambda row: (row.at, row.period), default=None)
    issued = [row for row in billed if row.status != VOID]
    months = Counter[str]()
    for row in issued:
        months[row.period] += int(row.minutes)
    for row in notes:
        months[row.period] -= int(row.minutes)
    minutes = months.total()
    free = sum(int(row.free) for row in issued) - sum(int(row.free) for row in notes)
    credited = last is None or last_note >= last.at
    by_month = tuple(sorted(months.items()))
    if last is None:
        return BillingMark("", credited, minutes, free=free, months=by_month)
    return BillingMark(
        last.period,
        credited,
        minutes,
        last.stripe_id,
        last.status,
        failed=bool(last.failed),
        due_at=last.due_at or 0,
        free=free,
        months=by_month,
    )


_OF_CONTRACT: BindParameter[str] = bindparam("of_contract")
_MARKS = (
    select(
        *(document_line.c[name] for name in ("subject", "period", "minutes")),
        case((document_line.c.amount == 0, document_line.c.minutes), else_=0).label("free"),
        *(document.c[name] for name in ("type", "stripe_id", "status")),
        *(payment.c.failed, payment.c.due_at, document.c.finalized_at.label("at")),
    )
    .join(document, document.c.stripe_id == document_line.c.stripe_id)
    .join(payment, payment.c.stripe_id == document.c.stripe_id, isouter=True)
    .where(document_line.c.contract_id == _OF_CONTRACT)
    .where(document.c.status.in_((*ISSUED, VOID)), stands())
)
