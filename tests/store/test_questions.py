"""Questions in the store: every act comes back as it was recorded, and none can be changed."""

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from mondaybridge.domain.questions import Act, Origin, QuestionEvent
from mondaybridge.store import questions
from mondaybridge.store.engine import Store
from mondaybridge.store.tables import event
from storebook import NOW, with_contracts

ACTS = [
    QuestionEvent("5-1", "5", Act.ASK, NOW, "Robin", "perché?", "2026-10"),
    QuestionEvent("", "5", Act.SEEN, NOW + 1, "board", origin=Origin.BOARD, cell=""),
    QuestionEvent(
        "5-1",
        "5",
        Act.ADJUST,
        NOW + 2,
        "Avery",
        "half of it",
        "2026-10",
        adjusted=(("2026-09", 0, 20), ("2026-10", 60, 90)),
    ),
    QuestionEvent("5-1", "5", Act.ACCEPT, NOW + 3, origin=Origin.TIME),
]


@pytest.fixture(name="store")
def store_with_contracts(store: Store) -> Store:
    return with_contracts(store)


def test_R41b_every_act_comes_back_as_it_was_recorded(store: Store) -> None:
    with store.write() as tx:
        assert questions.contracts(tx) == []
        for one in ACTS:
            questions.record(tx, "c2", one)
        assert questions.acts(tx, "c2") == ACTS
        assert questions.acts(tx, "c1") == []
        assert questions.contracts(tx) == ["c2"]


@pytest.mark.parametrize("change", [delete(event), update(event).values(actor="nobody")])
def test_R41b_no_act_can_be_changed_or_removed(store: Store, change: object) -> None:
    with store.write() as tx:
        questions.record(tx, "c1", ACTS[0])
    with pytest.raises(DatabaseError), store.write() as tx:
        tx.execute(change)  # type: ignore[call-overload]  # either kind of statement
    with store.read() as tx:
        assert questions.acts(tx, "c1") == ACTS[:1]
