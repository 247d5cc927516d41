"""Late edits of closed months, and time typed for them (ledger 2, 5.2, semantics 6.12)."""

from dataclasses import replace

import pytest

from ledgerbook import Book, activity, at, metered, package, prepaid, worked
from mondaybridge.domain.activity import Activity, Status
from mondaybridge.domain.allocation import Choice
from mondaybridge.domain.contract import Contract
from mondaybridge.domain.ledger import Entry, EntryKind
from mondaybridge.domain.reasons import Cause
from packagebook import book, decide, later, posted, typed


def october_closed(*rows: Activity) -> Book:
    started = book()
    later(started, "2026-10-20", *rows)
    started.closed.add("2026-10")
    return started


def test_6_12_late_edits_of_a_closed_month_are_adjustments_both_ways() -> None:
    row = activity("A", 60, worked(30, "2026-10-05"))
    started = october_closed(row)
    longer = replace(row, sessions=(worked(45, "2026-10-05"),))
    assert later(started, "2026-11-05", longer) == [("release", -15), ("adjust", 15)]
    shorter = replace(row, sessions=(worked(20, "2026-10-05"),))
    assert later(started, "2026-11-06", shorter) == [("adjust", -25), ("reserve", 25)]
    assert later(started, "2026-11-07", row) == [("release", -10), ("adjust", 10)]
    assert [e.cause for e in started.entries if e.kind is EntryKind.ADJUST] == [
        "changed on the board after the month was closed"
    ] * 3


def test_6_12_a_closed_months_whole_time_can_go() -> None:
    row = activity("A", 60, worked(30, "2026-10-05"))
    started = october_closed(row)
    gone = later(started, "2026-11-05", replace(row, sessions=()))
    assert gone == [("adjust", -30), ("reserve", 30)]
    assert started.entries[-2] == Entry(
        EntryKind.ADJUST,
        -30,
        "p1",
        "A",
        "2026-10",
        at("2026-10-01"),
        "package:p1",
        cause=Cause("changed on the board after the month was closed"),
    )


def test_5_2_a_late_increase_takes_what_is_free_today() -> None:
    first, second = package("p1", 100), package("p2", 600, "2026-11-02")
    row = activity("A", 60, worked(60, "2026-10-05"), status=Status.DONE)
    started = book(first)
    later(started, "2026-10-20", row)
    started.closed.add("2026-10")
    started.contract = prepaid(first, second)
    others = activity("B", 300)
    later(started, "2026-11-05", row, others)
    longer = replace(row, sessions=(worked(70, "2026-10-05"),))
    assert later(started, "2026-11-06", longer, others) == [
        ("release", -10),
        ("adjust", 10),
        ("reserve", 10),
    ]
    assert posted(started) == {("A", "p1", "2026-10"): 70}


@pytest.mark.parametrize("closed", [frozenset({"2026-10"}), frozenset()])
def test_7_numbers_typed_in_november_count_there(closed: frozenset[str]) -> None:
    numbers = [typed("2026-10-28", 120, "n1"), typed("2026-11-03", 180, "n2")]
    numbers.append(typed("2026-11-05", -240, "n3"))
    started = book()
    row = activity("A", 300, numbers[0])
    later(started, "2026-10-29", row)
    started.closed |= closed
    assert later(started, "2026-11-03", replace(row, sessions=tuple(numbers[:2]))) == [
        ("release", -180),
        ("post", 180),
    ]
    assert posted(started) == {("A", "p1", "2026-10"): 120, ("A", "p1", "2026-11"): 180}
    down = later(started, "2026-11-05", replace(row, sessions=tuple(numbers)))
    october = "adjust" if closed else "post"
    assert down == [(october, -60), ("post", -180), ("reserve", 240)]
    assert posted(started) == {("A", "p1", "2026-10"): 60}


def test_5_3_work_from_before_a_sale_stays_unfunded_after_the_close() -> None:
    first, second = package("p1", 50), package("p2", 300, "2026-10-12")
    started = book(first)
    row = activity("A", 0, worked(70, "2026-10-10"))
    later(started, "2026-10-10", row)
    started.contract = prepaid(first, second)
    row = replace(row, sessions=(*row.sessions, worked(30, "2026-10-13", "s2")))
    later(started, "2026-10-13", row)
    assert posted(started) == {("A", "p1", "2026-10"): 50, ("A", "p2", "2026-10"): 30}
    started.closed.add("2026-10")
    assert later(started, "2026-11-05", row) == []


def test_5_2_a_decision_is_spent_once_whether_the_month_is_open_or_closed() -> None:
    first, second = package("p1", 50), package("p2", 300, "2026-10-12")
    started = book(first)
    row = activity("A", 0, worked(120, "2026-10-10"))
    later(started, "2026-10-10", row)
    decide(started, "A", Choice.NEXT_PACKAGE, _2026_10=70)
    started.contract = prepaid(first, second)
    later(started, "2026-10-12", row)
    row = replace(row, sessions=(worked(150, "2026-10-10"),))
    assert later(started, "2026-10-13", row) == []
    started.closed.add("2026-10")
    assert later(started, "2026-11-05", row) == []
    decide(started, "A", Choice.NEXT_PACKAGE, _2026_10=30)
    assert started.step([row]) == [("adjust", 30)]
    assert started.step([row]) == []


@pytest.mark.parametrize("contract", [prepaid(), metered()], ids=["prepaid", "metered"])
def test_7_a_sessions_date_moved_from_31_october_to_1_november_after_the_close(
    contract: Contract,
) -> None:
    """A credit in October, a line in November."""
    started = Book(contract, at("2026-10-01 08:00"))
    row = activity("A", 60, worked(30, "2026-10-31"))
    later(started, "2026-10-31", row)
    started.closed.add("2026-10")
    moved = replace(row, sessions=(worked(30, "2026-11-01"),))
    assert later(started, "2026-11-03", moved) == [("adjust", -30), ("post", 30)]
    assert {period: m for (_, _, period), m in posted(started).items()} == {"2026-11": 30}
    assert later(started, "2026-11-04", moved) == []


def test_2_what_a_bug_of_a_closed_month_sets_free_is_given_in_the_same_review() -> None:
    started = book(package("p1", 80))
    first = activity("A", 30)
    second = activity("B", 30)
    later(started, "2026-10-01", first, second)
    first = replace(first, sessions=(worked(55, "2026-10-02"),))
    second = replace(second, sessions=(worked(93, "2026-10-01 10:00", "b1"),))
    later(started, "2026-10-03", first, second)
    first = replace(first, estimate_seconds=2400, approval_reference="mail")
    later(started, "2026-10-04", first, second)
    started.closed.add("2026-10")
    later(started, "2026-11-03", first, second)
    bug = replace(first, bug=True, documentation="the report")
    assert later(started, "2026-11-04", bug, second)
    assert later(started, "2026-11-04", bug, second) == []
