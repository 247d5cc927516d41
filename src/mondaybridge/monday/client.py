"""The one way to monday: gql over our own transport, one httpx client, every answer classified.

One call, with its waits, ends within ``CALL_SECONDS`` of the injected clock; longer waits raise
``TryLater`` (architecture 5.8). Nothing is sent on to another address, and the token stays here.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

import gql
import httpx
import msgspec
from gql.client import SyncClientSession
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from mondaybridge.clock import Clock
from mondaybridge.errors import CredentialsError, TryLater, UpstreamError
from mondaybridge.monday.errors import (
    TOKEN_SETTING,
    Fault,
    Opened,
    RateLimited,
    Reply,
    ServerFault,
    opened,
    refused,
)
from mondaybridge.monday.limits import exhausted_until
from mondaybridge.monday.queries import Document
from mondaybridge.monday.wire import Asked, Upload, Wire

__all__ = ["API_VERSION", "CallFacts", "MondayClient", "Upload"]

API_VERSION = "2026-10"
CALL_SECONDS = 20
ATTEMPTS = 4
SHORT_SECONDS = 5  # a wait that is worth sitting out within the call
LEAST_SECONDS = 2  # left for an attempt, else it is not begun

T = TypeVar("T")


@dataclass(slots=True)
class CallFacts:
    """One HTTP attempt as it went, for the log and the account's budgets."""

    operation: str
    started_at: int
    ended_at: int = 0
    status: int = 0
    blocked_until: int = 0
    request_id: str = ""
    warnings: tuple[str, ...] = ()


class MondayClient:
    """Asks monday as one user; threads may share it.

    ``before_call`` runs before every HTTP attempt (no transaction open, quota counted; what it
    raises ends the call), ``after_call`` gets the facts of each.
    """

    def __init__(
        self,
        *,
        token: str,
        api_url: str,
        clock: Clock,
        transport: httpx.BaseTransport | None = None,
        before_call: Callable[[], None] = lambda: None,
        after_call: Callable[[CallFacts], None] = lambda _: None,
        api_version: str = API_VERSION,
    ) -> None:
        self.api_version = api_version
        self._clock = clock
        self._api_url = api_url
        self._before_call = before_call
        self._after_call = after_call
        host = httpx.URL(api_url).host
        self._http = httpx.Client(
            transport=transport,
            trust_env=host not in {"127.0.0.1", "localhost", "::1"},
            follow_redirects=False,
            headers={
                "Authorization": _checked(token),
                "API-Version": api_version,
                "Accept-Encoding": "gzip",
                "User-Agent": "mondaybridge",
            },
        )
        wire = Wire(self._http, api_url, clock)
        self._session = SyncClientSession(gql.Client(transport=wire, execute_timeout=None))

    def now(self) -> int:
        """Return the instant of this client's clock, in UTC epoch milliseconds."""
        return self._clock.now()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def execute(
        self,
        document: Document,
        variables: dict[str, object],
        result: type[T],
        *,
        idempotency_key: str = "",
        repeatable: bool = True,
        upload: Upload | None = None,
    ) -> T:
        """Ask and decode; an answer with any error is refused whole, never half applied (M11).

        ``repeatable`` is false for a write that must not run twice: it is sent once.
        """
        asked = Asked(document, variables, idempotency_key, upload)
        answer = self._call(asked, repeatable=repeatable)
        if answer.faults:
            raise refused(document.name, answer.faults)
        return _decoded(answer, result, document)

    def execute_parts(
        self,
        document: Document,
        variables: dict[str, object],
        result: type[T],
        *,
        idempotency_key: str = "",
    ) -> tuple[T, tuple[Fault, ...]]:
        """Write a batch of repeatable mutations: what succeeded, and the faults of the others."""
        answer = self._call(Asked(document, variables, idempotency_key), repeatable=True)
        return _decoded(answer, result, document), answer.faults

    def _call(self, asked: Asked, *, repeatable: bool) -> Opened:
        deadline = self._clock.now() + CALL_SECONDS * 1000

        def worthwhile(error: BaseException) -> bool:
            return repeatable and self._fits(error, deadline)

        retrying = Retrying(
            retry=retry_if_exception(worthwhile),
            wait=self._pause,
            stop=stop_after_attempt(ATTEMPTS),
            sleep=self._clock.sleep,
            reraise=True,
        )
        return retrying(self._attempt, asked, deadline)

    def _attempt(self, asked: Asked, deadline: int) -> Opened:
        self._before_call()
        facts = CallFacts(asked.document.name, self._clock.now())
        try:
            reply = self._sent(asked, deadline)
            facts.status = reply.status
            facts.blocked_until = exhausted_until(reply.headers, self._clock.now())
            facts.request_id = reply.headers.get("x-request-id", "")
            answer = opened(reply, operation=asked.document.name, now=self._clock.now())
            facts.warnings = answer.warnings
            _same_version(reply, self.api_version)
        except RateLimited as error:
            facts.blocked_until = max(facts.blocked_until, error.until)
            raise
        else:
            return answer
        finally:
            facts.ended_at = self._clock.now()
            self._after_call(facts)

    def _sent(self, asked: Asked, deadline: int) -> Reply:
        request = asked.document.asked(asked.variables)
        try:
            answer = self._session.execute(request, asked=asked, deadline=deadline)
        except httpx.RequestError as error:
            name = type(error).__name__
            raise ServerFault(
                f"monday, {asked.document.name}: no answer ({name}) from {self._api_url}; if that"
                " is not the address, set MONDAYBRIDGE_MONDAY__API_URL",
                answered=False,
            ) from error
        return cast("Reply", answer["reply"])

    def _fits(self, error: BaseException, deadline: int) -> bool:
        if not isinstance(error, RateLimited | ServerFault):
            return False
        wait = max(0, error.until - self._clock.now()) / 1000
        left = (deadline - self._clock.now()) / 1000
        return wait <= SHORT_SECONDS and wait + LEAST_SECONDS <= left

    def _pause(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.until - self._clock.now() if isinstance(error, TryLater) else 0
        backing_off = 0.25 * float(2**state.attempt_number)
        jitter = random.random() / 4  # noqa: S311 - spreads callers, hides nothing
        return max(asked / 1000, backing_off) + jitter


def _decoded(answer: Opened, result: type[T], document: Document) -> T:
    try:
        return msgspec.json.decode(answer.data, type=result)
    except (msgspec.DecodeError, RecursionError) as error:
        if answer.faults:
            raise refused(document.name, answer.faults) from error
        raise ServerFault(f"monday, {document.name}: not what was asked for: {error}") from error


def _same_version(reply: Reply, pinned: str) -> None:
    """Compare the echoed version: another one is served silently otherwise (monday.md §2)."""
    echoed = reply.headers.get("api-version", pinned)
    if echoed != pinned:
        raise UpstreamError(
            f"monday answered in API version {echoed[:20]!r} instead of {pinned}:"
            " update mondaybridge to a release that pins a version monday still serves"
        )


def _checked(token: str) -> str:
    token = token.strip()
    if not token or not token.isascii() or any(one.isspace() for one in token):
        raise CredentialsError(
            f"{TOKEN_SETTING} is not an API token: set it to the token alone, without 'Bearer'"
        )
    return token
