"""Overruns, waiting work and what people decide about it (ledger 5.2, 5.3)."""

from dataclasses import replace

import pytest

from ledgerbook import Book, activity, at, package, prepaid, worked
from mondaybridge.domain.activity import Activity, Status
from mondaybridge.domain.allocation import Choice, Decision
from mondaybridge.domain.contract import OverrunLimit
from packagebook import book, confirmed, decide, held, later, posted, reserved


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
    assert later(started, "2026-10-14", row, *others) == [("reserve", 200)]
    others[1] = confirmed(started, others[1])
    assert later(started, "2026-10-15", row, *others) == [("reserve", 200)]
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
    decided = started.review(row)
    assert (decided.entries, decided.activations, decided.held) == ((), (), ())
    sessions = (*row.sessions, worked(5, "2026-10-13", "s2"))
    assert later(started, "2026-10-14", replace(row, sessions=sessions)) == [("post", 5)]
    assert posted(started) == {("A", "p1", "2026-10"): 50, ("A", "p2", "2026-10"): 5}


def test_5_2_wait_leaves_everything_as_it_is() -> None:
    started, row = exhausted()
    before = started.review(row)
    decide(started, "A", Choice.WAIT, _2026_10=70)
    assert started.review(row) == before


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


def test_5_2_a_decision_does_not_act_before_it_is_made() -> None:
    started, row = exhausted()
    other = activity("B", 300)
    assert later(started, "2026-10-13", row, other) == [("reserve", 300)]
    decide(started, "A", Choice.NEXT_PACKAGE, _2026_10=70)
    assert started.step([row, other]) == []
    other = replace(other, estimate_seconds=260 * 60)
    assert started.step([row, other]) == [("release", -40), ("post", 40)]
    done = replace(other, status=Status.DONE)
    assert later(started, "2026-10-14", row, done) == [("release", -260), ("post", 30)]
