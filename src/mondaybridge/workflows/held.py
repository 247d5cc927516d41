"""Minutes that wait for a person: what is held and why, and the decision that ends it."""

from collections.abc import Sequence
from dataclasses import dataclass

from mondaybridge.app import App
from mondaybridge.domain.activity import Activity
from mondaybridge.domain.allocation import Choice, Decision
from mondaybridge.domain.billed import meanwhile
from mondaybridge.domain.books import Change
from mondaybridge.domain.contract import Contract, Questioned
from mondaybridge.domain.late import CHOICES as LATE_CHOICES
from mondaybridge.domain.late import held_late, place_of
from mondaybridge.domain.money import parse_rate_key
from mondaybridge.domain.outcome import Held, HeldReason
from mondaybridge.domain.tariff import missing_rate, overage_at
from mondaybridge.domain.usage import itemise
from mondaybridge.domain.worktime import local_date, month
from mondaybridge.errors import FindingsError
from mondaybridge.reports.contract import held_in
from mondaybridge.reports.sold import Locked, locked
from mondaybridge.store import facts, ledger, mirror
from mondaybridge.store.engine import Tx
from mondaybridge.workflows.late import decide_late, too_late

CHOICES = {
    HeldReason.UNFUNDED: (Choice.ABSORB, Choice.NEXT_PACKAGE, Choice.WAIT, Choice.BILL),
    HeldReason.UNAPPROVED: (Choice.ABSORB, Choice.WAIT),
    HeldReason.REJECTED: (Choice.ABSORB, Choice.WAIT),
    HeldReason.DELETED: (Choice.KEEP, Choice.DROP),
    HeldReason.PARKED: (),
    HeldReason.NO_CONTRACT: (),
    HeldReason.NO_RATE: (),
    HeldReason.UNDOCUMENTED: (),
    HeldReason.QUESTIONED: (),
    HeldReason.TOO_LATE: LATE_CHOICES,
}


# What is not decided here: the line says what else ends it.
_TOLD = frozenset(
    {
        HeldReason.NO_CONTRACT,
        HeldReason.NO_RATE,
        HeldReason.UNDOCUMENTED,
        HeldReason.QUESTIONED,
        HeldReason.PARKED,
    }
)
# The way out, where it is the same for all: what each decision does, or what else ends it.
_MEANT = {
    HeldReason.UNFUNDED: "no package covers it: 'bill' invoices it at a price of its own, "
    "'next_package' lets the next package pay, 'absorb' charges nobody",
    HeldReason.UNAPPROVED: "nobody approved it: approve the row on its board; 'absorb' charges "
    "nobody",
    HeldReason.REJECTED: "the client said no: 'absorb' charges nobody; an approval on the row "
    "charges it",
    HeldReason.UNDOCUMENTED: "it is charged meanwhile; fill the column of the bug's "
    "documentation: the time is given back then",
    HeldReason.DELETED: "the row was deleted: 'keep' leaves its time charged, 'drop' takes it off",
}


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One held activity and month, with what a person can do about it.

    ``money`` is what the lines in question come to and their currency; none: they cost nothing.
    ``late`` are the changes behind what came after the late window. What is ``billed`` waits for a
    person and stands on the next invoice all the same.
    """

    contract_id: str
    title: str
    reason: HeldReason
    held: Held
    detail: str
    choices: tuple[Choice, ...]
    decided: str = ""
    money: tuple[int, str] | None = None
    late: tuple[Change, ...] = ()
    billed: bool = False


def held_lines(app: App) -> list[HeldLine]:
    """List what is held in every contract, with the decision already taken, if any."""
    return [
        line
        for client in app.mapping.clients
        for line in (
            *(one for c in client.contracts for one in _of_contract(app, c.contract_id)),
            *_late_lines(app, too_late(app, client)),
        )
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
        if first.reason in _TOLD:
            raise FindingsError(f"{first.reason.value}: {first.detail}")
        raise FindingsError(
            f"time of {activity_id} that is {first.reason.value} can be decided by: {names}"
        )
    late = [line for line in allowed if line.reason is HeldReason.TOO_LATE]
    open_lines = [line for line in allowed if line not in late]
    if choice is Choice.BILL:
        _refuse_without_a_rate(app, open_lines)
    if late:
        changes = [change for line in late for change in line.late]
        decide_late(app, changes, choice, actor=actor, why=HeldReason.TOO_LATE.value)
    if not open_lines:
        return allowed
    with app.store.write() as tx:
        contract_id = open_lines[0].contract_id
        ledger.lock(tx, contract_id)
        periods = tuple((line.held.period, line.held.minutes) for line in open_lines)
        reasons = ", ".join(sorted({line.reason.value for line in open_lines}))
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


def _detail(contract: Contract, held: Held, row: Activity | None, sold: Sequence[Locked]) -> str:
    if held.reason is HeldReason.UNFUNDED and sold:
        return "; ".join(f"{one.waits_for}: {one.way_out}" for one in sold)
    if _asked(held):
        return _about_question(contract)
    if held.reason in _MEANT:
        return _MEANT[held.reason]
    if held.reason is HeldReason.NO_RATE:
        return f"no price is in force for this work: set {missing_rate(contract)} in mappings.yaml"
    if held.reason is not HeldReason.NO_CONTRACT or contract.until is None:
        return f"{row.parked} (mend the cell on the board)" if row and row.parked else ""
    return (
        f"contract {contract.contract_id} ended on {_last_day(contract)}: extend it, map the board "
        "to the next contract, or correct the date of the work"
    )


def _about_question(contract: Contract) -> str:
    """Say what a question keeps from moving, and the way out."""
    way = "see 'question list': answer it, then accept, adjust or withdraw"
    if contract.billing.questioned is Questioned.BILL:
        return f"it is billed meanwhile, by policy; {way}"
    return f"no line of it moves until the question is over; {way}"


def _money(
    tx: Tx, contract: Contract, held: Sequence[Held]
) -> dict[tuple[str, str], tuple[int, str]]:
    """Return what the lines in question come to, by activity and month (semantics 6.24)."""
    if not any(map(_asked, held)):
        return {}
    entries = [row.entry for row in ledger.entries(tx, contract.contract_id)]
    found: dict[tuple[str, str], tuple[int, str]] = {}
    for line in itemise(contract.contract_id, entries):
        place = line.line_id.subject, line.line_id.period
        price = parse_rate_key(line.line_id.rate_key)
        known, _ = found.get(place, (0, price.currency))
        found[place] = known + line.amount_minor, price.currency
    return found


def _late_lines(app: App, changes: Sequence[Change]) -> list[HeldLine]:
    """Return what came after the late window, with what it would bill or credit."""
    found = []
    for contract_id, held in held_late(changes):
        contract = app.mapping.contract(contract_id)
        place = contract_id, held.activity_id, held.period
        behind = tuple(c for c in changes if place_of(c) == place)
        with app.store.read() as tx:
            names = mirror.names(tx, {held.activity_id})
        price = parse_rate_key(behind[0].line.line_id.rate_key)
        found.append(
            HeldLine(
                contract_id,
                names.get(held.activity_id, held.activity_id),
                held.reason,
                held,
                f"{held.period} was closed more than {contract.billing.late_days} days ago: 'bill' "
                "lets exactly this change pass, also as a credit; 'absorb' leaves it unbilled",
                LATE_CHOICES,
                money=(sum(one.amount_minor for one in behind), price.currency),
                late=behind,
            )
        )
    return found


def _asked(held: Held) -> bool:
    return held.reason is HeldReason.QUESTIONED


def _last_day(contract: Contract) -> str:
    return local_date((contract.until or 0) - 1, contract.zone).isoformat()


def _of_contract(app: App, contract_id: str) -> list[HeldLine]:
    contract = app.mapping.contract(contract_id)
    with app.store.read() as tx:
        held, rows = held_in(tx, contract, app.clock.now())
        decisions = {d.activity_id: d.choice.value for d in facts.decisions(tx, contract_id)}
        money = _money(tx, contract, held)
        sold = locked(tx, contract, app.clock.now()) if contract.prepaid else []
        names = mirror.names(tx, {one.activity_id for one in held})
    by_id, billed = {row.activity_id: row for row in rows}, meanwhile(contract)
    return [
        HeldLine(
            contract_id,
            names.get(one.activity_id, one.activity_id),
            one.reason,
            one,
            _detail(contract, one, by_id.get(one.activity_id), sold),
            CHOICES.get(one.reason, ()),
            decisions.get(one.activity_id, ""),
            money.get((one.activity_id, one.period)) if _asked(one) else None,
            billed=one.reason in billed,
        )
        for one in held
    ]
