"""The desk of a package: what is asked, answered, started and given back (ledger 4, 7; R08-R20)."""

from dataclasses import replace

import pytest

from deskbook import AGREED, MINOR, NEW, NONE, asked, board
from ledgerbook import at, package, prepaid, worked
from mondaybridge.domain.activity import Approval, Presence, Status
from mondaybridge.domain.admission import Admission, Origin, Step
from mondaybridge.domain.contract import Policies

ACTIVE, CONFIRM, REFUSED = Admission.ACTIVE, Admission.CONFIRM, Admission.REFUSED
APPROVED, REJECTED = Approval.APPROVED, Approval.REJECTED
WORKING, DONE, CANCELLED = Status.WORKING, Status.DONE, Status.CANCELLED
ANNA, STAFF = "anna@client.example", "kim@agency.example"


# --- R12-R15: extras ----------------------------------------------------------------------------


def test_R12_a_minor_request_starts_by_itself_with_its_reserve() -> None:
    house = board()
    assert house.put(asked("A", 30)) == [("reserve", 30)]
    given = house.book.activations["A"]
    assert (given.state, given.auto, given.consent) == (ACTIVE, True, None)
    assert house.put(asked("B", 31)) == []
    assert house.state("B") == [CONFIRM]
    assert house.put(asked("C", 15, urgent=True, evidence="mail 7")) == [("reserve", 45)]
    assert house.state("C") == [ACTIVE]


def test_R12_thirty_minutes_and_a_second_are_not_minor() -> None:
    house = board()
    house.put(replace(asked("A"), estimate_seconds=1_801))
    assert (house.state("A"), house.numbers("A", "charge", "shortfall")) == ([CONFIRM], (31, 0))


@pytest.mark.parametrize("names", ["AB", "BA"])
def test_4_two_thirty_minute_extras_with_45_left_are_one_auto_and_one_confirm(names: str) -> None:
    house = board(45)
    first, second = names[0], names[1]
    rows = [asked(first, 30, created_at=1), asked(second, 30, created_at=2)]
    assert house.put(*rows) == [("reserve", 30)]
    assert house.state(first, second) == [ACTIVE, CONFIRM]
    assert house.numbers(second, "need", "free", "hard", "shortfall") == (30, 15, 45, 15)
    assert house.put() == []


def test_4_planned_is_left_to_the_agreed_rows_that_nobody_has_answered() -> None:
    house = board(100, AGREED)
    house.put(asked("A", 80))
    house.put(asked("X", 30))
    assert (house.state(), house.numbers("X", "free", "planned")) == (
        [Admission.UNAPPROVED, CONFIRM],
        (100, 80),
    )
    house.change("A", approval=REJECTED)
    assert house.state() == [Admission.REJECTED, ACTIVE]


def test_4_agreed_rows_need_the_clients_approval_in_bulk_allowed() -> None:
    house = board(200, AGREED)
    rows = [asked(name, 20) for name in "ABC"]
    assert house.put(*rows) == []
    assert house.state() == [Admission.UNAPPROVED] * 3
    approved = [replace(row, approval=APPROVED) for row in rows]
    assert house.put(*approved) == [("reserve", 20)] * 3
    assert {one.origin for one in house.book.activations.values()} == {Origin.AGREED}


@pytest.mark.parametrize("name", ["A", "X"])
def test_R14_an_extra_goes_on_exactly_as_an_agreed_activity(name: str) -> None:
    house = board(600, AGREED)
    house.put(asked("A", 60))
    house.put(asked("X", 60))
    days = [
        house.approve(name),
        house.change(name, status=WORKING, sessions=(worked(20, "2026-10-05"),)),
        house.change(name, sessions=(worked(70, "2026-10-05"),)),
        house.change(name, status=DONE, sessions=(worked(50, "2026-10-05"),)),
        house.change(name, bug=True, documentation="the report"),
    ]
    assert days == [
        [("reserve", 60)],
        [("release", -20), ("post", 20)],
        [("release", -40), ("post", 50)],
        [("post", -20)],
        [("credit", 50)],
    ]


def test_R15a_a_larger_one_waits_for_the_client_and_reserves_nothing_until_then() -> None:
    house = board()
    assert house.put(asked("A", 60)) == []
    assert house.state() == [CONFIRM]
    assert house.approve("A") == [("reserve", 60)]
    assert house.state() == [ACTIVE]


def test_R15b_beyond_what_is_free_only_a_word_after_the_numbers_counts() -> None:
    house = board(100)
    house.put(asked("A", 80, approval=APPROVED), asked("B", 50, approval=APPROVED, created_at=99))
    assert (house.state(), house.numbers("B", "shortfall")) == ([ACTIVE, CONFIRM], (30,))
    house.book.show("B")
    assert house.put() == []
    assert house.approve("B", "mail after the numbers") == [("reserve", 50)]
    given = house.book.activations["B"]
    assert (given.state, given.overcommit, house.sums) == (ACTIVE, 30, (100, 0, 130, 100, -30))


def test_R15b_numbers_that_have_grown_since_they_were_shown_are_shown_again() -> None:
    house = board(100)
    house.put(asked("A", 80, approval=APPROVED), asked("B", 50, approval=NONE))
    house.book.show("B")
    house.put(asked("C", 10, approval=APPROVED))
    house.approve("B", "mail 7")
    assert (house.state("B"), house.numbers("B", "shortfall")) == ([CONFIRM], (40,))
    assert house.confirm("B") == [("reserve", 50)]


def test_R15b_numbers_that_have_shrunk_since_they_were_shown_stay_confirmed() -> None:
    house = board(100)
    house.put(asked("A", 80, approval=APPROVED), asked("B", 50))
    house.book.show("B")
    house.change("A", estimate_seconds=4_200)
    assert house.approve("B", "mail 7") == [("reserve", 50)]
    assert house.book.activations["B"].overcommit == 20


def test_7_minor_20_free_10_hard_200_is_confirm_with_shortfall_10() -> None:
    house = board(200)
    house.put(asked("A", 190, approval=APPROVED))
    house.put(asked("B", 20))
    assert house.state("B") == [CONFIRM]
    assert house.numbers("B", "free", "hard", "shortfall", "missing") == (10, 200, 10, 0)


def test_7_overcommit_twice_shows_the_cumulative_shortfall() -> None:
    house = board(100)
    house.put(*(asked(name, 80, approval=APPROVED) for name in "ABC"))
    assert house.state() == [ACTIVE, CONFIRM, CONFIRM]
    assert house.numbers("B", "shortfall") == house.numbers("C", "shortfall") == (60,)
    house.confirm("B")
    assert (house.state(), house.numbers("C", "shortfall")) == ([ACTIVE, ACTIVE, CONFIRM], (140,))
    house.confirm("C")
    assert (house.state(), house.sums) == ([ACTIVE] * 3, (100, 0, 240, 100, -140))


def test_7_overcommit_beyond_the_limit_is_refused_also_with_the_clients_word() -> None:
    house = board(100, replace(MINOR, max_overcommit=100))
    house.put(*(asked(name, 80, approval=APPROVED) for name in "ABC"))
    house.confirm("B")
    house.confirm("C")
    assert house.state() == [ACTIVE, ACTIVE, REFUSED]
    assert house.numbers("C", "shortfall", "missing") == (140, 0)
    seen = house.book.activations["C"].assessment
    assert seen
    assert seen.beyond_limit


# --- R09, R16: the guard, at activation and at the start ----------------------------------------


@pytest.mark.parametrize("cells", [{}, {"redo_of": "Z"}, {"urgent": True, "evidence": "mail"}])
@pytest.mark.parametrize("policies", [MINOR, AGREED])
def test_R16_beyond_hard_nothing_is_activated_whatever_its_origin(
    cells: dict[str, object], policies: Policies
) -> None:
    house = board(29, policies)
    assert house.put(asked("A", 30, approval=APPROVED, **cells)) == []
    assert house.state() == [REFUSED]
    need = 90 if "urgent" in cells else 30
    assert house.numbers("A", "need", "hard", "missing") == (need, 29, need - 29)
    house.confirm("A")
    assert house.state() == [REFUSED]


def test_R09_no_estimate_no_hours_and_a_refused_row_is_asked_again_when_there_is_room() -> None:
    house = board(50)
    house.put(asked("A", approval=APPROVED), asked("B", 60, approval=APPROVED))
    assert house.state() == [Admission.NEEDS_ESTIMATE, REFUSED]
    house.book.contract = prepaid(package(minutes=50), package("p2", 60), policies=MINOR)
    assert house.put() == [("grant", 60), ("reserve", 50), ("reserve", 10)]
    assert house.state() == [Admission.NEEDS_ESTIMATE, ACTIVE]


def test_R16_in_one_review_the_second_is_judged_by_what_the_first_has_left() -> None:
    house = board(100)
    early = asked("B", 60, worked(60, "2026-10-01"), approval=APPROVED, updated_at=1)
    late = asked("A", 50, approval=APPROVED, updated_at=2)
    house.put(early, late)
    assert (house.state("B", "A"), house.numbers("A", "need", "hard")) == (
        [ACTIVE, REFUSED],
        (50, 40),
    )


def test_7_approved_a_of_60_started_when_hard_is_40_is_blocked_with_its_reserve_kept() -> None:
    house = board(100)
    house.put(asked("A", 60, approval=APPROVED))
    house.put(asked("B", 80))
    house.confirm("B")
    house.change("B", status=WORKING, sessions=(worked(60, "2026-10-01"),))
    assert house.sums == (100, 60, 80, 40, -40)
    assert house.change("A", status=WORKING) == []
    blocked = house.book.activations["A"]
    assert (blocked.state, blocked.blocked, blocked.started_at) == (ACTIVE, True, 0)
    assert house.numbers("A", "need", "hard", "missing") == (60, 40, 20)
    house.book.contract = prepaid(package(minutes=100), package("p2", 20), policies=MINOR)
    house.put()
    let = house.book.activations["A"]
    assert (let.blocked, let.started_at) == (False, house.book.now)


def test_4_a_start_that_was_let_pass_stays_and_leaving_work_asks_again() -> None:
    house = board(100)
    house.put(asked("A", 60, approval=APPROVED, status=WORKING), asked("B", 80))
    begun = house.book.activations["A"].started_at
    assert begun == house.book.now
    house.confirm("B")
    house.change("B", status=WORKING, sessions=(worked(60, "2026-10-01"),))
    assert house.book.activations["A"].started_at == begun
    house.change("A", status=Status.WAITING)
    house.change("A", status=WORKING)
    again = house.book.activations["A"]
    assert (again.started_at, again.blocked) == (0, True)


def test_4_work_that_is_not_charged_for_is_never_blocked() -> None:
    house = board(10)
    house.put(asked("A", 10, approval=APPROVED))
    house.change("A", status=WORKING, chargeable=False)
    house.book.contract = prepaid(package(expires_at=at("2026-10-02"), minutes=10), policies=MINOR)
    house.book.now = at("2026-10-03")
    house.put()
    assert house.book.activations["A"].blocked is False


# --- reserve, post, release (R03, ledger 1, 2, 7) -----------------------------------------------


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ({"status": DONE}, ACTIVE),
        ({"status": CANCELLED}, ACTIVE),
        ({"approval": REJECTED}, Admission.REJECTED),
        ({"approval": NONE}, CONFIRM),
        ({"presence": Presence.DELETED}, ACTIVE),
        ({"chargeable": False}, ACTIVE),
    ],
    ids=str,
)
def test_R03_what_ends_releases_the_rest_and_keeps_what_was_worked(
    cells: dict[str, object], state: Admission
) -> None:
    house = board()
    house.put(asked("A", 60, worked(25, "2026-10-01"), approval=APPROVED))
    assert house.sums == (600, 25, 35, 575, 540)
    written = house.change("A", **cells)
    assert written[0] == ("release", -35)
    assert (house.state(), house.sums[2]) == ([state], 0)
    assert house.put() == []
    kept = 0 if cells == {"chargeable": False} else 25
    assert house.posted("A") == kept


@pytest.mark.parametrize("presence", [Presence.MISSING, Presence.ARCHIVED])
def test_6_25_what_is_archived_or_awaits_a_second_look_is_still_true(presence: Presence) -> None:
    house = board()
    house.put(asked("A", 60, approval=APPROVED))
    assert house.change("A", presence=presence) == []
    assert house.sums[2] == 60


def test_7_done_then_fifteen_more_is_funded_from_free_and_nothing_reopens() -> None:
    house = board(100)
    house.put(asked("A", 60, worked(60, "2026-10-01"), approval=APPROVED, status=DONE))
    assert house.sums == (100, 60, 0, 40, 40)
    more = (worked(60, "2026-10-01"), worked(15, "2026-10-02", "s2"))
    assert house.change("A", sessions=more) == [("post", 15)]
    assert house.rows["A"].status is DONE
    assert house.sums == (100, 75, 0, 25, 25)


def test_7_done_reopened_est_120_posted_100_reserves_20_after_the_check() -> None:
    house = board(600)
    row = asked("A", 120, worked(100, "2026-10-01"), approval=APPROVED, status=DONE)
    house.put(row)
    assert house.sums == (600, 100, 0, 500, 500)
    consent = house.book.activations["A"].consent
    assert house.change("A", status=WORKING) == [("reserve", 20)]
    again = house.book.activations["A"]
    assert (again.consent, again.blocked, again.started_at) == (consent, False, house.book.now)


def test_7_done_reopened_when_the_hours_are_gone_is_blocked_without_a_reserve() -> None:
    house = board(110)
    house.put(asked("A", 120, worked(100, "2026-10-01"), approval=NONE, status=NEW))
    house.change("A", estimate_seconds=6_000, approval=APPROVED)
    house.change("A", status=DONE)
    house.put(asked("B", 10, worked(10, "2026-10-02"), approval=APPROVED))
    house.change("A", estimate_seconds=7_200, status=WORKING, approval_reference="mail 7")
    seen = house.book.activations["A"]
    assert (house.sums, seen.state) == ((110, 110, 0, 0, 0), ACTIVE)
    assert (seen.blocked, house.numbers("A", "need", "missing")) == (False, (20, 20))


def test_S3_a_place_in_the_order_is_kept_by_what_lapses_and_comes_back() -> None:
    house = board()
    house.put(asked("A", 60, approval=APPROVED))
    first = house.book.now
    house.change("A", approval=NONE)
    lapsed = house.book.now
    house.approve("A")
    steps = (Step(first, 60), Step(lapsed, 0), Step(house.book.now, 60))
    assert house.book.activations["A"].steps == steps


# --- other situations of ledger 7 ---------------------------------------------------------------


def test_7_client_answers_after_the_package_expired_and_eligibility_is_judged_today() -> None:
    house = board()
    house.book.contract = prepaid(package(expires_at=at("2026-11-01")), policies=MINOR)
    house.put(asked("A", 60))
    house.book.now = at("2026-11-02")
    house.put()
    house.approve("A")
    assert (house.state(), house.numbers("A", "hard")) == ([REFUSED], (0,))
    house.book.contract = prepaid(
        package(expires_at=at("2026-11-01")), package("p2", 90, "2026-11-02"), policies=MINOR
    )
    assert house.put() == [("grant", 90), ("reserve", 60)]


def test_6_7_a_negative_residual_blocks_activation_and_is_shown() -> None:
    house = board()
    house.book.contract = prepaid(package(opening_minutes=610), policies=MINOR)
    house.book.entries.clear()
    house.put(asked("A", 10, approval=APPROVED))
    assert (house.state(), house.numbers("A", "hard", "missing")) == ([REFUSED], (-10, 20))
    assert house.sums == (600, 610, 0, -10, -10)


def test_S9_a_row_that_cannot_be_read_keeps_its_answer_and_its_reserve() -> None:
    house = board()
    house.put(asked("A", 60, worked(20, "2026-10-01"), approval=APPROVED))
    known = house.book.activations["A"]
    assert house.change("A", parked="a cell cannot be read", approval=NONE, factor=3) == []
    assert (house.book.activations["A"], house.sums) == (known, (600, 20, 40, 580, 540))


def test_S22_a_review_asks_for_no_cell_of_the_humans_where_no_policy_does() -> None:
    quiet = replace(MINOR, clears_stale_approval=False, labels_extra=False)
    house = board(600, replace(quiet, baseline_at=at("2026-10-01 08:02")))
    house.put(asked("A", 60, approval=APPROVED))
    house.put(asked("X", 10), asked("Y", 60, status=WORKING))
    house.change("A", estimate_seconds=7_200)
    wanted = {
        cell.activity_id: (cell.extra, cell.answer, cell.stopped) for cell in house.last.cells
    }
    assert house.state() == [Admission.STALE, ACTIVE, CONFIRM]
    assert {key: (extra, stopped) for key, (extra, _, stopped) in wanted.items()} == dict.fromkeys(
        "AXY", (False, False)
    )
    assert wanted["A"][1] is None
