"""Contracts whose unapproved time posts as it is worked (ledger 5.1, unapproved_time: post)."""

from dataclasses import replace

import pytest

from ledgerbook import activity, at, package, prepaid, worked
from mondaybridge.domain.activity import Approval
from mondaybridge.domain.allocation import Choice
from mondaybridge.domain.contract import Policies
from packagebook import PackageBook, book, decide, held, later, posted, reserved

POST, HOLD = Policies(posts_unapproved=True), Policies()
WAITING = activity("A", 60, worked(30, "2026-10-05"), approval=Approval.NONE)


def under(started: PackageBook, policies: Policies) -> None:
    started.contract = replace(started.contract, policies=policies)


def test_5_1_unapproved_time_posts_as_it_is_worked_and_reserves_nothing() -> None:
    started = book(policies=POST)
    decided = started.review(WAITING)
    assert posted(started) == {("A", "p1", "2026-10"): 30}
    assert (reserved(started), held(decided)) == ({}, [])
    assert started.step([WAITING]) == []


def test_5_1_approval_later_reserves_only_the_rest() -> None:
    started = book(policies=POST)
    later(started, "2026-10-05", WAITING)
    approved = replace(WAITING, approval=Approval.APPROVED)
    assert later(started, "2026-10-06", approved) == [("reserve", 30)]


def test_5_1_rejected_time_does_not_post_and_what_is_posted_stays() -> None:
    started = book(policies=POST)
    later(started, "2026-10-05", WAITING)
    rejected = replace(
        WAITING,
        approval=Approval.REJECTED,
        sessions=(*WAITING.sessions, worked(10, "2026-10-06", "s2")),
    )
    started.now = at("2026-10-06 20:00")
    assert held(started.review(rejected)) == [("A", "2026-10", "rejected", 10)]
    assert posted(started) == {("A", "p1", "2026-10"): 30}
    shorter = replace(rejected, sessions=(worked(20, "2026-10-05"),))
    assert started.step([shorter]) == [("post", -10)]


def test_5_1_what_a_package_cannot_cover_is_unfunded_and_shown_once() -> None:
    started = book(package(minutes=20), policies=POST)
    assert held(started.review(WAITING)) == [("A", "2026-10", "unfunded", 10)]
    decide(started, "A", Choice.ABSORB, _2026_10=10)
    assert started.review(WAITING).held == ()
    approved = replace(WAITING, approval=Approval.APPROVED, estimate_seconds=0)
    decided = started.review(approved)
    assert (decided.entries, decided.held) == ((), ())


@pytest.mark.parametrize(("before", "after"), [(HOLD, POST), (POST, HOLD)])
def test_5_1_a_change_of_the_policy_moves_nothing_in_closed_months(
    before: Policies, after: Policies
) -> None:
    started = book(policies=before)
    later(started, "2026-10-05", WAITING)
    known = posted(started)
    started.closed.add("2026-10")
    under(started, after)
    assert later(started, "2026-11-03", WAITING) == []
    started.now = at("2026-11-04")
    decided = started.review(WAITING)
    unposted = [] if known else [("A", "2026-10", "unapproved", 30)]
    assert (posted(started), held(decided)) == (known, unposted)


def test_5_1_switched_on_it_posts_the_open_month_and_switched_off_nothing_is_taken_back() -> None:
    started = book(policies=HOLD)
    assert later(started, "2026-10-05", WAITING) == []
    under(started, POST)
    assert later(started, "2026-10-06", WAITING) == [("post", 30)]
    under(started, HOLD)
    assert later(started, "2026-10-07", WAITING) == []
    longer = replace(WAITING, sessions=(worked(40, "2026-10-05"),))
    started.now = at("2026-10-08")
    assert held(started.review(longer)) == [("A", "2026-10", "unapproved", 10)]


def test_5_1_switched_on_what_was_absorbed_is_still_never_charged() -> None:
    started = book(policies=HOLD)
    later(started, "2026-10-05", WAITING)
    decide(started, "A", Choice.ABSORB, _2026_10=30)
    under(started, POST)
    assert later(started, "2026-10-06", WAITING) == []
    longer = replace(WAITING, sessions=(worked(45, "2026-10-05"),))
    assert later(started, "2026-10-07", longer) == [("post", 15)]


def test_5_1_an_answer_does_not_move_what_was_worked_before_it_in_the_order() -> None:
    """Who worked first is paid first; the answer to A comes after the package is used up."""
    started = book(package(minutes=50), policies=POST)
    other = activity("B", 0, worked(30, "2026-10-07"))
    later(started, "2026-10-07", WAITING, other)
    before = {("A", "p1", "2026-10"): 30, ("B", "p1", "2026-10"): 20}
    assert posted(started) == before
    approved = replace(WAITING, approval=Approval.APPROVED, estimate_seconds=0)
    later(started, "2026-10-08", approved, other)
    assert posted(started) == before


def test_5_1_work_elsewhere_is_not_posted_again() -> None:
    started = book(policies=POST)
    started.elsewhere = {"A": {"2026-10": 25}}
    assert started.step([WAITING]) == [("post", 5)]
    assert started.contract == prepaid(policies=POST)
