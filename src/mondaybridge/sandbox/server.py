"""The sandbox as a whole: one world, both stand-ins, served over loopback or used in process.

Webhooks leave through ``deliver_due``, never from inside a request.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TypeAlias

import httpx

from mondaybridge.sandbox.admin import Admin
from mondaybridge.sandbox.data import WorldData
from mondaybridge.sandbox.monday.api import MondayApi
from mondaybridge.sandbox.sockets import Handle, listening, transport
from mondaybridge.sandbox.stripe.api import StripeApi
from mondaybridge.sandbox.world import Clock, Delivery, Request, Response, World

__all__ = ["Handle", "Sandbox", "Served", "deliver_due", "listening", "serve", "transport"]

SendTo: TypeAlias = Callable[[str, Mapping[str, str], bytes], int]
"""Posts a body to an address and returns the status, 0 when nobody answered."""

LOOK_SECONDS = 0.02
CALL_SECONDS = 10
SUCCESS = range(200, 300)


class Sandbox:
    """One world with both accounts; requests run one at a time."""

    def __init__(self, clock: Clock, data: WorldData | None = None, *, seed: int = 0) -> None:
        data = data or WorldData()
        if data.now is not None:
            clock.set(data.now)
        self.world = World(clock, seed=seed)
        self.monday = MondayApi(self.world, data.monday)
        self.stripe = StripeApi(self.world, data.stripe)
        self.lock = threading.RLock()
        self._admin = Admin(self.world, self.monday, self.stripe)

    def handle_monday(self, request: Request) -> Response:
        """Answer a request to monday, or one that steers the world."""
        with self.lock:
            return self._admin.handle(request) or self.monday.handle(request)

    def handle_stripe(self, request: Request) -> Response:
        """Answer a request to Stripe, or one that steers the world."""
        with self.lock:
            return self._admin.handle(request) or self.stripe.handle(request)

    def handshake(self, url: str, body: bytes) -> bytes | None:
        """Post monday's challenge to a new webhook's address."""
        headers = {"content-type": "application/json"}
        try:
            with _client() as client:
                answer = client.post(url, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL):
            return None
        return answer.content if answer.is_success else None

    def retry(self, delivery: Delivery, now: int) -> Delivery | None:
        """Return the next try of a webhook by the rules of the service that sends it."""
        if delivery.id in self.stripe.events:
            return self.stripe.webhooks.retry(delivery, now)
        return self.monday.retry(delivery, now)

    def prepared(self, delivery: Delivery, now: int) -> Delivery:
        """Return a webhook as it leaves: Stripe signs at the moment of sending."""
        if delivery.id in self.stripe.events:
            return self.stripe.webhooks.signed(delivery, now)
        return delivery


@dataclass(frozen=True, slots=True)
class Served:
    """Where a running sandbox is reached."""

    monday_url: str
    stripe_url: str


@contextmanager
def serve(
    sandbox: Sandbox, *, monday_port: int = 0, stripe_port: int = 0, deliver: bool = False
) -> Iterator[Served]:
    """Run both stand-ins on loopback; ``deliver`` also sends webhooks and challenges."""
    with ExitStack() as stack:
        monday = stack.enter_context(listening(sandbox.handle_monday, port=monday_port))
        stripe = stack.enter_context(listening(sandbox.handle_stripe, port=stripe_port))
        if deliver:
            sandbox.monday.handshake = sandbox.handshake
            stack.enter_context(_delivering(sandbox))
        yield Served(monday_url=f"{monday}/v2", stripe_url=stripe)


def deliver_due(sandbox: Sandbox, send: SendTo) -> int:
    """Send the webhooks that are due, plan what failed anew, and return how many were taken."""
    now = sandbox.world.clock.now()
    with sandbox.lock:
        sandbox.stripe.pass_time()
        due = [each for each in sandbox.world.deliveries if each.not_before <= now]
    taken = 0
    for delivery in due:
        ready = sandbox.prepared(delivery, now)
        status = send(ready.url, ready.headers, ready.body)
        taken += status in SUCCESS
        with sandbox.lock:
            _settle(sandbox, delivery, done=status in SUCCESS)
    return taken


def _settle(sandbox: Sandbox, delivery: Delivery, *, done: bool) -> None:
    """Take a sent webhook from the queue, by identity: a test may have queued it twice."""
    queue = sandbox.world.deliveries
    place = next((at for at, each in enumerate(queue) if each is delivery), None)
    if place is None:
        return
    del queue[place]
    if done and delivery.id in sandbox.stripe.events:
        sandbox.stripe.webhooks.delivered(delivery)
    again = None if done else sandbox.retry(delivery, sandbox.world.clock.now())
    queue.extend([again] if again else [])


@contextmanager
def _delivering(sandbox: Sandbox) -> Iterator[None]:
    stop = threading.Event()

    def work() -> None:
        with _client() as client:
            while not stop.wait(LOOK_SECONDS):
                deliver_due(sandbox, _sender(client))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(CALL_SECONDS)


def _client() -> httpx.Client:
    """Return a client that goes straight to its address, whatever proxy the machine has."""
    return httpx.Client(timeout=CALL_SECONDS, trust_env=False)


def _sender(client: httpx.Client) -> SendTo:
    def send(url: str, headers: Mapping[str, str], body: bytes) -> int:
        try:
            return client.post(url, headers=dict(headers), content=body).status_code
        except (httpx.HTTPError, httpx.InvalidURL):
            return 0

    return send
