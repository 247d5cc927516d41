"""Documents as values: what is planned, and what was read back from Stripe.

"Issued" is only what Stripe says is issued; a plan is a difference with a cause.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from enum import Enum

from mondaybridge.domain.usage import LineId


class DocumentKind(Enum):
    """The kinds in a document's key (ledger 6.8)."""

    USAGE = "usage"
    OVERAGE = "overage"
    SALE = "sale"
    CORRECTION = "correction"


class DocumentType(Enum):
    """What Stripe calls the paper."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


@dataclass(frozen=True, slots=True, order=True)
class DocumentKey:
    """A document's natural key; its text stands in Stripe's metadata as ``mb_key``."""

    client_id: str
    scope: str
    kind: str
    revision: int

    def __str__(self) -> str:
        return json.dumps(
            [self.client_id, self.scope, self.kind, self.revision],
            separators=(",", ":"),
            ensure_ascii=False,
        )


def parse_document_key(text: str) -> DocumentKey:
    """Read a key back from metadata; ValueError if it is none."""
    client_id, scope, kind, revision = json.loads(text)
    return DocumentKey(str(client_id), str(scope), str(kind), int(revision))


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One line of a planned document; ``credits_line`` is the Stripe line that a credit lowers.

    ``members`` is the digest of the activities behind a grouped line (ledger 6.7).
    """

    line_id: LineId
    minutes: int
    amount_minor: int
    description: str
    work_from: int
    work_to: int
    tax_rate: str = ""
    credits_line: str = ""
    cause: str = ""
    members: str = ""


@dataclass(frozen=True, slots=True)
class PlannedDocument:
    """A document to be issued; amounts are positive, ``invoice_id`` is set on a credit note.

    ``after_payment`` says on a credit note where money goes that was paid already. ``full_list`` is
    the digest of the list beside an invoice whose lines are grouped.
    """

    key: DocumentKey
    type: DocumentType
    customer: str
    currency: str
    lines: tuple[PlannedLine, ...]
    description: str = ""
    days_until_due: int = 14
    invoice_id: str = ""
    footer: str = ""
    automatic_tax: bool = False
    after_payment: str = ""
    full_list: str = ""

    @property
    def subtotal_minor(self) -> int:
        """Sum of the lines before tax, positive."""
        return sum(line.amount_minor for line in self.lines)

    @property
    def digest(self) -> str:
        """Hash of everything that will stand on the document."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:16]

    def to_json(self) -> str:
        """Return the document as canonical JSON, for the plan row."""
        body = {**asdict(self), "type": self.type.value}
        return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def planned_document(text: str) -> PlannedDocument:
    """Read a planned document back from its plan row."""
    body = json.loads(text)
    lines = tuple(
        PlannedLine(**{**line, "line_id": LineId(**line["line_id"])}) for line in body["lines"]
    )
    return PlannedDocument(
        **{
            **body,
            "key": DocumentKey(**body["key"]),
            "type": DocumentType(body["type"]),
            "lines": lines,
        }
    )


@dataclass(frozen=True, slots=True)
class ObservedLine:
    """One line of a document as read from Stripe; ``line_id`` null: not one of ours.

    On a credit note ``source_line`` is the invoice line that it lowers. What follows was only seen
    and is not kept: the text, the period in seconds, the tax rates and the tax that Stripe counted.
    """

    stripe_line_id: str
    line_id: LineId | None
    minutes: int
    amount_minor: int
    source_line: str = ""
    text: str = field(default="", compare=False)
    period: tuple[int, int] = field(default=(0, 0), compare=False)
    tax_rates: tuple[str, ...] = field(default=(), compare=False)
    tax_minor: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands on a document beside its lines as it was read; it is not kept.

    ``tax_minor`` is what Stripe counted on the document, ``trouble`` why it could not finalise it.
    """

    description: str = ""
    footer: str = ""
    automatic_tax: bool = False
    tax_minor: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class ObservedDocument:
    """A document as read from Stripe; totals before tax and with tax, credit notes positive.

    ``status`` is Stripe's word (draft, open, paid, uncollectible, void, issued). ``lines`` is null
    where they were not read this time (issued lines are immutable and imported once). Of the total
    ``paid_minor`` was paid and ``remaining_minor`` is still asked for, by ``due_at`` (0: no date);
    ``failed`` says that the last try to pay it did not succeed. ``seen`` is null once it is stored.
    """

    stripe_id: str
    type: DocumentType
    status: str
    customer: str
    currency: str
    subtotal_minor: int
    total_minor: int
    created_at: int
    number: str = ""
    finalized_at: int = 0
    key: DocumentKey | None = None
    plan_digest: str = ""
    invoice_id: str = ""
    lines: tuple[ObservedLine, ...] | None = None
    paid_minor: int = 0
    remaining_minor: int = 0
    due_at: int = 0
    failed: bool = False
    seen: Seen | None = field(default=None, compare=False)

    @property
    def issued(self) -> bool:
        """Whether the document counts: finalised and not voided."""
        return self.status in {"open", "paid", "uncollectible", "issued"}


class Mailed(Enum):
    """Why nobody needs to mail an invoice any more: it was, it was paid, it is a person's (S21)."""

    SENT = "sent"
    PAID = "paid"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class BillingMark:
    """What issued documents say of one activity: latest work period, credited last, minutes.

    ``document`` is the invoice that billed it last, also where it was voided since; ``status`` is
    Stripe's word for it, ``failed`` that a try to pay it failed, ``due_at`` when it is to be paid.
    Of the minutes ``free`` ones cost nothing by themselves: a plan includes them, or bulk hours.
    ``months`` are the minutes by the month of work.
    """

    period: str
    credited: bool
    minutes: int
    document: str = ""
    status: str = ""
    failed: bool = False
    due_at: int = 0
    free: int = 0
    months: tuple[tuple[str, int], ...] = ()

    @property
    def priced(self) -> int:
        """Return the minutes on documents that money was asked for."""
        return self.minutes - self.free
