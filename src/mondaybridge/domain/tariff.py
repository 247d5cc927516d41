"""Which price an instant of work has, by work date (semantics 6.27, R42, R49, R54).

A row's own price goes before its person's, that before its service's, the plan's, the contract's
and the standard one. Says nothing about how many minutes cost it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mondaybridge.domain.activity import Activity, Session
from mondaybridge.domain.contract import (
    Commitment,
    Contract,
    ContractKind,
    DatedRate,
    NamedRates,
    Plan,
)
from mondaybridge.domain.money import RateKey, amount_text, parse_amount
from mondaybridge.domain.plan_months import plan_at, stretches
from mondaybridge.domain.worktime import Period, local_date


def price_of(
    contract: Contract, activity: Activity, session: Session, instant: int
) -> RateKey | None:
    """Return what an hour of work costs that nothing covers; none: no price is in force.

    A package has none: its sale paid for the time.
    """
    if contract.prepaid:
        return None
    plan = plan_at(contract, instant)
    return _first(contract, activity, session, instant, plan.overage if plan else ())


def covered_price(
    contract: Contract, activity: Activity, session: Session, instant: int
) -> RateKey | None:
    """Return what an hour costs that a plan includes or a bulk purchase covers (R42, R52).

    Nothing by itself: a fee or a sale paid for it; with ``usage_only`` it has the plan's price.
    None where nothing is ever covered.
    """
    plan = plan_at(contract, instant)
    if plan and plan.commitment is Commitment.USAGE_ONLY:
        return _first(contract, activity, session, instant, plan.hourly)
    return free_price(contract) if contract.plans or contract.packages else None


def free_price(contract: Contract) -> RateKey:
    """Return the price of minutes that cost nothing by themselves, in the contract's currency."""
    return RateKey(0, _currency(contract))


def overage_at(contract: Contract, instant: int) -> RateKey | None:
    """Return what work of an instant costs that no package covers (ledger 5.2); null: no rate."""
    return _in_force(contract.policies.overage, instant)


def price_changes(contract: Contract, activity: Activity, session: Session) -> Iterator[int]:
    """Return the instants at which the price of a session's work may change."""
    lists = [contract.rates, contract.policies.overage, contract.standard_rates]
    lists += [_named(contract.person_rates, session.person_id)]
    lists += [_named(contract.service_rates, activity.service)]
    for phase in contract.plans:
        lists += [phase.plan.overage, phase.plan.hourly]
    yield from (rate.starts_at for rates in lists for rate in rates)


def price_lists(
    contract: Contract, plans: Iterable[Plan] | None = None
) -> dict[str, tuple[DatedRate, ...]]:
    """Return the price lists of a contract by the key under which the mapping names them.

    They stand in order of precedence; ``plans`` are those of a month, by default all.
    """
    if contract.prepaid:
        return {"policies.overage_rate": contract.policies.overage}
    lists = {f"rates_by_person {one.name}": one.rates for one in contract.person_rates}
    lists |= {f"rates_by_service {one.name}": one.rates for one in contract.service_rates}
    for plan in [phase.plan for phase in contract.plans] if plans is None else plans:
        lists[f"hourly of the plan {plan.plan_id}"] = plan.hourly
        lists[f"overage of the plan {plan.plan_id}"] = plan.overage
    lists |= {"rate": contract.rates, "standard": contract.standard_rates}
    return {name: rates for name, rates in lists.items() if rates}


def prices_in(contract: Contract, period: Period) -> list[RateKey]:
    """Return all prices in force at some time of a period; a package's are those beyond it."""
    lists = price_lists(contract).values()
    return [price for rates in lists for price in prices_of(rates, period)]


def prices_of(rates: Iterable[DatedRate], period: Period) -> list[RateKey]:
    """Return the prices of one list that are in force at some time of a period."""
    rates = sorted(rates, key=lambda rate: rate.starts_at)
    first = _in_force(rates, period.start)
    later = [rate.price for rate in rates if period.start < rate.starts_at < period.end]
    return [first, *later] if first else later


def lists_in(contract: Contract, period: Period) -> dict[str, str]:
    """Return the price lists of a month by name, in words: what its work was rated by.

    What only counts where a list before it has no price is left out where that one has one.
    """
    found: dict[str, str] = {}
    plans = [one.plan for one in stretches(contract, period)]
    for name, rates in price_lists(contract, plans).items():
        if (text := _in_words(contract, rates, period)) is not None:
            found[name] = text
        fallback = not name.startswith(("rates_by", "hourly of"))
        if fallback and _in_force(rates, period.start) and len(plans) <= 1:
            break
    return found


def _in_words(contract: Contract, rates: Iterable[DatedRate], period: Period) -> str | None:
    first = _in_force(rates, period.start)
    later = [r for r in rates if period.start < r.starts_at < period.end]
    words = [_price_text(first)] if first else []
    words += [
        f"{_price_text(r.price)} from {local_date(r.starts_at, contract.zone)}"
        for r in sorted(later, key=lambda r: r.starts_at)
    ]
    return ", then ".join(words) or None


def _price_text(price: RateKey) -> str:
    tax = f" with tax rate {price.tax_rate}" if price.tax_rate else ""
    return f"{amount_text(price.unit_minor, price.currency)} an hour{tax}"


def all_priced(contract: Contract) -> bool:
    """Whether no work of a contract can be without a price: its list begins with it.

    Of a plan that is not said: its own lists may end where another plan begins.
    """
    lists = contract.rates, contract.standard_rates
    begun = (rate.starts_at for rates in lists for rate in rates)
    return not contract.plans and any(at <= contract.bill_from for at in begun)


def missing_rate(contract: Contract) -> str:
    """Name the key of the mapping that would give work a price."""
    if contract.kind is ContractKind.POSTPAID_PLAN:
        return "the plan's `overage` (and with usage_only its `hourly`)"
    return "`rate` of the contract, or `standard` for its currency"


def _first(
    contract: Contract,
    activity: Activity,
    session: Session,
    instant: int,
    planned: tuple[DatedRate, ...],
) -> RateKey | None:
    """Return the first price in force by precedence (semantics 6.27)."""
    lists = (
        _named(contract.person_rates, session.person_id),
        _named(contract.service_rates, activity.service),
        planned,
        contract.rates,
        contract.standard_rates,
    )
    price = None
    for rates in lists:
        price = _in_force(rates, instant) if rates else None
        if price:
            break
    return _own(contract, activity, price) if activity.hourly else price


def _own(contract: Contract, activity: Activity, usual: RateKey | None) -> RateKey | None:
    """Return the row's own price; its currency and tax are those that the work would have had."""
    like = usual or next(_all_prices(contract), None)
    if like is None:
        return None
    try:
        return replace(like, unit_minor=parse_amount(activity.hourly, like.currency))
    except ValueError:
        return None


def _named(lists: Sequence[NamedRates], name: str) -> tuple[DatedRate, ...]:
    return next((one.rates for one in lists if one.name == name), ()) if lists and name else ()


def _currency(contract: Contract) -> str:
    return next((price.currency for price in _all_prices(contract)), "")


def _all_prices(contract: Contract) -> Iterator[RateKey]:
    yield from (rate.price for rates in price_lists(contract).values() for rate in rates)
    yield from (phase.plan.fee for phase in contract.plans)
    yield from (package.price for package in contract.packages)


def _in_force(rates: Iterable[DatedRate], instant: int) -> RateKey | None:
    current = None
    for rate in rates:
        if rate.starts_at <= instant and (current is None or rate.starts_at > current.starts_at):
            current = rate
    return current.price if current else None
