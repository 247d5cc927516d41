"""``/hooks/stripe``: a signed event makes its object's id a hint, durable before the answer.

What an event says of its object is never looked at: the object is read again (stripe.md §0.7). What
does not concern us is answered like the rest, so that Stripe does not send it for days.
"""

from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mondaybridge.clock import Clock
from mondaybridge.stripe.webhooks import HEADER, BadEvent, named_object, refused
from mondaybridge.web.bodies import Refused, receive_body
from mondaybridge.web.hooks import AGAIN_SECONDS, durable

PATH = "/hooks/stripe"

log = structlog.get_logger(__name__)


def routes(
    secrets: Collection[str], remember: Callable[[str], "Future[None]"], clock: Clock
) -> list[Route]:
    """Return the route, if there is a secret to know Stripe by; else events are polled alone."""
    desk = _Desk(secrets, remember, clock)
    return [Route(PATH, desk.receive, methods=["POST"])] if secrets else []


@dataclass(frozen=True, slots=True)
class _Desk:
    secrets: Collection[str]
    remember: Callable[[str], "Future[None]"]
    clock: Clock

    async def receive(self, request: Request) -> Response:
        """Judge, keep the id, answer; nothing that a sender writes makes an error of ours."""
        body = await receive_body(request)
        if isinstance(body, Refused):
            return _refusal(body.status, body.status.phrase)
        header = request.headers.get(HEADER, "")
        reason = refused(body, header, self.secrets, self.clock.now())
        if reason:
            return _refusal(HTTPStatus.BAD_REQUEST, reason)
        try:
            name = named_object(body)
        except BadEvent as wrong:
            return _refusal(HTTPStatus.BAD_REQUEST, str(wrong))
        return await self._kept(name) if name else Response(status_code=HTTPStatus.NO_CONTENT)

    async def _kept(self, name: str) -> Response:
        try:
            stored = await durable(self.remember(name))
        except Exception as error:  # noqa: BLE001 - whatever the store meets, Stripe must come again
            log.warning("paper_hint.refused", error=type(error).__name__)
            stored = False
        if stored:
            return Response(status_code=HTTPStatus.OK)
        again = {"Retry-After": str(AGAIN_SECONDS)}
        return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE, headers=again)


def _refusal(status: HTTPStatus, reason: str) -> Response:
    log.info("hook.refused", status=status.value, reason=reason)
    return Response(status_code=status, headers={"Connection": "close"})
