"""Prices as domain values: dated lists, plans with what is beyond them, packages, purchases.

Everything here was checked: nothing refuses. Money is rounded half up, once (semantics 6.17, 6.22).
"""

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

from mondaybridge.domain.contract import (
    Commitment,
    Contract,
    DatedRate,
    NamedRates,
    Package,
    Plan,
    PlanPhase,
    StartsOn,
)
from mondaybridge.domain.money import RateKey, amount, parse_amount, round_half_up
from mondaybridge.domain.worktime import midnight
from mondaybridge.mapping.columns import ColumnSet
from mondaybridge.mapping.offers import BulkTerms, PlanTerms, PurchaseTerms, Rate
from mondaybridge.mapping.policies import PrepaidPolicies
from mondaybridge.mapping.terms import Document, HourlyContract, PackageTerms, PlanContract

ONE_DAY = timedelta(days=1)
MONTHS = 12
WHOLE = 100
GRACE_DAYS = PrepaidPolicies().expiry_grace_days


def dated_rates(rate: Rate, zone: str, rank: int = -1) -> tuple[DatedRate, ...]:
    """Return a price list, less what a plan of this rank saves from its day on (R49)."""
    days = {dated.starts_on for dated in rate.hourly}
    days |= {one.starts_on for one in rate.cheaper if rank >= one.from_rank}
    first = min(dated.starts_on for dated in rate.hourly)
    return tuple(
        DatedRate(midnight(day, zone), _price(rate, day, rank))
        for day in sorted(days)
        if day >= first
    )


def plan_phases(terms: PlanContract, contract: Contract, document: Document) -> list[PlanPhase]:
    """Return a contract's plans in order of time; the first begins with it at the latest."""
    zone = contract.zone
    return [
        PlanPhase(
            contract.bill_from if one.starts_on is None else midnight(one.starts_on, zone),
            plan(one.plan, document.plans[one.plan], document, zone),
        )
        for one in terms.plan
    ]


def plan(plan_id: str, terms: PlanTerms, document: Document, zone: str) -> Plan:
    """Return a plan as it counts in a zone, with the overage of its rank."""
    overage = document.rates[terms.overage]
    currency, tax = overage.currency.lower(), terms.tax_rate or ""
    return Plan(
        plan_id=plan_id,
        rank=terms.rank,
        included_minutes=terms.included,
        fee=RateKey(terms.fee.minor if terms.fee else 0, currency, tax),
        overage=dated_rates(overage, zone, terms.rank),
        commitment=Commitment(terms.commitment),
        hourly=dated_rates(document.rates[terms.hourly], zone) if terms.hourly else (),
    )


def person_rates(names: dict[str, str], document: Document, zone: str) -> tuple[NamedRates, ...]:
    """Return people's price lists, addresses in small letters."""
    return tuple(
        NamedRates(person.casefold(), dated_rates(document.rates[name], zone))
        for person, name in names.items()
    )


def service_rates(
    names: dict[str, str], sets: list[ColumnSet], document: Document, zone: str
) -> tuple[NamedRates, ...]:
    """Return the price lists of types of service, by the names that activities carry."""
    found: dict[str, str] = {}
    for key, name in names.items():
        found |= dict.fromkeys(service_names(key, sets), name)
    return tuple(
        NamedRates(service, dated_rates(document.rates[name], zone))
        for service, name in found.items()
    )


def service_names(key: str, sets: list[ColumnSet]) -> list[str]:
    """Return what a type's name or label id is called in the sets of a contract's boards."""
    labels = [one.service.types | one.service.other for one in sets if one.service]
    return list(
        dict.fromkeys(
            name for known in labels for label, name in known.items() if key in (name, str(label))
        )
    )


def purchases(terms: HourlyContract, contract: Contract) -> tuple[Package, ...]:
    """Return bulk purchases, each at the rate of its own day less its discount (R52)."""
    bulk = terms.bulk
    if bulk is None:
        return ()
    starts_on = StartsOn(terms.policies.activate_on)
    return tuple(
        replace(_purchase(one, bulk, contract), starts_on=starts_on) for one in bulk.purchases
    )


def package(terms: PackageTerms, contract: Contract, keys: PrepaidPolicies) -> Package:
    """Return a package of hours that was bought at a price of its own."""
    last = terms.expires_on
    if last is None and keys.expires_after_months:
        last = months_later(terms.sold_on, keys.expires_after_months)
    return Package(
        package_id=terms.id,
        granted_minutes=terms.granted,
        sold_at=midnight(terms.sold_on, contract.zone),
        price=RateKey(terms.price.minor, terms.price.currency, terms.tax_rate or ""),
        opening_minutes=terms.opening_used,
        priority=terms.priority,
        expires_at=None if last is None else midnight(last + ONE_DAY, contract.zone),
        lapses_at=None if last is None else _lapse(last, contract, keys.expiry_grace_days),
        sale_by_bridge=terms.sale == "bridge",
        starts_on=StartsOn(keys.activate_on),
    )


def months_later(day: date, count: int) -> date:
    """Return the same day some months later, or the last of a shorter month."""
    months = day.year * MONTHS + day.month - 1 + count
    year, month = divmod(months, MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _price(rate: Rate, day: date, rank: int) -> RateKey:
    currency = rate.currency.lower()
    base = [dated.amount for dated in rate.hourly if dated.starts_on <= day][-1]
    less = [one.by for one in rate.cheaper if rank >= one.from_rank and one.starts_on <= day]
    minor = parse_amount(base, currency) - sum(parse_amount(by, currency) for by in less)
    return RateKey(minor, currency, rate.tax_rate or "")


def _purchase(terms: PurchaseTerms, bulk: BulkTerms, contract: Contract) -> Package:
    zone, last = contract.zone, terms.expires_on
    sold_at = midnight(terms.bought_on, zone)
    hourly = [one.price for one in contract.rates if one.starts_at <= sold_at][-1]
    full = amount(terms.hours, hourly.unit_minor)
    percent = bulk.discount_percent if terms.hours >= bulk.minimum else 0
    paid = round_half_up(terms.hours * hourly.unit_minor * (WHOLE - percent), 60 * WHOLE)
    return Package(
        package_id=terms.id,
        granted_minutes=terms.hours,
        sold_at=sold_at,
        price=RateKey(paid, hourly.currency, terms.tax_rate or ""),
        priority=terms.priority,
        expires_at=None if last is None else midnight(last + ONE_DAY, zone),
        lapses_at=None if last is None else _lapse(last, contract, GRACE_DAYS),
        sale_by_bridge=terms.sale == "bridge",
        discount_minor=full - paid,
    )


def _lapse(last: date, contract: Contract, grace: int) -> int:
    """Return when news of earlier work is no longer waited for (semantics 6.6)."""
    day = last
    if grace and contract.calendar:
        day = contract.calendar.working_days_after(last, grace)
    elif grace:
        day += grace * ONE_DAY
    return midnight(day + ONE_DAY, contract.zone)
