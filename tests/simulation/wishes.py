"""What is asked of a world before it is drawn: its size, its faults, its terms; else all is drawn.

The hunt of a planted bug asks for the world in which that bug does harm; nobody else asks for more
than the size.
"""

import random
from dataclasses import dataclass, replace

from simulation.city import City, Customer, Deal
from simulation.months import DAY_MS, HOUR_MS, MINUTE_MS, following, instant, price

TERMS = (
    "bulk", "rollover", "proration", "late", "questions", "questions billed", "admission",
)  # fmt: skip
CHANCE, SMALL_CHANCE = 0.3, 0.1
BULK_MINIMUM = 10 * 60


@dataclass(frozen=True, slots=True)
class Wish:
    """What a world must have; what is None is drawn, and an empty tuple means none at all.

    ``later`` is what people do soon after each close, ``pages`` asks for short lists. ``story`` is
    all that happens, by the day after the first month began: nobody does anything else.
    """

    small: bool = False
    kinds: tuple[str, ...] = ()
    terms: tuple[str, ...] | None = None
    faults: tuple[str, ...] | None = None
    pages: bool = False
    later: tuple[str, ...] = ()
    months: int = 0
    story: tuple[tuple[int, str], ...] = ()


def after_closes(town: City, wish: Wish) -> list[tuple[int, str]]:
    """Return what people do when a month was just closed, or should have been."""
    found = []
    for one in town.customers:
        for month in town.months:
            due = instant(following(month), one.zone, 1 + one.after_days) + 12 * HOUR_MS
            found += [(due + number * MINUTE_MS, what) for number, what in enumerate(wish.later)]
    return found


def told(town: City, wish: Wish) -> list[tuple[int, str]]:
    """Return what the wish's story says, at noon of its days."""
    begin = instant(town.months[0], town.customers[0].zone) + 12 * HOUR_MS
    return [
        (begin + day * DAY_MS + number * MINUTE_MS, what)
        for number, (day, what) in enumerate(wish.story)
    ]


def with_terms(town: City, wish: Wish, rng: random.Random) -> City:
    """Give contracts and clients the terms that are asked for or drawn."""
    customers = tuple(_customer(one, town.months, wish, rng) for one in town.customers)
    return replace(town, customers=customers)


def _customer(one: Customer, months: tuple[str, ...], wish: Wish, rng: random.Random) -> Customer:
    found = [term for term in TERMS if _has(term, wish, rng)]
    late_days = rng.choice((3, 10, 25)) if "late" in found else one.late_days
    asked = next((term for term in found if term.startswith("questions")), "")
    deals = tuple(_deal(deal, months, found, rng) for deal in one.deals)
    return replace(one, late_days=late_days, questions=asked, deals=deals)


def _has(term: str, wish: Wish, rng: random.Random) -> bool:
    drawn = rng.random() < (SMALL_CHANCE if wish.small else CHANCE)
    return drawn if wish.terms is None else term in wish.terms


def _deal(deal: Deal, months: tuple[str, ...], terms: list[str], rng: random.Random) -> Deal:
    day, hours = rng.choice((6, 11, 20)), rng.choice((4, 10, 15))
    carried, back = rng.choice((30, 90, 600)), rng.choice((1, 1, 2))
    if deal.kind == "plan":
        if "rollover" in terms:
            deal = replace(deal, carried=(carried, back))
        if "proration" in terms:
            deal = replace(deal, prorated=True, bill_from=instant(months[0], deal.zone, day))
    if deal.kind == "payg" and "bulk" in terms and not deal.typed:
        deal = replace(deal, increment=1, bulk=hours * 60, bulk_price=_bulk_price(deal, hours))
    if deal.kind == "package" and "admission" in terms:
        deal = replace(deal, asks=True, granted=6_000)
    return deal


def _bulk_price(deal: Deal, hours: int) -> int:
    """Return what bought hours cost: 5 % less from the minimum on, rounded once (6.17)."""
    unit = max(one for one in deal.prices if one[0] <= deal.bill_from)[1]
    if hours * 60 < BULK_MINIMUM:
        return price(hours * 60, unit)
    return _rounded(hours * unit * 95, 100)


def _rounded(top: int, bottom: int) -> int:
    whole, rest = divmod(top, bottom)
    return whole + (2 * rest >= bottom)
