"""Customers, tax rates and metadata (stripe.md §1.2, §1.9)."""

import pytest

from stripe_desk import CUSTOMER, SECOND, VAT, Desk


class TestCustomers:
    def test_a_customer_is_kept_and_shown(self) -> None:
        desk = Desk()
        fields = {
            "name": "Acme",
            "email": "a@acme.example",
            "address": {"city": "Torino", "country": "IT"},
            "tax_exempt": "reverse",
            "metadata": {"mb_client": "acme"},
            "invoice_settings": {"footer": "Thanks"},
            "preferred_locales": ["it", "en"],
        }
        made = desk.post("/v1/customers", fields)
        shown = desk.get(f"/v1/customers/{made['id']}")
        assert made == shown
        assert {name: made[name] for name in ("name", "email", "tax_exempt", "metadata")} == {
            name: fields[name] for name in ("name", "email", "tax_exempt", "metadata")
        }
        assert (made["address"]["city"], made["address"]["line1"]) == ("Torino", None)
        assert made["invoice_settings"]["footer"] == "Thanks"
        assert (made["created"], made["object"], made["livemode"]) == (SECOND, "customer", False)

    def test_only_what_is_given_changes(self) -> None:
        desk = Desk()
        before = desk.get(f"/v1/customers/{CUSTOMER}")
        after = desk.post(f"/v1/customers/{CUSTOMER}", {"phone": "+39", "email": ""})
        assert after == {**before, "phone": "+39", "email": None}

    def test_an_address_without_an_at_is_refused(self) -> None:
        refusal = Desk().refusal("POST", "/v1/customers", {"email": "nobody"})
        assert (refusal["code"], refusal["param"]) == ("email_invalid", "email")

    def test_a_deleted_customer_leaves_a_trace_only(self) -> None:
        desk = Desk()
        gone = {"id": CUSTOMER, "object": "customer", "deleted": True}
        assert desk.delete(f"/v1/customers/{CUSTOMER}") == gone
        assert desk.get(f"/v1/customers/{CUSTOMER}") == gone
        assert desk.get("/v1/customers")["data"] == []
        assert desk.refusal("POST", f"/v1/customers/{CUSTOMER}")["status"] == 404
        refusal = desk.refusal("POST", "/v1/invoices", {"customer": CUSTOMER})
        assert (refusal["status"], refusal["code"]) == (400, "resource_missing")

    def test_the_list_filters_by_mail(self) -> None:
        desk = Desk()
        other = desk.post("/v1/customers", {"email": "b@acme.example"})["id"]
        found = desk.get("/v1/customers", {"email": "b@acme.example"})["data"]
        assert [each["id"] for each in found] == [other]


class TestMetadata:
    """§1.2: 50 keys of 40 characters with 500 each."""

    def _metadata(self, *changes: object) -> object:
        desk = Desk()
        return [
            desk.post(f"/v1/customers/{CUSTOMER}", {"metadata": change})["metadata"]
            for change in changes
        ][-1]

    def test_keys_are_merged_one_by_one(self) -> None:
        assert self._metadata({"a": "1", "b": "2"}, {"b": "3", "c": "4"}) == {
            "a": "1",
            "b": "3",
            "c": "4",
        }

    def test_an_empty_value_removes_its_key(self) -> None:
        assert self._metadata({"a": "1", "b": "2"}, {"a": ""}) == {"b": "2"}

    def test_an_empty_string_removes_all(self) -> None:
        assert self._metadata({"a": "1", "b": "2"}, "") == {}

    def test_keys_may_be_numbers(self) -> None:
        assert self._metadata({"0": "x", "7": "y"}) == {"0": "x", "7": "y"}

    @pytest.mark.parametrize(
        "metadata", [{"k" * 41: "v"}, {"k": "v" * 501}, {str(n): "v" for n in range(51)}]
    )
    def test_too_much_is_refused(self, metadata: dict[str, str]) -> None:
        desk = Desk()
        path = f"/v1/customers/{CUSTOMER}"
        assert desk.refusal("POST", path, {"metadata": metadata})["status"] == 400
        assert desk.get(path)["metadata"] == {}


class TestTaxRates:
    def test_a_rate_is_kept_and_shown(self) -> None:
        desk = Desk()
        fields = {"display_name": "VAT", "percentage": "17.5", "inclusive": False, "country": "GB"}
        made = desk.post("/v1/tax_rates", fields)
        assert desk.get(f"/v1/tax_rates/{made['id']}") == made
        assert (made["percentage"], made["country"], made["active"]) == (17.5, "GB", True)
        assert desk.get(f"/v1/tax_rates/{VAT}")["percentage"] == 22

    @pytest.mark.parametrize("percentage", ["-1", "100.1", "7.12345", "NaN", "1e3"])
    def test_a_percentage_out_of_range_is_refused(self, percentage: str) -> None:
        fields = {"display_name": "x", "inclusive": False, "percentage": percentage}
        assert Desk().refusal("POST", "/v1/tax_rates", fields)["param"] == "percentage"

    def test_an_inactive_rate_is_not_for_new_lines(self) -> None:
        desk = Desk()
        desk.post(f"/v1/tax_rates/{VAT}", {"active": False})
        fields = {"customer": CUSTOMER, "default_tax_rates": [VAT]}
        assert desk.refusal("POST", "/v1/invoices", fields)["param"] == "default_tax_rates"
        assert desk.get("/v1/tax_rates", {"active": True})["data"] == []


class TestNestedFields:
    @pytest.mark.parametrize(
        ("fields", "param"),
        [
            ({"address": "Milano"}, "address"),
            ({"address": {"town": "Milano"}}, "address[town]"),
            ({"address": {"city": "x" * 5001}}, "address[city]"),
            ({"shipping": {"name": "x"}}, "shipping[address]"),
            ({"metadata": "x"}, "metadata"),
            ({"metadata": {"a": {"b": "c"}}}, "metadata[a]"),
            ({"email": "a@" + "x" * 511}, "email"),
            ({"(": "x"}, "("),
        ],
    )
    def test_the_place_is_named(self, fields: dict[str, object], param: str) -> None:
        assert Desk().refusal("POST", "/v1/customers", fields)["param"] == param

    def test_an_address_can_be_unset(self) -> None:
        desk, path = Desk(), f"/v1/customers/{CUSTOMER}"
        assert desk.post(path, {"address": {"city": "Milano"}})["address"]["city"] == "Milano"
        assert desk.post(path, {"address": ""})["address"] is None
