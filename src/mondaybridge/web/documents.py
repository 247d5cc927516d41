"""``/i/{token}``: the steady address of a document, which leads to where Stripe shows it now.

That of a month's statement gives the file itself (R46).

Whoever has the address may see the document, as with the mail it came in; so the address is never
told on (no referrer, no cache, no index), and one that leads nowhere says nothing about why.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import quote

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from mondaybridge.clock import Clock
from mondaybridge.errors import BridgeError
from mondaybridge.workflows.addresses import Download

PATH = "/i/{token}"
TOKEN = re.compile("[a-z2-7]{52}")
LOOKS_A_MINUTE = 20
MINUTE_MS = 60_000
TOKENS_KEPT = 2_000
AT_ONCE = 4  # looks at the store and at Stripe, so that a crowd here starves nobody else
AGAIN_SECONDS = 60

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
_PAGE = """<!doctype html>
<html lang="it"><head><meta charset="utf-8"><meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width"><title>{title}</title></head>
<body><main><h1>{title}</h1><p>{it}</p><p lang="en">{en}</p></main></body></html>
"""
_NOWHERE = _PAGE.format(
    title="404",
    it="Questo indirizzo non porta a un documento. Per riceverlo di nuovo basta scriverci.",
    en="This address does not lead to a document. Write to us and we send it again.",
)
_LATER = _PAGE.format(
    title="Un momento · One moment",
    it="Il documento non si può aprire ora: riprovare tra un minuto.",
    en="The document cannot be opened now: please try again in a minute.",
)

log = structlog.get_logger(__name__)


def routes(leads_to: Callable[[str], str | Download | None], clock: Clock) -> list[Route]:
    """Return the route; ``leads_to`` looks up where a token leads, in a thread, None: nowhere."""
    desk = _Desk(leads_to, clock)
    return [Route(PATH, desk.show, methods=["GET"])]


@dataclass(slots=True)
class _Desk:
    leads_to: Callable[[str], str | Download | None]
    clock: Clock
    looks: OrderedDict[str, list[int]] = field(default_factory=OrderedDict)
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def show(self, request: Request) -> Response:
        """Lead on; whatever is wrong with a token has one and the same answer."""
        token = request.path_params["token"]
        if not TOKEN.fullmatch(token):
            return _answer(_NOWHERE, HTTPStatus.NOT_FOUND)
        if self._too_often(token):
            return _later(HTTPStatus.TOO_MANY_REQUESTS)
        try:
            async with self.places:
                address = await asyncio.to_thread(self.leads_to, token)
        except BridgeError as error:
            log.warning("document.unavailable", reason=type(error).__name__)
            return _later(HTTPStatus.SERVICE_UNAVAILABLE)
        if address is None:
            return _answer(_NOWHERE, HTTPStatus.NOT_FOUND)
        if isinstance(address, Download):
            return _file(address)
        return RedirectResponse(address, HTTPStatus.SEE_OTHER, _HEADERS)

    def _too_often(self, token: str) -> bool:
        """Count a look at a token, known or not; the tokens least looked at are forgotten."""
        now = self.clock.now()
        lately = [at for at in self.looks.pop(token, []) if at > now - MINUTE_MS]
        often = len(lately) >= LOOKS_A_MINUTE
        self.looks[token] = lately if often else [*lately, now]
        while len(self.looks) > TOKENS_KEPT:
            self.looks.popitem(last=False)
        return often


def _file(given: Download) -> Response:
    named = f"attachment; filename*=UTF-8''{quote(given.name, safe='')}"
    headers = {**_HEADERS, "Content-Disposition": named}
    return Response(given.content, HTTPStatus.OK, headers, "text/csv; charset=utf-8")


def _answer(page: str, status: HTTPStatus) -> HTMLResponse:
    return HTMLResponse(page, status, _HEADERS)


def _later(status: HTTPStatus) -> Response:
    answer = _answer(_LATER, status)
    answer.headers["Retry-After"] = str(AGAIN_SECONDS)
    return answer
