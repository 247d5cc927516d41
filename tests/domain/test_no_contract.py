"""Work on a date that no contract covers, and rows that change contracts (ledger 5.4, 5.8)."""

from dataclasses import replace

import pytest

from ledgerbook import Book, activity, at, metered, package, prepaid, worked
from mondaybridge.domain.activity import Approval, Presence
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.outcome import Billing
from packagebook import book, held, later, posted

ENDED = at("2026-10-15")
ROW = activity("A", 60, worked(30, "2026-10-05"), worked(20, "2026-10-16", "s2"))


@pytest.mark.parametrize(
    "contract", [prepaid(until=ENDED), metered(until=at("2026-10-15", "Europe/London"))]
)
def test_7_a_contract_ends_in_mid_month_and_later_work_is_parked(contract: Contract) -> None:
    started = Book(contract, at("2026-10-20"))
    decided = started.review(ROW)
    assert [e.minutes for e in decided.entries if e.kind.value == "post"] == [30]
    assert held(decided) == [("A", "2026-10", "no contract on this date", 20)]
    assert decided.cells[0].billing == Billing.HELD
    assert started.step([ROW]) == []


def test_5_8_a_session_over_the_end_is_cut_there() -> None:
    started = book(until=ENDED)
    row = activity("A", 60, worked(40, "2026-10-14 23:50"))
    assert held(started.review(row)) == [("A", "2026-10", "no contract on this date", 30)]
    assert posted(started) == {("A", "p1", "2026-10"): 10}


def test_5_8_it_is_shown_as_it_would_be_charged_and_whatever_was_answered() -> None:
    started = book(until=ENDED)
    row = replace(ROW, factor=3, approval=Approval.NONE)
    assert held(started.review(row)) == [
        ("A", "2026-10", "unapproved", 90),
        ("A", "2026-10", "no contract on this date", 60),
    ]


@pytest.mark.parametrize("row", [replace(ROW, presence=Presence.DELETED), replace(ROW, parked="x")])
def test_5_8_a_row_that_cannot_be_mended_is_held_for_that_alone(row: object) -> None:
    started = book(until=ENDED)
    started.review(ROW)
    reasons = {reason for _, _, reason, _ in held(started.review(row))}  # type: ignore[arg-type]  # a row
    assert "no contract on this date" not in reasons


@pytest.mark.parametrize("contract", [prepaid(), metered()])
def test_5_4_work_before_bill_from_is_silent(contract: Contract) -> None:
    started = Book(contract, at("2026-10-20"))
    row = activity("A", 60, worked(30, "2025-12-05"))
    decided = started.review(row)
    assert [e for e in decided.entries if e.kind.value == "post"] == []
    assert decided.held == ()


def test_7_an_item_moved_from_x_to_y_leaves_what_x_posted_and_needs_only_the_rest() -> None:
    """60 billed to X: X keeps 60, Y gets only what is new, and reserves only what is to come."""
    started = book()
    started.elsewhere = {"A": {"2026-10": 60}}
    row = activity("A", 100, worked(60, "2026-10-05"))
    assert started.step([row]) == [("reserve", 40)]
    assert started.activations["A"].need == 40
    more = replace(row, sessions=(*row.sessions, worked(15, "2026-10-07", "s2")))
    assert started.step([more]) == [("release", -15), ("post", 15)]


def test_5_8_a_row_moved_with_all_its_estimate_used_needs_nothing_even_when_nothing_is_left() -> (
    None
):
    started = Book(prepaid(replace(prepaid().packages[0], granted_minutes=0)), at("2026-10-06"))
    started.elsewhere = {"A": {"2026-10": 60}}
    started.review(activity("A", 60, worked(60, "2026-10-05")))
    assert (started.activations["A"].need, started.activations["A"].active) == (0, True)


@pytest.mark.parametrize(
    "contract",
    [
        replace(prepaid(), bill_from=at("2026-10-10")),
        replace(metered(), bill_from=at("2026-10-10", "Europe/London")),
    ],
)
def test_5_8_what_the_contract_before_posted_of_its_own_days_is_not_taken_off(
    contract: Contract,
) -> None:
    started = Book(contract, at("2026-10-20"))
    started.elsewhere = {"A": {"2026-10": 30}}
    decided = started.review(ROW)
    assert [e.minutes for e in decided.entries if e.kind.value == "post"] == [20]
    started.elsewhere = {"A": {"2026-10": 45}}  # it posted some of this contract's days too
    assert [e.minutes for e in started.review(ROW).entries if e.kind.value == "post"] == [-15]


@pytest.mark.parametrize("contract", [prepaid(), metered()])
def test_5_8_a_moved_row_whose_session_changes_its_month_is_not_posted_again(
    contract: Contract,
) -> None:
    """X posted 60 in October; the session's date is corrected on Y's board."""
    started = Book(contract, at("2026-11-03"))
    started.elsewhere = {"A": {"2026-10": 60}}
    moved, more = worked(60, "2026-11-01 10:00"), worked(15, "2026-11-02", "s2")
    for sessions, posted_here in (
        ((moved,), 0),
        ((moved, more), 15),
        ((moved, more, worked(60, "2026-10-05", "s3")), 75),
    ):
        started.review(activity("A", 200, *sessions))
        assert started.balance.posted == posted_here


def test_5_8_a_row_that_was_moved_away_and_comes_back_is_checked_again() -> None:
    started = book(package("p1", 100))
    first, other = activity("A", 80, created_at=1), activity("B", 80, created_at=2)
    assert later(started, "2026-10-02", first) == [("reserve", 80)]
    assert later(started, "2026-10-03") == [("release", -80)]
    assert later(started, "2026-10-04", other) == [("reserve", 80)]
    assert later(started, "2026-10-05", first, other) == []
    seen = started.activations["A"].assessment
    assert seen
    assert (seen.need, seen.free) == (80, 20)
    assert started.balance.free == 20
