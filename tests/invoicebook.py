"""One client's books for the planning of documents: lines, and what Stripe shows of them."""

from collections.abc import Sequence

from ledgerbook import at
from mondaybridge.domain.books import Books, ClosePlan
from mondaybridge.domain.contract import Bounds, Client
from mondaybridge.domain.documents import (
    DocumentType,
    ObservedDocument,
    ObservedLine,
    PlannedDocument,
)
from mondaybridge.domain.money import amount
from mondaybridge.domain.usage import LineId, UsageLine

CONTRACT = "c2"
RATE = "6499/gbp/txr_20"
WIDE = Bounds(lines_per_day=1000, documents=100, first_minor=10**12, median_factor=10**9)
CLIENT = Client("acme", "Acme", "en", "gbp", "Europe/London", "cus_1", (), bounds=WIDE)


def line(subject: str, period: str, minutes: int, rate: str = RATE) -> UsageLine:
    unit = int(rate.split("/", maxsplit=1)[0])
    line_id = LineId(CONTRACT, "usage", subject, period, "payg", rate)
    moment = at(f"{period}-05 09:00", "Europe/London")
    return UsageLine(line_id, minutes, amount(minutes, unit), moment, moment)


def books(
    desired: Sequence[UsageLine],
    observed: Sequence[ObservedDocument] = (),
    *,
    closed: Sequence[str] = (),
    held: Sequence[str] = (),
    client: Client = CLIENT,
) -> Books:
    return Books(
        client,
        desired,
        observed,
        {CONTRACT: frozenset(closed)},
        frozenset((CONTRACT, subject) for subject in held),
        lambda one, scope: f"{one.line_id.subject} {one.line_id.period} on {scope}",
        lambda kind, scope: f"{kind.value} {scope}",
    )


def issued(documents: Sequence[PlannedDocument], start: int = 0) -> list[ObservedDocument]:
    """Turn planned documents into what Stripe would show of them."""
    return [_issued(document, start + n) for n, document in enumerate(documents, start=1)]


def _issued(document: PlannedDocument, number: int) -> ObservedDocument:
    note = document.type is DocumentType.CREDIT_NOTE
    lines = tuple(
        ObservedLine(
            f"il_{number}_{n}", one.line_id, one.minutes, one.amount_minor, one.credits_line
        )
        for n, one in enumerate(document.lines)
    )
    return ObservedDocument(
        f"{'cn' if note else 'in'}_{number}",
        document.type,
        "issued" if note else "open",
        "cus_1",
        "gbp",
        document.subtotal_minor,
        document.subtotal_minor,
        number,
        finalized_at=number,
        key=document.key,
        plan_digest=document.digest,
        invoice_id=document.invoice_id,
        lines=lines,
    )


def totals(planned: ClosePlan) -> list[tuple[str, str, int, int]]:
    return [(d.key.kind, d.key.scope, d.key.revision, d.subtotal_minor) for d in planned.documents]


def net(observed: Sequence[ObservedDocument]) -> dict[LineId, int]:
    amounts: dict[LineId, int] = {}
    for document in observed:
        sign = -1 if document.type is DocumentType.CREDIT_NOTE else 1
        for one in document.lines or ():
            assert one.line_id is not None
            assert one.amount_minor > 0
            amounts[one.line_id] = amounts.get(one.line_id, 0) + sign * one.amount_minor
    return {line_id: total for line_id, total in amounts.items() if total}
