"""Before anything is written: the right account, and terms that agree with what is recorded.

A recorded grant and the prices of a closed month are facts; a mapping that says otherwise is
refused with the way out (ledger 5, architecture 5.15).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mondaybridge.app import App
from mondaybridge.domain.contract import Contract, ContractKind
from mondaybridge.domain.ledger import LedgerSum, SumGroup
from mondaybridge.domain.metered import OVERAGE_SOURCE, SOURCES
from mondaybridge.domain.money import amount_text, parse_rate_key
from mondaybridge.domain.repriced import own_prices, repriced
from mondaybridge.domain.tariff import prices_in
from mondaybridge.domain.usage import BULK, INCLUDED, NO_CHARGE
from mondaybridge.domain.work import counted_by
from mondaybridge.domain.worktime import hours_text, local_date, month
from mondaybridge.errors import ConfigurationError
from mondaybridge.monday.account import account
from mondaybridge.store import facts, ledger, mirror
from mondaybridge.workflows.binding import bind_monday, check_mode


def start(app: App) -> None:
    """Check account and terms, then make the mapping's clients, contracts and boards known."""
    met, named = account(app.monday), app.mapping.account_slug
    slug = met.slug
    if slug != named:
        raise ConfigurationError(
            f"the token MONDAYBRIDGE_MONDAY__TOKEN belongs to the account {slug!r}, but "
            f"{app.mapping.name} names {named!r} as monday.account_slug: correct one of them"
        )
    bind_monday(app, met.id)
    check_mode(app)
    register(app)


def register(app: App) -> None:
    """Make the mapping known to the store, unless it contradicts what is recorded."""
    with app.store.read() as tx:
        recorded = {c.contract_id: ledger.sums(tx, c.contract_id) for c in app.mapping.contracts}
        closed = {
            c.contract_id: ledger.closed_periods(tx, c.contract_id) for c in app.mapping.contracts
        }
        terms = {c.contract_id: facts.terms(tx, c.contract_id) for c in app.mapping.contracts}
        metered = [c.contract_id for c in app.mapping.contracts if not c.prepaid]
        prices = {key: facts.month_prices(tx, key) for key in metered}
        months = {key: facts.plan_months(tx, key) for key in metered}
    problems = [
        f"{app.mapping.name}: contract {contract.contract_id}: {problem}"
        for contract in app.mapping.contracts
        for problem in (
            *_changed_kind(contract, recorded[contract.contract_id]),
            *_changed_grants(contract, recorded[contract.contract_id]),
            *_changed_openings(contract, recorded[contract.contract_id]),
            *_changed_prices(
                contract,
                recorded[contract.contract_id],
                closed[contract.contract_id] - prices.get(contract.contract_id, {}).keys(),
            ),
            *repriced(
                contract,
                prices.get(contract.contract_id, {}),
                months.get(contract.contract_id, {}),
                _worked(recorded[contract.contract_id]),
            ),
            *_lost_prices(
                app, contract, prices.get(contract.contract_id, {}), recorded[contract.contract_id]
            ),
            *_changed_terms(
                contract,
                terms[contract.contract_id],
                _counted(recorded[contract.contract_id], closed[contract.contract_id]),
            ),
        )
    ]
    if problems:
        raise ConfigurationError(*problems)
    hashes = {c.contract_id: app.mapping.config_hash(c.contract_id) for c in app.mapping.contracts}
    with app.store.write() as tx:
        mirror.register(tx, app.mapping.clients, hashes)


def _lost_prices(
    app: App,
    contract: Contract,
    prices: Mapping[str, Mapping[str, str]],
    sums: Iterable[LedgerSum],
) -> Iterable[str]:
    """A row's own price of a closed month needs the column that says it."""
    boards = (board for board in contract.board_ids if board in app.mapping.board_ids)
    if not any(app.mapping.columns(board).hourly for board in boards):
        for period, price in own_prices(prices, sums):
            yield f"{period} is closed at {price}, a price of rows: map their `hourly` column again"


def _changed_kind(contract: Contract, sums: Iterable[LedgerSum]) -> Iterable[str]:
    """A kind of contract prices its time its own way: with time posted it stays what it is."""
    sources = {one.source for one in sums if one.group is SumGroup.POST and one.activity_id}
    foreign = sorted(s for s in sources if not _of_kind(contract, s))
    if foreign:
        yield (
            f"time is posted as {foreign[0]!r}, but the file says {contract.kind.value}: put the "
            "kind back, end this contract with `until` and begin another one"
        )


def _of_kind(contract: Contract, source: str) -> bool:
    if contract.prepaid:
        return source == OVERAGE_SOURCE or source.startswith("package:")
    if source == NO_CHARGE or source == SOURCES[contract.kind]:
        return True
    if contract.kind is ContractKind.POSTPAID_PLAN:
        return source == INCLUDED
    return contract.kind is ContractKind.PAY_AS_YOU_GO and source.startswith(BULK)


def _changed_grants(contract: Contract, sums: Iterable[LedgerSum]) -> Iterable[str]:
    packages = {package.package_id: package for package in contract.packages}
    for one in sums:
        if one.group is not SumGroup.GRANT or one.source != "sale":  # goodwill is nobody's to edit
            continue
        package = packages.get(one.package_id)
        if package is None:
            yield f"package {one.package_id} was granted and may not be taken away: put it back"
        elif package.granted_minutes != one.minutes:
            yield (
                f"package {one.package_id} was granted {hours_text(one.minutes)}; the file says "
                f"{hours_text(package.granted_minutes)}: a recorded grant stays, sell another "
                "package instead"
            )
        elif str(package.price) != one.rate_key:
            price = parse_rate_key(one.rate_key)
            yield (
                f"package {one.package_id} was sold for "
                f"{amount_text(price.unit_minor, price.currency)} (tax rate "
                f"{price.tax_rate or 'none'}): its price and tax stay as they were"
            )


def _changed_openings(contract: Contract, sums: Sequence[LedgerSum]) -> Iterable[str]:
    """Hours used before go-live are posted with the grant and never again (ledger 5.4)."""
    granted = {one.package_id for one in sums if one.group is SumGroup.GRANT}
    for package in (p for p in contract.packages if p.package_id in granted):
        key = package.package_id
        posted = sum(
            one.minutes
            for one in sums
            if one.group is SumGroup.POST and one.package_id == key and not one.activity_id
        )
        if posted != package.opening_minutes:
            yield (
                f"package {key} was granted with {hours_text(posted)} used before; the file says "
                f"{hours_text(package.opening_minutes)}: put opening_used back, and give hours "
                "with `package credit` where it was too much"
            )


def _worked(sums: Iterable[LedgerSum]) -> set[str]:
    """Return the months that have posted time."""
    return {one.period for one in sums if one.group is SumGroup.POST and one.activity_id}


def _counted(sums: Iterable[LedgerSum], closed: set[str]) -> str:
    """Return the last closed month that has posted time; empty: none."""
    return max(_worked(sums) & closed, default="")


def _changed_terms(contract: Contract, known: Mapping[str, Any], closed: str) -> Iterable[str]:
    """Hours of a closed month stay as they were counted: other terms need another contract."""
    for name, value in counted_by(contract).items() if closed and known else ():
        if known[name] != value:
            before, now = (_shown(contract, name, one) for one in (known[name], value))
            yield (
                f"{closed} is closed with {_TERMS[name]} {before}; the file says {now}: put it "
                "back, or end this contract with `until` and begin another one"
            )
    if closed and "until" in known:
        yield from _ended_before(contract, known["until"], closed)


def _ended_before(contract: Contract, known: int, closed: str) -> Iterable[str]:
    """A contract may not end before work that a closed month has counted (ledger 5.8)."""
    until, end = contract.until, month(closed, contract.zone).end
    if until is None or until >= end or (known and until >= known):
        return
    last, now = (
        local_date(at, contract.zone).isoformat() for at in (min(known or end, end), until)
    )
    yield (
        f"{closed} is closed with time of a contract that had not ended; the file says until {now}:"
        f" let it end on {last} or later, and credit by hand what is not owed"
    )


_TERMS = {
    "increment": "rounding.increment",
    "urgent_factor": "urgent_factor",
    "bill_from": "bill_from",
    "zone": "the time zone",
}


def _shown(contract: Contract, name: str, value: int | str) -> str:
    if name == "bill_from":
        return local_date(int(value), contract.zone).isoformat()
    return str(value)


def _changed_prices(
    contract: Contract, sums: Iterable[LedgerSum], closed: set[str]
) -> Iterable[str]:
    """Work of a closed month keeps its price: a new one may only start in an open month."""
    wrong = {
        (one.period, one.rate_key)
        for one in sums
        if one.group is SumGroup.POST and one.rate_key and one.period in closed
    }
    for period, rate_key in sorted(wrong):
        allowed = prices_in(contract, month(period, contract.zone))
        if rate_key not in {str(price) for price in allowed}:
            price = parse_rate_key(rate_key)
            yield (
                f"{period} is closed at {amount_text(price.unit_minor, price.currency)} an hour: "
                "put that rate back and let the new one start in an open month"
            )
