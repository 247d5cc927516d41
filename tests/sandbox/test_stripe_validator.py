"""The vendor's own library against the stand-in, judged by the vendor's description (stripe.md §2).

Other tests reach the same judge through ``stripe_validated``.
"""

from collections.abc import Iterator
from decimal import Decimal

import httpx
import pytest
import requests
import stripe

from mondaybridge.sandbox.stripe.api import StripeApi
from mondaybridge.sandbox.stripe.data import StripeData
from mondaybridge.sandbox.world import Clock, World
from stripe_validated import ValidatedStripe, validated_stripe

START = 1_793_520_000_000  # 2026-11-01T08:00Z

OUTSIDE_THE_DESCRIPTION = ["GET /v1/account"]
"""Calls that the description does not have, by method and path: it holds the account's own shape
(``account``: id and object) and not the call."""

USED = {
    "Customer.create",
    "Customer.retrieve",
    "Customer.update",
    "Customer.list",
    "Customer.delete",
    "TaxRate.create",
    "TaxRate.retrieve",
    "TaxRate.update",
    "TaxRate.list",
    "Invoice.create",
    "Invoice.retrieve",
    "Invoice.update",
    "Invoice.delete",
    "Invoice.list",
    "Invoice.add_lines",
    "Invoice.update_lines",
    "Invoice.remove_lines",
    "Invoice.finalize_invoice",
    "Invoice.send_invoice",
    "Invoice.pay",
    "Invoice.void_invoice",
    "Invoice.mark_uncollectible",
    "InvoiceLineItem.list",
    "CreditNote.create",
    "CreditNote.retrieve",
    "CreditNote.update",
    "CreditNote.list",
    "CreditNote.preview",
    "CreditNote.void_credit_note",
    "CreditNoteLineItem.list",
    "CreditNotePreviewLines.list",
    "Event.list",
    "Event.retrieve",
    "Invoice.search",
    "Customer.search",
    "InvoicePayment.list",
    "InvoicePayment.retrieve",
    "CustomerBalanceTransaction.create",
    "CustomerBalanceTransaction.list",
    "CustomerBalanceTransaction.retrieve",
    "CustomerBalanceTransaction.update",
    "WebhookEndpoint.create",
    "WebhookEndpoint.list",
    "WebhookEndpoint.retrieve",
    "WebhookEndpoint.update",
    "WebhookEndpoint.delete",
}


@pytest.fixture
def api() -> StripeApi:
    return StripeApi(World(Clock(START)), StripeData(numbering="customer"))


@pytest.fixture
def judged(api: StripeApi) -> Iterator[ValidatedStripe]:
    with validated_stripe(api.handle) as running:
        yield running


@pytest.fixture
def client(judged: ValidatedStripe) -> Iterator[stripe.StripeClient]:
    stripe.enable_telemetry = False
    with requests.Session() as session:
        yield stripe.StripeClient(
            "sk_test_anything",
            base_addresses={"api": judged.url},
            max_network_retries=0,
            http_client=stripe.RequestsClient(session=session),
        )


def test_a_full_life_breaks_no_shape(
    client: stripe.StripeClient, judged: ValidatedStripe, api: StripeApi
) -> None:
    customer, rate = _customer(client), _tax_rate(client)
    invoice = _issued(client, customer, rate)
    _credited(client, invoice)
    _other_ends(client, customer)
    _split(client, api, customer, rate)
    _taxed(client, api)
    _addresses(client)
    _found_late(client, api, customer)
    _events(client)
    _gone(client)
    report = judged.report()
    assert report.violations == []
    assert {name for name in USED if not report.seen.get(name)} == set()
    assert set(report.seen) == USED
    assert [mail.kind for mail in api.mails] == ["invoice", "credit_note", "credit_note"]


def _customer(client: stripe.StripeClient) -> str:
    customer = client.v1.customers.create(
        {
            "name": "Placeholder GmbH",
            "email": "billing@placeholder.example",
            "address": {"line1": "1 Example Road", "city": "Milano", "country": "IT"},
            "metadata": {"mb_client": "acme"},
            "preferred_locales": ["it"],
            "invoice_settings": {"custom_fields": [{"name": "VAT", "value": "IT000"}]},
        },
        {"idempotency_key": "customer"},
    )
    client.v1.customers.update(customer.id, {"phone": "+39 000", "description": "a client"})
    client.v1.customers.retrieve(customer.id)
    assert [each.id for each in client.v1.customers.list({"limit": 3}).data] == [customer.id]
    return customer.id


def _tax_rate(client: stripe.StripeClient) -> str:
    rate = client.v1.tax_rates.create(
        {"display_name": "IVA", "percentage": 22.0, "inclusive": False, "country": "IT"}
    )
    client.v1.tax_rates.update(rate.id, {"description": "standard"})
    client.v1.tax_rates.retrieve(rate.id)
    assert [each.percentage for each in client.v1.tax_rates.list({"active": True}).data] == [22]
    return rate.id


def _issued(client: stripe.StripeClient, customer: str, rate: str) -> stripe.Invoice:
    draft = client.v1.invoices.create(
        {
            "customer": customer,
            "currency": "eur",
            "auto_advance": False,
            "collection_method": "send_invoice",
            "days_until_due": 30,
            "pending_invoice_items_behavior": "exclude",
            "default_tax_rates": [rate],
            "metadata": {"mb_key": "acme|2026-10"},
            "rendering": {"amount_tax_display": "exclude_tax", "pdf": {"page_size": "a4"}},
        }
    )
    for chunk in (range(100), range(100, 120)):
        client.v1.invoices.add_lines(
            draft.id,
            {
                "lines": [
                    {
                        "amount": 1000 + number,
                        "description": f"Activity {number}",
                        "metadata": {"mb_entry": str(number)},
                        "period": {"start": 1_793_000_000, "end": 1_793_500_000},
                    }
                    for number in chunk
                ]
            },
        )
    filled = client.v1.invoices.update(draft.id, {"footer": "Thank you"})
    assert len(filled.lines.data) == 10
    lines = client.v1.invoices.line_items.list(draft.id, {"limit": 100})
    assert [line.amount for line in lines.auto_paging_iter()] == [1000 + n for n in range(120)]
    client.v1.invoices.finalize_invoice(draft.id, {"auto_advance": False})
    sent = client.v1.invoices.send_invoice(draft.id)
    assert (sent.status, sent.subtotal, sent.total) == ("open", 127140, 155112)
    found = client.v1.invoices.list(
        {"customer": customer, "status": "open", "created": {"gte": START // 1000 - 300}}
    )
    assert [each.id for each in found.data] == [draft.id]
    return client.v1.invoices.retrieve(draft.id, {"expand": ["customer"]})


def _credited(client: stripe.StripeClient, invoice: stripe.Invoice) -> None:
    line = invoice.lines.data[0]
    wanted: stripe.params.CreditNoteCreateParams = {
        "invoice": invoice.id,
        "lines": [
            {"type": "invoice_line_item", "invoice_line_item": line.id, "amount": 400},
            {
                "type": "custom_line_item",
                "description": "goodwill",
                "unit_amount": 100,
                "quantity": 2,
            },
        ],
        "reason": "product_unsatisfactory",
        "metadata": {"mb_key": "acme|2026-10|credit"},
    }
    client.v1.credit_notes.preview({"invoice": invoice.id, "lines": wanted["lines"]})
    client.v1.credit_notes.preview_lines.list({"invoice": invoice.id, "lines": wanted["lines"]})
    note = client.v1.credit_notes.create(wanted)
    assert (note.subtotal, note.total, note.pre_payment_amount) == (600, 688, 688)
    client.v1.credit_notes.update(note.id, {"memo": "as agreed"})
    client.v1.credit_notes.line_items.list(note.id)
    assert client.v1.credit_notes.retrieve(note.id).memo == "as agreed"
    assert [each.id for each in client.v1.credit_notes.list({"invoice": invoice.id}).data] == [
        note.id
    ]
    assert client.v1.credit_notes.void_credit_note(note.id).status == "void"


def _other_ends(client: stripe.StripeClient, customer: str) -> None:
    paid = _small(client, customer)
    client.v1.invoices.finalize_invoice(paid)
    assert client.v1.invoices.pay(paid, {"paid_out_of_band": True}).status == "paid"
    lost = _small(client, customer)
    client.v1.invoices.finalize_invoice(lost)
    assert client.v1.invoices.mark_uncollectible(lost).status == "uncollectible"
    assert client.v1.invoices.void_invoice(lost).status == "void"
    dropped = _small(client, customer)
    (line,) = client.v1.invoices.retrieve(dropped).lines.data
    client.v1.invoices.update_lines(dropped, {"lines": [{"id": line.id, "amount": 7}]})
    client.v1.invoices.remove_lines(dropped, {"lines": [{"id": line.id, "behavior": "delete"}]})
    assert client.v1.invoices.delete(dropped).deleted


def _small(client: stripe.StripeClient, customer: str) -> str:
    draft = client.v1.invoices.create({"customer": customer, "currency": "gbp"})
    client.v1.invoices.add_lines(
        draft.id,
        {
            "lines": [
                {
                    "price_data": {
                        "currency": "gbp",
                        "unit_amount": 6000,
                        "product_data": {"name": "Hours"},
                    },
                    "quantity_decimal": Decimal("1.25"),
                }
            ]
        },
    )
    return draft.id


def _split(client: stripe.StripeClient, api: StripeApi, customer: str, rate: str) -> None:
    """A part is paid, a note goes both ways, the credit meets the next invoice (§1.4, §1.6)."""
    draft = client.v1.invoices.create(
        {
            "customer": customer,
            "currency": "eur",
            "collection_method": "send_invoice",
            "days_until_due": 30,
            "default_tax_rates": [rate],
        }
    )
    client.v1.invoices.add_lines(draft.id, {"lines": [{"amount": 10_000}]})
    client.v1.invoices.finalize_invoice(draft.id)
    api.humans.fail_payment(draft.id)
    api.humans.pay(draft.id, amount=12_000)
    (payment,) = client.v1.invoice_payments.list({"invoice": draft.id}).data
    assert client.v1.invoice_payments.retrieve(payment.id).amount_paid == 12_000
    line = client.v1.invoices.retrieve(draft.id).lines.data[0].id
    lines: list[stripe.params.CreditNoteCreateParamsLine] = [
        {"type": "invoice_line_item", "invoice_line_item": line, "amount": 1000}
    ]
    seen = client.v1.credit_notes.preview({"invoice": draft.id, "lines": lines})
    assert (seen.pre_payment_amount, seen.post_payment_amount) == (200, 1020)
    note = client.v1.credit_notes.create(
        {
            "invoice": draft.id,
            "lines": lines,
            "refund_amount": 500,
            "credit_amount": 420,
            "out_of_band_amount": 100,
        }
    )
    assert (note.type, note.refunds[0].amount_refunded) == ("mixed", 500)
    transactions = client.v1.customers.balance_transactions
    made = transactions.create(customer, {"amount": -80, "currency": "eur"})
    transactions.update(customer, made.id, {"description": "goodwill"})
    assert transactions.retrieve(customer, made.id).ending_balance == -500
    assert [row.amount for row in transactions.list(customer).data] == [-80, -420]


def _taxed(client: stripe.StripeClient, api: StripeApi) -> None:
    """Stripe's own tax, and a place that it does not know (§1.9)."""
    nowhere = client.v1.customers.create({"name": "Nowhere Ltd"})
    draft = client.v1.invoices.create(
        {"customer": nowhere.id, "currency": "eur", "automatic_tax": {"enabled": True}}
    )
    client.v1.invoices.add_lines(draft.id, {"lines": [{"amount": 10_000}]})
    with pytest.raises(stripe.InvalidRequestError) as raised:
        client.v1.invoices.finalize_invoice(draft.id)
    assert raised.value.code == "customer_tax_location_invalid"
    failed = client.v1.invoices.retrieve(draft.id)
    assert failed.last_finalization_error is not None
    client.v1.customers.update(nowhere.id, {"address": {"country": "IT"}})
    assert client.v1.invoices.finalize_invoice(draft.id).total == 12_200
    api.humans.pay(draft.id)


def _addresses(client: stripe.StripeClient) -> None:
    url = "https://bridge.example/hooks/stripe"
    made = client.v1.webhook_endpoints.create(
        {"url": url, "enabled_events": ["invoice.paid"], "api_version": "2026-10-28.endive"}
    )
    assert made.secret
    client.v1.webhook_endpoints.update(made.id, {"disabled": True})
    assert client.v1.webhook_endpoints.retrieve(made.id).status == "disabled"
    assert [each.url for each in client.v1.webhook_endpoints.list().data] == [url]
    assert client.v1.webhook_endpoints.delete(made.id).deleted


def _found_late(client: stripe.StripeClient, api: StripeApi, customer: str) -> None:
    api.world.clock.advance(61_000)
    open_ones = client.v1.invoices.search({"query": "status:'open'", "limit": 100})
    assert {each.status for each in open_ones.data} == {"open"}
    known = client.v1.customers.search({"query": "metadata['mb_client']:'acme'"})
    assert [each.id for each in known.data] == [customer]


def _events(client: stripe.StripeClient) -> None:
    events = client.v1.events.list({"types": ["invoice.sent", "invoice.voided"], "limit": 100})
    assert [each.type for each in events.data] == ["invoice.voided", "invoice.sent"]
    assert client.v1.events.retrieve(events.data[0].id).api_version == stripe.api_version
    everything = client.v1.events.list({"limit": 100})
    assert everything.data[-1].type == "customer.created"


def _gone(client: stripe.StripeClient) -> None:
    other = client.v1.customers.create({"name": "Short-lived Ltd"})
    assert client.v1.customers.delete(other.id).deleted


def test_the_judge_sees_what_is_wrong(judged: ValidatedStripe) -> None:
    answer = httpx.post(
        f"{judged.url}/v1/invoices",
        data={"customr": "cus_1"},
        headers={"authorization": "Bearer sk_test_anything"},
    )
    assert answer.status_code == 400
    assert judged.report().violations != []
