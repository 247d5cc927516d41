"""Who may take hours: approved, estimated, need within hard (ledger 4, 6.26, R16)."""

from dataclasses import replace

import pytest

from ledgerbook import activity
from mondaybridge.domain.activity import Activity, Approval, Presence, Status
from mondaybridge.domain.admission import Activation, Admission, admit, asks, reserves, settle

ROW = activity("A", 60)
GIVEN = Activation("A", Admission.ACTIVE, 3_600, activated_at=5, need=60, hard=600)


def verdict(row: Activity, known: Activation, *, posted: int = 0, hard: int = 600) -> Activation:
    return admit(row, known, posted=posted, hard=hard, increment=1, now=9)


def test_R16_need_within_hard_is_activated_with_the_numbers_shown() -> None:
    asked = settle(ROW, None, 9)
    assert asked == Activation("A", Admission.REFUSED)
    assert verdict(ROW, asked, hard=60) == Activation(
        "A", Admission.ACTIVE, 3_600, activated_at=9, need=60, hard=60
    )


def test_R16_need_beyond_hard_is_refused_and_shows_what_is_missing() -> None:
    asked = settle(ROW, None, 9)
    assert verdict(ROW, asked, hard=59) == Activation("A", Admission.REFUSED, need=60, hard=59)


def test_1_need_is_what_the_estimate_charges_beyond_what_is_posted() -> None:
    urgent = replace(ROW, factor=3)
    assert verdict(urgent, GIVEN, posted=40).need == 140
    assert verdict(ROW, GIVEN, posted=70).need == 0


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (replace(ROW, approval=Approval.NONE), Admission.UNAPPROVED),
        (replace(ROW, approval=Approval.REJECTED), Admission.UNAPPROVED),
        (replace(ROW, estimate_seconds=None), Admission.NEEDS_ESTIMATE),
    ],
)
def test_who_is_not_approved_or_has_no_estimate_does_not_ask(
    row: Activity, state: Admission
) -> None:
    known = settle(row, None, 9)
    assert known == Activation("A", state)
    assert not asks(row, known)


@pytest.mark.parametrize(
    "row", [replace(ROW, parked="x"), replace(ROW, presence=Presence.DELETED)], ids=str
)
def test_5_6_an_unreadable_or_deleted_row_does_not_ask(row: Activity) -> None:
    assert not asks(row, settle(row, None, 9))


@pytest.mark.parametrize(
    ("row", "released_at"),
    [
        (ROW, 0),
        (replace(ROW, presence=Presence.MISSING), 0),
        (replace(ROW, presence=Presence.ARCHIVED), 0),
        (replace(ROW, presence=Presence.DELETED), 9),
        (replace(ROW, status=Status.DONE), 9),
        (replace(ROW, status=Status.CANCELLED), 9),
        (replace(ROW, approval=Approval.REJECTED), 9),
        (replace(ROW, approval=Approval.NONE), 9),
    ],
)
def test_2_what_is_done_cancelled_rejected_or_deleted_gives_its_reserve_back(
    row: Activity, released_at: int
) -> None:
    assert reserves(row) is (released_at == 0)
    assert settle(row, GIVEN, 9).released_at == released_at


def test_6_26_a_lowered_estimate_or_factor_holds_at_once() -> None:
    known = replace(GIVEN, factor=3)
    lowered = replace(ROW, estimate_seconds=1_800)
    assert settle(lowered, known, 9) == replace(known, estimate_seconds=1_800, factor=1)
    assert not asks(lowered, settle(lowered, known, 9))


@pytest.mark.parametrize("raised", [replace(ROW, estimate_seconds=7_200), replace(ROW, factor=2)])
def test_6_26_a_raise_asks_again_and_keeps_what_was_given_when_refused(raised: Activity) -> None:
    known = settle(raised, GIVEN, 9)
    assert asks(raised, known)
    assert verdict(raised, known, hard=119) == replace(GIVEN, need=120, hard=119)
    assert verdict(raised, known, hard=120).estimate_charge(1) == 120


def test_7_a_reopened_row_asks_before_it_reserves_again() -> None:
    done = settle(replace(ROW, status=Status.DONE), GIVEN, 7)
    assert done.released_at == 7
    assert settle(replace(ROW, status=Status.DONE), done, 8).released_at == 7
    again = settle(ROW, done, 9)
    assert asks(ROW, again)
    assert verdict(ROW, again, hard=59) == replace(done, need=60, hard=59)
    assert verdict(ROW, again, hard=60) == replace(GIVEN, hard=60)


def test_a_row_approved_when_it_is_done_reserves_nothing() -> None:
    done = replace(ROW, status=Status.DONE)
    assert verdict(done, settle(done, None, 9)).released_at == 9


def test_a_lapsed_approval_keeps_its_place_for_when_it_comes_back() -> None:
    lapsed = settle(replace(ROW, approval=Approval.NONE), GIVEN, 9)
    assert lapsed == replace(GIVEN, state=Admission.UNAPPROVED, released_at=9, need=0, hard=0)
    back = settle(ROW, lapsed, 11)
    assert back.state is Admission.REFUSED
    assert verdict(ROW, back) == GIVEN
