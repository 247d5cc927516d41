"""What must fit together across places: names, currencies, days, boards that belong to one.

Works on the plain tree, so that one mistake does not hide the others; a place whose own form is
wrong is passed over here.
"""

from collections.abc import Iterator
from itertools import pairwise

from mondaybridge.domain.money import parse_amount
from mondaybridge.mapping.scalars import nearest
from mondaybridge.mapping.terms import TimingKeys
from mondaybridge.mapping.yaml_tree import Path

Found = Iterator[tuple[Path, str]]
CONTRACTS = ("clients", "*", "contracts", "*")


def disagreements(data: object) -> Found:
    """Yield every place that does not fit another, with what to do."""
    yield from _once(data, (*CONTRACTS, "boards", "*", "id"), "a board belongs to one contract")
    yield from _once(data, (*CONTRACTS, "id"), "a contract's id is its own")
    yield from _once(data, (*CONTRACTS, "packages", "*", "id"), "a package's id is its own")
    yield from _once(data, ("clients", "*", "stripe_customer"), "a Stripe customer is one client")
    yield from _named(data, (*CONTRACTS, "boards", "*", "columns"), "columns")
    yield from _named(data, (*CONTRACTS, "rate"), "rates")
    yield from _timing(data)
    for path, columns in select(data, "columns", "*"):
        yield from _column_set(path, columns)
    for path, rate in select(data, "rates", "*"):
        yield from _rate(path, rate)
    for path, client in select(data, "clients", "*"):
        yield from _client(data, path, client)
    for path, contract in select(data, *CONTRACTS):
        yield from _contract(data, path, contract)


def select(data: object, *steps: str | int) -> Iterator[tuple[Path, object]]:
    """Yield the places that a pattern names; ``*`` stands for every entry."""
    if not steps:
        yield (), data
        return
    if isinstance(data, dict):
        entries = list(data.items())
    elif isinstance(data, list):
        entries = list(enumerate(data))
    else:
        return
    for key, value in entries:
        if steps[0] in ("*", key):
            for path, found in select(value, *steps[1:]):
                yield (key, *path), found


def path_text(path: Path) -> str:
    """Return a path as it is shown: ``clients.acme.contracts[0].rate``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".") or "file"


def _once(data: object, pattern: tuple[str, ...], reason: str) -> Found:
    first: dict[str, Path] = {}
    for path, value in select(data, *pattern):
        if isinstance(value, str) and (place := first.setdefault(value, path)) != path:
            yield path, f"{value!r} stands at {path_text(place)} already: {reason}"


def _named(data: object, pattern: tuple[str, ...], section: str) -> Found:
    names = [str(path[-1]) for path, _ in select(data, section, "*")]
    for path, value in select(data, *pattern):
        if isinstance(value, str) and value not in names:
            yield path, f"{value!r} does not stand under {section}{nearest(value, names)}"


def _timing(data: object) -> Found:
    given = {path[-1]: value for path, value in select(data, "timing", "*")}
    defaults = TimingKeys().model_dump()
    for low, high in (
        ("debounce_seconds", "max_wait_seconds"),
        ("sweep_minutes", "fresh_minutes"),
    ):
        least, most = (given.get(name, defaults[name]) for name in (low, high))
        if isinstance(least, int) and isinstance(most, int) and least > most:
            yield ("timing", high if high in given else low), f"{high} is below {low} ({least})"


def _column_set(path: Path, columns: object) -> Found:
    used: dict[str, Path] = {}
    for place, value in _column_ids(columns):
        if isinstance(value, str) and (other := used.setdefault(value, place)) != place:
            yield (*path, *place), f"column {value!r} is {path_text(other)} already: one use each"
    for column in ("status", "approval"):
        meaning: dict[object, Path] = {}
        for place, _ in select(columns, column, "*", "*"):
            if (other := meaning.setdefault(place[-1], place[:-1])) != place[:-1]:
                yield (*path, *place), f"label {place[-1]} is {path_text(other)} already"


def _column_ids(columns: object) -> Iterator[tuple[Path, object]]:
    for pattern in (("*", "id"), ("actual", "work_date", "id"), ("ours", "*", "id")):
        yield from select(columns, *pattern)


def _rate(path: Path, rate: object) -> Found:
    currency = next((v for _, v in select(rate, "currency")), None)
    for place, amount in select(rate, "hourly", "*", "amount"):
        yield from _decimals((*path, *place), amount, currency)
    days = [(place, day) for place, day in select(rate, "hourly", "*", "from")]
    for (_, earlier), (place, later) in pairwise(days):
        if isinstance(earlier, str) and isinstance(later, str) and later <= earlier:
            yield (*path, *place), f"{later} does not come after {earlier}: the oldest first"


def _decimals(path: Path, amount: object, currency: object) -> Found:
    if isinstance(amount, str) and isinstance(currency, str):
        try:
            parse_amount(amount, currency.lower())
        except ValueError as error:
            if "decimals" in str(error):
                yield path, str(error)


def _client(data: object, path: Path, client: object) -> Found:
    currencies = list(_currencies(data, client))
    for place, currency in currencies:
        if currency != currencies[0][1]:
            first = path_text((*path, *currencies[0][0]))
            yield (
                (*path, *place),
                f"is in {currency}, {first} in {currencies[0][1]}: one currency per client",
            )
    for place, amount in select(client, "policies", "bounds", "first_amount"):
        yield from _decimals((*path, *place), amount, currencies[0][1] if currencies else None)


def _currencies(data: object, client: object) -> Iterator[tuple[Path, str]]:
    for place, name in select(client, "contracts", "*", "rate"):
        for _, currency in select(data, "rates", str(name), "currency"):
            yield place, str(currency)
    for place, price in select(client, "contracts", "*", "packages", "*", "price"):
        if isinstance(price, str) and " " in price:
            yield place, price.rsplit(" ", 1)[1]


def _contract(data: object, path: Path, contract: object) -> Found:
    values = {place[0]: value for place, value in select(contract, "*")}
    start, end = values.get("bill_from"), values.get("until")
    if isinstance(start, str) and isinstance(end, str) and end <= start:
        yield (*path, "until"), f"{end} does not come after bill_from ({start})"
    for _, day in list(select(data, "rates", str(values.get("rate")), "hourly", "*", "from"))[:1]:
        if isinstance(start, str) and isinstance(day, str) and day > start:
            yield (*path, "rate"), f"has no price from bill_from ({start}) to {day}"
    if values.get("kind") == "prepaid_package":
        yield from _prepaid(data, path, contract)


def _prepaid(data: object, path: Path, contract: object) -> Found:
    for place, name in select(contract, "boards", "*", "columns"):
        known = list(select(data, "columns", str(name)))
        if known and not any(value for _, value in select(known[0][1], "approval")):
            yield (*path, *place), f"set {name!r} maps no approval: a package needs the client's"
    for place, package in select(contract, "packages", "*"):
        granted, used = (_minutes(package, key) for key in ("granted", "opening_used"))
        if granted is not None and used is not None and used > granted:
            yield (*path, *place, "opening_used"), "is more than was granted"
        if granted == 0:
            yield (*path, *place, "granted"), "is nothing: a package grants at least a minute"


def _minutes(package: object, key: str) -> int | None:
    for _, text in select(package, key):
        hours, colon, minutes = str(text).partition(":")
        if colon and hours.isdecimal() and minutes.isdecimal():
            return int(hours) * 60 + int(minutes)
    return None
