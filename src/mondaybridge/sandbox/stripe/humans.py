"""What people do in Stripe's dashboard; the same rules hold, but no key, no limit and no fault."""

from collections.abc import Callable
from typing import TypeAlias

from mondaybridge.sandbox.stripe.forms import Json, Pairs

Perform: TypeAlias = Callable[[str, str, Pairs], Json]


class StripeHumans:
    """People at the dashboard; what Stripe refuses raises ``StripeError``."""

    def __init__(self, perform: Perform) -> None:
        self._perform = perform

    def edit_draft(self, invoice: str, **fields: str) -> Json:
        """Change fields of a draft, named as in the API, such as ``description``."""
        return self._post(f"/v1/invoices/{invoice}", fields)

    def add_line(self, invoice: str, *, amount: int, description: str) -> Json:
        """Write one more line on a draft."""
        fields = {"lines[0][amount]": str(amount), "lines[0][description]": description}
        return self._post(f"/v1/invoices/{invoice}/add_lines", fields)

    def edit_line(self, invoice: str, *, line: str, amount: int) -> Json:
        """Change the amount of a draft's line."""
        fields = {"lines[0][id]": line, "lines[0][amount]": str(amount)}
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

    def void_invoice(self, invoice: str) -> Json:
        """Void an invoice."""
        return self._post(f"/v1/invoices/{invoice}/void", {})

    def write_off(self, invoice: str) -> Json:
        """Mark an invoice as uncollectible."""
        return self._post(f"/v1/invoices/{invoice}/mark_uncollectible", {})

    def credit_line(self, invoice: str, *, line: str, amount: int) -> Json:
        """Issue a credit note on one line of an invoice, without a mail."""
        fields = {
            "invoice": invoice,
            "email_type": "none",
            "lines[0][type]": "invoice_line_item",
            "lines[0][invoice_line_item]": line,
            "lines[0][amount]": str(amount),
        }
        return self._post("/v1/credit_notes", fields)

    def void_credit_note(self, credit_note: str) -> Json:
        """Void a credit note."""
        return self._post(f"/v1/credit_notes/{credit_note}/void", {})

    def edit_customer(self, customer: str, **fields: str) -> Json:
        """Change fields of a customer, named as in the API."""
        return self._post(f"/v1/customers/{customer}", fields)

    def delete_customer(self, customer: str) -> Json:
        """Delete a customer."""
        return self._perform("DELETE", f"/v1/customers/{customer}", [])

    def _post(self, path: str, fields: dict[str, str]) -> Json:
        return self._perform("POST", path, list(fields.items()))
