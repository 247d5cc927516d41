"""Whether the tax rates of a plan may still be used: asked once more before it is final (P23)."""

from collections.abc import Iterable, Iterator

from mondaybridge.domain.documents import PlannedDocument
from mondaybridge.stripe.client import StripeGateway, raw
from mondaybridge.stripe.failures import Missing


def unusable(gateway: StripeGateway, document: PlannedDocument) -> list[str]:
    """Say which tax rates of a document are no longer active, with the way out."""
    rates = {line.tax_rate for line in document.lines if line.tax_rate}
    return list(_told(gateway, sorted(rates)))


def _told(gateway: StripeGateway, rates: Iterable[str]) -> Iterator[str]:
    for rate in rates:
        if not _active(gateway, rate):
            yield (
                f"tax rate {rate} is not active in Stripe any more: set the new one in the "
                "mapping, or activate it, then release"
            )


def _active(gateway: StripeGateway, rate: str) -> bool:
    try:
        found = gateway.read(lambda client: raw(client, f"/v1/tax_rates/{rate}", {}))
    except Missing:
        return False
    return bool(found["active"])
