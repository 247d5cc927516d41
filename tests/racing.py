"""Processes that race for the last minutes of packages; importable by a process of its own.

Each round has a contract of its own with forty-five free minutes; every racer brings one extra of
thirty minutes and reviews the contract, released by a barrier.
"""

import multiprocessing
from multiprocessing.synchronize import Barrier
from pathlib import Path

from ledgerbook import at
from mondaybridge.app import App, build
from mondaybridge.domain.activity import Activity, Reading, Status
from mondaybridge.mapping.load import load
from mondaybridge.settings import Settings
from mondaybridge.store import mirror
from mondaybridge.store.engine import Store
from mondaybridge.workflows.review import review_contract
from mondaybridge.workflows.start import register
from storebook import StillClock
from stories import town

NOW = at("2026-10-05 09:00")
ROUNDS = 12
SECONDS = 60  # until a process that waits for the other one gives up
RACERS = ("first", "second")
POLICIES: town.Terms = {"approval_actor": "off", "request_reference": "off"}


def prepared(folder: Path, address: str, rounds: int = ROUNDS, **policies: object) -> App:
    """Write the mapping, read every board empty and let every package begin."""
    contracts = [_contract(number, {**POLICIES, **policies}) for number in range(rounds)]
    (folder / "mappings.yaml").write_text(town.mapping(bottega=town.bottega(*contracts)))
    app = _opened(folder, address)
    register(app)
    for one in app.mapping.contracts:
        with app.store.write() as tx:
            for board_id in one.board_ids:
                ticket = mirror.ticket(tx, board_id)
                mirror.complete(tx, board_id, ticket=ticket, now=NOW, schema_print="")
                mirror.set_board_state(tx, board_id, "live", "")
        review_contract(app, one.contract_id)
    return app


def run(folder: Path, address: str) -> None:
    """Run both processes to their end."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(len(RACERS))
    racers = [
        context.Process(target=race, args=(str(folder), address, racer, barrier))
        for racer in RACERS
    ]
    for one in racers:
        one.start()
    for one in racers:
        one.join(SECONDS)
    assert [one.exitcode for one in racers] == [0, 0]


def race(folder: str, address: str, racer: str, barrier: Barrier) -> None:
    """Be one of the processes: bring one extra in each round and review, at once with the other."""
    app = _opened(Path(folder), address)
    try:
        for one in app.mapping.contracts:
            barrier.wait(SECONDS)
            _bring(app.store, one.board_ids[0], f"{one.contract_id}-{racer}")
            review_contract(app, one.contract_id)
    finally:
        app.close()


def _opened(folder: Path, address: str) -> App:
    """Compose the application as a process of ours does; nobody is called."""
    settings = Settings.model_validate(
        {
            "database_url": address,
            "data_dir": str(folder),
            "mappings": str(folder / "mappings.yaml"),
        }
    )
    mapping = load(folder / "mappings.yaml")
    return build(settings, clock=StillClock(NOW), mapping=mapping, online=False)


def _contract(number: int, policies: town.Terms) -> town.Terms:
    """Forty-five minutes on a board of their own, for one round."""
    return {
        "id": f"c{number}",
        "kind": "prepaid_package",
        "bill_from": "2026-10-01",
        "boards": [{"id": f"{5000 + number}", "columns": "tracked"}],
        "packages": [{**town.PACKAGE, "id": f"P{number}", "granted": "0:45"}],
        "policies": policies,
    }


def _bring(store: Store, board_id: str, item: str) -> None:
    row = Activity(item, board_id, item, status=Status.WORKING, estimate_seconds=1800)
    with store.write() as tx:
        ticket = mirror.ticket(tx, board_id)
        assert mirror.begin(tx, board_id, ticket)
        assert mirror.apply(tx, board_id, [Reading(row)], now=NOW) == 1
        mirror.raise_wanted(tx, [item.partition("-")[0]])
