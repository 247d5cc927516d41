"""monday.md §4-§7: subitems stand on a board of their own; their parent shows and tells of them."""

from typing import Any

import msgspec
import pytest

from mondaybridge.sandbox.monday.api import MondayApi
from mondaybridge.sandbox.monday.data import MondayData
from mondaybridge.sandbox.world import Clock, World
from sandbox.build_monday import AT, BOARD, NOW, USERS, Sandbox, item, sandbox

HOUR = 3_600_000
MAKE = """mutation ($cells: JSON) { create_subitem(
  parent_item_id: 1, item_name: "Photos", column_values: $cells
) { id name board { id name type } parent_item { id } subitems { id } } }"""
TIMED: list[dict[str, object]] = [{"id": "timer_below", "title": "Timer", "type": "time_tracking"}]


def made(box: Sandbox, **cells: object) -> dict[str, Any]:
    given = {"cells": msgspec.json.encode(cells).decode()}
    found: dict[str, Any] = box.data(MAKE, given)["create_subitem"]
    return found


def of_file(row: dict[str, Any], columns: list[dict[str, object]]) -> Sandbox:
    board = {"id": BOARD, "name": "Jobs", "subitem_columns": columns, "items": [row]}
    data = MondayData.model_validate({"users": USERS, "boards": [board]})
    world = World(Clock(NOW), seed=7)
    return Sandbox(world, MondayApi(world, data))


def events(box: Sandbox) -> list[dict[str, Any]]:
    hidden = {"subscriptionId", "triggerUuid", "triggerTime", "app", "isRetry", "userId"}
    return [{k: v for k, v in one.items() if k not in hidden} for one in box.events()]


def test_a_subitem_is_a_row_of_a_board_of_its_own() -> None:
    box = sandbox(item(1), item(2))
    first, second = made(box, status={"index": 1}), made(box)
    assert first["name"] == "Photos"
    assert first["board"] == {
        "id": second["board"]["id"],
        "name": f"Subitems of {box.api.state.boards[BOARD].name}",
        "type": "sub_items_board",
    }
    assert (first["parent_item"], first["subitems"]) == ({"id": "1"}, [])
    query = """{ items(ids: [1, 2]) { id parent_item { id } subitems { id }
      column_values(types: [subtasks]) { text value ... on SubtasksValue {
        display_value subitems_ids subitems { name } } } } }"""
    ids = [first["id"], second["id"]]
    cell = {"text": None, "value": None}
    assert box.data(query)["items"] == [
        {
            "id": "1",
            "parent_item": None,
            "subitems": [{"id": one} for one in ids],
            "column_values": [
                cell
                | {
                    "display_value": "Photos, Photos",
                    "subitems_ids": ids,
                    "subitems": [{"name": "Photos"}] * 2,
                }
            ],
        },
        {
            "id": "2",
            "parent_item": None,
            "subitems": [],
            "column_values": [cell | {"display_value": "", "subitems_ids": [], "subitems": []}],
        },
    ]


def test_the_parents_board_lists_no_subitems_and_their_board_does() -> None:
    box = sandbox(item(1))
    one = made(box)
    query = "query ($b: [ID!]) { boards(ids: $b) { items_page { items { id } } } }"
    shown = [box.data(query, {"b": [b]})["boards"] for b in (BOARD, one["board"]["id"])]
    assert shown == [
        [{"items_page": {"items": [{"id": "1"}]}}],
        [{"items_page": {"items": [{"id": one["id"]}]}}],
    ]
    settings = "{ boards(ids: 200) { columns(types: [subtasks]) { id settings } } }"
    assert box.data(settings)["boards"][0]["columns"] == [
        {"id": "subitems", "settings": {"board_ids": [one["board"]["id"]]}}
    ]


def test_a_subitem_without_a_place_is_refused() -> None:
    box = sandbox(item(1))
    one = made(box)
    below = MAKE.replace("parent_item_id: 1", f"parent_item_id: {one['id']}")
    assert box.refusal(below)["code"] == "InvalidArgumentException"
    nowhere = MAKE.replace("parent_item_id: 1", "parent_item_id: 7")
    assert box.refusal(nowhere)["code"] == "InvalidItemIdException"
    assert box.refusal(MAKE, {"cells": '{"hours": "1"}'})["code"] == "InvalidColumnIdException"
    people = box.api.humans
    with pytest.raises(ValueError, match="is a subitem"):
        people.create_subitem(parent=one["id"], name="Deeper")
    with pytest.raises(ValueError, match="item 1 exists already"):
        people.create_subitem(parent="1", name="Twice", item_id="1")


def test_people_track_time_on_a_subitem_and_delete_it() -> None:
    box = sandbox(item(1))
    people = box.api.humans
    one = people.create_subitem(parent="1", name="Photos", columns=TIMED, item_id="77")
    people.add_session(item=one, started_at=NOW - HOUR, ended_at=NOW)
    query = """{ items(ids: 1) { updated_at subitems { name
      column_values(types: [numbers, time_tracking]) { id column { title }
        ... on TimeTrackingValue { duration running } } } } }"""
    timer = {"id": "timer_below", "column": {"title": "Timer"}, "duration": 3600, "running": False}
    assert box.data(query)["items"] == [
        {"updated_at": AT, "subitems": [{"name": "Photos", "column_values": [timer]}]}
    ]
    people.delete_item(item=one)
    assert box.data(query)["items"][0]["subitems"] == []


def test_a_subitem_moved_to_the_board_is_a_row_of_it() -> None:
    box = sandbox(item(1))
    one = made(box)
    box.api.humans.move_item(item=one["id"], board=BOARD)
    query = "{ items(ids: [1, %s]) { board { id } parent_item { id } subitems { id } } }"
    row: dict[str, object] = {"board": {"id": BOARD}, "parent_item": None, "subitems": []}
    assert box.data(query % one["id"])["items"] == [row, row]


def test_a_data_file_holds_subitems() -> None:
    sessions = {"timer_below": [{"started_at": NOW - HOUR, "ended_at": NOW, "user": 101}]}
    below = item(77, cells={"effort": "2"}, sessions=sessions)
    effort: dict[str, object] = {"id": "effort", "title": "Effort", "type": "numbers"}
    box = of_file(item(1, subitems=[below]), [*TIMED, effort])
    query = '{ items(ids: 77) { parent_item { id } column_values(ids: ["effort"]) { text } } }'
    assert box.data(query)["items"] == [
        {"parent_item": {"id": "1"}, "column_values": [{"text": "2"}]}
    ]
    with pytest.raises(ValueError, match="one level is modelled"):
        of_file(item(1, subitems=[item(2, subitems=[item(3)])]), [])


def test_the_parents_board_tells_of_subitems() -> None:
    box = sandbox(item(1))
    for event in ("create_subitem", "change_subitem_column_value", "change_subitem_name"):
        box.subscribe(event)
    people = box.api.humans
    one = people.create_subitem(parent="1", name="Photos", item_id="77")
    board = int(box.api.state.items[one].board_id)
    people.edit_cell(item=one, column="status", value={"index": 1})
    people.rename_item(item=one, name="Pictures")
    said = events(box)
    parent = {"parentItemId": "1", "parentItemBoardId": BOARD}
    assert [
        {key: event.get(key) for key in ("type", "boardId", "pulseId", *parent)} for event in said
    ] == [
        {"type": kind, "boardId": board, "pulseId": 77, **parent}
        for kind in ("create_pulse", "update_column_value", "update_name")
    ]


def test_an_ended_subitem_is_told_with_numbers_for_ids() -> None:
    box = sandbox(item(1))
    box.subscribe("subitem_deleted")
    people = box.api.humans
    people.delete_item(item=people.create_subitem(parent="1", name="Photos", item_id="77"))
    (said,) = events(box)
    assert {key: said[key] for key in said if key not in ("originalTriggerUuid", "boardId")} == {
        "type": "delete_pulse",
        "itemId": 77,
        "itemName": "Photos",
        "pulseId": 77,
        "pulseName": "Photos",
        "parentItemId": 1,
        "parentBoardId": 200,
    }


def test_a_new_subitem_changes_the_parents_column_and_rows_events_stay_rows() -> None:
    box = sandbox(item(1))
    box.subscribe("create_item")
    box.subscribe("change_column_value")
    people = box.api.humans
    one = people.create_subitem(parent="1", name="Photos")
    people.edit_cell(item=one, column="status", value={"index": 1})
    (said,) = events(box)
    assert (said["type"], said["pulseId"], said["columnId"], said["boardId"]) == (
        "update_column_value",
        1,
        "subitems",
        200,
    )


def test_a_copied_board_begins_without_subitems() -> None:
    box = sandbox(item(1))
    made(box)
    copy = """mutation { duplicate_board(
      board_id: 200, duplicate_type: duplicate_board_with_pulses) { board { id } } }"""
    board = box.data(copy)["duplicate_board"]["board"]["id"]
    box.world.clock.advance(HOUR)
    query = "query ($b: [ID!]) { boards(ids: $b) { items_page { items { subitems { id } } } } }"
    assert box.data(query, {"b": [board]})["boards"] == [
        {"items_page": {"items": [{"subitems": []}]}}
    ]
