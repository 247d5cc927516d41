"""What each contract's documents must come to, kind by kind (S6).

Where nobody can know which value counts, as of a row that is gone, every value that it ever had
may be billed, and no other.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TypeAlias

from simulation.books import Net
from simulation.city import City, Deal
from simulation.model import TYPED, History, Row
from simulation.months import price

Found: TypeAlias = dict[tuple[str, ...], Net]
Judgements: TypeAlias = Iterator[tuple[bool, str]]


def judged_deal(history: History, town: City, deal: Deal, found: Found) -> Judgements:
    """Judge one contract: each truth with what is told where it does not hold."""
    if deal.kind == "package":
        yield from _package(town, history, deal, found)
    elif deal.kind == "plan":
        yield from _plan(town, history, deal, found)
    elif deal.typed:
        yield from _typed(town, history, deal, found)
    else:
        yield from _tracked(town, history, deal, found)


def _tracked(town: City, history: History, deal: Deal, found: Found) -> Judgements:
    by_key = {(net.subject, net.period, net.unit): net for net in found.values() if net.of(deal)}
    for row in history.rows_of(deal.contract_id):
        keys = {(p, u) for s, p, u in by_key if s == row.item} | set(row.due())
        for period, unit in sorted(keys):
            net = by_key.get((row.item, period, unit)) or Net(())
            key = (period, unit)
            may = {row.due().get(key, 0)} if row.there else row.values(key)
            truth = any(net.left <= price(m, unit) <= net.left + net.foreign for m in may)
            if row.there and not row.fell(key):  # what was credited by hand is not asked again
                truth = truth and net.amount == price(row.due().get(key, 0), unit)
            told = f"{row.item} {period}: {net.left} is billed, {sorted(may)} min are due at {unit}"
            yield truth, told


def _typed(town: City, history: History, deal: Deal, found: Found) -> Judgements:
    for row in history.rows_of(deal.contract_id):
        mine = [net for net in found.values() if net.of(deal) and net.subject == row.item]
        minutes = sum(net.minutes for net in mine if net.unit)
        may = {row.due().get(TYPED, 0)} if row.there else row.values(TYPED)
        if any(net.foreign for net in mine):
            truth = any(minutes <= m for m in may) or minutes >= min(may)
        else:
            truth = minutes in may
        yield truth, f"{row.item}: {minutes} min are billed, {sorted(may)} are due"


def _package(town: City, history: History, deal: Deal, found: Found) -> Judgements:
    """The sale is billed once; overage is what the hours do not cover, give or take decreases."""
    mine = [net for net in found.values() if net.of(deal)]
    sale = sum(net.left for net in mine if net.kind == "sale")
    sold = f"the sale of {deal.package_id} comes to {sale}"
    foreign = sum(net.foreign for net in mine)
    yield sale <= deal.package_price <= sale + foreign, sold
    rows = history.rows_of(deal.contract_id)
    beyond = sum(net.minutes for net in mine if net.kind == "usage" and net.unit)
    least = sum(_total(row, min) for row in rows) - deal.granted
    most = max(0, sum(_total(row, max) for row in rows) - deal.granted)
    most += sum(_decreases(row) for row in rows)
    told = f"{deal.contract_id}: {beyond} min beyond the hours, due are {least} to {most}"
    yield least <= beyond <= most, told


def _plan(town: City, history: History, deal: Deal, found: Found) -> Judgements:
    """Each month costs its fee once; beyond the included minutes each month's overage is exact."""
    mine = [net for net in found.values() if net.of(deal)]
    fees = sum(net.left for net in mine if net.kind == "fee")
    foreign = sum(net.foreign for net in mine if net.kind == "fee")
    due = deal.fee * (len(town.months) + 1)
    told = f"fees of {deal.contract_id} come to {fees}, {due} are due"
    yield fees <= due <= fees + foreign, told
    rows = history.rows_of(deal.contract_id)
    for name in town.months:
        usage = [net for net in mine if net.kind == "usage" and net.period == name and net.unit]
        beyond = sum(net.minutes for net in usage)
        least, most = _month_of(rows, name, min), _month_of(rows, name, max)
        may = max(0, least - deal.included), max(0, most - deal.included)
        truth = may[0] <= beyond <= may[1] or any(net.foreign for net in usage)
        told = f"{deal.contract_id} {name}: {beyond} min beyond the plan, due are {may}"
        yield truth, told


def _month_of(rows: list[Row], name: str, choose: Callable[..., int]) -> int:
    """Return a month's minutes over rows; of those that are gone, the least or the most."""
    total = 0
    for row in rows:
        keys = {key for _, due in row.past for key in due if key[0] == name}
        for key in keys:
            total += row.due().get(key, 0) if row.there else choose(row.values(key))
    return total


def _total(row: Row, choose: Callable[..., int]) -> int:
    if row.there:
        return sum(row.due().values())
    return int(choose([0, *(sum(due.values()) for _, due in row.past)]))


def _decreases(row: Row) -> int:
    values = [due for _, due in row.past]
    return sum(
        max(0, before[key] - after.get(key, 0))
        for before, after in pairwise(values)
        for key in before
    )
