"""Stripe's answers in the shapes of API version 2026-10-28.endive: lists, customers, tax."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from mondaybridge.sandbox.stripe.account import Account
from mondaybridge.sandbox.stripe.forms import Json
from mondaybridge.sandbox.stripe.models import Customer, Tax, TaxRate
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


def lines_json(url: str, lines: Sequence[T], render: Callable[[T], Json]) -> Json:
    """Render the first page of a document's lines."""
    return {
        "object": "list",
        "url": url,
        "has_more": len(lines) > LINES_SHOWN,
        "data": [render(line) for line in lines[:LINES_SHOWN]],
    }


def customer_json(account: Account, customer: Customer) -> Json:
    """Render a customer, or what is left of a deleted one."""
    if customer.deleted:
        return {"id": customer.id, "object": "customer", "deleted": True}
    currency = customer.currency or account.settings.currency
    given = {"custom_fields": None, "footer": None} | (
        customer.details.get("invoice_settings") or {}
    )
    return {
        "id": customer.id,
        "object": "customer",
        "address": None,
        "balance": customer.balances.get(currency, 0),
        "created": customer.created,
        "currency": customer.currency or None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": customer.email,
        "invoice_credit_balance": dict(customer.balances),
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


def _number(value: Decimal) -> int | float:
    """Return a percentage as JSON's number."""
    return int(value) if value == value.to_integral_value() else float(value)


def plain(value: Decimal) -> str:
    """Return a decimal as Stripe writes it."""
    return f"{value:f}"
