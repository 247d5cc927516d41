"""monday.md §3, §4, §7: boards are created, duplicated, renamed, closed to editors, ended."""

from typing import Any

import msgspec
import pytest

from mondaybridge.sandbox.monday.switches import Switches
from sandbox.build_monday import (
    AT,
    BOARD,
    COLUMNS,
    MINUTE,
    NOW,
    OTHER_BOARD,
    Sandbox,
    item,
    sandbox,
)

CREATE = """mutation ($n: String!, $k: BoardKind!, $d: String, $e: Boolean, $t: ID, $o: [ID!],
    $s: [ID!]) {
  create_board(board_name: $n, board_kind: $k, description: $d, empty: $e, template_id: $t,
    board_owner_ids: $o, board_subscriber_ids: $s) { id } }"""
DUPLICATE = """mutation ($b: ID!, $t: DuplicateBoardType!, $n: String, $k: Boolean) {
  duplicate_board(board_id: $b, duplicate_type: $t, board_name: $n, keep_subscribers: $k) {
    is_async board { id name } } }"""
SHAPE = """query ($b: [ID!]) { boards(ids: $b, state: all) {
  name board_kind description permissions state items_count updated_at
  owners { id } subscribers { id } groups { id title } columns { id type } } }"""
ITEMS = """query ($b: [ID!]) { boards(ids: $b) { items_page(query_params: {order_by: [
  {column_id: "name"}]}) { items { id name created_at updated_at creator_id
    updates { body creator_id replies { body } }
    column_values(ids: ["status", "hours", "related"]) {
      text ... on BoardRelationValue { linked_item_ids } } } } } }"""
UPDATE = """mutation ($b: ID!, $a: BoardAttributes!, $v: String!) {
  update_board(board_id: $b, board_attribute: $a, new_value: $v) }"""
PERMIT = """mutation ($b: ID!, $r: BoardBasicRoleName) {
  set_board_permission(board_id: $b, basic_role_name: $r) { edit_permissions failed_actions } }"""
STRUCTURE = "duplicate_board_with_structure"
PULSES = "duplicate_board_with_pulses"
EVERYTHING = "duplicate_board_with_pulses_and_updates"
DELAY = 5_000


def shape(box: Sandbox, board: str) -> dict[str, Any]:
    (shown,) = box.data(SHAPE, {"b": [board]})["boards"]
    return dict(shown)


def items(box: Sandbox, board: str) -> list[dict[str, Any]]:
    (shown,) = box.data(ITEMS, {"b": [board]})["boards"]
    found: list[dict[str, Any]] = shown["items_page"]["items"]
    return found


def create(box: Sandbox, **given: object) -> str:
    made = box.data(CREATE, {"n": "Made", "k": "share", **given})["create_board"]["id"]
    return str(made)


def duplicate(box: Sandbox, how: str, **given: object) -> dict[str, Any]:
    made: dict[str, Any] = box.data(DUPLICATE, {"b": BOARD, "t": how, **given})["duplicate_board"]
    return made


def original() -> tuple[dict[str, Any], ...]:
    return (
        item(1, cells={"status": {"index": 1}, "hours": "2", "related": {"item_ids": [2]}}),
        item(2, updated_at="2019-09-01T00:00:00Z", sessions={"timer": [_SESSION]}),
        item(3, state="archived"),
    )


_SESSION = {"started_at": NOW - MINUTE, "ended_at": NOW}


def test_a_board_is_created_for_its_creator() -> None:
    box = sandbox()
    made = create(box, d="For the client", e=True)
    assert shape(box, made) == {
        "name": "Made",
        "board_kind": "share",
        "description": "For the client",
        "permissions": "everyone",
        "state": "active",
        "items_count": 0,
        "updated_at": AT,
        "owners": [{"id": "100"}],
        "subscribers": [{"id": "100"}],
        "groups": [{"id": "topics", "title": "Group Title"}],
        "columns": [
            {"id": "name", "type": "name"},
            {"id": "person", "type": "people"},
            {"id": "status", "type": "status"},
            {"id": "date4", "type": "date"},
        ],
    }
    assert shape(box, create(box))["items_count"] == 3


def test_a_board_is_created_with_owners_and_subscribers() -> None:
    box = sandbox()
    shown = shape(box, create(box, o=["101"], s=["102", "101"]))
    assert shown["owners"] == [{"id": "101"}]
    assert shown["subscribers"] == [{"id": "101"}, {"id": "100"}, {"id": "102"}]
    refusal = box.refusal(CREATE, {"n": "Made", "k": "public", "s": ["102"]})
    assert refusal["code"] == "InvalidBoardKindException"
    assert box.refusal(CREATE, {"n": "x", "k": "share", "o": ["9"]})["code"] == (
        "InvalidUserIdException"
    )
    assert box.refusal(CREATE, {"n": "", "k": "share"})["code"] == "ColumnValueException"
    assert box.refusal(CREATE, {"n": "x", "k": "share", "t": "9"})["code"] == (
        "InvalidTemplateIdException"
    )
    assert len(box.api.state.boards) == 3


def test_a_board_from_a_template_arrives_like_a_duplicate() -> None:
    box = sandbox(*original())
    made = create(box, t=BOARD)
    assert shape(box, made)["columns"] == []
    box.world.clock.advance(DELAY)
    shown = shape(box, made)
    assert [one["id"] for one in shown["columns"]] == ["name", *(one["id"] for one in COLUMNS)]
    assert (shown["items_count"], shown["name"]) == (0, "Made")


def test_a_duplicate_is_empty_at_first() -> None:
    box = sandbox(*original())
    made = duplicate(box, PULSES, n="Twin")
    board = made["board"]["id"]
    assert made == {"is_async": True, "board": {"id": board, "name": "Twin"}}
    box.world.clock.advance(DELAY - 1)
    early = shape(box, board)
    assert (early["groups"], early["columns"], early["items_count"]) == ([], [], 0)
    query = 'mutation ($b: ID!) { create_item(board_id: $b, item_name: "x") { id } }'
    assert box.refusal(query, {"b": board})["code"] == "InvalidGroupIdException"
    top = "query ($b: [ID!]) { boards(ids: $b) { top_group { id } } }"
    assert box.refusal(top, {"b": [board]})["code"] == "INTERNAL_SERVER_ERROR"

    box.world.clock.advance(1)
    late = shape(box, board)
    assert late["groups"] == [
        {"id": "topics", "title": "Topics"},
        {"id": "later", "title": "Later"},
    ]
    assert late["columns"][1] == {"id": "status", "type": "status"}
    assert (late["items_count"], late["updated_at"]) == (2, "2026-10-01T12:00:05Z")
    assert "errors" not in box.ask(query, {"b": board})


def test_a_duplicates_items_have_new_ids_and_old_times() -> None:
    box = sandbox(*original())
    board = duplicate(box, PULSES)["board"]["id"]
    box.write("1", status={"index": 108})  # after the call: not in the copy
    box.world.clock.advance(DELAY)
    first, second = items(box, board)
    assert {first["id"], second["id"]}.isdisjoint(box.api.state.boards[BOARD].item_ids)
    assert first | {"id": "", "column_values": []} == {
        "id": "",
        "name": "Task 1",
        "created_at": AT,
        "updated_at": "2026-09-30T12:00:00Z",
        "creator_id": "101",
        "updates": [],
        "column_values": [],
    }
    assert second["updated_at"] == "2019-09-01T00:00:00Z"
    assert first["column_values"] == [
        {"text": "Done"},
        {"text": "2"},
        {"text": None, "linked_item_ids": [second["id"]]},
    ]
    assert box.cell("1", "status")["text"] == "Stuck"


@pytest.mark.parametrize(
    ("how", "bodies"), [(STRUCTURE, []), (PULSES, [[], []]), (EVERYTHING, [["<p>Hi</p>"], []])]
)
def test_three_kinds_of_duplicates(how: str, bodies: list[list[str]]) -> None:
    box = sandbox(*original())
    said = box.api.humans.comment(item="1", body="<p>Hi</p>", as_user="102")
    box.api.humans.reply(update=said, body="<p>Ho</p>")
    board = duplicate(box, how)["board"]["id"]
    box.world.clock.advance(DELAY)
    found = items(box, board)
    assert [[one["body"] for one in each["updates"]] for each in found] == bodies
    if how == EVERYTHING:
        (update,) = found[0]["updates"]
        assert (update["creator_id"], update["replies"]) == ("102", [{"body": "<p>Ho</p>"}])


@pytest.mark.parametrize("delay", [0, DELAY])
def test_a_duplicate_may_be_there_at_once(delay: int) -> None:
    box = sandbox(*original(), switches=Switches(duplicate_takes_ms=delay))
    made = duplicate(box, PULSES)
    assert made["is_async"] == bool(delay)
    box.world.clock.advance(delay)
    assert len(items(box, made["board"]["id"])) == 2


@pytest.mark.parametrize("kept", [True, False])
def test_sessions_may_be_duplicated(kept: bool) -> None:  # noqa: FBT001 - a switch's position
    switches = Switches(duplicates_keep_sessions=kept, duplicate_takes_ms=0)
    box = sandbox(*original(), switches=switches)
    _, second = items(box, duplicate(box, PULSES)["board"]["id"])
    fields = "... on TimeTrackingValue { duration history { id } }"
    cell = box.cell(second["id"], "timer", fields)
    assert (cell["duration"], len(cell["history"])) == ((60, 1) if kept else (0, 0))


def test_subscribers_are_duplicated_only_when_asked() -> None:
    box = sandbox()
    source = box.api.state.boards[BOARD]
    source.kind, source.owner_ids, source.subscriber_ids = "share", ["101"], ["100", "102"]
    alone = shape(box, duplicate(box, STRUCTURE)["board"]["id"])
    assert (alone["owners"], alone["subscribers"]) == ([{"id": "100"}], [{"id": "100"}])
    assert (alone["name"], alone["board_kind"]) == ("Duplicate of Jobs", "share")
    everybody = shape(box, duplicate(box, STRUCTURE, k=True)["board"]["id"])
    assert everybody["owners"] == [{"id": "100"}, {"id": "101"}]
    assert everybody["subscribers"] == [{"id": "100"}, {"id": "101"}, {"id": "102"}]


def test_a_copy_is_not_tied_to_its_original() -> None:
    box = sandbox(*original(), switches=Switches(duplicate_takes_ms=0))
    board = duplicate(box, PULSES)["board"]["id"]
    box.api.humans.rename_label(board=BOARD, column="status", label_id=1, name="Fin")
    first, _ = items(box, board)
    assert first["column_values"][0] == {"text": "Done"}
    box.write_on(board, first["id"], {"hours": "9"})
    assert box.cell("1", "hours")["text"] == "2"


def test_a_board_gets_another_name_and_description() -> None:
    box = sandbox()
    answer = box.data(UPDATE, {"b": BOARD, "a": "name", "v": "Jobs (closed)"})["update_board"]
    assert msgspec.json.decode(answer) == {"success": True, "undo_data": {"entity_id": 200}}
    box.data(UPDATE, {"b": BOARD, "a": "description", "v": "Over"})
    shown = shape(box, BOARD)
    assert (shown["name"], shown["description"]) == ("Jobs (closed)", "Over")
    rows = [(row.event, row.entity, row.user_id) for row in box.api.state.logs[BOARD]]
    assert rows == [
        ("update_board_name", "board", "100"),
        ("update_board_description", "board", "100"),
    ]
    for attribute, value in (("name", ""), ("communication", "x")):
        assert box.refusal(UPDATE, {"b": BOARD, "a": attribute, "v": value})


@pytest.mark.parametrize(
    ("role", "shown"),
    [("editor", "everyone"), ("contributor", "collaborators"), ("viewer", "owners")],
)
def test_permissions_are_set_by_role(role: str, shown: str) -> None:
    box = sandbox()
    assert box.data(PERMIT, {"b": BOARD, "r": role}) == {
        "set_board_permission": {"edit_permissions": shown, "failed_actions": []}
    }
    assert shape(box, BOARD)["permissions"] == shown


@pytest.mark.parametrize("strict", [True, False])
def test_who_sets_permissions(strict: bool) -> None:  # noqa: FBT001 - a switch's position
    box = sandbox(switches=Switches(only_owners_set_permissions=strict))
    box.api.state.boards[BOARD].owner_ids = ["101"]
    errors = box.ask(PERMIT, {"b": BOARD, "r": "viewer"}).get("errors", [])
    codes = [one["extensions"]["code"] for one in errors]
    assert codes == (["UserUnauthorizedException"] if strict else [])
    box.token = "owner-101"
    assert box.refusal(PERMIT, {"b": BOARD, "r": "assigned_contributor"})["code"] == (
        "InvalidArgumentException"
    )


def test_a_closed_board_is_changed_by_its_owners_only() -> None:
    box = sandbox(item(1))
    box.data(PERMIT, {"b": BOARD, "r": "viewer"})
    assert "errors" not in box.write("1", memo="ours")
    box.token = "guest-102"
    for query, variables in (
        (UPDATE, {"b": BOARD, "a": "name", "v": "x"}),
        ("mutation ($b: ID!) { archive_board(board_id: $b) { id } }", {"b": BOARD}),
        ('mutation ($b: ID!) { create_item(board_id: $b, item_name: "x") { id } }', {"b": BOARD}),
        ("mutation { archive_item(item_id: 1) { id } }", {}),
        ('mutation { move_item_to_group(item_id: 1, group_id: "later") { id } }', {}),
    ):
        assert box.refusal(query, variables)["code"] == "UserUnauthorizedException"
    assert "errors" not in box.ask('mutation { create_update(item_id: 1, body: "x") { id } }')


def test_a_deleted_board_is_gone() -> None:
    box = sandbox(item(1))
    query = "mutation ($b: ID!) { delete_board(board_id: $b) { id state } }"
    assert box.data(query, {"b": BOARD})["delete_board"] == {"id": BOARD, "state": "deleted"}
    assert box.data("{ boards { id } }") == {"boards": [{"id": OTHER_BOARD}]}
    assert box.refusal(query, {"b": BOARD})["code"] == "InvalidBoardIdException"
    assert box.api.state.logs[BOARD][-1].event == "board_deleted"


@pytest.mark.parametrize("enforced", [True, False])
def test_forty_boards_a_minute(enforced: bool) -> None:  # noqa: FBT001 - a switch's position
    box = sandbox(switches=Switches(enforce_limits=enforced))
    twenty = " ".join(
        f'b{number}: create_board(board_name: "x", board_kind: public) {{ id }}'
        for number in range(20)
    )
    for _ in range(2):
        box.data(f"mutation {{ {twenty} }}")
    answer = box.post(DUPLICATE, {"b": BOARD, "t": STRUCTURE})
    body = msgspec.json.decode(answer.body)
    assert answer.status == (429 if enforced else 200)
    assert body.get("error_code") == ("FIELD_LIMIT_EXCEEDED" if enforced else None)
    if enforced:
        assert body["error_data"]["retry_in_seconds"] == 60
        assert len(box.api.state.boards) == 42
        box.world.clock.advance(MINUTE)
        assert duplicate(box, STRUCTURE)


def test_people_change_boards_too() -> None:
    box = sandbox()
    box.api.admin_human("rename_board", {"board": 200, "name": "Work", "as_user": 101})
    box.api.admin_human("describe_board", {"board": 200, "description": "Much"})
    box.api.admin_human("set_permissions", {"board": 200, "permissions": "assignee"})
    shown = shape(box, BOARD)
    assert (shown["name"], shown["description"], shown["permissions"]) == (
        "Work",
        "Much",
        "assignee",
    )
    assert [row.user_id for row in box.api.state.logs[BOARD]] == ["101", "101", "101"]
    with pytest.raises(ValueError, match="permissions"):
        box.api.admin_human("set_permissions", {"board": 200, "permissions": "nobody"})
