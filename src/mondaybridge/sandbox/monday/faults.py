"""The answers of a bad day: every error shape of monday.md §3, by the name of a planned fault.

=====================  ======  ==============================================================
kind                   status  what the caller sees
=====================  ======  ==============================================================
complexity             429     budget exhausted, shape by API version
complexity_legacy      200     flat body with ``error_code`` and string errors
field_limit            429     flat ``FIELD_LIMIT_EXCEEDED``, wait in ``error_data``
minute_limit           429     ``RATE_LIMIT_EXCEEDED`` and ``Retry-After``
concurrency            429     ``maxConcurrencyExceeded``
ip_limit               429     ``IP_RATE_LIMIT_EXCEEDED``
daily_limit            429     ``DAILY_LIMIT_EXCEEDED``, no wait: not before 00:00 UTC
query_too_big          200     ``REQUEST_MAX_COMPLEXITY_EXCEEDED``
in_flight              409     ``IDEMPOTENCY_CONFLICT`` and ``Retry-After``
locked                 423     resource is currently locked
blocked                200     ``API_TEMPORARILY_BLOCKED``
server_error           500     a page of HTML
null_data              200     ``data: null`` and an error
empty_data             200     ``data: []`` and an error
garbage                200     JSON that stops in the middle
unauthorized           401     not authenticated
user_unauthorized      403     ``UserUnauthorizedException``
user_denied            403     ``USER_ACCESS_DENIED``
---------------------  ------  --------------------------------------------------------------
null_board             200     ``boards`` holds nulls (option ``short``: is empty)
partial                200     the last root field (option ``field``) fails, the others answer
cursor_expired         200     ``CursorException`` from ``next_items_page``
log_denied             200     ``activity_logs`` is null, ``USER_UNAUTHORIZED``
log_gap                200     ``activity_logs`` lacks each second row (option ``every``)
drop_request           -       the connection breaks before the request ran
drop_answer            -       the connection breaks after the request ran
read_lag               -       after the next change reads are old for ``ms`` (15 s)
=====================  ======  ==============================================================

Options of the first part: ``status``, ``retry_after`` (header, seconds), ``retry_in_seconds``.
"""

from collections.abc import Callable, Mapping

import msgspec

from mondaybridge.sandbox.world import Fault, Response, World

Body = dict[str, object]
Headers = dict[str, str]
Options = Mapping[str, object]

DURING_EXECUTION = frozenset({
    "null_board", "partial", "cursor_expired", "log_denied", "log_gap", "drop_answer",
})  # fmt: skip
RATE_LIMITS = frozenset({
    "complexity", "complexity_legacy", "field_limit", "minute_limit", "concurrency", "ip_limit",
    "daily_limit", "query_too_big",
})  # fmt: skip
"""Rejections that count a tenth of a daily call."""


def take(world: World, operation: str) -> Fault | None:
    """Take the first fault planned for an operation; a planned lag waits for a change."""
    for fault in world.faults:
        planned = fault.service == "monday" and fault.kind != "read_lag" and fault.times > 0
        if planned and fault.match in operation:
            fault.times -= 1
            return fault
    return None


def answer(kind: str, options: Options, version: str) -> Response:
    """Build the response of a fault that keeps the request from running.

    Raises:
        ValueError: when no fault has this name.
    """
    if kind == "server_error":
        return _response(500, b"<html><body><h1>500 Internal Server Error</h1></body></html>", {})
    if kind == "garbage":
        return _response(200, b'{"data":{"boards":[{"id":"1', {})
    if kind not in _SHAPES:
        raise ValueError(f"monday's stand-in knows no fault {kind!r}")
    status, headers, body = _SHAPES[kind](options, version)
    if "retry_after" in options:
        headers["retry-after"] = str(options["retry_after"])
    return _response(int(str(options.get("status", status))), msgspec.json.encode(body), headers)


def graphql_body(message: str, code: str, **extensions: object) -> Body:
    """Build a body with one error and no data."""
    return {"errors": [{"message": message, "extensions": {"code": code, **extensions}}]}


def _response(status: int, body: bytes, headers: Headers) -> Response:
    html = body.startswith(b"<")
    kind = "text/html" if html else "application/json; charset=utf-8"
    return Response(status, body, {"content-type": kind, **headers})


def _wait(options: Options, default: int) -> int:
    return int(str(options.get("retry_in_seconds", default)))


def _complexity(options: Options, version: str) -> tuple[int, Headers, Body]:
    wait = _wait(options, 60)
    older: dict[str, object] = {}
    if version < "2025-10":
        older = {
            "complexity": 30_001,
            "complexity_budget_left": 0,
            "complexity_budget_limit": 10_000_000,
            "status_code": 429,
        }
    body = graphql_body(
        "Complexity budget exhausted",
        "COMPLEXITY_BUDGET_EXHAUSTED",
        retry_in_seconds=wait,
        **older,
    )
    return 429, {}, body


def _complexity_legacy(options: Options, _: str) -> tuple[int, Headers, Body]:
    message = f"Complexity budget exhausted, reset in {_wait(options, 16)} seconds"
    return 200, {}, _flat("ComplexityException", message, {}) | {"errors": [message]}


def _field_limit(options: Options, _: str) -> tuple[int, Headers, Body]:
    data: Body = {"retry_in_seconds": _wait(options, 15), "entity": "boards"}
    return 429, {}, _flat("FIELD_LIMIT_EXCEEDED", "Concurrency limit exceeded", data)


def _flat(code: str, message: str, data: Body) -> Body:
    return {
        "error_code": code,
        "status_code": 429,
        "error_message": message,
        "error_data": data,
        "account_id": 9000001,
    }


def _limited(
    code: str, message: str, default: int
) -> Callable[[Options, str], tuple[int, Headers, Body]]:
    def build(options: Options, _: str) -> tuple[int, Headers, Body]:
        wait = _wait(options, default)
        body = graphql_body(message, code, status_code=429, retry_in_seconds=wait)
        return 429, {"retry-after": str(wait)}, body

    return build


def _fixed(
    status: int, code: str, message: str
) -> Callable[[Options, str], tuple[int, Headers, Body]]:
    def build(_: Options, __: str) -> tuple[int, Headers, Body]:
        return status, {}, graphql_body(message, code, status_code=status)

    return build


def _with_data(data: object) -> Callable[[Options, str], tuple[int, Headers, Body]]:
    def build(_: Options, __: str) -> tuple[int, Headers, Body]:
        body = graphql_body("Internal server error", "INTERNAL_SERVER_ERROR", status_code=500)
        return 200, {}, {"data": data, **body}

    return build


def _in_flight(_: Options, __: str) -> tuple[int, Headers, Body]:
    body = graphql_body("A request with this key is running", "IDEMPOTENCY_CONFLICT")
    return 409, {"retry-after": "1"}, body


def _unauthorized(_: Options, __: str) -> tuple[int, Headers, Body]:
    return 401, {}, {"errors": ["Not Authenticated"]}


_SHAPES: dict[str, Callable[[Options, str], tuple[int, Headers, Body]]] = {
    "complexity": _complexity,
    "complexity_legacy": _complexity_legacy,
    "field_limit": _field_limit,
    "minute_limit": _limited("RATE_LIMIT_EXCEEDED", "Rate Limit Exceeded", 60),
    "concurrency": _limited("maxConcurrencyExceeded", "Max concurrency exceeded", 5),
    "ip_limit": _limited("IP_RATE_LIMIT_EXCEEDED", "IP rate limit exceeded", 10),
    "daily_limit": _fixed(429, "DAILY_LIMIT_EXCEEDED", "Daily limit exceeded"),
    "query_too_big": _fixed(200, "REQUEST_MAX_COMPLEXITY_EXCEEDED", "Query is too complex"),
    "in_flight": _in_flight,
    "locked": _fixed(
        423, "RESOURCE_LOCKED", "Resource is currently locked, please try again later"
    ),
    "blocked": _fixed(200, "API_TEMPORARILY_BLOCKED", "API is temporarily blocked"),
    "null_data": _with_data(None),
    "empty_data": _with_data([]),
    "unauthorized": _unauthorized,
    "user_unauthorized": _fixed(403, "UserUnauthorizedException", "User unauthorized"),
    "user_denied": _fixed(403, "USER_ACCESS_DENIED", "User access denied"),
}

KINDS = frozenset({
    *_SHAPES, *DURING_EXECUTION, "server_error", "garbage", "drop_request", "read_lag",
})  # fmt: skip
"""Every kind of fault; whoever plans one can check its name."""
