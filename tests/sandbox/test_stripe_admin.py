"""People's deeds in Stripe as routes, for whoever steers a sandbox from outside (stripe.md §5)."""

import json

import pytest

from mondaybridge.sandbox.data import WorldData
from mondaybridge.sandbox.server import Sandbox
from mondaybridge.sandbox.stripe.api import FAULT_KINDS
from mondaybridge.sandbox.world import Clock, Request, Response
from stripe_desk import START, Json

CUSTOMER = "cus_tea"


def _sandbox() -> Sandbox:
    customers = [{"id": CUSTOMER, "name": "Tea Rooms", "email": "t@tea.example"}]
    return Sandbox(Clock(START), WorldData.model_validate({"stripe": {"customers": customers}}))


def _ask(one: Sandbox, path: str, **arguments: object) -> Response:
    body = json.dumps(arguments).encode()
    return one.handle_stripe(Request("POST", f"/admin/{path}", body=body))


def _deed(one: Sandbox, name: str, **arguments: object) -> Json:
    response = _ask(one, f"stripe/humans/{name}", **arguments)
    assert response.status == 200, response.body
    return dict(json.loads(response.body))


def _draft(one: Sandbox, amount: int) -> str:
    fields = [("customer", CUSTOMER), ("collection_method", "send_invoice")]
    fields.append(("days_until_due", "30"))
    draft = str(one.stripe.perform("POST", "/v1/invoices", fields)["id"])
    _deed(one, "add_line", invoice=draft, amount=amount, description="October")
    return draft


def test_an_invoice_lives_by_routes_alone() -> None:
    """§1.4, §1.6: paid in parts, declined, credited by hand, its metadata lost."""
    one = _sandbox()
    draft = _draft(one, 1000)
    line = one.stripe.invoices[draft].lines[0].id
    _deed(one, "edit_line", invoice=draft, line=line, amount=900)
    _deed(one, "finalize_invoice", invoice=draft)
    assert _deed(one, "fail_payment", invoice=draft)["attempted"] is True
    assert _deed(one, "pay", invoice=draft, amount=400)["amount_remaining"] == 500
    assert _deed(one, "pay", invoice=draft)["status"] == "paid"
    note = _deed(
        one, "credit_line", invoice=draft, line=line, amount=100, credit_amount="100", memo="sorry"
    )
    assert (note["post_payment_amount"], note["memo"]) == (100, "sorry")
    _deed(one, "edit_metadata", document=draft, metadata={"mb_key": "edited"})
    assert one.stripe.invoices[draft].metadata == {"mb_key": "edited"}
    assert one.stripe.customers[CUSTOMER].balances["eur"] == -100


def test_ends_by_route() -> None:
    one = _sandbox()
    first, second = _draft(one, 100), _draft(one, 100)
    for draft in (first, second):
        _deed(one, "finalize_invoice", invoice=draft)
    assert _deed(one, "void_invoice", invoice=first)["status"] == "void"
    assert _deed(one, "write_off", invoice=second)["status"] == "uncollectible"


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("pay", {"invoice": "in_none"}, "No such invoice: 'in_none'"),
        ("pay", {}, "pay: missing a required argument: 'invoice'"),
        ("fly", {}, "nobody can 'fly' in Stripe"),
    ],
)
def test_what_cannot_be_is_said(name: str, arguments: dict[str, object], told: str) -> None:
    response = _ask(_sandbox(), f"stripe/humans/{name}", **arguments)
    assert (response.status, told in response.body.decode()) == (400, True)


@pytest.mark.parametrize("kind", FAULT_KINDS)
def test_every_fault_can_be_planned(kind: str) -> None:
    one = _sandbox()
    assert _ask(one, "faults", service="stripe", kind=kind, match="x").status == 200
    assert [fault.kind for fault in one.world.faults] == [kind]
