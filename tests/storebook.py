"""What the tests of the store write with: a clock that stands still, a client, entries."""

from collections.abc import Sequence

from mondaybridge.domain.contract import Client, Contract, ContractKind
from mondaybridge.domain.ledger import ChainedEntry, Entry
from mondaybridge.store import ledger, mirror
from mondaybridge.store.engine import Store

NOW = 1_793_000_000_000
SECOND = 1_000


class StillClock:
    """A clock that moves when told."""

    def __init__(self, now: int = NOW) -> None:
        self.at = now

    def now(self) -> int:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += int(seconds * 1000)


def a_contract(contract_id: str, board_id: str) -> Contract:
    kind = ContractKind.PREPAID_PACKAGE
    return Contract(contract_id, "client", kind, "Europe/Rome", 0, board_ids=(board_id,))


def with_contracts(store: Store) -> Store:
    """Return the store with one client and its contracts c1 and c2."""
    owned = (a_contract("c1", "b1"), a_contract("c2", "b2"))
    client = Client("client", "Ledgerly", "it", "eur", "Europe/Rome", "cus_1", owned)
    with store.write() as tx:
        mirror.register(tx, [client], {"c1": "h1", "c2": "h2"})
    return store


def posted(store: Store, entries: Sequence[Entry], contract_id: str = "c1") -> list[ChainedEntry]:
    """Append entries as a review would."""
    with store.write() as tx:
        row = ledger.lock(tx, contract_id)
        return ledger.append(tx, row, entries, now=store.clock.now())
