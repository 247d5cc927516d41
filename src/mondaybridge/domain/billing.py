"""Desired minus issued, per LineId: which documents bring the two in line (ledger 6, S6-S10).

Issued is what Stripe shows as finalised and not voided. An increase becomes a line of the next
invoice, a decrease a credit on the newest line that billed it; nothing else makes a document.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mondaybridge.domain.bounds import findings
from mondaybridge.domain.contract import Client
from mondaybridge.domain.documents import (
    DocumentKey,
    DocumentKind,
    DocumentType,
    ObservedDocument,
    PlannedDocument,
    PlannedLine,
)
from mondaybridge.domain.money import amount_text, parse_rate_key
from mondaybridge.domain.usage import LineId, LineKind, UsageLine


@dataclass(frozen=True, slots=True)
class Books:
    """What one client's plan is made from; ``closed`` and ``held`` are per contract.

    ``posted`` holds minutes by contract and month: what a closed month's statement will say.
    """

    client: Client
    desired: Sequence[UsageLine]
    observed: Sequence[ObservedDocument]
    closed: Mapping[str, frozenset[str]]
    held: frozenset[tuple[str, str]]
    describe: Callable[[UsageLine, str], str]
    title: Callable[[DocumentKind, str], str]
    posted: Mapping[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClosePlan:
    """What closing a month, a sale or a correction would do for one client.

    ``closes`` is the month whose usage it fixes, empty when only sales and corrections are due;
    ``findings`` are what a person must look at before anything is issued; ``minutes`` is what
    each contract's statement of the month will say.
    """

    client_id: str
    closes: str
    documents: tuple[PlannedDocument, ...]
    findings: tuple[str, ...] = ()
    minutes: tuple[tuple[str, int], ...] = ()

    @property
    def hash(self) -> str:
        """Hash of all that would be issued and stated: ``close apply`` takes it."""
        body = [self.client_id, self.closes, [d.to_json() for d in self.documents], self.minutes]
        return hashlib.sha256(json.dumps(body).encode()).hexdigest()[:12]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do at all."""
        return not (self.closes or self.documents)


@dataclass(frozen=True, slots=True)
class _IssuedLine:
    document: ObservedDocument
    stripe_line_id: str
    line_id: LineId
    minutes: int
    left: int
    foreign: int = 0


def plan(books: Books, closes: str = "") -> ClosePlan:
    """Plan the documents that are due: sales, the usage of ``closes``, corrections."""
    lines = _issued_lines(books.observed)
    changes = [*_changes(books, lines, closes)]
    documents = (
        *_sales(books, changes),
        *_usage(books, changes, closes),
        *_corrections(books, changes, lines),
    )
    found = (
        *findings(books.client, books.observed, documents, closes),
        *_without_a_line(books, changes, lines),
    )
    minutes = sorted((key, m) for (key, period), m in books.posted.items() if period == closes)
    return ClosePlan(books.client.client_id, closes, documents, found, tuple(minutes))


@dataclass(frozen=True, slots=True)
class _Change:
    line: UsageLine
    minutes: int
    amount_minor: int


def _issued_lines(observed: Iterable[ObservedDocument]) -> list[_IssuedLine]:
    """Return our lines on issued invoices, newest first, with what credits left of each."""
    issued = [d for d in observed if d.issued]
    notes = [d for d in issued if d.type is DocumentType.CREDIT_NOTE]
    credited: Counter[str] = Counter()
    foreign: Counter[str] = Counter()
    minutes: Counter[str] = Counter()
    for line in (line for note in notes for line in note.lines or ()):
        credited[line.source_line] += line.amount_minor
        minutes[line.source_line] += line.minutes
        foreign[line.source_line] += 0 if line.line_id else line.amount_minor
    newest_first = sorted(issued, key=lambda d: (d.finalized_at, d.stripe_id), reverse=True)
    return [
        _IssuedLine(
            document,
            line.stripe_line_id,
            line.line_id,
            line.minutes - minutes[line.stripe_line_id],
            line.amount_minor - credited[line.stripe_line_id],
            foreign[line.stripe_line_id],
        )
        for document in newest_first
        if document.type is DocumentType.INVOICE
        for line in reversed(document.lines or ())
        if line.line_id is not None
    ]


def _changes(books: Books, lines: Sequence[_IssuedLine], closes: str) -> Iterable[_Change]:
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
            yield _Change(wanted, wanted.minutes - minutes[line_id], change)


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


def _without_a_line(
    books: Books, changes: Sequence[_Change], lines: Sequence[_IssuedLine]
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


def _sales(books: Books, changes: Sequence[_Change]) -> list[PlannedDocument]:
    return [
        _invoice(books, DocumentKind.SALE, change.line.line_id.subject, [change])
        for change in changes
        if change.amount_minor > 0 and change.line.line_id.kind == LineKind.SALE.value
    ]


def _usage(books: Books, changes: Sequence[_Change], closes: str) -> list[PlannedDocument]:
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
    books: Books, kind: DocumentKind, scope: str, changes: Sequence[_Change]
) -> PlannedDocument:
    client = books.client
    return PlannedDocument(
        DocumentKey(client.client_id, scope, kind.value, _revision(books, kind, scope)),
        DocumentType.INVOICE,
        client.stripe_customer,
        client.currency,
        tuple(_planned(books, change, scope) for change in sorted(changes, key=_by_work)),
        books.title(kind, scope),
        client.days_until_due,
    )


def _by_work(change: _Change) -> tuple[str, int, LineId]:
    """Order lines as the work was done, so that a client can follow them."""
    line = change.line
    return line.line_id.period, line.first_work_at, line.line_id


def _planned(books: Books, change: _Change, scope: str) -> PlannedLine:
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


def _moved(line: UsageLine, change: _Change) -> UsageLine:
    """Return the line as this document shows it: the difference of minutes and money."""
    return UsageLine(
        line.line_id, change.minutes, change.amount_minor, line.first_work_at, line.last_work_at
    )


def _revision(books: Books, kind: DocumentKind, scope: str) -> int:
    """Return the next revision of a scope; voided documents keep theirs."""
    seen = [
        d.key.revision
        for d in books.observed
        if d.key is not None
        and d.status != "draft"
        and (d.key.kind, d.key.scope) == (kind.value, scope)
    ]
    return max(seen, default=0) + 1


def _corrections(
    books: Books, changes: Sequence[_Change], lines: Sequence[_IssuedLine]
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


def _credited(
    change: _Change, lines: Sequence[_IssuedLine]
) -> Iterable[tuple[_IssuedLine, int, int]]:
    """Take a decrease from the newest lines first: line, amount, minutes (ledger 6.4)."""
    amount, minutes = -change.amount_minor, -change.minutes
    for issued in lines:
        if issued.line_id == change.line.line_id and issued.left > 0 and amount:
            part = min(amount, issued.left)
            time = minutes if part == amount else min(minutes, issued.minutes)
            amount, minutes = amount - part, minutes - time
            yield issued, part, time


def _credit_line(
    books: Books, change: _Change, issued: _IssuedLine, amount: int, minutes: int
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
    revision = _revision(books, DocumentKind.CORRECTION, scope) + made[scope]
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
