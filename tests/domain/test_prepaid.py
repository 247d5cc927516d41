"""What a package contract's review writes, holds and leaves alone (ledger 2, 5)."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ledgerbook import Book, activity, at, package, prepaid, worked
from mondaybridge.domain.activity import Activity, Approval, Origin, Presence, Session, Status
from mondaybridge.domain.admission import Admission
from mondaybridge.domain.allocation import Choice, Decision
from mondaybridge.domain.ledger import POSTING, Entry, EntryKind
from mondaybridge.domain.outcome import Review

START = "2026-10-01 08:00"


def book(*packages: object, now: str = START, **terms: object) -> Book:
    contract = prepaid(*packages, **terms)  # type: ignore[arg-type]  # packages of the test
    started = Book(contract, at(now))
    started.review()
    return started


def later(started: Book, day: str, *rows: Activity) -> list[tuple[str, int]]:
    started.now = at(f"{day} 20:00")
    return started.step(rows)


def posted(started: Book) -> dict[tuple[str, str, str], int]:
    """Return posted minutes by (activity, package, month)."""
    sums: dict[tuple[str, str, str], int] = {}
    for e in started.entries:
        if e.kind in POSTING:
            key = e.activity_id, e.package_id, e.period
            sums[key] = sums.get(key, 0) + e.minutes
    return {key: minutes for key, minutes in sums.items() if minutes}


def reserved(started: Book) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for e in started.entries:
        if e.kind in {EntryKind.RESERVE, EntryKind.RELEASE}:
            sums[e.activity_id, e.package_id] = (
                sums.get((e.activity_id, e.package_id), 0) + e.minutes
            )
    return {key: minutes for key, minutes in sums.items() if minutes}


def held(review: Review) -> list[tuple[str, str, str, int]]:
    return [(h.activity_id, h.period, h.reason.value, h.minutes) for h in review.held]


def decide(started: Book, name: str, choice: Choice, **periods: int) -> None:
    minutes = tuple((key.replace("_", "-")[1:], m) for key, m in periods.items())
    started.decisions.append(Decision(name, choice, minutes, started.now + 30_000))


def typed(day: str, minutes: int, name: str) -> Session:
    return Session(name, Origin.NUMBER, at(day), at(day), minutes * 60)


def test_a_package_is_granted_once_from_the_day_it_is_sold() -> None:
    started = Book(prepaid(package("p1", 600, "2026-10-05")), at("2026-10-04"))
    assert started.review().entries == ()
    started.now = at("2026-10-05")
    assert started.review().entries == (
        Entry(
            EntryKind.GRANT,
            600,
            "p1",
            work_at=at("2026-10-05"),
            source="sale",
            rate_key="240000/eur/txr_22",
            cause="package sold",
        ),
    )
    assert started.review().entries == ()


def test_5_4_opening_used_is_posted_once_without_an_activity() -> None:
    started = Book(prepaid(package(opening_minutes=740)), at(START))
    assert started.step([]) == [("grant", 600), ("post", 740)]
    assert started.step([]) == []
    assert posted(started) == {("", "p1", "2026-10"): 740}
    assert started.balance.hard == -140


def test_5_4_opening_used_in_a_closed_month_is_an_adjustment() -> None:
    started = Book(prepaid(package(opening_minutes=20)), at("2026-11-05"), closed={"2026-10"})
    assert started.step([]) == [("grant", 600), ("adjust", 20)]


def test_2_a_post_carries_what_explains_it() -> None:
    started = book()
    row = activity("A", 60, worked(10, "2026-10-05", seconds=1), factor=3)
    assert started.review(row).entries[0] == Entry(
        EntryKind.POST,
        31,
        "p1",
        "A",
        "2026-10",
        at("2026-10-05 09:00"),
        "package:p1",
        seconds_raw=601,
        factor=3,
        cause="worked",
    )


def test_R16_need_beyond_hard_is_not_activated_and_shown() -> None:
    started = book(package(minutes=100))
    decided = started.review(activity("A", 101, worked(30, "2026-10-05")))
    assert decided.entries == ()
    assert [(a.state, a.need, a.hard) for a in decided.activations] == [
        (Admission.REFUSED, 101, 100)
    ]
    assert held(decided) == [("A", "2026-10", "unapproved", 30)]


def test_R16_who_comes_first_leaves_less_hard_for_the_next() -> None:
    started = book(package(minutes=100))
    rows = [activity("A", 60, worked(60, "2026-10-02")), activity("B", 50)]
    started.review(*rows)
    assert {k: (a.state, a.need, a.hard) for k, a in started.activations.items()} == {
        "A": (Admission.ACTIVE, 60, 100),
        "B": (Admission.REFUSED, 50, 40),
    }
    later(started, "2026-10-03", replace(rows[0], sessions=(worked(50, "2026-10-02"),)), rows[1])
    assert started.activations["B"].state is Admission.ACTIVE


def test_5_1_time_without_an_answer_is_posted_at_activation() -> None:
    started = book()
    waiting = activity("A", 60, worked(30, "2026-10-05"), approval=Approval.NONE)
    assert held(started.review(waiting)) == [("A", "2026-10", "unapproved", 30)]
    assert started.step([replace(waiting, approval=Approval.APPROVED)]) == [
        ("post", 30),
        ("reserve", 30),
    ]


def test_5_1_rejected_after_work_keeps_what_is_posted_and_holds_what_comes() -> None:
    started = book()
    row = activity("A", 60, worked(10, "2026-10-05"), factor=3)
    started.review(row)
    rejected = replace(row, approval=Approval.REJECTED)
    assert started.step([rejected]) == [("release", -150)]
    more = replace(rejected, sessions=(worked(15, "2026-10-05"),))
    decided = started.review(more)
    assert decided.entries == ()
    assert held(decided) == [("A", "2026-10", "rejected", 15)]
    decide(started, "A", Choice.ABSORB, _2026_10=15)
    assert held(started.review(more)) == []


def test_5_1_rejected_time_that_was_never_worked_is_taken_back() -> None:
    started = book()
    row = activity("A", 60, worked(30, "2026-10-05"))
    started.review(row)
    rejected = replace(row, approval=Approval.REJECTED, sessions=(worked(20, "2026-10-05"),))
    assert started.step([rejected]) == [("release", -30), ("post", -10)]


def test_5_2_an_overrun_takes_its_own_reserve_and_what_is_free() -> None:
    started = book(package(minutes=200))
    rows = [activity("A", 60), activity("B", 60)]
    later(started, "2026-10-02", *rows)
    rows[0] = replace(rows[0], sessions=(worked(150, "2026-10-03"),))
    started.now = at("2026-10-03 20:00")
    decided = started.review(*rows)
    assert posted(started) == {("A", "p1", "2026-10"): 140}
    assert held(decided) == [("A", "2026-10", "unfunded", 10)]
    assert reserved(started) == {("B", "p1"): 60}


def test_5_2_overrun_limit_hard_may_take_what_others_reserved() -> None:
    from mondaybridge.domain.contract import OverrunLimit

    started = book(package(minutes=200), overrun_limit=OverrunLimit.HARD)
    rows = [activity("A", 60), activity("B", 60)]
    later(started, "2026-10-02", *rows)
    rows[0] = replace(rows[0], sessions=(worked(250, "2026-10-03"),))
    started.now = at("2026-10-03 20:00")
    decided = started.review(*rows)
    assert posted(started) == {("A", "p1", "2026-10"): 200}
    assert held(decided) == [("A", "2026-10", "unfunded", 50)]
    assert started.balance.hard == 0


def test_5_2_waiting_work_is_funded_when_a_reserve_is_given_back() -> None:
    started = book(package(minutes=100))
    rows = [activity("A", 60), activity("B", 40)]
    later(started, "2026-10-02", *rows)
    rows[0] = replace(rows[0], sessions=(worked(80, "2026-10-03"),))
    later(started, "2026-10-04", *rows)
    assert posted(started) == {("A", "p1", "2026-10"): 60}
    done = [rows[0], replace(rows[1], status=Status.CANCELLED)]
    assert later(started, "2026-10-05", *done) == [("release", -40), ("post", 20)]


def test_5_2_the_close_itself_writes_nothing_even_with_unfunded_time() -> None:
    started = book(package(minutes=100))
    rows = [activity("A", 60), activity("B", 40)]
    later(started, "2026-10-02", *rows)
    rows[0] = replace(rows[0], sessions=(worked(80, "2026-10-03"),))
    later(started, "2026-10-04", *rows)
    started.closed.add("2026-10")
    started.now = at("2026-11-03")
    decided = started.review(*rows)
    assert decided.entries == ()
    assert held(decided) == [("A", "2026-10", "unfunded", 20)]


def test_5_2_work_draws_in_order_of_its_date_not_of_its_arrival() -> None:
    started = book(package(minutes=100))
    rows = [activity("A", 10), activity("B", 10)]
    later(started, "2026-10-02", *rows)
    rows[1] = replace(rows[1], sessions=(worked(90, "2026-10-05"),))
    later(started, "2026-10-05", *rows)
    assert posted(started) == {("B", "p1", "2026-10"): 90}
    rows[0] = replace(rows[0], sessions=(worked(70, "2026-10-03"),))
    later(started, "2026-10-06", *rows)
    assert posted(started) == {("A", "p1", "2026-10"): 70, ("B", "p1", "2026-10"): 30}


def exhausted() -> tuple[Book, Activity]:
    """Return 50 left on the first package, 120 worked on the 10th, the next sold on the 12th."""
    first, second = package("p1", 50), package("p2", 300, "2026-10-12")
    started = book(first)
    row = activity("A", 50)
    later(started, "2026-10-09", row)
    row = replace(row, sessions=(worked(120, "2026-10-10"),))
    later(started, "2026-10-10", row)
    assert posted(started) == {("A", "p1", "2026-10"): 50}
    started.contract = prepaid(first, second)
    later(started, "2026-10-12", row)
    return started, row


def test_5_3_work_before_the_sale_does_not_draw_on_the_next_package() -> None:
    started, row = exhausted()
    assert posted(started) == {("A", "p1", "2026-10"): 50}
    assert held(started.review(row)) == [("A", "2026-10", "unfunded", 70)]


def test_5_2_next_package_pays_what_the_first_could_not() -> None:
    started, row = exhausted()
    decide(started, "A", Choice.NEXT_PACKAGE, _2026_10=70)
    assert started.step([row]) == [("post", 70)]
    assert posted(started) == {("A", "p1", "2026-10"): 50, ("A", "p2", "2026-10"): 70}
    assert started.review(row).held == ()


def test_5_3_a_decrease_is_taken_back_from_the_last_package() -> None:
    started, row = exhausted()
    decide(started, "A", Choice.NEXT_PACKAGE, _2026_10=70)
    later(started, "2026-10-13", row)
    later(started, "2026-10-14", replace(row, sessions=(worked(100, "2026-10-10"),)))
    assert posted(started) == {("A", "p1", "2026-10"): 50, ("A", "p2", "2026-10"): 50}
    later(started, "2026-10-15", replace(row, sessions=(worked(40, "2026-10-10"),)))
    assert posted(started) == {("A", "p1", "2026-10"): 40}


def test_5_3_work_after_the_sale_flows_into_the_next_package_by_itself() -> None:
    started, row = exhausted()
    sessions = (worked(50, "2026-10-10"), worked(70, "2026-10-13", "s2"))
    later(started, "2026-10-14", replace(row, sessions=sessions))
    assert posted(started) == {("A", "p1", "2026-10"): 50, ("A", "p2", "2026-10"): 70}


@pytest.mark.parametrize("dated", [True, False])
def test_5_2_next_package_may_be_decided_before_it_is_sold_and_sticks(
    dated: bool,  # noqa: FBT001 - a case
) -> None:
    first = package("p1", 50)
    started = book(first)
    row = activity("A", 50, worked(120, "2026-10-02"))
    later(started, "2026-10-02", row)
    decision = Decision("A", Choice.NEXT_PACKAGE, (("2026-10", 70),), started.now if dated else 0)
    started.decisions.append(decision)
    assert later(started, "2026-10-03", row) == []
    second = package("p2", 100, "2026-10-12", expires_at=at("2026-10-20"))
    started.contract = prepaid(first, second)
    assert later(started, "2026-10-12", row) == [("grant", 100), ("post", 70)]
    other = activity("B", 30)
    assert later(started, "2026-10-13", row, other) == [("reserve", 30)]
    assert later(started, "2026-10-21", row, other) == [
        ("expire", -30),
        ("release", -30),
        ("reserve", 30),
    ]
    assert posted(started) == {("A", "p1", "2026-10"): 50, ("A", "p2", "2026-10"): 70}


def test_5_2_a_decision_sticks_when_others_reserve_what_was_free() -> None:
    started, row = exhausted()
    decide(started, "A", Choice.NEXT_PACKAGE, _2026_10=70)
    later(started, "2026-10-13", row)
    others = [activity("B", 200), activity("C", 200)]
    assert later(started, "2026-10-14", row, *others) == [("reserve", 200), ("reserve", 200)]
    assert started.balance.free == -170
    assert posted(started)["A", "p2", "2026-10"] == 70


def test_5_2_next_package_covers_no_more_than_was_decided() -> None:
    started, row = exhausted()
    decide(started, "A", Choice.NEXT_PACKAGE, _2026_10=70)
    later(started, "2026-10-13", row)
    more = replace(row, sessions=(worked(130, "2026-10-10"),))
    started.now = at("2026-10-14")
    assert held(started.review(more)) == [("A", "2026-10", "unfunded", 10)]
    decide(started, "A", Choice.NEXT_PACKAGE, _2026_10=10)
    assert started.step([more]) == [("post", 10)]


def test_5_2_next_package_pays_late_work_of_a_closed_month_too() -> None:
    started, row = exhausted()
    started.closed.add("2026-10")
    later(started, "2026-11-03", row)
    decide(started, "A", Choice.NEXT_PACKAGE, _2026_10=70)
    assert started.step([row]) == [("adjust", 70)]
    assert started.step([row]) == []


def test_5_2_absorbed_time_is_never_charged_and_sticks() -> None:
    started, row = exhausted()
    decide(started, "A", Choice.ABSORB, _2026_10=70)
    assert started.review(row) == Review(cells=started.review(row).cells)
    sessions = (*row.sessions, worked(5, "2026-10-13", "s2"))
    assert later(started, "2026-10-14", replace(row, sessions=sessions)) == [("post", 5)]
    assert posted(started) == {("A", "p1", "2026-10"): 50, ("A", "p2", "2026-10"): 5}


def test_5_2_wait_leaves_everything_as_it_is() -> None:
    started, row = exhausted()
    before = started.review(row)
    decide(started, "A", Choice.WAIT, _2026_10=70)
    assert started.review(row) == before


def test_5_3_two_packages_are_used_in_their_order() -> None:
    soon = package("b", 50, expires_at=at("2026-12-31"))
    started = book(package("a", 500), soon)
    later(started, "2026-10-05", activity("A", 60, worked(55, "2026-10-05")))
    assert posted(started) == {("A", "a", "2026-10"): 5, ("A", "b", "2026-10"): 50}
    assert reserved(started) == {("A", "a"): 5}


def test_5_3_reserves_move_with_the_room_of_their_packages() -> None:
    soon = package("b", 100, expires_at=at("2026-10-20"))
    started = book(package("a", 500), soon)
    row = activity("A", 60)
    later(started, "2026-10-05", row)
    assert reserved(started) == {("A", "b"): 60}
    assert later(started, "2026-10-20", row) == [
        ("expire", -100),
        ("release", -60),
        ("reserve", 60),
    ]
    assert reserved(started) == {("A", "a"): 60}


def test_5_5_expired_without_another_package_nothing_stays_reserved() -> None:
    started = book(package(expires_at=at("2026-10-20")))
    row = activity("A", 60)
    later(started, "2026-10-05", row)
    assert later(started, "2026-10-20", row) == [("expire", -600), ("release", -60)]
    late = replace(row, sessions=(worked(40, "2026-10-19"),))
    assert later(started, "2026-10-21", late) == [("expire", 40), ("post", 40)]


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
    assert started.activations["A"].state is Admission.REFUSED


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
    assert later(started, "2026-10-09", row, smaller) == [
        ("post", -10),
        ("reserve", 40),
        ("reserve", 10),
    ]


def test_7_done_and_tracked_further_is_an_overrun() -> None:
    started = book(package(minutes=70))
    row = activity("A", 60, worked(50, "2026-10-05"))
    later(started, "2026-10-05", row)
    done = replace(row, status=Status.DONE)
    later(started, "2026-10-06", done)
    more = replace(done, sessions=(*row.sessions, worked(30, "2026-10-07", "s2")))
    started.now = at("2026-10-07 20:00")
    assert held(started.review(more)) == [("A", "2026-10", "unfunded", 10)]
    assert posted(started) == {("A", "p1", "2026-10"): 70}


def test_7_a_reopened_row_reserves_what_its_estimate_still_needs() -> None:
    started = book()
    row = activity("A", 120, worked(100, "2026-10-05"))
    later(started, "2026-10-05", row)
    assert later(started, "2026-10-06", replace(row, status=Status.DONE)) == [("release", -20)]
    assert later(started, "2026-10-07", row) == [("reserve", 20)]


def test_7_a_row_that_left_the_contract_keeps_its_posts_and_frees_its_reserve() -> None:
    started = book()
    started.review(activity("A", 60, worked(25, "2026-10-05")))
    assert started.step([]) == [("release", -35)]
    assert posted(started) == {("A", "p1", "2026-10"): 25}


def test_2_a_bugs_credit_follows_its_minutes_and_reverses_with_the_flag() -> None:
    started = book(package(minutes=100))
    row = activity("A", 60, worked(60, "2026-10-05"))
    started.review(row)
    bug = replace(row, bug=True)
    assert started.step([bug]) == [("credit", 60)]
    assert started.step([bug]) == []
    shorter = replace(bug, sessions=(worked(40, "2026-10-05"),))
    assert started.step([shorter]) == [("credit", -20), ("post", -20), ("reserve", 20)]
    parked = replace(shorter, parked="x")
    assert started.step([parked]) == []
    assert started.step([replace(shorter, bug=False)]) == [("credit", -40)]


def test_2_a_bug_is_posted_and_credited_even_when_the_package_is_used_up() -> None:
    started = book(package(minutes=50))
    rows = [activity("A", 50, worked(50, "2026-10-05")), activity("B", 0, bug=True)]
    started.review(*rows)
    rows[1] = replace(rows[1], sessions=(worked(30, "2026-10-06"),))
    assert started.step(rows) == [("credit", 30), ("post", 30)]
    assert started.balance.hard == 0


def test_2_a_credit_outlives_the_row_that_left() -> None:
    started = book()
    started.review(activity("A", 60, worked(60, "2026-10-05"), bug=True))
    assert started.step([]) == []
    assert started.balance.hard == 600


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
        cause="changed on the board after the month was closed",
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
def test_5_2_what_was_absorbed_goes_first_when_the_actual_falls(closed: frozenset[str]) -> None:
    first, second = package(minutes=50), package("p2", 100, "2026-11-02")
    started = book(first)
    row = activity("A", 50, worked(70, "2026-10-05"))
    later(started, "2026-10-05", row)
    decide(started, "A", Choice.ABSORB, _2026_10=20)
    later(started, "2026-10-06", row)
    started.closed |= closed
    started.contract = prepaid(first, second)
    for minutes in (60, 50, 70):
        edited = replace(row, sessions=(worked(minutes, "2026-10-05"),))
        assert [e for e in later(started, "2026-11-05", edited) if e[0] != "grant"] == []
    decided = started.review(replace(row, sessions=(worked(75, "2026-10-05"),)))
    assert held(decided) == [("A", "2026-10", "unfunded", 5)]


def test_5_1_time_absorbed_before_the_approval_is_never_charged() -> None:
    started = book()
    waiting = activity("A", 60, worked(30, "2026-10-05"), approval=Approval.NONE)
    started.review(waiting)
    decide(started, "A", Choice.ABSORB, _2026_10=30)
    assert held(started.review(waiting)) == []
    approved = replace(waiting, approval=Approval.APPROVED, sessions=(worked(40, "2026-10-05"),))
    assert started.step([approved]) == [("post", 10), ("reserve", 50)]
    started.closed.add("2026-10")
    assert later(started, "2026-11-05", approved) == []


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


def test_6_26_a_raise_that_does_not_fit_keeps_the_old_reserve_and_is_shown() -> None:
    started = book(package(minutes=100))
    row = activity("A", 60)
    started.review(row)
    decided = started.review(replace(row, estimate_seconds=101 * 60))
    assert decided.entries == ()
    assert [(a.estimate_seconds, a.need, a.hard) for a in decided.activations] == [
        (3_600, 101, 100)
    ]
    assert started.step([replace(row, estimate_seconds=100 * 60)]) == [("reserve", 40)]
    assert started.step([replace(row, estimate_seconds=30 * 60)]) == [("release", -70)]


def test_7_frozen_posts_of_others_keep_their_place_in_the_order() -> None:
    """An overcommitted activity posts on its own reserve; its deletion takes nothing away."""
    started = book(package(minutes=100))
    rows = {"B": activity("B", 0), "C": activity("C", 60)}
    later(started, "2026-10-01", *rows.values())
    rows["B"] = replace(rows["B"], sessions=(worked(40, "2026-10-03"),))
    later(started, "2026-10-03", *rows.values())
    rows["A"] = activity("A", 50)
    later(started, "2026-10-04", *rows.values())
    rows["A"] = replace(rows["A"], sessions=(worked(50, "2026-10-05"),))
    later(started, "2026-10-05", *rows.values())
    before = posted(started)
    assert before == {("A", "p1", "2026-10"): 50, ("B", "p1", "2026-10"): 40}
    for absent in (
        replace(rows["A"], presence=Presence.DELETED),
        replace(rows["A"], parked="x"),
        replace(rows["A"], approval=Approval.REJECTED),
        rows["A"],
    ):
        rows["A"] = absent
        later(started, "2026-10-06", *rows.values())
        assert posted(started) == before
    started.closed.add("2026-10")
    assert later(started, "2026-11-05", *rows.values()) == []


def test_the_order_of_rows_and_sessions_does_not_matter() -> None:
    rows: Sequence[Activity] = [
        activity("A", 60, worked(50, "2026-10-05"), worked(40, "2026-10-07", "s2")),
        activity("B", 60, worked(30, "2026-10-06")),
        activity("C", 60),
    ]
    first, second = book(package(minutes=130)), book(package(minutes=130))
    turned = [replace(row, sessions=row.sessions[::-1]) for row in reversed(rows)]
    one, other = first.review(*rows), second.review(*turned)
    assert (one.entries, one.activations, one.held) == (
        other.entries,
        other.activations,
        other.held,
    )
