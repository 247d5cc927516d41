"""monday.md §7, §8: users, guests, members of boards, what they see and may change."""

from typing import Any

import pytest

from mondaybridge.sandbox.monday.data import MondayData
from mondaybridge.sandbox.monday.switches import Switches
from sandbox.build_monday import BOARD, OTHER_BOARD, USERS, Sandbox, item, sandbox

INVITE = """mutation ($e: [String!]!, $r: UserRole) { invite_users(emails: $e, user_role: $r) {
  invited_users { id name email kind status } errors { message email code } } }"""
ADD = """mutation ($b: ID!, $u: [ID!]!, $k: BoardSubscriberKind) {
  add_users_to_board(board_id: $b, user_ids: $u, kind: $k) { id } }"""
REMOVE = """mutation ($b: ID!, $u: [ID!]!) {
  delete_subscribers_from_board(board_id: $b, user_ids: $u) { id } }"""
MEMBERS = """query ($b: [ID!]) {
  boards(ids: $b) { subscribers { id } owners { id } permissions board_kind } }"""
PING = """mutation ($u: ID!, $t: ID!, $k: NotificationTargetType!, $x: String!) {
  create_notification(user_id: $u, target_id: $t, target_type: $k, text: $x) { id text } }"""
SHARED, HIDDEN = "300", "301"


def hosted(**board: object) -> Sandbox:
    """Build an account whose boards say who is on them."""
    box = sandbox(item(1))
    for board_id, kind in ((SHARED, "share"), (HIDDEN, "private")):
        box.api.humans.create_board(name=kind, columns=[], board_id=board_id, kind=kind)
        made = box.api.state.boards[board_id]
        made.owner_ids, made.subscriber_ids = ["100"], ["101"]
    return box


def members(box: Sandbox, board: str = SHARED) -> dict[str, Any]:
    (shown,) = box.data(MEMBERS, {"b": [board]})["boards"]
    shown["subscribers"] = [one["id"] for one in shown["subscribers"]]
    shown["owners"] = [one["id"] for one in shown["owners"]]
    return dict(shown)


def test_users_are_found_by_id_address_and_kind() -> None:
    box = sandbox()
    query = """query ($i: [ID!], $e: [String!], $k: UserKind, $l: Int) {
      users(ids: $i, emails: $e, kind: $k, limit: $l) { id name email kind status } }"""
    guest = {
        "id": "102",
        "name": "Gia Guest",
        "email": "gia@client.example",
        "kind": "guest",
        "status": "ACTIVE",
    }
    assert box.data(query, {"i": ["102"]})["users"] == [guest]
    assert box.data(query, {"e": ["GIA@client.example", "no@body.example"]})["users"] == [guest]
    assert box.data(query, {"k": "guests"})["users"] == [guest]
    kinds = [one["kind"] for one in box.data(query, {"l": 2})["users"]]
    assert kinds == ["service", "admin"]


def test_an_invited_guest_is_pending_until_they_come() -> None:
    box = sandbox()
    made = box.data(INVITE, {"e": ["new@client.example"], "r": "GUEST"})["invite_users"]
    (guest,) = made["invited_users"]
    assert made["errors"] == []
    assert {**guest, "id": ""} == {
        "id": "",
        "name": "new",
        "email": "new@client.example",
        "kind": "guest",
        "status": "PENDING",
    }
    query = "query ($k: UserKind) { users(kind: $k) { id status } }"
    assert guest["id"] not in [one["id"] for one in box.data(query, {"k": "non_pending"})["users"]]
    box.api.admin_human("accept_invitation", {"user": int(guest["id"]), "name": "Nora New"})
    (shown,) = box.data("query ($i: [ID!]) { users(ids: $i) { name status } }", {
        "i": [guest["id"]],
    })["users"]  # fmt: skip
    assert shown == {"name": "Nora New", "status": "ACTIVE"}


@pytest.mark.parametrize("refused", [True, False])
def test_a_second_invitation(refused: bool) -> None:  # noqa: FBT001 - a switch's position
    box = sandbox(switches=Switches(reinvite_is_error=refused))
    answer = box.data(INVITE, {"e": ["gia@client.example"], "r": "GUEST"})["invite_users"]
    assert [one["id"] for one in answer["invited_users"]] == ([] if refused else ["102"])
    assert [one["code"] for one in answer["errors"]] == (["ERROR"] if refused else [])
    assert len(box.api.state.users) == 3


def test_a_wrong_address_is_an_error_beside_the_others() -> None:
    box = sandbox()
    answer = box.data(INVITE, {"e": ["nobody", "a@b.example"]})["invite_users"]
    assert [one["email"] for one in answer["invited_users"]] == ["a@b.example"]
    assert [one["kind"] for one in answer["invited_users"]] == ["member"]
    assert answer["errors"] == [
        {"message": "Invalid email address", "email": "nobody", "code": "ERROR"}
    ]


def test_a_guest_is_added_to_a_shareable_board_only() -> None:
    box = hosted()
    assert box.data(ADD, {"b": SHARED, "u": ["102"]}) == {"add_users_to_board": [{"id": "102"}]}
    assert members(box) == {
        "subscribers": ["100", "101", "102"],
        "owners": ["100"],
        "permissions": "everyone",
        "board_kind": "share",
    }
    for board in (HIDDEN, BOARD):
        refusal = box.refusal(ADD, {"b": board, "u": ["101", "102"]})
        assert refusal["code"] == "InvalidBoardKindException"
    owner = {"b": SHARED, "u": ["102"], "k": "owner"}
    assert box.refusal(ADD, owner)["code"] == "InvalidArgumentException"
    assert box.refusal(ADD, {"b": SHARED, "u": ["9"]})["code"] == "InvalidUserIdException"


def test_an_owner_added_as_a_subscriber_is_none_any_more() -> None:
    box = hosted()
    box.data(ADD, {"b": SHARED, "u": ["101"], "k": "owner"})
    assert members(box)["owners"] == ["100", "101"]
    box.data(ADD, {"b": SHARED, "u": ["101"]})
    assert members(box) | {"board_kind": ""} == {
        "subscribers": ["100", "101"],
        "owners": ["100"],
        "permissions": "everyone",
        "board_kind": "",
    }
    box.data(REMOVE, {"b": SHARED, "u": ["101"]})
    assert members(box)["subscribers"] == ["100"]


def test_the_log_says_who_was_put_on_a_board() -> None:
    box = hosted()
    box.data(ADD, {"b": SHARED, "u": ["102"]})
    box.data(ADD, {"b": SHARED, "u": ["102"]})
    box.data(REMOVE, {"b": SHARED, "u": ["102"]})
    rows = box.api.state.logs[SHARED]
    assert [(row.event, row.user_id) for row in rows] == [
        ("subscribe", "100"),
        ("unsubscribe", "100"),
    ]


def test_a_board_has_at_most_400_subscribers() -> None:
    box = hosted()
    emails = [f"guest{number}@client.example" for number in range(399)]
    invited = box.data(INVITE, {"e": emails, "r": "GUEST"})["invite_users"]["invited_users"]
    ids = [one["id"] for one in invited]
    assert box.refusal(ADD, {"b": SHARED, "u": ids})["code"] == "SubscribersLimitException"
    assert members(box)["subscribers"] == ["100", "101"]
    assert len(box.data(ADD, {"b": SHARED, "u": ids[:398]})["add_users_to_board"]) == 398


def test_who_is_not_on_a_board_does_not_see_it() -> None:
    box = hosted()
    box.api.state.boards[BOARD].subscriber_ids = ["101"]
    box.token = "guest-102"
    query = "{ boards { id } items(ids: [1]) { id } }"
    assert box.data(query) == {"boards": [{"id": OTHER_BOARD}], "items": []}
    assert box.write("1", memo="x")["errors"][0]["extensions"]["code"] == "InvalidBoardIdException"
    box.api.admin_human("add_to_board", {"board": BOARD, "user": 102})
    assert box.data(query)["items"] == [{"id": "1"}]
    box.api.admin_human("unsubscribe", {"board": BOARD, "as_user": 102})
    assert box.data(query)["items"] == []


def test_only_who_sees_a_board_is_assigned_on_it() -> None:
    box = sandbox(item(1))
    box.api.state.boards[BOARD].subscriber_ids = ["101"]
    guest = {"personsAndTeams": [{"id": 102, "kind": "person"}]}
    assert box.write("1", who=guest)["errors"][0]["message"] == "invalidPersonAssignment"
    box.api.humans.subscribe(board=BOARD, as_user="102")
    assert "errors" not in box.write("1", who=guest)


@pytest.mark.parametrize(
    ("permissions", "owner", "member", "assigned"),
    [
        ("everyone", True, True, True),
        ("collaborators", True, True, True),
        ("assignee", True, False, True),
        ("owners", True, False, False),
    ],
)
def test_permissions_say_who_changes_rows(
    permissions: str,
    owner: bool,  # noqa: FBT001 - a column of the table
    member: bool,  # noqa: FBT001 - a column of the table
    assigned: bool,  # noqa: FBT001 - a column of the table
) -> None:
    people = {"who": {"personsAndTeams": [{"id": 102, "kind": "person"}]}}
    box = sandbox(item(1, cells=people))
    board = box.api.state.boards[BOARD]
    board.permissions, board.owner_ids = permissions, ["101"]
    for token, may in (("x-101", owner), ("x-100", member), ("x-102", assigned)):
        box.token = token
        errors = box.write("1", memo=f"by {token}").get("errors", [])
        codes = [one["extensions"]["code"] for one in errors]
        assert codes == ([] if may else ["UserUnauthorizedException"])


@pytest.mark.parametrize("hidden", [True, False])
def test_a_notification_reaches_its_user(hidden: bool) -> None:  # noqa: FBT001 - a position
    box = sandbox(item(1), switches=Switches(notification_id_is_minus_one=hidden))
    comment = box.api.humans.comment(item="1", body="x")
    for target, kind in (("1", "Project"), (BOARD, "Project"), (comment, "Post")):
        made = box.data(PING, {"u": "102", "t": target, "k": kind, "x": "Look"})
        shown = made["create_notification"]
        assert (shown["text"], shown["id"] == "-1") == ("Look", hidden)
    assert box.api.admin_human("read_notifications", {"user": 102}) == [
        {"text": "Look", "target": "1", "type": "Project"},
        {"text": "Look", "target": BOARD, "type": "Project"},
        {"text": "Look", "target": comment, "type": "Post"},
    ]
    assert box.api.humans.read_notifications(user="101") == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"u": "9"}, "InvalidUserIdException"),
        ({"t": "9"}, "InvalidProjectIdException"),
        ({"k": "Post"}, "InvalidPostIdException"),
        ({"x": " "}, "InvalidArgumentException"),
    ],
)
def test_a_notification_that_cannot_be_sent(changed: dict[str, str], code: str) -> None:
    box = sandbox(item(1))
    right = {"u": "102", "t": "1", "k": "Project", "x": "Look"}
    assert box.refusal(PING, right | changed)["code"] == code
    assert box.api.state.notifications == []


def test_people_invite_to_a_board() -> None:
    box = hosted()
    made = box.api.admin_human("invite", {"email": "new@client.example", "board": SHARED})
    again = box.api.admin_human("invite", {"email": "New@client.example", "board": SHARED})
    assert made == again
    assert members(box)["subscribers"] == ["100", "101", made]
    box.api.admin_human("remove_from_board", {"board": SHARED, "user": made})
    assert members(box)["subscribers"] == ["100", "101"]
    with pytest.raises(ValueError, match="no user 9"):
        box.api.admin_human("accept_invitation", {"user": 9})


def test_a_data_file_says_who_is_on_a_board() -> None:
    board = {
        "id": BOARD,
        "name": "Jobs",
        "kind": "share",
        "owners": [101],
        "subscribers": [102],
        "permissions": "collaborators",
        "description": "Work",
    }
    data = MondayData.model_validate({"users": USERS, "boards": [board]})
    box = sandbox()
    box.api = type(box.api)(box.world, data)
    box.token = "x-102"
    assert members(box, BOARD) == {
        "subscribers": ["101", "102"],
        "owners": ["101"],
        "permissions": "collaborators",
        "board_kind": "share",
    }
    box.token = "x-100"
    assert box.data(MEMBERS, {"b": [BOARD]}) == {"boards": []}
    stranger = MondayData.model_validate({"boards": [{"name": "x", "owners": ["9"]}]})
    with pytest.raises(ValueError, match="there is no user 9"):
        type(box.api)(box.world, stranger)


def test_a_relation_stays_within_the_connected_boards() -> None:
    box = sandbox(item(1), item(2))
    box.api.state.boards[BOARD].columns["related"].extra["board_ids"] = [OTHER_BOARD]
    there = box.api.humans.create_item(board=OTHER_BOARD, name="There")
    assert box.write("1", related={"item_ids": [2]})["errors"][0]["extensions"]["code"] == (
        "ColumnValueException"
    )
    box.write("1", related={"item_ids": [int(there)]})
    fields = "... on BoardRelationValue { linked_item_ids }"
    assert box.cell("1", "related", fields) == {"linked_item_ids": [there]}


def test_new_items_and_names_are_logged_and_announced() -> None:
    box = sandbox(item(1))
    for event in ("create_item", "change_name", "change_column_value"):
        box.subscribe(event)
    made = box.data('mutation { create_item(board_id: 200, item_name: "New") { id } }')
    box.write("1", name="Renamed (extra)")
    assert [event["type"] for event in box.events()] == ["create_pulse", "update_name"]
    rows = [(row.event, row.item_id, row.user_id) for row in box.api.state.logs[BOARD]]
    assert rows == [
        ("create_pulse", made["create_item"]["id"], "100"),
        ("update_name", "1", "100"),
    ]
