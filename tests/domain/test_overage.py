"""What no package covers: billed, absorbed, or the next one pays (ledger 5.2, semantics 6.8-10)."""

from dataclasses import replace

import pytest

from ledgerbook import activity, at, package, prepaid, worked
from mondaybridge.domain.activity import Activity, Presence, Status
from mondaybridge.domain.allocation import Choice
from mondaybridge.domain.contract import DatedRate, Overrun, Policies
from mondaybridge.domain.documents import BillingMark
from mondaybridge.domain.ledger import Entry, EntryKind
from mondaybridge.domain.money import RateKey
from mondaybridge.domain.reasons import Cause
from mondaybridge.domain.usage import LineId, itemise
from packagebook import PackageBook, book, decide, held, later, posted

OVERAGE, DEARER = RateKey(5_500, "eur", "txr_22"), RateKey(6_000, "eur", "txr_22")
RATES = (DatedRate(at("2026-10-01"), OVERAGE), DatedRate(at("2026-10-16"), DEARER))
BILLED, BILLED_DEARER = f"{OVERAGE}", f"{DEARER}"


def policy(overrun: Overrun = Overrun.HOLD, **terms: object) -> Policies:
    return Policies(overrun=overrun, overage=RATES, **terms)  # type: ignore[arg-type]  # its terms


def started(
    overrun: Overrun, minutes: int = 50, worked_on: int = 70
) -> tuple[PackageBook, Activity]:
    """Return a package that is 20 short for what was worked on the 10th."""
    one = book(package(minutes=minutes), policies=policy(overrun))
    row = activity("A", minutes, worked(worked_on, "2026-10-10"))
    later(one, "2026-10-10", row)
    return one, row


def billed(one: PackageBook) -> dict[tuple[str, str, str], int]:
    sums: dict[tuple[str, str, str], int] = {}
    for e in one.entries:
        if e.source == "overage":
            key = e.activity_id, e.period, e.rate_key
            sums[key] = sums.get(key, 0) + e.minutes
    return {key: minutes for key, minutes in sums.items() if minutes}


def on_packages(one: PackageBook) -> dict[tuple[str, str, str], int]:
    return {key: minutes for key, minutes in posted(one).items() if key[1]}


def test_6_10_the_part_beyond_the_package_is_billed_at_the_rate_of_its_work_date() -> None:
    one, row = started(Overrun.BILL)
    assert on_packages(one) == {("A", "p1", "2026-10"): 50}
    assert one.entries[-1] == Entry(
        EntryKind.POST,
        50,
        "p1",
        "A",
        "2026-10",
        at("2026-10-10 09:00"),
        "package:p1",
        seconds_raw=4_200,
        cause=Cause("worked"),
    )
    assert one.entries[-2] == Entry(
        EntryKind.POST,
        20,
        "",
        "A",
        "2026-10",
        at("2026-10-10 09:00"),
        "overage",
        BILLED,
        seconds_raw=4_200,
        cause=Cause("worked"),
    )
    assert one.review(row).held == ()


def test_6_10_billed_minutes_are_lines_of_the_months_invoice() -> None:
    one, _ = started(Overrun.BILL)
    line_id = LineId("c1", "usage", "A", "2026-10", "overage", BILLED)
    lines = [line for line in itemise("c1", one.entries) if line.line_id.kind == "usage"]
    assert [(line.line_id, line.minutes, line.amount_minor) for line in lines] == [
        (line_id, 20, 1_833)
    ]


def test_7_rates_that_change_within_the_month_are_several_posts() -> None:
    one = book(package(minutes=50), policies=policy(Overrun.BILL))
    sessions = worked(60, "2026-10-10"), worked(20, "2026-10-20", "s2")
    row = activity("A", 50, *sessions)
    later(one, "2026-10-21", row)
    assert billed(one) == {("A", "2026-10", BILLED): 10, ("A", "2026-10", BILLED_DEARER): 20}
    work = {e.rate_key: e.work_at for e in one.entries if e.source == "overage"}
    assert work == {BILLED: at("2026-10-10 09:00"), BILLED_DEARER: at("2026-10-20 09:00")}
    shorter = replace(row, sessions=(sessions[0], worked(5, "2026-10-20", "s2")))
    later(one, "2026-10-22", shorter)
    assert billed(one) == {("A", "2026-10", BILLED): 10, ("A", "2026-10", BILLED_DEARER): 5}


def test_7_a_session_over_a_change_of_the_rate_is_billed_at_both() -> None:
    one = book(package(minutes=10), policies=policy(Overrun.BILL))
    later(one, "2026-10-17", activity("A", 10, worked(60, "2026-10-15 23:30")))
    assert on_packages(one) == {("A", "p1", "2026-10"): 10}
    assert billed(one) == {("A", "2026-10", BILLED): 20, ("A", "2026-10", BILLED_DEARER): 30}


def test_6_9_the_factor_applies_to_what_falls_outside_the_package() -> None:
    """k = 3 and 50 left of a charge of 60: 50 from the package, 10 elsewhere (6.10)."""
    one = book(package(minutes=50), policies=policy(Overrun.BILL))
    later(one, "2026-10-10", activity("A", 10, worked(20, "2026-10-10"), factor=3))
    assert on_packages(one) == {("A", "p1", "2026-10"): 50}
    assert billed(one) == {("A", "2026-10", BILLED): 10}


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_6_10_a_decrease_reverses_the_billed_part_first(
    closed: bool,  # noqa: FBT001 - a case
) -> None:
    one, row = started(Overrun.BILL)
    kind = "adjust" if closed else "post"
    one.closed |= {"2026-10"} if closed else set()
    assert later(one, "2026-11-03", row) == []
    assert later(one, "2026-11-04", replace(row, sessions=(worked(60, "2026-10-10"),))) == [
        (kind, -10)
    ]
    assert billed(one) == {("A", "2026-10", BILLED): 10}
    later(one, "2026-11-05", replace(row, sessions=(worked(30, "2026-10-10"),)))
    assert (on_packages(one), billed(one)) == ({("A", "p1", "2026-10"): 30}, {})
    later(one, "2026-11-06", replace(row, sessions=()))
    assert posted(one) == {}


def test_6_10_a_late_increase_of_a_closed_month_is_billed_as_an_adjustment() -> None:
    one, row = started(Overrun.BILL)
    one.closed.add("2026-10")
    longer = replace(row, sessions=(worked(75, "2026-10-10"),))
    assert later(one, "2026-11-04", longer) == [("adjust", 5)]
    assert billed(one) == {("A", "2026-10", BILLED): 25}
    assert later(one, "2026-11-05", longer) == []


def test_6_8_without_a_rate_for_the_day_billing_holds() -> None:
    rates = (DatedRate(at("2026-11-01"), OVERAGE),)
    one = book(package(minutes=50), policies=Policies(overrun=Overrun.BILL, overage=rates))
    row = activity("A", 50, worked(70, "2026-10-10"))
    one.now = at("2026-10-10 20:00")
    assert held(one.review(row)) == [("A", "2026-10", "unfunded", 20)]
    assert billed(one) == {}


def test_5_2_in_an_open_month_a_release_lets_the_package_pay_instead() -> None:
    one = book(package(minutes=100), policies=policy(Overrun.BILL))
    rows = [activity("A", 60), activity("B", 40)]
    later(one, "2026-10-02", *rows)
    rows[0] = replace(rows[0], sessions=(worked(80, "2026-10-03"),))
    later(one, "2026-10-03", *rows)
    assert billed(one) == {("A", "2026-10", BILLED): 20}
    rows[1] = replace(rows[1], status=Status.CANCELLED)
    assert later(one, "2026-10-04", *rows) == [("release", -40), ("post", -20), ("post", 20)]
    assert (on_packages(one), billed(one)) == ({("A", "p1", "2026-10"): 80}, {})


def test_5_2_a_person_bills_what_is_held_and_it_sticks() -> None:
    one, row = started(Overrun.HOLD)
    decide(one, "A", Choice.BILL, _2026_10=20)
    assert one.step([row]) == [("post", 20)]
    assert billed(one) == {("A", "2026-10", BILLED): 20}
    one.contract = replace(
        prepaid(package(minutes=50), package("p2", 100, "2026-10-12")), policies=policy()
    )
    assert later(one, "2026-10-12", row) == [("grant", 100)]
    longer = replace(row, sessions=(worked(75, "2026-10-10"),))
    one.now = at("2026-10-13")
    assert held(one.review(longer)) == [("A", "2026-10", "unfunded", 5)]
    one.closed.add("2026-10")
    assert later(one, "2026-11-03", longer) == []
    decide(one, "A", Choice.BILL, _2026_10=5)
    assert one.step([longer]) == [("adjust", 5)]
    assert one.step([longer]) == []


def test_5_2_a_decision_to_bill_is_not_spent_by_the_next_package() -> None:
    one, row = started(Overrun.HOLD, worked_on=100)
    decide(one, "A", Choice.BILL, _2026_10=20)
    one.step([row])
    decide(one, "A", Choice.NEXT_PACKAGE, _2026_10=30)
    two = prepaid(package(minutes=50), package("p2", 100, "2026-10-12"))
    one.contract = replace(two, policies=policy())
    later(one, "2026-10-12", row)
    expected = {("A", "p1", "2026-10"): 50, ("A", "p2", "2026-10"): 30}
    assert (on_packages(one), billed(one)) == (expected, {("A", "2026-10", BILLED): 20})
    one.closed.add("2026-10")
    assert later(one, "2026-11-03", row) == []
    assert later(one, "2026-11-04", replace(row, sessions=(worked(90, "2026-10-10"),))) == [
        ("adjust", -10)
    ]
    assert billed(one) == {("A", "2026-10", BILLED): 10}


def test_6_8_absorb_charges_nobody_and_holds_nothing() -> None:
    one, row = started(Overrun.ABSORB)
    assert posted(one) == {("A", "p1", "2026-10"): 50}
    assert one.review(row).held == ()
    one.closed.add("2026-10")
    assert later(one, "2026-11-03", row) == []


def test_6_8_what_was_absorbed_before_the_close_is_not_charged_by_a_release_after_it() -> None:
    one = book(package(minutes=100), policies=policy(Overrun.ABSORB))
    rows = [activity("A", 60), activity("B", 40)]
    later(one, "2026-10-02", *rows)
    rows[0] = replace(rows[0], sessions=(worked(80, "2026-10-03"),))
    later(one, "2026-10-03", *rows)
    one.closed.add("2026-10")
    rows[1] = replace(rows[1], status=Status.CANCELLED)
    assert later(one, "2026-11-04", *rows) == [("release", -40)]
    assert posted(one) == {("A", "p1", "2026-10"): 60}


def test_7_exhausted_in_mid_activity_50_from_the_first_70_from_the_second_by_policy() -> None:
    """Package exhausted in mid-activity, the next bought two days later."""
    one, row = started(Overrun.NEXT_PACKAGE, worked_on=120)
    assert held(one.review(row)) == [("A", "2026-10", "unfunded", 70)]
    two = prepaid(package(minutes=50), package("p2", 300, "2026-10-12"))
    one.contract = replace(two, policies=policy(Overrun.NEXT_PACKAGE))
    assert later(one, "2026-10-12", row) == [("grant", 300), ("post", 70)]
    assert posted(one) == {("A", "p1", "2026-10"): 50, ("A", "p2", "2026-10"): 70}
    assert later(one, "2026-10-20", row) == []


def test_5_2_next_package_by_policy_stays_where_it_was_put_when_time_goes_on() -> None:
    one, row = started(Overrun.NEXT_PACKAGE, worked_on=120)
    second = package("p2", 100, "2026-10-12", expires_at=at("2026-10-20"))
    two = prepaid(package(minutes=50), second)
    one.contract = replace(two, policies=policy(Overrun.NEXT_PACKAGE))
    later(one, "2026-10-12", row)
    assert later(one, "2026-10-21", row) == [("expire", -30)]
    one.closed.add("2026-10")
    assert later(one, "2026-11-03", row) == []


def test_6_13_a_bug_that_was_billed_is_credited_on_its_line() -> None:
    one, row = started(Overrun.BILL)
    bug = replace(row, bug=True, documentation="the report")
    assert later(one, "2026-10-11", bug) == [("credit", 70), ("post", -20), ("post", 20)]
    assert (on_packages(one), billed(one)) == ({("A", "p1", "2026-10"): 70}, {})
    assert one.review(bug).held == ()


def test_6_13_a_bug_of_a_closed_month_is_credited_too_and_rests() -> None:
    one, row = started(Overrun.BILL)
    one.closed.add("2026-10")
    bug = replace(row, bug=True, documentation="the report")
    assert later(one, "2026-11-03", bug) == [("credit", 70), ("adjust", -20), ("adjust", 20)]
    assert later(one, "2026-11-04", bug) == []


def test_6_10_deleting_keeps_both_parts_and_a_parked_row_too() -> None:
    one, row = started(Overrun.BILL)
    for absent in (replace(row, presence=Presence.DELETED), replace(row, parked="x")):
        assert later(one, "2026-10-12", absent) == []
    assert billed(one) == {("A", "2026-10", BILLED): 20}


def deleted(
    overrun: Overrun = Overrun.BILL, shown: int = 0, worked_on: int = 70
) -> tuple[PackageBook, Activity]:
    """Return a package whose row is gone; documents show some of its 20 minutes beside."""
    one, row = started(overrun, worked_on=worked_on)
    if shown:
        one.marks["A"] = BillingMark("2026-10", credited=False, minutes=shown)
    return one, replace(row, presence=Presence.DELETED)


@pytest.mark.parametrize("shown", [0, 15])
def test_5_6_unbilled_overage_of_a_deleted_row_is_held_and_what_the_package_paid_stays(
    shown: int,
) -> None:
    one, gone = deleted(shown=shown)
    one.now += 60_000
    decided = one.review(gone)
    assert decided.entries == ()
    assert held(decided) == [("A", "2026-10", "deleted", 20 - shown)]


@pytest.mark.parametrize("kind", ["post", "adjust"])
def test_5_6_dropped_overage_is_taken_back_with_its_cause_and_only_where_no_document_shows_it(
    kind: str,
) -> None:
    one, gone = deleted(shown=15)
    one.closed |= {"2026-10"} if kind == "adjust" else set()
    one.review(gone)
    decide(one, "A", Choice.DROP, _2026_10=5)
    dropped = one.review(gone)
    assert [(e.kind.value, e.minutes, e.rate_key, e.cause) for e in dropped.entries] == [
        (kind, -5, BILLED, "dropped by decision")
    ]
    assert dropped.held == ()
    assert (on_packages(one), billed(one)) == (
        {("A", "p1", "2026-10"): 50},
        {("A", "2026-10", BILLED): 15},
    )
    again = one.review(gone)
    assert (again.entries, again.held) == ((), ())


def test_5_6_kept_overage_stays_and_is_asked_about_no_more_until_it_grows() -> None:
    one, gone = deleted()
    decide(one, "A", Choice.KEEP, _2026_10=20)
    kept = one.review(gone)
    assert (kept.entries, kept.held) == ((), ())
    assert billed(one) == {("A", "2026-10", BILLED): 20}
    back = replace(gone, presence=Presence.ACTIVE, sessions=(worked(75, "2026-10-10"),))
    later(one, "2026-10-12", back)
    assert held(one.review(replace(back, presence=Presence.DELETED))) == [
        ("A", "2026-10", "deleted", 25)
    ]


def test_5_6_what_was_never_posted_is_asked_about_together_and_only_dropped_for_good() -> None:
    """20 were billed by decision, 30 more still wait for one; then the row goes."""
    one, gone = deleted(Overrun.HOLD, worked_on=100)
    back = replace(gone, presence=Presence.ACTIVE)
    decide(one, "A", Choice.BILL, _2026_10=20)
    one.review(back)
    assert billed(one) == {("A", "2026-10", BILLED): 20}
    assert held(one.review(gone)) == [("A", "2026-10", "deleted", 50)]
    decide(one, "A", Choice.KEEP, _2026_10=50)
    assert held(one.review(gone)) == [("A", "2026-10", "deleted", 30)]
    decide(one, "A", Choice.DROP, _2026_10=30)
    after = one.review(gone)
    assert (after.entries, after.held) == ((), ())
    assert billed(one) == {("A", "2026-10", BILLED): 20}


def test_5_6_drop_takes_back_what_was_posted_of_it_and_forgets_the_rest() -> None:
    one, gone = deleted(Overrun.HOLD, worked_on=100)
    decide(one, "A", Choice.BILL, _2026_10=20)
    one.review(replace(gone, presence=Presence.ACTIVE))
    decide(one, "A", Choice.DROP, _2026_10=50)
    assert [(e.minutes, e.cause) for e in one.review(gone).entries if e.minutes < 0] == [
        (-20, "dropped by decision")
    ]
    again = one.review(gone)
    assert (again.entries, again.held, billed(one)) == ((), (), {})
