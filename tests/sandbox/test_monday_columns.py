"""monday.md §5: every column type read with ``value`` and typed fields."""

from typing import Any

import msgspec
import pytest

from mondaybridge.sandbox.monday.switches import Switches
from sandbox.build_monday import AT, BOARD, NOW, item, sandbox

HOUR = 3_600_000

EMPTY: list[tuple[str, str, dict[str, Any]]] = [
    ("status", "... on StatusValue { index label is_done updated_at update_id }",
     {"text": None, "value": None, "index": None, "label": None, "is_done": None,
      "updated_at": None, "update_id": None}),
    ("hours", "... on NumbersValue { number symbol direction }",
     {"text": "", "value": None, "number": None, "symbol": "h", "direction": "left"}),
    ("timer", "... on TimeTrackingValue { duration running started_at history { id } }",
     {"text": "00:00:00", "value": None, "duration": 0, "running": False, "started_at": None,
      "history": []}),
    ("who", "... on PeopleValue { persons_and_teams { id } }",
     {"text": "", "value": None, "persons_and_teams": []}),
    ("due", "... on DateValue { date time }", {"text": "", "value": None, "date": "", "time": ""}),
    ("approved", "... on CheckboxValue { checked }", {"text": "", "value": None, "checked": None}),
    ("areas", "... on DropdownValue { values { id } }",
     {"text": None, "value": None, "values": []}),
    ("mail", "... on EmailValue { email elabel: label }",
     {"text": "", "value": None, "email": None, "elabel": None}),
    ("notes", "... on LongTextValue { updated_at }",
     {"text": "", "value": None, "updated_at": None}),
    ("invoice", "... on LinkValue { url url_text }",
     {"text": "", "value": None, "url": None, "url_text": None}),
    ("memo", "", {"text": "", "value": None}),
    ("total", "... on FormulaValue { display_value }",
     {"text": None, "value": None, "display_value": ""}),
    ("related", "... on BoardRelationValue { linked_item_ids display_value }",
     {"text": None, "value": None, "linked_item_ids": [], "display_value": ""}),
    ("shown", "... on MirrorValue { display_value mirrored_items { linked_board_id } }",
     {"text": None, "value": None, "display_value": "", "mirrored_items": []}),
    ("files", "__typename", {"text": "", "value": None, "__typename": "FileValue"}),
    ("phone", "__typename", {"text": "", "value": None, "__typename": "UnsupportedValue"}),
]  # fmt: skip


@pytest.mark.parametrize(("column", "fields", "shown"), EMPTY, ids=[one[0] for one in EMPTY])
def test_empty_cells(column: str, fields: str, shown: dict[str, Any]) -> None:
    assert sandbox(item(1)).cell("1", column, f"text value {fields}") == shown


STAMP = f'"changed_at":"{AT}"'
FILLED: list[tuple[str, object, str, dict[str, Any]]] = [
    ("status", {"index": 1}, "... on StatusValue { index label is_done updated_at }",
     {"text": "Done", "value": f'{{"index":1,"post_id":null,{STAMP}}}', "index": 1,
      "label": "Done", "is_done": True, "updated_at": AT}),
    ("status", {"index": 5}, "... on StatusValue { index label is_done }",
     {"text": None, "value": f'{{"index":5,"post_id":null,{STAMP}}}', "index": 5, "label": None,
      "is_done": False}),
    ("hours", "42.5", "... on NumbersValue { number symbol }",
     {"text": "42.5", "value": '"42.5"', "number": 42.5, "symbol": "h"}),
    ("who", {"personsAndTeams": [{"id": 102, "kind": "person"}]},
     "... on PeopleValue { persons_and_teams { id kind } updated_at }",
     {"text": "Gia Guest", "value": f'{{"personsAndTeams":[{{"id":102,"kind":"person"}}],{STAMP}}}',
      "persons_and_teams": [{"id": "102", "kind": "person"}], "updated_at": AT}),
    ("due", {"date": "2026-11-02"}, "... on DateValue { date time updated_at }",
     {"text": "2026-11-02", "value": f'{{"date":"2026-11-02","time":null,{STAMP}}}',
      "date": "2026-11-02", "time": "", "updated_at": AT}),
    ("approved", {"checked": "true"}, "... on CheckboxValue { checked }",
     {"text": "v", "value": f'{{"checked":true,{STAMP}}}', "checked": True}),
    ("areas", {"ids": [2, 1]}, "... on DropdownValue { values { id label } }",
     {"text": "Web, Print", "value": f'{{"ids":[1,2],{STAMP}}}',
      "values": [{"id": "1", "label": "Web"}, {"id": "2", "label": "Print"}]}),
    ("mail", {"email": "a@b.example", "text": "A"}, "... on EmailValue { email elabel: label }",
     {"text": "A", "value": f'{{"email":"a@b.example","text":"A",{STAMP}}}',
      "email": "a@b.example", "elabel": "A"}),
    ("notes", {"text": "long"}, "", {"text": "long", "value": f'{{"text":"long",{STAMP}}}'}),
    ("invoice", {"url": "https://i.example/1", "text": "INV"}, "... on LinkValue { url url_text }",
     {"text": "INV - https://i.example/1",
      "value": f'{{"url":"https://i.example/1","text":"INV",{STAMP}}}',
      "url": "https://i.example/1", "url_text": "INV"}),
    ("memo", "x", "", {"text": "x", "value": '"x"'}),
    ("phone", {"phone": "1"}, "", {"text": "", "value": f'{{"phone":"1",{STAMP}}}'}),
]  # fmt: skip


@pytest.mark.parametrize(("column", "given", "fields", "shown"), FILLED)
def test_filled_cells(column: str, given: object, fields: str, shown: dict[str, Any]) -> None:
    box = sandbox(item(1))
    assert "errors" not in box.write("1", **{column: given})
    assert box.cell("1", column, f"text value {fields}") == shown


def test_dates_are_written_in_utc_and_read_in_the_accounts_zone_without_seconds() -> None:
    box = sandbox(item(1), time_zone="Europe/Rome")
    box.write("1", due={"date": "2026-11-02", "time": "23:30:45"})
    assert box.cell("1", "due", "text value ... on DateValue { date time }") == {
        "text": "2026-11-03 00:30",
        "value": f'{{"date":"2026-11-02","time":"23:30:45",{STAMP}}}',
        "date": "2026-11-03",
        "time": "00:30",
    }


def test_relations_and_mirrors_are_read_by_their_typed_fields_only() -> None:
    box = sandbox(item(1), item(2, cells={"hours": "2"}), item(3, cells={"hours": "3"}))
    box.write("1", related={"item_ids": [2, 3]})
    fields = "text value ... on BoardRelationValue { linked_item_ids linked_items { name } }"
    assert box.cell("1", "related", fields) == {
        "text": None,
        "value": None,
        "linked_item_ids": ["2", "3"],
        "linked_items": [{"name": "Task 2"}, {"name": "Task 3"}],
    }
    fields = "text ... on MirrorValue { display_value mirrored_items { linked_item { id } } }"
    assert box.cell("1", "shown", fields) == {
        "text": None,
        "display_value": "2, 3",
        "mirrored_items": [{"linked_item": {"id": "2"}}, {"linked_item": {"id": "3"}}],
    }


def test_logs_and_ids_read_as_columns() -> None:
    box = sandbox(item(1))
    box.world.clock.advance(1000)
    box.token = "app-102"
    box.write("1", hours="1")
    assert box.cell("1", "made", "... on CreationLogValue { created_at creator { name } }") == {
        "created_at": "2026-09-30T12:00:00Z",
        "creator": {"name": "Avery Placeholder"},
    }
    fields = "... on LastUpdatedValue { updated_at updater_id }"
    assert box.cell("1", "touched", fields) == {
        "updated_at": "2026-10-01T12:00:01Z",
        "updater_id": "102",
    }
    assert box.cell("1", "number", "... on ItemIdValue { item_id }") == {"item_id": "1"}


HISTORY = """... on TimeTrackingValue { duration running started_at updated_at history {
  id status started_at ended_at started_user_id ended_user_id created_at updated_at
  manually_entered_start_date manually_entered_start_time
  manually_entered_end_date manually_entered_end_time } }"""


def test_time_tracking_is_a_total_and_a_history() -> None:
    box = sandbox(item(1))
    first = box.api.humans.start_session(item="1", as_user="101")
    box.world.clock.advance(HOUR)
    box.api.humans.stop_session(item="1", as_user="102")
    box.world.clock.advance(HOUR)
    second = box.api.humans.start_session(item="1", as_user="102")
    unedited = {
        "manually_entered_start_date": False,
        "manually_entered_start_time": False,
        "manually_entered_end_date": False,
        "manually_entered_end_time": False,
    }
    assert box.cell("1", "timer", HISTORY) == {
        "duration": 3600,
        "running": True,
        "started_at": "2026-10-01T14:00:00Z",
        "updated_at": "2026-10-01T14:00:00Z",
        "history": [
            {
                "id": first,
                "status": "active",
                "started_at": AT,
                "ended_at": "2026-10-01T13:00:00Z",
                "started_user_id": "101",
                "ended_user_id": "102",
                "created_at": AT,
                "updated_at": "2026-10-01T13:00:00Z",
                **unedited,
            },
            {
                "id": second,
                "status": "active",
                "started_at": "2026-10-01T14:00:00Z",
                "ended_at": None,
                "started_user_id": "102",
                "ended_user_id": None,
                "created_at": "2026-10-01T14:00:00Z",
                "updated_at": "2026-10-01T14:00:00Z",
                **unedited,
            },
        ],
    }


def test_the_raw_value_keeps_start_date_when_nothing_runs() -> None:
    box = sandbox(item(1))
    box.api.humans.add_session(item="1", started_at=NOW - HOUR, ended_at=NOW)
    cell = box.cell("1", "timer")
    assert cell["text"] == "01:00:00"
    assert msgspec.json.decode(cell["value"]) == {
        "running": False,
        "startDate": (NOW - HOUR) // 1000,
        "duration": 3600,
        "changed_at": AT,
    }


@pytest.mark.parametrize("shown", [False, True])
def test_typed_in_sessions_may_lack_their_start(shown: bool) -> None:  # noqa: FBT001 - a position
    box = sandbox(item(1), switches=Switches(manual_sessions_show_start=shown))
    box.api.humans.add_session(item="1", started_at=NOW - HOUR, ended_at=NOW, manual=True)
    fields = """... on TimeTrackingValue { duration history {
      started_at ended_at manually_entered_start_date } }"""
    start = "2026-10-01T11:00:00Z" if shown else None
    assert box.cell("1", "timer", fields) == {
        "duration": 3600,
        "history": [
            {"started_at": start, "ended_at": AT, "manually_entered_start_date": True},
        ],
    }


def test_values_show_columns_in_the_boards_order_without_name_and_archived_ones() -> None:
    box = sandbox(item(1))
    data = box.data(
        """{ items(ids: [1]) { picked: column_values(ids: ["memo", "old", "status", "nope"]) { id }
             all: column_values { id } } }"""
    )
    shown = [column for column in box.api.state.boards[BOARD].columns if column != "name"]
    assert data["items"] == [
        {
            "picked": [{"id": "status"}, {"id": "memo"}],
            "all": [{"id": column} for column in shown if column != "old"],
        }
    ]


def test_a_renamed_label_keeps_its_id_in_cells() -> None:
    box = sandbox(item(1, cells={"status": {"index": 108}}))
    box.api.humans.rename_label(board=BOARD, column="status", label_id=108, name="Blocked")
    fields = "text ... on StatusValue { index }"
    assert box.cell("1", "status", fields) == {"text": "Blocked", "index": 108}


def test_settings_str_is_the_older_form() -> None:
    columns = sandbox().data('{ boards(ids: 200) { columns(ids: ["status"]) { settings_str } } }')
    (column,) = columns["boards"][0]["columns"]
    labels = {"1": "Done", "0": "Working", "108": "Stuck"}
    assert msgspec.json.decode(column["settings_str"]) == {"labels": labels}
