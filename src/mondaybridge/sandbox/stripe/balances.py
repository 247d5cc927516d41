"""Customers' balances, one for each currency, and the transactions that move them (stripe.md §1.4).

A credit is negative. Credits of billing meters are something else and not here.
"""

from typing import Annotated

from pydantic import Field

from mondaybridge.sandbox.stripe.account import Account, Route
from mondaybridge.sandbox.stripe.errors import StripeError, missing
from mondaybridge.sandbox.stripe.forms import (
    Created,
    Currency,
    Expandable,
    Form,
    Int,
    Json,
    ListForm,
    Metadata,
    Name,
    Text,
    merged,
)
from mondaybridge.sandbox.stripe.models import BalanceTransaction, Customer, Invoice
from mondaybridge.sandbox.stripe.note_render import balance_transaction_json
from mondaybridge.sandbox.stripe.render import customer_json, page_json


class _NewTransaction(Expandable):
    amount: Int
    currency: Currency
    description: Annotated[Text, Field(max_length=350)] = None
    metadata: Metadata = Field(default_factory=dict)


class _TransactionChange(Expandable):
    description: Annotated[Text, Field(max_length=350)] = None
    metadata: Metadata = Field(default_factory=dict)


class _TransactionList(ListForm):
    created: Created | None = None
    invoice: Name | None = None


def move(
    account: Account,
    customer: Customer,
    amount: int,
    currency: str,
    kind: str,
    *,
    invoice: str | None = None,
    credit_note: str | None = None,
) -> BalanceTransaction:
    """Move a customer's balance, and keep why."""
    balance = customer.balances.get(currency, 0) + amount
    customer.balances[currency] = balance
    return account.balance_transactions.add(
        BalanceTransaction(
            **account.new_place("cbtxn"),
            customer=customer.id,
            currency=currency,
            amount=amount,
            ending_balance=balance,
            type=kind,
            invoice=invoice,
            credit_note=credit_note,
        )
    )


def apply_to(account: Account, invoice: Invoice) -> None:
    """Apply the customer's balance of the currency to an invoice that is finalised now (§1.4).

    A credit lowers what is due, a debt raises it; less than the currency's minimum charge is
    carried to the balance, and so is a negative total.
    """
    customer = account.customers[invoice.customer]
    start = customer.balances.get(invoice.currency, 0)
    left = start + invoice.totals.total
    small = account.settings.small_amounts == "carried" and left < minimum_charge(invoice.currency)
    invoice.starting_balance = start
    invoice.ending_balance = left if small or left < 0 else 0
    if moved := invoice.ending_balance - start:
        kind = "invoice_too_small" if invoice.ending_balance > 0 else "applied_to_invoice"
        move(account, customer, moved, invoice.currency, kind, invoice=invoice.id)


def unapply(account: Account, invoice: Invoice) -> None:
    """Give back what a voided invoice took from the customer's balance."""
    if moved := invoice.starting_balance - (invoice.ending_balance or 0):
        customer, kind = account.customers[invoice.customer], "unapplied_from_invoice"
        move(account, customer, moved, invoice.currency, kind, invoice=invoice.id)


def minimum_charge(currency: str) -> int:
    """Return the least that can be charged in a currency, in minor units."""
    return _MINIMUM.get(currency, 50)


_MINIMUM = {"gbp": 30, "jpy": 50, "dkk": 250, "nok": 300, "sek": 300, "huf": 17500, "czk": 1500}


def _create(account: Account, form: _NewTransaction, identifier: str) -> Json:
    customer = _living(account, identifier)
    before = customer_json(account, customer)
    made = move(account, customer, form.amount, form.currency, "adjustment")
    made.description, made.metadata = form.description, merged({}, form.metadata)
    account.happened("customer.updated", customer_json(account, customer), before)
    return balance_transaction_json(made)


def _list(account: Account, form: _TransactionList, identifier: str) -> Json:
    customer = account.customers.find(identifier)
    page = account.balance_transactions.page(
        form, by={"customer": customer.id, "invoice": form.invoice}, created=form.created
    )
    return page_json(f"{_BASE.format(customer.id)}", page, balance_transaction_json)


def _retrieve(account: Account, _: Form, customer: str, identifier: str) -> Json:
    return balance_transaction_json(_found(account, customer, identifier))


def _update(account: Account, form: _TransactionChange, customer: str, identifier: str) -> Json:
    found = _found(account, customer, identifier)
    if form.gives("description"):
        found.description = form.description
    if form.gives("metadata"):
        found.metadata = merged(found.metadata, form.metadata)
    return balance_transaction_json(found)


def _found(account: Account, customer: str, identifier: str) -> BalanceTransaction:
    found = account.balance_transactions.find(identifier)
    if found.customer != customer:
        missing("customer_balance_transaction", identifier)
    return found


def _living(account: Account, identifier: str) -> Customer:
    customer = account.customers.find(identifier)
    if customer.deleted:
        raise StripeError(f"No such customer: '{identifier}'", status=404, code="resource_missing")
    return customer


_BASE = "/v1/customers/{}/balance_transactions"
_NAME = "CustomerBalanceTransaction"
ROUTES = (
    Route("POST", _BASE, f"{_NAME}.create", _NewTransaction, _create),
    Route("GET", _BASE, f"{_NAME}.list", _TransactionList, _list),
    Route("GET", f"{_BASE}/{{}}", f"{_NAME}.retrieve", Expandable, _retrieve),
    Route("POST", f"{_BASE}/{{}}", f"{_NAME}.update", _TransactionChange, _update),
)
