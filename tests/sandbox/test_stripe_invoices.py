"""Invoices from draft to their end (stripe.md §1.4)."""

import pytest

from stripe_desk import CUSTOMER, DAY, SECOND, START, VAT, Desk


class TestDrafts:
    def test_a_draft_has_neither_number_nor_page(self) -> None:
        desk = Desk()
        draft = desk.get(f"/v1/invoices/{desk.draft(100)}")
        assert [
            draft[name]
            for name in ("status", "number", "hosted_invoice_url", "invoice_pdf", "auto_advance")
        ] == ["draft", None, None, None, False]
        assert draft["status_transitions"]["finalized_at"] is None

    def test_pending_items_do_not_exist_here(self) -> None:
        desk = Desk()
        made = desk.post(
            "/v1/invoices", {"customer": CUSTOMER, "pending_invoice_items_behavior": "include"}
        )
        assert (made["lines"]["data"], made["collection_method"]) == ([], "charge_automatically")

    def test_lines_cannot_be_given_at_once(self) -> None:
        fields = {"customer": CUSTOMER, "lines": [{"amount": 1}]}
        assert Desk().refusal("POST", "/v1/invoices", fields)["code"] == "parameter_unknown"

    def test_the_currency_is_the_accounts_unless_given(self) -> None:
        desk = Desk(currency="gbp")
        assert desk.get(f"/v1/invoices/{desk.draft()}")["currency"] == "gbp"
        assert desk.get(f"/v1/invoices/{desk.draft(currency='USD')}")["currency"] == "usd"

    @pytest.mark.parametrize(
        ("fields", "param"),
        [
            ({"collection_method": "send_invoice"}, "days_until_due"),
            ({"days_until_due": 3}, "days_until_due"),
            ({"due_date": SECOND + DAY}, "due_date"),
            (
                {
                    "collection_method": "send_invoice",
                    "days_until_due": 3,
                    "due_date": SECOND + DAY,
                },
                "due_date",
            ),
            ({"collection_method": "send_invoice", "due_date": SECOND - 1}, "due_date"),
        ],
    )
    def test_the_term_fits_the_way_of_collection(
        self, fields: dict[str, object], param: str
    ) -> None:
        refusal = Desk().refusal("POST", "/v1/invoices", {"customer": CUSTOMER, **fields})
        assert (refusal["status"], refusal["param"]) == (400, param)

    def test_custom_fields_are_four_of_40_and_140_characters(self) -> None:
        """§1.2."""
        desk, field = Desk(), {"name": "n" * 40, "value": "v" * 140}
        draft = desk.draft(custom_fields=[field] * 4)
        assert desk.get(f"/v1/invoices/{draft}")["custom_fields"] == [field] * 4
        for wrong in ([field] * 5, [{**field, "name": "n" * 41}], [{**field, "value": "v" * 141}]):
            fields = {"customer": CUSTOMER, "custom_fields": wrong}
            assert desk.refusal("POST", "/v1/invoices", fields)["status"] == 400

    def test_a_draft_can_be_changed_and_deleted(self) -> None:
        desk = Desk()
        path = f"/v1/invoices/{desk.draft(100, description='old', footer='f')}"
        changed = desk.post(path, {"description": "new", "footer": "", "default_tax_rates": [VAT]})
        assert (changed["description"], changed["footer"], changed["total"]) == ("new", None, 122)
        assert desk.delete(path)["deleted"] is True
        assert desk.refusal("GET", path)["code"] == "resource_missing"
        assert desk.get("/v1/invoices")["data"] == []


class TestFinalising:
    def test_it_numbers_dates_and_freezes(self) -> None:
        desk = Desk()
        draft = desk.draft(100, days_until_due=30)
        desk.world.clock.advance(DAY * 1000)
        made = desk.post(f"/v1/invoices/{draft}/finalize")
        assert (made["status"], made["number"]) == ("open", "SANDBOX-0001")
        assert made["status_transitions"]["finalized_at"] == made["effective_at"] == SECOND + DAY
        assert made["due_date"] == SECOND + 31 * DAY
        assert made["hosted_invoice_url"]
        assert made["invoice_pdf"]
        assert (made["amount_due"], made["amount_remaining"], made["amount_paid"]) == (100, 100, 0)

    def test_numbers_have_no_gap_and_no_order_but_that_of_finalising(self) -> None:
        desk = Desk()
        first, dropped, second = desk.draft(1), desk.draft(1), desk.draft(1)
        desk.delete(f"/v1/invoices/{dropped}")
        numbers = [desk.post(f"/v1/invoices/{each}/finalize")["number"] for each in (second, first)]
        assert numbers == ["SANDBOX-0001", "SANDBOX-0002"]

    def test_numbers_can_be_each_customers(self) -> None:
        desk = Desk(numbering="customer")
        desk.post(f"/v1/customers/{CUSTOMER}", {"invoice_prefix": "ACME"})
        assert [desk.open(1)["number"] for _ in range(2)] == ["ACME-0001", "ACME-0002"]

    def test_a_given_number_is_unique(self) -> None:
        desk = Desk()
        assert desk.open(1, number="SANDBOX-0001")["number"] == "SANDBOX-0001"
        refusal = desk.refusal(
            "POST", "/v1/invoices", {"customer": CUSTOMER, "number": "SANDBOX-0001"}
        )
        assert refusal["param"] == "number"
        assert desk.open(1)["number"] == "SANDBOX-0002"

    def test_the_date_of_issue_can_be_given(self) -> None:
        assert Desk().open(1, effective_at=SECOND - DAY)["effective_at"] == SECOND - DAY

    def test_it_happens_once(self) -> None:
        desk = Desk()
        invoice = desk.open(1)["id"]
        refusal = desk.refusal("POST", f"/v1/invoices/{invoice}/finalize")
        assert (refusal["status"], refusal["code"]) == (400, "invoice_not_editable")

    @pytest.mark.parametrize("amounts", [(), (0,), (100, -100)])
    def test_nothing_to_pay_is_paid(self, amounts: tuple[int, ...]) -> None:
        """Unverified (§1.4)."""
        made = Desk().open(*amounts)
        assert (made["status"], made["amount_due"], made["amount_paid"]) == ("paid", 0, 0)
        assert made["number"] == "SANDBOX-0001"

    def test_a_negative_total_is_refused(self) -> None:
        desk = Desk()
        draft = desk.draft(100, -101)
        assert desk.refusal("POST", f"/v1/invoices/{draft}/finalize")["status"] == 400
        assert desk.get(f"/v1/invoices/{draft}")["status"] == "draft"

    @pytest.mark.parametrize(
        ("verb", "fields"),
        [
            ("", {"description": "x"}),
            ("", {"days_until_due": 3}),
            ("/add_lines", {"lines": [{"amount": 1}]}),
            ("/update_lines", {"lines": [{"id": "il_1", "amount": 1}]}),
            ("/remove_lines", {"lines": [{"id": "il_1", "behavior": "delete"}]}),
        ],
    )
    def test_a_finalised_invoice_is_immutable(self, verb: str, fields: dict[str, object]) -> None:
        desk = Desk()
        invoice = desk.open(100)
        path = f"/v1/invoices/{invoice['id']}"
        assert desk.refusal("POST", path + verb, fields)["code"] == "invoice_not_editable"
        assert desk.refusal("DELETE", path)["code"] == "invoice_not_editable"
        assert desk.get(path) == invoice

    def test_but_for_its_metadata(self) -> None:
        desk = Desk()
        invoice = desk.open(100, metadata={"a": "1"})
        changed = desk.post(f"/v1/invoices/{invoice['id']}", {"metadata": {"b": "2"}})
        assert changed == {**invoice, "metadata": {"a": "1", "b": "2"}}

    def test_the_customer_on_it_stays_as_it_was(self) -> None:
        desk = Desk()
        draft, invoice = desk.draft(1), desk.open(1)
        desk.post(f"/v1/customers/{CUSTOMER}", {"name": "Renamed"})
        desk.get(f"/v1/invoices/{invoice['id']}")
        names = [
            desk.get(f"/v1/invoices/{each}")["customer_name"] for each in (draft, invoice["id"])
        ]
        assert names == ["Renamed", "Acme"]


class TestSending:
    def test_an_open_invoice_is_mailed(self) -> None:
        desk = Desk()
        invoice = desk.open(100)
        sent = desk.post(f"/v1/invoices/{invoice['id']}/send")
        assert sent == invoice
        assert [(mail.kind, mail.document, mail.to, mail.at) for mail in desk.api.mails] == [
            ("invoice", invoice["id"], "acme@example.invalid", START // 1000)
        ]
        assert desk.events()[-1] == "invoice.sent"

    def test_a_draft_is_finalised_first(self) -> None:
        """Unverified (§1.4)."""
        desk = Desk()
        sent = desk.post(f"/v1/invoices/{desk.draft(100)}/send")
        assert (sent["status"], sent["number"]) == ("open", "SANDBOX-0001")

    def test_what_costs_nothing_is_paid_and_may_be_mailed(self) -> None:
        """Stripe's words about sending: those that have already been paid, too (§1.4)."""
        desk = Desk()
        assert desk.open(0)["status"] == "paid"
        invoice = next(iter(desk.api.invoices))
        assert desk.post(f"/v1/invoices/{invoice}/send")["status"] == "paid"

    def test_it_needs_an_address_and_the_right_collection(self) -> None:
        desk = Desk()
        automatic = desk.post("/v1/invoices", {"customer": CUSTOMER})["id"]
        assert desk.refusal("POST", f"/v1/invoices/{automatic}/send")["status"] == 400
        invoice = desk.open(100)["id"]
        desk.post(f"/v1/customers/{CUSTOMER}", {"email": ""})
        assert desk.refusal("POST", f"/v1/invoices/{invoice}/send")["status"] == 400
        assert desk.api.mails == []


class TestEnds:
    def test_money_outside_stripe_pays(self) -> None:
        desk = Desk()
        path = f"/v1/invoices/{desk.open(100)['id']}"
        paid = desk.post(f"{path}/pay", {"paid_out_of_band": True})
        assert [paid[name] for name in ("status", "amount_paid", "amount_remaining")] == [
            "paid",
            100,
            0,
        ]
        assert paid["status_transitions"]["paid_at"] == SECOND
        assert desk.refusal("POST", f"{path}/pay", {"paid_out_of_band": True})["status"] == 400

    def test_without_a_way_to_pay_it_is_refused(self) -> None:
        desk = Desk()
        path = f"/v1/invoices/{desk.open(100)['id']}"
        assert desk.refusal("POST", f"{path}/pay")["status"] == 400

    @pytest.mark.parametrize(
        ("before", "verb", "after"),
        [
            ([], "void", None),
            ([], "mark_uncollectible", None),
            (["finalize"], "void", "void"),
            (["finalize"], "mark_uncollectible", "uncollectible"),
            (["finalize", "mark_uncollectible"], "void", "void"),
            (["finalize", "mark_uncollectible"], "pay", "paid"),
            (["finalize", "mark_uncollectible"], "send", None),
            (["finalize", "void"], "pay", None),
            (["finalize", "void"], "send", None),
            (["finalize", "void"], "mark_uncollectible", None),
            (["finalize", "pay"], "void", None),
            (["finalize", "pay"], "send", "paid"),
            (["finalize", "void"], "finalize", None),
        ],
    )
    def test_only_these_ways_lead_on(self, before: list[str], verb: str, after: str | None) -> None:
        desk = Desk()
        path = f"/v1/invoices/{desk.draft(100)}"
        for step in before:
            desk.post(f"{path}/{step}", _given(step))
        status = desk.get(path)["status"]
        answer = desk.ask("POST", f"{path}/{verb}", _given(verb))
        assert (answer.status, desk.get(path)["status"]) == (
            (200, after) if after else (400, status)
        )


class TestBalance:
    """§1.4: the customer's balance applies to the next finalised invoice by itself."""

    @pytest.mark.parametrize(
        ("balance", "due", "status", "left"),
        [(-30, 70, "open", 0), (-130, 0, "paid", -30), (50, 150, "open", 0)],
    )
    def test_it_changes_what_is_due_and_not_the_total(
        self, balance: int, due: int, status: str, left: int
    ) -> None:
        desk = Desk()
        desk.post(f"/v1/customers/{CUSTOMER}", {"balance": balance})
        made = desk.open(100)
        assert (made["total"], made["amount_due"], made["status"]) == (100, due, status)
        assert (made["starting_balance"], made["ending_balance"]) == (balance, left)
        assert desk.get(f"/v1/customers/{CUSTOMER}")["balance"] == left

    def test_it_has_its_currency(self) -> None:
        desk = Desk()
        desk.post(f"/v1/customers/{CUSTOMER}", {"balance": -30})
        assert desk.open(100, currency="gbp")["amount_due"] == 100


def _given(verb: str) -> dict[str, object]:
    return {"paid_out_of_band": True} if verb == "pay" else {}
