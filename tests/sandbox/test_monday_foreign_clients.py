"""Clients that others wrote read boards and items from the sandbox (monday.md §10).

They are unmodified but for the address they call, over real HTTP on loopback.
"""

from collections.abc import Iterator

import monday.resources.base as monday_base
import monday_sdk.graphql_handler as sdk_handler
import pytest
from monday.client import MondayClient as FirstClient
from monday_sdk import MondayClient as SecondClient

from mondaybridge.sandbox.sockets import listening
from sandbox.build_monday import BOARD, Sandbox, item, sandbox


@pytest.fixture
def box() -> Iterator[Sandbox]:
    made = sandbox(
        item(1, cells={"hours": "4.5", "status": {"index": 1}}),
        item(2, group="later", sessions={"timer": [{"started_at": 0, "ended_at": 60_000}]}),
        item(3, state="archived"),
    )
    with listening(made.api.handle) as url:
        kept = dict(monday_base._URLS), sdk_handler.API_URL
        monday_base._URLS["prod"] = sdk_handler.API_URL = f"{url}/v2"
        yield made
        monday_base._URLS.update(kept[0])
        sdk_handler.API_URL = kept[1]


def test_the_client_monday_reads_boards_columns_and_items(box: Sandbox) -> None:
    client = FirstClient("any-token")
    boards = client.boards.fetch_boards(limit=10)["data"]["boards"]
    columns = client.boards.fetch_columns_by_board_id(BOARD)["data"]["boards"][0]["columns"]
    items = client.boards.fetch_all_items_by_board_id(BOARD, limit=1)
    (by_id,) = client.items.fetch_items_by_id(3)["data"]["items"]

    assert [one["name"] for one in boards] == ["Jobs", "Other"]
    assert boards[0]["groups"] == [
        {"id": "topics", "title": "Topics"},
        {"id": "later", "title": "Later"},
    ]
    assert [one["id"] for one in columns] == list(box.api.state.boards[BOARD].columns)
    assert sorted(one["id"] for one in items) == ["1", "2"]
    first = next(one for one in items if one["id"] == "1")
    cells = {one["id"]: one["text"] for one in first["column_values"]}
    assert (cells["status"], cells["hours"]) == ("Done", "4.5")
    assert by_id["name"] == "Task 3"


def test_the_client_monday_writes(box: Sandbox) -> None:
    client = FirstClient("any-token")
    client.items.change_multiple_column_values(BOARD, 1, {"hours": "6"})
    made = client.items.create_item(BOARD, "topics", "Made by another", {"memo": "hello"})
    assert box.cell("1", "hours")["text"] == "6"
    assert box.cell(made["data"]["create_item"]["id"], "memo")["text"] == "hello"


def test_mondays_own_client_reads_boards_and_items(box: Sandbox) -> None:
    client = SecondClient(token="any-token")
    boards = client.boards.fetch_boards().data.boards
    items = client.boards.fetch_all_items_by_board_id(BOARD, limit=1)
    (archived,) = client.items.fetch_items_by_id([3])

    assert [one.name for one in boards] == ["Jobs", "Other"]
    assert sorted(one.id for one in items) == ["1", "2"]
    first = next(one for one in items if one.id == "1")
    cells = {one.column.id: one.text for one in first.column_values}
    assert (cells["status"], cells["hours"], cells["timer"]) == ("Done", "4.5", "00:00:00")
    assert (archived.id, archived.state) == ("3", "archived")
    assert box.api.limits.calls_today == 4


def test_mondays_own_client_recovers_from_an_expired_cursor(box: Sandbox) -> None:
    box.plan("cursor_expired", match="next_items_page", times=4)
    client = SecondClient(token="any-token", max_retry_attempts=1)
    with pytest.raises(Exception, match="CursorExpiredError"):
        client.boards.fetch_all_items_by_board_id(BOARD, limit=1)
    box.world.faults.clear()
    box.plan("cursor_expired", match="next_items_page")
    items = client.boards.fetch_all_items_by_board_id(BOARD, limit=1, is_large_board=True)
    assert sorted(one.id for one in items) == ["1", "2"]
