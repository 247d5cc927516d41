"""The file's terms as domain values: days become instants, amounts minor units, names values.

Days begin at local midnight of the client's zone. Everything here was checked: nothing refuses.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from mondaybridge.domain.calendar import Calendar
from mondaybridge.domain.clocks import Promise
from mondaybridge.domain.contract import (
    BoardEnd,
    Bounds,
    Client,
    Contract,
    ContractKind,
    DatedRate,
    Gate,
    Overrun,
    OverrunLimit,
    Package,
    Policies,
)
from mondaybridge.domain.money import RateKey, parse_amount
from mondaybridge.domain.worktime import midnight
from mondaybridge.mapping.calendars import build
from mondaybridge.mapping.columns import ColumnSet
from mondaybridge.mapping.policies import BoundsKeys, PrepaidPolicies
from mondaybridge.mapping.terms import (
    CalendarTerms,
    ClientTerms,
    ContractTerms,
    Document,
    PackageTerms,
    PrepaidContract,
    PromiseTerms,
    Rate,
)

ONE_DAY = timedelta(days=1)
MONTHS = 12
HOUR = 60
# The column whose absence makes a mere remark pointless, by the policy that asks for its content.
PROOFS = {"request_reference": "reference", "requester": "requester", "service_type": "service"}


def clients(document: Document) -> tuple[Client, ...]:
    """Return the clients with their contracts, in the order of the file."""
    named = {terms.calendar for one in document.clients.values() for terms in one.contracts}
    calendars = {
        name: _calendar(keys) for name, keys in document.calendars.items() if name in named
    }
    return tuple(
        _client(client_id, terms, document, calendars)
        for client_id, terms in document.clients.items()
    )


def _calendar(keys: CalendarTerms) -> Calendar:
    return build(
        zone=keys.zone,
        country=keys.country,
        subdivision=keys.subdivision,
        hours=keys.hours,
        closed=keys.closed,
    )


def _client(
    client_id: str, terms: ClientTerms, document: Document, calendars: dict[str, Calendar]
) -> Client:
    users = tuple(address.casefold() for address in terms.users)
    shared = {
        one.id: replace(
            _contract(client_id, terms.zone, one, calendars.get(one.calendar or "")), users=users
        )
        for one in terms.contracts
    }
    contracts = tuple(
        _prepaid(shared[one.id], one, document)
        if isinstance(one, PrepaidContract)
        else replace(shared[one.id], rates=_rates(document.rates[one.rate], terms.zone))
        for one in terms.contracts
    )
    currency = _prices(contracts[0])[0].currency
    policies = terms.policies
    return Client(
        client_id=client_id,
        name=terms.name,
        locale=terms.locale,
        currency=currency,
        zone=terms.zone,
        stripe_customer=terms.stripe_customer,
        contracts=contracts,
        close_automatically=policies.close == "auto",
        close_after_days=policies.close_after_days,
        days_until_due=policies.days_until_due,
        bounds=_bounds(policies.bounds, currency),
        users=users,
    )


def _prices(contract: Contract) -> list[RateKey]:
    """Return a contract's prices; the file's checks leave at least one."""
    return [rate.price for rate in contract.rates] + [p.price for p in contract.packages]


def _bounds(keys: BoundsKeys, currency: str) -> Bounds:
    return Bounds(
        lines_per_day=keys.lines_per_day,
        documents=keys.documents,
        first_minor=parse_amount(keys.first_amount, currency),
        median_factor=keys.median_factor,
    )


def _contract(
    client_id: str, zone: str, terms: ContractTerms, calendar: Calendar | None
) -> Contract:
    return Contract(
        contract_id=terms.id,
        client_id=client_id,
        kind=ContractKind(terms.kind),
        zone=zone,
        bill_from=midnight(terms.bill_from, zone),
        until=None if terms.until is None else midnight(terms.until, zone),
        increment_minutes=terms.policies.rounding.increment,
        board_ids=tuple(board.id for board in terms.boards),
        calendar=calendar,
        promise=_promise(terms.promise) if calendar and terms.promise else None,
    )


def _promise(terms: PromiseTerms) -> Promise:
    """Warn a working day, or an hour, before the promise is missed."""
    days, minutes = terms.take_in_charge_days, terms.respond_hours
    return Promise(
        days=days,
        minutes=minutes,
        warn_days=days - 1 if days and days > 1 else None,
        warn_minutes=minutes - HOUR if minutes and minutes > HOUR else None,
    )


def _prepaid(shared: Contract, terms: PrepaidContract, document: Document) -> Contract:
    sets = [document.columns[board.columns] for board in terms.boards]
    return replace(
        shared,
        packages=tuple(_package(package, shared, terms.policies) for package in terms.packages),
        overrun_limit=OverrunLimit(terms.policies.overrun_limit),
        policies=_policies(terms, shared.zone, sets, document),
    )


def _policies(
    terms: PrepaidContract, zone: str, sets: list[ColumnSet], document: Document
) -> Policies:
    keys = terms.policies
    gates = {policy: _gate(getattr(keys, policy), PROOFS[policy], sets) for policy in PROOFS}
    overage = document.rates[keys.overage_rate] if keys.overage_rate else None
    return Policies(
        approval_actor=Gate(keys.approval_actor),
        **gates,
        minor_minutes=keys.minor_auto,
        urgent_factor=keys.urgent_factor,
        baseline_at=_baseline(terms, zone),
        max_overcommit=keys.max_overcommit,
        overrun=Overrun(keys.overrun),
        overage=_rates(overage, zone) if overage else (),
        posts_unapproved=keys.unapproved_time == "post",
        clears_stale_approval=keys.stale_approval == "clear",
        reverts_forbidden_start=keys.forbidden_start == "revert",
        labels_extra=keys.extra_label == "suffix",
        max_session_minutes=keys.max_session,
        alert_percents=tuple(keys.alerts),
        expiry_notice_days=tuple(keys.expiry_notices),
        end_below_minutes=keys.end_below,
        hands_over_itself=keys.handover == "auto",
        board_end=BoardEnd(keys.board_at_end),
    )


def _gate(policy: str, column: str, sets: Iterable[ColumnSet]) -> Gate:
    """A remark about a cell is of use only where there is the cell."""
    gate = Gate(policy)
    if gate is Gate.WARN and not any(getattr(one, column) for one in sets):
        return Gate.OFF
    return gate


def _baseline(terms: PrepaidContract, zone: str) -> int | None:
    if terms.policies.baseline == "none":
        return None
    first = min(package.sold_on for package in terms.packages)
    return midnight(terms.policies.baseline_on or first + ONE_DAY, zone)


def _rates(rate: Rate, zone: str) -> tuple[DatedRate, ...]:
    currency = rate.currency.lower()
    return tuple(
        DatedRate(
            midnight(dated.starts_on, zone),
            RateKey(parse_amount(dated.amount, currency), currency, rate.tax_rate or ""),
        )
        for dated in rate.hourly
    )


def _package(terms: PackageTerms, contract: Contract, keys: PrepaidPolicies) -> Package:
    zone = contract.zone
    last = terms.expires_on
    if last is None and keys.expires_after_months:
        last = months_later(terms.sold_on, keys.expires_after_months)
    return Package(
        package_id=terms.id,
        granted_minutes=terms.granted,
        sold_at=midnight(terms.sold_on, zone),
        price=RateKey(terms.price.minor, terms.price.currency, terms.tax_rate or ""),
        opening_minutes=terms.opening_used,
        priority=terms.priority,
        expires_at=None if last is None else midnight(last + ONE_DAY, zone),
        lapses_at=None if last is None else _lapse(last, contract, keys.expiry_grace_days),
        sale_by_bridge=terms.sale == "bridge",
    )


def _lapse(last: date, contract: Contract, grace: int) -> int:
    """Return when news of earlier work is no longer waited for (semantics 6.6)."""
    day = last
    if grace and contract.calendar:
        day = contract.calendar.working_days_after(last, grace)
    elif grace:
        day += grace * ONE_DAY
    return midnight(day + ONE_DAY, contract.zone)


def months_later(day: date, count: int) -> date:
    """Return the same day some months later, or the last of a shorter month."""
    months = day.year * MONTHS + day.month - 1 + count
    year, month = divmod(months, MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
