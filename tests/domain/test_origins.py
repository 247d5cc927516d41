"""What was agreed when a package began, and what comes later (R08, R12, R20; ledger 4, 7)."""

from dataclasses import replace

import pytest

from ledgerbook import Book, activity, at, package, prepaid
from mondaybridge.domain.activity import Activity, Approval, Presence, Status
from mondaybridge.domain.admission import Activation, Admission, Origin
from mondaybridge.domain.contract import Policies
from mondaybridge.domain.origins import agreed_rows, frozen, origin_of, planned, replaced
from mondaybridge.domain.outcome import Baseline, History

BEGINS = at("2026-10-05 09:00")
AGREED = prepaid(policies=Policies(baseline_at=BEGINS, minor_minutes=30))
PLAIN = prepaid(policies=Policies(minor_minutes=30))
BASE = Baseline(BEGINS, (("A", 60), ("B", 45)), 600)
NONE = Approval.NONE


def rows(*given: Activity) -> dict[str, Activity]:
    return {row.activity_id: row for row in given}


BOARD = rows(
    activity("A", 60, approval=NONE),
    activity("B", 15, approval=NONE, factor=3),
    activity("C", None, approval=Approval.REJECTED),
    activity("D", 90, presence=Presence.DELETED),
    activity("E", 30, redo_of="A"),
    activity("F", 10, parked="a cell cannot be read"),
)


def test_R08_the_baseline_is_what_is_on_the_board_with_its_charge_and_what_was_granted() -> None:
    base = frozen(AGREED, BOARD, History(), 600, BEGINS + 7)
    assert base == Baseline(BEGINS + 7, (("A", 60), ("B", 45), ("C", 0), ("F", 10)), 600)
    assert base.total == 115


@pytest.mark.parametrize(
    ("now", "read_at", "freezes"),
    [
        (BEGINS - 1, None, False),
        (BEGINS, None, True),
        (BEGINS + 9, BEGINS - 1, False),
        (BEGINS + 9, BEGINS, True),
        (BEGINS - 1, BEGINS + 9, False),
    ],
)
def test_R08_it_freezes_at_the_first_whole_look_after_its_moment(
    now: int, read_at: int | None, *, freezes: bool
) -> None:
    assert (frozen(AGREED, BOARD, History(read_at=read_at), 600, now) is not None) is freezes


def test_R08_what_is_typed_before_the_first_whole_look_was_not_agreed() -> None:
    board = rows(
        activity("A", 60, created_at=BEGINS - 1),
        activity("B", 60, created_at=BEGINS),
        activity("C", 60),
    )
    base = frozen(AGREED, board, History(), 600, BEGINS + 9)
    assert base == Baseline(BEGINS + 9, (("A", 60), ("C", 60)), 600)


def test_R08_once_frozen_it_stays_and_a_package_without_one_freezes_nothing() -> None:
    assert frozen(AGREED, BOARD, History(baseline=BASE), 600, BEGINS + 9) is None
    assert frozen(PLAIN, BOARD, History(), 600, BEGINS + 9) is None


@pytest.mark.parametrize(
    ("row", "base", "origin"),
    [
        ("A", None, Origin.AGREED),
        ("A", BASE, Origin.AGREED),
        ("F", BASE, Origin.EXTRA),
        ("E", None, Origin.REDO),
        ("E", BASE, Origin.REDO),
    ],
)
def test_R08_what_comes_after_the_freeze_is_extra(
    row: str, base: Baseline | None, origin: Origin
) -> None:
    assert origin_of(BOARD[row], AGREED, agreed_rows(base)) is origin


def test_4_a_package_sold_without_agreed_activities_has_requests_and_redos() -> None:
    assert origin_of(BOARD["A"], PLAIN, None) is Origin.REQUEST
    assert origin_of(BOARD["E"], PLAIN, None) is Origin.REDO


@pytest.mark.parametrize(
    ("cells", "active", "minutes"),
    [
        ({}, False, 105),
        ({}, True, 45),
        ({"approval": Approval.REJECTED}, False, 45),
        ({"status": Status.DONE}, False, 45),
        ({"status": Status.CANCELLED}, False, 45),
        ({"presence": Presence.DELETED}, False, 45),
        ({"presence": Presence.MISSING}, False, 105),
        ({"chargeable": False}, False, 45),
        ({"estimate_seconds": 7_200}, False, 165),
        ({"estimate_seconds": None}, False, 45),
    ],
    ids=str,
)
def test_4_planned_is_the_charge_of_agreed_rows_that_nobody_has_answered(
    cells: dict[str, object], minutes: int, *, active: bool
) -> None:
    board = BOARD | {"A": replace(BOARD["A"], **cells)}  # type: ignore[arg-type]  # its cells
    known = {key: Activation(key, Admission.UNAPPROVED) for key in board}
    if active:
        known["A"] = Activation("A", Admission.ACTIVE)
    assert planned(board, known, AGREED, BASE) == minutes
    assert planned(board, known, AGREED, None) == 0


def test_4_planned_forgets_rows_that_left_the_boards() -> None:
    assert planned({}, {}, AGREED, BASE) == 0


def test_R20_a_redo_replaces_its_original_while_it_is_there() -> None:
    assert replaced(BOARD.values()) == {"A": "E"}
    gone = BOARD | {"E": replace(BOARD["E"], presence=Presence.DELETED)}
    assert replaced(gone.values()) == {}
    assert replaced([replace(BOARD["A"], redo_of="A")]) == {}


@pytest.mark.parametrize(
    "cells",
    [{"status": Status.CANCELLED}, {"approval": Approval.REJECTED},
     {"presence": Presence.DELETED}],
    ids=str,
)  # fmt: skip
def test_R20_a_redo_that_is_not_done_gives_the_original_its_hours_back(
    cells: dict[str, object],
) -> None:
    book = Book(PLAIN, at("2026-10-05 10:00"))
    original = activity("A", 120)
    redo = activity("R", 60, approval=NONE, status=Status.NEW, redo_of="A")
    reserved = []
    for row in (None, redo, replace(redo, **cells)):  # type: ignore[arg-type]  # cells of a row
        book.review(original, *([row] if row else []))
        reserved.append(book.balance.reserved)
    assert reserved == [120, 0, 120]


def test_R08_a_review_freezes_once_and_what_comes_next_is_extra() -> None:
    book = Book(prepaid(package(), policies=AGREED.policies), BEGINS)
    first = book.review(activity("A", 60), activity("B", 45, approval=NONE))
    assert first.baseline == Baseline(book.now, (("A", 60), ("B", 45)), 600)
    second = book.review(activity("A", 60), activity("B", 45, approval=NONE), activity("X", 60))
    assert second.baseline is None
    assert {key: one.origin for key, one in book.activations.items()} == {
        "A": Origin.AGREED,
        "B": Origin.AGREED,
        "X": Origin.EXTRA,
    }


def test_7_baseline_700_on_a_package_of_600_freezes_and_extras_only_ask_to_confirm() -> None:
    book = Book(prepaid(package(), policies=AGREED.policies), BEGINS)
    agreed = [activity(key, 350, approval=NONE, status=Status.NEW) for key in "AB"]
    assert book.review(*agreed).baseline == Baseline(book.now, (("A", 350), ("B", 350)), 600)
    book.review(*agreed, activity("X", 5, approval=NONE))
    extra = book.activations["X"]
    assert (extra.origin, extra.state) == (Origin.EXTRA, Admission.CONFIRM)
    assert extra.assessment
    assert (extra.assessment.planned, extra.assessment.free) == (700, 600)
    assert {book.activations[key].state for key in "AB"} == {Admission.UNAPPROVED}
