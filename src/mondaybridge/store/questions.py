"""Questions in the contract's events: every act stays as it was recorded (ledger 2, R41b).

Keeps and returns acts; what they come to is folded in the domain.
"""

from typing import Any

from sqlalchemy import select

from mondaybridge.domain.questions import Act, Origin, QuestionEvent
from mondaybridge.store import facts
from mondaybridge.store.engine import Tx
from mondaybridge.store.facts import EventRow
from mondaybridge.store.tables import event

KIND = "question"


def record(tx: Tx, contract_id: str, one: QuestionEvent) -> None:
    """Append one act to the contract's events."""
    args: dict[str, Any] = {
        "question": one.question_id,
        "act": one.act.value,
        "origin": one.origin.value,
        "text": one.text,
        "period": one.period,
    }
    if one.cell is not None:
        args["cell"] = one.cell
    if one.adjusted:
        args["adjusted"] = [list(month) for month in one.adjusted]
    facts.add_event(
        tx,
        contract_id,
        KIND,
        activity_id=one.activity_id,
        actor=one.actor,
        args=args,
        cause=one.act.value,
        at=one.at,
    )


def acts(tx: Tx, contract_id: str, known: facts.Known | None = None) -> list[QuestionEvent]:
    """Return a contract's acts upon questions, in the order in which they were recorded."""
    return [_act(row) for row in facts.events(tx, contract_id, KIND, known=known)]


def contracts(tx: Tx) -> list[str]:
    """Return the contracts in which anything was ever asked."""
    query = select(event.c.contract_id).where(event.c.kind == KIND).distinct()
    return sorted(str(row[0]) for row in tx.execute(query))


def _act(row: EventRow) -> QuestionEvent:
    args = row.args
    return QuestionEvent(
        args["question"],
        row.activity_id,
        Act(args["act"]),
        row.at,
        row.actor,
        args["text"],
        args["period"],
        Origin(args["origin"]),
        args.get("cell"),
        tuple((str(p), int(m), int(before)) for p, m, before in args.get("adjusted", ())),
    )
