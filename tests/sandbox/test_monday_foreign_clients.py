"""Clients that others wrote read and write boards, updates, logs and files (monday.md §10).

They are unmodified but for the address they call, over real HTTP on loopback.
"""

from collections.abc import Iterator
from pathlib import Path

import monday.resources.base as monday_base
import monday_sdk.graphql_handler as sdk_handler
import pytest
from monday.client import MondayClient as FirstClient
from monday.resources.types import BoardKind, DuplicateType
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
        kept = dict(monday_base._URLS), sdk_handler.API_URL, sdk_handler.FILE_UPLOAD_URL
        monday_base._URLS["prod"] = sdk_handler.API_URL = f"{url}/v2"
        monday_base._URLS["file"] = sdk_handler.FILE_UPLOAD_URL = f"{url}/v2/file"
        yield made
        monday_base._URLS.update(kept[0])
        _, sdk_handler.API_URL, sdk_handler.FILE_UPLOAD_URL = kept


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


def test_the_client_monday_says_and_reads_updates(box: Sandbox) -> None:
    client = FirstClient("any-token")
    made = client.updates.create_update(1, "<p>Hello</p>")["data"]["create_update"]["id"]
    box.api.humans.reply(update=made, body="<p>Yes</p>", as_user="102")
    box.api.humans.attach_to_comment(update=made, name="a.txt", text="x")
    (found,) = client.updates.fetch_updates_for_item(1)["data"]["items"]
    (shown,) = found["updates"]
    assert (shown["body"], shown["creator"]["name"]) == ("<p>Hello</p>", "Bridge")
    assert [one["body"] for one in shown["replies"]] == ["<p>Yes</p>"]
    assert [one["name"] for one in shown["assets"]] == ["a.txt"]
    assert len(client.updates.fetch_updates(10)["data"]["updates"]) == 1
    client.updates.delete_update(made)
    assert box.api.state.updates == {}


def test_the_client_monday_makes_boards_and_uploads(box: Sandbox, tmp_path: Path) -> None:
    client = FirstClient("any-token")
    made = client.boards.create_board("Made", BoardKind.SHARE, 7)["data"]["create_board"]
    kind = DuplicateType.WITH_PULSES
    twin = client.boards.duplicate_board(BOARD, kind, board_name="Twin", keep_subscribers="true")
    box.world.clock.advance(5_000)
    copied = box.api.state.boards[twin["data"]["duplicate_board"]["board"]["id"]]
    content = bytes(range(256)) + b"\r\n"
    (tmp_path / "copy.xlsx").write_bytes(content)
    client.items.add_file_to_column(1, "files", str(tmp_path / "copy.xlsx"))

    assert box.api.state.boards[made["id"]].kind == "share"
    box.data("{ me { id } }")
    assert (copied.name, len(copied.item_ids)) == ("Twin", 2)
    (asset,) = box.api.state.assets.values()
    assert (asset.name, asset.content) == ("copy.xlsx", content)


def test_mondays_own_client_says_and_reads_updates(box: Sandbox) -> None:
    client = SecondClient(token="any-token")
    client.updates.create_update(1, "<p>Città</p>")
    client.updates.create_update(2, "<p>Other</p>")
    shown = client.updates.fetch_board_updates(BOARD, "2026-10-01T00:00:00+00:00")
    assert [(one.item_id, one.text_body) for one in shown] == [("2", "Other"), ("1", "Città")]
    assert shown[0].creator.name == "Bridge"


def test_mondays_own_client_reads_the_log_to_its_end(box: Sandbox) -> None:
    client = SecondClient(token="any-token")
    for number in range(5):
        box.api.humans.edit_cell(item="1", column="memo", value=str(number), as_user="102")
    box.write("1", name="Renamed")
    rows = client.activity_logs.fetch_all_activity_logs_from_board(
        BOARD, "2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z", limit=2
    )
    names = [(one.event, one.user_id) for one in rows]
    assert names == [("update_name", "100"), *[("update_column_value", "102")] * 5]
    chosen = client.activity_logs.fetch_all_activity_logs_from_board(
        BOARD, limit=4, events_filter=["update_name"]
    )
    assert len(chosen) == 1


def test_mondays_own_client_uploads(box: Sandbox, tmp_path: Path) -> None:
    client = SecondClient(token="any-token")
    (tmp_path / "copia finale.xlsx").write_bytes(b"PK\x00\r\n--\xff")
    path = str(tmp_path / "copia finale.xlsx")
    answer = client.items.upload_file_to_column(1, "files", path)
    made = answer["data"]["add_file_to_column"]
    assert (made["name"], made["file_size"]) == ("copia finale.xlsx", 8)
    assert box.api.state.assets[made["id"]].content == b"PK\x00\r\n--\xff"
