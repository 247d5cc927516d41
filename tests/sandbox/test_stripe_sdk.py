"""What the vendor's own library makes of the stand-in's failures (stripe.md §1.1, measured)."""

from collections.abc import Iterator

import pytest
import requests
import stripe

from mondaybridge.sandbox.sockets import listening
from mondaybridge.sandbox.world import Fault
from stripe_desk import CUSTOMER, Desk


@pytest.fixture(name="desk")
def _desk() -> Desk:
    return Desk()


@pytest.fixture(name="url")
def _url(desk: Desk) -> Iterator[str]:
    with listening(desk.api.handle) as url:
        yield url


def _client(url: str, session: requests.Session, *, retries: int = 0) -> stripe.StripeClient:
    stripe.enable_telemetry = False
    return stripe.StripeClient(
        "sk_test_anything",
        base_addresses={"api": url},
        max_network_retries=retries,
        http_client=stripe.RequestsClient(session=session),
    )


@pytest.mark.parametrize(
    ("kind", "error", "status"),
    [
        ("rate_limit", stripe.RateLimitError, 429),
        ("lock_timeout", stripe.RateLimitError, 429),
        ("in_use", stripe.APIError, 409),
        ("saved_500", stripe.APIError, 500),
        ("saved_500_applied", stripe.APIError, 500),
        ("server_error_unsaved", stripe.APIError, 500),
        ("drop_request", stripe.APIConnectionError, None),
        ("drop_answer", stripe.APIConnectionError, None),
    ],
)
def test_a_fault_has_its_class(
    desk: Desk, url: str, kind: str, error: type[stripe.StripeError], status: int | None
) -> None:
    desk.world.faults.append(Fault("stripe", kind))
    with requests.Session() as session, pytest.raises(stripe.StripeError) as raised:
        _client(url, session).v1.invoices.create({"customer": CUSTOMER}, {"idempotency_key": "k"})
    assert (type(raised.value), raised.value.http_status) == (error, status)


def test_a_key_with_other_parameters_has_its_class(desk: Desk, url: str) -> None:
    with requests.Session() as session:
        create = _client(url, session).v1.invoices.create
        create({"customer": CUSTOMER}, {"idempotency_key": "k"})
        with pytest.raises(stripe.IdempotencyError):
            create({"customer": CUSTOMER, "footer": "x"}, {"idempotency_key": "k"})
    assert len(desk.api.invoices) == 1


def test_a_refusal_names_its_parameter(url: str) -> None:
    with requests.Session() as session, pytest.raises(stripe.InvalidRequestError) as raised:
        _client(url, session).v1.invoices.create({"customer": "cus_no"})
    refusal = raised.value
    assert (refusal.http_status, refusal.code, refusal.param) == (
        400,
        "resource_missing",
        "customer",
    )


def test_a_missing_key_is_an_authentication_error(url: str) -> None:
    with requests.Session() as session:
        session.auth = _NoKey()
        with pytest.raises(stripe.AuthenticationError):
            _client(url, session).v1.customers.list()


class _NoKey(requests.auth.AuthBase):
    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.pop("Authorization", None)
        return request
