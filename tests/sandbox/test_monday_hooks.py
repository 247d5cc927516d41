"""monday.md §6: subscriptions, delivered names and fields, signatures, retries."""

from typing import Any

import jwt
import msgspec
import pytest

from mondaybridge.sandbox.monday.api import SIGNING_SECRET
from mondaybridge.sandbox.monday.switches import Switches
from sandbox.build_monday import BOARD, MINUTE, NOW, OTHER_BOARD, Sandbox, item, sandbox

COMMON = {
    "app": "monday",
    "triggerTime": "2026-10-01T12:00:00.000Z",
    "isRetry": False,
    "userId": 101,
    "originalTriggerUuid": None,
    "boardId": 200,
}
PULSE = {"groupId": "topics", "pulseId": 1, "pulseName": "Task 1"}


LINKED = {"linkedPulseIds": [{"linkedPulseId": 1}]}


def event_of(box: Sandbox) -> dict[str, Any]:
    """Take the only event, without the ids that the world gives."""
    (event,) = box.events()
    assert isinstance(event.pop("subscriptionId"), int)
    assert len(event.pop("triggerUuid")) == 32
    return event


def test_a_column_change_is_an_update_column_value() -> None:
    box = sandbox(item(1, cells={"status": {"index": 0}}))
    box.subscribe("change_column_value")
    box.api.humans.edit_cell(item="1", column="status", value={"label": "Done"})
    assert event_of(box) == COMMON | PULSE | {
        "type": "update_column_value",
        "columnId": "status",
        "columnType": "color",
        "columnTitle": "Status",
        "value": {"label": {"index": 1, "text": "Done", "is_done": True}, "post_id": None},
        "previousValue": {
            "label": {"index": 0, "text": "Working", "is_done": False},
            "post_id": None,
        },
        "changedAt": NOW / 1000,
        "isTopGroup": True,
    }


@pytest.mark.parametrize(
    ("column", "value", "kind", "shown"),
    [
        ("hours", "2", "numeric", {"value": 2.0, "unit": "h"}),
        ("memo", "x", "text", {"value": "x"}),
        ("who", "101", "multiple-person", {"personsAndTeams": [{"id": 101, "kind": "person"}]}),
        ("due", "2026-10-02", "date", {"date": "2026-10-02", "time": None, "icon": None}),
        ("areas", "Web", "dropdown", {"chosenValues": [{"id": 1, "name": "Web"}]}),
        (
            "related",
            {"item_ids": [1]},
            "board-relation",
            {"linkedPulseIds": [{"linkedPulseId": 1}]},
        ),
        ("approved", {"checked": "true"}, "boolean", {"checked": True}),
    ],
)
def test_values_of_other_columns(column: str, value: object, kind: str, shown: object) -> None:
    box = sandbox(item(1))
    box.subscribe("change_column_value")
    box.api.humans.edit_cell(item="1", column=column, value=value)
    event = event_of(box)
    assert (event["columnType"], event["value"], event["previousValue"]) == (kind, shown, None)


def test_changes_by_the_api_fire_too_and_equal_ones_do_not() -> None:
    box = sandbox(item(1))
    box.subscribe("change_column_value")
    box.write("1", hours="2")
    box.write("1", hours="2")
    assert event_of(box)["userId"] == 100


def test_names_fire_their_own_event_only() -> None:
    box = sandbox(item(1))
    box.subscribe("change_column_value")
    box.subscribe("change_name")
    box.api.humans.rename_item(item="1", name="Other")
    assert event_of(box) == COMMON | PULSE | {
        "type": "update_name",
        "pulseName": "Other",
        "value": {"name": "Other"},
        "previousValue": {"name": "Task 1"},
    }


def test_a_new_item_is_a_create_pulse() -> None:
    box = sandbox()
    box.subscribe("create_item")
    made = box.api.humans.create_item(board=BOARD, name="New", cells={"hours": "1"})
    assert event_of(box) == COMMON | {
        "type": "create_pulse",
        "groupId": "topics",
        "groupName": "Topics",
        "groupColor": "#579bfc",
        "isTopGroup": True,
        "pulseId": int(made),
        "pulseName": "New",
        "columnValues": {"hours": {"value": 1.0, "unit": "h"}},
    }


def test_leaving_and_coming_back_name_the_item_not_the_pulse() -> None:
    box = sandbox(item(1))
    for event in ("item_archived", "item_deleted", "item_restored"):
        box.subscribe(event)
    fields: dict[str, object] = {"itemId": 1, "itemName": "Task 1"}

    box.api.humans.archive_item(item="1")
    assert event_of(box) == COMMON | fields | {"type": "archive_pulse"}
    box.api.humans.restore_item(item="1")
    without = {key: value for key, value in COMMON.items() if key != "originalTriggerUuid"}
    assert event_of(box) == without | fields | {"type": "restore_pulse"}
    box.api.humans.delete_item(item="1")
    assert event_of(box) == COMMON | fields | {"type": "delete_pulse"}


def test_moves_fire_for_any_or_for_one_group() -> None:
    box = sandbox(item(1))
    box.subscribe("item_moved_to_specific_group", {"groupId": "later"})
    box.api.humans.move_item(item="1", group="later")
    assert event_of(box) == COMMON | PULSE | {
        "type": "move_pulse_into_group",
        "groupId": "later",
        "sourceGroupId": "topics",
        "destGroupId": "later",
        "destGroup": {"id": "later", "title": "Later"},
    }
    box.api.humans.move_item(item="1", group="topics")
    assert box.events() == []


def test_a_new_column_fires_and_other_edits_of_columns_do_not() -> None:
    box = sandbox(item(1))
    box.subscribe("create_column")
    box.subscribe("change_column_value")
    box.api.humans.rename_column(board=BOARD, column="hours", title="Time")
    box.api.humans.rename_label(board=BOARD, column="status", label_id=1, name="Fin")
    box.api.humans.delete_column(board=BOARD, column="memo")
    column: dict[str, object] = {"id": "new", "title": "New", "type": "text"}
    box.api.humans.add_column(board=BOARD, column=column)
    without = {key: value for key, value in COMMON.items() if key != "originalTriggerUuid"}
    assert event_of(box) == without | {
        "type": "create_column",
        "columnId": "new",
        "columnType": "text",
        "columnTitle": "New",
    }


def test_one_change_reaches_each_subscription_that_wants_it() -> None:
    box = sandbox(item(1))
    hooks = [
        box.subscribe("change_column_value"),
        box.subscribe("change_specific_column_value", {"columnId": "status"}),
        box.subscribe(
            "change_status_column_value", {"columnId": "status", "columnValue": {"$any$": True}}
        ),
        box.subscribe(
            "change_status_column_value", {"columnId": "status", "columnValue": {"index": 1}}
        ),
        box.subscribe(
            "change_status_column_value", {"columnId": "status", "columnValue": {"index": 0}}
        ),
        box.subscribe("change_specific_column_value", {"columnId": "hours"}),
        box.subscribe("change_column_value", board=OTHER_BOARD),
    ]
    ids = [int(hook["data"]["create_webhook"]["id"]) for hook in hooks]
    box.api.humans.edit_cell(item="1", column="status", value="Done")
    events = box.events()
    assert [one["subscriptionId"] for one in events] == ids[:4]
    assert len({one["triggerUuid"] for one in events}) == 1


@pytest.mark.parametrize(
    ("event", "config"),
    [
        ("change_specific_column_value", None),
        ("change_status_column_value", {"columnId": "status"}),
        ("change_status_column_value", {"columnId": "status", "columnValue": {}}),
        ("change_status_column_value", {"columnId": "status", "columnValue": "Done"}),
        ("item_moved_to_specific_group", {}),
    ],
)
def test_bad_configurations_are_refused_in_a_200(event: str, config: object) -> None:
    answer = sandbox().subscribe(event, config)
    assert answer["data"] == {"create_webhook": None}
    assert answer["errors"][0]["extensions"]["code"] == "InvalidWebhookConfigException"


def test_webhooks_are_listed_without_their_address_and_deleted() -> None:
    box = sandbox()
    box.subscribe("create_item")
    box.token = "app-oauth"
    made = box.subscribe("change_specific_column_value", {"columnId": "hours"})
    hook = made["data"]["create_webhook"]
    assert {**hook, "id": ""} == {
        "id": "",
        "board_id": BOARD,
        "event": "change_specific_column_value",
        "config": '{"columnId":"hours"}',
    }
    listed = """query ($a: Boolean) {
      webhooks(board_id: 200, app_webhooks_only: $a) { id event board_id config } }"""
    assert box.data(listed, {"a": True}) == {"webhooks": [hook]}
    assert len(box.data(listed, {"a": False})["webhooks"]) == 2
    assert box.refusal("{ webhooks(board_id: 200) { url } }")["code"] == "GRAPHQL_VALIDATION_FAILED"

    delete = "mutation ($i: ID!) { delete_webhook(id: $i) { id } }"
    assert box.data(delete, {"i": hook["id"]}) == {"delete_webhook": {"id": hook["id"]}}
    assert box.refusal(delete, {"i": hook["id"]})["code"] == "InvalidWebhookIdException"
    assert box.data(listed, {"a": True}) == {"webhooks": []}


def test_an_address_must_echo_the_challenge() -> None:
    box = sandbox()
    asked: list[tuple[str, bytes]] = []

    def echo(url: str, body: bytes) -> bytes | None:
        asked.append((url, body))
        return body

    box.api.handshake = echo
    assert "errors" not in box.subscribe("create_item")
    ((url, body),) = asked
    assert (url, list(msgspec.json.decode(body))) == ("http://127.0.0.1:9/hooks", ["challenge"])

    for answer in (None, b"ok", b'{"challenge": "other"}'):
        box.api.handshake = lambda _url, _body, answer=answer: answer
        code = box.subscribe("create_item")["errors"][0]["extensions"]["code"]
        assert code == "WebhookChallengeException"
    assert len(box.api.state.webhooks) == 1


def test_an_address_has_at_most_255_characters() -> None:
    query = """mutation ($u: String!) {
      create_webhook(board_id: 200, url: $u, event: create_item) { id } }"""
    long = "https://a.example/" + "x" * 238
    assert sandbox().data(query, {"u": long[:255]})
    assert sandbox().refusal(query, {"u": long})["code"] == "InvalidWebhookUrlException"
    assert sandbox().refusal(query, {"u": "ftp://a"})["code"] == "InvalidWebhookUrlException"


def test_only_an_apps_webhooks_are_signed() -> None:
    box = sandbox(item(1))
    box.subscribe("change_name")
    box.token = "app-oauth"
    box.subscribe("change_name")
    box.api.humans.rename_item(item="1", name="Other", as_user="102")
    plain, signed = box.world.deliveries

    assert plain.headers == {"content-type": "application/json"}
    claims = jwt.decode(
        signed.headers["authorization"],
        SIGNING_SECRET,
        algorithms=["HS256"],
        audience=signed.url,
        options={"verify_exp": False, "verify_iat": False},
    )
    assert claims == {
        "accountId": 9000001,
        "userId": 102,
        "aud": "http://127.0.0.1:9/hooks",
        "exp": NOW // 1000 + 300,
        "iat": NOW // 1000,
    }


@pytest.mark.parametrize("keeps", [True, False])
def test_a_failed_delivery_comes_again_every_minute_for_half_an_hour(
    keeps: bool,  # noqa: FBT001 - a switch's position
) -> None:
    box = sandbox(item(1), switches=Switches(retry_keeps_trigger=keeps))
    box.token = "app-oauth"
    box.subscribe("change_name")
    box.api.humans.rename_item(item="1", name="Other")
    (first,) = box.world.deliveries
    second = box.api.retry(first, NOW + 1000)
    assert second is not None

    before, after = (msgspec.json.decode(one.body)["event"] for one in (first, second))
    same = before["triggerUuid"] == after.pop("triggerUuid")
    assert same == keeps
    del before["triggerUuid"]
    assert after == before | {"isRetry": True, "triggerTime": "2026-10-01T12:01:01.000Z"}
    assert (second.not_before, second.attempt, second.id) == (NOW + 61_000, 1, first.id)
    assert second.headers["authorization"] != first.headers["authorization"]

    attempts, delivery = 0, first
    while (again := box.api.retry(delivery, NOW + attempts * MINUTE)) is not None:
        attempts, delivery = attempts + 1, again
    assert attempts == 30


def test_timers_and_computed_columns_do_not_fire_unless_switched() -> None:
    def fired(switches: Switches) -> list[str]:
        box = sandbox(item(1), switches=switches)
        box.subscribe("change_column_value")
        box.api.humans.start_session(item="1")
        box.api.humans.edit_cell(item="1", column="total", value="12")
        box.api.humans.edit_cell(item="1", column="shown", value="12")
        return [event["columnType"] for event in box.events()]

    assert fired(Switches()) == []
    both = Switches(time_tracking_fires=True, computed_fires=True)
    assert fired(both) == ["duration", "formula", "lookup"]
