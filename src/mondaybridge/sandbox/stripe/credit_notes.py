"""Credit notes: their lines, the split of what was paid already, their effect (stripe.md §1.6).

A note lowers what remains to be paid first; what exceeds it must be split exactly over a refund,
the customer's balance and money outside Stripe. Notes by one sum or on shipping are not here.
"""

from typing import Annotated, Literal

from pydantic import Field

from mondaybridge.sandbox.stripe.account import Account, Route
from mondaybridge.sandbox.stripe.balances import move
from mondaybridge.sandbox.stripe.credit_lines import (
    CreditLineForm,
    book_lines,
    check_lines,
    credit_line,
)
from mondaybridge.sandbox.stripe.errors import StripeError
from mondaybridge.sandbox.stripe.finalising import settle
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
    Text,
    merged,
)
from mondaybridge.sandbox.stripe.invoice_render import invoice_json
from mondaybridge.sandbox.stripe.lines import lines_page
from mondaybridge.sandbox.stripe.models import CreditNote, Invoice, Mail, Split
from mondaybridge.sandbox.stripe.money import totals_of
from mondaybridge.sandbox.stripe.note_render import (
    credit_line_json,
    credit_note_json,
    refund_json,
)
from mondaybridge.sandbox.stripe.render import customer_json, page_json

_Part = Annotated[Int, Field(ge=0)]


class _CreditNoteFields(Form):
    credit_amount: _Part = 0
    effective_at: Int | None = None
    email_type: Literal["credit_note", "none"] = "credit_note"
    invoice: Name
    lines: Many[CreditLineForm] = Field(default_factory=list)
    memo: Text = None
    metadata: Metadata = Field(default_factory=dict)
    out_of_band_amount: _Part = 0
    refund_amount: _Part = 0
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
    _check_split(invoice, note)
    before = invoice_json(account, invoice)
    invoice.credit_notes_issued += 1
    _book(account, invoice, note)
    account.credit_notes.add(note)
    account.happened("credit_note.created", shown := credit_note_json(note), None)
    email = account.customers[invoice.customer].email
    if form.email_type == "credit_note" and email:
        account.mails.append(Mail("credit_note", note.id, email, account.now()))
    account.happened("invoice.updated", invoice_json(account, invoice), before)
    settled = invoice.status == "open" and invoice.amount_remaining == 0
    if settled and account.settings.credited_in_full == "paid":
        settle(account, invoice)
    return shown


def _preview(account: Account, form: _NewCreditNote) -> Json:
    invoice, note = _drawn_up(account, form)
    _check_preview(account, invoice, note)
    return credit_note_json(note)


def _preview_lines(account: Account, form: _PreviewLines) -> Json:
    invoice, note = _drawn_up(account, form)
    _check_preview(account, invoice, note)
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
        credit_line(account, invoice, line, param=f"lines[{place}]")
        for place, line in enumerate(form.lines)
    ]
    check_lines(lines)
    totals = totals_of(
        (line.amount for line in lines),
        (tax for line in lines for tax in line.taxes),
        settings=account.settings,
    )
    _check_total(invoice, totals.total)
    note = CreditNote(
        **account.new_place("cn"),
        invoice=invoice.id,
        customer=invoice.customer,
        currency=invoice.currency,
        number=f"{invoice.number}-CN-{invoice.credit_notes_issued + 1:02d}",
        lines=lines,
        totals=totals,
        post_payment=max(0, totals.total - invoice.amount_remaining),
        split=Split(form.refund_amount, form.credit_amount, form.out_of_band_amount),
        memo=form.memo,
        reason=form.reason,
        effective_at=form.effective_at,
        metadata=merged({}, form.metadata),
    )
    return invoice, note


def _check_open(invoice: Invoice) -> None:
    if invoice.status not in {"open", "paid"}:
        raise StripeError(
            f"Credit notes need an open or paid invoice; this one is {invoice.status}.",
            param="invoice",
        )


def _check_total(invoice: Invoice, total: int) -> None:
    """Refuse more than notes and direct refunds have left of the invoice."""
    if total > invoice.creditable:
        raise StripeError(
            f"The credit note's total ({total}) exceeds the amount that can be credited"
            f" ({invoice.creditable}).",
            param="lines",
        )


def _check_split(invoice: Invoice, note: CreditNote) -> None:
    """Refuse a split that is not exactly the part that was paid already (§0.4)."""
    if note.split.whole != note.post_payment:
        raise StripeError(
            f"The sum of refund, credit and out of band amounts ({note.split.whole}) must equal"
            f" the post payment amount ({note.post_payment})."
        )
    if note.split.refund > invoice.refundable:
        raise StripeError(
            f"The refund amount ({note.split.refund}) exceeds what can be refunded"
            f" ({invoice.refundable}).",
            param="refund_amount",
        )


def _check_preview(account: Account, invoice: Invoice, note: CreditNote) -> None:
    """Let a preview say what must be split, unless the account wants the split at once (§6)."""
    if note.split.whole or account.settings.preview_needs_split:
        _check_split(invoice, note)


def _book(account: Account, invoice: Invoice, note: CreditNote) -> None:
    """Let a new note have its effect: on invoice, lines, money and balance."""
    invoice.credited += note.pre_payment
    invoice.credited_after_payment += note.post_payment
    book_lines(note, sign=1)
    if note.split.refund:
        invoice.refundable -= note.split.refund
        note.refund = account.new_id("re")
        shown = refund_json(note.refund, account.now(), note.split.refund, note.currency)
        account.happened("refund.created", shown, None)
    if note.split.credit:
        customer = account.customers[invoice.customer]
        before = customer_json(account, customer)
        moved = move(
            account,
            customer,
            -note.split.credit,
            note.currency,
            "credit_note",
            invoice=invoice.id,
            credit_note=note.id,
        )
        note.balance_transaction = moved.id
        account.happened("customer.updated", customer_json(account, customer), before)


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
    if invoice.status != "open" or note.post_payment:
        raise StripeError("You can only void a credit note while its invoice is open.")
    before, invoice_before = credit_note_json(note), invoice_json(account, invoice)
    note.status, note.voided_at = "void", account.now()
    invoice.credited -= note.totals.total
    book_lines(note, sign=-1)
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
