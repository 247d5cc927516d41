"""How news arrives: webhooks on their way to the inbox, lost, doubled, late or in order."""

from dataclasses import dataclass, field

from mondaybridge.domain.activity import Hint
from mondaybridge.errors import TryLater
from mondaybridge.monday.hooks import read_body
from mondaybridge.monday.webhooks import EVENTS
from mondaybridge.sandbox.monday.boards import Webhook
from mondaybridge.sandbox.server import Sandbox
from mondaybridge.sandbox.world import Fault
from mondaybridge.store import inbox, paper_hints
from mondaybridge.stripe.webhooks import named_object
from simulation.city import BRIDGE, City
from simulation.machines import Machines
from simulation.months import HOUR_MS, MINUTE_MS
from simulation.scheduler import Scheduler
from simulation.wiretap import Wiretap

DEBOUNCE_MS, LONGEST_MS = 5_000, 30_000
OWN = f'"userId":{BRIDGE},'.encode()  # what the bridge itself has written
RECEIVER = 2  # the machine whose database handle the receiver shares


@dataclass(slots=True)
class Post:
    """The queue between the stand-ins and the inbox."""

    machines: Machines
    sandbox: Sandbox
    scheduler: Scheduler
    town: City
    echoes: bool
    wire: Wiretap = field(init=False)
    coming: list[tuple[int, Hint | str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.wire = Wiretap(self.sandbox.stripe, self.machines.lease_of)
        state = self.sandbox.monday.state
        for board_id in self.town.boards:
            for event in EVENTS:
                number = str(900_000 + len(state.webhooks))
                address = "https://bridge.test/hooks"
                state.webhooks[number] = Webhook(number, board_id, event, {}, address, "101", False)

    def lag(self) -> None:
        """Let reads stay old for a while after the next change."""
        self.sandbox.world.faults.append(Fault("monday", "read_lag", options={"ms": 15_000}))

    def times(self) -> list[int]:
        """Return when something arrives."""
        return [at for at, _ in self.coming]

    def hurry(self, now: int) -> None:
        """Let everything arrive that is still on its way."""
        self.deliver(now)
        self.coming = [(now, news) for _, news in self.coming]
        self.deliver(now)

    def deliver(self, now: int) -> None:
        """Take what was sent, and give the inbox what has arrived."""
        sent, self.sandbox.world.deliveries[:] = list(self.sandbox.world.deliveries), []
        for delivery in sent:
            if delivery.id in self.sandbox.stripe.events:
                if named := named_object(delivery.body):
                    self._send("paper", named, now)
            elif self.echoes or OWN not in delivery.body:
                hint = read_body(delivery.body, now=now)
                if isinstance(hint, Hint):
                    self._send("hint", hint, now)
        arrived = [news for at, news in self.coming if at <= now]
        if not arrived:
            return
        self.coming = [(at, news) for at, news in self.coming if at > now]
        hints = [news for news in arrived if isinstance(news, Hint)]
        papers = [news for news in arrived if isinstance(news, str)]
        store = self.machines.apps[RECEIVER].store
        try:
            with store.write() as tx:
                inbox.remember(tx, hints, now=now, debounce_ms=DEBOUNCE_MS, max_wait_ms=LONGEST_MS)
                paper_hints.remember(tx, papers, now)
        except TryLater:
            self.coming += [(now + MINUTE_MS, news) for news in arrived]

    def _send(self, kind: str, news: Hint | str, now: int) -> None:
        happens, rng = self.scheduler.happens, self.scheduler.random
        if happens(f"{kind}_lost"):
            return
        late = rng.randrange(72 * HOUR_MS) if happens(f"{kind}_late") else 0
        self.coming.append((now + late, news))
        if happens(f"{kind}_double"):
            self.coming.append((now + late + rng.randrange(HOUR_MS), news))
