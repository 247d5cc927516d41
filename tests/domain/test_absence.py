"""Absence moves nothing: deleted, missing, parked, restored, left (ledger 5.6, semantics 6.25)."""

from dataclasses import replace

import pytest

from ledgerbook import activity, package, worked
from mondaybridge.domain.activity import Approval, Presence, Status
from mondaybridge.domain.admission import Admission
from mondaybridge.domain.allocation import Choice
from packagebook import book, confirmed, decide, held, later, posted


def test_5_6_deletion_releases_and_never_lowers() -> None:
    started = book()
    row = activity("A", 60, worked(25, "2026-10-05"))
    started.review(row)
    deleted = replace(row, presence=Presence.DELETED)
    assert started.step([deleted]) == [("release", -35)]
    emptied = replace(deleted, sessions=())
    assert started.step([emptied]) == []
    assert posted(started) == {("A", "p1", "2026-10"): 25}


def test_5_6_a_deleted_row_that_was_parked_releases_too() -> None:
    started = book()
    row = activity("A", 60, worked(25, "2026-10-05"))
    started.review(row)
    started.review(replace(row, parked="x"))
    deleted = replace(row, parked="x", presence=Presence.DELETED)
    assert started.step([deleted]) == [("release", -35)]


def test_5_6_a_deleted_session_of_a_row_that_is_there_lowers() -> None:
    started = book()
    row = activity("A", 60, worked(25, "2026-10-05"), worked(5, "2026-10-06", "s2"))
    started.review(row)
    assert started.step([replace(row, sessions=row.sessions[:1])]) == [
        ("post", -5),
        ("reserve", 5),
    ]
    assert started.step([replace(row, sessions=())]) == [("post", -25), ("reserve", 25)]


def test_5_6_unposted_time_of_a_deleted_row_is_held_until_it_is_dropped() -> None:
    started = book()
    row = activity("A", 60, worked(25, "2026-10-05"), approval=Approval.NONE)
    started.review(row)
    deleted = replace(row, presence=Presence.DELETED)
    assert held(started.review(deleted)) == [("A", "2026-10", "deleted", 25)]
    decide(started, "A", Choice.KEEP, _2026_10=25)
    assert held(started.review(deleted)) == [("A", "2026-10", "deleted", 25)]
    decide(started, "A", Choice.DROP, _2026_10=25)
    assert held(started.review(deleted)) == []


@pytest.mark.parametrize("presence", [Presence.MISSING, Presence.ARCHIVED])
def test_5_6_missing_or_archived_changes_nothing(presence: Presence) -> None:
    started = book()
    row = activity("A", 60, worked(25, "2026-10-05"))
    started.review(row)
    decided = started.review(replace(row, presence=presence))
    assert (decided.entries, decided.activations, decided.held) == ((), (), ())


def test_5_6_a_parked_row_freezes_posts_and_reserve() -> None:
    started = book()
    row = activity("A", 60, worked(25, "2026-10-05"))
    started.review(row)
    parked = replace(row, parked="x", status=Status.DONE, approval=Approval.NONE, sessions=())
    decided = started.review(parked)
    assert (decided.entries, decided.activations) == ((), ())
    assert held(decided) == [("A", "", "parked", 0)]
    assert started.step([row]) == []


def test_5_6_a_row_first_seen_parked_is_not_activated() -> None:
    started = book()
    decided = started.review(activity("A", 60, worked(25, "2026-10-05"), parked="x"))
    assert decided.entries == ()
    assert held(decided) == [("A", "", "parked", 0)]
    assert started.activations["A"].state is Admission.UNAPPROVED


def test_5_6_a_parked_reserve_is_not_offered_to_others() -> None:
    started = book(package(minutes=100))
    rows = [activity("A", 60), activity("B", 20)]
    started.review(*rows)
    rows = [replace(rows[0], parked="x"), replace(rows[1], sessions=(worked(50, "2026-10-05"),))]
    started.review(*rows)
    assert posted(started) == {("B", "p1", "2026-10"): 40}


def test_6_25_a_restored_row_reserves_again_after_the_check() -> None:
    started = book(package(minutes=100))
    row = activity("A", 60, worked(20, "2026-10-05"))
    later(started, "2026-10-05", row)
    deleted = replace(row, presence=Presence.DELETED)
    assert later(started, "2026-10-06", deleted) == [("release", -40)]
    other = activity("B", 50, worked(50, "2026-10-07"))
    later(started, "2026-10-07", deleted, other)
    assert later(started, "2026-10-08", row, other) == []
    assert (started.activations["A"].need, started.activations["A"].hard) == (40, 30)
    smaller = replace(other, sessions=(worked(40, "2026-10-07"),))
    assert later(started, "2026-10-09", row, smaller) == [("post", -10), ("reserve", 10)]
    assert later(started, "2026-10-10", confirmed(started, row), smaller) == [("reserve", 40)]


def test_7_a_row_that_left_the_contract_keeps_its_posts_and_frees_its_reserve() -> None:
    started = book()
    started.review(activity("A", 60, worked(25, "2026-10-05")))
    assert started.step([]) == [("release", -35)]
    assert posted(started) == {("A", "p1", "2026-10"): 25}


def test_2_a_credit_outlives_the_row_that_left() -> None:
    started = book()
    started.review(
        activity("A", 60, worked(60, "2026-10-05"), bug=True, documentation="the report")
    )
    assert started.step([]) == []
    assert started.balance.hard == 600


def test_7_frozen_posts_of_others_keep_their_place_in_the_order() -> None:
    """An overcommitted activity posts on its own reserve; its deletion takes nothing away."""
    started = book(package(minutes=100))
    rows = {"B": activity("B", 0), "C": activity("C", 60)}
    later(started, "2026-10-01", *rows.values())
    rows["B"] = replace(rows["B"], sessions=(worked(40, "2026-10-03"),))
    later(started, "2026-10-03", *rows.values())
    rows["A"] = activity("A", 50)
    later(started, "2026-10-04", *rows.values())
    rows["A"] = confirmed(started, rows["A"])
    later(started, "2026-10-05", *rows.values())
    rows["A"] = replace(rows["A"], sessions=(worked(50, "2026-10-05"),))
    later(started, "2026-10-06", *rows.values())
    before = posted(started)
    assert before == {("A", "p1", "2026-10"): 50, ("B", "p1", "2026-10"): 40}
    for absent in (
        replace(rows["A"], presence=Presence.DELETED),
        replace(rows["A"], parked="x"),
        replace(rows["A"], approval=Approval.REJECTED),
        rows["A"],
    ):
        rows["A"] = absent
        later(started, "2026-10-07", *rows.values())
        assert posted(started) == before
    started.closed.add("2026-10")
    assert later(started, "2026-11-05", *rows.values()) == []


def test_5_6_a_parked_bug_takes_nothing_from_waiting_work() -> None:
    started = book(package(minutes=200))
    rows = [activity(key, 60) for key in "ABC"]
    later(started, "2026-10-02", *rows)
    rows[0] = replace(rows[0], sessions=(worked(122, "2026-10-03"),))
    rows[1] = replace(
        rows[1], bug=True, documentation="the report", sessions=(worked(15, "2026-10-04"),)
    )
    rows[2] = replace(rows[2], sessions=(worked(114, "2026-10-05"),))
    later(started, "2026-10-05", *rows)
    assert later(started, "2026-10-06", rows[0], replace(rows[1], parked="x"), rows[2]) == []


def test_5_6_an_old_drop_hides_nothing_that_was_worked_since() -> None:
    started = book()
    row = activity("A", 60, worked(25, "2026-10-05"), approval=Approval.NONE)
    gone = replace(row, presence=Presence.DELETED)
    later(started, "2026-10-06", gone)
    decide(started, "A", Choice.DROP, _2026_10=25)
    assert started.review(gone).held == ()
    more = replace(gone, sessions=(*row.sessions, worked(120, "2026-10-15", "s2")))
    assert held(started.review(more)) == [("A", "2026-10", "deleted", 145)]
