"""What may still happen to a package that was handed over, and what may not (ledger 5.3, 6.13)."""

from dataclasses import replace

import pytest

from ledgerbook import Book, activity, at, package, worked
from mondaybridge.domain.activity import Activity, Approval, Presence, Status
from mondaybridge.domain.allocation import Choice
from mondaybridge.domain.ledger import Entry, EntryKind
from mondaybridge.domain.outcome import PackageCells
from mondaybridge.domain.reasons import Reason
from mondaybridge.domain.usage import itemise
from packagebook import PackageBook, book, change, decide, held, later, posted, reserved

A100 = activity("A", 100, worked(100, "2026-10-05"), status=Status.DONE)


def handed_over(*more: object, minutes: int = 100, row: Activity = A100) -> PackageBook:
    """Return a book whose first package was worked on and handed over on 10 October."""
    started = book(package("p1", minutes), *more)
    later(started, "2026-10-06", row)
    later(started, "2026-10-09", row)
    started.ended["p1"] = at("2026-10-10 12:00")
    assert later(started, "2026-10-10", row) == []
    return started


def second(minutes: int = 300, **terms: object) -> object:
    return package("p2", minutes, "2026-10-08", **terms)


def actual(minutes: int, row: Activity = A100) -> Activity:
    return replace(row, sessions=(worked(minutes, "2026-10-05"),))


def returns(entries: list[Entry]) -> list[tuple[str, int, str, str, str]]:
    """Return what went back: kind, minutes, where, of what, and from where."""
    found = [e for e in entries if e.cause == Reason.HANDED_OVER.said()]
    return [(e.kind.value, e.minutes, e.package_id, e.activity_id, e.source) for e in found]


def test_5_3_a_handed_over_package_gives_no_minutes_whatever_is_left_of_it() -> None:
    started = handed_over(minutes=150)
    new = activity("B", 20, worked(20, "2026-10-12"))
    decided = started.review(A100, new)
    assert (decided.entries, held(decided)) == ((), [("B", "2026-10", "unapproved", 20)])
    assert posted(started) == {("A", "p1", "2026-10"): 100}


def test_5_3_what_others_hold_moves_on_to_the_next_package() -> None:
    started = book(package("p1", 150), second())
    rows = (A100, activity("B", 40))
    later(started, "2026-10-08", *rows)
    assert reserved(started) == {("B", "p1"): 40}
    started.ended["p1"] = at("2026-10-10 12:00")
    assert later(started, "2026-10-10", *rows) == [("release", -40), ("reserve", 40)]
    assert reserved(started) == {("B", "p2"): 40}


def test_5_3_new_work_flows_into_the_next_package_though_the_first_has_room() -> None:
    started = handed_over(second(), minutes=150)
    new = activity("B", 20, worked(20, "2026-10-12"))
    assert later(started, "2026-10-12", A100, new) == [("post", 20)]
    assert posted(started)["B", "p2", "2026-10"] == 20


def test_5_3_a_decrease_becomes_a_credit_on_the_next_package_and_follows_the_actual() -> None:
    started = handed_over(second())
    for minutes, entries in (
        (60, [("credit", 40)]),
        (70, [("credit", -10)]),
        (70, []),
        (100, [("credit", -30)]),
        (0, [("credit", 100)]),
    ):
        assert later(started, "2026-10-11", actual(minutes)) == entries
    assert posted(started) == {("A", "p1", "2026-10"): 100}
    assert {way[2:] for way in returns(started.entries)} == {("p2", "A", "handover:p1")}
    assert (started.balance.hard, started.balance.free) == (400, 400)


def test_5_3_without_another_package_a_decrease_is_a_goodwill_grant_without_a_sale() -> None:
    started = handed_over()
    assert later(started, "2026-10-11", actual(60)) == [("grant", 40)]
    assert later(started, "2026-10-12", actual(90)) == [("grant", -30)]
    assert later(started, "2026-10-12", actual(100)) == [("grant", -10)]
    assert later(started, "2026-10-13", actual(75)) == [("grant", 25)]
    assert {way[2:] for way in returns(started.entries)} == {("p1:goodwill", "A", "goodwill")}
    sales = [(line.line_id.subject, line.minutes) for line in itemise("c1", started.entries)]
    assert sales == [("p1", 100)]


def test_5_3_goodwill_can_be_used_and_stays_where_it_is_when_a_package_is_sold() -> None:
    started = handed_over()
    later(started, "2026-10-11", actual(60))
    new = activity("B", 30, worked(30, "2026-10-12"))
    assert later(started, "2026-10-12", actual(60), new) == [("post", 30)]
    assert posted(started)["B", "p1:goodwill", "2026-10"] == 30
    sold = replace(started.contract, packages=(*started.contract.packages, package("p2", 200)))
    started.contract = sold
    assert later(started, "2026-10-13", actual(50), new) == [("grant", 200), ("credit", 10)]
    assert later(started, "2026-10-14", actual(70), new) == [("grant", -10), ("credit", -10)]
    assert posted(started)["B", "p1:goodwill", "2026-10"] == 30


def test_5_3_goodwill_that_is_taken_back_after_it_was_used_is_shown_as_debt() -> None:
    started = handed_over()
    later(started, "2026-10-11", actual(60))
    new = activity("B", 40, worked(40, "2026-10-12"))
    later(started, "2026-10-12", actual(60), new)
    started.closed.add("2026-10")
    assert later(started, "2026-11-05", actual(100), new) == [("grant", -40)]
    assert started.balance.hard == -40


def test_5_3_an_increase_of_old_work_is_unfunded_unless_another_package_covers_its_date() -> None:
    started = handed_over(minutes=150)
    started.now = at("2026-10-11")
    assert held(started.review(actual(130))) == [("A", "2026-10", "unfunded", 30)]
    assert posted(started) == {("A", "p1", "2026-10"): 100}
    started = handed_over(package("p2", 300, "2026-10-02"), minutes=150)
    assert later(started, "2026-10-11", actual(130)) == [("post", 30)]
    assert posted(started) == {("A", "p1", "2026-10"): 100, ("A", "p2", "2026-10"): 30}


def test_5_3_an_increase_may_be_moved_to_the_next_package_by_decision() -> None:
    started = handed_over(second())
    later(started, "2026-10-11", actual(130))
    decide(started, "A", Choice.NEXT_PACKAGE, _2026_10=30)
    assert later(started, "2026-10-12", actual(130)) == [("post", 30)]
    assert later(started, "2026-10-13", actual(120)) == [("post", -10)]
    assert later(started, "2026-10-14", actual(90)) == [("post", -20), ("credit", 10)][::-1]
    assert posted(started) == {("A", "p1", "2026-10"): 100}


@pytest.mark.parametrize("closed", [frozenset({"2026-10"}), frozenset()])
def test_5_3_a_closed_month_gives_back_as_an_open_one_does(closed: frozenset[str]) -> None:
    started = handed_over(second())
    started.closed |= closed
    assert later(started, "2026-11-03", actual(60)) == [("credit", 40)]
    assert later(started, "2026-11-04", actual(100)) == [("credit", -40)]


def test_5_3_a_decrease_lowers_first_what_stands_on_packages_that_are_still_there() -> None:
    started = book(package("p1", 50), package("p2", 300, "2026-10-02"))
    later(started, "2026-10-06", A100)
    started.ended["p1"] = at("2026-10-10 12:00")
    assert later(started, "2026-10-11", actual(70)) == [("post", -30)]
    assert later(started, "2026-10-12", actual(40)) == [("credit", 10), ("post", -20)]
    assert posted(started) == {("A", "p1", "2026-10"): 50}


def test_5_3_freezing_a_package_changes_nobody_elses_minutes() -> None:
    started = book(package("p1", 100), package("p2", 300, "2026-10-02"))
    rows = (
        activity("A", 90, worked(90, "2026-10-05")),
        activity("B", 60, worked(80, "2026-10-04")),
        activity("C", 130, worked(50, "2026-10-06")),
    )
    later(started, "2026-10-07", *rows)
    before = posted(started)
    started.ended["p1"] = at("2026-10-10 12:00")
    assert later(started, "2026-10-11", *rows) == []
    assert posted(started) == before


def test_6_13_a_bug_found_after_the_hand_over_is_credited_to_the_next_package() -> None:
    started = handed_over(second())
    bug = replace(A100, bug=True, documentation="the report")
    assert later(started, "2026-10-11", bug) == [("credit", 100)]
    assert later(started, "2026-10-12", replace(bug, sessions=actual(60).sessions)) == []
    assert later(started, "2026-10-13", A100) == [("credit", -100)]
    assert returns(started.entries)[0] == ("credit", 100, "p2", "A", "handover:p1")


def test_6_13_a_bug_found_after_the_last_hand_over_becomes_goodwill() -> None:
    started = handed_over()
    assert later(started, "2026-10-11", replace(A100, bug=True, documentation="the report")) == [
        ("grant", 100)
    ]


def test_6_13_a_bug_that_was_credited_before_the_hand_over_is_credited_once() -> None:
    bug = replace(A100, bug=True, documentation="the report")
    started = handed_over(second(), row=bug)
    assert started.balance.granted == 500
    assert later(started, "2026-10-11", replace(bug, sessions=actual(60).sessions)) == []
    assert later(started, "2026-10-12", replace(bug, bug=False)) == []


def test_5_3_what_went_back_to_a_package_stays_when_that_one_is_handed_over_too() -> None:
    started = handed_over(second())
    later(started, "2026-10-11", actual(60))
    started.ended["p2"] = at("2026-10-20 12:00")
    assert later(started, "2026-10-20", actual(60)) == []
    assert later(started, "2026-10-21", actual(50)) == [("grant", 10)]
    assert later(started, "2026-10-22", actual(100)) == [("grant", -10)]


def test_5_6_absence_gives_nothing_back() -> None:
    started = handed_over(second())
    for row in (replace(actual(60), parked="x"), replace(A100, presence=Presence.DELETED)):
        assert later(started, "2026-10-11", row) == []
    assert later(started, "2026-10-12") == []


def test_5_3_a_rejection_after_the_work_gives_nothing_back() -> None:
    started = handed_over(second())
    assert later(started, "2026-10-11", replace(A100, approval=Approval.REJECTED)) == []


def test_5_3_what_was_given_back_is_asked_for_again_when_the_work_goes_on() -> None:
    row = replace(A100, status=Status.WORKING, estimate_seconds=120 * 60)
    started = handed_over(second(), minutes=120, row=replace(row, status=Status.DONE))
    assert later(started, "2026-10-11", actual(60, row)) == [("credit", 40), ("reserve", 60)]
    worked_on = (worked(60, "2026-10-05"), worked(60, "2026-10-12", "s2"))
    entries = later(started, "2026-10-12", replace(row, sessions=worked_on))
    assert entries == [("credit", -40), ("release", -60), ("post", 20)]


def test_5_5_a_handed_over_package_does_not_expire_any_more() -> None:
    started = handed_over(minutes=150)
    expiring = replace(started.contract.packages[0], expires_at=at("2026-10-20"))
    started.contract = replace(started.contract, packages=(expiring,))
    assert later(started, "2026-10-25", A100) == []


def test_R11_a_handed_over_activity_does_not_become_urgent_any_more() -> None:
    started = handed_over(second())
    urgent = replace(A100, urgent=True, evidence="mail", factor=3, approval_reference="again")
    assert later(started, "2026-10-11", urgent) == []


def test_R02_what_was_left_behind_is_not_granted_any_more() -> None:
    started = handed_over(second(), minutes=150)
    assert started.review(A100).package == PackageCells(400, 100, 0, 300)
    assert started.review(actual(60)).package == PackageCells(440, 100, 0, 340)


def test_R17_the_review_says_whose_copy_needs_a_revision() -> None:
    started = handed_over(second())
    assert started.review(A100).revisions == ()
    assert started.review(actual(60)).revisions == ("p1",)
    assert started.review(actual(60)).revisions == ()
    assert started.review(actual(110)).revisions == ("p1",)
    assert started.review(actual(120)).revisions == ()
    change(started, 30, EntryKind.CREDIT)
    assert started.review(actual(120)).revisions == ("p1",)


def test_4_a_handed_over_package_leaves_the_residual_that_new_requests_are_judged_by() -> None:
    started: Book = handed_over(second(60), minutes=400)
    new = activity("B", 90, approval=Approval.NONE)
    started.review(A100, new)
    seen = started.activations["B"].assessment
    assert seen
    assert (seen.hard, seen.missing) == (60, 30)


def test_5_3_what_went_back_for_good_is_asked_for_again_when_the_work_returns() -> None:
    """40 went back to p2, others used them, p2 is handed over too; then A is 50 again."""
    more = (package("p2", 100, "2026-10-05"), package("p3", 500, "2026-10-05"))
    started = book(package("p1", 60), *more)
    full = activity("A", 60, worked(50, "2026-10-02"))
    low = replace(full, sessions=(worked(10, "2026-10-02"),))
    others = activity("C", 140, worked(140, "2026-10-06", "c1"))
    later(started, "2026-10-03", full)
    started.ended["p1"] = started.now
    assert ("credit", 40) in later(started, "2026-10-06", low)
    later(started, "2026-10-07", low, others)
    started.ended["p2"] = started.now
    later(started, "2026-10-08", low, others)
    again = replace(low, sessions=(*low.sessions, worked(40, "2026-10-08", "s2")))
    assert later(started, "2026-10-09", again, others) == [("release", -40), ("post", 40)]
    assert posted(started)["A", "p3", "2026-10"] == 40
    assert later(started, "2026-10-10", again, others) == []
    started.ended["p3"] = started.now
    assert later(started, "2026-10-11", again, others) == [("release", -10)]
    started.closed.add("2026-10")
    assert later(started, "2026-11-03", again, others) == []


@pytest.mark.parametrize("closed", [frozenset({"2026-10"}), frozenset()])
def test_6_13_a_bug_flag_removed_after_the_hand_over_asks_for_the_time(
    closed: frozenset[str],
) -> None:
    started = book(package("p1", 100), package("p2", 300, "2026-10-01"))
    bug = activity(
        "A", 50, worked(50, "2026-10-02"), status=Status.DONE, bug=True, documentation="the report"
    )
    others = activity("C", 100, worked(100, "2026-10-03", "c1"), status=Status.DONE)
    later(started, "2026-10-02", bug)
    later(started, "2026-10-06", bug, others)
    started.ended["p1"] = started.now
    later(started, "2026-10-07", bug, others)
    started.closed |= closed
    kind = "adjust" if closed else "post"
    assert later(started, "2026-11-04", replace(bug, bug=False), others) == [(kind, 50)]
    assert later(started, "2026-11-04", replace(bug, bug=False), others) == []
    assert later(started, "2026-11-05", bug, others) == [(kind, -50)]
