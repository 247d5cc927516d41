"""Where Stripe shows a document to its reader: asked each time, because such addresses expire."""

from mondaybridge.stripe.client import Json, StripeGateway, raw
from mondaybridge.stripe.failures import Missing

CREDIT_NOTE = "cn_"


def page_of(gateway: StripeGateway, stripe_id: str) -> str | None:
    """Return the page of an invoice, or the file where there is none; of a credit note its file.

    None: it does not exist, or it is still a draft, which nobody is shown.
    """
    kind = "credit_notes" if stripe_id.startswith(CREDIT_NOTE) else "invoices"
    try:
        found = gateway.read(lambda client: raw(client, f"/v1/{kind}/{stripe_id}", {}))
    except Missing:
        return None
    return _address(found, "hosted_invoice_url", "invoice_pdf", "pdf")


def _address(document: Json, *fields: str) -> str | None:
    """Return the first of these that is an address nobody can listen in on."""
    found = (document.get(name) for name in fields)
    return next((one for one in found if isinstance(one, str) and one.startswith("https://")), None)
