"""What the bridge's own cells say: charged minutes and where the time stands."""

from dataclasses import replace

import pytest

from ledgerbook import Book, activity, at, metered, prepaid, worked
from mondaybridge.domain.activity import Activity, Approval, Presence
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.documents import BillingMark
from mondaybridge.domain.notices import Notice, Rule
from mondaybridge.domain.outcome import Billing, HeldReason, Wanted
from mondaybridge.domain.questions import Act, QuestionEvent
from mondaybridge.domain.review import review
from mondaybridge.workflows import telling
from mondaybridge.workflows.telling import Reader

ROW = activity("A", 60, worked(30, "2026-10-05"))


def package_cell(charged: int, billing: Billing, message: Notice | None = None) -> Wanted:
    return Wanted("A", charged, billing, message, origin="request")


def cells(row: Activity, contract: Contract, mark: BillingMark | None = None) -> list[Wanted]:
    book = Book(contract, at("2026-10-20"), marks={"A": mark} if mark else {})
    book.review(ROW)
    return list(book.review(row).cells)


def test_posted_time_is_open_and_shown_as_charged() -> None:
    assert cells(ROW, metered()) == [Wanted("A", 30, Billing.OPEN)]
    assert cells(replace(ROW, factor=3), metered()) == [Wanted("A", 90, Billing.OPEN)]
    assert cells(ROW, prepaid()) == [package_cell(30, Billing.OPEN)]
    urgent = replace(ROW, factor=3, approval_reference="mail")
    message = Notice("A", Rule.URGENT, (("worked", 30), ("factor", 3), ("charge", 90)))
    assert cells(urgent, prepaid()) == [package_cell(90, Billing.OPEN, message)]


@pytest.mark.parametrize(
    ("mark", "billing"),
    [
        (BillingMark("2026-10", credited=False, minutes=30), Billing.BILLED),
        (BillingMark("2026-10", credited=True, minutes=30), Billing.CREDITED),
        (BillingMark("2026-10", credited=False, minutes=25), Billing.OPEN),
        (BillingMark("2026-10", credited=True, minutes=40), Billing.OPEN),
    ],
)
def test_a_mark_counts_while_documents_and_ledger_agree(
    mark: BillingMark, billing: Billing
) -> None:
    period = "2026-10" if billing is Billing.BILLED else ""
    assert cells(ROW, metered(), mark) == [Wanted("A", 30, billing, period=period)]


def test_a_parked_row_says_so_whatever_else_is_true() -> None:
    mark = BillingMark("2026-10", credited=False, minutes=30)
    message = Notice("A", Rule.PARKED)
    parked = replace(ROW, parked="x")
    assert cells(parked, metered(), mark) == [Wanted("A", 30, Billing.PARKED, message)]
    assert cells(parked, prepaid()) == [package_cell(30, Billing.PARKED, message)]


def test_time_that_waits_for_a_person_is_held() -> None:
    longer = (worked(700, "2026-10-05"),)
    over = (("worked", 700), ("estimate", 60), ("over", 640), ("unfunded", 100))
    message = Notice("A", Rule.OVERRUN, over)
    held = package_cell(600, Billing.HELD, message)
    assert cells(replace(ROW, sessions=longer), prepaid()) == [held]
    rejected = replace(ROW, approval=Approval.REJECTED, sessions=(worked(40, "2026-10-05"),))
    numbers = (("why", "rejected"), ("need", 60), ("hard", 600), ("missing", 0))
    message = Notice("A", Rule.START, numbers)
    assert cells(rejected, prepaid()) == [package_cell(30, Billing.HELD, message)]
    deleted = replace(ROW, presence=Presence.DELETED)
    assert cells(deleted, metered()) == [Wanted("A", 30, Billing.HELD)]


def test_a_row_without_time_is_open_at_zero() -> None:
    book = Book(prepaid(), at("2026-10-20"))
    assert book.review(activity("A", 60)).cells == (package_cell(0, Billing.OPEN),)


BUG = Notice("A", Rule.UNDOCUMENTED)


@pytest.mark.parametrize("contract", [metered(), prepaid()])
def test_R55a_a_bug_without_documentation_is_charged_and_not_held(contract: Contract) -> None:
    book = Book(contract, at("2026-10-20"))
    decided = book.review(replace(ROW, bug=True))
    origin = "request" if contract.prepaid else ""
    assert decided.cells == (Wanted("A", 30, Billing.OPEN, BUG, origin=origin),)
    held = book.review(replace(ROW, bug=True)).held
    assert [(h.reason, h.minutes) for h in held] == [(HeldReason.UNDOCUMENTED, 30)]
    proven = book.review(replace(ROW, bug=True, documentation="https://docs.test/7"))
    assert (proven.notices, proven.held) == ((), ())


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        (
            "en",
            (
                "Marked as a bug, not documented yet: charged as ordinary work until the column of"
                " its documentation is filled. [MB-undocumented]"
            ),
        ),
        (
            "it",
            (
                "Segnata come difetto, non ancora documentata: addebitata come attività ordinaria"
                " finché non si compila la colonna della documentazione. [MB-undocumented]"
            ),
        ),
    ],
)
def test_R55a_it_says_what_ends_it(locale: str, said: str) -> None:
    assert telling.remark(BUG, Reader(locale, "Europe/Rome")) == said
    assert not telling.comments(BUG)


def test_R55a_a_billed_bug_without_documentation_shows_its_bill() -> None:
    mark = BillingMark("2026-10", credited=False, minutes=30)
    bug = Wanted("A", 30, Billing.BILLED, BUG, period="2026-10")
    assert cells(replace(ROW, bug=True), metered(), mark) == [bug]


def test_6_24_what_is_in_question_says_so_beside_what_was_billed() -> None:
    asked = QuestionEvent("A-1", "A", Act.ASK, at("2026-10-10"), "Robin", "why", "2026-10")
    mark = BillingMark("2026-10", credited=False, minutes=30)
    book = Book(metered(), at("2026-10-20"), marks={"A": mark})
    book.review(ROW)
    history = replace(book.history(), questions=(asked,))
    found = [
        review(metered(), [row], history, book.now).cells[0]
        for row in (ROW, replace(ROW, sessions=(worked(40, "2026-10-05"),)))
    ]
    assert [(one.billing, one.period) for one in found] == [
        (Billing.QUESTIONED, "2026-10"),
        (Billing.QUESTIONED, ""),
    ]
