"""Customers' balances: kept by currency, applied when an invoice is finalised (stripe.md §1.4)."""

import pytest

from stripe_desk import CUSTOMER, Desk, Json

PATH = f"/v1/customers/{CUSTOMER}/balance_transactions"


def _move(desk: Desk, amount: int, currency: str = "eur", **fields: object) -> Json:
    return desk.post(PATH, {"amount": amount, "currency": currency, **fields})


def _rows(desk: Desk) -> list[tuple[object, ...]]:
    rows = desk.get(PATH)["data"]
    return [(row["type"], row["amount"], row["ending_balance"], row["currency"]) for row in rows]


class TestTransactions:
    """§1.6: negative is a credit, per currency."""

    def test_they_are_made_listed_and_described(self) -> None:
        desk = Desk()
        made = _move(desk, -500, description="goodwill", metadata={"a": "1"})
        assert (made["amount"], made["ending_balance"], made["type"]) == (-500, -500, "adjustment")
        path = f"{PATH}/{made['id']}"
        assert desk.get(path) == made
        changed = desk.post(path, {"description": "agreed", "metadata": {"b": "2"}})
        assert changed == {**made, "description": "agreed", "metadata": {"a": "1", "b": "2"}}
        assert desk.get(PATH)["data"] == [changed]
        assert desk.events()[-1] == "customer.updated"

    def test_the_customers_balance_is_one_of_them(self) -> None:
        desk = Desk()
        made = desk.post("/v1/customers", {"name": "New", "balance": -70})
        desk.post(f"/v1/customers/{made['id']}", {"balance": -20})
        rows = desk.get(f"/v1/customers/{made['id']}/balance_transactions")["data"]
        assert [(row["type"], row["amount"]) for row in rows] == [
            ("adjustment", 50),
            ("initial", -70),
        ]

    @pytest.mark.parametrize("fields", [{"amount": 1}, {"currency": "eur"}])
    def test_both_amount_and_currency_are_needed(self, fields: dict[str, object]) -> None:
        assert Desk().refusal("POST", PATH, fields)["code"] == "parameter_missing"

    def test_of_another_customer_there_are_none(self) -> None:
        desk = Desk()
        made = _move(desk, -1)["id"]
        other = desk.post("/v1/customers", {"name": "Other"})["id"]
        path = f"/v1/customers/{other}/balance_transactions"
        assert desk.get(path)["data"] == []
        assert desk.refusal("GET", f"{path}/{made}")["status"] == 404

    def test_a_deleted_customer_has_no_new_ones(self) -> None:
        desk = Desk()
        desk.delete(f"/v1/customers/{CUSTOMER}")
        refusal = desk.refusal("POST", PATH, {"amount": 1, "currency": "eur"})
        assert (refusal["status"], refusal["code"]) == (404, "resource_missing")


class TestApplied:
    """§1.4: to the next finalised invoice of the currency; totals stay, what is due changes."""

    def test_each_currency_by_itself(self) -> None:
        desk = Desk()
        _move(desk, -300, "gbp")
        assert desk.open(1000)["amount_due"] == 1000
        pounds = desk.open(1000, currency="gbp")
        assert (pounds["total"], pounds["amount_due"]) == (1000, 700)
        shown = desk.get(f"/v1/customers/{CUSTOMER}")
        assert (shown["balance"], shown["invoice_credit_balance"]["gbp"]) == (0, 0)
        assert _rows(desk) == [
            ("applied_to_invoice", 300, 0, "gbp"),
            ("adjustment", -300, -300, "gbp"),
        ]

    def test_a_credit_larger_than_the_invoice_stays(self) -> None:
        desk = Desk()
        _move(desk, -1300)
        made = desk.open(1000)
        assert (made["status"], made["ending_balance"]) == ("paid", -300)
        assert desk.get(PATH, {"invoice": made["id"]})["data"][0]["amount"] == 1000

    def test_a_debt_is_due_with_it(self) -> None:
        desk = Desk()
        _move(desk, 200)
        assert desk.open(1000)["amount_due"] == 1200

    def test_voiding_gives_it_back(self) -> None:
        desk = Desk()
        _move(desk, -300)
        invoice = desk.open(1000)["id"]
        desk.post(f"/v1/invoices/{invoice}/void")
        assert _rows(desk)[0] == ("unapplied_from_invoice", -300, -300, "eur")

    def test_what_the_balance_paid_can_be_credited_to_it(self) -> None:
        """§1.6: the sum cannot exceed the invoice, whoever paid it."""
        desk = Desk()
        _move(desk, -300)
        invoice = desk.open(1000)["id"]
        note = desk.credit(invoice, desk.lines(invoice)[0], 1000, credit_amount=300)
        assert (note["pre_payment_amount"], note["post_payment_amount"]) == (700, 300)
        assert desk.get(f"/v1/customers/{CUSTOMER}")["balance"] == -300
