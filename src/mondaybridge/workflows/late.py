"""What came after the late window and waits, and the decision about it (semantics 6.12)."""

from collections.abc import Sequence

from mondaybridge.app import App
from mondaybridge.domain.allocation import Choice
from mondaybridge.domain.billing import plan
from mondaybridge.domain.books import Change
from mondaybridge.domain.contract import Client
from mondaybridge.domain.late import ruling
from mondaybridge.store import late, ledger, mirror
from mondaybridge.workflows.books import open_books


def too_late(app: App, client: Client) -> tuple[Change, ...]:
    """Return a client's changes that wait for a decision, from what was imported last."""
    return plan(open_books(app, client).books).late


def decide_late(
    app: App, changes: Sequence[Change], choice: Choice, *, actor: str, why: str
) -> None:
    """Record a decision about exactly these changes; their contracts are looked at again."""
    contracts = sorted({change.line.line_id.contract_id for change in changes})
    with app.store.write() as tx:
        for contract_id in contracts:
            ledger.lock(tx, contract_id)
        for change in changes:
            line_id, one = change.line.line_id, ruling(change, choice)
            late.decide(tx, line_id, one, actor=actor, why=why, now=app.clock.now())
        mirror.raise_wanted(tx, contracts)
