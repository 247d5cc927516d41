"""Webhooks as hints: verified, made durable, then answered; their content is never believed.

Nothing that a sender writes makes an error of ours: it is 4xx, or 204 where it does not concern us.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mondaybridge.clock import Clock
from mondaybridge.domain.activity import Hint
from mondaybridge.errors import ConfigurationError
from mondaybridge.monday.hooks import BadPayload, Challenge, read_body, verify
from mondaybridge.web.bodies import Refused, receive_body
from mondaybridge.web.ops import routes

PATH = "/hooks/monday/"
DURABLE_SECONDS = 10  # until a hint must be stored, so that its sender hears of it in time
AGAIN_SECONDS = 30

log = structlog.get_logger(__name__)


def application(
    *,
    hook_secret: str,
    signing_secret: str,
    boards: Callable[[], Collection[str]],
    remember: Callable[[Hint], Future[None]],
    clock: Clock,
    public_url: str = "",
    obstacles: Callable[[], Sequence[str]] = tuple,
) -> Starlette:
    """Return the receiver: monday's webhooks, ``/healthz`` and ``/readyz``.

    ``remember`` promises a hint's durable commit; ``obstacles`` says what keeps work from being
    taken. Without ``signing_secret`` a webhook's only proof is the secret in its path.
    """
    if not hook_secret:
        raise ConfigurationError(
            "MONDAYBRIDGE_MONDAY__HOOK_SECRET is not set: webhooks need a secret in their address"
        )
    if signing_secret and not public_url:
        raise ConfigurationError(
            "MONDAYBRIDGE_PUBLIC_URL is not set: webhooks are signed for the address they are sent"
            " to, so MONDAYBRIDGE_MONDAY__SIGNING_SECRET cannot be used without it"
        )
    address = f"{public_url.rstrip('/')}{PATH}{hook_secret}"
    receiver = _Receiver(hook_secret, signing_secret, address, boards, remember, clock)
    hooks = Route(PATH + "{secret}", receiver.receive, methods=["POST"])
    app = Starlette(routes=[hooks, *routes(obstacles)])
    app.router.redirect_slashes = False  # a redirect would repeat the secret
    return app


@dataclass(frozen=True, slots=True)
class _Receiver:
    hook_secret: str
    signing_secret: str
    address: str
    boards: Callable[[], Collection[str]]
    remember: Callable[[Hint], "Future[None]"]
    clock: Clock

    async def receive(self, request: Request) -> Response:
        body = await receive_body(request)
        if isinstance(body, Refused):
            return _refusal(body.status, body.status.phrase)
        said = self._understood(request, body)
        return await _kept(self.remember, said) if isinstance(said, Hint) else said

    def _understood(self, request: Request, body: bytes) -> Hint | Response:
        """Return a hint about a board of ours, or the answer to everything else."""
        rejected = verify(
            secret_in_path=request.path_params["secret"],
            expected=self.hook_secret,
            authorization=request.headers.get("authorization"),
            signing_secret=self.signing_secret,
            now=self.clock.now(),
            audience=self.address,
        )
        if rejected and not rejected.unsigned:
            return _refusal(HTTPStatus.UNAUTHORIZED, rejected.reason)
        try:
            said = read_body(body, now=self.clock.now())
        except BadPayload as wrong:
            return _refusal(HTTPStatus.BAD_REQUEST, str(wrong))
        if isinstance(said, Challenge):
            return JSONResponse({"challenge": said.text})
        if rejected:
            return _refusal(HTTPStatus.UNAUTHORIZED, rejected.reason)
        if said is None or said.board_id not in self.boards():
            return Response(status_code=HTTPStatus.NO_CONTENT)
        return said


async def durable(promise: "Future[None]", seconds: float = DURABLE_SECONDS) -> bool:
    """Wait for a commit; False when it failed or takes too long for a sender to wait."""
    wait = asyncio.wrap_future(promise)
    done, _ = await asyncio.wait({wait}, timeout=seconds)
    wait.add_done_callback(_seen)
    return wait in done and not wait.cancelled() and wait.exception() is None


async def _kept(remember: Callable[[Hint], "Future[None]"], hint: Hint) -> Response:
    try:
        stored = await durable(remember(hint))
    except Exception as error:  # noqa: BLE001 - whatever the store meets, the sender must come again
        log.warning("hint.refused", board_id=hint.board_id, error=type(error).__name__)
        stored = False
    if stored:
        return JSONResponse({})
    again = {"Retry-After": str(AGAIN_SECONDS)}
    return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE, headers=again)


def _refusal(status: HTTPStatus, reason: str) -> Response:
    """Refuse without saying why; whatever else the sender has to say is not waited for."""
    log.info("hook.refused", status=status.value, reason=reason)
    return Response(status_code=status, headers={"Connection": "close"})


def _seen(wait: "asyncio.Future[None]") -> None:
    """Look at a late failure, so that it is not reported as forgotten; the next read finds all."""
    if not wait.cancelled():
        wait.exception()
