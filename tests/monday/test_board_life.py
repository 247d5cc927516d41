"""R17a, R21, R22: a board is copied from a template, shared with guests, and closed in the end."""

import httpx
import pytest

from mondaybook import BOARD, COLUMNS, NOW, Account, Ticking, account, answering, client, item
from mondaybridge.errors import TryLater, UpstreamError
from mondaybridge.monday import board_life
from mondaybridge.monday.board_life import Invited
from mondaybridge.monday.errors import RateLimited, Refused
from mondaybridge.monday.people import Person, members
from mondaybridge.sandbox.monday.boards import Board
from mondaybridge.sandbox.monday.switches import Switches
from mondaybridge.sandbox.world import Clock

NAME = "Bottega P2"
MAPPED = [str(column["id"]) for column in COLUMNS]
GUEST = Person("102", "gia@client.example", "Gia Guest", "guest")


def board(here: Account, board_id: str = BOARD) -> Board:
    return here.api.state.boards[board_id]


def boards(here: Account) -> list[str]:
    return [one.name for one in here.api.state.boards.values()]


def test_R21_a_copied_board_is_ready_when_its_content_has_arrived() -> None:
    here = account(item(1), item(2), kind="share")
    made = board_life.duplicate(here.client, BOARD, NAME, "k1")
    assert boards(here) == ["Jobs", NAME]
    assert board(here, made).kind == "share"
    assert not board_life.ready(here.client, made, MAPPED, 2)
    here.clock.sleep(6)
    assert board_life.ready(here.client, made, MAPPED, 2)
    assert not board_life.ready(here.client, made, [*MAPPED, "new"], 2)
    assert not board_life.ready(here.client, made, MAPPED, 3)
    assert here.asked == ["Duplicate", "Readiness", "Readiness", "Readiness", "Readiness"]


def test_a_copy_that_is_there_at_once_is_ready_at_once() -> None:
    here = account(item(1), switches=Switches(duplicate_takes_ms=0))
    made = board_life.duplicate(here.client, BOARD, NAME, "k1")
    assert board_life.ready(here.client, made, MAPPED, 1)


def test_a_board_that_is_not_shown_or_not_active_is_not_ready() -> None:
    here = account()
    assert not board_life.ready(here.client, "4711", [], 0)
    board_life.archive(here.client, BOARD)
    assert not board_life.ready(here.client, BOARD, [], 0)


def test_a_board_is_never_copied_twice_by_itself() -> None:
    here = account()
    assert board_life.find_board(here.client, NAME) is None
    here.plan("drop_answer")
    with pytest.raises(TryLater):
        board_life.duplicate(here.client, BOARD, NAME, "k1")
    assert boards(here) == ["Jobs", NAME]
    made = board_life.find_board(here.client, NAME)
    assert made == next(key for key, one in here.api.state.boards.items() if one.name == NAME)
    assert board_life.duplicate(here.client, BOARD, NAME, "k1") == made
    assert boards(here) == ["Jobs", NAME]


def test_boards_are_not_made_faster_than_monday_lets_them_be() -> None:
    here = account(switches=Switches(enforce_limits=True))
    for number in range(40):
        board_life.duplicate(here.client, BOARD, f"Other {number}", f"o{number}")
    with pytest.raises(RateLimited) as caught:
        board_life.duplicate(here.client, BOARD, NAME, "k1")
    assert NAME not in boards(here)
    here.clock.sleep((caught.value.until - here.clock.now()) / 1000)
    board_life.duplicate(here.client, BOARD, NAME, "k1")
    assert NAME in boards(here)


def test_only_a_board_of_ours_is_found_by_its_name() -> None:
    here = account()
    assert board_life.find_board(here.client, "Jobs") is None
    made = [board_life.duplicate(here.client, BOARD, NAME, key) for key in ("k1", "k2")]
    assert board_life.find_board(here.client, NAME) == made[-1]


def test_a_board_is_looked_for_on_every_page() -> None:
    here = account()
    made = board_life.duplicate(here.client, BOARD, NAME, "k1")
    for number in range(120):
        board_life.duplicate(here.client, BOARD, f"Other {number}", f"o{number}")
    here.calls.clear()
    assert board_life.find_board(here.client, NAME) == made
    assert here.asked == ["BoardsByName", "BoardsByName"]


def test_R17a_a_board_is_renamed_locked_and_archived_however_often() -> None:
    here = account(item(1))
    for _ in range(2):
        board_life.rename(here.client, BOARD, "Jobs (closed)")
        board_life.lock(here.client, BOARD)
    assert (board(here).name, board(here).permissions) == ("Jobs (closed)", "owners")
    for _ in range(2):
        board_life.archive(here.client, BOARD)
    assert board(here).state == "archived"


def test_R17a_a_lock_that_failed_in_part_is_no_lock() -> None:
    part = {"edit_permissions": "everyone", "failed_actions": ["set_role"]}
    data = {"data": {"set_board_permission": part}}
    over = client(answering(httpx.Response(200, json=data)), Ticking(Clock(NOW)))
    with pytest.raises(UpstreamError, match=f"did not lock board {BOARD} wholly: set_role"):
        board_life.lock(over, BOARD)


def test_a_board_that_is_not_ours_cannot_be_locked() -> None:
    here = account(owners=[101])
    with pytest.raises(Refused, match="nauthorized"):
        board_life.lock(here.client, BOARD)


def test_R22_people_are_invited_as_guests_once() -> None:
    here = account(kind="share")
    emails = ["Zoe@client.example ", "gia@client.example", "", "no address"]
    invited = board_life.invite(here.client, emails)
    (zoe,) = [one for one in invited.people if one.email == "zoe@client.example"]
    assert invited == Invited(
        (GUEST, Person(zoe.user_id, "zoe@client.example", "zoe", "guest", pending=True)),
        (("no address", "Invalid email address"),),
    )
    assert here.asked == ["PeopleByEmail", "Invite", "PeopleByEmail"]
    again = board_life.invite(here.client, emails[:2])
    assert again == Invited(invited.people)
    assert here.asked[3:] == ["PeopleByEmail"]


def test_R22_nobody_is_invited_where_nobody_is_named() -> None:
    here = account()
    assert board_life.invite(here.client, []) == Invited()
    assert here.asked == []


def test_R22_an_invitation_without_an_answer_is_found_the_next_time() -> None:
    here = account()
    here.plan("drop_answer", match="invite_users")
    with pytest.raises(TryLater):
        board_life.invite(here.client, ["zoe@client.example"])
    assert here.asked == ["PeopleByEmail", "Invite"]
    (zoe,) = board_life.invite(here.client, ["zoe@client.example"]).people
    assert zoe.pending
    assert here.asked.count("Invite") == 1


def test_R22_people_are_added_to_a_board_and_its_owners_stay_owners() -> None:
    here = account(kind="share", owners=[100, 101], subscribers=[])
    assert board_life.subscribe(here.client, BOARD, ["101", "102", "100"]) == ["102"]
    assert board(here).owner_ids == ["100", "101"]
    assert GUEST in members(here.client, BOARD)
    assert board_life.subscribe(here.client, BOARD, ["102"]) == []
    assert here.asked == ["Members", "AddToBoard", "Members", "Members"]


def test_R22_a_guest_cannot_be_added_to_a_board_that_is_not_shared() -> None:
    here = account(kind="public", owners=[100], subscribers=[])
    with pytest.raises(Refused, match="guests can be added to shareable boards only"):
        board_life.subscribe(here.client, BOARD, ["102"])


def test_a_board_has_an_address() -> None:
    here = account()
    assert board_life.address_of(here.client, BOARD).endswith(f"/boards/{BOARD}")
    with pytest.raises(TryLater, match="does not show board 4711"):
        board_life.address_of(here.client, "4711")


def test_a_row_is_made_once() -> None:
    here = account()
    here.plan("drop_answer")
    with pytest.raises(TryLater):
        board_life.create_item(here.client, BOARD, "Pacchetto", "k1")
    assert here.asked == ["CreateItem"]
    made = board_life.create_item(here.client, BOARD, "Pacchetto", "k1")
    assert [(one.id, one.name) for one in here.api.state.items.values()] == [(made, "Pacchetto")]
