"""Credit notes, payments and balances in the shapes of API version 2026-10-28.endive."""

from decimal import Decimal

from mondaybridge.sandbox.stripe.forms import Json
from mondaybridge.sandbox.stripe.models import (
    BalanceTransaction,
    CreditLine,
    CreditNote,
    Payment,
)
from mondaybridge.sandbox.stripe.render import lines_json, plain, tax_rate_json, taxes_json


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
        "customer_balance_transaction": note.balance_transaction,
        "discount_amount": 0,
        "discount_amounts": [],
        "effective_at": note.effective_at or note.created,
        "invoice": note.invoice,
        "lines": lines_json(f"/v1/credit_notes/{note.id}/lines", note.lines, credit_line_json),
        "livemode": False,
        "memo": note.memo,
        "metadata": dict(note.metadata),
        "number": note.number,
        "out_of_band_amount": note.split.out_of_band or None,
        "pdf": f"https://pay.stripe.invalid/credit_notes/{note.id}/pdf",
        "post_payment_amount": note.post_payment,
        "pre_payment_amount": note.pre_payment,
        "pretax_credit_amounts": [],
        "reason": note.reason,
        "refunds": _refunds(note),
        "shipping_cost": None,
        "status": note.status,
        "subtotal": totals.subtotal,
        "subtotal_excluding_tax": totals.subtotal - totals.inclusive_tax,
        "total": totals.total,
        "total_excluding_tax": totals.total - totals.tax,
        "total_taxes": taxes_json(totals.taxes),
        "type": _kind(note),
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
        "unit_amount_decimal": None if line.unit_amount is None else plain(line.unit_amount),
    }


def payment_json(payment: Payment) -> Json:
    """Render a payment of an invoice."""
    return {
        "id": payment.id,
        "object": "invoice_payment",
        "amount_paid": payment.amount,
        "amount_requested": payment.amount,
        "created": payment.created,
        "currency": payment.currency,
        "invoice": payment.invoice,
        "is_default": False,
        "livemode": False,
        "payment": {"type": payment.kind, payment.kind: payment.reference},
        "status": payment.status,
        "status_transitions": {"canceled_at": None, "paid_at": payment.created},
    }


def balance_transaction_json(transaction: BalanceTransaction) -> Json:
    """Render a movement of a customer's balance."""
    return {
        "id": transaction.id,
        "object": "customer_balance_transaction",
        "amount": transaction.amount,
        "checkout_session": None,
        "created": transaction.created,
        "credit_note": transaction.credit_note,
        "currency": transaction.currency,
        "customer": transaction.customer,
        "description": transaction.description,
        "ending_balance": transaction.ending_balance,
        "invoice": transaction.invoice,
        "livemode": False,
        "metadata": dict(transaction.metadata),
        "type": transaction.type,
    }


def refund_json(identifier: str, created: int, amount: int, currency: str) -> Json:
    """Render a refund as its event shows it."""
    return {
        "id": identifier,
        "object": "refund",
        "amount": amount,
        "created": created,
        "currency": currency,
        "status": "succeeded",
    }


def _refunds(note: CreditNote) -> list[Json]:
    if note.refund is None:
        return []
    return [{"amount_refunded": note.split.refund, "refund": note.refund, "type": "refund"}]


def _kind(note: CreditNote) -> str:
    if not note.post_payment:
        return "pre_payment"
    return "mixed" if note.pre_payment else "post_payment"


def _whole(value: Decimal | None) -> int | None:
    return int(value) if value is not None and value == value.to_integral_value() else None
