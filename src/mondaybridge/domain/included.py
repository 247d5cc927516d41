"""A plan's minutes: included in the month's allowance, or beyond it (R42, R49, ledger 6.6).

An open month is told anew in order of work; a closed one keeps the allocation that was frozen, and
the margin rule says what late changes do to it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mondaybridge.domain.asked import Asking, posted
from mondaybridge.domain.bugs import documented
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.cover import Cover, Demand, Place, Stands, draw, put
from mondaybridge.domain.ledger import LedgerSum, SumGroup
from mondaybridge.domain.margin import Margin, Part, at_prices, margin
from mondaybridge.domain.outcome import History
from mondaybridge.domain.plan_months import PlanMonth, bought, carried_into
from mondaybridge.domain.usage import INCLUDED, OVERAGE
from mondaybridge.domain.worktime import following, month


@dataclass(slots=True)
class Allotment:
    """Where all minutes of a plan belong; ``opened`` are its open months as they may be used.

    ``goodwill`` is what documented bugs give back of closed months, by activity and month: minutes
    that were included there and caused no overage are used first later (R55).
    """

    stands: Stands = field(default_factory=dict)
    opened: dict[str, PlanMonth] = field(default_factory=dict)
    goodwill: dict[tuple[str, str], int] = field(default_factory=dict)
    spent: dict[str, int] = field(default_factory=dict)


def allot(contract: Contract, rows: Mapping[str, Asking], history: History) -> Allotment:
    """Stand every minute of a plan where it belongs."""
    found, frozen = Allotment(), parts(history.frozen)
    asked = {demand.period for row in rows.values() for demand in row.asked}
    known = {place.period for row in rows.values() for place in row.known}
    found.goodwill = {p: m for p, m in _given(history).items() if not _on_a_board(rows, p[0])}
    for period in sorted((asked | known | frozen.keys()) & history.closed):
        _closed(found, period, rows, frozen.get(period, {}), history)
    for period in sorted(asked - history.closed):
        opened = open_month(contract, period, history, found)
        cover = Cover(INCLUDED, "", opened.limit)
        mine = [demand for row in rows.values() for demand in row.of(period)]
        _add(found, draw(mine, [cover], OVERAGE))
        used = opened.limit - cover.left
        found.opened[period] = replace(opened, used=used)
    return found


def open_month(contract: Contract, period: str, history: History, found: Allotment) -> PlanMonth:
    """Return an open month with what earlier months left to it: carried minutes and goodwill.

    Goodwill goes to the first month that uses it.
    """
    given = sum(found.goodwill.values())
    given -= sum(one.goodwill for one in history.plan_months.values())
    given -= sum(min(one.goodwill, one.used) for one in found.opened.values())
    return replace(
        bought(contract, month(period, contract.zone)),
        carried=carried_into(contract, period, history.plan_months, found.spent),
        goodwill=max(0, given),
    )


def to_be_closed(contract: Contract, period: str, history: History) -> PlanMonth:
    """Return a month as it stands before its close, from what the ledger holds of goodwill."""
    found = Allotment(goodwill=_given(history))
    frozen, now = parts(history.frozen), parts(history.sums)
    for name in history.closed:
        before, after = (
            sum(p.included for p in one.get(name, {}).values()) for one in (frozen, now)
        )
        found.spent[name] = max(0, after - before)
    return open_month(contract, period, history, found)


def asked_at_prices(rows: Mapping[str, Asking], period: str) -> tuple[tuple[str, str, int], ...]:
    """Return what rows ask for in a month by price: late work may have another (ledger 6.6)."""
    minutes = Counter[tuple[str, str]]()
    for key, row in rows.items():
        for one in row.of(period):
            minutes[key, one.rate_key] += one.minutes
    return tuple((*place, minutes[place]) for place in sorted(minutes))


def parts(sums: Sequence[LedgerSum]) -> dict[str, dict[str, Part]]:
    """Return by month and activity what stands included and what beyond the plan."""
    found: dict[str, dict[str, Part]] = {}
    for key, places in posted(sums).items():
        for place, minutes in places.items():
            month_parts = found.setdefault(place.period, {})
            part = month_parts.get(key, Part())
            if place.source == INCLUDED:
                month_parts[key] = Part(part.included + minutes, part.overage)
            elif place.source == OVERAGE:
                month_parts[key] = Part(part.included, part.overage + minutes)
    return found


def _closed(
    found: Allotment,
    period: str,
    rows: Mapping[str, Asking],
    frozen: Mapping[str, Part],
    history: History,
) -> None:
    limit, prices = _limit(period, frozen, history), _asked_then(history.plan_months.get(period))
    beyond = _beyond(history.frozen, period) if prices else {}
    asked = {key: mine for key, row in rows.items() if (mine := row.of(period))}
    asked = {key: asked.get(key, []) for key in sorted({*asked, *frozen})}
    told = margin(
        limit,
        frozen,
        {key: sum(one.minutes for one in mine) for key, mine in asked.items()},
        {key: max((one.at for one in mine), default=0) for key, mine in asked.items()},
    )
    for key, mine in asked.items():
        priced = prices.get(key) if all(one.rate_key for one in mine) else None
        if priced and _on_a_board(rows, key) and rows[key].row.movable:
            _add(found, _on_own_lines(mine, priced, beyond.get(key, {}), told.parts[key].overage))
        else:
            _add(found, draw(mine, [Cover(INCLUDED, "", told.parts[key].included)], OVERAGE))
    now = sum(part.included for part in told.parts.values())
    found.spent[period] = max(0, now - sum(part.included for part in frozen.values()))
    _give_back(found, period, rows, frozen, told)


def _give_back(
    found: Allotment,
    period: str,
    rows: Mapping[str, Asking],
    frozen: Mapping[str, Part],
    told: Margin,
) -> None:
    """Give back included minutes of documented bugs, as far as no overage was freed by them."""
    left = max(0, told.unused - sum(m for (_, p), m in found.goodwill.items() if p == period))
    for key in sorted(frozen):
        if key not in rows or not documented(rows[key].row):
            continue
        given = min(left, frozen[key].included, rows[key].worked.get(period, 0))
        if given:
            found.goodwill[key, period] = given
            left -= given


def _given(history: History) -> dict[tuple[str, str], int]:
    """Return the minutes that stand given back, by activity and month."""
    back = (s for s in history.sums if s.group is SumGroup.CREDIT and not s.package_id)
    return {(one.activity_id, one.period): one.minutes for one in back}


def _on_a_board(rows: Mapping[str, Asking], key: str) -> bool:
    """Whether a row may move what was given back for it; what left takes nothing with it (5.8)."""
    return key in rows and bool(rows[key].row.board_id)


def _limit(period: str, frozen: Mapping[str, Part], history: History) -> int:
    """Return what the closed month includes: as recorded, less what the next one took over."""
    recorded = history.plan_months.get(period)
    if recorded is None:
        return sum(part.included for part in frozen.values())
    after = history.plan_months.get(following(period))
    return recorded.limit - (sum(lot.minutes for lot in after.carried) if after else 0)


def _asked_then(recorded: PlanMonth | None) -> dict[str, dict[str, int]]:
    """Return by activity and price what was asked for at the close, where that was recorded."""
    found: dict[str, dict[str, int]] = {}
    for key, price, minutes in recorded.asked if recorded else ():
        found.setdefault(key, {})[price] = minutes
    return found


def _beyond(frozen: Sequence[LedgerSum], period: str) -> dict[str, dict[str, int]]:
    """Return by activity and price what stood beyond the plan at a month's close."""
    found: dict[str, dict[str, int]] = {}
    for key, places in posted(frozen).items():
        for place, minutes in places.items():
            if (place.period, place.source) == (period, OVERAGE):
                found.setdefault(key, {})[place.rate_key] = minutes
    return found


def _on_own_lines(
    mine: Sequence[Demand], then: Mapping[str, int], beyond: Mapping[str, int], overage: int
) -> Stands:
    """Let each price keep its own line: late work at one moves no other (ledger 6.6b)."""
    now: dict[str, int] = {}
    for one in sorted(mine):
        now[one.rate_key] = now.get(one.rate_key, 0) + one.minutes
    paid = at_prices(then, beyond, now, overage)
    covered = {price: minutes - paid[price] for price, minutes in now.items()}
    stands: Stands = {}
    for one in sorted(mine):
        taken = min(one.minutes, covered[one.rate_key])
        covered[one.rate_key] -= taken
        if taken:
            put(stands, one, Place(one.period, INCLUDED, "", one.covered_key), taken)
        if one.minutes > taken:
            place = Place(one.period, OVERAGE, "", one.rate_key)
            put(stands, one, place, one.minutes - taken)
    return stands


def _add(found: Allotment, stands: Stands) -> None:
    for key, places in stands.items():
        found.stands.setdefault(key, {}).update(places)
