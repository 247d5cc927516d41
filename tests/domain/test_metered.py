"""Contracts without admission: all time posts at its dated rate (ledger 1, 5.6, R54)."""

from dataclasses import replace

import pytest

from ledgerbook import HOURLY, Book, activity, at, metered, worked
from mondaybridge.domain.activity import Activity, Approval, Presence
from mondaybridge.domain.allocation import Choice, Decision
from mondaybridge.domain.contract import ContractKind, DatedRate, NamedRates
from mondaybridge.domain.documents import BillingMark
from mondaybridge.domain.ledger import Entry, EntryKind
from mondaybridge.domain.money import RateKey
from mondaybridge.domain.outcome import Review
from mondaybridge.domain.reasons import Cause

DEARER = RateKey(7_000, "gbp", "txr_20")
ROW = activity("A", None, worked(30, "2026-10-05"), approval=Approval.NONE)


def book(*rates: DatedRate) -> Book:
    return Book(metered(*rates), at("2026-10-20"))


def held(decided: Review) -> list[tuple[str, str, int]]:
    return [(h.reason.value, h.period, h.minutes) for h in decided.held]


def decide(started: Book, choice: Choice) -> None:
    started.decisions.append(Decision("A", choice, (("2026-10", 30),), started.now))


def test_1_time_posts_without_approval_or_estimate() -> None:
    decided = book().review(ROW)
    assert decided.entries == (
        Entry(
            EntryKind.POST,
            30,
            "",
            "A",
            "2026-10",
            at("2026-10-05 09:00"),
            "payg",
            str(HOURLY),
            1_800,
            1,
            Cause("worked"),
        ),
    )
    assert (decided.activations, decided.held) == ((), ())


def test_1_a_second_review_writes_nothing() -> None:
    started = book()
    started.review(ROW)
    assert started.review(ROW).entries == ()


def test_a_client_without_a_contract_pays_the_standard_rate() -> None:
    started = book()
    started.contract = replace(started.contract, kind=ContractKind.NONE)
    assert [e.source for e in started.review(ROW).entries] == ["standard"]


def test_7_a_change_of_rate_splits_the_time_and_rounds_each_part() -> None:
    change = at("2026-10-16", "Europe/London")
    started = book(DatedRate(0, HOURLY), DatedRate(change, DEARER))
    before = worked(10, "2026-10-15", seconds=30)
    after = worked(10, "2026-10-16 10:00", "s2", seconds=30)
    decided = started.review(replace(ROW, sessions=(before, after)))
    assert [(e.minutes, e.rate_key) for e in decided.entries] == [
        (11, str(HOURLY)),
        (11, str(DEARER)),
    ]


def test_6_12_a_session_moved_over_the_close_is_a_decrease_and_an_increase() -> None:
    started = book()
    row = replace(ROW, sessions=(worked(30, "2026-10-31"),))
    started.review(row)
    started.closed.add("2026-10")
    decided = started.review(replace(ROW, sessions=(worked(30, "2026-11-01"),)))
    assert [(e.kind.value, e.period, e.minutes) for e in decided.entries] == [
        ("adjust", "2026-10", -30),
        ("post", "2026-11", 30),
    ]
    assert [e.work_at for e in decided.entries] == [
        at("2026-10-01", "Europe/London"),
        at("2026-11-01 09:00"),
    ]


@pytest.mark.parametrize("minutes", [45, 15, 0])
def test_6_12_late_edits_both_ways_are_adjustments(minutes: int) -> None:
    started = book()
    started.review(ROW)
    started.closed.add("2026-10")
    edited = replace(ROW, sessions=(worked(minutes, "2026-10-05"),))
    assert started.step([edited]) == [("adjust", minutes - 30)]
    assert started.step([edited]) == []
    assert started.step([ROW]) == [("adjust", 30 - minutes)]


@pytest.mark.parametrize("presence", [Presence.MISSING, Presence.ARCHIVED])
def test_5_6_missing_or_archived_changes_nothing(presence: Presence) -> None:
    started = book()
    started.review(ROW)
    decided = started.review(replace(ROW, presence=presence))
    assert (decided.entries, decided.held) == ((), ())


def test_5_6_a_parked_row_freezes_its_posts() -> None:
    started = book()
    started.review(ROW)
    decided = started.review(replace(ROW, parked="x", sessions=()))
    assert (decided.entries, held(decided)) == ((), [("parked", "", 0)])


def test_7_a_row_that_left_the_contract_keeps_its_posts() -> None:
    started = book()
    started.review(ROW)
    assert started.step([]) == []


@pytest.mark.parametrize("parked", ["", "x"])
def test_5_6_unbilled_time_of_a_deleted_row_is_held(parked: str) -> None:
    started = book()
    started.review(ROW)
    deleted = replace(ROW, presence=Presence.DELETED, parked=parked)
    decided = started.review(deleted)
    assert (decided.entries, held(decided)) == ((), [("deleted", "2026-10", 30)])


def test_5_6_keep_bills_and_drop_takes_back_what_is_not_billed() -> None:
    deleted = replace(ROW, presence=Presence.DELETED)
    kept, dropped = book(), book()
    for started in (kept, dropped):
        started.review(ROW)
    decide(kept, Choice.KEEP)
    decided = kept.review(deleted)
    assert (decided.entries, decided.held) == ((), ())
    decide(dropped, Choice.DROP)
    decided = dropped.review(deleted)
    assert [(e.kind.value, e.minutes, e.cause) for e in decided.entries] == [
        ("post", -30, "dropped by decision")
    ]
    assert dropped.review(deleted).entries == ()
    assert dropped.review(deleted).held == ()


def test_5_6_another_kind_of_decision_does_not_end_a_keep() -> None:
    started = book()
    started.review(ROW)
    for choice in (Choice.KEEP, Choice.WAIT):
        decide(started, choice)
    assert started.review(replace(ROW, presence=Presence.DELETED)).held == ()


def test_5_6_billed_time_of_a_deleted_row_never_reverses_by_itself() -> None:
    started = book()
    started.review(ROW)
    started.closed.add("2026-10")
    started.marks["A"] = BillingMark("2026-10", credited=False, minutes=30)
    decide(started, Choice.DROP)
    decided = started.review(replace(ROW, presence=Presence.DELETED))
    assert (decided.entries, decided.held) == ((), ())


@pytest.mark.parametrize(("choice", "minutes"), [(Choice.KEEP, 30), (Choice.DROP, 20)])
def test_5_6_unbilled_time_stays_held_past_the_close_and_can_still_be_decided(
    choice: Choice, minutes: int
) -> None:
    started = book()
    started.review(ROW)
    started.closed.add("2026-10")
    started.marks["A"] = BillingMark("2026-10", credited=False, minutes=20)
    deleted = replace(ROW, presence=Presence.DELETED)
    assert held(started.review(deleted)) == [("deleted", "2026-10", 10)]
    decide(started, choice)
    assert started.review(deleted).held == ()
    assert started.balance.posted == minutes


def test_5_8_a_row_that_came_from_another_contract_posts_only_what_is_new() -> None:
    started = book()
    started.elsewhere = {"A": {"2026-10": 25}}
    assert started.step([ROW]) == [("post", 5)]


def test_6_25_a_restored_row_goes_on_where_it_was() -> None:
    started = book()
    started.review(ROW)
    started.review(replace(ROW, presence=Presence.DELETED))
    more = replace(ROW, sessions=(*ROW.sessions, worked(5, "2026-10-06", "s2")))
    assert started.step([more]) == [("post", 5)]


def test_5_4_nothing_before_bill_from_is_posted() -> None:
    started = book()
    started.contract = replace(started.contract, bill_from=at("2026-10-06", "Europe/London"))
    assert started.step([ROW]) == []


def test_R54b_time_without_a_rate_is_posted_nowhere_and_held_until_it_has_one() -> None:
    started = book(DatedRate(at("2026-10-10"), HOURLY))
    decided = started.review(ROW)
    assert (decided.entries, held(decided)) == (
        (),
        [("no price on this date", "2026-10", 30)],
    )
    started.contract = metered()
    decided = started.review(ROW)
    assert [(e.rate_key, e.minutes) for e in decided.entries] == [(str(HOURLY), 30)]
    assert decided.held == ()


def test_7_two_people_at_different_rates_on_one_activity_are_two_lines() -> None:
    started = book()
    other = NamedRates("8", (DatedRate(0, DEARER),))
    started.contract = metered(person_rates=(other,))
    mine = worked(10, "2026-10-05", seconds=30)
    theirs = replace(worked(10, "2026-10-05 11:00", "s2", seconds=30), person_id="8")
    decided = started.review(replace(ROW, sessions=(mine, theirs)))
    assert [(e.minutes, e.rate_key) for e in decided.entries] == [
        (11, str(HOURLY)),
        (11, str(DEARER)),
    ]


def test_6_27_a_persons_rate_may_be_named_by_address() -> None:
    started = book()
    started.contract = metered(person_rates=(NamedRates("a@x.example", (DatedRate(0, DEARER),)),))
    started.people = {"7": ("a@x.example", "member")}
    assert [e.rate_key for e in started.review(ROW).entries] == [str(DEARER)]


def test_R55_a_documented_bug_is_shown_at_nothing_in_an_open_month() -> None:
    started = book()
    bug = replace(ROW, bug=True, documentation="BUG-7")
    decided = started.review(bug)
    assert [(e.source, e.rate_key, e.minutes, e.cause) for e in decided.entries] == [
        ("no_charge", "0/gbp/", 30, "documented bug: BUG-7")
    ]
    assert started.step([bug]) == []
    assert started.step([ROW]) == [("post", -30), ("post", 30)]
    assert started.balance.posted == 30


def test_R55_a_documented_bug_of_a_closed_month_goes_to_nothing_and_back() -> None:
    started = book()
    started.review(ROW)
    started.closed.add("2026-10")
    bug = replace(ROW, bug=True, documentation="BUG-7")
    decided = started.review(bug)
    assert [(e.kind.value, e.minutes, e.cause) for e in decided.entries] == [
        ("adjust", -30, "documented bug: BUG-7")
    ]
    assert started.step([ROW]) == [("adjust", 30)]


def test_R55a_a_bug_without_documentation_is_charged_and_shown() -> None:
    started = book()
    started.review(ROW)
    decided = started.review(replace(ROW, bug=True))
    assert (decided.entries, held(decided)) == (
        (),
        [("bug without documentation", "2026-10", 30)],
    )


def test_5_6_a_row_that_is_not_chargeable_is_shown_at_nothing() -> None:
    started = book()
    decided = started.review(replace(ROW, chargeable=False, factor=3))
    assert [(e.source, e.minutes) for e in decided.entries] == [("no_charge", 30)]


def test_1_the_factor_is_one_unless_a_row_says_otherwise() -> None:
    rows: list[Activity] = [ROW, replace(ROW, activity_id="B", factor=3)]
    assert [e.minutes for e in book().review(*rows).entries] == [30, 90]


def test_1_only_posts_count_as_posted() -> None:
    started = book()
    started.entries.append(Entry(EntryKind.GRANT, 30, "", "A", "2026-10", rate_key=str(HOURLY)))
    assert started.step([ROW]) == [("post", 30)]


@pytest.mark.parametrize("choice", [Choice.KEEP, Choice.DROP])
def test_5_6_an_old_decision_says_nothing_about_what_was_worked_since(choice: Choice) -> None:
    """Dropped or kept, restored, worked on, deleted again: a person is asked about all of it."""
    started = book()
    started.review(ROW)
    decide(started, choice)
    started.review(replace(ROW, presence=Presence.DELETED))
    more = replace(ROW, sessions=(*ROW.sessions, worked(120, "2026-10-15", "s2")))
    started.review(more)
    assert started.balance.posted == 150
    gone = replace(more, presence=Presence.DELETED)
    decided = started.review(gone)
    assert (decided.entries, held(decided)) == ((), [("deleted", "2026-10", 150)])
    started.decisions.append(Decision("A", Choice.DROP, (("2026-10", 150),), started.now))
    decided = started.review(gone)
    assert (started.balance.posted, decided.held, started.review(gone).held) == (0, (), ())
