"""monday.md §3, §5, §7: what may be written, what is refused, what a write changes."""

from typing import Any

import pytest

from sandbox.build_monday import AT, BOARD, NOW, OTHER_BOARD, WRITE, item, sandbox

YESTERDAY = "2026-09-30T12:00:00Z"


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("status", {"label": "Stuck"}, "Stuck"),
        ("status", {"index": 0}, "Working"),
        ("status", {"index": "108"}, "Stuck"),
        ("status", "Done", "Done"),
        ("status", "1", "Done"),
        ("hours", 7, "7"),
        ("areas", {"labels": ["Print"]}, "Print"),
        ("areas", "Web, Print", "Web, Print"),
        ("who", "gia@client.example, 101", "Gia Guest, Avery Placeholder"),
        ("due", "2026-11-02", "2026-11-02"),
        ("mail", "a@b.example Anna", "Anna"),
        ("notes", "plain", "plain"),
        ("invoice", "https://i.example INV", "INV - https://i.example"),
    ],
)
def test_values_by_label_id_or_text(column: str, value: object, text: str) -> None:
    box = sandbox(item(1))
    assert "errors" not in box.write("1", **{column: value})
    assert box.cell("1", column) | {"value": None} == {"text": text, "value": None}


@pytest.mark.parametrize("empty", [None, "", {}])
def test_nothing_empties_a_cell(empty: object) -> None:
    box = sandbox(item(1, cells={"hours": "5", "approved": {"checked": "true"}}))
    box.write("1", hours=empty, approved=None)
    assert box.cell("1", "hours") == {"text": "", "value": None}
    assert box.cell("1", "approved") == {"text": "", "value": None}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("status", {"label": "Nope"}),
        ("status", {"index": 77}),
        ("status", {"index": True}),
        ("status", {"label": 1}),
        ("status", 5),
        ("hours", "many"),
        ("hours", "NaN"),
        ("hours", {"number": 1}),
        ("memo", {"text": "x"}),
        ("notes", {"text": "x" * 2001}),
        ("who", {"personsAndTeams": [{"id": 999, "kind": "person"}]}),
        ("due", {"date": "02/11/2026"}),
        ("approved", {"checked": "maybe"}),
        ("areas", {"labels": ["Web"], "ids": [2]}),
        ("areas", {"ids": [9]}),
        ("mail", {"email": "nobody"}),
        ("invoice", {"url": "i.example"}),
        ("related", {"item_ids": ["2"]}),
        ("files", {"file": 1}),
    ],
)
def test_bad_content_is_a_column_value_exception(column: str, value: object) -> None:
    box = sandbox(item(1))
    answer = box.write("1", **{column: value})
    (error,) = answer["errors"]
    data = error["extensions"].pop("error_data")
    assert answer["data"] == {"change_multiple_column_values": None}
    assert error["path"] == ["change_multiple_column_values"]
    assert error["extensions"] == {"code": "ColumnValueException", "status_code": 200}
    assert data["column_id"] == column


def test_an_assignee_must_be_a_member() -> None:
    answer = sandbox(item(1)).write("1", who={"personsAndTeams": [{"id": 999, "kind": "person"}]})
    assert answer["errors"][0]["message"] == "invalidPersonAssignment"


@pytest.mark.parametrize(
    ("column", "kind"),
    [("timer", "DurationColumn"), ("total", "FormulaColumn"), ("shown", "LookupColumn")],
)
def test_read_only_columns_are_not_supported(column: str, kind: str) -> None:
    box = sandbox(item(1))
    expected = {
        "code": "InvalidColumnTypeException",
        "status_code": 200,
        "error_data": {"column_id": column, "actual_type": kind},
    }
    assert box.write("1", **{column: "1"})["errors"][0]["extensions"] == expected
    query = """mutation { change_column_value(board_id: 200, item_id: 1, value: "{}",
      column_id: "%s") { id } }"""
    assert box.refusal(query.replace("%s", column)) == expected


def test_the_simple_form_corrects_the_caller() -> None:
    box = sandbox(item(1))
    query = """mutation ($c: String!, $v: String) { change_simple_column_value(
      board_id: 200, item_id: 1, column_id: $c, value: $v) { id } }"""
    assert box.data(query, {"c": "due", "v": "2026-11-02"})
    refused = box.ask(query, {"c": "timer", "v": "1"})["errors"][0]
    assert refused["extensions"]["code"] == "CorrectedValueException"
    assert refused["message"].startswith("column type DurationColumn is not supporting")


def test_unknown_columns_items_and_boards_are_named() -> None:
    box = sandbox(item(1), item(2, state="deleted"), item(3, state="archived"))

    def code(item_id: str, column: str = "hours", board: str = BOARD) -> str:
        answer = box.write_on(board, item_id, {column: "1"})
        return str(answer["errors"][0]["extensions"]["code"])

    assert code("1", "nope") == "InvalidColumnIdException"
    assert code("1", "old") == "InvalidColumnIdException"
    assert code("9") == "InvalidItemIdException"
    assert code("2") == "InvalidItemIdException"
    assert code("3") == "InactiveItemException"
    assert code("1", board="9") == "InvalidBoardIdException"
    assert code("1", board=OTHER_BOARD) == "InvalidItemIdException"


def test_one_bad_column_leaves_the_others_alone() -> None:
    box = sandbox(item(1))
    box.write("1", hours="5", status={"label": "Nope"})
    assert box.cell("1", "hours") == {"text": "", "value": None}
    assert box.updated_at("1") == YESTERDAY


def test_column_values_are_a_json_string() -> None:
    box = sandbox(item(1))
    answers = [
        box.ask(WRITE, {"b": BOARD, "i": "1", "v": value})["errors"][0]["extensions"]["code"]
        for value in ({"hours": "5"}, "{not json")
    ]
    assert answers == ["GRAPHQL_VALIDATION_FAILED"] * 2
    literal = 'mutation { change_multiple_column_values(board_id: 200, item_id: 1, column_values: "{\\"hours\\": \\"5\\"}") { id } }'  # noqa: E501 - as clients send it
    assert box.data(literal) == {"change_multiple_column_values": {"id": "1"}}
    assert box.cell("1", "hours")["text"] == "5"


def test_missing_labels_are_made_only_when_asked() -> None:
    box = sandbox(item(1))
    query = """mutation ($v: JSON!) { change_multiple_column_values(board_id: 200, item_id: 1,
      column_values: $v, create_labels_if_missing: true) { id } }"""
    box.data(query, {"v": '{"status": {"label": "Doone"}}'})
    fields = "text ... on StatusValue { index }"
    assert box.cell("1", "status", fields) == {"text": "Doone", "index": 2}


def test_a_write_moves_updated_at_and_an_equal_one_does_not() -> None:
    box = sandbox(item(1, cells={"hours": "5"}))
    box.write("1", hours="5", status=None)
    assert box.updated_at("1") == YESTERDAY
    box.write("1", hours="6")
    assert box.updated_at("1") == AT


def test_the_name_is_written_as_a_column() -> None:
    box = sandbox(item(1))
    box.write("1", name="Task 1 (extra)")
    assert box.data("{ items(ids: 1) { name } }") == {"items": [{"name": "Task 1 (extra)"}]}
    assert box.write("1", name="x" * 256)["errors"][0]["extensions"]["code"] == (
        "ColumnValueException"
    )


def test_an_aliased_batch_fails_in_parts() -> None:
    box = sandbox(item(1), item(2))
    answer = box.ask(
        """mutation {
          one: change_simple_column_value(board_id: 200, item_id: 1, column_id: "hours", value: "1")
            { id }
          two: change_simple_column_value(board_id: 200, item_id: 9, column_id: "hours", value: "2")
            { id }
          three: change_simple_column_value(board_id: 200, item_id: 2, column_id: "hours",
            value: "3") { column_values(ids: "hours") { text } }
        }"""
    )
    assert answer["data"] == {
        "one": {"id": "1"},
        "two": None,
        "three": {"column_values": [{"text": "3"}]},
    }
    assert [error["path"] for error in answer["errors"]] == [["two"]]


def test_create_item_drops_relations_silently() -> None:
    box = sandbox(item(2))
    query = """mutation ($v: JSON) { create_item(board_id: 200, item_name: "New", group_id: "later",
      column_values: $v) { id name state created_at creator_id group { id } } }"""
    variables = {"v": '{"hours": "3", "related": {"item_ids": [2]}}'}
    created: dict[str, Any] = box.data(query, variables)["create_item"]
    new = created.pop("id")
    assert created == {
        "name": "New",
        "state": "active",
        "created_at": AT,
        "creator_id": "100",
        "group": {"id": "later"},
    }
    assert box.cell(new, "hours")["text"] == "3"
    fields = "... on BoardRelationValue { linked_item_ids }"
    assert box.cell(new, "related", fields) == {"linked_item_ids": []}


def test_items_move_between_states_and_groups() -> None:
    box = sandbox(item(1))
    data = box.data(
        """mutation { move_item_to_group(item_id: 1, group_id: "later") { group { id } }
          archive_item(item_id: 1) { state updated_at } }"""
    )
    assert data == {
        "move_item_to_group": {"group": {"id": "later"}},
        "archive_item": {"state": "archived", "updated_at": AT},
    }
    assert box.data("mutation { delete_item(item_id: 1) { state } }") == {
        "delete_item": {"state": "deleted"}
    }
    assert box.refusal("mutation { archive_item(item_id: 1) { id } }")["code"] == (
        "InvalidItemIdException"
    )
    assert box.data("mutation { archive_board(board_id: 200) { state } }") == {
        "archive_board": {"state": "archived"}
    }
    assert box.api.state.boards[BOARD].updated_at == NOW
