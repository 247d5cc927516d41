"""The one way to Stripe: its SDK over our own HTTP client, so that every byte passes here.

A write is an effect before it is a request: the effect's stored key and bytes are what is sent,
also by a takeover (storage 3). The SDK retries nothing; one call, with its waits, ends within
``CALL_SECONDS``, and what needs longer is the back-off's affair (``TryLater``).
"""

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

import httpx
import stripe as stripe_sdk
from tenacity import RetryCallState, Retrying, retry_if_exception_type, retry_if_result
from tenacity.wait import wait_exponential
from typing_extensions import override

from mondaybridge.clock import Clock
from mondaybridge.errors import UpstreamError
from mondaybridge.stripe.answers import answer_id, burns, lost, passing
from mondaybridge.stripe.failures import SavedFailure, translated

__all__ = ["API_VERSION", "EffectLog", "SavedFailure", "StripeGateway", "Write"]

API_VERSION = "2026-10-28.endive"
CALL_SECONDS = 20
CONNECT_SECONDS = 5
SENDS = 6  # of one call, all with the same key and bytes
PAGE = 100  # rows of a list page, Stripe's maximum (stripe.md §1.2)
ROWS = 100_000  # of one list: a list that does not end is a fault, not data
KEY_LENGTH = 255  # of an idempotency key (stripe.md §1.2)

T = TypeVar("T")
Json: TypeAlias = Mapping[str, Any]


class EffectLog(Protocol):
    """The effects of one business key, kept by whoever owns the store."""

    def begin(
        self,
        *,
        op: str,
        chunk: int,
        attempt: int,
        idem_key: str,
        method: str,
        path: str,
        body: bytes,
    ) -> bytes:
        """Commit the effect and return the bytes to send: those of the row that existed, if any."""

    def answer(self, *, idem_key: str, status: int, answer_id: str) -> None:
        """Commit what Stripe answered; 400 and above: the key is burnt, the attempt must rise."""

    def fence(self) -> None:
        """Renew the lease under which this is written; raises LeaseLost."""


@dataclass(frozen=True, slots=True)
class Write:
    """One write: whose, which step of it, which chunk, which attempt."""

    effects: EffectLog
    business_key: str
    op: str
    attempt: int
    chunk: int = 0

    @property
    def idem_key(self) -> str:
        """Return the key that all sends of this write carry; no hash of the body (stripe.md §1.8).

        A business key that a header cannot carry stands as its digest.
        """
        key = f"mb:{self.business_key}:{self.op}:{self.chunk}:{self.attempt}"
        if len(key) <= KEY_LENGTH and key.isascii() and key.isprintable():
            return key
        digest = hashlib.sha256(self.business_key.encode()).hexdigest()
        return f"mb:{digest}:{self.op}:{self.chunk}:{self.attempt}"


class Wire(stripe_sdk.HTTPClient):
    """The SDK's transport over our HTTP client; ``write`` is null where it may only read."""

    name = "httpx"

    def __init__(
        self,
        http: httpx.Client,
        clock: Clock,
        before_call: Callable[[], None],
        write: Write | None = None,
    ) -> None:
        super().__init__()
        self._http = http
        self._clock = clock
        self._before_call = before_call
        self._write = write

    @override
    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        """Send one call of the SDK, and for a write keep its effect."""
        body = str(post_data or "").encode()
        if self._write:
            response = self._keep(self._write, method, httpx.URL(url), dict(headers or {}), body)
        elif method == "get":
            response = self._persist(httpx.Request("GET", url, headers=headers))
        else:
            raise AssertionError(f"{method} {url} without an effect")
        return response.text, response.status_code, _told(response)

    @override
    def close(self) -> None:
        """Leave the connections to the gateway, who owns them."""

    def _keep(
        self, write: Write, method: str, url: httpx.URL, headers: dict[str, str], body: bytes
    ) -> httpx.Response:
        self._before_call()
        key = write.idem_key
        stored = write.effects.begin(
            op=write.op,
            chunk=write.chunk,
            attempt=write.attempt,
            idem_key=key,
            method=method.upper(),
            path=url.path,
            body=body,
        )
        keyed = {**headers, "Idempotency-Key": key}
        request = httpx.Request(method.upper(), url, headers=keyed, content=stored)
        response = self._persist(request, fence=write.effects.fence)
        if burns(response):
            status = response.status_code
            write.effects.answer(idem_key=key, status=status, answer_id=answer_id(response))
        return response

    def _persist(
        self, request: httpx.Request, fence: Callable[[], None] = lambda: None
    ) -> httpx.Response:
        """Send, and send again what only needs patience: the same key, the same bytes."""
        started = self._clock.now()

        def left() -> float:
            return CALL_SECONDS - (self._clock.now() - started) / 1000

        def spent(state: RetryCallState) -> bool:
            return state.attempt_number >= SENDS or state.upcoming_sleep >= left()

        def send() -> httpx.Response:
            fence()
            self._before_call()
            limit = max(1.0, min(left(), CALL_SECONDS))
            timeout = httpx.Timeout(limit, connect=CONNECT_SECONDS)
            request.extensions = {"timeout": timeout.as_dict()}
            response = self._http.send(request)
            if lost(response):
                raise httpx.RemoteProtocolError("an answer that is not Stripe's", request=request)
            return response

        patiently = Retrying(
            sleep=self._clock.sleep,
            stop=spent,
            wait=wait_exponential(multiplier=0.5, max=8),
            retry=retry_if_exception_type(httpx.TransportError) | retry_if_result(passing),
            retry_error_callback=_last,
        )
        try:
            return patiently(send)
        except httpx.TransportError as error:
            raise stripe_sdk.APIConnectionError(  # type: ignore[no-untyped-call]  # as the SDK has it
                str(error), should_retry=False
            ) from error


class StripeGateway:
    """A connection to one account; every call of the adapter goes through ``read`` or ``write``."""

    def __init__(
        self,
        *,
        api_key: str,
        api_url: str,
        clock: Clock,
        before_call: Callable[[], None],
        transport: httpx.BaseTransport | None = None,
        at_first: Callable[["StripeGateway"], None] = lambda _: None,
    ) -> None:
        """``at_first`` looks whose account it is before any other call goes there (P29)."""
        stripe_sdk.enable_telemetry = False
        self._api_key = api_key
        self._api_url = api_url.rstrip("/")
        self._clock = clock
        self._before_call = before_call
        self._at_first: Callable[[StripeGateway], None] | None = at_first
        self._meeting = threading.RLock()
        host = httpx.URL(api_url).host
        self._http = httpx.Client(
            transport=transport, trust_env=host not in {"127.0.0.1", "localhost", "::1"}
        )

    def read(self, operation: Callable[[stripe_sdk.StripeClient], T]) -> T:
        """Do a call that changes nothing; its failures come back as ours."""
        self.meet()
        return self._do(operation, None)

    def write(self, write: Write, operation: Callable[[stripe_sdk.StripeClient], T]) -> T:
        """Do exactly one POST or DELETE under its effect; its failures come back as ours."""
        self.meet()
        return self._do(operation, write)

    def meet(self) -> None:
        """Look whose account it is, once; what was refused or not answered is looked at again."""
        with self._meeting:
            look, self._at_first = self._at_first, None
            if look:
                try:
                    look(self)
                except BaseException:
                    self._at_first = look
                    raise

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def _do(self, operation: Callable[[stripe_sdk.StripeClient], T], write: Write | None) -> T:
        client = stripe_sdk.StripeClient(
            self._api_key,
            stripe_version=API_VERSION,
            base_addresses={"api": self._api_url},
            max_network_retries=0,
            http_client=Wire(self._http, self._clock, self._before_call, write),
        )
        try:
            return operation(client)
        except stripe_sdk.StripeError as error:
            raise translated(error, write.op if write else "") from error


def raw(client: stripe_sdk.StripeClient, path: str, params: Mapping[str, object]) -> Json:
    """Ask for one object as plain JSON."""
    answer = client.raw_request("get", path, **params)
    if not isinstance(answer.data, dict):
        raise UpstreamError(f"Stripe answered GET {path} without an object")
    return answer.data


def rows(
    client: stripe_sdk.StripeClient, path: str, params: Mapping[str, object], limit: int = ROWS
) -> Iterator[Json]:
    """Walk all rows of a list, page by page; a list beyond the limit is refused, not cut."""
    asked, seen = dict(params), 0
    while True:
        page = raw(client, path, asked)
        for row in page["data"]:
            seen += 1
            if seen > limit:
                raise UpstreamError(f"Stripe's list {path} does not end after {limit} rows")
            yield row
        if not page["has_more"] or not page["data"]:
            return
        asked["starting_after"] = page["data"][-1]["id"]


def _last(state: RetryCallState) -> httpx.Response:
    if state.outcome is None:
        raise AssertionError("no send was tried")
    response: httpx.Response = state.outcome.result()
    return response


def _told(response: httpx.Response) -> Mapping[str, str]:
    """Return the answer's headers without Stripe's notices, which the SDK would print."""
    headers = response.headers.copy()
    headers.pop("Stripe-Notice", None)
    return headers
