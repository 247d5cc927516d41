"""What would be answered to a request for hours, on the mirror as it is; nothing is written."""

from dataclasses import dataclass
from typing import Any

from mondaybridge.app import App
from mondaybridge.domain.asking import Answer, Asked, ask, sentence
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.prepaid import review_prepaid
from mondaybridge.domain.worktime import hours_text, iso
from mondaybridge.errors import ConfigurationError
from mondaybridge.reports.contract import state_of

MINUTE_MS = 60_000
NUMBERS = ("charge", "need", "hard", "free", "planned", "shortfall", "missing")


@dataclass(frozen=True, slots=True)
class Check:
    """An answer and the instant up to which the boards were seen; 0: not all of them yet."""

    contract_id: str
    answer: Answer
    read_at: int
    now: int

    @property
    def age(self) -> str:
        """Say how old the look is that the answer rests on."""
        if not self.read_at:
            return "The boards have not all been read yet: run 'mondaybridge sync' first."
        minutes = max(0, self.now - self.read_at) // MINUTE_MS
        return f"As the boards were read {hours_text(minutes)} h ago ({iso(self.read_at)})."

    def as_json(self) -> dict[str, Any]:
        """Return the answer as one JSON object, in minutes."""
        answer = self.answer
        return {
            "contract": self.contract_id,
            "minutes": answer.asked.minutes,
            "urgent": answer.asked.urgent,
            "origin": answer.origin.value,
            "verdict": answer.seen.verdict.value,
            "factor": answer.seen.factor,
            **{name: getattr(answer.seen, name) for name in NUMBERS},
            "at_risk": list(answer.at_risk),
            "sentence": sentence(answer),
            "read_at": iso(self.read_at) if self.read_at else "",
            "age": self.age,
        }


def check(app: App, contract: Contract, asked: Asked) -> Check:
    """Judge a request as the next review would judge a row that asks for it."""
    if not contract.prepaid:
        raise ConfigurationError(
            f"{app.mapping.name}: contract {contract.contract_id} has no residual to ask: only "
            "prepaid_package has one"
        )
    now = app.clock.now()
    with app.store.read() as tx:
        state = state_of(tx, contract)
    history = state.history
    decided = review_prepaid(contract, state.activities, history, now)
    baseline = history.baseline or decided.review.baseline
    answer = ask(contract, decided, baseline, asked)
    return Check(contract.contract_id, answer, history.read_at or 0, now)
