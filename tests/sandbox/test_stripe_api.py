"""Credentials, versions, parameters, lists, expansion and speed (stripe.md §1.1, §1.2, §2)."""

import base64
import json
import time

import pytest

from mondaybridge.sandbox.stripe.forms import decode, pairs_of
from mondaybridge.sandbox.world import Request
from stripe_desk import CUSTOMER, SECOND, VAT, Desk


class TestCredentials:
    """§1.1: any key that is not empty, else 401."""

    @pytest.mark.parametrize(
        "header", ["", "Bearer ", "Bearer", "Digest x", "Basic ", "Basic !", "Basic Og=="]
    )
    def test_without_a_key_there_is_no_answer(self, header: str) -> None:
        response = Desk().ask("GET", "/v1/customers", authorization=header)
        assert response.status == 401
        assert json.loads(response.body)["error"]["type"] == "invalid_request_error"

    @pytest.mark.parametrize(
        "header", ["Bearer x", "bearer x", "Basic " + base64.b64encode(b"sk_1:").decode()]
    )
    def test_any_key_will_do(self, header: str) -> None:
        assert Desk().ask("GET", "/v1/customers", authorization=header).status == 200


class TestHeaders:
    """§1.1: the version comes back, every answer has an id."""

    def test_the_version_is_echoed(self) -> None:
        desk = Desk()
        own = desk.ask("GET", "/v1/customers").headers
        other = desk.ask("GET", "/v1/customers", stripe_version="2025-01-27.acacia").headers
        assert own["stripe-version"] == "2026-10-28.endive"
        assert other["stripe-version"] == "2025-01-27.acacia"
        assert own["request-id"] != other["request-id"]
        assert own["request-id"].startswith("req_")

    def test_a_version_that_cannot_be_is_refused(self) -> None:
        assert Desk().ask("GET", "/v1/customers", stripe_version="latest").status == 400


class TestParameters:
    """§2: strict about names, types and words."""

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            (
                {"customr": "cus_1"},
                (
                    "parameter_unknown",
                    "customr",
                    "Received unknown parameter: customr. Did you mean customer?",
                ),
            ),
            ({}, ("parameter_missing", "customer", "Missing required param: customer.")),
            (
                {"customer": CUSTOMER, "days_until_due": "ten"},
                (
                    "parameter_invalid_integer",
                    "days_until_due",
                    "Invalid integer: ten (days_until_due)",
                ),
            ),
            (
                {"customer": CUSTOMER, "auto_advance": "yes"},
                ("parameter_invalid", "auto_advance", "Invalid boolean: yes (auto_advance)"),
            ),
            (
                {"customer": ""},
                (
                    "parameter_invalid_empty",
                    "customer",
                    "You passed an empty string for 'customer'; it cannot be unset.",
                ),
            ),
            (
                {"customer": CUSTOMER, "custom_fields": [{"name": "a"}]},
                (
                    "parameter_missing",
                    "custom_fields[0][value]",
                    "Missing required param: custom_fields[0][value].",
                ),
            ),
            (
                {"customer": "cus_no"},
                ("resource_missing", "customer", "No such customer: 'cus_no'"),
            ),
            (
                {"customer": CUSTOMER, "default_tax_rates": [VAT, "txr_no"]},
                ("resource_missing", "default_tax_rates[1]", "No such tax rate: 'txr_no'"),
            ),
        ],
    )
    def test_what_does_not_fit_is_named(
        self, fields: dict[str, object], expected: tuple[str, str, str]
    ) -> None:
        refusal = Desk().refusal("POST", "/v1/invoices", fields)
        assert (refusal["status"], refusal["type"]) == (400, "invalid_request_error")
        assert (refusal["code"], refusal["param"], refusal["message"]) == expected

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/v1/invoice"),
            ("PUT", "/v1/invoices"),
            ("POST", "/v1/invoices/in_1/explode"),
            ("GET", "/v1/invoices/"),
            ("GET", "/"),
        ],
    )
    def test_an_unknown_path_is_404(self, method: str, path: str) -> None:
        assert Desk().refusal(method, path) == {
            "status": 404,
            "type": "invalid_request_error",
            "message": f"Unrecognized request URL ({method}: {path}).",
        }

    @pytest.mark.parametrize(
        "body", [b"a[b=1", b"[]=1", b"a=1&a[b]=2", b"customer[]=1", b"%ff%fe=%00", b"=&=&="]
    )
    def test_a_broken_body_is_a_refusal(self, body: bytes) -> None:
        request = Request("POST", "/v1/invoices", headers={"authorization": "Bearer x"}, body=body)
        assert Desk().api.handle(request).status == 400

    def test_a_body_in_another_format_is_refused(self) -> None:
        headers = {"authorization": "Bearer x", "content-type": "application/json"}
        request = Request("POST", "/v1/customers", headers=headers, body=b'{"name": "x"}')
        assert Desk().api.handle(request).status == 400

    def test_bytes_that_are_not_text_are_refused(self) -> None:
        headers = {"authorization": "Bearer x"}
        request = Request("POST", "/v1/customers", headers=headers, body=b"name=\xff")
        assert Desk().api.handle(request).status == 400

    def test_brackets_nest(self) -> None:
        text = "a[b][c]=1&a[b][d]=2&e[]=3&e[]=4&f="
        assert decode(pairs_of(text)) == {
            "a": {"b": {"c": "1", "d": "2"}},
            "e": {"0": "3", "1": "4"},
            "f": "",
        }


class TestLists:
    """§1.2: 1 to 100 rows, 10 unless told, newest first, by cursor."""

    def _ids(self, desk: Desk, **fields: object) -> tuple[list[int], bool]:
        known = list(desk.api.invoices)
        page = desk.get("/v1/invoices", fields)
        return [known.index(each["id"]) for each in page["data"]], page["has_more"]

    def _desk(self, count: int = 12) -> tuple[Desk, list[str]]:
        desk = Desk()
        ids = []
        for _ in range(count):
            ids.append(desk.draft())
            desk.world.clock.advance(1000)
        return desk, ids

    def test_pages_follow_each_other_backwards_in_time(self) -> None:
        desk, ids = self._desk()
        assert self._ids(desk) == ([11, 10, 9, 8, 7, 6, 5, 4, 3, 2], True)
        assert self._ids(desk, starting_after=ids[2]) == ([1, 0], False)
        assert self._ids(desk, starting_after=ids[2], limit=1) == ([1], True)
        assert self._ids(desk, starting_after=ids[0]) == ([], False)

    def test_a_page_can_end_before_an_object(self) -> None:
        desk, ids = self._desk()
        assert self._ids(desk, ending_before=ids[9]) == ([11, 10], False)
        assert self._ids(desk, ending_before=ids[3], limit=3) == ([6, 5, 4], True)

    @pytest.mark.parametrize(
        ("bounds", "expected"),
        [
            ({"gte": SECOND + 10}, [11, 10]),
            ({"gt": SECOND + 10}, [11]),
            ({"lte": SECOND + 1}, [1, 0]),
            ({"lt": SECOND + 1}, [0]),
            ({"gte": SECOND + 3, "lt": SECOND + 5}, [4, 3]),
            (SECOND + 7, [7]),
            ({"gt": 0, "lt": 0}, []),
        ],
    )
    @pytest.mark.parametrize("days_back", [0, 1])
    def test_the_second_of_creation_filters(
        self, bounds: object, expected: list[int], days_back: int
    ) -> None:
        desk, _ = self._desk()
        if days_back:  # the fast path must not be taken then
            desk.world.clock.set(desk.world.clock.now() - days_back * 86_400_000)
            desk.delete(f"/v1/invoices/{desk.draft()}")
        assert self._ids(desk, created=bounds) == (expected, False)

    def test_state_and_customer_filter(self) -> None:
        desk = Desk()
        other = desk.post("/v1/customers", {"name": "Other"})["id"]
        first, second = desk.draft(100), desk.draft(100, customer=other)
        desk.draft(customer=other)
        desk.post(f"/v1/invoices/{first}/finalize")
        desk.post(f"/v1/invoices/{second}/finalize")
        assert self._ids(desk, status="open") == ([1, 0], False)
        assert self._ids(desk, status="draft") == ([2], False)
        assert self._ids(desk, status="open", customer=other) == ([1], False)
        assert self._ids(desk, customer="cus_unknown") == ([], False)

    @pytest.mark.parametrize("limit", [0, 101, "many"])
    def test_a_limit_out_of_range_is_refused(self, limit: object) -> None:
        assert Desk().refusal("GET", "/v1/invoices", {"limit": limit})["param"] == "limit"

    def test_a_cursor_must_exist(self) -> None:
        refusal = Desk().refusal("GET", "/v1/invoices", {"starting_after": "in_gone"})
        assert (refusal["status"], refusal["param"]) == (400, "starting_after")

    def test_a_list_costs_what_it_returns(self) -> None:
        desk = Desk()
        for _ in range(2000):
            desk.draft()
        newest = list(desk.api.invoices)[-1]
        start = time.perf_counter()
        for _ in range(20):
            desk.get("/v1/invoices", {"limit": 1})
            desk.get("/v1/invoices", {"limit": 1, "starting_after": newest})
            desk.get("/v1/invoices", {"limit": 1, "created": {"gte": SECOND}})
        assert (time.perf_counter() - start) / 60 < 0.005


class TestExpansion:
    def test_the_object_stands_where_its_id_stood(self) -> None:
        desk = Desk()
        invoice = desk.open(100)["id"]
        one = desk.get(f"/v1/invoices/{invoice}", {"expand": ["customer"]})
        many = desk.get("/v1/invoices", {"expand": ["data.customer"]})
        assert (
            one["customer"] == many["data"][0]["customer"] == desk.get(f"/v1/customers/{CUSTOMER}")
        )

    @pytest.mark.parametrize("path", ["lines", "data.customer", "customer.name"])
    def test_what_cannot_be_expanded_is_refused(self, path: str) -> None:
        desk = Desk()
        path_of = f"/v1/invoices/{desk.draft()}"
        assert desk.refusal("GET", path_of, {"expand": [path]})["param"] == "expand"


def test_a_body_of_100_lines_is_read_in_milliseconds() -> None:
    """§1.2: 44 kB of form for 100 realistic lines."""
    desk, line = (
        Desk(),
        {"amount": 1234, "description": "x" * 250, "metadata": {"mb_entry": "e" * 36}},
    )
    draft = desk.draft()
    start = time.perf_counter()
    desk.post(f"/v1/invoices/{draft}/add_lines", {"lines": [line] * 100})
    assert time.perf_counter() - start < 0.1


def test_the_same_seed_gives_the_same_answers() -> None:
    assert Desk(seed=7).open(100) == Desk(seed=7).open(100)
    assert Desk(seed=7).open(100)["id"] != Desk(seed=8).open(100)["id"]
