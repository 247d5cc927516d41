"""Customers and tax rates."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from mondaybridge.sandbox.stripe.account import Account, Route
from mondaybridge.sandbox.stripe.balances import move
from mondaybridge.sandbox.stripe.data import CustomerData, TaxRateData
from mondaybridge.sandbox.stripe.errors import StripeError, missing
from mondaybridge.sandbox.stripe.forms import (
    Bool,
    Clearable,
    Created,
    Expandable,
    Form,
    Int,
    Json,
    ListForm,
    Many,
    Metadata,
    Name,
    Number,
    Text,
    merged,
)
from mondaybridge.sandbox.stripe.models import Customer, TaxRate
from mondaybridge.sandbox.stripe.render import customer_json, page_json, tax_rate_json


class _Address(Form):
    city: Text = None
    country: Text = None
    line1: Text = None
    line2: Text = None
    postal_code: Text = None
    state: Text = None


class _Shipping(Form):
    address: _Address
    name: Name
    phone: Text = None


class CustomField(Form):
    """A field that Stripe prints on documents (§1.2)."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    value: Annotated[str, StringConstraints(min_length=1, max_length=140)]


CustomFields = Annotated[Many[CustomField], Field(max_length=4)]


class _InvoiceSettings(Form):
    custom_fields: CustomFields = Field(default_factory=list)
    footer: Text = None


_Email = Clearable[Annotated[str, StringConstraints(max_length=512)]]


class _CustomerForm(Expandable):
    address: Clearable[_Address] = None
    balance: Int = 0
    description: Text = None
    email: _Email = None
    invoice_prefix: Annotated[str, StringConstraints(pattern="^[A-Z0-9]{3,12}$")] | None = None
    invoice_settings: _InvoiceSettings = Field(default_factory=_InvoiceSettings)
    metadata: Metadata = Field(default_factory=dict)
    name: Text = None
    next_invoice_sequence: Annotated[Int, Field(ge=1)] = 1
    phone: Text = None
    preferred_locales: Many[Name] = Field(default_factory=list)
    shipping: Clearable[_Shipping] = None
    tax_exempt: Literal["", "none", "exempt", "reverse"] = "none"


class _CustomerList(ListForm):
    created: Created | None = None
    email: Name | None = None


_OWN = ("email", "invoice_prefix", "name", "next_invoice_sequence")
_DETAILS = (
    "address",
    "description",
    "invoice_settings",
    "phone",
    "preferred_locales",
    "shipping",
)


def seed_customer(account: Account, data: CustomerData) -> Customer:
    """Put a customer of the data file into the account."""
    place = {**account.new_place("cus"), "id": data.id}
    address = data.address.model_dump() if data.address else None
    return account.customers.add(
        Customer(
            **place,
            invoice_prefix=data.invoice_prefix or _prefix(account),
            email=data.email,
            name=data.name,
            tax_exempt=data.tax_exempt,
            currency=data.currency or "",
            balances={data.currency or account.settings.currency: data.balance},
            metadata=dict(data.metadata),
            details={"address": address, "description": data.description},
        )
    )


def seed_tax_rate(account: Account, data: TaxRateData) -> TaxRate:
    """Put a tax rate of the data file into the account."""
    return account.tax_rates.add(
        TaxRate(
            **{**account.new_place("txr"), "id": data.id},
            display_name=data.display_name,
            percentage=data.percentage,
            inclusive=data.inclusive,
            active=data.active,
            details={"country": data.country},
        )
    )


def _prefix(account: Account) -> str:
    return "".join(account.world.random.choices("ABCDEF0123456789", k=8))


def _create_customer(account: Account, form: _CustomerForm) -> Json:
    customer = Customer(**account.new_place("cus"), invoice_prefix=_prefix(account))
    _apply(account, customer, form, "initial")
    account.customers.add(customer)
    account.happened("customer.created", shown := customer_json(account, customer), None)
    return shown


def _apply(account: Account, customer: Customer, form: _CustomerForm, why: str) -> None:
    if form.gives("email") and form.email and "@" not in form.email:
        raise StripeError(
            f"Invalid email address: {form.email}", code="email_invalid", param="email"
        )
    metadata = merged(customer.metadata, form.metadata) if form.gives("metadata") else None
    for name in _OWN:
        if form.gives(name):
            setattr(customer, name, getattr(form, name))
    currency = customer.currency or account.settings.currency
    if form.gives("balance") and (by := form.balance - customer.balances.get(currency, 0)):
        move(account, customer, by, currency, why)
    if form.gives("tax_exempt"):
        customer.tax_exempt = form.tax_exempt or "none"
    customer.metadata = customer.metadata if metadata is None else metadata
    given = form.model_dump(include={name for name in _DETAILS if form.gives(name)})
    customer.details |= {name: value or None for name, value in given.items()}


def _living(account: Account, identifier: str) -> Customer:
    customer = account.customers.find(identifier)
    return missing("customer", identifier) if customer.deleted else customer


def _retrieve_customer(account: Account, _: Form, identifier: str) -> Json:
    return customer_json(account, account.customers.find(identifier))


def _update_customer(account: Account, form: _CustomerForm, identifier: str) -> Json:
    customer = _living(account, identifier)
    before = customer_json(account, customer)
    _apply(account, customer, form, "adjustment")
    account.happened("customer.updated", shown := customer_json(account, customer), before)
    return shown


def _delete_customer(account: Account, _: Form, identifier: str) -> Json:
    customer = _living(account, identifier)
    before = customer_json(account, customer)
    customer.deleted = True
    account.happened("customer.deleted", before, None)
    return customer_json(account, customer)


def _list_customers(account: Account, form: _CustomerList) -> Json:
    page = account.customers.page(
        form,
        created=form.created,
        keep=lambda customer: (
            not customer.deleted and (form.email is None or customer.email == form.email)
        ),
    )
    return page_json("/v1/customers", page, lambda row: customer_json(account, row))


class _TaxRateChange(Expandable):
    active: Bool = True
    country: Text = None
    description: Text = None
    display_name: Annotated[str, StringConstraints(min_length=1, max_length=50)] = ""
    jurisdiction: Text = None
    metadata: Metadata = Field(default_factory=dict)
    state: Text = None
    tax_type: Text = None


class _TaxRateForm(_TaxRateChange):
    display_name: Annotated[str, StringConstraints(min_length=1, max_length=50)]
    inclusive: Bool
    percentage: Annotated[Number, Field(ge=Decimal(0), le=Decimal(100), decimal_places=4)]


class _TaxRateList(ListForm):
    active: Bool | None = None
    created: Created | None = None
    inclusive: Bool | None = None


_RATE_DETAILS = {"country", "description", "jurisdiction", "state", "tax_type"}


def _create_tax_rate(account: Account, form: _TaxRateForm) -> Json:
    rate = TaxRate(
        **account.new_place("txr"),
        display_name=form.display_name,
        percentage=form.percentage,
        inclusive=form.inclusive,
        active=form.active,
        metadata=merged({}, form.metadata),
        details=form.model_dump(include=_RATE_DETAILS),
    )
    account.tax_rates.add(rate)
    account.happened("tax_rate.created", shown := tax_rate_json(rate), None)
    return shown


def _retrieve_tax_rate(account: Account, _: Form, identifier: str) -> Json:
    return tax_rate_json(account.tax_rates.find(identifier))


def _update_tax_rate(account: Account, form: _TaxRateChange, identifier: str) -> Json:
    rate = account.tax_rates.find(identifier)
    before = tax_rate_json(rate)
    if form.gives("metadata"):
        rate.metadata = merged(rate.metadata, form.metadata)
    for name in ("active", "display_name"):
        if form.gives(name):
            setattr(rate, name, getattr(form, name))
    given = {name for name in _RATE_DETAILS if form.gives(name)}
    rate.details |= form.model_dump(include=given)
    account.happened("tax_rate.updated", shown := tax_rate_json(rate), before)
    return shown


def _list_tax_rates(account: Account, form: _TaxRateList) -> Json:
    page = account.tax_rates.page(
        form,
        created=form.created,
        keep=lambda rate: (
            form.active in {None, rate.active} and form.inclusive in {None, rate.inclusive}
        ),
    )
    return page_json("/v1/tax_rates", page, tax_rate_json)


ROUTES = (
    Route("POST", "/v1/customers", "Customer.create", _CustomerForm, _create_customer),
    Route("GET", "/v1/customers", "Customer.list", _CustomerList, _list_customers),
    Route("GET", "/v1/customers/{}", "Customer.retrieve", Expandable, _retrieve_customer),
    Route("POST", "/v1/customers/{}", "Customer.update", _CustomerForm, _update_customer),
    Route("DELETE", "/v1/customers/{}", "Customer.delete", Form, _delete_customer),
    Route("POST", "/v1/tax_rates", "TaxRate.create", _TaxRateForm, _create_tax_rate),
    Route("GET", "/v1/tax_rates", "TaxRate.list", _TaxRateList, _list_tax_rates),
    Route("GET", "/v1/tax_rates/{}", "TaxRate.retrieve", Expandable, _retrieve_tax_rate),
    Route("POST", "/v1/tax_rates/{}", "TaxRate.update", _TaxRateChange, _update_tax_rate),
)
