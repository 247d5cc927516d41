"""monday.md §7: updates are written, read, edited and announced; their HTML is kept."""

from typing import Any

import pytest

from mondaybridge.sandbox.monday.switches import Switches
from sandbox.build_monday import AT, BOARD, MINUTE, Sandbox, item, sandbox

SAY = """mutation ($i: ID, $p: ID, $t: String!, $m: [UpdateMention]) {
  create_update(item_id: $i, parent_id: $p, body: $t, mentions_list: $m) { id }
}"""
EDIT = "mutation ($u: ID!, $t: String!) { edit_update(id: $u, body: $t) { id body edited_at } }"
DELETE = "mutation ($u: ID!) { delete_update(id: $u) { id } }"
UPDATE = "id body text_body creator_id created_at edited_at updated_at item_id"
OF_ITEM = """query ($i: [ID!], $l: Int, $p: Int) {
  items(ids: $i) { updates(limit: $l, page: $p) { %s creator { name } item { id }
    replies { id body creator_id } } }
}"""
BODY = "<p>2 h &lt; 3 h</p><p>See <b>the plan</b>.<br>Thanks</p>"


def say(box: Sandbox, text: str = "<p>Hello</p>", **more: object) -> str:
    made = box.data(SAY, {"i": "1", "t": text, **more})["create_update"]
    return str(made["id"])


def on_item(box: Sandbox, limit: int = 25, page: int = 1) -> list[dict[str, Any]]:
    variables = {"i": ["1"], "l": limit, "p": page}
    updates: list[dict[str, Any]] = box.data(OF_ITEM % UPDATE, variables)["items"][0]["updates"]
    return updates


def test_an_update_keeps_its_html_and_shows_its_text() -> None:
    box = sandbox(item(1))
    made = say(box, BODY)
    assert on_item(box) == [
        {
            "id": made,
            "body": BODY,
            "text_body": "2 h < 3 h\nSee the plan.\nThanks",
            "creator_id": "100",
            "created_at": AT,
            "edited_at": AT,
            "updated_at": AT,
            "item_id": "1",
            "creator": {"name": "Bridge"},
            "item": {"id": "1"},
            "replies": [],
        }
    ]


def test_an_edit_changes_the_body_in_place() -> None:
    box = sandbox(item(1))
    made = say(box)
    box.world.clock.advance(MINUTE)
    edited = {"id": made, "body": "<p>Better</p>", "edited_at": "2026-10-01T12:01:00Z"}
    assert box.data(EDIT, {"u": made, "t": "<p>Better</p>"}) == {"edit_update": edited}
    (read,) = box.data("query ($i: [ID!]) { updates(ids: $i) { created_at updated_at body } }", {
        "i": [made],
    })["updates"]  # fmt: skip
    assert read == {
        "created_at": AT,
        "updated_at": "2026-10-01T12:01:00Z",
        "body": "<p>Better</p>",
    }


def test_updates_are_read_newest_first_and_by_page() -> None:
    box = sandbox(item(1), item(2))
    made = [say(box, f"<p>{number}</p>") for number in range(5)]
    other = box.data(SAY, {"i": "2", "t": "<p>Other</p>"})["create_update"]["id"]
    pages = [[one["id"] for one in on_item(box, 2, page)] for page in (1, 2, 3, 4)]
    assert pages == [made[:2:-1], made[2:0:-1], made[:1], []]
    everywhere = box.data("{ updates(limit: 2) { id } boards(ids: 200) { updates { id } } }")
    newest = [{"id": one} for one in [other, *reversed(made)]]
    assert everywhere == {"updates": newest[:2], "boards": [{"updates": newest}]}


def test_updates_are_found_by_date() -> None:
    box = sandbox(item(1))
    first = say(box)
    box.world.clock.advance(24 * 60 * MINUTE)
    second = say(box)
    query = "query ($f: String, $t: String) { updates(from_date: $f, to_date: $t) { id } }"
    assert box.data(query, {"f": "2026-10-02"})["updates"] == [{"id": second}]
    assert box.data(query, {"t": "2026-10-01"})["updates"] == [{"id": first}]
    assert box.ask(query, {"f": "soon"})["errors"][0]["extensions"]["code"] == (
        "InvalidArgumentException"
    )


def test_a_reply_stands_below_its_update() -> None:
    box = sandbox(item(1))
    made = say(box)
    answer = say(box, "<p>Yes</p>", i=None, p=made)
    (shown,) = on_item(box)
    assert shown["replies"] == [{"id": answer, "body": "<p>Yes</p>", "creator_id": "100"}]
    again = say(box, "<p>And no</p>", i=None, p=answer)
    (shown,) = on_item(box)
    assert [one["id"] for one in shown["replies"]] == [answer, again]
    box.data(DELETE, {"u": made})
    assert (on_item(box), box.api.state.updates) == ([], {})


def test_what_is_said_fires_with_and_without_markup() -> None:
    box = sandbox(item(1))
    for event in ("create_update", "edit_update", "delete_update", "change_column_value"):
        box.subscribe(event)
    made = say(box, "<p>One</p>")
    answer = say(box, "<p>Yes</p>", i=None, p=made)
    box.data(EDIT, {"u": made, "t": "<p>Two</p>"})
    box.data(EDIT, {"u": made, "t": "<p>Two</p>"})
    box.data(DELETE, {"u": made})
    events = box.events()
    kept = ("type", "boardId", "pulseId", "userId", "body", "textBody", "updateId", "replyId")
    assert [tuple(event[key] for key in kept) for event in events] == [
        ("create_update", 200, 1, 100, "<p>One</p>", "One", int(made), None),
        ("create_update", 200, 1, 100, "<p>Yes</p>", "Yes", int(made), int(answer)),
        ("edit_update", 200, 1, 100, "<p>Two</p>", "Two", int(made), None),
        ("delete_update", 200, 1, 100, "<p>Two</p>", "Two", int(made), None),
    ]


def test_an_update_is_written_once_under_one_key() -> None:
    box = sandbox(item(1))
    answers = [box.post(SAY, {"i": "1", "t": "<p>x</p>"}, idempotency_key="k") for _ in range(2)]
    assert answers[0].body == answers[1].body
    assert answers[1].headers["idempotency-replayed"] == "true"
    assert len(box.api.state.updates) == 1


@pytest.mark.parametrize("moves", [True, False])
def test_an_update_may_move_its_item(moves: bool) -> None:  # noqa: FBT001 - a switch's position
    box = sandbox(item(1), switches=Switches(updates_move_updated_at=moves))
    before = box.updated_at("1")
    say(box)
    assert (box.updated_at("1") != before) == moves


@pytest.mark.parametrize("strict", [True, False])
def test_somebody_elses_update(strict: bool) -> None:  # noqa: FBT001 - a switch's position
    box = sandbox(item(1), switches=Switches(only_authors_edit_updates=strict))
    made = box.api.humans.comment(item="1", body="<p>Mine</p>", as_user="101")
    for query, variables in ((EDIT, {"u": made, "t": "<p>Ours</p>"}), (DELETE, {"u": made})):
        errors = box.ask(query, variables).get("errors", [])
        codes = [one["extensions"]["code"] for one in errors]
        assert codes == (["UserUnauthorizedException"] if strict else [])


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        (SAY, {"i": "9", "t": "x"}, "InvalidItemIdException"),
        (SAY, {"p": "9", "t": "x"}, "InvalidUpdateIdException"),
        (SAY, {"t": "x"}, "InvalidArgumentException"),
        (SAY, {"i": "1", "t": " "}, "InvalidArgumentException"),
        (SAY, {"i": "1", "t": "x", "m": [{"id": "9", "type": "User"}]}, "InvalidUserIdException"),
        (EDIT, {"u": "9", "t": "x"}, "InvalidUpdateIdException"),
        (DELETE, {"u": "9"}, "InvalidUpdateIdException"),
    ],
)
def test_what_cannot_be_said(query: str, variables: dict[str, object], code: str) -> None:
    box = sandbox(item(1))
    assert box.refusal(query, variables)["code"] == code
    assert box.api.state.updates == {}


def test_somebody_can_be_mentioned() -> None:
    box = sandbox(item(1))
    made = say(box, m=[{"id": "101", "type": "User"}])
    assert box.api.state.updates[made].mentions == [("User", "101")]


def test_people_comment_answer_and_correct() -> None:
    box = sandbox(item(1))
    made = box.api.admin_human("comment", {"item": 1, "body": "<p>Late</p>", "as_user": 101})
    answer = box.api.admin_human("reply", {"update": made, "body": "<p>No</p>"})
    box.api.admin_human("edit_comment", {"update": answer, "body": "<p>Yes</p>", "as_user": "102"})
    (shown,) = on_item(box)
    assert (shown["creator_id"], shown["replies"]) == (
        "101",
        [{"id": answer, "body": "<p>Yes</p>", "creator_id": "101"}],
    )
    box.api.admin_human("delete_comment", {"update": made})
    assert on_item(box) == []
    with pytest.raises(ValueError, match="there is no update 5"):
        box.api.admin_human("delete_comment", {"update": 5})


def test_updates_follow_an_item_to_another_board() -> None:
    box = sandbox(item(1))
    made = say(box)
    box.api.humans.move_item(item="1", board="201")
    shown = box.data("{ boards { id updates { id } } }")["boards"]
    assert shown == [{"id": BOARD, "updates": []}, {"id": "201", "updates": [{"id": made}]}]
