"""monday.md §3: every error shape, by the name of a planned fault."""

from typing import Any

import msgspec
import pytest

from mondaybridge.sandbox.monday import faults
from mondaybridge.sandbox.world import Dropped, Fault, Response
from sandbox.build_monday import AT, BOARD, WRITE, item, sandbox

ME = "{ me { id } }"


def shape(kind: str, *, version: str = "2026-10", **options: object) -> tuple[int, Any, str | None]:
    box = sandbox()
    box.world.faults.append(Fault("monday", kind, options=options))
    response = box.post(ME, api_version=version)
    assert box.post(ME).status == 200
    assert "ratelimit" in response.headers
    return response.status, _content(response), response.headers.get("retry-after")


def _content(response: Response) -> Any:  # noqa: ANN401 - whatever the body says
    try:
        return msgspec.json.decode(response.body)
    except msgspec.DecodeError:
        return response.body.decode()


def error(message: str, code: str, **more: object) -> dict[str, object]:
    return {"errors": [{"message": message, "extensions": {"code": code, **more}}]}


def test_complexity_by_version() -> None:
    text, code = "Complexity budget exhausted", "COMPLEXITY_BUDGET_EXHAUSTED"
    assert shape("complexity") == (429, error(text, code, retry_in_seconds=60), None)
    older = error(
        text,
        code,
        retry_in_seconds=7,
        complexity=30_001,
        complexity_budget_left=0,
        complexity_budget_limit=10_000_000,
        status_code=429,
    )
    assert shape("complexity", version="2025-04", retry_in_seconds=7) == (429, older, None)


def test_legacy_shapes_are_flat() -> None:
    text = "Complexity budget exhausted, reset in 16 seconds"
    flat = {
        "error_code": "ComplexityException",
        "status_code": 429,
        "error_message": text,
        "error_data": {},
        "account_id": 9000001,
        "errors": [text],
    }
    assert shape("complexity_legacy") == (200, flat, None)
    field = {
        "error_code": "FIELD_LIMIT_EXCEEDED",
        "status_code": 429,
        "error_message": "Concurrency limit exceeded",
        "error_data": {"retry_in_seconds": 15, "entity": "boards"},
        "account_id": 9000001,
    }
    assert shape("field_limit") == (429, field, None)


@pytest.mark.parametrize(
    ("kind", "code", "text", "wait"),
    [
        ("minute_limit", "RATE_LIMIT_EXCEEDED", "Rate Limit Exceeded", 60),
        ("concurrency", "maxConcurrencyExceeded", "Max concurrency exceeded", 5),
        ("ip_limit", "IP_RATE_LIMIT_EXCEEDED", "IP rate limit exceeded", 10),
    ],
)
def test_rate_limits_say_how_long_to_wait(kind: str, code: str, text: str, wait: int) -> None:
    body = error(text, code, status_code=429, retry_in_seconds=wait)
    assert shape(kind) == (429, body, str(wait))
    body = error(text, code, status_code=429, retry_in_seconds=3)
    assert shape(kind, retry_in_seconds=3, retry_after=4) == (429, body, "4")


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("daily_limit", 429, "DAILY_LIMIT_EXCEEDED"),
        ("query_too_big", 200, "REQUEST_MAX_COMPLEXITY_EXCEEDED"),
        ("in_flight", 409, "IDEMPOTENCY_CONFLICT"),
        ("locked", 423, "RESOURCE_LOCKED"),
        ("blocked", 200, "API_TEMPORARILY_BLOCKED"),
        ("user_unauthorized", 403, "UserUnauthorizedException"),
        ("user_denied", 403, "USER_ACCESS_DENIED"),
        ("null_data", 200, "INTERNAL_SERVER_ERROR"),
        ("empty_data", 200, "INTERNAL_SERVER_ERROR"),
    ],
)
def test_other_refusals(kind: str, status: int, code: str) -> None:
    found, body, _ = shape(kind)
    assert (found, body["errors"][0]["extensions"]["code"]) == (status, code)


def test_data_may_be_null_or_an_empty_list() -> None:
    assert shape("null_data")[1]["data"] is None
    assert shape("empty_data")[1]["data"] == []


def test_answers_that_are_no_json() -> None:
    assert shape("server_error")[:2] == (
        500,
        "<html><body><h1>500 Internal Server Error</h1></body></html>",
    )
    assert shape("garbage")[:2] == (200, '{"data":{"boards":[{"id":"1')
    assert shape("unauthorized")[:2] == (401, {"errors": ["Not Authenticated"]})


def test_a_status_can_be_another() -> None:
    assert shape("daily_limit", status=200)[0] == 200


def test_a_fault_waits_for_its_operation() -> None:
    box = sandbox(item(1))
    box.plan("locked", match="items_page", times=2)
    page = "query Pages { boards { items_page { cursor } } }"
    assert [box.post(one).status for one in (ME, page, ME, page, page)] == [200, 423, 200, 423, 200]


def test_every_fault_has_a_name_and_a_line_in_the_table() -> None:
    table = {line.split()[0] for line in (faults.__doc__ or "").splitlines() if line.strip()}
    assert table >= faults.KINDS
    assert len(faults.KINDS) == 26


def test_an_unknown_fault_is_the_testers_mistake() -> None:
    box = sandbox()
    box.plan("sunspots")
    with pytest.raises(ValueError, match="knows no fault 'sunspots'"):
        box.post(ME)


def test_boards_are_null_or_missing_without_an_error() -> None:
    box = sandbox()
    box.plan("null_board")
    assert box.data("{ boards(ids: [200, 201]) { id } }") == {"boards": [None, None]}
    box.plan("null_board", short=True)
    assert box.data("{ boards(ids: [200, 201]) { id } }") == {"boards": []}


def test_data_is_partial_beside_an_error() -> None:
    box = sandbox(item(1), item(2))
    box.plan("partial")
    answer = box.ask("{ me { id } boards(ids: 201) { id } complexity { query } }")
    assert answer["data"]["me"] == {"id": "100"}
    assert answer["data"]["boards"] is None
    assert [one["path"] for one in answer["errors"]] == [["boards"]]

    box.plan("partial", field="one")
    batch = """mutation {
      one: archive_item(item_id: 1) { state }
      two: archive_item(item_id: 2) { state }
    }"""
    assert box.ask(batch)["data"] == {"one": None, "two": {"state": "archived"}}
    assert box.api.state.items["1"].state == "active"


def test_a_cursor_expires_by_fault() -> None:
    box = sandbox(item(1), item(2))
    page = box.data("{ boards(ids: 200) { items_page(limit: 1) { cursor } } }")
    cursor = page["boards"][0]["items_page"]["cursor"]
    box.plan("cursor_expired")
    query = "query ($c: String!) { next_items_page(cursor: $c) { cursor } }"
    assert box.refusal(query, {"c": cursor})["code"] == "CursorException"
    assert box.data(query, {"c": cursor}) == {"next_items_page": {"cursor": None}}


def test_connections_break_before_or_after_the_request_ran() -> None:
    box = sandbox(item(1))
    box.plan("drop_request")
    box.plan("drop_answer")
    ran = []
    for _ in range(2):
        with pytest.raises(Dropped) as caught:
            box.post(WRITE, {"b": BOARD, "i": "1", "v": '{"hours": "4"}'}, idempotency_key="k")
        ran.append((caught.value.executed, "hours" in box.api.state.items["1"].cells))
    assert ran == [(False, False), (True, True)]

    again = box.post(WRITE, {"b": BOARD, "i": "1", "v": '{"hours": "4"}'}, idempotency_key="k")
    assert again.headers["idempotency-replayed"] == "true"


def test_reads_lag_behind_a_change() -> None:
    box = sandbox(item(1, cells={"hours": "1"}))
    box.plan("read_lag", ms=5_000)
    assert box.cell("1", "hours")["text"] == "1"
    box.api.humans.edit_cell(item="1", column="hours", value="2")
    box.api.humans.edit_cell(item="1", column="hours", value="3")
    assert (box.cell("1", "hours")["text"], box.updated_at("1")) == ("1", "2026-09-30T12:00:00Z")
    box.world.clock.advance(5_000)
    assert (box.cell("1", "hours")["text"], box.updated_at("1")) == ("3", AT)


def test_a_write_answers_from_the_present_even_when_reads_lag() -> None:
    box = sandbox(item(1, cells={"hours": "1"}))
    box.plan("read_lag")
    assert box.write("1", hours="2")["data"]["change_multiple_column_values"]["updated_at"] == AT
    assert box.cell("1", "hours")["text"] == "1"
    box.world.clock.advance(15_000)
    assert box.cell("1", "hours")["text"] == "2"
