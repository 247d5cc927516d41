"""Events, signed webhooks and people at the dashboard (stripe.md §1.7)."""

import json

import pytest
import stripe as sdk

from mondaybridge.sandbox.stripe.api import WEBHOOK_SECRET, StripeApi
from mondaybridge.sandbox.stripe.data import CustomerData, StripeData
from mondaybridge.sandbox.stripe.errors import StripeError
from mondaybridge.sandbox.world import Clock, Delivery, Fault, World
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


class TestAddresses:
    """§0.6, §0.8, §1.7: several addresses, snapshot or thin, each with its secrets."""

    def _desk(self, **endpoint: object) -> Desk:
        return Desk(webhook_endpoints=[{"url": "https://a.example/hooks", **endpoint}])

    def test_a_thin_event_names_its_object_and_holds_none(self) -> None:
        desk = self._desk(payload="thin", secrets=["whsec_thin"])
        draft = desk.post("/v1/invoices", {"customer": CUSTOMER}, key="k-1")["id"]
        (delivery,) = desk.world.deliveries
        (event,) = desk.get("/v1/events")["data"]
        content = json.loads(delivery.body)
        assert content == {
            "id": content["id"],
            "object": "v2.core.event",
            "context": None,
            "created": "2026-11-01T08:00:00.000Z",
            "livemode": False,
            "reason": {"type": "request", "request": event["request"]},
            "related_object": {"id": draft, "type": "invoice", "url": f"/v1/invoices/{draft}"},
            "snapshot_event": event["id"],
            "type": "v1.invoice.created",
        }
        client = sdk.StripeClient("sk_test_1")
        header = delivery.headers["stripe-signature"]
        read = client.parse_event_notification(delivery.body, header, "whsec_thin", 10**9)
        assert (read.type, read.id) == ("v1.invoice.created", content["id"])

    def test_a_snapshot_is_in_the_version_of_its_address(self) -> None:
        """§0.8: not in that of the SDK."""
        desk = self._desk(api_version="2025-01-27.acacia")
        desk.draft()
        assert json.loads(desk.world.deliveries[0].body)["api_version"] == "2025-01-27.acacia"
        assert desk.get("/v1/events")["data"][0]["api_version"] == "2026-10-28.endive"

    def test_an_address_hears_only_what_it_wants(self) -> None:
        desk = self._desk(enabled_events=["invoice.sent"])
        invoice = desk.open(100)["id"]
        assert desk.world.deliveries == []
        desk.post(f"/v1/invoices/{invoice}/send")
        assert [json.loads(each.body)["type"] for each in desk.world.deliveries] == ["invoice.sent"]

    @pytest.mark.parametrize("payload", ["snapshot", "thin"])
    def test_both_secrets_sign_while_one_is_rolled(self, payload: str) -> None:
        desk = self._desk(payload=payload, secrets=["whsec_old"])
        new = desk.api.humans.roll_secret("https://a.example/hooks")
        desk.draft()
        (delivery,) = desk.world.deliveries
        assert self._signed_by(delivery, "whsec_old", new) == [True, True]
        desk.world.clock.advance(DAY_MS)
        late = desk.api.webhooks.signed(delivery, desk.world.clock.now())
        assert self._signed_by(late, "whsec_old", new) == [False, True]

    def _signed_by(self, delivery: Delivery, *secrets: str) -> list[bool]:
        found = []
        for secret in secrets:
            try:
                header = delivery.headers["stripe-signature"]
                sdk.WebhookSignature.verify_header(delivery.body.decode(), header, secret, None)
            except sdk.SignatureVerificationError:
                found.append(False)
            else:
                found.append(True)
        return found

    def test_success_is_when_every_address_answered(self) -> None:
        """§1.7: ``delivery_success=false`` finds what failed."""
        urls = ["https://a.example/hooks", "https://b.example/hooks"]
        desk = Desk(webhook_endpoints=[{"url": url} for url in urls])
        desk.draft()
        first, second = desk.world.deliveries
        failed = {"delivery_success": False}
        assert desk.get("/v1/events", failed)["data"][0]["pending_webhooks"] == 2
        desk.api.webhooks.delivered(first)
        assert desk.get("/v1/events", failed)["data"][0]["pending_webhooks"] == 1
        assert desk.get("/v1/events", {"delivery_success": True})["data"] == []
        desk.api.webhooks.delivered(second)
        assert desk.get("/v1/events", failed)["data"] == []
        assert len(desk.get("/v1/events", {"delivery_success": True})["data"]) == 1


class TestBadDays:
    """§1.7: webhooks get lost, come twice, late, out of order, many in one second."""

    def _after(self, kind: str, **options: object) -> list[tuple[str, int]]:
        desk = Desk(webhook_url="https://a.example/hooks")
        desk.world.faults.append(Fault("stripe", kind, "invoice.finalized", 1, options))
        desk.open(100)
        queue = desk.world.deliveries
        return [(json.loads(each.body)["type"], each.not_before - START) for each in queue]

    @pytest.mark.parametrize(
        ("kind", "options", "expected"),
        [
            ("webhook_lost", {}, [("invoice.created", 0), ("invoice.updated", 0)]),
            (
                "webhook_twice",
                {},
                [("invoice.created", 0), ("invoice.updated", 0), *[("invoice.finalized", 0)] * 2],
            ),
            (
                "webhook_late",
                {"ms": 5000},
                [("invoice.created", 0), ("invoice.updated", 0), ("invoice.finalized", 5000)],
            ),
            (
                "webhook_first",
                {},
                [("invoice.finalized", 0), ("invoice.created", 0), ("invoice.updated", 0)],
            ),
        ],
    )
    def test_a_webhook_goes_wrong(
        self, kind: str, options: dict[str, object], expected: list[tuple[str, int]]
    ) -> None:
        assert self._after(kind, **options) == expected

    def test_the_feed_has_it_all_the_same(self) -> None:
        desk = Desk(webhook_url="https://a.example/hooks")
        desk.world.faults.append(Fault("stripe", "webhook_lost", "", 9))
        desk.open(100)
        assert (desk.world.deliveries, len(desk.get("/v1/events")["data"])) == ([], 3)

    def test_many_share_a_second_and_the_cursor_still_orders_them(self) -> None:
        """§0.7."""
        desk = Desk()
        desk.open(100)
        rows = desk.get("/v1/events")["data"]
        assert {row["created"] for row in rows} == {START // 1000}
        last = desk.get("/v1/events", {"ending_before": rows[-1]["id"]})["data"]
        assert [row["id"] for row in last] == [rows[0]["id"], rows[1]["id"]]

    def test_a_request_takes_no_fault_of_a_webhook(self) -> None:
        desk = Desk()
        desk.world.faults.append(Fault("stripe", "webhook_lost"))
        desk.draft()
        assert desk.world.faults[0].times == 1


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

    def test_they_edit_what_was_issued(self) -> None:
        """§1.4: metadata stays editable; only an event tells of it."""
        desk = Desk()
        invoice = desk.open(100, metadata={"mb_key": "a", "kept": "1"})["id"]
        note = desk.credit(invoice, desk.lines(invoice)[0], 10, metadata={"mb_key": "b"})["id"]
        desk.api.humans.edit_metadata(invoice, {"mb_key": ""})
        desk.api.humans.edit_metadata(note, {"mb_key": "c"})
        assert desk.get(f"/v1/invoices/{invoice}")["metadata"] == {"kept": "1"}
        assert desk.get(f"/v1/credit_notes/{note}")["metadata"] == {"mb_key": "c"}
        assert desk.events()[-2:] == ["invoice.updated", "credit_note.updated"]

    def test_they_edit_the_lines_of_a_draft(self) -> None:
        desk = Desk()
        people, draft = desk.api.humans, desk.draft(100)
        (line,) = desk.lines(draft)
        people.edit_line(draft, line=line, amount=90, **{"metadata[mb_line]": "x"})
        people.edit_line(draft, line=line, amount=80, description="by hand")
        (shown,) = desk.get(f"/v1/invoices/{draft}/lines")["data"]
        assert (shown["amount"], shown["description"], shown["metadata"]) == (
            80,
            "by hand",
            {"mb_line": "x"},
        )

    def test_they_credit_by_hand_after_payment(self) -> None:
        desk = Desk()
        invoice = desk.open(1000)["id"]
        people = desk.api.humans
        people.pay(invoice)
        people.credit_line(
            invoice, line=desk.lines(invoice)[0], amount=100, refund_amount="100", memo="sorry"
        )
        people.goodwill(invoice, amount=50, description="goodwill", out_of_band_amount="50")
        found = desk.get("/v1/credit_notes", {"invoice": invoice})["data"]
        assert [(each["total"], each["memo"]) for each in found] == [(50, None), (100, "sorry")]
        assert desk.api.mails == []

    def test_they_keep_customers_and_balances(self) -> None:
        desk = Desk()
        people = desk.api.humans
        made = people.create_customer(name="New")["id"]
        people.adjust_balance(made, amount=-100, currency="eur")
        assert desk.get(f"/v1/customers/{made}")["balance"] == -100
        people.switch_tax_rate(VAT, active=False)
        assert desk.get(f"/v1/tax_rates/{VAT}")["active"] is False

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
