"""What stands on issued documents, line by line, with what credits left of it (ledger 6.1)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mondaybridge.domain.documents import DocumentType, ObservedDocument
from mondaybridge.domain.usage import LineId


@dataclass(frozen=True, slots=True)
class IssuedLine:
    """A line of ours on an issued invoice; ``left`` is what credits left of its amount.

    ``foreign`` is what a person credited of it in Stripe by hand.
    """

    document: ObservedDocument
    stripe_line_id: str
    line_id: LineId
    minutes: int
    left: int
    foreign: int = 0


def issued_lines(observed: Iterable[ObservedDocument]) -> list[IssuedLine]:
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
        IssuedLine(
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


def rooms(observed: Iterable[ObservedDocument]) -> Counter[str]:
    """Return by invoice what may still be credited on it in all, before tax (semantics 6.23).

    Notes that a person wrote count too, also those that name no line.
    """
    room: Counter[str] = Counter()
    for document in observed:
        if document.issued and document.type is DocumentType.INVOICE:
            room[document.stripe_id] += document.subtotal_minor
        elif document.issued:
            room[document.invoice_id] -= document.subtotal_minor
    return room
