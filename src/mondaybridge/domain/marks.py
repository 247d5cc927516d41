"""What documents show of each activity, as its row and its review are told (BillingMark)."""

from collections import Counter
from collections.abc import Iterable, Sequence

from mondaybridge.domain.documents import (
    BillingMark,
    DocumentType,
    ObservedDocument,
    ObservedLine,
)
from mondaybridge.domain.papers import VOID
from mondaybridge.domain.usage import LineId

_Shown = tuple[ObservedDocument, ObservedLine, LineId]


def billing_marks(
    documents: Iterable[ObservedDocument], contract_id: str
) -> dict[str, BillingMark]:
    """Say per activity what documents show: last month billed, how that stands, minutes issued.

    A voided invoice bills nothing, but it is told as long as nothing else billed later. A credit
    note on one gives nothing back.
    """
    shown: dict[str, list[_Shown]] = {}
    for document in _standing(documents):
        for line in document.lines or ():
            if line.line_id and line.line_id.contract_id == contract_id:
                shown.setdefault(line.line_id.subject, []).append((document, line, line.line_id))
    return {subject: _mark(lines) for subject, lines in shown.items()}


def _standing(documents: Iterable[ObservedDocument]) -> list[ObservedDocument]:
    """Return what was issued, voided invoices too, without what credits a voided one."""
    final = [one for one in documents if one.issued or one.status == VOID]
    voided = {one.stripe_id for one in final if one.status == VOID}
    return [one for one in final if one.invoice_id not in voided and not _taken_back(one)]


def _taken_back(document: ObservedDocument) -> bool:
    return document.status == VOID and document.type is DocumentType.CREDIT_NOTE


def _mark(shown: Sequence[_Shown]) -> BillingMark:
    billed = [one for one in shown if one[0].type is DocumentType.INVOICE]
    noted = (d.finalized_at for d, _, _ in shown if d.type is DocumentType.CREDIT_NOTE)
    months = Counter[str]()
    free = 0
    for document, line, line_id in shown:
        if document.status != VOID:
            minutes = line.minutes if document.type is DocumentType.INVOICE else -line.minutes
            months[line_id.period] += minutes
            free += 0 if line.amount_minor else minutes
    by_month = tuple(sorted(months.items()))
    if not billed:
        return BillingMark("", credited=True, minutes=months.total(), free=free, months=by_month)
    last, _, line_id = max(billed, key=lambda one: (one[0].finalized_at, one[2].period))
    return BillingMark(
        line_id.period,
        max(noted, default=-1) >= last.finalized_at,
        months.total(),
        last.stripe_id,
        last.status,
        failed=last.failed,
        due_at=last.due_at,
        free=free,
        months=by_month,
    )
