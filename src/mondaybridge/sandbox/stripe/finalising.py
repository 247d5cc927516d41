"""How a draft becomes final: number, dates, tax, balance; what makes it paid (stripe.md §1.4)."""

from heapq import heappush
from typing import NoReturn

from mondaybridge.sandbox.stripe.account import Account
from mondaybridge.sandbox.stripe.balances import apply_to
from mondaybridge.sandbox.stripe.errors import StripeError
from mondaybridge.sandbox.stripe.invoice_render import invoice_json, party_of
from mondaybridge.sandbox.stripe.lines import recompute
from mondaybridge.sandbox.stripe.models import SECONDS_PER_DAY, Invoice


def finalise(account: Account, invoice: Invoice) -> None:
    """Freeze a draft; nothing to pay makes it paid (§1.4)."""
    recompute(account, invoice)
    _check_tax(account, invoice)
    if invoice.totals.total < 0 and account.settings.negative_total == "refused":
        raise StripeError("An invoice with a negative total cannot be finalized.")
    customer = account.customer(invoice.customer)
    before, now = invoice_json(account, invoice), account.now()
    if invoice.number is None:
        take_number(account, invoice, _next_number(account, invoice))
    invoice.finalized_at = now
    invoice.effective_at = invoice.effective_at or now
    set_due_date(invoice, now)
    apply_to(account, invoice)
    account.invoices.change(invoice, "status", "open")
    invoice.customer_json = party_of(customer)
    if invoice.due_date is not None:
        heappush(account.due, (invoice.due_date, invoice.id))
    account.happened("invoice.finalized", invoice_json(account, invoice), before)
    unpaid = invoice.totals.total == 0 and account.settings.zero_total == "open"
    if invoice.amount_remaining == 0 and not unpaid:
        settle(account, invoice)


def settle(account: Account, invoice: Invoice) -> None:
    """Mark an invoice as paid: by money, or because nothing is left to pay."""
    before = invoice_json(account, invoice)
    invoice.paid_at = account.now()
    invoice.auto_advance = False
    account.invoices.change(invoice, "status", "paid")
    shown = invoice_json(account, invoice)
    for name in ("invoice.updated", "invoice.paid", "invoice.payment_succeeded"):
        account.happened(name, shown, before if name == "invoice.updated" else None)


def take_number(account: Account, invoice: Invoice, number: str | None) -> None:
    """Give an invoice a number that no other has."""
    if number is not None and number != invoice.number and number in account.numbers:
        raise StripeError(f"Invoice number must be unique: {number}", param="number")
    account.numbers.discard(invoice.number or "")
    account.numbers |= {number} if number else set()
    invoice.number = number


def set_due_date(invoice: Invoice, start: int) -> None:
    """Count the days until payment is due from a second on."""
    if invoice.days_until_due is not None:
        invoice.due_date = start + invoice.days_until_due * SECONDS_PER_DAY


def refuse_transition(invoice: Invoice, verb: str) -> NoReturn:
    """Refuse what the state of an invoice does not allow."""
    raise StripeError(
        f"This invoice is {invoice.status}; it cannot be {verb}.",
        code="status_transition_invalid",
    )


def _check_tax(account: Account, invoice: Invoice) -> None:
    """Refuse a draft whose tax cannot be said: unknown location, or a rate switched off (§1.9)."""
    if account.settings.inactive_rates == "refused":
        rates = [tax.rate for line in invoice.lines for tax in line.taxes]
        if off := next((rate for rate in rates if not rate.active), None):
            raise StripeError(f"The tax rate {off.id} is inactive.", code="tax_rate_inactive")
    if not invoice.automatic_tax:
        return
    if invoice.automatic_tax_status == "complete":
        invoice.finalization_error = None
        return
    before = invoice_json(account, invoice)
    invoice.finalization_error = dict(_NO_LOCATION)
    account.happened("invoice.finalization_failed", invoice_json(account, invoice), before)
    raise StripeError(_NO_LOCATION["message"], code=_NO_LOCATION["code"])


_NO_LOCATION: dict[str, str] = {
    "code": "customer_tax_location_invalid",
    "message": "The customer's location isn't recognized. Set a valid customer address.",
    "type": "invalid_request_error",
}


def _next_number(account: Account, invoice: Invoice) -> str:
    """Take the next number of the account's or the customer's sequence, skipping given ones."""
    customer = account.customers[invoice.customer]
    by_customer = account.settings.numbering == "customer"
    owner = customer if by_customer else account
    prefix = customer.invoice_prefix if by_customer else account.settings.invoice_prefix
    while True:
        number = f"{prefix}-{owner.next_invoice_sequence:04d}"
        owner.next_invoice_sequence += 1
        if number not in account.numbers:
            return number
