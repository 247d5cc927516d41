"""What an answer covers as a row changes: raises, lapses, urgency, redo (ledger 4; R10-R25)."""

from dataclasses import replace

import pytest

from deskbook import MINOR, NONE, STRICT, asked, board
from ledgerbook import at, worked
from mondaybridge.domain.activity import Approval, Status
from mondaybridge.domain.admission import Admission, Origin
from mondaybridge.domain.approval import Change, Evidence, Field, Standing
from mondaybridge.domain.contract import Gate
from mondaybridge.domain.ledger import EntryKind

ACTIVE, CONFIRM, REFUSED = Admission.ACTIVE, Admission.CONFIRM, Admission.REFUSED
APPROVED, REJECTED = Approval.APPROVED, Approval.REJECTED
WORKING, DONE, CANCELLED = Status.WORKING, Status.DONE, Status.CANCELLED
ANNA, STAFF = "anna@client.example", "kim@agency.example"


# --- R19, R25: what a consent covers ------------------------------------------------------------


def test_R19_a_raised_estimate_is_stale_until_it_is_approved_again() -> None:
    house = board()
    house.put(asked("A", 60, worked(20, "2026-10-01"), approval=APPROVED))
    assert house.change("A", estimate_seconds=5_400) == [("release", -40)]
    assert (house.state(), house.posted("A")) == ([Admission.STALE], 20)
    assert house.again("A") == [("reserve", 70)]
    assert house.state() == [ACTIVE]


def test_R19_a_lowered_estimate_keeps_the_approval_and_shrinks_the_reserve() -> None:
    house = board()
    house.put(asked("A", 60, approval=APPROVED))
    assert house.change("A", estimate_seconds=1_800) == [("release", -30)]
    assert house.change("A", estimate_seconds=3_600) == [("reserve", 30)]
    assert house.state() == [ACTIVE]


def test_R19_work_goes_on_as_unapproved_while_the_approval_is_stale() -> None:
    house = board()
    house.put(asked("A", 60, worked(20, "2026-10-01"), approval=APPROVED))
    house.change("A", estimate_seconds=5_400)
    more = (worked(20, "2026-10-01"), worked(30, "2026-10-02", "s2"))
    assert house.change("A", sessions=more) == []
    assert [(h.reason.value, h.minutes) for h in house.last.held] == [("unapproved", 30)]
    assert house.approve("A", "mail 7") == [("post", 30), ("reserve", 40)]


def test_6_26_approval_before_its_estimate_covers_nothing() -> None:
    house = board()
    house.put(asked("A", approval=APPROVED))
    house.change("A", estimate_seconds=3_600)
    assert house.state() == [Admission.STALE]
    house.again("A")
    assert house.state() == [ACTIVE]


def log(log_id: int, user: str, at_ms: int = 300, print_: str = "") -> Evidence:
    return Evidence(print_, (Change(at_ms, str(log_id), Field.APPROVAL, "approved", "", user),))


@pytest.mark.parametrize(
    ("gate", "user", "state", "standing"),
    [
        (Gate.REQUIRE, ANNA, ACTIVE, Standing.VERIFIED),
        (Gate.REQUIRE, STAFF, Admission.UNVERIFIED, Standing.UNVERIFIED),
        (Gate.WARN, ANNA, ACTIVE, Standing.VERIFIED),
        (Gate.WARN, STAFF, ACTIVE, Standing.UNVERIFIED),
    ],
)
def test_R25_the_label_waits_for_the_log_and_the_log_decides(
    gate: Gate, user: str, state: Admission, standing: Standing
) -> None:
    house = board(600, replace(MINOR, approval_actor=gate))
    house.put(asked("A", 60, approval=APPROVED))
    assert house.state() == [Admission.CHECKING]
    ((key, print_),) = house.last.looks
    house.book.evidence[key] = log(1, user, print_=print_)
    house.put()
    consent = house.book.activations["A"].consent
    assert consent
    assert (house.state(), consent.standing, consent.user) == ([state], standing, user)
    assert house.last.looks == ()
    assert house.put() == []


@pytest.mark.parametrize(
    ("gate", "state"), [(Gate.REQUIRE, Admission.UNVERIFIED), (Gate.WARN, ACTIVE)]
)
def test_4_a_log_that_is_gone_activates_only_where_a_remark_is_enough(
    gate: Gate, state: Admission
) -> None:
    house = board(600, replace(MINOR, approval_actor=gate))
    house.put(asked("A", 60, approval=APPROVED))
    house.book.evidence["A"] = Evidence(house.last.looks[0][1], gone=True)
    house.put()
    assert house.state() == [state]


def test_R25_a_verified_approval_does_not_outlive_a_raised_estimate() -> None:
    house = board(600, STRICT)
    house.put(asked("A", 60, approval=APPROVED))
    house.book.evidence["A"] = log(1, ANNA, print_=house.last.looks[0][1])
    house.put()
    assert house.change("A", estimate_seconds=7_200, updated_at=9) == [("release", -60)]
    assert house.state() == [Admission.CHECKING]
    changes = (
        *house.book.evidence["A"].changes,
        Change(400, "2", Field.ESTIMATE, "7200", "3600", STAFF),
    )
    house.book.evidence["A"] = Evidence(house.last.looks[0][1], changes)
    house.put()
    assert house.state() == [Admission.STALE]
    renewed = Change(500, "3", Field.APPROVAL, "approved", "none", ANNA)
    house.book.evidence["A"] = Evidence("", (*changes, renewed))
    assert house.put() == [("reserve", 120)]


def test_4_minor_extras_start_while_the_log_is_looked_up() -> None:
    house = board(600, STRICT)
    assert house.put(asked("A", 30, approval=APPROVED)) == [("reserve", 30)]
    assert house.state() == [ACTIVE]


# --- auto lapses --------------------------------------------------------------------------------


def test_4_auto_lapses_when_the_estimate_rises_above_the_limit() -> None:
    house = board()
    house.put(asked("A", 30, worked(10, "2026-10-01")))
    assert house.sums == (600, 10, 20, 590, 570)
    assert house.change("A", estimate_seconds=2_400) == [("release", -20)]
    assert (house.state(), house.posted("A"), house.sums[2]) == ([CONFIRM], 10, 0)
    assert house.approve("A") == [("reserve", 30)]
    assert (house.state(), house.book.activations["A"].auto) == ([ACTIVE], False)


def test_4_auto_raised_within_the_limit_goes_on_while_it_fits_free() -> None:
    house = board(40)
    house.put(asked("A", 10))
    assert house.change("A", estimate_seconds=1_200) == [("reserve", 10)]
    house.put(asked("B", 15))
    assert house.change("A", estimate_seconds=1_800) == [("release", -20)]
    assert (house.state(), house.numbers("A", "shortfall")) == ([CONFIRM, ACTIVE], (5,))


def test_4_an_auto_that_the_client_rejects_is_rejected() -> None:
    house = board()
    house.put(asked("A", 30))
    assert house.change("A", approval=REJECTED) == [("release", -30)]
    assert house.state() == [Admission.REJECTED]
    assert house.change("A", approval=NONE) == [("reserve", 30)]


def test_4_more_than_three_auto_extras_of_one_request_in_a_day_are_flagged() -> None:
    house = board()
    house.put(*(asked(name, 10, reference="mail 7") for name in "ABC"))
    assert "flood" not in {rule.value for name in "ABC" for rule in house.rules(name)}
    house.put(asked("D", 10, reference="mail 7"), asked("E", 10, reference="mail 8"))
    flagged = [n for n in "ABCDE" if "flood" in {rule.value for rule in house.rules(n)}]
    assert flagged == ["A", "B", "C", "D"]


def test_5_2_a_raise_that_the_client_confirms_pays_for_what_waited_beside_it() -> None:
    house = board(100)
    house.put(asked("A", 60, approval=APPROVED), asked("B", 40, approval=APPROVED))
    house.book.now = at("2026-10-02")
    house.change("A", sessions=(worked(80, "2026-10-01 10:00"),))
    assert [(h.reason.value, h.minutes) for h in house.last.held] == [("unfunded", 20)]
    assert house.change("A", estimate_seconds=5_400) == []
    assert house.confirm("A") == [("post", 20), ("reserve", 10)]
    assert (house.last.held, house.sums) == ((), (100, 80, 50, 20, -30))


def test_5_2_work_of_a_lapse_is_paid_by_the_reserve_that_the_client_confirms() -> None:
    house = board(100)
    house.put(asked("A", 60, approval=APPROVED))
    house.change("A", approval=NONE)
    house.put(asked("B", 100, approval=APPROVED))
    house.book.now = at("2026-10-02")
    house.change("A", sessions=(worked(20, "2026-10-01 08:30"),))
    assert [(h.reason.value, h.minutes) for h in house.last.held] == [("unapproved", 20)]
    assert house.confirm("A") == [("post", 20), ("reserve", 40)]
    assert (house.last.held, house.book.activations["A"].overcommit) == ((), 60)


# --- R10, R11: urgency --------------------------------------------------------------------------

URGENT = {"urgent": True, "evidence": "mail 8"}


def test_R10_a_raise_waits_at_the_old_factor_until_it_is_approved_again() -> None:
    house = board()
    house.put(asked("D", 120, worked(40, "2026-10-01"), approval=APPROVED))
    assert house.change("D", **URGENT) == []
    assert (house.state(), house.book.activations["D"].factor) == ([ACTIVE], 1)
    assert house.approve("D", "mail 9") == [("post", 80), ("reserve", 160)]
    raised = house.book.activations["D"]
    assert (raised.factor, raised.raised_at) == (3, house.book.now)
    assert house.change("D", urgent=False) == [("release", -160), ("post", -80)]
    lowered = house.book.activations["D"]
    assert (lowered.factor, lowered.raised_at) == (1, 0)
    assert house.change("D", urgent=True) == []


def test_R10_evidence_added_later_counts_as_raising() -> None:
    house = board()
    house.put(asked("D", 60, approval=APPROVED, urgent=True))
    assert house.sums[2] == 60
    assert house.change("D", evidence="mail 8") == []
    assert house.approve("D", "mail 9") == [("reserve", 120)]


def test_R11_urgent_from_the_start_charges_three_times_what_was_worked() -> None:
    house = board()
    house.put(asked("D", 60, worked(40, "2026-10-01"), approval=APPROVED, **URGENT))
    assert (house.posted("D"), house.sums) == (120, (600, 120, 60, 480, 420))


def test_R10_a_raise_is_refused_once_a_minute_of_it_is_in_a_closed_month() -> None:
    house = board()
    house.put(asked("D", 60, worked(40, "2026-10-01"), approval=APPROVED))
    house.book.closed.add("2026-10")
    assert house.change("D", **URGENT) == []
    assert house.approve("D", "mail 9") == []
    assert house.book.activations["D"].factor == 1


def test_R10_lowering_holds_at_once_also_in_a_closed_month_and_while_lapsed() -> None:
    house = board()
    row = asked("D", 60, worked(40, "2026-10-01"), approval=APPROVED, **URGENT)
    house.put(row, replace(row, activity_id="E"))
    house.change("E", approval=NONE)
    house.book.closed.add("2026-10")
    assert house.change("D", urgent=False) == [("release", -40), ("adjust", -80)]
    assert house.change("E", urgent=False) == [("adjust", -80)]
    assert house.approve("E") == [("reserve", 20)]


def test_R10_a_raise_beyond_hard_leaves_the_activity_as_it_was() -> None:
    house = board(100)
    house.put(asked("D", 60, approval=APPROVED))
    house.change("D", **URGENT)
    assert house.approve("D", "mail 9") == []
    kept = house.book.activations["D"]
    assert (kept.state, kept.factor, house.sums) == (ACTIVE, 1, (100, 0, 60, 100, 40))
    assert house.numbers("D", "need", "missing") == (180, 80)


def test_R10_a_raise_that_fits_hard_only_waits_for_a_word_after_the_numbers() -> None:
    house = board(200)
    house.put(asked("A", 60, approval=APPROVED), asked("D", 60, approval=APPROVED))
    house.change("D", **URGENT)
    assert house.approve("D", "mail 9") == []
    assert house.numbers("D", "shortfall") == (40,)
    assert house.confirm("D") == [("reserve", 120)]
    assert (house.book.activations["D"].overcommit, house.sums[4]) == (40, -40)


# --- R20: redo ----------------------------------------------------------------------------------


def test_R20_a_redo_has_its_own_estimate_and_approval_and_is_never_auto() -> None:
    house = board()
    house.put(asked("A", 60, worked(60, "2026-10-01"), approval=APPROVED, status=DONE))
    house.put(asked("R", redo_of="A"))
    assert house.state("R") == [Admission.NEEDS_ESTIMATE]
    house.change("R", estimate_seconds=600)
    assert (house.state("R"), house.book.activations["R"].origin) == ([CONFIRM], Origin.REDO)
    assert house.approve("R") == [("reserve", 10)]


def test_R20a_work_done_for_a_mistaken_request_stays_charged() -> None:
    house = board()
    house.put(asked("A", 60, worked(50, "2026-10-01"), approval=APPROVED, status=DONE))
    house.put(asked("R", 60, redo_of="A", approval=APPROVED))
    assert (house.posted("A"), house.sums) == (50, (600, 50, 60, 550, 490))


def test_7_redo_approved_while_the_original_is_open_releases_the_originals_reserve() -> None:
    house = board()
    house.put(asked("A", 60, worked(20, "2026-10-01"), approval=APPROVED))
    house.put(asked("R", 60, redo_of="A", approval=APPROVED))
    released = [e for e in house.last.entries if e.kind is EntryKind.RELEASE]
    assert [(e.activity_id, e.minutes, e.cause) for e in released] == [
        ("A", -40, "replaced by another row")
    ]
    assert (house.state(), house.sums) == ([ACTIVE, ACTIVE], (600, 20, 60, 580, 520))
    more = (worked(20, "2026-10-01"), worked(5, "2026-10-02", "s2"))
    assert house.change("A", sessions=more) == [("post", 5)]
