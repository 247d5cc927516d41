"""Lines and the arithmetic of their sums (stripe.md §0.10, §1.4, §1.9)."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripe_desk import CUSTOMER, SECOND, VAT, Desk

PRICE = {"currency": "eur", "product": "prod_hours"}


def _add(desk: Desk, *lines: Mapping[str, object], **fields: object) -> dict[str, Any]:
    draft = desk.draft(**fields)
    return desk.post(f"/v1/invoices/{draft}/add_lines", {"lines": list(lines)})


class TestLines:
    def test_a_line_keeps_what_it_was_given(self) -> None:
        line = {
            "amount": 1234,
            "description": "Menu page",
            "metadata": {"mb_entry": "7"},
            "period": {"start": SECOND, "end": SECOND + 60},
            "tax_rates": [VAT],
        }
        (shown,) = _add(Desk(), line)["lines"]["data"]
        assert {name: shown[name] for name in ("amount", "description", "metadata", "period")} == {
            name: line[name] for name in ("amount", "description", "metadata", "period")
        }
        assert (shown["subtotal"], shown["quantity"], shown["quantity_decimal"]) == (1234, 1, "1")
        assert shown["taxes"] == [
            {
                "amount": 271,
                "tax_behavior": "exclusive",
                "tax_rate_details": {"tax_rate": VAT},
                "taxability_reason": "not_available",
                "taxable_amount": 1234,
                "type": "tax_rate_details",
            }
        ]

    def test_an_invoice_shows_ten_and_lists_all(self) -> None:
        """§1.4: `lines` in an answer holds only the first page."""
        desk = Desk()
        made = _add(desk, *({"amount": n} for n in range(25)))
        path = f"/v1/invoices/{made['id']}/lines"
        assert ([line["amount"] for line in made["lines"]["data"]], made["lines"]["has_more"]) == (
            list(range(10)),
            True,
        )
        whole = desk.get(path, {"limit": 100})
        assert ([line["amount"] for line in whole["data"]], whole["has_more"]) == (
            list(range(25)),
            False,
        )
        ids = [line["id"] for line in whole["data"]]
        rest = desk.get(path, {"starting_after": ids[19]})
        before = desk.get(path, {"ending_before": ids[19], "limit": 2})
        assert [line["amount"] for line in rest["data"]] == [20, 21, 22, 23, 24]
        assert ([line["amount"] for line in before["data"]], before["has_more"]) == ([17, 18], True)
        assert desk.refusal("GET", path, {"starting_after": "il_no"})["param"] == "starting_after"

    def test_250_lines_and_not_one_more(self) -> None:
        """§0.10."""
        desk = Desk()
        path = f"/v1/invoices/{desk.draft()}"
        for _ in range(5):
            desk.post(f"{path}/add_lines", {"lines": [{"amount": 1}] * 50})
        refusal = desk.refusal("POST", f"{path}/add_lines", {"lines": [{"amount": 1}]})
        assert (refusal["status"], refusal["param"]) == (400, "lines")
        assert desk.get(path)["total"] == 250

    def test_a_call_adds_all_or_nothing(self) -> None:
        desk = Desk()
        path = f"/v1/invoices/{desk.draft(1)}"
        lines = [{"amount": 1}, {"amount": 1, "tax_rates": ["txr_no"]}]
        refusal = desk.refusal("POST", f"{path}/add_lines", {"lines": lines})
        assert refusal["param"] == "lines[1][tax_rates][0]"
        assert desk.get(path)["total"] == 1

    def test_lines_are_changed_and_removed(self) -> None:
        desk = Desk()
        path = f"/v1/invoices/{desk.draft(1, 2, 3)}"
        first, second, _ = desk.lines(path.rpartition("/")[2])
        desk.post(
            f"{path}/update_lines",
            {"lines": [{"id": second, "amount": 20, "description": "two"}]},
        )
        gone = {"lines": [{"id": first, "behavior": "delete"}], "invoice_metadata": {"a": "1"}}
        made = desk.post(f"{path}/remove_lines", gone)
        assert [(line["amount"], line["description"]) for line in made["lines"]["data"]] == [
            (20, "two"),
            (3, None),
        ]
        assert (made["total"], made["metadata"]) == (23, {"a": "1"})
        refusal = desk.refusal("POST", f"{path}/remove_lines", gone)
        assert refusal["param"] == "lines[0][id]"

    @pytest.mark.parametrize(
        ("line", "param"),
        [
            ({"discountable": True}, "lines[0][amount]"),
            ({"amount": "1.5"}, "lines[0][amount]"),
            ({"amount": 1, "quantity": 2}, "lines[0][quantity]"),
            ({"amount": 1, "price_data": {**PRICE, "unit_amount": 1}}, "lines[0][price_data]"),
            ({"price_data": PRICE}, "lines[0][price_data][unit_amount]"),
            (
                {"price_data": {"currency": "eur", "unit_amount": 1}},
                "lines[0][price_data][product]",
            ),
            (
                {"price_data": {**PRICE, "unit_amount": 1, "currency": "usd"}},
                "lines[0][price_data][currency]",
            ),
            (
                {"price_data": {**PRICE, "unit_amount": 1}, "quantity": 1, "quantity_decimal": 1},
                "lines[0][quantity_decimal]",
            ),
            (
                {"price_data": {**PRICE, "unit_amount": 1}, "quantity_decimal": "0." + "1" * 13},
                "lines[0][quantity_decimal]",
            ),
            ({"amount": 1, "period": {"start": 2, "end": 1}}, "lines[0][period][end]"),
            ({"amount": 1, "price": "price_1"}, "lines[0][price]"),
            ({"amount": 1, "currency": "eur"}, "lines[0][currency]"),
            ({"amount": 1, "description": "x" * 5001}, "lines[0][description]"),
        ],
    )
    def test_what_makes_no_line_is_named(self, line: dict[str, object], param: str) -> None:
        desk = Desk()
        path = f"/v1/invoices/{desk.draft()}/add_lines"
        refusal = desk.refusal("POST", path, {"lines": [line]})
        assert (refusal["status"], refusal["param"]) == (400, param)


class TestAmounts:
    @pytest.mark.parametrize(
        ("unit", "quantity", "rounding", "amount"),
        [
            ({"unit_amount": 6000}, {"quantity": 2}, "half_up", 12000),
            ({"unit_amount": 6000}, {}, "half_up", 6000),
            ({"unit_amount": 6000}, {"quantity_decimal": "1.25"}, "half_up", 7500),
            ({"unit_amount": 5}, {"quantity_decimal": "0.5"}, "half_up", 3),
            ({"unit_amount": 5}, {"quantity_decimal": "0.5"}, "half_even", 2),
            ({"unit_amount_decimal": "0.333333333333"}, {"quantity": 3}, "half_up", 1),
        ],
    )
    def test_unit_times_quantity_is_rounded_per_line(
        self,
        unit: dict[str, object],
        quantity: dict[str, object],
        rounding: str,
        amount: int,
    ) -> None:
        """§0.3, §1.4; which way halves go is unverified (§6)."""
        made = _add(Desk(rounding=rounding), {"price_data": {**PRICE, **unit}, **quantity})
        assert made["subtotal"] == amount

    def test_a_product_without_a_description_gives_its_name(self) -> None:
        price = {"currency": "eur", "unit_amount": 1, "product_data": {"name": "Hours"}}
        (line,) = _add(Desk(), {"price_data": price, "quantity_decimal": "2.5"})["lines"]["data"]
        assert (line["description"], line["quantity"], line["quantity_decimal"]) == (
            "Hours",
            2,
            "2.5",
        )

    @given(
        amounts=st.lists(st.integers(-10_000, 10_000_000), min_size=1, max_size=12),
        percentage=st.decimals(0, 100, places=2),
        rounding=st.sampled_from(["half_up", "half_even"]),
        level=st.sampled_from(["line", "invoice"]),
    )
    def test_tax_is_rounded_where_the_account_says(
        self, amounts: list[int], percentage: Decimal, rounding: str, level: str
    ) -> None:
        desk = Desk(rounding=rounding, tax_rounding=level)
        rate = desk.post(
            "/v1/tax_rates",
            {"display_name": "x", "inclusive": False, "percentage": f"{percentage:f}"},
        )["id"]
        made = _add(desk, *({"amount": each} for each in amounts), default_tax_rates=[rate])
        taxed = amounts if level == "line" else [sum(amounts)]
        mode = ROUND_HALF_UP if rounding == "half_up" else ROUND_HALF_EVEN
        tax = sum(
            int((each * percentage / 100).quantize(Decimal(1), rounding=mode)) for each in taxed
        )
        assert (made["subtotal"], made["total"]) == (sum(amounts), sum(amounts) + tax)
        assert made["total_excluding_tax"] == made["subtotal_excluding_tax"] == sum(amounts)
        assert [each["amount"] for each in made["total_taxes"]] == [tax]

    def test_a_lines_own_rates_go_before_the_invoices(self) -> None:
        desk = Desk()
        reduced = desk.post(
            "/v1/tax_rates", {"display_name": "r", "inclusive": False, "percentage": 10}
        )["id"]
        made = _add(
            desk,
            {"amount": 1000},
            {"amount": 1000, "tax_rates": [reduced]},
            default_tax_rates=[VAT],
        )
        assert made["total"] == 2320
        assert [each["amount"] for each in made["total_taxes"]] == [220, 100]

    def test_inclusive_tax_lies_inside(self) -> None:
        desk = Desk()
        inside = desk.post(
            "/v1/tax_rates", {"display_name": "i", "inclusive": True, "percentage": 22}
        )["id"]
        made = _add(desk, {"amount": 1220}, default_tax_rates=[inside])
        assert [
            made[name]
            for name in ("subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax")
        ] == [1220, 1000, 1220, 1000]
        draft = f"/v1/invoices/{desk.draft()}"
        mixed = {"default_tax_rates": [inside, VAT]}
        assert desk.refusal("POST", draft, mixed)["param"] == "default_tax_rates"

    @pytest.mark.parametrize(
        ("exempt", "reason"), [("exempt", "customer_exempt"), ("reverse", "reverse_charge")]
    )
    def test_an_exempt_customer_pays_no_tax(self, exempt: str, reason: str) -> None:
        """§1.9: `tax_exempt=reverse` prints "Reverse charge"."""
        desk = Desk()
        desk.post(f"/v1/customers/{CUSTOMER}", {"tax_exempt": exempt})
        made = _add(desk, {"amount": 1000}, default_tax_rates=[VAT])
        (tax,) = made["total_taxes"]
        assert (made["total"], tax["amount"], tax["taxability_reason"]) == (1000, 0, reason)
