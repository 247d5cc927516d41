"""Requests as monday takes them: JSON, or its own form where a file travels (monday.md §7).

Bounded in time and size; nothing here judges an answer.
"""

from dataclasses import dataclass, field
from typing import cast

import gql
import httpx
import msgspec
from gql.transport.transport import Transport
from graphql import ExecutionResult
from typing_extensions import override

from mondaybridge.clock import Clock
from mondaybridge.monday.errors import Reply
from mondaybridge.monday.queries import Document

BODY_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that takes the place of a variable (monday.md §7)."""

    variable: str
    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """One call as it is asked for, however often it is sent."""

    document: Document
    variables: dict[str, object]
    key: str = ""
    upload: Upload | None = None


class Wire(Transport):
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
        sent = self._built(cast("Asked", kwargs["asked"]), request, timeout)
        return ExecutionResult(data={"reply": self._answer(sent, began + int(left * 500))})

    def _built(
        self, asked: Asked, request: gql.GraphQLRequest, timeout: httpx.Timeout
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
