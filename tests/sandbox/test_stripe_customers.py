"""Customers that are gone, unreachable or nowhere; automatic tax; search (stripe.md §0.9, §1.9)."""

import pytest

from stripe_desk import CUSTOMER, VAT, Desk

AUTOMATIC = {"automatic_tax": {"enabled": True}}


def _at(desk: Desk, country: str) -> None:
    desk.post(f"/v1/customers/{CUSTOMER}", {"address": {"country": country}})


class TestCustomers:
    """§4 (14): deleted ones leave a tombstone; nothing new is made for them."""

    def test_they_are_made_listed_and_found_by_address(self) -> None:
        desk = Desk()
        made = desk.post("/v1/customers", {"name": "New", "metadata": {"mb_client": "new"}})
        assert (made["email"], "deleted" in made) == (None, False)
        listed = [each["id"] for each in desk.get("/v1/customers")["data"]]
        assert listed == [made["id"], CUSTOMER]
        found = desk.get("/v1/customers", {"email": "acme@example.invalid"})["data"]
        assert [each["id"] for each in found] == [CUSTOMER]

    def test_a_deleted_one_is_retrieved_as_such(self) -> None:
        desk = Desk()
        invoice = desk.open(1000)["id"]
        desk.api.humans.delete_customer(CUSTOMER)
        gone = desk.get(f"/v1/customers/{CUSTOMER}")
        assert gone == {"id": CUSTOMER, "object": "customer", "deleted": True}
        assert desk.get("/v1/customers")["data"] == []
        refusal = desk.refusal("POST", "/v1/invoices", {"customer": CUSTOMER})
        assert (refusal["status"], refusal["code"]) == (400, "resource_missing")
        assert desk.get(f"/v1/invoices/{invoice}")["customer_name"] == "Acme"

    def test_without_an_address_nothing_is_mailed(self) -> None:
        """§1.4: send needs an e-mail."""
        desk = Desk()
        customer = desk.post("/v1/customers", {"name": "New"})["id"]
        invoice = desk.open(1000, customer=customer)["id"]
        refusal = desk.refusal("POST", f"/v1/invoices/{invoice}/send")
        assert (refusal["status"], "Missing email" in refusal["message"]) == (400, True)
        desk.credit(invoice, desk.lines(invoice)[0], 100)
        assert desk.api.mails == []

    def test_each_may_have_its_currency(self) -> None:
        desk = Desk(customers=[{"id": "cus_uk", "currency": "gbp", "balance": -10}])
        shown = desk.get("/v1/customers/cus_uk")
        assert (shown["currency"], shown["balance"]) == ("gbp", -10)


class TestAutomaticTax:
    """§1.9: by the customer's place; an unknown place fails finalisation."""

    @pytest.mark.parametrize(("country", "total"), [("IT", 1220), ("GB", 1200)])
    def test_tax_is_that_of_the_place(self, country: str, total: int) -> None:
        desk = Desk()
        _at(desk, country)
        made = desk.open(1000, **AUTOMATIC)
        tax = made["automatic_tax"]
        assert (made["total"], tax["enabled"], tax["status"]) == (total, True, "complete")

    def test_nowhere_it_fails_and_says_so(self) -> None:
        desk = Desk()
        draft = desk.draft(1000, **AUTOMATIC)
        refusal = desk.refusal("POST", f"/v1/invoices/{draft}/finalize")
        assert (refusal["status"], refusal["code"]) == (400, "customer_tax_location_invalid")
        shown = desk.get(f"/v1/invoices/{draft}")
        assert (shown["status"], shown["number"]) == ("draft", None)
        assert shown["last_finalization_error"]["code"] == "customer_tax_location_invalid"
        assert shown["automatic_tax"]["status"] == "requires_location_inputs"
        assert desk.events()[-1] == "invoice.finalization_failed"

    def test_with_a_place_it_can_be_tried_again(self) -> None:
        desk = Desk()
        draft = desk.draft(1000, **AUTOMATIC)
        desk.refusal("POST", f"/v1/invoices/{draft}/finalize")
        _at(desk, "IT")
        made = desk.post(f"/v1/invoices/{draft}/finalize")
        assert (made["status"], made["total"]) == ("open", 1220)
        assert made["last_finalization_error"] is None

    def test_it_goes_with_no_rates_of_ones_own(self) -> None:
        desk = Desk()
        fields = {"customer": CUSTOMER, "default_tax_rates": [VAT], **AUTOMATIC}
        assert desk.refusal("POST", "/v1/invoices", fields)["param"] == "default_tax_rates"
        line = {"lines": [{"amount": 1, "tax_rates": [VAT]}]}
        refusal = desk.refusal("POST", f"/v1/invoices/{desk.draft(**AUTOMATIC)}/add_lines", line)
        assert refusal["param"] == "lines[0][tax_rates]"

    def test_it_can_be_switched_off_again(self) -> None:
        desk = Desk()
        draft = desk.draft(1000, **AUTOMATIC)
        off = {"automatic_tax": {"enabled": False}, "default_tax_rates": [VAT]}
        shown = desk.post(f"/v1/invoices/{draft}", off)
        assert (shown["total"], shown["automatic_tax"]["enabled"]) == (1220, False)

    @pytest.mark.parametrize(("switch", "status"), [("kept", 200), ("refused", 400)])
    def test_a_rate_switched_off_under_a_draft(self, switch: str, status: int) -> None:
        """Unverified (§6)."""
        desk = Desk(inactive_rates=switch)
        draft = desk.draft(1000, default_tax_rates=[VAT])
        desk.api.humans.switch_tax_rate(VAT, active=False)
        assert desk.ask("POST", f"/v1/invoices/{draft}/finalize").status == status

    def test_footer_and_memo_stand_on_the_invoice(self) -> None:
        """§1.4."""
        made = Desk().open(1000, footer="Statement: https://x.example", description="October")
        assert (made["footer"], made["description"]) == ("Statement: https://x.example", "October")


class TestSearch:
    """§0.9: normally less than a minute old, at worst an hour; lists are never late."""

    @pytest.mark.parametrize("lag", [0, 60, 3600])
    def test_what_was_just_made_is_not_found_yet(self, lag: int) -> None:
        desk = Desk(search_lag_seconds=lag)
        made = desk.open(1000, metadata={"mb_key": "acme|2026-10"})["id"]
        query = {"query": "metadata['mb_key']:'acme|2026-10'"}
        desk.world.clock.advance(max(0, lag * 1000 - 1000))
        assert len(desk.get("/v1/invoices", {"customer": CUSTOMER})["data"]) == 1
        early = desk.get("/v1/invoices/search", query)["data"]
        desk.world.clock.advance(1000)
        late = desk.get("/v1/invoices/search", query)["data"]
        assert ([each["id"] for each in early], [each["id"] for each in late]) == (
            [] if lag else [made],
            [made],
        )

    def test_a_change_shows_late_too(self) -> None:
        desk = Desk()
        draft = desk.draft(1000)
        desk.world.clock.advance(3_600_000)
        desk.post(f"/v1/invoices/{draft}/finalize")
        query = {"query": "status:'draft'"}
        assert len(desk.get("/v1/invoices/search", query)["data"]) == 1
        desk.world.clock.advance(60_000)
        assert desk.get("/v1/invoices/search", query)["data"] == []

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("status:'open'", [2, 1]),
            ("total>100 AND status:'open'", [2]),
            ("total<=100 OR status:'draft'", [1, 0]),
            ("-status:'open'", [0]),
            ("number~'0002'", [2]),
            ("number:null", [0]),
        ],
    )
    def test_the_query_language(self, query: str, found: list[int]) -> None:
        desk = Desk(search_lag_seconds=0)
        ids = [desk.draft(200), desk.open(100)["id"], desk.open(300)["id"]]
        rows = desk.get("/v1/invoices/search", {"query": query})["data"]
        assert [ids.index(row["id"]) for row in rows] == found

    def test_pages_follow_each_other(self) -> None:
        desk = Desk(search_lag_seconds=0)
        for _ in range(3):
            desk.draft()
        query = {"query": "status:'draft'", "limit": 2}
        page = desk.get("/v1/invoices/search", query)
        rest = desk.get("/v1/invoices/search", {**query, "page": page["next_page"]})
        assert (len(page["data"]), page["has_more"]) == (2, True)
        assert (len(rest["data"]), rest["has_more"], rest["next_page"]) == (1, False, None)

    def test_what_cannot_be_read_is_refused(self) -> None:
        refusal = Desk().refusal("GET", "/v1/customers/search", {"query": "who is it"})
        assert (refusal["status"], refusal["param"]) == (400, "query")
