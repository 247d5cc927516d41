"""What Stripe has, as domain values: lists, never search (architecture 3, stripe.md §1.8).

Issued lines are immutable, so they are read once; a draft's lines are read each time.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import stripe as stripe_sdk

from mondaybridge.domain.documents import (
    DocumentKey,
    DocumentType,
    ObservedDocument,
    ObservedLine,
    parse_document_key,
)
from mondaybridge.domain.usage import LineId, parse_line_id
from mondaybridge.errors import Parked
from mondaybridge.stripe.client import PAGE, StripeGateway, every
from mondaybridge.stripe.failures import Missing

# Our keys in Stripe's metadata (50 keys, 500 characters each; stripe.md §1.2). A credit note's
# lines carry their own metadata, as an invoice's lines do.
KEY, PLAN = "mb_key", "mb_plan"
LINE, MINUTES = "mb_line", "mb_minutes"

EVENT_SLACK_SECONDS = 300  # between Stripe's clock and ours


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """What must be right about a customer before a document; ``deleted`` also if unknown."""

    id: str
    deleted: bool
    currency: str = ""
    email: str = ""
    tax_exempt: str = "none"


@dataclass(frozen=True, slots=True)
class TaxRateFacts:
    """A tax rate as it stands; ``percentage`` is its decimal text."""

    id: str
    active: bool
    inclusive: bool
    percentage: str


def observe(
    gateway: StripeGateway, customer: str, known: Collection[str]
) -> list[ObservedDocument]:
    """Return all invoices and credit notes of a customer, oldest first, invoices before notes.

    Lines are read of drafts of ours and of issued documents that are not ``known``.
    """

    def look(client: stripe_sdk.StripeClient) -> list[ObservedDocument]:
        invoices = client.v1.invoices.list({"customer": customer, "limit": PAGE})
        notes = client.v1.credit_notes.list({"customer": customer, "limit": PAGE})
        found = [
            *(_credit_note(client, note, known) for note in every(notes)),
            *(_invoice(client, invoice, known) for invoice in every(invoices)),
        ]
        return found[::-1]

    return sorted(gateway.read(look), key=lambda seen: seen.created_at)


def read_invoice(gateway: StripeGateway, stripe_id: str) -> ObservedDocument | None:
    """Return one invoice with its lines, or None if there is none (a draft can be deleted)."""
    try:
        return gateway.read(
            lambda client: _invoice(client, client.v1.invoices.retrieve(stripe_id), ())
        )
    except Missing:
        return None


def was_sent(gateway: StripeGateway, stripe_id: str, since: int) -> bool:
    """Whether Stripe mailed an invoice after an instant; events reach back 30 days (§1.8)."""
    start = max(0, since // 1000 - EVENT_SLACK_SECONDS)

    def look(client: stripe_sdk.StripeClient) -> bool:
        sent = client.v1.events.list(
            {"types": ["invoice.sent"], "created": {"gte": start}, "limit": PAGE}
        )
        return any(event.data.object["id"] == stripe_id for event in every(sent))

    return gateway.read(look)


def customer(gateway: StripeGateway, customer_id: str) -> CustomerFacts:
    """Return a customer's facts; one that does not exist counts as deleted."""
    try:
        found = gateway.read(lambda client: client.v1.customers.retrieve(customer_id))
    except Missing:
        return CustomerFacts(customer_id, deleted=True)
    if getattr(found, "deleted", False):
        return CustomerFacts(customer_id, deleted=True)
    return CustomerFacts(
        customer_id,
        deleted=False,
        currency=found.currency or "",
        email=found.email or "",
        tax_exempt=found.tax_exempt or "none",
    )


def tax_rate(gateway: StripeGateway, tax_rate_id: str) -> TaxRateFacts | None:
    """Return a tax rate's facts, or None if it does not exist."""
    try:
        found = gateway.read(lambda client: client.v1.tax_rates.retrieve(tax_rate_id))
    except Missing:
        return None
    percentage = f"{Decimal(str(found.percentage)).normalize():f}"
    return TaxRateFacts(found.id, found.active, found.inclusive, percentage)


def _invoice(
    client: stripe_sdk.StripeClient, invoice: stripe_sdk.Invoice, known: Collection[str]
) -> ObservedDocument:
    ours = _metadata(invoice.metadata)
    header = ObservedDocument(
        stripe_id=invoice.id,
        type=DocumentType.INVOICE,
        status=invoice.status or "",
        customer=_reference(invoice.customer),
        currency=invoice.currency,
        subtotal_minor=_net(invoice),
        total_minor=invoice.total,
        created_at=invoice.created * 1000,
        number=invoice.number or "",
        finalized_at=(invoice.status_transitions.finalized_at or 0) * 1000,
        key=_document_key(ours),
        plan_digest=ours.get(PLAN, ""),
    )
    if not _wanted(header, known):
        return header
    rows = invoice.lines
    if rows.has_more:
        rows = client.v1.invoices.line_items.list(invoice.id, {"limit": PAGE})
    return replace(header, lines=tuple(_line(header, row) for row in every(rows)))


def _credit_note(
    client: stripe_sdk.StripeClient, note: stripe_sdk.CreditNote, known: Collection[str]
) -> ObservedDocument:
    ours = _metadata(note.metadata)
    header = ObservedDocument(
        stripe_id=note.id,
        type=DocumentType.CREDIT_NOTE,
        status=note.status,
        customer=_reference(note.customer),
        currency=note.currency,
        subtotal_minor=_net(note),
        total_minor=note.total,
        created_at=note.created * 1000,
        number=note.number,
        finalized_at=note.created * 1000,
        key=_document_key(ours),
        plan_digest=ours.get(PLAN, ""),
        invoice_id=_reference(note.invoice),
    )
    if not _wanted(header, known):
        return header
    rows = note.lines
    if rows.has_more:
        rows = client.v1.credit_notes.line_items.list(note.id, {"limit": PAGE})
    return replace(header, lines=tuple(_line(header, row) for row in every(rows)))


def _wanted(header: ObservedDocument, known: Collection[str]) -> bool:
    if header.status == "draft":
        return header.key is not None
    return header.issued and header.stripe_id not in known


def _line(
    document: ObservedDocument, row: stripe_sdk.InvoiceLineItem | stripe_sdk.CreditNoteLineItem
) -> ObservedLine:
    ours = _metadata(row.metadata)
    identity, minutes = _identity(document, ours)
    source = getattr(row, "invoice_line_item", None)
    return ObservedLine(row.id, identity, minutes, row.amount, source or "")


def _identity(document: ObservedDocument, ours: Mapping[str, str]) -> tuple[LineId | None, int]:
    """Read whose line it is; on a draft a broken mark is a difference, once issued a finding."""
    if LINE not in ours:
        return None, 0
    try:
        return parse_line_id(ours[LINE]), int(ours.get(MINUTES, ""))
    except (ValueError, TypeError, RecursionError):
        if not document.issued:
            return None, 0
        evidence = f"{LINE} {ours[LINE]!r}, {MINUTES} {ours.get(MINUTES)!r}"
        reason = f"a line of {document.stripe_id} does not say what it bills"
        raise Parked(reason, evidence) from None


def _document_key(ours: Mapping[str, str]) -> DocumentKey | None:
    try:
        return parse_document_key(ours[KEY])
    except (KeyError, ValueError, TypeError, RecursionError):
        return None  # not one of ours


def _net(document: stripe_sdk.Invoice | stripe_sdk.CreditNote) -> int:
    """Return what the document amounts to without any tax and after discounts."""
    net = document.total_excluding_tax
    return document.subtotal if net is None else net


def _metadata(values: stripe_sdk.StripeObject | None) -> Mapping[str, str]:
    return values.to_dict() if values else {}


def _reference(value: object) -> str:
    """Return the id of what Stripe shows as an id or, expanded, as the object."""
    return value if isinstance(value, str) else str(getattr(value, "id", ""))
