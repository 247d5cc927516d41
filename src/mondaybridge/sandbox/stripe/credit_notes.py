"""Credit notes on open invoices: by line, within what each line and the invoice have left (§1.6).

Splits over refunds, balance and money outside Stripe (paid invoices) are not here. Tax is computed
anew on each credited amount at its line's rates and never exceeds what the line was taxed; how
Stripe rounds it is unverified (stripe.md §6).
"""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import starmap
from typing import Annotated, Literal

from pydantic import Field

from mondaybridge.sandbox.stripe.account import Account, Route
from mondaybridge.sandbox.stripe.errors import StripeError, missing, parameter_missing
from mondaybridge.sandbox.stripe.forms import (
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
from mondaybridge.sandbox.stripe.invoices import settle
from mondaybridge.sandbox.stripe.lines import lines_page, usable_rates
from mondaybridge.sandbox.stripe.models import CreditLine, CreditNote, Invoice, Line, Mail, Tax
from mondaybridge.sandbox.stripe.money import taxes_of, times, totals_of
from mondaybridge.sandbox.stripe.render import (
    credit_line_json,
    credit_note_json,
    invoice_json,
    page_json,
)


class _CreditLineForm(Form):
    amount: Annotated[Int, Field(ge=1)] | None = None
    description: Text = None
    invoice_line_item: Name | None = None
    metadata: Metadata = Field(default_factory=dict)
    quantity: Annotated[Int, Field(ge=1)] | None = None
    tax_rates: Many[Name] = Field(default_factory=list)
    type: Literal["invoice_line_item", "custom_line_item"]
    unit_amount: Annotated[Int, Field(ge=0)] | None = None
    unit_amount_decimal: Annotated[Number, Field(ge=0)] | None = None


class _CreditNoteFields(Form):
    effective_at: Int | None = None
    email_type: Literal["credit_note", "none"] = "credit_note"
    invoice: Name
    lines: Many[_CreditLineForm] = Field(default_factory=list)
    memo: Text = None
    metadata: Metadata = Field(default_factory=dict)
    reason: Literal["duplicate", "fraudulent", "order_change", "product_unsatisfactory"] | None = (
        None
    )


class _NewCreditNote(_CreditNoteFields, Expandable):
    pass


class _PreviewLines(_CreditNoteFields, ListForm):
    pass


class _CreditNoteChange(Expandable):
    memo: Text = None
    metadata: Metadata = Field(default_factory=dict)


class _CreditNoteList(ListForm):
    created: Created | None = None
    customer: Name | None = None
    invoice: Name | None = None


def _create(account: Account, form: _NewCreditNote) -> Json:
    invoice, note = _drawn_up(account, form)
    before = invoice_json(account, invoice)
    invoice.credit_notes_issued += 1
    _book(invoice, note, sign=1)
    account.credit_notes.add(note)
    account.happened("credit_note.created", shown := credit_note_json(note), None)
    email = account.customers[invoice.customer].email
    if form.email_type == "credit_note" and email:
        account.mails.append(Mail("credit_note", note.id, email, account.now()))
    account.happened("invoice.updated", invoice_json(account, invoice), before)
    if invoice.amount_remaining == 0 and account.settings.credited_in_full == "paid":
        settle(account, invoice)
    return shown


def _preview(account: Account, form: _NewCreditNote) -> Json:
    return credit_note_json(_drawn_up(account, form)[1])


def _preview_lines(account: Account, form: _PreviewLines) -> Json:
    _, note = _drawn_up(account, form)
    rows = [(line.id, credit_line_json(line)) for line in note.lines]
    return lines_page("/v1/credit_notes/preview/lines", rows, form)


def _drawn_up(account: Account, form: _CreditNoteFields) -> tuple[Invoice, CreditNote]:
    """Work a credit note out without issuing it."""
    invoice = account.invoices.find(form.invoice, param="invoice", status=400)
    _check_open(invoice)
    if not form.lines:
        raise StripeError(
            "You must pass one of `amount`, `lines` or `shipping_cost`.", param="lines"
        )
    lines = [
        _credit_line(account, invoice, line, param=f"lines[{place}]")
        for place, line in enumerate(form.lines)
    ]
    _check_lines(lines)
    note = CreditNote(
        **account.new_place("cn"),
        invoice=invoice.id,
        customer=invoice.customer,
        currency=invoice.currency,
        number=f"{invoice.number}-CN-{invoice.credit_notes_issued + 1:02d}",
        lines=lines,
        totals=totals_of(
            (line.amount for line in lines),
            (tax for line in lines for tax in line.taxes),
            settings=account.settings,
        ),
        memo=form.memo,
        reason=form.reason,
        effective_at=form.effective_at,
        metadata=merged({}, form.metadata),
    )
    _check_total(invoice, note.totals.total)
    return invoice, note


def _check_open(invoice: Invoice) -> None:
    if invoice.status not in {"open", "paid"}:
        raise StripeError(
            f"Credit notes need an open or paid invoice; this one is {invoice.status}.",
            param="invoice",
        )


def _check_lines(lines: Sequence[CreditLine]) -> None:
    """Refuse more than a line has left after earlier notes."""
    taken: Counter[str] = Counter()
    for place, credit in enumerate(lines):
        if (line := credit.line) is None:
            continue
        taken[line.id] += credit.amount
        if taken[line.id] > line.amount - line.credited:
            raise StripeError(
                f"The credited amount ({taken[line.id]}) exceeds what the line item {line.id} has"
                f" left ({line.amount - line.credited}).",
                param=f"lines[{place}][amount]",
            )


def _check_total(invoice: Invoice, total: int) -> None:
    """Refuse more than is left to pay: the rest would need a split, which paid invoices have."""
    excess = total - invoice.amount_remaining
    if excess > 0 and invoice.status == "paid":
        raise StripeError(
            "The sum of refund, credit and out of band amounts (0) must equal the post payment"
            f" amount ({excess})."
        )
    if excess > 0:
        raise StripeError(
            f"The credit note's total ({total}) exceeds the amount that can be credited"
            f" ({invoice.amount_remaining}).",
            param="lines",
        )


def _credit_line(
    account: Account, invoice: Invoice, form: _CreditLineForm, *, param: str
) -> CreditLine:
    make = _of_line if form.type == "invoice_line_item" else _custom
    credit = make(account, invoice, form, param)
    credit.metadata = merged({}, form.metadata)
    credit.description = form.description or credit.description
    return credit


def _of_line(account: Account, invoice: Invoice, form: _CreditLineForm, param: str) -> CreditLine:
    """Credit a part of an invoice's line, by amount only (§0.3)."""
    if form.invoice_line_item is None:
        parameter_missing(f"{param}[invoice_line_item]")
    _refuse_given(form, ("quantity", "unit_amount", "unit_amount_decimal", "tax_rates"), param)
    if form.amount is None:
        parameter_missing(f"{param}[amount]")
    line = _find(invoice, form.invoice_line_item, f"{param}[invoice_line_item]")
    taxes = taxes_of(
        form.amount,
        [tax.rate for tax in line.taxes],
        exempt=str(invoice.customer_json["customer_tax_exempt"]),
        settings=account.settings,
    )
    return CreditLine(
        id=account.new_id("cnli"),
        amount=form.amount,
        taxes=list(starmap(_capped, ((line, tax) for tax in taxes))),
        description=line.description,
        line=line,
    )


def _capped(line: Line, tax: Tax) -> Tax:
    """Keep the sum of credited tax within the tax of the line."""
    whole = sum(own.amount for own in line.taxes if own.rate.id == tax.rate.id)
    left = whole - line.credited_tax.get(tax.rate.id, 0)
    return Tax(tax.rate, min(tax.amount, left), tax.taxable, tax.reason)


def _custom(account: Account, invoice: Invoice, form: _CreditLineForm, param: str) -> CreditLine:
    """Credit something that is not a line of the invoice."""
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


def _book(invoice: Invoice, note: CreditNote, *, sign: int) -> None:
    """Take a note from its invoice and lines, or give it back when it is voided."""
    invoice.credited += sign * note.totals.total
    for credit in note.lines:
        if (line := credit.line) is None:
            continue
        line.credited += sign * credit.amount
        for tax in credit.taxes:
            known = line.credited_tax.get(tax.rate.id, 0)
            line.credited_tax[tax.rate.id] = known + sign * tax.amount


def _retrieve(account: Account, _: Form, identifier: str) -> Json:
    return credit_note_json(account.credit_notes.find(identifier))


def _update(account: Account, form: _CreditNoteChange, identifier: str) -> Json:
    note = account.credit_notes.find(identifier)
    before = credit_note_json(note)
    if form.gives("metadata"):
        note.metadata = merged(note.metadata, form.metadata)
    if form.gives("memo"):
        note.memo = form.memo
    account.happened("credit_note.updated", shown := credit_note_json(note), before)
    return shown


def _void(account: Account, _: Form, identifier: str) -> Json:
    """Void a note, which is possible only while its invoice is open (§1.6)."""
    note = account.credit_notes.find(identifier)
    invoice = account.invoices[note.invoice]
    if note.status == "void":
        raise StripeError("This credit note is already void.")
    if invoice.status != "open":
        raise StripeError("You can only void a credit note while its invoice is open.")
    before, invoice_before = credit_note_json(note), invoice_json(account, invoice)
    note.status, note.voided_at = "void", account.now()
    _book(invoice, note, sign=-1)
    account.happened("credit_note.voided", shown := credit_note_json(note), before)
    account.happened("invoice.updated", invoice_json(account, invoice), invoice_before)
    return shown


def _list(account: Account, form: _CreditNoteList) -> Json:
    page = account.credit_notes.page(
        form, by={"customer": form.customer, "invoice": form.invoice}, created=form.created
    )
    return page_json("/v1/credit_notes", page, credit_note_json)


def _list_lines(account: Account, form: ListForm, identifier: str) -> Json:
    note = account.credit_notes.find(identifier)
    rows = [(line.id, credit_line_json(line)) for line in note.lines]
    return lines_page(f"/v1/credit_notes/{note.id}/lines", rows, form)


_BASE = "/v1/credit_notes"
ROUTES = (
    Route("POST", _BASE, "CreditNote.create", _NewCreditNote, _create),
    Route("GET", _BASE, "CreditNote.list", _CreditNoteList, _list),
    Route("GET", f"{_BASE}/preview", "CreditNote.preview", _NewCreditNote, _preview),
    Route(
        "GET",
        f"{_BASE}/preview/lines",
        "CreditNotePreviewLines.list",
        _PreviewLines,
        _preview_lines,
    ),
    Route("GET", f"{_BASE}/{{}}", "CreditNote.retrieve", Expandable, _retrieve),
    Route("POST", f"{_BASE}/{{}}", "CreditNote.update", _CreditNoteChange, _update),
    Route("POST", f"{_BASE}/{{}}/void", "CreditNote.void_credit_note", Expandable, _void),
    Route("GET", f"{_BASE}/{{}}/lines", "CreditNoteLineItem.list", ListForm, _list_lines),
)
