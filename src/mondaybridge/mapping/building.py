"""The file's terms as domain values: days become instants, amounts minor units, names values.

Days begin at local midnight of the client's zone. Everything here was checked: nothing refuses.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from mondaybridge.domain.calendar import Calendar
from mondaybridge.domain.clocks import Promise
from mondaybridge.domain.contract import (
    AfterPayment,
    BillingPolicies,
    BoardEnd,
    Bounds,
    Client,
    Contract,
    ContractKind,
    Gate,
    LegalDocument,
    Overrun,
    OverrunLimit,
    Policies,
    Proration,
    Questioned,
    Rollover,
    Tax,
    ZeroInvoice,
)
from mondaybridge.domain.money import RateKey, parse_amount
from mondaybridge.domain.worktime import midnight
from mondaybridge.mapping.calendars import build
from mondaybridge.mapping.columns import ColumnSet
from mondaybridge.mapping.policies import BoundsKeys, ClientPolicies, PlanPolicies
from mondaybridge.mapping.pricing import (
    dated_rates,
    package,
    person_rates,
    plan_phases,
    purchases,
    service_rates,
)
from mondaybridge.mapping.terms import (
    CalendarTerms,
    ClientTerms,
    ContractTerms,
    Document,
    HourlyContract,
    NoContract,
    PlanContract,
    PrepaidContract,
    PromiseTerms,
)

ONE_DAY = timedelta(days=1)
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
    bare = [_with_prices(shared[one.id], one, document) for one in terms.contracts]
    currency = _currency(terms, bare, document)
    standard = document.standard.get(currency.upper())
    standard_rates = dated_rates(document.rates[standard], terms.zone) if standard else ()
    policies = terms.policies
    billing = _billing(policies, currency)
    return Client(
        client_id=client_id,
        name=terms.name,
        locale=terms.locale,
        currency=currency,
        zone=terms.zone,
        stripe_customer=terms.stripe_customer or "",
        contracts=tuple(
            replace(one, standard_rates=() if one.prepaid else standard_rates, billing=billing)
            for one in bare
        ),
        close_automatically=policies.close == "auto",
        close_after_days=policies.close_after_days,
        days_until_due=policies.days_until_due,
        bounds=_bounds(policies.bounds, currency),
        users=users,
        email=terms.email or "",
        billing=billing,
    )


def _currency(terms: ClientTerms, contracts: Iterable[Contract], document: Document) -> str:
    """Return what a client is billed in; the file's checks leave one answer."""
    if terms.currency:
        return terms.currency.lower()
    prices = (price.currency for one in contracts for price in _prices(one))
    return next(prices, None) or next(iter(document.standard)).lower()


def _prices(contract: Contract) -> Iterator[RateKey]:
    yield from (rate.price for rate in contract.rates)
    yield from (package.price for package in contract.packages)
    yield from (phase.plan.fee for phase in contract.plans)
    for named in (*contract.person_rates, *contract.service_rates):
        yield from (rate.price for rate in named.rates)


def _billing(keys: ClientPolicies, currency: str) -> BillingPolicies:
    return BillingPolicies(
        legal_document=LegalDocument(keys.legal_document),
        tax=Tax(keys.tax),
        after_payment=AfterPayment(keys.after_payment),
        questioned=Questioned(keys.questioned_lines),
        answer_days=keys.answer_days,
        accept_days=keys.accept_days,
        min_invoice_minor=parse_amount(keys.min_invoice, currency),
        min_credit_minor=parse_amount(keys.min_credit, currency),
        zero_invoice=ZeroInvoice(keys.zero_invoice),
        late_days=keys.late_days,
        group_above=keys.group_above,
        note=Gate(keys.require_note),
    )


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


def _with_prices(shared: Contract, terms: ContractTerms, document: Document) -> Contract:
    match terms:
        case PrepaidContract():
            return _prepaid(shared, terms, document)
        case PlanContract():
            return _planned(_metered(shared, terms, document), terms, document)
        case HourlyContract():
            found = _metered(shared, terms, document)
            return replace(found, packages=purchases(terms, found))
        case NoContract():
            return _metered(shared, terms, document)


def _metered(
    shared: Contract, terms: PlanContract | HourlyContract | NoContract, document: Document
) -> Contract:
    """Urgent time counts once, except where it was said to count more often (ledger 1)."""
    zone, rate = shared.zone, None if isinstance(terms, PlanContract) else terms.rate
    sets = [document.columns[board.columns] for board in terms.boards]
    return replace(
        shared,
        policies=Policies(
            urgent_factor=terms.policies.urgent_factor,
            max_session_minutes=terms.policies.max_session,
        ),
        rates=dated_rates(document.rates[rate], zone) if rate else (),
        person_rates=person_rates(terms.rates_by_person, document, zone),
        service_rates=service_rates(terms.rates_by_service, sets, document, zone),
    )


def _planned(found: Contract, terms: PlanContract, document: Document) -> Contract:
    return replace(
        found,
        plans=tuple(plan_phases(terms, found, document)),
        proration=Proration(terms.policies.proration),
        rollover=_rollover(terms.policies),
    )


def _rollover(keys: PlanPolicies) -> Rollover | None:
    kept = keys.rollover
    return None if kept is None else Rollover(kept.max, kept.months)


def _prepaid(shared: Contract, terms: PrepaidContract, document: Document) -> Contract:
    sets = [document.columns[board.columns] for board in terms.boards]
    return replace(
        shared,
        packages=tuple(package(one, shared, terms.policies) for one in terms.packages),
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
        overage=dated_rates(overage, zone) if overage else (),
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
