"""Events, signed webhooks and people at the dashboard (stripe.md §1.7)."""

import json

import pytest
import stripe as sdk

from mondaybridge.sandbox.stripe.api import WEBHOOK_SECRET, StripeApi
from mondaybridge.sandbox.stripe.data import CustomerData, StripeData
from mondaybridge.sandbox.stripe.errors import StripeError
from mondaybridge.sandbox.world import Clock, World
from stripe_desk import CUSTOMER, DAY, START, VAT, Desk

DAY_MS = DAY * 1000


class TestEvents:
    def test_a_life_leaves_its_trace(self) -> None:
        desk = Desk()
        invoice = desk.open(100)["id"]
        desk.post(f"/v1/invoices/{invoice}/send")
        desk.credit(invoice, desk.lines(invoice)[0], 100)
        assert desk.events() == [
            "invoice.created",
            "invoice.updated",
            "invoice.finalized",
            "invoice.sent",
            "credit_note.created",
            "invoice.updated",
            "invoice.updated",
            "invoice.paid",
            "invoice.payment_succeeded",
        ]

    def test_an_event_keeps_the_object_as_it_was(self) -> None:
        desk = Desk()
        draft = desk.draft()
        desk.post(f"/v1/invoices/{draft}", {"description": "new"}, key="k-1")
        desk.delete(f"/v1/invoices/{draft}")
        gone, updated, created = desk.get("/v1/events")["data"]
        assert created["data"]["object"]["description"] is None
        assert updated["data"]["previous_attributes"] == {"description": None}
        assert updated["data"]["object"]["description"] == "new"
        assert (updated["request"]["idempotency_key"], updated["api_version"]) == (
            "k-1",
            "2026-10-28.endive",
        )
        assert (gone["type"], gone["data"]["object"]["id"]) == ("invoice.deleted", draft)

    def test_the_list_filters_by_type(self) -> None:
        desk = Desk()
        desk.post(f"/v1/invoices/{desk.open(100)['id']}/send")
        for fields, expected in (
            ({"type": "invoice.sent"}, ["invoice.sent"]),
            ({"types": ["invoice.sent", "invoice.created"]}, ["invoice.sent", "invoice.created"]),
            ({"type": "customer.*"}, []),
            ({"type": "invoice.*", "limit": 2}, ["invoice.sent", "invoice.finalized"]),
        ):
            found = desk.get("/v1/events", fields)["data"]
            assert [each["type"] for each in found] == expected

    def test_a_reader_follows_by_cursor(self) -> None:
        """§1.7: polling `ending_before` the last seen one."""
        desk = Desk()
        desk.draft()
        seen = desk.get("/v1/events")["data"][0]["id"]
        desk.draft(1)
        news = desk.get("/v1/events", {"ending_before": seen, "limit": 100})["data"]
        assert [each["type"] for each in news] == ["invoice.updated", "invoice.created"]

    def test_events_live_30_days(self) -> None:
        """§1.2."""
        desk = Desk()
        desk.draft()
        desk.world.clock.advance(30 * DAY_MS)
        assert len(desk.get("/v1/events")["data"]) == 1
        desk.world.clock.advance(1000)
        assert desk.get("/v1/events")["data"] == []

    def test_too_many_types_are_refused(self) -> None:
        assert Desk().refusal("GET", "/v1/events", {"types": ["a"] * 21})["param"] == "types"


class TestWebhooks:
    def _api(self) -> StripeApi:
        data = StripeData(
            customers=[CustomerData(id=CUSTOMER)], webhook_url="https://bridge.example/hooks"
        )
        return StripeApi(World(Clock(START)), data)

    def test_they_are_signed_for_the_official_library(self) -> None:
        api = self._api()
        api.perform("POST", "/v1/invoices", [("customer", CUSTOMER)])
        (delivery,) = api.world.deliveries
        signature = delivery.headers["stripe-signature"]
        assert (delivery.url, delivery.not_before) == ("https://bridge.example/hooks", START)
        assert sdk.WebhookSignature.verify_header(
            delivery.body.decode(), signature, WEBHOOK_SECRET, None
        )
        assert json.loads(delivery.body)["type"] == "invoice.created"
        assert json.loads(delivery.body)["pending_webhooks"] == 1

    def test_a_forged_body_does_not_pass(self) -> None:
        api = self._api()
        api.perform("POST", "/v1/invoices", [("customer", CUSTOMER)])
        (delivery,) = api.world.deliveries
        with pytest.raises(sdk.SignatureVerificationError):
            sdk.WebhookSignature.verify_header(
                delivery.body.decode() + " ",
                delivery.headers["stripe-signature"],
                WEBHOOK_SECRET,
                None,
            )

    def test_without_an_address_nothing_leaves(self) -> None:
        desk = Desk()
        desk.open(100)
        assert desk.world.deliveries == []


class TestPeople:
    """They do what the API allows, and faults planned for clients do not hit them."""

    def test_they_edit_a_draft(self) -> None:
        desk = Desk()
        people, draft = desk.api.humans, desk.draft(100)
        people.edit_draft(draft, description="by hand")
        people.add_line(draft, amount=50, description="more")
        first, second = desk.lines(draft)
        people.edit_line(draft, line=first, amount=10)
        people.remove_line(draft, line=second)
        shown = desk.get(f"/v1/invoices/{draft}")
        assert (shown["description"], shown["total"]) == ("by hand", 10)
        people.delete_draft(draft)
        assert len(desk.api.invoices) == 0

    def test_they_end_invoices(self) -> None:
        desk = Desk()
        people = desk.api.humans
        ids = [desk.draft(100) for _ in range(3)]
        for each in ids:
            people.finalize_invoice(each)
            people.send_invoice(each)
        people.pay_invoice(ids[0])
        people.void_invoice(ids[1])
        people.write_off(ids[2])
        statuses = [desk.api.invoices[each].status for each in ids]
        assert statuses == ["paid", "void", "uncollectible"]

    def test_they_credit_and_void(self) -> None:
        desk = Desk()
        invoice = desk.open(100, default_tax_rates=[VAT])["id"]
        note = desk.api.humans.credit_line(invoice, line=desk.lines(invoice)[0], amount=10)["id"]
        assert desk.api.invoices[invoice].credited == 12
        desk.api.humans.void_credit_note(note)
        assert (desk.api.invoices[invoice].credited, desk.api.mails) == (0, [])

    def test_they_change_customers(self) -> None:
        desk = Desk()
        desk.api.humans.edit_customer(CUSTOMER, name="New")
        assert desk.api.customers[CUSTOMER].name == "New"
        desk.api.humans.delete_customer(CUSTOMER)
        assert desk.api.customers[CUSTOMER].deleted

    def test_what_stripe_refuses_is_refused(self) -> None:
        desk = Desk()
        with pytest.raises(StripeError, match="You can only delete draft invoices"):
            desk.api.humans.delete_draft(desk.open(100)["id"])
