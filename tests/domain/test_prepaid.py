"""What a package contract's review writes and reserves (ledger 2, 5.3-5.5, 7)."""

from dataclasses import replace

from ledgerbook import Book, activity, at, package, prepaid, worked
from mondaybridge.domain.activity import Activity, Approval, Status
from mondaybridge.domain.admission import Admission
from mondaybridge.domain.allocation import Choice
from mondaybridge.domain.ledger import Entry, EntryKind
from mondaybridge.domain.outcome import Held, HeldReason
from mondaybridge.domain.reasons import Cause
from packagebook import START, book, decide, held, later, posted, reserved


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
            cause=Cause("package sold"),
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
        cause=Cause("worked"),
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
    rows[0] = replace(rows[0], sessions=(worked(50, "2026-10-02"),), status=Status.DONE)
    later(started, "2026-10-03", *rows)
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


def test_2_a_bugs_credit_follows_its_minutes_and_reverses_with_the_flag() -> None:
    started = book(package(minutes=100))
    row = activity("A", 60, worked(60, "2026-10-05"))
    started.review(row)
    bug = replace(row, bug=True, documentation="the report")
    assert started.step([bug]) == [("credit", 60)]
    assert started.step([bug]) == []
    shorter = replace(bug, sessions=(worked(40, "2026-10-05"),))
    assert started.step([shorter]) == [("credit", -20), ("post", -20), ("reserve", 20)]
    parked = replace(shorter, parked="x")
    assert started.step([parked]) == []
    assert started.step([replace(shorter, bug=False)]) == [("credit", -40)]


def test_2_a_bug_is_posted_and_credited_even_when_the_package_is_used_up() -> None:
    started = book(package(minutes=50))
    rows = [
        activity("A", 50, worked(50, "2026-10-05")),
        activity("B", 0, bug=True, documentation="the report"),
    ]
    started.review(*rows)
    rows[1] = replace(rows[1], sessions=(worked(30, "2026-10-06"),))
    assert started.step(rows) == [("credit", 30), ("post", 30)]
    assert started.balance.hard == 0


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


def test_6_26_a_raise_voids_the_approval_and_beyond_hard_it_is_refused() -> None:
    started = book(package(minutes=100))
    row = activity("A", 60)
    started.review(row)
    raised = replace(row, estimate_seconds=101 * 60)
    assert started.step([raised]) == [("release", -60)]
    known = started.activations["A"]
    assert (known.state, known.need, known.hard) == (Admission.REFUSED, 101, 100)
    fits = replace(row, estimate_seconds=100 * 60)
    assert started.step([fits]) == []
    assert started.activations["A"].state is Admission.STALE
    assert started.step([replace(fits, approval_reference="mail")]) == [("reserve", 100)]
    lowered = replace(row, estimate_seconds=30 * 60, approval_reference="mail")
    assert started.step([lowered]) == [("release", -70)]


def test_the_order_of_rows_and_sessions_does_not_matter() -> None:
    rows: list[Activity] = [
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


def test_1_held_time_is_shown_as_it_would_be_charged() -> None:
    urgent = activity("A", 60, worked(10, "2026-10-05"), approval=Approval.NONE, factor=3)
    assert held(book().review(urgent)) == [("A", "2026-10", "unapproved", 30)]


def test_5_8_a_row_that_came_from_another_contract_posts_only_what_is_new() -> None:
    started = book(package(minutes=600))
    started.elsewhere = {"A": {"2026-10": 25}}
    row = activity("A", 60, worked(40, "2026-10-05"))
    assert started.step([row]) == [("post", 15), ("reserve", 20)]


def test_R55_a_bug_counts_once_its_documentation_is_there_and_is_credited_as_charged() -> None:
    started = book()
    row = activity("A", 60, worked(40, "2026-10-05"), factor=3)
    assert started.step([row]) == [("post", 120), ("reserve", 60)]
    bug = replace(row, bug=True, documentation="  ")
    waits = [Held("A", "2026-10", HeldReason.UNDOCUMENTED, 120)]
    found = started.review(bug)
    assert (found.entries, list(found.held)) == ((), waits)
    proven = replace(bug, documentation="https://docs.test/7")
    credit = started.review(proven)
    assert [(e.kind.value, e.minutes, e.cause) for e in credit.entries] == [
        ("credit", 120, "documented bug: https://docs.test/7")
    ]
    assert credit.held == ()
    assert started.step([proven]) == []
    assert started.step([replace(proven, bug=False)]) == [("credit", -120)]
    assert started.step([proven]) == [("credit", 120)]
    assert started.step([bug]) == [("credit", -120)]
