"""Invoices from draft to their end; once finalised only their metadata changes (stripe.md §1.4).

Payments are in ``payments.py``. Automatic advancement, revisions and discounts are not here.
"""

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from mondaybridge.sandbox.stripe.account import Account, Route
from mondaybridge.sandbox.stripe.balances import unapply
from mondaybridge.sandbox.stripe.errors import StripeError, parameter_missing
from mondaybridge.sandbox.stripe.finalising import (
    finalise,
    refuse_transition,
    set_due_date,
    take_number,
)
from mondaybridge.sandbox.stripe.forms import (
    Bool,
    Clearable,
    Created,
    Currency,
    Expandable,
    Form,
    Int,
    Json,
    ListForm,
    Many,
    Metadata,
    Name,
    Text,
    merged,
)
from mondaybridge.sandbox.stripe.invoice_render import invoice_json, party_of
from mondaybridge.sandbox.stripe.lines import draft, recompute, usable_rates
from mondaybridge.sandbox.stripe.models import Invoice, Mail
from mondaybridge.sandbox.stripe.objects import CustomFields
from mondaybridge.sandbox.stripe.render import page_json

Number = Annotated[str, StringConstraints(max_length=26)]


class _Pdf(Form):
    page_size: Literal["a4", "auto", "letter"] = "auto"


class _Rendering(Form):
    amount_tax_display: Literal["", "exclude_tax", "include_inclusive_tax"] = ""
    pdf: _Pdf | None = None


class _AutomaticTax(Form):
    enabled: Bool


class _InvoiceForm(Expandable):
    automatic_tax: _AutomaticTax | None = None
    auto_advance: Bool = False
    collection_method: Literal["charge_automatically", "send_invoice"] = "charge_automatically"
    custom_fields: CustomFields = Field(default_factory=list)
    days_until_due: Annotated[Int, Field(ge=0)] | None = None
    default_tax_rates: Many[Name] = Field(default_factory=list)
    description: Text = None
    due_date: Int | None = None
    effective_at: Clearable[Int] = None
    footer: Text = None
    metadata: Metadata = Field(default_factory=dict)
    number: Number | None = None
    rendering: _Rendering | None = None
    statement_descriptor: Text = None


class _NewInvoice(_InvoiceForm):
    currency: Currency | None = None
    customer: Name
    pending_invoice_items_behavior: Literal["exclude", "include"] = "exclude"


class _InvoiceList(ListForm):
    collection_method: Literal["charge_automatically", "send_invoice"] | None = None
    created: Created | None = None
    customer: Name | None = None
    due_date: Created | None = None
    status: Literal["draft", "open", "paid", "uncollectible", "void"] | None = None


class _Finalize(Expandable):
    auto_advance: Bool = False


_SIMPLE = (
    "auto_advance",
    "collection_method",
    "description",
    "footer",
    "statement_descriptor",
)
_AFTER_FINALISING = {"metadata", "auto_advance", "expand"}
_TEXTS = {"description", "footer", "custom_fields"}


def _create(account: Account, form: _NewInvoice) -> Json:
    customer = account.customer(form.customer)
    invoice = Invoice(
        **account.new_place("in"),
        customer=customer.id,
        currency=form.currency or account.settings.currency,
        customer_json=party_of(customer),
    )
    _apply(account, invoice, form)
    account.invoices.add(invoice)
    account.happened("invoice.created", shown := invoice_json(account, invoice), None)
    return shown


def _update(account: Account, form: _InvoiceForm, identifier: str) -> Json:
    invoice = account.invoices.find(identifier)
    texts = _TEXTS if account.settings.editable_after_finalising == "texts" else set()
    if invoice.status != "draft" and form.model_fields_set - _AFTER_FINALISING - texts:
        draft(account, identifier)
    before = invoice_json(account, invoice)
    _apply(account, invoice, form)
    account.happened("invoice.updated", shown := invoice_json(account, invoice), before)
    return shown


def _apply(account: Account, invoice: Invoice, form: _InvoiceForm) -> None:
    """Take over what was given; everything is checked before the first field changes."""
    _check_due(account, invoice, form)
    rates = usable_rates(account, form.default_tax_rates, param="default_tax_rates")
    _apply_automatic_tax(invoice, form)
    metadata = merged(invoice.metadata, form.metadata) if form.gives("metadata") else None
    if form.gives("number"):
        take_number(account, invoice, form.number or None)
    _apply_text(invoice, form)
    automatic = invoice.collection_method == "charge_automatically"
    if automatic or form.gives("due_date", "days_until_due"):
        invoice.due_date, invoice.days_until_due = form.due_date, form.days_until_due
    if metadata is not None:
        invoice.metadata = metadata
    if form.gives("default_tax_rates"):
        invoice.default_tax_rates = rates
    if form.gives("default_tax_rates", "automatic_tax"):
        recompute(account, invoice)
    if invoice.status == "draft":
        set_due_date(invoice, invoice.created)


def _apply_automatic_tax(invoice: Invoice, form: _InvoiceForm) -> None:
    """Let Stripe compute tax, which goes with no rates of one's own (§1.9)."""
    given = form.automatic_tax
    wanted = invoice.automatic_tax if given is None else given.enabled
    if wanted and form.default_tax_rates:
        raise StripeError(
            "You cannot use `default_tax_rates` with `automatic_tax[enabled]=true`.",
            param="default_tax_rates",
        )
    if wanted and not invoice.automatic_tax:
        invoice.default_tax_rates = []
    invoice.automatic_tax = wanted


def _apply_text(invoice: Invoice, form: _InvoiceForm) -> None:
    """Take over what is only shown."""
    for name in _SIMPLE:
        if form.gives(name):
            setattr(invoice, name, getattr(form, name))
    if form.gives("effective_at"):
        invoice.effective_at = form.effective_at or None
    if form.gives("custom_fields"):
        invoice.custom_fields = [field.model_dump() for field in form.custom_fields] or None
    if form.rendering:
        invoice.rendering = _rendering(form.rendering)


def _check_due(account: Account, invoice: Invoice, form: _InvoiceForm) -> None:
    """Refuse a term of payment that does not fit the way of collection."""
    given = form.gives("collection_method")
    method = form.collection_method if given else invoice.collection_method
    days, date = form.days_until_due, form.due_date
    if days is not None and date is not None:
        raise StripeError(
            "You may only specify one of these parameters: days_until_due, due_date.",
            code="parameters_exclusive",
            param="due_date",
        )
    if method == "charge_automatically" and (days is not None or date is not None):
        raise StripeError(
            "`days_until_due` and `due_date` need `collection_method` to be `send_invoice`.",
            param="due_date" if days is None else "days_until_due",
        )
    known = (days, date, invoice.days_until_due, invoice.due_date)
    if method == "send_invoice" and all(term is None for term in known):
        parameter_missing("days_until_due")
    if date is not None and date < account.now():
        raise StripeError("The due date must lie in the future.", param="due_date")


def _rendering(form: _Rendering) -> Json:
    return {
        "amount_tax_display": form.amount_tax_display or None,
        "pdf": {"page_size": form.pdf.page_size} if form.pdf else None,
        "template": None,
        "template_version": None,
    }


def _retrieve(account: Account, _: Form, identifier: str) -> Json:
    return invoice_json(account, account.invoices.find(identifier))


def _delete(account: Account, _: Form, identifier: str) -> Json:
    invoice = account.invoices.find(identifier)
    if invoice.status != "draft":
        raise StripeError("You can only delete draft invoices.", code="invoice_not_editable")
    before = invoice_json(account, invoice)
    account.invoices.remove(invoice)
    account.numbers.discard(invoice.number or "")
    account.happened("invoice.deleted", before, None)
    return {"id": invoice.id, "object": "invoice", "deleted": True}


def _list(account: Account, form: _InvoiceList) -> Json:
    page = account.invoices.page(
        form,
        by={"customer": form.customer, "status": form.status},
        created=form.created,
        keep=lambda invoice: (
            form.collection_method in {None, invoice.collection_method}
            and (form.due_date is None or form.due_date.holds(invoice.due_date or 0))
        ),
    )
    return page_json("/v1/invoices", page, lambda row: invoice_json(account, row))


def _finalize(account: Account, form: _Finalize, identifier: str) -> Json:
    invoice = account.invoices.find(identifier)
    if invoice.status != "draft":
        raise StripeError("This invoice is already finalized.", code="invoice_not_editable")
    if form.gives("auto_advance"):
        invoice.auto_advance = form.auto_advance
    finalise(account, invoice)
    return invoice_json(account, invoice)


def _send(account: Account, _: Form, identifier: str) -> Json:
    """Mail an open or paid invoice; a draft is finalised first (unverified, §6)."""
    invoice = account.invoices.find(identifier)
    if invoice.collection_method != "send_invoice":
        raise StripeError(
            "You can only manually send an invoice if its collection method is `send_invoice`."
        )
    if invoice.status not in {"draft", "open", "paid"}:
        refuse_transition(invoice, "sent")
    email = account.customer(invoice.customer).email
    if not email:
        raise StripeError("Missing email: the customer must have one to be sent an invoice.")
    if invoice.status == "draft":
        if account.settings.send_on_draft == "refused":
            refuse_transition(invoice, "sent")
        finalise(account, invoice)
    account.mails.append(Mail("invoice", invoice.id, email, account.now()))
    account.happened("invoice.sent", shown := invoice_json(account, invoice), None)
    return shown


def _ending(
    status: str, event: str, field: str, allowed: set[str]
) -> Callable[[Account, Form, str], Json]:
    """Make the operation that ends an invoice in another way than by payment (§1.4)."""

    def end(account: Account, _: Form, identifier: str) -> Json:
        invoice = account.invoices.find(identifier)
        if invoice.status not in allowed:
            refuse_transition(invoice, status)
        before = invoice_json(account, invoice)
        account.invoices.change(invoice, "status", status)
        setattr(invoice, field, account.now())
        invoice.auto_advance = False
        if status == "void":
            unapply(account, invoice)
        account.happened(event, shown := invoice_json(account, invoice), before)
        return shown

    return end


_void = _ending("void", "invoice.voided", "voided_at", {"open", "uncollectible"})
_write_off = _ending(
    "uncollectible", "invoice.marked_uncollectible", "marked_uncollectible_at", {"open"}
)

ROUTES = (
    Route("POST", "/v1/invoices", "Invoice.create", _NewInvoice, _create),
    Route("GET", "/v1/invoices", "Invoice.list", _InvoiceList, _list),
    Route("GET", "/v1/invoices/{}", "Invoice.retrieve", Expandable, _retrieve),
    Route("POST", "/v1/invoices/{}", "Invoice.update", _InvoiceForm, _update),
    Route("DELETE", "/v1/invoices/{}", "Invoice.delete", Form, _delete),
    Route("POST", "/v1/invoices/{}/finalize", "Invoice.finalize_invoice", _Finalize, _finalize),
    Route("POST", "/v1/invoices/{}/send", "Invoice.send_invoice", Expandable, _send),
    Route("POST", "/v1/invoices/{}/void", "Invoice.void_invoice", Expandable, _void),
    Route(
        "POST",
        "/v1/invoices/{}/mark_uncollectible",
        "Invoice.mark_uncollectible",
        Expandable,
        _write_off,
    ),
)
