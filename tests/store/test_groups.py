"""Each activity behind a grouped line has its own minutes, by the month of work (ledger 5.6)."""

from dataclasses import replace

import pytest

from mondaybridge.domain.documents import (
    BillingMark,
    DocumentKey,
    DocumentType,
    ObservedDocument,
    ObservedLine,
)
from mondaybridge.domain.grouping import DAY
from mondaybridge.domain.ledger import Entry, EntryKind
from mondaybridge.domain.marks import billing_marks
from mondaybridge.domain.usage import LineId
from mondaybridge.store import billing, groups, line_entries
from mondaybridge.store.engine import Store
from storebook import NOW, posted, with_contracts

RATE = "6500/eur/"


@pytest.fixture(name="store")
def store_with_contracts(store: Store) -> Store:
    return with_contracts(store)


def line_id(subject: str, period: str) -> LineId:
    return LineId("c1", "usage", subject, period, "payg", RATE)


def invoice(stripe_id: str, subject: str, period: str, minutes: int) -> ObservedDocument:
    one = ObservedLine(f"il_{stripe_id}", line_id(subject, period), minutes, minutes * 100)
    return ObservedDocument(
        stripe_id,
        DocumentType.INVOICE,
        "open",
        "cus_1",
        "eur",
        one.amount_minor,
        one.amount_minor,
        NOW,
        finalized_at=NOW,
        key=DocumentKey("client", period, "usage", 1),
        lines=(one,),
    )


def bill(store: Store, document: ObservedDocument, *behind: tuple[str, int]) -> None:
    """Post what each activity did, issue the document, and link its one line to the entries."""
    (line,) = document.lines or ()
    assert line.line_id is not None
    identity, period = line.line_id, line.line_id.period
    entries = [
        Entry(
            EntryKind.POST, minutes, activity_id=name, period=period, source="payg", rate_key=RATE
        )
        for name, minutes in behind
    ]
    seqs = [row.seq for row in posted(store, entries)]
    with store.write() as tx:
        billing.import_documents(tx, "client", [document], NOW, complete=False)
        line_entries.link(tx, "c1", [(str(identity), seq) for seq in seqs])


def found(store: Store) -> dict[str, BillingMark]:
    with store.read() as tx:
        marks = billing_marks(billing.documents(tx, "client"), "c1")
        return groups.with_members(tx, "c1", marks)


AUGUST = invoice("in_8", "a1", "2026-08", 30)


def billed_three_months(store: Store) -> None:
    bill(store, AUGUST, ("a1", 30))
    bill(store, invoice("in_9", "a1", "2026-09", 30), ("a1", 30))
    grouped = invoice("in_10", f"{DAY}2026-10-05", "2026-10", 600)
    bill(store, grouped, ("a1", 30), ("a2", 570))


def test_5_6_the_months_are_the_rows_own_and_not_its_groups(store: Store) -> None:
    billed_three_months(store)
    months = (("2026-08", 30), ("2026-09", 30), ("2026-10", 30))
    one = BillingMark("2026-10", False, 90, "in_10", "open", months=months)
    two = replace(one, minutes=570, months=(("2026-10", 570),))
    assert found(store) == {"a1": one, "a2": two}


def test_5_6_a_month_whose_invoice_was_voided_shows_nothing(store: Store) -> None:
    billed_three_months(store)
    with store.write() as tx:
        void = replace(AUGUST, status="void")
        billing.import_documents(tx, "client", [void], NOW, complete=False)
    assert found(store)["a1"].months == (("2026-09", 30), ("2026-10", 30))


def test_5_6_a_group_that_was_voided_shows_nothing_of_its_members(store: Store) -> None:
    void = invoice("in_7", f"{DAY}2026-07-05", "2026-07", 60)
    bill(store, void, ("a1", 20), ("a2", 40))
    billed_three_months(store)
    with store.write() as tx:
        gone = replace(void, status="void")
        billing.import_documents(tx, "client", [gone], NOW, complete=False)
    assert [(mark.minutes, dict(mark.months)) for _, mark in sorted(found(store).items())] == [
        (90, {"2026-08": 30, "2026-09": 30, "2026-10": 30}),
        (570, {"2026-10": 570}),
    ]
