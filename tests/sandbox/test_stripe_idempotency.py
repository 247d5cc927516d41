"""Keys and planned faults (stripe.md §1.3, and §5: the knobs a stand-in must have)."""

import json

import pytest

from mondaybridge.sandbox.stripe.api import FAULT_KINDS
from mondaybridge.sandbox.world import Dropped, Fault, Response
from stripe_desk import CUSTOMER, Desk

HOUR = 3_600_000
NEW = {"customer": CUSTOMER}


def _create(desk: Desk, key: str = "k1", **fields: object) -> Response:
    return desk.ask("POST", "/v1/invoices", {**NEW, **fields}, idempotency_key=key)


def _fault(desk: Desk, kind: str, match: str = "Invoice.create") -> None:
    desk.world.faults.append(Fault("stripe", kind, match))


def _error(response: Response) -> dict[str, object]:
    return {"status": response.status, **json.loads(response.body)["error"]}


class TestReplay:
    def test_the_first_result_comes_back(self) -> None:
        desk = Desk()
        first, again = _create(desk), _create(desk)
        assert (first.status, first.body) == (again.status, again.body)
        assert "idempotent-replayed" not in first.headers
        assert again.headers["idempotent-replayed"] == "true"
        assert again.headers["original-request"] == first.headers["request-id"]
        assert again.headers["request-id"] != first.headers["request-id"]
        assert len(desk.api.invoices) == 1

    def test_the_order_of_parameters_does_not_matter(self) -> None:
        desk = Desk()
        desk.post("/v1/invoices", {"customer": CUSTOMER, "footer": "x"}, key="k")
        desk.post("/v1/invoices", {"footer": "x", "customer": CUSTOMER}, key="k")
        assert len(desk.api.invoices) == 1

    def test_other_parameters_are_refused(self) -> None:
        desk = Desk()
        _create(desk)
        refusal = _error(_create(desk, footer="x"))
        assert (refusal["status"], refusal["type"]) == (400, "idempotency_error")

    def test_another_endpoint_is_refused(self) -> None:
        desk = Desk()
        _create(desk)
        refusal = _error(desk.ask("POST", "/v1/customers", NEW, idempotency_key="k1"))
        assert (refusal["status"], refusal["type"]) == (400, "idempotency_error")

    def test_a_refusal_that_was_executed_is_burnt(self) -> None:
        desk = Desk()
        invoice = desk.open(100)["id"]
        path = f"/v1/invoices/{invoice}/add_lines"
        fields = {"lines": [{"amount": 1}]}
        first = desk.ask("POST", path, fields, idempotency_key="k")
        again = desk.ask("POST", path, fields, idempotency_key="k")
        assert (first.status, first.body) == (again.status, again.body)
        assert (again.status, again.headers["idempotent-replayed"]) == (400, "true")

    def test_a_request_that_never_began_leaves_no_trace(self) -> None:
        desk = Desk()
        assert desk.ask("POST", "/v1/invoices", {"x": 1}, idempotency_key="k1").status == 400
        assert (
            desk.ask("POST", "/v1/invoices", NEW, authorization="", idempotency_key="k1").status
            == 401
        )
        assert _create(desk).status == 200

    def test_a_key_lives_24_hours_of_the_worlds_clock(self) -> None:
        desk = Desk()
        _create(desk)
        desk.world.clock.advance(24 * HOUR - 1)
        _create(desk)
        assert len(desk.api.invoices) == 1
        desk.world.clock.advance(1)
        _create(desk)
        assert (len(desk.api.invoices), len(desk.api.idempotency)) == (2, 1)

    def test_a_key_that_is_too_long_is_refused(self) -> None:
        assert _create(Desk(), key="k" * 256).status == 400
        assert _create(Desk(), key="k" * 255).status == 200

    def test_only_posts_have_keys(self) -> None:
        desk = Desk()
        first = desk.ask("GET", "/v1/invoices", idempotency_key="k")
        desk.draft()
        assert desk.ask("GET", "/v1/invoices", idempotency_key="k").body != first.body


class TestFaults:
    def test_a_lost_request_did_not_run(self) -> None:
        desk = Desk()
        _fault(desk, "drop_request")
        with pytest.raises(Dropped) as dropped:
            _create(desk)
        assert (dropped.value.executed, len(desk.api.invoices)) == (False, 0)
        assert "idempotent-replayed" not in _create(desk).headers

    def test_a_lost_answer_is_replayed(self) -> None:
        desk = Desk()
        _fault(desk, "drop_answer")
        with pytest.raises(Dropped) as dropped:
            _create(desk)
        assert (dropped.value.executed, len(desk.api.invoices)) == (True, 1)
        again = _create(desk)
        assert again.headers["idempotent-replayed"] == "true"
        assert json.loads(again.body)["id"] in desk.api.invoices

    @pytest.mark.parametrize(("kind", "invoices"), [("saved_500", 0), ("saved_500_applied", 1)])
    def test_a_500_belongs_to_its_key(self, kind: str, invoices: int) -> None:
        desk = Desk()
        _fault(desk, kind)
        assert [_create(desk).status, _create(desk).status] == [500, 500]
        assert len(desk.api.invoices) == invoices
        assert _create(desk, key="k2").status == 200

    def test_a_500_before_execution_does_not(self) -> None:
        desk = Desk()
        _fault(desk, "server_error_unsaved")
        assert [_create(desk).status, _create(desk).status] == [500, 200]

    def test_a_key_in_use_is_a_conflict(self) -> None:
        desk = Desk()
        _fault(desk, "in_use")
        refusal = _error(_create(desk))
        assert (refusal["status"], refusal["code"]) == (409, "idempotency_key_in_use")
        assert _create(desk).status == 200

    def test_a_plain_429_says_nothing_of_a_retry(self) -> None:
        desk = Desk()
        _fault(desk, "rate_limit")
        response = _create(desk)
        assert (response.status, _error(response)["code"]) == (429, "rate_limit")
        assert {"stripe-should-retry", "retry-after"} & set(response.headers) == set()
        assert _create(desk).status == 200

    def test_a_lock_timeout_asks_for_a_retry(self) -> None:
        desk = Desk()
        _fault(desk, "lock_timeout")
        response = _create(desk)
        assert (response.status, _error(response)["code"]) == (429, "lock_timeout")
        assert response.headers["stripe-should-retry"] == "true"
        assert _create(desk).status == 200

    def test_a_fault_finds_its_operation(self) -> None:
        desk = Desk()
        for match in ("POST /v1/invoices Invoice.create", "/finalize", "GET /v1/customers"):
            _fault(desk, "rate_limit", match)
        assert [
            _create(desk).status,
            _create(desk).status,
            desk.ask("POST", "/v1/invoices/in_1/finalize").status,
            desk.ask("GET", f"/v1/customers/{CUSTOMER}").status,
            desk.ask("GET", f"/v1/customers/{CUSTOMER}").status,
        ] == [429, 200, 429, 429, 200]

    def test_every_fault_is_described(self) -> None:
        import mondaybridge.sandbox.stripe.faults as module

        assert all(f"``{kind}``" in (module.__doc__ or "") for kind in FAULT_KINDS)
