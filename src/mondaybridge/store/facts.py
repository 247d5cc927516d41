"""Facts without minutes: admissions as recorded, and events such as a person's decision."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import BindParameter, Row, bindparam, select, update

from mondaybridge.domain.admission import Activation
from mondaybridge.domain.allocation import Choice, Decision
from mondaybridge.domain.ledger import EntryKind
from mondaybridge.domain.outcome import Baseline, Fact, PackageChange
from mondaybridge.domain.plan_months import PlanMonth
from mondaybridge.domain.promises import TAKEN
from mondaybridge.store.engine import Tx
from mondaybridge.store.package_tables import alert
from mondaybridge.store.tables import activity, contract, event
from mondaybridge.store.upsert import insert, many, parts

BASELINE = "baseline"
TERMS = "terms"
HANDOVER = "handover"
PACKAGE_CHANGE = "package_change"
PLAN_MONTH = "plan_month"
PRICES = "month_prices"


@dataclass(frozen=True, slots=True)
class EventRow:
    """One fact as written; ``args`` are plain values."""

    contract_id: str
    seq: int
    kind: str
    activity_id: str
    package_id: str
    actor: str
    args: Mapping[str, Any]
    cause: str
    at: int


def activations(tx: Tx, contract_id: str) -> dict[str, Activation]:
    """Return the recorded admissions of a contract, by activity."""
    rows = tx.execute(_ACTIVATIONS, {"of_contract": contract_id})
    return {row.activity_id: _activation(row.admission) for row in rows}


def save_activations(tx: Tx, contract_id: str, changed: Sequence[Activation]) -> None:
    """Record admissions, each in the place of the one before; equal ones are not written."""
    if not changed:
        return
    rows = [
        {
            "contract_id": contract_id,
            "activity_id": one.activity_id,
            "admission": msgspec.json.encode(one).decode(),
        }
        for one in changed
    ]
    row_insert = insert(tx, activity)
    new = row_insert.excluded.admission
    put = row_insert.on_conflict_do_update(
        index_elements=["contract_id", "activity_id"],
        set_={"admission": new},
        where=activity.c.admission != new,
    )
    many(tx, put, rows)


def add_event(  # noqa: PLR0913 - one fact, column by column
    tx: Tx,
    contract_id: str,
    kind: str,
    *,
    at: int,
    activity_id: str = "",
    package_id: str = "",
    actor: str = "",
    args: Mapping[str, Any] | None = None,
    cause: str = "",
) -> int:
    """Append a fact to a contract's events and return its number."""
    mine = update(contract).where(contract.c.contract_id == contract_id)
    counted = mine.values(event_seq=contract.c.event_seq + 1).returning(contract.c.event_seq)
    seq = int(tx.execute(counted).scalar_one())
    row = {
        "contract_id": contract_id,
        "seq": seq,
        "kind": kind,
        "activity_id": activity_id or None,
        "package_id": package_id or None,
        "actor": actor,
        "args": json.dumps(dict(args or {}), sort_keys=True),
        "cause": cause,
        "at": at,
    }
    tx.execute(event.insert().values(row))
    return seq


class Known:
    """All events of one contract, read in one statement for those who ask for many kinds."""

    def __init__(self, tx: Tx, contract_id: str) -> None:
        self.of_kind: dict[str, list[Row[Any]]] = {}
        for row in tx.execute(_EVENTS, {"of_contract": contract_id}):
            self.of_kind.setdefault(row.kind, []).append(row)


def events(
    tx: Tx, contract_id: str, kind: str | None = None, *, known: Known | None = None
) -> list[EventRow]:
    """Return a contract's events in order, of one kind or of all; ``known`` saves the asking."""
    rows: Iterable[Row[Any]]
    if known is not None and kind is not None:
        rows = known.of_kind.get(kind, ())
    else:
        query = _EVENTS if kind is None else _EVENTS_OF_KIND
        rows = tx.execute(query, {"of_contract": contract_id, "of_kind": kind})
    return [
        EventRow(
            row.contract_id,
            row.seq,
            row.kind,
            row.activity_id or "",
            row.package_id or "",
            row.actor,
            json.loads(row.args),
            row.cause,
            row.at,
        )
        for row in rows
    ]


def save_facts(tx: Tx, contract_id: str, found: Sequence[Fact], now: int) -> None:
    """Append what a review found out, as events."""
    for fact in found:
        add_event(
            tx,
            contract_id,
            fact.kind,
            activity_id=fact.activity_id,
            actor=fact.actor,
            args=dict(fact.args),
            cause=fact.cause,
            at=now,
        )


def taken(tx: Tx, contract_id: str, known: Known | None = None) -> dict[str, int]:
    """Return when each activity was taken in charge, as it was seen first (R18)."""
    found: dict[str, int] = {}
    for row in events(tx, contract_id, TAKEN, known=known):
        found.setdefault(row.activity_id, int(row.args["at"]))
    return found


def baseline(tx: Tx, contract_id: str, known: Known | None = None) -> Baseline | None:
    """Return what was agreed when the package began, once it is frozen (R08)."""
    rows = events(tx, contract_id, BASELINE, known=known)
    if not rows:
        return None
    first = rows[0]
    agreed = tuple((key, int(minutes)) for key, minutes in sorted(first.args["agreed"].items()))
    return Baseline(first.at, agreed, int(first.args["granted"]))


def freeze(tx: Tx, contract_id: str, agreed: Baseline) -> None:
    """Record what was agreed: rows with their charge, the total, and what was granted then."""
    args = {"agreed": dict(agreed.agreed), "granted": agreed.granted, "total": agreed.total}
    add_event(tx, contract_id, BASELINE, args=args, at=agreed.frozen_at)


def told(tx: Tx, contract_id: str) -> frozenset[tuple[int, int]]:
    """Return the thresholds that were told, by generation (semantics 6.28)."""
    rows = tx.execute(_TOLD, {"of_contract": contract_id})
    return frozenset((int(row[0]), int(row[1])) for row in rows)


def tell(tx: Tx, contract_id: str, marks: Sequence[tuple[int, int]], now: int) -> None:
    """Record thresholds as told; each is told once."""
    rows = [
        {"contract_id": contract_id, "generation": generation, "threshold": threshold, "at": now}
        for generation, threshold in marks
    ]
    many(tx, insert(tx, alert).on_conflict_do_nothing(), rows)


def decisions(tx: Tx, contract_id: str, known: Known | None = None) -> list[Decision]:
    """Return what people decided about held minutes, in order (ledger 5.2)."""
    return [
        Decision(
            row.activity_id,
            Choice(row.args["choice"]),
            tuple(sorted(row.args["periods"].items())),
            row.at,
        )
        for row in events(tx, contract_id, "decision", known=known)
    ]


def terms(tx: Tx, contract_id: str) -> Mapping[str, Any]:
    """Return the terms by which closed months were counted; empty before the first close."""
    rows = events(tx, contract_id, TERMS)
    return rows[-1].args if rows else {}


def keep_terms(tx: Tx, contract_id: str, counted: Mapping[str, int | str], now: int) -> None:
    """Record the terms by which a month is closed, where they are not the recorded ones."""
    if terms(tx, contract_id) != counted:
        add_event(tx, contract_id, TERMS, args=counted, at=now)


def decide(tx: Tx, contract_id: str, one: Decision, *, actor: str, cause: str) -> None:
    """Record a decision about an activity's held minutes, by a person or by the policy."""
    args = {"choice": one.choice.value, "periods": dict(one.periods)}
    add_event(
        tx,
        contract_id,
        "decision",
        activity_id=one.activity_id,
        actor=actor,
        args=args,
        cause=cause,
        at=one.decided_at,
    )


def ended(tx: Tx, contract_id: str, known: Known | None = None) -> dict[str, int]:
    """Return when packages were handed over first; a later event is of a revision (ledger 5.3)."""
    found: dict[str, int] = {}
    for row in events(tx, contract_id, HANDOVER, known=known):
        found.setdefault(row.package_id, row.at)
    return found


def handed_over(tx: Tx, contract_ids: Collection[str]) -> dict[str, list[str]]:
    """Return the packages that were handed over, by contract, in their order."""
    found: dict[str, dict[str, None]] = {}
    for part in parts(sorted(contract_ids)):
        for row in tx.execute(_HANDED_OVER, {"contracts": part}):
            found.setdefault(row.contract_id, {}).setdefault(row.package_id or "")
    return {key: list(packages) for key, packages in found.items()}


def package_changes(tx: Tx, contract_id: str, known: Known | None = None) -> list[PackageChange]:
    """Return what people gave to packages or took from them, in order (ledger 7)."""
    return [
        PackageChange(
            row.package_id,
            EntryKind(row.args["kind"]),
            int(row.args["minutes"]),
            row.at,
            row.cause,
        )
        for row in events(tx, contract_id, PACKAGE_CHANGE, known=known)
    ]


def plan_months(tx: Tx, contract_id: str, known: Known | None = None) -> dict[str, PlanMonth]:
    """Return the closed months of a plan as they were recorded (ledger 6.6)."""
    rows = events(tx, contract_id, PLAN_MONTH, known=known)
    return {one.period: one for one in (msgspec.convert(dict(r.args), PlanMonth) for r in rows)}


def keep_plan_month(tx: Tx, contract_id: str, one: PlanMonth, now: int) -> None:
    """Record what a closed month of a plan included, cost and left unused."""
    add_event(tx, contract_id, PLAN_MONTH, args=msgspec.to_builtins(one), at=now)


def month_prices(tx: Tx, contract_id: str) -> dict[str, Mapping[str, Any]]:
    """Return by closed month the terms and price lists by which its work was rated."""
    rows = events(tx, contract_id, PRICES)
    return {str(row.args["period"]): row.args["lists"] for row in rows}


def keep_prices(tx: Tx, contract_id: str, period: str, lists: Mapping[str, Any], now: int) -> None:
    """Record the terms and price lists of a month that is closed (semantics 6.27)."""
    add_event(tx, contract_id, PRICES, args={"period": period, "lists": dict(lists)}, at=now)


_OF_CONTRACT: BindParameter[str] = bindparam("of_contract")
_ACTIVATIONS = select(activity).where(activity.c.contract_id == _OF_CONTRACT)
_EVENTS = select(event).where(event.c.contract_id == _OF_CONTRACT).order_by(event.c.seq)
_EVENTS_OF_KIND = _EVENTS.where(event.c.kind == bindparam("of_kind"))
_TOLD = select(alert.c.generation, alert.c.threshold).where(alert.c.contract_id == _OF_CONTRACT)
_HANDED_OVER = (
    select(event.c.contract_id, event.c.package_id)
    .where(event.c.contract_id.in_(bindparam("contracts", expanding=True)))
    .where(event.c.kind == HANDOVER)
    .order_by(event.c.contract_id, event.c.seq)
)
_ACTIVATION = msgspec.json.Decoder(Activation)


def _activation(text: str) -> Activation:
    return _ACTIVATION.decode(text)
