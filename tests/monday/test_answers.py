"""The golden table of monday's error shapes (monday.md §3): what each of them asks for."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from mondaybook import NOW
from mondaybridge.errors import BridgeError, CredentialsError, TryLater, UpstreamError
from mondaybridge.monday.errors import (
    CursorExpired,
    Fault,
    Opened,
    RateLimited,
    Refused,
    Reply,
    ServerFault,
    opened,
)
from mondaybridge.monday.limits import exhausted_until

MIDNIGHT = 1_790_899_200_000  # 2026-10-02T00:00:00Z
BUSY = '"minuteRate";r=0;t=12, "concurrency";r=79, "complexityMinute";r=49;t=60'


@dataclass(frozen=True)
class Shape:
    """An answer, what it raises, and for how many seconds."""

    name: str
    status: int
    body: Any
    raised: type[BridgeError]
    seconds: int | None = None
    says: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def until(self) -> int:
        """Return the instant that is asked for, 0 for none."""
        return NOW + self.seconds * 1000 if self.seconds is not None else 0


def coded(code: str, message: str = "no", **extensions: object) -> dict[str, Any]:
    return {"errors": [{"message": message, "extensions": {"code": code, **extensions}}]}


LEGACY = {
    "error_code": "ComplexityException",
    "status_code": 429,
    "error_message": "Complexity budget exhausted, query cost 30001, reset in 16 seconds",
    "error_data": {},
    "errors": ["Complexity budget exhausted, reset in 17 seconds"],
    "account_id": 1,
}
FIELD = {
    "error_code": "FIELD_LIMIT_EXCEEDED",
    "error_data": {"retry_in_seconds": 15, "entity": "boards"},
    "status_code": 429,
    "error_message": "Concurrency limit exceeded",
}
OLDER: dict[str, Any] = {"complexity": 30_001, "complexity_budget_left": 0, "status_code": 429}
LOCKED = {"errors": [{"message": "Resource is currently locked, please try again later"}]}
DENIED = coded("USER_ACCESS_DENIED")
HTML = b"<html><h1>Oops</h1></html>"
LATE = {"retry-after": "Thu, 01 Oct 2026 12:00:40 GMT"}

SHAPES = [
    Shape("complexity", 429, coded("COMPLEXITY_BUDGET_EXHAUSTED", retry_in_seconds=33),
          RateLimited, 33, "COMPLEXITY_BUDGET_EXHAUSTED"),
    Shape("complexity 2025-01", 429,
          coded("COMPLEXITY_BUDGET_EXHAUSTED", retry_in_seconds="59", **OLDER), RateLimited, 59),
    Shape("complexity in 200", 200, coded("COMPLEXITY_BUDGET_EXHAUSTED"), RateLimited, 60),
    Shape("complexity legacy", 200, LEGACY, RateLimited, 17, "ComplexityException"),
    Shape("complexity legacy code", 200, {"error_code": "complexityBudgetExhausted"},
          RateLimited, 60),
    Shape("complexity, strings only", 200,
          {"errors": ["Complexity budget exhausted, reset in 9 seconds"]}, RateLimited, 9),
    Shape("field concurrency", 429, FIELD, RateLimited, 15, "FIELD_LIMIT_EXCEEDED"),
    Shape("minute", 429, coded("Rate Limit Exceeded"), RateLimited, 21,
          headers={"retry-after": "21"}),
    Shape("minute, body longer", 429, coded("RATE_LIMIT_EXCEEDED", retry_in_seconds=30),
          RateLimited, 30, headers={"retry-after": "21"}),
    Shape("minute, header policy", 429, coded("RATE_LIMIT_EXCEEDED"), RateLimited, 12,
          headers={"ratelimit": BUSY}),
    Shape("minute, HTTP date", 429, HTML, RateLimited, 40, headers=LATE),
    Shape("minute, HTML", 429, HTML, RateLimited, 60),
    Shape("concurrency", 429, coded("maxConcurrencyExceeded", retry_in_seconds=5), RateLimited, 5),
    Shape("address", 429, coded("IP_RATE_LIMIT_EXCEEDED"), RateLimited, 10,
          headers={"retry-after": "10"}),
    Shape("day", 429, coded("DAILY_LIMIT_EXCEEDED", retry_in_seconds=5), RateLimited, 43_200),
    Shape("day in 200", 200, coded("DAILY_LIMIT_EXCEEDED"), RateLimited, 43_200),
    Shape("absurd wait", 429, coded("RATE_LIMIT_EXCEEDED", retry_in_seconds=1e12),
          RateLimited, 3_600),
    Shape("nonsense wait", 429, coded("RATE_LIMIT_EXCEEDED", retry_in_seconds=-3),
          RateLimited, 60, headers={"retry-after": "soon"}),
    Shape("query too big", 200, coded("REQUEST_MAX_COMPLEXITY_EXCEEDED"), Refused),
    Shape("query too big in 429", 429, coded("REQUEST_MAX_COMPLEXITY_EXCEEDED"), Refused),
    Shape("key in flight", 409, coded("IDEMPOTENCY_CONFLICT"), ServerFault, 3,
          headers={"retry-after": "3"}),
    Shape("locked", 423, LOCKED, ServerFault, 2, "currently locked"),
    Shape("blocked", 200, coded("API_TEMPORARILY_BLOCKED"), ServerFault, 300),
    Shape("server", 500, HTML, ServerFault),
    Shape("gateway", 502, b"", ServerFault),
    Shape("unavailable", 503, {"errors": ["x"]}, ServerFault, 7, headers={"retry-after": "7"}),
    Shape("internal in 200", 200, {"data": None, **coded("INTERNAL_SERVER_ERROR")}, ServerFault),
    Shape("HTML in 200", 200, HTML, ServerFault),
    Shape("half an answer", 200, b'{"data":{"boards":[{"id":"1', ServerFault),
    Shape("bare NaN", 200, b'{"data":{"boards":NaN}}', ServerFault),
    Shape("bottomless", 200, b'{"data":' + b"[" * 200_000, ServerFault),
    Shape("nothing", 200, b"", ServerFault),
    Shape("an array", 200, [], ServerFault),
    Shape("no data", 200, {}, ServerFault),
    Shape("null data", 200, {"data": None}, ServerFault),
    Shape("empty list of data", 200, {"data": []}, ServerFault),
    Shape("refused, data a list", 200, {"data": [], **coded("InvalidBoardIdException")}, Refused,
          says="InvalidBoardIdException: no"),
    Shape("refused, data absent", 200, coded("InvalidColumnIdException", "no such column"),
          Refused, says="no such column"),
    Shape("bad version", 400, coded("InvalidVersionException"), Refused),
    Shape("wrong address", 404, HTML, Refused, says="MONDAYBRIDGE_MONDAY__API_URL"),
    Shape("wrong address in JSON", 404, {"errors": ["Not found"]}, Refused,
          says="MONDAYBRIDGE_MONDAY__API_URL"),
    Shape("redirected", 308, HTML, UpstreamError, says="sent on to https://elsewhere.example",
          headers={"location": "https://elsewhere.example"}),
    Shape("no token", 401, {"errors": ["Not Authenticated"]}, CredentialsError,
          says="set MONDAYBRIDGE_MONDAY__TOKEN to a valid API token"),
    Shape("no token in HTML", 401, HTML, CredentialsError, says="MONDAYBRIDGE_MONDAY__TOKEN"),
    Shape("user may not", 403, DENIED, CredentialsError, says="may not be view-only"),
    Shape("user may not in 200", 200, coded("UserUnauthorizedException"), CredentialsError),
    Shape("cursor", 200, coded("CursorException"), CursorExpired),
    Shape("cursor by another name", 200, coded("CURSOR_EXPIRED"), CursorExpired),
]  # fmt: skip


def reply(shape: Shape) -> Reply:
    body = shape.body if isinstance(shape.body, bytes) else msgspec.json.encode(shape.body)
    return Reply(shape.status, shape.headers, body)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda one: one.name)
def test_each_shape_asks_for_one_thing(shape: Shape) -> None:
    with pytest.raises(BridgeError) as caught:
        opened(reply(shape), operation="FirstPage", now=NOW)
    error = caught.value
    assert type(error) is shape.raised
    assert shape.says in str(error)
    assert "FirstPage" in str(error)
    assert (error.until if isinstance(error, TryLater) else 0) == shape.until


def test_the_day_ends_at_midnight_utc() -> None:
    shape = next(one for one in SHAPES if one.name == "day")
    assert shape.until == MIDNIGHT


def test_parts_that_failed_are_kept_with_their_paths_and_codes() -> None:
    answer = {
        "data": {"a0": {"id": "1"}, "a1": None},
        "errors": [
            {"message": "bad", "path": ["a1"], "extensions": {"code": "ColumnValueException"}}
        ],
        "extensions": {"warnings": [{"message": "old\nfield"}, "older"]},
    }
    found = opened(Reply(200, {}, msgspec.json.encode(answer)), operation="Write", now=NOW)
    assert found == Opened(
        msgspec.Raw(b'{"a0":{"id":"1"},"a1":null}'),
        (Fault("ColumnValueException", "bad", ("a1",)),),
        ("old field", "older"),
    )


def test_a_permission_that_one_field_lacks_is_no_bad_token() -> None:
    answer = {"data": {"boards": None}, **coded("UserUnauthorizedException")}
    answer["errors"][0]["path"] = ["boards", 0]
    found = opened(Reply(200, {}, msgspec.json.encode(answer)), operation="Read", now=NOW)
    assert found.faults == (Fault("UserUnauthorizedException", "no", ("boards", "0")),)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (BUSY, 12),
        ('"complexityMinute";r=0;t=60, "minuteRate";r=0;t=12', 60),
        ('"concurrency";r=0', 0),
        ('"minuteRate";r=1334, "complexityMinute";r=4999840;t=60', 0),
        ("minuteRate;r=0;t=7", 7),
        ('"a";r=0;t=99999', 3_600),
        (";;;=,\x00", 0),
        ("", 0),
    ],
)
def test_a_used_up_policy_is_read_from_any_answer(header: str, seconds: int) -> None:
    expected = NOW + seconds * 1000 if seconds else 0
    assert exhausted_until({"ratelimit": header}, NOW) == expected


@pytest.mark.parametrize("status", [200, 401, 429, 500])
def test_errors_of_any_form_are_shown_short_and_on_one_line(status: int) -> None:
    deep: object = "x"
    for _ in range(50):
        deep = [deep]
    forms = [{"message": deep, "path": [deep, 3]}, {"message": "a\n\x00b" * 500}, 7, None, [1]]
    with pytest.raises(BridgeError) as caught:
        opened(
            Reply(status, {}, msgspec.json.encode({"errors": forms, "error_data": deep})),
            operation="Any",
            now=NOW,
        )
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 1_000
