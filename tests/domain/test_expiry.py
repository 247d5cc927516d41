"""Several packages, the end of one, and what is left below zero (ledger 5.3, 5.5; 6.4-6.7)."""

from dataclasses import replace
from itertools import permutations

import pytest

from ledgerbook import activity, at, package, prepaid, worked
from mondaybridge.domain.activity import Activity, Status
from mondaybridge.domain.admission import Admission
from mondaybridge.domain.contract import Overrun, Package, Policies
from mondaybridge.domain.ledger import EntryKind
from mondaybridge.domain.reasons import Reason
from packagebook import PackageBook, book, change, confirmed, held, later, posted, reserved

ENDS, LAPSES = at("2026-10-20"), at("2026-10-23")
FIRST = package("p1", 100, expires_at=ENDS, lapses_at=LAPSES)


def test_6_6_between_its_end_and_its_lapse_nothing_is_lost_and_nothing_may_begin() -> None:
    started = book(FIRST)
    row = activity("A", 60)
    later(started, "2026-10-05", row)
    assert later(started, "2026-10-20", row) == [("release", -60)]
    assert later(started, "2026-10-21", row, activity("B", 10)) == []
    known = started.activations["B"]
    assert (known.state, known.need, known.hard) == (Admission.REFUSED, 10, 0)
    assert later(started, "2026-10-23", row) == [("expire", -100)]


def test_6_6_late_news_of_work_before_the_end_still_draws_on_the_package() -> None:
    started = book(FIRST)
    row = activity("A", 60)
    later(started, "2026-10-05", row)
    late = replace(row, sessions=(worked(25, "2026-10-19"),))
    assert later(started, "2026-10-21", late) == [("release", -60), ("post", 25)]
    assert later(started, "2026-10-23", late) == [("expire", -75)]
    later_still = replace(row, sessions=(worked(40, "2026-10-19"),))
    assert later(started, "2026-10-25", later_still) == [("expire", 15), ("post", 15)]
    assert started.balance.hard == 0


def test_6_6_boards_that_were_not_seen_since_let_nothing_lapse() -> None:
    started = book(FIRST)
    started.read_at = LAPSES - 1
    assert later(started, "2026-11-30") == []
    started.read_at = LAPSES
    assert later(started, "2026-12-01") == [("expire", -100)]


def test_5_5_reserves_of_an_ended_package_move_to_the_next() -> None:
    started = book(FIRST, package("p2", 300))
    row = activity("A", 60, worked(20, "2026-10-06"))
    later(started, "2026-10-06", row)
    assert reserved(started) == {("A", "p1"): 40}
    assert later(started, "2026-10-20", row) == [("release", -40), ("reserve", 40)]
    assert reserved(started) == {("A", "p2"): 40}
    assert later(started, "2026-10-23", row) == [("expire", -80)]
    more = replace(row, sessions=(*row.sessions, worked(30, "2026-10-21", "s2")))
    later(started, "2026-10-24", more)
    assert posted(started) == {("A", "p1", "2026-10"): 20, ("A", "p2", "2026-10"): 30}


def test_6_4_the_order_in_which_packages_are_written_changes_nothing() -> None:
    packages = [FIRST, package("p2", 40), package("p3", 80, priority=0)]
    row = activity("A", 200, worked(190, "2026-10-06"))
    seen = []
    for shuffled in permutations(packages):
        started = book(*shuffled)
        later(started, "2026-10-06", row)
        seen.append((posted(started), reserved(started)))
    expected = (
        {("A", "p3", "2026-10"): 80, ("A", "p1", "2026-10"): 100, ("A", "p2", "2026-10"): 10},
        {("A", "p2"): 10},
    )
    assert seen == [expected] * 6


def test_6_5_work_entered_late_for_an_earlier_day_draws_first_while_the_month_is_open() -> None:
    started = book(package("p1", 30), package("p2", 100))
    rows = [activity("A", 30), activity("B", 30, worked(30, "2026-10-05"))]
    later(started, "2026-10-05", *rows)
    assert posted(started) == {("B", "p1", "2026-10"): 30}
    rows[0] = replace(rows[0], sessions=(worked(30, "2026-10-03"),))
    later(started, "2026-10-06", *rows)
    assert posted(started) == {("A", "p1", "2026-10"): 30, ("B", "p2", "2026-10"): 30}
    started.closed.add("2026-10")
    rows.append(activity("C", 20, worked(20, "2026-10-01")))
    later(started, "2026-11-03", *rows)
    assert posted(started)["C", "p2", "2026-10"] == 20
    assert posted(started)["B", "p2", "2026-10"] == 30


def in_debt() -> PackageBook:
    """Return a package of 600 of which 660 were used before the bridge came."""
    return book(package(opening_minutes=660))


def test_6_7_a_negative_residual_is_shown_and_blocks_every_activation() -> None:
    started = in_debt()
    decided = started.review(activity("A", 0), activity("B", 10))
    assert decided.package is not None
    assert (decided.package.granted, decided.package.used, decided.package.free) == (600, 660, -60)
    assert {k: a.state for k, a in started.activations.items()} == {
        "A": Admission.REFUSED,
        "B": Admission.REFUSED,
    }
    assert started.balance.hard == -60


def test_6_7_ten_hours_less_eleven_and_two_of_credit_are_one_in_any_order() -> None:
    row = activity("A", 600, worked(660, "2026-10-05"))
    first, second = book(), book()
    change(first, 120)
    later(first, "2026-10-06", row)
    later(second, "2026-10-06", row)
    change(second, 120)
    later(second, "2026-10-07", row)
    assert first.balance == second.balance
    assert (first.balance.hard, posted(first)) == (60, {("A", "p1", "2026-10"): 660})
    assert posted(second) == posted(first)


def test_6_7_a_top_up_pays_no_debt_of_work_done_before_it_unless_the_policy_says_so() -> None:
    row = activity("A", 50, worked(70, "2026-10-05"))
    for overrun, paid in ((Overrun.HOLD, {}), (Overrun.NEXT_PACKAGE, {"p2": 20})):
        policies = Policies(overrun=overrun)
        started = book(package(minutes=50), policies=policies)
        later(started, "2026-10-05", row)
        started.contract = prepaid(
            package(minutes=50), package("p2", 300, "2026-10-12"), policies=policies
        )
        later(started, "2026-10-12", row)
        places = {package_id: m for (_, package_id, _), m in posted(started).items()}
        assert places == {"p1": 50, **paid}


def test_7_a_goodwill_hour_is_granted_once_with_its_reason() -> None:
    """`package credit --minutes --reason`."""
    started = book()
    change(started, 60)
    decided = started.review()
    assert [(e.kind, e.minutes, e.package_id, e.source, e.cause) for e in decided.entries] == [
        (EntryKind.CREDIT, 60, "p1", "goodwill", "they were patient")
    ]
    assert started.review().entries == ()
    change(started, 60)
    assert started.step([]) == [("credit", 60)]
    assert started.balance.hard == 720


def test_7_goodwill_for_a_package_that_is_not_sold_yet_waits_for_its_sale() -> None:
    started = book(package(sold="2026-10-12"))
    change(started, 60)
    assert started.step([]) == []
    assert later(started, "2026-10-12") == [("grant", 600), ("credit", 60)]


def test_7_400_of_600_returned_are_refunded_and_take_their_part_of_the_price() -> None:
    started = book()
    later(started, "2026-10-05", activity("A", 60, worked(60, "2026-10-05")))
    change(started, -400, EntryKind.REFUND)
    decided = started.review(activity("A", 60, worked(60, "2026-10-05")))
    assert [(e.kind, e.minutes, e.source, e.rate_key) for e in decided.entries] == [
        (EntryKind.REFUND, -400, "sale", "240000/eur/txr_22")
    ]
    assert (started.balance.granted, started.balance.hard) == (200, 140)
    assert started.step([activity("A", 60, worked(60, "2026-10-05"))]) == []


def test_7_returned_after_all_was_used_and_closed_it_is_shown_below_zero() -> None:
    started = book()
    row = activity("A", 600, worked(600, "2026-10-05"))
    later(started, "2026-10-05", row)
    started.closed.add("2026-10")
    change(started, -400, EntryKind.REFUND)
    assert later(started, "2026-11-03", row) == [("refund", -400)]
    assert started.balance.hard == -400
    later(started, "2026-11-04", row, activity("B", 10))
    assert started.activations["B"].state is Admission.REFUSED


def test_7_returned_in_the_open_month_what_nobody_pays_for_is_shown_as_unfunded() -> None:
    started = book()
    row = activity("A", 300, worked(300, "2026-10-05"))
    later(started, "2026-10-05", row)
    change(started, -400, EntryKind.REFUND)
    started.now = at("2026-10-06")
    assert held(started.review(row)) == [("A", "2026-10", "unfunded", 100)]
    assert started.balance.hard == 0


def test_7_a_client_who_answers_after_the_end_is_judged_by_what_is_there_today() -> None:
    started = book(FIRST)
    late = activity("A", 60)
    later(started, "2026-10-21", late)
    assert started.activations["A"].state is Admission.REFUSED
    started.contract = prepaid(FIRST, package("p2", 50, "2026-10-22"))
    later(started, "2026-10-22", late)
    assert (started.activations["A"].need, started.activations["A"].hard) == (60, 50)
    smaller = confirmed(started, replace(late, estimate_seconds=50 * 60))
    assert later(started, "2026-10-24", smaller) == [("expire", -100), ("reserve", 50)]


def test_5_5_late_work_is_paid_by_what_lapsed_while_a_new_board_is_not_read_yet() -> None:
    started = book(FIRST)
    row = activity("A", 60)
    later(started, "2026-10-05", row)
    later(started, "2026-10-23", row)
    started.read_at = 0
    late = replace(row, sessions=(worked(40, "2026-10-18"),))
    assert later(started, "2026-10-24", late) == [("expire", 40), ("post", 40)]
    assert started.balance.hard == 0


@pytest.mark.parametrize("ends", [None, at("2026-12-01")])
def test_5_5_an_end_that_is_put_off_after_the_lapse_brings_the_hours_back(ends: int | None) -> None:
    started = book(FIRST)
    assert later(started, "2026-10-23") == [("expire", -100)]
    started.contract = prepaid(package("p1", 100, expires_at=ends))
    assert later(started, "2026-10-24") == [("expire", 100)]
    assert started.entries[-1].cause == "the end of the package was put off"
    assert later(started, "2026-10-24") == []
    assert started.balance.hard == 100


def expired(*more: Package) -> tuple[PackageBook, Activity]:
    """Return a book whose package of 100 expired on 20 October with all of it used by A."""
    started = book(FIRST, *more)
    row = activity("A", 100, worked(100, "2026-10-05"), status=Status.DONE)
    later(started, "2026-10-06", row)
    return started, row


@pytest.mark.parametrize("day", ["2026-10-21", "2026-10-24"])
def test_6_13_a_bug_found_after_the_expiry_does_not_vanish(day: str) -> None:
    started, row = expired()
    later(started, day, row)
    bug = replace(row, bug=True, documentation="the report")
    assert later(started, day, bug) == [("grant", 100)]
    assert started.entries[-1].package_id == "p1:goodwill"
    assert started.entries[-1].cause == Reason.BUG_EXPIRED.said()
    assert later(started, "2026-10-25", bug) == []
    new = activity("B", 60, worked(60, "2026-10-26"))
    later(started, "2026-10-26", bug, new)
    assert posted(started)["B", "p1:goodwill", "2026-10"] == 60
    started.ended["p1"] = started.now
    assert later(started, "2026-10-27", bug, new) == []


def test_6_13_a_bug_found_after_the_expiry_is_credited_to_the_next_package() -> None:
    started, row = expired(package("p2", 300, "2026-10-12"))
    later(started, "2026-10-13", row)
    bug = replace(row, bug=True, documentation="the report")
    assert later(started, "2026-10-24", bug) == [("credit", 100)]
    assert started.entries[-1].package_id == "p2"
    late = replace(bug, sessions=(*bug.sessions, worked(25, "2026-10-06", "s2")))
    assert later(started, "2026-10-25", late) == [("credit", 25), ("post", 25)]
    assert later(started, "2026-10-25", late) == []
    assert (started.balance.granted, started.balance.hard) == (525, 400)
    found = later(started, "2026-10-26", row)
    assert sorted(found) == [("credit", -100), ("credit", -25), ("post", -25)]
    assert (started.balance.granted, started.balance.hard) == (400, 300)


def test_6_13_a_bug_credited_before_the_expiry_lapses_with_its_package() -> None:
    started, row = expired()
    later(started, "2026-10-07", replace(row, bug=True, documentation="the report"))
    assert later(started, "2026-10-23", replace(row, bug=True, documentation="the report")) == [
        ("expire", -100)
    ]
    shorter = replace(
        row, bug=True, documentation="the report", sessions=(worked(60, "2026-10-05"),)
    )
    assert later(started, "2026-10-24", shorter) == [("credit", -40), ("post", -40)]
