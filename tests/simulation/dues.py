"""What each contract's documents must come to, kind by kind (S6).

Where nobody can know which value counts, as of a row that is gone, every value that it ever had
may be billed, and no other.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from simulation.books import Net
from simulation.city import City, Deal
from simulation.model import TYPED, History, Row
from simulation.months import price
from simulation.plan_dues import Seen, carried_into, gone_on, share_of_first

Found: TypeAlias = dict[tuple[str, ...], Net]
Judgements: TypeAlias = Iterator[tuple[bool, str]]


@dataclass(frozen=True, slots=True)
class Bought:
    """Minutes paid for before they are used, and what they cost."""

    minutes: int
    cost: int


def judged_deal(history: History, town: City, deal: Deal, found: Found, seen: Seen) -> Judgements:
    """Judge one contract: each truth with what is told where it does not hold."""
    if deal.granted:
        yield from _bought(history, deal, found, Bought(deal.granted, deal.package_price))
    elif deal.bulk:
        yield from _bought(history, deal, found, Bought(deal.bulk, deal.bulk_price))
    elif deal.kind == "plan":
        yield from _plan(town, history, deal, found, seen)
    elif deal.typed:
        yield from _typed(history, deal, found, seen)
    else:
        yield from _tracked(town, history, deal, found)


def _tracked(town: City, history: History, deal: Deal, found: Found) -> Judgements:
    by_key = {(net.subject, net.period, net.unit): net for net in found.values() if net.of(deal)}
    for row in history.rows_of(deal.contract_id):
        keys = {(p, u) for s, p, u in by_key if s == row.item} | set(row.due())
        for period, unit in sorted(keys):
            net = by_key.get((row.item, period, unit)) or Net(())
            key = (period, unit)
            may = row.now(key) if row.there or row.absorbed else row.values(key)
            truth = any(net.left <= price(m, unit) <= net.left + net.foreign for m in may)
            if row.there and not row.fell(key):  # what was credited by hand is not asked again
                truth = truth and net.amount in {price(m, unit) for m in may}
            told = f"{row.item} {period}: {net.left} is billed, {sorted(may)} min are due at {unit}"
            yield truth, told


def _typed(history: History, deal: Deal, found: Found, seen: Seen) -> Judgements:
    for row in history.rows_of(deal.contract_id):
        mine = [net for net in found.values() if net.of(deal) and net.subject == row.item]
        minutes = sum(net.minutes for net in mine if net.unit)
        may = row.now(TYPED) if row.there or row.absorbed else row.values(TYPED)
        dropped = [at for at, choice in row.decisions if choice == "drop"]
        if dropped and deal.client_id in history.voided:  # what stood on a void is no more
            stood = 0 if row.there else seen.stood(row.item, dropped[-1])
            least = stood - _decreases(row)  # the void may have kept a credit waiting
            truth = max(0, least) <= minutes <= max(may)
        elif any(net.foreign for net in mine):
            truth = any(minutes <= m for m in may) or minutes >= min(may)
        else:
            truth = minutes in may
        yield truth, f"{row.item}: {minutes} min are billed, {sorted(may)} are due"


def _bought(history: History, deal: Deal, found: Found, bought: Bought) -> Judgements:
    """The sale is billed once; beyond is what the hours do not cover, give or take decreases."""
    mine = [net for net in found.values() if net.of(deal)]
    sale = sum(net.left for net in mine if net.kind == "sale")
    sold = f"the sale of {deal.package_id} comes to {sale}, {bought.cost} is due"
    foreign = sum(net.foreign for net in mine)
    yield sale <= bought.cost <= sale + foreign, sold
    rows = history.rows_of(deal.contract_id)
    loose = any(row.absorbed for row in rows)
    beyond = sum(net.minutes for net in mine if net.kind == "usage" and net.unit)
    # Credited as a bug and charged again since, closed months are a debt of the hours (6.7).
    owed = sum(_total(row, max, loose=True) for row in rows if row.was_bug and not row.bug)
    least = sum(_total(row, min, loose=loose) for row in rows) - bought.minutes - owed
    whole = sum(_total(row, max, loose=loose) for row in rows)
    # Hours whose sale was voided rest until it stands again: what is worked meanwhile is beyond.
    most = whole if deal.client_id in history.voided else max(0, whole - bought.minutes)
    most += sum(_decreases(row) for row in rows)
    told = f"{deal.contract_id}: {beyond} min beyond the hours, due are {least} to {most}"
    yield least <= beyond <= most, told


def _plan(town: City, history: History, deal: Deal, found: Found, seen: Seen) -> Judgements:
    """Each month costs its fee once; beyond the included minutes each month's overage is exact.

    What is given back for a bug, or for a question that was right, is used first later: it may
    lower the overage of other months.
    """
    mine = [net for net in found.values() if net.of(deal)]
    fees = sum(net.left for net in mine if net.kind == "fee")
    foreign = sum(net.foreign for net in mine if net.kind == "fee")
    due = share_of_first(deal, town.months[0], deal.fee) + deal.fee * len(town.months)
    told = f"fees of {deal.contract_id} come to {fees}, {due} are due"
    yield fees <= due <= fees + foreign, told
    rows = history.rows_of(deal.contract_id)
    loose = any(row.absorbed for row in rows)
    given = sum(_most_ever(row) for row in rows if row.was_bug or row.upheld)
    carried = carried_into(deal, town.months, rows, seen)
    for name in town.months:
        usage = [net for net in mine if net.kind == "usage" and net.period == name and net.unit]
        beyond = sum(net.minutes for net in usage)
        least, most = (_month_of(rows, name, c, loose=loose) for c in (min, max))
        whole = (
            share_of_first(deal, name, deal.included) if name == town.months[0] else deal.included
        )
        fewest, furthest = carried[name]
        gone = min(whole, gone_on(deal, name, town.months, rows, seen))
        kept = whole + fewest - gone
        may = max(0, least - whole - furthest - given), max(0, most - kept)
        truth = may[0] <= beyond <= may[1] or any(net.foreign for net in usage)
        told = f"{deal.contract_id} {name}: {beyond} min beyond the plan, due are {may}"
        yield truth, told


def _month_of(rows: list[Row], name: str, choose: Callable[..., int], *, loose: bool) -> int:
    """Return a month's minutes over rows; of those that are gone, the least or the most."""
    total = 0
    for row in rows:
        keys = {key for _, due in row.past for key in due if key[0] == name}
        for key in keys:
            total += choose(row.now(key) if row.there and not loose else row.values(key))
    return total


def _total(row: Row, choose: Callable[..., int], *, loose: bool) -> int:
    if row.there and not loose:
        return sum(choose(row.now(key)) for key in row.raw())
    return int(choose([0, *(sum(due.values()) for _, due in row.past)]))


def _most_ever(row: Row) -> int:
    return max((sum(due.values()) for _, due in row.past), default=0)


def _decreases(row: Row) -> int:
    values = [due for _, due in row.past]
    return sum(
        max(0, before[key] - after.get(key, 0))
        for before, after in pairwise(values)
        for key in before
    )
