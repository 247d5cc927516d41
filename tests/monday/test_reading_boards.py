"""A board becomes readings: shape and pages, completeness, rows by id, what is gone."""

import msgspec
import pytest

from mondaybook import (
    BOARD,
    HOUR,
    MINUTE,
    NOW,
    ZONE,
    Ticking,
    account,
    client,
    columns,
    item,
    numbered,
)
from mondaybridge.domain.activity import Activity, Approval, Capture, Presence, Reading, Session
from mondaybridge.domain.activity import Status as Processing
from mondaybridge.errors import TryLater, UpstreamError
from mondaybridge.mapping.live import LiveColumn, check_board
from mondaybridge.monday.boards import (
    BoardGone,
    BoardRead,
    BoardShape,
    IncompleteRead,
    read_board,
    read_items,
)
from mondaybridge.sandbox.monday.switches import Switches
from mondaybridge.sandbox.sockets import listening, transport
from mondaybridge.sandbox.world import Clock, Request, Response

TRACKED = {
    "status": {"index": 0},
    "approval": {"index": 1},
    "estimate": "1.5",
    "who": {"personsAndTeams": [{"id": 101, "kind": "person"}]},
    "due": {"date": "2026-11-30"},
    "note": {"text": "two\nlines"},
    "mb_charged": "2.50",
    "mb_billing": "open",
}


def ids(read: BoardRead) -> list[list[str]]:
    return [[one.activity.activity_id for one in page] for page in read.pages()]


def test_a_row_becomes_a_reading() -> None:
    start = NOW - 3 * HOUR
    sessions = {
        "timer": [
            {"id": 9, "started_at": start, "ended_at": start + HOUR, "user": 101},
            {"id": 10, "started_at": start + 2 * HOUR, "user": 101},
        ]
    }
    here = account(item(1, name="Banner", cells=TRACKED, sessions=sessions, updated_at=NOW))
    read = read_board(here.client, BOARD, columns(), ZONE)
    assert list(read.pages()) == [
        [
            Reading(
                Activity(
                    activity_id="1",
                    board_id=BOARD,
                    name="Banner",
                    presence=Presence.ACTIVE,
                    status=Processing.WORKING,
                    approval=Approval.APPROVED,
                    estimate_seconds=5_400,
                    sessions=(Session("9", Capture.TRACKED, start, start + HOUR, 3_600, "101"),),
                    person="Avery Placeholder",
                    due="2026-11-30",
                    note="two\nlines",
                    received_at=NOW - 24 * HOUR,
                    created_at=NOW - 24 * HOUR,
                    updated_at=NOW,
                    answered_at=NOW,
                    running=True,
                ),
                outputs=(
                    ("mb_charged", "2.5"),
                    ("mb_billing", "open"),
                    ("status", "0"),
                    ("approval", "1"),
                    ("name", "Banner"),
                ),
            )
        ]
    ]
    assert here.asked == ["FirstPage"]
    assert read.seen == {"1"}


def test_an_empty_row_is_new_unanswered_unestimated_and_not_parked() -> None:
    here = account(item(1, updated_at=NOW))
    ((reading,),) = read_board(here.client, BOARD, columns(), ZONE).pages()
    made = NOW - 24 * HOUR
    empty = Activity("1", BOARD, "Task 1", received_at=made, created_at=made, updated_at=NOW)
    shown = dict.fromkeys(("mb_charged", "mb_billing", "status", "approval"), "")
    assert reading == Reading(empty, outputs=(*shown.items(), ("name", "Task 1")))


def test_typed_hours_are_dated_by_the_work_date_else_by_the_last_change() -> None:
    here = account(
        item(1, cells={"actual": "0.25", "worked_on": {"date": "2026-10-25"}}, updated_at=NOW),
        item(2, cells={"actual": "2"}, updated_at=NOW),
        item(3, cells={"worked_on": {"date": "2026-10-25"}}, updated_at=NOW),
    )
    (page,) = read_board(here.client, BOARD, numbered(), ZONE).pages()
    midnight_in_rome = 1_792_879_200_000  # 2026-10-24T22:00:00Z
    assert [(one.number_seconds, one.number_at) for one in page] == [
        (900, midnight_in_rome),
        (7_200, NOW),
        (None, 0),
    ]


def test_the_shape_satisfies_the_mapping_and_names_labels() -> None:
    shape = read_board(account().client, BOARD, columns(), ZONE).shape
    assert isinstance(shape, BoardShape)
    assert (shape.board_id, shape.name) == (BOARD, "Jobs")
    labels = {1: "Yes", 2: "No", 9: "Maybe"}
    assert LiveColumn("approval", "Approval", "status", labels=labels) in shape.columns
    assert check_board(columns(), shape.columns) == []


def test_a_label_that_cannot_be_chosen_any_more_is_told() -> None:
    here = account(item(1, cells={"approval": {"index": 9}}))
    here.api.humans.remove_label(board=BOARD, column="approval", label_id=9)
    shape = read_board(here.client, BOARD, columns(), ZONE).shape
    assert isinstance(shape, BoardShape)
    assert {one.id: one.off for one in shape.columns if one.off} == {"approval": frozenset({9})}


def test_pages_come_in_creation_order_and_the_shape_is_compared_at_the_end() -> None:
    rows = [item(n, created_at=NOW - n * MINUTE) for n in range(1, 8)]
    here = account(*rows)
    read = read_board(here.client, BOARD, columns(), ZONE, page_size=3)
    assert ids(read) == [["7", "6", "5"], ["4", "3", "2"], ["1"]]
    assert here.asked == ["FirstPage", "NextPage", "NextPage", "BoardShape"]
    assert read.seen == {"1", "2", "3", "4", "5", "6", "7"}


def test_the_fingerprint_covers_mapped_columns_and_their_labels_only() -> None:
    here = account()

    def fingerprint() -> str:
        shape = read_board(here.client, BOARD, columns(), ZONE).shape
        assert isinstance(shape, BoardShape)
        return shape.fingerprint

    before = fingerprint()
    here.api.humans.rename_column(board=BOARD, column="estimate", title="Promised")
    here.api.humans.rename_label(board=BOARD, column="approval", label_id=9, name="Perhaps")
    renamed = fingerprint()
    here.api.humans.archive_column(board=BOARD, column="actual")
    assert fingerprint() == renamed != before
    here.api.humans.archive_column(board=BOARD, column="timer")
    assert fingerprint() != renamed


def test_a_column_changed_between_pages_makes_the_read_incomplete() -> None:
    here = account(*(item(n) for n in range(1, 5)))
    read = read_board(here.client, BOARD, columns(), ZONE, page_size=2)
    pages = read.pages()
    next(pages)
    here.api.humans.delete_column(board=BOARD, column="estimate")
    next(pages)
    with pytest.raises(IncompleteRead, match="changed its columns"):
        next(pages)


def test_an_expired_cursor_begins_the_board_anew_once() -> None:
    here = account(*(item(n) for n in range(1, 6)))
    here.plan("cursor_expired", "next_items_page")
    read = read_board(here.client, BOARD, columns(), ZONE, page_size=2)
    assert ids(read) == [["1", "2"], ["1", "2"], ["3", "4"], ["5"]]
    assert read.seen == {"1", "2", "3", "4", "5"}
    here.plan("cursor_expired", "next_items_page", times=2)
    with pytest.raises(TryLater, match="cursor expired"):
        ids(read_board(here.client, BOARD, columns(), ZONE, page_size=2))


def test_a_cursor_left_for_an_hour_is_an_expired_one() -> None:
    here = account(*(item(n) for n in range(1, 4)))
    read = read_board(here.client, BOARD, columns(), ZONE, page_size=2)
    here.world.clock.advance(HOUR)
    assert ids(read) == [["1", "2"], ["1", "2"], ["3"]]


@pytest.mark.parametrize("kind", ["server_error", "null_data", "empty_data", "garbage", "partial"])
def test_a_page_that_is_not_whole_ends_the_read_and_never_the_rows(kind: str) -> None:
    here = account(*(item(n) for n in range(1, 4)))
    read = read_board(here.client, BOARD, columns(), ZONE, page_size=2)
    here.plan(kind, "next_items_page", times=99)
    pages = read.pages()
    assert len(next(pages)) == 2
    with pytest.raises(TryLater):
        next(pages)


def test_deleted_rows_and_boards_are_told_apart() -> None:
    here = account(item(1), item(2), item(3), item(4))
    here.api.humans.archive_item(item="2")
    here.api.humans.delete_item(item="3")
    assert ids(read_board(here.client, BOARD, columns(), ZONE)) == [["1", "4"]]
    found = read_items(here.client, ["1", "2", "3", "77", "1"], columns(), ZONE)
    assert {one.activity.activity_id: one.activity.presence for one in found} == {
        "1": Presence.ACTIVE,
        "2": Presence.ARCHIVED,
        "3": Presence.DELETED,
    }
    here.api.humans.delete_board(board=BOARD)
    read = read_board(here.client, BOARD, columns(), ZONE)
    assert read.shape == BoardGone(BOARD, "the board is deleted: restore it or unmap it")
    assert list(read.pages()) == []


def test_an_archived_board_is_gone_with_its_reason() -> None:
    here = account(item(1))
    here.api.humans.archive_board(board=BOARD)
    shape = read_board(here.client, BOARD, columns(), ZONE).shape
    assert shape == BoardGone(BOARD, "the board is archived: restore it or unmap it")


@pytest.mark.parametrize("short", [False, True])
def test_a_board_that_monday_hides_is_gone_not_empty(short: bool) -> None:  # noqa: FBT001 - a switch
    here = account(item(1))
    here.plan("null_board", short=short)
    shape = read_board(here.client, BOARD, columns(), ZONE).shape
    assert isinstance(shape, BoardGone)
    assert shape.reason.startswith("monday does not show the board")


def test_rows_by_id_travel_a_hundred_a_call() -> None:
    here = account(*(item(n) for n in range(1, 206)))
    wanted = [str(n) for n in range(1, 206)]
    found = read_items(here.client, wanted, columns(), ZONE)
    assert [one.activity.activity_id for one in found] == wanted
    assert here.asked == ["Items"] * 3
    assert read_items(here.client, [], columns(), ZONE) == []


def test_a_row_on_another_board_says_which() -> None:
    here = account(item(1))
    other = here.api.humans.create_board(name="Other", columns=[])
    moved = here.api.humans.create_item(board=other, name="Elsewhere")
    (reading,) = read_items(here.client, [moved], columns(), ZONE)
    assert (reading.activity.board_id, reading.activity.name) == (other, "Elsewhere")
    assert "column status is not on this item" in reading.activity.parked


def test_a_timer_typed_by_hand_is_parked_or_read_as_monday_shows_it() -> None:
    typed = {"timer": [{"id": 5, "started_at": NOW - HOUR, "ended_at": NOW, "manual": True}]}
    hidden = account(item(1, sessions=typed))
    ((reading,),) = read_board(hidden.client, BOARD, columns(), ZONE).pages()
    assert reading.activity.parked == (
        "column timer has session 5 typed by hand, whose start monday does not tell:"
        " record time with the timer, or map a numbers column"
    )
    assert reading.activity.sessions == ()
    switches = Switches(manual_sessions_show_start=True)
    told = account(item(1, sessions=typed), switches=switches)
    ((reading,),) = read_board(told.client, BOARD, columns(), ZONE).pages()
    assert [one.seconds for one in reading.activity.sessions] == [3_600]


def test_a_board_is_read_over_a_socket() -> None:
    here = account(*(item(n, cells=TRACKED) for n in range(1, 4)))
    with listening(here.api.handle) as url:
        over = client(None, Ticking(Clock(NOW)), api_url=f"{url}/v2")
        assert ids(read_board(over, BOARD, columns(), ZONE, page_size=2)) == [["1", "2"], ["3"]]
        over.close()


def test_a_query_that_monday_refuses_is_not_repeated() -> None:
    here = account(item(1))
    with pytest.raises(UpstreamError, match="InvalidArgumentException"):
        read_board(here.client, BOARD, columns(), ZONE, page_size=501)
    assert here.asked == ["FirstPage"]


def test_no_more_is_asked_of_monday_than_what_is_mapped() -> None:
    here = account(item(1, cells=TRACKED))
    bodies: list[bytes] = []

    def listened(request: Request) -> Response:
        bodies.append(request.body)
        return here.api.handle(request)

    over = client(transport(listened), here.clock)
    list(read_board(over, BOARD, columns(person=None, due=None, note=None), ZONE).pages())
    (sent,) = map(msgspec.json.decode, bodies)
    assert sent["variables"] == {
        "board": [BOARD],
        "columns": ["status", "approval", "estimate", "timer", "mb_charged", "mb_billing"],
        "limit": 500,
    }
