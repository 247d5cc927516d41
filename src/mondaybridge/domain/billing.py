"""Desired minus issued, per LineId: which documents bring the two in line (ledger 6, S6-S10).

Issued is what Stripe shows as finalised and not voided. An increase becomes a line of the next
invoice, a decrease a credit on the newest line that billed it; nothing else makes a document.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from mondaybridge.domain.books import Books, Change, ClosePlan, FullList
from mondaybridge.domain.bounds import findings
from mondaybridge.domain.contract import ZeroInvoice
from mondaybridge.domain.corrections import (
    borne,
    corrections,
    explained,
    let_pass,
    nothing_to_give,
    small_decreases,
    waits_for_invoice,
    without_a_line,
)
from mondaybridge.domain.documents import DocumentKind, PlannedDocument
from mondaybridge.domain.grouping import Groups, grouped
from mondaybridge.domain.invoicing import full_list, invoice
from mondaybridge.domain.issued import IssuedLine, issued_lines
from mondaybridge.domain.late import in_time
from mondaybridge.domain.money import amount_text
from mondaybridge.domain.usage import LineId, LineKind, UsageLine
from mondaybridge.domain.worktime import month, month_of

INVOICED = frozenset({LineKind.USAGE.value, LineKind.FEE.value})


def plan(books: Books, closes: str = "") -> ClosePlan:
    """Plan the documents that are due: sales, the usage of ``closes``, corrections."""
    lines = issued_lines(books.observed)
    groups = _grouped(books, lines, closes)
    books = groups.books
    changes, late = in_time(books, _changes(books, lines, closes))
    usage = _usage(groups, changes, lines, closes)
    waits = not closes and not _last_month(books)
    rests = borne(books, changes, usage, waits=waits)
    credited = [change for change in changes if change not in rests]
    documents = explained(
        (*_sales(books, changes), *usage, *corrections(books, credited, lines)),
    )
    found = (
        *findings(books.client, books.observed, documents, closes),
        *without_a_line(books, credited, lines),
    )
    return ClosePlan(
        books.client.client_id,
        closes,
        documents,
        found,
        tuple(sorted((key, m) for (key, period), m in books.posted.items() if period == closes)),
        (
            *_waiting(books, changes, lines, closes),
            *(waits_for_invoice(books, changes) if waits else ()),
            *nothing_to_give(books, credited, lines),
            *let_pass(books, credited, lines),
        ),
        tuple(_lists(groups, documents)),
        tuple(sorted(groups.labels.items())),
        tuple(late),
    )


def _grouped(books: Books, lines: Sequence[IssuedLine], closes: str) -> Groups:
    """Take lines together where they are so on documents, or the invoice would be too long."""
    first: list[LineId] = []
    if closes and not _issued(books, DocumentKind.USAGE, closes):
        due = _increases([*_changes(books, lines, closes)])
        first = [one.line.line_id for one in (*due, *_free(books, due, lines, closes))]
    return grouped(books, lines, first, books.client.billing.group_above)


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
        refunded = line_id in desired and line_id.kind == LineKind.SALE.value
        if change and _due(books, line_id, closes, change, refunded=refunded):
            yield Change(wanted, wanted.minutes - minutes[line_id], change, left[line_id])


def _due(
    books: Books, line_id: LineId, closes: str, change: int, *, refunded: bool = False
) -> bool:
    """Whether a change may become a document now; what nobody reads any more rests (S9).

    A grant's entry stays for ever: where its sale's line comes to less, a refund is recorded.
    """
    if (line_id.contract_id, line_id.subject) in books.held or line_id in books.resting:
        return False
    closed = books.closed.get(line_id.contract_id)
    if closed is None:
        return False
    if line_id.kind == LineKind.SALE.value:
        return change > 0 or refunded  # money for a sale never goes back by absence
    return line_id.period in closed or line_id.period == closes


def _sales(books: Books, changes: Sequence[Change]) -> list[PlannedDocument]:
    return [
        invoice(books, DocumentKind.SALE, change.line.line_id.subject, [change])
        for change in changes
        if change.amount_minor > 0 and change.line.line_id.kind == LineKind.SALE.value
    ]


def _usage(
    groups: Groups, changes: Sequence[Change], lines: Sequence[IssuedLine], closes: str
) -> list[PlannedDocument]:
    """One invoice for the month being closed, with late increases of earlier months on it.

    Lines that cost nothing stand on it where there is one; a month of nothing else makes one only
    by policy (semantics 6.20, R44b).
    """
    books = groups.books
    due = _increases(changes)
    if not closes:
        last = _last_month(books) if due else ""
        return [invoice(books, DocumentKind.USAGE, last, due, groups.members)] if last else []
    if _issued(books, DocumentKind.USAGE, closes) or _carries(books, due, closes):
        return []
    free = _free(books, due, lines, closes)
    small = small_decreases(books, changes)
    if sum(change.amount_minor for change in (*due, *small)) > 0:
        due += small
    if not due and not (free and books.client.billing.zero_invoice is ZeroInvoice.CREATE):
        return []
    return [invoice(books, DocumentKind.USAGE, closes, [*due, *free], groups.members)]


def _increases(changes: Iterable[Change]) -> list[Change]:
    return [
        change
        for change in changes
        if change.amount_minor > 0 and change.line.line_id.kind in INVOICED
    ]


def _free(
    books: Books, due: Sequence[Change], lines: Sequence[IssuedLine], closes: str
) -> list[Change]:
    """Return lines without money of the months that are invoiced for the first time."""
    shown = {line.line_id for line in lines}
    billed = {(line.line_id.contract_id, line.line_id.period) for line in lines}
    carried = {(c.line.line_id.contract_id, c.line.line_id.period) for c in due} - billed
    return [
        Change(line, line.minutes, 0)
        for line in books.desired
        if line.minutes > 0
        and not line.amount_minor
        and line.line_id.kind in INVOICED
        and line.line_id not in shown
        and _due(books, line.line_id, closes, 0)
        and (
            line.line_id.period == closes
            or (line.line_id.contract_id, line.line_id.period) in carried
        )
    ]


def _carries(books: Books, due: Sequence[Change], closes: str) -> bool:
    """Whether what is due is too little for an invoice and a later one can ask for it (6.20)."""
    total = sum(change.amount_minor for change in due)
    return 0 < total < books.client.billing.min_invoice_minor and not _ends(books, closes)


def _ends(books: Books, closes: str) -> bool:
    """Whether no month follows: then the last invoice bills what was carried so far."""
    until = [contract.until for contract in books.client.contracts]
    end = month(closes, books.client.zone).end
    return bool(until) and all(at is not None and at <= end for at in until)


def _last_month(books: Books) -> str:
    """Return the last month of all contracts once it is closed; none while another may follow.

    What is due since, like a line that was in question, has no later invoice to wait for (6.24).
    """
    last = [(c, month_of(c.until - 1, c.zone).name) for c in books.client.contracts if c.until]
    over = all(name in books.closed.get(c.contract_id, ()) for c, name in last)
    done = len(last) == len(books.client.contracts) and over
    return max(name for _, name in last) if done and last else ""


def _waiting(
    books: Books, changes: Sequence[Change], lines: Sequence[IssuedLine], closes: str
) -> Iterable[str]:
    """Say what is too little for an invoice of its own, and how it comes to be asked for."""
    due, currency = _increases(changes), books.client.currency
    least = books.client.billing.min_invoice_minor
    if not closes or not least:
        return
    if _carries(books, due, closes):
        yield (
            f"{amount_text(sum(c.amount_minor for c in due), currency)} is carried to the next "
            f"invoice: min_invoice is {amount_text(least, currency)}. The last month of the "
            "contract bills it; to waive it, mark its rows as not chargeable"
        )
        return
    shown = {line.line_id.period for line in lines}
    for period in sorted({change.line.line_id.period for change in due} - shown - {closes}):
        yield f"what was carried from {period} is on this invoice"


def _lists(groups: Groups, documents: Iterable[PlannedDocument]) -> Iterable[FullList]:
    for document in documents:
        if document.full_list:
            shown = [line.line_id for line in document.lines]
            yield full_list(groups.books, document.key.scope, shown, groups.members)


def _issued(books: Books, kind: DocumentKind, scope: str) -> bool:
    return any(
        d.issued and d.key is not None and (d.key.kind, d.key.scope) == (kind.value, scope)
        for d in books.observed
    )
