"""The steady address of a document: it leads on, tells nothing, and is not asked without end."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future

import httpx
import pytest
from starlette.applications import Starlette

from mondaybridge.errors import TryLater
from mondaybridge.web.documents import LOOKS_A_MINUTE, TOKENS_KEPT, routes
from mondaybridge.web.hooks import application
from mondaybridge.workflows.addresses import Download
from storebook import StillClock

KNOWN, OTHER = "a" * 52, "b" * 52
FILE = "f" * 52
PAGE = "https://invoice.stripe.invalid/i/acct_1/live_x"


class Desk:
    """Leads one token on and counts the looks."""

    def __init__(self) -> None:
        self.clock = StillClock()
        self.looked: list[str] = []
        self.failure: Exception | None = None
        self.app = Starlette(routes=routes(self.leads_to, self.clock))

    def leads_to(self, token: str) -> str | Download | None:
        self.looked.append(token)
        if self.failure:
            raise self.failure
        if token == FILE:
            return Download("è.csv", b"a,b\r\n")
        return PAGE if token == KNOWN else None

    def get(self, token: str, method: str = "GET") -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="https://x.test") as client:
                return await client.request(method, f"/i/{token}")

        return asyncio.run(ask())


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_it_leads_to_where_stripe_shows_the_document(method: str) -> None:
    answer = Desk().get(KNOWN, method)
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)


def test_R46_the_address_of_a_statement_gives_the_file() -> None:
    answer = Desk().get(FILE)
    assert (answer.status_code, answer.content) == (200, b"a,b\r\n")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%A8.csv"
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize("token", [KNOWN, FILE, OTHER, "short"])
def test_the_address_is_never_told_on(token: str) -> None:
    headers = Desk().get(token).headers
    names = ("referrer-policy", "cache-control", "x-robots-tag")
    assert [headers[name] for name in names] == ["no-referrer", "no-store", "noindex, nofollow"]


@pytest.mark.parametrize("token", [OTHER, "short", "A" * 52, "a" * 53, "%2e%2e", "a" * 51 + "1"])
def test_whatever_leads_nowhere_has_the_same_answer(token: str) -> None:
    desk = Desk()
    answer = desk.get(token)
    assert (answer.status_code, answer.text) == (404, Desk().get(OTHER).text)
    assert desk.looked == ([OTHER] if token == OTHER else [])
    assert token not in answer.text


def test_nothing_but_reading_is_possible() -> None:
    assert Desk().get(KNOWN, "POST").status_code == 405


@pytest.mark.parametrize("token", [KNOWN, OTHER])
def test_a_token_is_asked_so_often_in_a_minute_known_or_not(token: str) -> None:
    desk = Desk()
    first = [desk.get(token).status_code for _ in range(LOOKS_A_MINUTE)]
    assert set(first) <= {303, 404}
    answer = desk.get(token)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert len(desk.looked) == LOOKS_A_MINUTE
    desk.clock.sleep(61)
    assert desk.get(token).status_code == first[0]


def test_what_is_remembered_of_strangers_is_bounded() -> None:
    desk = Desk()
    limit: Callable[[str], bool] = desk.app.routes[0].endpoint.__self__._too_often  # type: ignore[attr-defined]  # the route of ours
    for number in range(TOKENS_KEPT + 10):
        limit(f"{number:052}")
    assert len(limit.__self__.looks) == TOKENS_KEPT  # type: ignore[attr-defined]  # a bound method


def test_while_stripe_is_away_the_reader_is_asked_to_come_again() -> None:
    desk = Desk()
    desk.failure = TryLater("no answer from Stripe")
    answer = desk.get(KNOWN)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "Stripe" not in answer.text


def test_it_stands_beside_the_webhooks_and_changes_nothing_of_them() -> None:
    web = application(
        hook_secret="secret",
        signing_secret="",
        boards=set,
        remember=lambda _: Future(),
        clock=StillClock(),
    )
    desk = Desk()
    web.router.routes.extend(desk.app.routes)
    desk.app = web
    assert [desk.get(token).status_code for token in (KNOWN, OTHER)] == [303, 404]
    assert desk.get("../hooks/monday/secret").status_code == 405
