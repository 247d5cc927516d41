"""Invoices and their lines in the shapes of API version 2026-10-28.endive."""

from decimal import Decimal

from mondaybridge.sandbox.stripe.account import Account
from mondaybridge.sandbox.stripe.forms import Json
from mondaybridge.sandbox.stripe.models import Customer, Invoice, Line
from mondaybridge.sandbox.stripe.render import lines_json, plain, tax_rate_json, taxes_json


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
        "quantity_decimal": plain(Decimal(1) if line.quantity is None else line.quantity),
        "subscription": None,
        "subtotal": line.amount,
        "taxes": taxes_json(line.taxes),
    }


def _constants(account: Account) -> Json:
    return {
        "account_country": account.settings.account_country,
        "account_name": account.settings.account_name,
        "account_tax_ids": None,
        "amount_overpaid": 0,
        "amount_shipping": 0,
        "application": None,
        "automatically_finalizes_at": None,
        "billing_reason": "manual",
        "default_payment_method": None,
        "default_source": None,
        "discounts": [],
        "from_invoice": None,
        "issuer": {"type": "self"},
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
        "amount_paid_off_stripe": invoice.amount_paid if invoice.paid_out_of_band else 0,
        "amount_remaining": invoice.amount_remaining,
        "ending_balance": invoice.ending_balance,
        "post_payment_credit_notes_amount": invoice.credited_after_payment,
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
        "attempt_count": invoice.attempts,
        "attempted": invoice.attempts > 0,
        "auto_advance": invoice.auto_advance,
        "automatic_tax": {
            "disabled_reason": None,
            "enabled": invoice.automatic_tax,
            "liability": {"type": "self"} if invoice.automatic_tax else None,
            "provider": "stripe" if invoice.automatic_tax else None,
            "status": invoice.automatic_tax_status,
        },
        "collection_method": invoice.collection_method,
        "created": invoice.created,
        "due_date": invoice.due_date,
        "effective_at": invoice.effective_at,
        "hosted_invoice_url": page if final else None,
        "invoice_pdf": f"{page}/pdf" if final else None,
        "last_finalization_error": invoice.finalization_error,
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
        "unit_amount_decimal": plain(unit),
    }
