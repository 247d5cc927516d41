"""The steps of a ceremony: written once, found by whoever goes on."""

from mondaybridge.store import ceremony
from mondaybridge.store.ceremony import Step
from mondaybridge.store.engine import Store
from storebook import NOW, SECOND

SUBJECT = "open:acme-care"


def steps(store: Store, subject: str = SUBJECT) -> list[Step]:
    with store.read() as tx:
        return list(ceremony.steps(tx, subject).values())


def test_a_step_is_done_once_and_stays_as_it_was(store: Store) -> None:
    with store.write() as tx:
        assert ceremony.done(tx, SUBJECT, "copied", at=NOW, evidence={"board": "7", "à": 1})
    with store.write() as tx:
        assert not ceremony.done(tx, SUBJECT, "copied", at=NOW + SECOND, evidence={"board": "8"})
    assert steps(store) == [Step("copied", NOW, {"board": "7", "à": 1})]


def test_steps_stand_in_the_order_in_which_they_were_done(store: Store) -> None:
    with store.write() as tx:
        ceremony.done(tx, SUBJECT, "shared", at=NOW + SECOND)
        ceremony.done(tx, SUBJECT, "copied", at=NOW)
        ceremony.done(tx, "open:other", "copied", at=NOW)
    assert steps(store) == [Step("copied", NOW), Step("shared", NOW + SECOND)]
    assert steps(store, "open:nobody") == []


def test_what_was_seen_is_replaced_by_what_is_seen(store: Store) -> None:
    with store.write() as tx:
        ceremony.look(tx, SUBJECT, "seen", at=NOW, evidence={"absent": ["a@x.example"]})
        ceremony.look(tx, SUBJECT, "seen", at=NOW + SECOND, evidence={"absent": []})
    assert steps(store) == [Step("seen", NOW + SECOND, {"absent": []})]
