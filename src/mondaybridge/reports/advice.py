"""How a client used what was bought, and what other terms would have cost (R47, C32)."""

from typing import Any

from mondaybridge.app import App
from mondaybridge.domain.advice import MonthlyUse, Option, options
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.ledger import POSTING
from mondaybridge.domain.plan_months import bought
from mondaybridge.domain.worktime import month, month_of, months
from mondaybridge.errors import FindingsError
from mondaybridge.reports.contract import state_of
from mondaybridge.store import facts, ledger
from mondaybridge.store.engine import Tx


def advice(app: App, contract: Contract, count: int) -> dict[str, Any]:
    """Return the last whole months, months without work among them, and what they would cost.

    FindingsError: a package has no monthly terms to compare, or no month is over yet.
    """
    if contract.prepaid:
        raise FindingsError(
            f"{contract.contract_id} is a package of hours: see 'mondaybridge package show'"
        )
    client = app.mapping.client(contract.client_id)
    periods = _last_months(contract, app.clock.now(), count)
    with app.store.read() as tx:
        use = _use(tx, contract, periods)
        known = state_of(tx, contract)
    plans = app.mapping.plans(contract)
    found = options(contract, known.activities, periods, plans, known.history)
    return {
        "contract": contract.contract_id,
        "client": client.client_id,
        "currency": client.currency,
        "months": [
            {
                "month": one.period,
                "used": one.used,
                "included": one.included,
                "unused": one.unused,
                "percent": one.percent,
            }
            for one in use
        ],
        "options": [_option(one) for one in found],
        "cheapest": found[0].name if found and not found[0].priceless else "",
    }


def _last_months(contract: Contract, now: int, count: int) -> list[str]:
    """Return the last whole months of a contract, at most so many."""
    zone = contract.zone
    first = month_of(contract.bill_from, zone).name
    end = now if contract.until is None else min(now, contract.until)
    over = [
        name for name in months(first, month_of(end, zone).name) if month(name, zone).end <= end
    ]
    if not over:
        raise FindingsError(f"no month of {contract.contract_id} is over yet: there is no past")
    return over[-count:]


def _use(tx: Tx, contract: Contract, periods: list[str]) -> list[MonthlyUse]:
    recorded = facts.plan_months(tx, contract.contract_id)
    used = dict.fromkeys(periods, 0)
    for one in ledger.entries(tx, contract.contract_id):
        if one.entry.kind in POSTING and one.entry.period in used:
            used[one.entry.period] += one.entry.minutes
    return [
        MonthlyUse(
            name,
            minutes,
            (recorded.get(name) or bought(contract, month(name, contract.zone))).limit
            if contract.plans
            else 0,
        )
        for name, minutes in used.items()
    ]


def _option(one: Option) -> dict[str, Any]:
    return {
        "name": one.name,
        "current": one.current,
        "total_minor": one.total,
        "months_minor": dict(one.months),
        "priceless_minutes": one.priceless,
    }
