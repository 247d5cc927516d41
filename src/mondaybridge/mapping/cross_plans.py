"""What monthly plans must fit: their prices, one another, and the contracts that have them.

A higher plan is never dearer beyond its hours, and no plan is dearer than no plan (R42, R49).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from mondaybridge.domain.money import parse_amount
from mondaybridge.mapping.places import Found, select
from mondaybridge.mapping.yaml_tree import Path

HOUR = 60

Steps = list[tuple[str, int]]
"""Prices, each with the day from which it holds, the oldest first."""


def plan_problems(data: object) -> Found:
    """Yield what is wrong with plans, each alone and beside the others."""
    for path, plan in select(data, "plans", "*"):
        yield from _alone(data, path, plan)
    yield from _ranks(data)
    for currency, rate in select(data, "standard", "*"):
        name = str(rate)
        for _, found in select(data, "rates", name, "currency"):
            if found != currency[-1]:
                yield currency, f"{name!r} is in {found}: name a price list in {currency[-1]}"
    for path, contract in select(data, "clients", "*", "contracts", "*"):
        yield from _changes(data, path, contract)


def reductions(path: Path, rate: object) -> Found:
    """Yield which reductions of a price list leave nothing to pay."""
    currency = next((str(found) for _, found in select(rate, "currency")), "")
    prices = [_minor(value, currency) for _, value in select(rate, "hourly", "*", "amount")]
    least = min((price for price in prices if price is not None), default=None)
    saved = 0
    for place, by in select(rate, "cheaper", "*", "by"):
        saved += _minor(by, currency) or 0
        if least is not None and saved >= least:
            yield (*path, *place), "leaves nothing to pay: all that apply add up"


def _alone(data: object, path: Path, plan: object) -> Found:
    keys = {place[-1]: value for place, value in select(plan, "*")}
    usage = keys.get("commitment", "fee") == "usage_only"
    if keys.get("included") == "0:00":
        yield (*path, "included"), "is nothing: a plan includes at least a minute"
    if not usage and keys.get("fee") is None:
        yield path, 'is missing its fee: write fee: "300.00 GBP", or choose usage_only'
    if usage and keys.get("fee") is not None:
        yield (*path, "fee"), "has no effect with usage_only: remove it, or choose fee"
    if usage and keys.get("hourly") is None:
        yield path, "usage_only needs the price of included hours: name a price list as hourly"
    if not usage and keys.get("hourly") is not None:
        yield (*path, "hourly"), "has no effect with commitment fee: remove it"
    currency = _currency(data, keys.get("overage"))
    fee = keys.get("fee")
    if currency and isinstance(fee, str) and not fee.endswith(f" {currency}"):
        yield (*path, "fee"), f"is not in {currency} as its overage is: one currency per plan"
    hourly = _currency(data, keys.get("hourly"))
    if currency and hourly and currency != hourly:
        yield (*path, "hourly"), f"is in {hourly}, its overage in {currency}: one per plan"
    yield from _dearer(data, path, keys, currency)


def _dearer(data: object, path: Path, keys: dict[str | int, object], currency: str) -> Found:
    """Compare with the standard rate from the first day of both (R42)."""
    standard = next((str(name) for _, name in select(data, "standard", currency)), "")
    usual = _steps(data, standard, -1)
    fee = _minor(str(keys.get("fee")).rpartition(" ")[0], currency)
    minutes = _minutes(keys.get("included"))
    if fee is not None and minutes:
        for day, price in usual:
            if fee * HOUR > price * minutes:
                message = f"is more an hour than the standard rate from {day} on: no discount"
                yield (*path, "fee"), message
                return
    hourly = _steps(data, str(keys.get("hourly")), -1)
    for day in sorted({day for day, _ in (*usual, *hourly)}):
        own, other = _at(hourly, day), _at(usual, day)
        if own is not None and other is not None and own > other:
            yield (*path, "hourly"), f"is more than the standard rate from {day} on: no discount"
            return


@dataclass(frozen=True, slots=True)
class _Beyond:
    """What a plan asks beyond its hours, by day."""

    path: Path
    rank: int
    steps: Steps


def _ranks(data: object) -> Found:
    by_currency: dict[str, list[_Beyond]] = {}
    for path, plan in select(data, "plans", "*"):
        keys = {place[-1]: value for place, value in select(plan, "*")}
        rank, name = keys.get("rank"), str(keys.get("overage"))
        if isinstance(rank, int) and (currency := _currency(data, name)):
            found = _Beyond(path, rank, _steps(data, name, rank))
            by_currency.setdefault(currency, []).append(found)
    for plans in by_currency.values():
        for lower, higher in pairwise(sorted(plans, key=lambda one: one.rank)):
            yield from _higher(lower, higher)


def _higher(lower: _Beyond, higher: _Beyond) -> Found:
    if lower.rank == higher.rank:
        yield (*higher.path, "rank"), f"is that of {lower.path[-1]!r} too: one rank for each plan"
        return
    for day in sorted({day for day, _ in (*lower.steps, *higher.steps)}):
        less, more = _at(lower.steps, day), _at(higher.steps, day)
        if less is not None and more is not None and more > less:
            message = (
                f"is dearer from {day} on than that of {lower.path[-1]!r}, "
                "a lower plan: a higher plan never pays more beyond its hours"
            )
            yield (*higher.path, "overage"), message
            return


def _changes(data: object, path: Path, contract: object) -> Found:
    keys = {place[-1]: value for place, value in select(contract, "*")}
    named, start = keys.get("plan"), keys.get("bill_from")
    if isinstance(named, str):
        yield from _covered((*path, "plan"), data, named, start)
    if not isinstance(named, list):
        return
    at = (*path, "plan")
    days: list[tuple[int, str]] = []
    for number, change in enumerate(named):
        day = change.get("from") if isinstance(change, dict) else None
        if isinstance(change, dict) and day is None:
            yield (*at, number), "is missing its from: the day on which the plan begins"
        elif isinstance(change, dict) and isinstance(day, str):
            days.append((number, day))
            begins = max(day, start) if isinstance(start, str) else day
            yield from _covered((*at, number, "plan"), data, str(change.get("plan")), begins)
    if days and isinstance(start, str) and days[0][1] > start:
        yield (*at, 0, "from"), f"leaves no plan from bill_from ({start}) to {days[0][1]}"
    for (_, earlier), (number, later) in pairwise(days):
        if later <= earlier:
            yield (*at, number, "from"), f"{later} does not come after {earlier}: the oldest first"


def _covered(path: Path, data: object, name: str, start: object) -> Found:
    """Say which of a plan's price lists begins only after the plan does."""
    for key in ("overage", "hourly"):
        for _, rate in select(data, "plans", name, key):
            for _, day in list(select(data, "rates", str(rate), "hourly", "*", "from"))[:1]:
                if isinstance(day, str) and isinstance(start, str) and day > start:
                    yield path, f"has no {key} price from {start} to {day}"


def _currency(data: object, rate: object) -> str:
    found = select(data, "rates", str(rate), "currency")
    return next((str(currency) for _, currency in found), "")


def _steps(data: object, name: str, rank: int) -> Steps:
    """Return the prices of a list by day, less what this rank saves."""
    currency = _currency(data, name)
    base = [(d, m) for d, m, _ in _dated(data, (name, "hourly"), "amount", currency)]
    cut = [
        (day, by)
        for day, by, from_rank in _dated(data, (name, "cheaper"), "by", currency)
        if isinstance(from_rank, int) and rank >= from_rank
    ]
    days = sorted({day for day, _ in (*base, *cut) if _at(base, day) is not None})
    return [
        (day, (_at(base, day) or 0) - sum(by for since, by in cut if since <= day)) for day in days
    ]


def _dated(
    data: object, place: tuple[str, str], key: str, currency: str
) -> Iterator[tuple[str, int, object]]:
    for _, one in select(data, "rates", *place, "*"):
        keys = {path[-1]: value for path, value in select(one, "*")}
        day, minor = keys.get("from"), _minor(keys.get(key), currency)
        if isinstance(day, str) and minor is not None:
            yield day, minor, keys.get("from_rank")


def _at(steps: Steps, day: str) -> int | None:
    return next((price for since, price in reversed(steps) if since <= day), None)


def _minor(text: object, currency: str) -> int | None:
    try:
        return parse_amount(str(text), currency.lower())
    except ValueError:
        return None


def _minutes(text: object) -> int | None:
    hours, colon, minutes = str(text).partition(":")
    if colon and hours.isdecimal() and minutes.isdecimal():
        return int(hours) * HOUR + int(minutes)
    return None
