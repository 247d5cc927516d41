"""monday.md §2, §3, §8: versions, credentials, limits, complexity, idempotency keys."""

import msgspec
import pytest

from mondaybridge.sandbox.monday.switches import Switches
from mondaybridge.sandbox.world import Request
from sandbox.build_monday import BOARD, MINUTE, WRITE, Sandbox, item, sandbox

ME = "{ me { id } }"


@pytest.mark.parametrize(
    ("asked", "echoed"),
    [
        (None, "2026-10"),
        ("2026-10", "2026-10"),
        ("2026-01", "2026-01"),
        ("2025-04", "2025-04"),
        ("2027-01", "2027-01"),
        ("2025-01", "2026-07"),
        ("2023-10", "2026-07"),
        ("2024-02", "2026-10"),
        ("2031-04", "2026-10"),
    ],
)
def test_the_version_is_echoed_or_silently_another(asked: str | None, echoed: str) -> None:
    headers = {} if asked is None else {"api_version": asked}
    response = sandbox().post(ME, **headers)
    assert (response.status, response.headers["api-version"]) == (200, echoed)


def test_a_malformed_version_is_refused() -> None:
    response = sandbox().post(ME, api_version="v2")
    error = msgspec.json.decode(response.body)["errors"][0]
    assert (response.status, error["extensions"]["code"]) == (400, "InvalidVersionException")


def test_a_token_is_needed() -> None:
    response = sandbox().post(ME, authorization="  ")
    assert response.status == 401
    assert msgspec.json.decode(response.body) == {"errors": ["Not Authenticated"]}
    assert response.headers["api-version"] == "2026-10"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"query": 1}', b'{"query": "{me{id}}", "variables": [1]}', b"\xff"],
)
def test_bodies_that_are_no_request(body: bytes) -> None:
    request = Request("POST", "/v2", "", {"authorization": "t"}, body)
    assert sandbox().api.handle(request).status == 400


def test_other_paths_and_methods() -> None:
    api = sandbox().api
    assert api.handle(Request("GET", "/v2")).status == 405
    assert api.handle(Request("POST", "/v3")).status == 404
    schema = api.handle(Request("GET", "/v2/get_schema", "format=sdl&version=2026-10"))
    assert (schema.status, schema.body[:6]) == (200, b"# The ")
    assert api.handle(Request("GET", "/v2/get_schema", "format=json")).status == 400


def test_an_operation_is_chosen_by_name() -> None:
    box = sandbox()
    query = "query A { me { id } } query B { account { id } }"

    def post(name: str | None) -> object:
        body = msgspec.json.encode({"query": query, "operationName": name})
        response = box.api.handle(Request("POST", "/v2", "", {"authorization": "t"}, body))
        return msgspec.json.decode(response.body).get("data", response.status)

    assert post("B") == {"account": {"id": "9000001"}}
    assert post(None) == 400
    assert post("C") == 400


def test_the_file_endpoint_takes_multipart_queries() -> None:
    body = (
        b'--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n'
        b"query ($i: [ID!]) { users(ids: $i) { id } }\r\n"
        b'--x\r\ncontent-disposition: form-data; name="variables"\r\n\r\n{"i": ["101"]}\r\n'
        b'--x\r\ncontent-disposition: form-data; name="0"; filename="a.txt"\r\n\r\nhello\r\n--x--'
    )
    headers = {"authorization": "t", "content-type": "multipart/form-data; boundary=x"}
    response = sandbox().api.handle(Request("POST", "/v2/file", "", headers, body))
    assert msgspec.json.decode(response.body)["data"] == {"users": [{"id": "101"}]}


def test_answers_carry_request_and_account_ids() -> None:
    assert sandbox().ask(ME) == {
        "data": {"me": {"id": "100"}},
        "extensions": {"request_id": "sandbox-1"},
        "account_id": 9000001,
    }


POLICY = (
    '"minuteRate";q=1000;w=60, "concurrency";q=40;qu="concurrent-requests", '
    '"complexityMinute";q=10000000;w=60;qu="content-bytes"'
)


def test_rate_headers_count_down_within_the_minute() -> None:
    box = sandbox(plan="standard")
    first = box.post(ME)
    box.world.clock.advance(20_000)
    second = box.post("{ boards { id } }")
    box.world.clock.advance(40_000)
    third = box.post(ME)

    assert first.headers["ratelimit-policy"] == POLICY
    assert [one.headers["ratelimit"] for one in (first, second, third)] == [
        '"minuteRate";r=999, "concurrency";r=39, "complexityMinute";r=9999990;t=60',
        '"minuteRate";r=998, "concurrency";r=39, "complexityMinute";r=9999970;t=40',
        '"minuteRate";r=999, "concurrency";r=39, "complexityMinute";r=9999990;t=60',
    ]


def test_an_apps_token_has_a_read_and_a_write_budget() -> None:
    box = sandbox()
    box.token = "app-oauth"
    read, write = (
        box.post("{ boards { id } }"),
        box.post('mutation { create_item(board_id: 200, item_name: "x") { id } }'),
    )
    assert "r=4999980" in read.headers["ratelimit"]
    assert "r=4989990" in write.headers["ratelimit"]


def spent(box: Sandbox, query: str) -> int:
    before = box.api.limits.left("personal")
    box.data(query)
    return before - box.api.limits.left("personal")


def test_complexity_is_10_per_returned_board() -> None:
    box = sandbox()
    for number in range(14):
        box.api.humans.create_board(name=f"B{number}", columns=[])
    assert spent(box, "{ boards(limit: 100) { id } }") == 160


@pytest.mark.parametrize("count", [0, 1, 3, 4, 6])
def test_complexity_of_a_page_is_20_and_30_per_item(count: int) -> None:
    box = sandbox(*[item(n + 1) for n in range(count)])
    query = """{ boards(ids: [200]) { items_page(limit: 25) { cursor items {
      id name state created_at updated_at creator_id email url relative_link
      board { id } group { id } } } } }"""
    assert spent(box, query) == 20 + 30 * count


def test_complexity_can_be_asked_for_in_any_operation() -> None:
    box = sandbox(item(1))
    data = box.data("{ c: complexity { q: query before after reset_in_x_seconds } boards { id } }")
    assert data["c"] == {
        "q": 20,
        "before": 10_000_000,
        "after": 9_999_980,
        "reset_in_x_seconds": 60,
    }
    box.world.clock.advance(15_000)
    data = box.data(
        """mutation { complexity { query after reset_in_x_seconds }
          create_item(board_id: 200, item_name: "New") { id } }"""
    )
    assert data["complexity"] == {"query": 10_010, "after": 9_989_970, "reset_in_x_seconds": 45}


def test_settings_are_data_and_cost_nothing() -> None:
    assert spent(sandbox(), '{ boards(ids: 200) { columns(ids: "status") { settings } } }') == 20


def test_calls_are_counted_by_the_day() -> None:
    box = sandbox()
    box.ask(ME)
    box.ask("{ complexity { query } }")
    box.plan("minute_limit")
    box.ask(ME)
    assert box.api.limits.calls_today == 1.2
    box.ask("{ a: me { id } b: me { id } }")
    assert box.api.limits.calls_today == 2.2
    box.world.clock.advance(12 * 60 * MINUTE)
    assert box.api.limits.calls_today == 0


def test_a_batch_may_count_each_root_field() -> None:
    box = sandbox(switches=Switches(batch_is_one_call=False))
    box.ask("{ a: me { id } b: me { id } }")
    assert box.api.limits.calls_today == 2


def test_budgets_are_enforced_when_switched_on() -> None:
    box = sandbox(switches=Switches(enforce_limits=True), plan="pro")

    def exhaust() -> tuple[int, str]:
        for _ in range(2501):
            response = box.post(ME)
            if response.status != 200:
                body = msgspec.json.decode(response.body)
                return response.status, body["errors"][0]["extensions"]["code"]
        raise AssertionError

    assert exhaust() == (429, "RATE_LIMIT_EXCEEDED")
    for _ in range(10_000):
        box.api.limits.count("personal")
    box.world.clock.advance(MINUTE)
    assert exhaust() == (429, "DAILY_LIMIT_EXCEEDED")
    box.world.clock.advance(12 * 60 * MINUTE)
    box.api.limits.spend("personal", 10_000_000)
    assert exhaust() == (429, "COMPLEXITY_BUDGET_EXHAUSTED")


CREATE = 'mutation { create_item(board_id: 200, item_name: "New") { id } }'


def test_a_key_replays_the_first_answer_for_30_minutes() -> None:
    box = sandbox()
    first = box.post(CREATE, idempotency_key="k1")
    box.world.clock.advance(30 * MINUTE - 1)
    again = box.post(CREATE, idempotency_key="k1")
    box.world.clock.advance(1)
    later = box.post(CREATE, idempotency_key="k1")

    assert "idempotency-replayed" not in first.headers
    assert (again.body, again.headers["idempotency-replayed"]) == (first.body, "true")
    assert "idempotency-replayed" not in later.headers
    assert len(box.api.state.boards[BOARD].item_ids) == 2


def test_keys_belong_to_a_token_and_to_mutations() -> None:
    box = sandbox()
    box.post(CREATE, idempotency_key="k1")
    other = box.post(CREATE, idempotency_key="k1", authorization="another")
    box.post(ME, idempotency_key="k2")
    read = box.post(ME, idempotency_key="k2")
    assert "idempotency-replayed" not in other.headers
    assert "idempotency-replayed" not in read.headers


def test_refused_writes_are_replayed_and_faults_are_not_kept() -> None:
    box = sandbox(item(1))
    variables = {"b": BOARD, "i": "1", "v": '{"hours": "1"}'}
    box.plan("locked")
    assert box.post(WRITE, variables, idempotency_key="k").status == 423
    done = box.post(WRITE, variables, idempotency_key="k")
    assert (done.status, "idempotency-replayed" in done.headers) == (200, False)
