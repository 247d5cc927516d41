"""Stripe's answers: state in the shapes of API version 2026-10-28.endive."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from mondaybridge.sandbox.stripe.account import Account
from mondaybridge.sandbox.stripe.forms import Json
from mondaybridge.sandbox.stripe.models import (
    CreditLine,
    CreditNote,
    Customer,
    Invoice,
    Line,
    Tax,
    TaxRate,
)
from mondaybridge.sandbox.stripe.shelf import Kept, Page

T = TypeVar("T")
KeptT = TypeVar("KeptT", bound=Kept)

LINES_SHOWN = 10  # the first page of lines inside a document (§1.4)


def page_json(url: str, page: Page[KeptT], render: Callable[[KeptT], Json]) -> Json:
    """Render a list."""
    return {
        "object": "list",
        "url": url,
        "has_more": page.has_more,
        "data": [render(row) for row in page.rows],
    }


def customer_json(account: Account, customer: Customer) -> Json:
    """Render a customer, or what is left of a deleted one."""
    if customer.deleted:
        return {"id": customer.id, "object": "customer", "deleted": True}
    given = {"custom_fields": None, "footer": None} | (
        customer.details.get("invoice_settings") or {}
    )
    return {
        "id": customer.id,
        "object": "customer",
        "address": None,
        "balance": customer.balance,
        "created": customer.created,
        "currency": account.settings.currency,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": customer.email,
        "invoice_prefix": customer.invoice_prefix,
        "livemode": False,
        "metadata": dict(customer.metadata),
        "name": customer.name,
        "next_invoice_sequence": customer.next_invoice_sequence,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": customer.tax_exempt,
        "test_clock": None,
        **{name: value for name, value in customer.details.items() if value is not None},
        "invoice_settings": {
            "custom_fields": given["custom_fields"] or None,
            "default_payment_method": None,
            "footer": given["footer"],
            "rendering_options": None,
        },
    }


def tax_rate_json(rate: TaxRate) -> Json:
    """Render a tax rate."""
    return {
        "id": rate.id,
        "object": "tax_rate",
        "active": rate.active,
        "country": None,
        "created": rate.created,
        "description": None,
        "display_name": rate.display_name,
        "effective_percentage": None,
        "flat_amount": None,
        "inclusive": rate.inclusive,
        "jurisdiction": None,
        "jurisdiction_level": None,
        "livemode": False,
        "metadata": dict(rate.metadata),
        "percentage": _number(rate.percentage),
        "rate_type": "percentage",
        "state": None,
        "tax_type": None,
        **rate.details,
    }


def invoice_json(account: Account, invoice: Invoice) -> Json:
    """Render an invoice with the first page of its lines."""
    return {
        "id": invoice.id,
        "object": "invoice",
        **_constants(account),
        **_amounts(invoice),
        **_party(account, invoice),
        **_life(invoice),
        "currency": invoice.currency,
        "custom_fields": invoice.custom_fields,
        "default_tax_rates": [tax_rate_json(rate) for rate in invoice.default_tax_rates],
        "description": invoice.description,
        "footer": invoice.footer,
        "lines": lines_json(
            f"/v1/invoices/{invoice.id}/lines", invoice.lines, lambda row: line_json(invoice, row)
        ),
        "metadata": dict(invoice.metadata),
        "rendering": invoice.rendering,
        "statement_descriptor": invoice.statement_descriptor,
    }


def lines_json(url: str, lines: Sequence[T], render: Callable[[T], Json]) -> Json:
    """Render the first page of a document's lines."""
    return {
        "object": "list",
        "url": url,
        "has_more": len(lines) > LINES_SHOWN,
        "data": [render(line) for line in lines[:LINES_SHOWN]],
    }


def line_json(invoice: Invoice, line: Line) -> Json:
    """Render a line of an invoice."""
    start, end = line.period
    return {
        "id": line.id,
        "object": "line_item",
        "amount": line.amount,
        "currency": invoice.currency,
        "description": line.description,
        "discount_amounts": [],
        "discountable": line.discountable,
        "discounts": [],
        "invoice": invoice.id,
        "livemode": False,
        "metadata": dict(line.metadata),
        "parent": {
            "invoice_item_details": {
                "invoice_item": line.item_id,
                "proration": False,
                "proration_details": {"credited_items": None},
                "subscription": None,
            },
            "subscription_item_details": None,
            "type": "invoice_item_details",
        },
        "period": {"end": end, "start": start},
        "pretax_credit_amounts": [],
        "pricing": _pricing(line),
        "quantity": 1 if line.quantity is None else int(line.quantity),
        "quantity_decimal": _plain(Decimal(1) if line.quantity is None else line.quantity),
        "subscription": None,
        "subtotal": line.amount,
        "taxes": taxes_json(line.taxes),
    }


def taxes_json(taxes: Sequence[Tax]) -> list[Json]:
    """Render the taxes of a line or of a document."""
    return [
        {
            "amount": tax.amount,
            "tax_behavior": "inclusive" if tax.rate.inclusive else "exclusive",
            "tax_rate_details": {"tax_rate": tax.rate.id},
            "taxability_reason": tax.reason,
            "taxable_amount": tax.taxable,
            "type": "tax_rate_details",
        }
        for tax in taxes
    ]


def credit_note_json(note: CreditNote) -> Json:
    """Render a credit note with the first page of its lines."""
    totals = note.totals
    return {
        "id": note.id,
        "object": "credit_note",
        "amount": totals.total,
        "amount_shipping": 0,
        "created": note.created,
        "currency": note.currency,
        "customer": note.customer,
        "customer_balance_transaction": None,
        "discount_amount": 0,
        "discount_amounts": [],
        "effective_at": note.effective_at or note.created,
        "invoice": note.invoice,
        "lines": lines_json(f"/v1/credit_notes/{note.id}/lines", note.lines, credit_line_json),
        "livemode": False,
        "memo": note.memo,
        "metadata": dict(note.metadata),
        "number": note.number,
        "out_of_band_amount": None,
        "pdf": f"https://pay.stripe.invalid/credit_notes/{note.id}/pdf",
        "post_payment_amount": 0,
        "pre_payment_amount": totals.total,
        "pretax_credit_amounts": [],
        "reason": note.reason,
        "refunds": [],
        "shipping_cost": None,
        "status": note.status,
        "subtotal": totals.subtotal,
        "subtotal_excluding_tax": totals.subtotal - totals.inclusive_tax,
        "total": totals.total,
        "total_excluding_tax": totals.total - totals.tax,
        "total_taxes": taxes_json(totals.taxes),
        "type": "pre_payment",
        "voided_at": note.voided_at,
    }


def credit_line_json(line: CreditLine) -> Json:
    """Render a line of a credit note."""
    return {
        "id": line.id,
        "object": "credit_note_line_item",
        "amount": line.amount,
        "description": line.description,
        "discount_amount": 0,
        "discount_amounts": [],
        **({"invoice_line_item": line.line.id} if line.line else {}),
        "livemode": False,
        "metadata": dict(line.metadata),
        "pretax_credit_amounts": [],
        "quantity": None if line.quantity is None else int(line.quantity),
        "tax_rates": [tax_rate_json(tax.rate) for tax in line.taxes],
        "taxes": taxes_json(line.taxes),
        "type": "invoice_line_item" if line.line else "custom_line_item",
        "unit_amount": _whole(line.unit_amount),
        "unit_amount_decimal": None if line.unit_amount is None else _plain(line.unit_amount),
    }


def _constants(account: Account) -> Json:
    return {
        "account_country": account.settings.account_country,
        "account_name": account.settings.account_name,
        "account_tax_ids": None,
        "amount_overpaid": 0,
        "amount_shipping": 0,
        "application": None,
        "attempt_count": 0,
        "attempted": False,
        "automatic_tax": {
            "disabled_reason": None,
            "enabled": False,
            "liability": None,
            "provider": None,
            "status": None,
        },
        "automatically_finalizes_at": None,
        "billing_reason": "manual",
        "default_payment_method": None,
        "default_source": None,
        "discounts": [],
        "from_invoice": None,
        "issuer": {"type": "self"},
        "last_finalization_error": None,
        "latest_revision": None,
        "livemode": False,
        "next_payment_attempt": None,
        "on_behalf_of": None,
        "parent": None,
        "payment_settings": {
            "default_mandate": None,
            "payment_method_options": None,
            "payment_method_types": None,
        },
        "receipt_number": None,
        "shipping_cost": None,
        "shipping_details": None,
        "test_clock": None,
        "total_discount_amounts": [],
        "total_pretax_credit_amounts": [],
        "webhooks_delivered_at": None,
    }


def _amounts(invoice: Invoice) -> Json:
    totals = invoice.totals
    return {
        "amount_due": invoice.amount_due,
        "amount_paid": invoice.amount_paid,
        "amount_remaining": invoice.amount_remaining,
        "ending_balance": invoice.ending_balance,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": invoice.credited,
        "starting_balance": invoice.starting_balance,
        "subtotal": totals.subtotal,
        "subtotal_excluding_tax": totals.subtotal - totals.inclusive_tax,
        "total": totals.total,
        "total_excluding_tax": totals.total - totals.tax,
        "total_taxes": taxes_json(totals.taxes),
    }


def _party(account: Account, invoice: Invoice) -> Json:
    """Show the customer as it is now on a draft, and as it was on a finalised invoice."""
    if invoice.finalized_at is None and invoice.customer in account.customers:
        invoice.customer_json = party_of(account.customers[invoice.customer])
    return {"customer": invoice.customer, **invoice.customer_json}


def party_of(customer: Customer) -> Json:
    """Render the customer's part of an invoice."""
    return {
        "customer_account": None,
        "customer_address": customer.details.get("address"),
        "customer_email": customer.email,
        "customer_name": customer.name,
        "customer_phone": customer.details.get("phone"),
        "customer_shipping": customer.details.get("shipping"),
        "customer_tax_exempt": customer.tax_exempt,
        "customer_tax_ids": [],
    }


def _life(invoice: Invoice) -> Json:
    final = invoice.finalized_at is not None
    page = f"https://invoice.stripe.invalid/i/{invoice.id}"
    return {
        "auto_advance": invoice.auto_advance,
        "collection_method": invoice.collection_method,
        "created": invoice.created,
        "due_date": invoice.due_date,
        "effective_at": invoice.effective_at,
        "hosted_invoice_url": page if final else None,
        "invoice_pdf": f"{page}/pdf" if final else None,
        "number": invoice.number,
        "period_end": invoice.created,
        "period_start": invoice.created,
        "status": invoice.status,
        "status_transitions": {
            "finalized_at": invoice.finalized_at,
            "marked_uncollectible_at": invoice.marked_uncollectible_at,
            "paid_at": invoice.paid_at,
            "voided_at": invoice.voided_at,
        },
    }


def _pricing(line: Line) -> Json:
    unit = Decimal(line.amount) if line.unit_amount is None else line.unit_amount
    return {
        "price_details": {"price": line.price_id, "product": line.product_id},
        "type": "price_details",
        "unit_amount_decimal": _plain(unit),
    }


def _number(value: Decimal) -> int | float:
    """Return a percentage as JSON's number."""
    return int(value) if value == value.to_integral_value() else float(value)


def _plain(value: Decimal) -> str:
    return f"{value:f}"


def _whole(value: Decimal | None) -> int | None:
    return int(value) if value is not None and value == value.to_integral_value() else None
