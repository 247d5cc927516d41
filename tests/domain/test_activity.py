"""How a reading is brought into what the mirror knew (ledger 5.6, 5.7, semantics 6.25)."""

from dataclasses import fields, replace

import pytest

from ledgerbook import activity, at, worked
from mondaybridge.domain.activity import (
    Activity,
    Approval,
    Capture,
    Hint,
    Presence,
    Reading,
    Session,
    Status,
    merge,
)

ROW = activity("A", 60, worked(30, "2026-10-05"))


def typed(minutes: int | None, day: str, row: Activity | None = None) -> Reading:
    seconds = None if minutes is None else minutes * 60
    return Reading(row or activity("A", 60), number_seconds=seconds, number_at=at(day))


def number(name: str, minutes: int, day: str) -> Session:
    return Session(name, Capture.NUMBER, at(day), at(day), minutes * 60)


def test_S12_a_hint_is_a_key_and_never_a_content() -> None:
    assert [one.name for one in fields(Hint)] == ["board_id", "item_id", "seen_at"]


def test_a_first_reading_is_taken_as_it_is() -> None:
    assert merge(None, Reading(ROW)) == ROW


def test_a_new_reading_replaces_the_tracked_sessions_as_a_set() -> None:
    edited = replace(ROW, name="Renamed", sessions=(worked(10, "2026-10-06", "s2"),))
    assert merge(ROW, Reading(edited)) == edited
    assert merge(ROW, Reading(replace(ROW, sessions=()))) == replace(ROW, sessions=())


def test_5_7_every_change_of_a_numbers_cell_is_a_dated_signed_session() -> None:
    row = merge(None, typed(120, "2026-10-28"))
    row = merge(row, typed(300, "2026-11-03"))
    row = merge(row, typed(300, "2026-11-04"))
    row = merge(row, typed(60, "2026-11-05"))
    assert row.sessions == (
        number("n1", 120, "2026-10-28"),
        number("n2", 180, "2026-11-03"),
        number("n3", -240, "2026-11-05"),
    )


def test_5_7_a_typed_zero_is_a_decrease_and_a_first_zero_is_nothing() -> None:
    assert merge(None, typed(0, "2026-10-28")).sessions == ()
    row = merge(merge(None, typed(60, "2026-10-28")), typed(0, "2026-11-03"))
    assert row.sessions == (number("n1", 60, "2026-10-28"), number("n2", -60, "2026-11-03"))
    assert row.parked == ""


@pytest.mark.parametrize("presence", [Presence.DELETED, Presence.MISSING])
def test_5_6_an_absent_row_keeps_what_was_known(presence: Presence) -> None:
    gone = Activity("A", "b1", "", presence=presence, updated_at=7)
    assert merge(ROW, Reading(gone)) == replace(ROW, presence=presence, updated_at=7)


def test_5_6_an_emptied_estimate_parks_and_keeps_the_last_value() -> None:
    emptied = replace(ROW, estimate_seconds=None, sessions=(), name="Renamed", updated_at=7)
    reason = "the estimate was emptied after it had a value: type 0 for zero"
    parked = merge(ROW, Reading(emptied))
    assert parked == replace(ROW, name="Renamed", parked=reason, updated_at=7)
    assert merge(parked, Reading(emptied)) == parked
    assert merge(parked, Reading(replace(ROW, estimate_seconds=0))) == replace(
        ROW, estimate_seconds=0
    )


def test_5_6_an_emptied_number_parks_and_typing_it_again_mends() -> None:
    row = merge(None, typed(60, "2026-10-28"))
    parked = merge(row, typed(None, "2026-11-03"))
    reason = "the actual time was emptied after it had a value: type 0 for zero"
    assert parked == replace(row, parked=reason)
    mended = merge(parked, typed(90, "2026-11-04"))
    assert mended.parked == ""
    assert mended.sessions == (number("n1", 60, "2026-10-28"), number("n2", 30, "2026-11-04"))


def test_S9_5_6_an_unreadable_cell_parks_with_its_reason() -> None:
    read = replace(ROW, parked="Status: unknown label 7", status=Status.NEW, sessions=())
    assert merge(ROW, Reading(read)) == replace(ROW, parked="Status: unknown label 7")


def test_6_25_a_restored_row_is_read_as_it_is_now() -> None:
    deleted = replace(ROW, presence=Presence.DELETED)
    restored = replace(ROW, approval=Approval.NONE)
    assert merge(deleted, Reading(restored)) == restored


def test_a_row_may_move_hours_while_it_is_readable_and_there() -> None:
    said = [
        (row.movable, row.unreadable)
        for row in (
            ROW,
            replace(ROW, presence=Presence.MISSING),
            replace(ROW, presence=Presence.ARCHIVED),
            replace(ROW, parked="x"),
            replace(ROW, presence=Presence.DELETED),
            replace(ROW, presence=Presence.DELETED, parked="x"),
        )
    ]
    assert said == [
        (True, False),
        (True, False),
        (True, False),
        (False, True),
        (False, False),
        (False, False),
    ]
