"""Minutes that wait for a person: what is held and why, and the decision that ends it."""

from dataclasses import dataclass

from mondaybridge.app import App
from mondaybridge.domain.allocation import Choice
from mondaybridge.domain.outcome import Held, HeldReason
from mondaybridge.errors import FindingsError
from mondaybridge.reports.contract import held_in
from mondaybridge.store import facts, ledger, mirror

CHOICES = {
    HeldReason.UNFUNDED: (Choice.ABSORB, Choice.NEXT_PACKAGE, Choice.WAIT),
    HeldReason.UNAPPROVED: (Choice.ABSORB, Choice.WAIT),
    HeldReason.REJECTED: (Choice.ABSORB, Choice.WAIT),
    HeldReason.DELETED: (Choice.KEEP, Choice.DROP),
    HeldReason.PARKED: (),
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
        names = ", ".join(c.value for line in lines for c in line.choices) or "none: mend the cell"
        reason = lines[0].reason.value
        raise FindingsError(f"{reason} time of {activity_id} can be decided by: {names}")
    with app.store.write() as tx:
        contract_id = allowed[0].contract_id
        ledger.lock(tx, contract_id)
        facts.add_event(
            tx,
            contract_id,
            "decision",
            activity_id=activity_id,
            actor=actor,
            args={
                "choice": choice.value,
                "periods": {line.held.period: line.held.minutes for line in allowed},
            },
            cause=", ".join(sorted({line.reason.value for line in allowed})),
            at=app.clock.now(),
        )
        mirror.raise_wanted(tx, [contract_id])
    return allowed


def _of_contract(app: App, contract_id: str) -> list[HeldLine]:
    with app.store.read() as tx:
        held, rows = held_in(tx, app.mapping.contract(contract_id), app.clock.now())
        decisions = {d.activity_id: d.choice.value for d in facts.decisions(tx, contract_id)}
    by_id = {row.activity_id: row for row in rows}
    return [
        HeldLine(
            contract_id,
            by_id[one.activity_id].name,
            one.reason,
            one,
            by_id[one.activity_id].parked,
            CHOICES[one.reason],
            decisions.get(one.activity_id, ""),
        )
        for one in held
    ]
