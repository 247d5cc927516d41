"""What Stripe shows: whether the key works, and every customer and tax rate of the mapping."""

from collections.abc import Iterator

from mondaybridge.domain.contract import Client, Contract
from mondaybridge.domain.money import RateKey
from mondaybridge.errors import ConfigurationError
from mondaybridge.mapping.models import Mapping
from mondaybridge.setup.finding import Check, Finding, Level, failure, fine, guarded, remark
from mondaybridge.store.peer import STRIPE, Peer, refuse_other
from mondaybridge.stripe.account import account_id
from mondaybridge.stripe.client import Json, StripeGateway, raw
from mondaybridge.stripe.failures import Missing

KEY = "check MONDAYBRIDGE_STRIPE__API_KEY, MONDAYBRIDGE_STRIPE__API_URL and the network"
OTHER = "set MONDAYBRIDGE_STRIPE__API_KEY to a key of the database's account, or use its database"
READS = {
    "/v1/invoices": "Invoices: Write",
    "/v1/credit_notes": "Credit notes: Write",
    "/v1/customers": "Customers: Write",
    "/v1/events": "Events: Read",
}
"""What a restricted key must be allowed, by what it is tried with; nothing is written (P30)."""


def stripe(
    gateway: StripeGateway,
    mapping: Mapping | None,
    customers: dict[str, str],
    *,
    live: bool,
    bound: Peer | None,
) -> Iterator[Finding]:
    """Yield what is found at Stripe; ``live`` says which kind of key is set.

    ``bound`` is the account of the database, ``customers`` whom it bills for each client.
    """
    mode = "live mode: documents are real" if live else "test mode: documents bind nobody"
    works = list(guarded(Check.STRIPE_KEY, lambda: _key(gateway, mode), KEY))
    yield from works
    if works[0].level is Level.FAIL:
        return
    yield from guarded(Check.STRIPE_ACCOUNT, lambda: _account(gateway, bound, live=live), KEY)
    for path, needs in READS.items():
        yield from guarded(
            Check.PERMISSIONS,
            lambda at=path, what=needs: _allowed(gateway, at, what),  # type: ignore[misc]  # the defaults bind this turn's path
            f"give the key {needs} in Stripe's dashboard, or set an unrestricted one",
        )
    for client in mapping.clients if mapping else ():
        yield from guarded(
            Check.CUSTOMER,
            lambda one=client: _customer(gateway, one, customers.get(one.client_id, "")),  # type: ignore[misc]  # as above
            KEY,
        )
    for tax_rate, place in _tax_rates(mapping).items() if mapping else ():
        yield from guarded(
            Check.TAX_RATE,
            lambda rate=tax_rate, at=place: _tax_rate(gateway, rate, at),  # type: ignore[misc]  # as above
            KEY,
        )


def _key(gateway: StripeGateway, mode: str) -> Iterator[Finding]:
    _read(gateway, "/v1/customers", limit=1)
    yield fine(Check.STRIPE_KEY, f"Stripe takes the key; {mode}")


def _account(gateway: StripeGateway, bound: Peer | None, *, live: bool) -> Iterator[Finding]:
    met = Peer(STRIPE, account_id(gateway), live)
    if bound is None:
        yield fine(Check.STRIPE_ACCOUNT, f"the database will belong to {met.shown}")
        return
    if bound.account_id:
        try:
            refuse_other(bound, met)
        except ConfigurationError as error:
            yield failure(Check.STRIPE_ACCOUNT, str(error), OTHER)
            return
    yield fine(Check.STRIPE_ACCOUNT, f"the database belongs to {met.shown}")


def _allowed(gateway: StripeGateway, path: str, needs: str) -> Iterator[Finding]:
    _read(gateway, path, limit=1)
    yield fine(Check.PERMISSIONS, f"the key may read {path}; it needs {needs}")


def _customer(gateway: StripeGateway, client: Client, name: str) -> Iterator[Finding]:
    place = f"clients.{client.client_id}"
    if not name:
        text = f"{place}: a customer is made with the first document, with {client.email}"
        yield fine(Check.CUSTOMER, text)
        return
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
    elif not found.get("email"):
        yield failure(
            Check.CUSTOMER,
            f"{place}: the customer {name} has no e-mail address: Stripe cannot mail its invoices",
            "give it one at Stripe",
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
        for key in _prices(contract):
            if key.tax_rate:
                places.setdefault(key.tax_rate, f"contract {contract.contract_id}")
    return places


def _prices(contract: Contract) -> Iterator[RateKey]:
    """Yield every price that a contract can bill with."""
    plans = [phase.plan for phase in contract.plans]
    named = (*contract.person_rates, *contract.service_rates)
    dated = [
        *(contract.rates, contract.policies.overage, contract.standard_rates),
        *(one.rates for one in named),
        *(rates for plan in plans for rates in (plan.overage, plan.hourly)),
    ]
    yield from (rate.price for rates in dated for rate in rates)
    yield from (plan.fee for plan in plans)
    yield from (package.price for package in contract.packages)


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
