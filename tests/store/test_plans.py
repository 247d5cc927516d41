from collections.abc import Iterable
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from mondaybridge.domain.documents import DocumentKey, DocumentType, PlannedDocument, PlannedLine
from mondaybridge.domain.usage import LineId
from mondaybridge.store import plans
from mondaybridge.store.document_tables import plan
from mondaybridge.store.engine import Store
from mondaybridge.store.plans import PlanRow
from storebook import NOW, with_contracts


def planned(scope: str = "2026-10", kind: str = "usage", minutes: int = 60) -> PlannedDocument:
    line_id = LineId("c1", "usage", "a1", scope, "payg", "6500/eur/")
    line = PlannedLine(line_id, minutes, minutes * 100, "Réview", NOW, NOW + 1)
    key = DocumentKey("client", scope, kind, 1)
    return PlannedDocument(key, DocumentType.INVOICE, "cus_1", "eur", (line,))


OCTOBER, SALE = planned(), planned("p1", "sale")


@pytest.fixture(name="store")
def store_with_contracts(store: Store) -> Store:
    return with_contracts(store)


ALL = ("planned", "acting", "done", "superseded")


def save(store: Store, *documents: PlannedDocument, at: int = NOW) -> None:
    with store.write() as tx:
        plans.save_plan(tx, "client", documents, config_hash="h", mirror_versions={"b1": 3}, now=at)


def move(store: Store, document: PlannedDocument, state: str) -> None:
    with store.write() as tx:
        plans.set_plan_state(tx, document.key, state)


def states(store: Store) -> dict[str, str]:
    with store.read() as tx:
        return {row.document.key.scope: row.state for row in plans.plans(tx, "client", *ALL)}


def row(document: PlannedDocument, state: str = "planned", at: int = NOW) -> PlanRow:
    return PlanRow(document, state, "h", {"b1": 3}, at)


def found(store: Store, *states: str) -> Iterable[PlanRow]:
    with store.read() as tx:
        return plans.plans(tx, "client", *(states or ALL))


class TestSavePlan:
    def test_keeps_documents_whole_in_their_order(self, store: Store) -> None:
        save(store, SALE, OCTOBER)
        assert found(store) == [row(SALE), row(OCTOBER)]
        assert found(store, "done") == []
        with store.read() as tx:
            assert plans.pending(tx, "client") == [row(SALE), row(OCTOBER)]

    def test_replaces_what_was_only_planned(self, store: Store) -> None:
        save(store, SALE, OCTOBER)
        newer = replace(OCTOBER, lines=(replace(OCTOBER.lines[0], minutes=61),))
        save(store, newer, at=NOW + 5)
        assert found(store) == [row(SALE, "superseded"), row(newer, at=NOW + 5)]

    def test_the_same_again_stays_as_it_was(self, store: Store) -> None:
        save(store, OCTOBER)
        save(store, OCTOBER, at=NOW + 5)
        assert found(store) == [row(OCTOBER)]

    def test_what_is_being_issued_goes_on_unless_it_changed(self, store: Store) -> None:
        save(store, SALE, OCTOBER)
        move(store, OCTOBER, "acting")
        save(store, SALE, OCTOBER)
        assert states(store) == {"p1": "planned", "2026-10": "acting"}
        save(store, SALE, planned(minutes=61))
        assert states(store) == {"p1": "planned", "2026-10": "planned"}
        move(store, OCTOBER, "acting")
        save(store, SALE)
        assert states(store) == {"p1": "planned", "2026-10": "superseded"}

    def test_what_is_done_stays_done(self, store: Store) -> None:
        save(store, SALE, OCTOBER)
        move(store, SALE, "done")
        save(store, OCTOBER)
        assert states(store) == {"p1": "done", "2026-10": "planned"}

    def test_refuses_another_clients_document(self, store: Store) -> None:
        other = replace(OCTOBER, key=DocumentKey("other", "2026-10", "usage", 1))
        with pytest.raises(AssertionError, match="documents of another client"):
            save(store, other)


class TestActing:
    def test_is_one_document_at_a_time(self, store: Store) -> None:
        save(store, SALE, OCTOBER)
        with store.read() as tx:
            assert (plans.acting(tx, "client"), plans.under_way(tx)) == (None, set())
        move(store, SALE, "acting")
        move(store, OCTOBER, "acting")  # after a crash in the middle of the sale
        assert states(store) == {"p1": "planned", "2026-10": "acting"}
        with store.read() as tx:
            assert (plans.acting(tx, "client"), plans.under_way(tx)) == (OCTOBER, {"client"})

    def test_two_at_once_are_refused_by_the_database(self, store: Store) -> None:
        save(store, SALE, OCTOBER)
        with pytest.raises(IntegrityError):
            _all_acting(store)


class TestPlannedFor:
    def test_is_what_was_said_last(self, store: Store) -> None:
        with store.write() as tx:
            assert plans.planned_for(tx) == {"client": ""}
            for text in ("3.1", "3.2"):
                plans.set_planned_for(tx, "client", text)
            assert plans.planned_for(tx) == {"client": "3.2"}


def _all_acting(store: Store) -> None:
    with store.write() as tx:
        tx.execute(update(plan).values(state="acting"))
