"""The demo's stage: a sandbox on loopback, the bridge against it, its receiver on a free port.

Webhooks go over real HTTP but leave when the story says so: one that is lost is taken from the
queue before it leaves.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
from pydantic import SecretStr

from mondaybridge import app as composition
from mondaybridge.app import App
from mondaybridge.demo.counted import CountedSandbox, StageClock
from mondaybridge.sandbox.agency import agency, mappings_text
from mondaybridge.sandbox.monday.humans import Humans
from mondaybridge.sandbox.server import deliver_due, serve
from mondaybridge.sandbox.world import Clock
from mondaybridge.settings import MondaySettings, Settings, StripeSettings
from mondaybridge.store.inbox import GroupCommit
from mondaybridge.web.hooks import application
from mondaybridge.web.server import serve as listen
from mondaybridge.workflows.due import settle
from mondaybridge.workflows.start import start

TOKEN = "demo-token-100"  # noqa: S105 - any token opens the sandbox
KEY = "sk_test_demo"
HOOK_SECRET = "demo-secret-in-the-path-of-webhooks-0123456789"  # noqa: S105 - of this run alone
MAPPINGS, DATABASE = "mappings.yaml", "mondaybridge.sqlite3"


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything the story moves, and the three places that it looks at in the end."""

    sandbox: CountedSandbox
    app: App
    clock: StageClock
    monday: httpx.Client
    stripe: httpx.Client
    post: httpx.Client
    public_url: str

    @property
    def people(self) -> Humans:
        """The people at monday's screens."""
        return self.sandbox.monday.humans

    def settle(self) -> int:
        """Let the bridge do what is due now."""
        return settle(self.app)

    def deliver(self) -> int:
        """Send the webhooks that wait; return how many were taken."""

        def send(url: str, headers: Mapping[str, str], body: bytes) -> int:
            return self.post.post(url, headers=dict(headers), content=body).status_code

        return deliver_due(self.sandbox, send)

    def lose_webhooks(self) -> int:
        """Let the waiting webhooks be lost on their way; return how many there were."""
        lost = len(self.sandbox.world.deliveries)
        self.sandbox.world.deliveries.clear()
        return lost

    def double_webhooks(self) -> int:
        """Let each waiting webhook arrive twice; return how many copies were made."""
        waiting = self.sandbox.world.deliveries
        copies = [replace(one) for one in waiting]
        waiting.extend(copies)
        return len(copies)


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Set everything up in a folder and take it down again; the files stay."""
    (folder / MAPPINGS).write_text(mappings_text(), encoding="utf-8")
    sandbox = CountedSandbox(Clock(), agency(answered=False))
    sandbox.monday.handshake = sandbox.handshake
    clock = StageClock(sandbox.world.clock)
    with ExitStack() as stack:
        served = stack.enter_context(serve(sandbox))
        settings = isolated(folder, monday_url=served.monday_url, stripe_url=served.stripe_url)
        app = composition.build(settings, clock=clock)
        stack.callback(app.close)
        start(app)
        receiver = stack.enter_context(_receiver(app))
        headers = {"authorization": TOKEN, "api-version": "2026-10"}
        monday = httpx.Client(base_url=served.monday_url, headers=headers, trust_env=False)
        stripe = httpx.Client(base_url=served.stripe_url, auth=(KEY, ""), trust_env=False)
        clients = [monday, stripe, httpx.Client(trust_env=False)]
        for client in clients:
            stack.enter_context(client)
        yield Stage(sandbox, app, clock, monday, stripe, clients[2], receiver)


def isolated(folder: Path, *, monday_url: str, stripe_url: str) -> Settings:
    """Return settings that nothing outside can change: the environment is not read."""
    return Settings.model_construct(
        database_url="",
        data_dir=folder,
        mappings=folder / MAPPINGS,
        monday=MondaySettings(
            token=SecretStr(TOKEN), api_url=monday_url, hook_secret=SecretStr(HOOK_SECRET)
        ),
        stripe=StripeSettings(api_key=SecretStr(KEY), api_url=stripe_url),
    )


@contextmanager
def _receiver(app: App) -> Iterator[str]:
    """Serve the web receiver, with hints committed in groups as in production."""
    timing = app.mapping.timing
    commit = GroupCommit(
        app.store,
        debounce_ms=timing.debounce_s * 1000,
        max_wait_ms=timing.max_wait_s * 1000,
    )
    try:
        web = application(
            hook_secret=HOOK_SECRET,
            signing_secret="",
            boards=lambda: app.mapping.board_ids,
            remember=commit.remember,
            clock=app.clock,
        )
        with listen(web, host="127.0.0.1", port=0) as served:
            yield served.url
    finally:
        commit.close()
