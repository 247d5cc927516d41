"""Credit notes: each decrease is given back on the newest lines that billed it (ledger 6.4).

Every correction says why (S7). What no line and no invoice has left for is told to a person.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mondaybridge.domain.books import Books, Change, next_revision
from mondaybridge.domain.documents import (
    DocumentKey,
    DocumentKind,
    DocumentType,
    ObservedDocument,
    PlannedDocument,
    PlannedLine,
)
from mondaybridge.domain.issued import IssuedLine, rooms
from mondaybridge.domain.money import amount_text
from mondaybridge.domain.usage import LineId, LineKind, UsageLine
from mondaybridge.domain.worktime import hours_text


@dataclass(frozen=True, slots=True)
class Credit:
    """A part of a decrease on one issued line."""

    change: Change
    issued: IssuedLine
    minutes: int
    amount_minor: int


def corrections(
    books: Books, changes: Sequence[Change], lines: Sequence[IssuedLine]
) -> list[PlannedDocument]:
    """Credit each decrease on the newest line that billed it, one note per invoice."""
    notes: dict[str, list[Credit]] = {}
    for credit in _credits(books, changes, lines):
        notes.setdefault(credit.issued.document.stripe_id, []).append(credit)
    invoices = [parts[0].issued.document for parts in notes.values()]
    made: Counter[str] = Counter()
    return [
        _credit_note(books, invoice, notes[invoice.stripe_id], made)
        for invoice in sorted(invoices, key=lambda d: (d.finalized_at, d.stripe_id))
    ]


def small_decreases(books: Books, changes: Sequence[Change]) -> list[Change]:
    """Return decreases below ``min_credit``: the next invoice bears them (semantics 6.12)."""
    least = books.client.billing.min_credit_minor
    return [
        change
        for change in changes
        if change.line.line_id.kind == LineKind.USAGE.value and -least < change.amount_minor < 0
    ]


def borne(
    books: Books, changes: Sequence[Change], usage: Sequence[PlannedDocument], *, waits: bool
) -> list[Change]:
    """Return the small decreases that make no note: on an invoice now, or it ``waits`` for one."""
    shown = {line.line_id for document in usage for line in document.lines}
    small = small_decreases(books, changes)
    return [change for change in small if waits or change.line.line_id in shown]


def waits_for_invoice(books: Books, changes: Sequence[Change]) -> list[str]:
    """Tell of small decreases that wait for the next invoice."""
    return [
        f"{_less(books, change, -change.amount_minor)} waits for the next invoice"
        for change in small_decreases(books, changes)
    ]


def reason(books: Books, change: Change) -> str:
    """Say what moved a line since it was issued, and from what to what (S7)."""
    why = books.causes.get(change.line.line_id) or books.by_hand
    if not change.minutes:
        return why
    after = change.line.minutes
    moved = f"{hours_text(after - change.minutes)} → {hours_text(after)}"
    period = change.line.line_id.period
    return f"{why} ({period}: {moved})" if period else f"{why} ({moved})"


def explained(documents: tuple[PlannedDocument, ...]) -> tuple[PlannedDocument, ...]:
    """Return documents whose corrections all say why; a correction without a cause is a bug."""
    for document in documents:
        for line in document.lines:
            note = document.type is DocumentType.CREDIT_NOTE
            if (note or line.amount_minor < 0) and not line.cause:
                raise AssertionError(f"{document.key} corrects {line.line_id} without a cause")
    return documents


def without_a_line(
    books: Books, changes: Sequence[Change], lines: Sequence[IssuedLine]
) -> list[str]:
    """Tell of decreases that no issued line can be lowered for: nothing may vanish silently.

    Once a person has released just that, it keeps no document any more.
    """
    told = _without_a_line(books, changes, lines)
    return [one for one in told if one not in books.released]


def let_pass(books: Books, changes: Sequence[Change], lines: Sequence[IssuedLine]) -> list[str]:
    """Go on telling, as a note, of what no line can be lowered for and a person released."""
    told = _without_a_line(books, changes, lines)
    return [f"{one}; this was released" for one in told if one in books.released]


def nothing_to_give(
    books: Books, changes: Sequence[Change], lines: Sequence[IssuedLine]
) -> list[str]:
    """Tell of decreases on invoices that were written off: what is not paid is not given back."""
    return [
        f"{_less(books, change, spared)} is not credited: its invoice was written off"
        for change, _, spared in _rests(books, changes, lines)
        if spared
    ]


def _without_a_line(
    books: Books, changes: Sequence[Change], lines: Sequence[IssuedLine]
) -> list[str]:
    return [
        f"{_less(books, change, rest)}, but {_why_not(books, change, lines)}: credit it by hand"
        for change, rest, _ in _rests(books, changes, lines)
        if rest
    ]


def _rests(
    books: Books, changes: Sequence[Change], lines: Sequence[IssuedLine]
) -> list[tuple[Change, int, int]]:
    """Return of each decrease what no line can be lowered for: at all, and as it is written off."""
    given: Counter[int] = Counter()
    for credit in _credits(books, changes, lines):
        given[id(credit.change)] += credit.amount_minor
    lost: Counter[LineId] = Counter()
    for line in filter(_written_off, lines):
        lost[line.line_id] += max(0, line.left)
    found = []
    for change in changes:
        rest = max(0, -change.amount_minor) - given[id(change)]
        spared = min(rest, lost[change.line.line_id])
        found.append((change, rest - spared, spared))
    return found


def _written_off(issued: IssuedLine) -> bool:
    """Whether nobody expects the money any more: Stripe credits open or paid invoices (§1.6)."""
    return issued.document.status == "uncollectible"


def _less(books: Books, change: Change, amount: int) -> str:
    line_id = change.line.line_id
    shown = amount_text(amount, books.client.currency)
    return f"{shown} less for {line_id.subject} in {line_id.period}"


def _credits(books: Books, changes: Sequence[Change], lines: Sequence[IssuedLine]) -> list[Credit]:
    """Take decreases from the newest lines first, each within what line and invoice have left."""
    room = rooms(books.observed)
    found = []
    for change in changes:
        amount, minutes = max(0, -change.amount_minor), -change.minutes
        for issued in lines if amount else ():
            invoice = issued.document.stripe_id
            part = min(amount, issued.left, room[invoice])
            if issued.line_id == change.line.line_id and part > 0 and not _written_off(issued):
                time = minutes if part == amount else min(minutes, issued.minutes)
                amount, minutes = amount - part, minutes - time
                room[invoice] -= part
                found.append(Credit(change, issued, time, part))
    return found


def _why_not(books: Books, change: Change, lines: Sequence[IssuedLine]) -> str:
    mine = {one.document.stripe_id for one in lines if one.line_id == change.line.line_id}
    if not mine:
        return "no issued line asked for it"
    notes = [d for d in books.observed if d.issued and d.invoice_id in mine and d.key is None]
    names = ", ".join(sorted(one.number or one.stripe_id for one in notes))
    since = f" since {names}, written by hand" if names else ""
    return f"its invoice has no more to credit{since}"


def _credit_line(books: Books, credit: Credit) -> PlannedLine:
    line = credit.change.line
    text = UsageLine(
        line.line_id,
        -credit.minutes,
        -credit.amount_minor,
        line.first_work_at,
        line.last_work_at,
    )
    return PlannedLine(
        line.line_id,
        credit.minutes,
        credit.amount_minor,
        books.describe(text, line.line_id.period),
        line.first_work_at,
        line.last_work_at,
        credits_line=credit.issued.stripe_line_id,
        cause=reason(books, credit.change),
    )


def _credit_note(
    books: Books, invoice: ObservedDocument, parts: Sequence[Credit], made: Counter[str]
) -> PlannedDocument:
    scope = invoice.key.scope if invoice.key else invoice.stripe_id
    revision = next_revision(books, DocumentKind.CORRECTION, scope) + made[scope]
    made[scope] += 1
    return PlannedDocument(
        DocumentKey(books.client.client_id, scope, DocumentKind.CORRECTION.value, revision),
        DocumentType.CREDIT_NOTE,
        books.client.stripe_customer,
        books.client.currency,
        tuple(_credit_line(books, credit) for credit in parts),
        books.title(DocumentKind.CORRECTION, scope),
        invoice_id=invoice.stripe_id,
        footer=books.footer(DocumentKind.CORRECTION, scope, ""),
        after_payment=books.client.billing.after_payment.value,
    )
