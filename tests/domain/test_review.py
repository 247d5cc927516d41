"""What the bridge's own cells say: charged minutes and where the time stands."""

from dataclasses import replace

import pytest

from ledgerbook import Book, activity, at, metered, prepaid, worked
from mondaybridge.domain.activity import Activity, Approval, Presence
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.documents import BillingMark
from mondaybridge.domain.notices import Notice, Rule
from mondaybridge.domain.outcome import Billing, Wanted

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
