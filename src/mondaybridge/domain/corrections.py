"""Credit notes: each decrease is given back on the newest lines that billed it (ledger 6.4)."""

from collections import Counter
from collections.abc import Iterable, Sequence

from mondaybridge.domain.books import Books, Change, next_revision
from mondaybridge.domain.documents import (
    DocumentKey,
    DocumentKind,
    DocumentType,
    ObservedDocument,
    PlannedDocument,
    PlannedLine,
)
from mondaybridge.domain.issued import IssuedLine
from mondaybridge.domain.money import amount_text
from mondaybridge.domain.usage import UsageLine


def corrections(
    books: Books, changes: Sequence[Change], lines: Sequence[IssuedLine]
) -> list[PlannedDocument]:
    """Credit each decrease on the newest lines that billed it, one note per invoice."""
    notes: dict[str, list[PlannedLine]] = {}
    invoices: dict[str, ObservedDocument] = {}
    for change in changes:
        if change.amount_minor < 0:
            for issued, amount, minutes in _credited(change, lines):
                invoices[issued.document.stripe_id] = issued.document
                planned = _credit_line(books, change, issued, amount, minutes)
                notes.setdefault(issued.document.stripe_id, []).append(planned)
    made: Counter[str] = Counter()
    documents = []
    for stripe_id in sorted(notes, key=lambda i: (invoices[i].finalized_at, i)):
        note = _credit_note(books, invoices[stripe_id], notes[stripe_id], made)
        documents.append(note)
    return documents


def _credited(change: Change, lines: Sequence[IssuedLine]) -> Iterable[tuple[IssuedLine, int, int]]:
    """Take a decrease from the newest lines first: line, amount, minutes (ledger 6.4)."""
    amount, minutes = -change.amount_minor, -change.minutes
    for issued in lines:
        if issued.line_id == change.line.line_id and issued.left > 0 and amount:
            part = min(amount, issued.left)
            time = minutes if part == amount else min(minutes, issued.minutes)
            amount, minutes = amount - part, minutes - time
            yield issued, part, time


def _credit_line(
    books: Books, change: Change, issued: IssuedLine, amount: int, minutes: int
) -> PlannedLine:
    line = change.line
    period = line.line_id.period
    text = UsageLine(line.line_id, -minutes, -amount, line.first_work_at, line.last_work_at)
    return PlannedLine(
        line.line_id,
        minutes,
        amount,
        books.describe(text, period),
        line.first_work_at,
        line.last_work_at,
        credits_line=issued.stripe_line_id,
        cause=f"late change of {period}",
    )


def _credit_note(
    books: Books, invoice: ObservedDocument, lines: Sequence[PlannedLine], made: Counter[str]
) -> PlannedDocument:
    scope = invoice.key.scope if invoice.key else invoice.stripe_id
    revision = next_revision(books, DocumentKind.CORRECTION, scope) + made[scope]
    made[scope] += 1
    return PlannedDocument(
        DocumentKey(books.client.client_id, scope, DocumentKind.CORRECTION.value, revision),
        DocumentType.CREDIT_NOTE,
        books.client.stripe_customer,
        books.client.currency,
        tuple(lines),
        books.title(DocumentKind.CORRECTION, scope),
        invoice_id=invoice.stripe_id,
    )


def without_a_line(
    books: Books, changes: Sequence[Change], lines: Sequence[IssuedLine]
) -> Iterable[str]:
    """Tell of decreases that no issued line can be lowered for: nothing may vanish silently."""
    for change in changes:
        if change.amount_minor < 0:
            rest = -change.amount_minor - sum(part for _, part, _ in _credited(change, lines))
            if rest:
                line_id, currency = change.line.line_id, books.client.currency
                yield (
                    f"{amount_text(rest, currency)} less for {line_id.subject} in "
                    f"{line_id.period}, but no issued line asked for it: credit it by hand"
                )
