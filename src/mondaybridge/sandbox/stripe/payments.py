"""Money for invoices: paid in full or in part, failed, overdue (stripe.md §1.4, §1.7).

Cards and bank transfers are people's deeds at the desk (``humans.py``); the API itself can only
record money that moved outside Stripe.
"""

from heapq import heappop
from typing import Literal

from mondaybridge.sandbox.stripe.account import Account, Route
from mondaybridge.sandbox.stripe.errors import StripeError
from mondaybridge.sandbox.stripe.finalising import finalise, refuse_transition, settle
from mondaybridge.sandbox.stripe.forms import (
    Bool,
    Created,
    Expandable,
    Form,
    Json,
    ListForm,
    Name,
)
from mondaybridge.sandbox.stripe.invoice_render import invoice_json
from mondaybridge.sandbox.stripe.models import SECONDS_PER_DAY, Invoice, Payment
from mondaybridge.sandbox.stripe.note_render import payment_json, refund_json
from mondaybridge.sandbox.stripe.render import page_json


class _Pay(Expandable):
    paid_out_of_band: Bool = False


class _PaymentList(ListForm):
    created: Created | None = None
    invoice: Name | None = None
    status: Literal["canceled", "open", "paid"] | None = None


def receive(account: Account, invoice: Invoice, amount: int | None = None) -> None:
    """Take money through Stripe: all that remains, or a part of it."""
    wanted = invoice.amount_remaining if amount is None else amount
    if invoice.status not in {"open", "uncollectible"}:
        refuse_transition(invoice, "paid")
    if not 0 < wanted <= invoice.amount_remaining:
        raise StripeError(
            f"A payment of {wanted} does not fit the amount that remains"
            f" ({invoice.amount_remaining})."
        )
    invoice.refundable += wanted
    _book(account, invoice, wanted, "payment_intent")


def fail(account: Account, invoice: Invoice) -> None:
    """Let an attempt to pay fail; the invoice stays as it is."""
    if invoice.status != "open":
        refuse_transition(invoice, "paid")
    before = invoice_json(account, invoice)
    invoice.attempts += 1
    shown = invoice_json(account, invoice)
    account.happened("invoice.updated", shown, before)
    account.happened("invoice.payment_failed", shown, None)


def give_back(account: Account, invoice: Invoice, amount: int) -> None:
    """Refund money without a credit note: the creditable maximum sinks with it (§1.6)."""
    if not 0 < amount <= min(invoice.refundable, invoice.creditable):
        raise StripeError(f"Refund amount ({amount}) is greater than what can be refunded.")
    invoice.refundable -= amount
    invoice.refunded_directly += amount
    identifier = account.new_id("re")
    shown = refund_json(identifier, account.now(), amount, invoice.currency)
    account.happened("refund.created", shown, None)


def pass_time(account: Account) -> None:
    """Say of open invoices whose term has passed meanwhile that they are overdue."""
    grace = account.settings.overdue_after_days * SECONDS_PER_DAY
    while account.due and account.due[0][0] + grace <= account.now():
        _, identifier = heappop(account.due)
        invoice = account.invoices.get(identifier)
        if invoice is not None and invoice.status == "open":
            account.happened("invoice.overdue", invoice_json(account, invoice), None)


def _pay(account: Account, form: _Pay, identifier: str) -> Json:
    """Record a payment; only those that happened outside Stripe are known here (§1.4)."""
    invoice = account.invoices.find(identifier)
    if invoice.status == "paid":
        raise StripeError("Invoice is already paid")
    if invoice.status == "draft" and form.paid_out_of_band:
        finalise(account, invoice)
    if invoice.status not in {"open", "uncollectible", "paid"}:
        refuse_transition(invoice, "paid")
    if not form.paid_out_of_band:
        raise StripeError(
            "There is no default_payment_method set on this customer or invoice.",
            code="invoice_no_payment_method_types",
        )
    if invoice.status != "paid":
        invoice.paid_out_of_band = True
        _book(account, invoice, invoice.amount_remaining, "payment_record")
    return invoice_json(account, invoice)


def _book(account: Account, invoice: Invoice, amount: int, kind: str) -> None:
    before = invoice_json(account, invoice)
    invoice.amount_paid += amount
    if kind == "payment_intent" or account.settings.out_of_band_payments == "listed":
        prefix = "pi" if kind == "payment_intent" else "pr"
        payment = account.payments.add(
            Payment(
                **account.new_place("inpay"),
                invoice=invoice.id,
                currency=invoice.currency,
                amount=amount,
                kind=kind,
                reference=account.new_id(prefix),
            )
        )
        account.happened("invoice_payment.paid", payment_json(payment), None)
    if invoice.amount_remaining:
        account.happened("invoice.updated", invoice_json(account, invoice), before)
    else:
        settle(account, invoice)


def _list(account: Account, form: _PaymentList) -> Json:
    page = account.payments.page(
        form,
        by={"invoice": form.invoice},
        created=form.created,
        keep=lambda payment: form.status in {None, payment.status},
    )
    return page_json("/v1/invoice_payments", page, payment_json)


def _retrieve(account: Account, _: Form, identifier: str) -> Json:
    return payment_json(account.payments.find(identifier))


ROUTES = (
    Route("POST", "/v1/invoices/{}/pay", "Invoice.pay", _Pay, _pay),
    Route("GET", "/v1/invoice_payments", "InvoicePayment.list", _PaymentList, _list),
    Route("GET", "/v1/invoice_payments/{}", "InvoicePayment.retrieve", Expandable, _retrieve),
)
