"""What the tests of the mirror read: two contracts, three boards, and readings of their rows."""
# ruff: noqa: ANN401 - any cell of a row may be given

from collections.abc import Sequence
from typing import Any

from mondaybridge.domain.activity import Activity, Capture, Reading, Session
from mondaybridge.domain.contract import Client, Contract, ContractKind
from mondaybridge.store import ledger, mirror
from mondaybridge.store.engine import Store, Tx
from storebook import NOW

HASHES = {"acme-care": "h1", "globex-care": "h2"}


def client(name: str, boards: Sequence[str], currency: str = "EUR", customer: str = "") -> Client:
    contract = Contract(
        f"{name}-care",
        name,
        ContractKind.PAY_AS_YOU_GO,
        "Europe/London",
        0,
        board_ids=tuple(boards),
    )
    return Client(
        name,
        name.title(),
        "en",
        currency,
        "Europe/London",
        customer or f"cus_{name}",
        (contract,),
    )


CLIENTS = [client("acme", ["100", "101"]), client("globex", ["200"])]


def registered(store: Store) -> Store:
    with store.write() as tx:
        mirror.register(tx, CLIENTS, HASHES)
    return store


def row(item_id: str = "1", board_id: str = "100", **cells: Any) -> Activity:
    return Activity(item_id, board_id, **{"name": f"Task {item_id}", "updated_at": 10, **cells})


def reading(
    item_id: str = "1",
    board_id: str = "100",
    *,
    number: int | None = None,
    outputs: Sequence[tuple[str, str]] = (),
    **cells: Any,
) -> Reading:
    return Reading(
        row(item_id, board_id, **cells), number, 50 if number is not None else 0, tuple(outputs)
    )


def tracked(session_id: str, at: int, seconds: int = 60) -> Session:
    return Session(session_id, Capture.TRACKED, at, at + seconds * 1000, seconds, "7")


def number(session_id: str, seconds: int) -> Session:
    return Session(session_id, Capture.NUMBER, 50, 50, seconds)


def take(store: Store, *readings: Reading, board_id: str = "100") -> int:
    with store.write() as tx:
        return mirror.apply(tx, board_id, readings, now=NOW)


def rows(store: Store, contract_id: str = "acme-care") -> list[Activity]:
    with store.read() as tx:
        return mirror.activities(tx, contract_id)


def wanted(tx: Tx) -> dict[str, int]:
    return {name: found.wanted_version for name, found in ledger.positions(tx).items()}
