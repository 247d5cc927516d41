"""A Stripe account at the desk: plain calls of the stand-in, without any client library."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from mondaybridge.sandbox.stripe.api import StripeApi
from mondaybridge.sandbox.stripe.data import CustomerData, StripeData, TaxRateData
from mondaybridge.sandbox.world import Clock, Request, Response, World

START = 1_793_520_000_000  # 2026-11-01T08:00Z
SECOND = START // 1000
DAY = 86_400
CUSTOMER = "cus_acme"
VAT = "txr_vat"

Fields = Mapping[str, object]
Json = dict[str, Any]


class Desk:
    """An account with one customer and one tax rate."""

    def __init__(self, *, seed: int = 0, **settings: object) -> None:
        self.world = World(Clock(START), seed=seed)
        self.api = StripeApi(self.world, StripeData.model_validate({**_BASE, **settings}))

    def ask(self, method: str, path: str, fields: Fields | None = None, **headers: str) -> Response:
        form = urlencode(list(pairs_of(fields or {})))
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.api.handle(
            Request(
                method,
                path,
                query="" if method == "POST" else form,
                headers={"authorization": "Bearer sk_test_1"} | named,
                body=form.encode() if method == "POST" else b"",
            )
        )

    def post(self, path: str, fields: Fields | None = None, *, key: str = "") -> Json:
        headers = {"idempotency_key": key} if key else {}
        return _content(self.ask("POST", path, fields, **headers))

    def get(self, path: str, fields: Fields | None = None) -> Json:
        return _content(self.ask("GET", path, fields))

    def delete(self, path: str) -> Json:
        return _content(self.ask("DELETE", path))

    def refusal(self, method: str, path: str, fields: Fields | None = None) -> Json:
        response = self.ask(method, path, fields)
        assert response.status >= 400, response.body
        return {"status": response.status, **json.loads(response.body)["error"]}

    def draft(self, *amounts: int, **fields: object) -> str:
        """Write a draft with a line for each amount; return its id."""
        invoice = self.post("/v1/invoices", {"customer": CUSTOMER, **_SENT, **fields})
        identifier = str(invoice["id"])
        if amounts:
            self.post(
                f"/v1/invoices/{identifier}/add_lines",
                {"lines": [{"amount": amount} for amount in amounts]},
            )
        return identifier

    def open(self, *amounts: int, **fields: object) -> Json:
        """Write and finalise an invoice."""
        return self.post(f"/v1/invoices/{self.draft(*amounts, **fields)}/finalize")

    def lines(self, invoice: str) -> list[str]:
        """Return the ids of an invoice's lines."""
        page = self.get(f"/v1/invoices/{invoice}/lines", {"limit": 100})
        return [line["id"] for line in page["data"]]

    def credit(self, invoice: str, line: str, amount: int, **fields: object) -> Json:
        """Credit a part of one line."""
        return self.post("/v1/credit_notes", credit_form(invoice, line, amount) | fields)

    def events(self) -> list[str]:
        """Return what happened, oldest first."""
        return [event.type for event in self.api.events.values()]


_BASE = {
    "customers": [CustomerData(id=CUSTOMER, name="Acme", email="acme@example.invalid")],
    "tax_rates": [TaxRateData(id=VAT, display_name="IVA", percentage=Decimal(22))],
}
_SENT = {"collection_method": "send_invoice", "days_until_due": 30}


def credit_form(invoice: str, line: str, amount: int) -> dict[str, object]:
    """Return the parameters of a credit note on one line."""
    credited = {"type": "invoice_line_item", "invoice_line_item": line, "amount": amount}
    return {"invoice": invoice, "lines": [credited]}


def pairs_of(fields: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Encode nested parameters with brackets."""
    match fields:
        case Mapping():
            for key, value in fields.items():
                yield from pairs_of(value, f"{name}[{key}]" if name else str(key))
        case list() | tuple():
            for place, value in enumerate(fields):
                yield from pairs_of(value, f"{name}[{place}]")
        case bool():
            yield name, str(fields).lower()
        case _:
            yield name, str(fields)


def _content(response: Response) -> Json:
    assert response.status == 200, response.body
    return dict(json.loads(response.body))
