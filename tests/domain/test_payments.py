"""How billed time stands: paid, overdue, failed, given up, voided (P14, P15)."""

from dataclasses import replace

import pytest

from ledgerbook import Book, activity, at, metered, worked
from mondaybridge.domain.documents import BillingMark
from mondaybridge.domain.outcome import Billing
from mondaybridge.domain.payments import next_at, overdue_at
from mondaybridge.domain.worktime import DAY_MS

ROW = activity("A", 60, worked(30, "2026-10-05"))
NOW = at("2026-11-20")
DUE = at("2026-11-20 15:00")  # a Friday, while it is still that day
MARK = BillingMark("2026-10", credited=False, minutes=30, document="in_1", status="open")
LATE = replace(MARK, due_at=NOW - DAY_MS)


def standing(mark: BillingMark) -> tuple[Billing, str]:
    book = Book(metered(), NOW, marks={"A": mark})
    book.review(ROW)
    (cell,) = book.review(ROW).cells
    return cell.billing, cell.period


@pytest.mark.parametrize(
    ("mark", "billing"),
    [
        (MARK, Billing.BILLED),
        (replace(MARK, due_at=DUE), Billing.BILLED),
        (LATE, Billing.OVERDUE),
        (replace(LATE, failed=True), Billing.FAILED),
        (replace(LATE, status="paid"), Billing.PAID),
        (replace(LATE, status="uncollectible", failed=True), Billing.UNCOLLECTIBLE),
        (replace(LATE, status="void", minutes=0), Billing.VOIDED),
    ],
)
def test_P15_the_board_says_how_the_invoice_stands(mark: BillingMark, billing: Billing) -> None:
    assert standing(mark) == (billing, "2026-10")


@pytest.mark.parametrize(
    ("mark", "billing"),
    [
        (replace(MARK, status="paid", minutes=25), Billing.OPEN),
        (replace(MARK, status="paid", credited=True), Billing.CREDITED),
    ],
)
def test_what_is_billed_otherwise_or_credited_says_so_first(
    mark: BillingMark, billing: Billing
) -> None:
    assert standing(mark) == (billing, "")


@pytest.mark.parametrize("zone", ["Europe/Rome", "America/New_York", "Asia/Tokyo"])
def test_an_invoice_is_overdue_from_the_end_of_its_due_day_where_the_client_is(zone: str) -> None:
    ends = at("2026-11-21 00:00", zone)
    assert overdue_at(at("2026-11-20 00:00", zone), zone) == ends
    assert overdue_at(at("2026-11-20 23:59", zone), zone) == ends


def test_a_review_is_due_when_the_next_invoice_is_overdue() -> None:
    zone = "Europe/Rome"
    marks = [
        replace(MARK, due_at=DUE + 7 * DAY_MS),
        replace(MARK, due_at=DUE),
        replace(MARK, due_at=DUE - 9 * DAY_MS),
        replace(MARK, due_at=DUE - DAY_MS, status="paid"),
        MARK,
    ]
    assert next_at(marks, zone, NOW) == at("2026-11-21 00:00")
    assert next_at(marks[2:], zone, NOW) is None
