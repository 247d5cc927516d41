"""What Stripe shows: whether the key works, and every customer and tax rate of the mapping."""

from collections.abc import Iterator

from mondaybridge.domain.contract import Client
from mondaybridge.mapping.models import Mapping
from mondaybridge.setup.finding import Check, Finding, Level, failure, fine, guarded, remark
from mondaybridge.stripe.client import Json, StripeGateway, raw
from mondaybridge.stripe.failures import Missing

KEY = "check MONDAYBRIDGE_STRIPE__API_KEY, MONDAYBRIDGE_STRIPE__API_URL and the network"


def stripe(gateway: StripeGateway, mapping: Mapping | None, *, live: bool) -> Iterator[Finding]:
    """Yield what is found at Stripe; ``live`` says which kind of key is set."""
    mode = "live mode: documents are real" if live else "test mode: documents bind nobody"
    works = list(guarded(Check.STRIPE_KEY, lambda: _key(gateway, mode), KEY))
    yield from works
    if mapping is None or works[0].level is Level.FAIL:
        return
    for client in mapping.clients:
        place = f"clients.{client.client_id}"
        yield from guarded(
            Check.CUSTOMER,
            lambda one=client, at=place: _customer(gateway, one, at),  # type: ignore[misc]  # the defaults bind this turn's client
            KEY,
        )
    for tax_rate, place in _tax_rates(mapping).items():
        yield from guarded(
            Check.TAX_RATE,
            lambda rate=tax_rate, at=place: _tax_rate(gateway, rate, at),  # type: ignore[misc]  # as above
            KEY,
        )


def _key(gateway: StripeGateway, mode: str) -> Iterator[Finding]:
    _read(gateway, "/v1/customers", limit=1)
    yield fine(Check.STRIPE_KEY, f"Stripe takes the key; {mode}")


def _customer(gateway: StripeGateway, client: Client, place: str) -> Iterator[Finding]:
    name = client.stripe_customer
    try:
        found = _read(gateway, f"/v1/customers/{name}")
    except Missing:
        yield failure(
            Check.CUSTOMER,
            f"{place}: Stripe has no customer {name} in this account and mode",
            f"correct {place}.stripe_customer, or set the key of its account and mode",
        )
        return
    if found.get("deleted"):
        yield failure(
            Check.CUSTOMER,
            f"{place}: the customer {name} was deleted at Stripe",
            f"make a new customer and set it as {place}.stripe_customer",
        )
    elif found.get("balance"):
        yield remark(
            Check.CUSTOMER,
            f"{place}: the customer {name} has a balance at Stripe: the next invoice settles it, "
            "and asks for more or less than its lines say",
            "bring the balance to zero there, or leave it so",
        )
    else:
        yield fine(Check.CUSTOMER, f"{place}: the customer {name} is there: {found.get('name')}")


def _tax_rates(mapping: Mapping) -> dict[str, str]:
    """Return every tax rate with the first place that uses it."""
    places: dict[str, str] = {}
    for contract in mapping.contracts:
        where = f"contract {contract.contract_id}"
        keys = [rate.price for rate in (*contract.rates, *contract.policies.overage)]
        for key in (*keys, *(package.price for package in contract.packages)):
            if key.tax_rate:
                places.setdefault(key.tax_rate, where)
    return places


def _tax_rate(gateway: StripeGateway, tax_rate: str, place: str) -> Iterator[Finding]:
    try:
        found = _read(gateway, f"/v1/tax_rates/{tax_rate}")
    except Missing:
        yield failure(
            Check.TAX_RATE,
            f"{place}: Stripe has no tax rate {tax_rate} in this account and mode",
            f"correct the tax_rate of {place}, or set the key of its account and mode",
        )
        return
    what = f"{found.get('display_name')} {found.get('percentage')} %"
    if found.get("active", True):
        yield fine(Check.TAX_RATE, f"{place}: the tax rate {tax_rate} is there: {what}")
    else:
        yield failure(
            Check.TAX_RATE,
            f"{place}: the tax rate {tax_rate} ({what}) is archived at Stripe",
            "put it back there, or name the rate that took its place",
        )


def _read(gateway: StripeGateway, path: str, **params: object) -> Json:
    return gateway.read(lambda client: raw(client, path, params))
