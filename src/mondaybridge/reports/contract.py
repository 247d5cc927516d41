"""One contract with its rows and its history, decided and not written."""

from collections.abc import Sequence

from mondaybridge.domain.activity import Activity
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.outcome import Held, History, Review
from mondaybridge.domain.review import held_now, review
from mondaybridge.store import billing, facts, ledger, mirror
from mondaybridge.store.engine import Tx


def held_in(tx: Tx, contract: Contract, now: int) -> tuple[Sequence[Held], list[Activity]]:
    """Return what waits for a person in a contract, with its rows."""
    activities = mirror.activities(tx, contract.contract_id)
    return held_now(contract, activities, _history(tx, contract.contract_id), now), activities


def decide(tx: Tx, contract: Contract, now: int) -> tuple[Review, list[Activity]]:
    """Load one contract's rows and history and review them."""
    activities = mirror.activities(tx, contract.contract_id)
    return review(contract, activities, _history(tx, contract.contract_id), now), activities


def _history(tx: Tx, contract_id: str) -> History:
    return History(
        ledger.sums(tx, contract_id),
        facts.activations(tx, contract_id),
        facts.decisions(tx, contract_id),
        frozenset(ledger.closed_periods(tx, contract_id)),
        billing.marks(tx, contract_id),
        ledger.elsewhere(tx, contract_id),
    )
