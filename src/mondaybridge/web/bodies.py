"""A request's body within limits of size and time; what is beyond them is never kept."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request

JSON = "application/json"
BODY_BYTES = 256 * 1024
DRAINED_BYTES = 1024 * 1024  # read on so that a plain client hears the refusal; then hang up
BODY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Refused:
    """Why there is no body, as the status to answer with."""

    status: HTTPStatus


async def receive_body(request: Request, seconds: float = BODY_SECONDS) -> bytes | Refused:
    """Read a body by counting its bytes, whatever its headers say (reliability I11, I12, I17)."""
    headers = request.headers
    if "transfer-encoding" in headers and "content-length" in headers:
        return Refused(HTTPStatus.BAD_REQUEST)  # two lengths are one too many (I14)
    if not headers.get("content-type", JSON).lower().startswith(JSON):
        return Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        async with asyncio.timeout(seconds):
            return await _counted(request)
    except TimeoutError:
        return Refused(HTTPStatus.REQUEST_TIMEOUT)
    except ClientDisconnect:
        return Refused(HTTPStatus.BAD_REQUEST)  # nobody is left to read this


async def _counted(request: Request) -> bytes | Refused:
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > DRAINED_BYTES:
            break
        if size <= BODY_BYTES:
            body += chunk
    return bytes(body) if size <= BODY_BYTES else Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
