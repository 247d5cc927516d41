"""The sandbox over sockets and in process: the same answers, broken connections, webhooks, time."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from mondaybridge.cli.sandbox import sandbox as sandbox_command
from mondaybridge.errors import ConfigurationError
from mondaybridge.sandbox.data import WorldData
from mondaybridge.sandbox.server import Sandbox, Served, deliver_due, serve, transport
from mondaybridge.sandbox.stripe.data import CustomerData, StripeData
from mondaybridge.sandbox.world import Clock, Fault

START = 1_793_520_000_000  # 2026-11-01T08:00Z
KEY = {"authorization": "Bearer sk_test_anything"}


def _sandbox(webhook_url: str | None = None) -> Sandbox:
    stripe = StripeData(customers=[CustomerData(id="cus_acme")], webhook_url=webhook_url)
    return Sandbox(Clock(), WorldData(now=START, stripe=stripe))


@pytest.fixture(name="box")
def _box() -> Sandbox:
    return _sandbox()


@pytest.fixture(name="served")
def _served(box: Sandbox) -> Iterator[Served]:
    with serve(box) as served:
        yield served


def _admin(served: Served, method: str, path: str, body: object = None) -> tuple[int, object]:
    answer = httpx.request(method, f"{served.stripe_url}/admin{path}", json=body)
    return answer.status_code, answer.json()


def test_both_vendors_answer_on_loopback(served: Served) -> None:
    customer = httpx.get(f"{served.stripe_url}/v1/customers/cus_acme", headers=KEY)
    assert (customer.status_code, customer.json()["id"]) == (200, "cus_acme")
    who = httpx.post(served.monday_url, headers={"authorization": "x"}, json={"query": "{me{id}}"})
    assert who.json()["data"] == {"me": {"id": "100"}}
    assert served.monday_url.startswith("http://127.0.0.1:")
    assert served.stripe_url.startswith("http://127.0.0.1:")


def test_an_uploaded_file_is_fetched_by_its_public_address(box: Sandbox, served: Served) -> None:
    board = box.monday.humans.create_board(
        name="Work", columns=[{"id": "files", "title": "Files", "type": "file"}]
    )
    item = box.monday.humans.create_item(board=board, name="Copy")
    query = """mutation ($i: ID!, $file: File!) {
      add_file_to_column(item_id: $i, column_id: "files", file: $file) { public_url } }"""
    content = bytes(range(256)) * 9 + b"\r\n--boundary"
    form = {"query": query, "variables": json.dumps({"i": item}), "map": '{"0":"variables.file"}'}
    headers, files = {"authorization": "x"}, {"0": ("Città 1.xlsx", content)}
    made = httpx.post(f"{served.monday_url}/file", headers=headers, data=form, files=files).json()
    url = made["data"]["add_file_to_column"]["public_url"]
    assert url.startswith(served.monday_url.removesuffix("v2") + "files/")
    fetched = httpx.get(url)
    assert (fetched.status_code, fetched.content) == (200, content)
    assert (
        fetched.headers["content-disposition"] == "attachment; filename*=UTF-8''Citt%C3%A0%201.xlsx"
    )
    assert httpx.get(url.replace("key=", "key=0")).status_code == 403
    box.world.clock.advance(3_600_001)
    assert httpx.get(url).status_code == 403


def test_the_same_machine_answers_in_process(box: Sandbox) -> None:
    with httpx.Client(transport=transport(box.handle_stripe), base_url="https://x.invalid") as http:
        answer = http.get("/v1/customers", params={"limit": 1}, headers=KEY)
    assert [each["id"] for each in answer.json()["data"]] == ["cus_acme"]


@pytest.mark.parametrize(
    ("kind", "error", "invoices"),
    [("drop_request", httpx.ConnectError, 0), ("drop_answer", httpx.ReadTimeout, 1)],
)
def test_a_broken_connection_in_process(
    box: Sandbox, kind: str, error: type[httpx.HTTPError], invoices: int
) -> None:
    box.world.faults.append(Fault("stripe", kind, "POST /v1/invoices"))
    with (
        httpx.Client(transport=transport(box.handle_stripe), base_url="https://x.invalid") as http,
        pytest.raises(error),
    ):
        http.post("/v1/invoices", data={"customer": "cus_acme"}, headers=KEY)
    assert len(box.stripe.invoices) == invoices


@pytest.mark.parametrize(("kind", "invoices"), [("drop_request", 0), ("drop_answer", 1)])
def test_a_broken_connection_on_the_wire(
    box: Sandbox, served: Served, kind: str, invoices: int
) -> None:
    box.world.faults.append(Fault("stripe", kind, "POST /v1/invoices"))
    url, body = f"{served.stripe_url}/v1/invoices", {"customer": "cus_acme"}
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(url, data=body, headers=KEY)
    assert len(box.stripe.invoices) == invoices
    assert httpx.post(url, data=body, headers=KEY).status_code == 200


def test_many_clients_at_once_lose_nothing(box: Sandbox, served: Served) -> None:
    def work() -> None:
        with httpx.Client(base_url=served.stripe_url, headers=KEY) as http:
            for _ in range(10):
                http.post("/v1/invoices", data={"customer": "cus_acme"}).raise_for_status()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(box.stripe.invoices) == 40


def test_the_clock_is_set_and_moved(box: Sandbox, served: Served) -> None:
    assert _admin(served, "POST", "/clock", {"now": "2026-12-01T00:00:00Z"}) == (
        200,
        {"now": 1_796_083_200_000},
    )
    assert _admin(served, "POST", "/clock", {"advance_ms": 5}) == (200, {"now": 1_796_083_200_005})
    assert box.world.clock.now() == 1_796_083_200_005


def test_faults_are_planned_and_forgotten(box: Sandbox, served: Served) -> None:
    fault = {
        "service": "stripe",
        "kind": "rate_limit",
        "match": "Customer.list",
        "times": 2,
        "options": {},
    }
    assert _admin(served, "POST", "/faults", fault) == (200, fault)
    assert httpx.get(f"{served.stripe_url}/v1/customers", headers=KEY).status_code == 429
    assert _admin(served, "DELETE", "/faults") == (200, {"faults": []})
    assert box.world.faults == []


def test_people_act_in_both_places(box: Sandbox, served: Served) -> None:
    draft = httpx.post(
        f"{served.stripe_url}/v1/invoices", data={"customer": "cus_acme"}, headers=KEY
    ).json()["id"]
    status, _ = _admin(served, "POST", "/stripe/humans/delete_draft", {"invoice": draft})
    assert (status, len(box.stripe.invoices)) == (200, 0)
    board = box.monday.humans.create_board(
        name="Work", columns=[{"id": "done", "title": "Done", "type": "checkbox"}]
    )
    item = box.monday.humans.create_item(board=board, name="Menu")
    for act, arguments in (
        ("comment", {"item": item, "body": "<p>Soon</p>"}),
        ("toggle_checkbox", {"item": item, "column": "done"}),
        ("rename_item", {"item": item, "name": "Menu (extra)"}),
        ("invite", {"email": "guest@client.example", "board": board}),
    ):
        assert _admin(served, "POST", f"/humans/{act}", arguments)[0] == 200
    rows = [row.event for row in box.monday.state.logs[board]]
    assert rows == ["create_pulse", "update_column_value", "update_name", "subscribe"]
    status, _ = _admin(served, "POST", "/humans/dance", {})
    assert status == 400


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("POST", "/clock", {}, (400, "give either 'now' or 'advance_ms'")),
        ("POST", "/clock", {"now": "soon"}, (400, "now: ")),
        ("POST", "/clock", [1], (400, "the body must be a JSON object")),
        ("POST", "/faults", {"service": "paypal", "kind": "x"}, (400, "service: ")),
        ("POST", "/faults", {"service": "stripe", "kind": "x"}, (400, "no fault 'x' at stripe")),
        ("POST", "/faults", {"service": "monday", "kind": "x"}, (400, "no fault 'x' at monday")),
        ("POST", "/stripe/humans/dance", {}, (400, "nobody can 'dance' in Stripe")),
        ("POST", "/stripe/humans/pay_invoice", {}, (400, "pay_invoice: missing a required")),
        ("POST", "/stripe/humans/pay_invoice", {"invoice": "in_0"}, (400, "No such invoice")),
        ("GET", "/nothing", None, (404, "no route GET /admin/nothing")),
    ],
)
def test_a_wrong_order_is_answered_clearly(
    served: Served, method: str, path: str, body: object, expected: tuple[int, str]
) -> None:
    status, answer = _admin(served, method, path, body)
    assert isinstance(answer, dict)
    assert (status, answer["error"][: len(expected[1])]) == expected


def test_the_state_can_be_looked_at(served: Served) -> None:
    status, state = _admin(served, "GET", "/state")
    assert isinstance(state, dict)
    assert state["monday"] == {
        "users": 2,
        "boards": 0,
        "items": 0,
        "updates": 0,
        "assets": 0,
        "notifications": 0,
        "webhooks": 0,
        "calls_today": 0.0,
    }
    assert (status, state["stripe"]) == (
        200,
        {
            "customers": 1,
            "tax_rates": 0,
            "invoices": 0,
            "credit_notes": 0,
            "events": 0,
            "mails": 0,
        },
    )
    assert _admin(served, "GET", "/deliveries") == (200, [])


def test_a_refused_webhook_is_tried_again_later() -> None:
    box = _sandbox("http://127.0.0.1:1/hooks")
    box.stripe.perform("POST", "/v1/invoices", [("customer", "cus_acme")])
    statuses = iter([500, 200])
    signatures: list[str] = []

    def send(_: str, headers: Mapping[str, str], __: bytes) -> int:
        signatures.append(headers["stripe-signature"].partition(",")[0])
        return next(statuses)

    assert deliver_due(box, send) == 0
    assert deliver_due(box, send) == 0  # not due again
    box.world.clock.advance(300_000)
    assert deliver_due(box, send) == 1
    assert (signatures, box.world.deliveries) == (["t=1793520000", "t=1793520300"], [])


def test_a_webhook_is_given_up_in_the_end() -> None:
    box = _sandbox("http://127.0.0.1:1/hooks")
    box.stripe.perform("POST", "/v1/invoices", [("customer", "cus_acme")])
    for _ in range(4):
        assert len(box.world.deliveries) == 1
        assert deliver_due(box, lambda *_: 0) == 0
        box.world.clock.advance(86_400_000)
    assert box.world.deliveries == []


class _Hook(BaseHTTPRequestHandler):
    """An address for webhooks that echoes, as monday's challenge wants."""

    got: list[bytes]
    arrived: threading.Event

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.got.append(body)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)
        self.arrived.set()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@pytest.fixture(name="hook")
def _hook() -> Iterator[tuple[str, type[_Hook]]]:
    class Hook(_Hook):
        got: list[bytes] = []  # noqa: RUF012 - one class a test
        arrived = threading.Event()

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hook", Hook
        server.shutdown()
        thread.join()


def test_a_running_sandbox_delivers(hook: tuple[str, type[_Hook]]) -> None:
    url, received = hook
    box = _sandbox(url)
    with serve(box, deliver=True) as served:
        httpx.post(f"{served.stripe_url}/v1/invoices", data={"customer": "cus_acme"}, headers=KEY)
        assert received.arrived.wait(5)
    assert [json.loads(body)["type"] for body in received.got] == ["invoice.created"]


def test_a_challenge_is_asked_and_checked(box: Sandbox, hook: tuple[str, type[_Hook]]) -> None:
    assert box.handshake(hook[0], b'{"challenge":"1"}') == b'{"challenge":"1"}'
    assert box.handshake("http://127.0.0.1:1/", b"{}") is None
    assert box.handshake("nonsense", b"{}") is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_stopped(tmp_path: Path, number: signal.Signals) -> None:
    data = tmp_path / "world.json"
    data.write_text("{}", encoding="utf-8")
    code = (
        "import typer; from mondaybridge.cli.sandbox import sandbox;"
        f"sandbox(monday_port=0, stripe_port=0, data=__import__('pathlib').Path({str(data)!r}))"
    )
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stderr is not None
    lines = [process.stderr.readline().split()[:1] for _ in range(2)]
    process.send_signal(number)
    out, rest = process.communicate(timeout=20)
    assert (lines, out, rest, process.returncode) == ([["monday:"], ["Stripe:"]], "", "", 0)


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    data = tmp_path / "world.json"
    data.write_text("{}", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match="Address already in use"):
            sandbox_command(monday_port=port, stripe_port=0, data=data)


def test_a_cell_that_its_column_cannot_hold_is_named(tmp_path: Path) -> None:
    board = {
        "id": "1",
        "name": "Work",
        "columns": [{"id": "hours", "title": "Hours", "type": "numbers"}],
        "items": [{"name": "Menu", "cells": {"hours": "many"}}],
    }
    data = tmp_path / "world.json"
    data.write_text(json.dumps({"monday": {"boards": [board]}}), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="board 1, item 'Menu'"):
        sandbox_command(monday_port=0, stripe_port=0, data=data)
