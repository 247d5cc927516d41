"""monday.md §2, §4: activity logs in both shapes, with their actors, their end and their gaps."""

from typing import Any

import msgspec
import pytest
from graphql import build_schema, parse, validate

from mondaybridge.sandbox.monday.schema import schema_text
from mondaybridge.sandbox.monday.switches import Switches
from mondaybridge.sandbox.world import Request
from sandbox.build_monday import BOARD, MINUTE, NOW, OTHER_BOARD, Sandbox, item, sandbox

ROW = "id account_id created_at data entity event user_id"
BY_PAGE = """query ($f: ISO8601DateTime, $t: ISO8601DateTime, $l: Int, $p: Int, $i: [ID!],
    $c: [String], $g: [String], $u: [ID!]) {
  boards(ids: 200) { activity_logs(from: $f, to: $t, limit: $l, page: $p, item_ids: $i,
    column_ids: $c, group_ids: $g, user_ids: $u) { %s } }
}"""
BY_CURSOR = """query ($f: String, $l: Int, $k: String, $e: [String!], $s: String, $u: [ID!]) {
  boards(ids: 200) { activity_logs(from: $f, limit: $l, cursor: $k, event_types: $e, search: $s,
    user_ids: $u) { cursor logs { %s } } }
}"""
CANDIDATE = "2027-01"
DAY = 24 * 60 * MINUTE


def logs(box: Sandbox, **arguments: object) -> list[dict[str, Any]]:
    """Read rows in the shape of 2026-10, their data decoded."""
    boards = box.data(BY_PAGE % ROW, {"l": 25, "p": 1, **arguments})["boards"]
    rows: list[dict[str, Any]] = boards[0]["activity_logs"]
    return [row | {"data": msgspec.json.decode(row["data"])} for row in rows]


def events(box: Sandbox, **arguments: object) -> list[tuple[str, str]]:
    return [(row["event"], row["user_id"]) for row in logs(box, **arguments)]


def test_a_changed_cell_is_logged_with_its_actor_and_both_values() -> None:
    box = sandbox(item(1, cells={"status": {"index": 0}}))
    box.api.humans.edit_cell(item="1", column="status", value="Done", as_user="102")
    (row,) = logs(box)
    assert row.pop("id")
    assert row == {
        "account_id": "9000001",
        "created_at": f"{NOW}0000",
        "entity": "pulse",
        "event": "update_column_value",
        "user_id": "102",
        "data": {
            "board_id": 200,
            "group_id": "topics",
            "is_top_group": True,
            "pulse_id": 1,
            "pulse_name": "Task 1",
            "column_id": "status",
            "column_type": "color",
            "column_title": "Status",
            "value": {"label": {"index": 1, "text": "Done", "is_done": True}, "post_id": None},
            "previous_value": {
                "label": {"index": 0, "text": "Working", "is_done": False},
                "post_id": None,
            },
            "textual_value": "Done",
            "previous_textual_value": "Working",
            "is_column_with_hide_permissions": False,
        },
    }
    assert len(row["created_at"]) == 17


def test_every_kind_of_change_is_logged_newest_first() -> None:
    box = sandbox(item(1), item(2))
    people = box.api.humans
    made = people.create_item(board=BOARD, name="New", as_user="101")
    people.rename_item(item="1", name="Other", as_user="102")
    box.write("1", hours="2", name="Again")
    people.archive_item(item="1", as_user="101")
    people.restore_item(item="1", as_user="102")
    people.delete_item(item=made, as_user="102")
    people.move_item(item="2", group="later")
    people.move_item(item="2", board=OTHER_BOARD)
    people.rename_column(board=BOARD, column="hours", title="Time")
    people.rename_label(board=BOARD, column="status", label_id=1, name="Fin")
    people.add_column(board=BOARD, column={"id": "new", "title": "New", "type": "text"})
    people.delete_column(board=BOARD, column="new")
    people.archive_column(board=BOARD, column="memo")
    people.archive_board(board=BOARD, as_user="102")
    box.api.state.boards[BOARD].state = "active"
    assert list(reversed(events(box))) == [
        ("create_pulse", "101"),
        ("update_name", "102"),
        ("update_name", "100"),
        ("update_column_value", "100"),
        ("archive_pulse", "101"),
        ("restore_pulse", "102"),
        ("delete_pulse", "102"),
        ("move_pulse_into_group", "101"),
        ("move_pulse_from_board", "101"),
        ("update_column_name", "101"),
        ("change_column_settings", "101"),
        ("create_column", "101"),
        ("delete_column", "101"),
        ("archive_column", "101"),
        ("board_archived", "102"),
    ]
    times = [row["created_at"] for row in logs(box)]
    assert times == sorted(times, reverse=True)
    assert len(set(times)) == len(times)


def test_what_changes_nothing_is_not_logged() -> None:
    box = sandbox(item(1, cells={"hours": "2"}))
    box.write("1", hours="2", name="Task 1")
    box.api.humans.edit_cell(item="1", column="total", value="12")
    assert logs(box) == []


def test_rows_are_filtered_and_cut_into_pages() -> None:
    box = sandbox(item(1), item(2, group="later"))
    for hours in (1, 2, 3):
        box.world.clock.set(NOW + hours * 60 * MINUTE)
        box.write("1", hours=str(hours))
    box.token = "other-101"
    box.write("2", memo="x")
    assert len(logs(box)) == 4
    assert len(logs(box, i=["2"])) == 1
    assert len(logs(box, c=["hours"])) == 3
    assert len(logs(box, u=["101"])) == 1
    assert len(logs(box, g=["later"])) == 1
    assert len(logs(box, f="2026-10-01T14:00:00Z", t="2026-10-01T14:30:00Z")) == 1
    pages = [[row["data"]["pulse_id"] for row in logs(box, l=3, p=page)] for page in (1, 2, 3)]
    assert pages == [[2, 1, 1], [1], []]
    assert box.refusal(BY_PAGE % ROW, {"f": "soon"})["code"] == "InvalidArgumentException"


@pytest.mark.parametrize("inclusive", [True, False])
def test_where_from_begins(inclusive: bool) -> None:  # noqa: FBT001 - a switch's position
    box = sandbox(item(1), switches=Switches(logs_from_inclusive=inclusive))
    box.write("1", memo="x")
    assert len(logs(box, f="2026-10-01T12:00:00Z")) == int(inclusive)


@pytest.mark.parametrize("logged", [True, False])
def test_timers_may_be_logged(logged: bool) -> None:  # noqa: FBT001 - a switch's position
    box = sandbox(item(1), switches=Switches(time_tracking_logs=logged))
    box.api.humans.start_session(item="1", as_user="102")
    assert events(box) == ([("update_column_value", "102")] if logged else [])


def test_only_so_many_rows_are_kept() -> None:
    box = sandbox(item(1), switches=Switches(logs_kept=3))
    for number in range(5):
        box.write("1", memo=str(number))
    assert [row["data"]["textual_value"] for row in logs(box)] == ["4", "3", "2"]
    assert Switches().logs_kept == 10_000


def test_the_log_of_a_limited_board_is_null_and_an_error() -> None:
    query = "{ boards(ids: 200) { id activity_logs { id } } }"
    switched = sandbox(item(1), switches=Switches(logs_denied=True))
    planned = sandbox(item(1))
    planned.plan("log_denied", match="activity_logs")
    for box in (switched, planned):
        answer = box.ask(query)
        assert answer["data"] == {"boards": [{"id": BOARD, "activity_logs": None}]}
        assert [one["extensions"]["code"] for one in answer["errors"]] == ["USER_UNAUTHORIZED"]
    assert planned.data(query)["boards"] == [{"id": BOARD, "activity_logs": []}]


def test_the_log_may_have_gaps() -> None:
    lossy = sandbox(item(1), switches=Switches(logs_lose_every=2))
    whole = sandbox(item(1))
    for box in (lossy, whole):
        for number in range(4):
            box.write("1", memo=str(number))
    assert [row["data"]["textual_value"] for row in logs(lossy)] == ["2", "0"]
    whole.plan("log_gap", match="activity_logs")
    assert [row["data"]["textual_value"] for row in logs(whole)] == ["2", "0"]
    whole.plan("log_gap", match="activity_logs", every=3)
    assert [row["data"]["textual_value"] for row in logs(whole)] == ["2", "1"]
    assert len(logs(whole)) == 4


def candidate(box: Sandbox, **arguments: object) -> dict[str, Any]:
    headers = {"api_version": CANDIDATE}
    boards = box.data(BY_CURSOR % ROW, arguments, **headers)["boards"]
    page: dict[str, Any] = boards[0]["activity_logs"]
    return page


def test_the_candidate_pages_by_cursor() -> None:
    box = sandbox(item(1))
    for number in range(5):
        box.write("1", memo=str(number))
    first = candidate(box, l=2)
    box.write("1", memo="later")
    second = candidate(box, l=2, k=first["cursor"])
    third = candidate(box, l=2, k=second["cursor"])
    shown = [
        [msgspec.json.decode(row["data"])["textual_value"] for row in page["logs"]]
        for page in (first, second, third)
    ]
    assert (shown, third["cursor"]) == ([["4", "3"], ["2", "1"], ["0"]], None)
    refused = box.ask(BY_CURSOR % ROW, {"k": "x"}, api_version=CANDIDATE)["errors"]
    assert refused[0]["extensions"]["code"] == "CursorException"


def test_the_candidate_chooses_events_and_words() -> None:
    box = sandbox(item(1))
    box.write("1", memo="blue", name="Red")
    assert len(candidate(box)["logs"]) == 2
    assert len(candidate(box, e=["update_name"])["logs"]) == 1
    assert len(candidate(box, s="blue")["logs"]) == 1
    assert candidate(box, u=["101"]) == {"cursor": None, "logs": []}


@pytest.mark.parametrize("refused", [True, False])
def test_the_candidate_looks_90_days_back(refused: bool) -> None:  # noqa: FBT001 - a switch
    box = sandbox(item(1), switches=Switches(old_from_is_refused=refused))
    box.write("1", memo="old")
    box.world.clock.advance(91 * DAY)
    box.write("1", memo="new")
    assert len(candidate(box)["logs"]) == 1
    answer = box.ask(BY_CURSOR % ROW, {"f": "2026-10-01T00:00:00Z"}, api_version=CANDIDATE)
    page = answer["data"]["boards"][0]["activity_logs"]
    assert (page is None) == refused
    assert refused or len(page["logs"]) == 1
    assert len(logs(box, f="2026-10-01T00:00:00Z")) == 2


def test_each_version_has_its_own_shape() -> None:
    box = sandbox(item(1))
    old = "{ boards { activity_logs(page: 1) { id } } }"
    new = "{ boards { activity_logs { cursor logs { id } } } }"
    code = "GRAPHQL_VALIDATION_FAILED"
    for query, version in ((old, CANDIDATE), (new, "2026-10"), (new, "2026-07")):
        (error, *_) = box.ask(query, api_version=version)["errors"]
        assert error["extensions"]["code"] == code
    assert box.data(old) == {"boards": [{"activity_logs": []}] * 2}
    served = box.api.handle(Request("GET", "/v2/get_schema", f"format=sdl&version={CANDIDATE}"))
    assert validate(build_schema(served.body.decode()), parse(new)) == []
    assert "BoardActivityLogsPage" not in schema_text()


def test_a_lagging_read_shows_the_log_as_it_was() -> None:
    box = sandbox(item(1))
    box.plan("read_lag")
    box.write("1", memo="x")
    assert logs(box) == []
    box.world.clock.advance(15_000)
    assert len(logs(box)) == 1
