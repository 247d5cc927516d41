"""A month is closed only where ledger, statement, documents and boards agree (semantics 6.32)."""

from dataclasses import replace

from invoicebook import CONTRACT, books, issued, line
from mondaybridge.domain.billing import plan
from mondaybridge.domain.books import Books, ClosePlan
from mondaybridge.domain.documents import DocumentType, ObservedDocument, ObservedLine
from mondaybridge.domain.equality import MonthSums, differences
from mondaybridge.domain.ledger import Entry, EntryKind

MONTH = "2026-10"
AGREED = MonthSums(CONTRACT, 150, 150, 9749 + 6499)
NAME = f"contract {CONTRACT}, {MONTH}"


def opened() -> tuple[Books, ClosePlan]:
    found = books([line("menu", MONTH, 90), line("form", MONTH, 60)])
    found = replace(found, posted={(CONTRACT, MONTH): 150})
    return found, plan(found, MONTH)


def test_6_32_what_agrees_may_be_applied() -> None:
    assert differences(*opened(), [AGREED]) == []


def test_6_32_minutes_that_differ_are_told_with_their_numbers() -> None:
    assert differences(*opened(), [replace(AGREED, statement_minutes=149)]) == [
        f"{NAME}: the ledger has 2:30, the statement would say 2:29, the plan 2:30"
    ]


def test_6_32_money_that_differs_is_told() -> None:
    assert differences(*opened(), [replace(AGREED, statement_minor=1)]) == [
        f"{NAME}: the ledger comes to 162.48 GBP, the statement to 0.01 GBP"
    ]


def test_6_32_a_board_that_asks_for_more_is_told() -> None:
    entry = Entry(EntryKind.POST, 15, activity_id="menu", period=MONTH)
    other = replace(entry, period="2026-11")
    assert differences(*opened(), [replace(AGREED, unwritten=(entry, other))]) == [
        f"{NAME}: the board asks for 0:15 of menu, which the ledger does not have"
    ]


def test_6_32_documents_that_differ_are_told() -> None:
    found, planned = opened()
    (invoice,) = planned.documents
    short = replace(planned, documents=(replace(invoice, lines=invoice.lines[:1]),))
    assert differences(found, short, [AGREED]) == [
        f"{NAME}: documents would show 1:00 for 64.99 GBP, the ledger has 2:30 for 162.48 GBP"
    ]


def test_6_3_what_is_held_rests_and_is_no_difference() -> None:
    found, _ = opened()
    held = replace(found, held=frozenset({(CONTRACT, "form")}))
    assert differences(held, plan(held, MONTH), [AGREED]) == []


def test_6_32_what_an_issued_invoice_lacks_is_no_difference_for_the_next_one_has_it() -> None:
    """Somebody struck a line off the draft just before it was final: the month closes all the same.

    What documents show too much is a difference as before.
    """
    found, planned = opened()
    (invoice,) = planned.documents
    (short,) = issued([replace(invoice, lines=invoice.lines[:1])])
    after = replace(found, observed=[short])
    assert plan(after, MONTH).documents == ()
    assert differences(after, plan(after, MONTH), [AGREED]) == []
    (whole,) = issued([invoice])
    less = replace(found, desired=found.desired[:1], observed=[whole])
    shown = replace(plan(less, MONTH), documents=(), minutes=((CONTRACT, 90),))
    assert differences(less, shown, [MonthSums(CONTRACT, 90, 90, 9749)]) == [
        f"{NAME}: documents would show 2:30 for 162.48 GBP, the ledger has 1:30 for 97.49 GBP"
    ]


def test_6_32_a_credit_by_hand_makes_good_what_a_draft_changed_by_hand_asked_too_much() -> None:
    """Somebody raised a line just before it was final, and credited more of it than that."""
    found, planned = opened()
    (invoice,) = planned.documents
    more = replace(invoice.lines[0], amount_minor=invoice.lines[0].amount_minor + 100)
    (raised,) = issued([replace(invoice, lines=(more, *invoice.lines[1:]))])
    credit = ObservedLine("cl_1", None, 0, 500, source_line="il_1_0")
    by_hand = ObservedDocument(
        "cn_1", DocumentType.CREDIT_NOTE, "issued", "cus_1", "gbp", 500, 500, 2, lines=(credit,)
    )
    after = replace(found, observed=[raised, by_hand])
    assert differences(after, plan(after, MONTH), [AGREED]) == []
