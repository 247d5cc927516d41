"""People at monday's screens: sessions, edits, columns, boards (issue, part 3)."""

import pytest

from mondaybridge.sandbox.monday.switches import Switches
from sandbox.build_monday import AT, BOARD, NOW, OTHER_BOARD, Sandbox, item, sandbox

HOUR = 3_600_000
YESTERDAY = "2026-09-30T12:00:00Z"


def duration(box: Sandbox, item_id: str = "1") -> int:
    return int(box.cell(item_id, "timer", "... on TimeTrackingValue { duration }")["duration"])


def test_a_board_is_made_with_columns_of_a_data_file() -> None:
    box = sandbox()
    made = box.api.humans.create_board(
        name="Made",
        columns=[{"id": "s", "title": "S", "type": "status", "settings": {"labels": {"1": "A"}}}],
        board_id="777",
        groups=[{"id": "g", "title": "G"}],
        kind="share",
    )
    query = "{ boards(ids: 777) { name board_kind columns { id } top_group { id } updated_at } }"
    assert made == "777"
    assert box.data(query)["boards"] == [
        {
            "name": "Made",
            "board_kind": "share",
            "columns": [{"id": "name"}, {"id": "s"}],
            "top_group": {"id": "g"},
            "updated_at": AT,
        }
    ]


def test_an_item_is_made_by_a_user_in_the_past() -> None:
    box = sandbox()
    made = box.api.humans.create_item(
        board=BOARD,
        name="Old",
        cells={"hours": 3, "status": {"index": 1}, "memo": "m"},
        as_user="102",
        item_id="9",
        created_at=0,
        group="later",
    )
    query = """{ items(ids: 9) { name creator_id created_at updated_at group { id }
      column_values(ids: ["status", "hours", "memo"]) { text } } }"""
    assert made == "9"
    assert box.data(query)["items"] == [
        {
            "name": "Old",
            "creator_id": "102",
            "created_at": "1970-01-01T00:00:00Z",
            "updated_at": "1970-01-01T00:00:00Z",
            "group": {"id": "later"},
            "column_values": [{"text": "Done"}, {"text": "3"}, {"text": "m"}],
        }
    ]


def test_sessions_are_started_stopped_edited_and_deleted() -> None:
    box = sandbox(item(1))
    people = box.api.humans
    people.start_session(item="1")
    assert duration(box) == 0
    box.world.clock.advance(HOUR)
    stopped = people.stop_session(item="1")
    added = people.add_session(item="1", started_at=NOW - 2 * HOUR, ended_at=NOW - HOUR)
    assert duration(box) == 7200
    people.edit_session(item="1", session=stopped, ended_at=NOW + HOUR // 2)
    assert duration(box) == 5400
    people.delete_session(item="1", session=added)
    assert duration(box) == 1800
    assert box.updated_at("1") == "2026-10-01T13:00:00Z"


def test_sessions_need_not_move_updated_at() -> None:
    box = sandbox(item(1), switches=Switches(sessions_move_updated_at=False))
    box.api.humans.add_session(item="1", started_at=0, ended_at=1000)
    assert box.updated_at("1") == YESTERDAY


def test_computed_cells_move_updated_at_only_when_switched() -> None:
    for switches, expected in (
        (Switches(), YESTERDAY),
        (Switches(computed_moves_updated_at=True), AT),
    ):
        box = sandbox(item(1), switches=switches)
        box.api.humans.edit_cell(item="1", column="total", value="4 h")
        fields = "... on FormulaValue { display_value }"
        assert box.cell("1", "total", fields) == {"display_value": "4 h"}
        assert box.updated_at("1") == expected


@pytest.mark.parametrize("kept", [False, True])
def test_a_copy_has_new_ids(kept: bool) -> None:  # noqa: FBT001 - a switch's position
    box = sandbox(item(1, cells={"hours": "5"}), switches=Switches(duplicates_keep_sessions=kept))
    session = box.api.humans.add_session(item="1", started_at=0, ended_at=HOUR)
    copy = box.api.humans.duplicate_item(item="1")
    query = """query ($i: [ID!]) { items(ids: $i) { name column_values(ids: ["hours", "timer"]) {
      text ... on TimeTrackingValue { history { id } } } } }"""
    hours, timer = box.data(query, {"i": [copy]})["items"][0]["column_values"]
    assert hours == {"text": "5"}
    assert (len(timer["history"]), {"id": session} in timer["history"]) == (int(kept), False)


def test_columns_are_renamed_retyped_archived_and_deleted() -> None:
    box = sandbox(item(1, cells={"hours": "5", "memo": "m"}))
    people = box.api.humans
    box.world.clock.advance(1000)
    people.rename_column(board=BOARD, column="hours", title="Time")
    people.retype_column(board=BOARD, column="hours", type="text")
    people.archive_column(board=BOARD, column="notes")
    people.delete_column(board=BOARD, column="memo")
    query = """{ boards(ids: 200) { updated_at
      columns(ids: ["hours", "notes", "memo"]) { id title type archived revision } } }"""
    assert box.data(query)["boards"] == [
        {
            "updated_at": "2026-10-01T12:00:01Z",
            "columns": [
                {
                    "id": "hours",
                    "title": "Time",
                    "type": "text",
                    "archived": False,
                    "revision": "3",
                },
                {
                    "id": "notes",
                    "title": "Notes",
                    "type": "long_text",
                    "archived": True,
                    "revision": "2",
                },
            ],
        }
    ]
    assert box.cell("1", "hours") == {"text": "", "value": None}
    assert box.updated_at("1") == YESTERDAY


def test_a_label_in_use_is_deactivated_another_is_removed() -> None:
    box = sandbox(item(1, cells={"status": {"index": 1}, "areas": {"ids": [2]}}))
    people = box.api.humans
    people.remove_label(board=BOARD, column="status", label_id=1)
    people.remove_label(board=BOARD, column="status", label_id=0)
    people.remove_label(board=BOARD, column="areas", label_id=2)
    query = '{ boards(ids: 200) { columns(ids: ["status", "areas"]) { settings } } }'
    status, areas = box.data(query)["boards"][0]["columns"]
    shown = [(one["id"], one["is_deactivated"]) for one in status["settings"]["labels"]]
    assert shown == [(1, True), (108, False)]
    assert [one["is_deactivated"] for one in areas["settings"]["labels"]] == [False, True]
    assert box.cell("1", "status")["text"] == "Done"
    assert "errors" in box.write("1", status={"label": "Done"})


def test_an_item_moves_to_another_board_with_the_columns_it_finds() -> None:
    box = sandbox(item(1, cells={"hours": "5", "memo": "m"}))
    box.api.humans.move_item(item="1", board=OTHER_BOARD)
    query = """{ items(ids: 1) { board { id } column_values { id text } }
      boards { items_count } }"""
    assert box.data(query) == {
        "items": [{"board": {"id": OTHER_BOARD}, "column_values": [{"id": "hours", "text": "5"}]}],
        "boards": [{"items_count": 0}, {"items_count": 1}],
    }


@pytest.mark.parametrize(
    ("method", "arguments", "reason"),
    [
        ("fly", {}, "people cannot 'fly'"),
        ("_item", {"item": "1"}, "people cannot '_item'"),
        ("changes", {}, "people cannot 'changes'"),
        ("edit_cell", {"item": "1"}, "column"),
        ("edit_cell", {"item": "1", "column": "memo", "value": 1, "x": 2}, "x"),
        ("edit_cell", {"item": "9", "column": "memo", "value": 1}, "there is no item 9"),
        ("edit_cell", {"item": "1", "column": "nope", "value": 1}, "no column 'nope'"),
        ("edit_cell", {"item": "1", "column": "timer", "value": 1}, "cannot be set"),
        ("edit_cell", {"item": "1", "column": "status", "value": "No"}, "does not exist"),
        ("edit_cell", {"item": "1", "column": "memo", "value": "", "as_user": "9"}, "no user 9"),
        ("create_item", {"board": "9", "name": "x"}, "there is no board 9"),
        ("create_item", {"board": "200", "name": "x", "item_id": "1"}, "exists already"),
        ("create_item", {"board": "200", "name": "x", "group": "g"}, "no group 'g'"),
        ("create_board", {"name": "x", "columns": [], "board_id": "200"}, "exists already"),
        ("create_board", {"name": "x", "columns": [{"id": "a"}]}, "title"),
        ("stop_session", {"item": "1"}, "no timer is running"),
        ("start_session", {"item": "1", "column": "memo"}, "not time_tracking"),
        ("edit_session", {"item": "1", "session": "5"}, "has no session 5"),
        ("add_session", {"item": "1", "started_at": 2, "ended_at": 1}, "before it starts"),
        ("add_session", {"item": "1", "started_at": "soon", "ended_at": 1}, "soon"),
        ("retype_column", {"board": "200", "column": "memo", "type": "x"}, "no column type 'x'"),
        (
            "rename_label",
            {"board": "200", "column": "memo", "label_id": 1, "name": "x"},
            "no label",
        ),
        ("remove_label", {"board": "200", "column": "memo", "label_id": 1}, "no label"),
    ],
)
def test_what_makes_no_sense_is_said(
    method: str, arguments: dict[str, object], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        sandbox(item(1)).api.admin_human(method, arguments)


def test_the_admin_route_takes_numbers_and_iso_instants() -> None:
    box = sandbox(item(1))
    made = box.api.admin_human(
        "add_session",
        {"item": 1, "started_at": "2026-10-01T10:00:00+02:00", "ended_at": AT, "as_user": 102},
    )
    assert isinstance(made, str)
    assert duration(box) == 4 * 3600
    assert box.api.admin_human("archive_board", {"board": 200}) is None
    assert box.data("{ boards { id } }") == {"boards": [{"id": OTHER_BOARD}]}


def test_cells_are_clicked_and_chosen() -> None:
    box = sandbox(item(1), item(2))
    acts: list[tuple[str, str, dict[str, object]]] = [
        ("toggle_checkbox", "approved", {}),
        ("choose_label", "status", {"label": "Stuck"}),
        ("choose_options", "areas", {"labels": ["Print", "Web"]}),
        ("link_items", "related", {"items": [2]}),
        ("assign", "who", {"users": [102, "101"]}),
        ("attach_file", "files", {"name": "plan.txt", "text": "Più tempo"}),
    ]
    answers = [
        box.api.admin_human(act, {"item": 1, "column": column, "as_user": 102, **more})
        for act, column, more in acts
    ]
    assert answers[0] is True
    assert box.cell("1", "approved", "... on CheckboxValue { checked }") == {"checked": True}
    assert box.cell("1", "status", "text") == {"text": "Stuck"}
    assert box.cell("1", "areas", "text") == {"text": "Web, Print"}
    assert box.cell("1", "who", "text") == {"text": "Gia Guest, Avery Placeholder"}
    fields = "... on BoardRelationValue { linked_item_ids }"
    assert box.cell("1", "related", fields) == {"linked_item_ids": ["2"]}
    assert box.api.state.assets[str(answers[-1])].content == "Più tempo".encode()
    rows = box.api.state.logs[BOARD]
    assert [(row.column_id, row.user_id) for row in rows] == [
        (column, "102") for _, column, _ in acts
    ]

    again = {"item": 1, "column": "approved"}
    assert box.api.admin_human("toggle_checkbox", again) is False
    assert box.cell("1", "approved", "... on CheckboxValue { checked }") == {"checked": None}
    assert box.api.admin_human("toggle_checkbox", again) is True
    box.api.humans.edit_cell(item="1", column="approved", value={"checked": "false"})
    assert box.api.humans.toggle_checkbox(item="1", column="approved") is True
    box.api.admin_human("choose_label", {"item": 1, "column": "status", "label": None})
    assert box.cell("1", "status", "text") == {"text": None}
    with pytest.raises(ValueError, match="not checkbox"):
        box.api.admin_human("toggle_checkbox", {"item": 1, "column": "status"})


def test_a_file_is_hung_below_a_comment() -> None:
    box = sandbox(item(1))
    said = box.api.humans.comment(item="1", body="x")
    made = box.api.admin_human("attach_to_comment", {"update": said, "name": "a.txt", "text": "b"})
    assert box.api.state.assets[str(made)].update_id == said


def test_a_second_timer_does_not_start() -> None:
    box = sandbox(item(1))
    box.api.humans.start_session(item="1")
    with pytest.raises(ValueError, match="running already"):
        box.api.humans.start_session(item="1")
    with pytest.raises(ValueError, match="no time tracking column"):
        box.api.humans.start_session(item=box.api.humans.create_item(board=OTHER_BOARD, name="x"))


def test_a_data_file_says_where_it_is_wrong() -> None:
    with pytest.raises(ValueError, match="board 200, item 'Task 1': column status: The label 'No'"):
        sandbox(item(1, cells={"status": {"label": "No"}}))
    with pytest.raises(ValueError, match="item 1 exists already"):
        sandbox(item(1), item(1))
