"""One seed from beginning to end: months under faults, then calm, then what the checkers say.

The people's acts stand in an agenda; between them the clock leaps to the next moment at which
anything can be due, so that a quiet week costs nothing.
"""

import random
from collections import Counter
from dataclasses import dataclass, field

from mondaybridge.sandbox.server import Sandbox
from mondaybridge.sandbox.world import Clock
from simulation import operators
from simulation.asking import Asking
from simulation.checkers import Case, Verdicts, judged
from simulation.city import City, city, mapping_text, world
from simulation.faults import Swarm, swarm, wished
from simulation.machines import Machines, Stage
from simulation.model import History
from simulation.months import HOUR_MS, MINUTE_MS, following, instant
from simulation.people import People
from simulation.post import Post
from simulation.scheduler import Scheduler, Worker
from simulation.watching import Watch
from simulation.wishes import Wish, after_closes, told, with_terms
from simulation.workers import by_hand, working
from simulation.worlds import load_text

WORKERS = 2
PERSON = 2  # the machine of whoever works at the command line
STEPS_MAX = 60_000
FROZEN_STEPS = 30
LEASE_AND_A_BIT_MS = 61_000
STEP_MS = 200
RESTORES_MAX, PAUSES_MAX = 3, 5  # in one seed: each costs the months a day or more
ALONE = 0.75  # of the looks: made by one worker only
PASS_MS = 3 * MINUTE_MS
ECHOES_MAX = 4  # our write, its hint, what that look writes, its hint
PASSES_MAX = 2
ANY = Wish()
SELDOM = ("back", "mend", "void", "credit", "pay", "pay", "backup", "backup", "wake")
EDITS = 6  # of a row that somebody looks for: not every row has a session to edit
NEEDED = ("wake", "close")  # of what is drawn: what a story cannot do without
ROUNDS_MAX = 12  # of people deciding and releasing until nothing waits for them


@dataclass(slots=True)
class Outcome:
    """What one seed came to."""

    seed: int
    digest: str
    steps: int
    client_months: int
    fired: Counter[str]
    verdicts: Verdicts
    releases: Counter[str]
    passes: int
    trace: tuple[str, ...] = ()
    story: tuple[str, ...] = ()


class Unsettled(Exception):  # noqa: N818 - what became of a world, not a mistake
    """A world that does not come to rest."""


@dataclass(slots=True)
class Play:
    """One world while it is played."""

    machines: Machines
    seed: int
    town: City
    stage: Stage
    people: People
    post: Post
    watch: Watch
    releases: Counter[str] = field(default_factory=Counter)
    workers: list[Worker] = field(default_factory=list)
    tasks: list[Worker] = field(default_factory=list)
    agenda: list[tuple[int, str]] = field(default_factory=list)
    story: list[str] = field(default_factory=list)
    started: int = 0
    backed_up: bool = False
    restore_at: str = ""
    skewed_until: int = 0
    passes: int = 0

    @property
    def scheduler(self) -> Scheduler:
        return self.stage.scheduler

    @property
    def now(self) -> int:
        return self.stage.clock.now()

    def trouble(self) -> None:
        """Play the months under faults until the agenda is empty."""
        while self.agenda or self.tasks:
            self._check_steps()
            self._happen()
            self._hire()
            awake = self._awake()
            if awake:
                self._turn(self.scheduler.random.choice(awake))
            else:
                self._leap()
        self.scheduler.calm = True
        self.stage.skew_ms = 0

    def calm(self) -> None:
        """Faults off: come to rest now, and once more after the next month's close."""
        self.people.tidy()
        self.post.hurry(self.now)
        self.stage.clock.advance(13 * HOUR_MS)  # one interval of the sweep
        self._rest()
        month = following(self.town.months[-1])
        last = max(instant(following(month), one.zone, 7) for one in self.town.customers)
        self.stage.clock.set(max(self.now, last))
        self._rest()
        for worker in [*self.workers, *self.tasks]:
            self.scheduler.crash(worker)

    def _rest(self) -> None:
        """Settle within two passes; let people decide what waits for them; settle again."""
        decided: list[str] = []
        for _ in range(ROUNDS_MAX):
            self._settle()
            decided = operators.decided(self.machines, self.people.history, self.now, self.releases)
            self.story += [f"{self.now} {one}" for one in decided]
            if not decided:
                return
        raise Unsettled(f"still waits for a person: {decided}")

    def _settle(self) -> None:
        for number in range(PASSES_MAX + 1):
            self._pass()
            if number and not operators.waiting(self.machines, self.now):
                self.passes = max(self.passes, number)
                return
            self.stage.clock.set(max(self.now + PASS_MS, self._wake_up(self.now) + 1))
        raise Unsettled(f"more than two passes: {operators.waiting(self.machines, self.now)}")

    def _pass(self) -> None:
        """Do what is due, and what follows from it at once: our own writes come back as hints."""
        end = self.now + PASS_MS
        self._run_all()
        for _ in range(ECHOES_MAX):
            at = self._wake_up(self.now)
            if not (self.now < at < end and operators.waiting(self.machines, self.now)):
                return
            self.stage.clock.set(at)
            self._run_all()

    def _run_all(self) -> None:
        """Let one worker run until nothing is due, and the person close what is closed by hand."""
        self._wake()
        for _ in range(STEPS_MAX):
            self._check_steps()
            self.post.deliver(self.now)
            self._hire()
            busy = [w for w in (*self.workers, *self.tasks) if not (w.idle or w.dead)]
            if not busy:
                return
            self._turn(busy[0])
        raise Unsettled("no end of work")

    def _check_steps(self) -> None:
        if self.scheduler.steps > STEPS_MAX:
            raise Unsettled(f"no rest after {STEPS_MAX} steps")

    def _awake(self) -> list[Worker]:
        everybody = [w for w in (*self.workers, *self.tasks) if not (w.idle or w.dead)]
        return [w for w in everybody if w.asleep_until <= self.scheduler.steps] or everybody

    def _hire(self) -> None:
        """Keep as many workers as there should be; calm needs one."""
        self.workers = [w for w in self.workers if not w.dead]
        self.tasks = [w for w in self.tasks if not w.dead]
        if self.scheduler.calm and len(self.workers) > 1:
            for worker in self.workers[1:]:
                self.scheduler.crash(worker)
            del self.workers[1:]
        taken = {w.machine for w in self.workers}
        for machine in range(1 if self.scheduler.calm else WORKERS):
            if machine not in taken and not (self.scheduler.calm and self.workers):
                self.started += 1
                app = self.machines.restarted(machine)
                name = f"w{self.started}"
                self.workers.append(Worker(name, machine, working(app, self.scheduler)))

    def _turn(self, worker: Worker) -> None:
        """Let one worker take a step, or let something happen to all of them."""
        scheduler = self.scheduler
        if self._shaken():
            return
        if len(self._awake()) > 1 and worker.label != "start" and scheduler.happens("freeze"):
            worker.asleep_until = scheduler.steps + FROZEN_STEPS
            self.stage.clock.advance(LEASE_AND_A_BIT_MS)
            scheduler.note(f"{worker.name} freezes")
            return
        busy = None
        if worker.label == "begin" and scheduler.happens("disk_busy"):
            busy = self.machines.busy()
        try:
            scheduler.step(worker)
        finally:
            if busy:
                busy.close()
        if worker.label in {"end", "idle", "dead"}:
            self.watch.look(worker)
        self.stage.clock.advance(STEP_MS)

    def _shaken(self) -> bool:
        """Pauses, jumps of our clock, restored backups, people in Stripe's drafts."""
        scheduler = self.scheduler
        if self.skewed_until and self.now >= self.skewed_until:
            self.stage.skew_ms = self.skewed_until = 0
        if self._seldom("pause_30h", PAUSES_MAX):
            self.stage.clock.advance(30 * HOUR_MS)
            scheduler.note("pause")
        if not self.skewed_until and scheduler.happens("clock_jump"):
            self.stage.skew_ms = scheduler.random.choice((-10, 5, 30, 90)) * MINUTE_MS
            self.skewed_until = self.now + scheduler.random.randint(1, 120) * MINUTE_MS
            scheduler.note(f"clock {self.stage.skew_ms}")
        if self.backed_up and self._seldom("restore", RESTORES_MAX):
            self._restore()
            return True
        drafts = [i for i in self.stage.sandbox.stripe.invoices.values() if i.status == "draft"]
        if self.restore_at == "once" or (self.restore_at and any(one.lines for one in drafts)):
            self._restore()
            if self.restore_at == "draft":
                self.agenda = [(self.now, "act lengthen")] * EDITS + self.agenda
            self.restore_at = ""
            return True
        if drafts and scheduler.happens("hand_draft"):
            self._tell(self.people.touch_draft())
        return False

    def _seldom(self, name: str, most: int) -> bool:
        return self.scheduler.fired[name] < most and self.scheduler.happens(name)

    def _restore(self) -> None:
        for worker in [*self.workers, *self.tasks]:
            self.scheduler.crash(worker)
        self.machines.restore()
        self.watch.forget()
        self.people.history.restores.append(self.now)
        self._tell("restored")

    def _happen(self) -> None:
        """Do what the agenda says is due, and deliver what has arrived."""
        while self.agenda and self.agenda[0][0] <= self.now:
            _, what = self.agenda.pop(0)
            self._do(what)
        self.post.deliver(self.now)

    def _do(self, what: str) -> None:
        kind, _, rest = what.partition(" ")
        if self.scheduler.happens("read_lag"):
            self.post.lag()
        if kind == "act":
            self._tell(self.people.act(rest))
        elif kind == "back":
            self._tell(self.people.bring_back())
        elif kind == "pay":
            self._tell(self.people.pay())
        elif kind == "mend":
            self.people.tidy()
        elif kind in {"void", "credit"}:
            if self.scheduler.happens(f"hand_{kind}"):
                self._tell(self.people.void() if kind == "void" else self.people.credit())
        elif kind in {"backup", "restore"}:
            self._copies(kind, rest)
        elif kind == "close":
            self._close_by_hand(rest)

    def _copies(self, kind: str, rest: str) -> None:
        if kind == "restore":
            self.restore_at = rest or "once"
        else:
            self.machines.back_up()
            self.backed_up = True

    def _close_by_hand(self, rest: str) -> None:
        """A person closes a month; where it fails, they come again in an hour."""
        client_id, period, tries = rest.split()
        if any(task.label != "dead" for task in self.tasks) or operators.closed(
            self.machines, self.town, client_id, period
        ):
            return
        app = self.machines.restarted(PERSON)
        self.started += 1
        self.tasks.append(
            Worker(f"p{self.started}", PERSON, by_hand(app, self.scheduler, client_id, period))
        )
        if int(tries):
            again = (self.now + HOUR_MS, f"close {client_id} {period} {int(tries) - 1}")
            self.agenda = sorted([*self.agenda, again])

    def _tell(self, what: str) -> None:
        if what:
            self.scheduler.note(what)
            self.story.append(f"{self.now} {what}")

    def _leap(self) -> None:
        """Nobody has anything to do: move to the next moment at which somebody might."""
        self._wake()
        self.stage.clock.set(max(self.now + 1, self._wake_up(self.now)))

    def _wake(self) -> None:
        """Let one of those look who have nothing to do, sometimes all of them."""
        idle = [worker for worker in (*self.workers, *self.tasks) if worker.idle]
        alone = self.scheduler.random.random() < ALONE and not self.scheduler.calm
        if alone and idle:
            idle = [self.scheduler.random.choice(idle)]
        for worker in idle:
            worker.label = "waiting"

    def _wake_up(self, now: int) -> int:
        """Return the next instant at which anything may be due; far away where nothing is."""
        coming = [at for at, _ in self.agenda[:1]] + self.post.times()
        rows = self.machines.peek(
            "select not_before from hint union all select not_before from paper_hint union all"
            " select not_before from work where parked_at = 0 and last_error <> ''"
            " union all select until from lease"
        )
        coming += [int(at) for (at,) in rows]
        later = [at for at in coming if at > now]
        return min(later) if later else now


def played(machines: Machines, seed: int, wish: Wish = ANY) -> Outcome:
    """Play one seed and judge it; a small world shows most bugs in a quarter of the time."""
    rng = random.Random(seed)  # noqa: S311 - reproducible, not secret
    town, faults = city(rng, small=wish.small, kinds=wish.kinds, count=wish.months), swarm(rng)
    town = with_terms(town, wish, random.Random(f"terms {seed}"))  # noqa: S311 - as above
    if wish.faults is not None:
        faults = wished(wish.faults)
    play = _made(machines, seed, rng, town, faults)
    play.stage.small_pages |= wish.pages
    drawn = [(at, what) for at, what in play.agenda if not wish.story or what.startswith(NEEDED)]
    if not (faults.rates or wish.small or seed % 2):  # nothing goes wrong, and nobody edits
        drawn = [(at, "act track" if what == "act" else what) for at, what in drawn]
    play.agenda = sorted([*drawn, *after_closes(town, wish), *told(town, wish)])
    case = Case(town, play.stage.sandbox, play.people.history, faults, play.post.wire, play.watch)
    verdicts = Verdicts()
    try:
        play.trouble()
        play.calm()
    except Unsettled as unsettled:
        verdicts.fail("convergence", str(unsettled))
    else:
        verdicts.hold("convergence", truth=True, told="")
    case.releases = play.releases
    judged(case, verdicts)
    for worker in [*play.workers, *play.tasks]:
        play.scheduler.crash(worker)
    return Outcome(
        seed,
        play.scheduler.digest(),
        play.scheduler.steps,
        len(town.customers) * len(town.months),
        play.scheduler.fired,
        verdicts,
        play.releases,
        play.passes,
        tuple(play.scheduler.trace),
        tuple(play.story),
    )


def _made(machines: Machines, seed: int, rng: random.Random, town: City, faults: Swarm) -> Play:
    clock = Clock(instant(town.months[0], "UTC") + 9 * HOUR_MS)
    sandbox = Sandbox(clock, world(town), seed=seed)
    sandbox.monday.switches.time_tracking_fires = rng.random() < 0.5
    scheduler = Scheduler(rng.randrange(2**32), faults)
    stage = Stage(scheduler, sandbox, clock, small_pages=rng.random() < 0.3)
    machines.start(stage, load_text(machines.folder, mapping_text(town)))
    post = Post(machines, sandbox, scheduler, town, echoes=rng.random() < 0.2)
    stage.spy = post.wire.saw
    history = History(town)
    whim = random.Random(f"asking {seed}")  # noqa: S311 - reproducible
    asking = Asking(machines, history, whim, not faults.chance("restore"))
    acts = random.Random(rng.randrange(2**32))  # noqa: S311 - reproducible
    people = People(town, sandbox, acts, history, post.wire, asking)
    people.settle_in()
    play = Play(machines, seed, town, stage, people, post, Watch(machines))
    play.agenda = _agenda(rng, town)
    return play


def _agenda(rng: random.Random, town: City) -> list[tuple[int, str]]:
    """Draw when people act, when months are closed by hand, when backups are made.

    All falls on a few days: what is between them costs time and shows nothing.
    """
    zone = town.customers[0].zone
    first = instant(town.months[0], zone) + 9 * HOUR_MS
    last = instant(following(town.months[-1]), zone, 9)
    days = [rng.randrange(first, last) for _ in range(rng.randint(2, 3) * len(town.months))]
    found: list[tuple[int, str]] = []
    for one in town.customers:
        for month in town.months:
            due = instant(following(month), one.zone, 1 + one.after_days, hour=10)
            days.append(due + rng.randrange(HOUR_MS))
            found.append((days[-1], "wake"))
            if one.by_hand:
                found.append(
                    (days[-1] + rng.randrange(6 * HOUR_MS), f"close {one.client_id} {month} 3")
                )
    for day in days:
        spread = rng.choice((1_000, 1_000, 1_000, 60_000))
        acts = ["act"] * rng.randint(1, 6) + rng.choices(SELDOM, k=2)
        found += [(day + rng.randrange(spread), what) for what in acts]
    return sorted(found)
