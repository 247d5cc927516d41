"""What must fit together across places: names, currencies, days, boards that belong to one.

What packages need beside stands in ``cross_packages``, working time in ``cross_time``. Works on
the plain tree, so that one mistake does not hide the others; a place whose own form is
wrong is passed over here.
"""

from collections.abc import Iterator
from itertools import pairwise
from string import Formatter

from mondaybridge.domain.money import parse_amount
from mondaybridge.mapping.cross_billing import client_problems, contract_problems, currencies
from mondaybridge.mapping.cross_packages import prepaid
from mondaybridge.mapping.cross_plans import plan_problems, reductions
from mondaybridge.mapping.cross_time import calendar_problems, promise_problems
from mondaybridge.mapping.places import Found, path_text, select
from mondaybridge.mapping.scalars import nearest
from mondaybridge.mapping.terms import TimingKeys
from mondaybridge.mapping.yaml_tree import Path

FILLED = ("client", "contract", "package")
CONTRACTS = ("clients", "*", "contracts", "*")
RATES = (
    (*CONTRACTS, "rate"),
    (*CONTRACTS, "policies", "overage_rate"),
    (*CONTRACTS, "rates_by_person", "*"),
    (*CONTRACTS, "rates_by_service", "*"),
    ("plans", "*", "overage"),
    ("plans", "*", "hourly"),
    ("standard", "*"),
)
# Columns whose labels mean something, and the meanings among which a label may stand once.
LABELLED = {
    "status": ("new", "working", "waiting", "done", "cancelled"),
    "approval": ("approved", "rejected", "auto"),
    "service": ("types", "other"),
    "due_kind": ("rigid", "flexible"),
    "question": ("questioned", "answered", "accepted", "adjusted", "withdrawn"),
}


def disagreements(data: object) -> Found:
    """Yield every place that does not fit another, with what to do."""
    yield from _once(data, ((*CONTRACTS, "boards", "*", "id"),), "a board belongs to one contract")
    yield from _once(data, ((*CONTRACTS, "id"),), "a contract's id is its own")
    packages = ((*CONTRACTS, "packages", "*", "id"), (*CONTRACTS, "bulk", "purchases", "*", "id"))
    yield from _once(data, packages, "a package's id is its own")
    yield from _once(
        data, (("clients", "*", "stripe_customer"),), "a Stripe customer is one client"
    )
    yield from _named(data, (*CONTRACTS, "boards", "*", "columns"), "columns")
    for pattern in RATES:
        yield from _named(data, pattern, "rates")
    yield from _named(data, (*CONTRACTS, "plan"), "plans")
    yield from _named(data, (*CONTRACTS, "plan", "*", "plan"), "plans")
    yield from _named(data, (*CONTRACTS, "calendar"), "calendars")
    yield from _users(data)
    yield from _templates(data)
    yield from _timing(data)
    for path, calendar in select(data, "calendars", "*"):
        yield from calendar_problems(path, calendar)
    for path, columns in select(data, "columns", "*"):
        yield from _column_set(path, columns)
    for path, rate in select(data, "rates", "*"):
        yield from _rate(path, rate)
    yield from plan_problems(data)
    for path, client in select(data, "clients", "*"):
        yield from _client(data, path, client)
    for path, contract in select(data, *CONTRACTS):
        yield from _contract(data, path, contract)
        yield from contract_problems(data, path, contract)
        yield from promise_problems(path, contract)


def _once(data: object, patterns: tuple[tuple[str, ...], ...], reason: str) -> Found:
    first: dict[str, Path] = {}
    for path, value in (found for pattern in patterns for found in select(data, *pattern)):
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
    for column, meanings in LABELLED.items():
        first: dict[object, Path] = {}
        for meaning in meanings:
            for place, _ in select(columns, column, meaning, "*"):
                if (other := first.setdefault(place[-1], place[:-1])) != place[:-1]:
                    yield (*path, *place), f"label {place[-1]} is {path_text(other)} already"


def _column_ids(columns: object) -> Iterator[tuple[Path, object]]:
    """Yield where columns are named, and under which id one use excludes another.

    The package's own row may use the bridge's columns of other rows, each for one thing.
    """
    for pattern in (("*", "id"), ("*", "*", "id")):
        yield from select(columns, *pattern)
    own = {value for _, value in select(columns, "ours", "*", "id")}
    taken: set[object] = set()
    for place, value in select(columns, "ours", "package", "*", "id"):
        if value not in own or value in taken:
            yield place, value
        taken.add(value)


def _rate(path: Path, rate: object) -> Found:
    currency = next((v for _, v in select(rate, "currency")), None)
    for place, amount in select(rate, "hourly", "*", "amount"):
        yield from _decimals((*path, *place), amount, currency)
    for place, amount in select(rate, "cheaper", "*", "by"):
        yield from _decimals((*path, *place), amount, currency)
    yield from reductions(path, rate)
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
    found = list(currencies(data, client))
    for place, currency in found:
        if currency != found[0][1]:
            first = path_text((*path, *found[0][0]))
            yield (
                (*path, *place),
                f"is in {currency}, {first} in {found[0][1]}: one currency per client",
            )
    for amount in (("bounds", "first_amount"), ("min_invoice",), ("min_credit",)):
        for place, value in select(client, "policies", *amount):
            yield from _decimals((*path, *place), value, found[0][1] if found else None)
    yield from client_problems(data, path, client)


def _contract(data: object, path: Path, contract: object) -> Found:
    values = {place[0]: value for place, value in select(contract, "*")}
    start, end = values.get("bill_from"), values.get("until")
    if isinstance(start, str) and isinstance(end, str) and end <= start:
        yield (*path, "until"), f"{end} does not come after bill_from ({start})"
    for place in (("rate",), ("policies", "overage_rate")):
        for _, name in select(contract, *place):
            yield from _unpriced((*path, *place), data, str(name), start)
    if values.get("boards") == [] and not values.get("template"):
        yield (*path, "boards"), "must not be empty: name a board, or a template to be copied"
    if values.get("kind") == "prepaid_package":
        yield from prepaid(data, path, contract)


def _unpriced(path: Path, data: object, rate: str, start: object) -> Found:
    for _, day in list(select(data, "rates", rate, "hourly", "*", "from"))[:1]:
        if isinstance(start, str) and isinstance(day, str) and day > start:
            yield path, f"has no price from bill_from ({start}) to {day}"


def _users(data: object) -> Found:
    for client, _ in select(data, "clients", "*"):
        first: dict[str, Path] = {}
        for place, user in select(data, *client, "users", "*"):
            if isinstance(user, str) and (at := first.setdefault(user.casefold(), place)) != place:
                yield place, f"{user!r} stands at {path_text(at)} already: name each user once"


def _templates(data: object) -> Found:
    """Hold apart the boards that are copied from those that are worked on."""
    boards = {board: path for path, board in select(data, *CONTRACTS, "boards", "*", "id")}
    for path, board in select(data, *CONTRACTS, "template", "board"):
        if isinstance(board, str) and board in boards:
            message = f"{board!r} is worked on at {path_text(boards[board])}: copy another board"
            yield path, message
    for path, name in select(data, *CONTRACTS, "template", "name"):
        if isinstance(name, str) and (wrong := unfillable(name)):
            yield path, f"{wrong}: only {{client}}, {{contract}} and {{package}} are filled in"


def unfillable(name: str) -> str:
    """Return what of a template's name cannot be filled in, in a few words; empty: nothing."""
    try:
        fields = [
            (one, form, how) for _, one, form, how in Formatter().parse(name) if one is not None
        ]
    except ValueError:
        return "has a brace that stands alone"
    unknown = [one for one, form, how in fields if one not in FILLED or form or how]
    return f"{{{unknown[0]}}} is not known" if unknown else ""
