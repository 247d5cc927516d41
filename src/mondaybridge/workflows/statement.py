"""A month's statement of one contract, frozen when the month is closed (ledger 6.9)."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from mondaybridge.app import App
from mondaybridge.domain.contract import Client, Contract, Overrun
from mondaybridge.domain.guards import guarded
from mondaybridge.domain.included import to_be_closed
from mondaybridge.domain.ledger import POSTING, ChainedEntry
from mondaybridge.domain.metered import asked_in
from mondaybridge.domain.plan_months import PlanMonth, plan_terms, used_up
from mondaybridge.domain.prepaid import let_go, review_prepaid
from mondaybridge.domain.tariff import lists_in
from mondaybridge.domain.usage import INCLUDED, OVERAGE
from mondaybridge.domain.work import counted_by
from mondaybridge.domain.worktime import month
from mondaybridge.reports.contract import state_of
from mondaybridge.reports.itemised import ItemisedRow, itemised
from mondaybridge.store import billing, facts, lease, ledger, mirror
from mondaybridge.store.engine import Tx
from mondaybridge.store.lease import Lease
from mondaybridge.workflows.plan import counted


def fix_month(app: App, client: Client, period: str, held: Lease) -> None:
    """Close the month of every contract: its entries so far are the month's statement."""
    now = app.clock.now()
    for contract in (c for c in client.contracts if counted(c, period)):
        with app.store.write() as tx:
            lease.confirm(tx, held)
            ledger.lock(tx, contract.contract_id)
            if period in ledger.closed_periods(tx, contract.contract_id):
                continue
            _let_go(tx, contract, period, now)
            rows = ledger.entries(tx, contract.contract_id, period)
            behind = {row.entry.activity_id for row in rows}
            names = mirror.names(tx, behind)
            activities = mirror.activities(tx, contract.contract_id, behind)
            lines = itemised(contract, period, rows, activities, names)
            month_of_plan = _bought(tx, contract, period, rows, now)
            body = statement(contract, period, rows, lines, month_of_plan)
            terms = counted_by(contract) | {"until": contract.until or 0}
            facts.keep_terms(tx, contract.contract_id, terms, now)
            _keep_prices(tx, contract, period, now)
            billing.save_statement(tx, contract.contract_id, period, body, now=now)
            ledger.close_period(
                tx,
                contract.contract_id,
                period,
                now=now,
                config_hash=app.mapping.config_hash(contract.contract_id),
                allocation_hash=hashlib.sha256(body.encode()).hexdigest(),
            )


def _bought(
    tx: Tx,
    contract: Contract,
    period: str,
    rows: Sequence[ChainedEntry],
    now: int,
) -> PlanMonth | None:
    """Record what a plan's month included and cost: from now on that is what it was (6.6)."""
    if not contract.plans:
        return None
    used = sum(
        row.entry.minutes
        for row in rows
        if row.entry.kind in POSTING and row.entry.source in {INCLUDED, OVERAGE}
    )
    state = state_of(tx, contract)
    guarded_rows = list(guarded(state.activities, contract, state.history).values())
    asked = asked_in(contract, guarded_rows, state.history, period)
    one = replace(used_up(to_be_closed(contract, period, state.history), used), asked=asked)
    facts.keep_plan_month(tx, contract.contract_id, one, now)
    return one


def _keep_prices(tx: Tx, contract: Contract, period: str, now: int) -> None:
    """Record by which price lists the month was rated; a package's time has its own terms."""
    if not contract.prepaid:
        lists = lists_in(contract, month(period, contract.zone)) | plan_terms(contract)
        facts.keep_prices(tx, contract.contract_id, period, lists, now)


def _let_go(tx: Tx, contract: Contract, period: str, now: int) -> None:
    """What the policy absorbed of the month, and since of months closed before, stays absorbed."""
    if contract.prepaid and contract.policies.overrun is Overrun.ABSORB:
        state = state_of(tx, contract)
        decided = review_prepaid(contract, state.activities, state.history, now)
        closed = {*ledger.closed_periods(tx, contract.contract_id), period}
        for one in let_go(decided, closed):
            mine = replace(one, decided_at=now)
            facts.decide(tx, contract.contract_id, mine, actor="policy", cause="overrun: absorb")


def statement(
    contract: Contract,
    period: str,
    rows: Sequence[ChainedEntry],
    lines: Sequence[ItemisedRow],
    bought: PlanMonth | None = None,
) -> str:
    """Return the month's itemised lines and the place in the ledger they were made at, as JSON."""
    body: dict[str, object] = {
        "contract": contract.contract_id,
        "period": period,
        "lines": [line.as_json() for line in lines],
        "minutes": sum(row.entry.minutes for row in rows if row.entry.kind in POSTING),
        "entries": [rows[0].seq, rows[-1].seq] if rows else [],
        "head": rows[-1].hash if rows else "",
    }
    if bought:
        body["plan"] = asdict(bought)
    return json.dumps(body, ensure_ascii=False, sort_keys=True)
