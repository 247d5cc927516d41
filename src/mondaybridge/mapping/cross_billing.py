"""What billing needs of the file: a customer, a currency, who says the tax, hours bought in bulk.

Also what only packages know, said of a contract without them (ledger 1).
"""

from collections.abc import Iterator

from mondaybridge.mapping.places import Found, path_text, select
from mondaybridge.mapping.scalars import nearest
from mondaybridge.mapping.yaml_tree import Path

CONTRACTS = ("contracts", "*")
# Where a contract names price lists, and where one of them is in the file.
RATES = (
    ("rate",),
    ("policies", "overage_rate"),
    ("rates_by_person", "*"),
    ("rates_by_service", "*"),
)


def client_problems(data: object, path: Path, client: object) -> Found:
    """Yield what keeps a client's documents from being made."""
    keys = {place[-1]: value for place, value in select(client, "*")}
    if keys.get("stripe_customer") is None and keys.get("email") is None:
        yield path, "needs stripe_customer, or the email with which its customer is made"
    standards = list(select(data, "standard", "*"))
    if len(standards) != 1 and keys.get("currency") is None and not _priced(client):
        yield path, "names no price: say its currency, like currency: EUR"
    yield from _taxed(data, path, client)


def _priced(client: object) -> bool:
    """Return whether a contract names any price, be the name right or wrong."""
    priced = (*RATES, ("plan",), ("packages",))
    return any(name for where in priced for _, name in select(client, *CONTRACTS, *where))


def contract_problems(data: object, path: Path, contract: object) -> Found:
    """Yield what does not fit in a contract that is billed for the usage, or in its purchases."""
    policies = {place[-1]: value for place, value in select(contract, "policies", "*")}
    kind = next((value for _, value in select(contract, "kind")), None)
    at = (*path, "policies")
    factor = policies.get("urgent_factor", 1)
    if kind != "prepaid_package" and isinstance(factor, int):
        applies = policies.get("urgent_applies", False)
        if factor > 1 and applies is False:
            message = "only packages charge urgent time more often: say urgent_applies: true too"
            yield (*at, "urgent_factor"), message
        if factor == 1 and applies is True:
            yield (*at, "urgent_applies"), "needs an urgent_factor above 1"
    if policies.get("max_session") == "0:00":
        yield (*at, "max_session"), "would hold every session: allow at least a minute"
    for place, most in select(contract, "policies", "rollover", "max"):
        if most == "0:00":
            yield (*path, *place), "keeps nothing: write rollover: null"
    yield from _purchases(data, path, contract)
    yield from _elsewhere(path, contract, str(policies.get("activate_on", "manual")))
    yield from _services(data, path, contract)


def currencies(data: object, client: object) -> Iterator[tuple[Path, str]]:
    """Yield every place of a client that says a currency, and which."""
    for place, own in select(client, "currency"):
        if own is not None:
            yield place, str(own)
    for place, rate in _named(data, client):
        for _, currency in select(data, "rates", rate, "currency"):
            yield place, str(currency)
    for place, price in select(client, *CONTRACTS, "packages", "*", "price"):
        if isinstance(price, str) and " " in price:
            yield place, price.rsplit(" ", 1)[1]


def _named(data: object, client: object) -> Iterator[tuple[Path, str]]:
    """Yield where a client's contracts name price lists, or plans with their overage."""
    for where in RATES:
        for place, rate in select(client, *CONTRACTS, *where):
            yield place, str(rate)
    for place, name in plans(client):
        for _, rate in select(data, "plans", name, "overage"):
            yield place, str(rate)


def plans(client: object) -> Iterator[tuple[Path, str]]:
    """Yield where a client's contracts name plans, alone or by day."""
    for place, name in select(client, *CONTRACTS, "plan"):
        if isinstance(name, str):
            yield place, name
    for place, name in select(client, *CONTRACTS, "plan", "*", "plan"):
        yield place, str(name)


def _taxed(data: object, path: Path, client: object) -> Found:
    """With automatic tax it is Stripe that says the rate: none may be named beside (S18)."""
    if ("tax", "automatic") not in [
        (place[-1], value) for place, value in select(client, "policies", "tax")
    ]:
        return
    for place, where in _tax_rates(data, client):
        message = f"automatic leaves the tax to Stripe: remove tax_rate at {path_text(where)}"
        yield (*path, *(place or ("policies", "tax"))), message


def _tax_rates(data: object, client: object) -> Iterator[tuple[Path, Path]]:
    policy: Path = ("policies", "tax")
    named: list[Path] = [("rates", str(name)) for _, name in _lists(data, client)]
    named += [("plans", name) for _, name in plans(client)]
    for section in dict.fromkeys(named):
        for _, tax in select(data, *section, "tax_rate"):
            if tax is not None:
                yield policy, (*section, "tax_rate")
    for inside in (("packages", "*"), ("bulk", "purchases", "*")):
        for place, tax in select(client, *CONTRACTS, *inside, "tax_rate"):
            if tax is not None:
                yield place, place


def _lists(data: object, client: object) -> Iterator[tuple[Path, object]]:
    for where in RATES:
        yield from select(client, *CONTRACTS, *where)
    for place, name in plans(client):
        for key in ("overage", "hourly"):
            for _, rate in select(data, "plans", name, key):
                yield place, rate
    for _, currency in currencies(data, client):
        yield from select(data, "standard", currency)


def _purchases(data: object, path: Path, contract: object) -> Found:
    rate = next((str(name) for _, name in select(contract, "rate")), "")
    days = [str(day) for _, day in select(data, "rates", rate, "hourly", "*", "from")]
    for place, purchase in select(contract, "bulk", "purchases", "*"):
        keys = {step[-1]: value for step, value in select(purchase, "*")}
        at, bought, last = (*path, *place), keys.get("bought_on"), keys.get("expires_on")
        if keys.get("hours") == "0:00":
            yield (*at, "hours"), "is nothing: buy at least a minute"
        if isinstance(bought, str) and isinstance(last, str) and last < bought:
            yield (*at, "expires_on"), f"{last} comes before bought_on ({bought})"
        if days and isinstance(bought, str) and bought < days[0]:
            yield (*at, "bought_on"), f"rate {rate!r} has no price before {days[0]}"


def _elsewhere(path: Path, contract: object, activate_on: str) -> Found:
    """An invoice that is not ours says nothing of when it is final or paid (semantics 6.30)."""
    if activate_on not in ("invoice_finalized", "invoice_paid"):
        return
    for inside in (("packages", "*"), ("bulk", "purchases", "*")):
        for place, sale in select(contract, *inside, "sale"):
            if sale == "elsewhere":
                message = f"cannot wait for {activate_on}: invoice it here, or choose manual"
                yield (*path, *place), message
    for place, price in select(contract, "packages", "*", "price"):
        if isinstance(price, str) and not price.rpartition(" ")[0].strip("0."):
            message = f"costs nothing and has no invoice: {activate_on} would never come"
            yield (*path, *place), message


def _services(data: object, path: Path, contract: object) -> Found:
    known: dict[str, None] = {}
    for _, name in select(contract, "boards", "*", "columns"):
        for meaning in ("types", "other"):
            for place, label in select(data, "columns", str(name), "service", meaning, "*"):
                known |= dict.fromkeys((str(label), str(place[-1])))
    for place, _ in select(contract, "rates_by_service", "*"):
        service = str(place[-1])
        if service not in known:
            hint = nearest(service, known) if known else ": map a service column"
            yield (*path, *place), f"{service!r} is no type of service of its boards{hint}"
