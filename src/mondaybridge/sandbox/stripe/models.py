"""The objects of a Stripe account as plain state; tests may read them, nothing here computes.

Times are seconds, as in Stripe; amounts are minor units.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from mondaybridge.sandbox.stripe.forms import Json

SECONDS_PER_DAY = 86_400


@dataclass(slots=True)
class Customer:
    """A customer; ``details`` are the fields that the stand-in only keeps and shows."""

    id: str
    serial: int
    created: int
    invoice_prefix: str
    email: str | None = None
    name: str | None = None
    tax_exempt: str = "none"
    currency: str = ""
    balances: dict[str, int] = field(default_factory=dict)
    next_invoice_sequence: int = 1
    deleted: bool = False
    metadata: dict[str, str] = field(default_factory=dict)
    details: Json = field(default_factory=dict)


@dataclass(slots=True)
class TaxRate:
    """A manual tax rate."""

    id: str
    serial: int
    created: int
    display_name: str
    percentage: Decimal
    inclusive: bool
    active: bool = True
    metadata: dict[str, str] = field(default_factory=dict)
    details: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tax:
    """What one rate takes on one line, or on a whole document."""

    rate: TaxRate
    amount: int
    taxable: int
    reason: str


@dataclass(slots=True)
class Line:
    """A line of an invoice; ``credited`` sums the credit notes that are not void."""

    id: str
    item_id: str
    amount: int
    period: tuple[int, int]
    description: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    tax_rates: list[TaxRate] | None = None
    taxes: list[Tax] = field(default_factory=list)
    discountable: bool = True
    quantity: Decimal | None = None
    unit_amount: Decimal | None = None
    price_id: str = ""
    product_id: str = ""
    credited: int = 0
    credited_quantity: int = 0
    credited_tax: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a document."""

    subtotal: int = 0
    total: int = 0
    taxes: tuple[Tax, ...] = ()

    @property
    def inclusive_tax(self) -> int:
        """Return the tax that is inside the lines' amounts."""
        return sum(tax.amount for tax in self.taxes if tax.rate.inclusive)

    @property
    def tax(self) -> int:
        """Return all tax."""
        return sum(tax.amount for tax in self.taxes)


@dataclass(slots=True)
class Invoice:
    """An invoice in any state; ``customer_*`` freeze when it is finalised."""

    id: str
    serial: int
    created: int
    customer: str
    currency: str
    customer_json: Json
    collection_method: str = "charge_automatically"
    auto_advance: bool = False
    status: str = "draft"
    number: str | None = None
    description: str | None = None
    footer: str | None = None
    statement_descriptor: str | None = None
    custom_fields: list[dict[str, str]] | None = None
    days_until_due: int | None = None
    due_date: int | None = None
    effective_at: int | None = None
    rendering: Json | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    default_tax_rates: list[TaxRate] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)
    starting_balance: int = 0
    ending_balance: int | None = None
    automatic_tax: bool = False
    automatic_tax_status: str | None = None
    finalization_error: Json | None = None
    credited: int = 0
    credited_after_payment: int = 0
    amount_paid: int = 0
    refundable: int = 0
    refunded_directly: int = 0
    paid_out_of_band: bool = False
    attempts: int = 0
    finalized_at: int | None = None
    paid_at: int | None = None
    voided_at: int | None = None
    marked_uncollectible_at: int | None = None
    credit_notes_issued: int = 0

    @property
    def amount_due(self) -> int:
        """Return what is to be paid after the customer's balance and credit notes (§1.4, §1.6)."""
        applied = (self.ending_balance or 0) - self.starting_balance
        return max(0, self.totals.total - applied - self.credited)

    @property
    def amount_remaining(self) -> int:
        """Return what is still to be paid."""
        return max(0, self.amount_due - self.amount_paid)

    @property
    def creditable(self) -> int:
        """Return what credit notes may still take, after other notes and direct refunds (§1.6)."""
        taken = self.credited + self.credited_after_payment + self.refunded_directly
        return self.totals.total - taken


@dataclass(slots=True)
class Payment:
    """Money for an invoice: a payment intent through Stripe, or a record of money outside it."""

    id: str
    serial: int
    created: int
    invoice: str
    currency: str
    amount: int
    kind: str
    reference: str
    status: str = "paid"


@dataclass(slots=True)
class BalanceTransaction:
    """A movement of a customer's balance in one currency; negative is a credit (§1.4)."""

    id: str
    serial: int
    created: int
    customer: str
    currency: str
    amount: int
    ending_balance: int
    type: str
    invoice: str | None = None
    credit_note: str | None = None
    description: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Split:
    """Where the part of a credit note goes that had been paid already (§1.6)."""

    refund: int = 0
    credit: int = 0
    out_of_band: int = 0

    @property
    def whole(self) -> int:
        """Return the sum."""
        return self.refund + self.credit + self.out_of_band


@dataclass(slots=True)
class CreditLine:
    """A line of a credit note; ``line`` is the invoice's line that it takes from, if any."""

    id: str
    amount: int
    taxes: list[Tax]
    description: str | None = None
    line: Line | None = None
    quantity: Decimal | None = None
    unit_amount: Decimal | None = None
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class CreditNote:
    """A credit note on an invoice."""

    id: str
    serial: int
    created: int
    invoice: str
    customer: str
    currency: str
    number: str
    lines: list[CreditLine]
    totals: Totals
    post_payment: int = 0
    split: Split = field(default_factory=Split)
    refund: str | None = None
    balance_transaction: str | None = None
    status: str = "issued"
    memo: str | None = None
    reason: str | None = None
    effective_at: int | None = None
    voided_at: int | None = None
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def pre_payment(self) -> int:
        """Return the part that lowers what was still to be paid."""
        return self.totals.total - self.post_payment


@dataclass(slots=True)
class Event:
    """Something that happened; ``body`` is the event as JSON, rendered when it happened."""

    id: str
    serial: int
    created: int
    type: str
    body: bytes
    undelivered: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Endpoint:
    """An address for events; a secret with an end is being rolled."""

    id: str
    serial: int
    created: int
    url: str
    secrets: list[tuple[str, int | None]]
    enabled_events: list[str]
    api_version: str
    payload: str = "snapshot"
    disabled: bool = False
    description: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that Stripe would send now: which document, to whom, when (seconds)."""

    kind: str
    document: str
    to: str
    at: int
