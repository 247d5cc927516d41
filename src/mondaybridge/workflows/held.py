"""Minutes that wait for a person: what is held and why, and the decision that ends it."""

from collections.abc import Sequence
from dataclasses import dataclass

from mondaybridge.app import App
from mondaybridge.domain.activity import Activity
from mondaybridge.domain.allocation import Choice, Decision
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.outcome import Held, HeldReason
from mondaybridge.domain.tariff import overage_at
from mondaybridge.domain.worktime import local_date, month
from mondaybridge.errors import FindingsError
from mondaybridge.reports.contract import held_in
from mondaybridge.store import facts, ledger, mirror

CHOICES = {
    HeldReason.UNFUNDED: (Choice.ABSORB, Choice.NEXT_PACKAGE, Choice.WAIT, Choice.BILL),
    HeldReason.UNAPPROVED: (Choice.ABSORB, Choice.WAIT),
    HeldReason.REJECTED: (Choice.ABSORB, Choice.WAIT),
    HeldReason.DELETED: (Choice.KEEP, Choice.DROP),
    HeldReason.PARKED: (),
    HeldReason.NO_CONTRACT: (),
    HeldReason.UNDOCUMENTED: (),
}


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One held activity and month, with what a person can do about it."""

    contract_id: str
    title: str
    reason: HeldReason
    held: Held
    detail: str
    choices: tuple[Choice, ...]
    decided: str = ""


def held_lines(app: App) -> list[HeldLine]:
    """List what is held in every contract, with the decision already taken, if any."""
    return [
        line
        for client in app.mapping.clients
        for contract in client.contracts
        for line in _of_contract(app, contract.contract_id)
    ]


def decide(app: App, activity_id: str, choice: Choice, actor: str) -> list[HeldLine]:
    """Record a decision about all that is held for an activity; the next review applies it."""
    lines = [line for line in held_lines(app) if line.held.activity_id == activity_id]
    if not lines:
        raise FindingsError(f"nothing is held for activity {activity_id}: see 'held list'")
    allowed = [line for line in lines if choice in line.choices]
    if not allowed:
        names = ", ".join(c.value for line in lines for c in line.choices)
        first = lines[0]
        if first.reason in {HeldReason.NO_CONTRACT, HeldReason.UNDOCUMENTED}:
            raise FindingsError(f"{first.reason.value}: {first.detail}")
        names = names or "none: mend the cell"
        raise FindingsError(
            f"{first.reason.value} time of {activity_id} can be decided by: {names}"
        )
    if choice is Choice.BILL:
        _refuse_without_a_rate(app, allowed)
    with app.store.write() as tx:
        contract_id = allowed[0].contract_id
        ledger.lock(tx, contract_id)
        periods = tuple((line.held.period, line.held.minutes) for line in allowed)
        reasons = ", ".join(sorted({line.reason.value for line in allowed}))
        one = Decision(activity_id, choice, periods, app.clock.now())
        facts.decide(tx, contract_id, one, actor=actor, cause=reasons)
        mirror.raise_wanted(tx, [contract_id])
    return allowed


def _refuse_without_a_rate(app: App, lines: Sequence[HeldLine]) -> None:
    """What is billed beside a package has a price of its own, by the month's work (ledger 5.2)."""
    for line in lines:
        contract = app.mapping.contract(line.contract_id)
        end = month(line.held.period, contract.zone).end
        if not overage_at(contract, end - 1):
            raise FindingsError(
                f"contract {line.contract_id} has no price for time beyond its packages in "
                f"{line.held.period}: name a price list as policies.overage_rate in mappings.yaml, "
                "or decide absorb, next_package or wait"
            )


def _detail(contract: Contract, held: Held, row: Activity) -> str:
    if held.reason is HeldReason.UNDOCUMENTED:
        return "fill the column of the bug's documentation: the time is given back then"
    if held.reason is not HeldReason.NO_CONTRACT or contract.until is None:
        return row.parked
    return (
        f"contract {contract.contract_id} ended on {_last_day(contract)}: extend it, map the board "
        "to the next contract, or correct the date of the work"
    )


def _last_day(contract: Contract) -> str:
    return local_date((contract.until or 0) - 1, contract.zone).isoformat()


def _of_contract(app: App, contract_id: str) -> list[HeldLine]:
    contract = app.mapping.contract(contract_id)
    with app.store.read() as tx:
        held, rows = held_in(tx, contract, app.clock.now())
        decisions = {d.activity_id: d.choice.value for d in facts.decisions(tx, contract_id)}
    by_id = {row.activity_id: row for row in rows}
    return [
        HeldLine(
            contract_id,
            by_id[one.activity_id].name,
            one.reason,
            one,
            _detail(contract, one, by_id[one.activity_id]),
            CHOICES.get(one.reason, ()),
            decisions.get(one.activity_id, ""),
        )
        for one in held
    ]
