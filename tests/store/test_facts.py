import pytest

from mondaybridge.domain.admission import Activation, Admission, Assessment, Step, Verdict
from mondaybridge.domain.allocation import Choice, Decision
from mondaybridge.domain.ledger import EntryKind
from mondaybridge.domain.outcome import PackageChange
from mondaybridge.store import facts
from mondaybridge.store.engine import Store
from mondaybridge.store.facts import EventRow
from storebook import NOW, with_contracts

JUDGED = Assessment(Verdict.CONFIRM, 7200, 3, charge=360, need=320, hard=435, shortfall=5)
STEPS = (Step(NOW, 360), Step(NOW + 1, 0))
ACTIVE = Activation("a1", Admission.ACTIVE, 7200, 3, STEPS, assessment=JUDGED)


@pytest.fixture(name="store")
def store_with_contracts(store: Store) -> Store:
    return with_contracts(store)


class TestActivations:
    def test_are_kept_whole_and_per_contract(self, store: Store) -> None:
        waiting = Activation("a2", Admission.NEEDS_ESTIMATE)
        refused = Activation("a2", Admission.REFUSED, assessment=Assessment(Verdict.REFUSE))
        with store.write() as tx:
            facts.save_activations(tx, "c1", [ACTIVE, waiting])
            facts.save_activations(tx, "c2", [ACTIVE])
            facts.save_activations(tx, "c1", [ACTIVE, refused])
            facts.save_activations(tx, "c1", [])
            assert facts.activations(tx, "c1") == {"a1": ACTIVE, "a2": refused}
            assert facts.activations(tx, "c2") == {"a1": ACTIVE}


class TestEvents:
    def test_are_numbered_per_contract_and_read_in_order(self, store: Store) -> None:
        with store.write() as tx:
            facts.add_event(tx, "c1", "approval", at=NOW, activity_id="a1", actor="Ada")
            facts.add_event(tx, "c2", "close", at=NOW, args={"period": "2026-10"})
            number = facts.add_event(
                tx, "c1", "close", at=NOW + 1, package_id="p1", args={"n": [1]}, cause="é"
            )
            assert number == 2
            first = EventRow("c1", 1, "approval", "a1", "", "Ada", {}, "", NOW)
            second = EventRow("c1", 2, "close", "", "p1", "", {"n": [1]}, "é", NOW + 1)
            assert facts.events(tx, "c1") == [first, second]
            assert facts.events(tx, "c1", "close") == [second]


class TestDecisions:
    def test_are_the_events_of_that_kind_as_values(self, store: Store) -> None:
        periods = {"2026-10": 30, "2026-09": 5}
        with store.write() as tx:
            for choice in ("wait", "absorb"):
                args = {"choice": choice, "periods": periods}
                facts.add_event(tx, "c1", "decision", at=NOW, activity_id="a1", args=args)
            facts.add_event(tx, "c1", "approval", at=NOW)
            assert facts.decisions(tx, "c1") == [
                Decision("a1", choice, (("2026-09", 5), ("2026-10", 30)), NOW)
                for choice in (Choice.WAIT, Choice.ABSORB)
            ]


class TestPackageChanges:
    def test_are_the_events_of_that_kind_in_order(self, store: Store) -> None:
        with store.write() as tx:
            for kind, minutes in (("credit", 60), ("refund", -400)):
                facts.add_event(
                    tx,
                    "c1",
                    facts.PACKAGE_CHANGE,
                    at=NOW,
                    package_id="p1",
                    args={"kind": kind, "minutes": minutes},
                    cause="as agreed",
                )
            assert facts.package_changes(tx, "c1") == [
                PackageChange("p1", EntryKind.CREDIT, 60, NOW, "as agreed"),
                PackageChange("p1", EntryKind.REFUND, -400, NOW, "as agreed"),
            ]
            assert facts.package_changes(tx, "c2") == []
