"""The one way to monday: gql over our own transport, one httpx client, every answer classified.

One call, with its waits, ends within ``CALL_SECONDS`` of the injected clock; longer waits raise
``TryLater`` (architecture 5.8). Nothing is sent on to another address, and the token stays here.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

import gql
import httpx
import msgspec
from gql.client import SyncClientSession
from gql.transport.transport import Transport
from graphql import ExecutionResult
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from typing_extensions import override

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

__all__ = ["API_VERSION", "CallFacts", "MondayClient", "Upload"]

API_VERSION = "2026-10"
CALL_SECONDS = 20
ATTEMPTS = 4
SHORT_SECONDS = 5  # a wait that is worth sitting out within the call
LEAST_SECONDS = 2  # left for an attempt, else it is not begun
BODY_BYTES = 64 * 1024 * 1024

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


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that takes the place of a variable (monday.md §7)."""

    variable: str
    name: str
    content: bytes = field(repr=False)


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
        wire = _Wire(self._http, api_url, clock)
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
        asked = _Asked(document, variables, idempotency_key, upload)
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
        answer = self._call(_Asked(document, variables, idempotency_key), repeatable=True)
        return _decoded(answer, result, document), answer.faults

    def _call(self, asked: "_Asked", *, repeatable: bool) -> Opened:
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

    def _attempt(self, asked: "_Asked", deadline: int) -> Opened:
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

    def _sent(self, asked: "_Asked", deadline: int) -> Reply:
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


@dataclass(frozen=True, slots=True)
class _Asked:
    """One call as it is asked for, however often it is sent."""

    document: Document
    variables: dict[str, object]
    key: str = ""
    upload: Upload | None = None


class _Wire(Transport):
    """gql's transport over our client: bounded in time and size, it judges nothing."""

    def __init__(self, http: httpx.Client, url: str, clock: Clock) -> None:
        self._http = http
        self._url = url
        self._clock = clock

    @override
    def execute(
        self, request: gql.GraphQLRequest, *args: object, **kwargs: object
    ) -> ExecutionResult:
        """Send one request; the answer travels as it came, under ``reply``."""
        began = self._clock.now()
        left = max(0, cast("int", kwargs["deadline"]) - began) / 1000
        timeout = httpx.Timeout(left / 2, connect=left / 5, write=left / 10, pool=left / 20)
        sent = self._built(cast("_Asked", kwargs["asked"]), request, timeout)
        return ExecutionResult(data={"reply": self._answer(sent, began + int(left * 500))})

    def _built(
        self, asked: _Asked, request: gql.GraphQLRequest, timeout: httpx.Timeout
    ) -> httpx.Request:
        """Build the request: JSON, or with a file monday's own form at its own address."""
        headers = {"Idempotency-Key": asked.key} if asked.key else {}
        variables, query = msgspec.json.encode(request.variable_values), asked.document.text
        if asked.upload is None:
            body = {
                "query": query,
                "operationName": request.operation_name,
                "variables": msgspec.Raw(variables),
            }
            headers["Content-Type"] = "application/json"
            content = msgspec.json.encode(body)
            return self._http.build_request(
                "POST", self._url, content=content, headers=headers, timeout=timeout
            )
        place = msgspec.json.encode({"0": f"variables.{asked.upload.variable}"})
        return self._http.build_request(
            "POST",
            f"{self._url.rstrip('/')}/file",
            data={"query": query, "variables": variables.decode(), "map": place.decode()},
            files={"0": (asked.upload.name, asked.upload.content)},
            headers=headers,
            timeout=timeout,
        )

    def _answer(self, request: httpx.Request, latest: int) -> Reply:
        """Read piece by piece; after ``latest`` there is only time left to wait for one piece."""
        response = self._http.send(request, stream=True)
        try:
            body = bytearray()
            for piece in response.iter_bytes():
                body += piece
                if self._clock.now() > latest:
                    raise httpx.ReadTimeout("the answer took too long", request=request)
                if len(body) > BODY_BYTES:
                    raise httpx.ReadError("the answer is too large", request=request)
        finally:
            response.close()
        return Reply(response.status_code, response.headers, bytes(body))


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
