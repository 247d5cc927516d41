"""What was made free of charge and is charged again asks anew (ledger 1, 4, 5.6)."""

from dataclasses import replace

import pytest

from ledgerbook import Book, activity, at, package, prepaid, worked
from mondaybridge.domain.activity import Activity, Approval, Status
from mondaybridge.domain.admission import Admission, Step
from mondaybridge.domain.contract import Policies

WORK = worked(120, "2026-10-05 08:00")


def book(minutes: int = 600, minor: int | None = None) -> Book:
    policies = Policies(minor_minutes=minor)
    contract = prepaid(package(minutes=minutes), policies=policies)
    return Book(contract, at("2026-10-05 11:00"))


def stands(one: Book) -> tuple[int, int, int]:
    known = one.balance
    return known.posted, known.reserved, known.free


def free(row: Activity) -> Activity:
    return replace(row, chargeable=False)


def test_4_charged_again_it_takes_nothing_that_was_given_to_another_meanwhile() -> None:
    one, row, other = book(), activity("A", 60, WORK), activity("C", 600)
    one.review(row)
    assert stands(one) == (120, 0, 480)
    one.review(free(row))
    one.review(free(row), other)
    assert stands(one) == (0, 600, 0)
    one.review(row, other)
    assert (one.activations["A"].state, stands(one)) == (Admission.CONFIRM, (0, 600, 0))
    seen = one.activations["A"].assessment
    assert seen
    assert (seen.need, seen.free, seen.shortfall) == (60, 0, 60)


def test_R15b_its_client_may_confirm_it_after_the_numbers() -> None:
    one, row, other = book(), activity("A", 60, WORK), activity("C", 500)
    one.review(free(row), other)
    one.review(row, other)
    assert stands(one) == (100, 500, 0)
    one = book()
    one.review(row)
    one.review(free(row), replace(other, estimate_seconds=600 * 60))
    one.review(row, replace(other, estimate_seconds=600 * 60))
    one.show("A")
    said = replace(row, approval_reference="mail 7")
    one.review(said, replace(other, estimate_seconds=600 * 60))
    assert (one.activations["A"].state, one.activations["A"].overcommit) == (Admission.ACTIVE, 60)


def test_4_charged_again_with_room_it_stands_as_before_from_now_on() -> None:
    one, row = book(), activity("A", 180, WORK)
    one.review(row)
    before = stands(one)
    one.review(free(row))
    assert stands(one) == (0, 0, 600)
    one.review(row)
    assert stands(one) == before == (120, 60, 420)
    assert one.activations["A"].steps == (Step(one.now, 180),)


@pytest.mark.parametrize(("taken", "state"), [(0, Admission.ACTIVE), (90, Admission.CONFIRM)])
def test_R12_a_small_extra_that_is_charged_again_starts_by_itself_only_where_it_fits(
    taken: int, state: Admission
) -> None:
    one = book(minutes=100, minor=30)
    row = activity("A", 30, approval=Approval.NONE, status=Status.NEW)
    other = activity("C", taken)
    one.review(row)
    assert one.activations["A"].auto
    one.review(free(row))
    one.review(free(row), other)
    one.review(row, other)
    assert one.activations["A"].state is state
    assert one.balance.free >= 0


def test_5_6_a_closed_months_minutes_come_back_as_adjustments() -> None:
    one, row = book(), activity("A", 120, WORK)
    one.review(row)
    one.closed.add("2026-10")
    one.now = at("2026-11-03 09:00")
    assert one.step([free(row)]) == [("adjust", -120)]
    assert one.step([row]) == [("adjust", 120)]
    assert one.step([row]) == []
