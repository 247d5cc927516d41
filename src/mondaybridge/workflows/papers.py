"""What an import of documents means to people: parked once, and shown on the boards.

Runs inside the import's transaction, so that nothing that a person did is stored and not told.
"""

from collections.abc import Sequence

from mondaybridge.domain.contract import Client
from mondaybridge.domain.documents import ObservedDocument
from mondaybridge.domain.papers import deed
from mondaybridge.store import mirror, work
from mondaybridge.store.billing import Change
from mondaybridge.store.engine import Tx

DOCUMENT = "document"  # the kind of what is parked: one document of ours


def take_note(tx: Tx, client: Client, changes: Sequence[Change], now: int) -> None:
    """Park what a person did to documents of ours, and review where their state moved."""
    for before, after in changes:
        found = deed(before, after)
        if found:
            work.park(tx, DOCUMENT, found.stripe_id, found.reason, found.evidence, now)
    if any(_moved(before, after) for before, after in changes):
        mirror.raise_wanted(tx, [contract.contract_id for contract in client.contracts])


def _moved(before: ObservedDocument | None, after: ObservedDocument) -> bool:
    """Whether boards show something else of a document than before."""
    return _shown(before) != _shown(after)


def _shown(one: ObservedDocument | None) -> tuple[object, ...]:
    if one is None or not one.finalized_at:
        return ()
    return one.status, one.number, one.failed, one.due_at
