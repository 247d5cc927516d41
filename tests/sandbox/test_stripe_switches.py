"""What Stripe leaves open, in both positions (stripe.md §6)."""

import pytest

from mondaybridge.sandbox.world import Fault
from stripe_desk import CUSTOMER, Desk

NEW = {"customer": CUSTOMER}


@pytest.mark.parametrize(("switch", "status"), [("finalises", 200), ("refused", 400)])
def test_send_on_a_draft(switch: str, status: int) -> None:
    """§1.4: `send` should finalise too."""
    desk = Desk(send_on_draft=switch)
    draft = desk.draft(1000)
    assert desk.ask("POST", f"/v1/invoices/{draft}/send").status == status
    assert desk.api.invoices[draft].status == ("open" if status == 200 else "draft")


@pytest.mark.parametrize(("most", "status"), [(250, 200), (100, 400)])
def test_how_many_lines_one_call_may_add(most: int, status: int) -> None:
    """§0.10."""
    desk = Desk(lines_per_call=most)
    lines = {"lines": [{"amount": 1}] * 101}
    assert desk.ask("POST", f"/v1/invoices/{desk.draft()}/add_lines", lines).status == status


@pytest.mark.parametrize(("most", "status"), [(1_000_000, 200), (20_000, 413)])
def test_how_large_a_body_may_be(most: int, status: int) -> None:
    """§1.2: 250 realistic lines are 111 kB."""
    desk = Desk(body_bytes=most)
    lines = {"lines": [{"amount": 1, "description": "x" * 400}] * 100}
    assert desk.ask("POST", f"/v1/invoices/{desk.draft()}/add_lines", lines).status == status


@pytest.mark.parametrize("said", [True, False])
def test_whether_a_replay_says_so(said: bool) -> None:  # noqa: FBT001 - the switch
    """§1.3."""
    desk = Desk(replayed_header=said)
    first, again = (desk.ask("POST", "/v1/invoices", NEW, idempotency_key="k") for _ in range(2))
    assert first.body == again.body
    assert ("idempotent-replayed" in again.headers) == said


@pytest.mark.parametrize("code", ["idempotency_key_in_use", ""])
def test_the_code_of_a_concurrent_request(code: str) -> None:
    """§1.3."""
    desk = Desk(in_use_code=code)
    desk.world.faults.append(Fault("stripe", "in_use"))
    refusal = desk.refusal("POST", "/v1/invoices", NEW)
    assert (refusal["status"], refusal.get("code", "")) == (409, code)


@pytest.mark.parametrize("reason", ["", "endpoint-rate"])
def test_what_the_limiter_says_of_itself(reason: str) -> None:
    """§1.2."""
    desk = Desk(rate_limited_reason=reason)
    desk.world.faults.append(Fault("stripe", "rate_limit"))
    answer = desk.ask("POST", "/v1/invoices", NEW)
    assert (answer.status, answer.headers.get("stripe-rate-limited-reason", "")) == (429, reason)


@pytest.mark.parametrize(("switch", "status"), [("metadata", 400), ("texts", 200)])
def test_what_can_be_edited_once_final(switch: str, status: int) -> None:
    """§1.4: amounts never, metadata always."""
    desk = Desk(editable_after_finalising=switch)
    path = f"/v1/invoices/{desk.open(1000)['id']}"
    assert desk.ask("POST", path, {"footer": "new"}).status == status
    assert desk.ask("POST", path, {"metadata": {"a": "1"}}).status == 200
    assert desk.ask("POST", path, {"days_until_due": 3}).status == 400


def test_a_restricted_key_lacks_a_permission() -> None:
    """§1.1: PermissionError, 403."""
    desk = Desk()
    options: dict[str, object] = {"permission": "rak_credit_note_write"}
    desk.world.faults.append(Fault("stripe", "forbidden", "Invoice.create", options=options))
    refusal = desk.refusal("POST", "/v1/invoices", NEW)
    assert refusal["status"] == 403
    assert "'rak_credit_note_write' permission" in refusal["message"]


def test_the_account_says_who_it_is() -> None:
    shown = Desk().get("/v1/account")
    assert (shown["object"], shown["id"][:5]) == ("account", "acct_")
