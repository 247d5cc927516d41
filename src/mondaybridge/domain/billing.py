"""Desired minus issued, per LineId: which documents bring the two in line (ledger 6, S6-S10).

Issued is what Stripe shows as finalised and not voided. An increase becomes a line of the next
invoice, a decrease a credit on the newest line that billed it; nothing else makes a document.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from mondaybridge.domain.books import Books, Change, ClosePlan, next_revision
from mondaybridge.domain.bounds import findings
from mondaybridge.domain.corrections import corrections, without_a_line
from mondaybridge.domain.documents import (
    DocumentKey,
    DocumentKind,
    DocumentType,
    PlannedDocument,
    PlannedLine,
)
from mondaybridge.domain.issued import IssuedLine, issued_lines
from mondaybridge.domain.money import parse_rate_key
from mondaybridge.domain.usage import LineId, LineKind, UsageLine


def plan(books: Books, closes: str = "") -> ClosePlan:
    """Plan the documents that are due: sales, the usage of ``closes``, corrections."""
    lines = issued_lines(books.observed)
    changes = [*_changes(books, lines, closes)]
    documents = (
        *_sales(books, changes),
        *_usage(books, changes, closes),
        *corrections(books, changes, lines),
    )
    found = (
        *findings(books.client, books.observed, documents, closes),
        *without_a_line(books, changes, lines),
    )
    minutes = sorted((key, m) for (key, period), m in books.posted.items() if period == closes)
    return ClosePlan(books.client.client_id, closes, documents, found, tuple(minutes))


def _changes(books: Books, lines: Sequence[IssuedLine], closes: str) -> Iterable[Change]:
    """Compare per LineId what should be on documents with what is; held lines rest.

    What a person credited in Stripe by hand is never asked for again; it counts towards a decrease.
    """
    left: Counter[LineId] = Counter()
    foreign: Counter[LineId] = Counter()
    minutes: Counter[LineId] = Counter()
    for line in lines:
        left[line.line_id] += line.left
        foreign[line.line_id] += line.foreign
        minutes[line.line_id] += line.minutes
    desired = {line.line_id: line for line in books.desired}
    for line_id in sorted({*desired, *left}):
        wanted = desired.get(line_id) or UsageLine(line_id, 0, 0)
        less = wanted.amount_minor - left[line_id]
        change = max(0, less - foreign[line_id]) or min(0, less)
        if change and _due(books, line_id, closes, change):
            yield Change(wanted, wanted.minutes - minutes[line_id], change)


def _due(books: Books, line_id: LineId, closes: str, change: int) -> bool:
    """Whether a change may become a document now; what nobody reads any more rests (S9)."""
    if (line_id.contract_id, line_id.subject) in books.held:
        return False
    closed = books.closed.get(line_id.contract_id)
    if closed is None:
        return False
    if line_id.kind == LineKind.SALE.value:
        return change > 0  # money for a sale goes back by a recorded refund, never by absence
    return line_id.period in closed or line_id.period == closes


def _sales(books: Books, changes: Sequence[Change]) -> list[PlannedDocument]:
    return [
        _invoice(books, DocumentKind.SALE, change.line.line_id.subject, [change])
        for change in changes
        if change.amount_minor > 0 and change.line.line_id.kind == LineKind.SALE.value
    ]


def _usage(books: Books, changes: Sequence[Change], closes: str) -> list[PlannedDocument]:
    """One invoice for the month being closed, with late increases of earlier months on it."""
    increases = [
        change
        for change in changes
        if change.amount_minor > 0 and change.line.line_id.kind == LineKind.USAGE.value
    ]
    if not closes or not increases or _issued(books, DocumentKind.USAGE, closes):
        return []
    return [_invoice(books, DocumentKind.USAGE, closes, increases)]


def _issued(books: Books, kind: DocumentKind, scope: str) -> bool:
    return any(
        d.issued and d.key is not None and (d.key.kind, d.key.scope) == (kind.value, scope)
        for d in books.observed
    )


def _invoice(
    books: Books, kind: DocumentKind, scope: str, changes: Sequence[Change]
) -> PlannedDocument:
    client = books.client
    return PlannedDocument(
        DocumentKey(client.client_id, scope, kind.value, next_revision(books, kind, scope)),
        DocumentType.INVOICE,
        client.stripe_customer,
        client.currency,
        tuple(_planned(books, change, scope) for change in sorted(changes, key=_by_work)),
        books.title(kind, scope),
        client.days_until_due,
    )


def _by_work(change: Change) -> tuple[str, int, LineId]:
    """Order lines as the work was done, so that a client can follow them."""
    line = change.line
    return line.line_id.period, line.first_work_at, line.line_id


def _planned(books: Books, change: Change, scope: str) -> PlannedLine:
    line = change.line
    period = line.line_id.period
    late = period not in {"", scope}
    return PlannedLine(
        line.line_id,
        change.minutes,
        change.amount_minor,
        books.describe(_moved(line, change), scope),
        line.first_work_at,
        line.last_work_at,
        parse_rate_key(line.line_id.rate_key).tax_rate,
        cause=f"late change of {period}" if late else "",
    )


def _moved(line: UsageLine, change: Change) -> UsageLine:
    """Return the line as this document shows it: the difference of minutes and money."""
    return UsageLine(
        line.line_id, change.minutes, change.amount_minor, line.first_work_at, line.last_work_at
    )
