"""Money for invoices: in full, in part, failed, overdue (stripe.md §1.4, §1.7)."""

import pytest

from mondaybridge.sandbox.stripe.errors import StripeError
from stripe_desk import CUSTOMER, DAY, Desk

DAY_MS = DAY * 1000


def _amounts(desk: Desk, invoice: str) -> tuple[object, ...]:
    shown = desk.get(f"/v1/invoices/{invoice}")
    names = ("status", "amount_due", "amount_paid", "amount_remaining")
    return tuple(shown[name] for name in names)


class TestPaying:
    """§1.4: open -pay-> paid; part of the money leaves the invoice open."""

    def test_a_part_leaves_it_open(self) -> None:
        desk = Desk()
        invoice = desk.open(1000)["id"]
        desk.api.humans.pay(invoice, amount=300)
        assert _amounts(desk, invoice) == ("open", 1000, 300, 700)
        assert desk.events()[-2:] == ["invoice_payment.paid", "invoice.updated"]
        desk.api.humans.pay(invoice)
        assert _amounts(desk, invoice) == ("paid", 1000, 1000, 0)
        assert desk.events()[-4:] == [
            "invoice_payment.paid",
            "invoice.updated",
            "invoice.paid",
            "invoice.payment_succeeded",
        ]

    def test_payments_are_listed_by_invoice(self) -> None:
        desk = Desk()
        invoice, other = desk.open(1000)["id"], desk.open(500)["id"]
        for amount in (300, 700):
            desk.api.humans.pay(invoice, amount=amount)
        desk.api.humans.pay(other)
        rows = desk.get("/v1/invoice_payments", {"invoice": invoice})["data"]
        assert [(row["amount_paid"], row["status"]) for row in rows] == [
            (700, "paid"),
            (300, "paid"),
        ]
        assert desk.get(f"/v1/invoice_payments/{rows[0]['id']}") == rows[0]
        assert rows[0]["payment"]["type"] == "payment_intent"

    @pytest.mark.parametrize("amount", [0, -1, 1001])
    def test_no_more_than_remains(self, amount: int) -> None:
        desk = Desk()
        invoice = desk.open(1000)["id"]
        with pytest.raises(StripeError, match="does not fit"):
            desk.api.humans.pay(invoice, amount=amount)
        assert _amounts(desk, invoice) == ("open", 1000, 0, 1000)

    def test_what_was_written_off_can_still_be_paid(self) -> None:
        desk = Desk()
        invoice = desk.open(1000)["id"]
        desk.api.humans.write_off(invoice)
        desk.api.humans.pay(invoice, amount=400)
        assert _amounts(desk, invoice)[0] == "uncollectible"
        desk.api.humans.pay(invoice)
        assert _amounts(desk, invoice)[0] == "paid"

    def test_a_draft_or_a_voided_one_cannot(self) -> None:
        desk = Desk()
        for invoice in (desk.draft(100), desk.open(100)["id"]):
            if desk.api.invoices[invoice].status == "open":
                desk.api.humans.void_invoice(invoice)
            with pytest.raises(StripeError, match="cannot be paid"):
                desk.api.humans.pay(invoice)

    @pytest.mark.parametrize(("switch", "rows"), [("unlisted", 0), ("listed", 1)])
    def test_money_outside_stripe(self, switch: str, rows: int) -> None:
        """Unverified (§6): whether it has a row among the payments."""
        desk = Desk(out_of_band_payments=switch)
        invoice = desk.open(1000)["id"]
        paid = desk.post(f"/v1/invoices/{invoice}/pay", {"paid_out_of_band": True})
        assert (paid["amount_paid_off_stripe"], paid["status"]) == (1000, "paid")
        found = desk.get("/v1/invoice_payments", {"invoice": invoice})["data"]
        assert [row["payment"]["type"] for row in found] == ["payment_record"] * rows

    def test_an_attempt_that_fails(self) -> None:
        """§1.7: invoice.payment_failed; the invoice stays open."""
        desk = Desk()
        invoice = desk.open(1000)["id"]
        shown = desk.api.humans.fail_payment(invoice)
        assert (shown["status"], shown["attempted"], shown["attempt_count"]) == ("open", True, 1)
        assert desk.events()[-2:] == ["invoice.updated", "invoice.payment_failed"]
        assert desk.api.humans.pay(invoice)["status"] == "paid"
        with pytest.raises(StripeError, match="cannot be paid"):
            desk.api.humans.fail_payment(invoice)


class TestOverdue:
    """§1.7: invoice.overdue comes by the world's clock; the status stays open."""

    @pytest.mark.parametrize("days", [0, 3])
    def test_it_is_said_once_when_the_term_has_passed(self, days: int) -> None:
        desk = Desk(overdue_after_days=days)
        late, paid = desk.open(1000)["id"], desk.open(500)["id"]
        desk.api.humans.pay(paid)
        desk.world.clock.advance((30 + days) * DAY_MS - 1000)
        fields = {"type": "invoice.overdue"}
        assert desk.get("/v1/events", fields)["data"] == []
        desk.world.clock.advance(1000)
        (event,) = desk.get("/v1/events", fields)["data"]
        assert event["data"]["object"]["id"] == late
        assert event["request"] == {"id": None, "idempotency_key": None}
        desk.world.clock.advance(DAY_MS)
        assert len(desk.get("/v1/events", fields)["data"]) == 1
        assert desk.get(f"/v1/invoices/{late}")["status"] == "open"

    def test_a_person_sees_it_first(self) -> None:
        desk = Desk()
        invoice = desk.open(1000)["id"]
        desk.world.clock.advance(31 * DAY_MS)
        desk.api.humans.pay(invoice)
        said = [name for name in desk.events() if name in {"invoice.overdue", "invoice.paid"}]
        assert said == ["invoice.overdue", "invoice.paid"]


class TestAmountsNobodyPays:
    """§1.4: nothing, less than the minimum charge, less than nothing."""

    @pytest.mark.parametrize("switch", ["paid", "open"])
    def test_an_invoice_over_nothing(self, switch: str) -> None:
        """Unverified (§1.4): a zero total finalises to paid."""
        made = Desk(zero_total=switch).open(100, -100)
        assert (made["status"], made["amount_due"], made["number"]) == (switch, 0, "SANDBOX-0001")

    @pytest.mark.parametrize(
        ("switch", "expected"),
        [("carried", ("paid", 49, 0, 49)), ("due", ("open", 49, 49, 0))],
    )
    def test_less_than_the_minimum_charge(self, switch: str, expected: tuple[object, ...]) -> None:
        """§1.4: auto-paid and carried to the customer balance."""
        desk = Desk(small_amounts=switch)
        made = desk.open(49)
        balance = desk.get(f"/v1/customers/{CUSTOMER}")["balance"]
        assert (made["status"], made["total"], made["amount_due"], balance) == expected

    def test_what_was_carried_is_due_with_the_next(self) -> None:
        desk = Desk()
        desk.open(49)
        made = desk.open(1000)
        assert (made["total"], made["starting_balance"], made["amount_due"]) == (1000, 49, 1049)
        kinds = [each.type for each in desk.api.account.balance_transactions.values()]
        assert kinds == ["invoice_too_small", "applied_to_invoice"]

    def test_the_minimum_is_the_currencys(self) -> None:
        desk = Desk()
        assert desk.open(30, currency="gbp")["status"] == "open"
        assert desk.open(29, currency="gbp")["status"] == "paid"

    def test_less_than_nothing_is_refused(self) -> None:
        desk = Desk(negative_total="refused")
        draft = desk.draft(100, -150)
        assert desk.refusal("POST", f"/v1/invoices/{draft}/finalize")["status"] == 400

    def test_or_less_than_nothing_is_credited(self) -> None:
        """Unverified: the switch's other position."""
        desk = Desk(negative_total="credited")
        made = desk.open(100, -150)
        assert (made["status"], made["total"], made["amount_due"]) == ("paid", -50, 0)
        assert desk.get(f"/v1/customers/{CUSTOMER}")["balance"] == -50
