"""monday.md §2-§4: boards, pages, cursors, filters, items by id."""

from typing import Any

import pytest

from mondaybridge.sandbox.monday.switches import Switches
from sandbox.build_monday import AT, BOARD, MINUTE, NOW, OTHER_BOARD, Sandbox, item, sandbox

PAGE = """query ($l: Int!, $q: ItemsQuery) {
  boards(ids: [200]) { items_page(limit: $l, query_params: $q) { cursor items { id } } }
}"""
NEXT = "query ($c: String!) { next_items_page(cursor: $c, limit: 500) { cursor items { id } } }"


def page(box: Sandbox, query: object = None, limit: int = 500) -> list[str]:
    data = box.data(PAGE, {"l": limit, "q": query})
    return [one["id"] for one in data["boards"][0]["items_page"]["items"]]


def test_boards_default_to_25_active_ones_and_leave_out_what_is_not_there() -> None:
    box = sandbox()
    made = [box.api.humans.create_board(name=f"B{n}", columns=[]) for n in range(30)]
    box.api.humans.archive_board(board=BOARD)
    box.api.humans.delete_board(board=OTHER_BOARD)

    assert len(box.data("{ boards { id } }")["boards"]) == 25
    assert box.data("{ boards(ids: [200, 201, 999]) { id } }") == {"boards": []}
    assert box.data("{ boards(ids: [200, 201, 999], state: all) { id state } }") == {
        "boards": [{"id": "200", "state": "archived"}, {"id": "201", "state": "deleted"}]
    }
    assert box.data("{ boards(limit: 10, page: 3) { id } }") == {
        "boards": [{"id": board} for board in made[20:30]]
    }


def test_a_board_shows_its_columns_with_settings_ids_and_archived_ones() -> None:
    data = sandbox().data(
        """{ boards(ids: 200) { items_limit permissions board_kind
             columns(ids: ["status", "areas", "old"]) { id title type archived revision settings }
             groups { id title } } }"""
    )
    labels = [
        {"id": 1, "label": "Done", "index": 0, "is_done": True, "is_deactivated": False},
        {"id": 0, "label": "Working", "index": 1, "is_done": False, "is_deactivated": False},
        {"id": 108, "label": "Stuck", "index": 2, "is_done": False, "is_deactivated": False},
    ]
    areas = [
        {"id": 1, "label": "Web", "is_deactivated": False},
        {"id": 2, "label": "Print", "is_deactivated": False},
    ]
    shape = {"archived": False, "revision": "1"}
    assert data["boards"] == [
        {
            "items_limit": 10_000,
            "permissions": "everyone",
            "board_kind": "public",
            "columns": [
                shape
                | {"id": "status", "title": "Status", "type": "status"}
                | {"settings": {"labels": labels}},
                shape
                | {"id": "areas", "title": "Areas", "type": "dropdown"}
                | {"settings": {"labels": areas}},
                shape
                | {"id": "old", "title": "Old", "type": "text", "archived": True, "settings": {}},
            ],
            "groups": [{"id": "topics", "title": "Topics"}, {"id": "later", "title": "Later"}],
        }
    ]


def test_pages_are_unordered_without_order_by_and_complete() -> None:
    box = sandbox(*[item(1000 + n) for n in range(60)])
    in_order = [str(1000 + n) for n in range(60)]
    first, second = page(box), page(box)

    assert sorted(first) == sorted(second) == in_order
    assert first != second
    assert first != in_order


def test_pages_follow_order_by() -> None:
    box = sandbox(
        item(1, updated_at=NOW - 3000, cells={"hours": "10"}),
        item(2, updated_at=NOW - 9000, cells={"hours": "9"}),
        item(3, updated_at=NOW - 6000),
    )

    def ordered(column: str, direction: str) -> list[str]:
        return page(box, {"order_by": [{"column_id": column, "direction": direction}]})

    assert ordered("__last_updated__", "asc") == ["2", "3", "1"]
    assert ordered("__last_updated__", "desc") == ["1", "3", "2"]
    assert ordered("hours", "asc") == ["3", "2", "1"]


def test_a_cursor_carries_the_filter_and_ends_with_null() -> None:
    box = sandbox(*[item(n, cells={"status": {"index": n % 2}}) for n in range(10, 22)])
    query = {"rules": [{"column_id": "status", "compare_value": [1]}]}
    data = box.data(PAGE, {"l": 4, "q": query})
    first = data["boards"][0]["items_page"]
    second = box.data(NEXT, {"c": first["cursor"]})["next_items_page"]

    assert second["cursor"] is None
    found = [one["id"] for one in first["items"] + second["items"]]
    assert sorted(found) == ["11", "13", "15", "17", "19", "21"]


def test_a_cursor_lives_60_minutes_from_the_first_request() -> None:
    box = sandbox(*[item(n) for n in range(10, 20)])
    cursor = box.data(PAGE, {"l": 2})["boards"][0]["items_page"]["cursor"]
    box.world.clock.advance(59 * MINUTE)
    query = "query ($c: String!) { next_items_page(cursor: $c, limit: 2) { cursor } }"
    later = box.data(query, {"c": cursor})["next_items_page"]["cursor"]
    box.world.clock.advance(MINUTE)

    assert box.refusal(NEXT, {"c": later})["code"] == "CursorException"
    assert box.refusal(NEXT, {"c": "unknown"})["code"] == "CursorException"


def test_query_params_cannot_go_with_a_cursor() -> None:
    box = sandbox(*[item(n) for n in range(10, 20)])
    cursor = box.data(PAGE, {"l": 2})["boards"][0]["items_page"]["cursor"]
    query = """query ($c: String!) { boards(ids: 200) {
      items_page(cursor: $c, query_params: {ids: [1]}) { cursor } } }"""
    assert box.refusal(query, {"c": cursor})["code"] == "InvalidArgumentException"


def test_pages_hold_at_most_500_and_25_by_default() -> None:
    box = sandbox(*[item(1000 + n) for n in range(30)])
    query = "{ boards(ids: 200) { items_page { items { id } } } }"
    assert len(box.data(query)["boards"][0]["items_page"]["items"]) == 25
    assert box.refusal(PAGE, {"l": 501})["code"] == "InvalidArgumentException"


def test_pages_show_active_items_only_and_items_shows_all_with_state() -> None:
    box = sandbox(item(1), item(2, state="archived"), item(3, state="deleted"), item(4))
    query = "query ($x: Boolean) { items(ids: [4, 3, 2, 1], exclude_nonactive: $x) { id state } }"

    assert sorted(page(box)) == ["1", "4"]
    assert box.data("{ boards(ids: 200) { items_count } }") == {"boards": [{"items_count": 2}]}
    assert box.data(query, {"x": False})["items"] == [
        {"id": "1", "state": "active"},
        {"id": "2", "state": "archived"},
        {"id": "3", "state": "deleted"},
        {"id": "4", "state": "active"},
    ]
    assert box.data(query, {"x": True})["items"] == [
        {"id": "1", "state": "active"},
        {"id": "4", "state": "active"},
    ]


def test_items_takes_100_ids_and_answers_25_unless_told() -> None:
    box = sandbox(*[item(1000 + n) for n in range(101)])
    query = "query ($i: [ID!], $l: Int) { items(ids: $i, limit: $l) { id } }"
    ids = [str(1000 + n) for n in range(101)]

    assert box.refusal(query, {"i": ids, "l": 100})["code"] == "InvalidArgumentException"
    assert len(box.data(query, {"i": ids[:100], "l": 100})["items"]) == 100
    assert (
        len(box.data("query ($i: [ID!]) { items(ids: $i) { id } }", {"i": ids[1:]})["items"]) == 25
    )


def test_items_of_a_deleted_board_are_an_internal_error() -> None:
    box = sandbox(item(1))
    box.api.humans.delete_board(board=BOARD)
    answer = box.ask("{ boards(ids: 200, state: all) { items_page { items { id } } } }")
    assert answer["data"] == {"boards": [None]}
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"


DAY = 86_400_000


def between(low: object, high: object) -> dict[str, Any]:
    rule = {
        "column_id": "__last_updated__",
        "compare_value": [low, high],
        "operator": "between",
    }
    return {"rules": [rule]}


def test_between_on_last_update_counts_whole_days() -> None:
    box = sandbox(item(1, updated_at=NOW - DAY), item(2, updated_at=NOW), item(3, updated_at=0))
    assert page(box, between("2026-10-01T13:00:00Z", "2026-10-01T13:00:01Z")) == ["2"]
    assert sorted(page(box, between("2026-09-30", "2026-10-01"))) == ["1", "2"]


def test_between_on_last_update_by_the_second_when_switched() -> None:
    box = sandbox(item(2, updated_at=NOW), switches=Switches(last_updated_by_day=False))
    assert page(box, between("2026-10-01T13:00:00Z", "2026-10-01T14:00:00Z")) == []
    assert page(box, between(AT, AT)) == ["2"]


def test_other_operators_on_last_update_have_no_config() -> None:
    rule = {
        "column_id": "__last_updated__",
        "compare_value": ["EXACT", AT],
        "operator": "greater_than_or_equals",
    }
    named = rule | {"compare_attribute": "UPDATED_AT"}
    box = sandbox(item(1, updated_at=NOW - DAY), item(2, updated_at=NOW))
    strict = sandbox(switches=Switches(last_updated_takes_greater=False))

    assert page(box, {"rules": [named]}) == ["2"]
    answer = box.ask(PAGE, {"l": 5, "q": {"rules": [rule]}})
    assert answer["errors"][0]["extensions"]["code"] == "no_operator_config"
    answer = strict.ask(PAGE, {"l": 5, "q": {"rules": [named]}})
    assert answer["errors"][0]["extensions"]["code"] == "no_operator_config"


@pytest.mark.parametrize(
    ("column", "operator", "given", "found"),
    [
        ("status", "any_of", [1], ["1"]),
        ("status", "not_any_of", [1], ["2", "3"]),
        ("status", "any_of", ["Done"], []),
        ("status", "is_empty", [], ["2", "3"]),
        ("hours", "greater_than", ["4"], ["1"]),
        ("hours", "lower_than_or_equal", ["4"], ["2"]),
        ("hours", "greater_than", ["many"], []),
        ("name", "contains_text", "task 3", ["3"]),
        ("memo", "starts_with", "Be", ["3"]),
        ("who", "any_of", ["person-102"], ["2"]),
        ("who", "any_of", [102], []),
        ("areas", "any_of", [2], ["3"]),
        ("due", "any_of", ["EXACT", "2026-10-05"], ["1"]),
        ("due", "any_of", ["2026-10-05"], []),
        ("timer", "any_of", [2], ["3"]),
        ("timer", "any_of", [1], ["1", "2"]),
        ("approved", "is_not_empty", [], ["2"]),
    ],
)
def test_rules_and_malformed_rules_that_answer_nothing(
    column: str, operator: str, given: object, found: list[str]
) -> None:
    box = sandbox(
        item(1, cells={"status": {"index": 1}, "hours": "5.5", "due": "2026-10-05"}),
        item(
            2,
            cells={
                "hours": "4",
                "who": {"personsAndTeams": [{"id": 102, "kind": "person"}]},
                "approved": {"checked": "true"},
            },
        ),
        item(
            3,
            cells={"memo": "beta", "areas": {"ids": [2]}},
            sessions={"timer": [{"started_at": NOW}]},
        ),
    )
    rule = {"column_id": column, "operator": operator, "compare_value": given}
    assert sorted(page(box, {"rules": [rule]})) == found


def test_rules_are_joined_in_groups() -> None:
    box = sandbox(item(1, cells={"memo": "a"}), item(2, cells={"memo": "b"}), item(3))

    def memo(text: str) -> dict[str, object]:
        return {"column_id": "memo", "compare_value": [text]}

    either = {"operator": "or", "rules": [memo("a"), memo("b")]}
    assert sorted(page(box, either)) == ["1", "2"]
    assert page(box, {"rules": [memo("a")], "groups": [either]}) == ["1"]
    assert page(box, {"ids": ["2"], "groups": [either]}) == ["2"]


def test_a_rule_on_a_mirror_nulls_the_board() -> None:
    rule = {"column_id": "shown", "compare_value": ["x"]}
    answer = sandbox(item(1)).ask(PAGE, {"l": 5, "q": {"rules": [rule]}})
    assert answer["data"] == {"boards": [None]}
    assert answer["errors"][0]["extensions"]["code"] == "InvalidColumnTypeException"


def test_groups_have_pages_too() -> None:
    box = sandbox(item(1), item(2, group="later"))
    query = '{ boards { groups(ids: "later") { items_page { items { id group { title } } } } } }'
    assert box.data(query)["boards"][0]["groups"] == [
        {"items_page": {"items": [{"id": "2", "group": {"title": "Later"}}]}}
    ]


def test_people_account_and_versions() -> None:
    data = sandbox(plan="standard").data(
        """{ me { id kind account { slug } } users(kind: guests) { id name }
             account { id slug plan { tier } } version { kind value }
             platform_api { daily_limit { base total addon { __typename } } } }"""
    )
    assert data == {
        "me": {"id": "100", "kind": "service", "account": {"slug": "invented-agency"}},
        "users": [{"id": "102", "name": "Gia Guest"}],
        "account": {"id": "9000001", "slug": "invented-agency", "plan": {"tier": "standard"}},
        "version": {"kind": "current", "value": "2026-10"},
        "platform_api": {
            "daily_limit": {
                "base": 1000,
                "total": 1000,
                "addon": {"__typename": "DailyLimitAddon"},
            }
        },
    }


def test_a_token_may_name_its_user() -> None:
    box = sandbox()
    box.token = "anything-102"
    assert box.data("{ me { name } }") == {"me": {"name": "Gia Guest"}}


def test_documents_of_others_alias_and_spread() -> None:
    box = sandbox(item(1, cells={"hours": "2"}), item(2))
    data = box.data(
        """
        query Odd($skip: Boolean! = true) {
          ...roots
          second: items(ids: [2]) { n: name never: id @skip(if: $skip) __typename }
        }
        fragment roots on Query {
          first: items(ids: [1], limit: 1) {
            column_values(types: [numbers]) { ...num }
            place: board { ... on Board { title: name } }
          }
        }
        fragment num on NumbersValue { unit: symbol number column { title } }
        """
    )
    assert data == {
        "first": [
            {
                "column_values": [{"unit": "h", "number": 2.0, "column": {"title": "Hours"}}],
                "place": {"title": "Jobs"},
            }
        ],
        "second": [{"n": "Task 2", "__typename": "Item"}],
    }


@pytest.mark.parametrize(
    "query",
    [
        "{ boards { nope } }",
        "{ boards(colour: 1) { id } }",
        "{ me { is_admin } }",
        "{ boards { id ",
        "query ($x: Int) { boards(ids: $x) { id } }",
        "mutation { start_timer(item_id: 1) { id } }",
    ],
)
def test_what_the_schema_lacks_is_refused_in_graphqls_shape(query: str) -> None:
    answer = sandbox().ask(query)
    assert answer.keys() == {"errors"}
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert answer["errors"][0]["locations"]
