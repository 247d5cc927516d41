"""Lines of draft invoices: add, update, remove, list; and the totals that follow from them.

Products, prices, discounts and ready-made tax amounts are not here: a product's id is kept as it
comes. At most 250 lines stand on one invoice (stripe.md §0.10).
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import islice
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from mondaybridge.sandbox.stripe.account import Account, Route
from mondaybridge.sandbox.stripe.errors import StripeError, missing, parameter_missing
from mondaybridge.sandbox.stripe.forms import (
    Bool,
    Currency,
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
from mondaybridge.sandbox.stripe.invoice_render import invoice_json, line_json
from mondaybridge.sandbox.stripe.models import Invoice, Line, TaxRate
from mondaybridge.sandbox.stripe.money import taxes_of, times, totals_of

MAX_LINES = 250


class _Period(Form):
    end: Int
    start: Int


class _ProductData(Form):
    name: Name
    description: Text = None
    metadata: Metadata = Field(default_factory=dict)
    unit_label: Annotated[str, StringConstraints(max_length=12)] = ""


class _PriceData(Form):
    currency: Currency
    product: Name | None = None
    product_data: _ProductData | None = None
    tax_behavior: Literal["exclusive", "unspecified"] = "unspecified"
    unit_amount: Annotated[Int, Field(ge=0)] | None = None
    unit_amount_decimal: Annotated[Number, Field(ge=0)] | None = None


class _LineForm(Form):
    amount: Int | None = None
    description: Text = None
    discountable: Bool = True
    metadata: Metadata = Field(default_factory=dict)
    period: _Period | None = None
    price_data: _PriceData | None = None
    quantity: Annotated[Int, Field(ge=0)] | None = None
    quantity_decimal: Annotated[Number, Field(ge=0)] | None = None
    tax_rates: Many[Name] = Field(default_factory=list)


class _NewLines(Expandable):
    invoice_metadata: Metadata = Field(default_factory=dict)
    lines: Annotated[Many[_LineForm], Field(min_length=1)]


class _ChangedLine(_LineForm):
    id: Name


class _ChangedLines(Expandable):
    invoice_metadata: Metadata = Field(default_factory=dict)
    lines: Annotated[Many[_ChangedLine], Field(min_length=1)]


class _RemovedLine(Form):
    behavior: Literal["delete", "unassign"]
    id: Name


class _RemovedLines(Expandable):
    invoice_metadata: Metadata = Field(default_factory=dict)
    lines: Annotated[Many[_RemovedLine], Field(min_length=1)]


def draft(account: Account, identifier: str) -> Invoice:
    """Return an invoice that may still be edited, or refuse (§1.4)."""
    invoice = account.invoices.find(identifier)
    if invoice.status != "draft":
        raise StripeError("Finalized invoices can't be edited.", code="invoice_not_editable")
    return invoice


def recompute(account: Account, invoice: Invoice) -> None:
    """Compute the taxes of every line, and the totals."""
    exempt = account.customers[invoice.customer].tax_exempt
    automatic = automatic_rates(account, invoice)
    for line in invoice.lines:
        rates = invoice.default_tax_rates if line.tax_rates is None else line.tax_rates
        rates = rates if automatic is None else automatic
        line.taxes = taxes_of(line.amount, rates, exempt=exempt, settings=account.settings)
    invoice.totals = totals_of(
        (line.amount for line in invoice.lines),
        (tax for line in invoice.lines for tax in line.taxes),
        settings=account.settings,
    )


def automatic_rates(account: Account, invoice: Invoice) -> list[TaxRate] | None:
    """Return what Stripe's own tax charges at the customer's place; ``None`` if off (§1.9)."""
    if not invoice.automatic_tax:
        invoice.automatic_tax_status = None
        return None
    address = account.customers[invoice.customer].details.get("address") or {}
    country = str(address.get("country") or "")
    if country not in account.settings.automatic_tax:
        invoice.automatic_tax_status = "requires_location_inputs"
        return []
    invoice.automatic_tax_status = "complete"
    if country not in account.automatic_rates:
        account.automatic_rates[country] = TaxRate(
            **account.new_place("txr"),
            display_name="VAT",
            percentage=account.settings.automatic_tax[country],
            inclusive=False,
            details={"country": country},
        )
    return [account.automatic_rates[country]]


def usable_rates(account: Account, identifiers: list[str], *, param: str) -> list[TaxRate]:
    """Return tax rates for new lines: active ones, either all inclusive or none."""
    rates = account.rates(identifiers, param=param)
    for rate in rates:
        if not rate.active:
            raise StripeError(f"The tax rate {rate.id} is inactive.", param=param)
    if len({rate.inclusive for rate in rates}) > 1:
        raise StripeError("Inclusive and exclusive tax rates cannot be mixed.", param=param)
    return rates


def _add(account: Account, form: _NewLines, identifier: str) -> Json:
    invoice = draft(account, identifier)
    if len(form.lines) > account.settings.lines_per_call:
        raise StripeError(
            f"At most {account.settings.lines_per_call} lines can be added by one call.",
            param="lines",
        )
    if len(invoice.lines) + len(form.lines) > MAX_LINES:
        raise StripeError(
            f"An invoice can have at most {MAX_LINES} line items; this one has"
            f" {len(invoice.lines)} and {len(form.lines)} were to be added.",
            param="lines",
        )
    added = [
        _new_line(account, invoice, line, param=f"lines[{place}]")
        for place, line in enumerate(form.lines)
    ]
    return _commit(account, invoice, [*invoice.lines, *added], form.invoice_metadata)


def _update(account: Account, form: _ChangedLines, identifier: str) -> Json:
    invoice = draft(account, identifier)
    changed = {
        line.id: _changed(account, invoice, line, param=f"lines[{place}]")
        for place, line in enumerate(form.lines)
    }
    lines = [changed.get(line.id, line) for line in invoice.lines]
    return _commit(account, invoice, lines, form.invoice_metadata)


def _remove(account: Account, form: _RemovedLines, identifier: str) -> Json:
    invoice = draft(account, identifier)
    gone = {
        _line(invoice, line.id, param=f"lines[{place}][id]").id
        for place, line in enumerate(form.lines)
    }
    left = [line for line in invoice.lines if line.id not in gone]
    return _commit(account, invoice, left, form.invoice_metadata)


def _commit(
    account: Account, invoice: Invoice, lines: list[Line], metadata: dict[str, str]
) -> Json:
    joined = merged(invoice.metadata, metadata) if metadata else invoice.metadata
    before = invoice_json(account, invoice)
    invoice.lines, invoice.metadata = lines, joined
    recompute(account, invoice)
    account.happened("invoice.updated", shown := invoice_json(account, invoice), before)
    return shown


def _new_line(account: Account, invoice: Invoice, form: _LineForm, *, param: str) -> Line:
    if form.amount is None and form.price_data is None:
        parameter_missing(f"{param}[amount]")
    line = Line(
        id=account.new_id("il"),
        item_id=account.new_id("ii"),
        amount=0,
        period=(invoice.created, invoice.created),
        price_id=account.new_id("price"),
        product_id=account.new_id("prod"),
    )
    _fill(account, invoice, line, form, param=param)
    return line


def _changed(account: Account, invoice: Invoice, form: _ChangedLine, *, param: str) -> Line:
    old = _line(invoice, form.id, param=f"{param}[id]")
    line = Line(**{name: getattr(old, name) for name in Line.__slots__})
    _fill(account, invoice, line, form, param=param)
    return line


def _fill(account: Account, invoice: Invoice, line: Line, form: _LineForm, *, param: str) -> None:
    _price(account, invoice, line, form, param=param)
    if form.gives("metadata"):
        line.metadata = merged(line.metadata, form.metadata)
    if form.tax_rates and invoice.automatic_tax:
        raise StripeError(
            "You cannot use `tax_rates` with automatic tax.", param=f"{param}[tax_rates]"
        )
    if form.gives("tax_rates"):
        rates = usable_rates(account, form.tax_rates, param=f"{param}[tax_rates]")
        line.tax_rates = rates or None
    if form.gives("description"):
        line.description = form.description
    if form.gives("discountable"):
        line.discountable = form.discountable
    if form.period:
        line.period = (form.period.start, _end(form.period, param))


def _end(period: _Period, param: str) -> int:
    if period.end < period.start:
        raise StripeError(
            "The period's end cannot lie before its start.", param=f"{param}[period][end]"
        )
    return period.end


def _price(account: Account, invoice: Invoice, line: Line, form: _LineForm, *, param: str) -> None:
    """Set the amount of a line: given, or unit times quantity, rounded per line (§1.4)."""
    if form.amount is not None:
        _only(form, "amount", ("price_data", "quantity", "quantity_decimal"), param=param)
        line.amount, line.quantity, line.unit_amount = form.amount, None, None
        return
    if form.gives("quantity"):
        _only(form, "quantity", ("quantity_decimal",), param=param)
    if form.price_data is not None:
        line.unit_amount = _unit(form.price_data, invoice, param=f"{param}[price_data]")
        line.product_id = form.price_data.product or line.product_id
        if line.description is None and form.price_data.product_data:
            line.description = form.price_data.product_data.name
    elif line.unit_amount is None and form.gives("quantity", "quantity_decimal"):
        raise StripeError(
            "A quantity needs a price: give `price_data` with it.", param=f"{param}[quantity]"
        )
    if form.gives("quantity", "quantity_decimal") or line.quantity is None:
        line.quantity = _quantity(form) if line.unit_amount is not None else None
    if line.unit_amount is not None and line.quantity is not None:
        line.amount = times(line.unit_amount, line.quantity, account.settings)


def _quantity(form: _LineForm) -> Decimal:
    whole = 1 if form.quantity is None else form.quantity
    return Decimal(whole) if form.quantity_decimal is None else form.quantity_decimal


def _only(form: Form, name: str, others: Sequence[str], *, param: str) -> None:
    for other in others:
        if form.gives(other):
            raise StripeError(
                f"You may only specify one of these parameters: {name}, {other}.",
                code="parameters_exclusive",
                param=f"{param}[{other}]",
            )


def _unit(price: _PriceData, invoice: Invoice, *, param: str) -> Decimal:
    if price.currency != invoice.currency:
        raise StripeError(
            f"The price's currency ({price.currency}) is not the invoice's ({invoice.currency}).",
            param=f"{param}[currency]",
        )
    if (price.product is None) == (price.product_data is None):
        _exactly_one("product", "product_data", given=price.product, param=param)
    if (price.unit_amount is None) == (price.unit_amount_decimal is None):
        _exactly_one("unit_amount", "unit_amount_decimal", given=price.unit_amount, param=param)
    whole = Decimal(price.unit_amount or 0)
    return whole if price.unit_amount_decimal is None else price.unit_amount_decimal


def _exactly_one(one: str, other: str, *, given: object, param: str) -> None:
    if given is None:
        parameter_missing(f"{param}[{one}]")
    raise StripeError(
        f"You may only specify one of these parameters: {one}, {other}.",
        code="parameters_exclusive",
        param=f"{param}[{other}]",
    )


def _line(invoice: Invoice, identifier: str, *, param: str) -> Line:
    for line in invoice.lines:
        if line.id == identifier:
            return line
    return missing("line_item", identifier, param=param, status=400)


def _list(account: Account, form: ListForm, identifier: str) -> Json:
    invoice = account.invoices.find(identifier)
    return lines_page(
        f"/v1/invoices/{invoice.id}/lines",
        [(line.id, line_json(invoice, line)) for line in invoice.lines],
        form,
    )


def lines_page(url: str, rows: list[tuple[str, Json]], form: ListForm) -> Json:
    """Return a page of a document's lines, in the order in which they stand on it."""
    names = [identifier for identifier, _ in rows]
    first, last = 0, len(rows)
    for edge, param in (
        (form.starting_after, "starting_after"),
        (form.ending_before, "ending_before"),
    ):
        if edge is not None and edge not in names:
            missing("line_item", edge, param=param, status=400)
    if form.starting_after is not None:
        first = names.index(form.starting_after) + 1
    if form.ending_before is not None:
        last = names.index(form.ending_before)
        first = max(first, last - form.limit)
    shown = list(islice(rows, first, min(last, first + form.limit)))
    more = first > 0 if form.ending_before else first + form.limit < last
    return {"object": "list", "url": url, "has_more": more, "data": [row for _, row in shown]}


ROUTES = (
    Route("POST", "/v1/invoices/{}/add_lines", "Invoice.add_lines", _NewLines, _add),
    Route("POST", "/v1/invoices/{}/update_lines", "Invoice.update_lines", _ChangedLines, _update),
    Route("POST", "/v1/invoices/{}/remove_lines", "Invoice.remove_lines", _RemovedLines, _remove),
    Route("GET", "/v1/invoices/{}/lines", "InvoiceLineItem.list", ListForm, _list),
)
