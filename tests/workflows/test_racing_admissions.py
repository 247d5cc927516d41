"""Two processes at the last minutes of a package: one extra starts, the other one waits."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from mondaybridge.app import App
from mondaybridge.domain.admission import Admission, Origin
from mondaybridge.reports.audit import audit
from mondaybridge.store import facts, ledger
from racing import RACERS, ROUNDS, prepared, run
from store.conftest import postgresql_server

__all__ = ["postgresql_server"]


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'race.sqlite3'}"
        return
    server = str(request.getfixturevalue("postgresql_server"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("create database race")
    yield server.replace("/postgres?", "/race?")


def answers(app: App, contract_id: str) -> list[tuple[str, bool, int, int]]:
    """Return how the round's extras stand, the started one first: state, auto, need, shortfall."""
    with app.store.read() as tx:
        known = facts.activations(tx, contract_id)
    assert set(known) == {f"{contract_id}-{racer}" for racer in RACERS}
    assert {one.origin for one in known.values()} == {Origin.EXTRA}
    return sorted(
        (
            one.state.value,
            one.auto,
            one.need,
            one.assessment.shortfall if one.assessment and not one.active else 0,
        )
        for one in known.values()
    )


def test_R12_R15_of_two_racing_extras_on_the_last_minutes_exactly_one_starts_by_itself(
    address: str, tmp_path: Path
) -> None:
    app = prepared(tmp_path, address)
    run(tmp_path, address)
    rounds = [one.contract_id for one in app.mapping.contracts]
    started = (Admission.ACTIVE.value, True, 30, 0)
    waits = (Admission.CONFIRM.value, False, 30, 15)
    assert [answers(app, key) for key in rounds] == [[started, waits]] * ROUNDS
    with app.store.read() as tx:
        left = {key: balance.free for key, (_, balance) in ledger.balances(tx).items()}
        reserved = [balance.reserved for _, balance in ledger.balances(tx).values()]
    assert left == {f"P{number}": 15 for number in range(ROUNDS)}
    assert reserved == [30] * ROUNDS
    assert audit(app).findings == ()
    app.close()
