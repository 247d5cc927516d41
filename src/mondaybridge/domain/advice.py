"""What a client's last months would have cost under other terms (R47b, C32).

The work is billed anew under each plan as if it had been in force all the time: the same rules that
bill it for real, on an empty book.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from mondaybridge.domain.activity import Activity, Presence
from mondaybridge.domain.contract import (
    Contract,
    ContractKind,
    DatedRate,
    Plan,
    PlanPhase,
    Proration,
)
from mondaybridge.domain.guards import asking
from mondaybridge.domain.ledger import POSTING
from mondaybridge.domain.metered import review_metered
from mondaybridge.domain.outcome import HeldReason, History
from mondaybridge.domain.plan_months import fee_lines
from mondaybridge.domain.usage import itemise
from mondaybridge.domain.worktime import month

_NOTHING = History()


@dataclass(frozen=True, slots=True)
class MonthlyUse:
    """A month's charged minutes and how many of them the plan in force included (R47a)."""

    period: str
    used: int
    included: int

    @property
    def unused(self) -> int:
        """Return included minutes that nobody used; without rollover they are lost."""
        return max(0, self.included - self.used)

    @property
    def percent(self) -> int | None:
        """Return the share of the included minutes that was used; null: none were included."""
        return 100 * self.used // self.included if self.included else None


@dataclass(frozen=True, slots=True)
class Option:
    """What the months would have cost by one offer, in minor units by month.

    ``priceless`` are minutes that the offer has no price for: it cannot be compared.
    """

    name: str
    months: tuple[tuple[str, int], ...]
    current: bool = False
    priceless: int = 0

    @property
    def total(self) -> int:
        """Return the sum over the months."""
        return sum(minor for _, minor in self.months)


def options(
    contract: Contract,
    activities: Sequence[Activity],
    periods: Sequence[str],
    plans: Iterable[Plan],
    known: History = _NOTHING,
) -> list[Option]:
    """Return each plan's cost and that without a plan, the cheapest first.

    The current plan is marked; of equal ones it comes first: nobody should change for nothing. What
    is ``known`` of people and of questions that were upheld counts in every offer.
    """
    current = contract.plans[-1].plan.plan_id if contract.plans else ""
    offers = {plan.plan_id: _under(contract, periods[0], plan) for plan in plans}
    if contract.standard_rates:
        offers["standard"] = _without_plan(contract, periods[0], contract.standard_rates)
    if contract.kind is ContractKind.PAY_AS_YOU_GO and contract.rates:
        offers["pay as you go"] = _without_plan(contract, periods[0], contract.rates)
        current = "pay as you go"
    rows = [
        asking(replace(row, presence=Presence.ACTIVE, parked=""), contract) for row in activities
    ]
    past = History(people=known.people, questions=known.questions)
    found = [
        _cost(name, terms, rows, periods, past, current=name == current)
        for name, terms in offers.items()
    ]
    return sorted(found, key=lambda one: (one.priceless > 0, one.total, not one.current, one.name))


def _under(contract: Contract, first: str, plan: Plan) -> Contract:
    start = month(first, contract.zone).start
    return replace(
        contract,
        kind=ContractKind.POSTPAID_PLAN,
        bill_from=start,
        until=None,
        plans=(PlanPhase(start, plan),),
        proration=Proration.NONE,
        rollover=None,
        packages=(),
        rates=(),
    )


def _without_plan(contract: Contract, first: str, rates: tuple[DatedRate, ...]) -> Contract:
    return replace(
        contract,
        kind=ContractKind.NONE,
        bill_from=month(first, contract.zone).start,
        until=None,
        plans=(),
        packages=(),
        rates=rates,
    )


def _cost(
    name: str,
    contract: Contract,
    rows: Sequence[Activity],
    periods: Sequence[str],
    past: History,
    *,
    current: bool,
) -> Option:
    end = month(periods[-1], contract.zone).end
    review = review_metered(contract, rows, past, end)
    posts = [e for e in review.entries if e.kind in POSTING and e.period in periods]
    lines = [
        *itemise(contract.contract_id, posts),
        *fee_lines(contract, {}, (), end - 1),
    ]
    sums = dict.fromkeys(periods, 0)
    for line in lines:
        sums[line.line_id.period] += line.amount_minor
    unpriced = sum(
        one.minutes
        for one in review.held
        if one.reason is HeldReason.NO_RATE and one.period in periods
    )
    return Option(name, tuple(sums.items()), current, unpriced)
