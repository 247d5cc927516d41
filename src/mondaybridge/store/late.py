"""What people decided about changes that came after the late window, as events (semantics 6.12)."""

from mondaybridge.domain.allocation import Choice
from mondaybridge.domain.late import LateRuling
from mondaybridge.domain.usage import LineId, parse_line_id
from mondaybridge.store import facts
from mondaybridge.store.engine import Tx

LATE = "late"


def decide(tx: Tx, line_id: LineId, one: LateRuling, *, actor: str, why: str, now: int) -> None:
    """Record a decision about one line's change."""
    facts.add_event(
        tx,
        line_id.contract_id,
        LATE,
        at=now,
        activity_id=line_id.subject,
        actor=actor,
        args={
            "line": str(line_id),
            "choice": one.choice.value,
            "minutes": one.minutes,
            "amount_minor": one.amount_minor,
            "target_minutes": one.target_minutes,
            "target_minor": one.target_minor,
        },
        cause=why,
    )


def rulings(tx: Tx, contract_id: str) -> dict[LineId, tuple[LateRuling, ...]]:
    """Return what was decided about a contract's late changes, by line, in order."""
    found: dict[LineId, tuple[LateRuling, ...]] = {}
    for row in facts.events(tx, contract_id, LATE):
        line_id = parse_line_id(row.args["line"])
        one = LateRuling(
            Choice(row.args["choice"]),
            int(row.args["minutes"]),
            int(row.args["amount_minor"]),
            int(row.args["target_minutes"]),
            int(row.args["target_minor"]),
        )
        found[line_id] = (*found.get(line_id, ()), one)
    return found
