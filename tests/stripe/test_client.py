"""The wire: same key and bytes whatever happens, patience within one call, errors in our words."""

import logging
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from stripe._api_version import _ApiVersion

from mondaybridge.errors import (
    BridgeError,
    CredentialsError,
    LeaseLost,
    Parked,
    TryLater,
    UpstreamError,
)
from mondaybridge.sandbox.stripe.data import StripeData
from mondaybridge.stripe import credit_notes, documents, observation
from mondaybridge.stripe.client import API_VERSION, SavedFailure, StripeGateway, Write, rows
from mondaybridge.stripe.failures import Gone, Missing
from stripebook import (
    CUSTOMER,
    KEY,
    START,
    Account,
    Effects,
    Row,
    planned_credit,
    planned_invoice,
)

STEPS = ("create_draft", "add_lines", "finalize", "send", "create_credit_note", "delete_draft")
PATHS = {
    "create_draft": "POST /v1/invoices ",
    "add_lines": "add_lines",
    "finalize": "finalize",
    "send": "/send",
    "create_credit_note": "POST /v1/credit_notes",
    "delete_draft": "DELETE",
}


def prepared(account: Account, step: str) -> Callable[[int], object]:
    """Bring an account to where a step is next and return that step, by attempt."""
    gateway, effects, plan = account.gateway, account.effects, planned_invoice()
    if step == "create_draft":
        return lambda attempt: documents.create_draft(
            gateway, effects, document=plan, attempt=attempt
        )
    stripe_id = documents.create_draft(gateway, effects, document=plan, attempt=1)
    if step == "add_lines":
        return lambda attempt: documents.add_lines(
            gateway, effects, stripe_id=stripe_id, document=plan, chunk=0, attempt=attempt
        )
    account.fill(stripe_id, plan)
    if step in {"finalize", "delete_draft"}:
        act = documents.finalize if step == "finalize" else documents.delete_draft
        return lambda attempt: act(gateway, effects, stripe_id=stripe_id, key=KEY, attempt=attempt)
    documents.finalize(gateway, effects, stripe_id=stripe_id, key=KEY, attempt=1)
    if step == "send":
        return lambda attempt: documents.send(
            gateway, effects, stripe_id=stripe_id, key=KEY, attempt=attempt
        )
    credit = planned_credit(account.seen()[0], amount=1000, minutes=10)
    return lambda attempt: credit_notes.create(
        gateway, effects, document=credit, split=credit_notes.Split(), attempt=attempt
    )


def state(account: Account) -> dict[str, object]:
    return {
        "invoices": [(found.status, len(found.lines)) for found in account.api.invoices.values()],
        "notes": len(account.api.credit_notes),
        "mails": len(account.api.mails),
    }


def after(step: str) -> dict[str, object]:
    account = Account()
    prepared(account, step)(1)
    return state(account)


def keys(account: Account) -> set[str]:
    return {request.headers["idempotency-key"] for request in account.sent}


@pytest.mark.parametrize("fault", ["drop_request", "drop_answer", "lock_timeout", "rate_limit"])
@pytest.mark.parametrize("step", STEPS)
def test_what_passes_is_waited_for_with_the_same_key_and_bytes(step: str, fault: str) -> None:
    account = Account()
    act = prepared(account, step)
    account.sent.clear()
    account.fault(fault, PATHS[step], times=3)
    act(1)
    assert state(account) == after(step)
    assert len(account.sent) >= 2
    assert len({(request.content, *keys(account)) for request in account.sent}) == 1


@pytest.mark.parametrize("step", STEPS[:-1])
def test_a_key_in_use_is_waited_for(step: str) -> None:
    account = Account()
    act = prepared(account, step)
    account.fault("in_use", PATHS[step], times=3)
    act(1)
    assert state(account) == after(step)
    assert account.clock.slept == [0.5, 1, 2]


@pytest.mark.parametrize("step", STEPS)
def test_an_answer_lost_for_long_is_found_by_the_next_try(step: str) -> None:
    account = Account()
    act = prepared(account, step)
    account.fault("drop_answer", PATHS[step], times=6)
    before, answered = account.clock.now(), len(account.effects.rows)
    with pytest.raises(TryLater, match="no answer from Stripe"):
        act(1)
    assert account.clock.now() - before <= 20_000
    row = list(account.effects.rows.values())[answered]
    assert (row.op, row.status) == (step, 0)
    act(1)
    found = 404 if step == "delete_draft" else 200  # Stripe keeps no key of a DELETE
    assert (row.status, len(account.effects.rows)) == (found, answered + 1)
    assert state(account) == after(step)


@pytest.mark.parametrize("step", STEPS[:-1])
def test_a_saved_failure_asks_for_a_look_and_a_new_attempt(step: str) -> None:
    account = Account()
    act = prepared(account, step)
    account.sent.clear()
    account.fault("saved_500", PATHS[step])
    for _ in range(2):  # the second is Stripe's replay
        with pytest.raises(SavedFailure, match=f"failed at {step}"):
            act(1)
    assert [row.status for row in account.effects.rows.values()][-1] == 500
    assert len(account.sent) == 2
    act(2)
    assert state(account) == after(step)
    assert len(keys(account)) == 2


def test_a_call_waits_less_than_twenty_seconds() -> None:
    account, limits = Account(), list[object]()

    def busy(request: httpx.Request) -> httpx.Response:
        limits.append(request.extensions["timeout"])
        return httpx.Response(429, json={"error": {"message": "Too many requests."}})

    gateway = account.connect(httpx.MockTransport(busy))
    with pytest.raises(TryLater, match="patience: Too many"):
        observation.observe(gateway, CUSTOMER, ())
    assert account.clock.slept == [0.5, 1, 2, 4, 8]
    assert limits == [
        {"connect": 5, "read": left, "write": left, "pool": left}
        for left in (20, 19.5, 18.5, 16.5, 12.5, 4.5)
    ]


def test_slow_answers_use_the_time_up() -> None:
    account = Account()

    def slow(request: httpx.Request) -> httpx.Response:
        account.sent.append(request)
        account.clock.advance(19_000)
        raise httpx.ReadTimeout("nothing came", request=request)

    gateway = account.connect(httpx.MockTransport(slow))
    with pytest.raises(TryLater, match="nothing came"):
        observation.observe(gateway, CUSTOMER, ())
    assert len(account.sent) == 2


@pytest.mark.parametrize("status", [500, 502, 503])
def test_reads_are_repeated_when_the_server_fails(status: int) -> None:
    account, answers = Account(), iter([status, status])

    def failing(request: httpx.Request) -> httpx.Response:
        failed = next(answers, None)
        return httpx.Response(failed, text="oops") if failed else account.answer(request)

    gateway = account.connect(httpx.MockTransport(failing))
    assert observation.observe(gateway, CUSTOMER, ()) == []


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json=["x"]),
        httpx.Response(200, text="[" * 100_000),
        httpx.Response(503, text="busy"),
        httpx.Response(529, json={}),
    ],
)
def test_an_answer_that_says_nothing_leaves_the_effect_open(answer: httpx.Response) -> None:
    account = Account()
    gateway = account.connect(httpx.MockTransport(lambda _: answer))
    with pytest.raises(TryLater) as caught:
        documents.create_draft(gateway, account.effects, document=planned_invoice(), attempt=1)
    assert not isinstance(caught.value, SavedFailure)
    assert [row.status for row in account.effects.rows.values()] == [0]


def test_a_takeover_sends_the_stored_bytes() -> None:
    account, plan = Account(), planned_invoice()
    account.fault("drop_request", times=6)
    with pytest.raises(TryLater):
        documents.create_draft(account.gateway, account.effects, document=plan, attempt=1)
    changed = replace(plan, description="Other words after an update", days_until_due=30)
    stripe_id = documents.create_draft(
        account.gateway, account.effects, document=changed, attempt=1
    )
    shown = account.api.perform("GET", f"/v1/invoices/{stripe_id}", [])
    assert shown["description"] == plan.description
    assert shown["metadata"]["mb_plan"] == plan.digest
    assert len(account.effects.rows) == 1


def test_an_effect_is_kept_with_its_exact_request() -> None:
    account = Account()
    stripe_id = documents.create_draft(
        account.gateway, account.effects, document=planned_invoice(), attempt=3
    )
    assert account.effects.rows == {
        f"mb:{KEY}:create_draft:0:3": Row(
            "create_draft",
            0,
            3,
            "POST",
            "/v1/invoices",
            account.sent[0].content,
            200,
            stripe_id,
        )
    }
    headers = account.sent[0].headers
    assert headers["stripe-version"] == API_VERSION == _ApiVersion.CURRENT
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert "x-stripe-client-telemetry" not in headers


@pytest.mark.parametrize("business_key", ["k" * 300, "società", "two\nlines"])
def test_a_key_fits_its_header(business_key: str) -> None:
    key = Write(Effects(), business_key, "create_draft", 1).idem_key
    other = Write(Effects(), business_key + "x", "create_draft", 1).idem_key
    assert len(key) <= 255
    assert key.isascii()
    assert key.isprintable()
    assert key != other


def test_each_send_renews_the_lease_and_finds_no_transaction() -> None:
    account = Account()
    account.fault("drop_answer", times=2)
    documents.create_draft(account.gateway, account.effects, document=planned_invoice(), attempt=1)
    assert (account.effects.fenced, len(account.before), len(account.sent)) == (3, 4, 3)


def test_nothing_is_sent_once_the_lease_is_lost() -> None:
    account = Account()

    def lost() -> None:
        raise LeaseLost("another worker has it")

    account.effects.on_fence = lost
    with pytest.raises(LeaseLost):
        documents.create_draft(
            account.gateway, account.effects, document=planned_invoice(), attempt=1
        )
    assert account.sent == []


def test_a_crash_is_not_swallowed() -> None:
    class Crash(BaseException):
        pass

    def crash(_: httpx.Request) -> httpx.Response:
        raise Crash

    account = Account()
    with pytest.raises(Crash):
        observation.observe(account.connect(httpx.MockTransport(crash)), CUSTOMER, ())


def test_a_write_needs_an_effect() -> None:
    account = Account()
    with pytest.raises(AssertionError, match="without an effect"):
        account.gateway.read(lambda client: client.v1.invoices.create({"customer": CUSTOMER}))
    assert account.sent == []


def refusing(status: int, **error: str) -> StripeGateway:
    body = {"error": {"message": "No.", **error}}
    return Account().connect(httpx.MockTransport(lambda _: httpx.Response(status, json=body)))


@pytest.mark.parametrize(
    ("status", "error", "kind", "words"),
    [
        (401, {}, CredentialsError, "set MONDAYBRIDGE_STRIPE__API_KEY"),
        (403, {}, CredentialsError, r"MONDAYBRIDGE_STRIPE__API_KEY may not do this: No\."),
        (400, {"code": "c", "param": "p"}, UpstreamError, "status 400, code c, param p"),
        (404, {"code": "resource_missing"}, Missing, "no such object"),
        (402, {}, UpstreamError, "refuses the request"),
        (424, {}, UpstreamError, "refuses the request"),
        (429, {}, TryLater, "patience"),
        (409, {}, TryLater, "cannot answer now"),
        (500, {}, TryLater, "cannot answer now"),
    ],
)
def test_a_refused_read(
    status: int, error: dict[str, str], kind: type[BridgeError], words: str
) -> None:
    with pytest.raises(kind, match=words):
        observation.observe(refusing(status, **error), CUSTOMER, ())


@pytest.mark.parametrize(
    ("status", "error", "kind", "kept"),
    [
        (401, {}, CredentialsError, 0),
        (403, {}, CredentialsError, 403),
        (400, {"code": "c", "param": "p"}, Parked, 400),
        (400, {"type": "idempotency_error"}, Parked, 400),
        (404, {}, Gone, 404),
        (402, {}, Parked, 402),
        (424, {}, Parked, 424),
        (500, {}, SavedFailure, 500),
        (409, {}, TryLater, 0),
        (429, {}, TryLater, 0),
        (502, {}, TryLater, 0),
    ],
)
def test_a_refused_write(
    status: int, error: dict[str, str], kind: type[BridgeError], kept: int
) -> None:
    effects = Effects()
    with pytest.raises(kind) as caught:
        documents.create_draft(
            refusing(status, **error), effects, document=planned_invoice(), attempt=1
        )
    assert type(caught.value) is kind
    assert [row.status for row in effects.rows.values()] == [kept]


def test_a_refused_write_is_parked_with_what_stripe_said() -> None:
    account = Account()
    with pytest.raises(Parked) as caught:
        documents.create_draft(
            account.gateway,
            account.effects,
            document=replace(planned_invoice(), customer="cus_never"),
            attempt=1,
        )
    assert caught.value.reason == ("Stripe refuses create_draft: No such customer: 'cus_never'")
    assert caught.value.evidence.startswith(
        "status 400, code resource_missing, param customer, request req_"
    )


def test_another_request_under_our_key_is_parked() -> None:
    account, plan = Account(), planned_invoice()
    documents.create_draft(account.gateway, account.effects, document=plan, attempt=1)
    restored = Effects()  # the store came back from a backup: its effects are gone
    changed = replace(plan, description="planned anew")
    with pytest.raises(Parked, match="knows the key of this create_draft with other bytes"):
        documents.create_draft(account.gateway, restored, document=changed, attempt=1)


def test_a_key_older_than_a_day_makes_another_object() -> None:
    account, plan = Account(), planned_invoice()
    first = documents.create_draft(account.gateway, account.effects, document=plan, attempt=1)
    account.clock.advance(25 * 3_600_000)
    again = documents.create_draft(account.gateway, account.effects, document=plan, attempt=1)
    assert first != again  # why the domain looks first when an effect is old


def test_the_key_is_never_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    account = Account()
    account.issue(planned_invoice())
    assert "sk_test_canary" not in caplog.text
    assert {request.headers["authorization"] for request in account.sent} == {
        "Bearer sk_test_canary"
    }


def test_notices_of_stripe_are_not_printed(recwarn: pytest.WarningsRecorder) -> None:
    account = Account(StripeData())

    def noticing(request: httpx.Request) -> httpx.Response:
        response = account.answer(request)
        response.headers["Stripe-Notice"] = "try our new things"
        return response

    gateway = account.connect(httpx.MockTransport(noticing))
    assert observation.observe(gateway, CUSTOMER, ()) == []
    assert list(recwarn) == []


def test_a_list_that_never_ends_is_refused() -> None:
    account = Account()
    for _ in range(4):
        account.api.perform("POST", "/v1/invoices", [("customer", CUSTOMER)])
    seen = account.gateway.read(lambda c: list(rows(c, "/v1/invoices", {"limit": 1}, limit=4)))
    assert len(seen) == 4
    with pytest.raises(UpstreamError, match="does not end after 3 rows"):
        account.gateway.read(lambda c: list(rows(c, "/v1/invoices", {"limit": 1}, limit=3)))


def test_connections_are_let_go() -> None:
    gateway = Account().gateway
    gateway.close()
    with pytest.raises(RuntimeError):
        observation.was_sent(gateway, "in_1", START)
