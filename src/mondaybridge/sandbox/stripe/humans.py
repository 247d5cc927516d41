"""What people do in Stripe's dashboard, and customers at their bank.

The same rules hold as for the API, but no key, no limit and no fault.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from mondaybridge.sandbox.stripe import endpoints, payments
from mondaybridge.sandbox.stripe.account import Account
from mondaybridge.sandbox.stripe.errors import StripeError
from mondaybridge.sandbox.stripe.forms import Json, Pairs
from mondaybridge.sandbox.stripe.invoice_render import invoice_json
from mondaybridge.sandbox.stripe.models import Invoice

Perform: TypeAlias = Callable[[str, str, Pairs], Json]


class StripeHumans:
    """People at the dashboard; what Stripe refuses raises ``StripeError``."""

    def __init__(self, account: Account, perform: Perform) -> None:
        self._account = account
        self._perform = perform

    def edit_draft(self, invoice: str, **fields: str) -> Json:
        """Change fields of a draft, named as in the API, such as ``description``."""
        return self._post(f"/v1/invoices/{invoice}", fields)

    def add_line(self, invoice: str, *, amount: int, description: str) -> Json:
        """Write one more line on a draft."""
        fields = {"lines[0][amount]": str(amount), "lines[0][description]": description}
        return self._post(f"/v1/invoices/{invoice}/add_lines", fields)

    def edit_line(self, invoice: str, *, line: str, amount: int, **more: str) -> Json:
        """Change a draft's line; ``more`` are fields of the API, such as ``metadata[key]``."""
        fields = {"lines[0][id]": line, "lines[0][amount]": str(amount)}
        fields |= {_inside("lines[0]", name): value for name, value in more.items()}
        return self._post(f"/v1/invoices/{invoice}/update_lines", fields)

    def remove_line(self, invoice: str, *, line: str) -> Json:
        """Strike a line off a draft."""
        fields = {"lines[0][id]": line, "lines[0][behavior]": "delete"}
        return self._post(f"/v1/invoices/{invoice}/remove_lines", fields)

    def delete_draft(self, invoice: str) -> Json:
        """Throw a draft away."""
        return self._perform("DELETE", f"/v1/invoices/{invoice}", [])

    def finalize_invoice(self, invoice: str) -> Json:
        """Finalise a draft."""
        return self._post(f"/v1/invoices/{invoice}/finalize", {})

    def send_invoice(self, invoice: str) -> Json:
        """Mail an invoice."""
        return self._post(f"/v1/invoices/{invoice}/send", {})

    def pay_invoice(self, invoice: str) -> Json:
        """Record a payment that came by bank transfer."""
        return self._post(f"/v1/invoices/{invoice}/pay", {"paid_out_of_band": "true"})

    def pay(self, invoice: str, *, amount: int | None = None) -> Json:
        """Pay all that remains, or a part of it, by card or transfer through Stripe."""
        found = self._invoice(invoice)
        payments.receive(self._account, found, amount)
        return invoice_json(self._account, found)

    def fail_payment(self, invoice: str) -> Json:
        """Try to pay and be declined."""
        found = self._invoice(invoice)
        payments.fail(self._account, found)
        return invoice_json(self._account, found)

    def refund(self, invoice: str, *, amount: int) -> Json:
        """Give money back without a credit note."""
        found = self._invoice(invoice)
        payments.give_back(self._account, found, amount)
        return invoice_json(self._account, found)

    def edit_metadata(self, document: str, metadata: Mapping[str, str]) -> Json:
        """Change metadata of an invoice or a credit note in any state; "" removes a key."""
        kind = "credit_notes" if document.startswith("cn_") else "invoices"
        fields = {f"metadata[{key}]": value for key, value in metadata.items()}
        return self._post(f"/v1/{kind}/{document}", fields)

    def void_invoice(self, invoice: str) -> Json:
        """Void an invoice."""
        return self._post(f"/v1/invoices/{invoice}/void", {})

    def write_off(self, invoice: str) -> Json:
        """Mark an invoice as uncollectible."""
        return self._post(f"/v1/invoices/{invoice}/mark_uncollectible", {})

    def credit_line(self, invoice: str, *, line: str, amount: int, **more: str) -> Json:
        """Issue a credit note on one line of an invoice, without a mail.

        ``more`` are fields of the API, such as ``refund_amount``, ``credit_amount`` or ``memo``.
        """
        fields = {
            "invoice": invoice,
            "email_type": "none",
            "lines[0][type]": "invoice_line_item",
            "lines[0][invoice_line_item]": line,
            "lines[0][amount]": str(amount),
        }
        return self._post("/v1/credit_notes", fields | more)

    def goodwill(self, invoice: str, *, amount: int, description: str, **more: str) -> Json:
        """Issue a credit note on no line of the invoice, without a mail."""
        fields = {
            "invoice": invoice,
            "email_type": "none",
            "lines[0][type]": "custom_line_item",
            "lines[0][description]": description,
            "lines[0][unit_amount]": str(amount),
        }
        return self._post("/v1/credit_notes", fields | more)

    def void_credit_note(self, credit_note: str) -> Json:
        """Void a credit note."""
        return self._post(f"/v1/credit_notes/{credit_note}/void", {})

    def create_customer(self, **fields: str) -> Json:
        """Create a customer."""
        return self._post("/v1/customers", fields)

    def adjust_balance(self, customer: str, *, amount: int, currency: str) -> Json:
        """Move a customer's balance; negative is a credit."""
        fields = {"amount": str(amount), "currency": currency}
        return self._post(f"/v1/customers/{customer}/balance_transactions", fields)

    def switch_tax_rate(self, tax_rate: str, *, active: bool) -> Json:
        """Switch a tax rate off or on."""
        return self._post(f"/v1/tax_rates/{tax_rate}", {"active": str(active).lower()})

    def roll_secret(self, url: str) -> str:
        """Give a webhook's address a new secret; the old one signs too for a day."""
        found = next((e for e in self._account.endpoints.values() if e.url == url), None)
        if found is None:
            raise StripeError(f"No such webhook endpoint: {url}", status=404)
        return endpoints.roll(self._account, found)

    def edit_customer(self, customer: str, **fields: str) -> Json:
        """Change fields of a customer, named as in the API."""
        return self._post(f"/v1/customers/{customer}", fields)

    def delete_customer(self, customer: str) -> Json:
        """Delete a customer."""
        return self._perform("DELETE", f"/v1/customers/{customer}", [])

    def _invoice(self, identifier: str) -> Invoice:
        payments.pass_time(self._account)
        return self._account.invoices.find(identifier)

    def _post(self, path: str, fields: dict[str, str]) -> Json:
        return self._perform("POST", path, list(fields.items()))


def _inside(place: str, name: str) -> str:
    """Return a field's name within a place: ``metadata[k]`` is ``place[metadata][k]``."""
    first, bracket, rest = name.partition("[")
    return f"{place}[{first}]{bracket}{rest}"
