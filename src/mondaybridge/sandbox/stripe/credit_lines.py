"""Lines of credit notes: what each may take from its invoice's line (stripe.md §0.3, §1.6).

Tax is computed anew on each credited amount at its line's rates and never exceeds what the line was
taxed; how Stripe rounds it is unverified (stripe.md §6).
"""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import starmap
from typing import Annotated, Literal

from pydantic import Field

from mondaybridge.sandbox.stripe.account import Account
from mondaybridge.sandbox.stripe.errors import StripeError, missing, parameter_missing
from mondaybridge.sandbox.stripe.forms import Form, Int, Many, Metadata, Name, Number, Text, merged
from mondaybridge.sandbox.stripe.lines import usable_rates
from mondaybridge.sandbox.stripe.models import CreditLine, CreditNote, Invoice, Line, Tax
from mondaybridge.sandbox.stripe.money import taxes_of, times


class CreditLineForm(Form):
    """One line as the caller describes it."""

    amount: Annotated[Int, Field(ge=1)] | None = None
    description: Text = None
    invoice_line_item: Name | None = None
    metadata: Metadata = Field(default_factory=dict)
    quantity: Annotated[Int, Field(ge=1)] | None = None
    tax_rates: Many[Name] = Field(default_factory=list)
    type: Literal["invoice_line_item", "custom_line_item"]
    unit_amount: Annotated[Int, Field(ge=0)] | None = None
    unit_amount_decimal: Annotated[Number, Field(ge=0)] | None = None


def credit_line(
    account: Account, invoice: Invoice, form: CreditLineForm, *, param: str
) -> CreditLine:
    """Work one line out."""
    make = _of_line if form.type == "invoice_line_item" else _custom
    credit = make(account, invoice, form, param)
    credit.metadata = merged({}, form.metadata)
    credit.description = form.description or credit.description
    return credit


def check_lines(lines: Sequence[CreditLine]) -> None:
    """Refuse more than a line has left after earlier notes, and two ways to count it (§0.3)."""
    taken: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    for place, credit in enumerate(lines):
        if (line := credit.line) is None:
            continue
        before = line.credited + taken[line.id]
        quantities = line.credited_quantity + counted[line.id]
        if before and (quantities > 0) != (credit.quantity is not None):
            raise StripeError(
                f"The line item {line.id} is credited by"
                f" {'quantity' if quantities else 'amount'}; amount and quantity cannot be mixed.",
                param=f"lines[{place}]",
            )
        taken[line.id] += credit.amount
        counted[line.id] += int(credit.quantity or 0)
        if taken[line.id] > line.amount - line.credited:
            raise StripeError(
                f"The credited amount ({taken[line.id]}) exceeds what the line item {line.id} has"
                f" left ({line.amount - line.credited}).",
                param=f"lines[{place}][amount]",
            )


def book_lines(note: CreditNote, *, sign: int) -> None:
    """Take a note from its lines, or give it back when it is voided."""
    for credit in note.lines:
        if (line := credit.line) is None:
            continue
        line.credited += sign * credit.amount
        line.credited_quantity += sign * int(credit.quantity or 0)
        for tax in credit.taxes:
            known = line.credited_tax.get(tax.rate.id, 0)
            line.credited_tax[tax.rate.id] = known + sign * tax.amount


def _of_line(account: Account, invoice: Invoice, form: CreditLineForm, param: str) -> CreditLine:
    """Credit a part of an invoice's line, by amount or by quantity, never by both (§0.3)."""
    if form.invoice_line_item is None:
        parameter_missing(f"{param}[invoice_line_item]")
    _refuse_given(form, ("unit_amount", "unit_amount_decimal", "tax_rates"), param)
    if (form.amount is None) == (form.quantity is None):
        if form.amount is None:
            parameter_missing(f"{param}[amount]")
        raise StripeError(
            "You may only specify one of these parameters: amount, quantity.",
            code="parameters_exclusive",
            param=f"{param}[quantity]",
        )
    line = _find(invoice, form.invoice_line_item, f"{param}[invoice_line_item]")
    unit = Decimal(line.amount) if line.unit_amount is None else line.unit_amount
    amount = form.amount or times(unit, Decimal(form.quantity or 0), account.settings)
    taxes = taxes_of(
        amount,
        [tax.rate for tax in line.taxes],
        exempt=str(invoice.customer_json["customer_tax_exempt"]),
        settings=account.settings,
    )
    return CreditLine(
        id=account.new_id("cnli"),
        amount=amount,
        quantity=None if form.quantity is None else Decimal(form.quantity),
        unit_amount=None if form.quantity is None else unit,
        taxes=list(starmap(_capped, ((line, tax) for tax in taxes))),
        description=line.description,
        line=line,
    )


def _capped(line: Line, tax: Tax) -> Tax:
    """Keep the sum of credited tax within the tax of the line."""
    whole = sum(own.amount for own in line.taxes if own.rate.id == tax.rate.id)
    left = whole - line.credited_tax.get(tax.rate.id, 0)
    return Tax(tax.rate, min(tax.amount, left), tax.taxable, tax.reason)


def _custom(account: Account, invoice: Invoice, form: CreditLineForm, param: str) -> CreditLine:
    """Credit something that is not a line of the invoice."""
    if invoice.automatic_tax:
        raise StripeError(
            "Custom line items cannot be credited when the invoice has automatic tax enabled.",
            param=f"{param}[type]",
        )
    _refuse_given(form, ("amount", "invoice_line_item"), param)
    if not form.description:
        parameter_missing(f"{param}[description]")
    whole = None if form.unit_amount is None else Decimal(form.unit_amount)
    unit = form.unit_amount_decimal if whole is None else whole
    if unit is None:
        parameter_missing(f"{param}[unit_amount]")
    quantity = Decimal(form.quantity or 1)
    amount = times(unit, quantity, account.settings)
    rates = usable_rates(account, form.tax_rates, param=f"{param}[tax_rates]")
    exempt = str(invoice.customer_json["customer_tax_exempt"])
    return CreditLine(
        id=account.new_id("cnli"),
        amount=amount,
        taxes=taxes_of(amount, rates, exempt=exempt, settings=account.settings),
        quantity=quantity,
        unit_amount=unit,
    )


def _refuse_given(form: Form, names: Sequence[str], param: str) -> None:
    for name in names:
        if form.gives(name):
            raise StripeError(
                f"`{name}` does not go with this type of line (or is not simulated).",
                param=f"{param}[{name}]",
            )


def _find(invoice: Invoice, identifier: str, param: str) -> Line:
    for line in invoice.lines:
        if line.id == identifier:
            return line
    return missing("invoice_line_item", identifier, param=param, status=400)
