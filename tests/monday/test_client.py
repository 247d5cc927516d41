"""One call: what is sent, what is repeated and for how long, what the app is told."""

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import msgspec
import pytest
import respx

from mondaybook import NOW, Ticking, account, answering, client
from mondaybridge.errors import CredentialsError, TryLater, UpstreamError
from mondaybridge.monday import queries
from mondaybridge.monday.client import API_VERSION, ATTEMPTS, CALL_SECONDS, CallFacts, MondayClient
from mondaybridge.monday.errors import RateLimited, Refused, ServerFault
from mondaybridge.sandbox.sockets import listening
from mondaybridge.sandbox.world import Clock

ME = {"id": "100", "account": {"id": "9000001", "slug": "invented-agency"}}
GOOD = httpx.Response(200, json={"data": {"me": ME}}, headers={"api-version": API_VERSION})
BAD = httpx.Response(502, content=b"<html>")


def clock() -> Ticking:
    return Ticking(Clock(NOW))


def me(over: MondayClient) -> dict[str, object]:
    return over.execute(queries.ME, {}, dict[str, object])


def test_a_good_answer_is_decoded_and_its_facts_are_told() -> None:
    here = account()
    assert me(here.client) == {"me": ME}
    assert here.calls == [CallFacts("Me", NOW, NOW, 200)]
    assert here.clock.slept == []


def test_the_request_pins_the_version_and_shows_the_token_without_bearer() -> None:
    with respx.mock() as router:
        route = router.post("https://monday.invalid/v2").mock(return_value=GOOD)
        over = client(None, clock())
        me(over)
        over.close()
    (request,) = (call.request for call in route.calls)
    told = {name: request.headers[name] for name in ("authorization", "api-version", "accept")}
    assert told == {"authorization": "invented", "api-version": "2026-10", "accept": "*/*"}
    assert request.headers["accept-encoding"] == "gzip"
    assert "idempotency-key" not in request.headers
    assert msgspec.json.decode(request.content) == {
        "query": queries.ME.text,
        "operationName": "Me",
        "variables": {},
    }


@pytest.mark.parametrize("token", ["", "  ", "Bearer x", "x\ny", "schlüssel"])
def test_a_token_that_is_none_is_refused_before_the_first_call(token: str) -> None:
    with pytest.raises(CredentialsError, match="MONDAYBRIDGE_MONDAY__TOKEN"):
        MondayClient(token=token, api_url="https://monday.invalid/v2", clock=clock())


def test_another_version_is_refused_with_the_way_out() -> None:
    other = httpx.Response(200, json={"data": {"me": ME}}, headers={"api-version": "2027-01"})
    with pytest.raises(UpstreamError, match="'2027-01' instead of 2026-10: update mondaybridge"):
        me(client(answering(other), clock()))


def test_a_redirect_is_not_followed() -> None:
    away = httpx.Response(301, headers={"location": "https://elsewhere.example/v2"})
    calls: list[CallFacts] = []
    with pytest.raises(UpstreamError, match="elsewhere"):
        me(client(answering(away, GOOD), clock(), calls))
    assert [call.status for call in calls] == [301]


@pytest.mark.parametrize("kind", ["drop_request", "drop_answer", "server_error", "garbage"])
def test_what_passes_is_tried_again_with_growing_pauses(kind: str) -> None:
    here = account()
    here.plan(kind, times=3)
    assert me(here.client) == {"me": ME}
    assert len(here.calls) == 4
    bounds = [(0.5, 0.75), (1, 1.25), (2, 2.25)]
    assert all(
        low <= slept <= high for slept, (low, high) in zip(here.clock.slept, bounds, strict=True)
    )


def test_after_four_tries_the_call_is_given_back() -> None:
    here = account()
    here.plan("drop_request", times=99)
    with pytest.raises(ServerFault, match=r"no answer \(ConnectError\)") as caught:
        me(here.client)
    assert (caught.value.until, caught.value.answered) == (0, False)
    assert [call.status for call in here.calls] == [0] * ATTEMPTS


def test_what_may_not_run_twice_is_sent_once() -> None:
    here = account()
    here.plan("drop_answer", times=1)
    with pytest.raises(ServerFault):
        here.client.execute(queries.ME, {}, dict[str, object], repeatable=False)
    assert len(here.calls) == 1


def test_a_short_wait_is_sat_out_and_a_long_one_given_back() -> None:
    here = account()
    here.plan("in_flight")
    here.plan("concurrency", retry_in_seconds=4)
    assert me(here.client) == {"me": ME}
    assert [round(slept - 0.125) for slept in here.clock.slept] == [1, 4]
    here.plan("complexity", retry_in_seconds=33)
    here.calls.clear()
    with pytest.raises(RateLimited) as caught:
        me(here.client)
    assert caught.value.until == here.clock.now() + 33_000
    assert [call.blocked_until for call in here.calls] == [caught.value.until]


def test_the_account_learns_of_a_used_up_policy_from_a_good_answer() -> None:
    spent = {"ratelimit": '"minuteRate";r=0;t=12'}
    calls: list[CallFacts] = []
    me(
        client(
            answering(httpx.Response(200, json={"data": {"me": ME}}, headers=spent)), clock(), calls
        )
    )
    assert calls == [CallFacts("Me", NOW, NOW, 200, blocked_until=NOW + 12_000)]


def test_no_call_lasts_longer_than_it_may() -> None:
    time = clock()

    def slow(request: httpx.Request) -> httpx.Response:
        timeout = request.extensions["timeout"]
        assert sum(timeout.values()) < (began + CALL_SECONDS * 1000 - time.now()) / 1000 + 0.001
        time.clock.advance(round(timeout["read"] * 1000))
        raise httpx.ReadTimeout("slow", request=request)

    began = time.now()
    with pytest.raises(ServerFault, match="ReadTimeout"):
        me(client(httpx.MockTransport(slow), time))
    assert time.now() - began <= CALL_SECONDS * 1000


def test_an_answer_that_trickles_is_cut_off() -> None:
    time = clock()

    def trickle() -> Iterator[bytes]:
        while True:
            time.clock.advance(2_000)
            yield b" "

    def handle(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=trickle())

    with pytest.raises(ServerFault, match="ReadTimeout"):
        me(client(httpx.MockTransport(handle), time))
    assert time.now() - NOW <= CALL_SECONDS * 1000


def test_half_a_compressed_answer_is_no_answer() -> None:
    whole = gzip.compress(msgspec.json.encode({"data": {"me": ME}}), mtime=0)
    packed = {"content-encoding": "gzip"}

    def answer(content: bytes) -> httpx.Response:
        return httpx.Response(200, stream=httpx.ByteStream(content), headers=packed)

    def handle(_: httpx.Request) -> httpx.Response:
        return answer(parts.pop(0))

    parts = [whole[:-20], b"\x00not gzip", whole]
    assert me(client(httpx.MockTransport(handle), clock())) == {"me": ME}


def test_what_the_app_raises_before_a_call_ends_it() -> None:
    def used_up() -> None:
        raise TryLater("the day's calls are used up", NOW + 5)

    calls: list[CallFacts] = []
    over = client(answering(GOOD), clock(), calls, before_call=used_up)
    with pytest.raises(TryLater, match="used up"):
        me(over)
    assert calls == []


def test_the_app_is_asked_before_every_attempt() -> None:
    asked: list[int] = []
    over = client(answering(BAD, BAD, GOOD), clock(), before_call=lambda: asked.append(1))
    me(over)
    assert len(asked) == 3


def test_data_beside_errors_is_not_half_taken() -> None:
    half = {"data": {"me": ME}, "errors": [{"message": "no", "path": ["me"]}]}
    with pytest.raises(Refused, match="monday refused Me: error at me: no"):
        me(client(answering(httpx.Response(200, json=half)), clock()))


def test_data_of_another_form_is_no_answer() -> None:
    odd = httpx.Response(200, json={"data": {"boards": 3}})
    with pytest.raises(ServerFault, match="not what was asked for"):
        client(answering(odd), clock()).execute(queries.BOARD, {}, dict[str, list[int]])


def test_bytes_that_no_decoder_takes_do_not_cost_the_answer() -> None:
    body = rb'{"data":{"me":{"a":"\ud800x","b":"\ud83d\ude00","c":"\\ud800","d":"' + b'\xff\xfe"}}}'
    content = httpx.Response(200, content=body)
    assert me(client(answering(content), clock())) == {
        "me": {"a": "\ufffdx", "b": "\N{GRINNING FACE}", "c": r"\ud800", "d": "\ufffd\ufffd"}
    }


def test_threads_share_a_client_over_a_socket() -> None:
    here = account()
    with listening(here.api.handle) as url:
        over = client(None, clock(), api_url=f"{url}/v2")
        answers: list[object] = []
        threads = [threading.Thread(target=lambda: answers.append(me(over))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        over.close()
    assert answers == [{"me": ME}] * 4


class _Silent(BaseHTTPRequestHandler):
    """Hangs up on the first request, answers the next one compressed."""

    asked = 0

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        type(self).asked += 1
        if self.asked == 1:
            self.close_connection = True
            return
        content = gzip.compress(msgspec.json.encode({"data": {"me": ME}}))
        self.send_response(200)
        self.send_header("content-encoding", "gzip")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_broken_socket_is_opened_again_and_gzip_is_read() -> None:
    with HTTPServer(("127.0.0.1", 0), _Silent) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        over = client(None, clock(), api_url=f"http://127.0.0.1:{server.server_port}/v2")
        assert me(over) == {"me": ME}
        over.close()
        server.shutdown()
        thread.join()
